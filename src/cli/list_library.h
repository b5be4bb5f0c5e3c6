/* Lists of what lies in the data directory: entries of the library, and files that projects include. */
#ifndef TGV_CLI_LIST_LIBRARY_H
#define TGV_CLI_LIST_LIBRARY_H

#include "cli/listing.h"
#include "core/error.h"
#include "model/params.h"

/** Names of the entries, with the first of their numbers. */
tgv_status tgv_list_entries(struct tgv_listing *l, enum tgv_section s);
/** The files of data/<folder>, with the line that includes them. */
tgv_status tgv_list_includes(struct tgv_listing *l, const char *folder);

#endif
