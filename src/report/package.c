#include "report/report.h"

static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON *package = tgv_report_data(r, "via_sample", "package"),
              *groups = tgv_report_data(r, "via_sample", "groups");
  cJSON                   *list, *b;
  static const char *const counts[] = {"vias_per_unit", "units_per_panel", "vias_per_panel", "utilisation",
                                       NULL};

  if (!package || !groups) return NULL;
  list = cJSON_CreateArray();
  b = cJSON_Duplicate(package, 1);
  cJSON_AddStringToObject(b, "type", "package");
  cJSON_AddStringToObject(b, "title", "The unit");
  cJSON_AddItemToObject(b, "groups", cJSON_Duplicate(groups, 1));
  cJSON_AddItemToArray(list, b);
  tgv_blocks_add(list, tgv_scalars_block(r, "Counts", counts));
  return list;
}

const struct tgv_report_section tgv_section_package = {
    .name = "package",
    .title = "Package and panel",
    .intro = "The unit to scale, its via groups, and how many of it lie on the panel.",
    .blocks = blocks,
};
