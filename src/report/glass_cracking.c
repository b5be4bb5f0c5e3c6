#include "report/stage_blocks.h"

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list = cJSON_CreateArray();

  tgv_blocks_add(list, tgv_table_block(r, "glass_cracking", "cracks"));
  tgv_blocks_add(list, tgv_table_block(r, "glass_cracking", "states"));
  tgv_blocks_add(list, tgv_table_block(r, "glass_cracking", "table_error"));
  tgv_blocks_add(list, tgv_table_block(r, "edge_cracking", "edge"));
  return tgv_blocks_or_none(list);
}

const struct tgv_report_section tgv_section_glass_cracking = {
    .name = "glass_cracking",
    .title = "Stress and cracks of the vias",
    .intro = "What the thermal history does to the glass around the filled vias: stress at the wall, and the "
             "energy that "
             "each crack would release against the toughness that holds it; the same for the crack from the "
             "diced edge.",
    .blocks = blocks,
};
