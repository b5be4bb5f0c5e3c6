#include "report/report.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Inputs whose total index stays below this are left out of the bars of the vias. */
#define NEGLIGIBLE 0.005

static double total_of(const cJSON *items, const char *label)
{
  const cJSON *item;

  cJSON_ArrayForEach(item, items)
  {
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "label"));
    const char *group = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "group"));

    if (name && group && strcmp(name, label) == 0 && strcmp(group, "total") == 0)
      return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(item, "value"));
  }
  return 0;
}

/* Bars of the Sobol indices of one output; NULL if there are none. */
static cJSON *index_bars(const struct tgv_report *r, const char *output, const char *title)
{
  char         name[64];
  const cJSON *items, *item;
  cJSON       *bars, *kept;

  snprintf(name, sizeof name, "sobol_%s", output);
  items = cJSON_GetObjectItemCaseSensitive(tgv_report_data(r, "yield_sensitivity", name), "items");
  if (!items) return NULL;
  bars = tgv_block_of("bars", title);
  cJSON_AddStringToObject(bars, "x_label", "Share of the variance");
  kept = cJSON_AddArrayToObject(bars, "items");
  cJSON_ArrayForEach(item, items)
  {
    const char *label = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "label"));

    if (label && total_of(items, label) >= NEGLIGIBLE) cJSON_AddItemToArray(kept, cJSON_Duplicate(item, 1));
  }
  if (cJSON_GetArraySize(kept) > 0) return bars;
  cJSON_Delete(bars);
  return NULL;
}

static void add_indices(const struct tgv_report *r, cJSON *list)
{
  static const char *const shown[][2] = {{"D_top", "Variance of D_top of a via"},
                                         {"D_waist", "Variance of D_waist of a via"},
                                         {"position_error", "Variance of the position error of a via"},
                                         {"thickness", "Variance of the thickness at a via"}};
  cJSON                   *bars[sizeof shown / sizeof *shown];
  bool                     any = false;

  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
    bars[i] = index_bars(r, shown[i][0], shown[i][1]);
    any |= bars[i] != NULL;
  }
  if (any)
    tgv_blocks_add(list,
                   tgv_text_block("The Sobol index of first order is the share of a variance that an input "
                                  "brings alone; the total index is what would vanish with it, its "
                                  "interplay with other inputs included. \"place\" is where on the panel the "
                                  "via is: trends, edges, the distortion of the scan field, the bow. Inputs "
                                  "whose total index is below 0.5 %% are not drawn."));
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) tgv_blocks_add(list, bars[i]);
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list = cJSON_CreateArray();

  add_indices(r, list);
  if (cJSON_GetArraySize(list) > 0) return list;
  cJSON_Delete(list);
  return NULL;
}

const struct tgv_report_section tgv_section_sensitivity = {
    .name = "sensitivity",
    .title = "Sensitivity",
    .intro = "Which input's spread matters.",
    .blocks = blocks,
};
