#include "report/stage_blocks.h"

#include <math.h>
#include <string.h>

static const cJSON *part(const struct tgv_report *r, const char *stage, const char *name)
{
  return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(r->stages, stage), name);
}

int tgv_stage_has_run(const struct tgv_report *r, const char *stage)
{
  return cJSON_GetObjectItemCaseSensitive(r->stages, stage) != NULL;
}

static cJSON *scalars(const struct tgv_report *r, const char *stage, const char *title)
{
  const cJSON *items = part(r, stage, "scalars");
  cJSON       *b;

  if (cJSON_GetArraySize(items) == 0) return NULL;
  b = tgv_block_of("scalars", title);
  cJSON_AddItemToObject(b, "items", cJSON_Duplicate(items, 1));
  return b;
}

static cJSON *maps(const struct tgv_report *r, const char *stage)
{
  const cJSON *panel = tgv_report_data(r, "via_sample", "panel"), *m;
  cJSON       *b, *list;

  if (cJSON_GetArraySize(part(r, stage, "maps")) == 0) return NULL;
  b = tgv_block_of("maps", "Over the panel");
  if (panel) cJSON_AddItemToObject(b, "panel", cJSON_Duplicate(panel, 1));
  list = cJSON_AddArrayToObject(b, "maps");
  cJSON_ArrayForEach(m, part(r, stage, "maps")) cJSON_AddItemToArray(list, cJSON_Duplicate(m, 1));
  return b;
}

void tgv_stage_blocks(const struct tgv_report *r, const char *stage, const char *title, cJSON *list)
{
  const cJSON *item;

  tgv_blocks_add(list, scalars(r, stage, title));
  tgv_blocks_add(list, maps(r, stage));
  cJSON_ArrayForEach(
      item, part(r, stage, "data")) if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(item, "type")))
      cJSON_AddItemToArray(list, cJSON_Duplicate(item, 1));
  cJSON_ArrayForEach(item, part(r, stage, "tables"))
      tgv_blocks_add(list, tgv_table_block(r, stage, item->string));
}

cJSON *tgv_table_bars(const struct tgv_report *r, const struct tgv_bars *b)
{
  static const char *const parts[] = {"value", "low", "high"};
  const cJSON             *table = tgv_report_table(r, b->stage, b->table), *row;
  const cJSON             *columns = cJSON_GetObjectItemCaseSensitive(table, "columns");
  cJSON                   *bars, *items;

  if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(table, "rows")) == 0) return NULL;
  bars = tgv_block_of("bars", b->title);
  cJSON_AddStringToObject(bars, "x_label", b->x_label);
  cJSON_AddItemToObject(
      bars, "unit",
      cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(columns, b->value), "unit"), 1));
  items = cJSON_AddArrayToObject(bars, "items");
  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(table, "rows"))
  {
    cJSON *item = cJSON_CreateObject();

    cJSON_AddItemToObject(item, "label", cJSON_Duplicate(cJSON_GetArrayItem(row, b->label), 1));
    for (int k = 0; k < (b->interval ? 3 : 1); k++)
      cJSON_AddItemToObject(item, parts[k], cJSON_Duplicate(cJSON_GetArrayItem(row, b->value + k), 1));
    cJSON_AddItemToArray(items, item);
  }
  return bars;
}

cJSON *tgv_blocks_or_none(cJSON *list)
{
  if (cJSON_GetArraySize(list) > 0) return list;
  cJSON_Delete(list);
  return NULL;
}

double tgv_nominal_value(const cJSON *group, const char *symbol)
{
  const cJSON *v =
      cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(group, "values"), symbol);

  return cJSON_IsNumber(v) ? v->valuedouble : (double)NAN;
}
