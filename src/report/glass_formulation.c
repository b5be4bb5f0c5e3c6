#include "report/report.h"

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list, *models = tgv_table_block(r, "glass_formulation", "models");

  if (!models) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, models);
  tgv_blocks_add(list, tgv_table_block(r, "glass_formulation", "nearest"));
  return list;
}

const struct tgv_report_section tgv_section_glass_formulation = {
    .name = "glass_formulation",
    .title = "Glass by formula",
    .intro =
        "Properties of a glass from its composition, by every model, with the nearest glass of the library.",
    .blocks = blocks,
};
