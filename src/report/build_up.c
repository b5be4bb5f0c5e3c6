#include <math.h>

#include "report/stage_blocks.h"

/* The layer with the smallest yield, the last column of the table. */
static cJSON *conclude(const struct tgv_report *r)
{
  const cJSON *table = tgv_report_table(r, "rdl_buildup", "layers"), *row, *worst = NULL;
  int          last = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(table, "columns")) - 1;
  double       least = INFINITY, yield = tgv_report_value(r, "build_up_yield");

  cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(table, "rows"))
  {
    const cJSON *y = cJSON_GetArrayItem(row, last);

    if (cJSON_IsNumber(y) && y->valuedouble < least) least = y->valuedouble, worst = row;
  }
  if (!worst || !isfinite(yield)) return NULL;
  return tgv_text_block(
      "**%.3g %%** of the units survive the build-up. The layers that cost most are **%s**: %.3g %% survive "
      "them alone.",
      yield, cJSON_GetStringValue(cJSON_GetArrayItem(worst, 0)), least);
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list;

  if (!tgv_stage_has_run(r, "rdl_buildup")) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, conclude(r));
  tgv_stage_blocks(r, "rdl_buildup", "Build-up layers", list);
  return tgv_blocks_or_none(list);
}

const struct tgv_report_section tgv_section_build_up = {
    .name = "build_up",
    .title = "Build-up",
    .intro = "What each layer of the build-up loses by opens and shorts of its lines, and by lamination.",
    .blocks = blocks,
};
