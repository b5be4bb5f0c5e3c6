/** # Response tables

## Model
A solver that takes milliseconds to hours is asked at the nodes of a tensor grid once; per via a polynomial is evaluated. Along each
axis the input (or its logarithm) is mapped to $-1 \le u \le 1$; the nodes are the Chebyshev points
$u_j = -\cos(\pi j / (n - 1))$, and an output is

$$ y = \sum_{k_1 \dots k_d} c_{k_1 \dots k_d} \prod_a T_{k_a}(u_a), \qquad T_k(u) = \cos(k \arccos u), $$

the polynomial through all its values at the nodes (coefficients by the discrete cosine transform). For a smooth solver the error falls
faster than any power of the number of nodes.

The **error** is measured, not estimated: the solver is asked once more at random points in the range (counter-based random numbers,
uniform in $u$), and the largest and the root-mean-square difference to the table as it is evaluated for vias, rounding included, go
with the table. Coefficients that together add at most a tenth to the largest error are left out, which makes the table faster.

A table is kept in the process and on disk under the hash of all that it depends on; a damaged file does not have its own hash and is
made anew. Over MPI each rank asks the solver for a part of the points.

## Valid for
Outputs that are smooth over the range of the axes. A via outside is held at the edge and flagged. The random checks find the error's
size, not its bound: between $n$ checks a fraction of about $1/n$ of the range may be worse.

## Neglects
Nothing beside the measured error; the numbers are evaluated in single precision (about $10^{-6}$ of the largest coefficient).

## Source
Trefethen, Approximation Theory and Approximation Practice (2013), chapters 2 to 4.

## Verified by
tests/unit/test_response_table.c (spectral convergence, error bound, cache, damage, ranks, threads), tests/unit/test_clones.c (the
same bits on every instruction set). */
#include "solver/response_table.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "core/parallel.h"
#include "core/text.h"
#include "solver/response_table_inside.h"

/* ---- asking the solver */

struct asked {
  const struct tgv_table_plan *plan;
  size_t                       points;
  double                      *y; /* [points][outputs] */
  bool                         stop;
  tgv_status_code              status;
  char                        *message; /* errors belong to the thread that has them */
};

static tgv_status solve_point(const struct tgv_table_plan *p, size_t i, double *y)
{
  double x[TGV_TABLE_AXES_MAX];

  if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped while making the table %s", p->name);
  tgv_table_point(p, i, x);
  TGV_TRY_NOTE(p->solve(p->context, x, y), "making the table %s at %s = %g", p->name, p->axis[0].name, x[0]);
  for (size_t o = 0; o < p->outputs; o++)
    if (!isfinite(y[o]))
      return tgv_fail(TGV_SOLVER, "%s of the table %s is not a finite number at %s = %g", p->output[o],
                      p->name, p->axis[0].name, x[0]);
  return TGV_OK;
}

static void note_failure(struct asked *a, tgv_status_code status)
{
#pragma omp        critical(response_table)
  if (!a->status) {
           a->status = status;
           a->message = tgv_text_copy(tgv_error_message());
  }
       #pragma omp atomic write
  a->stop = true;
}

/* This rank's part of the points; others stay 0. */
static void solve_part(struct asked *a, size_t rank, size_t ranks)
{
  struct tgv_progress progress;
  size_t              mine = (a->points + ranks - 1 - rank) / ranks, done = 0;

  tgv_progress_begin(&progress, a->plan->name, (double)mine);
#pragma omp parallel for schedule(dynamic, 1)
  for (size_t j = 0; j < mine; j++) {
    size_t          i = rank + j * ranks, now;
    tgv_status_code status;
    bool            stop;

#pragma omp atomic read
    stop = a->stop;
    if (stop) continue;
    status = solve_point(a->plan, i, a->y + i * a->plan->outputs);
    if (status) note_failure(a, status);
#pragma omp atomic capture
    now = ++done;
    if (omp_get_thread_num() == 0 && omp_get_level() == 1) tgv_progress_report(&progress, (double)now);
  }
  tgv_progress_end(&progress);
}

/* Adds up the parts of the ranks, bit by bit: each number is 0 on all ranks but one. */
static tgv_status join_parts(struct asked *a)
{
  size_t          n = a->points * a->plan->outputs;
  int64_t        *bits = tgv_allocate(n, sizeof *bits);
  tgv_status_code status;

  memcpy(bits, a->y, n * sizeof *bits);
  status = tgv_parallel_sum(bits, n);
  memcpy(a->y, bits, n * sizeof *bits);
  free(bits);
  return status;
}

static tgv_status solve_all(struct asked *a, bool together)
{
  tgv_status_code status;

  solve_part(a, together ? (size_t)tgv_parallel_rank() : 0, together ? (size_t)tgv_parallel_ranks() : 1);
  if (a->status) tgv_error_set("%s", a->message);
  free(a->message);
  status = together ? tgv_parallel_agree(a->status) : a->status;
  return status || !together ? status : join_parts(a);
}

/* ---- one table */

/* Whether all ranks are here for the same table; inside a parallel region they are not. */
static tgv_status same_on_all_ranks(const struct tgv_hash *hash, bool *together)
{
  struct tgv_hash first = *hash;
  int64_t         different = 0;

  *together = false;
  if (tgv_parallel_ranks() == 1 || omp_get_level() > 0) return TGV_OK;
  TGV_TRY(tgv_parallel_broadcast(&first, sizeof first));
  different = memcmp(&first, hash, sizeof first) != 0;
  TGV_TRY(tgv_parallel_sum(&different, 1));
  *together = different == 0;
  return TGV_OK;
}

static tgv_status find_or_solve(struct asked *a, const struct tgv_hash *hash)
{
  bool together, known = false, reads;

  TGV_TRY(same_on_all_ranks(hash, &together));
  reads = !together || tgv_parallel_rank() == 0;
  if (reads) known = tgv_table_load(a->plan, hash, a->y);
  if (together) TGV_TRY(tgv_parallel_broadcast(&known, sizeof known));
  if (known && together) TGV_TRY(tgv_parallel_broadcast(a->y, a->points * a->plan->outputs * sizeof *a->y));
  if (known) return TGV_OK;
  TGV_TRY(solve_all(a, together));
  if (reads) tgv_table_keep(a->plan, hash, a->y);
  return TGV_OK;
}

static tgv_status make(const struct tgv_table_plan *p, const struct tgv_hash *hash,
                       struct tgv_response_table **out)
{
  struct asked    a = {.plan = p, .points = tgv_table_node_count(p) + p->checks};
  tgv_status_code status;

  a.y = tgv_allocate(a.points * p->outputs, sizeof *a.y);
  status = find_or_solve(&a, hash);
  if (!status) *out = tgv_table_fit(p, a.y);
  free(a.y);
  return status;
}

/* ---- the tables of the process */

struct entry {
  struct tgv_hash            hash;
  struct tgv_response_table *table; /* NULL: another thread is making it */
  struct entry              *next;
};

static struct entry   *entries;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  made = PTHREAD_COND_INITIALIZER;

static struct entry **find(const struct tgv_hash *hash)
{
  struct entry **e = &entries;

  while (*e && memcmp(&(*e)->hash, hash, sizeof *hash) != 0) e = &(*e)->next;
  return e;
}

static void judge(const struct tgv_table_plan *p)
{
  TGV_BUG_IF(p->axes < 1 || p->axes > TGV_TABLE_AXES_MAX || p->outputs < 1 ||
             p->outputs > TGV_TABLE_OUTPUTS_MAX || p->checks < 32);
  for (size_t a = 0; a < p->axes; a++) {
    const struct tgv_table_axis *x = &p->axis[a];

    TGV_BUG_IF(x->nodes < 1 || x->nodes > TABLE_NODES_MAX || !isfinite(x->low) || !isfinite(x->high));
    TGV_BUG_IF(!(x->nodes > 1 ? x->low < x->high : x->low <= x->high) || (x->logarithmic && !(x->low > 0)));
  }
}

tgv_status tgv_response_table_get(const struct tgv_table_plan *plan, const struct tgv_response_table **out)
{
  struct tgv_hash            hash = tgv_table_hash(plan);
  struct tgv_response_table *t = NULL;
  tgv_status_code            status;
  struct entry             **at, *e;

  judge(plan);
  pthread_mutex_lock(&lock);
  while ((e = *find(&hash)) && !e->table) pthread_cond_wait(&made, &lock);
  if (e) {
    *out = e->table;
    pthread_mutex_unlock(&lock);
    return TGV_OK;
  }
  e = tgv_allocate(1, sizeof *e);
  e->hash = hash, e->next = entries, entries = e;
  pthread_mutex_unlock(&lock);
  status = make(plan, &hash, &t);
  pthread_mutex_lock(&lock);
  e->table = t;
  if (status) { /* others who wait for it try themselves */
    for (at = &entries; *at != e; at = &(*at)->next) continue;
    *at = e->next;
    free(e);
  }
  pthread_cond_broadcast(&made);
  pthread_mutex_unlock(&lock);
  *out = t;
  return status;
}

struct tgv_table_error tgv_response_table_error(const struct tgv_response_table *t, size_t output)
{
  TGV_BUG_IF(output >= t->outputs);
  return t->error[output];
}
