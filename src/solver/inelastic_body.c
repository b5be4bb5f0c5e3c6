/** # Bodies that yield and creep

## Model
Equilibrium of a body on hexahedra ([hex_operator](hex_operator.md)) whose points follow the laws of [material](material.md), at a given
temperature and time, from the state of the step before. Newton's method with the consistent tangents of the laws; each linear system by
conjugate gradients around a multigrid of an isotropic body that is as stiff against shear and against compression as the mean tangent of each
layer of a patch; solved to a hundredth of the residual or less, so that the last steps of Newton converge quadratically. A step that
does not lower the residual is halved. Materials that neither yield nor creep go the fast way, without points.

## Valid for
Small strains, one temperature for the whole body at a time.

## Neglects
Large rotations, contact, temperature gradients.

## Source
Textbook: Simo and Hughes, Computational Inelasticity [recalled, unverified].

## Verified by
tests/unit/test_inelastic_body.c: one element against the law, case V5 of a yielding via in glass, quadratic convergence. */
#include "solver/inelastic_body.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "solver/elasticity.h"

enum { MOST_STEPS = 30, HALVINGS = 4 };
/* a linear system is solved to this part of the residual, or to the relative residual itself where that is less */
static const double FORCING = 0.01;
static const double LEAST_SHEAR =
    1e-3; /* of the multigrid's shear modulus over the elastic one: a tangent may have none */

static bool linear(const struct tgv_material *m)
{
  return m->yield.n == 0 && m->creep == TGV_CREEP_NONE;
}

static const struct tgv_material *material_at(const struct tgv_inelastic_body *b, size_t e, size_t k)
{
  return &b->plan.material[b->plan.of[b->op.material[e] * b->op.layers + k]];
}

/* ---- room */

static void choose_columns(struct tgv_inelastic_body *b)
{
  b->columns = 0;
  for (size_t e = 0; e < b->op.columns; e++) {
    bool law = false;

    for (size_t k = 0; k < b->op.layers; k++) law |= !linear(material_at(b, e, k));
    b->of_column[e] = law ? (int)b->columns : -1;
    if (law) b->column[b->columns++] = e;
  }
  for (size_t i = 0; i < b->plan.materials; i++) {
    const size_t n = tgv_material_states(&b->plan.material[i]);

    if (n > b->states) b->states = n;
  }
}

static size_t state_at(const struct tgv_inelastic_body *b, size_t c, size_t k)
{
  return (c * b->op.layers + k) * b->points * b->states;
}

static void start_states(struct tgv_inelastic_body *b)
{
  for (size_t c = 0; c < b->columns; c++)
    for (size_t k = 0; k < b->op.layers; k++)
      tgv_material_start(material_at(b, b->column[c], k), b->points, b->state + state_at(b, c, k));
}

static tgv_status room(struct tgv_inelastic_body *b)
{
  const size_t values = b->points * b->op.stride;

  b->of_column = calloc(b->op.columns, sizeof *b->of_column),
  b->column = calloc(b->op.columns, sizeof *b->column);
  b->u = calloc(tgv_hex_field(&b->op), sizeof *b->u);
  b->eigen = calloc(b->plan.mesh->patches * b->op.stride, sizeof *b->eigen);
  if (!b->of_column || !b->column || !b->u || !b->eigen)
    return tgv_fail(TGV_MEMORY, "out of memory for a body");
  choose_columns(b);
  const size_t states = state_at(b, b->columns, 0), columns = b->columns ? b->columns : 1;
  b->state = calloc(states + 1, sizeof *b->state), b->next = calloc(states + 1, sizeof *b->next);
  b->stress = calloc(columns * values * 6, sizeof *b->stress),
  b->tangent = calloc(columns * values * 21, sizeof *b->tangent);
  if (!b->state || !b->next || !b->stress || !b->tangent)
    return tgv_fail(TGV_MEMORY, "out of memory for the state of %zu elements", b->columns * b->op.layers);
  return TGV_OK;
}

/* Lame's constants of all materials at a temperature, [patches][layers] */
static void elastic_moduli(const struct tgv_inelastic_body *b, double temperature, double *lambda, double *mu)
{
  for (size_t i = 0; i < b->plan.mesh->patches * b->op.layers; i++) {
    const struct tgv_elastic e = tgv_material_elastic(&b->plan.material[b->plan.of[i]], temperature);

    lambda[i] = e.K - 2 * e.G / 3, mu[i] = e.G;
  }
}

tgv_status tgv_inelastic_make(const struct tgv_inelastic_plan *plan, struct tgv_inelastic_body *out)
{
  struct tgv_hex_body body = {plan->mesh, plan->order, NULL, NULL, plan->fixed, plan->fixed_at};
  const size_t        layers = plan->mesh->layers / (size_t)plan->order, n = plan->mesh->patches * layers;
  double             *lambda = calloc(n, sizeof *lambda), *mu = calloc(n, sizeof *mu);
  tgv_status_code     status = lambda && mu ? TGV_OK : tgv_fail(TGV_MEMORY, "out of memory for a body");

  *out = (struct tgv_inelastic_body){
      .plan = *plan, .points = plan->order == 1 ? 8 : 27, .temperature = plan->material[0].reference};
  for (size_t i = 0; i < plan->materials && !status; i++)
    status = tgv_material_check(&plan->material[i], "of the body");
  body.lambda = lambda, body.mu = mu;
  if (!status) status = tgv_hex_operator_make(&body, &out->op);
  if (!status) status = tgv_hex_operator_make(&body, &out->like);
  if (!status) status = room(out);
  if (!status) start_states(out);
  free(lambda), free(mu);
  if (status) tgv_inelastic_release(out);
  return status;
}

void tgv_inelastic_release(struct tgv_inelastic_body *b)
{
  tgv_hex_operator_release(&b->op), tgv_hex_operator_release(&b->like);
  free(b->u), free(b->eigen), free(b->of_column), free(b->column);
  free(b->state), free(b->next), free(b->stress), free(b->tangent);
  *b = (struct tgv_inelastic_body){0};
}

/* ---- the laws */

/* upper triangle of the symmetric part of a tangent [36] */
static void fold(const double *tangent, double *upper)
{
  int i = 0;

  for (int r = 0; r < 6; r++)
    for (int c = r; c < 6; c++) upper[i++] = (tangent[6 * r + c] + tangent[6 * c + r]) / 2;
}

/* stresses and tangents of column c under u, and the states to go on from */
static tgv_status update_column(struct tgv_inelastic_body *b, size_t c, double temperature, double time,
                                const double *u)
{
  const size_t stride = b->op.stride;
  double       strain[27][6], heat[27], tangent[27][36], upper[21];

  for (size_t g = 0; g < b->points; g++) heat[g] = temperature;
  for (size_t k = 0; k < b->op.layers; k++) {
    const struct tgv_material *m = material_at(b, b->column[c], k);
    double                    *next = b->next + state_at(b, c, k);
    const size_t               states = tgv_material_states(m);

    tgv_hex_strain(&b->op, b->column[c], k, u, strain);
    TGV_TRY(
        tgv_material_update(m, &(struct tgv_material_step){b->points, b->time, time, strain[0], heat,
                                                           b->state + state_at(b, c, k), next, tangent[0]}));
    for (size_t g = 0; g < b->points; g++) {
      fold(tangent[g], upper);
      for (size_t v = 0; v < 6; v++)
        b->stress[((c * b->points + g) * 6 + v) * stride + k] = next[g * states + TGV_STATE_STRESS + v];
      for (size_t v = 0; v < 21; v++) b->tangent[((c * b->points + g) * 21 + v) * stride + k] = upper[v];
    }
  }
  return TGV_OK;
}

static tgv_status update(struct tgv_inelastic_body *b, double temperature, double time, const double *u)
{
  int worst = TGV_OK;

#pragma omp parallel for schedule(dynamic, 4) reduction(max : worst) if (tgv_hex_threads_pay(&b->op))
  for (size_t c = 0; c < b->columns; c++) {
    const int status = (int)update_column(b, c, temperature, time, u);

    if (status > worst) worst = status;
  }
  return worst ? tgv_fail((tgv_status_code)worst, "a material has no state at %g K", temperature) : TGV_OK;
}

/* the mean over a column's points of layer k: shear and bulk modulus of the isotropic tangent nearest to it */
static void isotropic_part(const struct tgv_inelastic_body *b, size_t c, size_t k, double *bulk,
                           double *shear)
{
  /* places of xx yy zz yz zx xy on the diagonal of an upper triangle, and of xy-like pairs of the first three */
  static const size_t diagonal[] = {0, 6, 11, 15, 18, 20}, pair[] = {1, 2, 7};
  double              straight = 0, cross = 0, turn = 0;

  for (size_t g = 0; g < b->points; g++) {
    const double *t = b->tangent + (c * b->points + g) * 21 * b->op.stride + k;

    for (int i = 0; i < 3; i++) {
      straight += t[diagonal[i] * b->op.stride], turn += t[diagonal[3 + i] * b->op.stride];
      cross += t[pair[i] * b->op.stride];
    }
  }
  straight /= (double)b->points, cross /= (double)b->points, turn /= (double)b->points;
  *bulk = (straight + 2 * cross) / 9;
  *shear = ((straight - cross) / 3 + turn) / 5;
}

/* a body for the multigrid, as soft as the tangents */
static tgv_status soften(struct tgv_inelastic_body *b, double temperature)
{
  const size_t n = b->plan.mesh->patches * b->op.layers;
  double *lambda = calloc(n, sizeof *lambda), *mu = calloc(n, sizeof *mu), *count = calloc(n, sizeof *count);
  double *bulk = calloc(n, sizeof *bulk), *shear = calloc(n, sizeof *shear);

  if (!lambda || !mu || !count || !bulk || !shear) {
    free(lambda), free(mu), free(count), free(bulk), free(shear);
    return tgv_fail(TGV_MEMORY, "out of memory for a body");
  }
  elastic_moduli(b, temperature, lambda, mu);
  for (size_t c = 0; c < b->columns; c++)
    for (size_t k = 0; k < b->op.layers; k++) {
      const size_t i = b->op.material[b->column[c]] * b->op.layers + k;
      double       K, G;

      isotropic_part(b, c, k, &K, &G);
      bulk[i] += K, shear[i] += G, count[i] += 1;
    }
  for (size_t i = 0; i < n; i++)
    if (count[i] > 0) {
      const double G = fmax(shear[i] / count[i], LEAST_SHEAR * mu[i]);

      lambda[i] = fmax(bulk[i] / count[i], LEAST_SHEAR * (lambda[i] + 2 * mu[i] / 3)) - 2 * G / 3, mu[i] = G;
    }
  tgv_hex_operator_moduli(&b->like, lambda, mu);
  free(lambda), free(mu), free(count), free(bulk), free(shear);
  return TGV_OK;
}

/* ---- Newton's method */

struct fields {
  double *u, *r, *du, *trial;
};

static double norm(const double *x, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
  return sqrt(sum);
}

/* r = minus the forces of the stresses under u */
static tgv_status out_of_balance(struct tgv_inelastic_body *b, double temperature, double time,
                                 const double *u, double *r)
{
  const struct tgv_hex_law law = {b->of_column, 6, b->stress};

  TGV_TRY(update(b, temperature, time, u));
  tgv_hex_forces(&b->op, &law, b->eigen, u, r);
  for (size_t i = 0; i < tgv_hex_field(&b->op); i++) r[i] = -r[i];
  return TGV_OK;
}

/* one step: the linear system, then as much of its solution as lowers the residual; *size is that of r before and after */
static tgv_status newton(struct tgv_inelastic_body *b, double temperature, double time, struct fields *f,
                         double *size, struct tgv_inelastic_result *out)
{
  const size_t                 n = tgv_hex_field(&b->op);
  const struct tgv_hex_law     tangent = {b->of_column, 21, b->tangent};
  struct tgv_elasticity_system s = {&b->op, &tangent, NULL};
  struct tgv_elasticity_result r;
  double                       share = 1, before = *size;

  TGV_TRY(soften(b, temperature));
  TGV_TRY(tgv_hex_multigrid_make(&b->like, &s.multigrid));
  memset(f->du, 0, n * sizeof *f->du);
  const tgv_status_code status =
      tgv_elasticity_iterate(&s, f->r, fmin(FORCING, before / b->force), f->du, &r);
  tgv_hex_multigrid_free(s.multigrid);
  TGV_TRY(status);
  out->iterations += r.iterations;
  for (int half = 0; half <= HALVINGS; half++, share /= 2) {
    for (size_t i = 0; i < n; i++) f->trial[i] = f->u[i] + share * f->du[i];
    TGV_TRY(out_of_balance(b, temperature, time, f->trial, f->r));
    *size = norm(f->r, n);
    if (*size < before) break;
  }
  memcpy(f->u, f->trial, n * sizeof *f->u);
  return TGV_OK;
}

static tgv_status balance(struct tgv_inelastic_body *b, double temperature, double time, struct fields *f,
                          double tolerance, struct tgv_inelastic_result *out)
{
  double size;

  TGV_TRY(out_of_balance(b, temperature, time, f->u, f->r));
  size = norm(f->r, tgv_hex_field(&b->op));
  for (out->steps = 0;; out->steps++) {
    out->residual[out->steps] = b->force > 0 ? size / b->force : 0;
    if (size <= tolerance * b->force) return TGV_OK;
    if (out->steps == MOST_STEPS)
      return tgv_fail(TGV_SOLVER, "no balance in %d steps at %g K: residual %.2g, wanted %.2g", MOST_STEPS,
                      temperature, size / b->force, tolerance);
    TGV_TRY(newton(b, temperature, time, f, &size, out));
  }
}

/* the linear materials at a temperature, and how large forces are there */
static tgv_status heat(struct tgv_inelastic_body *b, double temperature, double *work)
{
  const size_t n = b->plan.mesh->patches * b->op.layers;
  double      *lambda = calloc(n, sizeof *lambda), *mu = calloc(n, sizeof *mu);

  if (!lambda || !mu) {
    free(lambda), free(mu);
    return tgv_fail(TGV_MEMORY, "out of memory for a body");
  }
  elastic_moduli(b, temperature, lambda, mu);
  tgv_hex_operator_moduli(&b->op, lambda, mu);
  free(lambda), free(mu);
  for (size_t p = 0; p < b->plan.mesh->patches; p++)
    for (size_t k = 0; k < b->op.layers; k++)
      b->eigen[p * b->op.stride + k] =
          tgv_material_elastic(&b->plan.material[b->plan.of[p * b->op.layers + k]], temperature).thermal;
  TGV_TRY(tgv_hex_strain_force(&b->op, b->eigen, work));
  b->force = fmax(b->force, norm(work, tgv_hex_field(&b->op)));
  return TGV_OK;
}

tgv_status tgv_inelastic_step(struct tgv_inelastic_body *b, double temperature, double time,
                              const double *held, double tolerance, struct tgv_inelastic_result *out)
{
  const size_t    n = tgv_hex_field(&b->op);
  const clock_t   start = clock();
  struct fields   f = {malloc(n * sizeof(double)), calloc(n, sizeof(double)), calloc(n, sizeof(double)),
                       calloc(n, sizeof(double))};
  tgv_status_code status =
      f.u && f.r && f.du && f.trial ? TGV_OK : tgv_fail(TGV_MEMORY, "out of memory for a body");

  *out = (struct tgv_inelastic_result){0};
  if (!status) status = heat(b, temperature, f.r);
  if (!status) {
    memcpy(f.u, b->u, n * sizeof *f.u);
    for (size_t i = 0; i < b->op.fixed && held; i++) f.u[b->op.fixed_at[i]] = held[b->op.fixed_at[i]];
    if (held) { /* a body that is only stretched has no force of expansion: that of the stretch stands for it */
      tgv_hex_forces(&b->op, NULL, NULL, f.u, f.r);
      b->force = fmax(b->force, norm(f.r, n));
    }
    status = balance(b, temperature, time, &f, tolerance, out);
  }
  if (!status) {
    double *old = b->state;

    memcpy(b->u, f.u, n * sizeof *f.u);
    b->state = b->next, b->next = old, b->time = time, b->temperature = temperature;
  }
  free(f.u), free(f.r), free(f.du), free(f.trial);
  out->seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  return status;
}

void tgv_inelastic_points(const struct tgv_inelastic_body *b, size_t e, size_t k, struct tgv_hex_points *out,
                          double *plastic, double *creep)
{
  const int                  c = b->of_column[e];
  const struct tgv_material *m = material_at(b, e, k);
  const size_t               states = tgv_material_states(m);

  tgv_hex_stress(&b->op, e, k, b->u, b->eigen[b->op.material[e] * b->op.stride + k], out);
  for (size_t g = 0; g < out->n; g++) {
    const double *state = c < 0 ? NULL : b->state + state_at(b, (size_t)c, k) + g * states;

    if (state) memcpy(out->stress[g], state + TGV_STATE_STRESS, sizeof out->stress[g]);
    if (plastic) plastic[g] = state ? state[TGV_STATE_PLASTIC] : 0;
    if (creep) creep[g] = state ? state[TGV_STATE_CREEP] : 0;
  }
}
