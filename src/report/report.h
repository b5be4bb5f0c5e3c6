/* The report of a run: one HTML file made from what the run directory holds, nothing else. One file per section. */
#ifndef TGV_REPORT_REPORT_H
#define TGV_REPORT_REPORT_H

#include <cjson/cJSON.h>

#include "core/error.h"

/** Reads directory/result.json and directory/stages/ and writes the page. TGV_FILE if the directory is no run. */
tgv_status tgv_report_write(const char *directory, const char *path);

/** What a section can draw on. */
struct tgv_report {
  const cJSON *result; /* result.json */
  const cJSON *stages; /* object: stage name -> its stored result */
};

/** A section returns its blocks (docs/formats/report.md), or NULL if the run has nothing for it. */
struct tgv_report_section {
  const char *name, *title, *intro;
  cJSON *(*blocks)(const struct tgv_report *r);
};
extern const struct tgv_report_section
    *const tgv_report_sections[]; /* order of registry.def, ends with NULL */

/* Parts of the run; NULL if they are not there. */
const cJSON *tgv_report_data(const struct tgv_report *r, const char *stage, const char *name);
const cJSON *tgv_report_table(const struct tgv_report *r, const char *stage, const char *name);
/** The scalar "unit_yield" or "D_top.signal.mean" of any stage, as it stands in result.json. */
const cJSON *tgv_report_scalar(const struct tgv_report *r, const char *name);
/** Its value in its display unit, NAN if it is not there. */
double tgv_report_value(const struct tgv_report *r, const char *name);

/* Building blocks. */
cJSON *tgv_block_of(const char *type, const char *title);
/** A table block that copies a table of a stage; NULL if there is none. */
cJSON *tgv_table_block(const struct tgv_report *r, const char *stage, const char *name);
/** A block of those scalars (names end with NULL) that the run has; NULL if it has none. */
cJSON *tgv_scalars_block(const struct tgv_report *r, const char *title, const char *const *names);
/** Appends if not NULL. */
void tgv_blocks_add(cJSON *blocks, cJSON *block);
/** Text with printf formatting as a paragraph. */
cJSON *tgv_text_block(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
