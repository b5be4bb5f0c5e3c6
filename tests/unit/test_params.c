/* The tables of keys and columns. */
#include "model/params.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model/columns.h"
#include "model/project.h"

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

/* Twice the way from the other limit to this one, in the display unit. */
static const char *beyond(const struct tgv_param_info *info, double limit, double other, char *buffer,
                          size_t size)
{
  const double value = 2 * limit - other;

  if (info->kind == TGV_COUNT)
    snprintf(buffer, size, "%.0f", value);
  else
    snprintf(buffer, size, "%.15g %s", tgv_units_to(value, info->dimension, NULL),
             tgv_dimension_display_unit(info->dimension));
  return buffer;
}

static void check_range(struct tgv_project *p, const struct tgv_param_info *info, const char *name)
{
  double min, max;
  char   text[64];

  if (info->kind == TGV_COUNT) {
    min = strtod(info->min, NULL), max = strtod(info->max, NULL);
  } else {
    check_ok(tgv_units_read(info->min, info->dimension, &min));
    check_ok(tgv_units_read(info->max, info->dimension, &max));
  }
  check_ok(tgv_project_set(p, name, info->min));
  check_ok(tgv_project_set(p, name, info->max));
  assert_int_equal(tgv_project_set(p, name, beyond(info, max, min, text, sizeof text)), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "above the largest value"));
  assert_int_equal(tgv_project_set(p, name, beyond(info, min, max, text, sizeof text)), TGV_INPUT);
  assert_true(strstr(tgv_error_message(), "below the smallest value") ||
              (info->dimension == TGV_TEMPERATURE && strstr(tgv_error_message(), "absolute zero")));
  assert_int_equal(tgv_project_set(p, name, "3 kg m7"), TGV_INPUT);
}

static void check_choices(struct tgv_project *p, enum tgv_param key, const char *name)
{
  char words[256], *state = NULL;
  int  i = 0;

  snprintf(words, sizeof words, "%s", tgv_param_info(key)->choices);
  for (char *word = strtok_r(words, "|", &state); word; word = strtok_r(NULL, "|", &state), i++) {
    check_ok(tgv_project_set(p, name, word));
    assert_true(tgv_chosen(p, key, word));
    assert_int_equal(tgv_choice_at(p, key, 0), i);
  }
  assert_int_equal(tgv_project_set(p, name, "no such word"), TGV_INPUT);
}

/* Every key takes its limits and refuses what is beyond them. */
static void test_every_key_keeps_its_range(void **state)
{
  struct tgv_project *p;
  char                name[64];
  int                 ranges = 0, choices = 0;

  (void)state;
  check_ok(tgv_project_plain(&p));
  for (int k = 0; k < TGV_PARAM_COUNT; k++) {
    const struct tgv_param_info *info = tgv_param_info((enum tgv_param)k);

    if (tgv_section_info(info->section)->scope != TGV_ONE) continue;
    tgv_param_name((enum tgv_param)k, name, sizeof name);
    if (info->kind == TGV_REAL || info->kind == TGV_COUNT) check_range(p, info, name), ranges++;
    if (info->kind == TGV_CHOICE) check_choices(p, (enum tgv_param)k, name), choices++;
  }
  assert_true(ranges > 30 && choices > 4);
  tgv_project_free(p);
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
      cmocka_unit_test(test_every_key_keeps_its_range),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
