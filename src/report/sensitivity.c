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
  static const char *const shown[][2] = {{"unit_loss", "Variance of the fail probability of a unit"},
                                         {"unit_risk", "Variance of the logarithm of a unit's risk"},
                                         {"D_top", "Variance of D_top of a via"},
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
    tgv_blocks_add(
        list,
        tgv_text_block("The Sobol index of first order is the share of a variance that an input brings "
                       "alone; the total index is what would vanish with it, its interplay with other inputs "
                       "included. \"place\" is where on the panel a unit or via lies: trends, edges, the "
                       "distortion of the scan field, the bow. For the unit, what varies from via to via is "
                       "averaged over; its risk is the mean number of fatal failures. Where too few samples "
                       "meet a loss, the indices of the unit are not known and not drawn. Inputs whose total "
                       "index is below 0.5 %% are not drawn."));
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) tgv_blocks_add(list, bars[i]);
}

/* Bars of one group of the data "units"; NULL if there are none. */
static cJSON *unit_bars(const struct tgv_report *r, const char *group, const char *title, const char *label)
{
  const cJSON *items =
      cJSON_GetObjectItemCaseSensitive(tgv_report_data(r, "yield_sensitivity", "units"), "items");
  const cJSON *item;
  cJSON       *bars, *kept;

  if (!items) return NULL;
  bars = tgv_block_of("bars", title);
  cJSON_AddStringToObject(bars, "x_label", label);
  kept = cJSON_AddArrayToObject(bars, "items");
  cJSON_ArrayForEach(item, items)
  {
    const char *of = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "group"));
    cJSON      *copy;

    if (!of || strcmp(of, group) != 0) continue;
    copy = cJSON_Duplicate(item, 1);
    cJSON_DeleteItemFromObjectCaseSensitive(copy, "group");
    cJSON_AddItemToArray(kept, copy);
  }
  return bars;
}

static void add_units(const struct tgv_report *r, cJSON *list)
{
  const cJSON *units = tgv_report_data(r, "yield_sensitivity", "units");
  const double cut = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(units, "cut"));
  char         title[128];

  if (!units) return;
  tgv_blocks_add(
      list,
      tgv_text_block(
          "What a spread costs: the good units per panel that would be gained if the input did not vary "
          "at all, everything else left as it is. Inputs share the blame for a lost unit, so the costs do "
          "not "
          "add up to the loss. What it would buy: the units gained if its spread were %.3g %% smaller. "
          "A negative number means that the spread helps: units are lost anyway, and some of them are saved "
          "by it.",
          100 * cut));
  tgv_blocks_add(
      list, unit_bars(r, "cost", "Good units per panel lost to the spread of an input", "Units per panel"));
  snprintf(title, sizeof title, "Good units per panel bought by %.3g %% less spread", 100 * cut);
  tgv_blocks_add(list, unit_bars(r, "bought", title, "Units per panel"));
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list = cJSON_CreateArray();

  add_units(r, list);
  tgv_blocks_add(list, tgv_table_block(r, "yield_sensitivity", "sensitivity"));
  add_indices(r, list);
  if (cJSON_GetArraySize(list) > 0) return list;
  cJSON_Delete(list);
  return NULL;
}

const struct tgv_report_section tgv_section_sensitivity = {
    .name = "sensitivity",
    .title = "Sensitivity",
    .intro = "Which input's spread costs how many units, and where the variance of the vias comes from.",
    .blocks = blocks,
};
