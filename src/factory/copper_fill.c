/** # Copper fill of the panel

## Model
What the plating step has made of the vias of the first simulated panel: shares of the regimes, fill, voids, dimple, overburden, the time
after which nearly all vias have stopped growing, copper and energy; and how good the trained models are that say so.

Vias are followed in whole blocks of 512, spread evenly over each group of every unit: all of them up to a million, else about a million. Sums are
formed block by block in a fixed order, so they do not depend on threads and ranks. The copper of the panel is the mean copper of the cell of a
via times the vias of each group; cells that the vias do not cover (between the arrays) are not counted. The energy is the charge of that
copper, $n F V / \Omega$, times the voltage of the cell.

## Valid for
The panel that was drawn; shares below one in the number of vias are not seen.

## Neglects
Copper plated outside of the arrays and on thieves; efficiency of the plating current below 1.

## Source
Our own; Faraday's law.

## Verified by
tests/unit/test_copper_plating.c (counts via by via, mass by the charge). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "core/text.h"
#include "factory/copper_fill_model.h"
#include "model/block_order.h"
#include "model/result.h"
#include "solver/yield_model.h"

enum { DEPTHS = 10, TIMES = 400, BLOCKS_MOST = 2048 };

/* where the voids are, over the panel and over the local current density; whole numbers, so their order does not matter */
enum { PLACES = 64, CURRENTS = 400 };
struct places {
  double   across[2]; /* size of a cell along x, y */
  double   asked;     /* current density of the recipe, 0: it is not driven by it */
  uint32_t vias[PLACES * PLACES], voids[PLACES * PLACES];
  uint32_t current_vias[CURRENTS],
      current_voids[CURRENTS]; /* by the local over the asked current density, 0 to 2 */
};

/* of one via group, or of a block of it */
struct sums {
  double n, regime[TGV_PLATING_REGIMES], uncertain, outside;
  double fill, void_fraction, dimple, overburden, copper; /* sums */
  double fill_least, dimple_most, overburden_most, void_most;
  double depth[DEPTHS]; /* voids by depth over thickness */
  double time[TIMES];   /* vias by fill time over the time of plating */
};

static const enum tgv_column read_columns[] = {TGV_C_fill_regime,   TGV_C_fill,          TGV_C_fill_time,
                                               TGV_C_void_fraction, TGV_C_void_depth,    TGV_C_dimple,
                                               TGV_C_overburden,    TGV_C_plated_copper, TGV_C_thickness};
enum { REGIME, FILL, FILL_TIME, VOID, DEPTH, DIMPLE, OVERBURDEN, COPPER, THICKNESS, READ };

static size_t bin(double share, size_t bins)
{
  return share > 0 ? (size_t)fmin((double)(bins - 1), floor(share * (double)bins)) : 0;
}

static void count_places(const struct tgv_block *b, struct places *p)
{
  const int input = tgv_input_of(TGV_P_copper_plating_current_density);

  for (size_t i = 0; i < b->n; i++) {
    const double regime = (double)b->column[TGV_C_fill_regime][i];
    const bool   has_void = regime == TGV_PLATING_VOID || regime == TGV_PLATING_PINCHED;
    const size_t at = bin(0.5 + b->y[i] / p->across[1] / PLACES, PLACES) * PLACES +
                      bin(0.5 + b->x[i] / p->across[0] / PLACES, PLACES);
    const size_t current = p->asked > 0 ? bin(0.5 * (double)b->input[input][i] / p->asked, CURRENTS) : 0;

#pragma omp atomic
    p->vias[at]++;
#pragma omp atomic
    p->current_vias[current]++;
    if (!has_void) continue;
#pragma omp atomic
    p->voids[at]++;
#pragma omp atomic
    p->current_voids[current]++;
  }
}

static void count_block(const struct tgv_block *b, double time, struct sums *s)
{
  for (size_t i = 0; i < b->n; i++) {
    double v[READ];

    for (int c = 0; c < READ; c++) v[c] = (double)b->column[read_columns[c]][i];
    s->n++;
    s->regime[(size_t)v[REGIME]]++;
    s->uncertain += (b->flags[i] & TGV_FLAG_UNCERTAIN) != 0;
    s->outside += (b->flags[i] & TGV_FLAG_MODEL_RANGE) != 0;
    s->fill += v[FILL], s->void_fraction += v[VOID], s->dimple += v[DIMPLE];
    s->overburden += v[OVERBURDEN], s->copper += v[COPPER];
    s->fill_least = fmin(s->fill_least, v[FILL]), s->void_most = fmax(s->void_most, v[VOID]);
    s->dimple_most = fmax(s->dimple_most, v[DIMPLE]);
    s->overburden_most = fmax(s->overburden_most, v[OVERBURDEN]);
    s->time[bin(v[FILL_TIME] / time, TIMES)]++;
    if (v[VOID] > 0) s->depth[bin(v[DEPTH] / v[THICKNESS], DEPTHS)]++;
  }
}

static void add_sums(struct sums *to, const struct sums *s)
{
  to->n += s->n, to->uncertain += s->uncertain, to->outside += s->outside;
  for (int r = 0; r < TGV_PLATING_REGIMES; r++) to->regime[r] += s->regime[r];
  to->fill += s->fill, to->void_fraction += s->void_fraction, to->dimple += s->dimple;
  to->overburden += s->overburden, to->copper += s->copper;
  to->fill_least = fmin(to->fill_least, s->fill_least), to->void_most = fmax(to->void_most, s->void_most);
  to->dimple_most = fmax(to->dimple_most, s->dimple_most);
  to->overburden_most = fmax(to->overburden_most, s->overburden_most);
  for (int k = 0; k < DEPTHS; k++) to->depth[k] += s->depth[k];
  for (int k = 0; k < TIMES; k++) to->time[k] += s->time[k];
}

/* Evenly spread blocks of a group, each summed by itself, then in order. */
static tgv_status survey_group(struct tgv_run *run, const struct tgv_block_order *o, size_t g,
                               struct places *places, struct sums *out)
{
  const uint64_t per_unit = o->first[g + 1] - o->first[g], all = per_unit * run->panel.unit_count;
  const uint64_t most = BLOCKS_MOST / run->package.group_count + 1, count = all < most ? all : most;
  const double   time = tgv_real(run->project, TGV_P_copper_plating_time);
  struct sums   *part = tgv_allocate(count + 1, sizeof *part);

  memset(out, 0, sizeof *out);
  out->fill_least = 1;
#pragma omp parallel num_threads(tgv_parallel_threads())
  {
    struct tgv_block *b = tgv_block_new();

#pragma omp for schedule(dynamic, 8)
    for (uint64_t i = 0; i < count; i++) {
      const uint64_t number = i * all / count;

      if (tgv_interrupted()) continue;
      tgv_flow_block(run->flow, o, number / per_unit * o->per_unit + o->first[g] + number % per_unit, b);
      part[i].fill_least = 1;
      count_block(b, time, &part[i]);
      count_places(b, places);
    }
    tgv_block_free(b);
  }
  for (uint64_t i = 0; i < count; i++) add_sums(out, &part[i]);
  free(part);
  return tgv_interrupted() ? tgv_fail(TGV_INTERRUPTED, "stopped while following the plated vias") : TGV_OK;
}

/* ---- results */

static const char sampled[] = "mean over the vias of the first panel, evenly spread blocks of 512";
static const char of_models[] = "the trained ranges; vias outside are held at their edge and counted";
static const char of_regressor[] = "held-out errors of the regressors: table of the trained models";

static void add(struct tgv_run *run, enum tgv_column c, const char *qualifier, double value)
{
  tgv_result_scalar(run->current, &(struct tgv_scalar){.column = c,
                                                       .qualifier = qualifier,
                                                       .value = value,
                                                       .low = (double)NAN,
                                                       .high = (double)NAN,
                                                       .method = sampled,
                                                       .valid = of_models,
                                                       .error = of_regressor});
}

static void add_share(struct tgv_run *run, enum tgv_column c, double k, double n)
{
  struct tgv_scalar s = {
      .column = c,
      .value = n > 0 ? k / n : 0,
      .method = sampled,
      .valid = of_models,
      .error = "Clopper-Pearson interval for independent trials; clustered failures spread more"};

  tgv_interval_clopper_pearson(k, n, tgv_real(run->project, TGV_P_yield_confidence), &s.low, &s.high);
  tgv_result_scalar(run->current, &s);
}

/* when 99 % of the vias have stopped growing */
static double time_of_most(const struct sums *s, double time)
{
  double sum = 0;

  for (int k = 0; k < TIMES; k++) {
    sum += s->time[k];
    if (sum >= 0.99 * s->n) return time * (k + 1) / TIMES;
  }
  return time;
}

static void add_scalars(struct tgv_run *run, const struct sums *s, double copper)
{
  const double time = tgv_real(run->project, TGV_P_copper_plating_time);
  const double voltage = tgv_real(run->project, TGV_P_copper_plating_cell_voltage);
  const double charge = copper * tgv_real(run->project, TGV_P_copper_plating_ion_charge) * tgv_faraday /
                        tgv_real(run->project, TGV_P_copper_plating_molar_volume);

  add_share(run, TGV_C_void_vias, s->regime[TGV_PLATING_VOID] + s->regime[TGV_PLATING_PINCHED], s->n);
  add_share(run, TGV_C_uncertain_vias, s->uncertain, s->n);
  add_share(run, TGV_C_outside_vias, s->outside, s->n);
  add(run, TGV_C_fill, "mean", s->fill / s->n);
  add(run, TGV_C_fill, "least", s->fill_least);
  add(run, TGV_C_void_fraction, "mean", s->void_fraction / s->n);
  add(run, TGV_C_void_fraction, "largest", s->void_most);
  add(run, TGV_C_dimple, "mean", s->dimple / s->n);
  add(run, TGV_C_dimple, "largest", s->dimple_most);
  add(run, TGV_C_overburden, "mean", s->overburden / s->n);
  add(run, TGV_C_overburden, "largest", s->overburden_most);
  add(run, TGV_C_fill_time, "p99", time_of_most(s, time));
  add(run, TGV_C_plating_time, "", time);
  add(run, TGV_C_copper_mass, "", copper * tgv_real(run->project, TGV_P_copper_plating_metal_density));
  if (voltage > 0) add(run, TGV_C_plating_energy, "", charge * voltage);
}

static void add_groups(struct tgv_run *run, const struct sums *s)
{
  cJSON *t = tgv_result_table(run->current, "fill_regimes", "How the vias fill",
                              "Shares of the regimes in each via group, first panel");

  tgv_table_column(t, "via group", "", "text");
  for (int r = 0; r < TGV_PLATING_REGIMES; r++)
    tgv_table_column(t, tgv_plating_regime_name((enum tgv_plating_regime)r), "%", "number");
  tgv_table_column(t, "uncertain", "%", "number");
  tgv_table_column(t, "outside", "%", "number");
  tgv_table_column(t, "mean fill", "%", "number");
  tgv_table_column(t, "mean void", "%", "number");
  for (size_t g = 0; g < run->package.group_count; g++) {
    cJSON *row = tgv_table_row(t);

    tgv_row_text(row, run->package.group[g].name);
    for (int r = 0; r < TGV_PLATING_REGIMES; r++) tgv_row_number(row, 100 * s[g].regime[r] / s[g].n);
    tgv_row_number(row, 100 * s[g].uncertain / s[g].n);
    tgv_row_number(row, 100 * s[g].outside / s[g].n);
    tgv_row_number(row, 100 * s[g].fill / s[g].n);
    tgv_row_number(row, 100 * s[g].void_fraction / s[g].n);
  }
}

static void add_depths(struct tgv_run *run, const struct sums *s)
{
  double voids = 0;
  cJSON *t;

  for (int k = 0; k < DEPTHS; k++) voids += s->depth[k];
  if (!(voids > 0)) return;
  t = tgv_result_table(run->current, "void_depths", "Where the voids lie",
                       "Depth of the centre of the largest void over the thickness");
  tgv_table_column(t, "from", "%", "number");
  tgv_table_column(t, "to", "%", "number");
  tgv_table_column(t, "share of the voids", "%", "number");
  for (int k = 0; k < DEPTHS; k++) {
    cJSON *row = tgv_table_row(t);

    tgv_row_number(row, 100.0 * k / DEPTHS);
    tgv_row_number(row, 100.0 * (k + 1) / DEPTHS);
    tgv_row_number(row, 100 * s->depth[k] / voids);
  }
}

/* Vias in fifths by their local current density: do the voids follow it? */
static void add_currents(struct tgv_run *run, const struct places *p)
{
  enum { PARTS = 5 };
  double all = 0, voids = 0, seen = 0;
  double vias[PARTS] = {0}, hit[PARTS] = {0}, sum[PARTS] = {0};
  cJSON *t;

  for (int k = 0; k < CURRENTS; k++) all += p->current_vias[k], voids += p->current_voids[k];
  if (!(p->asked > 0) || !(voids > 0)) return;
  for (int k = 0; k < CURRENTS; k++) {
    const double n = p->current_vias[k];
    const size_t part = bin((seen + 0.5 * n) / all, PARTS);

    vias[part] += n, hit[part] += p->current_voids[k], sum[part] += n * 2 * (k + 0.5) / CURRENTS;
    seen += n;
  }
  t = tgv_result_table(
      run->current, "voids_by_current", "Voids by local current",
      "Vias in fifths by the current density at their place over the one asked for, first panel");
  tgv_table_column(t, "vias", "", "text");
  tgv_table_column(t, "local current over asked", "%", "number");
  tgv_table_column(t, "share of the vias", "%", "number");
  tgv_table_column(t, "vias with a void", "%", "number");
  for (int k = 0; k < PARTS; k++) {
    static const char *const names[PARTS] = {"lowest current", "low", "middle", "high", "highest current"};
    cJSON                   *row;

    if (!(vias[k] > 0)) continue;
    row = tgv_table_row(t);
    tgv_row_text(row, names[k]);
    tgv_row_number(row, 100 * sum[k] / vias[k]);
    tgv_row_number(row, 100 * vias[k] / all);
    tgv_row_number(row, 100 * hit[k] / vias[k]);
  }
}

static void add_map(struct tgv_run *run, const struct places *p)
{
  float *value = tgv_allocate((size_t)PLACES * PLACES, sizeof *value);
  double voids = 0;

  for (size_t k = 0; k < (size_t)PLACES * PLACES; k++) {
    value[k] = p->vias[k] > 0 ? (float)p->voids[k] / (float)p->vias[k] : NAN;
    voids += p->voids[k];
  }
  if (voids > 0)
    tgv_result_map(run->current, &(struct tgv_map){.name = "voids",
                                                   .title = "Vias with a trapped void",
                                                   .column = TGV_C_void_vias,
                                                   .nx = PLACES,
                                                   .ny = PLACES,
                                                   .x0 = -0.5 * run->panel.width,
                                                   .y0 = -0.5 * run->panel.height,
                                                   .dx = p->across[0],
                                                   .dy = p->across[1],
                                                   .value = value});
  free(value);
}

static struct places *places_new(const struct tgv_run *run)
{
  struct places *p = tgv_allocate(1, sizeof *p);

  p->across[0] = run->panel.width / PLACES, p->across[1] = run->panel.height / PLACES;
  if (tgv_chosen(run->project, TGV_P_copper_plating_control, "galvanostatic"))
    p->asked = tgv_real(run->project, TGV_P_copper_plating_current_density);
  return p;
}

static tgv_status fill_panel(struct tgv_run *run)
{
  struct tgv_plating_classes classes;
  struct tgv_block_order     o;
  struct sums               *group = tgv_allocate(run->package.group_count + 1, sizeof *group);
  struct sums                all = {.fill_least = 1};
  struct places             *places = places_new(run);
  double                     copper = 0;
  tgv_status_code            status;

  tgv_block_order_init(&o, &run->package, &run->panel);
  status = tgv_flow_panel(run->flow, (uint32_t)tgv_count(run->project, TGV_P_project_lot), 1);
  if (!status) status = tgv_plating_classes_make(run->flow, &classes);
  if (!status) {
    for (size_t g = 0; g < run->package.group_count && !status; g++) {
      const double vias = (double)run->package.group[g].count * (double)run->panel.unit_count;

      status = survey_group(run, &o, g, places, &group[g]);
      add_sums(&all, &group[g]);
      if (group[g].n > 0) copper += vias * group[g].copper / group[g].n;
    }
    if (!status && all.n > 0) {
      add_scalars(run, &all, copper);
      add_groups(run, group);
      add_depths(run, &all);
      add_currents(run, places);
      add_map(run, places);
      tgv_copper_fill_models(run, &classes);
    }
    tgv_plating_classes_release(&classes);
  }
  tgv_block_order_release(&o);
  free(group), free(places);
  return tgv_parallel_agree(status);
}

const struct tgv_stage tgv_stage_copper_fill = {
    .name = "copper_fill",
    .title = "Copper fill: regimes, voids, dimple and overburden of the panel, and the trained models",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_project, TGV_S_copper_plating, TGV_S_variation, TGV_S_yield, TGV_S_core,
                             TGV_S_via_groups),
    .reads =
        TGV_COLUMNS(TGV_C_fill_regime, TGV_C_fill, TGV_C_fill_time, TGV_C_void_fraction, TGV_C_void_depth,
                    TGV_C_dimple, TGV_C_overburden, TGV_C_plated_copper, TGV_C_thickness),
    .writes =
        TGV_COLUMNS(TGV_C_void_vias, TGV_C_uncertain_vias, TGV_C_outside_vias, TGV_C_fill,
                    TGV_C_void_fraction, TGV_C_dimple, TGV_C_overburden, TGV_C_fill_time, TGV_C_plating_time,
                    TGV_C_copper_mass, TGV_C_plating_energy, TGV_C_training_time, TGV_C_regime_accuracy),
    .chosen_by = TGV_P_copper_plating_model,
    .chosen_word = "fitted",
    .panel = fill_panel,
};
