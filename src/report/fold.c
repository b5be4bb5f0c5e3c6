#include "report/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static const char *text_of(const cJSON *o, const char *key)
{
  const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));

  return s ? s : "";
}

static const cJSON *get(const cJSON *o, const char *key)
{
  return cJSON_GetObjectItemCaseSensitive(o, key);
}

static bool same(const cJSON *a, const cJSON *b)
{
  return (!a && !b) || (a && b && cJSON_Compare(a, b, 1));
}

static bool same_keys(const cJSON *a, const cJSON *b, const char *const *keys)
{
  for (; *keys; keys++)
    if (!same(get(a, *keys), get(b, *keys))) return false;
  return true;
}

/* "a" and "b" -> "a, b"; what stands behind the first comma of both, or before a colon, stays: "a, copper" -> "a, b, copper" */
static char *joined(const char *first, const char *next)
{
  const char     *comma = strrchr(first, ','), *other = strchr(next, ',');
  struct tgv_text t = {0};

  if (comma && other && strcmp(comma, other) == 0)
    tgv_text_add(&t, "%.*s, %.*s%s", (int)(comma - first), first, (int)(other - next), next, comma);
  else
    tgv_text_add(&t, "%s, %s", first, next);
  return t.data;
}

static void join_text(cJSON *item, const char *next)
{
  char *all = joined(item->valuestring, next);

  cJSON_SetValuestring(item, all);
  free(all);
}

/* ---- tables */

static bool same_row(const cJSON *a, const cJSON *b)
{
  const cJSON *x = a->child, *y = b->child;

  for (x = x ? x->next : NULL, y = y ? y->next : NULL; x && y; x = x->next, y = y->next)
    if (!same(x, y)) return false;
  return !x && !y;
}

/* Long tables are lists of points, one after the other: a row is looked for in the part of each group, where it was last found. */
static void fold_rows(cJSON *rows)
{
  cJSON *row = rows->child, *start = row;

  while (row) {
    cJSON      *next = row->next, *found = NULL;
    const char *name = cJSON_GetStringValue(row->child);
    int         steps = 0;

    for (cJSON *r = start; r && r != row && !found && steps < 4000; r = r->next, steps++)
      if (same_row(r, row)) found = r;
    if (found && found != row && name && cJSON_IsString(found->child) &&
        strcmp(found->child->valuestring, name) != 0) {
      join_text(found->child, name);
      cJSON_Delete(cJSON_DetachItemViaPointer(rows, row));
      start = found->next && found->next != next ? found->next : rows->child;
    } else {
      start = rows->child;
    }
    row = next;
  }
}

static bool same_column(const cJSON *rows, int a, int b)
{
  const cJSON *row;

  cJSON_ArrayForEach(row,
                     rows) if (!same(cJSON_GetArrayItem(row, a), cJSON_GetArrayItem(row, b))) return false;
  return true;
}

/* Columns of kind "value" are one group each. */
static void fold_columns(cJSON *columns, cJSON *rows)
{
  for (int a = 0; a < cJSON_GetArraySize(columns); a++)
    for (int b = a + 1; b < cJSON_GetArraySize(columns);) {
      cJSON *one = cJSON_GetArrayItem(columns, a), *two = cJSON_GetArrayItem(columns, b), *row;

      if (strcmp(text_of(one, "kind"), "value") != 0 || strcmp(text_of(two, "kind"), "value") != 0 ||
          !same_column(rows, a, b)) {
        b++;
        continue;
      }
      join_text(cJSON_GetObjectItemCaseSensitive(one, "label"), text_of(two, "label"));
      cJSON_DeleteItemFromArray(columns, b);
      cJSON_ArrayForEach(row, rows) cJSON_DeleteItemFromArray(row, b);
    }
}

static void fold_table(cJSON *block)
{
  cJSON *columns = cJSON_GetObjectItemCaseSensitive(block, "columns"),
        *rows = cJSON_GetObjectItemCaseSensitive(block, "rows");

  if (!columns || !rows) return;
  if (strcmp(text_of(columns->child, "label"), "via group") == 0)
    fold_rows(rows);
  else
    fold_columns(columns, rows);
}

/* ---- lists of objects */

/* Items that agree in `keys` become the first of them, with the names in `label` joined; only those with `qualifier` if it is given. */
static void fold_items(cJSON *items, const char *const *keys, const char *label, const char *qualifier)
{
  for (cJSON *a = items ? items->child : NULL; a; a = a->next)
    for (cJSON *b = a->next, *next; b; b = next) {
      next = b->next;
      if (!same_keys(a, b, keys) || !cJSON_IsString(get(a, label)) || !cJSON_IsString(get(b, label)))
        continue;
      if (qualifier && (!text_of(a, qualifier)[0] || !text_of(b, qualifier)[0])) continue;
      join_text(cJSON_GetObjectItemCaseSensitive(a, label), text_of(b, qualifier ? qualifier : label));
      cJSON_Delete(cJSON_DetachItemViaPointer(items, b));
    }
}

void tgv_fold_groups(cJSON *block)
{
  static const char *const scalar[] = {"symbol", "value", "low",   "high", "unit",
                                       "method", "range", "error", NULL};
  static const char *const line[] = {"x", "y", NULL}, *const section[] = {"z",      "r",       "values",
                                                                          "failed", "outside", NULL};
  const char *type = text_of(block, "type");

  if (strcmp(type, "table") == 0) fold_table(block);
  if (strcmp(type, "scalars") == 0)
    fold_items(cJSON_GetObjectItemCaseSensitive(block, "items"), scalar, "label", "qualifier");
  if (strcmp(type, "lines") == 0)
    fold_items(cJSON_GetObjectItemCaseSensitive(block, "series"), line, "label", NULL);
  if (strcmp(type, "profiles") == 0)
    fold_items(cJSON_GetObjectItemCaseSensitive(block, "groups"), section, "name", NULL);
}
