/* Threads and ranks. MPI starts only when the program was started by mpirun (more than one rank); inside a
   rank the via kernels run on OpenMP threads. Also: progress with time left, and the wish of the user to
   stop. */
#ifndef TGV_CORE_PARALLEL_H
#define TGV_CORE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/** Starts MPI if mpirun (or srun) started this program with more than one rank. Idempotent. The ranks of one
   machine share its processors as threads unless OMP_NUM_THREADS says otherwise. TGV_EXTERNAL if MPI cannot
   start. */
tgv_status tgv_parallel_start(void);
void       tgv_parallel_stop(void);
int        tgv_parallel_rank(void);    /* 0 without MPI */
int        tgv_parallel_ranks(void);   /* 1 without MPI */
int        tgv_parallel_threads(void); /* OpenMP threads of this rank */
void       tgv_parallel_set_threads(int n);

/** Every rank leaves with the worst status of all (the largest exit code). A rank that failed keeps its
   message, the others get that of the worst one. Collective, as all of the following: every rank must call
   it. */
tgv_status tgv_parallel_agree(tgv_status_code mine);
/** Sums arrays over the ranks, result on all ranks. Integers only: sums of integers do not depend on their
 * order. */
tgv_status tgv_parallel_sum(int64_t *values, size_t n);
/** Gathers the byte strings of all ranks on rank 0, in order of rank; elsewhere *all is NULL. free() *all. */
tgv_status tgv_parallel_gather(const void *mine, size_t size, void **all, size_t *all_size);
/** Copies bytes of rank 0 to all ranks. */
tgv_status tgv_parallel_broadcast(void *bytes, size_t size);

/** Ctrl-C and SIGTERM set a flag instead of ending the program; kernels look at it between tiles. */
void tgv_interrupt_catch(void);
bool tgv_interrupted(void);

/** Progress on stderr, only on rank 0, only after two seconds, with the time left; on a terminal one line
   that is rewritten, else a line each ten seconds. */
struct tgv_progress {
  const char *what;
  double      total, started, printed;
  int         printed_any;
};
void tgv_progress_begin(struct tgv_progress *p, const char *what, double total);
void tgv_progress_report(struct tgv_progress *p, double done);
/** Closes the line: "done in ...", or "stopped after ..." if the user has asked to stop. */
void tgv_progress_end(struct tgv_progress *p);
/** Turns progress off (--quiet). */
void tgv_progress_silence(bool silent);
/** Seconds since an arbitrary start, monotonic. */
double tgv_clock(void);

#endif
