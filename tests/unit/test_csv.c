#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/csv.h"
#include "core/text.h"

static struct tgv_csv_column column[3];
static uint64_t              rows;

static tgv_status_code parse(const char *text)
{
  tgv_csv_release(column, 3);
  column[0] = (struct tgv_csv_column){"x", TGV_LENGTH, true, NULL};
  column[1] = (struct tgv_csv_column){"y", TGV_LENGTH, true, NULL};
  column[2] = (struct tgv_csv_column){"net", TGV_NUMBER, false, NULL};
  return tgv_csv_parse(&(struct tgv_csv_source){"vias.csv", text, strlen(text)}, 1000, column, 3, &rows);
}

static void test_plain(void **state)
{
  (void)state;
  check_ok(parse("x [mm],y [um]\n1,2\n-0.5,3e2\n"));
  assert_int_equal(rows, 2);
  check_close(column[0].value[0], 1e-3, 1e-15);
  check_close(column[1].value[0], 2e-6, 1e-15);
  check_close(column[0].value[1], -0.5e-3, 1e-15);
  check_close(column[1].value[1], 300e-6, 1e-15);
  assert_null(column[2].value);
}

/* Order, unknown columns, quotes, blanks, CRLF, byte-order mark, no line end at the end. */
static void test_tolerated(void **state)
{
  (void)state;
  check_ok(parse("\xef\xbb\xbf\"name, long\", net ,\"y [mm]\",x[mm]\r\n\"a \"\"b\"\", c\",7, 2 "
                 ",\"1\"\r\n\r\n  \n,8,+4.,.5"));
  assert_int_equal(rows, 2);
  check_close(column[0].value[0], 1e-3, 1e-15);
  check_close(column[1].value[0], 2e-3, 1e-15);
  check_close(column[2].value[0], 7, 1e-15);
  check_close(column[0].value[1], 0.5e-3, 1e-15);
  check_close(column[1].value[1], 4e-3, 1e-15);
  check_ok(parse("x [mm],y [mm]\n"));
  assert_int_equal(rows, 0);
  assert_non_null(column[0].value);
}

static void test_errors_say_where(void **state)
{
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"", "vias.csv: the file is empty"},
      {"\n \n", "the file is empty"},
      {"x [mm]\n", "vias.csv:1:1: there is no column \"y\""},
      {"x [mm];y [mm]\n1;2", "there is no column \"x\""},
      {"x,y [mm]\n", "1:1: column \"x\" has no unit; write it as \"x [um]\""},
      {"x [mm],y [kg]\n", "\"kg\" is no unit of column \"y\""},
      {"x [mm],y [bananas]\n", "\"bananas\" is no unit"},
      {"x [mm],y mm]\n", "1:12: \"]\" without \"[\""},
      {"x [mm],y [mm],x [um]\n", "1:15: a second column \"x\""},
      {"x [mm],y [mm]\n1,2\n3\n", "vias.csv:3:2: 1 fields where the header has 2"},
      {"x [mm],y [mm]\n1,2,3\n", "vias.csv:2:5: more fields than the 2 of the header"},
      {"x [mm],y [mm]\n1,2\n\n4,abc\n", "vias.csv:4:3: \"abc\" is no number"},
      {"x [mm],y [mm]\n1,0x10\n", "\"0x10\" is no number"},
      {"x [mm],y [mm]\n1,nan\n", "\"nan\" is no number"},
      {"x [mm],y [mm]\n1,inf\n", "\"inf\" is no number"},
      {"x [mm],y [mm]\n1,2 3\n", "\"2 3\" is no number"},
      {"x [mm],y [mm]\n1,2e\n", "\"2e\" is no number"},
      {"x [mm],y [mm]\n1,.\n", "\".\" is no number"},
      {"x [mm],y [mm]\n1,1e999\n", "\"1e999\" is too large"},
      {"x [mm],y [mm]\n1,\n", "2:3: a number is missing"},
      {"x [mm],y [mm]\n1,\"2\n", "2:3: the quote is not closed"},
      {"x [mm],y [mm]\n1,\"2\"3\n", "2:6: text after a closing quote"},
      {"x [mm],y [mm]\n1,2\r3\n", "is no number"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (parse(bad[i].text) != TGV_INPUT) fail_msg("accepted: %s", bad[i].text);
    if (!strstr(tgv_error_message(), bad[i].message))
      fail_msg("got \"%s\", expected \"%s\"", tgv_error_message(), bad[i].message);
  }
  tgv_csv_release(column, 3);
  assert_int_equal(
      tgv_csv_parse(&(struct tgv_csv_source){"v", "x [mm],y [mm]\n1,2\n1,3\n", 22}, 1, column, 2, &rows),
      TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "more than 1 rows"));
  tgv_csv_release(column, 2);
  assert_int_equal(tgv_csv_read("/nowhere/vias.csv", 1, column, 2, &rows), TGV_FILE);
  assert_int_equal(tgv_csv_read("/tmp", 1, column, 2, &rows), TGV_FILE);
}

static uint64_t next(uint64_t *s)
{
  *s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *s >> 16;
}

/* Numbers come out as strtod reads them, to the last bit. */
static void test_numbers_are_exact(void **state)
{
  uint64_t s = 3;
  (void)state;
  for (int k = 0; k < 20000; k++) {
    char text[128], number[64];
    int  digits = (int)(next(&s) % 22) + 1, n = 0, point = (int)(next(&s) % 25);
    if (next(&s) & 1) number[n++] = '-';
    for (int i = 0; i < digits; i++) {
      if (i == point) number[n++] = '.';
      number[n++] = (char)('0' + next(&s) % 10);
    }
    n +=
        snprintf(number + n, sizeof number - (size_t)n, next(&s) & 1 ? "e%d" : "", (int)(next(&s) % 60) - 30);
    number[n] = '\0';
    snprintf(text, sizeof text, "net,x [m],y [m]\n%s,0,0\n", number);
    check_ok(parse(text));
    double want = strtod(number, NULL);
    if (memcmp(&want, &column[2].value[0], sizeof want) != 0)
      fail_msg("%s read as %.17g, strtod says %.17g", number, column[2].value[0], want);
  }
}

/* A file larger than the buffer, with lines across its borders, reads as the text does. */
static void test_file(void **state)
{
  char            path[] = "/tmp/tgv_test_csv_XXXXXX";
  int             handle = mkstemp(path);
  struct tgv_text t = {0};
  (void)state;
  assert_true(handle >= 0);
  tgv_text_add(&t, "x [um],y [um]\r\n");
  for (int i = 0; i < 200000; i++) tgv_text_add(&t, "%d.%d,%d\r\n", i, i % 7, -i);
  assert_int_equal(write(handle, t.data, t.size), t.size);
  close(handle);
  struct tgv_csv_column c[2] = {{"x", TGV_LENGTH, true, NULL}, {"y", TGV_LENGTH, true, NULL}};
  check_ok(tgv_csv_read(path, 1000000, c, 2, &rows));
  assert_int_equal(rows, 200000);
  for (int i = 0; i < 200000; i++) {
    check_near(c[0].value[i], (i + 0.1 * (i % 7)) * 1e-6, 1e-14, 1e-20);
    check_near(c[1].value[i], -i * 1e-6, 1e-14, 0);
  }
  tgv_csv_release(c, 2);
  t.size = 0;
  tgv_text_add(&t, "x [um],y [um]\n1,");
  for (int i = 0; i < 1200000; i++) tgv_text_append(&t, "1", 1);
  FILE *f = fopen(path, "w");
  fwrite(t.data, 1, t.size, f);
  fclose(f);
  assert_int_equal(tgv_csv_read(path, 1000000, c, 2, &rows), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), ":2:1: the line is longer"));
  tgv_csv_release(c, 2);
  tgv_text_release(&t);
  unlink(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plain),
      cmocka_unit_test(test_tolerated),
      cmocka_unit_test(test_errors_say_where),
      cmocka_unit_test(test_numbers_are_exact),
      cmocka_unit_test(test_file),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tgv_csv_release(column, 3);
  return failed;
}
