/* The eikonal model of the etch against the closed form and against a search over all sources of Huygens' waves in double precision. */
#include "check.h"

#include <string.h>

#include "core/random.h"
#include "line.h"
#include "solver/etch_front.h"

static const double um = 1e-6, minute = 60;

static void set(struct tgv_block *b, enum tgv_param p, size_t i, double value)
{
  b->input[tgv_input_of(p)][i] = (float)value;
}

static double get(const struct tgv_block *b, enum tgv_param p, size_t i)
{
  return (double)b->input[tgv_input_of(p)][i];
}

static double column(const struct tgv_block *b, enum tgv_column c, size_t i)
{
  return (double)b->column[c][i];
}

static double draw(uint32_t stream, size_t i, double low, double high)
{
  return low * pow(high / low, tgv_random_uniform(tgv_random_key_make(5, 1, 1), stream, i));
}

/* a block of random recipes; S from 4 to 60, glass left, mostly through */
static void random_recipes(struct line *line, uint32_t seed)
{
  struct tgv_block *b = line_nominal(line, TGV_BLOCK);

  for (size_t i = 0; i < b->n; i++) {
    const double h = draw(seed, i, 100 * um, 900 * um),
                 vt = draw(seed + 1, i, 2 * um / minute, 20 * um / minute);

    set(b, TGV_P_glass_blank_thickness, i, h);
    set(b, TGV_P_laser_drilling_track_radius, i, draw(seed + 2, i, 0.5 * um, 5 * um));
    set(b, TGV_P_wet_etching_track_rate, i, vt);
    set(b, TGV_P_wet_etching_bulk_rate, i, vt / draw(seed + 3, i, 8, 60));
    set(b, TGV_P_wet_etching_bottom_ratio, i, draw(seed + 4, i, 0.6, 1.6));
    set(b, TGV_P_wet_etching_time, i, h / vt * draw(seed + 5, i, 0.4, 1.5));
  }
  tgv_flow_physics(line->flow, b);
}

static void without_depletion_it_is_the_closed_form(void **state)
{
  (void)state;
  static const enum tgv_column compared[] = {TGV_C_D_top,     TGV_C_D_upper,        TGV_C_D_waist,
                                             TGV_C_D_lower,   TGV_C_D_bottom,       TGV_C_waist_depth,
                                             TGV_C_thickness, TGV_C_glass_lost_top, TGV_C_glass_lost_bottom};
  struct line                  line[2];
  double                       worst = 0;
  size_t                       open = 0;

  for (int sides = 0; sides < 2; sides++) {
    line_open(&line[0],
              LINE("wet_etching.model", "closed_form", "wet_etching.sides", sides ? "top" : "both"));
    line_open(&line[1], LINE("wet_etching.model", "eikonal", "wet_etching.sides", sides ? "top" : "both"));
    for (uint32_t seed = 10; seed < 100; seed += 10) {
      for (int k = 0; k < 2; k++) random_recipes(&line[k], seed);
      for (size_t i = 0; i < TGV_BLOCK; i++) {
        const struct tgv_block *a = line[0].block, *b = line[1].block;
        const double            h = get(a, TGV_P_glass_blank_thickness, i);

        if (fabs(get(a, TGV_P_wet_etching_time, i) / column(a, TGV_C_breakthrough, i) - 1) < 1e-4) continue;
        assert_int_equal(a->flags[i], b->flags[i]);
        open += column(a, TGV_C_D_waist, i) > 0;
        check_close(column(b, TGV_C_breakthrough, i), column(a, TGV_C_breakthrough, i), 1e-6);
        check_near(column(b, TGV_C_taper, i), column(a, TGV_C_taper, i), 1e-3, 0);
        for (size_t c = 0; c < sizeof compared / sizeof *compared; c++) {
          const double e = fabs(column(b, compared[c], i) - column(a, compared[c], i)) / h;

          if (e > 2e-6 && !(column(a, TGV_C_D_waist, i) > 0) &&
              column(a, compared[c], i) * column(b, compared[c], i) == 0)
            continue; /* the tip of a closed via lies next to this depth */
          worst = fmax(worst, e);
          if (e > 2e-6)
            fail_msg("sides %d, via %zu (waist %g of %g, breakthrough at %g of the time): %s is %g, in "
                     "closed form %g",
                     sides, i, column(a, TGV_C_D_waist, i), column(b, TGV_C_D_waist, i),
                     column(a, TGV_C_breakthrough, i) / get(a, TGV_P_wet_etching_time, i),
                     tgv_column_info(compared[c])->symbol, column(b, compared[c], i),
                     column(a, compared[c], i));
        }
      }
    }
    for (int k = 0; k < 2; k++) line_close(&line[k]);
  }
  print_message("# eikonal against closed form: %.2g of the thickness at most, %zu of 9216 vias through\n",
                worst, open);
  assert_true(open > 4000);
}

/* the same recipe for the search in double precision */
static struct tgv_etch_front front_of(const struct tgv_block *b, size_t i, double slowness[3],
                                      double depth[3], const double *grade)
{
  const double h = get(b, TGV_P_glass_blank_thickness, i);
  const double vt = get(b, TGV_P_wet_etching_track_rate, i) * column(b, TGV_C_rate_factor, i);

  for (int k = 0; k < 3; k++) depth[k] = 0.5 * k * h, slowness[k] = grade[k] / vt;
  return (struct tgv_etch_front){.thickness = h,
                                 .track_radius = column(b, TGV_C_r_track, i),
                                 .time = get(b, TGV_P_wet_etching_time, i),
                                 .bulk_rate = get(b, TGV_P_wet_etching_bulk_rate, i),
                                 .ratio = get(b, TGV_P_wet_etching_bottom_ratio, i),
                                 .supply = grade[3],
                                 .n = 3,
                                 .depth = depth,
                                 .slowness = slowness};
}

static double compare_with_search(const struct tgv_block *b, const double *grade, size_t *open)
{
  double worst = 0;

  for (size_t i = 0; i < b->n; i += 8) {
    double                slowness[3], depth[3], meeting;
    struct tgv_etch_front f = front_of(b, i, slowness, depth, grade);
    const double          z1 = column(b, TGV_C_glass_lost_top, i), zw = z1 + column(b, TGV_C_waist_depth, i);
    const double          z2 = f.thickness - column(b, TGV_C_glass_lost_bottom, i);
    const double          z[] = {z1, 0.5 * (z1 + zw), zw, 0.5 * (zw + z2), z2};
    const enum tgv_column c[] = {TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom};
    const double          t_b = tgv_etch_front_breakthrough(&f, &meeting);

    if (b->flags[i] & TGV_FLAG_MODEL_RANGE) continue;
    check_close(column(b, TGV_C_breakthrough, i), t_b, 1e-6);
    if (f.time < t_b) {
      assert_true(column(b, TGV_C_D_waist, i) == 0);
      continue;
    }
    (*open)++;
    for (int k = 0; k < 5; k++)
      worst = fmax(worst, fabs(column(b, c[k], i) - 2 * tgv_etch_front_radius(&f, z[k])) / f.thickness);
    if (zw > z1 && zw < z2) check_near(zw, tgv_etch_front_waist(&f), 0, 3e-5 * f.thickness);
  }
  return worst;
}

static void it_is_the_best_of_all_sources(void **state)
{
  (void)state;
  static const struct {
    const char *middle, *bottom, *c0;
    double      grade[4]; /* slowness at the top, in the middle, at the bottom; n_g / (D c0) */
  } tracks[] = {{"1", "1", "5 mol/L", {1, 1, 1, 2.2e5 / (1.7e-9 * 5000)}},
                {"0.8", "0.6", "0 mol/L", {1, 1 / 0.8, 1 / 0.6, 0}},
                {"1.25", "0.5", "3 mol/L", {1, 0.8, 2, 2.2e5 / (1.7e-9 * 3000)}},
                {"1.5", "2", "10 mol/L", {1, 1 / 1.5, 0.5, 2.2e5 / (1.7e-9 * 10000)}}};

  for (size_t k = 0; k < sizeof tracks / sizeof *tracks; k++) {
    struct line line;
    double      worst = 0;
    size_t      open = 0;

    line_open(&line,
              LINE("wet_etching.model", "eikonal", "wet_etching.track_rate_middle", tracks[k].middle,
                   "wet_etching.track_rate_bottom", tracks[k].bottom, "wet_etching.etchant_concentration",
                   tracks[k].c0, "wet_etching.depletion", "track"));
    for (uint32_t seed = 200; seed < 240; seed += 10) {
      random_recipes(&line, seed);
      worst = fmax(worst, compare_with_search(line.block, tracks[k].grade, &open));
    }
    print_message(
        "# track 1, %s, %s, etchant %s: diameters differ by %.2g of the thickness at most, %zu vias\n",
        tracks[k].middle, tracks[k].bottom, tracks[k].c0, worst, open);
    assert_true(worst < 3e-6);
    assert_true(open > 50);
    line_close(&line);
  }
}

/* A modified cylinder that ends inside a plate etched from one side: bulk 0.2 um/min, modified 4 um/min to 310 um, 100 min.
   Exact by Huygens' principle; below the end of the cylinder the front is a sphere around it. Task V1 of bench/etch_shape.c. */
static void a_cylinder_that_ends_in_the_glass(void **state)
{
  (void)state;
  const double depth[] = {0, 310 * um, 310 * um, 400 * um};
  const double slowness[] = {15 / um, 15 / um, 300 / um, 300 / um}; /* s/m: minute / 4 um, minute / 0.2 um */
  const double radius[][2] = {{37.5, 22.148}, {137.5, 17.141}, {237.5, 12.135}}; /* um */
  const struct tgv_etch_front f = {.thickness = 400 * um,
                                   .track_radius = 4 * um,
                                   .time = 100 * minute,
                                   .bulk_rate = 0.2 * um / minute,
                                   .n = 4,
                                   .depth = depth,
                                   .slowness = slowness};

  for (int k = 0; k < 3; k++)
    check_near(tgv_etch_front_radius(&f, radius[k][0] * um), radius[k][1] * um, 0, 6e-4 * um);
  /* the end is reached after 77.5 min; the sphere has 0.2 um/min x 22.5 min = 4.5 um */
  check_near(tgv_etch_front_radius(&f, 313 * um), (4 + sqrt(4.5 * 4.5 - 9)) * um, 0, 1e-6 * um);
  assert_true(tgv_etch_front_radius(&f, 314.6 * um) == 0);
}

/* ---- properties: what physics says of the direction */

static const char *const depleted[] = {"wet_etching.model", "eikonal", "wet_etching.etchant_concentration",
                                       "6 mol/L", NULL};

static void grows(enum tgv_param p, double factor, enum tgv_column c, double sign)
{
  struct line line;
  float       before[TGV_BLOCK], step = 3e-6f;

  line_open(&line, depleted);
  random_recipes(&line, 400);
  for (size_t i = 0; i < TGV_BLOCK; i++) before[i] = line.block->column[c][i];
  for (size_t i = 0; i < TGV_BLOCK; i++) line.block->input[tgv_input_of(p)][i] *= (float)factor;
  tgv_flow_physics(line.flow, line.block);
  for (size_t i = 0; i < TGV_BLOCK; i++) {
    if (line.block->flags[i] & TGV_FLAG_MODEL_RANGE) continue;
    assert_true(sign * (double)(line.block->column[c][i] - before[i]) >= -(double)(step * before[i]));
  }
  line_close(&line);
}

static void directions(void **state)
{
  (void)state;
  const enum tgv_column all[] = {TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom};

  for (int k = 0; k < 3; k++) {
    grows(TGV_P_wet_etching_time, 1.1, all[k], 1);
    grows(TGV_P_wet_etching_track_rate, 1.1, all[k], 1);
    grows(TGV_P_laser_drilling_track_radius, 1.1, all[k], 1);
  }
  grows(TGV_P_wet_etching_time, 1.1, TGV_C_thickness, -1);
  grows(TGV_P_wet_etching_bulk_rate, 1.1, TGV_C_D_top, 1);
  grows(TGV_P_wet_etching_track_rate, 1.1, TGV_C_breakthrough, -1);
  grows(TGV_P_glass_blank_thickness, 1.1, TGV_C_D_waist, -1);
  grows(TGV_P_glass_blank_thickness, 1.1, TGV_C_breakthrough, 1);
}

/* less etchant: later through, narrower waist, larger taper; the mouths hardly change when the tip alone runs short */
static void depletion_closes(const char *model)
{
  const char *const c0[] = {"0 mol/L", "40 mol/L", "20 mol/L", "10 mol/L", "5 mol/L"};
  const bool        tip = strcmp(model, "track") == 0;
  double            waist = HUGE_VAL, taper = 0, through = 0, top = HUGE_VAL;

  for (size_t k = 0; k < sizeof c0 / sizeof *c0; k++) {
    struct line       line;
    struct tgv_block *b;

    line_open(&line, LINE("wet_etching.model", "eikonal", "wet_etching.etchant_concentration", c0[k],
                          "glass_blank.thickness", "500 um", "wet_etching.time", "60 min",
                          "wet_etching.depletion", model));
    b = line_one(&line, 0, 0);
    assert_true(column(b, TGV_C_D_waist, 0) < waist && column(b, TGV_C_D_waist, 0) > 0);
    assert_true(column(b, TGV_C_taper, 0) > taper);
    assert_true(column(b, TGV_C_breakthrough, 0) > through);
    waist = column(b, TGV_C_D_waist, 0), taper = column(b, TGV_C_taper, 0),
    through = column(b, TGV_C_breakthrough, 0);
    /* no etchant is missing at the face, but the mouth lies as deep as the glass that is lost */
    if (tip) check_close(column(b, TGV_C_D_top, 0), 2 * (2 * um + 30 * um * sqrt(19.0 / 21)), 4e-3);
    assert_true(column(b, TGV_C_D_top, 0) < top && !(b->flags[0] & TGV_FLAG_MODEL_RANGE));
    top = column(b, TGV_C_D_top, 0);
    line_close(&line);
  }
}

static void depletion_closes_the_waist(void **state)
{
  (void)state;
  depletion_closes("track");
  depletion_closes("hole");
}

static void unequal_faces_mirror(void **state)
{
  (void)state;
  struct line       a, b;
  struct tgv_block *x, *y;

  line_open(&a, LINE("wet_etching.model", "eikonal", "wet_etching.track_rate_middle", "0.9",
                     "wet_etching.track_rate_bottom", "0.8", "wet_etching.time", "45 min"));
  line_open(&b, LINE("wet_etching.model", "eikonal", "wet_etching.track_rate_middle", "1.125",
                     "wet_etching.track_rate_bottom", "1.25", "wet_etching.track_rate", "8 um/min",
                     "wet_etching.time", "45 min"));
  x = line_one(&a, 0, 0), y = line_one(&b, 0, 0);
  assert_true(column(x, TGV_C_D_waist, 0) > 0);
  check_close(column(x, TGV_C_D_top, 0), column(y, TGV_C_D_bottom, 0), 1e-6);
  check_close(column(x, TGV_C_D_bottom, 0), column(y, TGV_C_D_top, 0), 1e-6);
  check_close(column(x, TGV_C_D_upper, 0), column(y, TGV_C_D_lower, 0), 3e-6);
  check_close(column(x, TGV_C_D_waist, 0), column(y, TGV_C_D_waist, 0), 3e-6);
  check_close(column(x, TGV_C_waist_depth, 0),
              column(y, TGV_C_thickness, 0) - column(y, TGV_C_waist_depth, 0), 1e-5);
  check_close(column(x, TGV_C_taper, 0), column(y, TGV_C_taper, 0), 1e-5);
  line_close(&a), line_close(&b);
}

/* The cut of the union of all spheres around a tilted track, by brute force over its sources: extent along and across. */
static void a_tilted_track_is_cut_in_an_ellipse(void **state)
{
  (void)state;
  const double      tilt = 0.15, vt = 10 * um / minute, vb = 1 * um / minute, t = 20 * minute, z = 100 * um;
  const double      cosine = 1 / sqrt(1 + tilt * tilt), sine = tilt * cosine;
  double            across = 0, right = -HUGE_VAL, left = HUGE_VAL;
  struct line       line;
  struct tgv_block *b;

  for (int i = 0; i <= 200000; i++) {
    const double s = 200 * um * i / 200000, rest = vb * (t - s / vt), dz = z - s * cosine;
    const double r2 = rest * rest - dz * dz;

    if (rest < 0 || r2 < 0) continue;
    across = fmax(across, sqrt(r2));
    right = fmax(right, s * sine + sqrt(r2)), left = fmin(left, s * sine - sqrt(r2));
  }
  /* D_upper of a via etched from one face lies half-way between z1 = 20 um and the bottom at 180 um */
  line_open(&line, LINE("wet_etching.model", "eikonal", "wet_etching.sides", "top", "glass_blank.thickness",
                        "180 um", "wet_etching.track_rate", "10 um/min", "wet_etching.bulk_rate", "1 um/min",
                        "wet_etching.time", "20 min", "laser_drilling.track_radius", "0.1 um",
                        "laser_drilling.tilt_x", "0.15 rad"));
  b = line_one(&line, 0, 0);
  check_close(column(b, TGV_C_D_upper, 0) - 0.2 * um / sqrt(cosine), 2 * sqrt(across * 0.5 * (right - left)),
              3e-6);
  check_close(0.5 * (right - left) / across, 1 / sqrt(1 - sine * sine / 0.99), 1e-6);
  line_close(&line);
}

/* ---- a tilted track etched from both faces, in three dimensions */

struct cut {
  double middle, along, across; /* centre of the cut along the tilt, and half axes */
};

/* What both fronts have reached in the plane z: balls around points of the axis, which lies in the plane y = 0 and passes x = 0 at z = 0. The
   search over sources is refined around the best three times. */
static struct cut cut_at(double z, double h, double tilt, double vt, double vb, double t)
{
  const double cosine = 1 / sqrt(1 + tilt * tilt), sine = tilt * cosine, length = h / cosine;
  double       best[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL}, at[3] = {0, 0, 0}, span = length;

  for (int k = 0; k < 3; k++) at[k] = 0.5 * length;
  for (int pass = 0; pass < 4; pass++) {
    for (int k = 0; k < 3; k++) {
      const double from = at[k] - 0.5 * span;

      for (int i = 0; i <= 20000; i++) {
        const double s = from + span * i / 20000, run = fmin(s, length - s);
        const double W = vb * (t - run / vt), dz = z - s * cosine, r2 = W * W - dz * dz;
        const double reach = k == 0   ? sqrt(fmax(r2, 0))
                             : k == 1 ? s * sine + sqrt(fmax(r2, 0))
                                      : sqrt(fmax(r2, 0)) - s * sine;

        if (s >= 0 && s <= length && W > 0 && r2 > 0 && reach > best[k]) best[k] = reach, at[k] = s;
      }
    }
    span *= 1e-2;
  }
  return (struct cut){0.5 * (best[1] - best[2]), 0.5 * (best[1] + best[2]), best[0]};
}

/* mouths and half-way cuts: areas, centres and axes of the ellipses; tilts to 0.15 rad, far beyond those of a laser */
static void a_tilted_via_in_three_dimensions(void **state)
{
  (void)state;
  const double      h = 300 * um, vt = 10 * um / minute, vb = 1 * um / minute, t = 24 * minute, r0 = 0.1 * um;
  const char *const tilts[][2] = {{"0.02 rad", "0 rad"}, {"0.03 rad", "0.04 rad"}, {"0.15 rad", "0 rad"}};
  const double      size[] = {0.02, 0.05, 0.15};

  for (int k = 0; k < 3; k++) {
    struct line       line;
    struct tgv_block *b;
    struct cut        top, upper, bottom;
    double            z1, zw, grown;

    line_open(&line, LINE("wet_etching.model", "eikonal", "glass_blank.thickness", "300 um",
                          "wet_etching.track_rate", "10 um/min", "wet_etching.bulk_rate", "1 um/min",
                          "wet_etching.time", "24 min", "laser_drilling.track_radius", "0.1 um",
                          "laser_drilling.tilt_x", tilts[k][0], "laser_drilling.tilt_y", tilts[k][1]));
    b = line_one(&line, 0, 0);
    z1 = column(b, TGV_C_glass_lost_top, 0), zw = z1 + column(b, TGV_C_waist_depth, 0);
    top = cut_at(z1, h, size[k], vt, vb, t), bottom = cut_at(h - z1, h, size[k], vt, vb, t);
    upper = cut_at(0.5 * (z1 + zw), h, size[k], vt, vb, t);
    grown = 2 * r0 * sqrt(sqrt(1 + size[k] * size[k]));
    check_near(column(b, TGV_C_D_top, 0) - grown, 2 * sqrt(top.along * top.across), 1e-5, 0);
    check_near(column(b, TGV_C_D_bottom, 0) - grown, 2 * sqrt(bottom.along * bottom.across), 1e-5, 0);
    check_near(column(b, TGV_C_D_upper, 0) - grown, 2 * sqrt(upper.along * upper.across), 1e-5, 0);
    print_message("# tilt %g: mouths %.4f um apart, exact %.4f; out of round by %.5f um, exact %.5f; "
                  "position %.4f um, exact %.4f\n",
                  size[k], column(b, TGV_C_mouth_shift, 0) / um, (bottom.middle - top.middle) / um,
                  column(b, TGV_C_out_of_round, 0) / um, 2 * (top.along - top.across) / um,
                  column(b, TGV_C_position_error, 0) / um, bottom.middle / um);
    check_near(column(b, TGV_C_mouth_shift, 0), bottom.middle - top.middle, 2e-4, 0);
    check_near(column(b, TGV_C_position_error, 0), bottom.middle, 2e-4, 0);
    check_near(column(b, TGV_C_out_of_round, 0) * (1 - grown / column(b, TGV_C_D_top, 0)),
               2 * (top.along - top.across), 3e-3, 1e-5 * um);
    line_close(&line);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_depletion_it_is_the_closed_form),
      cmocka_unit_test(it_is_the_best_of_all_sources),
      cmocka_unit_test(a_cylinder_that_ends_in_the_glass),
      cmocka_unit_test(directions),
      cmocka_unit_test(depletion_closes_the_waist),
      cmocka_unit_test(unequal_faces_mirror),
      cmocka_unit_test(a_tilted_track_is_cut_in_an_ellipse),
      cmocka_unit_test(a_tilted_via_in_three_dimensions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
