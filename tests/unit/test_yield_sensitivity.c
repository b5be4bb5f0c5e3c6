#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/parallel.h"
#include "model/run.h"
#include "registry.h"

/* A small panel; the variation is what the tests are about. */
static const char base[] =
    "project: {name: sensitivity, seed: 5}\n"
    "package: {width: 20 mm, height: 20 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm, thickness_tolerance: 4.5 um}\n"
    "panel: {width: 100 mm, height: 70 mm, edge_exclusion: 2 mm, street: 1 mm}\n"
    "glass_blank: {thickness: 540 um}\n"
    "wet_etching: {bulk_rate: 0.5 um/min, time: 40 min}\n"
    "sensitivity: {samples: 512}\n"
    "via_groups:\n"
    "  - {name: lanes, function: signal, width: 16 mm, height: 16 mm, pitch_x: 400 um, diameter: 42 um,\n"
    "     D_top_min: 40 um, D_top_max: 44 um}\n";

static struct tgv_run *run_with(const char *variation)
{
  static struct tgv_project *project; /* the run borrows it */
  struct tgv_run_options     options = {.quiet = true};
  struct tgv_run            *run;
  char                       text[8192];

  tgv_project_free(project);
  project = NULL;
  snprintf(text, sizeof text, "%s%s", base, variation);
  check_ok(tgv_project_parse(text, strlen(text), "sensitivity", ".", &project));
  check_ok(tgv_run_open(project, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "yield_sensitivity"));
  return run;
}

static struct tgv_scalar scalar(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s;

  if (!tgv_result_find(tgv_run_result(run, "yield_sensitivity"), name, &s)) fail_msg("no scalar %s", name);
  return s;
}

/* Within `close` of the exact index. The nominal coverage is 95 %; three half-widths miss about never. */
static void check_index(const struct tgv_run *run, const char *name, double exact, double close)
{
  struct tgv_scalar s = scalar(run, name);

  check_near(s.value, exact, 0, close);
  check_near(s.value, exact, 0, 3 * (s.high - s.low) / 2 + 1e-9);
  assert_true(s.low <= s.value && s.value <= s.high);
  assert_true(s.method && s.valid && s.error && *s.method && *s.valid && *s.error);
}

/* thickness = blank - 2 v t: Var = b^2 + 4 (t^2 v^2 + v0^2 s^2 + v^2 s^2) with the standard deviations b of the blank, v of the rate,
   s of the time; the last term is the interplay of both. Components add up to sqrt(lot^2 + panel^2 + field^2 + nugget^2). */
static void indices_of_the_thickness_are_exact(void **state)
{
  struct tgv_run *run =
      run_with("variation:\n"
               "  - {input: glass_blank.thickness, panel: 2 um, field: 1 um, field_length: 40 mm}\n"
               "  - {input: wet_etching.bulk_rate, lot: 2 %, scan: 1 %, nugget: 4 %}\n"
               "  - {input: wet_etching.time, panel: 8 %, field: 6 %, field_length: 30 mm}\n"
               "  - {input: laser_drilling.offset_x, nugget: 1 um}\n");
  const double blank = 4 + 1, v = 0.02 * 0.02 + 0.01 * 0.01 + 0.04 * 0.04, s = 0.08 * 0.08 + 0.06 * 0.06;
  const double etched = 4 * pow(0.5 * 40, 2), all = blank + etched * (v + s + v * s); /* um2 */

  (void)state;
  check_index(run, "sobol_first.thickness.glass_blank.thickness", blank / all, 0.01);
  check_index(run, "sobol_total.thickness.glass_blank.thickness", blank / all, 0.01);
  check_index(run, "sobol_first.thickness.wet_etching.bulk_rate", etched * v / all, 0.01);
  check_index(run, "sobol_total.thickness.wet_etching.bulk_rate", etched * (v + v * s) / all, 0.01);
  check_index(run, "sobol_first.thickness.wet_etching.time", etched * s / all, 0.02);
  check_index(run, "sobol_total.thickness.wet_etching.time", etched * (s + v * s) / all, 0.02);
  check_index(run, "sobol_first.thickness.laser_drilling.offset_x", 0, 1e-6);
  check_index(run, "sobol_total.thickness.laser_drilling.offset_x", 0, 1e-6);
  check_index(run, "sobol_total.thickness.place", 0, 1e-6);
  tgv_run_close(run);
}

/* Var E[r | x] / Var r of r = hypot(x, y), x and y standard normal: by quadrature; r is of the Rayleigh distribution. */
static double share_of_one_side(void)
{
  const double mean = sqrt(M_PI / 2), h = 0.02;
  double       sum = 0;

  for (double x = -8; x < 8; x += h) {
    double r = 0;

    for (double y = -8; y < 8; y += h) r += hypot(x, y) * exp(-0.5 * y * y) * h / sqrt(2 * M_PI);
    sum += pow(r - mean, 2) * exp(-0.5 * x * x) * h / sqrt(2 * M_PI);
  }
  return sum / (2 - M_PI / 2);
}

/* Two normals of the same size: by symmetry both have the same indices. */
static void offsets_share_the_position_error(void **state)
{
  struct tgv_run *run = run_with("variation:\n"
                                 "  - {input: laser_drilling.offset_x, nugget: 0.8 um, scan: 0.6 um}\n"
                                 "  - {input: laser_drilling.offset_y, nugget: 1 um}\n");
  double          x = scalar(run, "sobol_first.position_error.laser_drilling.offset_x").value,
         y = scalar(run, "sobol_first.position_error.laser_drilling.offset_y").value;

  (void)state;
  check_near(x, y, 0, 0.02);
  check_near(x, share_of_one_side(), 0, 0.01);
  check_near(scalar(run, "sobol_total.position_error.laser_drilling.offset_x").value, 1 - y, 0, 0.02);
  tgv_run_close(run);
}

/* A trend a u over the panel has the variance a^2 mean(u^2) over the vias of all units. */
static void trends_belong_to_the_place(void **state)
{
  struct tgv_run *run = run_with("variation:\n"
                                 "  - {input: glass_blank.thickness, trend_x: 4 um, nugget: 2 um}\n"
                                 "  - {input: wet_etching.time, trend_y: 0.001 %}\n");
  double          square = 0, n = 0;

  (void)state;
  for (size_t u = 0; u < run->panel.unit_count; u++)
    for (uint64_t v = 0; v < run->package.via_count; v++, n++) {
      double x, y, px, py;

      tgv_package_positions(&run->package, v, 1, &x, &y);
      tgv_panel_position(&run->panel, u, x, y, &px, &py);
      square += pow(px / 50.0e-3, 2);
    }
  square /= n;
  check_index(run, "sobol_first.thickness.place", 16 * square / (16 * square + 4), 0.02);
  check_index(run, "sobol_total.thickness.glass_blank.thickness", 4 / (16 * square + 4), 0.02);
  assert_false(tgv_run_find(run, "sobol_first.thickness.wet_etching.time", &(struct tgv_scalar){0}));
  tgv_run_close(run);
}

static double upper_tail(double x)
{
  return 0.5 * erfc(x / sqrt(2));
}

/* Loss of a unit whose thickness has the standard deviation `via` from via to via and `lot` in common, at 4.5 um tolerance. */
static double loss(double via, double lot, double vias)
{
  const double h = 0.002, tolerance = 4.5;
  double       sum = 0;

  for (double z = -8; z < 8; z += h) {
    double p = upper_tail((tolerance - lot * z) / via) + upper_tail((tolerance + lot * z) / via);

    sum -= expm1(vias * log1p(-fmin(p, 1 - 1e-12))) * exp(-0.5 * z * z) * h / sqrt(2 * M_PI);
  }
  return sum;
}

/* An interval of 95 %: the exact value may lie outside by half of its half-width, and the width is bounded. */
static void check_units(const struct tgv_run *run, const char *name, double exact, double widest)
{
  struct tgv_scalar s = scalar(run, name);

  check_near(s.value, exact, 0, 0.75 * (s.high - s.low));
  assert_true(s.low <= s.value && s.value <= s.high);
  if (s.high - s.low > widest) fail_msg("%s is %g within %g .. %g", name, s.value, s.low, s.high);
}

/* A nugget of the blank and a lot term of the etch rate: thickness = blank - 80 min rate, both 1 um. */
static void units_are_those_of_the_closed_form(void **state)
{
  struct tgv_run *run = run_with("variation:\n"
                                 "  - {input: glass_blank.thickness, nugget: 1 um}\n"
                                 "  - {input: wet_etching.bulk_rate, lot: 0.0125 um/min}\n");
  const double    n = (double)run->package.via_count, units = (double)run->panel.unit_count;
  const double    now = loss(1, 1, n);

  (void)state;
  assert_true(now > 0.05 && now < 0.8);
  check_units(run, "units_cost.glass_blank.thickness", units * (now - 2 * upper_tail(4.5)), 0.3 * units);
  check_units(run, "units_cost.wet_etching.bulk_rate", units * (now - loss(1, 1e-9, n)), 0.3 * units);
  check_units(run, "units_bought.glass_blank.thickness", units * (now - loss(0.9, 1, n)), 0.1 * units);
  check_units(run, "units_bought.wet_etching.bulk_rate", units * (now - loss(1, 0.9, n)), 0.1 * units);
  tgv_run_close(run);
}

static void one_input_bears_all(void **state)
{
  struct tgv_run *run = run_with(
      "variation:\n"
      "  - {input: wet_etching.bulk_rate, lot: 2 %, field: 2 %, field_length: 40 mm, nugget: 0.5 %}\n"
      "  - {input: laser_drilling.offset_x, lot: 1 um, field: 1 um, field_length: 40 mm, nugget: 1 um}\n");
  const cJSON *data = cJSON_GetObjectItem(tgv_run_result(run, "yield_sensitivity")->json, "data");
  const double good = cJSON_GetNumberValue(cJSON_GetObjectItem(cJSON_GetObjectItem(data, "units"), "good"));
  const double all = (double)run->panel.unit_count;
  struct tgv_scalar inert = scalar(run, "units_cost.laser_drilling.offset_x");

  (void)state;
  assert_true(good > 0.1 * all && good < 0.9 * all);
  check_units(run, "units_cost.wet_etching.bulk_rate", all - good, 0.5 * all);
  assert_true(inert.low <= 0 && inert.high >= 0);
  check_near(inert.value, 0, 0, 1e-3 * all);
  inert = scalar(run, "units_bought.laser_drilling.offset_x");
  assert_true(inert.low <= 0 && inert.high >= 0);
  check_near(inert.value, 0, 0, 1e-3 * all);
  check_index(run, "sobol_first.unit_loss.wet_etching.bulk_rate", 1, 0.05);
  check_index(run, "sobol_total.unit_loss.wet_etching.bulk_rate", 1, 0.05);
  check_index(run, "sobol_total.unit_loss.laser_drilling.offset_x", 0, 1e-6);
  tgv_run_close(run);
}

/* Losses that hardly any sample meets: their variance is not known, that of the order of magnitude is. */
static void rare_losses_have_a_risk(void **state)
{
  struct tgv_run *run = run_with("variation:\n"
                                 "  - {input: glass_blank.thickness, lot: 0.66 um, nugget: 0.4 um}\n"
                                 "  - {input: wet_etching.bulk_rate, lot: 0.00825 um/min}\n");

  (void)state;
  assert_false(tgv_run_find(run, "sobol_first.unit_loss.wet_etching.bulk_rate", &(struct tgv_scalar){0}));
  /* blank and rate enter the thickness alike, 0.66 um each: by symmetry their indices are the same */
  check_near(scalar(run, "sobol_total.unit_risk.glass_blank.thickness").value,
             scalar(run, "sobol_total.unit_risk.wet_etching.bulk_rate").value, 0, 0.1);
  assert_true(scalar(run, "sobol_total.unit_risk.wet_etching.bulk_rate").value > 0.5);
  tgv_run_close(run);
}

static void threads_do_not_matter(void **state)
{
  static const char variation[] =
      "variation:\n"
      "  - {input: wet_etching.bulk_rate, lot: 1 %, field: 1.5 %, field_length: 40 mm}\n"
      "  - {input: wet_etching.track_rate, scan: 3 %, nugget: 3 %, tail: 5}\n"
      "defects:\n  - {name: dirt, density: 500 1/m2, radius: 400 um, effect: degrade}\n";
  char *text[2];

  (void)state;
  for (int i = 0; i < 2; i++) {
    const int       before = tgv_parallel_threads();
    struct tgv_run *run;

    tgv_parallel_set_threads(i ? 3 : 1);
    run = run_with(variation);
    text[i] = cJSON_PrintUnformatted(tgv_run_result(run, "yield_sensitivity")->json);
    tgv_parallel_set_threads(before);
    tgv_run_close(run);
  }
  assert_string_equal(text[0], text[1]);
  free(text[0]), free(text[1]);
}

static void nothing_varies_nothing_is_said(void **state)
{
  struct tgv_run *run = run_with("defects:\n  - {name: dirt, density: 500 1/m2, radius: 400 um}\n");

  (void)state;
  assert_false(tgv_run_find(run, "sobol_first.thickness.place", &(struct tgv_scalar){0}));
  assert_int_equal(
      cJSON_GetArraySize(cJSON_GetObjectItem(tgv_run_result(run, "yield_sensitivity")->json, "scalars")), 0);
  tgv_run_close(run);
}

static int start(void **state)
{
  char data[4096];

  (void)state;
  snprintf(data, sizeof data, "%s/data", getenv("TGV_SOURCE_ROOT"));
  setenv("TGV_DATA", data, 1);
  tgv_progress_silence(true);
  return 0;
}

static int stop(void **state)
{
  (void)state;
  tgv_units_stop();
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(indices_of_the_thickness_are_exact),
      cmocka_unit_test(offsets_share_the_position_error),
      cmocka_unit_test(trends_belong_to_the_place),
      cmocka_unit_test(units_are_those_of_the_closed_form),
      cmocka_unit_test(one_input_bears_all),
      cmocka_unit_test(rare_losses_have_a_risk),
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(nothing_varies_nothing_is_said),
  };

  return cmocka_run_group_tests_name("yield_sensitivity", tests, start, stop);
}
