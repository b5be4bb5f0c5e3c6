#include "check.h"

static tgv_status inner(void)
{
  return tgv_fail(TGV_INPUT, "pitch is %d um, at least %d um is needed", 3, 10);
}

static tgv_status outer(void)
{
  TGV_TRY_NOTE(inner(), "reading group \"%s\"", "signal");
  return TGV_OK;
}

static void notes_follow_the_message(void **state)
{
  (void)state;
  assert_int_equal(outer(), TGV_INPUT);
  assert_string_equal(tgv_error_message(),
                      "pitch is 3 um, at least 10 um is needed\n  while reading group \"signal\"");
  tgv_error_clear();
  assert_string_equal(tgv_error_message(), "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(notes_follow_the_message)};

  return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
