/* The current map as a stage: results, and what the vias of the panel see of it. */
#include "check.h"

#include "line.h"
#include "model/run.h"

#define PLATED                                                                                               \
  "copper_plating.model", "current", "panel.width", "300 mm", "panel.height", "200 mm",                      \
      "copper_plating.anode_distance", "0 mm", "copper_plating.polarisation", "linear",                      \
      "copper_plating.current_sharing", "face"

static int input(void)
{
  return tgv_input_of(TGV_P_copper_plating_current_density);
}

/* the mean over the panel is what was asked for, less what a thief takes more than its share */
static double mean_of(const struct tgv_place_map *m)
{
  double sum = 0;
  size_t n = (size_t)m->departure.nx * (size_t)m->departure.ny;

  for (size_t i = 0; i < n; i++) sum += (double)m->departure.value[i];
  return sum / (double)n;
}

static void the_map_is_made_once_plating_is_asked(void **state)
{
  (void)state;
  struct line line;

  line_open(&line, NULL);
  assert_int_equal(line.flow->maps.count, 0);
  line_close(&line);
  line_open(&line, LINE(PLATED));
  assert_int_equal(line.flow->maps.count, 1);
  assert_int_equal(line.flow->maps.map[0].input, input());
  check_near(mean_of(&line.flow->maps.map[0]), 0, 0, 1e-6);
  line_close(&line);
  line_open(&line, LINE(PLATED, "copper_plating.thief_width", "20 mm"));
  assert_true(mean_of(&line.flow->maps.map[0]) < -0.01);
  line_close(&line);
}

/* One contact along the left edge, linear polarisation: i / mean = L cosh((W / 2 - x) / l) / sinh(L), L = W / l. All vias see it. */
static void vias_follow_the_map(void **state)
{
  (void)state;
  for (int uniform = 0; uniform < 2; uniform++) {
    struct line       line;
    struct tgv_block *b = tgv_block_new();
    const double      resistance =
        8.314462618 * 298 / (2 * 96485.33212 * 40); /* of the charge transfer, 1 / (2 f i0) */
    const double l = sqrt(5e7 * 1e-6 * resistance), L = 0.3 / l;

    line_open(&line, LINE(PLATED, "copper_plating.contacts", "left", "copper_plating.current_map",
                          uniform ? "uniform" : "seed_film"));
    check_ok(tgv_flow_panel(line.flow, 1, 1));
    for (size_t u = 0; u < line.panel.unit_count; u++) {
      tgv_flow_vias(line.flow, u, 0, 1, b);
      check_close((double)b->input[input()][0],
                  100 * (uniform ? 1 : L * cosh((0.15 - b->x[0]) / l) / sinh(L)), 5e-3);
    }
    assert_true(line.panel.unit_count > 4);
    tgv_block_free(b);
    line_close(&line);
  }
}

/* a round panel: no hole in the map, and the mean over its cells is what was asked for */
static void a_round_panel_has_no_holes(void **state)
{
  (void)state;
  struct line                 line;
  const struct tgv_place_map *m;
  double                      sum = 0, cells = 0;

  line_open(&line, LINE(PLATED, "panel.shape", "round"));
  m = &line.flow->maps.map[0];
  for (int j = 0; j < m->departure.ny; j++)
    for (int i = 0; i < m->departure.nx; i++) {
      const double x = (i + 0.5) * (0.3 / m->departure.nx) - 0.15,
                   y = (j + 0.5) * (0.3 / m->departure.ny) - 0.15;
      const double value = (double)m->departure.value[j * m->departure.nx + i];

      assert_true(isfinite(value));
      if (hypot(x, y) > 0.15) continue;
      sum += value, cells++;
    }
  check_near(sum / cells, 0, 0, 1e-7);
  assert_true((double)tgv_field_grid_at(&m->departure, 0, 0) <
              (double)tgv_field_grid_at(&m->departure, 0.149, 0) - 0.1);
  line_close(&line);
}

static double value_of(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s;

  assert_true(tgv_run_find(run, name, &s));
  return s.value;
}

/* more current: a charge transfer that follows it less, a map that is less even */
static void results_follow_the_current(void **state)
{
  (void)state;
  double ratio[2], thief[2];

  for (int k = 0; k < 2; k++) {
    const char *const *keys =
        LINE("copper_plating.model", "current", "copper_plating.current_density", k ? "4 A/dm2" : "1 A/dm2",
             "copper_plating.anode_distance", "0 mm", "copper_plating.thief_width", "10 mm",
             "copper_plating.current_sharing", "face");
    struct tgv_run_options options = {.quiet = true};
    struct tgv_project    *p;
    struct tgv_run        *run;

    check_ok(tgv_project_plain(&p));
    for (; keys[0]; keys += 2) check_ok(tgv_project_set(p, keys[0], keys[1]));
    check_ok(tgv_run_open(p, tgv_stages, &options, &run));
    check_ok(tgv_run_all(run, "plating_current"));
    ratio[k] = value_of(run, "current_ratio"), thief[k] = value_of(run, "thief_share");
    assert_true(value_of(run, "current_ratio.start") == ratio[k]); /* the film does not grow */
    assert_int_equal(
        cJSON_GetArraySize(cJSON_GetObjectItem(tgv_run_result(run, "plating_current")->json, "maps")), 1);
    tgv_run_close(run);
    tgv_project_free(p);
  }
  assert_true(ratio[1] > 1.2 * ratio[0] && thief[1] > thief[0]);
}

/* a covered face polarises more: nearly even; one that takes no current at all is refused */
static void covered_faces_are_even(void **state)
{
  (void)state;
  double largest[2];

  for (int covered = 0; covered < 2; covered++) {
    struct line line;

    line_open(&line, LINE("copper_plating.model", "current", "copper_plating.anode_distance", "0 mm",
                          "copper_plating.current_sharing", "face", "copper_plating.i0_covered", "0.1 A/m2",
                          "copper_plating.polarisation", covered ? "covered" : "butler_volmer",
                          "copper_plating.current_density", "0.03 A/dm2"));
    largest[covered] = 0;
    for (int k = 0; k < line.flow->maps.map[0].departure.nx; k++)
      largest[covered] = fmax(largest[covered], fabs((double)line.flow->maps.map[0].departure.value[k]));
    line_close(&line);
  }
  assert_true(largest[0] > 0.3 && largest[1] < 0.1 * largest[0]);
  struct tgv_project *p;
  struct tgv_panel    panel;
  struct tgv_package  package;
  struct tgv_flow    *flow;

  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "copper_plating.model", "current"));
  check_ok(tgv_project_set(p, "copper_plating.polarisation", "covered"));
  check_ok(tgv_project_set(p, "copper_plating.current_sharing", "face"));
  check_ok(tgv_panel_build(p, &panel));
  check_ok(tgv_package_build(p, &package));
  assert_int_equal(tgv_flow_open(p, &package, &panel, tgv_stages, &flow), TGV_INPUT);
  tgv_package_release(&package), tgv_panel_release(&panel);
  tgv_project_free(p);
}

/* Vias that share the current: their mean is what is asked for; a face that takes nothing leaves it to them. */
static void the_mean_is_over_the_vias(void **state)
{
  (void)state;
  for (int covered = 0; covered < 2; covered++) {
    struct line       line;
    struct tgv_block *b = tgv_block_new();
    double            sum = 0, vias = 0, high = 0, low = INFINITY;

    line_open(&line, LINE("copper_plating.model", "current", "copper_plating.contacts", "left", "panel.width",
                          "300 mm", "panel.height", "200 mm", "copper_plating.polarisation",
                          covered ? "covered" : "butler_volmer"));
    check_ok(tgv_flow_panel(line.flow, 1, 1));
    for (size_t u = 0; u < line.panel.unit_count; u++)
      for (uint64_t first = 0; first < line.package.group[0].count; first += TGV_BLOCK) {
        const uint64_t left = line.package.group[0].count - first;

        tgv_flow_vias(line.flow, u, first, left < TGV_BLOCK ? (size_t)left : TGV_BLOCK, b);
        for (size_t i = 0; i < b->n; i++) {
          const double x = (double)b->input[input()][i];

          sum += x, vias++, high = fmax(high, x), low = fmin(low, x);
        }
      }
    print_message("# mean %.3f, %.3f to %.3f over %.0f vias\n", sum / vias, low, high, vias);
    check_close(sum / vias, 100, 0.01); /* the map is interpolated between its cells */
    assert_true(high > 1.05 * low);
    tgv_block_free(b);
    line_close(&line);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_map_is_made_once_plating_is_asked),
      cmocka_unit_test(vias_follow_the_map),
      cmocka_unit_test(a_round_panel_has_no_holes),
      cmocka_unit_test(results_follow_the_current),
      cmocka_unit_test(covered_faces_are_even),
      cmocka_unit_test(the_mean_is_over_the_vias),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
