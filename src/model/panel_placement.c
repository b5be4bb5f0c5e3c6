/** # Units on a panel

## Model
All units lie on one plain grid with the steps $p_x = w + s$, $p_y = h + s$ (unit plus street), turned all the
same way, so that every street runs through. On a rectangular panel $\lfloor (W - 2e + s) / p_x \rfloor$
columns fit and the grid is centred.

On a round panel a unit counts if its four corners are inside the radius $R = D/2 - e$. The set of grid
offsets for which a given corner $c$ is inside is a disc of radius $R$ about $-c$, so the offsets for which a
given set of units fits are an intersection of equal discs. It is convex, and if it is not empty it holds an
intersection point of two of the circles (or is a whole disc). The best offset is therefore found among the
intersections of the circles of any two corners of the lattice, a finite set that is tried in full. For very
small units (millions of candidates) a grid of offsets is tried instead, finer about its best point. The units
found are then centred: their grid is moved to the centre of the smallest circle around all corners, which
leaves the largest distance to the excluded edge.

## Valid for
Rectangular units without a notch or flat in the wafer.

## Neglects
Mixed turns, shifted rows, test coupons and fiducials.

## Source
Own; the convexity argument is elementary. Smallest enclosing circle: E. Welzl, LNCS 555 (1991) 359.

## Verified by
tests/unit/test_panel.c: a table of twelve published counts and utilisations; the search against a fine grid
of offsets. */
#include "model/panel_placement.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

/* Rounding of positions is below 1e-15 m; nothing that is drawn is as small as a picometre. */
static const double slack = 1e-12;

struct lattice {
  double width, height, px, py; /* of a unit; steps of the grid */
  double radius;
};

struct offset {
  double x, y; /* lower left corner of unit (0, 0) */
};

static long whole_floor(double x)
{
  return (long)floor(x);
}

static long whole_ceil(double x)
{
  return (long)ceil(x);
}

/* Columns first .. last of the row whose lower edge is at y; first > last if there is none. */
static void row_span(const struct lattice *g, double ox, double y, long *first, long *last)
{
  *first = 0;
  *last = -1;
  double far = fmax(fabs(y), fabs(y + g->height)), r = g->radius + slack;
  if (far > r) return;
  double chord = sqrt(r * r - far * far);
  *first = whole_ceil((-chord - ox) / g->px);
  *last = whole_floor((chord - g->width - ox) / g->px);
}

static void row_range(const struct lattice *g, double oy, long *first, long *last)
{
  *first = whole_ceil((-g->radius - slack - oy) / g->py);
  *last = whole_floor((g->radius + slack - g->height - oy) / g->py);
}

static long count_round(const struct lattice *g, struct offset o)
{
  long first, last, total = 0;
  row_range(g, o.y, &first, &last);
  for (long j = first; j <= last; j++) {
    long a, b;
    row_span(g, o.x, o.y + (double)j * g->py, &a, &b);
    if (b >= a) total += b - a + 1;
  }
  return total;
}

struct best {
  struct offset o;
  long          count;
};

static void try_offset(const struct lattice *g, double x, double y, struct best *best)
{
  struct offset o = {x, y};
  long          n = count_round(g, o);
  if (n > best->count) *best = (struct best){o, n};
}

/* A unit or a street on each axis of symmetry. */
static void try_centred(const struct lattice *g, struct best *best)
{
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      try_offset(g, -0.5 * g->width + 0.5 * i * g->px, -0.5 * g->height + 0.5 * j * g->py, best);
}

/* The offsets at which the corners a and b of the lattice are both on the circle. */
static void try_pair(const struct lattice *g, const double a[2], const double b[2], struct best *best)
{
  double dx = b[0] - a[0], dy = b[1] - a[1], d2 = dx * dx + dy * dy;
  if (d2 <= 0 || d2 > 4 * g->radius * g->radius) return;
  double h = sqrt(fmax(0, g->radius * g->radius / d2 - 0.25)); /* in units of the distance of a and b */
  for (int sign = -1; sign <= 1; sign += 2)
    try_offset(g, -0.5 * (a[0] + b[0]) - sign * h * dy, -0.5 * (a[1] + b[1]) + sign * h * dx, best);
}

static void try_all_pairs(const struct lattice *g, struct best *best)
{
  long nx = whole_floor(2 * g->radius / g->px) + 1, ny = whole_floor(2 * g->radius / g->py) + 1;
  for (int k = 0; k < 16; k++) {
    double a[2] = {(k & 1) ? g->width : 0, (k & 2) ? g->height : 0};
    for (long j = -ny; j <= ny; j++)
      for (long i = -nx; i <= nx; i++) {
        double b[2] = {(double)i * g->px + ((k & 4) ? g->width : 0),
                       (double)j * g->py + ((k & 8) ? g->height : 0)};
        try_pair(g, a, b, best);
      }
  }
}

/* n x n offsets, `step` apart, from `first` on. */
static void try_grid(const struct lattice *g, const double first[2], const double step[2], int n,
                     struct best *best)
{
  for (int j = 0; j < n; j++)
    for (int i = 0; i < n; i++) try_offset(g, first[0] + i * step[0], first[1] + j * step[1], best);
}

static struct best search_round(const struct lattice *g, bool search)
{
  struct best best = {{0, 0}, 0};
  try_centred(g, &best);
  if (!search) return best;
  double pairs = 128 * (2 * g->radius / g->px + 1) * (2 * g->radius / g->py + 1),
         rows = 2 * g->radius / g->py + 1;
  if (pairs * rows < 3e8) {
    try_all_pairs(g, &best);
    return best;
  }
  /* the mirrored offset is as good: half a step each way is enough */
  int          n = rows < 2000 ? 200 : 24;
  const double first[2] = {-0.5 * g->width, -0.5 * g->height}, step[2] = {0.5 * g->px / n, 0.5 * g->py / n};
  try_grid(g, first, step, n, &best);
  const double fine[2] = {0.1 * step[0], 0.1 * step[1]},
               around[2] = {best.o.x - 10 * fine[0], best.o.y - 10 * fine[1]};
  try_grid(g, around, fine, 21, &best);
  return best;
}

struct circle {
  double x, y, r;
};

static bool outside(const struct circle *c, const double *p)
{
  return hypot(p[0] - c->x, p[1] - c->y) > c->r * (1 + 1e-12);
}

static struct circle circle_of_two(const double *a, const double *b)
{
  return (struct circle){0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1]), 0.5 * hypot(a[0] - b[0], a[1] - b[1])};
}

static struct circle circle_of_three(const double *a, const double *b, const double *c)
{
  double bx = b[0] - a[0], by = b[1] - a[1], cx = c[0] - a[0], cy = c[1] - a[1];
  double d = 2 * (bx * cy - by * cx), b2 = bx * bx + by * by, c2 = cx * cx + cy * cy;
  if (fabs(d) < DBL_MIN) return circle_of_two(b, c); /* on a line: cannot happen for corners of a circle */
  double x = (cy * b2 - by * c2) / d, y = (bx * c2 - cx * b2) / d;
  return (struct circle){a[0] + x, a[1] + y, hypot(x, y)};
}

/* Smallest circle around the points, built up one by one. */
static struct circle enclose(const double (*p)[2], size_t n)
{
  struct circle c = {p[0][0], p[0][1], 0};
  for (size_t i = 1; i < n; i++) {
    if (!outside(&c, p[i])) continue;
    c = (struct circle){p[i][0], p[i][1], 0};
    for (size_t j = 0; j < i; j++) {
      if (!outside(&c, p[j])) continue;
      c = circle_of_two(p[i], p[j]);
      for (size_t k = 0; k < j; k++)
        if (outside(&c, p[k])) c = circle_of_three(p[i], p[j], p[k]);
    }
  }
  return c;
}

/* Moves the grid so that its outermost corners are as far from the edge as they can be. */
static void centre_round(const struct lattice *g, struct best *best)
{
  long first, last;
  row_range(g, best->o.y, &first, &last);
  double(*p)[2] = tgv_allocate((size_t)(last - first + 1) * 4, sizeof *p);
  size_t n = 0;
  for (long j = first; j <= last; j++) {
    long   a, b;
    double y = best->o.y + (double)j * g->py;
    row_span(g, best->o.x, y, &a, &b);
    if (b < a) continue;
    double left = best->o.x + (double)a * g->px, right = best->o.x + (double)b * g->px + g->width;
    double corner[4][2] = {{left, y}, {right, y}, {left, y + g->height}, {right, y + g->height}};
    memcpy(p[n], corner, sizeof corner);
    n += 4;
  }
  struct circle c = enclose((const double(*)[2])p, n);
  free(p);
  struct best moved = {{best->o.x - c.x, best->o.y - c.y}, 0};
  moved.count = count_round(g, moved.o);
  if (moved.count >= best->count) *best = moved;
}

static void allocate_units(struct tgv_panel *out, size_t n)
{
  out->unit_count = n;
  out->unit_x = tgv_allocate(n, sizeof *out->unit_x);
  out->unit_y = tgv_allocate(n, sizeof *out->unit_y);
  out->unit_column = tgv_allocate(n, sizeof *out->unit_column);
  out->unit_row = tgv_allocate(n, sizeof *out->unit_row);
}

static void fill_rectangular(struct tgv_panel *out)
{
  allocate_units(out, out->columns * out->rows);
  double px = out->unit_width + out->street, py = out->unit_height + out->street;
  for (size_t k = 0; k < out->unit_count; k++) {
    size_t i = k % out->columns, j = k / out->columns;
    out->unit_x[k] = ((double)i - 0.5 * (double)(out->columns - 1)) * px;
    out->unit_y[k] = ((double)j - 0.5 * (double)(out->rows - 1)) * py;
    out->unit_column[k] = (int)i;
    out->unit_row[k] = (int)j;
  }
}

static void fill_round(const struct lattice *g, struct best best, struct tgv_panel *out)
{
  allocate_units(out, (size_t)best.count);
  long   first, last, left = LONG_MAX, right = LONG_MIN, bottom = LONG_MAX, top = LONG_MIN;
  size_t k = 0;
  row_range(g, best.o.y, &first, &last);
  for (long j = first; j <= last; j++) {
    long   a, b;
    double y = best.o.y + (double)j * g->py;
    row_span(g, best.o.x, y, &a, &b);
    for (long i = a; i <= b; i++, k++) {
      out->unit_x[k] = best.o.x + (double)i * g->px + 0.5 * g->width;
      out->unit_y[k] = y + 0.5 * g->height;
      out->unit_column[k] = (int)i;
      out->unit_row[k] = (int)j;
    }
    if (b < a) continue;
    if (a < left) left = a;
    if (b > right) right = b;
    if (j < bottom) bottom = j;
    if (j > top) top = j;
  }
  for (k = 0; k < out->unit_count; k++) {
    out->unit_column[k] -= (int)left;
    out->unit_row[k] -= (int)bottom;
  }
  out->columns = (size_t)(right - left + 1);
  out->rows = (size_t)(top - bottom + 1);
}

/* Columns or rows of units on a usable length. */
static double fit(double length, double unit, double street)
{
  return fmax(0, floor((length + street + slack) / (unit + street)));
}

/* One way of turning the units: how many fit, and for a round panel where. */
struct layout {
  struct lattice g;
  struct best    best; /* round */
  double         columns, rows, count;
};

static struct layout lay(const struct tgv_placement *q, bool turned)
{
  struct layout l = {.g = {.width = turned ? q->unit_height : q->unit_width,
                           .height = turned ? q->unit_width : q->unit_height,
                           .radius = 0.5 * q->width - q->edge_exclusion}};
  l.g.px = l.g.width + q->street;
  l.g.py = l.g.height + q->street;
  if (!q->round) {
    l.columns = fit(q->width - 2 * q->edge_exclusion, l.g.width, q->street);
    l.rows = fit(q->height - 2 * q->edge_exclusion, l.g.height, q->street);
    l.count = l.columns * l.rows;
  } else if (l.g.radius > 0) {
    l.count =
        4 * l.g.radius * l.g.radius / (l.g.px * l.g.py); /* the square around it, to refuse the absurd */
    if (l.count > 2 * TGV_UNITS_MAX) return l;
    l.best = search_round(&l.g, q->search);
    l.count = (double)l.best.count;
  }
  return l;
}

static tgv_status refuse(const struct tgv_placement *q, double count)
{
  char height[32] = "";
  if (!q->round) snprintf(height, sizeof height, " x %.6g mm", tgv_units_to(q->height, TGV_LENGTH, "mm"));
  double w = tgv_units_to(q->unit_width, TGV_LENGTH, "mm"),
         h = tgv_units_to(q->unit_height, TGV_LENGTH, "mm");
  double panel = tgv_units_to(q->width, TGV_LENGTH, "mm");
  if (count > 0)
    return tgv_fail(TGV_INPUT, "%.3g units of %.6g mm x %.6g mm on a panel are more than %d", count, w, h,
                    TGV_UNITS_MAX);
  return tgv_fail(TGV_INPUT,
                  "no unit of %.6g mm x %.6g mm fits on a panel of %.6g mm%s less %.6g mm at every edge", w,
                  h, panel, height, tgv_units_to(q->edge_exclusion, TGV_LENGTH, "mm"));
}

tgv_status tgv_panel_place(const struct tgv_placement *q, struct tgv_panel *out)
{
  *out = (struct tgv_panel){0};
  bool          square = q->unit_width == q->unit_height;
  bool          turned = q->turn == TGV_TURN_90;
  struct layout l = lay(q, turned);
  if (q->turn == TGV_TURN_AUTO && !square) {
    struct layout other = lay(q, true);
    if (other.count > l.count) {
      l = other;
      turned = true;
    }
  }
  if (l.count < 1) return refuse(q, 0);
  if (l.count > TGV_UNITS_MAX) return refuse(q, l.count);
  out->round = q->round;
  out->width = q->width;
  out->height = q->round ? q->width : q->height;
  out->edge_exclusion = q->edge_exclusion;
  out->street = q->street;
  out->rotated = turned;
  out->unit_width = l.g.width;
  out->unit_height = l.g.height;
  if (q->round) {
    centre_round(&l.g, &l.best);
    fill_round(&l.g, l.best, out);
  } else {
    out->columns = (size_t)l.columns;
    out->rows = (size_t)l.rows;
    fill_rectangular(out);
  }
  double area = q->round ? 0.25 * M_PI * q->width * q->width : q->width * q->height;
  out->utilisation = (double)out->unit_count * q->unit_width * q->unit_height / area;
  return TGV_OK;
}

void tgv_panel_release(struct tgv_panel *panel)
{
  free(panel->unit_x);
  free(panel->unit_y);
  free(panel->unit_column);
  free(panel->unit_row);
  *panel = (struct tgv_panel){0};
}

void tgv_panel_position(const struct tgv_panel *panel, size_t unit, double x, double y, double *px,
                        double *py)
{
  *px = panel->unit_x[unit] + (panel->rotated ? -y : x);
  *py = panel->unit_y[unit] + (panel->rotated ? x : y);
}
