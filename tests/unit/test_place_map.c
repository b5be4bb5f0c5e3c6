/* Place maps: what a step does to its own input over the panel is part of the variation, wherever that is asked. */
#include "check.h"

#include <string.h>

#include "core/parallel.h"
#include "line.h"
#include "model/run.h"

enum { NODES = 3 };

/* corners and middles of a 500 mm panel: 0 in the middle, +- 10 % at the right and left edge, 4 % more along y */
static void make_map(struct tgv_place_map *m, enum tgv_param p)
{
  double value[NODES * NODES];

  for (int j = 0; j < NODES; j++)
    for (int i = 0; i < NODES; i++) value[j * NODES + i] = 0.1 * (i - 1) + 0.02 * j;
  m->input = tgv_input_of(p);
  check_ok(
      tgv_field_grid_init(&m->departure, NODES, NODES, (double[]){-0.25, -0.25}, (double[]){0.25, 0.25}));
  tgv_field_grid_set(&m->departure, value);
}

static double map_at(double x, double y)
{
  return 0.1 * (x / 0.25) + 0.02 * (y / 0.25 + 1);
}

static const char *const spreads[] = {"panel.width",
                                      "500 mm",
                                      "panel.height",
                                      "500 mm",
                                      "variation[0].input",
                                      "wet_etching.time",
                                      "variation[0].nugget",
                                      "1 min",
                                      "variation[0].field",
                                      "2 min",
                                      "variation[0].trend_x",
                                      "3 min",
                                      NULL};

static void joins_the_mean_and_the_realisation(void **state)
{
  (void)state;
  struct line             line;
  struct tgv_place_map    map[2];
  struct tgv_place_maps   maps = {2, map};
  struct tgv_variation   *with, *without;
  struct tgv_realisation *a, *b;
  const int time = tgv_input_of(TGV_P_wet_etching_time), rate = tgv_input_of(TGV_P_wet_etching_bulk_rate);

  line_open(&line, spreads);
  make_map(&map[0], TGV_P_wet_etching_bulk_rate); /* an input without any spread of its own */
  make_map(&map[1], TGV_P_wet_etching_time);
  check_ok(tgv_variation_new(line.project, &line.panel, &maps, &with));
  check_ok(tgv_variation_new(line.project, &line.panel, NULL, &without));
  assert_int_equal(tgv_variation_count(without), 1);
  assert_int_equal(tgv_variation_count(with), 2);
  check_ok(tgv_realisation_new(with, 1, 2, 3, &a));
  check_ok(tgv_realisation_new(without, 1, 2, 3, &b));
  for (double x = -0.24; x < 0.25; x += 0.07)
    for (double y = -0.24; y < 0.25; y += 0.07) {
      const double t = tgv_real(line.project, TGV_P_wet_etching_time),
                   r = tgv_real(line.project, TGV_P_wet_etching_bulk_rate);

      check_close(tgv_variation_mean_at(with, rate, x, y), r * (1 + map_at(x, y)), 1e-7);
      check_close(tgv_realisation_at(a, rate, x, y), r * (1 + map_at(x, y)), 1e-7);
      check_close(tgv_variation_mean_at(with, time, x, y),
                  tgv_variation_mean_at(without, time, x, y) + t * map_at(x, y), 1e-7);
      check_close(tgv_realisation_at(a, time, x, y), tgv_realisation_at(b, time, x, y) + t * map_at(x, y),
                  1e-7);
    }
  tgv_realisation_free(a), tgv_realisation_free(b);
  tgv_variation_free(with), tgv_variation_free(without);
  tgv_field_grid_release(&map[0].departure), tgv_field_grid_release(&map[1].departure);
  line_close(&line);
}

static void set_places(struct tgv_block *b, size_t first, size_t n)
{
  b->n = n;
  b->id = first;
  for (size_t i = 0; i < n; i++) {
    b->x[i] = -0.2 + 0.0007 * (double)(first + i);
    b->y[i] = 0.01;
  }
}

static void blocks_hold_it_bit_by_bit(void **state)
{
  (void)state;
  struct line             line;
  struct tgv_place_map    map;
  struct tgv_place_maps   maps = {1, &map};
  struct tgv_variation   *v;
  struct tgv_realisation *r;
  struct tgv_block       *whole = tgv_block_new(), *part = tgv_block_new();
  const int               rate = tgv_input_of(TGV_P_wet_etching_bulk_rate);

  line_open(&line, spreads);
  make_map(&map, TGV_P_wet_etching_bulk_rate);
  check_ok(tgv_variation_new(line.project, &line.panel, &maps, &v));
  check_ok(tgv_realisation_new(v, 1, 1, 1, &r));
  set_places(whole, 0, TGV_BLOCK);
  tgv_realisation_fill(r, whole);
  for (size_t first = 0; first < TGV_BLOCK; first += 100) {
    const size_t n = first + 100 < TGV_BLOCK ? 100 : TGV_BLOCK - first;

    set_places(part, first, n);
    tgv_realisation_fill(r, part);
    for (int k = 0; k < tgv_input_count(); k++)
      assert_memory_equal(part->input[k], whole->input[k] + first, n * sizeof(float));
  }
  for (size_t i = 0; i < TGV_BLOCK; i++)
    check_close(whole->input[rate][i], tgv_realisation_at(r, rate, whole->x[i], whole->y[i]), 3e-7);
  tgv_block_free(whole), tgv_block_free(part);
  tgv_realisation_free(r);
  tgv_variation_free(v);
  tgv_field_grid_release(&map.departure);
  line_close(&line);
}

static void stays_without_variation_and_vanishes_when_flat(void **state)
{
  (void)state;
  struct line           line;
  struct tgv_place_map  map;
  struct tgv_place_maps maps = {1, &map};
  struct tgv_variation *v;
  const int             rate = tgv_input_of(TGV_P_wet_etching_bulk_rate);

  line_open(&line, LINE("project.variation", "none", "variation[0].input", "wet_etching.bulk_rate",
                        "variation[0].radial", "5 %"));
  make_map(&map, TGV_P_wet_etching_bulk_rate);
  check_ok(tgv_variation_new(line.project, &line.panel, &maps, &v));
  check_close(tgv_variation_mean_at(v, rate, 0.2, 0.1),
              tgv_real(line.project, TGV_P_wet_etching_bulk_rate) * (1 + map_at(0.2, 0.1)), 1e-7);
  check_close(tgv_variation_spread(v, 0)->map, 0.14 * tgv_real(line.project, TGV_P_wet_etching_bulk_rate),
              1e-6);
  tgv_variation_free(v);
  memset(map.departure.value, 0, NODES * NODES * sizeof(float));
  check_ok(tgv_variation_new(line.project, &line.panel, &maps, &v));
  assert_int_equal(tgv_variation_count(v), 0);
  tgv_variation_free(v);
  tgv_field_grid_release(&map.departure);
  line_close(&line);
}

/* ---- a stage that makes one */

static tgv_status make_stage_map(const struct tgv_flow *flow, struct tgv_field_grid *departure)
{
  struct tgv_place_map m;

  assert_true(flow->panel->width > 0);
  make_map(&m, TGV_P_wet_etching_time);
  *departure = m.departure;
  return TGV_OK;
}

static const struct tgv_stage mapper = {.name = "mapper",
                                        .title = "makes a map",
                                        .kind = TGV_STAGE_PANEL,
                                        .chosen_by = TGV_P_wet_etching_sides,
                                        .chosen_word = "!top",
                                        .mapped = TGV_P_wet_etching_time,
                                        .map = make_stage_map};

static void flows_ask_the_chosen_stages(void **state)
{
  (void)state;
  for (int top = 0; top < 2; top++) {
    struct tgv_project     *p;
    struct tgv_package      package;
    struct tgv_panel        panel;
    struct tgv_flow        *flow;
    struct tgv_block       *b = tgv_block_new();
    const struct tgv_stage *stages[64] = {NULL};
    size_t                  n = 0;

    for (; tgv_stages[n]; n++) stages[n] = tgv_stages[n];
    stages[n] = &mapper;
    check_ok(tgv_project_plain(&p));
    check_ok(tgv_project_set(p, "wet_etching.sides", top ? "top" : "both"));
    check_ok(tgv_panel_build(p, &panel));
    check_ok(tgv_package_build(p, &package));
    check_ok(tgv_flow_open(p, &package, &panel, stages, &flow));
    assert_int_equal(flow->maps.count, !top);
    check_ok(tgv_flow_panel(flow, 1, 1));
    tgv_flow_vias(flow, 0, 0, 4, b);
    for (size_t i = 0; i < 4; i++)
      check_close(b->input[tgv_input_of(TGV_P_wet_etching_time)][i],
                  tgv_real(p, TGV_P_wet_etching_time) * (1 + (top ? 0 : map_at(b->x[i], b->y[i]))), 1e-6);
    tgv_flow_close(flow);
    tgv_package_release(&package), tgv_panel_release(&panel);
    tgv_project_free(p);
    tgv_block_free(b);
  }
}

/* ---- the yield: a map that is a radial term gives what the radial term gives */

enum { FINE = 65 };

static tgv_status make_bowl(const struct tgv_flow *flow, struct tgv_field_grid *departure)
{
  const double w = flow->panel->width, h = flow->panel->height;
  double       value[FINE * FINE];

  for (int j = 0; j < FINE; j++)
    for (int i = 0; i < FINE; i++) {
      const double u = 2.0 * i / (FINE - 1) - 1, v = 2.0 * j / (FINE - 1) - 1;

      value[j * FINE + i] = -3e-6 / 690e-6 * 0.5 * (u * u + v * v);
    }
  check_ok(tgv_field_grid_init(departure, FINE, FINE, (double[]){-0.5 * w, -0.5 * h},
                               (double[]){w / (FINE - 1), h / (FINE - 1)}));
  tgv_field_grid_set(departure, value);
  return TGV_OK;
}

static void nothing(const void *state, struct tgv_block *b)
{
  (void)state, (void)b;
}

static const struct tgv_stage bowl = {.name = "bowl",
                                      .title = "makes a bowl",
                                      .kind = TGV_STAGE_VIAS,
                                      .chosen_by = TGV_P_END,
                                      .vias = nothing,
                                      .mapped = TGV_P_glass_blank_thickness,
                                      .map = make_bowl};

static void yield_with(const char *radial, const struct tgv_stage *extra, double out[3])
{
  static const char *const names[] = {"unit_yield", "via_fail_probability", "thickness.mean"};
  const struct tgv_stage  *stages[80] = {NULL};
  struct tgv_run_options   options = {.quiet = true};
  struct tgv_project      *p;
  struct tgv_run          *run;
  size_t                   n = 0;
  const char *const       *keys =
      LINE("core.thickness", "600 um", "core.thickness_tolerance", "4 um", "glass_blank.thickness", "690 um",
           "wet_etching.time", "90 min", "wet_etching.track_rate", "10 um/min", "wet_etching.bulk_rate",
           "0.5 um/min", "via_groups[0].pitch_x", "2 mm", "yield.panels", "60", "yield.samples", "2000",
           "variation[0].input", "glass_blank.thickness", "variation[0].nugget", "0.6 um",
           "variation[0].radial", radial);

  tgv_progress_silence(true);
  for (; tgv_stages[n]; n++) stages[n] = tgv_stages[n];
  if (extra) stages[n] = extra;
  check_ok(tgv_project_plain(&p));
  for (; keys[0]; keys += 2) check_ok(tgv_project_set(p, keys[0], keys[1]));
  check_ok(tgv_run_open(p, stages, &options, &run));
  check_ok(tgv_run_all(run, "yield"));
  check_ok(tgv_run_all(run, "panel_survey"));
  for (int k = 0; k < 3; k++) {
    struct tgv_scalar s;

    assert_true(tgv_run_find(run, names[k], &s));
    out[k] = s.value;
  }
  tgv_run_close(run);
  tgv_project_free(p);
}

static void yield_and_survey_follow_a_map(void **state)
{
  (void)state;
  double flat[3], radial[3], mapped[3];

  yield_with("0 um", NULL, flat);
  yield_with("-3 um", NULL, radial);
  yield_with("0 um", &bowl, mapped);
  print_message("# unit yield flat %.5f, radial term %.5f, as a map %.5f\n", flat[0], radial[0], mapped[0]);
  assert_true(flat[0] > 0.99 && radial[0] < 0.98);
  check_close(1 - mapped[0], 1 - radial[0], 0.02);
  check_close(mapped[1], radial[1], 0.02);
  check_close(mapped[2], radial[2], 1e-6);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(joins_the_mean_and_the_realisation),
      cmocka_unit_test(blocks_hold_it_bit_by_bit),
      cmocka_unit_test(stays_without_variation_and_vanishes_when_flat),
      cmocka_unit_test(flows_ask_the_chosen_stages),
      cmocka_unit_test(yield_and_survey_follow_a_map),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
