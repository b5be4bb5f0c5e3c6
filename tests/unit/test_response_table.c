/* The response table against functions that are known. */
#include "check.h"

#include <dirent.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/text.h"
#include "solver/response_table.h"

enum { FLAG = 4 };

static char       place[] = "/tmp/tgv-test-tables-XXXXXX";
static atomic_int calls;

/* entire in both inputs; the second on a logarithmic axis */
static tgv_status smooth(const void *context, const double *x, double *y)
{
  (void)context;
  atomic_fetch_add(&calls, 1);
  y[0] = exp(-x[0]) * cos(2 * x[0] + log(x[1]));
  y[1] = 3 + x[0] * x[0] * log(x[1]);
  return TGV_OK;
}

/* changes with `version`, so that no test finds the table of another */
static struct tgv_table_plan plan_of(const char *version, size_t nodes)
{
  return (struct tgv_table_plan){.name = "test table",
                                 .axes = 2,
                                 .outputs = 2,
                                 .axis = {{"a", -1, 2, nodes, false}, {"b", 0.1, 10, nodes, true}},
                                 .output = {"y0", "y1"},
                                 .version = version,
                                 .checks = 500,
                                 .solve = smooth};
}

static void converges_faster_than_any_power(void **state)
{
  (void)state;
  double before = 1, last = 0;

  for (size_t nodes = 5; nodes <= 17; nodes += 4) {
    struct tgv_table_plan            plan = plan_of("convergence", nodes);
    const struct tgv_response_table *t;

    check_ok(tgv_response_table_get(&plan, &t));
    last = tgv_response_table_error(t, 0).largest;
    print_message("# %zu nodes an axis: error %.2g of %.3g, rms %.2g; second output %.2g of %.3g\n", nodes,
                  last, tgv_response_table_error(t, 0).scale, tgv_response_table_error(t, 0).rms,
                  tgv_response_table_error(t, 1).largest, tgv_response_table_error(t, 1).scale);
    /* four nodes more: a hundredth of the error, until single precision ends it */
    if (nodes > 5) assert_true(last < 0.02 * before || last < 3e-6);
    assert_true(tgv_response_table_error(t, 1).largest < 4e-6 * tgv_response_table_error(t, 1).scale);
    before = last;
  }
  assert_true(last < 5e-6);
}

/* at other points than those of the table's own checks */
static void error_bound_holds(void **state)
{
  (void)state;
  enum { POINTS = 2000 };
  static float                     x[2][POINTS], y[2][POINTS];
  const float *const               in[2] = {x[0], x[1]};
  float *const                     out[2] = {y[0], y[1]};
  struct tgv_table_plan            plan = plan_of("bound", 9);
  const struct tgv_response_table *t;
  struct tgv_random_key            key = tgv_random_key_make(77, 1, 1);
  double                           worst = 0;

  check_ok(tgv_response_table_get(&plan, &t));
  for (size_t i = 0; i < POINTS; i++) {
    x[0][i] = (float)(-1 + 3 * tgv_random_uniform(key, 1, i));
    x[1][i] = (float)(0.1 * pow(100, tgv_random_uniform(key, 2, i)));
  }
  tgv_response_table_at(t, POINTS, in, out, NULL, 0);
  for (size_t i = 0; i < POINTS; i++) {
    double at[2] = {(double)x[0][i], (double)x[1][i]}, want[2];

    check_ok(smooth(NULL, at, want));
    worst = fmax(worst, fabs((double)y[0][i] - want[0]));
  }
  print_message("# largest error %.3g at 2000 other points, %.3g at the 500 checks\n", worst,
                tgv_response_table_error(t, 0).largest);
  assert_true(worst < 2 * tgv_response_table_error(t, 0).largest);
  assert_true(worst > 0.2 * tgv_response_table_error(t, 0).largest);
}

static void outside_is_flagged_and_held(void **state)
{
  (void)state;
  float              x0[] = {0, -2, 5, NAN, 0, -1, 2}, x1[] = {1, 1, 1, 1, -3, 0.1f, 10};
  float              low0[] = {0, -1, 2, -1, 0, -1, 2}, low1[] = {1, 1, 1, 1, 0.1f, 0.1f, 10};
  const float *const in[2] = {x0, x1}, *const held[2] = {low0, low1};
  float                            a[2][7], b[2][7];
  uint32_t                         flags[7] = {1, 0, 0, 0, 0, 0, 0};
  struct tgv_table_plan            plan = plan_of("outside", 9);
  const struct tgv_response_table *t;

  check_ok(tgv_response_table_get(&plan, &t));
  tgv_response_table_at(t, 7, in, (float *const[]){a[0], a[1]}, flags, FLAG);
  tgv_response_table_at(t, 7, held, (float *const[]){b[0], b[1]}, NULL, 0);
  assert_memory_equal(a, b, sizeof a);
  assert_int_equal(flags[0], 1);
  for (int i = 1; i < 5; i++) assert_int_equal(flags[i], FLAG);
  for (int i = 5; i < 7; i++) assert_int_equal(flags[i], 0);
  check_near(a[0][6], exp(-2) * cos(4 + log(10)), 0, 1e-3);
}

/* a via's value does not depend on its neighbours in the block */
static void any_part_of_a_block(void **state)
{
  (void)state;
  enum { N = 75 };
  float                            x[2][N], whole[2][N], one[2][N];
  struct tgv_table_plan            plan = plan_of("parts", 9);
  const struct tgv_response_table *t;

  check_ok(tgv_response_table_get(&plan, &t));
  for (int i = 0; i < N; i++) x[0][i] = -1 + 0.04f * (float)i, x[1][i] = 0.1f + 0.1f * (float)i;
  tgv_response_table_at(t, N, (const float *const[]){x[0], x[1]}, (float *const[]){whole[0], whole[1]}, NULL,
                        0);
  for (int i = 0; i < N; i++)
    tgv_response_table_at(t, 1, (const float *const[]){x[0] + i, x[1] + i},
                          (float *const[]){one[0] + i, one[1] + i}, NULL, 0);
  assert_memory_equal(whole, one, sizeof whole);
}

/* ---- cache */

static size_t files(char *path, size_t size)
{
  DIR           *d = opendir(place);
  struct dirent *e;
  size_t         n = 0;

  assert_non_null(d);
  while ((e = readdir(d)))
    if (e->d_name[0] != '.') {
      snprintf(path, size, "%s/%s", place, e->d_name);
      n++;
    }
  closedir(d);
  return n;
}

static void clear(void)
{
  char path[600];

  while (files(path, sizeof path)) assert_int_equal(unlink(path), 0);
}

static void the_solver_is_asked_once(void **state)
{
  (void)state;
  struct tgv_table_plan            plan = plan_of("once", 6);
  const struct tgv_response_table *a, *b, *c;

  calls = 0;
  check_ok(tgv_response_table_get(&plan, &a));
  assert_int_equal(calls, 36 + 500);
  check_ok(tgv_response_table_get(&plan, &b));
  assert_ptr_equal(a, b);
  assert_int_equal(calls, 36 + 500);
  plan.depends = "x", plan.depends_size = 1; /* something else it depends on: another table */
  check_ok(tgv_response_table_get(&plan, &c));
  assert_ptr_not_equal(a, c);
  assert_int_equal(calls, 2 * (36 + 500));
}

/* A child process that has no table in memory: how often does it ask the solver? */
static int calls_of_another_process(const char *version)
{
  int   end[2], asked = -1;
  pid_t child;

  assert_int_equal(pipe(end), 0);
  child = fork();
  if (child == 0) {
    struct tgv_table_plan            plan = plan_of(version, 6);
    const struct tgv_response_table *t;

    calls = 0;
    tgv_parallel_set_threads(1); /* threads do not survive a fork */
    if (tgv_response_table_get(&plan, &t)) _exit(1);
    asked = calls;
    if (write(end[1], &asked, sizeof asked) != sizeof asked) _exit(1);
    _exit(0);
  }
  assert_int_equal(read(end[0], &asked, sizeof asked), sizeof asked);
  close(end[0]), close(end[1]);
  return asked;
}

static void the_disk_remembers(void **state)
{
  (void)state;
  char   path[600], *data;
  size_t size;

  clear();
  assert_int_equal(calls_of_another_process("disk"), 536);
  assert_int_equal(files(path, sizeof path), 1);
  assert_int_equal(calls_of_another_process("disk"), 0);
  assert_int_equal(calls_of_another_process("disk, another version"), 536);
  clear();

  /* damaged in any way: made anew, and whole again */
  assert_int_equal(calls_of_another_process("disk"), 536);
  assert_int_equal(files(path, sizeof path), 1);
  check_ok(tgv_file_read(path, 1 << 20, &data, &size));
  for (int k = 0; k < 4; k++) {
    char  *bad = malloc(size + 1);
    size_t n = k == 0 ? size - 1 : k == 1 ? 0 : k == 2 ? size + 1 : size;

    memcpy(bad, data, size);
    if (k == 3) bad[size / 2] = (char)(bad[size / 2] ^ 1);
    check_ok(tgv_file_write(path, bad, n));
    free(bad);
    assert_int_equal(calls_of_another_process("disk"), 536);
    assert_int_equal(calls_of_another_process("disk"), 0);
  }
  free(data);
}

static void no_directory_is_no_error(void **state)
{
  (void)state;
  assert_int_equal(setenv("TGV_TABLES", "/dev/null/tables", 1), 0);
  assert_int_equal(calls_of_another_process("nowhere"), 536);
  assert_int_equal(setenv("TGV_TABLES", "", 1), 0);
  assert_int_equal(calls_of_another_process("nowhere"), 536);
  assert_int_equal(setenv("TGV_TABLES", place, 1), 0);
}

/* ---- failure */

static tgv_status fails(const void *context, const double *x, double *y)
{
  (void)context;
  y[0] = y[1] = x[0] > 1.5 ? NAN : 1;
  return x[1] > 9 ? tgv_fail(TGV_SOLVER, "it does not converge at %g", x[1]) : TGV_OK;
}

static void a_solver_that_fails(void **state)
{
  (void)state;
  struct tgv_table_plan            plan = plan_of("fails", 6);
  const struct tgv_response_table *t;

  plan.solve = fails;
  assert_int_equal(tgv_response_table_get(&plan, &t), TGV_SOLVER);
  assert_null(t);
  assert_int_equal(tgv_response_table_get(&plan, &t), TGV_SOLVER); /* it was not kept */
  plan.axis[1].high = 2;
  assert_int_equal(tgv_response_table_get(&plan, &t), TGV_SOLVER);
  assert_non_null(strstr(tgv_error_message(), "not a finite number"));
  plan.solve = smooth;
  check_ok(tgv_response_table_get(&plan, &t));
}

/* ---- axes and threads */

static tgv_status three(const void *context, const double *x, double *y)
{
  (void)context;
  for (size_t o = 0; o < 5; o++) y[o] = exp(0.3 * x[0] * (double)o) * (1 + x[2] * x[2]) + x[1];
  return TGV_OK;
}

static tgv_status cosine(const void *context, const double *x, double *y)
{
  (void)context;
  y[0] = cos(x[0]), y[1] = 1;
  return TGV_OK;
}

static void one_axis_many_axes_and_fixed_ones(void **state)
{
  (void)state;
  struct tgv_table_plan            plan = {.name = "three",
                                           .axes = 3,
                                           .outputs = 5,
                                           .axis = {{"a", 0, 1, 8, false}, {"b", 7, 7, 1, false}, {"c", 0, 1, 3, false}},
                                           .output = {"0", "1", "2", "3", "4"},
                                           .version = "1",
                                           .checks = 40,
                                           .solve = three};
  const struct tgv_response_table *t;

  check_ok(tgv_response_table_get(&plan, &t));
  for (size_t o = 0; o < 5; o++) assert_true(tgv_response_table_error(t, o).largest < 2e-5);
  plan = plan_of("one axis", 12);
  plan.axes = 1, plan.solve = cosine;
  check_ok(tgv_response_table_get(&plan, &t));
  assert_true(tgv_response_table_error(t, 0).largest < 2e-6);
}

static void threads_make_the_same_table(void **state)
{
  (void)state;
  int   before = tgv_parallel_threads();
  float y[2][2][100], x[2][100];

  for (int i = 0; i < 100; i++) x[0][i] = -1 + 0.03f * (float)i, x[1][i] = 0.1f + 0.09f * (float)i;
  for (int k = 0; k < 2; k++) {
    struct tgv_table_plan            plan = plan_of(k ? "4 threads" : "1 thread", 7);
    const struct tgv_response_table *t;

    tgv_parallel_set_threads(k ? 4 : 1);
    check_ok(tgv_response_table_get(&plan, &t));
    tgv_response_table_at(t, 100, (const float *const[]){x[0], x[1]}, (float *const[]){y[k][0], y[k][1]},
                          NULL, 0);
  }
  tgv_parallel_set_threads(before);
  assert_memory_equal(y[0], y[1], sizeof y[0]);
}

static void threads_may_ask_together(void **state)
{
  (void)state;
  const struct tgv_response_table *t[8];

  calls = 0;
#pragma omp parallel for num_threads(4) schedule(static, 1)
  for (int i = 0; i < 8; i++) {
    struct tgv_table_plan plan = plan_of("together", 7);

    if (tgv_response_table_get(&plan, &t[i])) t[i] = NULL;
  }
  for (int i = 0; i < 8; i++) assert_ptr_equal(t[i], t[0]);
  assert_non_null(t[0]);
  assert_int_equal(calls, 49 + 500);
}

static int make_place(void **state)
{
  (void)state;
  return mkdtemp(place) && !setenv("TGV_TABLES", place, 1) ? 0 : -1;
}

static int remove_place(void **state)
{
  (void)state;
  clear();
  return rmdir(place);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_disk_remembers), /* first: it forks, before there are threads */
      cmocka_unit_test(no_directory_is_no_error),    cmocka_unit_test(converges_faster_than_any_power),
      cmocka_unit_test(error_bound_holds),           cmocka_unit_test(outside_is_flagged_and_held),
      cmocka_unit_test(any_part_of_a_block),         cmocka_unit_test(the_solver_is_asked_once),
      cmocka_unit_test(a_solver_that_fails),         cmocka_unit_test(one_axis_many_axes_and_fixed_ones),
      cmocka_unit_test(threads_make_the_same_table), cmocka_unit_test(threads_may_ask_together),
  };
  return cmocka_run_group_tests(tests, make_place, remove_place);
}
