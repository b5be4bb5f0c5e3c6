/** # Via arrays

## Model
A pattern is a list of rows $\{(x_0 + i\,d_x,\; y_0 + i\,d_y)\}$, centred in its window. *Rectangular*: as
many columns and rows as fit, $n = \lfloor w / p \rfloor + 1$. *Staggered*: every second row is shifted by
half a pitch; if the window has half a pitch to spare all rows have $n$ vias, else the shifted rows have $n -
1$. *Hexagonal*: staggered with the row distance $p \sqrt 3 / 2$, so that all six neighbours are at $p$.
*Ring*: the outline of the window with a via at each corner; the sides are divided evenly, at not less than
the pitch; further rings are inwards by pitch_y.

A hole removes the vias whose centre is in it or on its outline. On a row that is an interval of indices, so
rows are cut into runs exactly and nothing is stored per via. Counting goes over rows, too: an absurd array is
refused before anything is allocated.

## Valid for
Windows and holes with sides along x and y, and round holes.

## Neglects
A position that misses a window or hole by less than a picometre counts as on its outline.

## Source
Own.

## Verified by
tests/unit/test_package.c: random arrays and holes against a brute-force count point by point. */
#include "model/package_arrays.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

static const double slack =
    1e-12; /* m; rounding of positions is below 1e-15 m, and nothing is drawn this small */

/* ---- one row cut by the holes */

struct interval {
  double first, last; /* indices, whole numbers */
};

typedef void emit(void *to, const struct tgv_run_of_vias *run);

struct rows {
  const struct tgv_hole *hole;
  size_t                 holes;
  struct interval       *cut; /* [holes] scratch */
  emit                  *emit;
  void                  *to;
};

static int by_first(const void *a, const void *b)
{
  const struct interval *p = a, *q = b;
  return (p->first > q->first) - (p->first < q->first);
}

bool tgv_hole_contains(const struct tgv_hole *h, double x, double y)
{
  double dx = fabs(x - h->x), dy = fabs(y - h->y);
  if (h->circle) return hypot(dx, dy) <= 0.5 * h->width + slack;
  return dx <= 0.5 * h->width + slack && dy <= 0.5 * h->height + slack;
}

/* Half of the length that the hole takes of a line at distance `off` from its centre, along x or along y; <
 * 0: none. */
static double half_chord(const struct tgv_hole *h, double off, bool along_x)
{
  if (h->circle) {
    double r = 0.5 * h->width + slack;
    return fabs(off) <= r ? sqrt(r * r - off * off) : -1;
  }
  double across = along_x ? h->height : h->width, along = along_x ? h->width : h->height;
  return fabs(off) <= 0.5 * across + slack ? 0.5 * along + slack : -1;
}

/* The vias of the row that the hole removes. */
static bool cut_of(const struct tgv_hole *h, const struct tgv_run_of_vias *r, struct interval *out)
{
  bool   along_x = r->dy == 0; /* exact: rows are built along one axis */
  double half = half_chord(h, along_x ? r->y0 - h->y : r->x0 - h->x, along_x);
  if (half < 0) return false;
  double centre = along_x ? h->x - r->x0 : h->y - r->y0, step = along_x ? r->dx : r->dy;
  double a = (centre - half) / step, b = (centre + half) / step;
  out->first = fmax(0, ceil(fmin(a, b)));
  out->last = fmin((double)r->n - 1, floor(fmax(a, b)));
  return out->first <= out->last;
}

static void emit_piece(const struct rows *rows, const struct tgv_run_of_vias *r, double from, double to)
{
  if (from > to) return;
  struct tgv_run_of_vias piece = *r;
  piece.x0 += from * r->dx;
  piece.y0 += from * r->dy;
  piece.n = (uint64_t)(to - from) + 1;
  rows->emit(rows->to, &piece);
}

static void emit_row(const struct rows *rows, double x0, double y0, double dx, double dy, double n)
{
  struct tgv_run_of_vias row = {x0, y0, dx, dy, 0, (uint64_t)n};
  if (n < 1) return;
  size_t cuts = 0;
  for (size_t i = 0; i < rows->holes; i++) cuts += cut_of(&rows->hole[i], &row, &rows->cut[cuts]);
  if (cuts > 1) qsort(rows->cut, cuts, sizeof *rows->cut, by_first);
  double next = 0;
  for (size_t i = 0; i < cuts; i++) {
    emit_piece(rows, &row, next, rows->cut[i].first - 1);
    next = fmax(next, rows->cut[i].last + 1);
  }
  emit_piece(rows, &row, next, n - 1);
}

/* ---- patterns: how many vias and rows before the holes, and the rows */

struct plan {
  double columns, odd_columns, rows; /* of even and odd rows */
  double px, py, shift;              /* of odd rows, from the start of the even ones */
  double x0, y0;
  double vias, lines;
  double pitch;
};

static double fitting(double length, double pitch)
{
  return length < -slack ? 0 : floor((fmax(length, 0) + slack) / pitch) + 1;
}

static struct plan plan_grid(const struct tgv_array *a)
{
  const struct tgv_rectangle *w = &a->window;
  struct plan                 p = {.px = a->pitch_x, .py = a->pitch_y};
  if (a->pattern == TGV_HEXAGONAL) p.py = 0.5 * sqrt(3.0) * a->pitch_x;
  p.columns = p.odd_columns = fitting(w->width, p.px);
  p.rows = fitting(w->height, p.py);
  double length = (p.columns - 1) * p.px;
  if (a->pattern != TGV_RECTANGULAR) {
    p.shift = 0.5 * p.px;
    if (p.rows > 1 && length + p.shift <= w->width + slack)
      length += p.shift;
    else
      p.odd_columns = p.columns - 1;
  }
  p.x0 = w->x - 0.5 * length;
  p.y0 = w->y - 0.5 * (p.rows - 1) * p.py;
  p.lines = p.rows;
  p.vias = ceil(0.5 * p.rows) * p.columns + floor(0.5 * p.rows) * p.odd_columns;
  p.pitch = p.columns > 1 ? p.px : HUGE_VAL;
  if (p.rows > 1 && p.odd_columns > 0) p.pitch = fmin(p.pitch, hypot(p.shift, p.py));
  if (p.rows > 2) p.pitch = fmin(p.pitch, 2 * p.py);
  return p;
}

static void rows_of_grid(const struct plan *p, const struct rows *rows)
{
  for (double j = 0; j < p->rows; j++) {
    bool odd = fmod(j, 2) > 0;
    emit_row(rows, p->x0 + (odd ? p->shift : 0), p->y0 + j * p->py, p->px, 0,
             odd ? p->odd_columns : p->columns);
  }
}

struct ring {
  double left, bottom, step_x, step_y, nx, ny; /* intervals along x and y */
};

static struct ring ring_of(const struct tgv_array *a, double k)
{
  const struct tgv_rectangle *w = &a->window;
  double                      width = w->width - 2 * k * a->pitch_y, height = w->height - 2 * k * a->pitch_y;
  struct ring                 r = {.left = w->x - 0.5 * width, .bottom = w->y - 0.5 * height};
  r.nx = floor((width + slack) / a->pitch_x);
  r.ny = floor((height + slack) / a->pitch_x);
  r.step_x = width / r.nx;
  r.step_y = height / r.ny;
  return r;
}

static struct plan plan_rings(const struct tgv_array *a)
{
  struct plan p = {
      .rows = (double)a->rings, .lines = 4 * (double)a->rings, .pitch = a->rings > 1 ? a->pitch_y : HUGE_VAL};
  for (double k = 0; k < p.rows; k++) {
    struct ring r = ring_of(a, k);
    if (r.nx < 1 || r.ny < 1) return (struct plan){.rows = k}; /* does not fit */
    p.vias += 2 * (r.nx + r.ny);
    p.pitch = fmin(p.pitch, fmin(r.step_x, r.step_y));
    if (p.vias > (double)TGV_VIAS_MAX) break;
  }
  return p;
}

static void rows_of_rings(const struct tgv_array *a, const struct rows *rows)
{
  for (double k = 0; k < (double)a->rings; k++) {
    struct ring r = ring_of(a, k);
    double      right = r.left + r.nx * r.step_x, top = r.bottom + r.ny * r.step_y;
    emit_row(rows, r.left, r.bottom, r.step_x, 0, r.nx);
    emit_row(rows, right, r.bottom, 0, r.step_y, r.ny);
    emit_row(rows, right, top, -r.step_x, 0, r.nx);
    emit_row(rows, r.left, top, 0, -r.step_y, r.ny);
  }
}

static struct plan plan_of(const struct tgv_array *a)
{
  return a->pattern == TGV_RING ? plan_rings(a) : plan_grid(a);
}

static void walk(const struct tgv_array *a, const struct tgv_hole *hole, size_t holes, emit *emit_run,
                 void *to)
{
  struct plan p = plan_of(a);
  struct rows rows = {hole, holes, tgv_allocate(holes, sizeof(struct interval)), emit_run, to};
  if (a->pattern == TGV_RING)
    rows_of_rings(a, &rows);
  else
    rows_of_grid(&p, &rows);
  free(rows.cut);
}

/* ---- counting and filling */

static void add_to_size(void *to, const struct tgv_run_of_vias *r)
{
  struct tgv_array_size *s = to;
  double                 last = (double)(r->n - 1), x1 = r->x0 + last * r->dx, y1 = r->y0 + last * r->dy;
  s->runs++;
  s->vias += r->n;
  s->x_min = fmin(s->x_min, fmin(r->x0, x1));
  s->x_max = fmax(s->x_max, fmax(r->x0, x1));
  s->y_min = fmin(s->y_min, fmin(r->y0, y1));
  s->y_max = fmax(s->y_max, fmax(r->y0, y1));
}

static double millimetres(double length)
{
  return tgv_units_to(length, TGV_LENGTH, "mm");
}

static tgv_status check_plan(const struct tgv_array *a, const struct plan *p)
{
  const struct tgv_rectangle *w = &a->window;
  if (w->width < -slack || w->height < -slack)
    return tgv_fail(TGV_INPUT, "its window of %.6g mm x %.6g mm is empty (size less two margins)",
                    millimetres(w->width), millimetres(w->height));
  if (a->pattern == TGV_RING && p->rows < (double)a->rings)
    return tgv_fail(TGV_INPUT, "ring %.0f of %lld is shorter than the pitch of %.6g mm", p->rows + 1,
                    (long long)a->rings, millimetres(a->pitch_x));
  if (p->vias > (double)TGV_VIAS_MAX)
    return tgv_fail(TGV_INPUT, "%.3g vias are more than the limit of %.3g", p->vias, (double)TGV_VIAS_MAX);
  if (p->lines > TGV_RUNS_MAX)
    return tgv_fail(TGV_INPUT, "%.3g rows of vias are more than the limit of %d", p->lines, TGV_RUNS_MAX);
  return TGV_OK;
}

tgv_status tgv_array_measure(const struct tgv_array *a, const struct tgv_hole *hole, size_t holes,
                             struct tgv_array_size *out)
{
  TGV_BUG_IF(!(a->pitch_x > 0) || !(a->pitch_y > 0));
  struct plan p = plan_of(a);
  *out = (struct tgv_array_size){
      .pitch = p.pitch, .x_min = INFINITY, .x_max = -INFINITY, .y_min = INFINITY, .y_max = -INFINITY};
  TGV_TRY(check_plan(a, &p));
  walk(a, hole, holes, add_to_size, out);
  if (out->runs > TGV_RUNS_MAX)
    return tgv_fail(TGV_INPUT, "%.3g pieces of rows between keep-outs are more than the limit of %d",
                    (double)out->runs, TGV_RUNS_MAX);
  return TGV_OK;
}

struct filling {
  uint64_t                next;
  struct tgv_run_of_vias *run;
};

static void add_run(void *to, const struct tgv_run_of_vias *r)
{
  struct filling *f = to;
  *f->run = *r;
  f->run++->first = f->next;
  f->next += r->n;
}

void tgv_array_fill(const struct tgv_array *a, const struct tgv_hole *hole, size_t holes, uint64_t first,
                    struct tgv_run_of_vias *run)
{
  struct filling f = {first, run};
  walk(a, hole, holes, add_run, &f);
}
