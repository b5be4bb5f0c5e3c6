/** # Elastic fields

## Model
Displacements of a linear elastic body under forces and eigenstrains ([hex_operator](hex_operator.md)): conjugate gradients in double
precision around one V-cycle in single precision ([hex_multigrid](hex_multigrid.md)), in the flexible form (Polak-Ribiere) because the cycle
rounds; or PETSc's algebraic multigrid, or CHOLMOD, on the assembled matrix.

## Valid for
Linear elasticity. The residual is that of the double-precision equations and is checked anew at the end.

## Neglects
What the operator neglects.

## Source
Textbook.

## Verified by
tests/unit/test_elasticity.c: patch test, manufactured solution of rates 2 and 3 (order 1) and 3 and 4 (order 2) in displacement gradient and
displacement, the three methods against each other. */
#include "solver/elasticity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clones.h"
#include "solver/hex_assembled.h"
#include "solver/hex_multigrid.h"

enum { MOST_ITERATIONS = 500 };

static double processor_time(void)
{
  return (double)clock() / CLOCKS_PER_SEC;
}

TGV_CLONES static double dot(size_t n, const double *a, const double *b)
{
  double sum = 0;

#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

TGV_CLONES static double dot_change(size_t n, const double *z, const double *r, const double *before)
{
  double sum = 0;

#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; i++) sum += z[i] * (r[i] - before[i]);
  return sum;
}

TGV_CLONES static void turn(size_t n, double beta, const double *z, double *p)
{
  for (size_t i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
}

/* a residual of any size fits into floats once it is scaled */
TGV_CLONES static void to_float(size_t n, double scale, const double *from, float *to)
{
  for (size_t i = 0; i < n; i++) to[i] = (float)(scale * from[i]);
}

TGV_CLONES static void to_double(size_t n, double scale, const float *from, double *to)
{
  for (size_t i = 0; i < n; i++) to[i] = scale * (double)from[i];
}

struct work {
  const struct tgv_elasticity_system *s;
  const double                       *f;
  double                             *r, *before, *z, *p, *kp;
  float                              *fr, *fz;
};

TGV_CLONES static void step(const struct work *w, size_t n, double alpha, double *u)
{
  double *const r = w->r, *const before = w->before;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    before[i] = r[i];
    u[i] += alpha * w->p[i];
    r[i] -= alpha * w->kp[i];
  }
}

static tgv_status room(struct work *w, size_t n)
{
  w->r = calloc(n, sizeof *w->r), w->before = calloc(n, sizeof *w->before), w->z = calloc(n, sizeof *w->z);
  w->p = calloc(n, sizeof *w->p), w->kp = calloc(n, sizeof *w->kp);
  w->fr = calloc(n, sizeof *w->fr), w->fz = calloc(n, sizeof *w->fz);
  if (!w->r || !w->before || !w->z || !w->p || !w->kp || !w->fr || !w->fz)
    return tgv_fail(TGV_MEMORY, "out of memory for %zu displacements", n);
  return TGV_OK;
}

static void release(struct work *w)
{
  free(w->r), free(w->before), free(w->z), free(w->p), free(w->kp), free(w->fr), free(w->fz);
}

static void residual(const struct work *w, const double *u, double *r)
{
  const struct tgv_hex_operator *o = w->s->op;

  tgv_hex_forces(o, w->s->tangent, NULL, u, r);
  for (size_t i = 0; i < tgv_hex_field(o); i++) r[i] = w->f[i] - r[i];
  for (size_t i = 0; i < o->fixed; i++) r[o->fixed_at[i]] = 0;
}

/* z = the preconditioned residual */
static tgv_status precondition(const struct work *w, double norm)
{
  const size_t n = tgv_hex_field(w->s->op);

  to_float(n, 1 / norm, w->r, w->fr);
  TGV_TRY(tgv_hex_multigrid_cycle(w->s->multigrid, w->fr, w->fz));
  to_double(n, norm, w->fz, w->z);
  return TGV_OK;
}

static tgv_status iterate(const struct work *w, double tolerance, double *u,
                          struct tgv_elasticity_result *out)
{
  const size_t n = tgv_hex_field(w->s->op);
  double       size, norm, rz = 0;

  residual(w, w->z, w->r); /* z is 0: the forces without those on held entries */
  size = sqrt(dot(n, w->r, w->r));
  residual(w, u, w->r);
  for (out->iterations = 0;; out->iterations++) {
    norm = sqrt(dot(n, w->r, w->r));
    if (norm <= tolerance * size) break;
    if (out->iterations == MOST_ITERATIONS)
      return tgv_fail(TGV_SOLVER, "displacements not found in %d iterations: residual %.2g, wanted %.2g",
                      MOST_ITERATIONS, norm / size, tolerance);
    TGV_TRY(precondition(w, norm));
    const double beta = out->iterations ? dot_change(n, w->z, w->r, w->before) / rz : 0;
    rz = dot(n, w->z, w->r);
    turn(n, beta, w->z, w->p);
    tgv_hex_forces(w->s->op, w->s->tangent, NULL, w->p, w->kp);
    step(w, n, rz / dot(n, w->p, w->kp), u);
  }
  residual(w, u, w->r);
  out->residual = size > 0 ? sqrt(dot(n, w->r, w->r)) / size : 0;
  return TGV_OK;
}

tgv_status tgv_elasticity_iterate(const struct tgv_elasticity_system *s, const double *f, double tolerance,
                                  double *u, struct tgv_elasticity_result *out)
{
  struct work     w = {.s = s, .f = f};
  tgv_status_code status = room(&w, tgv_hex_field(s->op));

  if (!status) status = iterate(&w, tolerance, u, out);
  release(&w);
  return status;
}

static tgv_status by_multigrid(const struct tgv_hex_operator *o, const double *f, double tolerance, double *u,
                               struct tgv_elasticity_result *out)
{
  struct tgv_elasticity_system s = {.op = o};
  const double                 start = processor_time();

  TGV_TRY(tgv_hex_multigrid_make(o, &s.multigrid));
  out->setup = processor_time() - start;
  out->levels = tgv_hex_multigrid_levels(s.multigrid);
  const tgv_status_code status = tgv_elasticity_iterate(&s, f, tolerance, u, out);
  tgv_hex_multigrid_free(s.multigrid);
  return status;
}

static tgv_status by_matrix(const struct tgv_hex_operator *o, const double *f, enum tgv_hex_solver solver,
                            double tolerance, double *u, struct tgv_elasticity_result *out)
{
  struct tgv_hex_assembled *a = NULL;
  double                   *b = malloc(tgv_hex_field(o) * sizeof *b);
  const double              start = processor_time();
  tgv_status_code           status;

  if (!b) return tgv_fail(TGV_MEMORY, "out of memory for displacements");
  memcpy(b, f, tgv_hex_field(o) * sizeof *b);
  for (size_t i = 0; i < o->fixed; i++) b[o->fixed_at[i]] = 0;
  status = tgv_hex_assembled_make(o, solver, &a);
  out->setup = processor_time() - start;
  if (!status) status = tgv_hex_assembled_solve(a, b, u, tolerance, &out->iterations);
  tgv_hex_assembled_free(a);
  free(b);
  return status;
}

tgv_status tgv_elasticity_solve(const struct tgv_hex_operator *o, const double *f,
                                enum tgv_elasticity_method method, double tolerance, double *u,
                                struct tgv_elasticity_result *out)
{
  const double    start = processor_time();
  tgv_status_code status;

  *out = (struct tgv_elasticity_result){0};
  if (method == TGV_ELASTICITY_MULTIGRID)
    status = by_multigrid(o, f, tolerance, u, out);
  else
    status =
        by_matrix(o, f, method == TGV_ELASTICITY_GAMG ? TGV_HEX_GAMG : TGV_HEX_DIRECT, tolerance, u, out);
  out->seconds = processor_time() - start;
  return status;
}
