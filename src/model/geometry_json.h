/* The geometry of package and panel as JSON, for the report. Lengths in mm, but diameters, pitches and limits in their display
   units. */
#ifndef TGV_MODEL_GEOMETRY_JSON_H
#define TGV_MODEL_GEOMETRY_JSON_H

#include <cjson/cJSON.h>

#include "model/panel.h"

/** Outline, core, chiplets, keep-outs, layers, and the positions of the vias of one unit if they are at most `most_vias`. */
cJSON *tgv_package_json(const struct tgv_project *p, const struct tgv_package *k, size_t most_vias);
/** The via groups: name, function, pattern, count, diameter, pitch, spare lanes, limits. */
cJSON *tgv_groups_json(const struct tgv_project *p, const struct tgv_package *k);
/** Size of the panel and the lower left corners of its units. */
cJSON *tgv_panel_json(const struct tgv_panel *p);

#endif
