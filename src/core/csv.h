/* CSV files of numbers: a header names the columns and their units, `x [mm],y [mm]`; every other line is a
   row. Commas separate, fields may be quoted, line ends are LF or CRLF, a byte-order mark is skipped, blank
   lines are skipped. Strict in all else: a number is a plain decimal number, each row has the fields of the
   header. Columns that nobody asked for are skipped unread. */
#ifndef TGV_CORE_CSV_H
#define TGV_CORE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/units.h"

struct tgv_csv_column {
  const char        *name;
  enum tgv_dimension dimension; /* with a unit in the header, unless it is NUMBER */
  bool               required;
  double            *value; /* [rows] SI; NULL if the file has no such column. Set by the reader */
};

struct tgv_csv_source {
  const char *name; /* for messages */
  const char *text; /* [size], and a '\0' behind it */
  size_t      size;
};

/** Reads the columns from a file, or from a text. Errors are TGV_INPUT
   (TGV_FILE if the file cannot be read) and say file:line:column. More than row_max rows, lines of more than
   a megabyte and numbers that are not finite are errors. Release the columns in any case. */
tgv_status tgv_csv_read(const char *path, uint64_t row_max, struct tgv_csv_column *column, size_t count,
                        uint64_t *rows);
tgv_status tgv_csv_parse(const struct tgv_csv_source *source, uint64_t row_max, struct tgv_csv_column *column,
                         size_t count, uint64_t *rows);
void       tgv_csv_release(struct tgv_csv_column *column, size_t count);

#endif
