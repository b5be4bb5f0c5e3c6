#include "report/report.h"

/* A table of a stage as bars: names in column 0, values, lower and upper ends from column `at` on. */
static cJSON *bars_of(const struct tgv_report *r, const char *stage, const char *name, int at)
{
  const cJSON *table = tgv_report_table(r, stage, name), *row, *columns;
  cJSON       *b, *items;

  if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(table, "rows")) == 0) return NULL;
  columns = cJSON_GetObjectItemCaseSensitive(table, "columns");
  b = tgv_block_of("bars", cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(table, "title")));
  cJSON_AddStringToObject(b, "x_label", "Units lost");
  cJSON_AddItemToObject(
      b, "unit",
      cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(columns, at), "unit"), 1));
  cJSON_AddBoolToObject(b, "half", 1);
  items = cJSON_AddArrayToObject(b, "items");
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(table, "rows"))
  {
    static const char *const parts[] = {"value", "low", "high"};
    cJSON                   *item = cJSON_CreateObject();

    cJSON_AddItemToObject(item, "label", cJSON_Duplicate(cJSON_GetArrayItem(row, 0), 1));
    for (int k = 0; k < 3; k++)
      cJSON_AddItemToObject(item, parts[k], cJSON_Duplicate(cJSON_GetArrayItem(row, at + k), 1));
    cJSON_AddItemToArray(items, item);
  }
  return b;
}

static cJSON *blocks(const struct tgv_report *r)
{
  static const char *const names[] = {
      "unit_yield",           "unit_yield_independent", "via_fail_probability",
      "via_kill_probability", "panel_good_units",       "panel_yield",
      "clustering_alpha",     "fatal_events",           "response_error",
      "line_yield",           "line_good_units",        NULL};
  const cJSON *stage = cJSON_GetObjectItemCaseSensitive(r->stages, "yield"), *table;
  cJSON       *list;

  if (!stage) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, tgv_scalars_block(r, "Yield", names));
  tgv_blocks_add(list, bars_of(r, "line_yield", "line_steps", 1));
  tgv_blocks_add(list, bars_of(r, "yield", "causes", 2));
  tgv_blocks_add(list, bars_of(r, "yield", "steps", 1));
  tgv_blocks_add(list, bars_of(r, "yield", "inputs", 1));
  tgv_blocks_add(list, bars_of(r, "yield", "groups", 2));
  cJSON_ArrayForEach(table, cJSON_GetObjectItemCaseSensitive(stage, "tables"))
      tgv_blocks_add(list, tgv_table_block(r, "yield", table->string));
  tgv_blocks_add(list, tgv_table_block(r, "line_yield", "line_losses"));
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
