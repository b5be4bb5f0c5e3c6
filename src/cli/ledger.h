/* The validation ledger: the cases that compare with an external source, as a table. */
#ifndef TGV_CLI_LEDGER_H
#define TGV_CLI_LEDGER_H

#include <cjson/cJSON.h>

#include "cli/case_run.h"

/** Start with {0}. */
struct tgv_ledger {
  struct tgv_text table; /* Markdown */
  cJSON          *rows;  /* [{case, quantity, ours, theirs, unit, difference, tolerance, source, kind}] */
};

/** Adds the rows of a case; nothing if it names no source. */
void tgv_ledger_add(struct tgv_ledger *l, const struct tgv_case *c, const struct tgv_verdict *verdicts);
/** Writes the page docs/validation.md, or, where the name ends in .json, what the report shows. */
tgv_status tgv_ledger_write(const char *path, const struct tgv_ledger *l);
void       tgv_ledger_release(struct tgv_ledger *l);

#endif
