/** # Axisymmetric bodies and slices

## Model
Equilibrium of an axisymmetric body, or of a slice whose strain along its length is uniform (given: plane strain in the absolute or relative
sense; free: generalised plane strain with a given axial force), on quadrilaterals of 9 nodes with 3 x 3 Gauss points. The points follow the
laws of [material](material.md). Newton's method with their consistent tangents; the matrix is factored by CHOLMOD. Displacements may be
held, moved, or tied to move alike (the border of a cell in a periodic array).

## Valid for
Small strains, one temperature for the whole body at a time.

## Neglects
Large rotations, contact, temperature gradients.

## Source
Textbook.

## Verified by
tests/unit/test_plane_body.c: rates of convergence to the thick cylinder, cases V2, V3b and V5. */
#include "solver/plane_body.h"

#include <math.h>
#include <petscksp.h>
#include <stdlib.h>
#include <string.h>

#include "solver/hex_operator.h"
#include "solver/petsc_session.h"

enum { NODES = 9, SIZE = 2 * NODES + 1, MOST_STEPS = 30 };
static const double PI = 3.14159265358979323846;

struct tgv_plane_system {
  Mat K;
  KSP ksp;
  Vec r, du;
};

/* ---- one element */

struct element {
  double x[NODES][2], u[NODES][2], axial;
  double value[3][3], slope[3][3], weight[3];
};

static void read_element(const struct tgv_plane_body *b, size_t e, const double *u, double axial,
                         struct element *to)
{
  const struct tgv_hex_mesh *m = b->plan.mesh;

  tgv_hex_basis(3, to->value, to->slope, to->weight);
  to->axial = axial;
  for (size_t a = 0; a < NODES; a++) {
    const size_t q = (size_t)b->node[NODES * e + a];

    for (size_t c = 0; c < 2; c++) to->x[a][c] = m->x[(q * 3 + c) * m->pitch], to->u[a][c] = u[2 * q + c];
  }
}

/* what strain a displacement makes at a point: B[6][SIZE], the last column is the axial strain */
struct point {
  double place[2], volume, B[6][SIZE];
};

static void make_point(enum tgv_plane_kind kind, const struct element *e, int g, struct point *p)
{
  const int gi = g % 3, gj = g / 3;
  double    value[NODES], local[2][NODES], jacobian[2][2] = {{0}};

  memset(p, 0, sizeof *p);
  for (int a = 0; a < NODES; a++) {
    const int i = a % 3, j = a / 3;

    value[a] = e->value[gi][i] * e->value[gj][j];
    local[0][a] = e->slope[gi][i] * e->value[gj][j], local[1][a] = e->value[gi][i] * e->slope[gj][j];
    for (int c = 0; c < 2; c++) {
      p->place[c] += value[a] * e->x[a][c];
      for (int m = 0; m < 2; m++) jacobian[c][m] += e->x[a][c] * local[m][a];
    }
  }
  const double det = jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0];
  const double ring = kind == TGV_PLANE_AXISYMMETRIC ? 2 * PI * p->place[0] : 1;
  p->volume = det * e->weight[gi] * e->weight[gj] * ring;
  for (int a = 0; a < NODES; a++) {
    const double dx = (local[0][a] * jacobian[1][1] - local[1][a] * jacobian[1][0]) / det;
    const double dy = (local[1][a] * jacobian[0][0] - local[0][a] * jacobian[0][1]) / det;

    p->B[0][2 * a] = dx, p->B[1][2 * a + 1] = dy;
    p->B[5][2 * a] = dy, p->B[5][2 * a + 1] = dx;
    if (kind == TGV_PLANE_AXISYMMETRIC) p->B[2][2 * a] = value[a] / p->place[0];
  }
  if (kind == TGV_PLANE_SLICE) p->B[2][SIZE - 1] = 1;
}

static void strain_at(const struct element *e, const struct point *p, double strain[6])
{
  for (int v = 0; v < 6; v++) {
    strain[v] = p->B[v][SIZE - 1] * e->axial;
    for (int i = 0; i < SIZE - 1; i++) strain[v] += p->B[v][i] * e->u[i / 2][i % 2];
  }
}

/* forces [SIZE] and stiffness [SIZE][SIZE] of an element under the trial fields; leaves the states in b->next */
static tgv_status element_forces(struct tgv_plane_body *b, size_t e, const struct tgv_plane_load *load,
                                 const struct element *el, double *force, double *stiffness)
{
  const struct tgv_material *m = &b->plan.material[b->of[e]];
  const size_t               states = tgv_material_states(m);
  double                    *next = b->next + e * NODES * b->states;
  struct point               p[NODES];
  double                     strain[NODES][6], heat[NODES], tangent[NODES][36];

  for (int g = 0; g < NODES; g++) {
    make_point(b->plan.kind, el, g, &p[g]);
    strain_at(el, &p[g], strain[g]);
    heat[g] = load->temperature;
  }
  TGV_TRY(tgv_material_update(m, &(struct tgv_material_step){NODES, b->time, load->time, strain[0], heat,
                                                             b->state + e * NODES * b->states, next,
                                                             tangent[0]}));
  memset(force, 0, SIZE * sizeof *force), memset(stiffness, 0, SIZE * SIZE * sizeof *stiffness);
  for (int g = 0; g < NODES; g++)
    for (int i = 0; i < SIZE; i++) {
      double row[6] = {0};

      for (int v = 0; v < 6; v++) {
        if (p[g].B[v][i] == 0) continue;
        force[i] += p[g].volume * p[g].B[v][i] * next[(size_t)g * states + TGV_STATE_STRESS + (size_t)v];
        for (int w = 0; w < 6; w++)
          row[w] += p[g].volume * p[g].B[v][i] * (tangent[g][6 * v + w] + tangent[g][6 * w + v]) / 2;
      }
      for (int j = 0; j < SIZE; j++)
        for (int w = 0; w < 6; w++) stiffness[i * SIZE + j] += row[w] * p[g].B[w][j];
    }
  return TGV_OK;
}

/* ---- making */

static size_t unknowns(const struct tgv_plane_body *b)
{
  return b->plan.equations + (b->plan.axial_free ? 1 : 0);
}

static void find_elements(struct tgv_plane_body *b)
{
  size_t e = 0;

  for (size_t p = 0; p < b->plan.mesh->patches; p++) {
    const struct tgv_hex_patch *patch = &b->plan.mesh->patch[p];

    for (size_t j = 0; j < patch->n; j += 2)
      for (size_t i = 0; i < patch->m; i += 2, e++) {
        b->of[e] = b->plan.of[p];
        for (size_t a = 0; a < NODES; a++)
          b->node[NODES * e + a] = patch->node[i + a % 3 + (patch->m + 1) * (j + a / 3)];
      }
  }
}

static void element_equations(const struct tgv_plane_body *b, size_t e, PetscInt *at)
{
  for (size_t i = 0; i < SIZE - 1; i++)
    at[i] = (PetscInt)b->plan.equation[2 * (size_t)b->node[NODES * e + i / 2] + i % 2];
  at[SIZE - 1] = b->plan.axial_free ? (PetscInt)b->plan.equations : -1;
}

/* room for every pair of unknowns of an element; a tie may bring many together */
static PetscErrorCode make_system(struct tgv_plane_body *b)
{
  const PetscInt           n = (PetscInt)unknowns(b);
  struct tgv_plane_system *s = b->system;
  Mat                      pattern;
  PC                       pc;
  double                   none[SIZE * SIZE] = {0};

  PetscCall(MatCreate(PETSC_COMM_SELF, &pattern));
  PetscCall(MatSetSizes(pattern, n, n, n, n));
  PetscCall(MatSetType(pattern, MATPREALLOCATOR));
  PetscCall(MatSetUp(pattern));
  for (size_t e = 0; e < b->elements; e++) {
    PetscInt at[SIZE];

    element_equations(b, e, at);
    PetscCall(MatSetValues(pattern, SIZE, at, SIZE, at, none, INSERT_VALUES));
  }
  PetscCall(MatAssemblyBegin(pattern, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(pattern, MAT_FINAL_ASSEMBLY));
  PetscCall(MatCreate(PETSC_COMM_SELF, &s->K));
  PetscCall(MatSetSizes(s->K, n, n, n, n));
  PetscCall(MatSetType(s->K, MATSEQAIJ));
  PetscCall(MatPreallocatorPreallocate(pattern, PETSC_TRUE, s->K));
  PetscCall(MatDestroy(&pattern));
  PetscCall(MatSetOption(s->K, MAT_SPD, PETSC_TRUE));
  PetscCall(MatCreateVecs(s->K, &s->du, &s->r));
  PetscCall(VecSetOption(s->r, VEC_IGNORE_NEGATIVE_INDICES, PETSC_TRUE)); /* a matrix ignores them unasked */
  PetscCall(KSPCreate(PETSC_COMM_SELF, &s->ksp));
  PetscCall(KSPSetOptionsPrefix(s->ksp, "tgv_plane_"));
  PetscCall(KSPSetType(s->ksp, KSPPREONLY));
  PetscCall(KSPGetPC(s->ksp, &pc));
  PetscCall(PCSetType(pc, PCCHOLESKY));
  PetscCall(PCFactorSetMatSolverType(pc, MATSOLVERCHOLMOD));
  PetscCall(KSPSetFromOptions(s->ksp));
  return 0;
}

static tgv_status room(struct tgv_plane_body *b)
{
  for (size_t p = 0; p < b->plan.mesh->patches; p++)
    b->elements += b->plan.mesh->patch[p].m * b->plan.mesh->patch[p].n / 4;
  for (size_t i = 0; i < b->plan.materials; i++) {
    const size_t n = tgv_material_states(&b->plan.material[i]);

    if (n > b->states) b->states = n;
  }
  b->node = calloc(NODES * b->elements, sizeof *b->node), b->of = calloc(b->elements, 1);
  b->u = calloc(2 * b->plan.mesh->nodes, sizeof *b->u);
  b->state = calloc(b->elements * NODES * b->states, sizeof *b->state);
  b->next = calloc(b->elements * NODES * b->states, sizeof *b->next);
  b->system = calloc(1, sizeof *b->system);
  if (!b->node || !b->of || !b->u || !b->state || !b->next || !b->system)
    return tgv_fail(TGV_MEMORY, "out of memory for a body of %zu elements", b->elements);
  return TGV_OK;
}

tgv_status tgv_plane_make(const struct tgv_plane_plan *plan, struct tgv_plane_body *out)
{
  tgv_status_code status = TGV_OK;

  TGV_BUG_IF(!(tgv_hex_mesh_even(plan->mesh) & TGV_HEX_PLANE));
  *out = (struct tgv_plane_body){.plan = *plan, .temperature = plan->material[0].reference};
  for (size_t i = 0; i < plan->materials && !status; i++)
    status = tgv_material_check(&plan->material[i], "of the body");
  if (!status) status = room(out);
  if (!status) {
    find_elements(out);
    for (size_t e = 0; e < out->elements; e++)
      tgv_material_start(&plan->material[out->of[e]], NODES, out->state + e * NODES * out->states);
    status = tgv_petsc_start();
  }
  if (!status) status = tgv_petsc_check((int)make_system(out), "to set up a stiffness");
  if (status) tgv_plane_release(out);
  return status;
}

void tgv_plane_release(struct tgv_plane_body *b)
{
  if (b->system) {
    (void)KSPDestroy(&b->system->ksp);
    (void)VecDestroy(&b->system->r);
    (void)VecDestroy(&b->system->du);
    (void)MatDestroy(&b->system->K);
  }
  free(b->node), free(b->of), free(b->u), free(b->state), free(b->next), free(b->system);
  *b = (struct tgv_plane_body){0};
}

/* ---- Newton's method */

/* matrix and residual of the trial fields; *size: norm of the residual */
static tgv_status assemble(struct tgv_plane_body *b, const struct tgv_plane_load *load, const double *u,
                           double axial, double *size)
{
  struct tgv_plane_system *s = b->system;
  double                   squares = 0;
  PetscReal                norm = 0;

  TGV_TRY(tgv_petsc_check((int)MatZeroEntries(s->K), "to assemble a stiffness"));
  TGV_TRY(tgv_petsc_check((int)VecSet(s->r, 0), "to assemble forces"));
  if (b->plan.axial_free)
    TGV_TRY(
        tgv_petsc_check((int)VecSetValue(s->r, (PetscInt)b->plan.equations, load->axial_force, ADD_VALUES),
                        "to assemble forces"));
  for (size_t e = 0; e < b->elements; e++) {
    double         force[SIZE], stiffness[SIZE * SIZE];
    PetscInt       at[SIZE];
    struct element el;

    read_element(b, e, u, axial, &el);
    TGV_TRY(element_forces(b, e, load, &el, force, stiffness));
    element_equations(b, e, at);
    for (int i = 0; i < SIZE; i++) squares += force[i] * force[i], force[i] = -force[i];
    TGV_TRY(tgv_petsc_check((int)MatSetValues(s->K, SIZE, at, SIZE, at, stiffness, ADD_VALUES),
                            "to assemble a stiffness"));
    TGV_TRY(tgv_petsc_check((int)VecSetValues(s->r, SIZE, at, force, ADD_VALUES), "to assemble forces"));
  }
  TGV_TRY(tgv_petsc_check((int)MatAssemblyBegin(s->K, MAT_FINAL_ASSEMBLY), "to assemble a stiffness"));
  TGV_TRY(tgv_petsc_check((int)MatAssemblyEnd(s->K, MAT_FINAL_ASSEMBLY), "to assemble a stiffness"));
  TGV_TRY(tgv_petsc_check((int)VecAssemblyBegin(s->r), "to assemble forces"));
  TGV_TRY(tgv_petsc_check((int)VecAssemblyEnd(s->r), "to assemble forces"));
  TGV_TRY(tgv_petsc_check((int)VecNorm(s->r, NORM_2, &norm), "to assemble forces"));
  b->force = fmax(b->force, sqrt(squares));
  *size = norm;
  return TGV_OK;
}

static PetscErrorCode solve(struct tgv_plane_system *s)
{
  PetscCall(KSPSetOperators(s->ksp, s->K, s->K));
  PetscCall(KSPSolve(s->ksp, s->r, s->du));
  return 0;
}

static tgv_status move(const struct tgv_plane_body *b, double *u, double *axial)
{
  const PetscScalar *du = NULL;

  TGV_TRY(tgv_petsc_check((int)solve(b->system), "to solve for displacements"));
  TGV_TRY(tgv_petsc_check((int)VecGetArrayRead(b->system->du, &du), "to solve for displacements"));
  for (size_t i = 0; i < 2 * b->plan.mesh->nodes; i++)
    if (b->plan.equation[i] >= 0) u[i] += du[b->plan.equation[i]];
  if (b->plan.axial_free) *axial += du[b->plan.equations];
  return tgv_petsc_check((int)VecRestoreArrayRead(b->system->du, &du), "to solve for displacements");
}

static tgv_status balance(struct tgv_plane_body *b, const struct tgv_plane_load *load, double tolerance,
                          double *u, double *axial, struct tgv_plane_result *out)
{
  for (out->steps = 0;; out->steps++) {
    double size;

    TGV_TRY(assemble(b, load, u, *axial, &size));
    out->residual[out->steps] = b->force > 0 ? size / b->force : 0;
    if (size <= tolerance * b->force) return TGV_OK;
    if (out->steps == MOST_STEPS)
      return tgv_fail(TGV_SOLVER, "no balance in %d steps at %g K: residual %.2g, wanted %.2g", MOST_STEPS,
                      load->temperature, size / b->force, tolerance);
    TGV_TRY(move(b, u, axial));
  }
}

tgv_status tgv_plane_step(struct tgv_plane_body *b, const struct tgv_plane_load *load, double tolerance,
                          struct tgv_plane_result *out)
{
  const size_t    n = 2 * b->plan.mesh->nodes;
  double         *u = malloc(n * sizeof *u), axial = b->plan.axial_free ? b->axial : load->axial_strain;
  tgv_status_code status;

  *out = (struct tgv_plane_result){0};
  if (!u) return tgv_fail(TGV_MEMORY, "out of memory for %zu displacements", n);
  for (size_t i = 0; i < n; i++) u[i] = b->plan.equation[i] >= 0 ? b->u[i] : load->held ? load->held[i] : 0;
  status = balance(b, load, tolerance, u, &axial, out);
  if (!status) {
    double *old = b->state;

    memcpy(b->u, u, n * sizeof *u);
    b->axial = axial, b->time = load->time, b->temperature = load->temperature;
    b->state = b->next, b->next = old;
  }
  free(u);
  return status;
}

void tgv_plane_points(const struct tgv_plane_body *b, size_t element, struct tgv_plane_points *out)
{
  const size_t   states = tgv_material_states(&b->plan.material[b->of[element]]);
  struct element el;

  read_element(b, element, b->u, b->axial, &el);
  for (size_t g = 0; g < NODES; g++) {
    const double *state = b->state + element * NODES * b->states + g * states;
    struct point  p;

    make_point(b->plan.kind, &el, (int)g, &p);
    memcpy(out->place[g], p.place, sizeof p.place);
    memcpy(out->stress[g], state + TGV_STATE_STRESS, sizeof out->stress[g]);
    out->volume[g] = p.volume, out->plastic[g] = state[TGV_STATE_PLASTIC];
  }
}
