/* Weibull statistics against random flaws, slow crack growth against its differential equation. */
#include "check.h"

#include "core/random.h"
#include "solver/weibull_strength.h"

/* A bar whose stress falls linearly: effective length L / (m + 1); the sum over pieces and the closed form agree. */
static void effective_length_of_a_bent_bar(void **state)
{
  const struct tgv_weibull w = {.m = 6, .scale = 100e6, .reference = 0.05};
  struct tgv_stress_field  f = {0};
  const int                n = 4000;

  (void)state;
  for (int i = 0; i < n; i++) tgv_stress_field_add(&f, 40e6 * (i + 0.5) / n, 0.3 / n);
  tgv_stress_field_add(&f, -80e6, 1);
  check_close(tgv_stress_field_largest(&f), 40e6, 1e-3);
  check_close(tgv_stress_field_effective(&f, 6), 0.3 / 7, 2e-3);
  check_close(tgv_weibull_failure(&w, &f, 1), -expm1(-0.3 / 7 / 0.05 * pow(0.4, 6)), 1e-5);
  check_close(tgv_weibull_failure(&w, &f, 2), -expm1(-0.3 / 7 / 0.05 * pow(0.8, 6)), 1e-5);
  tgv_stress_field_release(&f);
}

/* Bodies with flaws drawn one by one: a Poisson number below each strength, the weakest decides. Two pieces, a threshold,
   two kinds of bodies. The strength of the weakest flaw of a piece is threshold + scale (E reference / measure)^(1/m), E
   exponential. */
static void random_bodies_break_as_often(void **state)
{
  const struct tgv_weibull w = {
      .m = 4, .scale = 90, .threshold = 20, .weak_share = 0.3, .weak_m = 3, .weak_scale = 60, .reference = 2};
  const struct tgv_random_key key = tgv_random_key_make(11, 0, 0);
  const double                stress[2] = {50, 80}, measure[2] = {3, 1};
  const int                   bodies = 200000;
  struct tgv_stress_field     f = {0};
  int                         broken = 0;
  double                      want;

  (void)state;
  for (int k = 0; k < 2; k++) tgv_stress_field_add(&f, stress[k], measure[k]);
  for (int i = 0; i < bodies; i++) {
    int    weak = tgv_random_uniform(key, 2, (uint64_t)i) < 0.3, breaks = 0;
    double m = weak ? 3 : 4, scale = weak ? 60 : 90;

    for (uint32_t k = 0; k < 2; k++) {
      double e = -log(tgv_random_uniform(key, k, (uint64_t)i));

      breaks |= 20 + scale * pow(e * 2 / measure[k], 1 / m) < stress[k];
    }
    broken += breaks;
  }
  want = tgv_weibull_failure(&w, &f, 1);
  check_near((double)broken / bodies, want, 0, 4 * sqrt(want * (1 - want) / bodies));
  assert_true(want > 0.1 && want < 0.9);
  tgv_stress_field_release(&f);
}

/* da/dt = A (Y s sqrt(a))^n from a to failure: the integral of s^n dt is the same in a ramp and under a constant stress. */
static double damage(double (*stress)(double t, double end), double end, double n)
{
  const int steps = 200000;
  double    sum = 0;

  for (int i = 0; i < steps; i++) sum += pow(stress((i + 0.5) * end / steps, end), n) * end / steps;
  return sum;
}

static double ramp(double t, double end)
{
  return t / end;
}

static double constant(double t, double end)
{
  (void)t, (void)end;
  return 1;
}

static void fatigue_is_equal_crack_growth(void **state)
{
  (void)state;
  for (double n = 12; n < 40; n += 9) {
    double factor = tgv_fatigue_factor(n, 10, 3600);

    check_close(pow(factor, n) * damage(constant, 3600, n), damage(ramp, 10, n), 1e-6);
  }
  check_close(tgv_fatigue_factor(17, 10, 3600), 0.5967, 1e-4); /* (10 / (18 x 3600))^(1/17) by hand */
  check_close(tgv_fatigue_factor(17, 10, 0), 1, 1e-15);
}

/* Case V12 of the thermo-mechanics reference: m = 8, 150 MPa in 1 mm3, 113.761182 MPa (a/r)^2, a = 22 um, b = 52.5 um, 400 um deep. And rings of
   equal stress, one by one. */
static void glass_around_a_via(void **state)
{
  const struct tgv_weibull w = {.m = 8, .scale = 150e6, .reference = 1e-9};
  const double             a = 22e-6, b = 52.5037567904e-6, s = 113.761182e6, H = 400e-6;
  struct tgv_stress_field  f = {0}, rings = {0};
  const int                n = 4000;

  (void)state;
  tgv_stress_field_add(&f, s, H * tgv_ring_effective(a, b, 8));
  check_close(tgv_weibull_failure(&w, &f, 1), 9.509891913e-6, 1e-9);
  check_near(1 - pow(1 - tgv_weibull_failure(&w, &f, 1), 1e6), .999925888, 0, 1e-9);
  for (int i = 0; i < n; i++) {
    const double r = a + (b - a) * (i + 0.5) / n;

    tgv_stress_field_add(&rings, s * pow(a / r, 2), H * 2 * M_PI * r * (b - a) / n);
  }
  check_close(tgv_weibull_failure(&w, &rings, 1), tgv_weibull_failure(&w, &f, 1), 1e-5);
  check_close(tgv_ring_effective(a, (double)INFINITY, 8), M_PI * a * a / 7, 1e-12);
  tgv_stress_field_release(&f);
  tgv_stress_field_release(&rings);
}

static void critical_flaw_reaches_the_toughness(void **state)
{
  double a = tgv_critical_flaw(0.75e6, TGV_FLAW_EDGE, 100e6);

  (void)state;
  check_close(1.12 * 100e6 * sqrt(acos(-1.0) * a), 0.75e6, 1e-12);
  assert_true(isinf(tgv_critical_flaw(0.75e6, TGV_FLAW_EDGE, 0)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(effective_length_of_a_bent_bar), cmocka_unit_test(random_bodies_break_as_often),
      cmocka_unit_test(fatigue_is_equal_crack_growth), cmocka_unit_test(glass_around_a_via),
      cmocka_unit_test(critical_flaw_reaches_the_toughness)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
