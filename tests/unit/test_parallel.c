#include "check.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/parallel.h"

static void test_one_rank(void **state)
{
  int64_t values[] = {1, -2, 3};
  char    bytes[] = "abc";
  void   *all;
  size_t  n;

  (void)state;
  check_ok(tgv_parallel_start());
  check_ok(tgv_parallel_start());
  assert_int_equal(tgv_parallel_rank(), 0);
  assert_int_equal(tgv_parallel_ranks(), 1);
  assert_int_equal(tgv_parallel_agree(TGV_OK), TGV_OK);
  assert_int_equal(tgv_parallel_agree(TGV_SOLVER), TGV_SOLVER);
  check_ok(tgv_parallel_sum(values, 3));
  assert_int_equal(values[1], -2);
  check_ok(tgv_parallel_broadcast(bytes, 3));
  assert_string_equal(bytes, "abc");
  check_ok(tgv_parallel_gather(bytes, 3, &all, &n));
  assert_int_equal(n, 3);
  assert_memory_equal(all, "abc", 3);
  free(all);
  check_ok(tgv_parallel_gather(NULL, 0, &all, &n));
  assert_int_equal(n, 0);
  free(all);
  tgv_parallel_stop();
  tgv_parallel_stop();
}

static void test_threads(void **state)
{
  int before = tgv_parallel_threads(), seen[8] = {0};

  (void)state;
  assert_true(before >= 1);
  tgv_parallel_set_threads(3);
  assert_int_equal(tgv_parallel_threads(), 3);
#pragma omp parallel
  {
#pragma omp atomic
    seen[0]++;
  }
  assert_int_equal(seen[0], 3);
  tgv_parallel_set_threads(before);
}

/* ---- children: what they write to stderr, and how they end (exit code, or minus the signal) */

static int end_of_child(void (*what)(void), int reading, int writing, char *said, size_t size)
{
  int     status = 0;
  size_t  n = 0;
  ssize_t got;
  pid_t   child;

  fflush(NULL);
  child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    dup2(writing, STDERR_FILENO);
    what();
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(fcntl(reading, F_SETFL, O_NONBLOCK), 0);
  while (n < size - 1 && (got = read(reading, said + n, size - 1 - n)) > 0) n += (size_t)got;
  said[n] = '\0';
  close(reading), close(writing);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int run_to_file(void (*what)(void), char *said, size_t size)
{
  int ends[2];

  assert_int_equal(pipe(ends), 0);
  return end_of_child(what, ends[0], ends[1], said, size);
}

static int run_on_terminal(void (*what)(void), char *said, size_t size)
{
  int outer, inner;

  assert_int_equal(openpty(&outer, &inner, NULL, NULL, NULL), 0);
  return end_of_child(what, outer, inner, said, size);
}

/* ---- signals */

static void ask_once(void)
{
  tgv_interrupt_catch();
  if (tgv_interrupted()) _exit(1);
  raise(SIGINT);
  _exit(tgv_interrupted() ? 42 : 2);
}

static void ask_twice(void)
{
  tgv_interrupt_catch();
  raise(SIGINT);
  raise(SIGINT);
  _exit(3);
}

static void ask_in_two_ways(void)
{
  tgv_interrupt_catch();
  raise(SIGTERM);
  if (!tgv_interrupted()) _exit(4);
  raise(SIGINT);
  _exit(5);
}

static void test_interrupt(void **state)
{
  char said[100];

  (void)state;
  assert_false(tgv_interrupted());
  assert_int_equal(run_to_file(ask_once, said, sizeof said), 42);
  assert_int_equal(run_to_file(ask_twice, said, sizeof said), -SIGINT);
  assert_int_equal(run_to_file(ask_in_two_ways, said, sizeof said), -SIGINT);
}

/* ---- progress; the past is moved instead of waiting */

static void long_work(void)
{
  struct tgv_progress p;

  tgv_progress_begin(&p, "vias", 200);
  tgv_progress_report(&p, 10); /* too early */
  p.started -= 10;
  tgv_progress_report(&p, 0);
  tgv_progress_report(&p, 20); /* too soon after the last */
  p.printed -= 10;
  tgv_progress_report(&p, 50); /* 10 s for a quarter: 30 s are left */
  p.started -= 1000, p.printed -= 10;
  tgv_progress_report(&p, 100); /* as long again */
  p.started -= 9000, p.printed -= 10;
  tgv_progress_report(&p, 100);
  p.printed -= 10;
  tgv_progress_report(&p, 300);
  tgv_progress_end(&p);
  tgv_progress_end(&p);
}

static void short_work(void)
{
  struct tgv_progress p;

  tgv_progress_begin(&p, "vias", 200);
  for (int i = 0; i <= 200; i++) tgv_progress_report(&p, i);
  tgv_progress_end(&p);
}

static void silent_work(void)
{
  tgv_progress_silence(true);
  long_work();
}

static void test_progress(void **state)
{
  char said[1000];

  (void)state;
  assert_int_equal(run_to_file(long_work, said, sizeof said), 0);
  assert_string_equal(said, "vias: 10 s so far\nvias: 25 %, 30 s left\nvias: 50 %, 16 min 50 s left\n"
                            "vias: 50 %, 2 h 46 min left\nvias: 100 %\nvias: done in 2 h 46 min\n");
  assert_int_equal(run_on_terminal(long_work, said, sizeof said), 0);
  assert_string_equal(
      said, "\rvias: 10 s so far\033[K\rvias: 25 %, 30 s left\033[K\rvias: 50 %, 16 min 50 s left\033[K"
            "\rvias: 50 %, 2 h 46 min left\033[K\rvias: 100 %\033[K\rvias: done in 2 h 46 min\033[K\r\n");
  assert_int_equal(run_to_file(short_work, said, sizeof said), 0);
  assert_string_equal(said, "");
  assert_int_equal(run_on_terminal(silent_work, said, sizeof said), 0);
  assert_string_equal(said, "");
}

static void test_clock(void **state)
{
  double before = tgv_clock(), after;

  (void)state;
  usleep(20000);
  after = tgv_clock();
  assert_true(after - before >= 0.02);
  assert_true(after - before < 10);
}

/* srun says there are two of us, but MPI knows nothing of it: better to stop than to do everything twice */
static void start_as_one_of_two(void)
{
  setenv("SLURM_STEP_NUM_TASKS", "2", 1);
  setenv("OMPI_MCA_ess_singleton_isolated", "1", 1);
  if (tgv_parallel_start() == TGV_EXTERNAL) {
    fputs(tgv_error_message(), stderr);
    _exit(TGV_EXTERNAL);
  }
}

static void test_wrong_launcher(void **state)
{
  char said[1000];

  (void)state;
  assert_int_equal(run_to_file(start_as_one_of_two, said, sizeof said), TGV_EXTERNAL);
  assert_string_equal(said,
                      "2 processes were started, but MPI knows of 1; start them with the mpirun of Open MPI");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_rank), cmocka_unit_test(test_threads), cmocka_unit_test(test_interrupt),
      cmocka_unit_test(test_progress), cmocka_unit_test(test_clock),   cmocka_unit_test(test_wrong_launcher),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
