/** # Bilinear sampling of a field on a grid

### Model
In the cell with lower left node $(i,j)$ and local coordinates $s,t\in[0,1]$:

$$ a_i = v_{i,j} + t\,(v_{i,j+1}-v_{i,j}), \qquad f = a_i + s\,(a_{i+1}-a_i). $$

For the points of one row $j$ and $t$ are the same, so $a_i$ is computed once per column instead of once per
point, and neighbouring points take it from one vector register. Order and rounding are those of the formula
in every case, hence the same bits.

### Valid for
Any point; outside of the grid the value of the nearest edge. Cells and local coordinates are found in double
precision, values blended in float.

### Neglects
Curvature within a cell. A random field loses variance between its nodes: core/random_field.h gives the step
for which that is below 1 %.

### Source
Textbook.

### Verified by
tests/unit/test_field_grid.c: a bilinear function is reproduced; against the formula in double; bit-identity
of the instruction sets and of the three ways through the code. */
#include "core/field_grid.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"
#include "core/isa.h"

enum { ROOM = 2 * TGV_BLOCK, MARGIN = 16 };

struct axis {
  double  start, per_step, top; /* top: the coordinate of the last node, in steps */
  int32_t last;                 /* the last cell */
};

static struct axis axis(double start, double step, int n)
{
  return (struct axis){start, 1 / step, n - 1, n > 1 ? n - 2 : 0};
}

#define LANES 4
#define LANES_ISA sse2
#include "core/field_grid_lanes.h"
#undef LANES
#undef LANES_ISA
#define LANES 8
#define LANES_ISA avx2
#include "core/field_grid_lanes.h"
#undef LANES
#undef LANES_ISA
#define LANES 16
#define LANES_ISA avx512
#include "core/field_grid_lanes.h"

/* what tgv_isa_current() says */
static const struct kernels {
  size_t lanes;
  void (*locate)(const struct axis *a, size_t n, const double *x, int32_t *cell, float *part,
                 int32_t range[2]);
  void (*add_row)(const struct tgv_field_points *p, size_t n, const float *node, const float *rise,
                  float scale, float *out);
  void (*add_any)(const struct tgv_field_grid *g, const struct tgv_field_points *p, size_t n, float scale,
                  float *out);
} kernels[] = {
    [TGV_ISA_SSE2] = {4, vlocate_sse2, vadd_row_sse2, vadd_any_sse2},
    [TGV_ISA_AVX2] = {8, vlocate_avx2, vadd_row_avx2, vadd_any_avx2},
    [TGV_ISA_AVX512] = {16, vlocate_avx512, vadd_row_avx512, vadd_any_avx512},
};

tgv_status tgv_field_grid_init(struct tgv_field_grid *g, int nx, int ny, const double origin[2],
                               const double step[2])
{
  *g = (struct tgv_field_grid){nx, ny, origin[0], origin[1], step[0], step[1], NULL};
  if (nx < 1 || ny < 1 || nx > INT32_MAX / ny)
    return tgv_fail(TGV_INPUT, "a field grid has %d x %d nodes, allowed are 1 to 2^31 in all", nx, ny);
  if (!(step[0] > 0 && step[1] > 0))
    return tgv_fail(TGV_INPUT, "a field grid has steps %g x %g m, must be > 0", step[0], step[1]);
  g->value = calloc((size_t)nx * (size_t)ny, sizeof *g->value);
  if (!g->value) return tgv_fail(TGV_MEMORY, "out of memory for a field grid of %d x %d nodes", nx, ny);
  return TGV_OK;
}

void tgv_field_grid_release(struct tgv_field_grid *g)
{
  free(g->value);
  g->value = NULL;
}

void tgv_field_grid_set(struct tgv_field_grid *g, const double *value)
{
  size_t n = (size_t)g->nx * (size_t)g->ny;

  for (size_t i = 0; i < n; i++) g->value[i] = (float)value[i];
}

double tgv_field_grid_at(const struct tgv_field_grid *g, double x, double y)
{
  struct axis  along = axis(g->x0, g->dx, g->nx), across = axis(g->y0, g->dy, g->ny);
  ptrdiff_t    right = g->nx > 1, up = g->ny > 1 ? g->nx : 0;
  int32_t      i, j, range[2];
  float        s, t, west, east;
  const float *v;

  vlocate_sse2(&along, 1, &x, &i, &s, range);
  vlocate_sse2(&across, 1, &y, &j, &t, range);
  v = g->value + (ptrdiff_t)j * g->nx + i;
  west = t * (v[up] - v[0]) + v[0];
  east = t * (v[up + right] - v[right]) + v[right];
  return (double)(s * (east - west) + west);
}

void tgv_field_grid_locate(const struct tgv_field_grid *g, size_t n, const double *x, const double *y,
                           struct tgv_field_points *p)
{
  const struct kernels *k = &kernels[tgv_isa_current()];
  struct axis           along = axis(g->x0, g->dx, g->nx), across = axis(g->y0, g->dy, g->ny);
  int32_t               line[2];

  TGV_BUG_IF(n > TGV_BLOCK);
  k->locate(&along, n, x, p->column, p->left, p->range);
  p->n = n;
  p->row = p->range[1] - p->range[0] + 2 <= ROOM && (n < 2 || !memcmp(y, y + 1, (n - 1) * sizeof *y));
  k->locate(&across, p->row && n ? 1 : n, y, p->line, p->below, line);
}

/* The field blended along y at the columns of the row and the one after, and its steps from column to column.
 */
TGV_CLONES static void blend(const struct tgv_field_grid *g, const struct tgv_field_points *p, float *node,
                             float *rise)
{
  int32_t      n = p->range[1] - p->range[0] + 1, right = g->nx > 1;
  float        t = p->below[0];
  const float *low = g->value + (ptrdiff_t)p->line[0] * g->nx + p->range[0];
  const float *high = low + (g->ny > 1 ? g->nx : 0);

  for (int32_t i = 0; i < n + right; i++) node[i] = t * (high[i] - low[i]) + low[i];
  for (int32_t i = 0; i < n; i++) rise[i] = node[i + right] - node[i];
  memset(node + n + right, 0, MARGIN / 2 * sizeof *node);
  memset(rise + n, 0, MARGIN * sizeof *rise);
}

/* Points in a row, if it is blended, or anywhere. */
static void add(const struct tgv_field_grid *g, const struct tgv_field_points *p, const float *node,
                const float *rise, float scale, float *out)
{
  const struct kernels   *k = &kernels[tgv_isa_current()];
  size_t                  whole = p->n / k->lanes * k->lanes, rest = p->n - whole;
  struct tgv_field_points tail;
  float                   end[MARGIN] = {0};

  if (node)
    k->add_row(p, whole, node, rise, scale, out);
  else
    k->add_any(g, p, whole, scale, out);
  if (rest == 0) return;
  tail.range[0] = p->range[0];
  for (size_t i = 0; i < k->lanes; i++) { /* a full vector; its spare lanes repeat the first point */
    size_t from = whole + (i < rest ? i : 0);

    tail.column[i] = p->column[from];
    tail.left[i] = p->left[from];
    tail.line[i] = p->line[p->row ? 0 : from];
    tail.below[i] = p->below[p->row ? 0 : from];
  }
  memcpy(end, out + whole, rest * sizeof *end);
  if (node)
    k->add_row(&tail, k->lanes, node, rise, scale, end);
  else
    k->add_any(g, &tail, k->lanes, scale, end);
  memcpy(out + whole, end, rest * sizeof *end);
}

void tgv_field_grid_add(const struct tgv_field_grid *g, const struct tgv_field_points *p, float scale,
                        float *out)
{
  float node[ROOM + MARGIN], rise[ROOM + MARGIN];

  if (p->n && p->row) blend(g, p, node, rise);
  add(g, p, p->row ? node : NULL, rise, scale, out);
}

void tgv_field_grid_add_row(const struct tgv_field_grid *g, size_t n, const double *x, const double *y,
                            float scale, float *out)
{
  struct tgv_field_points p;

  for (size_t i = 0; i < n; i += TGV_BLOCK) {
    tgv_field_grid_locate(g, n - i < TGV_BLOCK ? n - i : TGV_BLOCK, x + i, y + i, &p);
    tgv_field_grid_add(g, &p, scale, out + i);
  }
}
