/** # Importance sampling from a mixture
 *
 * ## Model
 * $P = E_\phi[1_F] = E_q[1_F\,W]$, $W = \phi/q$, with the mixture $q = \sum_k w_k q_k$. Each part draws its
 * own share of the samples and every weight uses the whole mixture (balance heuristic), so a part that looks
 * in the wrong place costs samples but never makes the estimate wrong, as long as some part covers the
 * failures. With $h_k = q_k/\phi$:
 *
 * | part | density | $h(u)$ |
 * |---|---|---|
 * | shifted | $N(a, s^2 I)$ | $s^{-d}\exp(\tfrac12 u^2 - \tfrac1{2s^2}(u-a)^2)$ |
 * | half space | $\phi$ cut to $\alpha\cdot u > t_0$ | $1/\Phi(-t_0)$ there, 0 elsewhere |
 * | ring | $\phi$ cut to $|(a\cdot u, b\cdot u)| > r_0$ | $e^{r_0^2/2}$ there, 0 elsewhere |
 * | radial | isotropic, $r^2 = r_0^2 + 2E/\kappa$, $E$ exponential | $\dfrac{\kappa
 * r\,e^{-\kappa(r^2-r_0^2)/2}}{S_d r^{d-1}\phi(u)}$ |
 *
 * A half space with $t_0$ slightly below the design point makes the weights of a nearly plane limit surface
 * nearly constant: the relative variance is $e^{\beta\delta}-1$ at an offset $\delta$, where the shifted
 * normal has about $\sqrt{2\pi}\,\beta/2$. The radial part is exact for a ring and finds design points that
 * the search has missed. The weights of the parts are set by cross entropy from a pilot run: $w_k \propto
 * E[1_F W\, w_k q_k/q]$, summed over the limit states relative to their probabilities.
 *
 * The samples come in 20 batches. In a batch the coordinate across the limit surface (half space: $t$;
 * radial: $r$) is stratified: the $j$-th of $m$ samples takes the $j$-th $m$-th part of its distribution.
 * Batches are independent of each other, so their scatter gives the standard error, with 19 degrees of
 * freedom.
 *
 * ## Valid for
 * Dimension to 64; the radial part where the sphere of radius $r_0$ is outside the bulk, $P(|u|>r_0) < 1/2$.
 *
 * ## Neglects
 * The float normals end at 6.76: beyond that distance from a shifted centre, in one coordinate, nothing is
 * drawn (1e-11).
 *
 * ## Source
 * R. E. Melchers, Struct. Saf. 6 (1989) 3; E. Veach, L. J. Guibas, SIGGRAPH 1995, 419 (balance heuristic); N.
 * Kurtz, J. Song, Struct. Saf. 42 (2013) 35 (cross entropy with mixtures).
 *
 * ## Verified by
 * tests/unit/test_rare_event.c: exact probabilities from 3e-4 to 1e-10, coverage of the intervals over many
 * seeds.
 */
#include "solver/importance_sampling.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"

void tgv_proposal_add(struct tgv_proposal *q, const struct tgv_proposal_part *part)
{
  struct tgv_proposal_part *p = &q->part[q->count];
  const double              d = (double)q->dimension;

  if (q->count == TGV_PARTS_MAX) return;
  *p = *part;
  p->weight = 1;
  switch (p->kind) {
  case TGV_PART_PLAIN:
    p->log_norm = 0;
    break;
  case TGV_PART_SHIFTED:
    p->log_norm = -d * log(p->scale);
    break;
  case TGV_PART_HALF_SPACE:
    p->log_norm = -log(gsl_cdf_ugaussian_Q(p->reach));
    break;
  case TGV_PART_RING:
    p->log_norm = 0.5 * p->reach * p->reach;
    break;
  case TGV_PART_RADIAL: /* kappa / S_d * (2 pi)^(d/2), S_d = 2 pi^(d/2) / Gamma(d/2); e^(kappa r0^2 / 2) */
    p->log_norm =
        log(p->scale) + lgamma(0.5 * d) + (0.5 * d - 1) * log(2) + 0.5 * p->scale * p->reach * p->reach;
    break;
  }
  q->count++;
}

void tgv_proposal_for(struct tgv_proposal *q, size_t dimension, const struct tgv_design_point *points,
                      size_t n, double scale)
{
  struct tgv_proposal_part part = {.kind = TGV_PART_PLAIN};
  const double             d = (double)dimension;
  double                   nearest = INFINITY, spread = scale - 1;

  q->dimension = dimension;
  q->count = 0;
  q->focus = SIZE_MAX;
  for (size_t i = 0; i < n; i++) {
    const double beta = fabs(points[i].beta), offset = fmin(0.3, 0.4 / fmax(beta, 0.1)) + spread;

    nearest = fmin(nearest, points[i].beta);
    part.kind = TGV_PART_SHIFTED;
    part.scale = scale;
    memcpy(part.centre, points[i].u, dimension * sizeof *part.centre);
    tgv_proposal_add(q, &part);
    if (points[i].beta < 0.5) continue; /* half of space or more: the plain part does that */
    part.kind = TGV_PART_HALF_SPACE;
    part.reach = beta - offset;
    for (size_t k = 0; k < dimension; k++) part.centre[k] /= beta;
    tgv_proposal_add(q, &part);
    if (!(points[i].bend > 0.2)) continue;
    part.kind = TGV_PART_RING;
    memcpy(part.side, points[i].side, dimension * sizeof *part.side);
    tgv_proposal_add(q, &part);
  }
  if (nearest < 3.5 || n == 0) {
    part.kind = TGV_PART_PLAIN;
    tgv_proposal_add(q, &part);
  }
  part.kind = TGV_PART_RADIAL;
  part.reach = nearest - fmin(0.3, 0.15 / fmax(nearest, 0.1)) - spread;
  part.scale = 1 - (d - 2) / (part.reach * part.reach); /* the rate at which the tail of |u| falls there */
  if (isfinite(nearest) && part.reach > 0.5 && part.scale > 0.2) {
    part.scale = fmin(part.scale, 1);
    tgv_proposal_add(q, &part);
  }
  tgv_proposal_weigh(q, 0);
}

void tgv_proposal_weigh(struct tgv_proposal *q, double reserve)
{
  double sum = 0, least;

  for (size_t k = 0; k < q->count; k++) sum += q->part[k].weight;
  for (size_t k = 0; k < q->count; k++) {
    least = q->part[k].kind >= TGV_PART_RING ? reserve : reserve / (double)q->count;
    q->part[k].weight = sum > 0 ? fmax(least, q->part[k].weight / sum) : 1 / (double)q->count;
  }
  sum = 0;
  for (size_t k = 0; k < q->count; k++) sum += q->part[k].weight;
  for (size_t k = 0; k < q->count; k++) q->part[k].weight /= sum;
}

/* h(u) = q_k(u) / phi(u) */
static double over_normal(const struct tgv_proposal_part *p, size_t d, const double *u, double square)
{
  double along = 0, across = 0;

  if (p->kind == TGV_PART_PLAIN) return 1;
  if (p->kind == TGV_PART_RADIAL) {
    if (square <= p->reach * p->reach) return 0;
    return exp(p->log_norm + 0.5 * (1 - p->scale) * square - (0.5 * (double)d - 1) * log(square));
  }
  if (p->kind == TGV_PART_HALF_SPACE || p->kind == TGV_PART_RING) {
    for (size_t i = 0; i < d; i++) along += p->centre[i] * u[i];
    for (size_t i = 0; i < d && p->kind == TGV_PART_RING; i++) across += p->side[i] * u[i];
    if (p->kind == TGV_PART_RING) along = hypot(along, across);
    return along > p->reach ? exp(p->log_norm) : 0;
  }
  for (size_t i = 0; i < d; i++) along += (u[i] - p->centre[i]) * (u[i] - p->centre[i]);
  return exp(p->log_norm + 0.5 * square - 0.5 * along / (p->scale * p->scale));
}

/* Turns the standard normals u of one sample, and a uniform, into a sample of the part. */
static void place(const struct tgv_proposal_part *p, size_t d, double uniform, double *u)
{
  double along = 0, across = 0, square = 0, r;

  switch (p->kind) {
  case TGV_PART_PLAIN:
    return;
  case TGV_PART_SHIFTED:
    for (size_t i = 0; i < d; i++) u[i] = p->centre[i] + p->scale * u[i];
    return;
  case TGV_PART_HALF_SPACE:
    for (size_t i = 0; i < d; i++) along += p->centre[i] * u[i];
    r = gsl_cdf_ugaussian_Qinv(uniform * exp(-p->log_norm));
    for (size_t i = 0; i < d; i++) u[i] += (r - along) * p->centre[i];
    return;
  case TGV_PART_RING:
    for (size_t i = 0; i < d; i++) along += p->centre[i] * u[i], across += p->side[i] * u[i];
    square = fmax(along * along + across * across, DBL_MIN);
    r = sqrt((p->reach * p->reach - 2 * log(uniform)) / square) - 1;
    for (size_t i = 0; i < d; i++) u[i] += r * (along * p->centre[i] + across * p->side[i]);
    return;
  case TGV_PART_RADIAL:
    for (size_t i = 0; i < d; i++) square += u[i] * u[i];
    r = sqrt((p->reach * p->reach - 2 * log(uniform) / p->scale) / fmax(square, 1e-300));
    for (size_t i = 0; i < d; i++) u[i] *= r;
    return;
  }
}

/* Samples of a part: first .. first + n - 1 of its `total`; its sample 0 has the number `offset` of the run. */
struct slice {
  uint64_t offset;
  size_t   first, n, total;
};

static void draw(const struct tgv_proposal_part *p, size_t d, const struct tgv_sample_source *source,
                 const struct slice *slice, double *u)
{
  const uint64_t first = source->first + slice->offset + slice->first;
  const bool     stratified = p->kind != TGV_PART_PLAIN && p->kind != TGV_PART_SHIFTED;
  float          z[4][TGV_BLOCK];

  for (size_t group = 0; group * 4 < d; group++) {
    tgv_random_normals(source->key, source->stream + (uint32_t)group, first, slice->n, z);
    for (size_t i = group * 4; i < d && i < group * 4 + 4; i++)
      for (size_t j = 0; j < slice->n; j++) u[j * d + i] = (double)z[i % 4][j];
  }
  for (size_t j = 0; j < slice->n; j++) {
    double uniform = 0;

    if (stratified) {
      size_t stratum = (slice->first + j) / TGV_BATCHES;

      uniform = tgv_random_uniform(source->key, source->stream + 16, first + j);
      uniform = ((double)stratum + uniform) * TGV_BATCHES / (double)slice->total;
    }
    place(p, d, uniform, u + j * d);
  }
}

struct sums {
  double any[TGV_BATCHES], p[TGV_BATCHES][TGV_LIMIT_STATES_MAX];
  double share[TGV_LIMIT_STATES_MAX], weight, weight2;
  double use[TGV_PARTS_MAX][TGV_LIMIT_STATES_MAX];
};

/* The weight of a failed sample, and what each part has to do with it. */
static void count_failure(const struct tgv_limit_states *s, const struct tgv_proposal *q, const double *u,
                          const double *g, size_t batch, struct sums *t)
{
  const size_t d = s->dimension;
  double       h[TGV_PARTS_MAX], square = 0, mix = 0, w;
  unsigned     violated = 0;

  for (size_t k = 0; k < s->count; k++) violated += g[k] <= 0;
  if (!violated) return;
  for (size_t i = 0; i < d; i++) square += u[i] * u[i];
  for (size_t k = 0; k < q->count; k++)
    mix += h[k] = q->part[k].weight * over_normal(&q->part[k], d, u, square);
  w = 1 / mix;
  t->any[batch] += w;
  t->weight += w, t->weight2 += w * w;
  for (size_t k = 0; k < s->count; k++) {
    if (g[k] > 0) continue;
    t->p[batch][k] += w;
    t->share[k] += w / violated;
    for (size_t i = 0; i < q->count; i++) t->use[i][k] += w * h[i] / mix;
  }
}

static void run_part(const struct tgv_limit_states *s, const struct tgv_proposal *q, size_t part,
                     struct slice slice, const struct tgv_sample_source *source, struct sums *t)
{
  double *u = tgv_allocate(TGV_BLOCK * (s->dimension + s->count), sizeof *u),
         *g = u + TGV_BLOCK * s->dimension;

  for (; slice.first < slice.total; slice.first += TGV_BLOCK) {
    slice.n = slice.total - slice.first < TGV_BLOCK ? slice.total - slice.first : TGV_BLOCK;
    draw(&q->part[part], s->dimension, source, &slice, u);
    s->g(s->context, slice.n, u, g);
    for (size_t j = 0; j < slice.n; j++)
      count_failure(s, q, u + j * s->dimension, g + j * s->count, (slice.first + j) % TGV_BATCHES, t);
  }
  free(u);
}

/* Mean of the batches and its standard error; batch b at values[b * stride], to be divided by n /
 * TGV_BATCHES. */
static void average(const double *values, size_t stride, double n, double *mean, double *error)
{
  double sum = 0, square = 0;

  for (size_t b = 0; b < TGV_BATCHES; b++) sum += values[b * stride];
  for (size_t b = 0; b < TGV_BATCHES; b++) square += pow(values[b * stride] - sum / TGV_BATCHES, 2);
  *mean = sum / n;
  *error = sqrt(square * TGV_BATCHES / (TGV_BATCHES - 1)) / n;
}

void tgv_importance_run(const struct tgv_limit_states *s, const struct tgv_proposal *q, size_t n,
                        const struct tgv_sample_source *source, struct tgv_importance *out)
{
  struct tgv_proposal drawn = *q;
  struct sums         t = {0};
  size_t              count[TGV_PARTS_MAX], total = 0, offset = 0;
  double              all;

  TGV_BUG_IF(q->count == 0 || q->dimension != s->dimension);
  memset(out, 0, sizeof *out);
  for (size_t k = 0; k < q->count; k++)
    total += count[k] = (size_t)ceil(q->part[k].weight * (double)n / TGV_BATCHES) * TGV_BATCHES;
  for (size_t k = 0; k < q->count; k++) drawn.part[k].weight = (double)count[k] / (double)total;
  for (size_t k = 0; k < q->count; offset += count[k++])
    run_part(s, &drawn, k, (struct slice){.offset = offset, .total = count[k]}, source, &t);
  all = (double)total;
  out->n = total;
  average(t.any, 1, all, &out->any, &out->any_error);
  out->effective = t.weight2 > 0 ? t.weight * t.weight / t.weight2 : 0;
  for (size_t i = 0; i < s->count; i++) {
    double matters;

    average(&t.p[0][i], TGV_LIMIT_STATES_MAX, all, &out->p[i], &out->error[i]);
    out->share[i] = t.share[i] / all;
    matters =
        out->p[i] > 0 && (q->focus == SIZE_MAX || q->focus == i) ? 1 / (out->p[i] + 0.01 * out->any) : 0;
    for (size_t k = 0; k < q->count; k++) out->use[k] += t.use[k][i] / all * matters;
  }
}

void tgv_proposal_adapt(struct tgv_proposal *q, const struct tgv_importance *seen, double reserve)
{
  double sum = 0;

  for (size_t k = 0; k < q->count; k++) sum += seen->use[k];
  if (!(sum > 0)) return; /* nothing failed: nothing learnt */
  for (size_t k = 0; k < q->count; k++) q->part[k].weight = seen->use[k];
  tgv_proposal_weigh(q, reserve);
}

void tgv_proposal_prune(struct tgv_proposal *q, double least)
{
  size_t kept = 0, heaviest = 0;

  for (size_t k = 1; k < q->count; k++)
    if (q->part[k].weight > q->part[heaviest].weight) heaviest = k;
  for (size_t k = 0; k < q->count; k++)
    if (k == heaviest || q->part[k].weight >= least || q->part[k].kind == TGV_PART_RADIAL)
      q->part[kept++] = q->part[k];
  q->count = kept;
  tgv_proposal_weigh(q, 0);
}
