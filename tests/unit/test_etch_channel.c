/* Diffusion of the etchant to the tip of a growing channel, and along an open hole, against exact solutions. */
#include "check.h"

#include <stdlib.h>

#include "core/parallel.h"
#include "solver/etch_channel.h"

static const double um = 1e-6, minute = 60;

/* A tip that uses up all that comes: the Stefan problem. L = 2 lambda sqrt(D t), sqrt(pi) lambda exp(lambda2) erf(lambda) = c0 / n_g
   (Neumann's similarity solution; Carslaw and Jaeger, Conduction of Heat in Solids, section 11.2). */
static void the_stefan_problem(void **state)
{
  (void)state;
  const double ratio[] = {0.02, 0.2, 1};

  for (int k = 0; k < 3; k++) {
    const struct tgv_etch_supply s = {1e-9, 1000, 1000 / ratio[k]};
    const double                 L = 200 * um,
                 rate = 1000 * L * s.diffusivity / (L * L) / 1e-3; /* far faster than diffusion */
    double low = 0, high = 3, exact, time;

    for (int i = 0; i < 100; i++) {
      const double x = 0.5 * (low + high);

      *(sqrt(M_PI) * x * exp(x * x) * erf(x) < ratio[k] ? &low : &high) = x;
    }
    exact = L * L / (4 * low * low * s.diffusivity);
    time = tgv_etch_channel_time(&s, rate, L, 160);
    print_message("# c0 / n_g = %g: %.6g s, exact %.6g s (%.2g), quasi-steady %.6g s\n", ratio[k], time,
                  exact, time / exact - 1, tgv_etch_channel_time_steady(&s, rate, L));
    check_close(time, exact, 2e-3);
    if (k)
      assert_true(fabs(time / exact - 1) < 0.1 * fabs(tgv_etch_channel_time_steady(&s, rate, L) / exact - 1));
  }
}

/* process.md 2.1: v_t = 10 um/min, c0 = 5 mol/L, L = 250 um: beta L = 1.08, 38.5 min instead of 25 */
static const struct tgv_etch_supply hydrofluoric = {1.7e-9, 5000, 2.2e5};

static void quasi_steady_when_the_glass_is_rich(void **state)
{
  (void)state;
  const double                 rate = 10 * um / minute, L = 250 * um;
  const double                 steady = tgv_etch_channel_time_steady(&hydrofluoric, rate, L);
  const struct tgv_etch_supply rich = {1.7e-7, 50,
                                       2.2e5}; /* the same beta, c0 / n_g a hundred times smaller */
  const double                 transient = tgv_etch_channel_time(&hydrofluoric, rate, L, 100),
               limit = tgv_etch_channel_time(&rich, rate, L, 100);

  check_near(rate * 2.2e5 / (1.7e-9 * 5000) * L, 1.08, 0, 0.005);
  check_near(steady, 38.5 * minute, 0, 0.05 * minute);
  print_message(
      "# breakthrough %.4f min quasi-steady, %.4f min transient, %.4f min with c0 / n_g a hundredth\n",
      steady / minute, transient / minute, limit / minute);
  check_close(limit, steady, 3e-4);
  /* filling the room and building the profile take about c0 / n_g = 2.3 % of the etchant */
  assert_true(transient > steady && transient < 1.01 * steady);
}

static void converges(void **state)
{
  (void)state;
  const struct tgv_etch_supply s = {1e-9, 1000, 2000};
  const double                 rate = 20 * um / minute, L = 200 * um;
  double                       t[4];

  for (int k = 0; k < 4; k++) t[k] = tgv_etch_channel_time(&s, rate, L, (size_t)20 << k);
  for (int k = 2; k < 4; k++) {
    const double order = log2((t[k - 2] - t[k - 1]) / (t[k - 1] - t[k]));

    print_message("# %d cells: %.8g s, order %.2f\n", 20 << k, t[k], order);
    assert_true(order > 1.8);
  }
}

/* straight hole: c / c0 in the middle = 1 / cosh(phi), phi2 = (H / 2)2 2 n_g v_b / (R D c0) */
static void an_open_hole(void **state)
{
  (void)state;
  enum { N = 401 };
  double                       z[N], r[N], H = 460 * um, R = 15 * um, vb = 0.5 * um / minute;
  const struct tgv_via_profile hole = {N, z, r};
  const double                 phi = 0.5 * H * sqrt(2 * 2.2e5 * vb / (R * 1.7e-9 * 5000));

  for (int i = 0; i < N; i++) z[i] = H * i / (N - 1), r[i] = R;
  check_close(tgv_etch_channel_least(&hydrofluoric, vb, &hole), 1 / cosh(phi), 1e-4);
  print_message("# a hole of 30 x 460 um at 0.5 um/min: %.3f of the etchant in its middle\n", 1 / cosh(phi));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_stefan_problem),
      cmocka_unit_test(quasi_steady_when_the_glass_is_rich),
      cmocka_unit_test(converges),
      cmocka_unit_test(an_open_hole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
