#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const char *text_of(const cJSON *o, const char *name)
{
  const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

  return s ? s : "";
}

static double number_of(const cJSON *o, const char *name)
{
  const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);

  return cJSON_IsNumber(v) ? v->valuedouble : 0;
}

/* Whether a word is the name of a cause of failure; other qualifiers are via groups. */
static int is_cause(const struct tgv_report *r, const char *word)
{
  const cJSON *c;

  cJSON_ArrayForEach(c, tgv_report_data(r, "panel_survey", "causes")) if (strcmp(text_of(c, "name"), word) ==
                                                                          0) return 1;
  return 0;
}

static int by_value(const void *a, const void *b)
{
  double x = number_of(*(const cJSON *const *)a, "value"), y = number_of(*(const cJSON *const *)b, "value");

  return (x < y) - (x > y);
}

static cJSON *bar(const cJSON *s)
{
  cJSON *item = cJSON_CreateObject();

  cJSON_AddStringToObject(item, "label", text_of(s, "qualifier"));
  cJSON_AddItemToObject(item, "value", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(s, "value"), 1));
  cJSON_AddItemToObject(item, "low", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(s, "low"), 1));
  cJSON_AddItemToObject(item, "high", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(s, "high"), 1));
  return item;
}

enum { BARS_MAX = 64 };

/* The scalars of a symbol by cause, or by via group, largest first; NULL if there are none above 0. */
static cJSON *pareto(const struct tgv_report *r, const char *symbol, int causes, const char *title,
                     const char *label)
{
  const cJSON *picked[BARS_MAX], *s;
  size_t       n = 0;
  cJSON       *b, *items;

  cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(r->result, "scalars"))
  {
    const char *qualifier = text_of(s, "qualifier");

    if (n == BARS_MAX || !*qualifier || strcmp(text_of(s, "symbol"), symbol) != 0) continue;
    if (strcmp(text_of(s, "stage"), "yield") != 0 || is_cause(r, qualifier) != causes) continue;
    if (number_of(s, "value") > 0) picked[n++] = s;
  }
  if (n == 0) return NULL;
  qsort(picked, n, sizeof *picked, by_value);
  b = tgv_block_of("bars", title);
  cJSON_AddStringToObject(b, "x_label", label);
  cJSON_AddStringToObject(b, "unit", text_of(picked[0], "unit"));
  cJSON_AddBoolToObject(b, "half", 1);
  items = cJSON_AddArrayToObject(b, "items");
  for (size_t i = 0; i < n; i++) cJSON_AddItemToArray(items, bar(picked[i]));
  return b;
}

static cJSON *blocks(const struct tgv_report *r)
{
  static const char *const names[] = {"unit_yield",           "unit_yield_independent",
                                      "via_fail_probability", "via_kill_probability",
                                      "panel_good_units",     "panel_yield",
                                      "clustering_alpha",     "fatal_events",
                                      "response_error",       NULL};
  const cJSON             *stage = cJSON_GetObjectItemCaseSensitive(r->stages, "yield"), *table;
  cJSON                   *list;

  if (!stage) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, tgv_scalars_block(r, "Yield", names));
  tgv_blocks_add(list, pareto(r, "unit_loss", 1, "Units lost, by cause", "Units lost"));
  tgv_blocks_add(list, pareto(r, "unit_loss", 0, "Units lost, by via group", "Units lost"));
  tgv_blocks_add(list, pareto(r, "via_fail_probability", 1, "Via fail probability, by cause", "Vias"));
  tgv_blocks_add(list, pareto(r, "via_fail_probability", 0, "Via fail probability, by via group", "Vias"));
  cJSON_ArrayForEach(table, cJSON_GetObjectItemCaseSensitive(stage, "tables"))
      tgv_blocks_add(list, tgv_table_block(r, "yield", table->string));
  return list;
}

const struct tgv_report_section tgv_section_yield = {
    .name = "yield",
    .title = "Yield and what limits it",
    .intro = "Expected over lots and panels: the probability that a via fails, by cause; the yield of a unit "
             "with its spare lanes; "
             "the answer for clustered failures beside that for independent ones.",
    .blocks = blocks,
};
