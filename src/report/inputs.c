#include "report/report.h"

#include <string.h>

#include "core/text.h"
#include "model/result.h"

static const char *text(const cJSON *o, const char *name)
{
  const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

  return s ? s : "";
}

/* "1.6 mm (hwupgrade.it 2026-01-24)" for each source that says something else. */
static void add_others(cJSON *row, const cJSON *others)
{
  struct tgv_text t = {0};
  const cJSON    *o;

  tgv_text_add(&t, "%s", "");
  cJSON_ArrayForEach(o, others) tgv_text_add(&t, "%s%s (%s: %s)", t.size ? "; " : "", text(o, "value"),
                                             text(o, "class"), text(o, "source"));
  tgv_row_text(row, t.data);
  tgv_text_release(&t);
}

static cJSON *table_of(const cJSON *inputs, int defaults, const char *title)
{
  static const struct {
    const char *label, *kind;
  } columns[] = {{"key", "code"},     {"value", "text"},      {"class", "class"},
                 {"source", "text"},  {"confidence", "text"}, {"other sources say", "text"},
                 {"meaning", "text"}, {"place", "text"}};
  cJSON       *b = tgv_block_of("table", title), *list = cJSON_AddArrayToObject(b, "columns"), *rows;
  const cJSON *v;

  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    cJSON *c = cJSON_CreateObject();

    cJSON_AddStringToObject(c, "label", columns[i].label);
    cJSON_AddStringToObject(c, "unit", "");
    cJSON_AddStringToObject(c, "kind", columns[i].kind);
    cJSON_AddItemToArray(list, c);
  }
  rows = cJSON_AddArrayToObject(b, "rows");
  cJSON_ArrayForEach(v, inputs)
  {
    cJSON *row;

    if ((strcmp(text(v, "class"), "default") == 0) != defaults) continue;
    row = cJSON_CreateArray();
    tgv_row_text(row, text(v, "key"));
    tgv_row_text(row, text(v, "value"));
    tgv_row_text(row, text(v, "class"));
    tgv_row_text(row, text(v, "source"));
    tgv_row_text(row, text(v, "confidence"));
    add_others(row, cJSON_GetObjectItemCaseSensitive(v, "others"));
    tgv_row_text(row, text(v, "meaning"));
    tgv_row_text(row, text(v, "place"));
    cJSON_AddItemToArray(rows, row);
  }
  return b;
}

static cJSON *blocks(const struct tgv_report *r)
{
  const cJSON *inputs = cJSON_GetObjectItemCaseSensitive(r->result, "inputs");
  cJSON       *list;

  if (!inputs) return NULL;
  list = cJSON_CreateArray();
  tgv_blocks_add(
      list,
      tgv_text_block("**reported**: published or measured, with its source. **derived**: computed from such. "
                     "**assumed**: nobody published it; change it to what you know. **setting**: of the "
                     "calculation. Where sources conflict, the "
                     "chosen value stands first and the others beside it."));
  tgv_blocks_add(list, table_of(inputs, 0, "Values of the project file"));
  tgv_blocks_add(list, table_of(inputs, 1, "Values left at their default"));
  return list;
}

const struct tgv_report_section tgv_section_inputs = {
    .name = "inputs",
    .title = "Inputs and where they come from",
    .intro = "Every number that went in, with its class and source.",
    .blocks = blocks,
};
