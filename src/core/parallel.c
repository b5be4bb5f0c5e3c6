#include "core/parallel.h"

#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mpi.h>
#include <omp.h>

#include "core/text.h"

/* What MPI allocates while it starts and stops is its own; the leak checker of sanitizer builds need not see
 * it. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_CHECKED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(LEAKS_CHECKED)
#include <sanitizer/lsan_interface.h>
#define leaks_ignored(ignored) ((ignored) ? __lsan_disable() : __lsan_enable())
#else
#define leaks_ignored(ignored) ((void)(ignored))
#endif

enum {
  CHUNK = 1 << 22,      /* bytes or numbers of one MPI call, whose counts are ints */
  MESSAGE_SIZE = 16384, /* longest message that is handed on */
};

static struct {
  MPI_Comm world; /* our own copy of MPI_COMM_WORLD */
  int      rank, ranks;
  bool     ours; /* we started MPI, so we end it */
} mpi = {MPI_COMM_NULL, 0, 1, false};

/* ---- start and end */

static int number_in_environment(const char *name)
{
  const char *text = getenv(name);
  long        n = text ? strtol(text, NULL, 10) : 0;

  return n > 0 && n < INT_MAX ? (int)n : 0;
}

/* The number of processes that mpirun (Open MPI, MPICH) or srun says it started. */
static int started_processes(void)
{
  static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"};

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    int n = number_in_environment(names[i]);

    if (n > 0) return n;
  }
  return 1;
}

static tgv_status check(int code, const char *doing)
{
  char text[MPI_MAX_ERROR_STRING] = "";
  int  n = 0;

  if (code == MPI_SUCCESS) return TGV_OK;
  (void)MPI_Error_string(code, text, &n);
  return tgv_fail(TGV_EXTERNAL, "MPI failed %s: %s", doing, text);
}

/* The ranks of one machine share its processors. The user's OMP_NUM_THREADS goes first. */
static tgv_status share_processors(void)
{
  MPI_Comm machine;
  int      neighbours = 1, all = (int)sysconf(_SC_NPROCESSORS_ONLN), threads;

  if (getenv("OMP_NUM_THREADS")) return TGV_OK;
  TGV_TRY(
      check(MPI_Comm_split_type(mpi.world, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine), "to start"));
  TGV_TRY(check(MPI_Comm_size(machine, &neighbours), "to start"));
  TGV_TRY(check(MPI_Comm_free(&machine), "to start"));
  threads = all / neighbours < omp_get_num_procs() ? all / neighbours : omp_get_num_procs();
  tgv_parallel_set_threads(threads < 1 ? 1 : threads);
  return TGV_OK;
}

static tgv_status start(int processes)
{
  int started = 0, ended = 0, level = 0;

  TGV_TRY(check(MPI_Finalized(&ended), "to start"));
  if (ended) return tgv_fail(TGV_EXTERNAL, "MPI cannot be started again after its end");
  TGV_TRY(check(MPI_Initialized(&started), "to start"));
  if (!started) {
    int code;

    leaks_ignored(true);
    code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    leaks_ignored(false);
    TGV_TRY(check(code, "to start"));
    mpi.ours = true;
  }
  TGV_TRY(check(MPI_Comm_dup(MPI_COMM_WORLD, &mpi.world), "to start"));
  TGV_TRY(check(MPI_Comm_set_errhandler(mpi.world, MPI_ERRORS_RETURN), "to start"));
  TGV_TRY(check(MPI_Comm_rank(mpi.world, &mpi.rank), "to start"));
  TGV_TRY(check(MPI_Comm_size(mpi.world, &mpi.ranks), "to start"));
  if (mpi.ranks != processes)
    return tgv_fail(TGV_EXTERNAL,
                    "%d processes were started, but MPI knows of %d; start them with the mpirun of Open MPI",
                    processes, mpi.ranks);
  return share_processors();
}

tgv_status tgv_parallel_start(void)
{
  int             processes = started_processes();
  tgv_status_code status;

  if (processes < 2 || mpi.world != MPI_COMM_NULL) return TGV_OK;
  status = start(processes);
  if (status) tgv_parallel_stop();
  return status;
}

void tgv_parallel_stop(void)
{
  if (mpi.world != MPI_COMM_NULL) (void)MPI_Comm_free(&mpi.world);
  if (mpi.ours) {
    leaks_ignored(true);
    (void)MPI_Finalize();
    leaks_ignored(false);
  }
  mpi.world = MPI_COMM_NULL, mpi.rank = 0, mpi.ranks = 1, mpi.ours = false;
}

int tgv_parallel_rank(void)
{
  return mpi.rank;
}

int tgv_parallel_ranks(void)
{
  return mpi.ranks;
}

int tgv_parallel_threads(void)
{
  return omp_get_max_threads();
}

void tgv_parallel_set_threads(int n)
{
  TGV_BUG_IF(n < 1);
  omp_set_num_threads(n);
}

/* ---- exchange */

static size_t part(size_t left)
{
  return left < CHUNK ? left : CHUNK;
}

tgv_status tgv_parallel_broadcast(void *bytes, size_t size)
{
  char *p = bytes;

  if (mpi.ranks == 1) return TGV_OK;
  for (size_t left = size; left > 0; p += part(left), left -= part(left))
    TGV_TRY(check(MPI_Bcast(p, (int)part(left), MPI_BYTE, 0, mpi.world), "to copy to all ranks"));
  return TGV_OK;
}

tgv_status tgv_parallel_agree(tgv_status_code mine)
{
  struct {
    int status, rank;
  } own = {(int)mine, mpi.rank}, worst = own;
  char            message[MESSAGE_SIZE];
  tgv_status_code status;

  if (mpi.ranks == 1) return mine;
  status = check(MPI_Allreduce(&own, &worst, 1, MPI_2INT, MPI_MAXLOC, mpi.world), "to compare the ranks");
  if (status || worst.status == TGV_OK) return status;
  snprintf(message, sizeof message, "%s", tgv_error_message());
  status = check(MPI_Bcast(message, sizeof message, MPI_BYTE, worst.rank, mpi.world), "to compare the ranks");
  if (status) return status;
  if (mine == TGV_OK) tgv_error_set("%s", message);
  return (tgv_status_code)worst.status;
}

tgv_status tgv_parallel_sum(int64_t *values, size_t n)
{
  if (mpi.ranks == 1) return TGV_OK;
  for (size_t left = n; left > 0; values += part(left), left -= part(left))
    TGV_TRY(check(MPI_Allreduce(MPI_IN_PLACE, values, (int)part(left), MPI_INT64_T, MPI_SUM, mpi.world),
                  "to sum"));
  return TGV_OK;
}

static tgv_status send(const char *p, size_t size)
{
  for (size_t left = size; left > 0; p += part(left), left -= part(left))
    TGV_TRY(check(MPI_Send(p, (int)part(left), MPI_BYTE, 0, 0, mpi.world), "to gather"));
  return TGV_OK;
}

static tgv_status receive(int rank, char *p, size_t size)
{
  for (size_t left = size; left > 0; p += part(left), left -= part(left))
    TGV_TRY(
        check(MPI_Recv(p, (int)part(left), MPI_BYTE, rank, 0, mpi.world, MPI_STATUS_IGNORE), "to gather"));
  return TGV_OK;
}

/* On rank 0: receives from the others into `all`, behind its own bytes. */
static tgv_status receive_all(char *all, const uint64_t *sizes)
{
  char *p = all + sizes[0];

  for (int r = 1; r < mpi.ranks; p += sizes[r], r++) TGV_TRY(receive(r, p, sizes[r]));
  return TGV_OK;
}

tgv_status tgv_parallel_gather(const void *mine, size_t size, void **all, size_t *all_size)
{
  uint64_t       *sizes = tgv_allocate((size_t)mpi.ranks, sizeof *sizes), own = size;
  tgv_status_code status = TGV_OK;

  *all = NULL, *all_size = 0;
  sizes[0] = own;
  if (mpi.ranks > 1)
    status = check(MPI_Gather(&own, 1, MPI_UINT64_T, sizes, 1, MPI_UINT64_T, 0, mpi.world), "to gather");
  if (!status && mpi.rank > 0) status = send(mine, size);
  if (!status && mpi.rank == 0) {
    for (int r = 0; r < mpi.ranks; r++) *all_size += sizes[r];
    *all = tgv_allocate(*all_size, 1);
    if (size > 0) memcpy(*all, mine, size);
    status = receive_all(*all, sizes);
  }
  free(sizes);
  if (status) {
    free(*all);
    *all = NULL, *all_size = 0;
  }
  return status;
}

/* ---- the wish to stop */

static volatile sig_atomic_t asked_to_stop;

/* Whoever asks twice does not want to wait. */
static void note_signal(int number)
{
  if (asked_to_stop) {
    (void)signal(number, SIG_DFL);
    (void)raise(number);
  }
  asked_to_stop = 1;
}

void tgv_interrupt_catch(void)
{
  struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

  (void)sigemptyset(&action.sa_mask);
  TGV_BUG_IF(sigaction(SIGINT, &action, NULL) || sigaction(SIGTERM, &action, NULL));
}

bool tgv_interrupted(void)
{
  return asked_to_stop;
}

/* ---- progress */

static bool silenced;

double tgv_clock(void)
{
  struct timespec t;

  TGV_BUG_IF(clock_gettime(CLOCK_MONOTONIC, &t));
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void tgv_progress_silence(bool silent)
{
  silenced = silent;
}

void tgv_progress_begin(struct tgv_progress *p, const char *what, double total)
{
  double now = tgv_clock();

  *p = (struct tgv_progress){.what = what, .total = total, .started = now, .printed = now};
}

/* "45 s", "12 min 05 s", "3 h 20 min" */
static const char *duration(double seconds, char text[32])
{
  double s = fmin(fmax(round(seconds), 0), 1e9);
  long   n = (long)s;

  if (n < 60)
    snprintf(text, 32, "%ld s", n);
  else if (n < 3600)
    snprintf(text, 32, "%ld min %02ld s", n / 60, n % 60);
  else
    snprintf(text, 32, "%ld h %02ld min", n / 3600, n / 60 % 60);
  return text;
}

void tgv_progress_report(struct tgv_progress *p, double done)
{
  bool   terminal, first = !p->printed_any;
  double now, fraction = done / p->total;
  char   left[32];

  if (silenced || mpi.rank > 0) return;
  now = tgv_clock();
  if (now - p->started < 2) return;
  terminal = isatty(STDERR_FILENO);
  if (!first && now - p->printed < (terminal ? 0.2 : 10)) return;
  p->printed = now;
  p->printed_any = 1;
  fprintf(stderr, terminal ? "\r%.50s: " : "%.50s: ", p->what);
  if (!(fraction > 0))
    fprintf(stderr, "%s so far", duration(now - p->started, left));
  else if (fraction >= 1)
    fprintf(stderr, "100 %%");
  else
    fprintf(stderr, "%d %%, %s left", (int)(100 * fraction),
            duration((now - p->started) * (1 / fraction - 1), left));
  fputs(terminal ? "\033[K" : "\n", stderr);
  fflush(stderr);
}

void tgv_progress_end(struct tgv_progress *p)
{
  char text[32];

  if (!p->printed_any) return;
  fprintf(stderr, isatty(STDERR_FILENO) ? "\r%.50s: %s %s\033[K\n" : "%.50s: %s %s\n", p->what,
          asked_to_stop ? "stopped after" : "done in", duration(tgv_clock() - p->started, text));
  p->printed_any = 0;
}
