#include "model/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

tgv_status tgv_result_new(const char *stage, const char *title, struct tgv_result **out)
{
  struct tgv_result *r = tgv_allocate(1, sizeof *r);

  r->json = cJSON_CreateObject();
  cJSON_AddStringToObject(r->json, "stage", stage);
  cJSON_AddStringToObject(r->json, "title", title);
  cJSON_AddArrayToObject(r->json, "scalars");
  cJSON_AddObjectToObject(r->json, "tables");
  cJSON_AddObjectToObject(r->json, "maps");
  cJSON_AddObjectToObject(r->json, "unit_layers");
  cJSON_AddObjectToObject(r->json, "data");
  *out = r;
  return TGV_OK;
}

void tgv_result_free(struct tgv_result *r)
{
  if (!r) return;
  cJSON_Delete(r->json);
  free(r);
}

/* A part of the result that tgv_result_new has made. */
static cJSON *part(const struct tgv_result *r, const char *name)
{
  cJSON *p = cJSON_GetObjectItemCaseSensitive(r->json, name);

  TGV_BUG_IF(!p);
  return p;
}

/* JSON has no NaN and no infinity: null stands for "no value". */
void tgv_json_number(cJSON *object, const char *name, double x)
{
  if (isfinite(x))
    cJSON_AddNumberToObject(object, name, x);
  else
    cJSON_AddNullToObject(object, name);
}

void tgv_row_number(cJSON *row, double x)
{
  cJSON_AddItemToArray(row, isfinite(x) ? cJSON_CreateNumber(x) : cJSON_CreateNull());
}

void tgv_row_text(cJSON *row, const char *text)
{
  cJSON_AddItemToArray(row, cJSON_CreateString(text));
}

static double get_number(const cJSON *object, const char *name)
{
  const cJSON *x = cJSON_GetObjectItemCaseSensitive(object, name);

  return cJSON_IsNumber(x) ? x->valuedouble : (double)NAN;
}

static const char *get_text(const cJSON *object, const char *name)
{
  const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

  return s ? s : "";
}

void tgv_result_scalar(struct tgv_result *r, const struct tgv_scalar *s)
{
  const struct tgv_column_info *c = tgv_column_info(s->column);
  cJSON                        *item = cJSON_CreateObject();
  char                          name[256];

  snprintf(name, sizeof name, "%s%s%s", c->symbol, s->qualifier && *s->qualifier ? "." : "",
           s->qualifier ? s->qualifier : "");
  cJSON_AddStringToObject(item, "name", name);
  cJSON_AddStringToObject(item, "symbol", c->symbol);
  cJSON_AddStringToObject(item, "qualifier", s->qualifier ? s->qualifier : "");
  snprintf(name, sizeof name, "%s%s%s", c->help, s->qualifier && *s->qualifier ? ": " : "",
           s->qualifier ? s->qualifier : "");
  cJSON_AddStringToObject(item, "label", name);
  tgv_json_number(item, "value", tgv_units_to(s->value, c->dimension, c->unit));
  tgv_json_number(item, "low", tgv_units_to(s->low, c->dimension, c->unit));
  tgv_json_number(item, "high", tgv_units_to(s->high, c->dimension, c->unit));
  cJSON_AddStringToObject(item, "unit", c->unit);
  tgv_json_number(item, "si", s->value);
  tgv_json_number(item, "si_low", s->low);
  tgv_json_number(item, "si_high", s->high);
  cJSON_AddStringToObject(item, "method", s->method ? s->method : "");
  cJSON_AddStringToObject(item, "range", s->valid ? s->valid : "");
  cJSON_AddStringToObject(item, "error", s->error ? s->error : "");
  cJSON_AddItemToArray(part(r, "scalars"), item);
}

/* Values in the display unit of their column, packed; NAN stays NAN. */
static char *pack_values(const float *si, size_t n, const struct tgv_column_info *c)
{
  double scale = tgv_units_to(1, c->dimension, c->unit) - tgv_units_to(0, c->dimension, c->unit);
  double shift = tgv_units_to(0, c->dimension, c->unit);
  float *shown = tgv_allocate(n ? n : 1, sizeof *shown);
  char  *packed;

  for (size_t i = 0; i < n; i++) shown[i] = (float)((double)si[i] * scale + shift);
  packed = tgv_text_pack(shown, n * sizeof *shown);
  free(shown);
  return packed;
}

void tgv_result_map(struct tgv_result *r, const struct tgv_map *m)
{
  const struct tgv_column_info *c = tgv_column_info(m->column);
  cJSON                        *item = cJSON_CreateObject();
  char                         *packed = pack_values(m->value, (size_t)m->nx * (size_t)m->ny, c);

  cJSON_AddStringToObject(item, "name", m->name);
  cJSON_AddStringToObject(item, "label", m->title);
  cJSON_AddStringToObject(item, "symbol", c->symbol);
  cJSON_AddStringToObject(item, "unit", c->unit);
  cJSON_AddNumberToObject(item, "nx", m->nx);
  cJSON_AddNumberToObject(item, "ny", m->ny);
  cJSON_AddNumberToObject(item, "x0", tgv_units_to(m->x0, TGV_LENGTH, "mm"));
  cJSON_AddNumberToObject(item, "y0", tgv_units_to(m->y0, TGV_LENGTH, "mm"));
  cJSON_AddNumberToObject(item, "dx", tgv_units_to(m->dx, TGV_LENGTH, "mm"));
  cJSON_AddNumberToObject(item, "dy", tgv_units_to(m->dy, TGV_LENGTH, "mm"));
  cJSON_AddStringToObject(item, "data", packed);
  cJSON_AddItemToObject(part(r, "maps"), m->name, item);
  free(packed);
}

void tgv_result_unit_layer(struct tgv_result *r, const char *name, const char *title, enum tgv_column column,
                           size_t n, const float *value)
{
  const struct tgv_column_info *c = tgv_column_info(column);
  cJSON                        *item = cJSON_CreateObject();
  char                         *packed = pack_values(value, n, c);

  cJSON_AddStringToObject(item, "name", name);
  cJSON_AddStringToObject(item, "label", title);
  cJSON_AddStringToObject(item, "symbol", c->symbol);
  cJSON_AddStringToObject(item, "unit", c->unit);
  cJSON_AddNumberToObject(item, "n", (double)n);
  cJSON_AddStringToObject(item, "values", packed);
  cJSON_AddItemToObject(part(r, "unit_layers"), name, item);
  free(packed);
}

void tgv_result_unit_categories(struct tgv_result *r, const char *name, cJSON *words)
{
  cJSON *layer = cJSON_GetObjectItemCaseSensitive(part(r, "unit_layers"), name);

  TGV_BUG_IF(!layer);
  cJSON_AddItemToObject(layer, "categories", words);
}

cJSON *tgv_result_table(struct tgv_result *r, const char *name, const char *title, const char *note)
{
  cJSON *table = cJSON_CreateObject();

  cJSON_AddStringToObject(table, "title", title);
  cJSON_AddStringToObject(table, "note", note ? note : "");
  cJSON_AddArrayToObject(table, "columns");
  cJSON_AddArrayToObject(table, "rows");
  cJSON_AddItemToObject(part(r, "tables"), name, table);
  return table;
}

void tgv_table_column(cJSON *table, const char *label, const char *unit, const char *kind)
{
  cJSON *c = cJSON_CreateObject();

  cJSON_AddStringToObject(c, "label", label);
  cJSON_AddStringToObject(c, "unit", unit);
  cJSON_AddStringToObject(c, "kind", kind);
  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(table, "columns"), c);
}

cJSON *tgv_table_row(cJSON *table)
{
  cJSON *row = cJSON_CreateArray();

  cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(table, "rows"), row);
  return row;
}

void tgv_result_data(struct tgv_result *r, const char *name, cJSON *value)
{
  cJSON_AddItemToObject(part(r, "data"), name, value);
}

cJSON *tgv_packed(const char *type, const void *bytes, size_t size)
{
  cJSON *o = cJSON_CreateObject();
  char  *packed = tgv_text_pack(bytes, size);

  cJSON_AddStringToObject(o, "type", type);
  cJSON_AddStringToObject(o, "data", packed);
  free(packed);
  return o;
}

cJSON *tgv_packed_column(const char *name, const char *label, const char *unit, const char *type,
                         const void *bytes, size_t size)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddStringToObject(o, "name", name);
  cJSON_AddStringToObject(o, "label", label);
  cJSON_AddStringToObject(o, "unit", unit);
  cJSON_AddItemToObject(o, "data", tgv_packed(type, bytes, size));
  return o;
}

int tgv_result_find(const struct tgv_result *r, const char *name, struct tgv_scalar *out)
{
  const cJSON *item;

  cJSON_ArrayForEach(item, part(r, "scalars"))
  {
    if (strcmp(get_text(item, "name"), name) != 0) continue;
    *out = (struct tgv_scalar){
        .column = tgv_column_find(get_text(item, "symbol")),
        .qualifier = get_text(item, "qualifier"),
        .value = get_number(item, "si"),
        .low = get_number(item, "si_low"),
        .high = get_number(item, "si_high"),
        .method = get_text(item, "method"),
        .valid = get_text(item, "range"),
        .error = get_text(item, "error"),
    };
    return 1;
  }
  return 0;
}
