/* Critical areas against quadrature, the textbook form and discs thrown at lines. */
#include "check.h"

#include <gsl/gsl_integration.h>

#include "core/random.h"
#include "solver/critical_area.h"

struct average {
  struct tgv_lines lines;
  double           x0;
};

static double integrand(double x, void *context)
{
  const struct average *a = context;
  const double          h = x < a->x0 ? x / (a->x0 * a->x0) : a->x0 * a->x0 / (x * x * x);

  return h * tgv_critical_short(&a->lines, x);
}

/* from kink to kink, then to infinity */
static double quadrature(struct average *a, gsl_integration_workspace *w)
{
  const double s = a->lines.space, end = 2 * s + a->lines.width, x0 = a->x0;
  double       kink[] = {0, fmin(s, x0), fmax(s, x0), fmax(end, x0)}, sum = 0, part, error;
  gsl_function f = {integrand, a};

  if (x0 > end) kink[2] = end;
  for (int k = 0; k < 3; k++) {
    gsl_integration_qag(&f, kink[k], kink[k + 1], 0, 1e-11, 400, GSL_INTEG_GAUSS31, w, &part, &error);
    sum += part;
  }
  gsl_integration_qagiu(&f, kink[3], 0, 1e-11, 400, w, &part, &error);
  return sum + part;
}

static void means_are_integrals(void **state)
{
  (void)state;
  gsl_integration_workspace *w = gsl_integration_workspace_alloc(400);

  for (double width = 1; width < 30; width *= 2.3)
    for (double space = 1; space < 30; space *= 2.3)
      for (double x0 = 0.1; x0 < 200; x0 *= 3.1) {
        struct average a = {{width, space}, x0};

        check_close(tgv_critical_short_mean(&a.lines, x0), quadrature(&a, w), 1e-8);
      }
  gsl_integration_workspace_free(w);
}

/* Stapper 1983: x0^2 / [2 s (2 s + w)] for shorts, w and s exchanged for opens, if x0 is below both */
static void small_defects_have_the_textbook_form(void **state)
{
  (void)state;
  const struct tgv_lines l = {8e-6, 12e-6};

  check_close(tgv_critical_short_mean(&l, 1e-6), 1.0 / (2 * 12 * (2 * 12 + 8)), 1e-12);
  check_close(tgv_critical_open_mean(&l, 1e-6), 1.0 / (2 * 8 * (2 * 8 + 12)), 1e-12);
  check_close(tgv_critical_open(&l, 8e-6 + 5e-6), 0.25, 1e-12);
  check_near(tgv_critical_open(&l, 7e-6), 0, 0, 0);
  check_close(tgv_critical_short(&l, 1), 1, 0);
  check_close(tgv_critical_short_mean(&l, 1), 1, 1e-4); /* discs far larger than everything always bridge */
}

/* discs of random place over lines at 0, 20, 40...: one that reaches two lines bridges them */
static void thrown_discs_bridge_as_often(void **state)
{
  (void)state;
  const struct tgv_lines      l = {8, 12};
  const struct tgv_random_key key = tgv_random_key_make(5, 1, 1);
  const double                x = 17, period = 20;
  const int                   n = 200000;
  double                      shorts = 0, opens = 0, share;

  for (int i = 0; i < n; i++) {
    const double at = period * tgv_random_uniform(key, 0, (uint64_t)i); /* lines cover 0..8, 20..28 */
    const double low = at - x / 2, high = at + x / 2;
    int          lines = 0, cut = 0;

    for (int k = -2; k < 4; k++) {
      lines += high > k * period && low < k * period + l.width;
      cut += low < k * period && high > k * period + l.width;
    }
    shorts += lines > 1, opens += cut > 0;
  }
  share = tgv_critical_short(&l, x);
  check_near(shorts / n, share, 0, 4 * sqrt(share * (1 - share) / n));
  share = tgv_critical_open(&l, x);
  check_near(opens / n, share, 0, 4 * sqrt(share * (1 - share) / n));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(means_are_integrals),
      cmocka_unit_test(small_defects_have_the_textbook_form),
      cmocka_unit_test(thrown_discs_bridge_as_often),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
