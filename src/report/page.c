#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"

/* page.html of web/, embedded by the generated file page_template.c */
extern const char tgv_page_template[], tgv_page_template_end[];

/* Appends the template from *at up to a mark and steps over the mark. */
static void add_until(struct tgv_text *page, const char **at, const char *mark)
{
  const char *found = memmem(*at, (size_t)(tgv_page_template_end - *at), mark, strlen(mark));

  TGV_BUG_IF(!found);
  tgv_text_append(page, *at, (size_t)(found - *at));
  *at = found + strlen(mark);
}

/* Appends a text with each of the bytes `from` replaced by what stands at the same place of `to`. */
static void add_replaced(struct tgv_text *page, const char *s, const char *from, const char *const *to)
{
  for (;;) {
    size_t plain = strcspn(s, from);

    tgv_text_append(page, s, plain);
    s += plain;
    if (!*s) return;
    tgv_text_add(page, "%s", to[strchr(from, *s) - from]);
    s++;
  }
}

/* Nothing in the data can end the element it stands in, or begin another: "<" occurs only in strings of JSON. */
static void add_json(struct tgv_text *page, const char *json)
{
  static const char *const escaped[] = {"\\u003c"};

  add_replaced(page, json, "<", escaped);
}

static void add_html(struct tgv_text *page, const char *s)
{
  static const char *const escaped[] = {"&amp;", "&lt;", "&gt;"};

  add_replaced(page, s, "&<>", escaped);
}

tgv_status tgv_page_write(const char *path, const char *title, const cJSON *data)
{
  struct tgv_text page = {0};
  const char     *at = tgv_page_template;
  char           *json = cJSON_PrintUnformatted(data);
  tgv_status_code s;

  if (!json) return tgv_fail(TGV_MEMORY, "not enough memory for the data of the report");
  add_until(&page, &at, "@TITLE@");
  add_html(&page, title);
  add_until(&page, &at, "@DATA@");
  add_json(&page, json);
  free(json);
  tgv_text_append(&page, at, (size_t)(tgv_page_template_end - at));
  s = tgv_file_write(path, page.data, page.size);
  tgv_text_release(&page);
  return s;
}
