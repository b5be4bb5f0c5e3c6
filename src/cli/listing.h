/* A list of things with the same columns: printed aligned for people, as an array of objects for machines. */
#ifndef TGV_CLI_LISTING_H
#define TGV_CLI_LISTING_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct tgv_listing {
  const char *const *names; /* of the columns, ends with NULL; the keys of the JSON objects */
  size_t             columns, rows, room;
  char             **cell; /* [row][column] */
};

/** `names` must outlive the listing. */
void tgv_listing_begin(struct tgv_listing *l, const char *const *names);
/** Takes one text per column; NULL stands for "". */
void tgv_listing_add(struct tgv_listing *l, ...);
/** Prints a heading (NULL: none) and the rows; the last column is wrapped to the width of the terminal, and
   not at all where the output is no terminal. */
void   tgv_listing_print(const struct tgv_listing *l, const char *heading);
cJSON *tgv_listing_json(const struct tgv_listing *l);
void   tgv_listing_release(struct tgv_listing *l);

/** Starts and ends emphasis on a terminal, "" elsewhere or where NO_COLOR is set. It never carries meaning
 * alone. */
const char *tgv_strong(void);
const char *tgv_plain(void);
/** Cells a text takes on a terminal: its UTF-8 characters. */
size_t tgv_width(const char *text);
/** Prints words broken to the width of the terminal, later lines indented; `used` cells of the first are
 * taken. */
void tgv_wrap_print(const char *text, size_t indent, size_t used);

#endif
