/* Started by mpirun with two ranks or more. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "solver/regime_model.h"
#include "solver/response_table.h"

static void test_ranks(void **state)
{
  const char *started = getenv("OMPI_COMM_WORLD_SIZE");

  (void)state;
  assert_int_equal(tgv_parallel_ranks(), started ? strtol(started, NULL, 10) : -1);
  assert_true(tgv_parallel_ranks() > 1);
  assert_in_range(tgv_parallel_rank(), 0, tgv_parallel_ranks() - 1);
  assert_true(tgv_parallel_threads() >= 1);
  check_ok(tgv_parallel_start());
}

static int rank_in_message(void)
{
  static const char before[] = "message of rank ";

  assert_int_equal(strncmp(tgv_error_message(), before, strlen(before)), 0);
  return (int)strtol(tgv_error_message() + strlen(before), NULL, 10);
}

/* The ranks fail with different codes; all leave with the largest, and know its message. */
static void test_agree(void **state)
{
  int last = tgv_parallel_ranks() - 1, rank = tgv_parallel_rank();

  (void)state;
  tgv_error_set("untouched");
  assert_int_equal(tgv_parallel_agree(TGV_OK), TGV_OK);
  assert_string_equal(tgv_error_message(), "untouched");

  tgv_error_set("message of rank %d", rank);
  assert_int_equal(tgv_parallel_agree(rank == last ? TGV_SOLVER : TGV_OK), TGV_SOLVER);
  assert_int_equal(rank_in_message(), last);

  tgv_error_set("message of rank %d", rank);
  assert_int_equal(tgv_parallel_agree(rank == 0 ? TGV_EXTERNAL : TGV_INPUT), TGV_EXTERNAL);
  assert_int_equal(rank_in_message(), rank);
}

static void test_sum(void **state)
{
  enum { MANY = 5000000 }; /* more than one message */
  int64_t *values = malloc(MANY * sizeof *values), ranks = tgv_parallel_ranks(), rank = tgv_parallel_rank();

  (void)state;
  assert_non_null(values);
  for (int64_t i = 0; i < MANY; i++) values[i] = i * (rank + 1) - ((int64_t)1 << 60) / 3 * (rank % 2);
  check_ok(tgv_parallel_sum(values, MANY));
  for (int64_t i = 0; i < MANY; i++)
    if (values[i] != i * (ranks * (ranks + 1) / 2) - ((int64_t)1 << 60) / 3 * (ranks / 2))
      fail_msg("sum %d is wrong", (int)i);
  check_ok(tgv_parallel_sum(NULL, 0));
  free(values);
}

/* Rank r gives size(r) bytes; one of the strings is empty, one longer than a message. */
static size_t size_of(int rank)
{
  return rank == 1 ? 0 : (size_t)(9000001 + rank);
}

static void test_gather(void **state)
{
  int            rank = tgv_parallel_rank();
  unsigned char *mine = malloc(size_of(rank) + 1), *p;
  void          *all = mine;
  size_t         n = 1, total = 0;

  (void)state;
  assert_non_null(mine);
  for (size_t i = 0; i < size_of(rank); i++) mine[i] = (unsigned char)(i * 7 + i / 256 + (size_t)rank);
  check_ok(tgv_parallel_gather(mine, size_of(rank), &all, &n));
  free(mine);
  if (rank > 0) {
    assert_null(all);
    assert_int_equal(n, 0);
    return;
  }
  p = all;
  for (int r = 0; r < tgv_parallel_ranks(); r++) {
    for (size_t i = 0; i < size_of(r); i++)
      if (*p++ != (unsigned char)(i * 7 + i / 256 + (size_t)r))
        fail_msg("byte %zu of rank %d is wrong", i, r);
    total += size_of(r);
  }
  assert_int_equal(n, total);
  free(all);
}

static void test_broadcast(void **state)
{
  enum { MANY = 9000003 };
  unsigned char *bytes = calloc(MANY, 1);

  (void)state;
  assert_non_null(bytes);
  for (size_t i = 0; i < MANY && tgv_parallel_rank() == 0; i++) bytes[i] = (unsigned char)(i * 11 + i / 256);
  check_ok(tgv_parallel_broadcast(bytes, MANY));
  for (size_t i = 0; i < MANY; i++)
    if (bytes[i] != (unsigned char)(i * 11 + i / 256)) fail_msg("byte %zu is wrong", i);
  free(bytes);
}

/* Only rank 0 speaks. */
static void test_progress(void **state)
{
  struct tgv_progress p;

  (void)state;
  tgv_progress_begin(&p, "this is a test", 2);
  p.started -= 5;
  tgv_progress_report(&p, 1);
  assert_int_equal(p.printed_any, tgv_parallel_rank() == 0);
  tgv_progress_end(&p);
}

/* ---- response tables: the ranks share the work, and get what one alone would get */

static int asked;

static tgv_status function(const void *context, const double *x, double *y)
{
  (void)context;
#pragma omp atomic
  asked++;
  y[0] = exp(x[0]) * sin(3 * x[1]);
  return TGV_OK;
}

static void evaluate(const struct tgv_table_plan *plan, float y[50])
{
  const struct tgv_response_table *t;
  float                            x[2][50];

  check_ok(tgv_response_table_get(plan, &t));
  for (int i = 0; i < 50; i++) x[0][i] = 0.02f * (float)i, x[1][i] = 1 - 0.01f * (float)i;
  tgv_response_table_at(t, 50, (const float *const[]){x[0], x[1]}, (float *const[]){y}, NULL, 0);
}

static void test_table(void **state)
{
  (void)state;
  enum { POINTS = 9 * 11 + 60 };
  struct tgv_table_plan plan = {.name = "ranks",
                                .axes = 2,
                                .outputs = 1,
                                .axis = {{"a", 0, 1, 9, false}, {"b", 0, 1, 11, false}},
                                .output = {"y"},
                                .version = "shared",
                                .checks = 60,
                                .solve = function};
  float                 shared[50], alone[50], apart[50];

  assert_int_equal(setenv("TGV_TABLES", "", 1), 0);
  asked = 0;
  evaluate(&plan, shared);
  assert_in_range(asked, POINTS / tgv_parallel_ranks(), POINTS / tgv_parallel_ranks() + 1);
  plan.version = "alone";
  asked = 0;
#pragma omp parallel num_threads(1)
  evaluate(&plan, alone);
  assert_int_equal(asked, POINTS);
  assert_memory_equal(shared, alone, sizeof shared);

  plan.version = tgv_parallel_rank() ? "rank 1" : "rank 0"; /* the ranks ask for different tables */
  asked = 0;
  evaluate(&plan, apart);
  assert_int_equal(asked, POINTS);
  assert_memory_equal(shared, apart, sizeof shared);
}

/* ---- regime models: the same */

static tgv_status jumping(const void *context, const double *x, struct tgv_regime_answer *out)
{
  (void)context;
#pragma omp atomic
  asked++;
  out->regime = x[0] + 0.2 * sin(4 * x[1]) > 0.5;
  out->y[0] = out->regime ? exp(x[1]) : x[0] - 5;
  return TGV_OK;
}

static void evaluate_model(const struct tgv_regime_plan *plan, float y[2][50])
{
  const struct tgv_regime_model *m;
  struct tgv_regime_values       to = {.y = {y[0]}, .margin = y[1]};
  float                          x[2][50];

  check_ok(tgv_regime_model_get(plan, &m));
  for (int i = 0; i < 50; i++) x[0][i] = 0.02f * (float)i, x[1][i] = 1 - 0.01f * (float)i;
  tgv_regime_model_at(m, 50, (const float *const[]){x[0], x[1]}, &to, (struct tgv_regime_flags){0});
}

static void test_model(void **state)
{
  (void)state;
  enum { RUNS = 60 };
  struct tgv_regime_plan plan = {.name = "ranks",
                                 .axes = 2,
                                 .outputs = 1,
                                 .regimes = 2,
                                 .axis = {{"a", 0, 1, false}, {"b", 0, 1, false}},
                                 .output = {"y"},
                                 .regime = {"left", "right"},
                                 .sound = {true, false},
                                 .version = "shared",
                                 .runs = RUNS,
                                 .solve = jumping};
  float                  shared[2][50], alone[2][50];

  assert_int_equal(setenv("TGV_TABLES", "", 1), 0);
  asked = 0;
  evaluate_model(&plan, shared);
  assert_true(asked > RUNS / tgv_parallel_ranks() / 2 && asked < RUNS);
  plan.version = tgv_parallel_rank() ? "rank 1" : "rank 0"; /* the ranks ask for different models */
  asked = 0;
  evaluate_model(&plan, alone);
  assert_int_equal(asked, RUNS);
  assert_memory_equal(shared, alone, sizeof shared);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ranks),  cmocka_unit_test(test_agree),     cmocka_unit_test(test_sum),
      cmocka_unit_test(test_gather), cmocka_unit_test(test_broadcast), cmocka_unit_test(test_progress),
      cmocka_unit_test(test_table),  cmocka_unit_test(test_model),
  };
  int failed;

  if (tgv_parallel_start()) {
    fprintf(stderr, "%s\n", tgv_error_message());
    return 1;
  }
  failed = cmocka_run_group_tests(tests, NULL, NULL);
  tgv_parallel_stop();
  if (tgv_parallel_start() != TGV_EXTERNAL) failed++; /* MPI has ended for good */
  return failed;
}
