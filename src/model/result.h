/* Results: named scalars, tables, maps, histograms, each with unit, stage, method, range of validity and error. One object
   per stage; it is what is cached, what result.json holds and what the report shows. */
#ifndef TGV_MODEL_RESULT_H
#define TGV_MODEL_RESULT_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "model/columns.h"

/** The results of one stage. `json` is an object with the keys stage, title, hash, scalars, tables, maps, histograms. */
struct tgv_result {
  cJSON *json;
};

tgv_status tgv_result_new(const char *stage, const char *title, struct tgv_result **out);
void       tgv_result_free(struct tgv_result *r);

/** A scalar of the table columns.def. SI values; low and high are an interval, NAN where nothing is random.
    qualifier "" or such as "signal" or "mean": the name becomes "symbol.qualifier".
    method: how it was computed; valid: where that holds; error: how large its error is and how that is known. */
struct tgv_scalar {
  enum tgv_column column;
  const char     *qualifier;
  double          value, low, high;
  const char     *method, *valid, *error;
};
void tgv_result_scalar(struct tgv_result *r, const struct tgv_scalar *s);

/** A map over the panel: float [ny][nx] in SI, NAN where there is nothing; cell (0, 0) has its lower left corner at x0, y0 [m]. */
struct tgv_map {
  const char     *name, *title;
  enum tgv_column column;
  int             nx, ny;
  double          x0, y0, dx, dy;
  const float    *value;
};
void tgv_result_map(struct tgv_result *r, const struct tgv_map *m);

/** One value per unit of the panel, SI. */
void tgv_result_unit_layer(struct tgv_result *r, const char *name, const char *title, enum tgv_column c,
                           size_t n, const float *value);

/** Names the values 0, 1, 2... of a unit layer that was just added. Takes the array of words over. */
void tgv_result_unit_categories(struct tgv_result *r, const char *name, cJSON *words);

/** Adds an empty table and returns it; columns follow by tgv_table_column, rows by tgv_table_row.
    Numbers in rows are in the unit of their column. */
cJSON *tgv_result_table(struct tgv_result *r, const char *name, const char *title, const char *note);
void   tgv_table_column(cJSON *table, const char *label, const char *unit,
                        const char *kind); /* kind: text, number, class */
cJSON *tgv_table_row(cJSON *table);        /* appended, to be filled by the next two */
/** Appends a cell to a row, or an item to any array. No number (NaN, infinity) becomes null. */
void tgv_row_text(cJSON *row, const char *text);
void tgv_row_number(cJSON *row, double x);
/** The same for a key of an object. */
void tgv_json_number(cJSON *object, const char *name, double x);

/** Any other JSON under a name ("data"), for sections that need more than the above. Takes ownership. */
void tgv_result_data(struct tgv_result *r, const char *name, cJSON *value);

/** Numbers packed as docs/formats/report.md says: {type, data}; type f32 or f64, `size` bytes, little-endian. */
cJSON *tgv_packed(const char *type, const void *bytes, size_t size);
/** A column {name, label, unit, data} of packed numbers. */
cJSON *tgv_packed_column(const char *name, const char *label, const char *unit, const char *type,
                         const void *bytes, size_t size);

/** Finds a scalar by "symbol.qualifier"; false if there is none. */
int tgv_result_find(const struct tgv_result *r, const char *name, struct tgv_scalar *out);

#endif
