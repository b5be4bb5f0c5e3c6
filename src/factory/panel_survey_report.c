/* What a survey found, as scalars, tables, maps and histograms. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/panel_survey.h"
#include "model/result.h"
#include "solver/yield_model.h"

static const char counted[] = "counted over every via of the simulated panels";
static const char drawn[] = "the panels that were drawn";
static const char binomial[] =
    "Clopper-Pearson interval for independent trials; clustered failures spread more";

/* ---- units */

bool tgv_survey_unit_passes(const struct tgv_run *run, const struct tgv_tally *t, size_t unit, size_t *reason)
{
  double limit = tgv_real(run->project, TGV_P_core_ttv);

  if (!tgv_tally_unit_passes(t, unit, reason)) return false;
  if (limit > 0 && (double)t->thick[unit] - (double)t->thin[unit] > limit) {
    *reason = run->package.group_count + 1;
    return false;
  }
  return true;
}

void tgv_survey_add(const struct tgv_run *run, struct tgv_survey *s, struct tgv_tally *panel)
{
  for (size_t u = 0; u < run->panel.unit_count; u++) {
    size_t reason;

    s->passed[s->done] += tgv_survey_unit_passes(run, panel, u, &reason);
  }
  for (size_t g = 0; g < run->package.group_count; g++) s->failed[s->done] += panel->failed[g];
  s->done++;
  if (!s->total) s->total = tgv_tally_new(&s->plan);
  tgv_tally_merge(s->total, panel);
  if (s->first)
    tgv_tally_free(panel);
  else
    s->first = panel;
}

/* ---- scalars */

static void add_exact(struct tgv_result *r, enum tgv_column column, double value, const char *method)
{
  tgv_result_scalar(r, &(struct tgv_scalar){.column = column,
                                            .value = value,
                                            .low = (double)NAN,
                                            .high = (double)NAN,
                                            .method = method,
                                            .valid = "always",
                                            .error = "none: a count"});
}

/* A fraction of counts with its interval; `count` too if it has a column. */
static void add_fraction(const struct tgv_run *run, enum tgv_column column, const char *qualifier, double k,
                         double n)
{
  struct tgv_scalar s = {.column = column,
                         .qualifier = qualifier,
                         .value = n > 0 ? k / n : 0,
                         .method = counted,
                         .valid = drawn,
                         .error = binomial};

  tgv_interval_clopper_pearson(k, n, tgv_real(run->project, TGV_P_yield_confidence), &s.low, &s.high);
  tgv_result_scalar(run->current, &s);
}

static void add_counts(const struct tgv_run *run, const struct tgv_survey *s)
{
  const struct tgv_package *k = &run->package;
  double vias = (double)k->via_count * (double)run->panel.unit_count, panels = (double)s->panel_count;
  double units = (double)run->panel.unit_count * panels, passed = 0, failed = 0;

  for (size_t i = 0; i < s->panel_count; i++) passed += (double)s->passed[i], failed += (double)s->failed[i];
  add_exact(run->current, TGV_C_units_per_panel, (double)run->panel.unit_count, "panelization");
  add_exact(run->current, TGV_C_vias_per_unit, (double)k->via_count, "layout of the via groups");
  add_exact(run->current, TGV_C_vias_per_panel, vias, "layout of the via groups and panelization");
  add_exact(run->current, TGV_C_utilisation, run->panel.utilisation, "panelization");
  add_exact(run->current, TGV_C_vias_failed, failed, counted);
  add_exact(run->current, TGV_C_units_passed, passed, counted);
  add_fraction(run, TGV_C_via_fail_fraction, "", failed, vias * panels);
  add_fraction(run, TGV_C_unit_pass_fraction, "", passed, units);
  for (size_t g = 0; g < k->group_count; g++)
    add_fraction(run, TGV_C_via_fail_fraction, k->group[g].name, (double)s->total->failed[g],
                 (double)s->total->n[g]);
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    double hits = 0;

    for (size_t g = 0; g < k->group_count; g++)
      hits += (double)s->total->cause[g * TGV_CAUSE_COUNT + (size_t)c];
    add_fraction(run, TGV_C_via_fail_fraction, tgv_cause_info((enum tgv_cause)c)->name, hits, vias * panels);
  }
}

struct statistics {
  double n, mean, deviation, least, most;
};

static struct statistics of_group(const struct tgv_tally *t, size_t g, int column)
{
  size_t at = g * TGV_TALLY_COLUMNS + (size_t)column;

  return (struct statistics){(double)t->n[g], tgv_tally_mean(t, g, column), tgv_tally_deviation(t, g, column),
                             (double)t->minimum[at], (double)t->maximum[at]};
}

static struct statistics of_all(const struct tgv_tally *t, size_t groups, int column)
{
  struct statistics a = {.least = INFINITY, .most = -INFINITY};
  double            squares = 0;

  for (size_t g = 0; g < groups; g++) {
    struct statistics s = of_group(t, g, column);

    a.n += s.n;
    a.mean += s.n * s.mean;
    a.least = fmin(a.least, s.least);
    a.most = fmax(a.most, s.most);
  }
  a.mean /= a.n;
  for (size_t g = 0; g < groups; g++) {
    struct statistics s = of_group(t, g, column);

    squares += (s.n - 1) * s.deviation * s.deviation + s.n * (s.mean - a.mean) * (s.mean - a.mean);
  }
  a.deviation = a.n > 1 ? sqrt(squares / (a.n - 1)) : 0;
  return a;
}

static void add_statistics(struct tgv_result *r, int column, const char *group, struct statistics s)
{
  const struct {
    const char *name;
    double      value;
  } parts[] = {{"mean", s.mean}, {"std", s.deviation}, {"min", s.least}, {"max", s.most}};

  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char qualifier[256];

    snprintf(qualifier, sizeof qualifier, "%s%s%s", group, *group ? "." : "", parts[i].name);
    tgv_result_scalar(r, &(struct tgv_scalar){.column = tgv_tally_column[column],
                                              .qualifier = qualifier,
                                              .value = parts[i].value,
                                              .low = (double)NAN,
                                              .high = (double)NAN,
                                              .method = counted,
                                              .valid = drawn,
                                              .error = "single precision per via (6e-8), sums exact"});
  }
}

/* ---- capability */

/* The limits of a column of a group; NAN where there is none. Closed and merged are no tolerances. */
static void limits_of(const struct tgv_via_group *g, int column, double *lower, double *upper)
{
  *lower = *upper = (double)NAN;
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    const struct tgv_cause_info *cause = tgv_cause_info((enum tgv_cause)c);

    if (cause->column != tgv_tally_column[column] || c == TGV_CAUSE_closed || c == TGV_CAUSE_merged) continue;
    if (isnan(g->limit[c])) continue;
    if (cause->side == TGV_BELOW)
      *lower = g->limit[c];
    else
      *upper = g->limit[c];
  }
}

static double capability(struct statistics s, double lower, double upper)
{
  double c = INFINITY;

  if (!isnan(lower)) c = fmin(c, (s.mean - lower) / (3 * s.deviation));
  if (!isnan(upper)) c = fmin(c, (upper - s.mean) / (3 * s.deviation));
  return c;
}

static double half_width(double cpk, double n)
{
  return 1.96 * sqrt(1 / (9 * n) + cpk * cpk / (2 * (n - 1)));
}

static void add_capability(struct tgv_result *r, const struct tgv_via_group *g, int column,
                           struct statistics s)
{
  double lower, upper, cpk;
  char   qualifier[256];

  limits_of(g, column, &lower, &upper);
  cpk = capability(s, lower, upper);
  if (!(s.deviation > 0) || !isfinite(cpk)) return;
  snprintf(qualifier, sizeof qualifier, "%s.%s", g->name, tgv_column_info(tgv_tally_column[column])->symbol);
  tgv_result_scalar(
      r, &(struct tgv_scalar){.column = TGV_C_cpk,
                              .qualifier = qualifier,
                              .value = cpk,
                              .low = cpk - half_width(cpk, s.n),
                              .high = cpk + half_width(cpk, s.n),
                              .method = "overall mean and standard deviation against the nearer limit",
                              .valid = "its usual meaning holds for a normal distribution; see the histogram",
                              .error = "95 % interval of Bissell (1990)"});
}

/* ---- histograms, as the report draws them */

static cJSON *histogram_series(const struct tgv_run *run, const struct tgv_survey *s, size_t g, int column)
{
  const struct tgv_column_info *info = tgv_column_info(tgv_tally_column[column]);
  const struct tgv_via_group   *group = &run->package.group[g];
  const int64_t *bins = s->total->histogram + (g * TGV_TALLY_COLUMNS + (size_t)column) * (TGV_TALLY_BINS + 2);
  struct statistics st = of_group(s->total, g, column);
  double            lower, upper, unit = tgv_units_to(1, info->dimension, info->unit);
  cJSON            *o = cJSON_CreateObject(), *counts;

  limits_of(group, column, &lower, &upper);
  cJSON_AddStringToObject(o, "label", group->name);
  counts = cJSON_AddArrayToObject(o, "counts");
  for (int i = 1; i <= TGV_TALLY_BINS; i++) tgv_row_number(counts, (double)bins[i]);
  tgv_json_number(o, "below", (double)bins[0]);
  tgv_json_number(o, "above", (double)bins[TGV_TALLY_BINS + 1]);
  tgv_json_number(o, "lower", lower * unit);
  tgv_json_number(o, "upper", upper * unit);
  tgv_json_number(o, "target",
                  tgv_tally_column[column] == TGV_C_D_top ? group->diameter * unit : (double)NAN);
  tgv_json_number(o, "n", st.n);
  tgv_json_number(o, "mean", st.mean * unit);
  tgv_json_number(o, "std", st.deviation * unit);
  tgv_json_number(o, "min", st.least * unit);
  tgv_json_number(o, "max", st.most * unit);
  tgv_json_number(o, "cpk", capability(st, lower, upper));
  tgv_json_number(o, "cpk_low",
                  capability(st, lower, upper) - half_width(capability(st, lower, upper), st.n));
  tgv_json_number(o, "cpk_high",
                  capability(st, lower, upper) + half_width(capability(st, lower, upper), st.n));
  return o;
}

static void add_histograms(const struct tgv_run *run, const struct tgv_survey *s)
{
  cJSON *list = cJSON_CreateArray();

  for (int c = 0; c < TGV_TALLY_COLUMNS; c++) {
    const struct tgv_column_info *info = tgv_column_info(tgv_tally_column[c]);
    cJSON                        *o = cJSON_CreateObject(), *series;

    cJSON_AddStringToObject(o, "column", info->symbol);
    cJSON_AddStringToObject(o, "label", info->help);
    cJSON_AddStringToObject(o, "unit", info->unit);
    tgv_json_number(o, "low", tgv_units_to(s->plan.low[c], info->dimension, info->unit));
    tgv_json_number(o, "step", tgv_units_to(s->plan.step[c], info->dimension, info->unit));
    series = cJSON_AddArrayToObject(o, "series");
    for (size_t g = 0; g < run->package.group_count; g++)
      cJSON_AddItemToArray(series, histogram_series(run, s, g, c));
    cJSON_AddItemToArray(list, o);
  }
  tgv_result_data(run->current, "histograms", list);
}

/* ---- maps and unit layers of the first panel */

/* In the order of tgv_tally_column. */
static const char *const map_title[TGV_TALLY_MAPPED] = {"D_top", "D_waist", "Position error", "Thickness"};

static void add_maps(const struct tgv_run *run, const struct tgv_survey *s)
{
  const struct tgv_tally_plan *plan = &s->plan;
  size_t                       cells = (size_t)plan->nx * (size_t)plan->ny;
  float                       *value = tgv_allocate(cells, sizeof *value);
  struct tgv_map               m = {.nx = plan->nx,
                                    .ny = plan->ny,
                                    .x0 = plan->x0,
                                    .y0 = plan->y0,
                                    .dx = plan->cell,
                                    .dy = plan->cell,
                                    .value = value};

  for (size_t i = 0; i < cells; i++)
    value[i] = s->first->cell_n[i] ? (float)s->first->cell_failed[i] / (float)s->first->cell_n[i] : NAN;
  m.name = "via_fail_fraction", m.title = "Failed vias", m.column = TGV_C_via_fail_fraction;
  tgv_result_map(run->current, &m);
  for (int c = 0; c < TGV_TALLY_MAPPED; c++) {
    const int64_t *sum = s->first->cell_sum + (size_t)c * cells;

    for (size_t i = 0; i < cells; i++)
      value[i] = s->first->cell_n[i] ? (float)(tgv_tally_sum(sum[i]) / (double)s->first->cell_n[i]) : NAN;
    m.column = tgv_tally_column[c];
    m.name = tgv_column_info(m.column)->symbol, m.title = map_title[c];
    tgv_result_map(run->current, &m);
  }
  free(value);
}

/* Which unit failed for what: 0 good, 1 ... the via groups, then the thickness variation. */
static void add_unit_results(const struct tgv_run *run, const struct tgv_survey *s, float *value)
{
  size_t units = run->panel.unit_count, groups = run->package.group_count;
  cJSON *words = cJSON_CreateArray();

  for (size_t u = 0; u < units; u++) {
    size_t reason;

    value[u] = tgv_survey_unit_passes(run, s->first, u, &reason) ? 0 : (float)(reason + (reason < groups));
  }
  tgv_row_text(words, "good");
  for (size_t g = 0; g < groups; g++) {
    char word[256];

    snprintf(word, sizeof word, "%s has failed", run->package.group[g].name);
    tgv_row_text(words, word);
  }
  tgv_row_text(words, "TTV above its limit");
  tgv_result_unit_layer(run->current, "unit_result", "Result of the unit", TGV_C_unit_result, units, value);
  tgv_result_unit_categories(run->current, "unit_result", words);
}

static void add_unit_layers(const struct tgv_run *run, const struct tgv_survey *s)
{
  size_t units = run->panel.unit_count, groups = run->package.group_count;
  float *value = tgv_allocate(units, sizeof *value);

  add_unit_results(run, s, value);
  for (size_t u = 0; u < units; u++) {
    int64_t failed = 0;

    for (size_t g = 0; g < groups; g++) failed += s->first->unit_failed[u * groups + g];
    value[u] = (float)failed / (float)run->package.via_count;
  }
  tgv_result_unit_layer(run->current, "unit_fail_fraction", "Failed vias, per unit", TGV_C_unit_fail_fraction,
                        units, value);
  for (size_t u = 0; u < units; u++) value[u] = s->first->thick[u] - s->first->thin[u];
  tgv_result_unit_layer(run->current, "unit_ttv", "TTV of the unit", TGV_C_unit_ttv, units, value);
  for (int c = 0; c < TGV_TALLY_MAPPED; c++) {
    char name[64], title[64];

    for (size_t u = 0; u < units; u++)
      value[u] = (float)(tgv_tally_sum(s->first->unit_sum[u * TGV_TALLY_MAPPED + (size_t)c]) /
                         (double)run->package.via_count);
    snprintf(name, sizeof name, "unit_%s", tgv_column_info(tgv_tally_column[c])->symbol);
    snprintf(title, sizeof title, "%s, mean of the unit", map_title[c]);
    tgv_result_unit_layer(run->current, name, title, tgv_tally_column[c], units, value);
  }
  free(value);
}

/* ---- tables */

static void add_panel_table(const struct tgv_run *run, const struct tgv_survey *s)
{
  cJSON *t = tgv_result_table(run->current, "panels", "Simulated panels", "");

  tgv_table_column(t, "panel", "", "number");
  tgv_table_column(t, "units", "", "number");
  tgv_table_column(t, "good units", "", "number");
  tgv_table_column(t, "failed vias", "", "number");
  for (size_t i = 0; i < s->panel_count; i++) {
    cJSON *row = tgv_table_row(t);

    tgv_row_number(row, (double)(i + 1));
    tgv_row_number(row, (double)run->panel.unit_count);
    tgv_row_number(row, (double)s->passed[i]);
    tgv_row_number(row, (double)s->failed[i]);
  }
}

static void add_cause_table(const struct tgv_run *run, const struct tgv_survey *s)
{
  cJSON *t = tgv_result_table(run->current, "causes", "Failed vias by cause",
                              "counted on the simulated panels; a via can fail for several causes");

  tgv_table_column(t, "via group", "", "text");
  tgv_table_column(t, "cause", "", "text");
  tgv_table_column(t, "meaning", "", "text");
  tgv_table_column(t, "vias", "", "number");
  tgv_table_column(t, "failed", "", "number");
  tgv_table_column(t, "fraction", "ppm", "number");
  for (size_t g = 0; g < run->package.group_count; g++)
    for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
      double hits = (double)s->total->cause[g * TGV_CAUSE_COUNT + (size_t)c];
      cJSON *row;

      if (!(hits > 0)) continue;
      row = tgv_table_row(t);
      tgv_row_text(row, run->package.group[g].name);
      tgv_row_text(row, tgv_cause_info((enum tgv_cause)c)->name);
      tgv_row_text(row, tgv_cause_info((enum tgv_cause)c)->help);
      tgv_row_number(row, (double)s->total->n[g]);
      tgv_row_number(row, hits);
      tgv_row_number(row, tgv_units_to(hits / (double)s->total->n[g], TGV_FRACTION, "ppm"));
    }
}

/* Vias that have not failed by it, but whose numbers need care; no row for a flag that no via has. */
static void add_flag_table(const struct tgv_run *run, const struct tgv_survey *s)
{
  const double vias = (double)run->package.via_count * (double)run->panel.unit_count * (double)s->panel_count;
  cJSON       *t = tgv_result_table(run->current, "flags", "Vias whose numbers need care",
                                    "counted on the simulated panels; a flag is no failure");

  tgv_table_column(t, "flag", "", "text");
  tgv_table_column(t, "meaning", "", "text");
  tgv_table_column(t, "vias", "", "number");
  tgv_table_column(t, "fraction", "ppm", "number");
  for (int k = 0; k < TGV_TALLY_FLAGS; k++) {
    const double n = (double)s->total->flagged[k];
    cJSON       *row;

    if (!(n > 0)) continue;
    row = tgv_table_row(t);
    tgv_row_text(row, tgv_tally_flag[k].name);
    tgv_row_text(row, tgv_tally_flag[k].help);
    tgv_row_number(row, n);
    tgv_row_number(row, tgv_units_to(n / vias, TGV_FRACTION, "ppm"));
  }
}

/* The worst vias of the first panel: unit and number tell the report and `tgv via` which they are. */
static void add_worst(const struct tgv_run *run, const struct tgv_survey *s)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t u = 0; u < run->panel.unit_count; u++)
    for (size_t i = s->plan.worst_per_unit; i-- > 0;) {
      const struct tgv_worst_via *w = &s->first->worst[u * s->plan.worst_per_unit + i];
      cJSON                      *o;

      if (!w->taken) continue;
      o = cJSON_CreateObject();
      cJSON_AddNumberToObject(o, "unit", (double)u);
      cJSON_AddNumberToObject(o, "local", (double)w->local);
      cJSON_AddNumberToObject(o, "margin", (double)w->margin);
      cJSON_AddItemToArray(list, o);
    }
  tgv_result_data(run->current, "worst", list);
}

/* Bit i of a via's flags is the i-th of these. */
static void add_cause_names(const struct tgv_run *run)
{
  cJSON *list = cJSON_CreateArray();

  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    const struct tgv_cause_info *cause = tgv_cause_info((enum tgv_cause)c);
    cJSON                       *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "name", cause->name);
    cJSON_AddStringToObject(o, "label", cause->help);
    if (cause->column != TGV_C_END) {
      cJSON_AddStringToObject(o, "column", tgv_column_info(cause->column)->symbol);
      cJSON_AddStringToObject(o, "side", cause->side == TGV_BELOW ? "below" : "above");
    }
    cJSON_AddItemToArray(list, o);
  }
  tgv_result_data(run->current, "causes", list);
}

void tgv_survey_report(const struct tgv_run *run, const struct tgv_survey *s)
{
  add_counts(run, s);
  for (int c = 0; c < TGV_TALLY_COLUMNS; c++) {
    add_statistics(run->current, c, "", of_all(s->total, run->package.group_count, c));
    for (size_t g = 0; g < run->package.group_count; g++) {
      struct statistics st = of_group(s->total, g, c);

      add_statistics(run->current, c, run->package.group[g].name, st);
      add_capability(run->current, &run->package.group[g], c, st);
    }
  }
  add_panel_table(run, s);
  add_cause_table(run, s);
  add_flag_table(run, s);
  add_histograms(run, s);
  add_maps(run, s);
  add_unit_layers(run, s);
  add_worst(run, s);
  add_cause_names(run);
}
