#include "report/report.h"

/* The nominal profile; one histogram block a quantity; series are the via groups. */
static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON *histograms = tgv_report_data(r, "panel_survey", "histograms"), *h;
  const cJSON *profile = tgv_report_data(r, "etch_profiles", "profile");
  cJSON       *list;

  if (!histograms && !profile) return NULL;
  list = cJSON_CreateArray();
  if (profile) cJSON_AddItemToArray(list, cJSON_Duplicate(profile, 1));
  tgv_blocks_add(list, tgv_table_block(r, "etch_profiles", "etched_vias"));
  cJSON_ArrayForEach(h, histograms)
  {
    cJSON *b = cJSON_Duplicate(h, 1);

    cJSON_AddStringToObject(b, "type", "histogram");
    cJSON_AddStringToObject(b, "title", cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(h, "label")));
    cJSON_AddItemToArray(list, b);
  }
  return list;
}

const struct tgv_report_section tgv_section_via_geometry = {
    .name = "via_geometry",
    .title = "Via geometry",
    .intro = "The wall of the nominal via of each group; every via of the simulated panels, by via group, "
             "with limits and capability.",
    .blocks = blocks,
};
