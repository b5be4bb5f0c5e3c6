/* The data-flow diagram, from what the stages declare. */
#ifndef TGV_CLI_FLOW_DIAGRAM_H
#define TGV_CLI_FLOW_DIAGRAM_H

#include <cjson/cJSON.h>

#include "core/text.h"
#include "model/stage.h"

const char *tgv_stage_kind_name(enum tgv_stage_kind k);
/** The stage, before `reader`, that writes a via column last; NULL if none does. */
const struct tgv_stage *tgv_column_writer(enum tgv_column c, const struct tgv_stage *reader);

/** What one stage declares. */
void   tgv_flow_print_stage(struct tgv_text *out, const struct tgv_stage *s);
cJSON *tgv_flow_stage_json(const struct tgv_stage *s);

void   tgv_flow_print(struct tgv_text *out); /* for people */
void   tgv_flow_dot(struct tgv_text *out);   /* for Graphviz: tgv list --flow --dot | dot -Tsvg */
cJSON *tgv_flow_json(void);

#endif
