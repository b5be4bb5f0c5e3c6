#include "check.h"

#include <string.h>

#include <gsl/gsl_cdf.h>

#include "solver/line_sampling.h"
#include "solver/rare_event.h"
#include "solver/subset_simulation.h"

/* ---- the exact references of section 1.5, and what else has a closed form */

static void plane(void *context, size_t n, const double *u, double *g)
{
  const double *c = context; /* dimension, beta */
  size_t        d = (size_t)c[0];

  for (size_t j = 0; j < n; j++) {
    double sum = 0;

    for (size_t i = 0; i < d; i++) sum += u[j * d + i];
    g[j] = c[1] - sum / sqrt((double)d);
  }
}

/* distance of (bx, by) + sigma u from the origin against R */
static void circle(void *context, size_t n, const double *u, double *g)
{
  const double *c = context; /* bx, by, sigma, R */

  for (size_t j = 0; j < n; j++) g[j] = c[3] - hypot(c[0] + c[2] * u[2 * j], c[1] + c[2] * u[2 * j + 1]);
}

/* a ring in a plane that lies askew in 6 dimensions */
static void askew(void *context, size_t n, const double *u, double *g)
{
  const double *c = context; /* dimensions, R */
  size_t        d = (size_t)c[0];

  for (size_t j = 0; j < n; j++) {
    const double *v = u + j * d;

    g[j] = c[1] - hypot(0.8 * v[0] + 0.6 * v[3], 0.6 * v[1] - 0.64 * v[2] + 0.48 * v[5]);
  }
}

/* a diameter N(mean, sigma) within low..high */
static void two_sided(void *context, size_t n, const double *u, double *g)
{
  const double *c = context; /* mean, sigma, low, high */

  for (size_t j = 0; j < n; j++) {
    double d = c[0] + c[1] * u[j];

    g[j] = fmin(d - c[2], c[3] - d);
  }
}

/* the same as two limit states, and a third that contains the second */
static void two_states(void *context, size_t n, const double *u, double *g)
{
  const double *c = context;

  for (size_t j = 0; j < n; j++) {
    double d = c[0] + c[1] * u[j];

    g[3 * j] = d - c[2], g[3 * j + 1] = c[3] - d, g[3 * j + 2] = c[3] + 0.2 - d;
  }
}

static const struct reference {
  const char *name;
  size_t      d;
  void (*g)(void *context, size_t n, const double *u, double *g);
  double context[4], exact;
} reference[] = {
    {"z > 4.5", 1, plane, {1, 4.5}, 3.39767312e-6},
    {"z > 6", 1, plane, {1, 6}, 9.86587645e-10},
    {"plane, beta 5.2", 2, plane, {2, 5.2}, 9.96442632e-8},
    {"plane, beta 5.2, 10 dimensions", 10, plane, {10, 5.2}, 9.96442632e-8},
    {"plane, beta 6.3613409, 30 dimensions", 30, plane, {30, 6.361340902404056}, 1e-10},
    {"Rayleigh", 2, circle, {0, 0, 1, 5.5}, 2.69957850e-7},
    {"position with bias", 2, circle, {1, 0.5, 0.8, 5}, 1.32831505e-6},
    {"two-sided", 1, two_sided, {50.4, 0.9, 46, 54}, 3.21782754e-5},
    {"ring of radius 6.7, exp(-R^2/2)", 2, circle, {0, 0, 1, 6.7}, 1.787839e-10},
    {"a ring askew in 6 dimensions, exp(-5.2^2/2)", 6, askew, {6, 5.2}, 1.343812278e-6},
    {"not rare: z > 1", 1, plane, {1, 1}, 0.158655253931},
    {"has failed at the origin: z > -2", 1, plane, {1, -2}, 0.977249868052},
};
enum { REFERENCES = sizeof reference / sizeof *reference };

static struct tgv_limit_states states_of(const struct reference *r, size_t count)
{
  return (struct tgv_limit_states){r->d, count, r->g, (void *)(uintptr_t)r->context, 1e-4, 0};
}

static struct tgv_rare_options options(size_t samples, uint32_t seed)
{
  return (struct tgv_rare_options){samples, 0.95, {tgv_random_key_make(seed, 0, 0), 0x07000000, 0}};
}

static void exact_references(void **state)
{
  struct tgv_rare_event r;

  (void)state;
  for (size_t i = 0; i < REFERENCES; i++) {
    struct tgv_limit_states s = states_of(&reference[i], 1);
    struct tgv_rare_options o = options(100000, 1);

    tgv_rare_event_estimate(&s, &o, &r);
    print_message(
        "# %-44s %.6g, exact %.6g, error %+.2f %%, s.e. %.2f %%, ess %.0f, z %+.1f, %zu points, %zu calls\n",
        reference[i].name, r.p, reference[i].exact, 100 * (r.p / reference[i].exact - 1), 100 * r.error / r.p,
        r.effective, r.z, r.point_count, r.calls);
    assert_string_equal(r.method, "importance sampling");
    check_close(r.p, reference[i].exact, 0.01);
    assert_true(r.error < 0.0035 * r.p); /* so that 1 % is three standard errors, whatever the seed */
    assert_true(fabs(r.z) < 4);
  }
}

/* S10: an interval covers the exact value in at least 93 of 100 seeds. A 95 % interval that is exactly right does so for 87 of
   100 sets of 100 seeds, so the rate is taken over 400, where 93 % is 1.8 standard deviations below 95 %. */
static void intervals_cover(void **state)
{
  enum { SEEDS = 400 };
  struct tgv_rare_event r;

  (void)state;
  for (size_t i = 0; i < REFERENCES; i++) {
    struct tgv_limit_states s = states_of(&reference[i], 1);
    int                     covered = 0, alarms = 0;

    for (uint32_t seed = 0; seed < SEEDS; seed++) {
      struct tgv_rare_options o = options(4000, 100 + seed);

      tgv_rare_event_estimate(&s, &o, &r);
      covered += r.low <= reference[i].exact && reference[i].exact <= r.high;
      alarms += strcmp(r.method, "importance sampling") != 0;
    }
    print_message("# %-44s %d of %d intervals cover, %d fell back\n", reference[i].name, covered, SEEDS,
                  alarms);
    assert_true(covered >= 0.93 * SEEDS);
    assert_true(alarms <= 2);
  }
}

static void states_and_shares(void **state)
{
  const struct reference *two = &reference[7];
  struct tgv_limit_states s = {1, 3, two_states, (void *)(uintptr_t)two->context, 1e-4, 0};
  struct tgv_rare_options o = options(100000, 3);
  struct tgv_rare_event   r;
  const double low = gsl_cdf_ugaussian_P((46 - 50.4) / 0.9), high = gsl_cdf_ugaussian_Q((54 - 50.4) / 0.9);
  const double higher = gsl_cdf_ugaussian_Q((54.2 - 50.4) / 0.9);

  (void)state;
  tgv_rare_event_estimate(&s, &o, &r);
  check_close(r.p, two->exact, 0.01);
  check_close(r.each[0], low, 0.02);
  check_close(r.each[1], high, 0.01);
  check_close(r.each[2], higher, 0.01);
  check_close(r.share[0] + r.share[1] + r.share[2], r.p, 1e-12);
  check_close(r.share[2], 0.5 * higher, 0.01);
  check_close(r.share[1], high - 0.5 * higher, 0.01);
}

static void kinked(void *context, size_t n, const double *u, double *g)
{
  (void)context; /* fails where both coordinates are above 3.5: P = Phi(-3.5)^2 */
  for (size_t j = 0; j < n; j++) g[j] = 3.5 - fmin(u[2 * j], u[2 * j + 1]);
}

static void a_kink_at_the_design_point(void **state)
{
  struct tgv_limit_states s = {2, 1, kinked, NULL, 1e-4, 0};
  struct tgv_rare_options o = options(100000, 4);
  struct tgv_rare_event   r;

  (void)state;
  tgv_rare_event_estimate(&s, &o, &r);
  check_close(r.p, pow(gsl_cdf_ugaussian_Q(3.5), 2), 0.03);
  check_close(r.point[0].beta, 3.5 * sqrt(2), 0.05);
  assert_true(fabs(r.p / pow(gsl_cdf_ugaussian_Q(3.5), 2) - 1) < 4 * r.error / r.p);
}

static void never(void *context, size_t n, const double *u, double *g)
{
  (void)context, (void)u;
  for (size_t j = 0; j < n; j++) g[j] = 1;
}

static void always(void *context, size_t n, const double *u, double *g)
{
  (void)context, (void)u;
  for (size_t j = 0; j < n; j++) g[j] = -1;
}

/* fails only where 3 < u0 < 3.2; steps, so there is no slope and no design point */
static void island(void *context, size_t n, const double *u, double *g)
{
  (void)context;
  for (size_t j = 0; j < n; j++) {
    double x = floor(u[2 * j] * 20) / 20;

    g[j] = x >= 3 && x < 3.2 ? -1 : x >= 3.2 ? 1 : 3 - x;
  }
}

static void without_design_point(void **state)
{
  struct tgv_limit_states s = {2, 1, never, NULL, 1e-4, 0};
  struct tgv_rare_options o = options(100000, 5);
  struct tgv_rare_event   r;

  (void)state;
  tgv_rare_event_estimate(&s, &o, &r);
  assert_true(r.p == 0 && r.low == 0 && r.high == TGV_SUBSET_LEAST);
  assert_string_equal(r.method, "no failure found");
  s.g = always;
  tgv_rare_event_estimate(&s, &o, &r);
  check_close(r.p, 1, 1e-12);
  s.g = island;
  tgv_rare_event_estimate(&s, &o, &r);
  double exact = gsl_cdf_ugaussian_Q(3) - gsl_cdf_ugaussian_Q(3.2);

  assert_true(fabs(r.p - exact) < 4 * r.error && r.error < 0.2 * r.p);
}

/* reference section 1.5: mean 9.53e-8 over 60 runs of N = 2000, coefficient of variation 0.36, exact 9.964e-8
 */
static void subset_simulation(void **state)
{
  static const size_t      which[] = {3, 5};
  struct tgv_subset        r;
  struct tgv_sample_source source = {tgv_random_key_make(6, 0, 0), 0x07000000, 0};

  (void)state;
  for (size_t i = 0; i < 2; i++) {
    struct tgv_limit_states s = states_of(&reference[which[i]], 1);

    tgv_subset_simulation(&s, 2000, 60, &source, &r);
    print_message("# subset simulation: %.3g +- %.2g, exact %.3g, %zu calls a run\n", r.p, r.error,
                  reference[which[i]].exact, r.calls / r.runs);
    assert_true(fabs(r.p - reference[which[i]].exact) < 4 * r.error);
    assert_true(r.error * sqrt(60) < 0.5 * r.p);
  }
}

/* fails beyond a paraboloid about the first axis: u0 > beta + k/2 (u1^2 + u2^2) */
static void paraboloid(void *context, size_t n, const double *u, double *g)
{
  const double *c = context; /* beta, k */

  for (size_t j = 0; j < n; j++)
    g[j] = c[0] + 0.5 * c[1] * (pow(u[3 * j + 1], 2) + pow(u[3 * j + 2], 2)) - u[3 * j];
}

/* E Phi(-beta - k/2 r^2), r^2 exponential with mean 2: by Simpson's rule over s = r^2 / 2 */
static double exact_paraboloid(double beta, double k)
{
  enum { STEPS = 4000 };
  const double h = 40.0 / STEPS;
  double       sum = 0;

  for (int i = 0; i <= STEPS; i++) {
    const double s = h * i, f = exp(-s) * gsl_cdf_ugaussian_Q(beta + k * s);

    sum += f * (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2);
  }
  return sum * h / 3;
}

static void line_sampling(void **state)
{
  static const size_t      planes[] = {0, 1, 2, 3, 4, 10, 11};
  struct tgv_sample_source source = {tgv_random_key_make(8, 0, 0), 0x07000000, 0};
  double                   curved[2] = {4, 0.15}, estimate[2];
  struct tgv_limit_states  s = {3, 1, paraboloid, curved, 1e-4, 0};
  struct tgv_design_point  d = {0};
  size_t                   calls = 0;

  (void)state;
  assert_true(tgv_design_point_find(&s, 0, &d, &calls));
  assert_true(tgv_line_sampling(&s, &d, 256, &source, estimate));
  assert_true(fabs(estimate[0] - exact_paraboloid(4, 0.15)) < 4 * estimate[1] &&
              estimate[1] < 0.05 * estimate[0]);
  for (size_t i = 0; i < sizeof planes / sizeof *planes; i++) {
    s = states_of(&reference[planes[i]], 1);
    d = (struct tgv_design_point){0};
    assert_true(tgv_design_point_find(&s, 0, &d, &calls));
    assert_true(tgv_line_sampling(&s, &d, 8, &source, estimate));
    check_close(estimate[0], reference[planes[i]].exact, 2e-3);
    assert_true(estimate[1] < 1e-3 * estimate[0]);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_references),     cmocka_unit_test(intervals_cover),
      cmocka_unit_test(states_and_shares),    cmocka_unit_test(a_kink_at_the_design_point),
      cmocka_unit_test(without_design_point), cmocka_unit_test(subset_simulation),
      cmocka_unit_test(line_sampling),
  };

  return cmocka_run_group_tests_name("rare_event", tests, NULL, NULL);
}
