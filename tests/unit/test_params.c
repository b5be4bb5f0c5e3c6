/* The tables of keys and columns. */
#include "model/params.h"

#include <string.h>

#include "check.h"
#include "model/columns.h"

static void test_sections_hold_their_keys(void **state)
{
  int p = 0;

  (void)state;
  for (int s = 0; s < TGV_SECTION_COUNT; s++) {
    const struct tgv_section_info *section = tgv_section_info((enum tgv_section)s);

    assert_int_equal(section->first, p);
    assert_true(section->end > section->first);
    for (; p < (int)section->end; p++) assert_int_equal(tgv_param_info((enum tgv_param)p)->section, s);
    assert_int_equal(tgv_section_find(section->name), s);
  }
  assert_int_equal(p, TGV_PARAM_COUNT);
}

static void test_finds_keys(void **state)
{
  char name[64];

  (void)state;
  assert_int_equal(tgv_param_find(TGV_S_wet_etching, "time"), TGV_P_wet_etching_time);
  assert_int_equal(tgv_param_find(TGV_S_wet_etching, "times"), TGV_PARAM_COUNT);
  assert_int_equal(tgv_param_find(TGV_S_package, "time"), TGV_PARAM_COUNT);
  assert_int_equal(tgv_section_find("wet"), TGV_SECTION_COUNT);
  assert_string_equal(tgv_param_name(TGV_P_wet_etching_time, name, sizeof name), "wet_etching.time");
  assert_int_equal(tgv_section_info(TGV_S_via_groups)->scope, TGV_MANY);
  assert_int_equal(tgv_section_info(TGV_S_glass)->scope, TGV_LIBRARY);
}

static void test_reads_choices(void **state)
{
  (void)state;
  assert_int_equal(tgv_param_choice(TGV_P_wet_etching_sides, "both"), 0);
  assert_int_equal(tgv_param_choice(TGV_P_wet_etching_sides, "top"), 1);
  assert_int_equal(tgv_param_choice(TGV_P_wet_etching_sides, "to"), -1);
  assert_int_equal(tgv_param_choice(TGV_P_wet_etching_sides, ""), -1);
  assert_int_equal(tgv_param_choice(TGV_P_wet_etching_sides, "both|top"), -1);
  assert_int_equal(tgv_param_choice(TGV_P_wet_etching_time, "both"), -1);
}

static void test_numbers_the_inputs(void **state)
{
  int varying = 0;

  (void)state;
  for (int p = 0; p < TGV_PARAM_COUNT; p++) {
    int input = tgv_input_of((enum tgv_param)p);

    assert_int_equal(input >= 0, tgv_param_info((enum tgv_param)p)->varies);
    if (input < 0) continue;
    assert_int_equal(input, varying++);
    assert_int_equal(tgv_input_param(input), p);
  }
  assert_int_equal(varying, tgv_input_count());
  assert_true(varying < TGV_INPUT_MAX);
}

static void test_finds_columns(void **state)
{
  (void)state;
  assert_int_equal(tgv_column_find("D_waist"), TGV_C_D_waist);
  assert_int_equal(tgv_column_find("d_waist"), TGV_COLUMN_COUNT);
  assert_string_equal(tgv_column_info(TGV_C_D_waist)->unit, "um");
  assert_int_equal(tgv_cause_info(TGV_CAUSE_closed)->column, TGV_C_D_waist);
  assert_int_equal(tgv_cause_info(TGV_CAUSE_closed)->side, TGV_BELOW);
  assert_int_equal(tgv_cause_info(TGV_CAUSE_merged)->side, TGV_ABOVE);
  assert_int_equal(tgv_cause_info(TGV_CAUSE_defect)->column, TGV_C_END);
}

static void test_tables_are_consistent(void **state)
{
  (void)state;
  check_ok(tgv_params_check());
  check_ok(tgv_columns_check());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sections_hold_their_keys),
      cmocka_unit_test(test_finds_keys),
      cmocka_unit_test(test_reads_choices),
      cmocka_unit_test(test_numbers_the_inputs),
      cmocka_unit_test(test_finds_columns),
      cmocka_unit_test(test_tables_are_consistent),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
