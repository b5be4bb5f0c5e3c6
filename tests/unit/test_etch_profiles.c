/* The profile of the nominal via, as a run gives it. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "model/run.h"
#include "process/merged_vias.h"
#include "registry.h"
#include "solver/eikonal.h"
#include "solver/etch_front.h"

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
  check_near(number(row, 9), 600 - 23 * sqrt(399) - 30, 0, 1e-3);
  check_near(number(row, 10), number(row, 9), 0, 1e-3);
  check_near(number(row, 8), 50 - number(row, 1), 0, 1e-3);
  check_near(number(row, 11), 50 + number(row, 1), 0, 1e-3);
  check_near(number(row, 12), sqrt(number(row, 1) * number(row, 1) - 2500), 0, 1e-3);
  assert_true(isnan(number(row, 7)) && isnan(number(row, 14)));
  row = cJSON_GetArrayItem(vias, 1); /* not merged */
  check_near(number(row, 8), 1000 - number(row, 1), 0, 1e-3);
  assert_true(number(row, 9) == 0 && number(row, 10) == 0 && isnan(number(row, 11)) &&
              isnan(number(row, 12)));
  close_run(run);
}

static void bent_walls(void **state)
{
  (void)state;
  struct tgv_run *run =
      run_of("wet_etching: {model: eikonal, track_rate: 10 um/min, bulk_rate: 0.5 um/min, time: 60 min,\n"
             "  etchant_concentration: 5 mol/L, depletion: track}\n"
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
      error.value / um, number(row, 14), left.value);
  assert_true(error.value < 0.1 * um);
  assert_true(number(row, 14) < 0.03);
  close_run(run);
}

/* the same with a wall that runs short of etchant: 58.840, 35.265 and 18.399 um by the solution of test_etch_hole.c at 320 steps */
static void depleted_walls(void **state)
{
  (void)state;
  struct tgv_run *run =
      run_of("wet_etching: {model: eikonal, track_rate: 10 um/min, bulk_rate: 0.5 um/min, time: 60 min,\n"
             "  etchant_concentration: 5 mol/L}\n"
             "laser_drilling: {track_radius: 2 um}\n");
  const cJSON *row = cJSON_GetArrayItem(rows_of(run, "etched_vias"), 0), *profile = rows_of(run, "profile");
  struct tgv_scalar left, error;

  check_near(number(cJSON_GetArrayItem(profile, 0), 2), 58.840, 0, 2e-3);
  check_near(number(cJSON_GetArrayItem(profile, 25), 2), 35.265, 0, 2e-3);
  check_near(number(cJSON_GetArrayItem(profile, 50), 2), 18.399, 0, 2e-3);
  check_near(number(row, 2), 18.399, 0, 0.05); /* through the table */
  check_near(number(row, 5), 37.580, 0, 0.02);
  assert_int_equal(tgv_run_find(run, "etchant_left.fine", &left), 1);
  check_near(left.value, 0.708, 0, 0.001);
  assert_int_equal(tgv_run_find(run, "shape_error.fine", &error), 1);
  print_message("# depleted wall against parabolas through the diameters of the table: %.2g um\n",
                error.value / um);
  assert_true(error.value < 0.5 * um);
  assert_true(isnan(number(row, 14)));
  close_run(run);
}

/* Two tracks in one plane, times given on their walls: what fast marching dissolves is the union of both holes, and the ligament is what process/merged_vias says. */
static void two_tracks_make_a_union(void **state)
{
  (void)state;
  enum { NX = 181, NZ = 401 };
  const double                step = um, pitch = 60 * um, slow[] = {6 / um, 6 / um}, depth[] = {0, 400 * um};
  const struct tgv_etch_front f = {.thickness = 400 * um,
                                   .track_radius = 2 * um,
                                   .time = 60 * 60,
                                   .bulk_rate = 0.5 * um / 60,
                                   .ratio = 1,
                                   .supply = 0,
                                   .n = 2,
                                   .depth = depth,
                                   .slowness = slow};
  const double                track[2] = {60 * um, 120 * um};
  double *slowness = malloc(NX * NZ * sizeof *slowness), *T = malloc(NX * NZ * sizeof *T), worst = 0;
  int     seen = 0;
  struct tgv_eikonal     e = {NX, NZ, step, step, slowness, T};
  struct tgv_via_profile p;
  struct tgv_merged_vias m;

  for (size_t j = 0; j < NZ; j++)
    for (size_t i = 0; i < NX; i++) {
      const double z = step * (double)j, x = step * (double)i;
      const double near = fmin(fabs(x - track[0]), fabs(x - track[1]));

      slowness[j * NX + i] = 1 / f.bulk_rate;
      T[j * NX + i] = j == 0 || j + 1 == NZ             ? 0
                      : fabs(near - 2 * um) < 0.01 * um ? fmin(z, 400 * um - z) * slow[0]
                                                        : HUGE_VAL;
    }
  check_ok(tgv_eikonal_march(&e));
  tgv_etch_front_profile(&f, 341, &p); /* 340 um of glass are left: the same rows */
  for (size_t k = 2; k < 339; k++) {
    double between = 0; /* glass along the row between the axes */

    for (size_t i = 0; i + 1 < NX; i++) {
      const double *a = T + (30 + k) * NX + i, t = f.time;
      const double  left = a[0] <= t && a[1] <= t ? 0
                           : a[0] > t && a[1] > t ? 1
                                                  : fabs((fmax(a[0], a[1]) - t) / (a[1] - a[0]));

      between += i >= 60 && i < 120 ? left * step : 0;
    }
    /* less than two cells are not seen between the nodes */
    if (pitch - 2 * p.r[k] < -step) assert_true(between <= 0);
    if (pitch - 2 * p.r[k] > 2 * step) worst = fmax(worst, fabs(between - (pitch - 2 * p.r[k]))), seen++;
  }
  print_message("# glass between two tracks by fast marching: differs by %.2g um at most\n", worst / um);
  assert_true(worst < 0.05 * um && seen > 200 && seen < 330);
  m = tgv_merged_vias_of(&p, pitch);
  check_near(m.ligament, pitch - 2 * p.r[0], 1e-12, 0);
  tgv_via_profile_release(&p);
  free(slowness), free(T);
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
  assert_true(isnan(number(cJSON_GetArrayItem(rows_of(run, "etched_vias"), 0), 14)));
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
      cmocka_unit_test(straight_walls), cmocka_unit_test(bent_walls),
      cmocka_unit_test(depleted_walls), cmocka_unit_test(two_tracks_make_a_union),
      cmocka_unit_test(closed_via),     cmocka_unit_test(dissolved_glass),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
