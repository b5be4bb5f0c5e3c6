#include "report/report.h"

/* One histogram block a quantity; series are the via groups. */
static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON *histograms = tgv_report_data(r, "panel_survey", "histograms"), *h;
  cJSON       *list;

  if (!histograms) return NULL;
  list = cJSON_CreateArray();
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
    .intro = "Every via of the simulated panels, by via group, with limits and capability.",
    .blocks = blocks,
};
