#include "solver/hex_assembled.h"

#include <petscksp.h>
#include <stdlib.h>

#include "solver/petsc_session.h"

struct tgv_hex_assembled {
  const struct tgv_hex_operator *op;
  char                          *held; /* [unknowns] */
  Mat                            K;
  KSP                            ksp;
  Vec                            b, x;
};

/* unknowns go node by node along the lines: (node (layers + 1) + k) 3 + component */
static size_t unknowns(const struct tgv_hex_operator *o)
{
  return o->nodes * (o->mesh->layers + 1) * 3;
}

static size_t unknown(const struct tgv_hex_operator *o, size_t node, size_t k, size_t c)
{
  return (node * (o->mesh->layers + 1) + k) * 3 + c;
}

static size_t entry_of(const struct tgv_hex_operator *o, size_t unknown_)
{
  const size_t c = unknown_ % 3, k = unknown_ / 3 % (o->mesh->layers + 1),
               node = unknown_ / 3 / (o->mesh->layers + 1);

  return (node * 3 + c) * o->pitch + k;
}

static tgv_status mark_held(struct tgv_hex_assembled *a)
{
  const struct tgv_hex_operator *o = a->op;

  a->held = calloc(unknowns(o), 1);
  if (!a->held) return tgv_fail(TGV_MEMORY, "out of memory for a matrix of %zu unknowns", unknowns(o));
  for (size_t i = 0; i < o->fixed; i++) {
    const size_t line = o->fixed_at[i] / o->pitch;

    a->held[unknown(o, line / 3, o->fixed_at[i] % o->pitch, line % 3)] = 1;
  }
  return TGV_OK;
}

/* the unknowns of element k of column e, -1 where held: PETSc leaves those out */
static int element_unknowns(const struct tgv_hex_assembled *a, size_t e, size_t k, PetscInt *to)
{
  const struct tgv_hex_operator *o = a->op;
  const size_t                   n = (size_t)o->order + 1;
  int                            size = 0;

  for (size_t l = 0; l < n; l++)
    for (size_t q = 0; q < n * n; q++)
      for (size_t c = 0; c < 3; c++) {
        const size_t u = unknown(o, (size_t)o->node[9 * e + q], k * (size_t)o->order + l, c);

        to[size++] = a->held[u] ? -1 : (PetscInt)u;
      }
  return size;
}

/* plane nodes that share an element with each node, times the lines of an element: a bound of the entries of a row */
static PetscErrorCode preallocate(struct tgv_hex_assembled *a)
{
  const struct tgv_hex_operator *o = a->op;
  const int                      lines = 2 * o->order + 1, near = (o->order + 1) * (o->order + 1);
  PetscInt                      *row;

  PetscCall(PetscCalloc1(unknowns(o), &row));
  for (size_t e = 0; e < o->columns; e++)
    for (int q = 0; q < near; q++)
      for (size_t k = 0; k <= o->mesh->layers; k++)
        for (size_t c = 0; c < 3; c++)
          row[unknown(o, (size_t)o->node[9 * e + (size_t)q], k, c)] += 3 * near * lines;
  for (size_t i = 0; i < unknowns(o); i++) {
    if (row[i] > (PetscInt)unknowns(o)) row[i] = (PetscInt)unknowns(o);
    if (row[i] < 1) row[i] = 1;
  }
  PetscCall(MatSeqAIJSetPreallocation(a->K, 0, row));
  PetscCall(PetscFree(row));
  return 0;
}

static PetscErrorCode fill(struct tgv_hex_assembled *a)
{
  const struct tgv_hex_operator *o = a->op;
  PetscScalar                   *stiffness;

  PetscCall(PetscMalloc1(81 * 81, &stiffness));
  for (size_t e = 0; e < o->columns; e++)
    for (size_t k = 0; k < o->layers; k++) {
      PetscInt  at[81];
      const int size = element_unknowns(a, e, k, at);

      tgv_hex_element(o, e, k, stiffness);
      PetscCall(MatSetValues(a->K, size, at, size, at, stiffness, ADD_VALUES));
    }
  PetscCall(PetscFree(stiffness));
  for (size_t i = 0; i < unknowns(o); i++)
    if (a->held[i]) PetscCall(MatSetValue(a->K, (PetscInt)i, (PetscInt)i, 1, ADD_VALUES));
  PetscCall(MatAssemblyBegin(a->K, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(a->K, MAT_FINAL_ASSEMBLY));
  return 0;
}

static PetscErrorCode know_rigid_motions(struct tgv_hex_assembled *a)
{
  const struct tgv_hex_operator *o = a->op;
  Vec                            place;
  PetscScalar                   *x;
  MatNullSpace                   rigid;

  PetscCall(VecDuplicate(a->x, &place));
  PetscCall(VecSetBlockSize(place, 3));
  PetscCall(VecGetArray(place, &x));
  for (size_t i = 0; i < unknowns(o); i++) x[i] = o->mesh->x[entry_of(o, i)];
  PetscCall(VecRestoreArray(place, &x));
  PetscCall(MatNullSpaceCreateRigidBody(place, &rigid));
  PetscCall(MatSetNearNullSpace(a->K, rigid));
  PetscCall(MatNullSpaceDestroy(&rigid));
  PetscCall(VecDestroy(&place));
  return 0;
}

static PetscErrorCode set_up(struct tgv_hex_assembled *a, enum tgv_hex_solver solver)
{
  const PetscInt n = (PetscInt)unknowns(a->op);
  PC             pc;

  PetscCall(MatCreate(PETSC_COMM_SELF, &a->K));
  PetscCall(MatSetSizes(a->K, n, n, n, n));
  PetscCall(MatSetType(a->K, MATSEQAIJ));
  PetscCall(MatSetBlockSize(a->K, 3));
  PetscCall(preallocate(a));
  PetscCall(MatSetOption(a->K, MAT_USE_INODES, PETSC_FALSE)); /* products are twice as fast without */
  PetscCall(fill(a));
  PetscCall(MatSetOption(a->K, MAT_SPD, PETSC_TRUE));
  PetscCall(MatCreateVecs(a->K, &a->x, &a->b));
  PetscCall(KSPCreate(PETSC_COMM_SELF, &a->ksp));
  PetscCall(KSPSetOptionsPrefix(a->ksp, solver == TGV_HEX_DIRECT ? "tgv_hex_direct_" : "tgv_hex_gamg_"));
  PetscCall(KSPSetOperators(a->ksp, a->K, a->K));
  PetscCall(KSPGetPC(a->ksp, &pc));
  if (solver == TGV_HEX_DIRECT) {
    PetscCall(KSPSetType(a->ksp, KSPPREONLY));
    PetscCall(PCSetType(pc, PCCHOLESKY));
    PetscCall(PCFactorSetMatSolverType(pc, MATSOLVERCHOLMOD));
  } else {
    PetscCall(know_rigid_motions(a));
    PetscCall(KSPSetType(a->ksp, KSPCG));
    PetscCall(PCSetType(pc, PCGAMG));
  }
  PetscCall(KSPSetFromOptions(a->ksp));
  PetscCall(KSPSetUp(a->ksp));
  return 0;
}

tgv_status tgv_hex_assembled_make(const struct tgv_hex_operator *o, enum tgv_hex_solver solver,
                                  struct tgv_hex_assembled **out)
{
  struct tgv_hex_assembled *a = calloc(1, sizeof *a);
  tgv_status_code           status;

  *out = NULL;
  if (!a) return tgv_fail(TGV_MEMORY, "out of memory");
  a->op = o;
  status = mark_held(a);
  if (!status) status = tgv_petsc_start();
  if (!status) status = tgv_petsc_check((int)set_up(a, solver), "to set up the stiffness");
  if (status)
    tgv_hex_assembled_free(a);
  else
    *out = a;
  return status;
}

void tgv_hex_assembled_free(struct tgv_hex_assembled *a)
{
  if (!a) return;
  (void)KSPDestroy(&a->ksp);
  (void)VecDestroy(&a->x);
  (void)VecDestroy(&a->b);
  (void)MatDestroy(&a->K);
  free(a->held);
  free(a);
}

static PetscErrorCode put(const struct tgv_hex_operator *o, const double *field, Vec to)
{
  PetscScalar *v;

  PetscCall(VecGetArray(to, &v));
  for (size_t i = 0; i < unknowns(o); i++) v[i] = field[entry_of(o, i)];
  PetscCall(VecRestoreArray(to, &v));
  return 0;
}

static PetscErrorCode get(const struct tgv_hex_operator *o, Vec from, double *field)
{
  const PetscScalar *v;

  PetscCall(VecGetArrayRead(from, &v));
  for (size_t i = 0; i < unknowns(o); i++) field[entry_of(o, i)] = v[i];
  PetscCall(VecRestoreArrayRead(from, &v));
  return 0;
}

static PetscErrorCode solve(struct tgv_hex_assembled *a, const double *b, double *x, double tolerance,
                            PetscInt *iterations, KSPConvergedReason *reason)
{
  PetscCall(put(a->op, b, a->b));
  PetscCall(KSPSetTolerances(a->ksp, tolerance > 0 ? tolerance : PETSC_DEFAULT, 1e-300, PETSC_DEFAULT, 1000));
  PetscCall(KSPSolve(a->ksp, a->b, a->x));
  PetscCall(KSPGetConvergedReason(a->ksp, reason));
  PetscCall(KSPGetIterationNumber(a->ksp, iterations));
  PetscCall(get(a->op, a->x, x));
  return 0;
}

tgv_status tgv_hex_assembled_solve(struct tgv_hex_assembled *a, const double *b, double *x, double tolerance,
                                   int *iterations)
{
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscInt           n = 0;

  TGV_TRY(tgv_petsc_check((int)solve(a, b, x, tolerance, &n, &reason), "to solve for displacements"));
  if (iterations) *iterations = (int)n;
  if (reason < 0)
    return tgv_fail(TGV_SOLVER, "displacements not found in %d iterations (PETSc reason %d)", (int)n,
                    (int)reason);
  return TGV_OK;
}

static PetscErrorCode apply(struct tgv_hex_assembled *a, const double *x, double *y)
{
  PetscCall(put(a->op, x, a->x));
  PetscCall(MatMult(a->K, a->x, a->b));
  PetscCall(get(a->op, a->b, y));
  return 0;
}

tgv_status tgv_hex_assembled_apply(struct tgv_hex_assembled *a, const double *x, double *y)
{
  return tgv_petsc_check((int)apply(a, x, y), "to multiply by the stiffness");
}
