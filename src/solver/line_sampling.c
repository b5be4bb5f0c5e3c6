/** # Line sampling
 *
 * ## Model
 * With $\alpha$ the unit vector to the design point every point is $u = t\alpha + u_\perp$, and if failure is $t \ge t^\star(u_\perp)$
 * on each line,
 * $$ P = E\big[\Phi(-t^\star(u_\perp))\big] . $$
 * The root $t^\star$ comes from secant steps that start at the design point, all lines at once. $u_\perp$ is drawn in pairs of opposite
 * sign, which takes the linear part of $t^\star$ away. A plane surface has the variance 0.
 *
 * ## Valid for
 * One design point, a surface that each line crosses once. If a line does not converge the method says so.
 *
 * ## Neglects
 * A second crossing, farther out on the same line.
 *
 * ## Source
 * P.-S. Koutsourelakis, H. J. Pradlwarter, G. I. Schueller, Prob. Eng. Mech. 19 (2004) 409.
 *
 * ## Verified by
 * tests/unit/test_rare_event.c: planes exactly, a paraboloid against quadrature.
 */
#include "solver/line_sampling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"

enum { STEPS = 7, LINES_MOST = TGV_BLOCK };

struct lines {
  const struct tgv_limit_states *s;
  size_t                         state, n;
  double                         axis[TGV_NORMALS_MAX];
  double *across, *u, *out; /* [n][dimension] the part across, points; [n][count] values */
  double  t[LINES_MOST], g[LINES_MOST], before[LINES_MOST], g_before[LINES_MOST];
};

static void evaluate(struct lines *l)
{
  const size_t d = l->s->dimension;

  for (size_t j = 0; j < l->n; j++)
    for (size_t i = 0; i < d; i++) l->u[j * d + i] = l->across[j * d + i] + l->t[j] * l->axis[i];
  l->s->g(l->s->context, l->n, l->u, l->out);
  for (size_t j = 0; j < l->n; j++) l->g[j] = l->out[j * l->s->count + l->state];
}

static void draw_across(struct lines *l, const struct tgv_sample_source *source)
{
  const size_t d = l->s->dimension, pairs = l->n / 2;
  float        z[4][TGV_BLOCK];

  for (size_t i = 0; i < d; i++) {
    if (i % 4 == 0)
      tgv_random_normals(source->key, source->stream + (uint32_t)(i / 4), source->first, pairs, z);
    for (size_t j = 0; j < pairs; j++) l->across[2 * j * d + i] = (double)z[i % 4][j];
  }
  for (size_t j = 0; j < pairs; j++) {
    double *a = l->across + 2 * j * d, *b = a + d, along = 0;

    for (size_t i = 0; i < d; i++) along += a[i] * l->axis[i];
    for (size_t i = 0; i < d; i++) a[i] -= along * l->axis[i], b[i] = -a[i];
  }
}

/* Secant steps on all lines. True if every line has come to rest. */
static bool find_roots(struct lines *l, double beta)
{
  double farthest = 1;

  for (size_t j = 0; j < l->n; j++) l->t[j] = beta;
  evaluate(l);
  for (int step = 0; step < STEPS && farthest > 0.002; step++) {
    farthest = 0;
    for (size_t j = 0; j < l->n; j++) {
      const double slope = step > 0 ? (l->g[j] - l->g_before[j]) / (l->t[j] - l->before[j]) : 0;
      double       move = step > 0 ? -l->g[j] / slope : l->g[j] > 0 ? 0.25 : -0.25;

      if (l->g[j] == 0 || (step > 0 && l->t[j] == l->before[j])) move = 0;
      if (!isfinite(move)) return false;
      move = fmin(1, fmax(-1, move));
      farthest = fmax(farthest, fabs(move));
      l->before[j] = l->t[j], l->g_before[j] = l->g[j];
      l->t[j] += move;
    }
    evaluate(l);
  }
  return farthest <= 0.002;
}

bool tgv_line_sampling(const struct tgv_limit_states *s, const struct tgv_design_point *point, size_t pairs,
                       const struct tgv_sample_source *source, double estimate[2])
{
  const size_t  d = s->dimension, n = d == 1 ? 1 : 2 * pairs;
  struct lines *l = tgv_allocate(1, sizeof *l);
  double        sum = 0, square = 0;
  bool          done;

  TGV_BUG_IF(n > LINES_MOST);
  l->s = s, l->state = point->state, l->n = n;
  l->across = tgv_allocate(n * (2 * d + s->count), sizeof *l->across);
  l->u = l->across + n * d, l->out = l->u + n * d;
  for (size_t i = 0; i < d; i++) l->axis[i] = point->u[i] / point->beta;
  if (d > 1) draw_across(l, source);
  done = find_roots(l, point->beta);
  for (size_t j = 0; j + 1 < n; j += 2) {
    const double p = 0.5 * (gsl_cdf_ugaussian_Q(l->t[j]) + gsl_cdf_ugaussian_Q(l->t[j + 1]));

    sum += p, square += p * p;
  }
  estimate[0] = n == 1 ? gsl_cdf_ugaussian_Q(l->t[0]) : sum / (double)pairs;
  estimate[1] =
      n == 1 ? 0 : sqrt(fmax(0, square / (double)pairs - estimate[0] * estimate[0]) / (double)(pairs - 1));
  free(l->across), free(l);
  return done && isfinite(estimate[0]);
}
