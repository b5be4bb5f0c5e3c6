#include <math.h>

#include "report/stage_blocks.h"

/* The answer in a sentence. */
static cJSON *conclude(const struct tgv_report *r)
{
  double range = tgv_report_value(r, "planarity"), left = tgv_report_value(r, "copper_left.map_max"),
         dishing = tgv_report_value(r, "dishing.map_mean");

  if (!isfinite(range)) return NULL;
  if (left > 0)
    return tgv_text_block(
        "**Copper is left** on some of the panel, up to %.3g um: polish longer, or level the plating there. "
        "The surface varies by **%.3g um** over the panel.",
        left, range);
  return tgv_text_block(
      "The whole panel is cleared of copper. The surface varies by **%.3g um** over the panel; the vias are "
      "dished by %.3g um in the mean.",
      range, dishing);
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *list;

  if (!tgv_stage_has_run(r, "planarity")) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(list, conclude(r));
  tgv_stage_blocks(r, "planarity", "Planarity", list);
  return tgv_blocks_or_none(list);
}

const struct tgv_report_section tgv_section_planarization = {
    .name = "planarization",
    .title = "Planarization",
    .intro = "Copper left, dishing and erosion after the polish, and the surface of the panel that the "
             "build-up starts from.",
    .blocks = blocks,
};
