/** # Sensitivity of a unit to its inputs

### Model
A random unit of a random panel: it lies at a random place of the panel, which sets the deterministic terms of all inputs
(trends, edge, distortion of the scan field) and the bow; each input has random lot and panel terms, and random fields (scan
field, random field) over the unit. Its fail probability \f$y = 1 - e^{-f}\f$, with the nuggets of its vias averaged out by
the response (factory/yield_response.c), is a function of these. Its Sobol indices (solver/sobol_indices.h) have one group for
each input, with lot, panel, scan and field terms together, and one for the place.

The fields enter through a bank: for each input some hundred drawn pieces the size of a unit, cut from realisations at all places
of the panel and sorted by their mean; a variable chooses one of them. So the analysis sees the true fields, with
seams and all, without an expansion.

Where losses are rare, few samples meet one, and the variance of \f$y\f$ is not known. So there is a second output,
\f$\ln(f + 10^{-12})\f$: the order of magnitude of the risk. The first is left out if the
interval of a total index is wider than 0.6 (tgv_indices_known).

### Valid for
Loss by the correlated terms. The nugget of an input shows up in the indices of the geometry and in the units that it costs.

### Neglects
Defects. That the seams of the scan fields lie differently in different units.

### Source
solver/sobol_indices.c; groups of variables: I. M. Sobol, Math. Comput. Simul. 55 (2001) 271.

### Verified by
tests/unit/test_yield_sensitivity.c: an input that alone decides the yield, one without effect; rare losses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"
#include "factory/sensitivity_indices.h"

enum { REALISATIONS = 24, PLACES = 256, BANK_MOST = 1024 };
#define FLOATS_MOST 0x1p23
#define RISK_LEAST 1e-12
#define AFFORDABLE 3e6 /* sites that are evaluated */

/* The pieces of the fields of one input. */
struct bank {
  size_t spread; /* number in the variation */
  float *value;  /* [pieces][site], by falling mean */
};

struct random_unit {
  const struct tgv_yield_study *study;
  size_t                        sites, places, pieces, bank_count, dimension;
  double                       *mean;  /* [place][input of the variation][site] deterministic part */
  double                       *x, *y; /* [place][site] */
  struct bank                   bank[TGV_INPUT_MAX];
};

static size_t choose(double normal, size_t count)
{
  return (size_t)fmin(gsl_cdf_ugaussian_P(normal) * (double)count, (double)count - 1);
}

/* ---- what a sample is made of */

static void find_places(struct random_unit *r)
{
  const struct tgv_unit_model *m = r->study->model;
  const size_t           units = m->flow->panel->unit_count, inputs = tgv_variation_count(r->study->full);
  struct tgv_unit_state *s = tgv_unit_state_new(m);

  r->places = units < PLACES ? units : PLACES;
  r->mean = tgv_allocate(r->places * inputs * r->sites, sizeof *r->mean);
  r->x = tgv_allocate(2 * r->places * r->sites, sizeof *r->x);
  r->y = r->x + r->places * r->sites;
  for (size_t p = 0; p < r->places; p++) {
    tgv_unit_place(m, p * units / r->places, (uint32_t)p, s);
    memcpy(r->x + p * r->sites, s->x, r->sites * sizeof *s->x);
    memcpy(r->y + p * r->sites, s->y, r->sites * sizeof *s->y);
    for (size_t i = 0; i < inputs; i++)
      for (size_t k = 0; k < r->sites; k++)
        r->mean[(p * inputs + i) * r->sites + k] = tgv_variation_mean_at(
            r->study->full, tgv_variation_spread(r->study->full, i)->input, s->x[k], s->y[k]);
  }
  tgv_unit_state_free(s);
}

static void cut_pieces(struct random_unit *r, const struct tgv_realisation *now, size_t realisation,
                       struct tgv_unit_state *s)
{
  const struct tgv_unit_model *m = r->study->model;
  const size_t                 each = r->pieces / REALISATIONS, units = m->flow->panel->unit_count;

  for (size_t c = 0; c < each; c++) {
    tgv_unit_place(m, c * units / each, (uint32_t)realisation, s);
    for (size_t b = 0; b < r->bank_count; b++) {
      const int input = tgv_variation_spread(r->study->full, r->bank[b].spread)->input;
      float    *value = r->bank[b].value + (realisation * each + c) * r->sites;

      for (size_t k = 0; k < r->sites; k++)
        value[k] = (float)(tgv_realisation_at(now, input, s->x[k], s->y[k]) -
                           tgv_variation_mean_at(r->study->full, input, s->x[k], s->y[k]));
    }
  }
}

/* A piece and its mean. */
struct piece {
  size_t i;
  double mean;
};

static int by_mean(const void *a, const void *b)
{
  const struct piece *p = a, *q = b;

  if (p->mean < q->mean || p->mean > q->mean) return p->mean < q->mean ? -1 : 1;
  return p->i < q->i ? -1 : p->i > q->i;
}

static void sort_bank(const struct random_unit *r, struct bank *b)
{
  struct piece *piece = tgv_allocate(r->pieces, sizeof *piece);
  float        *sorted = tgv_allocate(r->pieces * r->sites, sizeof *sorted);

  for (size_t i = 0; i < r->pieces; i++) {
    piece[i].i = i;
    for (size_t k = 0; k < r->sites; k++) piece[i].mean += (double)b->value[i * r->sites + k];
  }
  qsort(piece, r->pieces, sizeof *piece, by_mean);
  for (size_t i = 0; i < r->pieces; i++)
    memcpy(sorted + i * r->sites, b->value + piece[i].i * r->sites, r->sites * sizeof *sorted);
  free(piece), free(b->value);
  b->value = sorted;
}

static tgv_status draw_bank(struct random_unit *r, const struct tgv_indices_source *s)
{
  struct tgv_unit_state *state = tgv_unit_state_new(r->study->model);
  tgv_status_code        status = TGV_OK;

  for (uint32_t i = 0; i < REALISATIONS && !status && r->bank_count > 0; i++) {
    struct tgv_realisation *now;

    status = tgv_realisation_new(r->study->rest, s->seed, s->lot + i, 1, &now);
    if (status) break;
    cut_pieces(r, now, i, state);
    tgv_realisation_free(now);
  }
  tgv_unit_state_free(state);
  for (size_t b = 0; b < r->bank_count && !status; b++) sort_bank(r, &r->bank[b]);
  return status;
}

static void open_banks(struct random_unit *r)
{
  const struct tgv_variation *v = r->study->full;
  const double                units = (double)r->study->model->flow->panel->unit_count;
  double                      most;

  for (size_t i = 0; i < tgv_variation_count(v); i++) {
    const struct tgv_spread *s = tgv_variation_spread(v, i);

    if (s->field > 0 || s->scan > 0) r->bank[r->bank_count++].spread = i;
  }
  most = fmin(BANK_MOST, FLOATS_MOST / ((double)r->sites * (double)(r->bank_count + 1))) / REALISATIONS;
  r->pieces = REALISATIONS * (size_t)fmax(1, floor(fmin(most, units)));
  for (size_t b = 0; b < r->bank_count; b++)
    r->bank[b].value = tgv_allocate(r->pieces * r->sites, sizeof(float));
}

static void close_unit(struct random_unit *r)
{
  for (size_t b = 0; b < r->bank_count; b++) free(r->bank[b].value);
  free(r->mean), free(r->x);
}

/* ---- the function: variables are the place, the lot and panel terms, the pieces */

static void fill_unit(const struct random_unit *r, const double *u, struct tgv_unit_state *s)
{
  const struct tgv_variation    *v = r->study->full;
  const struct tgv_lot_proposal *lots = &r->study->lots;
  const size_t n = r->sites, inputs = tgv_variation_count(v), place = choose(u[0], r->places);

  memcpy(s->x, r->x + place * n, n * sizeof *s->x);
  memcpy(s->y, r->y + place * n, n * sizeof *s->y);
  for (size_t i = 0; i < inputs; i++)
    memcpy(s->input + (size_t)tgv_variation_spread(v, i)->input * n, r->mean + (place * inputs + i) * n,
           n * sizeof *r->mean);
  for (size_t a = 0; a < lots->axis_count; a++)
    for (size_t k = 0; k < n; k++)
      s->input[(size_t)lots->axis[a].input * n + k] += lots->axis[a].sigma * u[1 + a];
  for (size_t b = 0; b < r->bank_count; b++) {
    const float *piece = r->bank[b].value + choose(u[1 + lots->axis_count + b], r->pieces) * n;
    double      *row = s->input + (size_t)tgv_variation_spread(v, r->bank[b].spread)->input * n;

    for (size_t k = 0; k < n; k++) row[k] += (double)piece[k];
  }
}

static void evaluate(const double *u, size_t n, double *y, void *context)
{
  const struct random_unit    *r = context;
  const struct tgv_unit_model *m = r->study->model;
  struct tgv_unit_state       *s = tgv_unit_state_new(m);

  for (int k = 0; k < tgv_input_count(); k++) {
    const double nominal = tgv_nominal(m->flow->project, k);

    for (size_t i = 0; i < r->sites; i++) s->input[(size_t)k * r->sites + i] = nominal;
  }
  for (size_t j = 0; j < n; j++) {
    fill_unit(r, u + j * r->dimension, s);
    tgv_unit_evaluate(m, s);
    y[2 * j] = -expm1(-s->faults);
    y[2 * j + 1] = log(s->faults + RISK_LEAST);
  }
  tgv_unit_state_free(s);
}

/* The groups of the variables; returns their number. */
static size_t find_groups(const struct random_unit *r, struct tgv_indices *out, size_t *group)
{
  const struct tgv_variation    *v = r->study->full;
  const struct tgv_lot_proposal *lots = &r->study->lots;
  size_t                         groups = 1;

  out->inputs = tgv_variation_count(v);
  out->group[out->inputs] = group[0] = 0;
  for (size_t i = 0; i < out->inputs; i++) {
    out->group[i] = SIZE_MAX;
    for (size_t a = 0; a < lots->axis_count; a++)
      if (lots->axis[a].input == tgv_variation_spread(v, i)->input) {
        if (out->group[i] == SIZE_MAX) out->group[i] = groups++;
        group[1 + a] = out->group[i];
      }
    for (size_t b = 0; b < r->bank_count; b++)
      if (r->bank[b].spread == i) {
        if (out->group[i] == SIZE_MAX) out->group[i] = groups++;
        group[1 + lots->axis_count + b] = out->group[i];
      }
  }
  return groups;
}

/* As many points as are affordable: a power of two, at least 16. */
static size_t points_for(size_t asked, size_t groups, size_t sites)
{
  const double cost = (double)(TGV_INDICES_REPETITIONS * (groups + 2) * sites);
  size_t       points = 16;

  while (2 * points <= asked && 2 * (double)points * cost <= AFFORDABLE) points *= 2;
  return points < asked ? points : asked;
}

tgv_status tgv_indices_of_unit(const struct tgv_indices_source *s, const struct tgv_yield_study *study,
                               struct tgv_indices *out)
{
  size_t                group[1 + 2 * TGV_INPUT_MAX];
  struct random_unit    r = {.study = study, .sites = study->model->sites.count};
  struct tgv_sobol_plan plan = {.outputs = 2,
                                .repetitions = TGV_INDICES_REPETITIONS,
                                .confidence = s->confidence,
                                .key = tgv_random_key_make(s->seed, s->lot, 1),
                                .evaluate = evaluate,
                                .context = &r,
                                .group = group};
  tgv_status_code       status;

  memset(out, 0, sizeof *out);
  find_places(&r);
  open_banks(&r);
  status = draw_bank(&r, s);
  plan.dimension = r.dimension = 1 + study->lots.axis_count + r.bank_count;
  plan.groups = find_groups(&r, out, group);
  plan.points = out->points = points_for(s->points, plan.groups, r.sites);
  out->outputs = 2;
  out->name[0] = "unit_loss";
  out->name[1] = "unit_risk";
  if (!status) status = tgv_sobol_indices(&plan, &out->sobol);
  close_unit(&r);
  return status;
}
