/* The reference solver of copper fill: exact answers first, then what is published. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/front_nearest.h"
#include "solver/level_set.h"
#include "solver/plating_front.h"

static double z_of[2] = {0, 56e-6}, r_of[2] = {8.5e-6, 8.5e-6};

/* NIST's annular via (extremefill2D, figure 3a) */
static struct tgv_plating_case annular(const struct tgv_plating_segment *drive)
{
  return (struct tgv_plating_case){.bath = tgv_plating_bath_nist(),
                                   .profile = {2, z_of, r_of},
                                   .core_radius = 3.1e-6,
                                   .cell_radius = 50e-6 / sqrt(M_PI),
                                   .ends = TGV_PLATING_BLIND,
                                   .boundary_layer = 150e-6,
                                   .reference = 0.03,
                                   .segments = 1,
                                   .segment = drive,
                                   .time = 5000};
}

/* A circle of bath that shrinks at speed 1: r = 1 - t. Error of the radius, mean over the pieces of surface. */
static double circle_error(size_t n)
{
  struct tgv_front_grid    g = {.nr = n, .nz = n, .h = 2.4 / (double)n, .planar = true};
  struct tgv_level_set     level;
  struct tgv_front_surface s;
  struct tgv_front_nearest near;
  double                  *speed = calloc(4 * (n + 1) * (n + 1), sizeof *speed), *v, error = 0, t = 0;

  g.r = calloc(n + 1, sizeof *g.r), g.z = calloc(n + 1, sizeof *g.z);
  v = calloc((n + 1) * (n + 1), sizeof *v);
  for (size_t i = 0; i <= n; i++) g.r[i] = g.z[i] = 2.4 * (double)i / (double)n - 1.2 + 0.013;
  check_ok(tgv_level_set_new(&g, &level));
  check_ok(tgv_front_surface_new(&g, &s));
  check_ok(tgv_front_nearest_new(&g, &near));
  for (size_t k = 0; k < (n + 1) * (n + 1); k++) level.phi[k] = 1 - hypot(g.r[k % (n + 1)], g.z[k / (n + 1)]);
  for (size_t k = 0; k < 4 * (n + 1) * (n + 1); k++) speed[k] = 1;
  while (t < 0.5 - 1e-12) {
    const double dt = fmin(0.4 * g.h, 0.5 - t);

    check_ok(tgv_front_surface_cut(&s, level.phi));
    tgv_front_nearest_find(&near, &s, level.phi, HUGE_VAL);
    tgv_front_nearest_extend(&near, speed, v);
    tgv_level_set_advance(&level, v, dt);
    t += dt;
  }
  check_ok(tgv_front_surface_cut(&s, level.phi));
  for (size_t k = 0; k < s.pieces; k++) error += fabs(hypot(s.pr[s.piece[k].a], s.pz[s.piece[k].a]) - 0.5);
  error /= (double)s.pieces;
  assert_int_equal(s.chains, 1);
  assert_true(s.loop[0]);
  tgv_level_set_release(&level), tgv_front_surface_release(&s), tgv_front_nearest_release(&near);
  free(g.r), free(g.z), free(speed), free(v);
  return error;
}

static void front_is_of_second_order(void **state)
{
  (void)state;
  const double coarse = circle_error(32), middle = circle_error(64), fine = circle_error(128);

  print_message("circle: %.3g %.3g %.3g, orders %.2f %.2f\n", coarse, middle, fine, log2(coarse / middle),
                log2(middle / fine));
  assert_true(log2(coarse / fine) / 2 > 1.7);
  assert_true(fine < 2e-4);
}

/* Coverage on the wall of a shrinking square (sharp corners) or circle, both of half width 1, after 0.5 at speed 1. */
struct carried {
  double before, after, area; /* sums over the surface */
  double off;                 /* mean difference from `expected` over the pieces with |r| < 0.3 */
  double worst;               /* largest */
};

static struct carried carry(bool square, double expected)
{
  const size_t             n = 48, nodes = (n + 1) * (n + 1);
  struct tgv_front_grid    g = {.nr = n, .nz = n, .h = 2.4 / (double)n, .planar = true};
  struct tgv_level_set     level;
  struct tgv_front_surface s[2];
  struct tgv_front_nearest near;
  struct carried           out = {0};
  double *theta[2], *speed = calloc(2 * nodes, sizeof *speed), *v = calloc(nodes, sizeof *v), length = 0;
  int     at = 0;

  g.r = calloc(n + 1, sizeof *g.r), g.z = calloc(n + 1, sizeof *g.z);
  theta[0] = calloc(2 * nodes, sizeof(double)), theta[1] = calloc(2 * nodes, sizeof(double));
  for (size_t i = 0; i <= n; i++) g.r[i] = g.z[i] = 2.4 * (double)i / (double)n - 1.2 + 0.013;
  check_ok(tgv_level_set_new(&g, &level));
  check_ok(tgv_front_surface_new(&g, &s[0]));
  check_ok(tgv_front_surface_new(&g, &s[1]));
  check_ok(tgv_front_nearest_new(&g, &near));
  for (size_t k = 0; k < nodes; k++) {
    const double r = g.r[k % (n + 1)], z = g.z[k / (n + 1)];

    level.phi[k] = square ? fmin(1 - fabs(r), 1 - fabs(z)) : 1 - hypot(r, z);
  }
  for (size_t k = 0; k < 2 * nodes; k++) speed[k] = 1, theta[0][k] = 0.2;
  check_ok(tgv_front_surface_cut(&s[0], level.phi));
  for (size_t k = 0; k < s[0].pieces; k++) out.before += s[0].piece[k].area * theta[0][k];
  for (double t = 0; t < 0.5 - 1e-9; t += 0.01, at = 1 - at) {
    tgv_front_nearest_find(&near, &s[at], level.phi, HUGE_VAL);
    tgv_front_nearest_extend(&near, speed, v);
    tgv_level_set_advance(&level, v, 0.01);
    check_ok(tgv_front_surface_cut(&s[1 - at], level.phi));
    tgv_front_nearest_hand_over(&near, &s[1 - at], theta[at], theta[1 - at]);
  }
  for (size_t k = 0; k < s[at].pieces; k++) {
    const struct tgv_front_piece *p = &s[at].piece[k];

    out.after += p->area * theta[at][k], out.area += p->area;
    if (fabs(p->r) > 0.3) continue;
    out.off += p->area * fabs(theta[at][k] - expected), length += p->area;
    out.worst = fmax(out.worst, fabs(theta[at][k] - expected));
  }
  out.off /= length;
  for (int k = 0; k < 2; k++) tgv_front_surface_release(&s[k]), free(theta[k]);
  tgv_level_set_release(&level), tgv_front_nearest_release(&near);
  free(g.r), free(g.z), free(speed), free(v);
  return out;
}

/* What shrinks keeps its coverage: in a circle theta r stays everywhere, in a square the flat sides keep theirs and the corners take the
   rest. */
static void coverage_is_conserved(void **state)
{
  (void)state;
  const struct carried square = carry(true, 0.2), circle = carry(false, 0.4);

  print_message(
      "square: %.6f -> %.6f on %.4f, flat off by %.1e; circle: %.6f -> %.6f, off by %.1e, worst %.1e\n",
      square.before, square.after, square.area, square.off, circle.before, circle.after, circle.off,
      circle.worst);
  check_close(square.after, square.before, 1e-9);
  assert_true(square.off < 1e-9);
  assert_true(fabs(square.area - 4) < 0.1);
  check_close(circle.after, circle.before, 1e-9);
  assert_true(circle.off < 0.005 && circle.worst < 0.015);
}

/* Flat electrode of extremefill's own check: c / c_inf = 0.85618387, psi = 0.0713141 V (see test_plating_kinetics). A via one
   cell deep and a hair wide in a face stands for the flat face. Growth is made negligible by its molar volume. */
static void flat_electrode_of_extremefill(void **state)
{
  (void)state;
  static double                    z[2] = {0, 1e-9}, r[2] = {1e-9, 1e-9};
  const struct tgv_plating_segment drive = {1, 0.275};
  struct tgv_plating_case          c = annular(&drive);
  struct tgv_plating_front_options o = {
      .depth_cells = 8, .gap_cells = 1, .growth = 1.6, .time_growth = 1, .snapshots = 1};
  struct tgv_plating_outcome out;

  c.profile = (struct tgv_via_profile){2, z, r}, c.core_radius = 0, c.time = 3e3;
  c.bath.ion_diffusivity = 5.6e-10, c.bath.additive_bulk = 0, c.bath.molar_volume = 1e-12;
  c.bath.temperature *= 8.314 / tgv_gas_constant * tgv_faraday / 96485;
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  const struct tgv_plating_snapshot *end = &out.snapshot[out.snapshots - 1];
  double                             widest = 0, ion = 0, current = 0;

  for (size_t k = 0; k < end->n; k++)
    if (end->r[k] > widest) widest = end->r[k], ion = end->ion[k], current = end->current[k];
  print_message("flat: c %.8f, i %.6f A/m2\n", ion, current);
  check_near(ion, 0.85618387, 0, 1e-6);
  check_near(0.275 - current * 0.03 / c.bath.conductivity, 0.0713141, 0, 1e-6);
  tgv_plating_outcome_release(&out);
}

/* A flat face under a stirred layer of fixed top, growth limited in part by diffusion (wholly, a flat face is unstable: Mullins and Sekerka): with the layer delta' = delta + n F D c0 / K (K: current at
   c0) the thickness is s = delta' - sqrt(delta'^2 - 2 Omega D c0 t), exact for Omega c0 -> 0. A via of a ten-millionth of the area sits in
   its middle. */
static double flat_growth_error(double cells, double *balance)
{
  static double                    z[2] = {0, 10e-6}, r[2] = {1e-8, 1e-8};
  const struct tgv_plating_segment drive = {1, 0.15};
  struct tgv_plating_case          c = annular(&drive);
  struct tgv_plating_front_options o = {
      .depth_cells = cells, .gap_cells = 1, .growth = 2, .overburden = 20e-6};
  struct tgv_plating_outcome out;

  c.profile = (struct tgv_via_profile){2, z, r}, c.core_radius = 0, c.cell_radius = 30e-6;
  c.bath.additive_bulk = 0, c.bath.molar_volume = 7.1e-9, c.bath.conductivity = 1e9;
  c.reference = 0, c.boundary_layer = 20e-6;
  const double diffusion = c.bath.ion_diffusivity * c.bath.ion_bulk;
  const double full = tgv_plating_current(&c.bath, drive.value, c.bath.ion_bulk, 0).i;
  const double layer = c.boundary_layer + c.bath.ion_charge * tgv_faraday * diffusion / full;
  const double thickness = 9e-6;

  c.time =
      (layer * layer - (layer - thickness) * (layer - thickness)) / (2 * c.bath.molar_volume * diffusion);
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  *balance = out.balance;
  tgv_plating_outcome_release(&out);
  return fabs(out.overburden - thickness) / thickness;
}

static void flat_growth_converges(void **state)
{
  (void)state;
  double       balance[3];
  const double coarse = flat_growth_error(8, &balance[0]), middle = flat_growth_error(16, &balance[1]),
               fine = flat_growth_error(32, &balance[2]);

  print_message("flat growth: %.3g %.3g %.3g, order %.2f, balance %.1e\n", coarse, middle, fine,
                log2(coarse / fine) / 2, balance[2]);
  assert_true(fine < 1e-5);
  assert_true(log2(coarse / fine) / 2 > 1.5);
  assert_true(fabs(balance[0]) < 1e-5 && fabs(balance[2]) < 1e-7);
}

/* Cheap cells of NIST's published map (figure 3a), coarse: regime, length of the void, copper. k+, k- in the order of the figure. */
static void published_outcomes_come_out(void **state)
{
  (void)state;
  static const struct {
    int                     plus, minus; /* index of 20 logarithmic steps: 10 .. 1e4, 1e6 .. 1e9 */
    enum tgv_plating_regime regime;
    double                  void_length;
  } list[] = {
      {19, 5, TGV_PLATING_PASSIVE, 0}, {10, 15, TGV_PLATING_VOID, 0.87}, {5, 19, TGV_PLATING_PINCHED, 1}};
  const struct tgv_plating_segment drive = {1, 0.25};

  for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
    struct tgv_plating_case          c = annular(&drive);
    struct tgv_plating_front_options o = {.depth_cells = 50, .gap_cells = 4.8};
    struct tgv_plating_outcome       out;

    c.bath.adsorption = pow(10, 1 + 3 * list[k].plus / 19.0),
    c.bath.consumption = pow(10, 6 + 3 * list[k].minus / 19.0);
    check_ok(tgv_plating_front_solve(&c, &o, &out));
    print_message("k+ %.3g k- %.3g: %s, void %.2f, balance %.1e, %.1f s\n", c.bath.adsorption,
                  c.bath.consumption, tgv_plating_regime_name(out.regime), out.void_length, out.balance,
                  out.seconds);
    assert_int_equal(out.regime, list[k].regime);
    check_near(out.void_length, list[k].void_length, 0, 0.1);
    if (out.regime != TGV_PLATING_PASSIVE) assert_true(fabs(out.balance) < 1e-3);
    tgv_plating_outcome_release(&out);
  }
}

/* A through-hole without additive grows from the mouths and pinches (process page of the kinetics: no additive, no bottom-up), alike on
   both sides; galvanostatic, so the charge is known, and as a pulse train of equal halves it gives the same. */
static void through_hole_without_additive_pinches(void **state)
{
  (void)state;
  static double                    z[2] = {0, 100e-6}, r[2] = {10e-6, 10e-6};
  const struct tgv_plating_segment drive[3] = {{1, 150}, {1e-3, 150}, {1e-3, 150}};
  struct tgv_plating_case          c = annular(&drive[0]);
  struct tgv_plating_front_options o = {
      .depth_cells = 40, .gap_cells = 5, .snapshots = 4, .stop_when_closed = true};
  struct tgv_plating_outcome direct, pulsed;

  c.profile = (struct tgv_via_profile){2, z, r}, c.core_radius = 0, c.cell_radius = 30e-6,
  c.ends = TGV_PLATING_THROUGH;
  c.boundary_layer = 40e-6, c.galvanostatic = true, c.bath.additive_bulk = 0, c.time = 2e4;
  assert_false(tgv_plating_front_averages(&c));
  check_ok(tgv_plating_front_solve(&c, &o, &direct));
  c.segments = 2, c.segment = &drive[1];
  assert_true(tgv_plating_front_averages(&c));
  check_ok(tgv_plating_front_solve(&c, &o, &pulsed));
  print_message("through: %s, void %.2f at %.2f um, bridge %.1f s, balance %.1e, dimple %.2g, %.1f s\n",
                tgv_plating_regime_name(direct.regime), direct.void_length, direct.void_depth * 1e6,
                direct.bridge_time, direct.balance, direct.dimple, direct.seconds);
  assert_int_equal(direct.regime, TGV_PLATING_PINCHED);
  check_near(direct.void_depth, 50e-6, 0, 2.5e-6); /* a cell */
  check_close(direct.charge, direct.snapshot[direct.snapshots - 1].time * 150 * 2 * M_PI * 30e-6 * 30e-6,
              1e-3);
  assert_true(fabs(direct.balance) < 1e-3);
  check_close(pulsed.bridge_time, direct.bridge_time, 1e-3);
  assert_true(direct.snapshots >= 3);
  for (size_t k = 0; k < direct.snapshots; k++) assert_true(direct.snapshot[k].n > 20);
  tgv_plating_outcome_release(&direct), tgv_plating_outcome_release(&pulsed);
}

static double mouth[3], mirror[3]; /* depth and radius of a short hourglass and of its upper half */

/* An hourglass 60/44 um, 120 um deep, and its upper half on an insulating carrier */
static struct tgv_plating_case hourglass(const struct tgv_plating_segment *drive, bool half)
{
  static double           r[3] = {30e-6, 22e-6, 30e-6};
  struct tgv_plating_case c = annular(drive);

  mouth[1] = mirror[1] = 60e-6, mouth[2] = 120e-6;
  c.profile = half ? (struct tgv_via_profile){2, mirror, r} : (struct tgv_via_profile){3, mouth, r};
  c.ends = half ? TGV_PLATING_SEALED : TGV_PLATING_THROUGH;
  c.core_radius = 0, c.cell_radius = 100e-6, c.boundary_layer = 100e-6, c.galvanostatic = true;
  return c;
}

/* The middle plane of a through-hole is a mirror: its upper half over a carrier that is not plated fills alike. Growth by a given current
   leaves as much copper as Faraday says whatever the surface does. */
static void sealed_end_is_half_a_through_hole(void **state)
{
  (void)state;
  const struct tgv_plating_segment       drive = {1, 4};
  const struct tgv_plating_front_options whole = {.depth_cells = 32, .gap_cells = 8},
                                         half = {.depth_cells = 16, .gap_cells = 8};
  struct tgv_plating_case    c = hourglass(&drive, false), d = hourglass(&drive, true);
  struct tgv_plating_outcome a, b;

  c.time = d.time = 4000;
  check_ok(tgv_plating_front_solve(&c, &whole, &a));
  check_ok(tgv_plating_front_solve(&d, &half, &b));
  print_message(
      "whole %s fill %.4f, charge %.4g, balance %.1e; half %s fill %.4f, balance %.1e, %.1f and %.1f s\n",
      tgv_plating_regime_name(a.regime), a.fill, a.charge, a.balance, tgv_plating_regime_name(b.regime),
      b.fill, b.balance, a.seconds, b.seconds);
  assert_true(a.fill > 0.1);
  check_close(a.fill, b.fill, 0.02);
  check_close(a.charge, 4 * 4000 * 2 * M_PI * 100e-6 * 100e-6, 1e-3);
  check_close(b.charge, 0.5 * a.charge, 1e-3);
  assert_true(fabs(a.balance) < 1e-3 && fabs(b.balance) < 1e-3);
  tgv_plating_outcome_release(&a), tgv_plating_outcome_release(&b);
}

/* Reverse pulses long enough to be followed: the charge is that of the mean current, and what the reverse takes is copper of before. */
static void reverse_pulse_leaves_the_mean_charge(void **state)
{
  (void)state;
  const struct tgv_plating_segment       drive[2] = {{20, 60}, {5, -40}};
  const struct tgv_plating_front_options o = {.depth_cells = 24, .gap_cells = 6};
  struct tgv_plating_case                c = hourglass(drive, false);
  struct tgv_plating_outcome             out;
  const double                           faces = 2 * M_PI * 100e-6 * 100e-6;

  c.bath.additive_bulk = 0, c.segments = 2, c.boundary_layer = 60e-6, c.time = 200;
  assert_false(tgv_plating_front_averages(&c));
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  print_message("reverse: charge %.6g of %.6g C, balance %.1e, %zu steps, %.1f s\n", out.charge,
                8 * 1000 * faces, out.balance, out.steps, out.seconds);
  check_close(out.charge, 8 * 1000 * faces,
              2e-2); /* 8 periods of 60 * 20 - 40 * 5 A s/m2; switches charge the double layer */
  assert_true(fabs(out.balance) < 1e-3);
  tgv_plating_outcome_release(&out);
}

/* With a given potential a fully covered surface stays passive, a bare one grows (process page of plating_depth). A small current instead
   breaks suppression down: both starts fill alike. A current that no surface takes stands at the compliance, as 0.1 V given. */
static void both_starts_are_looked_at(void **state)
{
  (void)state;
  struct tgv_plating_segment             drive = {1, 0.25};
  const struct tgv_plating_front_options o = {.depth_cells = 50, .gap_cells = 4.8, .both = true};
  struct tgv_plating_case                c = annular(&drive);
  struct tgv_plating_outcome             out, held;

  c.bath.adsorption = 61.6, c.bath.consumption = 1e9, c.time = 1500;
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  assert_int_equal(out.regime, TGV_PLATING_PINCHED);
  assert_true(out.bistable);
  tgv_plating_outcome_release(&out);
  c = hourglass(&drive, false), c.time = 600, c.bath.additive_bulk = 0, c.compliance = 0.1, drive.value = 1e5;
  check_ok(tgv_plating_front_solve(&c, &(struct tgv_plating_front_options){.depth_cells = 24, .gap_cells = 6},
                                   &out));
  c.galvanostatic = false, c.reference = c.boundary_layer, drive.value = 0.1;
  check_ok(tgv_plating_front_solve(&c, &(struct tgv_plating_front_options){.depth_cells = 24, .gap_cells = 6},
                                   &held));
  print_message("compliance for %.1f s: fill %.4f, at 0.1 V %.4f\n", out.limited, out.fill, held.fill);
  check_close(out.limited, 600, 1e-2);
  check_close(out.fill, held.fill, 0.03);
  tgv_plating_outcome_release(&out), tgv_plating_outcome_release(&held);
}

/* Walls of a bath without additive that grow alike close at once along a cylinder: a seam, as long as the hole less its mouths. Walls at
   an angle of 28 degrees meet in a wedge that closes upwards: none. */
static void seams_are_measured(void **state)
{
  (void)state;
  static double straight[2] = {12e-6, 12e-6}, cone[2] = {25e-6, 10e-6}, depth[2] = {0, 60e-6};
  const struct tgv_plating_segment       drive = {1, 0.05};
  const struct tgv_plating_front_options o = {.depth_cells = 30, .gap_cells = 8, .stop_when_closed = true};
  struct tgv_plating_case                c = hourglass(&drive, false);
  struct tgv_plating_outcome             out;

  c.galvanostatic = false, c.reference = 0, c.boundary_layer = 50e-6, c.time = 3e5;
  c.bath.additive_bulk = 0, c.bath.i0_free = 1, c.profile = (struct tgv_via_profile){2, depth, straight};
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  print_message("cylinder: %s, seam %.1f um, fill %.3f, void %.3f, end %g s\n",
                tgv_plating_regime_name(out.regime), out.seam_length * 1e6, out.fill, out.void_length,
                out.fill_time);
  check_near(out.seam_length, 60e-6, 0, 12e-6);
  tgv_plating_outcome_release(&out);
  c.profile.r = cone, c.ends = TGV_PLATING_BLIND;
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  print_message("cone: seam %.1f um, fill %.3f\n", out.seam_length * 1e6, out.fill);
  check_near(out.seam_length, 0, 0, 4e-6);
  tgv_plating_outcome_release(&out);
}

/* Copper on a face may not grow out of the layer: told, not passed over. */
static void end_of_the_layer_is_told(void **state)
{
  (void)state;
  const struct tgv_plating_segment       drive = {1, 100};
  const struct tgv_plating_front_options o = {.depth_cells = 24, .gap_cells = 6};
  struct tgv_plating_case                c = hourglass(&drive, false);
  struct tgv_plating_outcome             out;

  c.bath.additive_bulk = 0, c.boundary_layer = 40e-6, c.time = 1e5;
  check_ok(tgv_plating_front_solve(&c, &o, &out));
  print_message("layer: bump %.1f um, overburden %.1f um\n", out.bump * 1e6, out.overburden * 1e6);
  assert_true(out.layer_full);
  assert_true(out.bump > 20e-6 && out.bump <= 40e-6 && out.bump >= out.overburden);
  tgv_plating_outcome_release(&out);
}

/* Bad questions get an answer in words. */
static void senseless_cases_are_refused(void **state)
{
  (void)state;
  const struct tgv_plating_segment drive = {1, 0.25};
  struct tgv_plating_front_options o = {0};
  struct tgv_plating_outcome       out;

  for (int k = 0; k < 6; k++) {
    struct tgv_plating_case c = annular(&drive);

    if (k == 0) c.segments = 0;
    if (k == 1) c.time = 0;
    if (k == 2) c.cell_radius = 8e-6;
    if (k == 3) c.boundary_layer = NAN;
    if (k == 4) c.core_radius = 9e-6;
    if (k == 5) c.profile.n = 1;
    assert_int_equal(tgv_plating_front_solve(&c, &o, &out), TGV_INPUT);
    assert_true(strlen(tgv_error_message()) > 10);
    assert_null(out.snapshot);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(front_is_of_second_order),
      cmocka_unit_test(coverage_is_conserved),
      cmocka_unit_test(flat_electrode_of_extremefill),
      cmocka_unit_test(flat_growth_converges),
      cmocka_unit_test(published_outcomes_come_out),
      cmocka_unit_test(through_hole_without_additive_pinches),
      cmocka_unit_test(sealed_end_is_half_a_through_hole),
      cmocka_unit_test(reverse_pulse_leaves_the_mean_charge),
      cmocka_unit_test(both_starts_are_looked_at),
      cmocka_unit_test(seams_are_measured),
      cmocka_unit_test(end_of_the_layer_is_told),
      cmocka_unit_test(senseless_cases_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
