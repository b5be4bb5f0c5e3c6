/* The stages via_stress and glass_cracking: vias through tables against each via on its own, scaling, a flaw that grows over the history, what is
   refused. Numbers of closed forms: tests/cases and the tests of the solvers. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/via_stress_table.h"
#include "line.h"
#include "model/run.h"
#include "solver/crack_growth.h"

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const basis[] = {"via_stress.model",
                                    "layered_cylinder",
                                    "core.glass",
                                    "EAGLE XG",
                                    "via_stress.glass_K_IC",
                                    "0.75 MPa m^0.5",
                                    "via_stress.stress_free",
                                    "100 degC",
                                    "thermal_history[0].name",
                                    "reflow",
                                    "thermal_history[0].high",
                                    "260 degC",
                                    "thermal_history[0].count",
                                    "3",
                                    "thermal_history[1].name",
                                    "test",
                                    "thermal_history[1].cycle",
                                    "JESD22-A104 G",
                                    "thermal_history[1].ramp",
                                    "15 K/min",
                                    "thermal_history[1].dwell_high",
                                    "15 min",
                                    "thermal_history[1].dwell_low",
                                    "15 min",
                                    "thermal_history[1].count",
                                    "1000",
                                    NULL};

static struct tgv_project *project_with(const char *const *keys)
{
  struct tgv_project *p;

  check_ok(tgv_project_plain(&p));
  for (const char *const *k = basis; k[0]; k += 2) check_ok(tgv_project_set(p, k[0], k[1]));
  for (; keys && keys[0]; keys += 2) check_ok(tgv_project_set(p, keys[0], keys[1]));
  return p;
}

/* ---- the history */

static void history_is_what_the_project_says(void **state)
{
  struct tgv_project *p = project_with(NULL);
  struct tgv_via_load l;

  (void)state;
  check_ok(tgv_via_load_read(p, &l));
  assert_int_equal(l.legs, 2);
  check_close(l.leg[1].high, 398.15, 1e-12);
  check_close(l.leg[1].low, 233.15, 1e-12);
  check_close(l.leg[1].ramp, 0.25, 1e-12);
  /* start; two cycles of reflow without dwell; two of the test with four points each */
  assert_int_equal(l.history.n, 1 + 4 + 8);
  check_close(l.history.point[1].time, 160 * 6, 1e-12); /* 160 K at 10 K/min */
  check_close(l.history.point[5].time - l.history.point[4].time, 100 * 4, 1e-9);
  check_close(l.history.point[6].time - l.history.point[5].time, 900, 1e-9);
  check_close(l.history.point[12].temperature, 233.15, 1e-12);
  /* the copper of the library expands by its table: 16.4 at 25, 16.7 at 50, 17.3 ppm/K at 125 degC, held beyond */
  check_close(tgv_temperature_integral(&l.copper.cte, 298.15, 423.15),
              25 * 16.55e-6 + 75 * 17e-6 + 25 * 17.3e-6, 1e-9);
  tgv_via_load_release(&l);
  tgv_project_free(p);
}

/* ---- vias through tables */

static void vias_of(struct tgv_project *p, const struct tgv_package *k, struct tgv_block *b)
{
  const struct tgv_stage *stage = tgv_stage_find("via_stress");
  const struct tgv_flow   flow = {.project = p, .package = k};
  void                   *state = calloc(1, stage->state_size);

  check_ok(stage->begin(&flow, state));
  b->via_group = &k->group[0];
  b->stage = stage;
  stage->vias(state, b);
  b->stage = NULL;
  free(state);
}

/* every via of a block is what its own history gives */
static void tables_against_single_vias(void **state)
{
  static const char *const cells[][9] = {
      {"via_stress.constraint", "relative", NULL},
      {"via_stress.constraint", "generalised", NULL},
      {"via_stress.constraint", "relative", "via_stress.liner", "1 um", NULL},
      {"via_stress.constraint", "generalised", "via_stress.liner", "1 um", "via_stress.lining", "6 um", NULL},
      {"via_stress.constraint", "generalised", "via_stress.copper_law", "bilinear_isotropic", NULL}};
  struct tgv_block *b = tgv_block_new();

  (void)state;
  for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
    struct tgv_project *p = project_with(cells[c]);
    struct tgv_package  k;
    struct tgv_via_load l;
    const double        close = c == 4 ? 5e-3 : 1e-4; /* copper begins to yield within the table: a kink */
    double              most = 0;

    check_ok(tgv_package_build(p, &k));
    check_ok(tgv_via_load_read(p, &l));
    k.group[0].pitch = 100e-6;
    b->n = 60;
    for (size_t i = 0; i < b->n; i++) {
      b->column[TGV_C_D_top][i] = (float)(24e-6 + 1e-6 * (double)i);
      b->column[TGV_C_D_bottom][i] = b->column[TGV_C_D_top][i] * (i % 2 ? 0.9f : 1.0f);
      b->flags[i] = 0;
    }
    vias_of(p, &k, b);
    for (size_t i = 0; i < b->n; i++) {
      struct tgv_via_place place = {.diameter = (double)b->column[TGV_C_D_top][i]};
      struct tgv_via_worst w;
      double               interface, margin;

      check_ok(tgv_via_cell(l.constraint, 100e-6, false, &place.cell));
      check_ok(tgv_via_worst(&l, &place, &w));
      interface = 0;
      for (int j = 0; j < TGV_INTERFACE_CRACKS; j++) interface = fmax(interface, w.G[j]);
      margin = fmin(5 / interface, tgv_via_toughness(&l, TGV_CRACK_RADIAL) /
                                       fmax(w.G[TGV_CRACK_AROUND], w.G[TGV_CRACK_RADIAL]));
      check_near(b->column[TGV_C_stress_glass_hoop][i], fmax(w.hoop, 0), close, 1e3);
      check_near(b->column[TGV_C_stress_wall][i], fmax(w.wall, 0), close, 1e3);
      check_close(b->column[TGV_C_G_interface][i], interface, 2 * close);
      check_close(b->column[TGV_C_G_radial][i], w.G[TGV_CRACK_RADIAL], 2 * close);
      check_close(b->column[TGV_C_G_around][i], w.G[TGV_CRACK_AROUND], 2 * close);
      check_close(b->column[TGV_C_crack_margin][i], margin, 2 * close);
      assert_int_equal(b->flags[i], 0);
      most = fmax(most, w.hoop);
    }
    assert_true(most > 10e6);
    tgv_via_load_release(&l);
    tgv_package_release(&k);
    tgv_project_free(p);
  }
  tgv_block_free(b);
}

/* twice the via in twice the pitch: the same stress, twice the energies and the protrusion */
static void vias_scale(void **state)
{
  struct tgv_project *p = project_with(KEYS("via_stress.constraint", "generalised"));
  struct tgv_block   *a = tgv_block_new(), *b = tgv_block_new();
  struct tgv_package  k;

  (void)state;
  check_ok(tgv_package_build(p, &k));
  for (int scaled = 0; scaled < 2; scaled++) {
    struct tgv_block *x = scaled ? b : a;

    k.group[0].pitch = scaled ? 200e-6 : 100e-6;
    x->n = 40;
    for (size_t i = 0; i < x->n; i++)
      x->column[TGV_C_D_top][i] = x->column[TGV_C_D_bottom][i] =
          (float)((scaled ? 2 : 1) * (20e-6 + 1e-6 * (double)i));
    vias_of(p, &k, x);
  }
  for (size_t i = 0; i < a->n; i++) {
    check_close(b->column[TGV_C_stress_glass_hoop][i], a->column[TGV_C_stress_glass_hoop][i], 1e-6);
    check_close(b->column[TGV_C_G_interface][i], 2 * a->column[TGV_C_G_interface][i], 1e-6);
    check_close(b->column[TGV_C_G_radial][i], 2 * a->column[TGV_C_G_radial][i], 1e-6);
    check_close(b->column[TGV_C_protrusion][i], 2 * a->column[TGV_C_protrusion][i], 1e-6);
    assert_true(a->column[TGV_C_protrusion][i] > 0);
  }
  /* a via that fills its cell lies outside of the table */
  a->n = 1, a->column[TGV_C_D_top][0] = a->column[TGV_C_D_bottom][0] = 220e-6f, a->flags[0] = 0;
  vias_of(p, &k, a);
  assert_true(a->flags[0] & TGV_FLAG_MODEL_RANGE);
  tgv_block_free(a), tgv_block_free(b);
  tgv_package_release(&k);
  tgv_project_free(p);
}

/* ---- the stage of the panel */

static struct tgv_run *run_with(const char *const *keys, struct tgv_project **p)
{
  static const struct tgv_stage *stages[2];
  const struct tgv_run_options   options = {.quiet = true};
  struct tgv_run                *run;

  stages[0] = tgv_stage_find("glass_cracking");
  *p = project_with(keys);
  check_ok(tgv_run_open(*p, stages, &options, &run));
  check_ok(tgv_run_all(run, NULL));
  return run;
}

static double value(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s = {.value = NAN};

  if (!tgv_run_find(run, name, &s)) fail_msg("there is no %s", name);
  return s.value;
}

/* hoop stress of the wall along the history by hand: linear in the mismatch with a constant CTE; the flaw grows by the rate equation */
static void flaw_grows_over_the_history(void **state)
{
  static const char *const   keys[] = {"via_stress.copper_cte",
                                       "17 ppm/K",
                                       "via_stress.flaw",
                                       "0.8 um",
                                       "via_stress.crack_exponent",
                                       "20",
                                       "via_stress.crack_speed",
                                       "2 mm/s",
                                       "via_groups[0].name",
                                       "g",
                                       NULL};
  const struct tgv_crack_law law = {0.75e6, 20, 2e-3};
  struct tgv_project        *p;
  struct tgv_run            *run = run_with(keys, &p);
  const double               per_kelvin = -(17e-6 - 3.17e-6) / (1.23 / 73.6e9 + 1.34 * 0.32 / 110e9) * 1.34;

  (void)state;
  check_close(value(run, "via_glass_hoop.g_hot"), -160 * per_kelvin, 1e-9);
  check_close(value(run, "via_glass_hoop.g_cold"), (100 + 40) * per_kelvin, 1e-9);
  /* the test: tension above 100 degC only. A ramp of 25 K up at 0.25 K/s, 900 s, a ramp down */
  const double                    top = -25 * per_kelvin;
  const double                    time[4] = {0, 100, 1000, 1100}, stress[4] = {0, top, top, 0};
  const struct tgv_stress_history h = {4, time, stress};

  check_close(value(run, "flaw_cycles.g_test"), tgv_crack_repeats(&law, sqrt(0.5), 0.8e-6, &h), 1e-6);
  /* reflow: the first from 100 degC, two from 25 degC: tension from 100 to 260 degC and back, at 10 K/min */
  const double                    hot = -160 * per_kelvin, t3[3] = {0, 960, 1920}, s3[3] = {0, hot, 0};
  const struct tgv_stress_history reflow = {3, t3, s3};
  double                          depth = tgv_crack_after(&law, sqrt(0.5), 0.8e-6, &reflow, 3);

  depth = tgv_crack_after(&law, sqrt(0.5), depth, &h, 1000);
  assert_true(depth > 0.8e-6 * (1 + 1e-9) && isfinite(depth));
  check_close(value(run, "flaw_grown.g"), depth, 1e-9);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* with a liner the critical diameter is searched for: a via of that diameter has a margin of 1 */
static void critical_diameter_of_a_lined_via(void **state)
{
  struct tgv_project *p, *q;
  struct tgv_run     *run = run_with(KEYS("via_stress.liner", "1 um", "via_groups[0].name", "g"), &p), *again;
  char                text[40];

  (void)state;
  /* interfaces are held by 5 J/m2 (film_adhesion.toughness_wall), the glass by (1 - 0.23^2) (0.75 MPa m^0.5)^2 / 73.6 GPa */
  check_close(value(run, "crack_margin_least.g_liner_sliding") * value(run, "crack_energy.g_liner_sliding"),
              5, 1e-12);
  check_close(value(run, "crack_margin_least.g_sliding") * value(run, "crack_energy.g_sliding"), 5, 1e-12);
  check_close(value(run, "crack_margin_least.g_around") * value(run, "crack_energy.g_around"), 7.238366,
              1e-6);
  (void)snprintf(text, sizeof text, "%.10g um", value(run, "crack_diameter.g_radial") * 1e6);
  again = run_with(
      KEYS("via_stress.liner", "1 um", "via_groups[0].name", "g", "via_groups[0].diameter", text), &q);
  check_close(value(again, "crack_margin_least.g_radial"), 1, 1e-8);
  tgv_run_close(run), tgv_run_close(again);
  tgv_project_free(p), tgv_project_free(q);
}

static void refuses(const char *const *keys, const char *message)
{
  struct tgv_project *p = project_with(keys);
  struct tgv_via_load l;
  tgv_status_code     s = tgv_via_load_read(p, &l);

  if (s == TGV_OK) fail_msg("accepted; expected: %s", message);
  assert_int_equal(s, TGV_INPUT);
  if (!strstr(tgv_error_message(), message)) fail_msg("%s\nexpected: %s", tgv_error_message(), message);
  tgv_via_load_release(&l);
  tgv_project_free(p);
}

static void what_is_not_known_is_refused(void **state)
{
  (void)state;
  refuses(KEYS("via_stress.glass_K_IC", "0 MPa m^0.5"), "fracture toughness of the glass \"EAGLE XG\"");
  refuses(KEYS("via_stress.metal", "TSV copper"), "metal \"TSV copper\"");
  refuses(KEYS("thermal_history[1].cycle", "JESD22-A104 Z"),
          "there is no temperature cycle \"JESD22-A104 Z\"");
  refuses(KEYS("thermal_history[0].low", "300 degC"), "its high temperature");
  refuses(KEYS("via_stress.copper_law", "bilinear_kinematic", "via_stress.liner", "1 um"),
          "solid vias without liner");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(history_is_what_the_project_says),
                                     cmocka_unit_test(tables_against_single_vias),
                                     cmocka_unit_test(vias_scale),
                                     cmocka_unit_test(flaw_grows_over_the_history),
                                     cmocka_unit_test(critical_diameter_of_a_lined_via),
                                     cmocka_unit_test(what_is_not_known_is_refused)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
