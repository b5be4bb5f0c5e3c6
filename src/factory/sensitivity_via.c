/** # Sensitivity of a via to its inputs

### Model
A via is drawn at random: its unit and its number in the group uniformly, its inputs from the variation,
\f[ q_i = \bar q_i(x, y) + \sigma_i u_i + \eta_i(u'_i), \f]
with \f$\bar q\f$ the deterministic terms (trends, edge, distortion of the scan field), \f$\sigma_i^2\f$ the sum of the
variances of lot, panel, scan field and random field, and \f$\eta\f$ the nugget, normal or heavy-tailed. At a single via
these terms cannot be told apart, so one normal stands for all that are Gaussian. The geometry follows from the exact
physics of the flow; its Sobol indices are those of solver/sobol_indices.c, with all terms of an input as one group and the place
as another.

### Valid for
Any physics: no linearisation. Inputs that leave the range of params.def are held at it, as everywhere.

### Neglects
Defects. Panels that differ from the model of the variation.

### Source
solver/sobol_indices.c.

### Verified by
tests/unit/test_yield_sensitivity.c: the thickness, whose indices are known in closed form, the position error, a trend. */
#include "factory/sensitivity_indices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"

#define WIDEST 0.6 /* interval of a total index */

static const enum tgv_column geometry[TGV_INDICES_OUTPUTS] = {TGV_C_D_top, TGV_C_D_waist,
                                                              TGV_C_position_error, TGV_C_thickness};

/* A variable: adds to an input. */
struct term {
  size_t spread; /* number in the variation */
  double sigma;  /* 0: the heavy-tailed nugget */
};

enum { PLACE_VARIABLES = 2, VARIABLES_MAX = 2 * TGV_INPUT_MAX + PLACE_VARIABLES };

struct random_via {
  const struct tgv_indices_source *source;
  const struct tgv_via_group      *group;
  size_t                           term_count; /* variables 2 ...; 0 and 1 are unit and via */
  struct term                      term[2 * TGV_INPUT_MAX];
  size_t                           outputs;
  enum tgv_column                  column[TGV_INDICES_OUTPUTS];
};

static size_t choose(double normal, double count)
{
  return (size_t)fmin(gsl_cdf_ugaussian_P(normal) * count, count - 1);
}

static void place_via(const struct random_via *r, const double *u, double *x, double *y)
{
  const struct tgv_flow *f = r->source->flow;
  const size_t           unit = choose(u[0], (double)f->panel->unit_count);
  const uint64_t         local = r->group->first + choose(u[1], (double)r->group->count);
  double                 in_x, in_y;

  tgv_package_positions(f->package, local, 1, &in_x, &in_y);
  tgv_panel_position(f->panel, unit, in_x, in_y, x, y);
}

static void fill_via(const struct random_via *r, const double *u, struct tgv_block *b, size_t j)
{
  const struct tgv_variation *v = r->source->variation;
  double                      value[TGV_INPUT_MAX];

  place_via(r, u, &b->x[j], &b->y[j]);
  for (size_t i = 0; i < tgv_variation_count(v); i++)
    value[i] = tgv_variation_mean_at(v, tgv_variation_spread(v, i)->input, b->x[j], b->y[j]);
  for (size_t k = 0; k < r->term_count; k++) {
    const struct term *t = &r->term[k];
    const double       z = u[PLACE_VARIABLES + k];

    value[t->spread] +=
        t->sigma > 0 ? t->sigma * z : tgv_spread_nugget(tgv_variation_spread(v, t->spread), z);
  }
  for (size_t i = 0; i < tgv_variation_count(v); i++)
    b->input[tgv_variation_spread(v, i)->input][j] = (float)value[i];
}

static void evaluate(const double *u, size_t n, double *y, void *context)
{
  const struct random_via *r = context;
  struct tgv_block        *b = tgv_block_new();

  b->n = n;
  b->via_group = r->group;
  tgv_block_nominal(r->source->flow->project, b);
  for (size_t j = 0; j < n; j++) fill_via(r, u + j * (PLACE_VARIABLES + r->term_count), b, j);
  tgv_flow_physics(r->source->flow, b);
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < r->outputs; k++) y[j * r->outputs + k] = (double)b->column[r->column[k]][j];
  tgv_block_free(b);
}

static void find_outputs(struct random_via *r, struct tgv_indices *out)
{
  for (size_t k = 0; k < TGV_INDICES_OUTPUTS; k++) {
    if (!tgv_flow_writes(r->source->flow, geometry[k])) continue;
    out->name[r->outputs] = tgv_column_info(geometry[k])->symbol;
    r->column[r->outputs++] = geometry[k];
  }
  out->outputs = r->outputs;
}

/* The variables and their groups; returns the number of groups. */
static size_t find_variables(struct random_via *r, struct tgv_indices *out, size_t *group)
{
  const struct tgv_variation *v = r->source->variation;
  size_t                      groups = 1;

  out->inputs = tgv_variation_count(v);
  out->group[out->inputs] = group[0] = group[1] = 0;
  for (size_t i = 0; i < out->inputs; i++) {
    const struct tgv_spread *s = tgv_variation_spread(v, i);
    const bool               heavy = s->tail > 0 && s->nugget > 0;
    const double             sigma = sqrt(s->lot * s->lot + s->panel * s->panel + s->scan * s->scan +
                                          s->field * s->field + (heavy ? 0 : s->nugget * s->nugget));

    out->group[i] = sigma > 0 || heavy ? groups++ : SIZE_MAX;
    if (sigma > 0) {
      group[PLACE_VARIABLES + r->term_count] = out->group[i];
      r->term[r->term_count++] = (struct term){i, sigma};
    }
    if (heavy) {
      group[PLACE_VARIABLES + r->term_count] = out->group[i];
      r->term[r->term_count++] = (struct term){i, 0};
    }
  }
  return groups;
}

tgv_status tgv_indices_of_via(const struct tgv_indices_source *s, const struct tgv_via_group *g,
                              struct tgv_indices *out)
{
  size_t                group[VARIABLES_MAX];
  struct random_via     r = {.source = s, .group = g};
  struct tgv_sobol_plan plan = {.points = s->points,
                                .repetitions = TGV_INDICES_REPETITIONS,
                                .confidence = s->confidence,
                                .key = tgv_random_key_make(s->seed, s->lot, 0),
                                .evaluate = evaluate,
                                .context = &r,
                                .group = group};

  memset(out, 0, sizeof *out);
  out->points = s->points;
  find_outputs(&r, out);
  plan.groups = find_variables(&r, out, group);
  plan.dimension = PLACE_VARIABLES + r.term_count;
  plan.outputs = r.outputs;
  if (r.outputs == 0) return TGV_OK;
  return tgv_sobol_indices(&plan, &out->sobol);
}

void tgv_indices_release(struct tgv_indices *x)
{
  tgv_sobol_release(&x->sobol);
  memset(x, 0, sizeof *x);
}

bool tgv_indices_known(const struct tgv_indices *x, size_t output)
{
  const struct tgv_sobol_estimate *total = x->sobol.total + output * x->sobol.groups;

  for (size_t g = 0; g < x->sobol.groups; g++)
    if (!(total[g].high - total[g].low < WIDEST)) return false;
  return true;
}

bool tgv_indices_get(const struct tgv_indices *x, size_t output, size_t i, struct tgv_sobol_estimate *first,
                     struct tgv_sobol_estimate *total)
{
  const size_t g = x->group[i];

  if (g == SIZE_MAX) return false;
  *first = x->sobol.first[output * x->sobol.groups + g];
  *total = x->sobol.total[output * x->sobol.groups + g];
  return true;
}
