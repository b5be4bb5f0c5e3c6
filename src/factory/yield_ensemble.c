/** # The ensemble of panels

## Model
Every panel of the ensemble belongs to a lot of its own. Its lot and panel terms are normal numbers, its scan and random fields a
realisation of the variation, its defects a realisation of theirs. Each unit is evaluated at its sites.

Lots that lose units can be rare while they decide the yield. So a part of the panels is drawn about design points: for each cause
the most probable lot and panel terms with which a unit begins to fail, from the first-order search in the space of the
correlated terms. With $q = \sum_m w_m\,N(\mu_m, I)$, $\mu_0 = 0$, $w_0 = 0.4$ at least, a panel has the weight
$\phi/q \le 2.5$, and
$$ E[f] \approx \frac1R \sum_r w_r f_r, \qquad \mathrm{Var} = \sum_m \frac{n_m s_m^2}{R^2}, $$
with $s_m^2$ the variance within a part of the proposal. As the mean weight is known to be 1, it serves as a control variate: $w_r f_r$ is
replaced by $w_r f_r - \beta (w_r - 1)$ with the $\beta$ of least variance, so that a loss that all lots have in common is exact. $\beta$ is
linear in $f$: losses by cause still add up.

The place within each site moves from panel to panel (a low-discrepancy sequence), so what varies within a site is averaged over.

## Valid for
Any number of panels; the standard error says how good it is.

## Neglects
Panels of one lot have their lot terms in common; here every panel has a lot of its own, which does not change the mean yield.

## Source
Our own; mixture importance sampling: E. Veach, L. J. Guibas, SIGGRAPH 1995, 419.

## Verified by
tests/unit/test_yield_stage.c: against the exact answer where the field is constant in the unit, rare lots against plain
sampling with many panels. */
#include "factory/yield_ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/streams.h"
#include "solver/design_point.h"

enum { FIRST_LOT = 1000001 }; /* beyond the lots that a project can simulate via by via */

/* ---- the proposal of the lots */

/* Limit state: a cause has reached the margin at which units begin to fail. */
struct threshold {
  struct tgv_via_point at;
  size_t               cause;
  double               margin;
};

static void over_threshold(void *context, size_t n, const double *u, double *out)
{
  struct threshold             *t = context;
  const struct tgv_limit_states s = tgv_via_states(&t->at);
  double                        g[TGV_BLOCK * TGV_LIMIT_STATES_MAX];

  s.g(s.context, n, u, g);
  for (size_t j = 0; j < n; j++) out[j] = g[j * s.count + t->cause] - t->margin;
}

/* The via fail probability at which a unit has a fair chance to fail by one of its groups of the kind. */
static double critical_probability(const struct tgv_unit_model *m, size_t kind)
{
  double least = 1;

  for (size_t g = 0; g < m->group_count; g++) {
    const struct tgv_via_group *from = &m->flow->package->group[g];
    double                      p = M_LN2 / m->group[g].vias;

    if (m->group[g].kind != kind) continue;
    if (m->group[g].rule == TGV_RULE_FRACTION) p = m->group[g].bearable / m->group[g].vias;
    if (m->group[g].rule == TGV_RULE_SPARES)
      p = 0.5 * (double)(from->lanes - from->lanes_needed + 1) / (double)(from->lanes * from->lane_vias);
    least = fmin(least, p);
  }
  return fmin(fmax(least, 0x1p-50), 0.5);
}

/* The design point of a cause over some places of the panel; in lot and panel terms: `shift`. Returns its distance in all terms. */
static double find_shift(const struct tgv_unit_model *m, const struct tgv_variation *full,
                         struct threshold *t, const struct tgv_lot_proposal *q, double *shift)
{
  enum { PLACES = 12 };
  double                  base[TGV_INPUT_MAX], least = INFINITY;
  struct tgv_normal_term  term[TGV_INPUT_MAX];
  struct tgv_limit_states s = {.count = 1, .g = over_threshold, .context = t, .step = 0.05, .reach = 8};
  size_t                  calls = 0;

  t->at.term = term, t->at.base = base;
  t->at.term_count = 0;
  for (size_t i = 0; i < tgv_variation_count(full); i++) {
    const struct tgv_spread *spread = tgv_variation_spread(full, i);
    double                   sigma = tgv_spread_correlated(spread);

    if (sigma > 0) term[t->at.term_count++] = (struct tgv_normal_term){spread->input, sigma, NULL};
  }
  s.dimension = t->at.term_count;
  for (size_t i = 0; i < PLACES && s.dimension > 0; i++) {
    const size_t            unit = i * m->flow->panel->unit_count / PLACES, site = i * 7 % m->sites.count;
    struct tgv_design_point d = {0};

    tgv_panel_position(m->flow->panel, unit, m->sites.site[site].x0, m->sites.site[site].y0, &t->at.x,
                       &t->at.y);
    for (int k = 0; k < tgv_input_count(); k++) base[k] = tgv_nominal(m->flow->project, k);
    for (size_t k = 0; k < s.dimension; k++)
      base[term[k].input] = tgv_variation_mean_at(full, term[k].input, t->at.x, t->at.y);
    if (!tgv_design_point_find(&s, 0, &d, &calls) || fabs(d.beta) >= fabs(least)) continue;
    least = d.beta;
    for (size_t a = 0; a < q->axis_count; a++)
      for (size_t k = 0; k < s.dimension; k++)
        if (term[k].input == q->axis[a].input) shift[a] = d.u[k] * q->axis[a].sigma / term[k].sigma;
  }
  return least;
}

static double length(const double *a, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++) sum += a[i] * a[i];
  return sqrt(sum);
}

/* Adds a part unless there is one in nearly the same place. */
static void add_shift(struct tgv_lot_proposal *q, const double *shift)
{
  double apart[TGV_INPUT_MAX];

  for (size_t m = 0; m < q->part_count; m++) {
    for (size_t a = 0; a < q->axis_count; a++) apart[a] = shift[a] - q->shift[m][a];
    if (length(apart, q->axis_count) < 0.7) return;
  }
  if (q->part_count == TGV_LOT_PARTS_MAX) return;
  memcpy(q->shift[q->part_count++], shift, q->axis_count * sizeof *shift);
}

void tgv_lot_proposal_find(const struct tgv_unit_model *m, const struct tgv_variation *full,
                           struct tgv_lot_proposal *out)
{
  struct tgv_block *b = tgv_block_new();

  memset(out, 0, sizeof *out);
  out->part_count = 1;
  for (size_t i = 0; i < tgv_variation_count(full); i++) {
    const struct tgv_spread *s = tgv_variation_spread(full, i);

    if (s->lot > 0 || s->panel > 0)
      out->axis[out->axis_count++] = (struct tgv_lot_axis){s->input, hypot(s->lot, s->panel)};
  }
  for (size_t i = 0; i < m->base_kinds && out->axis_count > 0; i++) {
    const struct tgv_unit_kind *kind = &m->kind[i];
    const double                beta = gsl_cdf_ugaussian_Qinv(critical_probability(m, i));

    for (size_t k = 0; k < kind->limits.count; k++) {
      struct threshold t = {.at = {.limits = &kind->limits, .states = kind->limits.count, .block = b},
                            .cause = k};
      double           shift[TGV_INPUT_MAX] = {0};

      if (!tgv_response_cause_info(kind->response, k)->used) continue;
      t.margin = tgv_response_margin(kind->response, k, beta);
      if (find_shift(m, full, &t, out, shift) < 6) add_shift(out, shift);
    }
  }
  out->share[0] = out->part_count > 1 ? 0.4 : 1;
  for (size_t i = 1; i < out->part_count; i++) out->share[i] = 0.6 / (double)(out->part_count - 1);
  tgv_block_free(b);
}

/* ---- drawing */

/* Part r of the proposal, taken in turn according to the shares (the part that lags most behind its share). */
static void choose_parts(const struct tgv_lot_proposal *q, size_t panels, size_t *part)
{
  double taken[TGV_LOT_PARTS_MAX] = {0};

  for (size_t r = 0; r < panels; r++) {
    size_t best = 0;

    for (size_t m = 1; m < q->part_count; m++)
      if (q->share[m] * (double)(r + 1) - taken[m] > q->share[best] * (double)(r + 1) - taken[best]) best = m;
    part[r] = best;
    taken[best]++;
  }
}

static double density_ratio(const struct tgv_lot_proposal *q, const double *count, const double *z,
                            double panels)
{
  double mix = 0;

  for (size_t m = 0; m < q->part_count; m++) {
    double along = 0, square = 0;

    for (size_t a = 0; a < q->axis_count; a++)
      along += q->shift[m][a] * z[a], square += pow(q->shift[m][a], 2);
    mix += count[m] / panels * exp(along - 0.5 * square);
  }
  return 1 / mix;
}

static void draw_lots(const struct tgv_ensemble_source *s, struct tgv_ensemble *e)
{
  const struct tgv_lot_proposal *q = s->proposal;
  double                         count[TGV_LOT_PARTS_MAX] = {0};

  choose_parts(q, e->panels, e->part);
  for (size_t r = 0; r < e->panels; r++) count[e->part[r]]++;
  for (size_t r = 0; r < e->panels; r++) {
    double *z = e->draw + r * TGV_INPUT_MAX;

    for (size_t a = 0; a < q->axis_count; a++)
      z[a] = q->shift[e->part[r]][a] +
             tgv_random_normal(s->options.key, TGV_STREAM_ENSEMBLE + (uint32_t)q->axis[a].input, r);
    e->weight[r] = density_ratio(q, count, z, (double)e->panels);
  }
}

tgv_status tgv_ensemble_realise(const struct tgv_ensemble_source *s, size_t r, struct tgv_realisation **out)
{
  return tgv_realisation_new(s->variation, s->options.seed, (uint32_t)(FIRST_LOT + r), 1, out);
}

void tgv_ensemble_unit(const struct tgv_ensemble_source *s, const struct tgv_ensemble *e, size_t r, size_t u,
                       const struct tgv_realisation *now, struct tgv_unit_state *state)
{
  const size_t n = s->model->sites.count;

  tgv_unit_place(s->model, u, (uint32_t)r, state);
  for (int k = 0; k < tgv_input_count(); k++) {
    double *value = state->input + (size_t)k * n, term = 0;

    for (size_t a = 0; a < s->proposal->axis_count; a++)
      if (s->proposal->axis[a].input == k) term = s->proposal->axis[a].sigma * e->draw[r * TGV_INPUT_MAX + a];
    for (size_t i = 0; i < n; i++) value[i] = term + tgv_realisation_at(now, k, state->x[i], state->y[i]);
  }
  tgv_unit_evaluate(s->model, state);
}

/* ---- the panels */

static void count_unit(const struct tgv_unit_model *m, struct tgv_ensemble *e, size_t at,
                       const struct tgv_unit_state *s, const struct tgv_strike *d)
{
  const bool   warped = m->ttv > 0 && s->thick - s->thin > m->ttv;
  const double ttv = warped ? TGV_FAULTS_MOST : 0, all = s->faults + d->faults + ttv, loss = -expm1(-all);
  const size_t r = at / e->units;
  double      *by = e->cause_loss + r * TGV_LOSS_COUNT;

  e->faults[at] = s->faults + ttv, e->struck[at] = d->faults, e->kills[at] = d->kills;
  e->vital[at] = exp(-all) * s->faults;
  e->loss[at] = loss;
  e->unit_failed[at] = s->failed;
  e->events[at] = s->events + d->events + (warped ? 1 : 0);
  for (int k = 0; k < TGV_CAUSE_COUNT; k++) e->failed[r * TGV_CAUSE_COUNT + (size_t)k] += s->failed_by[k];
  if (!(all > 0)) return;
  for (int k = 0; k < TGV_CAUSE_COUNT; k++) by[k] += loss * s->cause[k] / all;
  by[TGV_CAUSE_defect] += loss * d->faults / all;
  by[TGV_LOSS_TTV] += loss * ttv / all;
  for (size_t g = 0; g < e->groups; g++) e->group_loss[r * e->groups + g] += loss * s->group_faults[g] / all;
}

static tgv_status make_panel(const struct tgv_ensemble_source *s, struct tgv_ensemble *e, size_t r,
                             struct tgv_unit_state *state)
{
  const struct tgv_flow  *f = s->model->flow;
  struct tgv_realisation *now;
  struct tgv_defect_map  *map;

  TGV_TRY(tgv_ensemble_realise(s, r, &now));
  tgv_status_code status =
      tgv_defect_map_new(f->project, f->panel, s->options.seed, (uint32_t)(FIRST_LOT + r), 1, &map);

  for (size_t u = 0; u < e->units && !status; u++) {
    struct tgv_strike strike = {0};

    tgv_ensemble_unit(s, e, r, u, now, state);
    if (tgv_defect_count(map) > 0) tgv_unit_strike(s->model, state, u, map, &strike);
    count_unit(s->model, e, r * e->units + u, state, &strike);
  }
  if (!status) tgv_defect_map_free(map);
  tgv_realisation_free(now);
  return status;
}

static tgv_status make_panels(const struct tgv_ensemble_source *s, struct tgv_ensemble *e)
{
  struct tgv_progress progress;
  tgv_status_code     status = TGV_OK;
  size_t              done = 0;
  char               *message = NULL; /* messages are kept per thread */

  tgv_progress_begin(&progress, "yield", (double)e->panels);
#pragma omp parallel
  {
    struct tgv_unit_state *state = tgv_unit_state_new(s->model);

#pragma omp for schedule(dynamic)
    for (size_t r = 0; r < e->panels; r++) {
      tgv_status_code mine = TGV_OK;
      bool            stop;

#pragma omp critical(yield_ensemble)
      stop = status != TGV_OK || tgv_interrupted();

      if (!stop) mine = make_panel(s, e, r, state);
#pragma omp critical(yield_ensemble)
      {
        if (mine && !status) status = mine, message = tgv_text_copy(tgv_error_message());
        tgv_progress_report(&progress, (double)++done);
      }
    }
    tgv_unit_state_free(state);
  }
  tgv_progress_end(&progress);
  if (message) tgv_error_set("%s", message);
  free(message);
  if (!status && tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "the yield analysis was stopped");
  return status;
}

tgv_status tgv_ensemble_new(const struct tgv_ensemble_source *s, struct tgv_ensemble **out)
{
  struct tgv_ensemble *e = tgv_allocate(1, sizeof *e);
  const size_t         panels = s->options.panels, units = s->model->flow->panel->unit_count;
  tgv_status_code      status;

  e->panels = panels, e->units = units, e->groups = s->model->group_count;
  e->weight = tgv_allocate(panels, sizeof *e->weight);
  e->part = tgv_allocate(panels, sizeof *e->part);
  e->faults = tgv_allocate(7 * panels * units, sizeof *e->faults);
  e->struck = e->faults + panels * units;
  e->kills = e->struck + panels * units;
  e->vital = e->kills + panels * units;
  e->loss = e->vital + panels * units;
  e->unit_failed = e->loss + panels * units;
  e->events = e->unit_failed + panels * units;
  e->failed = tgv_allocate(panels * TGV_CAUSE_COUNT, sizeof *e->failed);
  e->cause_loss = tgv_allocate(panels * TGV_LOSS_COUNT, sizeof *e->cause_loss);
  e->group_loss = tgv_allocate(panels * e->groups, sizeof *e->group_loss);
  e->draw = tgv_allocate(panels * TGV_INPUT_MAX, sizeof *e->draw);
  draw_lots(s, e);
  status = make_panels(s, e);
  if (status)
    tgv_ensemble_free(e);
  else
    *out = e;
  return status;
}

void tgv_ensemble_free(struct tgv_ensemble *e)
{
  if (!e) return;
  free(e->weight), free(e->part), free(e->faults), free(e->failed), free(e->cause_loss), free(e->group_loss);
  free(e->draw), free(e);
}

/* Moments of y and x over the panels of each part: x = weight, y = weight times value. */
struct part_moments {
  double n, x, y, xx, xy, yy; /* means; sums of squares and products about them */
};

static void find_moments(const struct tgv_ensemble *e, const double *values, struct part_moments *m)
{
  for (size_t r = 0; r < e->panels; r++) {
    struct part_moments *p = &m[e->part[r]];

    p->n++, p->x += e->weight[r], p->y += e->weight[r] * values[r];
  }
  for (size_t k = 0; k < TGV_LOT_PARTS_MAX; k++)
    if (m[k].n > 0) m[k].x /= m[k].n, m[k].y /= m[k].n;
  for (size_t r = 0; r < e->panels; r++) {
    struct part_moments *p = &m[e->part[r]];
    const double         x = e->weight[r] - p->x, y = e->weight[r] * values[r] - p->y;

    p->xx += x * x, p->xy += x * y, p->yy += y * y;
  }
}

/* Mean of y - slope (x - 1). */
static struct tgv_estimate mean_with(const struct tgv_ensemble *e, const struct part_moments *m, double slope)
{
  const double        all = (double)e->panels;
  struct tgv_estimate out = {.mean = slope};

  for (size_t k = 0; k < TGV_LOT_PARTS_MAX; k++) {
    out.mean += m[k].n / all * (m[k].y - slope * m[k].x);
    if (m[k].n < 2) continue;
    out.error += fmax(0, m[k].yy - 2 * slope * m[k].xy + slope * slope * m[k].xx) / (m[k].n - 1) * m[k].n /
                 (all * all);
    out.freedom += m[k].n - 1;
  }
  out.error = sqrt(out.error);
  out.freedom = fmax(1, out.freedom - (slope != 0));
  return out;
}

struct tgv_estimate tgv_ensemble_mean(const struct tgv_ensemble *e, const double *values)
{
  struct part_moments m[TGV_LOT_PARTS_MAX] = {{0}};
  double              xx = 0, xy = 0;
  struct tgv_estimate out;

  find_moments(e, values, m);
  for (size_t k = 0; k < TGV_LOT_PARTS_MAX; k++)
    if (m[k].n > 1) xx += m[k].n / (m[k].n - 1) * m[k].xx, xy += m[k].n / (m[k].n - 1) * m[k].xy;
  out = mean_with(e, m, xx > 0 ? xy / xx : 0);
  for (size_t r = 0; r < e->panels && out.mean < 0; r++)
    if (values[r] < 0) return out;
  return out.mean < 0 ? mean_with(e, m, 0) : out; /* a mean of losses is none below 0 */
}

struct tgv_estimate tgv_ensemble_weights(const struct tgv_ensemble *e)
{
  struct part_moments m[TGV_LOT_PARTS_MAX] = {{0}};
  double             *one = tgv_allocate(e->panels, sizeof *one);

  for (size_t r = 0; r < e->panels; r++) one[r] = 1;
  find_moments(e, one, m);
  free(one);
  return mean_with(e, m, 0);
}
