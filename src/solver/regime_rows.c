/* Runs of the solver behind a regime model: found, made, kept on disk one by one. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/text.h"
#include "solver/regime_inside.h"
#include "solver/response_table.h"

static const char   magic[16] = "OpenTGV rows 1";
static const size_t file_limit = (size_t)1 << 30;
static const double write_every = 5; /* s */

struct head {
  char     magic[sizeof magic];
  uint64_t hash[2], contents[2];
};

/* what the answer at a point depends on; not the ranges, so that all projects with the same bath share the file */
static struct tgv_hash hash_of(const struct tgv_regime_plan *p)
{
  struct tgv_hash h = {{0}};

  tgv_hash_add_text(&h, magic);
  tgv_hash_add_text(&h, p->version);
  tgv_hash_add(&h, p->depends, p->depends_size);
  for (size_t a = 0; a < p->axes; a++) tgv_hash_add_text(&h, p->axis[a].name);
  tgv_hash_add_text(&h, "outputs");
  for (size_t o = 0; o < p->outputs; o++) tgv_hash_add_text(&h, p->output[o]);
  for (size_t r = 0; r < p->regimes; r++) tgv_hash_add_text(&h, p->regime[r]);
  return h;
}

static char *path_of(const struct tgv_regime_plan *p, const struct tgv_hash *hash)
{
  char           *in = tgv_table_directory(), *path = NULL, digits[33];
  struct tgv_text name = {0};

  if (in) {
    tgv_text_add(&name, "%s-%s.rows", p->name, tgv_hash_print(hash, digits));
    for (char *c = name.data; *c; c++)
      if (*c == '/' || *c == ' ') *c = '_';
    path = tgv_path_join(in, name.data);
    if (tgv_directory_make(in)) tgv_error_clear();
  }
  tgv_text_release(&name);
  free(in);
  return path;
}

static struct head head_of(const struct tgv_hash *hash, const void *bytes, size_t size)
{
  struct tgv_hash contents = {{0}};
  struct head     h = {.hash = {hash->word[0], hash->word[1]}};

  tgv_hash_add(&contents, bytes, size);
  memcpy(h.magic, magic, sizeof magic);
  memcpy(h.contents, contents.word, sizeof h.contents);
  return h;
}

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

/* Adds the rows of the file that are not there. A damaged file is as good as none. */
static void load(struct regime_rows *r)
{
  char  *data = NULL;
  size_t size = 0;

  if (!r->path || !tgv_file_exists(r->path)) return;
  if (tgv_file_read(r->path, file_limit, &data, &size)) {
    tgv_error_clear();
  } else if (size > sizeof(struct head) && (size - sizeof(struct head)) % sizeof(struct regime_row) == 0) {
    const struct head h = head_of(&r->hash, data + sizeof h, size - sizeof h);
    const size_t      n = (size - sizeof h) / sizeof(struct regime_row);

    for (size_t i = 0; memcmp(&h, data, sizeof h) == 0 && i < n; i++) {
      struct regime_row row;

      memcpy(&row, data + sizeof h + i * sizeof row, sizeof row);
      if (find(r, row.x) == r->count) append(r, &row);
    }
  }
  free(data);
}

static void write_out(struct regime_rows *r)
{
  char       *data;
  size_t      size;
  struct head h;

  r->written = tgv_clock();
  if (!r->path || r->fresh == 0 || r->rank != 0) return;
  load(r); /* another program may have added some */
  size = r->count * sizeof *r->row;
  h = head_of(&r->hash, r->row, size);
  data = tgv_allocate(sizeof h + size, 1);
  memcpy(data, &h, sizeof h);
  memcpy(data + sizeof h, r->row, size);
  if (tgv_file_write(r->path, data, sizeof h + size)) tgv_error_clear(); /* the rows are there all the same */
  free(data);
  r->fresh = 0;
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
  memset(r, 0, sizeof *r);
  r->plan = plan;
  r->hash = hash_of(plan);
  r->rank = together ? tgv_parallel_rank() : 0;
  r->ranks = together ? tgv_parallel_ranks() : 1;
  r->threads = omp_get_level() > 0 ? 1 : tgv_parallel_threads();
  if (r->rank == 0) {
    r->path = path_of(plan, &r->hash);
    load(r);
  }
  r->written = tgv_clock();
  tgv_progress_begin(&r->progress, plan->name, (double)plan->runs);
  return share(r);
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

/* What all threads of a rank work on. */
struct work {
  struct regime_rows *rows;
  size_t              n;
  struct regime_row  *todo; /* [n]; regime -2: not done */
  tgv_status_code     status;
  char                message[512];
};

enum { NOT_DONE = -2, NO_ANSWER = -1 };

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
      w->todo[i].regime = (int64_t)a.regime;
    } else if (status == TGV_SOLVER) {
      w->todo[i].regime = NO_ANSWER;
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

/* this rank's part of the points */
static void solve_mine(struct work *w)
{
  const size_t rank = (size_t)w->rows->rank, ranks = (size_t)w->rows->ranks;

#pragma omp parallel for schedule(dynamic, 1) num_threads(w->rows->threads)
  for (size_t i = rank; i < w->n; i += ranks) {
    if (tgv_interrupted() || w->status) continue;
    solve_one(w, i);
    if (omp_get_thread_num() == 0) tgv_progress_report(&w->rows->progress, (double)(w->rows->asked + i));
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

/* Solves w->todo; every rank has all rows after. */
static tgv_status solve_together(struct work *w)
{
  tgv_status_code status;

  solve_mine(w);
  status = w->status;
  if (status) tgv_error_set("%s", w->message);
  if (!status && tgv_interrupted())
    status = tgv_fail(TGV_INTERRUPTED, "stopped while training \"%s\"", w->rows->plan->name);
  TGV_TRY(collect(w));
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
    status = solve_together(&w);
    r->solved += w.n;
    free(w.todo);
    r->asked += end - first;
  }
  for (size_t i = 0; i < n && !status; i++) number[i] = find(r, x[i]);
  return status;
}
