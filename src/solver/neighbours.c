/** # Neighbours within a reach

## Model
The plane is cut into square cells of at least the reach, so that a pair lies in one cell or in two that
touch. Rows of cells are loaded one after the other, each sorted into its cells by counting; a point is
compared with the rest of its cell, the cell to the right, and the three cells above. Only two rows are held
at a time (per thread), so a package that is kept as rows of vias is never expanded. The panel is divided into
bands of rows that threads take in turn; the pairs across a border belong to the lower band, whose thread
loads one row more. The bands do not depend on the number of threads.

## Valid for
Up to $2^{32} - 1$ positions, or any number of vias in as many rows. Cells are never smaller than the mean
spacing, so that thin layouts do not cost more than dense ones.

## Neglects
Nothing: distances are doubles, all pairs within the reach are visited.

## Source
Cell lists: R. W. Hockney, J. W. Eastwood, Computer Simulation Using Particles, 1981, section 8-4.

## Verified by
tests/unit/test_neighbours.c: random points, rows, coincident and thin layouts against all pairs; any number
of threads. */
#include "solver/neighbours.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "core/parallel.h"
#include "core/text.h"
#include "solver/neighbours_layout.h"

enum { BANDS = 256 };

/* Comparisons that are thought to end: a billion, and this many a point. */
static const double comparisons_free = 1e9, comparisons_each = 20000;

int tgv_neighbours_slots(void)
{
  return omp_get_max_threads();
}

/* ---- extent */

static void include(struct tgv_extent *e, double x, double y)
{
  e->x_min = fmin(e->x_min, x);
  e->x_max = fmax(e->x_max, x);
  e->y_min = fmin(e->y_min, y);
  e->y_max = fmax(e->y_max, y);
}

struct tgv_extent tgv_layout_extent(const struct tgv_layout *l)
{
  struct tgv_extent e = {0, HUGE_VAL, -HUGE_VAL, HUGE_VAL, -HUGE_VAL};
  if (l->package) {
    for (size_t i = 0; i < l->package->run_count; i++) {
      const struct tgv_run_of_vias *r = &l->package->run[i];
      double                        last = (double)(r->n - 1);
      include(&e, r->x0, r->y0);
      include(&e, r->x0 + last * r->dx, r->y0 + last * r->dy);
    }
    e.n = l->package->via_count;
  } else {
    for (uint64_t i = 0; i < l->n; i++) include(&e, l->x[i], l->y[i]);
    e.n = l->n;
  }
  return e.n ? e : (struct tgv_extent){0};
}

/* ---- one row of cells */

struct grid {
  double   x0, per_width; /* cell of x: floor((x - x0) * per_width) */
  uint64_t columns, rows;
  double   height, y0;
};

struct row {
  struct tgv_neighbour_list points; /* sorted by cell */
  uint64_t                 *start;  /* [columns + 1] */
};

static uint64_t cell_of(const struct grid *g, double x)
{
  double c = floor((x - g->x0) * g->per_width);
  if (!(c > 0)) return 0;
  return c < (double)g->columns ? (uint64_t)c : g->columns - 1;
}

static void load_row(const struct grid *g, const struct tgv_strips *s, uint64_t k,
                     struct tgv_neighbour_list *unsorted, struct row *row)
{
  tgv_strips_load(s, k, unsorted);
  size_t n = unsorted->n;
  if (n > row->points.room) {
    row->points.room = n + n / 2;
    row->points.p = tgv_reallocate(row->points.p, row->points.room, sizeof *row->points.p);
  }
  row->points.n = n;
  for (uint64_t c = 0; c <= g->columns; c++) row->start[c] = 0;
  for (size_t i = 0; i < n; i++) row->start[cell_of(g, unsorted->p[i].x)]++;
  uint64_t sum = 0;
  for (uint64_t c = 0; c <= g->columns; c++) row->start[c] = sum += row->start[c];
  for (size_t i = n; i-- > 0;) row->points.p[--row->start[cell_of(g, unsorted->p[i].x)]] = unsorted->p[i];
}

/* ---- pairs */

struct visit {
  const struct tgv_neighbours_visitor *v;
  double                               reach2;
  int                                  slot;
};

static void compare(const struct visit *t, const struct tgv_neighbour *a, const struct tgv_neighbour *p,
                    uint64_t from, uint64_t to)
{
  for (uint64_t j = from; j < to; j++) {
    double dx = p[j].x - a->x, dy = p[j].y - a->y, d2 = dx * dx + dy * dy;
    if (d2 <= t->reach2) t->v->pair(t->v->to, t->slot, a, &p[j], d2);
  }
}

static void pairs_of_row(const struct visit *t, const struct grid *g, const struct row *row,
                         const struct row *above)
{
  const struct tgv_neighbour *p = row->points.p;
  for (uint64_t c = 0; c < g->columns; c++) {
    uint64_t end = row->start[c + 1], right = c + 1 < g->columns ? row->start[c + 2] : end;
    uint64_t first = above->start[c ? c - 1 : 0], last = above->start[c + 1 < g->columns ? c + 2 : c + 1];
    for (uint64_t i = row->start[c]; i < end; i++) {
      compare(t, &p[i], p, i + 1, right);
      compare(t, &p[i], above->points.p, first, last);
    }
  }
}

/* How many comparisons pairs_of_row() makes. */
static double comparisons(const struct grid *g, const struct row *row, const struct row *above)
{
  double sum = 0;
  for (uint64_t c = 0; c < g->columns; c++) {
    uint64_t end = row->start[c + 1], right = c + 1 < g->columns ? row->start[c + 2] : end;
    uint64_t first = above->start[c ? c - 1 : 0], last = above->start[c + 1 < g->columns ? c + 2 : c + 1];
    double   here = (double)(end - row->start[c]);
    sum += here * (0.5 * (here - 1) + (double)(right - end) + (double)(last - first));
  }
  return sum;
}

/* ---- bands of rows, taken by threads */

struct work {
  const struct grid                   *g;
  const struct tgv_strips             *s;
  const struct tgv_neighbours_visitor *v;
  double                               reach, allowed, done; /* comparisons */
  bool                                 too_many, interrupted;
};

struct rows {
  struct row                row[2];
  struct tgv_neighbour_list unsorted;
};

static void visit_band(struct work *w, uint64_t first, uint64_t end, struct rows *r)
{
  struct visit t = {w->v, w->reach * w->reach, omp_get_thread_num()};
  load_row(w->g, w->s, first, &r->unsorted, &r->row[first % 2]);
  for (uint64_t k = first; k < end; k++) {
    struct row *row = &r->row[k % 2], *above = &r->row[(k + 1) % 2];
    if (k + 1 < w->g->rows) {
      load_row(w->g, w->s, k + 1, &r->unsorted, above);
    } else {
      above->points.n = 0;
      for (uint64_t c = 0; c <= w->g->columns; c++) above->start[c] = 0;
    }
    for (size_t i = 0; w->v->point && i < row->points.n; i++)
      w->v->point(w->v->to, t.slot, &row->points.p[i]);
    if (!(w->reach > 0)) continue;
    double more = comparisons(w->g, row, above), done;
#pragma omp atomic capture
    done = w->done += more;
    if (done > w->allowed) {
#pragma omp atomic write
      w->too_many = true;
      return;
    }
    pairs_of_row(&t, w->g, row, above);
  }
}

static void visit_all(struct work *w)
{
  uint64_t bands = w->g->rows < BANDS ? w->g->rows : BANDS;
#pragma omp parallel
  {
    struct rows r = {0};
    for (int i = 0; i < 2; i++) r.row[i].start = tgv_allocate(w->g->columns + 1, sizeof *r.row[i].start);
#pragma omp for schedule(dynamic, 1)
    for (uint64_t b = 0; b < bands; b++) {
      bool stop;
#pragma omp atomic read
      stop = w->too_many;
      if (tgv_interrupted()) {
#pragma omp atomic write
        w->interrupted = true;
        stop = true;
      }
      if (!stop) visit_band(w, b * w->g->rows / bands, (b + 1) * w->g->rows / bands, &r);
    }
    for (int i = 0; i < 2; i++) {
      free(r.row[i].start);
      free(r.row[i].points.p);
    }
    free(r.unsorted.p);
  }
}

/* Cells of at least the reach (a millionth more, for rounding), at least the mean spacing, at most two a
 * point along a side. */
static struct grid make_grid(const struct tgv_extent *e, double reach)
{
  double      width = e->x_max - e->x_min, height = e->y_max - e->y_min, n = (double)e->n;
  double      cell = fmax(reach * (1 + 1e-6), sqrt(width / n) * sqrt(height));
  double      cx = fmax(cell, width / (2 * n)), cy = fmax(cell, height / (2 * n));
  struct grid g = {.x0 = e->x_min, .y0 = e->y_min, .columns = 1, .rows = 1, .height = 1};
  if (cx > 0) {
    g.per_width = 1 / cx;
    g.columns = (uint64_t)(width / cx) + 1;
  }
  if (cy > 0) {
    g.height = cy;
    g.rows = (uint64_t)(height / cy) + 1;
  }
  return g;
}

tgv_status tgv_neighbours_visit(const struct tgv_layout *l, double reach,
                                const struct tgv_neighbours_visitor *v)
{
  struct tgv_extent e = tgv_layout_extent(l);
  struct tgv_strips strips;
  if (!e.n) return TGV_OK;
  struct grid     g = make_grid(&e, reach);
  tgv_status_code status = tgv_strips_build(l, g.y0, g.height, g.rows, &strips);
  struct work w = {&g, &strips, v, reach, comparisons_free + comparisons_each * (double)e.n, 0, false, false};
  if (!status) visit_all(&w);
  tgv_strips_release(&strips);
  if (status) return status;
  if (w.too_many)
    return tgv_fail(TGV_INPUT,
                    "more than %.3g pairs of vias lie within a distance of %.6g um: too many to compare",
                    w.allowed, tgv_units_to(reach, TGV_LENGTH, "um"));
  if (w.interrupted) return tgv_fail(TGV_INTERRUPTED, "interrupted");
  return TGV_OK;
}
