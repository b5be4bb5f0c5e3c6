/**
# Design-rule check: does the layout keep the rules of the line
*Model.* The vias of one unit are checked against a deck of rules (data/design_rules): diameters, aspect ratio, distances within and
between groups, distance from the edge of the unit, annular ring of the pads, density of vias in a sliding window, and the glass left
between two vias after the etch, with the diameters that the flow gives at nominal inputs (the larger of D_top and D_bottom). Units
repeat over the panel and are a street apart, so one unit stands for all. The rules and the search for neighbours are in solver/design_rules.

*Valid for.* The layout as designed; what variation does to it is in the survey and the yield.

*Neglects.* Pads that are not centred on their vias by design.

*Source.* Our own; there is no public standard for design rules of through-glass vias.

*Verified by.* tests/unit/test_design_rules.c, tests/unit/test_design_rule_check.c
*/
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/result.h"
#include "model/run.h"
#include "solver/design_rules.h"

static const char method[] = "every via and every pair of vias of a unit";
static const char valid[] = "the layout as designed";

/* The larger of D_top and D_bottom of each group at nominal inputs. */
static double *etched_diameters(const struct tgv_run *run)
{
  struct tgv_block *b = tgv_block_new();
  double           *etched = tgv_allocate(run->package.group_count, sizeof *etched);
  for (size_t g = 0; g < run->package.group_count; g++) {
    b->n = 1, b->group = g, b->via_group = &run->package.group[g];
    tgv_block_nominal(run->project, b);
    tgv_flow_physics(run->flow, b);
    etched[g] = (double)fmaxf(b->column[TGV_C_D_top][0], b->column[TGV_C_D_bottom][0]);
  }
  tgv_block_free(b);
  return etched;
}

/* ---- what is reported */

static void print_value(char text[64], enum tgv_rule r, double value)
{
  enum tgv_dimension d = tgv_rule_info(r)->dimension;
  if (d == TGV_NUMBER)
    snprintf(text, 64, "%.4g", value);
  else
    tgv_units_print(text, 64, value, d, d == TGV_FRACTION ? "%" : NULL);
}

static enum tgv_column worst_column(enum tgv_rule r)
{
  switch (tgv_rule_info(r)->dimension) {
  case TGV_LENGTH:
    return TGV_C_rule_worst_length;
  case TGV_FRACTION:
    return TGV_C_rule_worst_density;
  default:
    return TGV_C_rule_worst_ratio;
  }
}

static void add_scalar(struct tgv_result *out, enum tgv_column c, const char *qualifier, double value,
                       const char *error)
{
  struct tgv_scalar s = {c, qualifier, value, (double)NAN, (double)NAN, method, valid, error};
  tgv_result_scalar(out, &s);
}

static void add_scalars(struct tgv_result *out, const struct tgv_rule_report *report)
{
  add_scalar(out, TGV_C_rule_violations, "", (double)tgv_rule_report_violations(report), "none: a count");
  for (int i = 0; i < TGV_RULE_COUNT; i++) {
    const struct tgv_rule_result *r = &report->rule[i];
    const char                   *name = tgv_rule_info((enum tgv_rule)i)->name;
    if (!r->checked) continue;
    add_scalar(out, TGV_C_rule_violations, name, (double)r->violations, "none: a count");
    if (r->found) add_scalar(out, worst_column((enum tgv_rule)i), name, r->worst, "rounding, below 1 pm");
  }
}

static void add_rules(struct tgv_result *out, const struct tgv_rule_report *report)
{
  cJSON *table =
      tgv_result_table(out, "rules", "Design rules",
                       "One unit. A rule that is not in the deck, or has no data to check, is left out.");
  tgv_table_column(table, "rule", "", "text");
  tgv_table_column(table, "checked quantity", "", "text");
  tgv_table_column(table, "limit", "", "text");
  tgv_table_column(table, "worst value", "", "text");
  tgv_table_column(table, "violations", "", "number");
  tgv_table_column(table, "counted are", "", "text");
  for (int i = 0; i < TGV_RULE_COUNT; i++) {
    const struct tgv_rule_result *r = &report->rule[i];
    const struct tgv_rule_info   *info = tgv_rule_info((enum tgv_rule)i);
    char                          value[64], text[80];
    if (!r->checked) continue;
    cJSON *row = tgv_table_row(table);
    tgv_row_text(row, info->name);
    tgv_row_text(row, info->title);
    print_value(value, (enum tgv_rule)i, r->limit);
    snprintf(text, sizeof text, "%s %s", info->most ? "at most" : "at least", value);
    tgv_row_text(row, text);
    print_value(value, (enum tgv_rule)i, r->found ? r->worst : r->beyond);
    snprintf(text, sizeof text, "%s%s", r->found ? "" : "above ", value);
    tgv_row_text(row, text);
    tgv_row_number(row, (double)r->violations);
    tgv_row_text(row, info->of);
  }
}

static void add_via(cJSON *row, const struct tgv_package *k, uint64_t via)
{
  if (via == TGV_NO_VIA) {
    tgv_row_number(row, (double)NAN);
    tgv_row_text(row, "");
    return;
  }
  tgv_row_number(row, (double)via);
  tgv_row_text(row, k->group[tgv_package_group_of(k, via)].name);
}

static void add_violations(struct tgv_result *out, const struct tgv_package *k,
                           const struct tgv_rule_report *report)
{
  cJSON *table = tgv_result_table(
      out, "rule_violations", "Worst violations of each design rule",
      "Positions from the centre of the unit; of a pair the first via, of a window its centre. "
      "Vias are numbered within the unit, from 0.");
  tgv_table_column(table, "rule", "", "text");
  tgv_table_column(table, "value", "", "text");
  tgv_table_column(table, "x", "mm", "number");
  tgv_table_column(table, "y", "mm", "number");
  tgv_table_column(table, "via", "", "number");
  tgv_table_column(table, "group", "", "text");
  tgv_table_column(table, "other via", "", "number");
  tgv_table_column(table, "other group", "", "text");
  for (int i = 0; i < TGV_RULE_COUNT; i++)
    for (size_t n = 0; n < report->rule[i].finding_count; n++) {
      const struct tgv_rule_finding *f = &report->rule[i].finding[n];
      char                           value[64];
      cJSON                         *row = tgv_table_row(table);
      print_value(value, (enum tgv_rule)i, f->value);
      tgv_row_text(row, tgv_rule_info((enum tgv_rule)i)->name);
      tgv_row_text(row, value);
      tgv_row_number(row, tgv_units_to(f->xa, TGV_LENGTH, "mm"));
      tgv_row_number(row, tgv_units_to(f->ya, TGV_LENGTH, "mm"));
      add_via(row, k, f->a);
      add_via(row, k, f->b);
    }
}

static tgv_status check_unit(struct tgv_run *run)
{
  const struct tgv_package *k = &run->package;
  struct tgv_design_rules   rules;
  struct tgv_rule_report    report;
  TGV_TRY(tgv_design_rules_find(tgv_text(run->project, TGV_P_design_rules_deck),
                                tgv_project_directory(run->project), &rules));
  double *etched = etched_diameters(run), *diameter = tgv_allocate(k->group_count, sizeof *diameter);
  struct tgv_rule_job job = {.layout = {.package = k},
                             .width = k->width,
                             .height = k->height,
                             .thickness = tgv_real(run->project, TGV_P_core_thickness),
                             .group_diameter = diameter,
                             .group_etched = etched,
                             .reach_hint = HUGE_VAL,
                             .groups = k->group_count,
                             .worst = (size_t)tgv_count(run->project, TGV_P_design_rules_worst)};
  for (size_t g = 0; g < k->group_count; g++) {
    diameter[g] = k->group[g].diameter;
    job.reach_hint =
        fmin(job.reach_hint, k->group[g].pitch - diameter[g]); /* so that the worst values are seen */
  }
  if (!isfinite(job.reach_hint)) job.reach_hint = 0;
  tgv_status_code status = tgv_design_rules_check(&rules, &job, &report);
  free(etched);
  free(diameter);
  if (status) return status;
  add_scalars(run->current, &report);
  add_rules(run->current, &report);
  add_violations(run->current, k, &report);
  tgv_rule_report_release(&report);
  return TGV_OK;
}

const struct tgv_stage tgv_stage_design_rule_check = {
    .name = "design_rule_check",
    .title = "Design-rule check",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_core, TGV_S_chiplets, TGV_S_via_groups, TGV_S_keep_outs, TGV_S_package,
                             TGV_S_design_rules, TGV_S_laser_drilling, TGV_S_wet_etching, TGV_S_glass_blank),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_bottom),
    .writes = TGV_COLUMNS(TGV_C_rule_violations, TGV_C_rule_worst_length, TGV_C_rule_worst_ratio,
                          TGV_C_rule_worst_density),
    .chosen_by = TGV_P_END,
    .panel = check_unit,
};
