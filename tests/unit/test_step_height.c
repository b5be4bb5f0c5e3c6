/* Closed forms of planarization against what they must keep, and against other ways to them. */
#include "check.h"

#include <gsl/gsl_sf_lambert.h>

#include "solver/step_height.h"

static const double um = 1e-6;

static const struct tgv_polish polish = {1e-6 / 60, 0.4e-6};

/* mean height of a place: high areas at `height`, the others lower by the step */
static double mean(struct tgv_polished_place p)
{
  return p.height - (1 - p.density) * p.step;
}

/* refs: mean removal = K at all times, whatever the density and the step */
static void copper_volume_goes_at_the_blanket_rate(void **state)
{
  (void)state;
  for (double rho = 0.05; rho <= 1; rho += 0.19)
    for (double step = 0; step < 3 * um; step += 0.31 * um)
      for (double t = 0; t < 400; t += 13) {
        const struct tgv_polished_place start = {rho, 5 * um, step}, now = tgv_polish_at(&polish, start, t);

        check_near(mean(now), mean(start) - polish.rate * t, 0, 1e-18);
        assert_true(now.step >= 0 && now.step <= start.step);
      }
}

/* refs: H = h_c exp(-(t - t_c) / tau), tau = rho h_ex / K; before, -K / rho */
static void the_step_decays_exponentially(void **state)
{
  (void)state;
  const double                    rho = 0.5, tau = rho * polish.contact_height / polish.rate;
  const struct tgv_polished_place start = {rho, 5 * um, 1 * um};
  const double                    meets = rho * (start.step - polish.contact_height) / polish.rate;

  check_close(tgv_polish_at(&polish, start, 0.5 * meets).step, 0.7 * um, 1e-12);
  check_close(tgv_polish_at(&polish, start, meets).step, polish.contact_height, 1e-12);
  check_close(tgv_polish_at(&polish, start, meets + tau).step, polish.contact_height * exp(-1.0), 1e-12);
  check_close(tgv_polish_at(&polish, start, meets + 5 * tau).step, polish.contact_height * exp(-5.0), 1e-12);
}

/* the two-rate equations themselves, by classical Runge-Kutta */
static void rates(double rho, double H, double *up, double *down)
{
  const double K = polish.rate, h = polish.contact_height;

  *up = H > h ? K / rho : K * (1 + (1 - rho) / rho * H / h);
  *down = H > h ? 0 : K * (1 - H / h);
}

static double step_rate(double rho, double H)
{
  double up, down;

  rates(rho, H, &up, &down);
  return down - up;
}

static void the_rate_equations_agree(void **state)
{
  (void)state;
  const double rho = 0.3, dt = 0.002;
  double       U = 3 * um, H = 0.35 * um, up, down;
  const double end = 20;

  for (double t = 0; t < end - dt / 2; t += dt) {
    const double a = step_rate(rho, H), b = step_rate(rho, H + dt / 2 * a),
                 c = step_rate(rho, H + dt / 2 * b), d = step_rate(rho, H + dt * c), middle = H + dt / 2 * b;

    rates(rho, middle, &up, &down);
    U -= dt * up;
    H += dt / 6 * (a + 2 * b + 2 * c + d);
  }
  const struct tgv_polished_place now =
      tgv_polish_at(&polish, (struct tgv_polished_place){rho, 3 * um, 0.35 * um}, end);

  check_close(now.step, H, 1e-9);
  check_close(now.height, U, 1e-7);
}

static void clearing_times_agree_with_lambert(void **state)
{
  (void)state;
  const double h = polish.contact_height;

  for (double rho = 0.02; rho <= 1; rho += 0.07)
    for (double step = 0; step <= h; step += 0.09 * um)
      for (double height = 0.01 * um; height < 9 * um; height *= 1.9) {
        const struct tgv_polished_place start = {rho, height, step};
        const double                    t = tgv_polish_clears(&polish, start);
        const double                    a = (1 - rho) * step / (rho * h), c = height / (rho * h);
        const double                    x = gsl_sf_lambert_W0(a * exp(a - c)) + c - a;

        check_near(tgv_polish_at(&polish, start, t).height, 0, 0, 1e-9 * height + 1e-18);
        check_close(t, x * rho * h / polish.rate, 1e-8);
      }
  /* a deep step over a thin layer: gone before the pad reaches the bottom, at K / rho */
  check_close(tgv_polish_clears(&polish, (struct tgv_polished_place){0.4, 1 * um, 3 * um}),
              0.4 * um / polish.rate, 1e-12);
  /* flat copper: thickness over rate */
  check_close(tgv_polish_clears(&polish, (struct tgv_polished_place){0.4, 2 * um, 0}), 2 * um / polish.rate,
              1e-12);
}

static void dishing_goes_to_its_steady_depth(void **state)
{
  (void)state;
  const struct tgv_dishing d = {2e-8, 5e-10, 0.8 * um};
  const double             steady = 0.8 * um * (1 - 0.025),
               tau = 0.8 * um / 2e-8; /* refs: d_max (1 - K_o / K_m), d_max / K_m */
  double x = 0.1 * um;

  check_close(tgv_dishing_at(&d, 0, 100 * tau), steady, 1e-12);
  check_close(tgv_dishing_at(&d, steady, 3), steady, 1e-12);
  check_close(tgv_dishing_at(&d, 0, tau), steady * (1 - exp(-1.0)), 1e-12);
  for (int i = 0; i < 200000; i++) /* explicit steps of d' = K_m (1 - d / d_max) - K_o to 20 s */
    x += 1e-4 * (2e-8 * (1 - x / (0.8 * um)) - 5e-10);
  check_close(tgv_dishing_at(&d, 0.1 * um, 20), x, 1e-5);
}

/* a via that is not filled stays so: the pad takes no copper from below its reach, and puts none there */
static void what_is_out_of_reach_stays(void **state)
{
  (void)state;
  const struct tgv_dishing d = {2e-8, 5e-10, 0.8 * um};
  double                   x = 0.805 * um;

  check_close(tgv_dishing_at(&d, 300 * um, 100), 300 * um - 5e-10 * 100, 1e-12);
  for (int i = 0; i < 300000;
       i++) /* explicit steps of d' = K_m max(0, 1 - d / d_max) - K_o to 30 s, through d_max */
    x += 1e-4 * (2e-8 * fmax(0, 1 - x / (0.8 * um)) - 5e-10);
  check_close(tgv_dishing_at(&d, 0.805 * um, 30), x, 1e-5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(copper_volume_goes_at_the_blanket_rate),
      cmocka_unit_test(the_step_decays_exponentially),
      cmocka_unit_test(the_rate_equations_agree),
      cmocka_unit_test(clearing_times_agree_with_lambert),
      cmocka_unit_test(dishing_goes_to_its_steady_depth),
      cmocka_unit_test(what_is_out_of_reach_stays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
