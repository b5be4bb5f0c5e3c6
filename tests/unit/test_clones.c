/* Block kernels give the same bits on every instruction set. meson.build compiles their sources once more, for the baseline
   only and under other names; they are compared with the library's, which use the best the processor has. */
#include "check.h"

#include <string.h>

#include "line.h"

#include "solver/regime_model.h"
#include "solver/response_table.h"

extern const struct tgv_stage baseline_variation, baseline_glass_blank, baseline_laser_drilling,
    baseline_etch_bath, baseline_wet_etching, baseline_eikonal_etching, baseline_ablation_etching,
    baseline_seed_sputtering;

static void check_model(const char *model)
{
  const struct tgv_stage *const baseline[] = {
      &baseline_variation,        &baseline_glass_blank,     &baseline_laser_drilling,
      &baseline_etch_bath,        &baseline_wet_etching,     &baseline_eikonal_etching,
      &baseline_ablation_etching, &baseline_seed_sputtering, NULL};
  const struct tgv_stage *const best[] = {tgv_stage_find("variation"),
                                          tgv_stage_find("glass_blank"),
                                          tgv_stage_find("laser_drilling"),
                                          tgv_stage_find("etch_bath"),
                                          tgv_stage_find("wet_etching"),
                                          tgv_stage_find("eikonal_etching"),
                                          tgv_stage_find("ablation_etching"),
                                          tgv_stage_find("seed_sputtering"),
                                          NULL};
  static const char             text[] =
      "project: {name: clones}\n"
      "package: {width: 23 mm, height: 31 mm}\n"
      "core: {glass: EAGLE XG, thickness: 0.5 mm, thickness_tolerance: 20 um}\n"
      "glass_blank: {thickness: 0.54 mm, bow: 300 um}\n"
      "ablation: {entry_diameter: 70 um, exit_diameter: 40 um, heat_affected_depth: 30 um}\n"
      "laser_drilling: {"
      "radius_exponent: 0.6, rate_exponent: 1.7}\n"
      "via_groups:\n"
      "- {name: s, function: signal, margin: 1 mm, pitch_x: 110 um, diameter: 42 um, D_top_min: 40 um, "
      "D_top_max: 44 um}\n"
      "wet_etching: {track_activation: 40 kJ/mol, bulk_activation: 55 kJ/mol, bath_capacity: 100 g/L, "
      "track_roughness: 300 nm, roughness_length: 3 um, etchant_concentration: 8 mol/L, track_rate_middle: "
      "0.9}\n"
      "seed_layer: {model: sputtered}\n"
      "variation:\n"
      "- {input: seed_layer.copper, panel: 3 %, nugget: 2 %}\n"
      "- {input: wet_etching.temperature, panel: 0.5 K, nugget: 1 K}\n"
      "- {input: wet_etching.bath_load, panel: 3 g/L}\n"
      "- {input: glass_blank.thickness, panel: 0.2 %, radial: 0.3 %, field: 0.3 %, field_length: 80 mm, "
      "nugget: 0.1 %}\n"
      "- {input: wet_etching.bulk_rate, lot: 2 %, trend_x: 1 %, trend_y: 1 %, trend_xy: 2 %, edge: 3 %, "
      "nugget: 40 %}\n"
      "- {input: wet_etching.bottom_ratio, nugget: 20 %}\n"
      "- {input: laser_drilling.dose, panel: 1 %, scan: 1 %, nugget: 10 %, tail: 2.2}\n"
      "- {input: laser_drilling.offset_x, scan: 0.3 um, scan_shape: 0.5 um, nugget: 0.8 um}\n"
      "- {input: laser_drilling.tilt_y, scan: 0.3 mrad, scan_shape: 0.5 mrad, scan_form: barrel_y, nugget: 1 "
      "mrad}\n";
  struct line       line;
  struct tgv_flow  *flow[2];
  struct tgv_block *b[2] = {tgv_block_new(), tgv_block_new()};

  check_ok(tgv_project_parse(text, strlen(text), "test", ".", &line.project));
  check_ok(tgv_project_set(line.project, "wet_etching.model", model));
  check_ok(tgv_panel_build(line.project, &line.panel));
  check_ok(tgv_package_build(line.project, &line.package));
  check_ok(tgv_flow_open(line.project, &line.package, &line.panel, baseline, &flow[0]));
  check_ok(tgv_flow_open(line.project, &line.package, &line.panel, best, &flow[1]));
  for (int k = 0; k < 2; k++) check_ok(tgv_flow_panel(flow[k], 1, 1));
  for (uint64_t local = 0; local + TGV_BLOCK <= line.package.via_count; local += TGV_BLOCK) {
    for (int k = 0; k < 2; k++) tgv_flow_vias(flow[k], 3, local, TGV_BLOCK, b[k]);
    for (int q = 0; q < tgv_input_count(); q++)
      assert_memory_equal(b[0]->input[q], b[1]->input[q], sizeof *b[0]->input);
    for (int c = 0; c < TGV_COLUMN_COUNT; c++)
      assert_memory_equal(b[0]->column[c], b[1]->column[c], sizeof *b[0]->column);
    assert_memory_equal(b[0]->flags, b[1]->flags, sizeof b[0]->flags);
  }
  for (int k = 0; k < 2; k++) tgv_flow_close(flow[k]), tgv_block_free(b[k]);
  tgv_package_release(&line.package);
  tgv_panel_release(&line.panel);
  tgv_project_free(line.project);
}

static void all_instruction_sets_give_the_same_bits(void **unused)
{
  (void)unused;
  check_model("closed_form");
  check_model("eikonal");
  check_model("ablation");
}

/* ---- response tables */

extern void baseline_response_table_at(const struct tgv_response_table *t, size_t n, const float *const *x,
                                       float *const *y, uint32_t *flags, uint32_t flag);

static tgv_status function(const void *context, const double *x, double *y)
{
  (void)context;
  for (int o = 0; o < 6; o++) y[o] = exp(-x[0] * o) * cos(x[1]) + log(x[2]);
  return TGV_OK;
}

static void tables_give_the_same_bits(void **unused)
{
  (void)unused;
  enum { N = 501 };
  static float                     x[3][N], y[2][6][N];
  uint32_t                         flags[2][N] = {{0}};
  const struct tgv_response_table *t;
  const struct tgv_table_plan      plan = {
           .name = "clones",
           .axes = 3,
           .outputs = 6,
           .axis = {{"a", 0, 1, 7, false}, {"b", -2, 3, 13, false}, {"c", 0.01, 20, 9, true}},
           .output = {"0", "1", "2", "3", "4", "5"},
           .version = "1",
           .checks = 32,
           .solve = function};

  check_ok(tgv_response_table_get(&plan, &t));
  for (int i = 0; i < N; i++) {
    x[0][i] = i % 50 ? (float)(i % 17) / 16 : NAN;
    x[1][i] = -2.1f + 5.2f * (float)i / N;
    x[2][i] = 0.01f + 0.001f * (float)((i * i) % 20000);
  }
  for (int k = 0; k < 2; k++) {
    float *out[6];

    for (int o = 0; o < 6; o++) out[o] = y[k][o];
    (k ? tgv_response_table_at : baseline_response_table_at)(t, N, (const float *const[]){x[0], x[1], x[2]},
                                                             out, flags[k], 1);
  }
  assert_memory_equal(y[0], y[1], sizeof y[0]);
  assert_memory_equal(flags[0], flags[1], sizeof flags[0]);
}

/* ---- regime models */

void baseline_regime_model_at(const struct tgv_regime_model *m, size_t n, const float *const *x,
                              const struct tgv_regime_values *to, struct tgv_regime_flags flags);

static tgv_status jumping(const void *context, const double *x, struct tgv_regime_answer *out)
{
  const double a = x[0] - 3, b = log(x[1]);

  (void)context;
  out->regime = b > 0.45 * sin(2 * a) + 0.1 * x[2] ? 0 : a > 0.55 ? 2 : 1;
  out->y[0] = exp(a * b) + x[2] + 10 * (double)out->regime;
  out->y[1] = sin(a + b * x[2]);
  return TGV_OK;
}

static void regimes_give_the_same_bits(void **state)
{
  (void)state;
  enum { N = 20000 };
  static float                   x[3][N], y[2][4][N];
  static uint32_t                flags[2][N];
  struct tgv_regime_plan         plan = {.name = "clones",
                                         .axes = 3,
                                         .outputs = 2,
                                         .regimes = 3,
                                         .axis = {{"a", 2, 4, false}, {"b", 0.37, 2.7, true}, {"c", -1, 1, false}},
                                         .output = {"y", "z"},
                                         .regime = {"u", "v", "w"},
                                         .sound = {true, false, false},
                                         .version = "1",
                                         .runs = 120,
                                         .solve = jumping};
  const struct tgv_regime_model *m;

  check_ok(tgv_regime_model_get(&plan, &m));
  for (int i = 0; i < N; i++) { /* some of them outside */
    x[0][i] = 1.9f + 2.2f * (float)(i % 1009) / 1009;
    x[1][i] = 0.3f + 2.5f * (float)(i % 1013) / 1013;
    x[2][i] = -1.05f + 2.1f * (float)i / N;
  }
  for (int k = 0; k < 2; k++) {
    const struct tgv_regime_values to = {.y = {y[k][0], y[k][1]}, .regime = y[k][2], .margin = y[k][3]};

    (k ? tgv_regime_model_at : baseline_regime_model_at)(m, N, (const float *const[]){x[0], x[1], x[2]}, &to,
                                                         (struct tgv_regime_flags){flags[k], 1, 2});
  }
  assert_memory_equal(y[0], y[1], sizeof y[0]);
  assert_memory_equal(flags[0], flags[1], sizeof flags[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(all_instruction_sets_give_the_same_bits),
                                     cmocka_unit_test(tables_give_the_same_bits),
                                     cmocka_unit_test(regimes_give_the_same_bits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
