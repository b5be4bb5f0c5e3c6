#include "solver/sparse_spd.h"

#include <petscksp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solver/petsc_session.h"
#include "solver/sparse_part.h"

struct tgv_spd {
  size_t                 n;
  struct tgv_sparse_part part; /* what A holds */
  PetscInt              *row, *column;
  double                *value, *part_value, *part_b, *part_x;
  bool                   stale;
  int                    fresh_cost; /* iterations right after a factor was made */
  Mat                    A;
  KSP                    ksp;
  Vec                    x, b;
};

enum {
  STALE_AFTER = 4
}; /* iterations more than with a fresh factor that cost as much as a new one, measured */

static PetscErrorCode set_up(struct tgv_spd *s)
{
  const PetscInt n = (PetscInt)s->part.n;
  PC             pc;

  PetscCall(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, n, n, s->row, s->column, s->part_value, &s->A));
  PetscCall(MatSetOption(s->A, MAT_SPD, PETSC_TRUE));
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, s->part_x, &s->x));
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, s->part_b, &s->b));
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

static void take_down(struct tgv_spd *s)
{
  (void)KSPDestroy(&s->ksp);
  (void)VecDestroy(&s->x);
  (void)VecDestroy(&s->b);
  (void)MatDestroy(&s->A);
}

tgv_status tgv_spd_new(size_t n, const int *row, const int *column, struct tgv_spd **out)
{
  struct tgv_spd *s = calloc(1, sizeof *s);
  const size_t    entries = (size_t)row[n];
  tgv_status_code status;

  *out = NULL;
  if (!s) return tgv_fail(TGV_MEMORY, "out of memory");
  s->n = n;
  status = tgv_sparse_part_new(n, row, column, &s->part);
  s->row = calloc(n + 1, sizeof *s->row), s->column = calloc(entries, sizeof *s->column);
  s->value = calloc(entries, sizeof *s->value), s->part_value = calloc(entries, sizeof *s->part_value);
  s->part_b = calloc(n, sizeof *s->part_b), s->part_x = calloc(n, sizeof *s->part_x);
  if (!status && !(s->row && s->column && s->value && s->part_value && s->part_b && s->part_x))
    status = tgv_fail(TGV_MEMORY, "out of memory for a system of %zu unknowns", n);
  if (!status) status = tgv_petsc_start();
  if (status)
    tgv_spd_free(s);
  else
    *out = s;
  return status;
}

void tgv_spd_free(struct tgv_spd *s)
{
  if (!s) return;
  take_down(s);
  tgv_sparse_part_release(&s->part);
  free(s->row), free(s->column), free(s->value), free(s->part_value), free(s->part_b), free(s->part_x);
  free(s);
}

double *tgv_spd_values(struct tgv_spd *s)
{
  return s->value;
}

/* The values were written behind PETSc's back: take them over and tell it. */
static PetscErrorCode take_values(struct tgv_spd *s)
{
  PetscScalar *values = NULL;

  PetscCall(MatSeqAIJGetArray(s->A, &values));
  for (int k = 0; k < s->part.row[s->part.n]; k++) values[k] = s->value[s->part.from[k]];
  PetscCall(MatSeqAIJRestoreArray(s->A, &values));
  return 0;
}

static PetscErrorCode solve_once(struct tgv_spd *s, PetscInt *iterations, KSPConvergedReason *reason)
{
  PetscCall(KSPSetReusePreconditioner(s->ksp, s->stale ? PETSC_FALSE : PETSC_TRUE));
  PetscCall(KSPSolve(s->ksp, s->b, s->x));
  PetscCall(KSPGetIterationNumber(s->ksp, iterations));
  PetscCall(KSPGetConvergedReason(s->ksp, reason));
  return 0;
}

/* The system of the rows that are coupled now */
static tgv_status build(struct tgv_spd *s)
{
  take_down(s);
  for (size_t i = 0; i <= s->part.n; i++) s->row[i] = (PetscInt)s->part.row[i];
  for (int k = 0; k < s->part.row[s->part.n]; k++) s->column[k] = (PetscInt)s->part.column[k];
  s->stale = true;
  return tgv_petsc_check((int)set_up(s), "to set up a system");
}

static tgv_status solve_part(struct tgv_spd *s, double tolerance)
{
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;

  TGV_TRY(tgv_petsc_check((int)take_values(s), "to take new values"));
  TGV_TRY(tgv_petsc_check((int)KSPSetTolerances(s->ksp, tolerance, 1e-300, 1e10, 60), "to set a tolerance"));
  for (int attempt = 0; attempt < 2; attempt++) {
    const bool fresh = s->stale;
    PetscInt   iterations = 0;

    TGV_TRY(tgv_petsc_check((int)solve_once(s, &iterations, &reason), "to solve a system"));
    if (fresh) s->fresh_cost = (int)iterations;
    s->stale = reason < 0 || iterations > s->fresh_cost + STALE_AFTER;
    if (reason > 0) return TGV_OK;
    if (fresh) break;
    memset(s->part_x, 0, s->part.n * sizeof *s->part_x);
  }
  return tgv_fail(TGV_SOLVER, "conjugate gradients did not converge (PETSc reason %d)", (int)reason);
}

/* A row by itself: its only entry is the diagonal. */
static double alone(const struct tgv_spd *s, size_t r, double b)
{
  for (int k = s->part.whole[r]; k < s->part.whole[r + 1]; k++)
    if ((size_t)s->part.other[k] == r) return b / s->value[k];
  return 0;
}

tgv_status tgv_spd_solve(struct tgv_spd *s, const double *b, double *x, double tolerance)
{
  struct tgv_sparse_part *part = &s->part;

  if (tgv_sparse_part_pick(part, s->value)) TGV_TRY(build(s));
  for (size_t i = 0; i < part->n; i++) s->part_b[i] = b[part->kept[i]], s->part_x[i] = x[part->kept[i]];
  if (part->n) TGV_TRY(solve_part(s, tolerance));
  for (size_t r = 0; r < s->n; r++) x[r] = part->at[r] < 0 ? alone(s, r, b[r]) : s->part_x[part->at[r]];
  return TGV_OK;
}
