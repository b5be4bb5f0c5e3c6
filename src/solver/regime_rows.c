/* Runs of the solver behind a regime model: found, made, kept on disk one by one. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/text.h"
#include "solver/regime_inside.h"
#include "solver/response_table.h"

static const double write_every = 5; /* s */

static size_t find(const struct regime_rows *r, const double *x)
{
  size_t i = 0;

  while (i < r->count && memcmp(r->row[i].x, x, sizeof r->row[i].x) != 0) i++;
  return i;
}

static size_t append(struct regime_rows *r, const struct regime_row *row)
{
  if (r->count == r->room) {
    r->room = 2 * r->room + 256;
    r->row = tgv_reallocate(r->row, r->room, sizeof *r->row);
  }
  r->row[r->count] = *row;
  return r->count++;
}

static void append_missing(struct regime_rows *r, const struct regime_batch *b)
{
  for (size_t i = 0; i < b->n; i++)
    if (find(r, b->row[i].x) == r->count) append(r, &b->row[i]);
}

static bool same_version(const struct regime_rows *r, const struct regime_batch *b)
{
  return strncmp(b->version, r->plan->version, sizeof b->version - 1) == 0;
}

static void write_out(struct regime_rows *r)
{
  struct regime_batch b;

  r->written = tgv_clock();
  if (!r->path || r->fresh == 0 || r->rank != 0) return;
  if (tgv_regime_batch_read(r->path, r->plan, &r->hash, &b)) { /* another program may have added some */
    if (same_version(r, &b)) append_missing(r, &b);
    tgv_regime_batch_release(&b);
  }
  b = (struct regime_batch){.n = r->count, .row = r->row};
  snprintf(b.version, sizeof b.version, "%s", r->plan->version);
  if (tgv_regime_batch_write(r->path, r->plan, &r->hash, &b))
    tgv_error_clear(); /* the rows are there all the same */
  r->fresh = 0;
}

/* ---- rows of another version of the solver */

static const double alike_usual = 1e-3;

/* the run of a regime (or without answer: -1) that took least time; n: there is none */
static size_t cheapest(const struct regime_batch *b, int64_t regime)
{
  size_t best = b->n;

  for (size_t i = 0; i < b->n; i++)
    if (b->row[i].regime == regime && (best == b->n || b->row[i].seconds < b->row[best].seconds)) best = i;
  return best;
}

static double largest(const struct regime_batch *b, size_t output)
{
  double most = 0;

  for (size_t i = 0; i < b->n; i++)
    if (b->row[i].regime >= 0) most = fmax(most, fabs(b->row[i].y[output]));
  return most;
}

static tgv_status check_row(struct regime_rows *r, const struct regime_batch *b, size_t i, bool *same)
{
  const struct tgv_regime_plan *p = r->plan;
  const double                  alike = p->alike > 0 ? p->alike : alike_usual;
  struct tgv_regime_answer      a = {0};
  const tgv_status_code         status = p->solve(p->context, b->row[i].x, &a);

  r->checked++;
  *same = false;
  if (status == TGV_SOLVER) {
    tgv_error_clear();
    return TGV_OK;
  }
  TGV_TRY(status);
  *same = (int64_t)tgv_regime_kind(p, &a) == b->row[i].regime;
  for (size_t o = 0; o < p->outputs && *same; o++)
    *same = fabs(a.y[o] - b->row[i].y[o]) <= alike * largest(b, o);
  return TGV_OK;
}

/* The first run, which is the middle of the ranges, and the cheapest one of each regime. */
static tgv_status check_rows(struct regime_rows *r, const struct regime_batch *b, bool *same)
{
  *same = true;
  for (size_t g = 0; g < r->plan->regimes && *same; g++) {
    const size_t i = cheapest(b, (int64_t)g);

    if (i < b->n) TGV_TRY(check_row(r, b, i, same));
  }
  return *same && b->row[0].regime >= 0 ? check_row(r, b, 0, same) : TGV_OK;
}

/* Adds the rows of a file. A damaged file is as good as none. */
static tgv_status load(struct regime_rows *r, const char *path, bool own)
{
  struct regime_batch b;
  bool                same = true;
  tgv_status_code     status = TGV_OK;

  if (!tgv_regime_batch_read(path, r->plan, &r->hash, &b)) return TGV_OK;
  if (!own && r->count > 0 &&
      !same_version(r, &b)) { /* what was thought of them then is in the user's file */
    tgv_regime_batch_release(&b);
    return TGV_OK;
  }
  if (!same_version(r, &b)) status = check_rows(r, &b, &same);
  if (!status && same) append_missing(r, &b);
  if (!status && !same) r->rejected += b.n;
  if (!status && own && !same_version(r, &b)) r->fresh++; /* to be written again under this version */
  tgv_regime_batch_release(&b);
  return status;
}

/* those of the user first, then the shipped ones */
static tgv_status load_all(struct regime_rows *r)
{
  char           *own = tgv_table_directory(), *shipped = tgv_table_shipped();
  tgv_status_code status = TGV_OK;

  if (own) {
    r->path = tgv_regime_store_path(own, r->plan->name, &r->hash);
    if (tgv_directory_make(own)) tgv_error_clear();
    status = load(r, r->path, true);
  }
  if (shipped && !status) {
    const size_t checked = r->checked;
    char        *path = tgv_regime_store_path(shipped, r->plan->name, &r->hash);

    status = load(r, path, false);
    if (r->checked > checked && r->count > 0) r->fresh++; /* so that they need not be checked again */
    free(path);
  }
  if (status) { /* what is there was not read: nothing is written over it */
    free(r->path);
    r->path = NULL;
  }
  free(own), free(shipped);
  return status;
}

/* Rank 0's rows on all ranks. Collective. */
static tgv_status share(struct regime_rows *r)
{
  uint64_t count = r->count;

  if (r->ranks == 1) return TGV_OK;
  TGV_TRY(tgv_parallel_broadcast(&count, sizeof count));
  if (count > r->room) {
    r->room = count;
    r->row = tgv_reallocate(r->row, r->room, sizeof *r->row);
  }
  r->count = count;
  return count ? tgv_parallel_broadcast(r->row, count * sizeof *r->row) : TGV_OK;
}

tgv_status tgv_regime_rows_open(const struct tgv_regime_plan *plan, bool together, struct regime_rows *r)
{
  tgv_status_code status = TGV_OK;

  memset(r, 0, sizeof *r);
  r->plan = plan;
  r->hash = tgv_regime_rows_hash(plan);
  r->rank = together ? tgv_parallel_rank() : 0;
  r->ranks = together ? tgv_parallel_ranks() : 1;
  r->threads = omp_get_level() > 0 ? 1 : tgv_parallel_threads();
  tgv_progress_begin(&r->progress, tgv_regime_title(plan), (double)plan->runs);
  if (r->rank == 0) status = load_all(r);
  r->written = tgv_clock();
  TGV_TRY(tgv_regime_rows_agree(r, status));
  return share(r);
}

const char *tgv_regime_title(const struct tgv_regime_plan *p)
{
  return p->title ? p->title : p->name;
}

tgv_status tgv_regime_rows_agree(const struct regime_rows *r, tgv_status_code mine)
{
  return r->ranks > 1 ? tgv_parallel_agree(mine) : mine;
}

void tgv_regime_rows_close(struct regime_rows *r)
{
  write_out(r);
  tgv_progress_end(&r->progress);
  free(r->path);
  free(r->row);
  memset(r, 0, sizeof *r);
}

/* ---- making rows */

static bool recall_only;

void tgv_regime_models_recall_only(bool only)
{
  recall_only = only;
}

/* What all threads of a rank work on. */
struct work {
  struct regime_rows *rows;
  size_t              n;
  struct regime_row  *todo; /* [n]; regime -2: not done */
  tgv_status_code     status;
  char                message[512];
};

enum { NOT_DONE = -2 };

static double processor_time(void)
{
  struct timespec t;

  TGV_BUG_IF(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t));
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void solve_one(struct work *w, size_t i)
{
  const struct tgv_regime_plan *p = w->rows->plan;
  struct tgv_regime_answer      a = {0};
  const double                  start = processor_time();
  const tgv_status_code         status = p->solve(p->context, w->todo[i].x, &a);
  const double                  spent = processor_time() - start;

  TGV_BUG_IF(status == TGV_OK && a.regime >= p->regimes);
#pragma omp critical(tgv_regime_rows)
  {
    w->todo[i].seconds = spent;
    if (status == TGV_OK) {
      memcpy(w->todo[i].y, a.y, p->outputs * sizeof *a.y);
      w->todo[i].regime = (int64_t)tgv_regime_kind(p, &a);
    } else if (status == TGV_SOLVER) {
      w->todo[i].regime = REGIME_NO_ANSWER;
      tgv_error_clear();
    } else if (!w->status) {
      w->status = status;
      snprintf(w->message, sizeof w->message, "%s", tgv_error_message());
    }
    if (w->todo[i].regime != NOT_DONE) {
      if (w->rows->rank == 0) {
        append(w->rows, &w->todo[i]);
        w->rows->fresh++;
        if (tgv_clock() - w->rows->written > write_every) write_out(w->rows);
      }
    }
  }
}

/* Of the runs that are left, as far as one knows, those that were found on disk take no time. */
static void report(struct work *w, size_t i)
{
  struct regime_rows *r = w->rows;
  const size_t        done = r->solved + i, left = r->asked < r->plan->runs ? r->plan->runs - r->asked : 0;

  r->progress.total = (double)(r->solved + left);
  tgv_progress_report(&r->progress, (double)done);
}

/* this rank's part of the points */
static void solve_mine(struct work *w)
{
  const size_t rank = (size_t)w->rows->rank, ranks = (size_t)w->rows->ranks;

#pragma omp parallel for schedule(dynamic, 1) num_threads(w->rows->threads)
  for (size_t i = rank; i < w->n; i += ranks) {
    if (tgv_interrupted() || w->status) continue;
    solve_one(w, i);
    if (omp_get_thread_num() == 0) report(w, i);
  }
}

/* the rows of the other ranks to rank 0 */
static tgv_status collect(struct work *w)
{
  struct regime_row *mine, *all;
  void              *bytes;
  size_t             n = 0, size;
  tgv_status_code    status;

  if (w->rows->ranks == 1) return TGV_OK;
  mine = tgv_allocate(w->n + 1, sizeof *mine);
  for (size_t i = (size_t)w->rows->rank; i < w->n; i += (size_t)w->rows->ranks)
    if (w->rows->rank > 0 && w->todo[i].regime != NOT_DONE) mine[n++] = w->todo[i];
  status = tgv_parallel_gather(mine, n * sizeof *mine, &bytes, &size);
  free(mine);
  TGV_TRY(status);
  all = bytes;
  for (size_t i = 0; all && i < size / sizeof *all; i++) {
    if (find(w->rows, all[i].x) < w->rows->count) continue;
    append(w->rows, &all[i]);
    w->rows->fresh++;
  }
  free(bytes);
  return TGV_OK;
}

static tgv_status stopped(const struct work *w)
{
  const struct regime_rows *r = w->rows;
  size_t                    made = r->solved;

  for (size_t i = 0; i < w->n; i++) made += find(r, w->todo[i].x) < r->count;
  if (r->rank == 0 && !r->path)
    return tgv_fail(TGV_INTERRUPTED, "stopped while training \"%s\"; nothing is kept ($TGV_TABLES is empty)",
                    tgv_regime_title(r->plan));
  return tgv_fail(TGV_INTERRUPTED, "stopped while training \"%s\"; the %zu runs that were made are kept",
                  tgv_regime_title(r->plan), made);
}

/* Solves w->todo; every rank has all rows after. */
static tgv_status solve_together(struct work *w)
{
  tgv_status_code status;

  solve_mine(w);
  TGV_TRY(collect(w));
  status = w->status;
  if (status) tgv_error_set("%s", w->message);
  if (tgv_interrupted()) status = stopped(w);
  if (w->rows->rank == 0 && (status || tgv_clock() - w->rows->written > write_every)) write_out(w->rows);
  TGV_TRY(tgv_regime_rows_agree(w->rows, status));
  return share(w->rows);
}

enum { CHUNK = 16 }; /* points of a thread between two gatherings */

tgv_status tgv_regime_rows_solve(struct regime_rows *r, size_t n, const double (*x)[TGV_REGIME_AXES_MAX],
                                 size_t *number)
{
  const size_t    chunk = (size_t)(CHUNK * r->ranks) * (size_t)r->threads;
  tgv_status_code status = TGV_OK;

  for (size_t first = 0; first < n && !status; first += chunk) {
    const size_t end = first + chunk < n ? first + chunk : n;
    struct work  w = {.rows = r};

    w.todo = tgv_allocate(end - first, sizeof *w.todo);
    for (size_t i = first; i < end; i++) {
      if (find(r, x[i]) < r->count) continue;
      memcpy(w.todo[w.n].x, x[i], sizeof w.todo[w.n].x);
      w.todo[w.n++].regime = NOT_DONE;
    }
    if (w.n > 0 && recall_only)
      status = tgv_fail(TGV_FAILED, "%zu of the %zu runs after the first %zu for \"%s\" are not there%s", w.n,
                        end - first, r->asked, tgv_regime_title(r->plan),
                        r->rejected ? ": the solver no longer gives those that are" : "");
    else
      status = solve_together(&w);
    r->solved += w.n;
    free(w.todo);
    r->asked += end - first;
  }
  for (size_t i = 0; i < n && !status; i++) number[i] = find(r, x[i]);
  return status;
}
