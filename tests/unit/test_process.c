#include "check.h"

#include <string.h>

#include "line.h"

static double column(const struct tgv_block *b, enum tgv_column c, size_t i)
{
  return (double)b->column[c][i];
}

static void set(struct tgv_block *b, enum tgv_param p, size_t i, double value)
{
  b->input[tgv_input_of(p)][i] = (float)value;
}

static double get(const struct tgv_block *b, enum tgv_param p, size_t i)
{
  return (double)b->input[tgv_input_of(p)][i];
}

static const double um = 1e-6, minute = 60, degree = M_PI / 180;

/* ---- glass */

/* bow and flatness by hand: 100 um at the corners of 515 x 510 mm, 7 um flatness */
static void the_blank_is_bowed(void **state)
{
  (void)state;
  struct line       line;
  struct tgv_block *b;

  line_open(&line, LINE("glass_blank.bow", "100 um", "glass_blank.flatness", "7 um", "glass_blank.thickness",
                        "0.6 mm"));
  b = line_one(&line, 0, 0);
  check_close(column(b, TGV_C_height_error, 0), 7 * um, 1e-6);
  check_close(column(b, TGV_C_thickness_blank, 0), 600 * um, 1e-6);
  check_close(column(line_one(&line, 0.2575, -0.255), TGV_C_height_error, 0), 107 * um, 1e-6);
  check_close(column(line_one(&line, -0.2575, 0), TGV_C_height_error, 0), 57 * um, 1e-6);
  check_close(column(line_one(&line, 0, 0.1275), TGV_C_height_error, 0), 19.5 * um, 1e-6);
  line_close(&line);
  line_open(&line, LINE("glass_blank.bow", "100 um", "panel.shape", "round", "panel.width", "300 mm"));
  check_close(column(line_one(&line, 0.15 * 0.6, 0.15 * 0.8), TGV_C_height_error, 0), 100 * um, 1e-6);
  line_close(&line);
}

/* ---- laser */

static void defocus_takes_dose(void **state)
{
  (void)state;
  struct line       line;
  struct tgv_block *b;

  line_open(&line,
            LINE("glass_blank.flatness", "1 mm", "laser_drilling.focus_depth", "1 mm", "laser_drilling.dose",
                 "1.6", "laser_drilling.radius_exponent", "0.5", "laser_drilling.rate_exponent", "1"));
  b = line_one(&line, 0, 0);
  check_close(column(b, TGV_C_dose, 0), 0.8, 1e-6);
  check_close(column(b, TGV_C_r_track, 0), 2 * um * sqrt(0.8), 1e-6);
  check_close(column(b, TGV_C_rate_factor, 0), 0.8, 1e-6);
  line_close(&line);
}

static void powers_agree_with_libm(void **state)
{
  (void)state;
  const char *const exponents[] = {"0", "0.3", "0.5", "0.7183", "1", "1.5", "2", "3"};
  double            worst = 0;

  for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++) {
    struct line line;
    double      e = strtod(exponents[k], NULL);

    line_open(&line, LINE("laser_drilling.radius_exponent", exponents[k], "laser_drilling.rate_exponent",
                          exponents[k]));
    struct tgv_block *b = line_nominal(&line, TGV_BLOCK);
    for (size_t i = 0; i < b->n; i++)
      set(b, TGV_P_laser_drilling_dose, i, 0.01 * pow(1000, (double)i / (TGV_BLOCK - 1)));
    tgv_flow_physics(line.flow, b);
    for (size_t i = 0; i < b->n; i++) {
      double want = pow(column(b, TGV_C_dose, i), e);

      worst = fmax(worst, fabs(column(b, TGV_C_rate_factor, i) / want - 1));
      check_close(column(b, TGV_C_r_track, i), 2 * um * want, 1e-6);
    }
    line_close(&line);
  }
  print_message("# largest relative error of a power: %.2g\n", worst);
  assert_true(worst < 1e-7);
}

static double track_of_group(const char *own, const char *dose)
{
  struct line line;

  line_open(&line, LINE("via_groups[0].track_radius", own, "laser_drilling.dose", dose));
  double r = column(line_one(&line, 0, 0), TGV_C_r_track, 0);
  line_close(&line);
  return r;
}

/* spot 2 um: a trepanned circle keeps its path, a smaller spot is smaller in proportion */
static void a_group_has_its_own_track(void **state)
{
  (void)state;
  check_close(track_of_group("0 um", "0.81"), 1.8 * um, 1e-6);
  check_close(track_of_group("30 um", "1"), 30 * um, 1e-6);
  check_close(track_of_group("30 um", "0.81"), 29.8 * um, 1e-6);
  check_close(track_of_group("1 um", "0.81"), 0.9 * um, 1e-6);
}

/* ---- etch */

/* process reference V4: (h, r0, v_t, v_b, t) -> D_top, waist, h_f, taper; recomputed here from the formula in
 * double */
static void three_recipes(void **state)
{
  (void)state;
  const struct {
    const char *h, *r0, *vt, *vb, *t;
    double      top, waist, thickness, taper; /* um, um, um, deg */
  } cases[] = {
      {"500 um", "2 um", "10 um/min", "0.5 um/min", "40 min", 42.0476, 19.0188, 460, 2.8660},
      {"500 um", "2 um", "10 um/min", "0.25 um/min", "60 min", 33.2591, 21.5055, 470, 1.4325},
      {"300 um", "1.5 um", "5 um/min", "0.25 um/min", "40 min", 22.0238, 8.0063, 280, 2.8660},
  };

  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    struct line line;

    line_open(&line, LINE("glass_blank.thickness", cases[k].h, "laser_drilling.track_radius", cases[k].r0,
                          "wet_etching.track_rate", cases[k].vt, "wet_etching.bulk_rate", cases[k].vb,
                          "wet_etching.time", cases[k].t));
    struct tgv_block *b = line_one(&line, 0, 0);
    check_near(column(b, TGV_C_D_top, 0) / um, cases[k].top, 0, 1e-4);
    check_near(column(b, TGV_C_D_bottom, 0) / um, cases[k].top, 0, 1e-4);
    check_near(column(b, TGV_C_D_waist, 0) / um, cases[k].waist, 0, 1e-4);
    check_near(column(b, TGV_C_thickness, 0) / um, cases[k].thickness, 0, 1e-4);
    check_near(column(b, TGV_C_waist_depth, 0) / um, cases[k].thickness / 2, 0, 1e-4);
    check_near(column(b, TGV_C_taper, 0) / degree, cases[k].taper, 0, 1e-4);
    assert_int_equal(b->flags[0] & (TGV_FLAG_MODEL_RANGE | 1u << TGV_CAUSE_closed), 0);
    line_close(&line);
  }
}

/* one wetted face, by hand: t_b = 500/20 = 25 min, 15 min more at v_b / sqrt(1 - 1/S^2) = 0.5 / sqrt(1 -
 * 1/1600) */
static void one_wetted_face(void **state)
{
  (void)state;
  struct line       line;
  struct tgv_block *b;

  line_open(&line,
            LINE("wet_etching.sides", "top", "glass_blank.thickness", "500 um", "wet_etching.track_rate",
                 "20 um/min", "wet_etching.time", "40 min", "wet_etching.bottom_ratio", "3"));
  b = line_one(&line, 0, 0);
  check_close(column(b, TGV_C_breakthrough, 0), 25 * minute, 1e-6);
  check_near(column(b, TGV_C_D_bottom, 0) / um, 2 * (2 + 15 * 0.5 / sqrt(1 - 1. / 1600)), 0, 1e-4);
  check_close(column(b, TGV_C_D_waist, 0), column(b, TGV_C_D_bottom, 0), 1e-6);
  check_near(column(b, TGV_C_thickness, 0) / um, 480, 0, 1e-4);
  check_near(column(b, TGV_C_waist_depth, 0) / um, 480, 0, 1e-4);
  check_near(column(b, TGV_C_D_top, 0) / um, 2 * (2 + 20 * sqrt(39. / 41)), 0, 1e-4);
  b = line_nominal(&line, 1);
  set(b, TGV_P_wet_etching_time, 0, 24 * minute);
  tgv_flow_physics(line.flow, b);
  check_close(column(b, TGV_C_D_bottom, 0), 0, 0);
  check_close(column(b, TGV_C_D_waist, 0), 0, 0);
  check_near(column(b, TGV_C_waist_depth, 0) / um, (480 + 500) / 2. - 12, 0, 1e-3);
  assert_true(b->flags[0] & 1u << TGV_CAUSE_closed);
  line_close(&line);
}

/* no track, and no glass left: numbers, and a flag that says not to trust them */
static void outside_the_model(void **state)
{
  (void)state;
  struct line       line;
  struct tgv_block *b;

  line_open(&line, LINE("glass_blank.thickness", "500 um", "core.thickness_tolerance", "20 um"));
  b = line_nominal(&line, 3);
  set(b, TGV_P_wet_etching_track_rate, 0, get(b, TGV_P_wet_etching_bulk_rate, 0));
  set(b, TGV_P_wet_etching_track_rate, 1, 0.1 * get(b, TGV_P_wet_etching_bulk_rate, 1));
  set(b, TGV_P_wet_etching_time, 2, 600 * minute);
  tgv_flow_physics(line.flow, b);
  for (size_t i = 0; i < 2; i++) {
    assert_true(b->flags[i] & TGV_FLAG_MODEL_RANGE);
    assert_true(b->flags[i] & 1u << TGV_CAUSE_closed);
    check_near(column(b, TGV_C_taper, i) / degree, 90, 0, 0.2);
    check_near(column(b, TGV_C_D_top, i) / um, 4, 0, 0.1); /* nothing but the track */
  }
  assert_true(b->flags[2] & TGV_FLAG_MODEL_RANGE);
  assert_false(b->flags[2] & 1u << TGV_CAUSE_closed);
  assert_true(b->flags[2] & 1u << TGV_CAUSE_thin);
  check_close(column(b, TGV_C_thickness, 2), 0, 0);
  check_near(column(b, TGV_C_D_top, 2) / um, 2 * (2 + 250 * sqrt(19. / 21)), 0,
             0.01); /* as it vanishes, at 500 min */
  line_close(&line);
}

/* The axis cuts the blank's top face at (3, 4) um. S = 20: R - r0 = 19.0238 um, times g 0.9524 um, so the mouths, at 20 and 480 um, have
   their centres where the axis is 19.0476 and 480.9524 um deep. */
static void the_worse_face_counts(void **state)
{
  (void)state;
  struct line line;

  line_open(&line, LINE("glass_blank.thickness", "500 um", "laser_drilling.offset_x", "3 um",
                        "laser_drilling.offset_y", "4 um", "laser_drilling.tilt_x", "10 mrad",
                        "laser_drilling.tilt_y", "-20 mrad"));
  check_near(column(line_one(&line, 0, 0), TGV_C_position_error, 0) / um, hypot(3 + 4.809524, 4 - 9.619048),
             0, 2e-4);
  check_near(column(line.block, TGV_C_mouth_shift, 0) / um, hypot(0.01, 0.02) * 461.9048, 0, 2e-4);
  /* e2 = 5e-4 / 1.0005 (1 + 1 / 399); D (1 - root) / sqrt(root), root2 = 1 - e2 */
  check_near(column(line.block, TGV_C_out_of_round, 0) / um, 42.0476 * 0.00025053, 0, 1e-5);
  line_close(&line);
  line_open(&line, LINE("glass_blank.thickness", "500 um", "laser_drilling.offset_x", "3 um",
                        "laser_drilling.offset_y", "4 um", "laser_drilling.tilt_x", "-4 mrad",
                        "laser_drilling.tilt_y", "-5 mrad"));
  check_near(column(line_one(&line, 0, 0), TGV_C_position_error, 0) / um, hypot(3 - 0.07619, 4 - 0.095238), 0,
             2e-4);
  line_close(&line);
}

/* ---- properties over random recipes */

enum { RECIPES = 4 * TGV_BLOCK };

static double between(double u, double low, double high)
{
  return low > 0 && high > 20 * low ? low * pow(high / low, u) : low + u * (high - low);
}

/* inputs from anywhere within the ranges of params.def */
static void draw_any(struct tgv_block *b, uint32_t stream)
{
  struct tgv_random_key key = tgv_random_key_make(7, 1, 1);

  for (int k = 0; k < tgv_input_count(); k++) {
    const struct tgv_param_info *info = tgv_param_info(tgv_input_param(k));
    double                       low, high;

    check_ok(tgv_units_read(info->min, info->dimension, &low));
    check_ok(tgv_units_read(info->max, info->dimension, &high));
    for (size_t i = 0; i < b->n; i++) {
      double u = tgv_random_uniform(key, stream, (uint64_t)k * TGV_BLOCK + i);

      b->input[k][i] = (float)between(u < 0.02 ? 0 : u > 0.98 ? 1 : u, low, high);
    }
  }
}

/* inputs about a real recipe: some vias closed, most open, few dissolved */
static void draw_likely(struct tgv_block *b, uint32_t stream)
{
  struct tgv_random_key key = tgv_random_key_make(8, 1, 1);
  const struct {
    enum tgv_param p;
    double         low, high;
  } ranges[] = {
      {TGV_P_glass_blank_thickness, 100e-6, 1.1e-3},
      {TGV_P_laser_drilling_track_radius, 0.5e-6, 5e-6},
      {TGV_P_laser_drilling_dose, 0.5, 2},
      {TGV_P_wet_etching_track_rate, 3e-6 / 60, 30e-6 / 60},
      {TGV_P_wet_etching_bulk_rate, 0.1e-6 / 60, 1e-6 / 60},
      {TGV_P_wet_etching_bottom_ratio, 0.4, 2.5},
      {TGV_P_wet_etching_time, 5 * 60, 70 * 60},
  };

  for (size_t k = 0; k < sizeof ranges / sizeof *ranges; k++)
    for (size_t i = 0; i < b->n; i++)
      set(b, ranges[k].p, i,
          between(tgv_random_uniform(key, stream, (uint64_t)k * TGV_BLOCK + i), ranges[k].low,
                  ranges[k].high));
}

static void every_column_is_finite(void **state)
{
  (void)state;
  for (int sides = 0; sides < 2; sides++) {
    struct line line;

    line_open(&line, LINE("wet_etching.sides", sides ? "top" : "both", "laser_drilling.radius_exponent",
                          "2.7", "laser_drilling.rate_exponent", "4.3", "laser_drilling.focus_depth", "1 um",
                          "glass_blank.bow", "20 mm"));
    for (uint32_t part = 0; part < RECIPES / TGV_BLOCK; part++) {
      struct tgv_block *b = line_nominal(&line, TGV_BLOCK);

      draw_any(b, part);
      for (size_t i = 0; i < b->n; i++) b->x[i] = 0.0005 * (double)i; /* heights up to 20 mm out of focus */
      tgv_flow_physics(line.flow, b);
      for (size_t s = 0; s < line.flow->stage_count; s++)
        for (const enum tgv_column *c = line.flow->stage[s]->writes; c && *c != TGV_C_END; c++)
          for (size_t i = 0; i < b->n; i++)
            if (!isfinite(b->column[*c][i]))
              fail_msg("%s is %g", tgv_column_info(*c)->symbol, column(b, *c, i));
      for (size_t i = 0; i < b->n; i++) {
        assert_true(column(b, TGV_C_D_waist, i) >= 0 &&
                    column(b, TGV_C_D_waist, i) <= column(b, TGV_C_D_top, i));
        assert_true(column(b, TGV_C_thickness, i) >= 0);
        assert_true(column(b, TGV_C_waist_depth, i) >= 0);
        assert_true(column(b, TGV_C_waist_depth, i) <= column(b, TGV_C_thickness, i));
        assert_true(column(b, TGV_C_taper, i) > 0 && column(b, TGV_C_taper, i) <= M_PI_2 * (1 + 1e-6));
      }
    }
    line_close(&line);
  }
}

static void a_longer_etch_is_never_narrower(void **state)
{
  (void)state;
  struct line           line;
  const enum tgv_column grows[] = {TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom};
  float                 before[3][TGV_BLOCK];
  size_t                opened = 0;

  line_open(&line, NULL);
  for (uint32_t part = 0; part < RECIPES / TGV_BLOCK; part++) {
    struct tgv_block *b = line_nominal(&line, TGV_BLOCK);

    draw_likely(b, part);
    tgv_flow_physics(line.flow, b);
    for (size_t i = 0; i < b->n; i++) {
      double h = get(b, TGV_P_glass_blank_thickness, i), ratio = get(b, TGV_P_wet_etching_bottom_ratio, i);
      double gone = (1 + ratio) * get(b, TGV_P_wet_etching_bulk_rate, i) * get(b, TGV_P_wet_etching_time, i);

      check_near(column(b, TGV_C_thickness, i), fmax(h - gone, 0), 0, 2e-7 * h + 1e-12);
    }
    for (int k = 0; k < 3; k++) memcpy(before[k], b->column[grows[k]], sizeof before[k]);
    for (size_t i = 0; i < b->n; i++)
      set(b, TGV_P_wet_etching_time, i, 1.1 * get(b, TGV_P_wet_etching_time, i));
    tgv_flow_physics(line.flow, b);
    for (int k = 0; k < 3; k++)
      for (size_t i = 0; i < b->n; i++) {
        assert_true(b->column[grows[k]][i] >= before[k][i]);
        opened += k == 1 && b->column[grows[k]][i] > before[k][i] && before[k][i] <= 0;
      }
  }
  assert_true(opened > 20); /* the recipes reach both sides of breakthrough */
  line_close(&line);
}

/* upside down: rates times the ratio, the ratio inverted */
static void swapped_faces_mirror_the_via(void **state)
{
  (void)state;
  struct line line;
  float       top[TGV_BLOCK], bottom[TGV_BLOCK], waist[TGV_BLOCK], depth[TGV_BLOCK];
  size_t      open = 0;

  line_open(&line, NULL);
  for (uint32_t part = 0; part < RECIPES / TGV_BLOCK; part++) {
    struct tgv_block *b = line_nominal(&line, TGV_BLOCK);

    draw_likely(b, 100 + part);
    tgv_flow_physics(line.flow, b);
    memcpy(top, b->column[TGV_C_D_top], sizeof top), memcpy(bottom, b->column[TGV_C_D_bottom], sizeof bottom);
    memcpy(waist, b->column[TGV_C_D_waist], sizeof waist),
        memcpy(depth, b->column[TGV_C_waist_depth], sizeof depth);
    for (size_t i = 0; i < b->n; i++) {
      double q = get(b, TGV_P_wet_etching_bottom_ratio, i);

      set(b, TGV_P_wet_etching_track_rate, i, q * get(b, TGV_P_wet_etching_track_rate, i));
      set(b, TGV_P_wet_etching_bulk_rate, i, q * get(b, TGV_P_wet_etching_bulk_rate, i));
      set(b, TGV_P_wet_etching_bottom_ratio, i, 1 / q);
    }
    tgv_flow_physics(line.flow, b);
    for (size_t i = 0; i < b->n; i++) {
      double h = get(b, TGV_P_glass_blank_thickness, i), taper = tan(column(b, TGV_C_taper, i));

      check_near(column(b, TGV_C_D_top, i), (double)bottom[i], 1e-5, 1e-6 * h * taper);
      check_near(column(b, TGV_C_D_bottom, i), (double)top[i], 1e-5, 1e-6 * h * taper);
      check_near(column(b, TGV_C_waist_depth, i), column(b, TGV_C_thickness, i) - (double)depth[i], 1e-5,
                 1e-6 * h);
      if (fabs(column(b, TGV_C_breakthrough, i) / get(b, TGV_P_wet_etching_time, i) - 1) < 1e-6) continue;
      check_near(column(b, TGV_C_D_waist, i), (double)waist[i], 1e-5, 1e-6 * h * taper);
      open += waist[i] > 0;
    }
  }
  print_message("# %zu of %d vias are open\n", open, RECIPES);
  assert_true(open > RECIPES / 2 && open < RECIPES - 100);
  line_close(&line);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_blank_is_bowed),
      cmocka_unit_test(defocus_takes_dose),
      cmocka_unit_test(powers_agree_with_libm),
      cmocka_unit_test(a_group_has_its_own_track),
      cmocka_unit_test(three_recipes),
      cmocka_unit_test(one_wetted_face),
      cmocka_unit_test(outside_the_model),
      cmocka_unit_test(the_worse_face_counts),
      cmocka_unit_test(every_column_is_finite),
      cmocka_unit_test(a_longer_etch_is_never_narrower),
      cmocka_unit_test(swapped_faces_mirror_the_via),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
