/* Laws of fatigue: case V12 of the thermo-mechanics reference to its digits, the range of V5, and the laws put back into themselves. */
#include "check.h"

#include "solver/fatigue_life.h"

/* V5: plastic strain range of the via, 5.866663961e-4, eps_f = 0.3, c = -0.6 */
static void coffin_manson(void **state)
{
  struct tgv_coffin_manson l = {.eps_f = 0.3, .c = -0.6};
  double                   N;

  (void)state;
  check_ok(tgv_coffin_manson(&l, 5.866663961e-4, &N));
  check_near(N, 51908.291, 0, 1e-3);
  check_ok(tgv_coffin_manson(&l, 0, &N));
  assert_true(isinf(N));
}

static void with_basquin_it_solves_its_equation(void **state)
{
  const struct tgv_coffin_manson l = {.eps_f = 0.3, .c = -0.6, .sigma_f = 400e6, .b = -0.09, .E = 110e9};
  double                         N, last = (double)INFINITY;

  (void)state;
  for (double range = 1e-4; range < 0.1; range *= 1.7) {
    check_ok(tgv_coffin_manson(&l, range, &N));
    check_close(2 * (400e6 / 110e9 * pow(2 * N, -0.09) + 0.3 * pow(2 * N, -0.6)), range, 1e-12);
    assert_true(N < last);
    last = N;
  }
  struct tgv_coffin_manson wrong = l;

  wrong.c = 0.6;
  assert_int_equal(tgv_coffin_manson(&wrong, 0.01, &N), TGV_INPUT);
}

/* d_gamma = 0.01, 42.5 degC, 24 cycles a day; 2 eps_f = 0.65 */
static void engelmaier(void **state)
{
  const struct tgv_engelmaier l = {0.325, -0.442, -6e-4, 1.74e-2};

  (void)state;
  check_near(tgv_engelmaier_exponent(&l, 273.15 + 42.5, 24), -0.411491561, 0, 1e-9);
  check_near(tgv_engelmaier(&l, 0.01, 273.15 + 42.5, 24), 12725.713, 0, 1e-3);
}

/* 165 K test against 60 K in use, 125 and 85 degC; and TI's example 180/50 K: 11.4, 48^(1/3): 3.6 */
static void norris_landzberg(void **state)
{
  const struct tgv_norris_landzberg lead = {1.9, 1.0 / 3, 1414}, sac = {2.65, 0.136, 2185},
                                    bare = {1.9, 1.0 / 3, 0};
  struct tgv_cycle_of_temperature test = {165, 398.15, 24}, use = {60, 358.15, 6};

  (void)state;
  check_near(tgv_norris_landzberg(&lead, &test, &use), 6.401835347, 0, 1e-8);
  test.frequency = 48, use.frequency = 2;
  check_near(tgv_norris_landzberg(&sac, &test, &use), 17.486714117, 0, 1e-8);
  test = (struct tgv_cycle_of_temperature){180, 400, 1}, use = (struct tgv_cycle_of_temperature){50, 350, 1};
  check_near(tgv_norris_landzberg(&bare, &test, &use), 11.4, 0, 0.05);
  test = use, use.frequency = 48;
  check_near(tgv_norris_landzberg(&bare, &test, &use), 3.6, 0, 0.05);
}

/* psi and inches: 30 psi, 0.02 in */
static void darveaux_and_syed(void **state)
{
  const double              psi = 6894.757293168, inch = 0.0254;
  const struct tgv_darveaux l = {psi, 48300, -1.64, 3.80e-7 * inch, 1.04};

  (void)state;
  check_near(tgv_darveaux_first(&l, 30 * psi), 182.586336, 0, 1e-6);
  check_near(tgv_darveaux(&l, 30 * psi, 0.02 * inch), 1713.815859, 0, 1e-6);
  check_close(tgv_syed(0.00165e-6, 0.5e6), 1 / (0.00165 * 0.5), 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(coffin_manson), cmocka_unit_test(with_basquin_it_solves_its_equation),
      cmocka_unit_test(engelmaier), cmocka_unit_test(norris_landzberg), cmocka_unit_test(darveaux_and_syed)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
