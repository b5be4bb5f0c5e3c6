/** # Checks of the yield analysis

## Model
Response: places are drawn in proportion to what they cost, $w_r\,P(\text{unit passes})\,\lambda_\text{place}$, and the fail
probability is found there directly by importance sampling over the nuggets. The mean of direct over response estimates the ratio of
the true to the fitted loss of first order; times the mean of $P(\text{unit passes})\,\lambda$ it is what the fit costs in yield.

Marginal: at vias drawn partly evenly, partly where a normal approximation of the margins has failures, the probability over all
terms, lot to nugget, comes from one first-order search and importance sampling in the space of all of them. Neither the response nor
the ensemble has a part in it.

Inputs of a cause: at the design point $u^\star$ in the space of all terms $\alpha_i^2 = (u_i^\star / |u^\star|)^2$ is the part of the variance
of the linearised margin that comes from term $i$.

## Valid for
Anything the response is valid for.

## Neglects
Curvature, in the parts of the inputs.

## Source
R. Rackwitz, Struct. Saf. 23 (2001) 365.

## Verified by
tests/unit/test_yield_stage.c. */
#include "factory/yield_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/streams.h"
#include "solver/design_point.h"

enum {
  CHECK_PLACES = 48,
  MARGINAL_PLACES = 32,
  GUESS_PANELS = 6,
  STREAM_CHECK = 0x1000,
  STREAM_MARGINAL = 0x2000,
  STREAM_PICK = 0x3000
};

#define EVENLY 0.3 /* part of the places that is drawn evenly over the vias */

/* ---- the response */

/* One chosen place: via kind and site of unit u of panel r. */
struct pick {
  size_t r, u;
  double direct, fitted; /* 0, 0: nothing to compare there */
};

static int by_panel(const void *a, const void *b)
{
  const struct pick *p = a, *q = b;

  if (p->r != q->r) return p->r < q->r ? -1 : 1;
  return p->u < q->u ? -1 : p->u > q->u;
}

/* Systematic sampling: n picks in proportion to weight[i] * value[i * units + u]. Returns the sum. */
static double choose(const struct tgv_ensemble *e, double start, struct pick *pick, size_t n)
{
  double sum = 0, passed = 0;
  size_t k = 0;

  for (size_t i = 0; i < e->panels * e->units; i++) sum += e->weight[i / e->units] * e->vital[i];
  for (size_t i = 0; i < e->panels * e->units && k < n && sum > 0; i++) {
    passed += e->weight[i / e->units] * e->vital[i];
    while (k < n && passed > sum * ((double)k + start) / (double)n)
      pick[k++] = (struct pick){i / e->units, i % e->units, 0, 0};
  }
  return sum;
}

/* A site and a part of it, in proportion to the faults that it brings. */
static bool choose_part(const struct tgv_unit_model *m, const struct tgv_unit_state *s, double uniform,
                        size_t *site, size_t *kind)
{
  double *failed = tgv_allocate(m->group_count, sizeof *failed), sum = 0, passed = 0;
  bool    found = false;

  for (int pass = 0; pass < 3; pass++) /* failed vias of each group; sum of the weights; the place */
    for (size_t i = 0; i < m->sites.count && !found; i++)
      for (size_t q = 0; q < m->sites.site[i].part_count && !found; q++) {
        const struct tgv_site_part *part = &m->sites.part[m->sites.site[i].part_first + q];
        const double                n = part->vias * s->any[m->group[part->group].kind * m->sites.count + i];

        if (pass == 0)
          failed[part->group] += n;
        else if (failed[part->group] > 0)
          *(pass == 1 ? &sum : &passed) += n / failed[part->group] * s->group_faults[part->group];
        if (pass < 2 || !(passed > uniform * sum)) continue;
        *site = i, *kind = m->group[part->group].kind;
        found = true;
      }
  free(failed);
  return found;
}

/* The fail probability by the nuggets at one site, with the causes that no nugget moves decided by the physics. */
static double direct_at(const struct tgv_unit_model *m, size_t kind, const struct tgv_unit_state *s,
                        size_t site, const struct tgv_response_sampling *how)
{
  const struct tgv_via_limits *l = &m->kind[kind].limits;
  double                       base[TGV_INPUT_MAX];
  struct tgv_via_point         at = {
              .limits = l, .states = l->moved, .term = l->nugget, .term_count = l->nugget_count};
  struct tgv_importance seen;

  for (int k = 0; k < tgv_input_count(); k++) base[k] = s->input[(size_t)k * m->sites.count + site];
  at.base = base, at.x = s->x[site], at.y = s->y[site], at.block = s->block;
  tgv_response_direct(&at, how, &seen);
  return seen.any;
}

static tgv_status look_at_panel(const struct tgv_ensemble_source *s, const struct tgv_ensemble *e,
                                size_t samples, struct pick *pick, size_t n)
{
  struct tgv_realisation *now;
  struct tgv_unit_state  *state;

  TGV_TRY(tgv_ensemble_realise(s, pick[0].r, &now));
  state = tgv_unit_state_new(s->model);
  for (size_t i = 0; i < n; i++) {
    const uint64_t               number = pick[i].r * e->units + pick[i].u;
    struct tgv_response_sampling how = {
        samples, SIZE_MAX, {s->options.key, TGV_STREAM_RARE + STREAM_CHECK, number << 24}};
    const double uniform =
        tgv_random_uniform(s->options.key, TGV_STREAM_RARE + STREAM_PICK, number + (i << 32));
    size_t site = 0, kind = 0;

    tgv_ensemble_unit(s, e, pick[i].r, pick[i].u, now, state);
    if (!choose_part(s->model, state, uniform, &site, &kind)) continue;
    pick[i].fitted = state->any[kind * s->model->sites.count + site];
    if (pick[i].fitted < 1) pick[i].direct = direct_at(s->model, kind, state, site, &how);
  }
  tgv_unit_state_free(state);
  tgv_realisation_free(now);
  return TGV_OK;
}

static void judge(const struct pick *pick, size_t n, struct tgv_response_check *out)
{
  double sum = 0, square = 0, logs = 0;

  for (size_t i = 0; i < n; i++) {
    const double ratio = pick[i].direct / pick[i].fitted;

    if (!(pick[i].direct > 0 && pick[i].fitted > 0)) continue;
    out->places++;
    sum += ratio, square += ratio * ratio;
    logs += pow(log(ratio), 2);
    if (fabs(log(ratio)) > fabs(out->worst)) out->worst = log(ratio);
  }
  if (out->places < 2) return;
  sum /= (double)out->places;
  out->bias = sum - 1;
  out->error = sqrt(fmax(0, square / (double)out->places - sum * sum) / (double)(out->places - 1));
  out->scatter = sqrt(logs / (double)out->places);
}

tgv_status tgv_response_check(const struct tgv_ensemble_source *s, const struct tgv_ensemble *e,
                              size_t samples, struct tgv_response_check *out)
{
  struct pick     pick[CHECK_PLACES] = {{0}};
  const double    start = tgv_random_uniform(s->options.key, TGV_STREAM_RARE + STREAM_PICK, UINT64_MAX);
  tgv_status_code status[CHECK_PLACES] = {TGV_OK};
  size_t          first[CHECK_PLACES + 1], panels = 0, n = CHECK_PLACES;
  double          sum = choose(e, start, pick, n);

  memset(out, 0, sizeof *out);
  out->vital = sum / (double)(e->panels * e->units);
  if (!(sum > 0)) return TGV_OK;
  qsort(pick, n, sizeof *pick, by_panel);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || pick[i].r != pick[i - 1].r) first[panels++] = i;
  first[panels] = n;
#pragma omp parallel for schedule(dynamic)
  for (size_t i = 0; i < panels; i++)
    status[i] = look_at_panel(s, e, samples, pick + first[i], first[i + 1] - first[i]);
  for (size_t i = 0; i < panels; i++)
    if (status[i]) return status[i];
  judge(pick, n, out);
  return TGV_OK;
}

/* ---- the marginal probability */

/* Vias of a kind in a site. */
static double vias_of(const struct tgv_unit_model *m, size_t kind, size_t site)
{
  double n = 0;

  for (size_t q = 0; q < m->sites.site[site].part_count; q++) {
    const struct tgv_site_part *part = &m->sites.part[m->sites.site[site].part_first + q];

    n += m->group[part->group].kind == kind ? part->vias : 0;
  }
  return n;
}

static void set_means(const struct tgv_unit_model *m, const struct tgv_variation *full, double x, double y,
                      double *base)
{
  for (int k = 0; k < tgv_input_count(); k++) base[k] = tgv_nominal(m->flow->project, k);
  for (size_t i = 0; i < tgv_variation_count(full); i++) {
    const int input = tgv_variation_spread(full, i)->input;

    base[input] = tgv_variation_mean_at(full, input, x, y);
  }
}

/* Failed vias of a kind at each site of each unit, a guess: normal margins with the spread that they have about the nominal via. */
static void guess_failures(const struct tgv_unit_model *m, const struct tgv_variation *full, size_t kind,
                           double *failed /* [unit][site] */)
{
  const struct tgv_via_limits *l = &m->kind[kind].limits;
  double                       base[TGV_INPUT_MAX], margin[TGV_LIMIT_STATES_MAX];
  struct tgv_via_point         at = {.limits = l, .states = l->count, .base = base, .block = tgv_block_new()};
  const struct tgv_limit_states s = tgv_via_states(&at);

  for (size_t i = 0; i < m->flow->panel->unit_count * m->sites.count; i++) {
    const struct tgv_site *site = &m->sites.site[i % m->sites.count];

    tgv_panel_position(m->flow->panel, i / m->sites.count, 0.5 * (site->x0 + site->x1),
                       0.5 * (site->y0 + site->y1), &at.x, &at.y);
    set_means(m, full, at.x, at.y, base);
    s.g(s.context, 1, base, margin);
    failed[i] = 0;
    for (size_t k = 0; k < l->count; k++)
      failed[i] += l->spread[k] > 0 ? erfc(margin[k] / l->spread[k] * M_SQRT1_2) : margin[k] <= 0;
    failed[i] *= vias_of(m, kind, i % m->sites.count);
  }
  tgv_block_free(at.block);
}

/* A via of the kind in a site, by its number among them. */
static void place_via(const struct tgv_unit_model *m, size_t kind, size_t site, double number, double *x,
                      double *y)
{
  for (size_t q = 0; q < m->sites.site[site].part_count; q++) {
    const struct tgv_site_part *part = &m->sites.part[m->sites.site[site].part_first + q];

    if (m->group[part->group].kind != kind) continue;
    for (size_t i = part->piece_first; i < part->piece_first + part->piece_count; i++) {
      const struct tgv_site_piece  *piece = &m->sites.piece[i];
      const struct tgv_run_of_vias *run = &m->flow->package->run[piece->run];

      *x = run->x0 + ((double)piece->first + floor(number)) * run->dx;
      *y = run->y0 + ((double)piece->first + floor(number)) * run->dy;
      if (number < (double)piece->n) return;
      number -= (double)piece->n;
    }
  }
}

/* Places of a kind, with the inverse of the density with which they are drawn, over that of an even choice. */
struct draw {
  double base[TGV_INPUT_MAX], x, y, factor;
};

/* A part of the places evenly over the vias, most where the guess has failures; systematic sampling. */
static void draw_places(const struct tgv_ensemble_source *s, size_t units, size_t kind, const double *failed,
                        struct draw *draw)
{
  const struct tgv_unit_model *m = s->model;
  const struct tgv_random_key  key = s->options.key;
  const double                 start = tgv_random_uniform(key, TGV_STREAM_RARE + STREAM_PICK + 1, kind);
  double                       sum = 0, vias = 0, passed = 0;
  size_t                       k = 0;

  for (size_t i = 0; i < units * m->sites.count; i++)
    sum += failed[i], vias += vias_of(m, kind, i % m->sites.count);
  for (size_t i = 0; i < units * m->sites.count && k < MARGINAL_PLACES; i++) {
    const double n = vias_of(m, kind, i % m->sites.count);
    const double density = sum > 0 ? EVENLY * n / vias + (1 - EVENLY) * failed[i] / sum : n / vias;

    passed += density;
    for (; k < MARGINAL_PLACES && passed * MARGINAL_PLACES > (double)k + start; k++) {
      const double u = tgv_random_uniform(key, TGV_STREAM_RARE + STREAM_PICK + 2, kind * 1024 + k);

      place_via(m, kind, i % m->sites.count, n * u, &draw[k].x, &draw[k].y);
      tgv_panel_position(m->flow->panel, i / m->sites.count, draw[k].x, draw[k].y, &draw[k].x, &draw[k].y);
      draw[k].factor = n / vias / density;
    }
  }
}

static void add_estimate(double value, double *sum, double *square)
{
  *sum += value;
  *square += value * value;
}

static void conclude_mean(double n, double *sum, double *square)
{
  *sum /= n;
  *square = sqrt(fmax(0, *square / n - *sum * *sum) / (n - 1));
}

static void find_marginal(const struct tgv_ensemble_source *s, const struct tgv_variation *full, size_t kind,
                          size_t samples, struct draw *draw, struct tgv_marginal *out)
{
  const struct tgv_via_limits *l = &s->model->kind[kind].limits;
  struct tgv_importance       *seen = tgv_allocate(MARGINAL_PLACES, sizeof *seen);

  memset(out, 0, sizeof *out);
#pragma omp parallel for schedule(dynamic)
  for (size_t i = 0; i < MARGINAL_PLACES; i++) {
    struct tgv_via_point at = {
        .limits = l, .states = l->count, .term = l->joint, .term_count = l->joint_count};
    const struct tgv_response_sampling how = {
        samples,
        SIZE_MAX,
        {s->options.key, TGV_STREAM_RARE + STREAM_MARGINAL, (uint64_t)(kind * MARGINAL_PLACES + i) << 32}};

    set_means(s->model, full, draw[i].x, draw[i].y, draw[i].base);
    at.base = draw[i].base, at.x = draw[i].x, at.y = draw[i].y, at.block = tgv_block_new();
    tgv_response_direct(&at, &how, &seen[i]);
    tgv_block_free(at.block);
  }
  out->places = MARGINAL_PLACES;
  for (size_t i = 0; i < MARGINAL_PLACES; i++) {
    add_estimate(draw[i].factor * seen[i].any, &out->p, &out->error);
    for (size_t k = 0; k < l->count; k++)
      add_estimate(draw[i].factor * seen[i].p[k], &out->by[l->cause[k]], &out->by_error[l->cause[k]]);
  }
  conclude_mean(MARGINAL_PLACES, &out->p, &out->error);
  for (size_t k = 0; k < l->count; k++)
    conclude_mean(MARGINAL_PLACES, &out->by[l->cause[k]], &out->by_error[l->cause[k]]);
  free(seen);
}

void tgv_marginals_find(const struct tgv_ensemble_source *s, const struct tgv_variation *full, size_t samples,
                        struct tgv_marginal *out)
{
  const size_t units = s->model->flow->panel->unit_count;
  double      *failed = tgv_allocate(units * s->model->sites.count, sizeof *failed);
  struct draw *draw = tgv_allocate(MARGINAL_PLACES, sizeof *draw);

  for (size_t k = 0; k < s->model->base_kinds; k++) {
    guess_failures(s->model, full, k, failed);
    draw_places(s, units, k, failed, draw);
    find_marginal(s, full, k, samples, draw, &out[k]);
  }
  free(failed), free(draw);
}

void tgv_cause_inputs(const struct tgv_unit_model *m, const struct tgv_variation *full, size_t kind,
                      size_t cause, double *part)
{
  const struct tgv_via_limits *l = &m->kind[kind].limits;
  double                       base[TGV_INPUT_MAX], square = 0;
  struct tgv_via_point         at = {
              .limits = l, .states = l->count, .term = l->joint, .term_count = l->joint_count, .base = base};
  struct tgv_limit_states s;
  struct tgv_design_point d = {0};
  size_t                  calls = 0;

  memset(part, 0, (size_t)tgv_input_count() * sizeof *part);
  if (l->joint_count == 0) return;
  set_means(m, full, 0, 0, base);
  at.block = tgv_block_new();
  s = tgv_via_states(&at);
  if (tgv_design_point_find(&s, cause, &d, &calls)) {
    for (size_t i = 0; i < l->joint_count; i++) square += d.u[i] * d.u[i];
    for (size_t i = 0; i < l->joint_count && square > 0; i++)
      part[l->joint[i].input] += d.u[i] * d.u[i] / square;
  }
  tgv_block_free(at.block);
}
