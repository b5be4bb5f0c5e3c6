/* Where the inputs come from: every value with its class, source and place, as JSON for result.json and the report. */
#ifndef TGV_MODEL_PROVENANCE_H
#define TGV_MODEL_PROVENANCE_H

#include <cjson/cJSON.h>

#include "model/project.h"

/** An array of objects {key, meaning, value, class, source, confidence, note, place, others: [...]}, in the order of
    params.def; values that stand at their default come too, with class "default". */
cJSON *tgv_provenance(const struct tgv_project *p);
/** The same for one section, also of an entry of the library, added to a list. */
void tgv_provenance_section(const struct tgv_project *p, enum tgv_section s, cJSON *list);

#endif
