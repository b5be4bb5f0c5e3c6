#include "factory/yield_design.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"
#include "model/streams.h"

#define RESIDUAL_FINE 0.06 /* of ln p, with which a fit is taken */
#define RESIDUAL_GAIN 0.85 /* what a costlier fit must at least reach of the residual */

enum { STREAM_DESIGN = 0, STREAM_RESPONSE = 2 }; /* after TGV_STREAM_RARE; the second takes 34 */

/* ---- the axes */

static void find_axes(const struct tgv_via_limits *l, const struct tgv_variation *v, struct tgv_fit_axes *a)
{
  const struct tgv_panel *panel = l->flow->panel;

  a->radius = 0.5 * (panel->round ? panel->width : hypot(panel->width, panel->height));
  for (size_t i = 0; i < tgv_variation_count(v); i++) {
    const struct tgv_spread *s = tgv_variation_spread(v, i);
    const double             sigma = tgv_spread_correlated(s);
    const double trend = fabs(s->trend_x) + fabs(s->trend_y) + fabs(s->trend_xy) + fabs(s->radial) +
                         fabs(s->edge) + fabs(s->scan_shape) + s->map;

    if (sigma + trend > 0)
      a->axis[a->count++] = (struct tgv_fit_axis){s->input, s->nominal, sigma + trend, sigma};
  }
}

/* A via of the design: base inputs at a place. */
struct spot {
  double base[TGV_INPUT_MAX], x, y;
};

static double draw(const struct tgv_response_plan *plan, uint64_t i)
{
  return tgv_random_normal(plan->key, TGV_STREAM_RARE + STREAM_DESIGN, i);
}

/* The i-th random place with a random correlated part, `inflation` times as wide as it is. */
static struct spot spot_at(const struct tgv_response *r, const struct tgv_variation *v,
                           const struct tgv_response_plan *plan, uint64_t i, double inflation)
{
  const double uniform = tgv_random_uniform(plan->key, TGV_STREAM_RARE + STREAM_DESIGN + 1, i);
  const double(*place)[2] = plan->places.at + (size_t)(uniform * (double)plan->places.n);
  struct spot s = {.x = (*place)[0], .y = (*place)[1]};

  for (int k = 0; k < tgv_input_count(); k++) s.base[k] = tgv_nominal(r->limits->flow->project, k);
  for (size_t a = 0; a < r->axes.count; a++) {
    const struct tgv_fit_axis *axis = &r->axes.axis[a];

    s.base[axis->input] = tgv_variation_mean_at(v, axis->input, s.x, s.y) +
                          inflation * axis->sigma * draw(plan, i * TGV_INPUT_MAX + a);
  }
  return s;
}

static struct tgv_via_point point_of(const struct tgv_via_limits *l, const struct spot *s,
                                     struct tgv_block *b)
{
  return (struct tgv_via_point){l, l->moved, l->nugget, l->nugget_count, s->base, s->x, s->y, b};
}

/* Moves the spot along the local gradient of the margin of state k, in standard deviations of the correlated part, until the margin
   is `target`; stops after 8 standard deviations in all. Returns the margin that was reached. */
static double move_to(const struct tgv_response *r, struct spot *s, size_t k, double target,
                      struct tgv_block *b)
{
  const struct tgv_via_limits *l = r->limits;
  struct tgv_normal_term       term[TGV_INPUT_MAX];
  struct tgv_via_point         at = {l, l->moved, term, 0, s->base, s->x, s->y, b};
  struct tgv_limit_states      states;
  double u[(2 * TGV_INPUT_MAX + 1) * TGV_INPUT_MAX], g[(2 * TGV_INPUT_MAX + 1) * TGV_LIMIT_STATES_MAX];
  double gone = 0, margin = NAN, apart = INFINITY, longest = 1.5;

  for (size_t a = 0; a < r->axes.count; a++)
    if (r->axes.axis[a].sigma > 0)
      term[at.term_count++] = (struct tgv_normal_term){r->axes.axis[a].input, r->axes.axis[a].sigma, NULL};
  states = tgv_via_states(&at);
  for (int step = 0;; step++) {
    const size_t d = states.dimension;
    double       slope[TGV_INPUT_MAX], square = 0, length;

    memset(u, 0, sizeof u);
    for (size_t i = 0; i < 2 * d; i++) u[(i + 1) * d + i / 2] = i % 2 ? -0.1 : 0.1;
    states.g(states.context, 2 * d + 1, u, g);
    margin = g[k];
    for (size_t i = 0; i < d; i++) {
      slope[i] = (g[(2 * i + 1) * l->moved + k] - g[(2 * i + 2) * l->moved + k]) / 0.2;
      square += slope[i] * slope[i];
    }
    if (fabs(target - margin) < 0.05 || !(square > 0) || gone >= 8 || step == 16) return margin;
    if (fabs(target - margin) >= apart) longest *= 0.3; /* stepped over a top */
    apart = fabs(target - margin);
    length = fmin(fmin(apart / sqrt(square), longest), 8 - gone);
    gone += length;
    for (size_t i = 0; i < d; i++)
      s->base[term[i].input] += copysign(length, target - margin) * slope[i] / sqrt(square) * term[i].sigma;
  }
}

/* ---- what a cause depends on */

/* Changes one input after the other at random vias and looks which margins move. */
static void find_dependence(struct tgv_response *r, const struct tgv_variation *v,
                            const struct tgv_response_plan *plan, struct tgv_block *b)
{
  enum { TRIALS = 24 };
  const struct tgv_via_limits *l = r->limits;
  double                       here[TGV_LIMIT_STATES_MAX], there[TGV_LIMIT_STATES_MAX];

  for (size_t a = 0; a <= r->axes.count; a++) { /* the last is the place */
    bool moves[TGV_LIMIT_STATES_MAX] = {0};

    for (uint64_t i = 0; i < TRIALS; i++) {
      struct spot          s = spot_at(r, v, plan, i, 1), t = s, other = spot_at(r, v, plan, i + TRIALS, 1);
      struct tgv_via_point at;

      if (a < r->axes.count)
        t.base[r->axes.axis[a].input] += (i % 2 ? 1 : -1) * r->axes.axis[a].scale;
      else
        t.x = other.x, t.y = other.y;
      at = point_of(l, &s, b);
      tgv_via_point_margins(&at, here);
      at = point_of(l, &t, b);
      tgv_via_point_margins(&at, there);
      for (size_t k = 0; k < l->moved; k++) moves[k] |= fabs(here[k] - there[k]) > 1e-4;
    }
    for (size_t k = 0; k < l->moved; k++) {
      if (a < r->axes.count && moves[k]) r->fit[k].axis[r->fit[k].axis_count++] = a;
      if (a == r->axes.count) r->fit[k].place = moves[k];
    }
  }
}

/* Which nuggets move which margins, at random vias. */
static void find_probes(struct tgv_response *r, const struct tgv_variation *v,
                        const struct tgv_response_plan *plan, struct tgv_block *b)
{
  enum { TRIALS = 8 };
  const struct tgv_via_limits *l = r->limits;
  double u[(TGV_INPUT_MAX + 1) * TGV_INPUT_MAX], g[(TGV_INPUT_MAX + 1) * TGV_LIMIT_STATES_MAX];

  for (uint64_t trial = 0; trial < TRIALS; trial++) {
    const struct spot             s = spot_at(r, v, plan, trial, 1);
    struct tgv_via_point          at = point_of(l, &s, b);
    const struct tgv_limit_states states = tgv_via_states(&at);
    const size_t                  d = states.dimension;

    if (d == 0) return;
    memset(u, 0, sizeof u);
    for (size_t i = 0; i < d; i++) u[(i + 1) * d + i] = trial % 2 ? 1 : -1;
    states.g(states.context, d + 1, u, g);
    for (size_t i = 0; i < d; i++)
      for (size_t k = 0; k < l->moved; k++)
        r->probed[k][i] |= fabs(g[(i + 1) * l->moved + k] - g[k]) > 0x1p-10;
  }
}

void tgv_slope_add(struct tgv_slope *s, double margin, double plus, double minus)
{
  const double central = (plus - minus) / (2 * TGV_PROBE), drop = (margin - fmin(plus, minus)) / TGV_PROBE;

  s->square += central * central;
  s->drop = fmax(s->drop, drop);
}

double tgv_slope_divide(const struct tgv_slope *s, double margin)
{
  return margin / fmax(fmax(sqrt(s->square), s->drop), TGV_SLOPE_LEAST);
}

/* Margin of state k at a spot, and the margin over its local slope. */
static void coordinates(const struct tgv_response *r, const struct spot *s, size_t k, struct tgv_block *b,
                        double out[2])
{
  const struct tgv_via_limits  *l = r->limits;
  struct tgv_via_point          at = point_of(l, s, b);
  const struct tgv_limit_states states = tgv_via_states(&at);
  const size_t                  d = states.dimension;
  struct tgv_slope              slope = {0, 0};
  double u[(2 * TGV_INPUT_MAX + 1) * TGV_INPUT_MAX], g[(2 * TGV_INPUT_MAX + 1) * TGV_LIMIT_STATES_MAX];

  memset(u, 0, sizeof u);
  for (size_t i = 0; i < 2 * d; i++) u[(i + 1) * d + i / 2] = i % 2 ? -TGV_PROBE : TGV_PROBE;
  states.g(states.context, 2 * d + 1, u, g);
  for (size_t i = 0; i < d; i++)
    if (r->probed[k][i])
      tgv_slope_add(&slope, g[k], g[(2 * i + 1) * l->moved + k], g[(2 * i + 2) * l->moved + k]);
  out[0] = g[k];
  out[1] = tgv_slope_divide(&slope, g[k]);
}

/* ---- the design */

static double index_of(double p)
{
  return p > 0 ? gsl_cdf_ugaussian_Qinv(fmin(p, 1 - 0x1p-40)) : (double)INFINITY;
}

static double beta_at(const struct tgv_response *r, const struct tgv_response_plan *plan,
                      const struct spot *s, size_t k, struct tgv_block *b)
{
  const struct tgv_response_sampling how = {
      plan->samples, k, {plan->key, TGV_STREAM_RARE + STREAM_RESPONSE, 0}};
  struct tgv_via_point  at = point_of(r->limits, s, b);
  struct tgv_importance seen;

  tgv_response_direct(&at, &how, &seen);
  return index_of(seen.p[k]);
}

/* Adds a node where the response is above what matters; false: no farther. */
static bool add_node(struct tgv_response *r, const struct tgv_response_plan *plan, size_t k,
                     const struct spot *s, double margin, struct tgv_block *b)
{
  struct tgv_fit *f = &r->fit[k];
  const double    beta = beta_at(r, plan, s, k, b);

  if (isinf(beta)) return false;
  f->node_margin[f->node_count] = margin;
  f->node_beta[f->node_count++] = beta;
  r->cause[k].least = fmin(r->cause[k].least, beta);
  return beta < TGV_BETA_NEGLIGIBLE + 0.2;
}

/* The table of cause k: from the middle of the correlated parts along the gradient to given margins, and to the largest one that
   there is. */
static void make_table(struct tgv_response *r, const struct tgv_variation *v,
                       const struct tgv_response_plan *plan, size_t k, struct tgv_block *b)
{
  static const double grid[] = {-3,   -2,   -1,   0,    1,    1.5,  2,    2.5,  3,    3.5,  4,
                                4.5,  5,    5.25, 5.5,  5.75, 6,    6.25, 6.5,  6.75, 7,    7.25,
                                7.5,  7.75, 8,    8.25, 8.5,  8.75, 9,    9.25, 9.5,  9.75, 10,
                                10.5, 11,   12,   15,   20,   30,   50,   100,  200,  500};
  struct tgv_fit     *f = &r->fit[k];
  struct spot         s;
  double              margin = 0;

  r->cause[k].least = INFINITY;
  for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) {
    s = spot_at(r, v, plan, 0, 0.3); /* off the middle, where some gradients vanish */
    margin = move_to(r, &s, k, grid[i], b);
    if (f->node_count > 0 && margin < f->node_margin[f->node_count - 1] + 0.1) continue; /* out of reach */
    if (!add_node(r, plan, k, &s, margin, b)) return;
  }
  if (f->node_count > 0 && margin > f->node_margin[f->node_count - 1] + 0.02)
    (void)add_node(r, plan, k, &s, margin, b);
}

static double weight_of(double beta)
{
  return !isfinite(beta) || beta < -2 ? 0 : beta < 1 ? 0.1 : 1;
}

static void make_point(const struct tgv_response *r, const struct tgv_variation *v,
                       const struct tgv_response_plan *plan, size_t k, size_t i, struct tgv_fit_point *out)
{
  const struct tgv_fit *f = &r->fit[k];
  struct tgv_block     *b = tgv_block_new();
  struct spot           s = spot_at(r, v, plan, 1000 + i, 1.3);
  double                both[2];

  if (f->node_count > 1) {
    const double most = fmin(9, f->node_beta[f->node_count - 1] + 0.3);
    double       t = -1.5 + (most + 1.5) * ((double)i + 0.5) / (double)r->cause[k].points;

    move_to(r, &s, k, tgv_fit_margin(f, t), b);
  }
  coordinates(r, &s, k, b, both);
  out->margin = both[0], out->steep = both[1];
  out->beta = both[0] > f->node_margin[f->node_count - 1] + 2 ? (double)INFINITY : beta_at(r, plan, &s, k, b);
  out->weight = weight_of(out->beta);
  out->place = (s.x * s.x + s.y * s.y) / (r->axes.radius * r->axes.radius);
  for (size_t a = 0; a < r->axes.count; a++)
    out->w[a] = (s.base[r->axes.axis[a].input] - r->axes.axis[a].centre) / r->axes.axis[a].scale;
  tgv_block_free(b);
}

/* Root mean square of ln(p / fit) of the points that count. */
static double residual_of(const struct tgv_fit *f, const struct tgv_fit_point *points, size_t n)
{
  double sum = 0, weight = 0;

  for (size_t i = 0; i < n; i++) {
    double beta;

    if (!(points[i].weight > 0.5)) continue;
    beta = tgv_fit_beta(
        f, &(struct tgv_fit_via){points[i].margin, points[i].steep, points[i].place, points[i].w});
    sum += pow(log(gsl_cdf_ugaussian_Q(points[i].beta) / gsl_cdf_ugaussian_Q(beta)), 2);
    weight++;
  }
  return weight > 0 ? sqrt(sum / weight) : 0;
}

/* The nuggets that are needed for the local slope of a margin. */
static void need_probes(struct tgv_response *r, size_t k)
{
  for (size_t i = 0; i < r->limits->nugget_count; i++) {
    bool known = !r->probed[k][i];

    for (size_t q = 0; q < r->probe_count; q++) known |= r->probe[q] == i;
    if (!known) r->probe[r->probe_count++] = i;
  }
}

/* Fits over the margin; if that is not good enough, with the margin over its local slope beside it, which costs more to evaluate. */
static tgv_status solve(struct tgv_response *r, size_t k, const struct tgv_fit_point *points, size_t n)
{
  struct tgv_response_cause *c = &r->cause[k];
  struct tgv_fit            *f = &r->fit[k];
  double                     other;

  TGV_TRY(tgv_fit_solve(f, points, n));
  c->residual = residual_of(f, points, n);
  if (c->residual > RESIDUAL_FINE) {
    f->steep = true;
    TGV_TRY(tgv_fit_solve(f, points, n));
    other = residual_of(f, points, n);
    f->steep = other < RESIDUAL_GAIN * c->residual;
    if (!f->steep) TGV_TRY(tgv_fit_solve(f, points, n));
    if (f->steep) need_probes(r, k), c->residual = other;
  }
  c->points = n;
  c->features = f->feature_count;
  return TGV_OK;
}

tgv_status tgv_design_fit(struct tgv_response *r, const struct tgv_variation *v,
                          const struct tgv_response_plan *plan, size_t k)
{
  struct tgv_response_cause *c = &r->cause[k];
  struct tgv_block          *b = tgv_block_new();
  struct tgv_fit_point      *points, *kept;
  size_t                     n = 0;
  double                     wanted = 2.5 * (double)tgv_fit_features(&r->fit[k]);
  tgv_status_code            status;

  make_table(r, v, plan, k, b);
  tgv_block_free(b);
  c->used = c->least < TGV_BETA_NEGLIGIBLE;
  if (!c->used) return TGV_OK;
  c->points = (size_t)fmin(TGV_FIT_POINTS_MOST, fmax(TGV_FIT_POINTS_LEAST, wanted));
  points = tgv_allocate(c->points, sizeof *points);
  kept = tgv_allocate(c->points, sizeof *kept);
#pragma omp parallel for schedule(dynamic)
  for (size_t i = 0; i < c->points; i++) make_point(r, v, plan, k, i, &points[i]);
  for (size_t i = 0; i < c->points; i++)
    if (points[i].weight > 0) kept[n++] = points[i];
  status = solve(r, k, kept, n);
  free(points), free(kept);
  return status;
}

void tgv_design_axes(struct tgv_response *r, const struct tgv_variation *v,
                     const struct tgv_response_plan *plan)
{
  struct tgv_block *b = tgv_block_new();

  find_axes(r->limits, v, &r->axes);
  find_dependence(r, v, plan, b);
  find_probes(r, v, plan, b);
  tgv_block_free(b);
}
