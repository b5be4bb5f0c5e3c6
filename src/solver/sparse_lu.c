#include "solver/sparse_lu.h"

#include <petscksp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "solver/petsc_session.h"
#include "solver/sparse_part.h"

struct tgv_lu {
  size_t                 n;
  int                   *whole_row, *whole_column;
  struct tgv_sparse_part part; /* what A holds */
  PetscInt              *row, *column;
  double                *value, *part_value, *part_b, *part_x;
  Mat                    A;
  PC                     pc;
  Vec                    x, b;
};

static PetscErrorCode set_up(struct tgv_lu *s)
{
  const PetscInt n = (PetscInt)s->part.n;

  PetscCall(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, n, n, s->row, s->column, s->part_value, &s->A));
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, s->part_x, &s->x));
  PetscCall(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, s->part_b, &s->b));
  PetscCall(PCCreate(PETSC_COMM_SELF, &s->pc));
  PetscCall(PCSetOptionsPrefix(s->pc, "tgv_lu_"));
  PetscCall(PCSetOperators(s->pc, s->A, s->A));
  PetscCall(PCSetType(s->pc, PCLU));
  PetscCall(PCFactorSetMatSolverType(s->pc, MATSOLVERPETSC));
  PetscCall(PCFactorSetMatOrderingType(s->pc, "amd")); /* a quarter faster than nested dissection here */
  /* a field without fixed values leaves a small last pivot */
  PetscCall(PCFactorSetZeroPivot(s->pc, 1e-60));
  PetscCall(PCSetFromOptions(s->pc));
  return 0;
}

static void take_down(struct tgv_lu *s)
{
  (void)PCDestroy(&s->pc);
  (void)VecDestroy(&s->x);
  (void)VecDestroy(&s->b);
  (void)MatDestroy(&s->A);
}

static bool allocate(struct tgv_lu *s, size_t entries)
{
  s->whole_row = calloc(s->n + 1, sizeof *s->whole_row);
  s->whole_column = calloc(entries + 1, sizeof *s->whole_column);
  s->row = calloc(s->n + 1, sizeof *s->row), s->column = calloc(entries + 1, sizeof *s->column);
  s->value = calloc(entries + 1, sizeof *s->value);
  s->part_value = calloc(entries + 1, sizeof *s->part_value);
  s->part_b = calloc(s->n + 1, sizeof *s->part_b), s->part_x = calloc(s->n + 1, sizeof *s->part_x);
  return s->whole_row && s->whole_column && s->row && s->column && s->value && s->part_value && s->part_b &&
         s->part_x;
}

tgv_status tgv_lu_new(size_t n, const int *row, const int *column, struct tgv_lu **out)
{
  struct tgv_lu  *s = calloc(1, sizeof *s);
  const size_t    entries = (size_t)row[n];
  tgv_status_code status = TGV_OK;

  *out = NULL;
  if (!s) return tgv_fail(TGV_MEMORY, "out of memory");
  s->n = n;
  if (!allocate(s, entries))
    status = tgv_fail(TGV_MEMORY, "out of memory for a system of %zu unknowns", n);
  else {
    memcpy(s->whole_row, row, (n + 1) * sizeof *row);
    memcpy(s->whole_column, column, entries * sizeof *column);
    status = tgv_sparse_part_new(n, s->whole_row, s->whole_column, &s->part);
  }
  if (!status) status = tgv_petsc_start();
  if (status)
    tgv_lu_free(s);
  else
    *out = s;
  return status;
}

void tgv_lu_free(struct tgv_lu *s)
{
  if (!s) return;
  take_down(s);
  tgv_sparse_part_release(&s->part);
  free(s->whole_row), free(s->whole_column), free(s->row), free(s->column);
  free(s->value), free(s->part_value), free(s->part_b), free(s->part_x);
  free(s);
}

double *tgv_lu_values(struct tgv_lu *s)
{
  return s->value;
}

/* The system of the rows that are coupled now */
static tgv_status build(struct tgv_lu *s)
{
  take_down(s);
  for (size_t i = 0; i <= s->part.n; i++) s->row[i] = (PetscInt)s->part.row[i];
  for (int k = 0; k < s->part.row[s->part.n]; k++) s->column[k] = (PetscInt)s->part.column[k];
  return tgv_petsc_check((int)set_up(s), "to set up a system");
}

static PetscErrorCode factor(struct tgv_lu *s, PCFailedReason *reason)
{
  PetscScalar *values = NULL;

  PetscCall(MatSeqAIJGetArray(s->A, &values));
  for (int k = 0; k < s->part.row[s->part.n]; k++) values[k] = s->value[s->part.from[k]];
  PetscCall(MatSeqAIJRestoreArray(s->A, &values));
  PetscCall(PCSetUp(s->pc));
  PetscCall(PCGetFailedReason(s->pc, reason));
  return 0;
}

tgv_status tgv_lu_factor(struct tgv_lu *s)
{
  PCFailedReason reason = PC_NOERROR;

  if (tgv_sparse_part_pick(&s->part, s->value)) TGV_TRY(build(s));
  if (s->part.n) TGV_TRY(tgv_petsc_check((int)factor(s, &reason), "to factor a system"));
  return reason == PC_NOERROR ? TGV_OK
                              : tgv_fail(TGV_SOLVER, "a system is singular (PETSc reason %d)", (int)reason);
}

/* A row by itself: its only entry is the diagonal. */
static double alone(const struct tgv_lu *s, size_t r, double b)
{
  for (int k = s->whole_row[r]; k < s->whole_row[r + 1]; k++)
    if ((size_t)s->whole_column[k] == r) return b / s->value[k];
  return 0;
}

tgv_status tgv_lu_apply(struct tgv_lu *s, const double *b, double *x)
{
  const struct tgv_sparse_part *part = &s->part;

  for (size_t i = 0; i < part->n; i++) s->part_b[i] = b[part->kept[i]];
  if (part->n) TGV_TRY(tgv_petsc_check((int)PCApply(s->pc, s->b, s->x), "to solve a system"));
  for (size_t r = 0; r < s->n; r++) x[r] = part->at[r] < 0 ? alone(s, r, b[r]) : s->part_x[part->at[r]];
  return TGV_OK;
}
