/** # Subset simulation
 *
 * ## Model
 * $P(g\le0) = \prod_i P(g\le b_i \mid g\le b_{i-1})$ with thresholds $b_i$ chosen so that each factor is $p_0
 * = 0.1$. The first level is plain sampling; points of a further level come from Markov chains that start in
 * the best tenth of the level before and move by $u' = \rho u + \sqrt{1-\rho^2}\,z$, which keeps the standard
 * normal distribution exactly; a move out of the level is refused. $\rho$ is set after each level towards 44
 * % of moves accepted. Independent runs give the estimate as their mean and its standard error.
 *
 * ## Valid for
 * Any limit surface, known or not, dimension to 64. Used when no design point is found or the self-check of
 * the importance sampling fails: it needs no design point, but about ten times the samples.
 *
 * ## Neglects
 * Nothing that is known to matter. A run is biased upwards by an amount of order 1/N: measured on the plane
 * beta = 5.2, 16 % at N = 500, 4 % at 2000, 1 % at 8000, each about a third of the squared coefficient of
 * variation of a run (0.74, 0.33, 0.16). That much is added to the standard error, in squares.
 *
 * ## Source
 * S.-K. Au, J. L. Beck, Prob. Eng. Mech. 16 (2001) 263; I. Papaioannou et al., Prob. Eng. Mech. 41 (2015) 89.
 *
 * ## Verified by
 * tests/unit/test_rare_event.c: the plane beta = 5.2 in 10 dimensions, the ring.
 */
#include "solver/subset_simulation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { CHAIN = 10 }; /* 1 / p0 */

struct chains {
  const struct tgv_limit_states  *s;
  const struct tgv_sample_source *source;
  double                          scale[TGV_LIMIT_STATES_MAX];
  double                          rho;
  uint64_t                        used; /* random numbers of the source */
  size_t                          calls;
};

static void evaluate(struct chains *c, size_t n, const double *u, double *g)
{
  const size_t d = c->s->dimension, m = c->s->count;
  double       out[TGV_BLOCK * TGV_LIMIT_STATES_MAX];

  for (size_t done = 0; done < n; done += TGV_BLOCK) {
    size_t block = n - done < TGV_BLOCK ? n - done : TGV_BLOCK;

    c->s->g(c->s->context, block, u + done * d, out);
    for (size_t j = 0; j < block; j++) {
      g[done + j] = INFINITY;
      for (size_t k = 0; k < m; k++) g[done + j] = fmin(g[done + j], out[j * m + k] / c->scale[k]);
    }
  }
  c->calls += n;
}

static void normals(struct chains *c, size_t n, double *u)
{
  const size_t d = c->s->dimension;
  float        z[4][TGV_BLOCK];

  for (size_t done = 0; done < n; done += TGV_BLOCK) {
    size_t block = n - done < TGV_BLOCK ? n - done : TGV_BLOCK;

    for (size_t i = 0; i < d; i++) {
      if (i % 4 == 0)
        tgv_random_normals(c->source->key, c->source->stream + (uint32_t)(i / 4), c->source->first + c->used,
                           block, z);
      for (size_t j = 0; j < block; j++) u[(done + j) * d + i] = (double)z[i % 4][j];
    }
    c->used += block;
  }
}

struct point {
  double g;
  size_t at;
};

static int by_value(const void *a, const void *b)
{
  const struct point *x = a, *y = b;

  if (x->g != y->g) return x->g < y->g ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

/* Replaces the n points by chains from the n / CHAIN best of them, all within g <= threshold. */
static void next_level(struct chains *c, size_t n, const struct point *sorted, double threshold, double *u,
                       double *g)
{
  const size_t d = c->s->dimension, seeds = n / CHAIN;
  double      *now = tgv_allocate(n * d, sizeof *now), *value = tgv_allocate(n, sizeof *value);
  double *trial = tgv_allocate(seeds * d, sizeof *trial), *trial_g = tgv_allocate(seeds, sizeof *trial_g);
  size_t  accepted = 0;

  for (size_t j = 0; j < seeds; j++) {
    memcpy(now + j * d, u + sorted[j].at * d, d * sizeof *now);
    value[j] = sorted[j].g;
  }
  for (size_t step = 1; step < CHAIN; step++) {
    const double *from = now + (step - 1) * seeds * d, fresh = sqrt(1 - c->rho * c->rho);
    double       *to = now + step * seeds * d;

    normals(c, seeds, trial);
    for (size_t i = 0; i < seeds * d; i++) trial[i] = c->rho * from[i] + fresh * trial[i];
    evaluate(c, seeds, trial, trial_g);
    for (size_t j = 0; j < seeds; j++) {
      bool moves = trial_g[j] <= threshold;

      accepted += moves;
      memcpy(to + j * d, moves ? trial + j * d : from + j * d, d * sizeof *to);
      value[step * seeds + j] = moves ? trial_g[j] : value[(step - 1) * seeds + j];
    }
  }
  memcpy(u, now, n * d * sizeof *u);
  memcpy(g, value, n * sizeof *g);
  free(now), free(value), free(trial), free(trial_g);
  double rate = (double)accepted / (double)(seeds * (CHAIN - 1));

  c->rho = fmin(0.98, fmax(0.3, 1 - (1 - c->rho) * exp(1.5 * (rate - 0.44))));
}

static double run(struct chains *c, size_t n, double *u, double *g, struct point *sorted)
{
  double p = 1;

  c->rho = 0.8;
  normals(c, n, u);
  evaluate(c, n, u, g);
  for (;;) {
    size_t failed = 0;

    for (size_t j = 0; j < n; j++) {
      sorted[j] = (struct point){g[j], j};
      failed += g[j] <= 0;
    }
    if (failed >= n / CHAIN) return p * (double)failed / (double)n;
    qsort(sorted, n, sizeof *sorted, by_value);
    if (sorted[0].g >= sorted[n - 1].g) return 0; /* a flat function never fails */
    p /= CHAIN;
    if (p < TGV_SUBSET_LEAST) return 0;
    next_level(c, n, sorted, sorted[n / CHAIN - 1].g, u, g);
  }
}

void tgv_subset_simulation(const struct tgv_limit_states *s, size_t samples, size_t runs,
                           const struct tgv_sample_source *source, struct tgv_subset *out)
{
  struct chains c = {.s = s, .source = source};
  const size_t  n = (samples < 100 ? 100 : samples) / CHAIN * CHAIN;
  double       *u = tgv_allocate(n * s->dimension, sizeof *u), *g = tgv_allocate(n, sizeof *g);
  struct point *sorted = tgv_allocate(n, sizeof *sorted);
  double        sum = 0, square = 0, variance;

  if (runs < 4) runs = 4;
  memset(u, 0, s->dimension * sizeof *u);
  s->g(s->context, 1, u, c.scale);
  for (size_t k = 0; k < s->count; k++) c.scale[k] = fabs(c.scale[k]) > 0 ? fabs(c.scale[k]) : 1;
  for (size_t r = 0; r < runs; r++) {
    double p = run(&c, n, u, g, sorted);

    sum += p, square += p * p;
  }
  out->p = sum / (double)runs;
  variance = fmax(0, square / (double)runs - out->p * out->p) * (double)runs / (double)(runs - 1);
  out->error = sqrt(variance / (double)runs + (out->p > 0 ? pow(variance / (3 * out->p), 2) : 0));
  out->runs = runs, out->calls = c.calls;
  free(u), free(g), free(sorted);
}
