/** # Sobol indices by Saltelli's design
 *
 * ## Model
 * The variance of $y = f(u)$, $u$ independent, is split among groups of variables. With $V = \mathrm{Var}\,y$ the
 * first-order (for a group: closed) index and the total index of group $g$ are
 * $$ S_g = \mathrm{Var}\,E[y\,|\,u_g]/V, \qquad T_g = E\,\mathrm{Var}[y\,|\,u_{\sim g}]/V . $$
 * $S_g \le T_g$; both are equal for a group that does not interact with others; $\sum_g S_g \le 1 \le \sum_g T_g$.
 *
 * Two sets of $n$ points $A$, $B$ and, for each group, $A_B^g$: the points of $A$ with the variables of the group
 * taken from $B$. From $n(G+2)$ evaluations, with $m$ the mean over $A$ and $B$,
 * $$ \hat V = \frac1{2n}\sum\big[(y_A-m)^2 + (y_B-m)^2\big],\quad
 *    \hat S_g = \frac1{n\hat V}\sum (y_B-m)\,(y_{A_B^g}-y_A),\quad
 *    \hat T_g = \frac1{2n\hat V}\sum (y_A-y_{A_B^g})^2 . $$
 *
 * $A$ and $B$ are the first and the second half of the coordinates of a Sobol sequence of $2d$ dimensions, from its
 * point 0 on, shifted modulo 1 by a random vector (Cranley-Patterson rotation). Coordinates past the 40th, for which
 * there are no direction numbers, are plain random numbers. Each of the $R$ repetitions has its own shift, so the
 * repetitions are independent; mean, standard error and Student's interval come from them.
 *
 * ## Valid for
 * Outputs of finite variance. An output that differs from a constant by rounding only has the indices 0.
 *
 * ## Neglects
 * Each repetition divides by its own $\hat V$: a bias of the order of $\mathrm{Var}(\hat V)/V^2$, which falls faster
 * than the error as $n$ grows. It matters where the output is a rare event that few of the $n$ points see.
 *
 * ## Source
 * I. M. Sobol, Math. Model. Comput. Exp. 1 (1993) 407; A. Saltelli et al., Comput. Phys. Commun. 181 (2010) 259
 * (first order, table 2b); M. J. W. Jansen, Comput. Phys. Commun. 117 (1999) 35 (total); R. Cranley, T. N. L.
 * Patterson, SIAM J. Numer. Anal. 13 (1976) 904. The sequence is that of GSL.
 *
 * ## Verified by
 * tests/unit/test_sobol_indices.c: Ishigami function, g-function with groups and with 30 variables, linear function of
 * normals (all exact); coverage of the intervals over many seeds; one and several threads.
 */
#include "solver/sobol_indices.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_qrng.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/streams.h"

/* One analysis. Matrix 0 is A, 1 is B, 2 + g is A with group g from B. */
struct design {
  const struct tgv_sobol_plan *plan;
  size_t                       coordinates, quasi, matrices, batches;
  double                      *sequence; /* [points][quasi] */
  double                      *u;        /* [points][coordinates] of the repetition */
  double                      *y;        /* [matrix][points][outputs] */
  double                      *sample; /* [repetitions][output][2 groups + 2]: first, total, mean, variance */
};

static tgv_status check_groups(const struct tgv_sobol_plan *p)
{
  bool           *seen;
  tgv_status_code s = TGV_OK;

  if (!p->group) {
    if (p->groups == p->dimension) return TGV_OK;
    return tgv_fail(TGV_INPUT, "%zu groups for %zu variables need a list that says which is in which",
                    p->groups, p->dimension);
  }
  if (p->groups < 1 || p->groups > p->dimension)
    return tgv_fail(TGV_INPUT, "%zu groups of %zu variables, there must be 1 to %zu", p->groups, p->dimension,
                    p->dimension);
  seen = tgv_allocate(p->groups, sizeof *seen);
  for (size_t k = 0; k < p->dimension && s == TGV_OK; k++)
    if (p->group[k] >= p->groups)
      s = tgv_fail(TGV_INPUT, "variable %zu is in group %zu, the last is %zu", k, p->group[k], p->groups - 1);
    else
      seen[p->group[k]] = true;
  for (size_t g = 0; g < p->groups && s == TGV_OK; g++)
    if (!seen[g]) s = tgv_fail(TGV_INPUT, "group %zu has no variable", g);
  free(seen);
  return s;
}

static tgv_status check_plan(const struct tgv_sobol_plan *p)
{
  if (p->dimension < 1 || p->dimension > TGV_SOBOL_DIMENSION_MAX)
    return tgv_fail(TGV_INPUT, "%zu variables, there must be 1 to %d", p->dimension, TGV_SOBOL_DIMENSION_MAX);
  if (p->outputs < 1) return tgv_fail(TGV_INPUT, "a sensitivity analysis needs at least 1 output");
  if (p->points < 2 || p->points > TGV_SOBOL_POINTS_MAX)
    return tgv_fail(TGV_INPUT, "%zu points, there must be 2 to %d", p->points, TGV_SOBOL_POINTS_MAX);
  if (p->repetitions < 2)
    return tgv_fail(TGV_INPUT, "%zu repetitions, at least 2 are needed for an error", p->repetitions);
  if (!(p->confidence > 0 && p->confidence < 1))
    return tgv_fail(TGV_INPUT, "a confidence of %g, it must be between 0 and 1", p->confidence);
  return check_groups(p);
}

/* The sequence from its point 0 on (which GSL leaves out): with it, 2^k points are balanced. */
static double *sequence_new(size_t points, size_t quasi)
{
  gsl_qrng *q = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)quasi);
  double   *x = tgv_allocate(points * quasi, sizeof *x); /* zeroed */

  if (!q) tgv_bug(__FILE__, __LINE__, __func__, "no quasi-random sequence");
  for (size_t i = 1; i < points; i++) gsl_qrng_get(q, x + i * quasi);
  gsl_qrng_free(q);
  return x;
}

static void open_design(struct design *d, const struct tgv_sobol_plan *p)
{
  *d = (struct design){.plan = p, .coordinates = 2 * p->dimension, .matrices = p->groups + 2};
  d->quasi = d->coordinates < TGV_SOBOL_QUASI ? d->coordinates : TGV_SOBOL_QUASI;
  d->batches = (p->points + TGV_SOBOL_BATCH - 1) / TGV_SOBOL_BATCH;
  d->sequence = sequence_new(p->points, d->quasi);
  d->u = tgv_allocate(p->points * d->coordinates, sizeof *d->u);
  d->y = tgv_allocate(d->matrices * p->points * p->outputs, sizeof *d->y);
  d->sample = tgv_allocate(p->repetitions * p->outputs * (2 * p->groups + 2), sizeof *d->sample);
}

static void close_design(struct design *d)
{
  free(d->sequence);
  free(d->u);
  free(d->y);
  free(d->sample);
}

static int threads(const struct tgv_sobol_plan *p)
{
  return p->serial ? 1 : tgv_parallel_threads();
}

/* The points of A and B of a repetition, as normals if asked for. */
static void draw(struct design *d, size_t repetition)
{
  const struct tgv_sobol_plan *p = d->plan;
  const uint64_t               own = (uint64_t)repetition << 40; /* indices of this repetition */
  double                      *shift = tgv_allocate(d->quasi, sizeof *shift);

  for (size_t k = 0; k < d->quasi; k++) shift[k] = tgv_random_uniform(p->key, TGV_STREAM_SOBOL, own + k);
#pragma omp parallel for num_threads(threads(p)) schedule(static)
  for (size_t i = 0; i < p->points; i++)
    for (size_t k = 0; k < d->coordinates; k++) {
      double x;

      if (k < d->quasi) {
        x = d->sequence[i * d->quasi + k] + shift[k];
        x = fmin(fmax(x - floor(x), 0x1p-54), 1 - 0x1p-53); /* rounding may have given 0 or 1 */
      } else {
        x = tgv_random_uniform(p->key, TGV_STREAM_SOBOL + 1, own + i * d->coordinates + k);
      }
      d->u[i * d->coordinates + k] = p->uniform ? x : gsl_cdf_ugaussian_Pinv(x);
    }
  free(shift);
}

/* Evaluates one batch of a matrix. */
static void evaluate_batch(const struct design *d, size_t matrix, size_t batch, double *u)
{
  const struct tgv_sobol_plan *p = d->plan;
  const size_t                 first = batch * TGV_SOBOL_BATCH;
  const size_t                 n = p->points - first < TGV_SOBOL_BATCH ? p->points - first : TGV_SOBOL_BATCH;

  for (size_t i = 0; i < n; i++) {
    const double *a = d->u + (first + i) * d->coordinates, *b = a + p->dimension;

    for (size_t k = 0; k < p->dimension; k++) {
      const size_t g = p->group ? p->group[k] : k;

      u[i * p->dimension + k] = matrix == 1 || matrix == 2 + g ? b[k] : a[k];
    }
  }
  p->evaluate(u, n, d->y + (matrix * p->points + first) * p->outputs, p->context);
}

static tgv_status evaluate_all(const struct design *d)
{
  const struct tgv_sobol_plan *p = d->plan;
  const size_t                 all = d->matrices * p->points * p->outputs;

#pragma omp parallel num_threads(threads(p))
  {
    double *u = tgv_allocate(TGV_SOBOL_BATCH * p->dimension, sizeof *u);

#pragma omp for schedule(dynamic, 1)
    for (size_t t = 0; t < d->matrices * d->batches; t++)
      if (!tgv_interrupted()) evaluate_batch(d, t / d->batches, t % d->batches, u);
    free(u);
  }
  if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped in a sensitivity analysis");
  for (size_t i = 0; i < all; i++)
    if (!isfinite(d->y[i]))
      return tgv_fail(TGV_SOLVER, "output %zu of the model is %g at point %zu of a sensitivity analysis",
                      i % p->outputs, d->y[i], i / p->outputs % p->points);
  return TGV_OK;
}

/* Mean and variance of an output over A and B; the variance is 0 if only rounding varies. */
static void moments(const struct design *d, size_t output, double *mean, double *variance)
{
  const struct tgv_sobol_plan *p = d->plan;
  const double                *y = d->y + output, origin = *y;
  double                       sum = 0, square = 0, largest = 0;

  for (size_t i = 0; i < 2 * p->points; i++) sum += y[i * p->outputs] - origin;
  *mean = origin + sum / (2 * (double)p->points);
  for (size_t i = 0; i < 2 * p->points; i++) {
    const double off = y[i * p->outputs] - *mean;

    square += off * off;
    largest = fmax(largest, fabs(y[i * p->outputs]));
  }
  *variance = square / (2 * (double)p->points);
  if (sqrt(*variance) <= 16 * DBL_EPSILON * largest) *variance = 0;
}

/* One number a group from the sums over the points. */
static void estimate(const struct design *d, size_t output, double *sample)
{
  const struct tgv_sobol_plan *p = d->plan;
  const double                *a = d->y + output, *b = a + p->points * p->outputs;
  double                       mean, variance;

  moments(d, output, &mean, &variance);
  for (size_t g = 0; g < p->groups; g++) {
    const double *c = a + (2 + g) * p->points * p->outputs;
    double        first = 0, total = 0;

    for (size_t i = 0; i < p->points * p->outputs; i += p->outputs) {
      first += (b[i] - mean) * (c[i] - a[i]);
      total += (a[i] - c[i]) * (a[i] - c[i]);
    }
    sample[g] = variance > 0 ? first / ((double)p->points * variance) : 0;
    sample[p->groups + g] = variance > 0 ? total / (2 * (double)p->points * variance) : 0;
  }
  sample[2 * p->groups] = mean;
  sample[2 * p->groups + 1] = variance;
}

/* ---- from the repetitions */

static struct tgv_sobol_estimate conclude(const struct tgv_sobol_plan *p, const double *sample, size_t stride)
{
  const double              n = (double)p->repetitions;
  struct tgv_sobol_estimate e = {0};
  double                    square = 0, half;

  for (size_t r = 0; r < p->repetitions; r++) e.value += (sample[r * stride] - sample[0]) / n;
  e.value += sample[0];
  for (size_t r = 0; r < p->repetitions; r++)
    square += (sample[r * stride] - e.value) * (sample[r * stride] - e.value);
  e.error = sqrt(square / (n * (n - 1)));
  half = e.error * gsl_cdf_tdist_Qinv(0.5 * (1 - p->confidence), n - 1);
  e.low = e.value - half;
  e.high = e.value + half;
  return e;
}

static void collect(const struct design *d, struct tgv_sobol_result *out)
{
  const struct tgv_sobol_plan *p = d->plan;
  const size_t                 width = 2 * p->groups + 2, stride = p->outputs * width;

  out->groups = p->groups;
  out->outputs = p->outputs;
  out->evaluations = (uint64_t)p->repetitions * p->points * d->matrices;
  out->first = tgv_allocate(p->outputs * p->groups, sizeof *out->first);
  out->total = tgv_allocate(p->outputs * p->groups, sizeof *out->total);
  out->mean = tgv_allocate(p->outputs, sizeof *out->mean);
  out->variance = tgv_allocate(p->outputs, sizeof *out->variance);
  for (size_t k = 0; k < p->outputs; k++) {
    const double *s = d->sample + k * width;

    for (size_t g = 0; g < p->groups; g++) {
      out->first[k * p->groups + g] = conclude(p, s + g, stride);
      out->total[k * p->groups + g] = conclude(p, s + p->groups + g, stride);
    }
    out->mean[k] = conclude(p, s + 2 * p->groups, stride);
    out->variance[k] = conclude(p, s + 2 * p->groups + 1, stride);
  }
}

tgv_status tgv_sobol_indices(const struct tgv_sobol_plan *plan, struct tgv_sobol_result *out)
{
  struct design   d;
  tgv_status_code s = TGV_OK;

  *out = (struct tgv_sobol_result){0};
  TGV_TRY(check_plan(plan));
  open_design(&d, plan);
  for (size_t r = 0; r < plan->repetitions && s == TGV_OK; r++) {
    draw(&d, r);
    s = evaluate_all(&d);
    for (size_t k = 0; k < plan->outputs && s == TGV_OK; k++)
      estimate(&d, k, d.sample + (r * plan->outputs + k) * (2 * plan->groups + 2));
  }
  if (s == TGV_OK) collect(&d, out);
  close_design(&d);
  return s;
}

void tgv_sobol_release(struct tgv_sobol_result *r)
{
  free(r->first);
  free(r->total);
  free(r->mean);
  free(r->variance);
  *r = (struct tgv_sobol_result){0};
}
