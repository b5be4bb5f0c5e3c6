/**
# Tally
*Model.* Vias come in blocks of fixed composition. Within a block sums are formed in a fixed order in double precision; a block's sum
is then rounded once to a fixed-point integer, and integers are added. The result is therefore the same for any tile size, number
of threads and number of ranks, bit by bit.

First and second moments about the middle of the histogram are kept as $\mathrm{round}(2^{70} s)$ in two limbs of 40 bits; map sums as
$\mathrm{round}(2^{44} s)$.

*Valid for.* Deviations from the middle below 1 in SI units and at most $2\cdot10^9$ vias.

*Neglects.* Rounding of a block's sum: $2^{-70}$ absolute for moments, $2^{-44}$ m (0.06 pm) for map sums.

*Source.* Our own; the idea of order-independent accumulation is that of Demmel and Nguyen, IEEE Trans. Comput. 64(7), 2015.

*Verified by.* tests/unit/test_tally.c
*/
#include "model/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

__extension__ typedef __int128 wide;

const enum tgv_column tgv_tally_column[TGV_TALLY_COLUMNS] = {
    TGV_C_D_top,    TGV_C_D_waist, TGV_C_position_error, TGV_C_thickness,
    TGV_C_D_bottom, TGV_C_taper,   TGV_C_waist_depth};

const struct tgv_tally_flag tgv_tally_flag[TGV_TALLY_FLAGS] = {
    {TGV_FLAG_MODEL_RANGE, "model_range", "outside the range of a model: its numbers are not to be trusted"},
    {TGV_FLAG_UNCERTAIN, "uncertain",
     "next to a boundary between regimes: a model cannot tell on which side"},
    {TGV_FLAG_DEGRADED, "degraded", "touched by a defect that changed an input"}};

enum { MOMENT_BITS = 70, LIMB_BITS = 40, MAP_BITS = 44, BINS = TGV_TALLY_BINS + 2 };

void tgv_tally_plan_init(struct tgv_tally_plan *plan, const struct tgv_package *k,
                         const struct tgv_panel *panel, double cell)
{
  size_t worst = panel->unit_count ? 4000 / panel->unit_count : 0;

  memset(plan, 0, sizeof *plan);
  plan->package = k;
  plan->panel = panel;
  plan->cell = cell;
  plan->nx = (int)ceil(panel->width / cell);
  plan->ny = (int)ceil(panel->height / cell);
  plan->x0 = -0.5 * plan->nx * cell;
  plan->y0 = -0.5 * plan->ny * cell;
  plan->worst_per_unit = worst < 4 ? 4 : worst > 32 ? 32 : worst;
  plan->nominal = tgv_allocate(k->group_count, sizeof *plan->nominal);
}

void tgv_tally_plan_release(struct tgv_tally_plan *plan)
{
  free(plan->nominal);
  memset(plan, 0, sizeof *plan);
}

struct tgv_tally *tgv_tally_new(const struct tgv_tally_plan *plan)
{
  struct tgv_tally *t = tgv_allocate(1, sizeof *t);
  size_t            groups = plan->package->group_count, units = plan->panel->unit_count;
  size_t            cells = (size_t)plan->nx * (size_t)plan->ny;
  struct {
    int64_t **at;
    size_t    count;
  } parts[] = {
      {&t->n, groups},
      {&t->failed, groups},
      {&t->cause, groups * TGV_CAUSE_COUNT},
      {&t->flagged, TGV_TALLY_FLAGS},
      {&t->moment, groups * TGV_TALLY_COLUMNS * 4},
      {&t->histogram, groups * TGV_TALLY_COLUMNS * BINS},
      {&t->unit_failed, units * groups},
      {&t->unit_sum, units * TGV_TALLY_MAPPED},
      {&t->cell_n, cells},
      {&t->cell_failed, cells},
      {&t->cell_sum, cells * TGV_TALLY_MAPPED},
  };
  size_t used = 0;

  t->plan = plan;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) t->sum_count += parts[i].count;
  t->sum = tgv_allocate(t->sum_count, sizeof *t->sum);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    *parts[i].at = t->sum + used;
    used += parts[i].count;
  }
  t->minimum = tgv_allocate(groups * TGV_TALLY_COLUMNS, sizeof *t->minimum);
  t->maximum = tgv_allocate(groups * TGV_TALLY_COLUMNS, sizeof *t->maximum);
  t->thin = tgv_allocate(units, sizeof *t->thin);
  t->thick = tgv_allocate(units, sizeof *t->thick);
  for (size_t i = 0; i < groups * TGV_TALLY_COLUMNS; i++) t->minimum[i] = INFINITY, t->maximum[i] = -INFINITY;
  for (size_t i = 0; i < units; i++) t->thin[i] = INFINITY, t->thick[i] = -INFINITY;
  t->worst = tgv_allocate(units * plan->worst_per_unit, sizeof *t->worst);
  return t;
}

void tgv_tally_free(struct tgv_tally *t)
{
  if (!t) return;
  free(t->sum);
  free(t->minimum);
  free(t->maximum);
  free(t->thin);
  free(t->thick);
  free(t->worst);
  free(t->spare);
  free(t);
}

/* ---- counting */

static void add_wide(int64_t limb[2], double s)
{
  wide w = (wide)ldexp(s, MOMENT_BITS);

  limb[0] += (int64_t)(w & (((wide)1 << LIMB_BITS) - 1));
  limb[1] += (int64_t)(w >> LIMB_BITS);
}

static double get_wide(const int64_t limb[2])
{
  return ldexp((double)((wide)limb[1] * ((wide)1 << LIMB_BITS) + limb[0]), -MOMENT_BITS);
}

static int64_t to_fixed(double s)
{
  return (int64_t)llrint(ldexp(s, MAP_BITS));
}

double tgv_tally_sum(int64_t fixed)
{
  return ldexp((double)fixed, -MAP_BITS);
}

static double middle(const struct tgv_tally_plan *plan, int column)
{
  return plan->low[column] + 0.5 * TGV_TALLY_BINS * plan->step[column];
}

/* Sums in sixteen lanes, added up in a fixed order: fast, and the same on every machine. */
enum { LANES = 16 };

static void count_moments(struct tgv_tally *t, const struct tgv_block *b, int column)
{
  const float *v = b->column[tgv_tally_column[column]];
  size_t       at = b->group * TGV_TALLY_COLUMNS + (size_t)column;
  float        reference = (float)middle(t->plan, column);
  double       s1[LANES] = {0}, s2[LANES] = {0};
  float        least[LANES], most[LANES];
  size_t       i = 0;

  for (int l = 0; l < LANES; l++) least[l] = INFINITY, most[l] = -INFINITY;
  for (; i + LANES <= b->n; i += LANES)
    for (int l = 0; l < LANES; l++) {
      float  x = v[i + (size_t)l];
      double d = (double)(x - reference);

      s1[l] += d;
      s2[l] += d * d;
      least[l] = x < least[l] ? x : least[l];
      most[l] = x > most[l] ? x : most[l];
    }
  for (; i < b->n; i++) {
    double d = (double)(v[i] - reference);

    s1[0] += d;
    s2[0] += d * d;
    least[0] = v[i] < least[0] ? v[i] : least[0];
    most[0] = v[i] > most[0] ? v[i] : most[0];
  }
  for (int l = 1; l < LANES; l++) {
    s1[0] += s1[l], s2[0] += s2[l];
    least[0] = least[l] < least[0] ? least[l] : least[0];
    most[0] = most[l] > most[0] ? most[l] : most[0];
  }
  add_wide(t->moment + 4 * at, s1[0]);
  add_wide(t->moment + 4 * at + 2, s2[0]);
  if (least[0] < t->minimum[at]) t->minimum[at] = least[0];
  if (most[0] > t->maximum[at]) t->maximum[at] = most[0];
}

static void count_histogram(struct tgv_tally *t, const struct tgv_block *b, int column)
{
  const float *v = b->column[tgv_tally_column[column]];
  int64_t     *bins = t->histogram + (b->group * TGV_TALLY_COLUMNS + (size_t)column) * BINS;
  float        low = (float)t->plan->low[column], inverse = (float)(1 / t->plan->step[column]);
  int32_t      bin[TGV_BLOCK];

  for (size_t i = 0; i < b->n; i++) {
    float f = (v[i] - low) * inverse + 1;

    f = f < 0 ? 0 : f;
    f = f > (float)(TGV_TALLY_BINS + 1) ? (float)(TGV_TALLY_BINS + 1) : f;
    bin[i] = (int32_t)f;
  }
  for (size_t i = 0; i < b->n; i++) bins[bin[i]]++;
}

static void count_causes(struct tgv_tally *t, const struct tgv_block *b)
{
  uint32_t any = 0;
  int64_t  failed = 0;

  t->n[b->group] += (int64_t)b->n;
  for (size_t i = 0; i < b->n; i++) any |= b->flags[i];
  if (!any) return;
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    int64_t hits = 0;

    if (!(any >> c & 1)) continue;
    for (size_t i = 0; i < b->n; i++) hits += b->flags[i] >> c & 1;
    t->cause[b->group * TGV_CAUSE_COUNT + (size_t)c] += hits;
  }
  for (size_t i = 0; i < b->n; i++) {
    failed += (b->flags[i] & TGV_FLAG_CAUSES) != 0;
    for (int k = 0; k < TGV_TALLY_FLAGS; k++) t->flagged[k] += (b->flags[i] & tgv_tally_flag[k].bit) != 0;
  }
  t->failed[b->group] += failed;
  t->unit_failed[b->unit * t->plan->package->group_count + b->group] += failed;
}

static size_t cell_of(const struct tgv_tally_plan *plan, double x, double y)
{
  int i = (int)floor((x - plan->x0) / plan->cell), j = (int)floor((y - plan->y0) / plan->cell);

  i = i < 0 ? 0 : i >= plan->nx ? plan->nx - 1 : i;
  j = j < 0 ? 0 : j >= plan->ny ? plan->ny - 1 : j;
  return (size_t)j * (size_t)plan->nx + (size_t)i;
}

/* Vias come in rows, so neighbours mostly lie in the same cell: a stretch of them is summed before it is added. */
static void count_maps(struct tgv_tally *t, const struct tgv_block *b)
{
  size_t cells = (size_t)t->plan->nx * (size_t)t->plan->ny;
  double unit[TGV_TALLY_MAPPED] = {0};

  for (size_t i = 0; i < b->n;) {
    size_t  cell = cell_of(t->plan, b->x[i], b->y[i]), end = i + 1;
    int64_t failed = 0;

    while (end < b->n && cell_of(t->plan, b->x[end], b->y[end]) == cell) end++;
    for (int c = 0; c < TGV_TALLY_MAPPED; c++) {
      const float *v = b->column[tgv_tally_column[c]];
      double       s = 0;

      for (size_t k = i; k < end; k++) s += (double)v[k];
      t->cell_sum[(size_t)c * cells + cell] += to_fixed(s);
      unit[c] += s;
    }
    for (size_t k = i; k < end; k++) failed += (b->flags[k] & TGV_FLAG_CAUSES) != 0;
    t->cell_n[cell] += (int64_t)(end - i);
    t->cell_failed[cell] += failed;
    i = end;
  }
  for (int c = 0; c < TGV_TALLY_MAPPED; c++)
    t->unit_sum[b->unit * TGV_TALLY_MAPPED + (size_t)c] += to_fixed(unit[c]);
}

static void count_thickness(struct tgv_tally *t, const struct tgv_block *b)
{
  const float *h = b->column[TGV_C_thickness];
  float        thin = t->thin[b->unit], thick = t->thick[b->unit];

  for (size_t i = 0; i < b->n; i++) {
    thin = h[i] < thin ? h[i] : thin;
    thick = h[i] > thick ? h[i] : thick;
  }
  t->thin[b->unit] = thin;
  t->thick[b->unit] = thick;
}

void tgv_tally_margins(const struct tgv_tally_plan *plan, const struct tgv_block *b, float *margin)
{
  const struct tgv_via_group *g = b->via_group;

  for (size_t i = 0; i < b->n; i++) margin[i] = INFINITY;
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    const struct tgv_cause_info *cause = tgv_cause_info((enum tgv_cause)c);
    float                        limit = (float)g->limit[c], scale, sign;
    const float                 *v;

    if (cause->column == TGV_C_END || isnan(g->limit[c])) continue;
    v = b->column[cause->column];
    sign = cause->side == TGV_BELOW ? 1 : -1;
    scale = sign * (plan->nominal[b->group][cause->column] - limit);
    if (!(scale > 0)) scale = fabsf(limit) > 0 ? fabsf(limit) : 1; /* the nominal via itself is outside */
    scale = sign / scale;
    for (size_t i = 0; i < b->n; i++) {
      float m = (v[i] - limit) * scale;

      margin[i] = m < margin[i] ? m : margin[i];
    }
  }
  for (size_t i = 0; i < b->n; i++)
    if (b->flags[i] >> TGV_CAUSE_defect & 1 && margin[i] > 0) margin[i] = 0;
}

static bool is_worse(float margin, uint64_t local, const struct tgv_worst_via *w)
{
  if (!w->taken) return true;
  return margin < w->margin || (!(margin > w->margin) && local < w->local);
}

/* Keeps the places sorted, the least bad first, which is the one that goes. */
void tgv_tally_keep_worst(struct tgv_tally *t, size_t unit, struct tgv_worst_via via)
{
  size_t                count = t->plan->worst_per_unit, i = 0;
  struct tgv_worst_via *place = t->worst + unit * count;

  if (!is_worse(via.margin, via.local, &place[0])) return;
  while (i + 1 < count && is_worse(via.margin, via.local, &place[i + 1])) {
    place[i] = place[i + 1];
    i++;
  }
  place[i] = via;
}

static void count_worst(struct tgv_tally *t, const struct tgv_block *b)
{
  const struct tgv_worst_via *best = t->worst + b->unit * t->plan->worst_per_unit;
  float                       margin[TGV_BLOCK], least = INFINITY;

  tgv_tally_margins(t->plan, b, margin);
  for (size_t i = 0; i < b->n; i++) least = margin[i] < least ? margin[i] : least;
  if (isinf(least) || (best->taken && least > best->margin)) return;
  for (size_t i = 0; i < b->n; i++)
    if (!isinf(margin[i]))
      tgv_tally_keep_worst(t, b->unit, (struct tgv_worst_via){margin[i], 1, b->local + i});
}

/* Most failed vias that a group of a unit can have and still pass. */
static int64_t bearable(const struct tgv_via_group *g)
{
  uint64_t bundle = g->lanes * g->lane_vias, bundles = (g->count + bundle - 1) / bundle;

  return (int64_t)(bundles * (g->lanes - g->lanes_needed) * g->lane_vias);
}

void tgv_tally_keep_spare(struct tgv_tally *t, struct tgv_failed_via via)
{
  if (t->spare_count == t->spare_room) {
    t->spare_room = t->spare_room ? 2 * t->spare_room : 256;
    t->spare = tgv_reallocate(t->spare, t->spare_room, sizeof *t->spare);
  }
  t->spare[t->spare_count++] = via;
}

/* Once a group has more failed vias than it can bear, the unit has failed whichever they are. */
static void count_spares(struct tgv_tally *t, const struct tgv_block *b)
{
  const struct tgv_via_group *g = b->via_group;
  int64_t                     failed = t->unit_failed[b->unit * t->plan->package->group_count + b->group];

  if (g->lanes_needed >= g->lanes) return;
  for (size_t i = 0; i < b->n && failed <= bearable(g) + TGV_BLOCK; i++)
    if (b->flags[i] & TGV_FLAG_CAUSES)
      tgv_tally_keep_spare(t, (struct tgv_failed_via){(uint32_t)b->unit, (uint32_t)b->group, b->local + i});
}

void tgv_tally_block(struct tgv_tally *t, const struct tgv_block *b)
{
  count_causes(t, b);
  for (int c = 0; c < TGV_TALLY_COLUMNS; c++) {
    count_moments(t, b, c);
    count_histogram(t, b, c);
  }
  count_maps(t, b);
  count_thickness(t, b);
  count_worst(t, b);
  count_spares(t, b);
}

/* ---- reading */

double tgv_tally_mean(const struct tgv_tally *t, size_t group, int column)
{
  const int64_t *m = t->moment + 4 * (group * TGV_TALLY_COLUMNS + (size_t)column);

  return (double)(float)middle(t->plan, column) + get_wide(m) / (double)t->n[group];
}

double tgv_tally_deviation(const struct tgv_tally *t, size_t group, int column)
{
  const int64_t *m = t->moment + 4 * (group * TGV_TALLY_COLUMNS + (size_t)column);
  double         n = (double)t->n[group], first = get_wide(m), second = get_wide(m + 2);
  double         variance = n > 1 ? (second - first * first / n) / (n - 1) : 0;

  return variance > 0 ? sqrt(variance) : 0;
}

static int by_place(const void *a, const void *b)
{
  const struct tgv_failed_via *x = a, *y = b;

  return (x->local > y->local) - (x->local < y->local);
}

/* Whether every bundle of the group has enough good lanes; `failed` are sorted local numbers. */
static bool bundles_pass(const struct tgv_via_group *g, const struct tgv_failed_via *failed, size_t n)
{
  uint64_t size = g->lanes * g->lane_vias, bad = 0, bundle = UINT64_MAX, lane = UINT64_MAX;

  for (size_t i = 0; i < n; i++) {
    uint64_t at = failed[i].local - g->first;

    if (at / size != bundle) bundle = at / size, bad = 0, lane = UINT64_MAX;
    if (at / g->lane_vias != lane) lane = at / g->lane_vias, bad++;
    if (bad > g->lanes - g->lanes_needed) return false;
  }
  return true;
}

static bool spares_suffice(const struct tgv_tally *t, size_t unit, size_t group)
{
  struct tgv_failed_via *mine = tgv_allocate(t->spare_count + 1, sizeof *mine);
  size_t                 n = 0;
  bool                   pass;

  for (size_t i = 0; i < t->spare_count; i++)
    if (t->spare[i].unit == unit && t->spare[i].group == group) mine[n++] = t->spare[i];
  qsort(mine, n, sizeof *mine, by_place);
  pass = bundles_pass(&t->plan->package->group[group], mine, n);
  free(mine);
  return pass;
}

bool tgv_tally_unit_passes(const struct tgv_tally *t, size_t unit, size_t *reason)
{
  const struct tgv_package *k = t->plan->package;

  for (size_t g = 0; g < k->group_count; g++) {
    const struct tgv_via_group *group = &k->group[g];
    int64_t                     failed = t->unit_failed[unit * k->group_count + g];
    bool                        pass;

    if (failed == 0) continue;
    if (group->lanes_needed < group->lanes)
      pass = failed <= bearable(group) && spares_suffice(t, unit, g);
    else
      pass = (double)failed <= group->fail_fraction_max * (double)group->count;
    if (!pass) {
      *reason = g;
      return false;
    }
  }
  *reason = k->group_count;
  return true;
}
