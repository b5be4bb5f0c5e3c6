/* The generated pages, one function each; docs.c writes them to files. */
#ifndef TGV_CLI_DOCS_H
#define TGV_CLI_DOCS_H

#include "core/error.h"
#include "core/text.h"

/** The first line of every generated page. */
#define TGV_DOCS_MARK "<!-- Written by `tgv docs`; do not edit. -->\n\n"

void tgv_docs_parameters(struct tgv_text *out);
void tgv_docs_columns(struct tgv_text *out);
void tgv_docs_stages(struct tgv_text *out);
void tgv_docs_manual(struct tgv_text *out);     /* tgv(1), for man */
void tgv_docs_completion(struct tgv_text *out); /* for bash */

/** The pages at the top of the sources: src/io to directory/formats, the others to directory/physics, with an index. */
tgv_status tgv_docs_pages(const char *source, const char *directory);
/** Writes directory/name, with the folders it needs. */
tgv_status tgv_docs_write(const char *directory, const char *name, const struct tgv_text *page);
/** Adds a text as a cell of a Markdown table, with the bar behind it. */
void tgv_docs_cell(struct tgv_text *out, const char *text);

#endif
