#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/process_window.h"
#include "registry.h"

static struct tgv_project *plain(const char *const *settings)
{
  struct tgv_project *p;

  check_ok(tgv_project_plain(&p));
  for (; settings && settings[0]; settings += 2) check_ok(tgv_project_set(p, settings[0], settings[1]));
  check_ok(tgv_project_check(p));
  return p;
}

#define SETTINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct tgv_window_plan *plan_of(struct tgv_project *p, size_t vias, const char *const *axes)
{
  struct tgv_window_plan *plan = tgv_allocate(1, sizeof *plan);

  *plan = (struct tgv_window_plan){.project = p, .stages = tgv_stages, .vias = vias, .plated = 8};
  for (; *axes; axes++) check_ok(tgv_window_axis_read(*axes, p, 0, &plan->axis[plan->axes++]));
  return plan;
}

static double statistic(const struct tgv_window *w, size_t point, enum tgv_column c,
                        enum tgv_window_statistic k)
{
  for (size_t i = 0; i < w->columns; i++)
    if (w->column[i] == c) return w->point[point].column[i][k];
  fail_msg("the window has no such column");
  return 0;
}

static void test_axes(void **state)
{
  struct tgv_project    *p = plain(NULL);
  struct tgv_window_axis a;
  (void)state;

  check_ok(tgv_window_axis_read("wet_etching.time=1..100 min:3log", p, 0, &a));
  assert_int_equal(a.n, 3);
  assert_true(a.varies && a.logarithmic);
  check_close(a.value[1], 10, 1e-12);
  check_close(a.value[2], 100, 0);
  check_close(a.here, 40, 1e-12); /* the default of params.def */
  check_ok(tgv_window_axis_read("core.thickness=0.3 mm..0.6 mm", p, 0, &a));
  assert_int_equal(a.n, 25);
  assert_false(a.varies);
  check_close(a.value[24], 0.6, 0);
  check_ok(tgv_window_axis_read("via.aspect_ratio=3..20:18", p, 0, &a));
  assert_int_equal(a.kind, TGV_WINDOW_ASPECT_RATIO);
  check_close(a.here, 500.0 / 42, 1e-12);
  tgv_project_free(p);
}

static void test_wrong_axes(void **state)
{
  static const char *const wrong[][2] = {{"wet_etching.time", "a range is expected"},
                                         {"wet_etching.time=10 min", "a range is expected"},
                                         {"wet_etching.time=10..20:5", "unit"},
                                         {"wet_etching.time=10..2000 h:5", "above the largest value 1000 h"},
                                         {"wet_etching.time=20..10 min:5", "not below"},
                                         {"wet_etching.time=10..20 min:1", "2 to 201"},
                                         {"wet_etching.time=10..20 min:x", "number of values"},
                                         {"wet_etching.time=0..20 min:5log", "above 0"},
                                         {"wet_etching.time=10 s..20 min:5", "one unit"},
                                         {"wet_etching.model=1..2:5", "is no number"},
                                         {"wet_etching.tim=1..2 min:5", "did you mean"},
                                         {"via.aspect_ratio=0..20:5", "0.1 to 100"},
                                         {"via.length=0..20 um:5", "via.diameter"},
                                         {"via.diameter=10..20:5", "unit"}};
  struct tgv_project      *p = plain(NULL);
  struct tgv_window_axis   a;
  (void)state;

  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_int_equal(tgv_window_axis_read(wrong[i][0], p, 0, &a), TGV_INPUT);
    if (!strstr(tgv_error_message(), wrong[i][1]))
      fail_msg("%s: \"%s\" lacks \"%s\"", wrong[i][0], tgv_error_message(), wrong[i][1]);
  }
  tgv_project_free(p);
}

/* D_top = 2 [r0 + v_b t sqrt((S - 1) / (S + 1))], the closed form of one cone (physics page of wet_etching) */
static void test_closed_form(void **state)
{
  struct tgv_project     *p = plain(SETTINGS("project.variation", "none"));
  struct tgv_window_plan *plan =
      plan_of(p, 16, SETTINGS("wet_etching.time=30..60 min:4", "wet_etching.bulk_rate=0.4..0.6 um/min:3"));
  struct tgv_window w;
  (void)state;

  check_ok(tgv_window_compute(plan, &w));
  assert_int_equal(w.count, 12);
  assert_int_equal(w.flows, 3); /* one line serves all; two test it */
  for (size_t i = 0; i < w.count; i++) {
    double t = plan->axis[0].value[i % 4], v = plan->axis[1].value[i / 4], S = 10 / v;
    double top = 1e-6 * 2 * (2 + v * t * sqrt((S - 1) / (S + 1)));

    check_close(statistic(&w, i, TGV_C_D_top, TGV_WINDOW_NOMINAL), top, 1e-6);
    check_close(statistic(&w, i, TGV_C_D_top, TGV_WINDOW_Q95), top, 1e-6);
    assert_true(w.point[i].fail.low >= 0 && w.point[i].fail.high < 1 && w.point[i].fail.value == 0);
  }
  tgv_window_release(&w);
  free(plan);
  tgv_project_free(p);
}

/* the geometry that is asked for comes out; the blank by the closed form: the core and v_b t from both faces */
static void test_geometry(void **state)
{
  struct tgv_project *p =
      plain(SETTINGS("project.variation", "none", "via_groups.signal.D_top_min", "21 um"));
  struct tgv_window_plan *plan =
      plan_of(p, 16, SETTINGS("via.aspect_ratio=3..20:4", "via.diameter=20..110 um:4"));
  struct tgv_window w;
  (void)state;

  check_ok(tgv_window_compute(plan, &w));
  for (size_t i = 0; i < w.count; i++) {
    double                    ratio = plan->axis[0].value[i % 4], D = 1e-6 * plan->axis[1].value[i / 4];
    struct tgv_window_places *m = tgv_window_places_new();
    struct tgv_project       *at;

    check_close(statistic(&w, i, TGV_C_D_top, TGV_WINDOW_NOMINAL), D, 2e-5);
    check_close(statistic(&w, i, TGV_C_thickness, TGV_WINDOW_NOMINAL), ratio * D, 2e-5);
    check_ok(tgv_window_project(plan, (const size_t[]){i % 4, i / 4, 0}, m, &at));
    check_close(tgv_real(at, TGV_P_glass_blank_thickness),
                ratio * D +
                    2 * tgv_real(at, TGV_P_wet_etching_time) * tgv_real(at, TGV_P_wet_etching_bulk_rate),
                2e-5);
    check_close(tgv_real_at(at, TGV_P_via_groups_D_top_min, 0), D / 2, 1e-9);
    tgv_project_free(at);
    tgv_window_places_free(m);
  }
  tgv_window_release(&w);
  free(plan);
  tgv_project_free(p);
}

static const char *const spread[] = {"variation.laser_drilling.track_radius.nugget",
                                     "0.2 um",
                                     "variation.wet_etching.bulk_rate.lot",
                                     "2 %",
                                     "variation.wet_etching.bulk_rate.field",
                                     "1 %",
                                     "variation.wet_etching.bulk_rate.nugget",
                                     "1 %",
                                     "variation.wet_etching.bulk_rate.tail",
                                     "5",
                                     "variation.wet_etching.time.trend_x",
                                     "3 min",
                                     NULL};

/* The inputs between two draws are those of a draw made there. */
static void test_draw_is_linear(void **state)
{
  struct tgv_project     *p = plain(spread);
  struct tgv_window_plan *plan = plan_of(p, 200, SETTINGS("wet_etching.bulk_rate=0.2..0.8 um/min:4"));
  struct tgv_window_draw  between, own;
  struct tgv_place_maps   none = {0};
  double                  low[TGV_INPUT_MAX], high[TGV_INPUT_MAX], at[TGV_INPUT_MAX];
  struct tgv_block       *a = tgv_block_new(), *b = tgv_block_new();
  const int               rate = tgv_input_of(TGV_P_wet_etching_bulk_rate);
  double                  least = 1, most = 0;
  (void)state;

  for (int k = 0; k < tgv_input_count(); k++) low[k] = high[k] = at[k] = tgv_nominal(p, k);
  low[rate] *= 0.4, high[rate] *= 1.6, at[rate] *= 1.3;
  check_ok(tgv_window_draw_make(plan, p, low, high, &between));
  check_ok(tgv_window_draw_make(plan, p, at, at, &own));
  a->n = b->n = 200;
  tgv_window_draw_fill(&between, &none, at, 0, a);
  tgv_window_draw_fill(&own, &none, at, 0, b);
  for (int k = 0; k < tgv_input_count(); k++)
    for (size_t i = 0; i < 200; i++) check_near(a->input[k][i], b->input[k][i], 2e-6, 1e-12);
  for (size_t i = 0; i < 200; i++) {
    least = fmin(least, (double)b->input[rate][i] / at[rate]);
    most = fmax(most, (double)b->input[rate][i] / at[rate]);
  }
  assert_true(least < 0.97 && most > 1.03); /* it does vary */
  tgv_window_draw_release(&between);
  tgv_window_draw_release(&own);
  tgv_block_free(a);
  tgv_block_free(b);
  free(plan);
  tgv_project_free(p);
}

/* D_top is 2 r0 and a constant, so a Gaussian r0 of deviation s fails a limit m above its mean with Q(m / 2 s). */
static void test_gaussian_limit(void **state)
{
  struct tgv_project     *p = plain(SETTINGS("variation.laser_drilling.track_radius.nugget", "0.2 um",
                                             "via_groups.signal.D_top_max", "42.45 um"));
  struct tgv_window_plan *plan = plan_of(p, 4096, SETTINGS("laser_drilling.track_radius=1.6..2.4 um:5"));
  struct tgv_window       w;
  const double            S = 20, middle = 2 * (2 + 0.5 * 40 * sqrt((S - 1) / (S + 1)));
  (void)state;

  check_ok(tgv_window_compute(plan, &w));
  for (size_t i = 0; i < w.count; i++) {
    double mean = middle + 2 * (plan->axis[0].value[i] - 2);
    double p_fail = 0.5 * erfc((42.45 - mean) / 0.4 / sqrt(2)), sigma = sqrt(p_fail * (1 - p_fail) / 4096);

    check_near(w.point[i].fail.value, p_fail, 0, 4 * sigma + 1.0 / 4096);
    check_close(w.point[i].cause[TGV_CAUSE_top_large], w.point[i].fail.value, 0);
    assert_true(w.point[i].fail.low <= w.point[i].fail.value &&
                w.point[i].fail.value <= w.point[i].fail.high);
    /* quantiles of the normal: 1.6449 deviations to either side */
    check_near(statistic(&w, i, TGV_C_D_top, TGV_WINDOW_Q95), 1e-6 * (mean + 1.6449 * 0.4), 0, 3e-8);
    check_near(statistic(&w, i, TGV_C_D_top, TGV_WINDOW_MEDIAN), 1e-6 * mean, 0, 3e-8);
  }
  assert_true(w.checked[TGV_CAUSE_top_large] && !w.checked[TGV_CAUSE_top_small]);
  tgv_window_release(&w);
  free(plan);
  tgv_project_free(p);
}

/* a key of the variation makes new draws */
static void test_varied_spread(void **state)
{
  struct tgv_project     *p = plain(spread);
  struct tgv_window_plan *plan =
      plan_of(p, 2048, SETTINGS("variation.laser_drilling.track_radius.nugget=0.1..0.4 um:2"));
  struct tgv_window w;
  double            width[2];
  (void)state;

  check_ok(tgv_window_compute(plan, &w));
  for (size_t i = 0; i < 2; i++)
    width[i] =
        statistic(&w, i, TGV_C_r_track, TGV_WINDOW_Q95) - statistic(&w, i, TGV_C_r_track, TGV_WINDOW_Q05);
  check_close(width[0], 2 * 1.6449 * 0.1e-6, 0.1);
  check_close(width[1] / width[0], 4, 1e-4);
  tgv_window_release(&w);
  free(plan);
  tgv_project_free(p);
}

/* Slow plating from a bath without additive is conformal: 0.2204 um/min per A/dm2 by Faraday's law, over the faces and the wall: the via
   adds 2.0 % to the area of its cell (the same case as in tests/cases/copper_plating.case). */
static void test_plating(void **state)
{
  struct tgv_project     *p = plain(SETTINGS("project.variation", "none", "glass_blank.thickness", "220 um",
                                             "laser_drilling.track_radius", "40 um", "wet_etching.time", "20 min",
                                             "wet_etching.bulk_rate", "0.5 um/min", "via_groups.signal.pitch_x",
                                             "1 mm", "copper_plating.model", "fitted", "copper_plating.additive",
                                             "0 mol/L", "copper_plating.current_density", "0.05 A/dm2"));
  struct tgv_window_plan *plan = plan_of(p, 16, SETTINGS("copper_plating.time=60..100 min:3"));
  struct tgv_window       w;
  (void)state;

  plan->plated = 2;
  check_ok(tgv_window_compute(plan, &w));
  assert_true(w.fills && w.voids);
  assert_int_equal(w.plated, 2);
  for (size_t i = 0; i < w.count; i++) {
    const double want = 1e-6 * 0.2204 * 0.05 * plan->axis[0].value[i] / 1.020;

    check_close(statistic(&w, i, TGV_C_overburden, TGV_WINDOW_NOMINAL), want, 0.03);
    check_near(w.point[i].voids.value, 0, 0, 0);
    assert_true(w.point[i].voids.high > 0.5); /* two vias say little */
    assert_true(w.point[i].nominal_regime >= 0 && w.point[i].nominal_regime != 3);
  }
  tgv_window_release(&w);
  free(plan);
  tgv_project_free(p);
}

static void test_conflicts(void **state)
{
  struct tgv_project *p = plain(NULL);
  struct tgv_window   w;
  const char *const   wrong[][2] = {{"via.diameter=30..40 um:2", "wet_etching.time=30..40 min:2"},
                                    {"via.aspect_ratio=3..4:2", "core.thickness=0.3..0.4 mm:2"},
                                    {"wet_etching.time=3..4 min:2", "wet_etching.time=30..40 min:2"},
                                    {"via.diameter=3..40 um:2", "via.aspect_ratio=3..4:2"}};
  (void)state;

  for (size_t i = 0; i < 4; i++) {
    struct tgv_window_plan *plan = plan_of(p, 16, SETTINGS(wrong[i][0], wrong[i][1]));

    assert_int_equal(tgv_window_compute(plan, &w), TGV_INPUT);
    assert_true(w.point == NULL);
    free(plan);
  }
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_axes),           cmocka_unit_test(test_wrong_axes),
      cmocka_unit_test(test_closed_form),    cmocka_unit_test(test_geometry),
      cmocka_unit_test(test_draw_is_linear), cmocka_unit_test(test_gaussian_limit),
      cmocka_unit_test(test_varied_spread),  cmocka_unit_test(test_conflicts),
      cmocka_unit_test(test_plating),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
