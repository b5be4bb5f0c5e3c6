#include "report/report.h"

/* All maps and unit layers of a stage go into the explorer under their names. */
static void add_layers(const struct tgv_report *r, const char *stage, cJSON *maps, cJSON *layers)
{
  const cJSON *s = cJSON_GetObjectItemCaseSensitive(r->stages, stage), *m;

  cJSON_ArrayForEach(m, cJSON_GetObjectItemCaseSensitive(s, "maps"))
      cJSON_AddItemToArray(maps, cJSON_Duplicate(m, 1));
  cJSON_ArrayForEach(m, cJSON_GetObjectItemCaseSensitive(s, "unit_layers"))
      cJSON_AddItemToArray(layers, cJSON_Duplicate(m, 1));
}

static cJSON *cause_names(const struct tgv_report *r)
{
  const cJSON *causes = tgv_report_data(r, "panel_survey", "causes");

  return causes ? cJSON_Duplicate(causes, 1) : cJSON_CreateArray();
}

static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON *panel = tgv_report_data(r, "via_sample", "panel"),
              *vias = tgv_report_data(r, "via_sample", "vias");
  const cJSON *stage;
  cJSON       *list, *b, *maps, *layers;

  if (!panel || !vias) return NULL;
  list = cJSON_CreateArray();
  b = tgv_block_of("explorer", "Panel, unit, via");
  cJSON_AddItemToObject(b, "panel", cJSON_Duplicate(panel, 1));
  cJSON_AddItemToObject(b, "groups", cJSON_Duplicate(tgv_report_data(r, "via_sample", "groups"), 1));
  cJSON_AddItemToObject(b, "causes", cause_names(r));
  maps = cJSON_AddArrayToObject(b, "maps");
  layers = cJSON_AddArrayToObject(b, "unit_layers");
  cJSON_ArrayForEach(stage, r->stages) add_layers(r, stage->string, maps, layers);
  cJSON_AddItemToObject(b, "vias", cJSON_Duplicate(vias, 1));
  cJSON_AddItemToArray(list, b);
  return list;
}

const struct tgv_report_section tgv_section_panel_maps = {
    .name = "panel_maps",
    .title = "Panel maps",
    .intro = "The first simulated panel. Zoom from the panel to a unit and on to a single via, whose "
             "cross-section is drawn to scale.",
    .blocks = blocks,
};
