#include "solver/petsc_session.h"

#include <petscsys.h>
#include <stdbool.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
/* what MPI's plug-ins and PETSc's registries keep until the end is not ours to free */
static void leaks_ignored(bool on)
{
  if (on)
    __lsan_disable();
  else
    __lsan_enable();
}
#else
static void leaks_ignored(bool on)
{
  (void)on;
}
#endif

static bool started;

static void stop(void)
{
  int ended = 0;

  if (MPI_Finalized(&ended) || ended || !started)
    return; /* MPI went first: PETSc must not call it any more */
  started = false;
  leaks_ignored(true);
  (void)PetscFinalize();
  leaks_ignored(false);
}

tgv_status tgv_petsc_check(int code, const char *doing)
{
  const char *text = NULL;

  if (!code) return TGV_OK;
  (void)PetscErrorMessage((PetscErrorCode)code, &text, NULL);
  return tgv_fail(TGV_SOLVER, "PETSc failed %s: %s", doing, text ? text : "unknown error");
}

tgv_status tgv_petsc_start(void)
{
  static char  name[] = "tgv", quiet[] = "-no_signal_handler", plain[] = "-skip_petscrc";
  static char *words[] = {name, quiet, plain, NULL};
  char       **list = words;
  int          n = 3, ended = 0, running = 0, code;

  if (started) return TGV_OK;
  if (MPI_Finalized(&ended) || ended)
    return tgv_fail(TGV_EXTERNAL, "PETSc cannot start: MPI has already ended");
  if (MPI_Initialized(&running)) return tgv_fail(TGV_EXTERNAL, "PETSc cannot start: MPI does not answer");
  leaks_ignored(true);
  /* each rank solves its own vias: PETSc's world is this process, so that one rank may start it alone */
  if (running) PETSC_COMM_WORLD = MPI_COMM_SELF;
  code = (int)PetscInitialize(&n, &list, NULL, NULL);
  leaks_ignored(false);
  if (code) return tgv_fail(TGV_EXTERNAL, "PETSc cannot start: error %d", code);
  (void)PetscPushErrorHandler(PetscIgnoreErrorHandler, NULL); /* errors come back as codes, not as prints */
  started = true;
  if (atexit(stop)) return tgv_fail(TGV_EXTERNAL, "PETSc cannot be ended at exit");
  return TGV_OK;
}
