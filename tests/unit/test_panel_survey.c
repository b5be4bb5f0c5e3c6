#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/parallel.h"
#include "core/text.h"
#include "model/run.h"
#include "registry.h"

/* A small panel whose spread is so wide that hundreds of vias fail, for several causes, and spare lanes matter. */
static const char text[] =
    "project: {name: survey, seed: 7, panels: 2}\n"
    "package: {width: 20 mm, height: 20 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm, ttv: 30 um}\n"
    "panel: {width: 100 mm, height: 70 mm, edge_exclusion: 2 mm, street: 1 mm}\n"
    "glass_blank: {thickness: 540 um}\n"
    "via_groups:\n"
    "  - {name: lanes, function: signal, width: 18 mm, height: 8 mm, y: 5 mm, pitch_x: 300 um, diameter: 42 "
    "um,\n"
    "     D_top_min: 39 um, D_top_max: 45 um, position_max: 4 um, lane_vias: 2, lanes: 12, lanes_needed: "
    "10}\n"
    "  - {name: ground, function: ground, pattern: hexagonal, width: 18 mm, height: 8 mm, y: -5 mm, pitch_x: "
    "400 um,\n"
    "     diameter: 42 um, D_waist_min: 15 um, fail_fraction_max: 1 %}\n"
    "variation:\n"
    "  - {input: wet_etching.bulk_rate, panel: 1 %, field: 1.5 %, field_length: 30 mm, nugget: 1 %}\n"
    "  - {input: wet_etching.track_rate, radial: 5 %, nugget: 2 %, tail: 4}\n"
    "  - {input: laser_drilling.offset_x, scan: 0.5 um, nugget: 1 um}\n"
    "  - {input: laser_drilling.offset_y, scan: 0.5 um, nugget: 1 um}\n"
    "defects:\n"
    "  - {name: dirt, kind: cluster, density: 500 1/m2, members: 5, spread: 1 mm, radius: 400 um}\n";

static struct tgv_project *project;

static int start(void **state)
{
  char data[4096];

  (void)state;
  snprintf(data, sizeof data, "%s/data", getenv("TGV_SOURCE_ROOT"));
  setenv("TGV_DATA", data, 1);
  tgv_progress_silence(true);
  if (tgv_project_parse(text, sizeof text - 1, "survey", ".", &project)) {
    fprintf(stderr, "%s\n", tgv_error_message());
    return 1;
  }
  return 0;
}

static int stop(void **state)
{
  (void)state;
  tgv_project_free(project);
  tgv_units_stop();
  return 0;
}

static struct tgv_run *run_survey(size_t tile, int threads)
{
  struct tgv_run_options options = {.tile = tile, .quiet = true};
  struct tgv_run        *run;

  tgv_parallel_set_threads(threads);
  check_ok(tgv_run_open(project, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "panel_survey"));
  return run;
}

static double value(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s = {.value = (double)NAN};

  if (!tgv_run_find(run, name, &s)) fail_msg("there is no result \"%s\"", name);
  return s.value;
}

static void tiles_and_threads_do_not_matter(void **state)
{
  static const struct {
    size_t tile;
    int    threads;
  } ways[] = {{1, 1}, {3, 2}, {1000, 3}};
  char *first = NULL;

  (void)state;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    struct tgv_run *run = run_survey(ways[i].tile, ways[i].threads);
    char           *json = cJSON_PrintUnformatted(tgv_run_result(run, "panel_survey")->json);

    if (first) assert_string_equal(first, json);
    if (first)
      cJSON_free(json);
    else
      first = json;
    tgv_run_close(run);
  }
  cJSON_free(first);
}

/* Sums over all vias, each made alone. */
struct sums {
  double n, failed, closed, D_top, D_top_squares, least_waist;
};

static void add_via(const struct tgv_block *b, struct sums *s)
{
  double D = (double)b->column[TGV_C_D_top][0];

  s->n++;
  s->failed += (b->flags[0] & TGV_FLAG_CAUSES) != 0;
  s->closed += b->flags[0] >> TGV_CAUSE_closed & 1;
  s->D_top += D;
  s->D_top_squares += D * D;
  s->least_waist = fmin(s->least_waist, (double)b->column[TGV_C_D_waist][0]);
}

static void survey_equals_vias_one_by_one(void **state)
{
  struct tgv_run   *run = run_survey(0, 2);
  struct tgv_block *b = tgv_block_new();
  struct sums       s = {.least_waist = INFINITY};

  (void)state;
  for (uint32_t panel = 1; panel <= 2; panel++) {
    check_ok(tgv_flow_panel(run->flow, 1, panel));
    for (size_t u = 0; u < run->panel.unit_count; u++)
      for (uint64_t v = 0; v < run->package.via_count; v++) {
        tgv_flow_vias(run->flow, u, v, 1, b);
        add_via(b, &s);
      }
  }
  assert_true(s.failed > 100); /* the test would say nothing if nothing failed */
  assert_true(value(run, "vias_failed") == s.failed);
  check_close(value(run, "via_fail_fraction"), s.failed / s.n, 1e-12);
  check_near(value(run, "via_fail_fraction.closed"), s.closed / s.n, 1e-12, 0);
  check_close(value(run, "D_top.mean"), s.D_top / s.n, 1e-10);
  check_close(value(run, "D_top.std"), sqrt((s.D_top_squares - s.D_top * s.D_top / s.n) / (s.n - 1)), 1e-5);
  check_close(value(run, "D_waist.min"), s.least_waist, 1e-12);
  tgv_block_free(b);
  tgv_run_close(run);
}

/* Whether unit u passes, worked out from its vias alone: bundles of 12 lanes of 2 vias of which 10 are needed; at most one per
   cent of the ground vias; thickness within 30 um. */
static int unit_is_good(const struct tgv_run *run, size_t u, struct tgv_block *b)
{
  double thin = INFINITY, thick = 0, bad_ground = 0;
  int    good = 1, bad_lanes = 0, bad = 0;

  for (uint64_t v = 0; v < run->package.via_count; v++) {
    const struct tgv_via_group *lanes = &run->package.group[0];

    tgv_flow_vias(run->flow, u, v, 1, b);
    thin = fmin(thin, (double)b->column[TGV_C_thickness][0]);
    thick = fmax(thick, (double)b->column[TGV_C_thickness][0]);
    bad |= (b->flags[0] & TGV_FLAG_CAUSES) != 0;
    if (v >= lanes->count) {
      bad_ground += bad;
      bad = 0;
      continue;
    }
    if (v % 24 == 0) bad_lanes = 0;
    if (v % 2 == 1 || v + 1 == lanes->count) {
      bad_lanes += bad;
      bad = 0;
    }
    if (bad_lanes > 2) good = 0;
  }
  if (bad_ground > 0.01 * (double)run->package.group[1].count) good = 0;
  return good && !(thick - thin > 30 * 1.0e-6); /* tolerance of the project */
}

static void units_pass_by_their_rules(void **state)
{
  struct tgv_run   *run = run_survey(0, 2);
  struct tgv_block *b = tgv_block_new();
  double            good = 0, units = 0;

  (void)state;
  for (uint32_t panel = 1; panel <= 2; panel++) {
    check_ok(tgv_flow_panel(run->flow, 1, panel));
    for (size_t u = 0; u < run->panel.unit_count; u++, units++) good += unit_is_good(run, u, b);
  }
  assert_true(good > 0 && good < units);
  assert_true(value(run, "units_passed") == good);
  tgv_block_free(b);
  tgv_run_close(run);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tiles_and_threads_do_not_matter),
      cmocka_unit_test(survey_equals_vias_one_by_one),
      cmocka_unit_test(units_pass_by_their_rules),
  };

  return cmocka_run_group_tests_name("panel_survey", tests, start, stop);
}
