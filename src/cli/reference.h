/* What the tables say of a key, as words: for lists, `tgv show key` and the generated pages. */
#ifndef TGV_CLI_REFERENCE_H
#define TGV_CLI_REFERENCE_H

#include "core/text.h"
#include "model/columns.h"
#include "model/params.h"
#include "model/stage.h"

const char *tgv_kind_name(enum tgv_kind k);
const char *tgv_scope_name(enum tgv_scope s);
const char *tgv_level_name(enum tgv_level l);
/** "10 um .. 5 mm", the words of a choice, or "". */
const char *tgv_param_range(enum tgv_param p, char *buffer, size_t size);
/** The default as in the table; "must be given" where there is none. */
const char *tgv_param_default(enum tgv_param p);
/** Finds a stage; the message of a miss names the nearest. */
tgv_status tgv_stage_named(const char *name, const struct tgv_stage **out);
/** Finds "wet_etching.time" in the same way. */
tgv_status tgv_param_named(const char *name, enum tgv_param *out);

#endif
