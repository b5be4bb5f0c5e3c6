#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "check.h"
#include "core/text.h"
#include "factory/yield_response.h"
#include "model/streams.h"
#include "registry.h"

static const double um = 1e-6; /* of the limits below */

/* One via group on one unit, the physics of the flow, a variation. */
static struct bench {
  struct tgv_project   *project;
  struct tgv_package    package;
  struct tgv_panel      panel;
  struct tgv_flow      *flow;
  struct tgv_variation *variation;
  struct tgv_via_limits limits;
  struct tgv_response  *response;
  double                place[16][2];
} b;

static void set_up(const char *group, const char *variation)
{
  struct tgv_text          t = {0};
  struct tgv_response_plan plan = {.samples = 2000, .key = tgv_random_key_make(5, 0, 0)};

  tgv_text_add(
      &t,
      "project: {name: test}\n"
      "core: {glass: EAGLE XG, thickness: 600 um, thickness_tolerance: 4 um}\n"
      "wet_etching: {time: 90 min, track_rate: 10 um/min, bulk_rate: 0.5 um/min}\n"
      "glass_blank: {thickness: 690 um}\n"
      "package: {width: 515 mm, height: 510 mm}\n"
      "panel: {width: 515 mm, height: 510 mm, edge_exclusion: 0 mm, street: 0 mm, rotation: 0}\n"
      "via_groups:\n"
      "  - {name: all, function: signal, pitch_x: 1 mm, width: 514 mm, height: 509 mm, diameter: 90 um%s}\n"
      "variation:\n%s",
      group, variation);
  check_ok(tgv_project_parse(t.data, t.size, "test.yaml", ".", &b.project));
  check_ok(tgv_panel_build(b.project, &b.panel));
  check_ok(tgv_package_build(b.project, &b.package));
  check_ok(tgv_flow_open(b.project, &b.package, &b.panel, tgv_stages, &b.flow));
  check_ok(tgv_variation_new(b.project, &b.panel, NULL, &b.variation));
  check_ok(tgv_via_limits_init(&b.limits, b.flow, b.variation, &b.package.group[0], 1));
  for (int i = 0; i < 16; i++)
    b.place[i][0] = 0.017 * (i - 8) * 0.9, b.place[i][1] = 0.013 * (i * 7 % 16 - 8);
  plan.places.n = 16, plan.places.at = (const double(*)[2])b.place;
  check_ok(tgv_response_new(&b.limits, b.variation, &plan, &b.response));
  tgv_text_release(&t);
}

static void tear_down(void)
{
  tgv_response_free(b.response);
  tgv_via_limits_release(&b.limits);
  tgv_variation_free(b.variation);
  tgv_flow_close(b.flow);
  tgv_package_release(&b.package);
  tgv_panel_release(&b.panel);
  tgv_project_free(b.project);
}

static size_t state_of(enum tgv_cause cause)
{
  for (size_t k = 0; k < b.limits.count; k++)
    if (b.limits.cause[k] == cause) return k;
  fail_msg("the cause %s is not checked", tgv_cause_info(cause)->name);
  return 0;
}

/* Inputs at a place with some of them shifted. */
struct shift {
  enum tgv_param input;
  double         by;
};

static void fill(struct tgv_block *block, const struct shift *shift, size_t n, double x, double y)
{
  block->n = 1;
  tgv_block_nominal(b.project, block);
  for (size_t i = 0; i < n; i++) block->input[tgv_input_of(shift[i].input)][0] += (float)shift[i].by;
  block->x[0] = x, block->y[0] = y;
}

static double any_at(const struct shift *shift, size_t n, double *share)
{
  struct tgv_block *block = tgv_block_new();
  double            any[TGV_BLOCK], each[TGV_LIMIT_STATES_MAX][TGV_BLOCK];

  fill(block, shift, n, 0, 0);
  tgv_response_evaluate(b.response, block, any, each);
  for (size_t k = 0; share && k < b.limits.count; k++) share[k] = each[k][0];
  tgv_block_free(block);
  return any[0];
}

static double direct_at(const struct shift *shift, size_t n, size_t samples)
{
  struct tgv_block    *block = tgv_block_new();
  double               base[TGV_INPUT_MAX];
  struct tgv_via_point at = {&b.limits, b.limits.moved, b.limits.nugget, b.limits.nugget_count, base, 0,
                             0,         block};
  struct tgv_response_sampling how = {samples, SIZE_MAX, {tgv_random_key_make(9, 0, 0), TGV_STREAM_RARE, 0}};
  struct tgv_importance        seen;

  fill(block, shift, n, 0, 0);
  for (int i = 0; i < tgv_input_count(); i++) base[i] = (double)block->input[i][0];
  tgv_response_direct(&at, &how, &seen);
  tgv_block_free(block);
  return seen.any;
}

/* A linear limit with two sides: thickness of standard deviation 0.7 um by the nugget, +-4 um. Reference 1.4: 1.1016577e-8 in the middle,
   2.1373670e-3 where it has dropped by 2 um. */
static void two_sided_thickness(void **state)
{
  struct shift drop = {TGV_P_glass_blank_thickness, 0};

  (void)state;
  set_up("", "  - {input: glass_blank.thickness, panel: 1 um, nugget: 0.7 um}\n");
  for (double d = -5; d <= 5; d += 0.25) {
    const double exact = gsl_cdf_ugaussian_Q((4 - d) / 0.7) + gsl_cdf_ugaussian_Q((4 + d) / 0.7);

    drop.by = d * um;
    check_near(any_at(&drop, 1, NULL), exact, 0.02, 1e-12);
  }
  drop.by = 0;
  check_close(any_at(&drop, 1, NULL), 1.1016577e-8, 0.01);
  check_close(direct_at(&drop, 1, 20000), 1.1016577e-8, 0.01);
  drop.by = -2 * um;
  check_close(any_at(&drop, 1, NULL), 2.1373670e-3, 0.005);
  tear_down();
}

/* Both mouths are alike where both faces etch alike: the union is one of them, and each cause gets half. */
static void causes_that_come_together(void **state)
{
  struct shift shift = {TGV_P_wet_etching_bulk_rate, 0};
  double       share[TGV_LIMIT_STATES_MAX], any;

  (void)state;
  set_up(", D_top_max: 96 um", "  - {input: laser_drilling.track_radius, panel: 0.3 um, nugget: 0.5 um}\n  - "
                               "{input: wet_etching.bulk_rate, panel: 1 %}\n");
  for (double d = -0.02; d <= 0.04; d += 0.01) {
    shift.by = d * tgv_real(b.project, TGV_P_wet_etching_bulk_rate);
    any = any_at(&shift, 1, share);
    if (any < 1e-15) continue;
    check_close(share[state_of(TGV_CAUSE_top_large)], 0.5 * any, 0.03);
    check_close(share[state_of(TGV_CAUSE_bottom_large)], 0.5 * any, 0.03);
    check_close(any, direct_at(&shift, 1, 20000), 0.05);
  }
  tear_down();
}

/* Reference 1.5: bias (1, 0.5) um, sigma 0.8 um, R = 5 um: 1.32831505e-6; without bias exp(-R^2 / 2 sigma^2). */
static void position(void **state)
{
  struct shift shift[] = {{TGV_P_laser_drilling_offset_x, 0}, {TGV_P_laser_drilling_offset_y, 0}};

  (void)state;
  set_up(", position_max: 5 um", "  - {input: laser_drilling.offset_x, panel: 0.8 um, nugget: 0.8 um}\n"
                                 "  - {input: laser_drilling.offset_y, panel: 0.8 um, nugget: 0.8 um}\n");
  check_close(direct_at(shift, 2, 20000), exp(-0.5 * 25 / 0.64), 0.02);
  check_close(any_at(shift, 2, NULL), exp(-0.5 * 25 / 0.64), 0.15); /* the margin has its cusp here */
  shift[0].by = 1 * um, shift[1].by = 0.5 * um;
  check_close(direct_at(shift, 2, 20000), 1.32831505e-6, 0.02);
  check_close(any_at(shift, 2, NULL), 1.32831505e-6, 0.08);
  shift[0].by = -0.5 * um, shift[1].by = 1 * um; /* the same, turned by 90 degrees */
  check_close(any_at(shift, 2, NULL), 1.32831505e-6, 0.08);
  tear_down();
}

/* Plain sampling of the physics, where failures are not rare: all at once, heavy tails, overlapping causes. */
static double sampled(const struct shift *shift, size_t n, size_t samples)
{
  struct tgv_block       *block = tgv_block_new();
  double                  base[TGV_INPUT_MAX], *u, *g;
  struct tgv_via_point    at = {&b.limits, b.limits.count, b.limits.nugget, b.limits.nugget_count, base, 0,
                                0,         block};
  struct tgv_limit_states s = tgv_via_states(&at);
  size_t                  failed = 0;

  fill(block, shift, n, 0, 0);
  for (int i = 0; i < tgv_input_count(); i++) base[i] = (double)block->input[i][0];
  u = tgv_allocate(TGV_BLOCK * (s.dimension + s.count), sizeof *u);
  g = u + TGV_BLOCK * s.dimension;
  for (size_t done = 0; done < samples; done += TGV_BLOCK) {
    for (size_t i = 0; i < TGV_BLOCK * s.dimension; i++)
      u[i] = tgv_random_normal(tgv_random_key_make(3, 0, 0), 1, done * s.dimension + i);
    s.g(s.context, TGV_BLOCK, u, g);
    for (size_t j = 0; j < TGV_BLOCK; j++) {
      bool bad = false;

      for (size_t k = 0; k < s.count; k++) bad |= g[j * s.count + k] <= 0;
      failed += bad;
    }
  }
  free(u);
  tgv_block_free(block);
  return (double)failed / (double)samples;
}

static void everything_at_once(void **state)
{
  enum { SAMPLES = 512 * 400 };
  static const struct shift shift[][2] = {
      {{TGV_P_wet_etching_bulk_rate, 0}, {TGV_P_laser_drilling_offset_x, 0}},
      {{TGV_P_wet_etching_bulk_rate, 0.01 / 60e6}, {TGV_P_laser_drilling_offset_x, 1e-6}},
      {{TGV_P_wet_etching_bulk_rate, -0.015 / 60e6}, {TGV_P_laser_drilling_offset_y, -1.5e-6}},
      {{TGV_P_wet_etching_track_rate, -0.3 / 60e6}, {TGV_P_laser_drilling_dose, -0.02}},
  };

  (void)state;
  set_up(", D_top_min: 84 um, D_top_max: 96 um, D_waist_min: 50 um, position_max: 4 um",
         "  - {input: laser_drilling.dose, panel: 2 %, nugget: 5 %, tail: 6}\n"
         "  - {input: laser_drilling.track_radius, nugget: 0.4 um}\n"
         "  - {input: laser_drilling.offset_x, field: 0.8 um, nugget: 1.2 um}\n"
         "  - {input: laser_drilling.offset_y, panel: 0.8 um, nugget: 1 um}\n"
         "  - {input: laser_drilling.tilt_x, nugget: 0.5 mrad}\n"
         "  - {input: wet_etching.track_rate, lot: 3 %, nugget: 2 %}\n"
         "  - {input: wet_etching.bulk_rate, lot: 2 %, nugget: 0.5 %}\n"
         "  - {input: wet_etching.bottom_ratio, panel: 1 %}\n");
  for (size_t i = 0; i < sizeof shift / sizeof *shift; i++) {
    const double counted = sampled(shift[i], 2, SAMPLES), error = sqrt(counted * (1 - counted) / SAMPLES);
    const double any = any_at(shift[i], 2, NULL), direct = direct_at(shift[i], 2, 20000);

    print_message("counted %.5f +- %.5f, direct %.5f, response %.5f\n", counted, error, direct, any);
    assert_true(counted > 1e-3 && counted < 0.5);
    assert_true(fabs(direct - counted) < 4 * error + 0.02 * counted);
    check_near(any, counted, 0.1, 4 * error);
  }
  tear_down();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_sided_thickness),
      cmocka_unit_test(causes_that_come_together),
      cmocka_unit_test(position),
      cmocka_unit_test(everything_at_once),
  };

  return cmocka_run_group_tests_name("yield_response", tests, NULL, NULL);
}
