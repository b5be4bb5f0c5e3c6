#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/run.h"
#include "registry.h"

static const char text[] =
    "project: {name: t}\n"
    "package: {width: 10 mm, height: 8 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
    "glass_blank: {thickness: 0.54 mm}\n"
    "wet_etching: {time: 40 min, track_rate: 10 um/min, bulk_rate: 0.5 um/min}\n"
    "laser_drilling: {track_radius: 5 um}\n"
    "design_rules: {worst: 4}\n"
    "via_groups:\n"
    "  - {name: a, function: signal, pitch_x: 100 um, diameter: 50 um, width: 2 mm, height: 2 mm}\n"
    "  - {name: b, function: ground, pitch_x: 100 um, diameter: 50 um, width: 0.5 mm, height: 2 mm, x: 1.31 "
    "mm}\n";

static double value_of(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s;
  if (!tgv_run_find(run, name, &s)) fail_msg("there is no result %s", name);
  return s.value;
}

/* Mouth of an etched track, D_top = 2 (r + v_b t sqrt((S - 1) / (S + 1))), S = v_t / v_b (the closed form of LIDE). */
static double D_top(double time)
{
  double bulk = 0.5e-6 / 60, S = 10 / 0.5;
  return 2 * (5e-6 + bulk * time * sqrt((S - 1) / (S + 1)));
}

/* Group b starts at 1.06 mm, 60 um right of the last column of a: gap 10 um, along 21 rows; the diagonals have 66.6 um. The
   deck tgv_default asks for 20 um of space. */
static void test_stage(void **state)
{
  struct tgv_project    *p;
  struct tgv_run        *run;
  struct tgv_run_options o = {.quiet = true};
  (void)state;
  check_ok(tgv_project_parse(text, sizeof text - 1, "t.yaml", ".", &p));
  check_ok(tgv_run_open(p, tgv_stages, &o, &run));
  check_ok(tgv_run_all(run, "design_rule_check"));
  assert_int_equal(value_of(run, "rule_violations.group_space_min"), 21);
  assert_int_equal(value_of(run, "rule_violations.space_min"), 21);
  check_close(value_of(run, "rule_worst_length.space_min"), 10e-6, 1e-9);
  assert_int_equal(value_of(run, "rule_violations.pitch_min"), 0);
  check_close(value_of(run, "rule_worst_length.pitch_min"), 100e-6, 1e-9);
  check_near(value_of(run, "rule_worst_length.merge_margin"), 60e-6 - D_top(2400), 0, 1e-10); /* floats */
  check_close(value_of(run, "rule_worst_ratio.aspect_ratio_max"), 10, 1e-9);
  check_close(value_of(run, "rule_worst_length.edge_min"), (4 - 1 - 0.025) * 1e-3, 1e-9);
  check_close(value_of(run, "rule_worst_length.ring_min"), 12e-6, 1e-9);
  /* a full window of the array: pi 25^2 / 100^2, a little more where b comes close */
  assert_true(value_of(run, "rule_worst_density.density_max") > 0.19);
  const cJSON *tables = cJSON_GetObjectItem(tgv_run_result(run, "design_rule_check")->json, "tables");
  const cJSON *rows = cJSON_GetObjectItem(cJSON_GetObjectItem(tables, "rule_violations"), "rows");
  double       listed = 0, total = value_of(run, "rule_violations");
  for (int r = 0; r < cJSON_GetArraySize(rows); r++) {
    const cJSON *row = cJSON_GetArrayItem(rows, r);
    if (strcmp(cJSON_GetArrayItem(row, 0)->valuestring, "space_min") != 0) continue;
    listed++;
    check_close(cJSON_GetArrayItem(row, 2)->valuedouble, 1, 1e-9); /* mm: the last column of a */
    assert_string_equal(cJSON_GetArrayItem(row, 5)->valuestring, "a");
    assert_string_equal(cJSON_GetArrayItem(row, 7)->valuestring, "b");
  }
  assert_true(listed == 4);
  assert_true(total >= 42);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* More etching takes the glass between the groups: the merge rule follows the physics of the flow. */
static void test_merge_follows_the_etch(void **state)
{
  struct tgv_project    *p;
  struct tgv_run_options o = {.quiet = true};
  double                 left[2];
  (void)state;
  check_ok(tgv_project_parse(text, sizeof text - 1, "t.yaml", ".", &p));
  for (int i = 0; i < 2; i++) {
    struct tgv_run *run;
    if (i) check_ok(tgv_project_set(p, "wet_etching.time", "44 min"));
    check_ok(tgv_run_open(p, tgv_stages, &o, &run));
    check_ok(tgv_run_all(run, "design_rule_check"));
    left[i] = value_of(run, "rule_worst_length.merge_margin");
    tgv_run_close(run);
  }
  check_near(left[0] - left[1], D_top(2640) - D_top(2400), 0, 1e-10);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_stage),
      cmocka_unit_test(test_merge_follows_the_etch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
