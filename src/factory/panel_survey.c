/**
# Panel survey: every via of every panel
*Model.* Each simulated panel of the lot is followed via by via through the flow (variation, defects, and the physics of every step).
A via is a pure function of seed, lot, panel and its number, so the panel is never stored: blocks of 512 vias stream through the stages
and into a tally. A unit passes if each of its via groups stays within its rule of failure (spare lanes, tolerated fraction, else no
failed via) and its total thickness variation within the limit.

Fractions of failed vias and of passing units are counts; their intervals are those of Clopper and Pearson, which hold for independent
trials. Where failures cluster, the spread from panel to panel is larger: that is what stage *yield* is for.

*Valid for.* The panels that were drawn; a property rarer than one in the number of vias is not seen here.

*Neglects.* Interactions between vias other than growing together.

*Source.* C. J. Clopper, E. S. Pearson, Biometrika 26, 404 (1934); capability interval: A. F. Bissell, Appl. Statist. 39, 331 (1990).

*Verified by.* tests/unit/test_panel_survey.c
*/
#include "factory/panel_survey.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/block_order.h"

/* ---- ranges of the histograms and nominal values */

static void take_nominal(const struct tgv_run *run, struct tgv_tally_plan *plan, struct tgv_block *b)
{
  for (size_t g = 0; g < run->package.group_count; g++) {
    b->n = 1, b->unit = 0, b->group = g, b->via_group = &run->package.group[g];
    b->x[0] = b->y[0] = 0;
    tgv_block_nominal(run->project, b);
    tgv_flow_physics(run->flow, b);
    for (int c = 0; c < TGV_COLUMN_COUNT; c++) plan->nominal[g][c] = b->column[c][0];
  }
}

/* Widens [low, high] to hold a limit that is not absurdly far. */
static void take_limit(double limit, double *low, double *high)
{
  double span = *high - *low;

  if (isnan(limit)) return;
  if (limit < *low && limit > *low - 2 * span) *low = limit;
  if (limit > *high && limit < *high + 2 * span) *high = limit;
}

static void take_limits(const struct tgv_package *k, int column, double *low, double *high)
{
  for (size_t g = 0; g < k->group_count; g++)
    for (int c = 0; c < TGV_CAUSE_COUNT; c++)
      if (tgv_cause_info((enum tgv_cause)c)->column == tgv_tally_column[column])
        take_limit(k->group[g].limit[c], low, high);
}

/* One range for all groups, so that their histograms can be laid over each other. */
static void set_range(struct tgv_tally_plan *plan, int column, const float extreme[2])
{
  double low = (double)extreme[0], high = (double)extreme[1], span;

  take_limits(plan->package, column, &low, &high);
  span = high - low;
  if (!(span > 0))
    span = fabs(low) > 0 ? 0.01 * fabs(low) : 1; /* nothing varies: one per cent about the value */
  plan->low[column] = extreme[0] >= 0 ? fmax(low - 0.2 * span, 0) : low - 0.2 * span;
  plan->step[column] = (high + 0.2 * span - plan->low[column]) / TGV_TALLY_BINS;
}

static void take_extremes(const struct tgv_block *b, float extreme[TGV_TALLY_COLUMNS][2])
{
  for (int k = 0; k < TGV_TALLY_COLUMNS; k++)
    for (size_t v = 0; v < b->n; v++) {
      float x = b->column[tgv_tally_column[k]][v];

      extreme[k][0] = x < extreme[k][0] ? x : extreme[k][0];
      extreme[k][1] = x > extreme[k][1] ? x : extreme[k][1];
    }
}

enum { SAMPLED_BLOCKS = 128 }; /* per group: 65,000 vias show where the bulk of a distribution lies */

static void set_ranges(const struct tgv_run *run, const struct tgv_block_order *c,
                       struct tgv_tally_plan *plan, struct tgv_block *b)
{
  float extreme[TGV_TALLY_COLUMNS][2];

  for (int k = 0; k < TGV_TALLY_COLUMNS; k++) extreme[k][0] = INFINITY, extreme[k][1] = -INFINITY;
  for (size_t g = 0; g < c->package->group_count; g++) {
    uint64_t blocks = c->first[g + 1] - c->first[g], all = blocks * run->panel.unit_count;
    uint64_t count = all < SAMPLED_BLOCKS ? all : SAMPLED_BLOCKS;

    for (uint64_t i = 0; i < count; i++) {
      uint64_t number = i * all / count;

      tgv_flow_block(run->flow, c, number / blocks * c->per_unit + c->first[g] + number % blocks, b);
      take_extremes(b, extreme);
    }
  }
  for (int k = 0; k < TGV_TALLY_COLUMNS; k++) set_range(plan, k, extreme[k]);
}

/* ---- one panel */

struct pass {
  const struct tgv_run         *run;
  const struct tgv_block_order *order;
  struct tgv_tally             *total;
  struct tgv_progress          *progress;
  uint64_t                      tile; /* blocks */
  uint64_t                      done; /* tiles of this rank */
};

/* What one thread does: takes tiles until there are none left or the user stops, then adds its tally to the total. */
static void work(struct pass *p)
{
  struct tgv_tally *mine = tgv_tally_new(p->total->plan);
  struct tgv_block *b = tgv_block_new();
  uint64_t          tiles = (p->order->total + p->tile - 1) / p->tile;
  uint64_t          ranks = (uint64_t)tgv_parallel_ranks(), rank = (uint64_t)tgv_parallel_rank();

#pragma omp for schedule(dynamic, 1)
  for (uint64_t t = rank; t < tiles; t += ranks) {
    uint64_t end = (t + 1) * p->tile, done;

    if (tgv_interrupted()) continue;
    for (uint64_t i = t * p->tile; i < end && i < p->order->total; i++) {
      tgv_flow_block(p->run->flow, p->order, i, b);
      tgv_tally_block(mine, b);
    }
#pragma omp atomic capture
    done = ++p->done;
    if (omp_get_thread_num() == 0) tgv_progress_report(p->progress, (double)(done * ranks));
  }
#pragma omp critical
  tgv_tally_merge(p->total, mine);
  tgv_block_free(b);
  tgv_tally_free(mine);
}

enum { DEFAULT_TILE = 64 };

static tgv_status survey_panel(struct tgv_run *run, const struct tgv_block_order *c, uint32_t number,
                               struct tgv_tally *total)
{
  struct tgv_progress progress;
  struct pass         p = {.run = run, .order = c, .total = total, .progress = &progress};
  tgv_status_code     s = TGV_OK;
  char                what[64];

  p.tile = run->options.tile ? run->options.tile : DEFAULT_TILE;
  snprintf(what, sizeof what, "panel %u: following the vias", number);
  tgv_progress_begin(&progress, what, ceil((double)c->total / (double)p.tile));
#pragma omp parallel num_threads(tgv_parallel_threads())
  work(&p);
  tgv_progress_end(&progress);
  if (tgv_interrupted())
    s = tgv_fail(TGV_INTERRUPTED, "stopped while following the vias of panel %u", number);
  TGV_TRY(tgv_parallel_agree(s));
  return tgv_parallel_agree(tgv_tally_reduce(total));
}

/* ---- panels that are done are kept, so that an interrupted lot goes on where it was */

static char *kept_path(const struct tgv_run *run, uint32_t number)
{
  char name[64];

  snprintf(name, sizeof name, "stages/panel_survey.%u.tally", number);
  return tgv_path_join(run->options.directory, name);
}

static const char *stage_hash(const struct tgv_run *run)
{
  return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(run->current->json, "hash"));
}

enum { HASH_SIZE = 32 };

static tgv_status keep_panel(const struct tgv_run *run, uint32_t number, const struct tgv_tally *t)
{
  void           *bytes;
  char           *file, *path;
  size_t          size;
  tgv_status_code s;

  if (!run->options.directory || tgv_parallel_rank() != 0) return TGV_OK;
  if (tgv_count(run->project, TGV_P_project_panels) == 1)
    return TGV_OK; /* the stage itself is kept in a moment */
  tgv_tally_pack(t, &bytes, &size);
  file = tgv_allocate(HASH_SIZE + size, 1);
  memcpy(file, stage_hash(run), HASH_SIZE);
  memcpy(file + HASH_SIZE, bytes, size);
  path = kept_path(run, number);
  s = tgv_file_write(path, file, HASH_SIZE + size);
  free(path);
  free(file);
  free(bytes);
  return s;
}

/* Rank 0, which alone needs the numbers, looks for the panel among those kept for the same inputs. */
static tgv_status recall_panel(const struct tgv_run *run, uint32_t number, struct tgv_tally *t, int *found)
{
  const size_t limit = (size_t)1 << 32;

  *found = 0;
  if (!run->options.directory || run->options.fresh) return TGV_OK;
  if (tgv_parallel_rank() == 0) {
    char  *path = kept_path(run, number), *bytes = NULL;
    size_t size = 0;

    if (tgv_file_exists(path) && tgv_file_read(path, limit, &bytes, &size) == TGV_OK && size > HASH_SIZE &&
        memcmp(bytes, stage_hash(run), HASH_SIZE) == 0)
      *found = tgv_tally_unpack(t, bytes + HASH_SIZE, size - HASH_SIZE) == TGV_OK;
    tgv_error_clear();
    free(bytes);
    free(path);
  }
  return tgv_parallel_broadcast(found, sizeof *found);
}

static void forget_panels(const struct tgv_run *run)
{
  if (!run->options.directory || tgv_parallel_rank() != 0) return;
  for (int64_t i = 1; i <= tgv_count(run->project, TGV_P_project_panels); i++) {
    char *path = kept_path(run, (uint32_t)i);

    remove(path);
    free(path);
  }
}

static tgv_status survey_or_recall(struct tgv_run *run, const struct tgv_block_order *c, uint32_t number,
                                   struct tgv_tally *t)
{
  int found;

  TGV_TRY(recall_panel(run, number, t, &found));
  if (found) return TGV_OK;
  TGV_TRY(survey_panel(run, c, number, t));
  return keep_panel(run, number, t);
}

static tgv_status survey_lot(struct tgv_run *run, const struct tgv_block_order *c, struct tgv_survey *survey)
{
  uint32_t lot = (uint32_t)tgv_count(run->project, TGV_P_project_lot);

  for (uint32_t number = 1; number <= survey->panel_count; number++) {
    struct tgv_tally *t;
    tgv_status_code   s;

    TGV_TRY(tgv_flow_panel(run->flow, lot, number));
    if (number == 1) {
      struct tgv_block *b = tgv_block_new();

      take_nominal(run, &survey->plan, b);
      set_ranges(run, c, &survey->plan, b);
      tgv_block_free(b);
    }
    t = tgv_tally_new(&survey->plan);
    s = survey_or_recall(run, c, number, t);
    if (s) {
      tgv_tally_free(t);
      return s;
    }
    tgv_survey_add(run, survey, t);
  }
  return TGV_OK;
}

/* How well the random fields could be drawn: never silently. */
static tgv_status report_fields(const struct tgv_run *run)
{
  struct tgv_scalar     s = {.low = (double)NAN,
                             .high = (double)NAN,
                             .valid = "the correlation lengths of this project",
                             .error = "exact: read off the spectrum and the covariance"};
  struct tgv_variation *v;

  TGV_TRY(tgv_variation_new(run->project, &run->panel, &run->flow->maps, &v));
  s.column = TGV_C_field_negative_mass;
  s.method = "circulant embedding on a torus that grows until its spectrum is positive or a limit is reached";
  s.value = tgv_variation_negative_mass(v);
  tgv_result_scalar(run->current, &s);
  s.column = TGV_C_field_variance_loss;
  s.method = "bilinear interpolation between nodes, in the middle of a cell";
  s.value = tgv_variation_field_loss(v);
  tgv_result_scalar(run->current, &s);
  tgv_variation_free(v);
  return TGV_OK;
}

static tgv_status survey(struct tgv_run *run)
{
  struct tgv_survey      result = {0};
  struct tgv_block_order c;
  tgv_status_code        s;

  tgv_block_order_init(&c, &run->package, &run->panel);
  tgv_tally_plan_init(&result.plan, &run->package, &run->panel,
                      tgv_real(run->project, TGV_P_output_map_cell));
  result.panel_count = (size_t)tgv_count(run->project, TGV_P_project_panels);
  result.passed = tgv_allocate(result.panel_count, sizeof *result.passed);
  result.failed = tgv_allocate(result.panel_count, sizeof *result.failed);
  s = survey_lot(run, &c, &result);
  if (s == TGV_OK) {
    tgv_survey_report(run, &result);
    forget_panels(run);
    s = report_fields(run);
  }
  tgv_tally_free(result.first);
  tgv_tally_free(result.total);
  free(result.passed);
  free(result.failed);
  tgv_tally_plan_release(&result.plan);
  tgv_block_order_release(&c);
  return s;
}

const struct tgv_stage tgv_stage_panel_survey = {
    .name = "panel_survey",
    .title = "Every via of every simulated panel: counts, capability, maps, worst vias",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_project, TGV_S_core, TGV_S_output, TGV_S_yield, TGV_S_variation,
                             TGV_S_glass_blank, TGV_S_laser_drilling, TGV_S_wet_etching),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_taper,
                         TGV_C_thickness, TGV_C_position_error),
    .writes =
        TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_taper,
                    TGV_C_thickness, TGV_C_position_error, TGV_C_units_per_panel, TGV_C_vias_per_unit,
                    TGV_C_vias_per_panel, TGV_C_utilisation, TGV_C_via_fail_fraction, TGV_C_vias_failed,
                    TGV_C_unit_pass_fraction, TGV_C_units_passed, TGV_C_cpk, TGV_C_field_negative_mass,
                    TGV_C_field_variance_loss, TGV_C_unit_fail_fraction, TGV_C_unit_result, TGV_C_unit_ttv),
    .chosen_by = TGV_P_END,
    .panel = survey,
};
