#include "solver/plating_class_range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "core/text.h"
#include "model/variation.h"

enum { BLOCKS = 2, DRAWS = BLOCKS * TGV_BLOCK, SHAPES = TGV_PLATING_SKEW + 1 };
static const double deviations = 5;
static const double drive_least = 0.05, diameter_least = 0.02, shape_least = 1e-3; /* of the mean */

/* ---- vias drawn from the variation */

static double deterministic(const struct tgv_spread *s)
{
  return fabs(s->trend_x) + fabs(s->trend_y) + fabs(s->trend_xy) + fabs(s->radial) + fabs(s->edge) +
         fabs(s->scan_shape) + s->map;
}

static double correlated(const struct tgv_spread *s)
{
  return sqrt(s->lot * s->lot + s->panel * s->panel + s->scan * s->scan + s->field * s->field);
}

/* the flow gets values of the table's ranges only */
static tgv_status hold(enum tgv_param p, float *x, size_t n)
{
  const struct tgv_param_info *info = tgv_param_info(p);
  double                       low, high;

  TGV_TRY(tgv_units_read(info->min, info->dimension, &low));
  TGV_TRY(tgv_units_read(info->max, info->dimension, &high));
  for (size_t i = 0; i < n; i++) x[i] = fminf(fmaxf(x[i], (float)low), (float)high);
  return TGV_OK;
}

/* Trends and maps are taken as uniform between their ends, which is wider than what a panel has of them. */
static tgv_status draw(const struct tgv_flow *flow, const struct tgv_variation *v, uint64_t first,
                       struct tgv_block *b)
{
  const struct tgv_random_key key = tgv_random_key_make(1, 0, 0);

  for (size_t i = 0; i < b->n; i++) {
    b->x[i] = (tgv_random_uniform(key, 1, first + i) - 0.5) * flow->panel->width;
    b->y[i] = (tgv_random_uniform(key, 2, first + i) - 0.5) * flow->panel->height;
    b->flags[i] = 0;
  }
  tgv_block_nominal(flow->project, b);
  for (size_t k = 0; k < tgv_variation_count(v); k++) {
    const struct tgv_spread *s = tgv_variation_spread(v, k);
    const uint32_t           stream = 10 + 3 * (uint32_t)s->input;

    for (size_t i = 0; i < b->n; i++)
      b->input[s->input][i] +=
          (float)(correlated(s) * tgv_random_normal(key, stream, first + i) +
                  tgv_spread_nugget(s, tgv_random_normal(key, stream + 1, first + i)) +
                  deterministic(s) * (2 * tgv_random_uniform(key, stream + 2, first + i) - 1));
    TGV_TRY(hold(tgv_input_param(s->input), b->input[s->input], b->n));
  }
  return TGV_OK;
}

/* the steps before plating */
static void run_before(const struct tgv_flow *flow, struct tgv_block *b)
{
  for (size_t s = 0; s < flow->stage_count; s++) {
    const struct tgv_stage *stage = flow->stage[s];

    for (const enum tgv_column *w = stage->writes; w && *w != TGV_C_END; w++)
      if (*w == TGV_C_fill_regime) return;
    if (stage->kind != TGV_STAGE_VIAS) continue;
    b->stage = stage;
    stage->vias(flow->state[s], b);
    b->stage = NULL;
  }
}

/* ---- statistics of the shapes */

struct shapes {
  size_t n;
  double x[DRAWS][TGV_PLATING_INPUTS];
  double upper, lower; /* sums */
};

static void add_shapes(const struct tgv_block *b, struct shapes *s)
{
  for (size_t i = 0; i < b->n; i++) {
    const double column[5] = {(double)b->column[TGV_C_D_top][i], (double)b->column[TGV_C_D_waist][i],
                              (double)b->column[TGV_C_D_bottom][i], (double)b->column[TGV_C_waist_depth][i],
                              (double)b->column[TGV_C_thickness][i]};

    if (!(column[1] > 0) || !(column[4] > 0)) continue; /* closed, or dissolved */
    tgv_plating_shape(column, s->x[s->n++]);
    s->upper += 2 * (double)b->column[TGV_C_D_upper][i] / (column[0] + column[1]);
    s->lower += 2 * (double)b->column[TGV_C_D_lower][i] / (column[1] + column[2]);
  }
}

/* Widens to a grid of a quarter of the half width, itself a power of the fourth root of 2: neighbours get the same. */
static void snap(double *low, double *high)
{
  const double half = exp2(ceil(4 * log2(0.5 * (*high - *low)) - 1e-6) / 4), grid = half / 4;

  *low = grid * floor(*low / grid + 1e-6);
  *high = grid * ceil(*high / grid - 1e-6);
}

static void set_axis(struct tgv_plating_class *c, enum tgv_plating_input k, double low, double high)
{
  snap(&low, &high);
  c->low[k] = low, c->high[k] = high;
  c->base[k] = 0.5 * (low + high);
  c->axis[c->axes++] = k;
}

/* a number that keeps its digits whatever the rounding before it was */
static double rounded(double x)
{
  const double unit = x != 0 ? exp2(floor(log2(fabs(x))) - 12) : 1;

  return unit * round(x / unit);
}

static void set_shape(const struct shapes *s, enum tgv_plating_input k, struct tgv_plating_class *c)
{
  const double least = k == TGV_PLATING_DIAMETER ? diameter_least : shape_least;
  double       mean = 0, variance = 0, low = INFINITY, high = -INFINITY, scale;

  for (size_t i = 0; i < s->n; i++) mean += s->x[i][k] / (double)s->n;
  for (size_t i = 0; i < s->n; i++) {
    variance += (s->x[i][k] - mean) * (s->x[i][k] - mean) / (double)s->n;
    low = fmin(low, s->x[i][k]), high = fmax(high, s->x[i][k]);
  }
  low = fmin(low, mean - deviations * sqrt(variance));
  high = fmax(high, mean + deviations * sqrt(variance));
  scale = k == TGV_PLATING_SKEW ? 1 : mean;
  c->base[k] = k == TGV_PLATING_SKEW && fabs(mean) < shape_least ? 0 : rounded(mean);
  if (high - low < 2 * shape_least * scale && k != TGV_PLATING_DIAMETER) return;
  low = fmin(low, mean - least * scale), high = fmax(high, mean + least * scale);
  if (k == TGV_PLATING_WAIST) low = fmax(low, 0.05 * mean);
  if (k == TGV_PLATING_WAIST) high = fmin(high, 1);
  if (k == TGV_PLATING_CENTRE) low = fmax(low, 0), high = fmin(high, 1);
  set_axis(c, k, low, high);
  if (k == TGV_PLATING_WAIST || k == TGV_PLATING_CENTRE) c->high[k] = fmin(c->high[k], 1);
  if (k == TGV_PLATING_WAIST || k == TGV_PLATING_CENTRE) c->low[k] = fmax(c->low[k], 0);
}

/* ---- process inputs */

static tgv_status set_process(const struct tgv_flow *flow, const struct tgv_variation *v,
                              enum tgv_plating_input k, enum tgv_param p, struct tgv_plating_class *c)
{
  const struct tgv_param_info *info = tgv_param_info(p);
  const double                 share = p == TGV_P_copper_plating_current_density ? c->share : 1;
  const double                 nominal = share * tgv_nominal(flow->project, tgv_input_of(p));
  double                       half = k == TGV_PLATING_DRIVE ? drive_least * nominal : 0, low, high;

  TGV_TRY(tgv_units_read(info->min, info->dimension, &low));
  TGV_TRY(tgv_units_read(info->max, info->dimension, &high));
  c->base[k] = nominal;
  for (size_t i = 0; i < tgv_variation_count(v); i++) {
    const struct tgv_spread *s = tgv_variation_spread(v, i);

    if (s->input == tgv_input_of(p))
      half = fmax(half, share * (deviations * hypot(correlated(s), s->nugget) + deterministic(s)));
  }
  if (!(half > 0)) return TGV_OK;
  low = fmax(share * low, nominal - half), high = fmin(share * high, nominal + half);
  if (low > 0 && low < 0.1 * nominal) low = 0.1 * nominal; /* below it nothing is plated to speak of */
  if (low < high) set_axis(c, k, low, high);
  c->low[k] = fmax(c->low[k], k == TGV_PLATING_ADDITIVE ? 0 : 0.05 * nominal);
  return TGV_OK;
}

static tgv_status set_processes(const struct tgv_flow *flow, const struct tgv_variation *v,
                                struct tgv_plating_class *c)
{
  const enum tgv_param drive =
      c->recipe.galvanostatic > 0 ? TGV_P_copper_plating_current_density : TGV_P_copper_plating_potential;
  const struct {
    enum tgv_plating_input k;
    enum tgv_param         p;
  } all[] = {{TGV_PLATING_DRIVE, drive},
             {TGV_PLATING_TIME, TGV_P_copper_plating_time},
             {TGV_PLATING_CUPRIC, TGV_P_copper_plating_cupric},
             {TGV_PLATING_ADDITIVE, TGV_P_copper_plating_additive},
             {TGV_PLATING_LAYER, TGV_P_copper_plating_boundary_layer}};

  for (size_t i = 0; i < sizeof all / sizeof *all; i++) TGV_TRY(set_process(flow, v, all[i].k, all[i].p, c));
  return TGV_OK;
}

static tgv_status set_range(const struct tgv_flow *flow, const struct tgv_variation *v, struct tgv_block *b,
                            struct shapes *s, struct tgv_plating_class *c)
{
  for (size_t k = 0; k < BLOCKS; k++) {
    b->n = TGV_BLOCK, b->unit = 0, b->group = c->group;
    b->via_group = &flow->package->group[c->group];
    TGV_TRY(draw(flow, v, k * TGV_BLOCK, b));
    run_before(flow, b);
    add_shapes(b, s);
  }
  if (s->n < DRAWS / 20) return TGV_OK; /* closed: nothing to plate */
  c->upper = rounded(s->upper / (double)s->n), c->lower = rounded(s->lower / (double)s->n);
  for (int k = TGV_PLATING_DIAMETER; k < SHAPES; k++) set_shape(s, (enum tgv_plating_input)k, c);
  return set_processes(flow, v, c);
}

tgv_status tgv_plating_class_range(const struct tgv_flow *flow, struct tgv_plating_class *c)
{
  struct tgv_variation *v;
  struct tgv_block     *b;
  struct shapes        *s;
  tgv_status_code       status;

  TGV_TRY(tgv_variation_spreads(flow->project, &flow->maps, &v));
  b = tgv_block_new();
  s = tgv_allocate(1, sizeof *s);
  status = set_range(flow, v, b, s, c);
  free(s);
  tgv_block_free(b);
  tgv_variation_free(v);
  return status;
}
