#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/parallel.h"
#include "core/text.h"
#include "factory/yield_results.h"
#include "model/run.h"
#include "model/tally.h"
#include "registry.h"

/* A project from a common part and what a test adds; runs the stage yield. */
static const char common[] = "project: {name: test, seed: 7}\n"
                             "core: {glass: EAGLE XG, thickness: 600 um, thickness_tolerance: 4 um}\n"
                             "wet_etching: {time: 90 min, track_rate: 10 um/min, bulk_rate: 0.5 um/min}\n"
                             "glass_blank: {thickness: 690 um}\n";

static struct tgv_project *project_of(const char *more)
{
  struct tgv_text     t = {0};
  struct tgv_project *p;

  tgv_text_add(&t, "%s%s", common, more);
  check_ok(tgv_project_parse(t.data, t.size, "test.yaml", ".", &p));
  tgv_text_release(&t);
  return p;
}

static struct tgv_run *run_of(struct tgv_project *p)
{
  const struct tgv_run_options o = {.quiet = true};
  struct tgv_run              *run;

  tgv_progress_silence(true);
  check_ok(tgv_run_open(p, tgv_stages, &o, &run));
  check_ok(tgv_run_all(run, "yield"));
  return run;
}

static struct tgv_scalar scalar(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s;

  if (!tgv_run_find(run, name, &s)) fail_msg("there is no %s", name);
  return s;
}

/* ---- exact answers */

/* Reference 1.4: standard deviations 0.6 um of a part that a unit has in common and 0.6 um of the nugget, limits +-4 um, 20 000 vias of
   which none may fail: p = 2.42846747e-6, unit yield 0.9882825597, with independent vias 0.9525912191. */
static void correlated_unit(void **state)
{
  struct tgv_project *p =
      project_of("package: {width: 100 mm, height: 50 mm}\n"
                 "panel: {width: 210 mm, height: 110 mm, edge_exclusion: 0 mm, street: 0.2 mm}\n"
                 "via_groups:\n"
                 "  - {name: signal, function: signal, pitch_x: 0.5 mm, width: 99.5 mm, height: 49.5 mm, "
                 "diameter: 90 um}\n"
                 "variation:\n"
                 "  - {input: glass_blank.thickness, panel: 0.6 um, nugget: 0.6 um}\n"
                 "yield: {panels: 1500}\n");
  struct tgv_run   *run = run_of(p);
  struct tgv_scalar y = scalar(run, "unit_yield"), ind = scalar(run, "unit_yield_independent");
  struct tgv_scalar via = scalar(run, "via_fail_probability");

  (void)state;
  assert_int_equal(run->package.via_count, 20000);
  print_message("# unit yield %.6f (%.6f .. %.6f), exact .988283; independent %.5f, exact .95259; p %.5g, "
                "exact 2.42847e-6\n",
                y.value, y.low, y.high, ind.value, via.value);
  check_close(1 - y.value, 1 - .9882825597, 0.05);
  assert_true(y.low < .9882825597 && .9882825597 < y.high);
  assert_true(y.high - y.low < 0.2 * (1 - .9882825597));
  check_close(via.value, 2.42846747e-6, 0.01);
  check_close(1 - ind.value, 1 - .9525912191, 0.01);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* Reference 1.4: d0 with a bowl of -2 um at the corner, sigma 0.7 um, limits +-4 um, uniform over 515 x 510 mm: mean p 2.7276591e-5. One
   via each mm, which is the midpoint rule. */
static void radial_trend(void **state)
{
  struct tgv_project *p = project_of(
      "package: {width: 515 mm, height: 510 mm}\n"
      "panel: {width: 515 mm, height: 510 mm, edge_exclusion: 0 mm, street: 0 mm, rotation: 0}\n"
      "via_groups:\n"
      "  - {name: all, function: ground, pitch_x: 1 mm, width: 514 mm, height: 509 mm, diameter: 90 um}\n"
      "variation:\n"
      "  - {input: glass_blank.thickness, radial: -2 um, nugget: 0.7 um}\n"
      "yield: {panels: 64, site: 5 mm}\n");
  struct tgv_run   *run = run_of(p);
  struct tgv_scalar via = scalar(run, "via_fail_probability"), events = scalar(run, "fatal_events");

  (void)state;
  assert_int_equal(run->package.via_count, 515 * 510);
  print_message("# p %.5g (%.5g .. %.5g), by the ensemble %.5g, exact 2.72766e-5\n", via.value, via.low,
                via.high, events.value / (515.0 * 510));
  assert_true(via.low < 2.7276591e-5 && 2.7276591e-5 < via.high && via.high < 1.5 * via.low);
  check_close(events.value / (515.0 * 510), 2.7276591e-5, 0.02);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* Own reasoning: exp(2.228 x 0.5 / 0.6) = 6.4 times the value, more than any probability. */
static void probabilities_end_at_one(void **state)
{
  const struct tgv_estimate wide = {.mean = 0.6, .error = 0.5, .freedom = 10}, narrow = {0.01, 0.001, 10};
  struct tgv_interval       i = tgv_interval_probability(wide, 0.95), l = tgv_interval_log(wide, 0.95);

  (void)state;
  check_close(l.high, 0.6 * exp(2.2281389 * 0.5 / 0.6), 1e-6);
  assert_true(i.value == l.value && i.low == l.low && i.high == 1);
  i = tgv_interval_probability(narrow, 0.95), l = tgv_interval_log(narrow, 0.95);
  assert_true(i.low == l.low && i.high == l.high);
}

static const char small[] = "package: {width: 20 mm, height: 20 mm}\n"
                            "panel: {width: 50 mm, height: 50 mm, edge_exclusion: 0 mm, street: 1 mm}\n"
                            "via_groups:\n"
                            "  - {name: single, function: signal, pitch_x: 0.8 mm, width: 8 mm, height: 18 "
                            "mm, x: -5 mm, diameter: 90 um, position_max: 6 um}\n"
                            "  - {name: lanes, function: signal, pitch_x: 0.5 mm, width: 8 mm, height: 8 mm, "
                            "x: 5 mm, y: 5 mm, diameter: 90 um,\n"
                            "     position_max: 4.2 um, lane_vias: 2, lanes: 10, lanes_needed: 8}\n"
                            "  - {name: ground, function: ground, pitch_x: 0.5 mm, width: 8 mm, height: 8 "
                            "mm, x: 5 mm, y: -5 mm, diameter: 90 um,\n"
                            "     position_max: 3.4 um, fail_fraction_max: 3 %}\n";

/* Independent vias: the two answers are one. */
static void independent_is_a_special_case(void **state)
{
  struct tgv_text     t = {0};
  struct tgv_project *p;
  struct tgv_run     *run;

  (void)state;
  tgv_text_add(
      &t,
      "%svariation:\n  - {input: laser_drilling.offset_x, lot: 0.5 um, field: 0.5 um, nugget: 1.2 um}\n"
      "yield: {panels: 4}\n",
      small);
  p = project_of(t.data);
  check_ok(tgv_project_set(p, "project.variation", "independent"));
  run = run_of(p);
  check_close(1 - scalar(run, "unit_yield").value, 1 - scalar(run, "unit_yield_independent").value, 0.02);
  assert_true(scalar(run, "unit_yield").value < 0.999);
  tgv_run_close(run);
  tgv_project_free(p);
  tgv_text_release(&t);
}

static void without_variation(void **state)
{
  struct tgv_project *p = project_of(small);
  struct tgv_run     *run;

  (void)state;
  check_ok(tgv_project_set(p, "project.variation", "none"));
  run = run_of(p);
  assert_true(scalar(run, "unit_yield").value == 1 && scalar(run, "panel_yield").value == 1);
  assert_true(scalar(run, "via_fail_probability").value == 0);
  tgv_run_close(run);
  check_ok(tgv_project_set(p, "via_groups.single.D_top_min", "500 um")); /* no via reaches that */
  run = run_of(p);
  assert_true(scalar(run, "unit_yield").value < 1e-12 && scalar(run, "unit_loss.top_small").value > 0.49);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* ---- counting via by via */

/* Good units of one panel, all stages run on every via; the units are judged as the survey of a panel does. */
static int count_panel(const struct tgv_run *run, const struct tgv_tally_plan *plan, uint32_t lot,
                       int *failed)
{
  struct tgv_tally *t = tgv_tally_new(plan);
  struct tgv_block *b = tgv_block_new();
  int               good = 0;

  check_ok(tgv_flow_panel(run->flow, lot, 1));
  for (size_t u = 0; u < run->panel.unit_count; u++)
    for (size_t g = 0; g < run->package.group_count; g++)
      for (uint64_t i = 0; i < run->package.group[g].count; i += TGV_BLOCK) {
        const uint64_t left = run->package.group[g].count - i;

        tgv_flow_vias(run->flow, u, run->package.group[g].first + i,
                      left < TGV_BLOCK ? (size_t)left : TGV_BLOCK, b);
        tgv_tally_block(t, b);
      }
  for (size_t u = 0; u < run->panel.unit_count; u++) {
    size_t reason;

    good += tgv_tally_unit_passes(t, u, &reason);
  }
  for (size_t g = 0; g < run->package.group_count; g++) *failed += (int)t->failed[g];
  tgv_tally_free(t);
  tgv_block_free(b);
  return good;
}

/* Everything at once: position errors with lot, scan, field and heavy-tailed nugget terms, groups of all rules, defects that kill and that
   degrade. The mean over 600 lots, counted, against the stage. */
static void counted_via_by_via(void **state)
{
  enum { LOTS = 600 };
  struct tgv_text       t = {0};
  struct tgv_project   *p;
  struct tgv_run       *run;
  struct tgv_tally_plan plan;
  double                sum = 0, square = 0;
  int                   failed = 0;

  (void)state;
  tgv_text_add(
      &t,
      "%s"
      "variation:\n"
      "  - {input: laser_drilling.offset_x, lot: 0.7 um, scan: 0.4 um, field: 0.5 um, field_length: 30 mm, "
      "nugget: 0.9 um,\n"
      "     tail: 8}\n"
      "  - {input: laser_drilling.offset_y, panel: 0.5 um, trend_x: 0.6 um, nugget: 1 um}\n"
      "  - {input: wet_etching.bulk_rate, lot: 1 %%, field: 1 %%, field_length: 40 mm}\n"
      "  - {input: glass_blank.thickness, nugget: 0.3 um}\n"
      "laser_drilling: {scan_field_x: 20 mm, scan_field_y: 20 mm}\n"
      "defects:\n"
      "  - {name: dust, kind: cluster, density: 100 1/m2, members: 6, spread: 2 mm, radius: 0.2 mm}\n"
      "  - {name: haze, kind: uniform, density: 500 1/m2, radius: 0.4 mm, effect: degrade, dose_factor: "
      "0.4}\n"
      "yield: {panels: 400, site: 2 mm}\n",
      small);
  p = project_of(t.data);
  check_ok(tgv_project_set(p, "core.thickness_tolerance", "3.5 um"));
  check_ok(tgv_project_set(p, "via_groups.single.D_waist_min", "40 um"));
  run = run_of(p);
  tgv_tally_plan_init(&plan, &run->package, &run->panel, 0.01);
  for (int c = 0; c < TGV_TALLY_COLUMNS; c++)
    plan.low[c] = 0, plan.step[c] = 1e-6; /* no unit: any bins will do */
  for (uint32_t lot = 0; lot < LOTS; lot++) {
    double good = count_panel(run, &plan, lot + 1, &failed) / (double)run->panel.unit_count;

    sum += good, square += good * good;
  }
  const double      mean = sum / LOTS, error = sqrt((square / LOTS - mean * mean) / (LOTS - 1));
  const double      vias = (double)LOTS * (double)run->panel.unit_count * (double)run->package.via_count;
  struct tgv_scalar y = scalar(run, "unit_yield"), v = scalar(run, "unit_yield.variation");
  struct tgv_scalar via = scalar(run, "via_fail_probability"), kill = scalar(run, "via_kill_probability");
  const double      own = (y.high - y.low) / 3.92;

  print_message("# counted %.4f +- %.4f; stage %.4f (%.4f .. %.4f), without defects %.4f; vias %.4g counted, "
                "%.4g + %.4g killed\n",
                mean, error, y.value, y.low, y.high, v.value, failed / vias, via.value, kill.value);
  assert_true(mean > 0.3 && mean < 0.95 && v.value > y.value + 0.02);
  assert_true(fabs(y.value - mean) < 4 * hypot(error, own));
  assert_true(error < 0.02 && own < 0.02);
  tgv_tally_plan_release(&plan);
  tgv_run_close(run);
  tgv_project_free(p);
  tgv_text_release(&t);
}

/* ---- results do not depend on the threads */

static void threads_do_not_matter(void **state)
{
  struct tgv_text t = {0};
  char           *text[2];

  (void)state;
  tgv_text_add(
      &t,
      "%svariation:\n  - {input: laser_drilling.offset_x, lot: 0.7 um, field: 0.5 um, nugget: 1.2 um}\n"
      "defects:\n  - {name: dust, density: 300 1/m2, members: 5, radius: 0.2 mm}\n"
      "yield: {panels: 20}\n",
      small);
  for (int i = 0; i < 2; i++) {
    struct tgv_project *p = project_of(t.data);
    struct tgv_run     *run;

    tgv_parallel_set_threads(i == 0 ? 1 : 3);
    run = run_of(p);
    text[i] = cJSON_PrintUnformatted(tgv_run_result(run, "yield")->json);
    tgv_run_close(run);
    tgv_project_free(p);
  }
  assert_string_equal(text[0], text[1]);
  free(text[0]), free(text[1]);
  tgv_text_release(&t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(correlated_unit),       cmocka_unit_test(probabilities_end_at_one),
      cmocka_unit_test(radial_trend),          cmocka_unit_test(independent_is_a_special_case),
      cmocka_unit_test(without_variation),     cmocka_unit_test(counted_via_by_via),
      cmocka_unit_test(threads_do_not_matter),
  };

  return cmocka_run_group_tests_name("yield_stage", tests, NULL, NULL);
}
