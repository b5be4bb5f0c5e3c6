/* The stages of the seed layer: on a whole line, at other scales of length, and the depletion of an electroless bath against its equation. */
#include "check.h"

#include "line.h"
#include "model/run.h"
#include "solver/step_coverage.h"

static const double um = 1e-6, nm = 1e-9;

#define ETCHED                                                                                               \
  "glass_blank.thickness", "540 um", "wet_etching.time", "40 min", "wet_etching.track_rate", "10 um/min",    \
      "wet_etching.bulk_rate", "0.5 um/min", "laser_drilling.track_radius", "4 um"

static struct tgv_via_shape shape_of(const struct tgv_block *b, bool bent)
{
  struct tgv_via_shape s =
      tgv_via_shape_cones((double)b->column[TGV_C_D_top][0], (double)b->column[TGV_C_D_waist][0],
                          (double)b->column[TGV_C_D_bottom][0], (double)b->column[TGV_C_waist_depth][0],
                          (double)b->column[TGV_C_thickness][0]);

  if (bent) s.D_upper = (double)b->column[TGV_C_D_upper][0], s.D_lower = (double)b->column[TGV_C_D_lower][0];
  return s;
}

static void sputtered_via_of_a_line(void **state)
{
  (void)state;
  struct line         line;
  struct tgv_thinnest t;

  line_open(&line, LINE(ETCHED, "seed_layer.model", "sputtered", "seed_layer.copper", "1.5 um"));
  const struct tgv_block    *b = line_one(&line, 0, 0);
  const struct tgv_via_shape s = shape_of(b, true);

  check_ok(tgv_step_coverage(&s, &(struct tgv_sputter){0.9, 1}, &t));
  check_close(b->column[TGV_C_seed_min][0], 1.5 * um * fmin(t.coverage[0], t.coverage[1]), 0.03);
  check_near(b->column[TGV_C_seed_depth][0], s.waist_depth, 0.02, 0);
  assert_int_equal(b->flags[0], 0);
  line_close(&line);
}

/* Thicker on the field: thicker everywhere. A longer etch: a wider via, a thicker film. */
static void more_copper_and_wider_vias_are_better(void **state)
{
  (void)state;
  double before = 0;

  for (int k = 0; k < 4; k++) {
    static const char *const time[] = {"34 min", "38 min", "42 min", "46 min"};
    struct line              line;

    line_open(&line, LINE(ETCHED, "seed_layer.model", "sputtered", "wet_etching.time", time[k]));
    const double now = (double)line_one(&line, 0, 0)->column[TGV_C_seed_min][0];

    assert_true(now > before);
    before = now;
    line_close(&line);
  }
}

/* all lengths by a power of two: thickness and depth too, bit by bit, flags alike */
static void lengths_scale(void **state)
{
  (void)state;
  const struct tgv_stage *stage = tgv_stage_find("seed_sputtering");
  struct tgv_block       *b[2] = {tgv_block_new(), tgv_block_new()};
  struct tgv_project     *p;
  struct tgv_flow         flow = {0};
  void                   *prepared = calloc(1, stage->state_size);

  check_ok(tgv_project_plain(&p));
  flow.project = p;
  check_ok(stage->begin(&flow, prepared));
  for (int k = 0; k < 2; k++) {
    const float factor = k ? 16 : 1;

    b[k]->n = TGV_BLOCK, b[k]->stage = stage;
    for (size_t i = 0; i < TGV_BLOCK; i++) {
      const float u = (float)i / TGV_BLOCK;

      b[k]->flags[i] = 0;
      b[k]->column[TGV_C_D_top][i] = factor * (40e-6f + 30e-6f * u);
      b[k]->column[TGV_C_D_bottom][i] = factor * (70e-6f - 20e-6f * u);
      b[k]->column[TGV_C_D_waist][i] = factor * (i % 7 ? 20e-6f + 15e-6f * u : 0);
      b[k]->column[TGV_C_thickness][i] = factor * (100e-6f + 900e-6f * u);
      b[k]->column[TGV_C_waist_depth][i] = factor * (i % 5 ? 50e-6f + 430e-6f * u : 100e-6f + 900e-6f * u);
      b[k]->input[tgv_input_of(TGV_P_seed_layer_copper)][i] = factor * 1e-6f;
    }
    stage->vias(prepared, b[k]);
  }
  int flagged = 0;

  for (size_t i = 0; i < TGV_BLOCK; i++) {
    check_close(b[1]->column[TGV_C_seed_min][i], 16 * (double)b[0]->column[TGV_C_seed_min][i], 1e-9);
    check_close(b[1]->column[TGV_C_seed_depth][i], 16 * (double)b[0]->column[TGV_C_seed_depth][i], 1e-9);
    assert_int_equal(b[0]->flags[i], b[1]->flags[i]);
    flagged += b[0]->flags[i] != 0;
  }
  assert_true(flagged > 0 && flagged < TGV_BLOCK);
  free(prepared);
  tgv_block_free(b[0]), tgv_block_free(b[1]);
  tgv_project_free(p);
}

/* Quasi-steady diffusion into a cone whose wall uses up N per area: c' D pi r2 = N times the wall between here and the waist; summed by the
   midpoint rule in 20000 steps. */
static double depletion(double D, double waist, double l, double N, double diffusivity)
{
  const int steps = 20000;
  double    sum = 0, wall = 0;

  for (int i = 0; i < steps; i++) { /* from the waist outwards */
    const double y = (i + 0.5) / steps * l, r = 0.5 * (waist + (D - waist) * y / l), dy = l / steps;

    wall += 0.5 * 2 * M_PI * r * dy;
    sum += N * wall / (diffusivity * M_PI * r * r) * dy;
    wall += 0.5 * 2 * M_PI * r * dy;
  }
  return sum;
}

static void electroless_depletion_is_that_of_diffusion(void **state)
{
  (void)state;
  struct line line;

  line_open(&line, LINE(ETCHED, "seed_layer.model", "electroless", "seed_layer.copper", "20 nm",
                        "wet_etching.bottom_ratio", "0.9"));
  const struct tgv_block *b = line_one(&line, 0, 0);
  const double            N = 20 * nm / 1200 / 7.1e-6, h = (double)b->column[TGV_C_thickness][0];
  const double z = (double)b->column[TGV_C_waist_depth][0], waist = (double)b->column[TGV_C_D_waist][0];
  const double up = depletion((double)b->column[TGV_C_D_top][0], waist, z, N, 7e-10) / 40;
  const double down = depletion((double)b->column[TGV_C_D_bottom][0], waist, h - z, N, 7e-10) / 40;

  assert_true(fabs(up - down) > 0.02 * up);
  check_close(b->column[TGV_C_seed_min][0], 20 * nm / (1 + fmax(up, down)), 1e-5);
  assert_int_equal((b->flags[0] & TGV_FLAG_MODEL_RANGE) != 0, fmax(up, down) > 0.1);
  line_close(&line);
}

/* what the report shows of the nominal via: solved for itself, beside the table */
static void nominal_vias_are_reported(void **state)
{
  (void)state;
  const struct tgv_run_options options = {.quiet = true};
  struct line                  line;
  struct tgv_run              *run;
  struct tgv_scalar least = {.value = NAN}, depth = least, margin = least, titanium = least, error = least;

  line_open(&line, LINE(ETCHED, "seed_layer.model", "sputtered", "seed_layer.copper", "1.5 um",
                        "seed_layer.titanium", "150 nm", "via_groups[0].name", "g"));
  check_ok(tgv_run_open(line.project, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "seed_layer"));
  const struct tgv_block *b = line_one(&line, 0, 0);

  assert_true(tgv_run_find(run, "seed_min.g", &least) && tgv_run_find(run, "seed_depth.g", &depth));
  assert_true(tgv_run_find(run, "seed_margin.g", &margin) &&
              tgv_run_find(run, "seed_titanium_min.g", &titanium));
  assert_true(tgv_run_find(run, "seed_table_error.rms", &error));
  check_close(least.value, b->column[TGV_C_seed_min][0], 0.03);
  check_near(depth.value, b->column[TGV_C_seed_depth][0], 0, 0.02 * 500 * um);
  check_close(margin.value, least.value / (20 * nm), 1e-12);
  check_close(titanium.value, 0.1 * least.value,
              1e-9); /* a tenth of the copper on the field, the same sticking */
  assert_true(error.value > 0 && error.value < 0.012);
  tgv_run_close(run);
  line_close(&line);
}

/* Electroless in a cylinder of 50 um, 500 um deep: c = cosh(phi (1 - 2 z / h)) / cosh(phi), phi2 = (h / 2)2 2 v / (Omega c0 D r) = 1.0478 */
static void electroless_over_the_depth(void **state)
{
  (void)state;
  const struct tgv_run_options options = {.quiet = true};
  const double                 phi = sqrt(2 * 0.5239);
  struct line                  line;
  struct tgv_run              *run;
  struct tgv_scalar            least = {.value = NAN}, depth = least;

  line_open(&line, LINE("glass_blank.thickness", "500 um", "laser_drilling.track_radius", "25 um",
                        "wet_etching.track_rate", "1000 um/min", "wet_etching.bulk_rate", "0.01 um/min",
                        "wet_etching.time", "1 min", "seed_layer.model", "electroless", "seed_layer.copper",
                        "100 nm", "seed_layer.bath_time", "40 min", "via_groups[0].name", "g"));
  check_ok(tgv_run_open(line.project, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "seed_layer"));
  assert_true(tgv_run_find(run, "seed_min.g", &least) && tgv_run_find(run, "seed_depth.g", &depth));
  check_close(least.value, 100 * nm / cosh(phi), 2e-3);
  check_near(depth.value, 250 * um, 0, 3 * um);
  /* what every via has is an estimate beyond a depletion of a tenth, and flagged */
  const struct tgv_block *b = line_one(&line, 0, 0);

  check_close(b->column[TGV_C_seed_min][0], least.value, 0.04);
  assert_true(b->flags[0] & TGV_FLAG_MODEL_RANGE);
  const cJSON *series = cJSON_GetObjectItemCaseSensitive(
      cJSON_GetObjectItemCaseSensitive(
          cJSON_GetObjectItemCaseSensitive(tgv_run_result(run, "seed_layer")->json, "data"), "profile"),
      "series");
  const cJSON *y = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(series, 0), "y");

  assert_int_equal(cJSON_GetArraySize(y), 41);
  for (int i = 0; i <= 40; i++)
    check_close(cJSON_GetArrayItem(y, i)->valuedouble, 100 * cosh(phi * (1 - i / 20.0)) / cosh(phi), 2e-3);
  tgv_run_close(run);
  line_close(&line);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sputtered_via_of_a_line),
      cmocka_unit_test(more_copper_and_wider_vias_are_better),
      cmocka_unit_test(lengths_scale),
      cmocka_unit_test(electroless_depletion_is_that_of_diffusion),
      cmocka_unit_test(nominal_vias_are_reported),
      cmocka_unit_test(electroless_over_the_depth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
