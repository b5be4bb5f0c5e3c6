/** # Via positions from a list

## Model
Positions that follow each other in equal steps along a row are kept as one run. The smallest centre distance
of a list is found by divide and conquer: sorted by x, the points are halved; a pair that is closer than the
best of both halves lies in a strip about the dividing line, where, sorted by y, each point has at most seven
candidates. $O(n \log n)$ whatever the input.

## Valid for
Any points, coincident ones included.

## Neglects
A run may differ from the listed positions by a picometre.

## Source
M. I. Shamos, D. Hoey, Closest-point problems, FOCS 1975, doi:10.1109/SFCS.1975.8.

## Verified by
tests/unit/test_package.c: random, regular, coincident and collinear points against all pairs. */
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/package_arrays.h"

static const double same = 1e-12; /* m */

static bool continues(const struct tgv_run_of_vias *r, double x, double y)
{
  if (r->n == 1) return (fabs(x - r->x0) <= same) != (fabs(y - r->y0) <= same); /* a step along one axis */
  double i = (double)r->n;
  return fabs(x - (r->x0 + i * r->dx)) <= same && fabs(y - (r->y0 + i * r->dy)) <= same;
}

size_t tgv_positions_to_runs(const double *x, const double *y, size_t n, uint64_t first,
                             struct tgv_run_of_vias *run)
{
  size_t runs = 0;
  for (size_t k = 0; k < n; k++) {
    struct tgv_run_of_vias *r = runs ? &run[runs - 1] : NULL;
    if (!r || !continues(r, x[k], y[k])) {
      run[runs++] = (struct tgv_run_of_vias){x[k], y[k], 0, 0, first + k, 1};
      continue;
    }
    if (r->n++ > 1) continue;
    bool along_x = fabs(y[k] - r->y0) <= same;
    r->dx = along_x ? x[k] - r->x0 : 0;
    r->dy = along_x ? 0 : y[k] - r->y0;
  }
  return runs;
}

struct point {
  double x, y;
};

static int by_x(const void *a, const void *b)
{
  const struct point *p = a, *q = b;
  return (p->x > q->x) - (p->x < q->x);
}

/* Smallest distance within p[0 .. n - 1], sorted by x on entry and by y on exit. */
static double closest(struct point *p, size_t n, struct point *scratch)
{
  if (n < 2) return INFINITY;
  size_t half = n / 2;
  double middle = p[half].x;
  double d = fmin(closest(p, half, scratch), closest(p + half, n - half, scratch));
  for (size_t i = 0, j = half, k = 0; k < n; k++)
    scratch[k] = (j == n || (i < half && p[i].y <= p[j].y)) ? p[i++] : p[j++];
  size_t strip = 0;
  for (size_t k = 0; k < n; k++) p[k] = scratch[k];
  for (size_t k = 0; k < n; k++) {
    if (fabs(p[k].x - middle) >= d) continue;
    for (size_t m = strip; m-- > 0 && p[k].y - scratch[m].y < d;)
      d = fmin(d, hypot(p[k].x - scratch[m].x, p[k].y - scratch[m].y));
    scratch[strip++] = p[k];
  }
  return d;
}

double tgv_closest_pair(const double *x, const double *y, size_t n)
{
  struct point *p = tgv_allocate(n, sizeof *p), *scratch = tgv_allocate(n, sizeof *scratch);
  for (size_t k = 0; k < n; k++) p[k] = (struct point){x[k], y[k]};
  qsort(p, n, sizeof *p, by_x);
  double d = closest(p, n, scratch);
  free(p);
  free(scratch);
  return d;
}
