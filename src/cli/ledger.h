/* The validation ledger: the cases that compare with an external source, as a table. */
#ifndef TGV_CLI_LEDGER_H
#define TGV_CLI_LEDGER_H

#include "cli/case_run.h"

/** Adds the rows of a case; nothing if it names no source. */
void tgv_ledger_add(struct tgv_text *rows, const struct tgv_case *c, const struct tgv_verdict *verdicts);
/** Writes the page docs/validation.md. */
tgv_status tgv_ledger_write(const char *path, const struct tgv_text *rows);

#endif
