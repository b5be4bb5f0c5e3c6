/* The stages of planarization on a whole line: density where the vias are, margins through the clearing, maps. */
#include "check.h"

#include "line.h"
#include "model/run.h"

static const double um = 1e-6;

#define RECIPE                                                                                               \
  "planarization.model", "density_step_height", "planarization.overburden", "5 um",                          \
      "planarization.removal_rate", "1 um/min", "planarization.dishing_exponent", "0",                       \
      "via_groups[0].diameter", "60 um", "via_groups[0].pitch_x", "150 um", "via_groups[0].margin", "2 mm"

/* copper left is a margin: it falls with the rate without a jump, through the clearing too, where the cause ends */
static void copper_left_goes_through_zero(void **state)
{
  (void)state;
  struct line line;
  double      before = 2.3 * um;
  const int   rate = tgv_input_of(TGV_P_planarization_removal_rate);

  line_open(&line, LINE(RECIPE, "planarization.dimple", "2 um", "planarization.over_polish", "10 %"));
  for (double factor = 0.7; factor < 1.3; factor += 0.005) {
    struct tgv_block *b = line_nominal(&line, 1);
    double            left;

    b->input[rate][0] *= (float)factor;
    tgv_flow_physics(line.flow, b);
    left = (double)b->column[TGV_C_copper_left][0];
    assert_true(left < before && before - left < (factor > 0.7001 ? 0.06 * um : 2 * um));
    assert_int_equal((b->flags[0] >> TGV_CAUSE_uncleared) & 1, left > 0);
    assert_int_equal((double)b->column[TGV_C_erosion][0] > 0, left < 0);
    before = left;
  }
  assert_true(before < -0.5 * um);
  line_close(&line);
}

/* more vias around: more pressure on the glass between them, more erosion; 1 / (1 - rho_m) of an endless array, less at its corner */
static void dense_places_erode_more(void **state)
{
  (void)state;
  struct line       line;
  const double      rho = M_PI / 4 * 0.16; /* (60 / 150)^2 */
  struct tgv_block *b;
  double            middle, corner;

  line_open(&line, LINE(RECIPE, "package.width", "60 mm", "package.height", "60 mm", "via_groups[0].margin",
                        "8 mm"));
  b = line_one(&line, line.panel.unit_x[0], line.panel.unit_y[0]);
  middle = (double)b->column[TGV_C_erosion][0];
  b = line_one(&line, line.panel.unit_x[0] + 22e-3, line.panel.unit_y[0] + 22e-3);
  corner = (double)b->column[TGV_C_erosion][0];
  check_close(middle, 0.02 * um / (1 - rho),
              2e-3); /* the last minute of 6 at 1 um/min over the selectivity of 50 */
  check_close(corner, 0.02 * um / (1 - rho / 4), 5e-3);
  line_close(&line);
}

/* an overburden that a plating stage writes is taken from there */
static void write_copper(const void *state, struct tgv_block *b)
{
  (void)state;
  float *overburden = tgv_block_write(b, TGV_C_overburden), *dimple = tgv_block_write(b, TGV_C_dimple);

  for (size_t i = 0; i < b->n; i++) overburden[i] = 4e-6f, dimple[i] = 0;
}

static const struct tgv_stage plater = {.name = "plater",
                                        .title = "leaves 4 um",
                                        .kind = TGV_STAGE_VIAS,
                                        .writes = TGV_COLUMNS(TGV_C_overburden, TGV_C_dimple),
                                        .chosen_by = TGV_P_END,
                                        .vias = write_copper};

static void plated_copper_is_taken(void **state)
{
  (void)state;
  struct line             line;
  struct tgv_flow        *flow;
  struct tgv_block       *b;
  const struct tgv_stage *stages[80] = {&plater};
  size_t                  n = 0;

  line_open(&line, LINE(RECIPE));
  for (; tgv_stages[n]; n++) stages[n + 1] = tgv_stages[n];
  check_ok(tgv_flow_open(line.project, &line.package, &line.panel, stages, &flow));
  b = line_nominal(&line, 1);
  tgv_flow_physics(flow, b);
  check_close((double)b->column[TGV_C_copper_left][0], -2 * um, 1e-5); /* 6 min, cleared after 4 */
  tgv_flow_close(flow);
  line_close(&line);
}

/* the maps of a rate that is 10 % less at the left edge and more at the right one */
static void maps_follow_the_rate(void **state)
{
  (void)state;
  struct tgv_project    *p;
  struct tgv_run        *run;
  struct tgv_run_options options = {.quiet = true};
  struct tgv_scalar      s;
  const char *const     *keys =
      LINE(RECIPE, "variation[0].input", "planarization.removal_rate", "variation[0].trend_x", "20 %",
           "panel.edge_exclusion", "0 mm", "planarization.dishing_deepest", "0 um");
  double left;

  check_ok(tgv_project_plain(&p));
  for (; keys[0]; keys += 2) check_ok(tgv_project_set(p, keys[0], keys[1]));
  check_ok(tgv_run_open(p, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "planarity"));
  assert_true(tgv_run_find(run, "polish_time", &s));
  check_close(s.value, 360, 1e-12);
  assert_true(tgv_run_find(run, "copper_left.map_max", &s));
  left = s.value; /* 5 um - 6 min * 0.8 um/min at the very edge */
  assert_true(left > 0.1 * um && left <= 0.2 * um);
  assert_true(tgv_run_find(run, "planarity", &s));
  assert_true(s.value > left &&
              s.value < left + 0.08 * um); /* and the erosion on the other side, about 0.05 um */
  assert_non_null(cJSON_GetObjectItem(tgv_run_result(run, "planarity")->json, "maps"));
  assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(tgv_run_result(run, "planarity")->json, "maps")),
                   4);
  tgv_run_close(run);
  tgv_project_free(p);
}

static void nothing_runs_unasked(void **state)
{
  (void)state;
  struct line line;

  line_open(&line, NULL);
  for (size_t s = 0; s < line.flow->stage_count; s++)
    assert_string_not_equal(line.flow->stage[s]->name, "planarization");
  line_close(&line);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(copper_left_goes_through_zero), cmocka_unit_test(dense_places_erode_more),
      cmocka_unit_test(plated_copper_is_taken),        cmocka_unit_test(maps_follow_the_rate),
      cmocka_unit_test(nothing_runs_unasked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
