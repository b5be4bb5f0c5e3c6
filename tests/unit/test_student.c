#include "check.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "core/student.h"

static const double nus[] = {2.05, 2.5, 3, 4, 5, 10, 30, 1000};
enum { NUS = sizeof nus / sizeof *nus };

/* equal tail probabilities; below 1 the tail itself tells little, so the distribution about 1/2 is compared
 */
static void the_map_keeps_the_probability(void **state)
{
  (void)state;
  for (int k = 0; k < NUS; k++)
    for (double z = 0.01; z < 9.0; z += 0.0373) {
      double t = tgv_student_of_normal(nus[k], z) / sqrt((nus[k] - 2) / nus[k]);

      check_close(gsl_cdf_tdist_Q(t, nus[k]), gsl_cdf_ugaussian_Q(z), 1e-9);
      check_close(tgv_student_of_normal(nus[k], -z), -tgv_student_of_normal(nus[k], z), 0);
    }
}

/* 97.5 % and 99.5 % points of the t table (any textbook) */
static void the_map_gives_tabulated_quantiles(void **state)
{
  (void)state;
  check_close(tgv_student_of_normal(5, gsl_cdf_ugaussian_Pinv(0.975)) / sqrt(3. / 5), 2.5706, 2e-5);
  check_close(tgv_student_of_normal(10, gsl_cdf_ugaussian_Pinv(0.995)) / sqrt(8. / 10), 3.1693, 2e-5);
}

static void the_table_follows_the_map(void **state)
{
  (void)state;
  double worst = 0.0;

  for (int k = 0; k < NUS; k++) {
    struct tgv_student *t = tgv_student_new(nus[k]);
    float               last = -INFINITY;

    for (int i = -70000; i <= 70000; i += 7) {
      float  z = (float)i * 1e-4f, got = 0.0f;
      double want = tgv_student_of_normal(nus[k], (double)z);

      tgv_student_add(t, 1, &z, 1.0f, &got);
      if (want != 0.0) worst = fmax(worst, fabs((double)got / want - 1));
      assert_true(got >= last);
      last = got;
    }
    tgv_student_free(t);
  }
  print_message("# largest relative error of the table: %.2g\n", worst);
  assert_true(worst < 5e-7);
}

/* integral of t(z)^2 phi(z); for nu = 5 the part beyond |z| = 12 is negligible */
static void the_variance_is_one(void **state)
{
  (void)state;
  for (int k = 4; k < NUS; k++) {
    double sum = 0.0, h = 0.01;

    for (double z = h / 2; z < 20; z += h)
      sum += 2 * h * pow(tgv_student_of_normal(nus[k], z), 2) * exp(-z * z / 2) / sqrt(2 * M_PI);
    check_close(sum, 1.0, 1e-4);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_map_keeps_the_probability),
      cmocka_unit_test(the_map_gives_tabulated_quantiles),
      cmocka_unit_test(the_table_follows_the_map),
      cmocka_unit_test(the_variance_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
