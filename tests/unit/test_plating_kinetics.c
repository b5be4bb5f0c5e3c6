/* Kinetics of plating: derivatives against differences, and the flat electrode of NIST's program extremefill. */
#include "check.h"

#include <math.h>

#include "solver/plating_kinetics.h"

static void derivatives_are_those_of_the_current(void **state)
{
  (void)state;
  struct tgv_plating_bath b = tgv_plating_bath_nist();

  b.i0_covered = 0.1, b.alpha_covered = 0.3;
  for (int k = 0; k < 27; k++) {
    const double psi = -0.02 + 0.1 * (k % 3), c = 100 + 400 * (k / 3 % 3), theta = 0.05 + 0.45 * (k / 9);
    const struct tgv_plating_rate at = tgv_plating_current(&b, psi, c, theta);
    const double                  h = 1e-6;
    const double                  dpsi =
        tgv_plating_current(&b, psi + h, c, theta).i - tgv_plating_current(&b, psi - h, c, theta).i;
    const double dc =
        tgv_plating_current(&b, psi, c + 1, theta).i - tgv_plating_current(&b, psi, c - 1, theta).i;
    const double dt =
        tgv_plating_current(&b, psi, c, theta + h).i - tgv_plating_current(&b, psi, c, theta - h).i;

    assert_true(fabs(dpsi / (2 * h) - at.di_dpsi) <= 1e-6 * fabs(at.di_dpsi));
    assert_true(fabs(dc / 2 - at.di_dc) <= 1e-9 * fabs(at.di_dc) + 1e-12);
    assert_true(fabs(dt / (2 * h) - at.di_dtheta) <= 1e-6 * fabs(at.di_dtheta) + 1e-9);
  }
}

/* Flat electrode of extremefill's own check: h = 0, i1 = 0, D_c 5.6e-10, E -0.275 V, delta 150 um, reference 0.03 m away; no additive.
   psi = 0.0713141 V, c / c_inf = 0.85618387. Solved here by bisection: psi + i L / kappa = -E and
   c = 1 / (1 + i(c_inf) delta / (n F D c_inf)). Its natural constants are F = 96485, R = 8.314. */
static void flat_electrode_of_extremefill(void **state)
{
  (void)state;
  struct tgv_plating_bath b = tgv_plating_bath_nist();
  double                  low = 0, high = 0.275, share = 1;

  b.ion_diffusivity = 5.6e-10;
  b.temperature *= 8.314 / tgv_gas_constant * tgv_faraday / 96485;
  while (high - low > 1e-15) {
    const double psi = 0.5 * (low + high), full = tgv_plating_current(&b, psi, b.ion_bulk, 0).i;

    share = 1 / (1 + full * 150e-6 / (b.ion_charge * tgv_faraday * b.ion_diffusivity * b.ion_bulk));
    *(psi + share * full * 0.03 / b.conductivity < 0.275 ? &low : &high) = psi;
    if (psi <= low && psi >= high) break;
  }
  if (fabs(low - 0.0713141) > 1e-7 || fabs(share - 0.85618387) > 1e-6)
    fail_msg("psi %.8g, c %.8g", low, share);
}

static void coverage_saturates(void **state)
{
  (void)state;
  const struct tgv_plating_bath b = tgv_plating_bath_nist();

  assert_true(tgv_plating_coverage_rate(&b, 1, 0.02, 0) == 0);
  /* at rest k+ s (1 - theta) = k- theta v: theta = 1 / (1 + k- v / (k+ s)) */
  const double theta = 1 / (1 + 2.45e7 * 1e-9 / (100 * 0.02));
  assert_true(fabs(tgv_plating_coverage_rate(&b, theta, 0.02, 1e-9)) < 1e-15);
  assert_true(tgv_plating_coverage_rate(&b, 0.5, 0, -1e-9) == 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(derivatives_are_those_of_the_current),
                                     cmocka_unit_test(flat_electrode_of_extremefill),
                                     cmocka_unit_test(coverage_saturates)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
