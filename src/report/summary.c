#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

/* The verdict is a rule of thumb, said beside it; the numbers are what counts. */
static const double good = 95, marginal = 70; /* per cent of the units */

static void add_figure(const struct tgv_report *r, cJSON *figures, const char *name, const char *label)
{
  const cJSON *s = tgv_report_scalar(r, name);
  cJSON       *f;

  if (!s) return;
  f = cJSON_Duplicate(s, 1);
  cJSON_ReplaceItemInObjectCaseSensitive(f, "label", cJSON_CreateString(label));
  cJSON_AddItemToArray(figures, f);
}

/* "93.1 % (92.0 to 94.1 %)" */
static void add_value(struct tgv_text *t, const struct tgv_report *r, const char *name)
{
  const cJSON *s = tgv_report_scalar(r, name), *low = cJSON_GetObjectItemCaseSensitive(s, "low");
  const cJSON *high = cJSON_GetObjectItemCaseSensitive(s, "high");
  const char  *unit = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(s, "unit"));

  tgv_text_add(t, "%.3g %s", tgv_report_value(r, name), unit ? unit : "");
  if (cJSON_IsNumber(low) && cJSON_IsNumber(high))
    tgv_text_add(t, " (%.3g to %.3g %s)", low->valuedouble, high->valuedouble, unit ? unit : "");
}

/* The row of a table with the largest number in column `at`: the words of its columns 0 and 1. */
static const cJSON *largest_row(const cJSON *table, int at)
{
  const cJSON *row, *best = NULL;
  double       most = 0;

  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(table, "rows"))
  {
    const cJSON *v = cJSON_GetArrayItem(row, at);

    if (cJSON_IsNumber(v) && v->valuedouble > most) most = v->valuedouble, best = row;
  }
  return best;
}

/* Units of all simulated panels. */
static double units_counted(const struct tgv_report *r)
{
  const cJSON *row;
  double       units = 0;

  cJSON_ArrayForEach(row,
                     cJSON_GetObjectItemCaseSensitive(tgv_report_table(r, "panel_survey", "panels"), "rows"))
      units += cJSON_GetNumberValue(cJSON_GetArrayItem(row, 1));
  return units;
}

static void explain_counted(struct tgv_text *t, const struct tgv_report *r)
{
  const cJSON *worst = largest_row(tgv_report_table(r, "panel_survey", "causes"), 4);

  tgv_text_add(t, "Counted on the simulated panels: %.0f of %.0f units good, ",
               tgv_report_value(r, "units_passed"), units_counted(r));
  add_value(t, r, "via_fail_fraction");
  tgv_text_add(t, " of the vias failed.");
  if (worst)
    tgv_text_add(t, " Most failures: **%s** in via group `%s` (%s).",
                 cJSON_GetStringValue(cJSON_GetArrayItem(worst, 1)),
                 cJSON_GetStringValue(cJSON_GetArrayItem(worst, 0)),
                 cJSON_GetStringValue(cJSON_GetArrayItem(worst, 2)));
}

/* Which cause and which input cost most. */
static void explain_loss(struct tgv_text *t, const struct tgv_report *r)
{
  const cJSON *cause = largest_row(tgv_report_table(r, "yield", "causes"), 2);
  const cJSON *input = largest_row(tgv_report_table(r, "yield", "inputs"), 1);

  if (cause)
    tgv_text_add(t, ". Most of the loss: **%s** (%s), %.2g %% of the units",
                 cJSON_GetStringValue(cJSON_GetArrayItem(cause, 0)),
                 cJSON_GetStringValue(cJSON_GetArrayItem(cause, 1)),
                 cJSON_GetNumberValue(cJSON_GetArrayItem(cause, 2)));
  if (input)
    tgv_text_add(t, "; the input behind most of it: `%s`",
                 cJSON_GetStringValue(cJSON_GetArrayItem(input, 0)));
}

static void explain_expected(struct tgv_text *t, const struct tgv_report *r)
{
  if (!tgv_report_scalar(r, "unit_yield")) return;
  tgv_text_add(t, " Expected over lots and panels: a unit yield of ");
  add_value(t, r, "unit_yield");
  if (tgv_report_scalar(r, "unit_yield_independent")) {
    tgv_text_add(t, "; it would be ");
    add_value(t, r, "unit_yield_independent");
    tgv_text_add(t, " if vias failed independently of each other");
  }
  explain_loss(t, r);
  tgv_text_add(t, ". See [what limits it](#yield).");
  if (!tgv_report_scalar(r, "build_up_yield") && !tgv_report_scalar(r, "breakage_panel")) return;
  tgv_text_add(t, " Of the started places, ");
  add_value(t, r, "line_yield");
  tgv_text_add(t, " become good finished units after handling and build-up.");
}

static double yield_of(const struct tgv_report *r)
{
  double expected = tgv_report_value(r, "unit_yield");

  return isnan(expected) ? tgv_report_value(r, "unit_pass_fraction") : expected;
}

static cJSON *verdict(const struct tgv_report *r)
{
  cJSON          *b = tgv_block_of("verdict", ""), *figures;
  struct tgv_text t = {0};
  double          yield = yield_of(r);

  cJSON_AddStringToObject(b, "status", yield >= good ? "good" : yield >= marginal ? "warning" : "bad");
  tgv_text_add(&t, "Of %.0f units on a panel, %.1f are expected to be good",
               tgv_report_value(r, "units_per_panel"), 0.01 * yield * tgv_report_value(r, "units_per_panel"));
  cJSON_AddStringToObject(b, "headline", t.data);
  tgv_text_release(&t);
  t = (struct tgv_text){0};
  explain_counted(&t, r);
  explain_expected(&t, r);
  tgv_text_add(&t, " (Good: %.0f %% of the units or more; marginal: %.0f %% or more.)", good, marginal);
  cJSON_AddStringToObject(b, "detail", t.data);
  tgv_text_release(&t);
  figures = cJSON_AddArrayToObject(b, "figures");
  add_figure(r, figures, "unit_yield", "Unit yield, expected");
  add_figure(r, figures, "line_yield", "Good finished units of started places");
  add_figure(r, figures, "unit_yield_independent", "Unit yield if vias were independent");
  add_figure(r, figures, "unit_pass_fraction", "Good units, simulated panels");
  add_figure(r, figures, "via_fail_probability", "Via fail probability, expected");
  add_figure(r, figures, "via_fail_fraction", "Failed vias, simulated panels");
  add_figure(r, figures, "vias_per_panel", "Vias on the panel");
  return b;
}

/* Whether a word is the class of any input that is not left at its default. */
static int count_class(const struct tgv_report *r, const char *word)
{
  const cJSON *v;
  int          n = 0;

  cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(r->result, "inputs"))
  {
    const char *known = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(v, "class"));

    n += known && strcmp(known, word) == 0;
  }
  return n;
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list;

  if (!tgv_report_scalar(r, "units_per_panel")) return NULL;
  list = cJSON_CreateArray();
  cJSON_AddItemToArray(list, verdict(r));
  cJSON_AddItemToArray(
      list,
      tgv_text_block("This answer stands on **%d reported**, **%d derived** and **%d assumed** values; the "
                     "assumed ones were published by nobody. See [inputs](#inputs).",
                     count_class(r, "reported"), count_class(r, "derived"), count_class(r, "assumed")));
  tgv_blocks_add(list, tgv_table_block(r, "panel_survey", "panels"));
  tgv_blocks_add(list, tgv_table_block(r, "panel_survey", "flags"));
  return list;
}

const struct tgv_report_section tgv_section_summary = {
    .name = "summary",
    .title = "Summary",
    .intro = "",
    .blocks = blocks,
};
