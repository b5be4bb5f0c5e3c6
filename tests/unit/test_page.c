#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "report/page.h"

enum { LIMIT = 1 << 26 };

static char place[] = "/tmp/tgv-test-page-XXXXXX";

static int make_place(void **state)
{
  (void)state;
  return mkdtemp(place) ? 0 : -1;
}

static int remove_place(void **state)
{
  char command[100];

  (void)state;
  snprintf(command, sizeof command, "rm -r '%s'", place);
  return system(command);
}

/* Writes a page and reads it back. */
static char *write_page(const char *title, const cJSON *data)
{
  char  *path = tgv_path_join(place, "report.html"), *text;
  size_t size;

  check_ok(tgv_page_write(path, title, data));
  check_ok(tgv_file_read(path, LIMIT, &text, &size));
  assert_int_equal(strlen(text), size);
  free(path);
  return text;
}

static size_t count(const char *text, const char *what)
{
  size_t n = 0;

  for (const char *at = strstr(text, what); at; at = strstr(at + 1, what)) n++;
  return n;
}

/* The text between two marks; free() it. */
static char *between(const char *text, const char *from, const char *to)
{
  const char *a = strstr(text, from), *b;

  assert_non_null(a);
  a += strlen(from);
  b = strstr(a, to);
  assert_non_null(b);
  return strndup(a, (size_t)(b - a));
}

static void the_data_comes_back_unchanged(void **state)
{
  const char *hostile = "</script><!--<script>\"\\ \t\n\x01 & < > @DATA@ @TITLE@ \xc2\xb5m";
  cJSON      *data = cJSON_CreateObject(), *read;
  char       *page, *json;

  (void)state;
  cJSON_AddStringToObject(data, "format", "opentgv-report-1");
  cJSON_AddStringToObject(data, hostile, hostile);
  cJSON_AddNumberToObject(data, "tenth", 0.1);
  cJSON_AddNumberToObject(data, "small", 4.9406564584124654e-324);
  cJSON_AddNumberToObject(data, "none", (double)NAN);
  page = write_page("a report", data);
  json = between(page, "id=\"opentgv-data\">", "</script>");
  assert_null(strchr(json, '<'));
  read = cJSON_Parse(json);
  assert_non_null(read);
  assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(read, hostile)), hostile);
  assert_true(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(read, "tenth")) == 0.1);
  assert_true(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(read, "small")) > 0);
  assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(read, "none")));
  cJSON_Delete(read);
  cJSON_Delete(data);
  free(json);
  free(page);
}

static void the_title_is_text(void **state)
{
  cJSON *data = cJSON_CreateObject();
  char  *page = write_page("a </title><script>alert(1)</script> & @DATA@", data), *title;

  (void)state;
  title = between(page, "<title>", "</title>");
  assert_string_equal(title, "a &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; @DATA@");
  cJSON_Delete(data);
  free(title);
  free(page);
}

static void the_page_is_complete_and_asks_for_nothing(void **state)
{
  cJSON *data = cJSON_CreateObject();
  char  *page = write_page("t", data), *tmp = tgv_path_join(place, "report.html.tmp");

  (void)state;
  assert_int_equal(strncmp(page, "<!doctype html>", 15), 0);
  assert_non_null(strstr(page, "</html>"));
  assert_int_equal(count(page, "<script"), 2); /* data and program; both inline */
  assert_int_equal(count(page, "</script"), 2);
  assert_int_equal(count(page, " src="), 0);
  assert_non_null(strstr(page, "default-src 'none'"));
  assert_int_equal(count(page, "@SCRIPT@"), 0);
  assert_true(strlen(page) > 500000); /* the libraries are inside */
  assert_int_not_equal(access(tmp, F_OK), 0);
  cJSON_Delete(data);
  free(tmp);
  free(page);
}

static void a_place_that_cannot_be_written_is_an_error(void **state)
{
  cJSON *data = cJSON_CreateObject();

  (void)state;
  assert_int_equal(tgv_page_write("/no/such/folder/report.html", "t", data), TGV_FILE);
  assert_non_null(strstr(tgv_error_message(), "/no/such/folder"));
  tgv_error_clear();
  cJSON_Delete(data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_data_comes_back_unchanged),
      cmocka_unit_test(the_title_is_text),
      cmocka_unit_test(the_page_is_complete_and_asks_for_nothing),
      cmocka_unit_test(a_place_that_cannot_be_written_is_an_error),
  };

  return cmocka_run_group_tests(tests, make_place, remove_place);
}
