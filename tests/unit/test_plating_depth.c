/* Copper plating over the depth: closed forms, the 1-D S-NDR model, through-holes without additive, balances. */
#include "check.h"

#include <math.h>

#include "solver/plating_depth.h"
#include "solver/plating_mouth.h"

/* Natural constants of NIST's programs: F = 96485, R = 8.314. */
static struct tgv_plating_bath nist(void)
{
  struct tgv_plating_bath b = tgv_plating_bath_nist();

  b.temperature *= 8.314 / tgv_gas_constant * tgv_faraday / 96485;
  return b;
}

/* i0 (e^(f psi / 2) - e^(-f psi / 2)): the law has exponents that sum to 2, so half of f by twice the temperature */
static struct tgv_plating_bath symmetric(double i0)
{
  struct tgv_plating_bath b = nist();

  b.temperature *= 2, b.alpha_free = 1, b.i0_free = i0, b.i0_covered = 0, b.additive_bulk = 0;
  b.ion_diffusivity = 6e-10, b.conductivity = 20;
  return b;
}

struct hole {
  double                     z[3], r[3];
  struct tgv_plating_segment drive;
  struct tgv_plating_case    c;
};

static void hole_init(struct hole *h, double depth, double radius, double waist, double cell, double drive)
{
  *h = (struct hole){.z = {0, 0.5 * depth, depth}, .r = {radius, waist, radius}, .drive = {1, drive}};
  h->c = (struct tgv_plating_case){.bath = nist(),
                                   .profile = {3, h->z, h->r},
                                   .cell_radius = cell,
                                   .ends = TGV_PLATING_THROUGH,
                                   .segments = 1,
                                   .segment = &h->drive,
                                   .time = 1e5};
}

/* linear between the cells */
static double at_depth(const struct tgv_plating_steady *s, const double *value, double z)
{
  size_t k = 1;

  while (k + 1 < s->n && s->z[k] < z) k++;
  return value[k - 1] + (z - s->z[k - 1]) / (s->z[k] - s->z[k - 1]) * (value[k] - value[k - 1]);
}

/* i(mid) / i(mouth) = 1 / cosh(lam), lam^2 = 2 Lh^2 g / (kappa R), g = i0 f: Lh 250 um, R 25 um, kappa 20 S/m, i0 2000 A/m2 gives 0.024242 */
static void linear_kinetics(void **state)
{
  (void)state;
  const struct tgv_plating_depth_options o = {.cells = 200, .plain = true};
  struct tgv_plating_steady              s;
  struct hole                            h;

  hole_init(&h, 500e-6, 25e-6, 25e-6, 25e-6, 1e-5);
  h.c.bath = symmetric(2000), h.c.bath.ion_diffusivity = 1, h.c.time = 1e3;
  check_ok(tgv_plating_depth_steady(&h.c, &o, &s));
  const double f = 96485 / (8.314 * 298);

  check_close(at_depth(&s, s.current, 250e-6) / (2000 * f * 1e-5), 0.024242, 1e-3);
  tgv_plating_steady_release(&s);
}

/* Uniform flux i uses up the ion in the middle at i_lim = 2 d n F D c0 / L^2 = 46.31 A/m2 for d 50 um, L 500 um, D 6e-10 m2/s, 1 M. The current
   of the law follows the ion, so the limit is that of 1 - c(mid) = i / i_lim for a small i. */
static void depletion(void **state)
{
  (void)state;
  const struct tgv_plating_depth_options o = {.cells = 200, .plain = true};
  struct tgv_plating_steady              s;
  struct hole                            h;

  hole_init(&h, 500e-6, 25e-6, 25e-6, 25e-6, 1e-3);
  h.c.bath = symmetric(0.5), h.c.bath.conductivity = 1e6, h.c.time = 1e4;
  check_ok(tgv_plating_depth_steady(&h.c, &o, &s));
  const double used = 1 - at_depth(&s, s.ion, 250e-6);

  check_close(at_depth(&s, s.current, 250e-6) / used, 46.31, 1e-3);
  tgv_plating_steady_release(&s);
}

/* Flat electrode of extremefill's own check (test_plating_kinetics.c): a hole so small that it does not count. */
static void flat_electrode(void **state)
{
  (void)state;
  const struct tgv_plating_depth_options o = {.cells = 8, .plain = true, .tolerance = 1e-8};
  struct tgv_plating_steady              s;
  struct hole                            h;

  hole_init(&h, 1e-6, 1e-6, 1e-6, 0.01, 0.275);
  h.c.bath.ion_diffusivity = 5.6e-10, h.c.bath.additive_bulk = 0, h.c.ends = TGV_PLATING_BLIND;
  h.c.boundary_layer = 150e-6, h.c.reference = 0.03, h.c.time = 1e5;
  check_ok(tgv_plating_depth_steady(&h.c, &o, &s));
  check_near(s.mouth_psi, 0.0713141, 0, 1e-7);
  check_close(s.mouth_ion, 0.85618387, 1e-6);
  tgv_plating_steady_release(&s);
}

/* 1-D S-NDR model of NIST at fixed shape, blind, perimeter over area 1 / 2.8 um, area of the via over the cell 0.093, reached from the bare
   surface. Values of an independent re-implementation (Newton and Picard agree to 0.1 %). 0: not compared, below 1e-12 of the others. */
static void nist_in_one_dimension(void **state)
{
  (void)state;
  static const struct {
    double adsorption, psi, bottom, middle, mouth, theta, ion, additive;
  } want[] = {{0.01, 0.04017, 8.932e-10, 1.1125e-9, 1.7994e-9, 0.0088, 0.3500, 0.9724},
              {5, 0.06280, 1.1365e-9, 1.3065e-9, 1.1599e-9, 0.0675, 0.3206, 2.017e-2},
              {25, 0.12566, 2.2851e-9, 1.0696e-9, 0, 0.0412, 0.2357, 4.809e-3},
              {100, 0.15940, 5.3685e-9, 0, 0, 0.1011, 0.3481, 7.395e-3},
              {150, 0.16665, 6.522e-9, 0, 0, 0.1317, 0.3904, 8.08e-3}};

  for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
    const struct tgv_plating_depth_options o = {.cells = 560, .plain = true};
    struct tgv_plating_steady              s;
    struct hole                            h;

    hole_init(&h, 56e-6, 5.6e-6, 5.6e-6, 5.6e-6 / sqrt(0.093), 0.25);
    h.c.bath.adsorption = want[k].adsorption, h.c.ends = TGV_PLATING_BLIND;
    h.c.boundary_layer = 150e-6, h.c.reference = 0.03, h.c.time = 1e7;
    check_ok(tgv_plating_depth_steady(&h.c, &o, &s));
    const size_t last = s.n - 1;

    check_close(s.mouth_psi, want[k].psi, 1e-3);
    check_close(s.growth[last], want[k].bottom, 0.01);
    check_near(at_depth(&s, s.growth, 28e-6), want[k].middle, 0.01, 1e-20);
    check_near(s.growth[0], want[k].mouth, 0.01, 1e-12);
    check_near(s.coverage[last], want[k].theta, 0.01, 1e-4);
    check_close(s.ion[last], want[k].ion, 0.01);
    check_close(s.additive[last], want[k].additive, 0.01);
    tgv_plating_steady_release(&s);
  }
}

/* plating_mouth: a small disc far below the bath, a disc that fills the cell, a layer thinner than the mouth is wide (but for its edge) */
static void mouths(void **state)
{
  (void)state;
  check_close(tgv_plating_mouth_length(0, 5e-3, 1, INFINITY) / 5e-3, 8 / (3 * M_PI), 0.01);
  check_near(tgv_plating_mouth_length(0, 1, 1, INFINITY), 0, 0, 1e-6);
  check_close(tgv_plating_mouth_length(0, 0.5, 1, 1e-3), 1e-3 * (1 - 0.25), 0.01);
  check_close(tgv_plating_mouth_length(0.3, 0.5, 1, 1e-3), 1e-3 * (1 - 0.16), 0.03);
}

/* Through-holes without additive, d 50 um, stirred mouths at a fixed overpotential: they pinch at the mouth after R / v(mouth). Values of a
   prototype of this model with 200 to 400 nodes, in which only the forward reaction follows the ion; here both do, which matters where the
   back reaction does: at 0.12 V it is 1 % of the forward one, at 0.08 V 4 %, at 0.04 V 21 % (not compared). */
static void holes_without_additive_pinch(void **state)
{
  (void)state;
  static const struct {
    double depth, waist, drive, hours, empty, within;
  } want[] = {{300e-6, 1, 0.08, 4.16, 0.1562, 0.04},   {300e-6, 1, 0.12, 1.84, 0.2938, 0.02},
              {500e-6, 1, 0.08, 4.16, 0.347, 0.04},    {500e-6, 1, 0.12, 1.84, 0.5143, 0.02},
              {500e-6, 0.9, 0.08, 4.16, 0.3126, 0.04}, {500e-6, 0.5, 0.08, 4.16, 0.1582, 0.06}};

  for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
    const struct tgv_plating_depth_options o = {.cells = 160, .plain = true};
    struct tgv_plating_outcome             out;
    struct hole                            h;

    hole_init(&h, want[k].depth, 25e-6, 25e-6 * want[k].waist, 25e-6, want[k].drive);
    h.c.bath = symmetric(10);
    check_ok(tgv_plating_depth_solve(&h.c, &o, &out));
    assert_int_equal(out.regime, TGV_PLATING_PINCHED);
    check_close(out.bridge_time / 3600, want[k].hours, 0.03);
    check_close(out.void_fraction, want[k].empty, want[k].within);
    assert_true(out.balance < 1e-3);
    tgv_plating_outcome_release(&out);
  }
}

/* a through-hole with the bath of NIST */
static void dosed(struct hole *h, double depth, double additive, double drive)
{
  hole_init(h, depth, 25e-6, 25e-6, 85e-6, drive);
  h->c.bath.additive_bulk = additive, h->c.boundary_layer = 100e-6, h->c.reference = 0.03, h->c.time = 20000;
}

/* The reference solver plating_front gives on its grid of 2 um: pinched, 11186 s, void 0.543; arrested, fill 0.222; passive, fill 0.026
   (bench/plating_models, 2026-11-23). The charge is that of the drive where a current is given. */
static void regimes_of_holes(void **state)
{
  (void)state;
  static const struct {
    double                  depth, radius, waist, drive, additive, consumption, fill;
    enum tgv_plating_regime regime;
  } want[] = {{365e-6, 19.55e-6, 0.97, 0.203, 0.0031, 1.75e8, 0.457, TGV_PLATING_PINCHED},
              {325e-6, 16.75e-6, 0.84, 0.139, 0.0129, 2.88e7, 0.222, TGV_PLATING_ARRESTED},
              {161e-6, 26.5e-6, 0.89, 0.238, 0.0216, 1.51e7, 0.026, TGV_PLATING_PASSIVE}};

  for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
    struct tgv_plating_outcome out;
    struct hole                h;

    hole_init(&h, want[k].depth, want[k].radius, want[k].radius * want[k].waist, 85e-6, want[k].drive);
    h.c.bath = tgv_plating_bath_nist();
    h.c.bath.additive_bulk = want[k].additive, h.c.bath.consumption = want[k].consumption;
    h.c.boundary_layer = 100e-6, h.c.reference = 0.03, h.c.time = 40000;
    check_ok(tgv_plating_depth_solve(&h.c, NULL, &out));
    assert_string_equal(tgv_plating_regime_name(out.regime), tgv_plating_regime_name(want[k].regime));
    check_near(out.fill, want[k].fill, 0, 0.03);
    tgv_plating_outcome_release(&out);
  }
}

/* Annular via of NIST, extremefill2D Fig. 3a: passive; void over 0.49 of the depth (read off to 0.03); pinched */
static void annular_via_of_nist(void **state)
{
  (void)state;
  static const struct {
    double                  consumption, length;
    enum tgv_plating_regime regime;
  } want[] = {{6.158e6, 0, TGV_PLATING_PASSIVE},
              {3.793e7, 0.49, TGV_PLATING_VOID},
              {2.336e8, 1, TGV_PLATING_PINCHED}};

  for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
    const struct tgv_plating_depth_options o = {.cells = 80};
    struct tgv_plating_outcome             out;
    struct hole                            h;

    hole_init(&h, 56e-6, 8.5e-6, 8.5e-6, 50e-6 / sqrt(M_PI), 0.25);
    h.c.core_radius = 3.1e-6, h.c.ends = TGV_PLATING_BLIND, h.c.boundary_layer = 150e-6, h.c.reference = 0.03;
    h.c.bath.adsorption = 61.6, h.c.bath.consumption = want[k].consumption, h.c.time = 20000;
    check_ok(tgv_plating_depth_solve(&h.c, &o, &out));
    assert_string_equal(tgv_plating_regime_name(out.regime), tgv_plating_regime_name(want[k].regime));
    check_near(out.void_length, want[k].length, 0, 0.1);
    assert_true(out.balance < 1e-3);
    tgv_plating_outcome_release(&out);
  }
}

/* Faraday: a given current passes the charge i 2 A t, and the copper is that of the charge. */
static void a_given_current_plates_its_copper(void **state)
{
  (void)state;
  struct tgv_plating_outcome out;
  struct hole                h;

  dosed(&h, 300e-6, 0, 30);
  h.c.galvanostatic = true, h.c.time = 5000;
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &out));
  const double area = 2 * M_PI * 85e-6 * 85e-6;

  check_close(out.charge, 30 * area * 5000, 1e-3);
  check_close(out.copper, 7.1e-6 / (2 * 96485.33212) * 30 * area * 5000, 1e-3);
  assert_true(out.balance < 1e-3);
  tgv_plating_outcome_release(&out);
}

/* Coverage and potential of a flat electrode in steady state at the current i: the given growth fixes the bare share k- v / (k+ s + k- v), the
   additive comes through the layer, and Butler-Volmer with the ion at the wall gives the potential. */
static double potential_at(const struct tgv_plating_case *c, double i)
{
  const struct tgv_plating_bath *b = &c->bath;
  const double                   v = b->consumption * b->molar_volume / (b->ion_charge * tgv_faraday) * i;
  const double                   ion =
      1 - i * c->boundary_layer / (b->ion_charge * tgv_faraday * b->ion_diffusivity * b->ion_bulk);
  double s[2] = {0, b->additive_bulk}, psi[2] = {0, 2}, bare = 1;

  for (int k = 0; k < 100; k++) {
    const double x = 0.5 * (s[0] + s[1]);

    bare = v / (b->adsorption * x + v);
    s[b->additive_diffusivity * (b->additive_bulk - x) / c->boundary_layer <
      b->site_density * b->adsorption * x * bare] = x;
  }
  for (int k = 0; k < 100; k++) {
    const double x = 0.5 * (psi[0] + psi[1]);

    psi[tgv_plating_current(b, x, ion * b->ion_bulk, 1 - bare).i > i] =
        x; /* psi[0] too low, psi[1] too high */
  }
  return psi[0];
}

/* Along the S of the current over the potential: a given current holds every point of it, from both starts, also where the potential falls
   as the current rises. The same potential given leads to the same current on the outer branch only, and else jumps over the fold. */
static void a_given_current_passes_the_fold(void **state)
{
  (void)state;
  static const double i[] = {0.3, 3, 10, 20, 40, 80, 160, 300};
  enum { N = sizeof i / sizeof *i, LEAST = 5 /* of the potential */ };
  double psi[N];

  for (int k = 0; k < N; k++)
    for (int covered = 0; covered < 2; covered++) {
      const struct tgv_plating_depth_options o = {
          .cells = 8, .plain = true, .tolerance = 1e-8, .covered = covered == 1};
      struct tgv_plating_steady s;
      struct hole               h;

      hole_init(&h, 1e-6, 1e-6, 1e-6, 0.01, i[k]);
      h.c.ends = TGV_PLATING_BLIND, h.c.boundary_layer = 150e-6, h.c.galvanostatic = true;
      psi[k] = potential_at(&h.c, i[k]);
      check_ok(tgv_plating_depth_steady(&h.c, &o, &s));
      check_near(s.mouth_psi, psi[k], 0, 1e-5);
      check_close(s.face_current, i[k], 1e-5);
      tgv_plating_steady_release(&s);
      if (covered) continue;
      h.c.galvanostatic = false, h.drive.value = psi[k];
      check_ok(tgv_plating_depth_steady(&h.c, &o, &s));
      if (k == N - 1)
        check_close(s.face_current, i[k], 1e-3);
      else if (k > 0 && k < LEAST)
        assert_true(fabs(s.face_current / i[k] - 1) > 0.5);
      tgv_plating_steady_release(&s);
    }
  assert_true(psi[0] > psi[LEAST] + 0.1 && psi[N - 1] > psi[LEAST] + 0.1);
}

/* Vias whose faces fall passive while the ion in them runs out: the potential rises until the faces carry the current again, and all of it
   passes, also where all starts covered. */
static void a_passive_face_carries_a_given_current(void **state)
{
  (void)state;
  static const double drive[] = {5, 20, 20}, additive[] = {0.005, 0.02, 0.02};

  for (int k = 0; k < 3; k++) {
    const struct tgv_plating_depth_options o = {.covered = k == 2};
    struct tgv_plating_outcome             out;
    struct hole                            h;

    dosed(&h, 600e-6, additive[k], drive[k]);
    h.z[1] = 300e-6, h.r[0] = h.r[1] = h.r[2] = 45e-6;
    h.c.cell_radius = 225e-6, h.c.boundary_layer = 150e-6, h.c.galvanostatic = true, h.c.time = 130000;
    check_ok(tgv_plating_depth_solve(&h.c, &o, &out));
    check_close(out.charge, drive[k] * 2 * M_PI * 225e-6 * 225e-6 * h.c.time, 1e-3);
    assert_true(out.limited == 0 && out.balance < 1e-3);
    tgv_plating_outcome_release(&out);
  }
}

/* More current than the rectifier can drive: what comes out is that of its compliance voltage as the given potential. */
static void a_rectifier_at_its_limit_gives_a_potential(void **state)
{
  (void)state;
  struct tgv_plating_outcome given, limited;
  struct hole                h;

  dosed(&h, 300e-6, 0, 0.1);
  h.c.time = 2000, h.c.reference = 0;
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &given));
  assert_true(given.limited == 0);
  h.c.galvanostatic = true, h.c.compliance = 0.1, h.drive.value = 1e5;
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &limited));
  check_close(limited.limited, h.c.time, 1e-3);
  check_close(limited.charge, given.charge, 0.02);
  check_close(limited.fill, given.fill, 0.02);
  assert_true(limited.balance < 1e-3);
  h.c.compliance = -1;
  assert_int_equal(tgv_plating_depth_solve(&h.c, NULL, &limited), TGV_INPUT);
  tgv_error_clear();
  tgv_plating_outcome_release(&given);
}

/* A pulse shorter than the time of diffusion across the via (R^2 / D = 2.36 s) is averaged, a longer one followed; next to the limit both
   must agree. Two equal segments are one. */
static void pulses(void **state)
{
  (void)state;
  struct tgv_plating_segment pulse[2] = {{1.3, 0.2}, {0.9, -0.02}};
  struct tgv_plating_outcome out[2];
  struct hole                h;

  dosed(&h, 150e-6, 0.002, 0.2);
  h.c.time = 250, h.c.segments = 2, h.c.segment = pulse;
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &out[0]));
  pulse[0].duration *= 1.1, pulse[1].duration *= 1.1;
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &out[1]));
  assert_true(out[1].steps > 10 * out[0].steps); /* followed */
  check_close(out[0].charge, out[1].charge, 0.02);
  check_close(out[0].fill, out[1].fill, 0.02);
  pulse[0] = pulse[1] = (struct tgv_plating_segment){0.5, 0.2};
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &out[0]));
  h.c.segments = 1;
  check_ok(tgv_plating_depth_solve(&h.c, NULL, &out[1]));
  check_close(out[0].fill, out[1].fill, 1e-3);
  check_close(out[0].charge, out[1].charge, 1e-3);
}

/* Fill of a hole on 40, 80, 160 cells: the changes fall at least by 1.7 each time, towards first order. */
static void cells_converge(void **state)
{
  (void)state;
  double fill[3];

  for (int k = 0; k < 3; k++) {
    const struct tgv_plating_depth_options o = {.cells = (size_t)40 << k, .tolerance = 1e-5};
    struct tgv_plating_outcome             out;
    struct hole                            h;

    dosed(&h, 300e-6, 0.003, 0.15);
    h.c.time = 3000;
    check_ok(tgv_plating_depth_solve(&h.c, &o, &out));
    fill[k] = out.fill;
  }
  const double first = fabs(fill[1] - fill[0]), second = fabs(fill[2] - fill[1]);

  if (!(second < first / 1.7) || !(second < 1e-3)) fail_msg("fill %.8g %.8g %.8g", fill[0], fill[1], fill[2]);
}

/* Vias that fill, two of them over voids: nothing of the answer hangs on the length of the steps. The bath of data/recipes/copper_tgv.yaml. */
static void small_steps_change_nothing(void **state)
{
  (void)state;
  static const struct {
    double                  depth, radius, waist, drive;
    enum tgv_plating_regime regime;
  } via[] = {{600e-6, 45e-6, 0.667, 2, TGV_PLATING_BUTTERFLY},
             {600e-6, 45e-6, 0.667, 3, TGV_PLATING_VOID},
             {300e-6, 22.5e-6, 0.6, 1, TGV_PLATING_BUTTERFLY}}; /* with a void too small to count */

  for (int k = 0; k < 3; k++) {
    struct tgv_plating_outcome out[2];
    struct hole                h;

    hole_init(&h, via[k].depth, via[k].radius, via[k].radius * via[k].waist, 282e-6, via[k].drive);
    h.c.bath = tgv_plating_bath_nist(), h.c.galvanostatic = true;
    h.c.boundary_layer = 150e-6, h.c.time = 130000;
    for (int fine = 0; fine < 2; fine++) {
      const struct tgv_plating_depth_options o = {.cells = 160, .tolerance = fine ? 1e-5 : 0};

      check_ok(tgv_plating_depth_solve(&h.c, &o, &out[fine]));
      assert_int_equal(out[fine].regime, via[k].regime);
      assert_true(out[fine].balance < 1e-3);
      tgv_plating_outcome_release(&out[fine]);
    }
    assert_true(out[1].steps > 2 * out[0].steps);
    check_near(out[0].fill, out[1].fill, 0, 1e-4);
    check_close(out[0].fill_time, out[1].fill_time, 1e-3);
    check_close(out[0].bridge_time, out[1].bridge_time, 2e-3);
    check_near(out[0].void_fraction, out[1].void_fraction, 0, 1e-4);
    check_near(out[0].void_length, out[1].void_length, 0, 0.01);
    check_close(out[0].charge, out[1].charge, 1e-4);
  }
}

/* A via that is its own mirror image is solved by half; a shape that differs by 1e-6 is not. */
static void half_a_via_is_the_via(void **state)
{
  (void)state;
  const struct tgv_plating_depth_options o = {.cells = 100, .snapshots = 2};
  struct tgv_plating_outcome             out[2];
  struct hole                            h;

  for (int k = 0; k < 2; k++) {
    dosed(&h, 250e-6, 0.004, 0.2);
    if (k) h.r[0] *= 1 + 1e-6;
    h.c.bath.consumption = 1e8;
    check_ok(tgv_plating_depth_solve(&h.c, &o, &out[k]));
    assert_int_equal(out[k].snapshot[0].n, 100);
  }
  assert_int_equal(out[0].regime, out[1].regime);
  check_close(out[0].fill, out[1].fill, 2e-3);
  check_close(out[0].charge, out[1].charge, 2e-3);
  check_close(out[0].bridge_time, out[1].bridge_time, 0.01);
  check_near(out[0].void_depth, 125e-6, 0, 1e-9);
  for (int k = 0; k < 2; k++) tgv_plating_outcome_release(&out[k]);
}

/* A surface that carries no current when covered stays passive from a covered start: bistable where the bare start fills. If it carries some,
   growth takes the additive in and both starts end alike. */
static void two_starts(void **state)
{
  (void)state;
  const struct tgv_plating_depth_options o = {.cells = 80, .both = true};
  struct tgv_plating_outcome             out;
  struct hole                            h;

  dosed(&h, 250e-6, 0.004, 0.2);
  h.c.bath.consumption = 1e8;
  check_ok(tgv_plating_depth_solve(&h.c, &o, &out));
  assert_int_equal(out.regime, TGV_PLATING_PINCHED);
  assert_true(out.bistable);
  tgv_plating_outcome_release(&out);
  h.c.bath.i0_covered = 8;
  check_ok(tgv_plating_depth_solve(&h.c, &o, &out));
  assert_int_equal(out.regime, TGV_PLATING_PINCHED);
  assert_false(out.bistable);
  tgv_plating_outcome_release(&out);
}

static void senseless_cases_fail(void **state)
{
  (void)state;
  struct tgv_plating_depth_options o = {.cells = 4};
  struct tgv_plating_outcome       out;
  struct hole                      h;

  dosed(&h, 250e-6, 0.004, 0.2);
  assert_int_equal(tgv_plating_depth_solve(&h.c, &o, &out), TGV_INPUT);
  h.c.cell_radius = 10e-6;
  assert_int_equal(tgv_plating_depth_solve(&h.c, NULL, &out), TGV_INPUT);
  h.c.cell_radius = 85e-6, h.c.core_radius = 30e-6;
  assert_int_equal(tgv_plating_depth_solve(&h.c, NULL, &out), TGV_INPUT);
  h.c.core_radius = 0, h.c.time = NAN;
  assert_int_equal(tgv_plating_depth_solve(&h.c, NULL, &out), TGV_INPUT);
  h.c.time = 1, h.c.segments = 0;
  assert_int_equal(tgv_plating_depth_solve(&h.c, NULL, &out), TGV_INPUT);
  h.c.segments = 1, h.c.bath.ion_bulk = 0;
  assert_int_equal(tgv_plating_depth_solve(&h.c, NULL, &out), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(linear_kinetics),
                                     cmocka_unit_test(depletion),
                                     cmocka_unit_test(flat_electrode),
                                     cmocka_unit_test(nist_in_one_dimension),
                                     cmocka_unit_test(mouths),
                                     cmocka_unit_test(holes_without_additive_pinch),
                                     cmocka_unit_test(regimes_of_holes),
                                     cmocka_unit_test(annular_via_of_nist),
                                     cmocka_unit_test(a_given_current_plates_its_copper),
                                     cmocka_unit_test(a_given_current_passes_the_fold),
                                     cmocka_unit_test(a_passive_face_carries_a_given_current),
                                     cmocka_unit_test(a_rectifier_at_its_limit_gives_a_potential),
                                     cmocka_unit_test(pulses),
                                     cmocka_unit_test(cells_converge),
                                     cmocka_unit_test(small_steps_change_nothing),
                                     cmocka_unit_test(half_a_via_is_the_via),
                                     cmocka_unit_test(two_starts),
                                     cmocka_unit_test(senseless_cases_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
