#include "solver/sparse_spd.h"

#include <petscksp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solver/petsc_session.h"

struct tgv_spd {
  size_t    n, entries;
  PetscInt *row, *column;
  double   *value;
  bool      stale;
  int       fresh_cost; /* iterations right after a factor was made */
  Mat       A;
  KSP       ksp;
  Vec       x, b;
};

enum {
  STALE_AFTER = 4
}; /* iterations more than with a fresh factor that cost as much as a new one, measured */

static PetscErrorCode set_up(struct tgv_spd *s)
{
  const PetscInt n = (PetscInt)s->n;
  PC             pc;

  PetscCall(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, n, n, s->row, s->column, s->value, &s->A));
  PetscCall(MatSetOption(s->A, MAT_SPD, PETSC_TRUE));
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, NULL, &s->x));
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, NULL, &s->b));
  PetscCall(KSPCreate(PETSC_COMM_SELF, &s->ksp));
  PetscCall(KSPSetOptionsPrefix(s->ksp, "tgv_spd_"));
  PetscCall(KSPSetOperators(s->ksp, s->A, s->A));
  PetscCall(KSPSetType(s->ksp, KSPCG));
  PetscCall(KSPSetInitialGuessNonzero(s->ksp, PETSC_TRUE));
  PetscCall(KSPGetPC(s->ksp, &pc));
  PetscCall(PCSetType(pc, PCCHOLESKY));
  PetscCall(PCFactorSetMatSolverType(pc, MATSOLVERCHOLMOD));
  PetscCall(KSPSetFromOptions(s->ksp));
  return 0;
}

tgv_status tgv_spd_new(size_t n, const int *row, const int *column, struct tgv_spd **out)
{
  struct tgv_spd *s = calloc(1, sizeof *s);
  const size_t    entries = (size_t)row[n];
  tgv_status_code status;

  *out = NULL;
  if (!s) return tgv_fail(TGV_MEMORY, "out of memory");
  s->n = n, s->entries = entries, s->stale = true;
  s->row = calloc(n + 1, sizeof *s->row);
  s->column = calloc(entries, sizeof *s->column);
  s->value = calloc(entries, sizeof *s->value);
  if (!s->row || !s->column || !s->value) {
    tgv_spd_free(s);
    return tgv_fail(TGV_MEMORY, "out of memory for a system of %zu unknowns", n);
  }
  for (size_t i = 0; i <= n; i++) s->row[i] = (PetscInt)row[i];
  for (size_t i = 0; i < entries; i++) s->column[i] = (PetscInt)column[i];
  status = tgv_petsc_start();
  if (!status) status = tgv_petsc_check((int)set_up(s), "to set up a system");
  if (status)
    tgv_spd_free(s);
  else
    *out = s;
  return status;
}

void tgv_spd_free(struct tgv_spd *s)
{
  if (!s) return;
  (void)KSPDestroy(&s->ksp);
  (void)VecDestroy(&s->x);
  (void)VecDestroy(&s->b);
  (void)MatDestroy(&s->A);
  free(s->row), free(s->column), free(s->value);
  free(s);
}

double *tgv_spd_values(struct tgv_spd *s)
{
  return s->value;
}

static PetscErrorCode solve_once(struct tgv_spd *s, const double *b, double *x, PetscInt *iterations)
{
  PetscCall(KSPSetReusePreconditioner(s->ksp, s->stale ? PETSC_FALSE : PETSC_TRUE));
  PetscCall(VecPlaceArray(s->b, b));
  PetscCall(VecPlaceArray(s->x, x));
  PetscCall(KSPSolve(s->ksp, s->b, s->x));
  PetscCall(VecResetArray(s->b));
  PetscCall(VecResetArray(s->x));
  PetscCall(KSPGetIterationNumber(s->ksp, iterations));
  return 0;
}

tgv_status tgv_spd_solve(struct tgv_spd *s, const double *b, double *x, double tolerance)
{
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;

  PetscScalar *values = NULL;

  /* the values were written behind PETSc's back: tell it */
  TGV_TRY(tgv_petsc_check((int)MatSeqAIJGetArray(s->A, &values), "to take new values"));
  TGV_TRY(tgv_petsc_check((int)MatSeqAIJRestoreArray(s->A, &values), "to take new values"));
  TGV_TRY(tgv_petsc_check((int)KSPSetTolerances(s->ksp, tolerance, 1e-300, 1e10, 60), "to set a tolerance"));
  for (int attempt = 0; attempt < 2; attempt++) {
    const bool fresh = s->stale;
    PetscInt   iterations = 0;

    TGV_TRY(tgv_petsc_check((int)solve_once(s, b, x, &iterations), "to solve a system"));
    TGV_TRY(tgv_petsc_check((int)KSPGetConvergedReason(s->ksp, &reason), "to solve a system"));
    if (fresh) s->fresh_cost = (int)iterations;
    s->stale = reason < 0 || iterations > s->fresh_cost + STALE_AFTER;
    if (reason > 0) return TGV_OK;
    if (fresh) break;
    memset(x, 0, s->n * sizeof *x);
  }
  return tgv_fail(TGV_SOLVER, "conjugate gradients did not converge (PETSc reason %d)", (int)reason);
}
