/* Temperature and age of the bath against libm; the dimensions, with the gas constant scaled too (through the energy: the
   generated test of dimensions cannot do that). */
#include "check.h"

#include "line.h"

enum { N = 200 };

static void set(struct tgv_block *b, enum tgv_param p, size_t i, double value)
{
  b->input[tgv_input_of(p)][i] = (float)value;
}

static void agrees_with_libm(void **state)
{
  (void)state;
  const double      R = 8.31446261815324; /* J/(mol K), 2019 SI */
  struct line       line;
  struct tgv_block *b;

  line_open(&line,
            LINE("wet_etching.track_activation", "62 kJ/mol", "wet_etching.bulk_activation", "35 kJ/mol",
                 "wet_etching.reference_temperature", "40 degC", "wet_etching.bath_capacity", "80 g/L"));
  b = line_nominal(&line, N);
  for (size_t i = 0; i < N; i++) {
    set(b, TGV_P_wet_etching_temperature, i, 275 + 0.8 * (double)i);
    set(b, TGV_P_wet_etching_bath_load, i, 0.3 * (double)i);
  }
  tgv_flow_physics(line.flow, b);
  for (size_t i = 0; i < N; i++) {
    double T = (double)b->input[tgv_input_of(TGV_P_wet_etching_temperature)][i];
    double left = 1 - (double)b->input[tgv_input_of(TGV_P_wet_etching_bath_load)][i] / 80;
    double a = 1 / T - 1 / 313.15;

    check_close(b->column[TGV_C_bath_track][i], left * exp(-62000 / R * a), 3e-6);
    check_close(b->column[TGV_C_bath_bulk][i], left * exp(-35000 / R * a), 3e-6);
    if (i > 0) assert_true(b->column[TGV_C_bath_track][i] != b->column[TGV_C_bath_track][i - 1]);
  }
  line_close(&line);
}

static void nothing_by_default(void **state)
{
  (void)state;
  struct line       line;
  struct tgv_block *b;

  line_open(&line, NULL);
  b = line_nominal(&line, N);
  for (size_t i = 0; i < N; i++) {
    set(b, TGV_P_wet_etching_temperature, i, 275 + (double)i);
    set(b, TGV_P_wet_etching_bath_load, i, (double)i);
  }
  tgv_flow_physics(line.flow, b);
  for (size_t i = 0; i < N; i++) {
    assert_true(b->column[TGV_C_bath_track][i] == 1.0f);
    assert_true(b->column[TGV_C_bath_bulk][i] == 1.0f);
  }
  line_close(&line);
}

/* kilogram, kelvin and metre scaled, the energies by the kelvin alone: then the gas constant stays the same number */
static void scales_with_the_units(void **state)
{
  (void)state;
  const double kg = 4, K = 2, m = 0.5;
  float        factor[2][2][N];

  for (int k = 0; k < 2; k++) {
    struct line line;

    check_ok(tgv_project_plain(&line.project));
    tgv_project_set_real(line.project, TGV_P_wet_etching_reference_temperature, 0, 300 * (k ? K : 1));
    tgv_project_set_real(line.project, TGV_P_wet_etching_track_activation, 0, 50000 * (k ? K : 1));
    tgv_project_set_real(line.project, TGV_P_wet_etching_bulk_activation, 0, 30000 * (k ? K : 1));
    tgv_project_set_real(line.project, TGV_P_wet_etching_bath_capacity, 0, 128 * (k ? kg / (m * m * m) : 1));
    check_ok(tgv_panel_build(line.project, &line.panel));
    check_ok(tgv_package_build(line.project, &line.package));
    check_ok(tgv_flow_open(line.project, &line.package, &line.panel, tgv_stages, &line.flow));
    line.block = tgv_block_new();
    struct tgv_block *b = line_nominal(&line, N);
    for (size_t i = 0; i < N; i++) {
      b->input[tgv_input_of(TGV_P_wet_etching_temperature)][i] = (280 + 0.3f * (float)i) * (k ? (float)K : 1);
      set(b, TGV_P_wet_etching_bath_load, i, 0.25 * (double)i * (k ? kg / (m * m * m) : 1));
    }
    b->stage = tgv_stage_find("etch_bath");
    for (size_t s = 0; s < line.flow->stage_count; s++)
      if (line.flow->stage[s] == b->stage) b->stage->vias(line.flow->state[s], b);
    for (size_t i = 0; i < N; i++) {
      factor[k][0][i] = b->column[TGV_C_bath_track][i];
      factor[k][1][i] = b->column[TGV_C_bath_bulk][i];
    }
    line_close(&line);
  }
  assert_memory_equal(factor[0], factor[1], sizeof factor[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agrees_with_libm),
      cmocka_unit_test(nothing_by_default),
      cmocka_unit_test(scales_with_the_units),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
