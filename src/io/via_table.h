/* The via table: every via of a panel in an HDF5 file, one dataset a column, chunked and compressed, 40 bytes a via before
   compression. Vias stand in the order of their numbers: unit by unit, group by group (table `groups`). */
#ifndef TGV_IO_VIA_TABLE_H
#define TGV_IO_VIA_TABLE_H

#include "model/run.h"

/** Follows panel `number` of the project's lot once more and writes it; the file appears when it is complete. Rank 0 only. */
tgv_status tgv_via_table_write(struct tgv_run *run, uint32_t number, const char *path);

#endif
