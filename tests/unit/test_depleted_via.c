/* Vias whose wall runs short of etchant, through the tables, against single solutions of solver/etch_hole. */
#include "check.h"

#include <string.h>

#include "core/random.h"
#include "line.h"
#include "solver/etch_depletion.h"
#include "solver/etch_hole.h"

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
  return low * pow(high / low, tgv_random_uniform(tgv_random_key_make(8, 1, 1), stream, i));
}

/* recipes within the tables for 5 mol/L; ratio: spread of that of the faces */
static void random_recipes(struct line *line, uint32_t seed, double ratio)
{
  struct tgv_block *b = line_nominal(line, TGV_BLOCK);

  for (size_t i = 0; i < b->n; i++) {
    const double h = draw(seed, i, 150 * um, 800 * um),
                 vt = draw(seed + 1, i, 2 * um / minute, 12 * um / minute);

    set(b, TGV_P_glass_blank_thickness, i, h);
    set(b, TGV_P_laser_drilling_track_radius, i, draw(seed + 2, i, 1 * um, 10 * um));
    set(b, TGV_P_wet_etching_track_rate, i, vt);
    set(b, TGV_P_wet_etching_bulk_rate, i, vt / draw(seed + 3, i, 11, 60));
    set(b, TGV_P_wet_etching_bottom_ratio, i, draw(seed + 4, i, 1 / ratio, ratio));
    set(b, TGV_P_wet_etching_time, i, h / vt * draw(seed + 5, i, 0.4, 2.5));
  }
  tgv_flow_physics(line->flow, b);
}

static struct tgv_etch_front front_of(const struct tgv_block *b, size_t i, bool both, const double *depth,
                                      const double *slowness)
{
  return (struct tgv_etch_front){.thickness = get(b, TGV_P_glass_blank_thickness, i),
                                 .track_radius = column(b, TGV_C_r_track, i),
                                 .time = get(b, TGV_P_wet_etching_time, i),
                                 .bulk_rate = get(b, TGV_P_wet_etching_bulk_rate, i),
                                 .ratio = both ? get(b, TGV_P_wet_etching_bottom_ratio, i) : 0,
                                 .supply = 2.2e5 / (1.7e-9 * 5000),
                                 .n = 2,
                                 .depth = depth,
                                 .slowness = slowness};
}

struct errors {
  double most, sum, meeting, place;
  size_t n, flagged, closed;
};

/* of the diameters over 2 v_b t */
static void compare(const struct tgv_block *b, size_t i, bool both, struct errors *e)
{
  const double h = get(b, TGV_P_glass_blank_thickness, i);
  const double slow = 1 / (get(b, TGV_P_wet_etching_track_rate, i) * column(b, TGV_C_rate_factor, i));
  const double depth[2] = {0, h}, slowness[2] = {slow, slow};
  struct tgv_etch_front f = front_of(b, i, both, depth, slowness);
  struct tgv_etch_hole  hole;

  check_ok(tgv_etch_hole_solve(&f, 60, -1, &hole));
  if (isfinite(hole.breakthrough)) {
    const enum tgv_column c[] = {TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom};
    const double z[] = {hole.top, 0.5 * (hole.top + hole.waist), hole.waist, 0.5 * (hole.waist + hole.bottom),
                        hole.bottom};

    e->meeting = fmax(e->meeting, fabs(column(b, TGV_C_breakthrough, i) / hole.breakthrough - 1));
    if (column(b, TGV_C_D_waist, i) > 0) /* else it opens by a hair's breadth */
      e->place =
          fmax(e->place,
               fabs(column(b, TGV_C_glass_lost_top, i) + column(b, TGV_C_waist_depth, i) - hole.waist) / h);
    for (int k = 0; k < 5; k++) {
      const double d =
          fabs(column(b, c[k], i) - 2 * tgv_etch_hole_radius(&hole, z[k])) / (2 * f.bulk_rate * f.time);

      if (column(b, TGV_C_D_waist, i) > 0) e->most = fmax(e->most, d), e->sum += d * d, e->n++;
    }
  } else {
    assert_true(column(b, TGV_C_D_waist, i) == 0 || f.time > 0.995 * column(b, TGV_C_breakthrough, i));
    e->closed++;
  }
  tgv_etch_hole_release(&hole);
}

static void check_vias(const char *sides, double ratio, double most, double rms)
{
  struct line   line;
  struct errors e = {0};

  line_open(&line, LINE("wet_etching.model", "eikonal", "wet_etching.etchant_concentration", "5 mol/L",
                        "wet_etching.sides", sides, "wet_etching.bottom_ratio", ratio > 1 ? "1.01" : "1"));
  random_recipes(&line, 10, ratio);
  for (size_t i = 0; i < TGV_BLOCK; i++) {
    if (line.block->flags[i] & TGV_FLAG_MODEL_RANGE)
      e.flagged++;
    else
      compare(line.block, i, strcmp(sides, "both") == 0, &e);
  }
  print_message("# %s, ratio of the faces up to %g: %zu flagged, %zu closed; diameters off by %.2g of the "
                "etched depth at most, "
                "rms %.2g; breakthrough by %.2g, waist by %.2g of the thickness\n",
                sides, ratio, e.flagged, e.closed, e.most, sqrt(e.sum / (double)e.n), e.meeting, e.place);
  assert_true(e.n > 500 && e.closed > 20);
  assert_true(e.most < most && sqrt(e.sum / (double)e.n) < rms);
  assert_true(e.meeting < 2e-3 && e.place < 5e-3);
  line_close(&line);
}

static void vias_agree_with_single_solutions(void **state)
{
  (void)state;
  check_vias("both", 1, 0.006, 0.0015);
  check_vias("both", 1.15, 0.012, 0.0025);
  check_vias("top", 1, 0.012, 0.004);
}

/* With little to run short of, Huygens' principle is what is left, and the correction falls with the supply number. */
static void plenty_of_etchant(void **state)
{
  (void)state;
  const char *const c0[] = {"0 mol/L", "40 mol/L"};
  struct line       line[2];
  double            worst[2] = {0, 0};

  for (int k = 0; k < 2; k++)
    line_open(&line[k], LINE("wet_etching.model", "eikonal", "wet_etching.etchant_concentration", c0[k],
                             "wet_etching.etchant_diffusivity", "1e-7 m2/s"));
  for (int slower = 0; slower < 2; slower++) {
    for (int k = 0; k < 2; k++) {
      struct tgv_block *b = line_nominal(&line[k], 1);

      set(b, TGV_P_wet_etching_track_rate, 0, (slower ? 0.1 : 10) * um / minute);
      set(b, TGV_P_wet_etching_bulk_rate, 0, (slower ? 0.005 : 0.5) * um / minute);
      set(b, TGV_P_wet_etching_time, 0, (slower ? 6000 : 60) * minute);
      tgv_flow_physics(line[k].flow, b);
      assert_true(!(b->flags[0] & TGV_FLAG_MODEL_RANGE));
    }
    worst[slower] = fabs(column(line[0].block, TGV_C_D_waist, 0) - column(line[1].block, TGV_C_D_waist, 0));
  }
  print_message("# waist narrower by %.3g um; by %.3g um at a hundredth of the rates\n", worst[0] / um,
                worst[1] / um);
  check_near(worst[1], worst[0] / 100, 0, 1e-5 * um);
  for (int k = 0; k < 2; k++) line_close(&line[k]);
}

/* outside the tables a via says so: unequal faces where none were announced, depletion beyond 6, too long in the bath */
static void flags(void **state)
{
  (void)state;
  static const struct {
    enum tgv_param p;
    double         value;
    bool           flagged;
  } tries[] = {{TGV_P_wet_etching_time, 3600, false},
               {TGV_P_wet_etching_bottom_ratio, 1.1, true},
               {TGV_P_wet_etching_track_rate, 40e-6 / 60, true},
               {TGV_P_wet_etching_bulk_rate, 1.2e-6 / 60, true},
               {TGV_P_wet_etching_time, 5 * 3600, true}};

  for (size_t k = 0; k < sizeof tries / sizeof *tries; k++) {
    struct line       line;
    struct tgv_block *b;

    line_open(&line, LINE("wet_etching.model", "eikonal", "wet_etching.etchant_concentration", "5 mol/L"));
    b = line_nominal(&line, 1);
    set(b, tries[k].p, 0, tries[k].value);
    tgv_flow_physics(line.flow, b);
    assert_int_equal((b->flags[0] & TGV_FLAG_MODEL_RANGE) != 0, tries[k].flagged);
    line_close(&line);
  }
}

/* the same in other units of length and time: what a table is asked for has no dimension */
static void only_ratios_count(void **state)
{
  (void)state;
  static const char *const keys[2][3] = {{"5 mol/L", "1.7e-9 m2/s", "220 mol/L"},
                                         {"5 mol/L", "27.2e-9 m2/s", "220 mol/L"}};
  struct line              line[2];

  for (int k = 0; k < 2; k++)
    line_open(&line[k], LINE("wet_etching.model", "eikonal", "wet_etching.etchant_concentration", keys[k][0],
                             "wet_etching.etchant_diffusivity", keys[k][1], "wet_etching.etchant_per_glass",
                             keys[k][2]));
  for (int k = 0; k < 2; k++) { /* lengths 2 times, times 1/4: D 16 times */
    struct tgv_block *b = line_nominal(&line[k], TGV_BLOCK);

    for (size_t i = 0; i < b->n; i++) {
      set(b, TGV_P_glass_blank_thickness, i, (k ? 2 : 1) * draw(1, i, 200 * um, 450 * um));
      set(b, TGV_P_laser_drilling_track_radius, i, (k ? 2 : 1) * draw(2, i, 1 * um, 10 * um));
      set(b, TGV_P_wet_etching_track_rate, i, (k ? 8 : 1) * 10 * um / minute);
      set(b, TGV_P_wet_etching_bulk_rate, i, (k ? 8 : 1) * 0.5 * um / minute);
      set(b, TGV_P_wet_etching_time, i, (k ? 0.25 : 1) * 60 * minute);
    }
    tgv_flow_physics(line[k].flow, b);
  }
  for (size_t i = 0; i < TGV_BLOCK; i++) {
    check_close(column(line[1].block, TGV_C_D_top, i), 2 * column(line[0].block, TGV_C_D_top, i), 1e-6);
    check_near(column(line[1].block, TGV_C_D_waist, i), 2 * column(line[0].block, TGV_C_D_waist, i), 1e-5,
               1e-11);
    check_close(column(line[1].block, TGV_C_breakthrough, i),
                0.25 * column(line[0].block, TGV_C_breakthrough, i), 1e-6);
    check_close(column(line[1].block, TGV_C_taper, i), column(line[0].block, TGV_C_taper, i), 1e-4);
  }
  for (int k = 0; k < 2; k++) line_close(&line[k]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(vias_agree_with_single_solutions),
      cmocka_unit_test(plenty_of_etchant),
      cmocka_unit_test(flags),
      cmocka_unit_test(only_ratios_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
