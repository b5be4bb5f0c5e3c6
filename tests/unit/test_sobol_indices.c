#include "check.h"

#include <string.h>

#include "core/parallel.h"
#include "solver/sobol_indices.h"

static const double pi = 3.14159265358979323846;

static struct tgv_sobol_plan plan_of(void (*f)(const double *, size_t, double *, void *), size_t dimension,
                                     uint64_t seed)
{
  return (struct tgv_sobol_plan){.dimension = dimension,
                                 .groups = dimension,
                                 .outputs = 1,
                                 .points = 1024,
                                 .repetitions = 16,
                                 .confidence = 0.95,
                                 .uniform = true,
                                 .key = tgv_random_key_make(seed, 1, 1),
                                 .evaluate = f};
}

/* An estimate of an exact value: within 4.5 standard errors (t of 15 degrees of freedom: 4e-4) and `close`. */
static void check_estimate(struct tgv_sobol_estimate e, double exact, double close)
{
  check_near(e.value, exact, 0, close);
  check_near(e.value, exact, 0, 4.5 * e.error);
  assert_true(e.low <= e.value && e.value <= e.high);
}

/* ---- Ishigami: sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, x uniform in -pi .. pi */

static void ishigami(const double *u, size_t n, double *y, void *context)
{
  (void)context;
  for (size_t i = 0; i < n; i++) {
    double x1 = pi * (2 * u[3 * i] - 1), x2 = pi * (2 * u[3 * i + 1] - 1), x3 = pi * (2 * u[3 * i + 2] - 1);

    y[i] = sin(x1) + 7 * sin(x2) * sin(x2) + 0.1 * x3 * x3 * x3 * x3 * sin(x1);
  }
}

/* Its exact indices (T. Ishigami, T. Homma, 1990): V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2. */
static void ishigami_exact(double first[3], double total[3], double *variance)
{
  const double a = 7, b = 0.1, p4 = pi * pi * pi * pi;
  const double v1 = 0.5 * (1 + b * p4 / 5) * (1 + b * p4 / 5), v2 = a * a / 8;
  const double v13 = b * b * p4 * p4 * (1. / 18 - 1. / 50);

  *variance = v1 + v2 + v13;
  first[0] = v1 / *variance, first[1] = v2 / *variance, first[2] = 0;
  total[0] = (v1 + v13) / *variance, total[1] = first[1], total[2] = v13 / *variance;
}

static void the_ishigami_function(void **state)
{
  struct tgv_sobol_plan   p = plan_of(ishigami, 3, 7);
  struct tgv_sobol_result r;
  double                  first[3], total[3], variance;

  (void)state;
  ishigami_exact(first, total, &variance);
  check_near(first[0], 0.3139, 0,
             5e-5); /* as printed by Saltelli et al., Global Sensitivity Analysis (2008) */
  check_near(first[1], 0.4424, 0, 5e-5);
  check_near(total[0], 0.5576, 0, 5e-5);
  check_near(total[2], 0.2437, 0, 5e-5);
  check_ok(tgv_sobol_indices(&p, &r));
  assert_int_equal(r.evaluations, 16 * 1024 * 5);
  for (int g = 0; g < 3; g++) {
    check_estimate(r.first[g], first[g], 0.006);
    check_estimate(r.total[g], total[g], 0.006);
  }
  check_estimate(r.mean[0], 3.5, 0.01);
  check_estimate(r.variance[0], variance, 0.05);
  tgv_sobol_release(&r);
}

static void the_intervals_cover(void **state)
{
  enum { SEEDS = 150 };
  double first[3], total[3], variance, inside = 0;

  (void)state;
  ishigami_exact(first, total, &variance);
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct tgv_sobol_plan   p = plan_of(ishigami, 3, 1000 + seed);
    struct tgv_sobol_result r;

    p.points = 128, p.repetitions = 8;
    check_ok(tgv_sobol_indices(&p, &r));
    for (int g = 0; g < 3; g++) {
      inside += first[g] >= r.first[g].low && first[g] <= r.first[g].high;
      inside += total[g] >= r.total[g].low && total[g] <= r.total[g].high;
    }
    tgv_sobol_release(&r);
  }
  inside /= 6 * SEEDS;
  if (inside < 0.92 || inside > 0.98) fail_msg("intervals of 95 %% cover in %.1f %%", 100 * inside);
}

/* ---- g-function: product of (|4 x - 2| + a)/(1 + a); the variance of a factor is 1/(3 (1 + a)^2) */

struct g_function {
  size_t        dimension;
  const double *a;
};

static void g_function(const double *u, size_t n, double *y, void *context)
{
  const struct g_function *f = context;

  for (size_t i = 0; i < n; i++) {
    y[i] = 1;
    for (size_t k = 0; k < f->dimension; k++)
      y[i] *= (fabs(4 * u[i * f->dimension + k] - 2) + f->a[k]) / (1 + f->a[k]);
  }
}

/* Closed and total index of a group: the variances of products of independent factors. */
static void g_exact(const struct g_function *f, const size_t *group, size_t g, double *first, double *total)
{
  double all = 1, in = 1, out = 1;

  for (size_t k = 0; k < f->dimension; k++) {
    double v = 1 + 1 / (3 * (1 + f->a[k]) * (1 + f->a[k]));

    all *= v;
    if ((group ? group[k] : k) == g)
      in *= v;
    else
      out *= v;
  }
  *first = (in - 1) / (all - 1);
  *total = 1 - (out - 1) / (all - 1);
}

static void groups_of_the_g_function(void **state)
{
  static const double     a[] = {0, 1, 4.5, 9, 99, 99, 99, 99};
  static const size_t     group[] = {0, 1, 1, 0, 2, 2, 0, 2};
  struct g_function       f = {8, a};
  struct tgv_sobol_plan   p = plan_of(g_function, 8, 3);
  struct tgv_sobol_result r;
  double                  first, total;

  (void)state;
  p.group = group, p.groups = 3, p.context = &f;
  check_ok(tgv_sobol_indices(&p, &r));
  for (size_t g = 0; g < 3; g++) {
    g_exact(&f, group, g, &first, &total);
    check_estimate(r.first[g], first, 0.01);
    check_estimate(r.total[g], total, 0.01);
  }
  tgv_sobol_release(&r);
}

static void more_variables_than_the_sequence_has(void **state)
{
  double                  a[30], first, total;
  struct g_function       f = {30, a};
  struct tgv_sobol_plan   p = plan_of(g_function, 30, 5);
  struct tgv_sobol_result r;

  (void)state;
  for (int k = 0; k < 30; k++) a[k] = k % 3 == 0 ? 1 : 6;
  p.context = &f;
  check_ok(tgv_sobol_indices(&p, &r));
  for (size_t g = 0; g < 30; g++) {
    g_exact(&f, NULL, g, &first, &total);
    check_near(r.first[g].value, first, 0, 5 * r.first[g].error);
    check_near(r.total[g].value, total, 0, 5 * r.total[g].error);
    assert_true(r.first[g].error < 0.02 && r.total[g].error < 0.01);
  }
  tgv_sobol_release(&r);
}

/* ---- normals, several outputs, outputs that do not vary */

static const double slope[4] = {3, 2, 1, 0};

static void several(const double *u, size_t n, double *y, void *context)
{
  (void)context;
  for (size_t i = 0; i < n; i++) {
    y[5 * i] = 100;
    for (size_t k = 0; k < 4; k++) y[5 * i] += slope[k] * u[4 * i + k];
    y[5 * i + 1] = 0.1;                                   /* constant */
    y[5 * i + 2] = 0;                                     /* constant */
    y[5 * i + 3] = u[4 * i] * u[4 * i + 1];               /* a pure interaction */
    y[5 * i + 4] = 0.1 + (u[4 * i] > 0 ? 1e-17 : 0) + 1.; /* 1.1, but for rounding */
  }
}

static void normals_and_several_outputs(void **state)
{
  struct tgv_sobol_plan   p = plan_of(several, 4, 11);
  struct tgv_sobol_result r;

  (void)state;
  p.uniform = false, p.outputs = 5;
  check_ok(tgv_sobol_indices(&p, &r));
  for (size_t g = 0; g < 4; g++) {
    check_estimate(r.first[g], slope[g] * slope[g] / 14, 0.005);
    check_estimate(r.total[g], slope[g] * slope[g] / 14, 0.005);
    for (size_t k = 1; k < 5; k++) {
      if (k == 3) continue;
      assert_true(r.first[4 * k + g].value == 0 && r.first[4 * k + g].error == 0);
      assert_true(r.total[4 * k + g].value == 0 && r.total[4 * k + g].high == 0);
    }
    check_estimate(r.first[12 + g], 0, 0.05);
    check_estimate(r.total[12 + g], g < 2, 0.05);
  }
  check_estimate(r.mean[0], 100, 0.005);
  check_estimate(r.variance[0], 14, 0.1);
  check_near(r.mean[1].value, 0.1, 0, 1e-16);
  assert_true(r.variance[1].value == 0 && r.variance[2].value == 0 && r.variance[4].value == 0);
  tgv_sobol_release(&r);
}

static void threads_change_nothing(void **state)
{
  struct tgv_sobol_plan   p = plan_of(several, 4, 1);
  struct tgv_sobol_result one, three;
  int                     before = tgv_parallel_threads();

  (void)state;
  p.uniform = false, p.outputs = 5, p.points = 1000, p.repetitions = 3;
  tgv_parallel_set_threads(1);
  check_ok(tgv_sobol_indices(&p, &one));
  tgv_parallel_set_threads(3);
  check_ok(tgv_sobol_indices(&p, &three));
  tgv_parallel_set_threads(before);
  assert_memory_equal(one.first, three.first, 20 * sizeof *one.first);
  assert_memory_equal(one.total, three.total, 20 * sizeof *one.total);
  assert_memory_equal(one.mean, three.mean, 5 * sizeof *one.mean);
  tgv_sobol_release(&one);
  tgv_sobol_release(&three);
}

static void broken(const double *u, size_t n, double *y, void *context)
{
  (void)context;
  for (size_t i = 0; i < n; i++) y[i] = sqrt(u[2 * i] - 0.01);
}

static void what_makes_no_sense_is_refused(void **state)
{
  static const size_t     beyond[] = {0, 2}, empty[] = {1, 1};
  struct tgv_sobol_plan   p = plan_of(broken, 2, 1), q;
  struct tgv_sobol_result r;

  (void)state;
  assert_int_equal(tgv_sobol_indices(&p, &r), TGV_SOLVER);
  assert_non_null(strstr(tgv_error_message(), "nan"));
  assert_null(r.first);
  q = p, q.groups = 1;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.group = beyond;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.group = empty;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.groups = 3, q.group = empty;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.repetitions = 1;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.points = 1;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.confidence = 1;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.dimension = q.groups = 0;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
  q = p, q.outputs = 0;
  assert_int_equal(tgv_sobol_indices(&q, &r), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_ishigami_function),
      cmocka_unit_test(the_intervals_cover),
      cmocka_unit_test(groups_of_the_g_function),
      cmocka_unit_test(more_variables_than_the_sequence_has),
      cmocka_unit_test(normals_and_several_outputs),
      cmocka_unit_test(threads_change_nothing),
      cmocka_unit_test(what_makes_no_sense_is_refused),
  };

  return cmocka_run_group_tests_name("sobol_indices", tests, NULL, NULL);
}
