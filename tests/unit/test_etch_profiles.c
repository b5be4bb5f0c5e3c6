/* The profile of the nominal via, as a run gives it. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "model/run.h"
#include "registry.h"

static const double um = 1e-6;

static struct tgv_run *run_of(const char *etch)
{
  static const char plain[] =
      "project: {name: profiles}\n"
      "package: {width: 20 mm, height: 20 mm}\n"
      "core: {glass: EAGLE XG, thickness: 0.46 mm}\n"
      "glass_blank: {thickness: 0.5 mm}\n"
      "via_groups:\n"
      "- {name: fine, function: signal, margin: 5 mm, pitch_x: 50 um, pitch_y: 500 um, diameter: 60 um}\n"
      "- {name: wide, function: power, pitch_x: 1 mm, diameter: 90 um, track_radius: 20 um}\n";
  char                text[2000];
  struct tgv_project *p;
  struct tgv_run     *run;

  snprintf(text, sizeof text, "%s%s", plain, etch);
  check_ok(tgv_project_parse(text, strlen(text), "test", ".", &p));
  check_ok(tgv_run_open(p, tgv_stages, &(struct tgv_run_options){.quiet = true}, &run));
  check_ok(tgv_run_all(run, "etch_profiles"));
  return run;
}

static void close_run(struct tgv_run *run)
{
  struct tgv_project *p = (struct tgv_project *)(uintptr_t)run->project;

  tgv_run_close(run);
  tgv_project_free(p);
}

static const cJSON *rows_of(const struct tgv_run *run, const char *table)
{
  const cJSON *tables =
      cJSON_GetObjectItemCaseSensitive(tgv_run_result(run, "etch_profiles")->json, "tables");

  return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(tables, table), "rows");
}

static double number(const cJSON *row, int k)
{
  const cJSON *x = cJSON_GetArrayItem(row, k);

  return cJSON_IsNumber(x) ? x->valuedouble : (double)NAN;
}

/* straight walls: D = 60.9898 um at the mouth; 36.0338 um at the waist, by hand from the closed form */
static void straight_walls(void **state)
{
  (void)state;
  struct tgv_run *run = run_of("wet_etching: {track_rate: 10 um/min, bulk_rate: 0.5 um/min, time: 60 min}\n"
                               "laser_drilling: {track_radius: 2 um}\n");
  const cJSON    *rows = rows_of(run, "profile"), *vias = rows_of(run, "etched_vias"), *row;
  const double    slope = 1 / sqrt(399);
  int             n = 0;

  cJSON_ArrayForEach(row, rows)
  {
    const double r0 = strcmp(cJSON_GetArrayItem(row, 0)->valuestring, "fine") ? 20 : 2,
                 z = 30 + number(row, 1);

    check_near(number(row, 2), 2 * (r0 + (600 - fmin(z, 500 - z)) * slope), 0, 1e-3);
    n++;
  }
  assert_int_equal(n, 202);
  assert_int_equal(cJSON_GetArraySize(vias), 2);
  row = cJSON_GetArrayItem(vias, 0);
  check_near(number(row, 1), 2 * (2 + 570 * slope), 0, 1e-3);
  check_near(number(row, 2), 2 * (2 + 350 * slope), 0, 1e-3);
  check_near(number(row, 5), 25, 0, 1e-4);
  /* pitch of 50 um: together down to where 2 + (600 - z) / sqrt(399) is 25 um */
  check_near(number(row, 8), 600 - 23 * sqrt(399) - 30, 0, 4.5);
  assert_true(isnan(number(row, 7)) && isnan(number(row, 10)));
  close_run(run);
}

static void bent_walls(void **state)
{
  (void)state;
  struct tgv_run *run =
      run_of("wet_etching: {model: eikonal, track_rate: 10 um/min, bulk_rate: 0.5 um/min, time: 60 min,\n"
             "  etchant_concentration: 5 mol/L}\n"
             "laser_drilling: {track_radius: 2 um}\n");
  const cJSON *row = cJSON_GetArrayItem(rows_of(run, "etched_vias"), 0), *profile = rows_of(run, "profile");
  struct tgv_scalar left, error;

  /* as in tests/cases/eikonal_etching.case */
  check_near(number(row, 1), 60.8961, 0, 2e-4);
  check_near(number(row, 2), 25.6365, 0, 2e-4);
  check_near(number(row, 5), 38.4804, 0, 2e-4);
  check_near(number(cJSON_GetArrayItem(profile, 0), 2), 60.8961, 0, 2e-4);
  check_near(number(cJSON_GetArrayItem(profile, 50), 2), 25.6365, 0, 2e-4);
  /* transient diffusion takes a little longer, see test_etch_channel.c */
  check_near(number(row, 6), 38.679, 0, 0.01);
  assert_int_equal(tgv_run_find(run, "etchant_left.fine", &left), 1);
  assert_true(left.value > 0.3 && left.value < 0.9);
  check_near(number(row, 7), 100 * left.value, 1e-9, 0);
  assert_int_equal(tgv_run_find(run, "shape_error.fine", &error), 1);
  print_message(
      "# wall against parabolas %.2g um, against fast marching %.2g um; %.2f of the etchant is left\n",
      error.value / um, number(row, 10), left.value);
  assert_true(error.value < 0.1 * um);
  assert_true(number(row, 10) < 0.03);
  close_run(run);
}

/* a closed via has a profile too: nothing in the middle */
static void closed_via(void **state)
{
  (void)state;
  struct tgv_run *run =
      run_of("wet_etching: {model: eikonal, track_rate: 10 um/min, bulk_rate: 0.5 um/min, time: 15 min}\n");
  const cJSON *rows = rows_of(run, "profile");

  assert_true(number(cJSON_GetArrayItem(rows, 0), 2) > 4);
  assert_true(number(cJSON_GetArrayItem(rows, 50), 2) == 0);
  assert_true(isnan(number(cJSON_GetArrayItem(rows_of(run, "etched_vias"), 0), 10)));
  close_run(run);
}

/* glass that the etch has dissolved: no thickness, and no work that grows with the time */
static void dissolved_glass(void **state)
{
  (void)state;
  for (int k = 0; k < 3; k++) {
    static const char *const models[] = {"closed_form", "eikonal", "ablation"};
    char                     text[200];
    struct tgv_run          *run;

    snprintf(
        text, sizeof text,
        "wet_etching: {model: %s, bulk_rate: 50 um/min, time: 900 h}\nablation: {entry_diameter: 60 um}\n",
        models[k]);
    run = run_of(text);
    assert_true(number(cJSON_GetArrayItem(rows_of(run, "profile"), 0), 1) == 0);
    close_run(run);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(straight_walls),
      cmocka_unit_test(bent_walls),
      cmocka_unit_test(closed_via),
      cmocka_unit_test(dissolved_glass),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
