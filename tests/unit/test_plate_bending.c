/* The closed forms of plates on supports against the differential equations, lattice sums and the three-moment equations. */
#include "check.h"

#include "solver/plate_bending.h"

static const struct tgv_plate plate = {77e9, 0.22, 0.5e-3};

/* w'' = -M / D along the whole strip, from the deflections at neighbouring points */
static void curvature_is_moment_over_stiffness(void **state)
{
  const struct tgv_strip s = {0.51, 0.08, 12.3};
  const double           D = tgv_plate_stiffness(&plate), d = 1e-4;

  (void)state;
  for (double x = 0.0103; x < 0.5; x += 0.0101) {
    double w = tgv_strip_deflection(&s, D, x - d) - 2 * tgv_strip_deflection(&s, D, x) +
               tgv_strip_deflection(&s, D, x + d);

    if (fabs(x - 0.08) < 2 * d || fabs(x - 0.43) < 2 * d) continue;
    check_near(-D * w / (d * d), tgv_strip_moment(&s, x), 1e-4, 1e-5);
  }
  check_near(tgv_strip_deflection(&s, D, 0.08), 0, 0, 1e-15);
}

/* twice the strain energy, the integral of M^2 / D, is the work of the load */
static void mean_deflection_is_energy(void **state)
{
  const double D = tgv_plate_stiffness(&plate);
  const int    n = 20000;

  (void)state;
  for (double a = 0; a < 0.25; a += 0.06) {
    const struct tgv_strip s = {0.51, a, 12.3};
    double                 energy = 0, mean = 0;

    for (int i = 0; i < n; i++) {
      double x = (i + 0.5) * s.length / n, M = tgv_strip_moment(&s, x);

      energy += M * M / D / n;
      mean += tgv_strip_deflection(&s, D, x) / n;
    }
    check_close(tgv_strip_mean(&s, D), energy / s.load, 1e-6);
    check_close(tgv_strip_mean(&s, D), mean, 1e-6);
  }
}

/* Moments over the rollers of a long beam that sticks out at its start: three-moment equations, solved by sweeps. */
static void rollers_are_a_continuous_beam(void **state)
{
  enum { N = 40 };
  const struct tgv_rollers r = {0.1, 0.07, 12.3};
  const double             D = tgv_plate_stiffness(&plate), q = r.load, p = r.pitch;
  double                   M[N + 1] = {0};

  (void)state;
  M[0] = -q * 0.07 * 0.07 / 2, M[N] = -q * p * p / 12;
  for (int sweep = 0; sweep < 500; sweep++)
    for (int i = 1; i < N; i++)
      M[i] = (-q * p * p / 2 - M[i - 1] - M[i + 1]) / 4; /* M- + 4 M + M+ = -q p^2 / 2 */
  check_close(M[N / 2], tgv_rollers_inner(&r), 1e-9);
  check_close(tgv_rollers_moment(&r, 0.07), M[0], 1e-12);
  check_near(tgv_rollers_moment(&r, 0.17), M[1], 1e-9, 1e-12);
  check_close(tgv_rollers_moment(&r, 0.12), q * p * p / 8 + (M[0] + M[1]) / 2, 1e-9);
  /* the slope at the last roller is that of a span with both end moments */
  check_close(tgv_rollers_tip(&r, D),
              (q * pow(0.07, 4) / 8 - 0.07 * (q * p * p * p / 24 + p * (2 * M[0] + M[1]) / 6)) / D, 1e-9);
  /* far from the end each span is clamped by its neighbours: 5/384 less 1/96 by the end moments */
  check_close(tgv_rollers_sag(&r, D), q * pow(p, 4) / D * (5.0 / 384 - 1.0 / 96), 1e-12);
}

/* Double Fourier series of the square grid. The load of mode (m, n) of a unit cell is -1 times the form factor of the pad. */
static void grid_of_pads_is_its_fourier_series(void **state)
{
  const struct tgv_pads p = {0.1, 0.008, 12.3};
  const double          pi = acos(-1.0), D = 2.0, nu = 0.22, a = p.pitch;
  const int             N = 1200;
  double                sag = 0, sum = 0, moment[2];

  (void)state;
  for (int m = -N; m <= N; m++)
    for (int n = -N; n <= N; n++) {
      double k2 = 4 * pi * pi * ((double)m * m + (double)n * n), kc = sqrt(k2) * p.radius / a;

      if (m == 0 && n == 0) continue;
      if ((m + n) % 2) sag += 2 / (k2 * k2);
      sum += 2 * j1(kc) / kc / k2;
    }
  check_close(tgv_pads_sag(&p, D), sag * p.load * pow(a, 4) / D, 1e-5);
  tgv_pads_moments(&p, nu, 0, moment);
  check_close(moment[0], moment[1], 1e-12);
  check_close(moment[0], -sum * p.load * a * a * (1 + nu) / 2, 0.015); /* the round cell for the square one */
}

/* the equilibrium of a ring: d(r M_r)/dr - M_t = -r Q, Q = load within r over 2 pi r */
static void moments_at_a_pad_are_in_equilibrium(void **state)
{
  const struct tgv_pads p = {0.1, 0.012, 12.3};
  const double          pi = acos(-1.0), b = p.pitch / sqrt(pi), d = 1e-7;

  (void)state;
  for (double r = 0.001; r < b; r += 0.0037) {
    double before[2], at[2], after[2], inside, Q;

    tgv_pads_moments(&p, 0.22, r - d, before);
    tgv_pads_moments(&p, 0.22, r, at);
    tgv_pads_moments(&p, 0.22, r + d, after);
    inside = p.load * pi * (r * r - b * b * (r < p.radius ? r * r / (p.radius * p.radius) : 1));
    Q = inside / (2 * pi * r);
    check_near(((r + d) * after[0] - (r - d) * before[0]) / (2 * d) - at[1], -r * Q, 1e-4, 1e-6);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(curvature_is_moment_over_stiffness), cmocka_unit_test(mean_deflection_is_energy),
      cmocka_unit_test(rollers_are_a_continuous_beam), cmocka_unit_test(grid_of_pads_is_its_fourier_series),
      cmocka_unit_test(moments_at_a_pad_are_in_equilibrium)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
