/* Subcritical growth: case V12 of the thermo-mechanics reference to its digits, and the rate equation integrated step by step. */
#include "check.h"

#include <gsl/gsl_odeiv2.h>

#include "solver/crack_growth.h"
#include "solver/weibull_strength.h"

static const struct tgv_crack_law law = {0.8e6, 20, 2e-3};
static const double               Y = 1.12, flaw = 5e-6;

/* K_IC = 0.8, n = 20, v0 = 2 mm/s, Y = 1.12, s = 40 MPa, a_i = 5 um */
static void static_and_dynamic(void **state)
{
  (void)state;
  check_close(tgv_critical_flaw(0.8e6, Y, 40e6), 1.015018770e-4, 1e-9);
  check_close(tgv_crack_time(&law, Y, 40e6, flaw), 3.301704402e9, 1e-9);
  check_near(tgv_inert_strength(&law, Y, flaw), 180.223752e6, 0, 1);
  /* the case leaves out (s_f/s_ic)^(n-2)/(n+1) of the strength, 7e-6 and 5e-5 */
  check_close(tgv_dynamic_strength(&law, Y, flaw, 1e6), 110.155831e6, 1e-5);
  check_close(tgv_dynamic_strength(&law, Y, flaw, 10e6), 122.921128e6, 6e-5);
  assert_true(tgv_dynamic_strength(&law, Y, flaw, 1e30) <= 180.223753e6); /* not above the inert strength */
  check_near(tgv_crack_time(&law, Y, 200e6, flaw), 0, 0, 0);
  assert_true(isinf(tgv_crack_time(&law, Y, -1e6, flaw)));
}

struct path {
  const struct tgv_stress_history *h;
};

static int grow(double t, const double y[], double f[], void *context)
{
  const struct tgv_stress_history *h = ((struct path *)context)->h;
  size_t                           i = 1;
  double                           s;

  while (i + 1 < h->n && t > h->time[i]) i++;
  s = h->stress[i - 1] +
      (h->stress[i] - h->stress[i - 1]) * (t - h->time[i - 1]) / (h->time[i] - h->time[i - 1]);
  f[0] = s > 0 ? law.v0 * pow(Y * s * sqrt(M_PI * y[0]) / law.K_IC, law.n) : 0;
  return 0;
}

/* a history with ramps, a dwell and compression, integrated by GSL's Runge-Kutta, piece by piece */
static void history_as_the_rate_equation(void **state)
{
  const double                    time[] = {0, 30, 50, 70, 100}, stress[] = {-60e6, 90e6, 90e6, 40e6, 85e6};
  const struct tgv_stress_history h = {5, time, stress};
  struct path                     p = {&h};
  gsl_odeiv2_system               system = {grow, NULL, 1, &p};
  double                          a = flaw;

  (void)state;
  gsl_odeiv2_driver *d = gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-3, 0, 1e-12);

  for (size_t i = 1; i < h.n; i++) {
    double t = time[i - 1];

    gsl_odeiv2_driver_reset(d);
    assert_int_equal(gsl_odeiv2_driver_apply(d, &t, time[i], &a), 0);
  }
  gsl_odeiv2_driver_free(d);
  assert_true(a > 1.005 * flaw);
  check_close(tgv_crack_after(&law, Y, flaw, &h, 1), a, 1e-9);
  /* ten at once are ten one by one */
  double b = flaw;
  int    k = 0;

  while (k < 10 && !isinf(b)) b = tgv_crack_after(&law, Y, b, &h, 1), k++;
  if (k == 10) check_close(tgv_crack_after(&law, Y, flaw, &h, 10), b, 1e-9);
  assert_true(!isinf(tgv_crack_after(&law, Y, flaw, &h, floor(tgv_crack_repeats(&law, Y, flaw, &h)))));
  assert_true(isinf(tgv_crack_after(&law, Y, flaw, &h, ceil(tgv_crack_repeats(&law, Y, flaw, &h)))));
}

/* a constant stress as a history breaks after the static time; a ramp to s is 1/(n + 1) of it (solver/weibull_strength) */
static void histories_of_one_piece(void **state)
{
  const double time[2] = {0, 1e6}, flat[2] = {40e6, 40e6}, ramp[2] = {0, 40e6}, squeezed[2] = {-1e6, -9e6};
  const struct tgv_stress_history a = {2, time, flat}, b = {2, time, ramp}, c = {2, time, squeezed};

  (void)state;
  check_close(1e6 * tgv_crack_repeats(&law, Y, flaw, &a), 3.301704402e9, 1e-9);
  check_close(tgv_crack_repeats(&law, Y, flaw, &b) / tgv_crack_repeats(&law, Y, flaw, &a), 21, 1e-12);
  check_close(exp((tgv_stress_impulse(&b, 20) - tgv_stress_impulse(&a, 20)) / 20),
              tgv_fatigue_factor(20, 1, 1), 1e-12);
  assert_true(isinf(tgv_crack_repeats(&law, Y, flaw, &c)));
  check_close(tgv_crack_after(&law, Y, flaw, &c, 1e9), flaw, 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(static_and_dynamic),
                                     cmocka_unit_test(history_as_the_rate_equation),
                                     cmocka_unit_test(histories_of_one_piece)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
