#include "report/report.h"

static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON *stage = cJSON_GetObjectItemCaseSensitive(r->stages, "design_rule_check"), *table;
  cJSON       *list;

  if (!stage) return NULL;
  list = cJSON_CreateArray();
  cJSON_ArrayForEach(table, cJSON_GetObjectItemCaseSensitive(stage, "tables"))
      tgv_blocks_add(list, tgv_table_block(r, "design_rule_check", table->string));
  return list;
}

const struct tgv_report_section tgv_section_design_rules = {
    .name = "design_rules",
    .title = "Design rules",
    .intro = "The layout of one unit against the rule deck. There is no public standard for TGV: the deck is "
             "the user's.",
    .blocks = blocks,
};
