#include "check.h"

#include "solver/yield_model.h"

/* The table of reference section 1.2, computed with R 4.2.2: columns in this order. */
static const struct {
  enum tgv_yield_model model;
  double               shape;
} model[] = {
    {TGV_YIELD_POISSON, 0},           {TGV_YIELD_MURPHY, 0},
    {TGV_YIELD_RECTANGULAR, 0},       {TGV_YIELD_SEEDS, 0},
    {TGV_YIELD_SEEDS_ROOT, 0},        {TGV_YIELD_NEGATIVE_BINOMIAL, 0.5},
    {TGV_YIELD_NEGATIVE_BINOMIAL, 2}, {TGV_YIELD_NEGATIVE_BINOMIAL, 3},
    {TGV_YIELD_BOSE_EINSTEIN, 4},
};
enum { MODELS = sizeof model / sizeof *model };

static const struct {
  double lambda, yield[MODELS];
} table[] = {
    {0.1, {.904837, .905592, .906346, .909091, .728893, .912871, .907029, .906314, .905951}},
    {0.5, {.606531, .619272, .632121, .666667, .493069, .707107, .640000, .629738, .624295}},
    {1, {.367879, .399576, .432332, .500000, .367879, .577350, .444444, .421875, .409600}},
    {2, {.135335, .186911, .245421, .333333, .243117, .447214, .250000, .216000, .197531}},
    {5, {.006738, .039463, .099995, .166667, .106878, .301511, .081633, .052734, .039018}},
};

static void the_table_of_models(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    for (size_t k = 0; k < MODELS; k++)
      check_near(tgv_yield_closed(model[k].model, model[k].shape, table[i].lambda), table[i].yield[k], 0,
                 5.1e-7);
}

static void closed_forms_agree_with_the_mixture(void **state)
{
  static const double lambda[] = {0, 1e-6, 0.03, 0.1, 0.5, 1, 2, 5, 20, 200};
  double              y;

  (void)state;
  for (size_t i = 0; i < sizeof lambda / sizeof *lambda; i++)
    for (size_t k = 0; k < MODELS; k++) {
      check_ok(tgv_yield_mixture(model[k].model, model[k].shape, lambda[i], &y));
      check_close(tgv_yield_closed(model[k].model, model[k].shape, lambda[i]), y, 1e-8);
    }
}

/* lambda = 1; reference section 1.2, Gauss-Hermite. The negative binomial of the same variance is another
 * thing. */
static void lognormal_mixture(void **state)
{
  static const double sigma[] = {0.5, 1, 1.5}, want[] = {.41098802, .51242865, .62805677};
  static const double matched[] = {.41469875, .5587927, .76713816};
  double              y;

  (void)state;
  for (int i = 0; i < 3; i++) {
    check_near(tgv_yield_closed(TGV_YIELD_LOGNORMAL, sigma[i], 1), want[i], 0, 5.1e-9);
    check_ok(tgv_yield_mixture(TGV_YIELD_LOGNORMAL, sigma[i], 1, &y));
    check_near(y, want[i], 0, 5.1e-9);
    check_near(tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, 1 / expm1(sigma[i] * sigma[i]), 1), matched[i],
               0, 5.1e-9);
  }
  for (double s = 0.05; s < 4; s *= 2) {
    check_ok(tgv_yield_mixture(TGV_YIELD_LOGNORMAL, s, 7, &y));
    check_close(tgv_yield_closed(TGV_YIELD_LOGNORMAL, s, 7), y, 1e-8);
  }
  /* the whole mass lies 8 sigma below the mean: trapezoidal sum of 400 000 terms on -30 .. 10 in Python */
  check_close(tgv_yield_closed(TGV_YIELD_LOGNORMAL, 0.5, 1000), 5.420325703072586e-22, 1e-12);
  check_close(tgv_yield_closed(TGV_YIELD_LOGNORMAL, 0.5, 300), 1.485871212350539e-14, 1e-12);
}

static void limits_of_the_models(void **state)
{
  (void)state;
  check_close(tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, 1e9, 0.7), exp(-0.7), 1e-8);
  check_close(tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, INFINITY, 0.7), exp(-0.7), 1e-14);
  check_close(tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, 1, 0.7),
              tgv_yield_closed(TGV_YIELD_SEEDS, 0, 0.7), 1e-14);
  check_close(tgv_yield_closed(TGV_YIELD_MURPHY, 0, 1e-12), 1, 1e-11);
  assert_true(isnan(tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, -1, 0.7)));
  assert_true(isnan(tgv_yield_closed(TGV_YIELD_POISSON, 0, -0.7)));
}

static void neyman_type_a(void **state)
{
  (void)state; /* reference section 1.2 */
  check_near(tgv_yield_neyman(.1, 5), .905447298, 0, 5.1e-10);
  check_near(tgv_yield_neyman(.5, 2), .648993642, 0, 5.1e-10);
  check_near(tgv_yield_neyman(1, 1), .531463605, 0, 5.1e-10);
}

static void many_vias(void **state)
{
  static const double p[] = {1e-9, 5e-9, 1e-8, 1e-7, 1e-6};
  static const double unit[] = {.99980002, .9990005, .998002, .98019867, .81873067};
  static const double panel[] = {.98019867, .90483742, .81873075, .13533527, 2.061e-9};

  (void)state; /* reference section 1.3: 2e5 vias of a unit, 2e7 of a panel */
  for (int i = 0; i < 5; i++) {
    check_near(exp(tgv_yield_log(2e5, p[i])), unit[i], 0, 5.1e-8);
    check_near(exp(tgv_yield_log(2e7, p[i])), panel[i], i == 4 ? 3e-4 : 0, 5.1e-9);
  }
  check_close(tgv_yield_log(2e7, 1e-15), -2e-8, 1e-12); /* 1 - p would have lost this */
}

static void redundancy(void **state)
{
  (void)state; /* reference section 1.3 */
  check_close(tgv_fail_k_of_n(1, 2, 1e-3), 1e-6, 1e-9);
  check_close(tgv_fail_k_of_n(2, 3, 1e-3), 2.998e-6, 1e-9);
  check_close(tgv_fail_k_of_n(3, 4, 1e-3), 5.992003e-6, 1e-9);
  check_close(tgv_fail_k_of_n(1000, 1010, 1e-3), 1.0619073e-8, 5e-8);
  check_close(tgv_fail_k_of_n(1, 2, 1e-2), 1e-4, 1e-9);
  check_close(tgv_fail_k_of_n(2, 3, 1e-2), 2.98e-4, 1e-9);
  check_close(tgv_fail_k_of_n(3, 4, 1e-2), 5.9203e-4, 1e-9);
  check_close(tgv_fail_k_of_n(1000, 1010, 1e-2), .42953113, 2e-8);
  check_close(tgv_fail_k_of_n(7, 7, 1e-12), 7e-12, 1e-10);
  assert_true(tgv_fail_k_of_n(3, 4, 0) == 0 && tgv_fail_k_of_n(3, 4, 1) == 1);
  check_close(tgv_fail_common_cause(1, 2, 1e-3, 0.1), 1.0081e-4, 1e-9);
  check_close(tgv_fail_common_cause(3, 4, 1e-2, 0), tgv_fail_k_of_n(3, 4, 1e-2), 1e-14);
  /* 1e4 single vias at 1e-6 and 5e4 redundant pairs of such: exp(-0.01) less the 5e-8 of the pairs */
  check_near(exp(tgv_yield_log(1e4, 1e-6) + tgv_yield_log(5e4, tgv_fail_k_of_n(1, 2, 1e-6))), .99004978, 0,
             5.1e-9);
  /* spare lanes of a bundle of 64 with 97 % without spares (landscape, question 7) */
  double p = -expm1(log(.97) / 64);

  check_close(p, 4.76e-4, 1e-3);
  check_near(1 - tgv_fail_k_of_n(64, 65, p), .99954, 0, 1e-5);
  check_close(tgv_fail_k_of_n(64, 67, p), 3.8e-8, 2e-2);
}

static double defect_size(double t, const void *context)
{
  double x = exp(t), x0 = *(const double *)context, s = 2, w = 2;
  double area = x < s ? 0 : fmin(1, (x - s) / (s + w));

  return x * area * (x < x0 ? x / (x0 * x0) : x0 * x0 / (x * x * x));
}

static void critical_area(void **state)
{
  double x0 = 0.5, middle, tail;

  (void)state;
  check_near(tgv_critical_area_lines(2, 2, 0.5), .0104166667, 0, 5.1e-11);
  check_ok(tgv_yield_mixture_of(defect_size, &x0, log(2), log(6), 0, &middle));
  check_ok(tgv_yield_mixture_of(defect_size, &x0, log(6), INFINITY, 0, &tail));
  check_close(middle + tail, tgv_critical_area_lines(2, 2, 0.5), 1e-8);
}

static void alpha_from_moments(void **state)
{
  (void)state; /* a negative binomial of mean m and parameter a has the variance m + m^2/a */
  check_close(tgv_alpha_moments(3, 3 + 9 / 0.7), 0.7, 1e-14);
  assert_true(isinf(tgv_alpha_moments(3, 3)));
  /* Neyman type A has variance / mean = 1 + mu (reference section 1.2) */
  check_close(tgv_alpha_moments(.5 * 2, .5 * 2 * (1 + 2)), 0.5, 1e-14);
}

static void alpha_from_windows(void **state)
{
  /* window yields of 400 real wafer maps of class None of WM-811K; reference section 1.4 */
  static const double   size[] = {1, 4, 9, 16}, yield[] = {.8899, .6911, .5072, .3741};
  struct tgv_window_fit fit;
  double                exact[4];

  (void)state;
  check_ok(tgv_alpha_windows(size, yield, 4, &fit));
  check_near(fit.lambda, .1184, 0, 1e-4);
  check_near(fit.alpha, .815, 0, 1e-3);
  check_near(fit.rms, .0032, 0, 6e-5);
  for (int i = 0; i < 4; i++) exact[i] = tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, 2.3, 0.05 * size[i]);
  check_ok(tgv_alpha_windows(size, exact, 4, &fit));
  check_close(fit.lambda, 0.05, 1e-5);
  check_close(fit.alpha, 2.3, 1e-4);
  for (int i = 0; i < 4; i++) exact[i] = 1;
  assert_int_equal(tgv_alpha_windows(size, exact, 4, &fit), TGV_SOLVER);
}

static void binomial_intervals(void **state)
{
  double low, high;

  (void)state; /* reference section 7: two-sided 95 %, 2 in 1e5; one-sided 0 in 231 */
  tgv_interval_clopper_pearson(2, 1e5, 0.95, &low, &high);
  check_close(low, 2.4221e-6, 3e-5);
  check_close(high, 7.2245e-5, 1e-5);
  tgv_interval_clopper_pearson(0, 231, 0.90, &low, &high); /* its upper end is the one-sided 95 % bound */
  check_close(high, .01288481, 1e-6);
  assert_true(low == 0);
  tgv_interval_clopper_pearson(231, 231, 0.90, &low, &high);
  check_close(low, 1 - .01288481, 1e-6);
  assert_true(high == 1);
  /* Wilson, worked by hand: 10 of 100, z = 1.959964: (0.1 + z^2/200 -+ z sqrt(0.0009 + z^2/40000)) / (1 +
   * z^2/100) */
  tgv_interval_wilson(10, 100, 0.95, &low, &high);
  check_close(low, 0.0552291, 1e-5);
  check_close(high, 0.1743657, 1e-5);
  tgv_interval_wilson(0, 50, 0.95, &low, &high);
  assert_true(low == 0 && high > 0.06 && high < 0.08);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_table_of_models), cmocka_unit_test(closed_forms_agree_with_the_mixture),
      cmocka_unit_test(lognormal_mixture),   cmocka_unit_test(limits_of_the_models),
      cmocka_unit_test(neyman_type_a),       cmocka_unit_test(many_vias),
      cmocka_unit_test(redundancy),          cmocka_unit_test(critical_area),
      cmocka_unit_test(alpha_from_moments),  cmocka_unit_test(alpha_from_windows),
      cmocka_unit_test(binomial_intervals),
  };

  return cmocka_run_group_tests_name("yield_model", tests, NULL, NULL);
}
