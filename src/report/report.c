#include "report/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/file.h"
#include "core/text.h"
#include "report/fold.h"
#include "report/page.h"

enum { FILE_MAX = 1 << 30 };

/* ---- reading the run */

static tgv_status read_json(const char *directory, const char *name, cJSON **out)
{
  char           *path = tgv_path_join(directory, name), *text = NULL;
  size_t          size;
  tgv_status_code s = tgv_file_read(path, FILE_MAX, &text, &size);

  if (s == TGV_OK) {
    *out = cJSON_ParseWithLength(text, size);
    if (!*out) s = tgv_fail(TGV_FILE, "\"%s\" is damaged: it is no JSON", path);
  }
  free(text);
  free(path);
  return s;
}

static tgv_status read_stages(const char *directory, const cJSON *result, cJSON *stages)
{
  const cJSON *s;

  cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(result, "stages"))
  {
    const char *stage = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(s, "stage"));
    char        name[256];
    cJSON      *json;

    if (!stage) continue;
    snprintf(name, sizeof name, "stages/%s.json", stage);
    TGV_TRY(read_json(directory, name, &json));
    cJSON_AddItemToObject(stages, stage, json);
  }
  return TGV_OK;
}

/* ---- what sections use */

const cJSON *tgv_report_data(const struct tgv_report *r, const char *stage, const char *name)
{
  const cJSON *s = cJSON_GetObjectItemCaseSensitive(r->stages, stage);

  return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(s, "data"), name);
}

const cJSON *tgv_report_table(const struct tgv_report *r, const char *stage, const char *name)
{
  const cJSON *s = cJSON_GetObjectItemCaseSensitive(r->stages, stage);

  return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(s, "tables"), name);
}

const cJSON *tgv_report_scalar(const struct tgv_report *r, const char *name)
{
  const cJSON *s;

  cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(r->result, "scalars"))
  {
    const char *n = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(s, "name"));

    if (n && strcmp(n, name) == 0) return s;
  }
  return NULL;
}

double tgv_report_value(const struct tgv_report *r, const char *name)
{
  const cJSON *v = cJSON_GetObjectItemCaseSensitive(tgv_report_scalar(r, name), "value");

  return cJSON_IsNumber(v) ? v->valuedouble : (double)NAN;
}

cJSON *tgv_block_of(const char *type, const char *title)
{
  cJSON *b = cJSON_CreateObject();

  cJSON_AddStringToObject(b, "type", type);
  cJSON_AddStringToObject(b, "title", title);
  return b;
}

cJSON *tgv_table_block(const struct tgv_report *r, const char *stage, const char *name)
{
  const cJSON *table = tgv_report_table(r, stage, name);
  cJSON       *b;

  if (!table || cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(table, "rows")) == 0) return NULL;
  b = cJSON_Duplicate(table, 1);
  cJSON_AddStringToObject(b, "type", "table");
  return b;
}

cJSON *tgv_scalars_block(const struct tgv_report *r, const char *title, const char *const *names)
{
  cJSON *b = tgv_block_of("scalars", title), *items = cJSON_AddArrayToObject(b, "items");

  for (; *names; names++) {
    const cJSON *s = tgv_report_scalar(r, *names);

    if (s) cJSON_AddItemToArray(items, cJSON_Duplicate(s, 1));
  }
  if (cJSON_GetArraySize(items) > 0) return b;
  cJSON_Delete(b);
  return NULL;
}

void tgv_blocks_add(cJSON *blocks, cJSON *block)
{
  if (block) cJSON_AddItemToArray(blocks, block);
}

cJSON *tgv_text_block(const char *format, ...)
{
  char    text[4096];
  va_list arguments;
  cJSON  *b = tgv_block_of("text", "");

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  cJSON_AddStringToObject(b, "text", text);
  return b;
}

/* ---- the page */

static void add_head(cJSON *page, const cJSON *result)
{
  const cJSON *project = cJSON_GetObjectItemCaseSensitive(result, "project");
  const char  *title = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(project, "title"));
  const char  *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(project, "name"));
  const char  *program = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(result, "program"));
  char         when[64];
  time_t       now = time(NULL);
  struct tm    parts;

  gmtime_r(&now, &parts);
  strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &parts);
  cJSON_AddStringToObject(page, "format", "opentgv-report-1");
  cJSON_AddStringToObject(page, "title", title && *title ? title : name ? name : "OpenTGV report");
  cJSON_AddStringToObject(page, "subtitle",
                          cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(result, "complete"))
                              ? ""
                              : "This run was not finished: some sections are missing.");
  cJSON_AddStringToObject(page, "generated", when);
  cJSON_AddStringToObject(page, "program", program ? program : "");
  cJSON_AddItemToObject(page, "project", cJSON_Duplicate(project, 1));
}

static void add_sections(cJSON *page, const struct tgv_report *r)
{
  cJSON *list = cJSON_AddArrayToObject(page, "sections");

  for (size_t i = 0; tgv_report_sections[i]; i++) {
    const struct tgv_report_section *s = tgv_report_sections[i];
    cJSON                           *blocks = s->blocks(r), *o;

    if (!blocks) continue;
    for (cJSON *b = blocks->child; b; b = b->next) tgv_fold_groups(b);
    o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "name", s->name);
    cJSON_AddStringToObject(o, "title", s->title);
    cJSON_AddStringToObject(o, "intro", s->intro);
    cJSON_AddItemToObject(o, "blocks", blocks);
    cJSON_AddItemToArray(list, o);
  }
}

tgv_status tgv_report_write(const char *directory, const char *path)
{
  cJSON            *result = NULL, *stages = cJSON_CreateObject(), *page = cJSON_CreateObject();
  struct tgv_report r;
  tgv_status_code   s = read_json(directory, "result.json", &result);

  if (s == TGV_OK) s = read_stages(directory, result, stages);
  if (s == TGV_OK) {
    r = (struct tgv_report){result, stages};
    add_head(page, result);
    add_sections(page, &r);
    s = tgv_page_write(path, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(page, "title")), page);
  } else {
    tgv_error_note("making the report of \"%s\"", directory);
  }
  cJSON_Delete(result);
  cJSON_Delete(stages);
  cJSON_Delete(page);
  return s;
}
