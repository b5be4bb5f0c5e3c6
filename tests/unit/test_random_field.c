#include "core/random_field.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static const struct tgv_random_key key = {{11, 12}};

static struct tgv_random_field_plan *plan(enum tgv_random_field_form form, int n, double length, int max_grow)
{
  struct tgv_random_field_spec spec = {
      .nx = n, .ny = n, .dx = 1, .dy = 1, .form = form, .length = length, .max_grow = max_grow};
  struct tgv_random_field_plan *p;

  check_ok(tgv_random_field_plan_new(&spec, &p));
  return p;
}

/* Case S11 and the list of section 1.4 of the reference on yield: 256^2 nodes on a torus of 512^2, computed
   there with an independent code. Only exp(-(r/l)^2) among the usual definitions gives its Gaussian numbers.
 */
static void eigenvalues_of_s11(void **state)
{
  static const struct {
    enum tgv_random_field_form form;
    double                     length, lambda_min, digits, mass;
  } known[] = {
      {TGV_FIELD_EXPONENTIAL, 20, 2.092e-2, 5e-6, 0}, {TGV_FIELD_EXPONENTIAL, 60, -4.0e-2, 5e-4, 4.704e-5},
      {TGV_FIELD_MATERN32, 20, 3.0e-5, 5e-7, 0},      {TGV_FIELD_MATERN32, 60, -5.7e-1, 5e-3, 2.8e-4},
      {TGV_FIELD_GAUSSIAN, 20, -2e-13, 1e-12, 0},     {TGV_FIELD_GAUSSIAN, 60, -7.7e-6, 5e-8, 5.8e-9},
  };

  (void)state;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    struct tgv_random_field_plan *p = plan(known[i].form, 256, known[i].length, 0);

    assert_int_equal(p->torus_nx, 512);
    assert_int_equal(p->grown, 0);
    check_near(p->lambda_min, known[i].lambda_min, 0, known[i].digits);
    if (known[i].mass > 1e-5)
      check_close(p->negative_mass, known[i].mass, known[i].form == TGV_FIELD_MATERN32 ? 0.02 : 2e-4);
    else
      check_near(p->negative_mass, known[i].mass, 0, 5e-11);
    tgv_random_field_plan_free(p);
  }
}

/* With leave to grow nothing stays negative; what cannot be grown is reported, not hidden. */
static void torus_grows(void **state)
{
  struct tgv_random_field_spec  spec = {.nx = 256,
                                        .ny = 256,
                                        .dx = 1,
                                        .dy = 1,
                                        .form = TGV_FIELD_GAUSSIAN,
                                        .length = 60,
                                        .max_grow = 3,
                                        .max_size = 512 * 512};
  struct tgv_random_field_plan *p = plan(TGV_FIELD_EXPONENTIAL, 256, 60, 3);

  (void)state;
  assert_int_equal(p->grown, 1);
  assert_int_equal(p->torus_nx, 1024);
  assert_true(p->negative_mass == 0 && p->lambda_min > 0);
  tgv_random_field_plan_free(p);
  p = plan(TGV_FIELD_MATERN32, 256, 60, 3);
  assert_true(p->grown >= 1 && p->negative_mass == 0);
  tgv_random_field_plan_free(p);
  check_ok(tgv_random_field_plan_new(&spec, &p));
  assert_true(p->grown == 0 && p->negative_mass > 5e-9);
  tgv_random_field_plan_free(p);
}

struct moment {
  double sum, squares;
  int    n;
};

/* The mean over independent fields, with the standard error that their scatter gives. */
static void note(struct moment *m, double x)
{
  m->sum += x;
  m->squares += x * x;
  m->n++;
}

static void check_mean(const struct moment *m, double want, const char *what, double lag)
{
  double mean = m->sum / m->n, error = sqrt((m->squares / m->n - mean * mean) / (m->n - 1));

  print_message("# %s at lag %g: %.5f +- %.5f, exact %.5f\n", what, lag, mean, error, want);
  assert_true(fabs(mean - want) <= 4 * error);
}

/* Mean over the field of f(x, y) g(x + lag, y), and along y. */
static void products(const double *f, const double *g, int n, int lag, double *along_x, double *along_y)
{
  double x = 0, y = 0;

  for (int j = 0; j < n; j++)
    for (int i = 0; i + lag < n; i++) x += f[j * n + i] * g[j * n + i + lag];
  for (int j = 0; j + lag < n; j++)
    for (int i = 0; i < n; i++) y += f[j * n + i] * g[(j + lag) * n + i];
  *along_x = x / ((double)n * (n - lag));
  *along_y = y / ((double)n * (n - lag));
}

/* Case S11: 256^2, exponential, l = 20; 400 fields instead of 2000 to spare the machine, the standard error
   is that of the 400 spatial means. Lag 40 along the diagonal tells isotropy from a product of two
   covariances. */
static void covariance_of_s11(void **state)
{
  enum { N = 256, FIELDS = 400, LAGS = 5 };
  static const int              lags[LAGS] = {0, 5, 10, 20, 40};
  struct tgv_random_field_plan *p = plan(TGV_FIELD_EXPONENTIAL, N, 20, 0);
  double       *field[2] = {malloc(N * N * sizeof(double)), malloc(N * N * sizeof(double))}, cross[2];
  struct moment x[LAGS] = {{0}}, y[LAGS] = {{0}}, diagonal = {0}, mean = {0}, between[LAGS] = {{0}};

  (void)state;
  for (uint32_t k = 0; k < FIELDS / 2; k++) {
    check_ok(tgv_random_field_sample(p, key, k, field[0], field[1]));
    for (int f = 0; f < 2; f++) {
      double sum = 0, product = 0, along_x, along_y;

      for (int l = 0; l < LAGS; l++) {
        products(field[f], field[f], N, lags[l], &along_x, &along_y);
        note(&x[l], along_x);
        note(&y[l], along_y);
      }
      for (int i = 0; i < N * N; i++) sum += field[f][i];
      for (int j = 0; j + 24 < N; j++)
        for (int i = 0; i + 32 < N; i++) product += field[f][j * N + i] * field[f][(j + 24) * N + i + 32];
      note(&mean, sum / (N * N));
      note(&diagonal, product / ((N - 24.0) * (N - 32.0)));
    }
    for (int l = 0; l < LAGS; l++) {
      products(field[0], field[1], N, lags[l], &cross[0], &cross[1]);
      note(&between[l], cross[0]);
    }
  }
  for (int l = 0; l < LAGS; l++) {
    check_mean(&x[l], exp(-lags[l] / 20.0), "covariance along x", lags[l]);
    check_mean(&y[l], exp(-lags[l] / 20.0), "covariance along y", lags[l]);
    check_mean(&between[l], 0, "covariance of the two fields", lags[l]);
  }
  check_mean(&diagonal, exp(-40 / 20.0), "covariance along the diagonal", 40);
  check_mean(&mean, 0, "mean", 0);
  free(field[0]);
  free(field[1]);
  tgv_random_field_plan_free(p);
}

/* The other forms and a grid of unequal sides and steps; also one that is clipped, whose variance must
 * stay 1. */
static void covariance_of_other_forms(void **state)
{
  struct tgv_random_field_spec specs[] = {
      {.nx = 60,
       .ny = 90,
       .dx = 1e-3,
       .dy = 0.5e-3,
       .form = TGV_FIELD_MATERN32,
       .length = 6e-3,
       .max_grow = 4},
      {.nx = 90,
       .ny = 60,
       .dx = 0.5e-3,
       .dy = 1e-3,
       .form = TGV_FIELD_GAUSSIAN,
       .length = 6e-3,
       .max_grow = 4},
      {.nx = 40,
       .ny = 40,
       .dx = 1e-3,
       .dy = 1e-3,
       .form = TGV_FIELD_MATERN32,
       .length = 12e-3,
       .max_grow = 0},
  };

  (void)state;
  for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
    const struct tgv_random_field_spec *q = &specs[s];
    struct tgv_random_field_plan       *p;
    double *a = malloc((size_t)(q->nx * q->ny) * sizeof *a), *b = malloc((size_t)(q->nx * q->ny) * sizeof *b);
    struct moment at[3][3] = {{{0}}};

    check_ok(tgv_random_field_plan_new(q, &p));
    for (uint32_t k = 0; k < 1000; k++) {
      check_ok(tgv_random_field_sample(p, key, 1000 * (uint32_t)s + k, a, b));
      for (int v = 0; v < 3; v++)
        for (int h = 0; h < 3; h++) {
          int j = q->ny / 2 + 4 * v, i = q->nx / 2 + 4 * h;
          note(&at[v][h], a[q->ny / 2 * q->nx + q->nx / 2] * a[j * q->nx + i]);
          note(&at[v][h], b[q->ny / 2 * q->nx + q->nx / 2] * b[j * q->nx + i]);
        }
    }
    for (int v = 0; v < 3; v++)
      for (int h = 0; h < 3; h++) {
        double r = hypot(4 * v * q->dy, 4 * h * q->dx);
        check_mean(&at[v][h], tgv_random_field_covariance(q->form, q->length, r), "covariance", r);
      }
    tgv_random_field_plan_free(p);
    free(a);
    free(b);
  }
}

/* The bits depend on key and stream, not on threads, and the second field is optional. */
static void reproducible(void **state)
{
  enum { N = 100 };
  struct tgv_random_field_plan *p = plan(TGV_FIELD_MATERN32, N, 10, 2);
  static double                 a[4][N * N], b[N * N];
  int                           threads = omp_get_max_threads();

  (void)state;
  omp_set_num_threads(1);
  check_ok(tgv_random_field_sample(p, key, 5, a[0], b));
  omp_set_num_threads(3);
  check_ok(tgv_random_field_sample(p, key, 5, a[1], NULL));
  omp_set_num_threads(threads);
  check_ok(tgv_random_field_sample(p, key, 6, a[2], NULL));
  check_ok(tgv_random_field_sample(p, (struct tgv_random_key){{11, 13}}, 5, a[3], NULL));
  assert_memory_equal(a[0], a[1], sizeof a[0]);
  assert_true(memcmp(a[0], a[2], sizeof a[0]) && memcmp(a[0], a[3], sizeof a[0]));
  assert_true(memcmp(a[0], b, sizeof b));
  tgv_random_field_plan_free(p);
}

/* The step that loses 1 %, against the variance of sampled points in the middle of cells. */
static void interpolation_loses_what_is_said(void **state)
{
  (void)state;
  check_close(tgv_random_field_step(TGV_FIELD_EXPONENTIAL, 1), 0.0118, 0.01);
  check_close(tgv_random_field_step(TGV_FIELD_GAUSSIAN, 3), 0.3, 0.01);
  for (int form = 0; form < TGV_FIELD_FORM_COUNT; form++) {
    double step = tgv_random_field_step((enum tgv_random_field_form)form, 7);
    check_close(tgv_random_field_loss((enum tgv_random_field_form)form, 7, step, step), 0.01, 1e-9);
    for (double s = 0.1; s <= 1; s += 0.1) /* nowhere in the cell is more lost than in the middle */
      for (double t = 0.1; t <= 1; t += 0.1) {
        double w[4] = {(1 - s) * (1 - t), s * (1 - t), (1 - s) * t, s * t}, variance = 0;
        for (int i = 0; i < 4; i++)
          for (int j = 0; j < 4; j++)
            variance += w[i] * w[j] *
                        tgv_random_field_covariance((enum tgv_random_field_form)form, 7,
                                                    step * hypot(i % 2 - j % 2, i / 2 - j / 2));
        assert_true(1 - variance < 0.01 + 1e-9);
      }
  }
}

static void refuses(void **state)
{
  struct tgv_random_field_spec  good = {.nx = 8, .ny = 8, .dx = 1, .dy = 1, .length = 2}, bad;
  struct tgv_random_field_plan *p;

  (void)state;
#define REFUSED(change)                                                                                      \
  do {                                                                                                       \
    bad = good;                                                                                              \
    change;                                                                                                  \
    assert_int_equal(tgv_random_field_plan_new(&bad, &p), TGV_INPUT);                                        \
    assert_null(p);                                                                                          \
  } while (0)
  REFUSED(bad.nx = 0);
  REFUSED(bad.ny = -3);
  REFUSED(bad.dx = 0);
  REFUSED(bad.dy = NAN);
  REFUSED(bad.length = 0);
  REFUSED(bad.length = INFINITY);
  REFUSED(bad.form = TGV_FIELD_FORM_COUNT);
  REFUSED(bad.nx = bad.ny = 1025); /* above the default size of a torus */
  REFUSED(bad.nx = 2000000000);
  check_ok(tgv_random_field_plan_new(&good, &p));
  tgv_random_field_plan_free(p);
  good.nx = good.ny = 1; /* a single node is a plain normal */
  check_ok(tgv_random_field_plan_new(&good, &p));
  tgv_random_field_plan_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(eigenvalues_of_s11),
      cmocka_unit_test(torus_grows),
      cmocka_unit_test(covariance_of_s11),
      cmocka_unit_test(covariance_of_other_forms),
      cmocka_unit_test(reproducible),
      cmocka_unit_test(interpolation_loses_what_is_said),
      cmocka_unit_test(refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
