#include <cvode/cvode.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <string.h>
#include <sunmatrix/sunmatrix_band.h>

#include "core/parallel.h"
#include "solver/plating_depth_band.h"
#include "solver/plating_depth_state.h"

struct engine {
  SUNContext      context;
  N_Vector        y, middle;
  SUNMatrix       jacobian;
  SUNLinearSolver linear;
  void           *cvode;
};

static int rates(realtype t, N_Vector y, N_Vector f, void *m)
{
  (void)t;
  tgv_depth_rates(m, N_VGetArrayPointer(y), N_VGetArrayPointer(f), NULL);
  return 0;
}

static int margin(realtype t, N_Vector y, realtype *g, void *m)
{
  (void)t;
  *g = tgv_depth_margin(m, N_VGetArrayPointer(y));
  return 0;
}

static void keep_quiet(int code, const char *module, const char *function, char *message, void *context)
{
  (void)code, (void)module, (void)function, (void)message, (void)context;
}

static void engine_release(struct engine *e)
{
  if (e->cvode) CVodeFree(&e->cvode);
  if (e->linear) SUNLinSolFree(e->linear);
  if (e->jacobian) SUNMatDestroy(e->jacobian);
  if (e->middle) N_VDestroy(e->middle);
  if (e->y) N_VDestroy(e->y);
  if (e->context) SUNContext_Free(&e->context);
}

static tgv_status engine_init(struct engine *e, const struct tgv_depth *m, double *y, double t0,
                              double tolerance)
{
  const sunindextype n = (sunindextype)(m->nodes * m->block), band = (sunindextype)(2 * m->block - 1);

  *e = (struct engine){.context = NULL};
  if (SUNContext_Create(NULL, &e->context)) return tgv_fail(TGV_EXTERNAL, "sundials gives no context");
  e->y = N_VMake_Serial(n, y, e->context), e->middle = N_VNew_Serial(n, e->context);
  e->jacobian = SUNBandMatrix(n, band, band, e->context);
  e->linear = tgv_plating_band_solver((size_t)n, (size_t)band, e->context);
  e->cvode = CVodeCreate(CV_BDF, e->context);
  if (!e->y || !e->middle || !e->jacobian || !e->linear || !e->cvode)
    return tgv_fail(TGV_MEMORY, "no memory for the integration of a via");
  int bad = CVodeInit(e->cvode, rates, t0, e->y);
  bad |= CVodeSStolerances(e->cvode, tolerance, 0.01 * tolerance);
  bad |= CVodeSetUserData(e->cvode, (void *)(uintptr_t)m);
  bad |= CVodeSetLinearSolver(e->cvode, e->linear, e->jacobian);
  bad |= m->held ? 0 : CVodeRootInit(e->cvode, 1, margin);
  bad |= CVodeSetNoInactiveRootWarn(e->cvode);
  bad |= CVodeSetErrHandlerFn(e->cvode, keep_quiet, NULL);
  bad |= CVodeSetMaxNumSteps(e->cvode, 200000);
  bad |= CVodeSetMaxErrTestFails(e->cvode, 20);
  bad |= CVodeSetMaxConvFails(e->cvode, 50);
  return bad ? tgv_fail(TGV_EXTERNAL, "sundials refuses the set-up of a via") : TGV_OK;
}

/* The via has another shape from here on: the history of the integration is void. */
static tgv_status restart(struct engine *e, struct tgv_depth *m, double t)
{
  tgv_depth_close(m, N_VGetArrayPointer(e->y), t);
  return CVodeReInit(e->cvode, t, e->y) ? tgv_fail(TGV_EXTERNAL, "sundials does not start again at %g s", t)
                                        : TGV_OK;
}

enum { STEPS_MOST = 40000 }; /* usual are some hundred to some thousand; a case that crawls has no answer */

static tgv_status advance(struct engine *e, struct tgv_depth *m, struct tgv_depth_stretch *s)
{
  double t = s->from;

  while (t < s->to && !s->stopped) {
    const double before = t;

    if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped while a via is plated");
    if (CVodeSetStopTime(e->cvode, s->to))
      return tgv_fail(TGV_EXTERNAL, "sundials refuses the end %g s", s->to);
    const int flag = CVode(e->cvode, s->to, e->y, &t, CV_ONE_STEP);

    if (flag < 0)
      return tgv_fail(TGV_SOLVER,
                      "the integration of the plating of a via stops at %g s of %g s with sundials' code %d",
                      t, s->to, flag);
    if (CVodeGetDky(e->cvode, 0.5 * (before + t), 0, e->middle))
      return tgv_fail(TGV_SOLVER, "no state of a via between %g and %g s", before, t);
    if (++s->steps > STEPS_MOST)
      return tgv_fail(TGV_SOLVER, "the plating of a via is at %g s of %g s after %d steps", t, s->to,
                      STEPS_MOST);
    s->stopped = s->seen(s->context, t, N_VGetArrayPointer(e->y), N_VGetArrayPointer(e->middle), t - before);
    if (flag == CV_ROOT_RETURN && !s->stopped) TGV_TRY(restart(e, m, t));
  }
  return TGV_OK;
}

tgv_status tgv_depth_integrate(struct tgv_depth *m, double *y, struct tgv_depth_stretch *s)
{
  struct engine   e;
  tgv_status_code status = engine_init(&e, m, y, s->from, s->tolerance);

  if (!status) status = advance(&e, m, s);
  engine_release(&e);
  return status;
}
