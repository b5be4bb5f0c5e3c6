#include "check.h"

#include <string.h>

#include "core/text.h"
#include "io/cases.h"

static struct tgv_case_file read_good(const char *text)
{
  struct tgv_case_file f;

  check_ok(tgv_cases_parse(text, strlen(text), "t.case", &f));
  return f;
}

/* The text is refused, with these pieces in the message. */
static void check_refused(const char *text, const char *const *pieces)
{
  struct tgv_case_file f;

  tgv_error_clear();
  assert_int_equal(tgv_cases_parse(text, strlen(text), "t.case", &f), TGV_INPUT);
  assert_int_equal(f.count, 0);
  for (; *pieces; pieces++)
    if (!strstr(tgv_error_message(), *pieces))
      fail_msg("\"%s\" is missing in: %s", *pieces, tgv_error_message());
}
#define refused(text, ...) check_refused(text, (const char *const[]){__VA_ARGS__, NULL})

static void test_example_of_the_design(void **state)
{
  struct tgv_case_file f =
      read_good("case    too short an etch leaves the via closed (a result, not an error)\n"
                "given   wet_etching.time = 10 min\n"
                "expect  D_waist = 0 um +- 0 um\n"
                "source  a paper, figure 3 # 4\n");
  const struct tgv_case *c = f.list;

  (void)state;
  assert_int_equal(f.count, 1);
  assert_string_equal(c->title, "too short an etch leaves the via closed (a result, not an error)");
  assert_string_equal(c->source, "a paper, figure 3 # 4");
  assert_string_equal(c->because, "");
  assert_string_equal(c->stage, "");
  assert_int_equal(c->at.line, 1);
  assert_int_equal(c->at.column, 9);
  assert_int_equal(c->given_count, 1);
  assert_string_equal(c->given[0].key, "wet_etching.time");
  assert_string_equal(c->given[0].written, "10 min");
  assert_int_equal(c->given[0].at.line, 2);
  assert_int_equal(c->expect_count, 1);
  assert_string_equal(c->expect[0].name, "D_waist");
  assert_int_equal(c->expect[0].relation, TGV_EXPECT_EQUAL);
  assert_string_equal(c->expect[0].value, "0 um");
  assert_string_equal(c->expect[0].tolerance, "0 um");
  tgv_cases_release(&f);
}

static void test_forms_of_expect(void **state)
{
  static const struct {
    const char       *line, *name, *value, *upper, *tolerance;
    enum tgv_relation relation;
  } forms[] = {
      {"D_top=50um+-0.5%", "D_top", "50um", "", "0.5%", TGV_EXPECT_EQUAL},
      {"D_top = 50 \u00b1 0.2 um", "D_top", "50", "", "0.2 um", TGV_EXPECT_EQUAL},
      {"D_top == 50 um +/- 1 um # why", "D_top", "50 um", "", "1 um", TGV_EXPECT_EQUAL},
      {"D_top: 50 um", "D_top", "50 um", "", "", TGV_EXPECT_EQUAL},
      {"D_top.signal.mean\t=\t\"50 um\"", "D_top.signal.mean", "50 um", "", "", TGV_EXPECT_EQUAL},
      {"D_top > 50 um", "D_top", "50 um", "", "", TGV_EXPECT_GREATER},
      {"D_top>=-50 um", "D_top", "-50 um", "", "", TGV_EXPECT_AT_LEAST},
      {"D_top \u2265 50 um", "D_top", "50 um", "", "", TGV_EXPECT_AT_LEAST},
      {"D_top < 5e+1 um", "D_top", "5e+1 um", "", "", TGV_EXPECT_LESS},
      {"D_top \u2264 50 um", "D_top", "50 um", "", "", TGV_EXPECT_AT_MOST},
      {"D_top in 20 .. 30 um", "D_top", "20", "30 um", "", TGV_EXPECT_WITHIN},
      {"D_top in 20.5um..30.5um", "D_top", "20.5um", "30.5um", "", TGV_EXPECT_WITHIN},
      {"flag closed", "closed", "", "", "", TGV_EXPECT_FLAG},
      {"no  flag  closed", "closed", "", "", "", TGV_EXPECT_NO_FLAG},
  };

  (void)state;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    char                          text[256];
    struct tgv_case_file          f;
    const struct tgv_expectation *e;

    snprintf(text, sizeof text,
             "\xEF\xBB\xBF"
             "CASE: forms\r\n  Expect:  %s  \r\n",
             forms[i].line);
    f = read_good(text);
    e = f.list[0].expect;
    assert_int_equal(f.list[0].expect_count, 1);
    assert_string_equal(f.list[0].title, "forms");
    assert_string_equal(e->name, forms[i].name);
    assert_int_equal(e->relation, forms[i].relation);
    assert_string_equal(e->value, forms[i].value);
    assert_string_equal(e->upper, forms[i].upper);
    assert_string_equal(e->tolerance, forms[i].tolerance);
    tgv_cases_release(&f);
  }
}

static void test_lines_before_the_first_case_hold_for_all(void **state)
{
  struct tgv_case_file f =
      read_good("# a comment\nsource everywhere\nstage wet_etching\ngiven a.b = 1\ngiven a.c = 2 # two\n"
                "case one\ngiven a.d = 3\nexpect x = 1\n\n"
                "case two\nproject ../p.yaml\ngiven a.b: 5\nsource here\nexpect x = 2\nexpect y = 3\n");

  (void)state;
  assert_int_equal(f.count, 2);
  assert_int_equal(f.list[0].given_count, 3);
  assert_string_equal(f.list[0].given[1].written, "2");
  assert_string_equal(f.list[0].given[2].key, "a.d");
  assert_string_equal(f.list[0].source, "everywhere");
  assert_string_equal(f.list[0].stage, "wet_etching");
  assert_int_equal(f.list[0].expect_count, 1);
  assert_int_equal(f.list[1].given_count, 3);
  assert_string_equal(f.list[1].given[0].written, "1");
  assert_string_equal(f.list[1].given[2].key, "a.b");
  assert_string_equal(f.list[1].given[2].written, "5");
  assert_string_equal(f.list[1].source, "here");
  assert_string_equal(f.list[1].project, "../p.yaml");
  assert_int_equal(f.list[1].expect_count, 2);
  tgv_cases_release(&f);
}

static void test_what_is_wrong_is_told_with_its_place(void **state)
{
  (void)state;
  refused("", "t.case:1:1: there is no case in this file");
  refused("case a\n", "t.case:1:6: the case \"a\" expects nothing");
  refused("case\nexpect x = 1\n", "has no title");
  refused("case a\nexpect x = 1\ngivn a.b = 1\nexpct x = 2\n", "t.case:3:1: ", "did you mean \"given\"?",
          "t.case:4:1: ", "did you mean \"expect\"?");
  refused("case a\nexpect x = 1\ngiven a.b\n", "t.case:3:7: given needs KEY = VALUE");
  refused("case a\nexpect x = 1\ngiven a.b =\n", "the value is missing");
  refused("case a\nexpect x = 1\ngiven = 3\n", "the key is missing");
  refused("case a\nexpect x = 1\ngiven a.b = 1\ngiven a.b = 2\n",
          "t.case:4:7: a.b is given twice, first on line 3");
  refused("case a\nexpect x\n", "t.case:2:9: =, >, >=, <, <= or in is expected after x");
  refused("case a\nexpect x ~ 3\n", "t.case:2:10: =, >, >=, <, <= or in is expected after x");
  refused("case a\nexpect x = \n", "a value is expected here");
  refused("case a\nexpect x = 5 +-\n", "t.case:2:14: a tolerance is expected here");
  refused("case a\nexpect x > 5 +- 1\n", "a tolerance needs =");
  refused("case a\nexpect x in 5\n", "LOWEST .. HIGHEST");
  refused("case a\nexpect = 5\n", "expect needs NAME");
  refused("case a\nexpect no x = 5\n", "expect no is followed by flag");
  refused("expect x = 5\ncase a\nexpect x = 1\n", "t.case:1:1: expect stands before the first case");
  refused("case a\nexpect x = 1\001\n", "t.case:2:13: the line holds a control character (0x01)");
  refused("case \u00b5m\nexpect x = \u00b1 1 zz ! \n", "t.case:2:11: a value is expected here");
}

static void test_large_files(void **state)
{
  enum { CASES = 20000 };
  struct tgv_text      t = {0};
  struct tgv_case_file f;

  (void)state;
  for (int i = 0; i < CASES; i++)
    tgv_text_add(&t, "case number %d\ngiven a.b = %d um\nexpect x = %d\n", i, i, i);
  check_ok(tgv_cases_parse(t.data, t.size, "t.case", &f));
  assert_int_equal(f.count, CASES);
  assert_string_equal(f.list[CASES - 1].given[0].written, "19999 um");
  tgv_cases_release(&f);
  t.size = 0;
  tgv_text_add(&t, "case many lines\n");
  for (int i = 0; i <= TGV_CASE_LINES_MAX; i++) tgv_text_add(&t, "expect x = %d\n", i);
  assert_int_equal(tgv_cases_parse(t.data, t.size, "t.case", &f), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "at most 1000 lines expect"));
  tgv_text_release(&t);
}

static void test_files(void **state)
{
  struct tgv_case_file f;

  (void)state;
  assert_int_equal(tgv_cases_read("/no/such.case", &f), TGV_FILE);
  assert_int_equal(f.count, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_example_of_the_design),
      cmocka_unit_test(test_forms_of_expect),
      cmocka_unit_test(test_lines_before_the_first_case_hold_for_all),
      cmocka_unit_test(test_what_is_wrong_is_told_with_its_place),
      cmocka_unit_test(test_large_files),
      cmocka_unit_test(test_files),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
