#include "report/report.h"

#include <stdlib.h>

#include "core/file.h"

enum { LEDGER_MAX = 1 << 24 };

/* The ledger is part of the program's data: it was made by running the cases that have an external source. */
static cJSON *read_ledger(void)
{
  char   directory[4096], *path, *text = NULL;
  size_t size;
  cJSON *json = NULL;

  if (tgv_data_directory(directory, sizeof directory)) {
    tgv_error_clear();
    return NULL;
  }
  path = tgv_path_join(directory, "validation.json");
  if (tgv_file_read(path, LEDGER_MAX, &text, &size) == TGV_OK) json = cJSON_ParseWithLength(text, size);
  tgv_error_clear();
  free(text);
  free(path);
  return json;
}

static cJSON *blocks(const struct tgv_report *r)
{
  cJSON *ledger = read_ledger(), *list, *b, *rows;

  (void)r;
  rows = cJSON_DetachItemFromObjectCaseSensitive(ledger, "rows");
  cJSON_Delete(ledger);
  if (!rows) return NULL;
  list = cJSON_CreateArray();
  b = tgv_block_of("validation", "Cases with an external source");
  cJSON_AddItemToObject(b, "rows", rows);
  cJSON_AddItemToArray(list, b);
  return list;
}

const struct tgv_report_section tgv_section_validation = {
    .name = "validation",
    .title = "Validation ledger",
    .intro = "Our value beside that of something we did not write: closed forms that the code does not use, "
             "independent codes, "
             "published numbers.",
    .blocks = blocks,
};
