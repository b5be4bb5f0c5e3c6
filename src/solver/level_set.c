/** # Level set of a growing surface

## Model
The surface is the zero line of $\phi(r, z)$ on the nodes of a rectangular grid, $\phi > 0$ in the bath. With the speed $v$ of the surface
extended off it along its normals,

$$ \phi_t + v\, |\nabla \phi| = 0 . $$

One-sided differences of second order (ENO: the smoother of two stencils, spacing may vary), Godunov's choice between them, Heun's step in
time. Sides of the grid mirror (axis, wall of the cell); far ends are extrapolated.

## Valid for
Steps of at most half a cell. Topology may change: fronts meet and merge by themselves.

## Neglects
Nothing of the motion is lost where the surface is smooth; a gap narrower than a cell closes at once.

## Source
S. Osher, J. A. Sethian, J. Comput. Phys. 79 (1988) 12; J. A. Sethian, Level Set Methods (1999).

## Verified by
tests/unit/test_plating_front.c (shrinking circle, required order). */
#include "solver/level_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

tgv_status tgv_level_set_new(const struct tgv_front_grid *g, struct tgv_level_set *out)
{
  const size_t nodes = tgv_front_grid_nodes(g), longest = (g->nr > g->nz ? g->nr : g->nz) + 3;

  *out = (struct tgv_level_set){.grid = g};
  out->phi = calloc(nodes, sizeof *out->phi);
  out->stage = calloc(nodes, sizeof *out->stage);
  out->slope = calloc(nodes, sizeof *out->slope);
  out->line = calloc(3 * longest, sizeof *out->line);
  if (out->phi && out->stage && out->slope && out->line) return TGV_OK;
  tgv_level_set_release(out);
  return tgv_fail(TGV_MEMORY, "out of memory for a level set of %zu nodes", nodes);
}

void tgv_level_set_release(struct tgv_level_set *l)
{
  free(l->phi), free(l->stage), free(l->slope), free(l->line);
  *l = (struct tgv_level_set){0};
}

static inline double smoother(double a, double b)
{
  if (a * b <= 0) return 0;
  return fabs(a) < fabs(b) ? a : b;
}

/* Adds the squared upwind difference along one line of nodes to slope2. n nodes at x[], values f[k * stride];
   mirror[2]: the line is continued by its mirror image at its ends. work[3 (n + 2)]. */
struct line {
  size_t        n, stride;
  const double *x, *f, *v;
  double       *slope2, *work;
  bool          mirror[2];
};

static void add_line(const struct line *l)
{
  const size_t n = l->n;
  double      *first = l->work, *second = l->work + n + 2; /* first[k]: between nodes k - 1 and k */

  for (size_t k = 1; k < n; k++)
    first[k] = (l->f[k * l->stride] - l->f[(k - 1) * l->stride]) / (l->x[k] - l->x[k - 1]);
  first[0] = l->mirror[0] ? -first[1] : first[1];
  first[n] = l->mirror[1] ? -first[n - 1] : first[n - 1];
  for (size_t k = 0; k < n; k++) {
    const double before = k ? l->x[k] - l->x[k - 1] : l->x[1] - l->x[0];
    const double after = k + 1 < n ? l->x[k + 1] - l->x[k] : before;

    second[k] = (first[k + 1] - first[k]) / (before + after);
  }
  for (size_t k = 0; k < n; k++) {
    const double before = k ? l->x[k] - l->x[k - 1] : l->x[1] - l->x[0];
    const double after = k + 1 < n ? l->x[k + 1] - l->x[k] : before;
    const double curve_before = k ? second[k - 1] : second[0],
                 curve_after = k + 1 < n ? second[k + 1] : second[k];
    /* On top of a ridge (the axis of a closing hole) the curvature is the kink itself: it would take the slope away and the last of
       the hole would never close. Where the line runs along the surface instead, this changes the slope by the square of a small part. */
    const bool   ridge = first[k] > 0 && first[k + 1] < 0;
    const double left = first[k] + (ridge ? 0 : before * smoother(second[k], curve_before));
    const double right = first[k + 1] - (ridge ? 0 : after * smoother(second[k], curve_after));
    const double a = l->v[k * l->stride] >= 0 ? fmax(left, 0) : fmin(left, 0);
    const double b = l->v[k * l->stride] >= 0 ? fmin(right, 0) : fmax(right, 0);

    l->slope2[k * l->stride] += fmax(a * a, b * b);
  }
}

/* out = phi - dt v |grad phi| */
static void euler(struct tgv_level_set *l, const double *phi, const double *v, double dt, double *out)
{
  const struct tgv_front_grid *g = l->grid;
  const size_t                 wide = g->nr + 1, high = g->nz + 1;

  memset(l->slope, 0, wide * high * sizeof *l->slope);
  for (size_t j = 0; j < high; j++)
    add_line(&(struct line){
        wide, 1, g->r, phi + j * wide, v + j * wide, l->slope + j * wide, l->line, {true, true}});
  for (size_t i = 0; i < wide; i++)
    add_line(&(struct line){high, wide, g->z, phi + i, v + i, l->slope + i, l->line, {false, false}});
  for (size_t k = 0; k < wide * high; k++) out[k] = phi[k] - dt * v[k] * sqrt(l->slope[k]);
}

void tgv_level_set_advance(struct tgv_level_set *l, const double *v, double dt)
{
  const size_t nodes = tgv_front_grid_nodes(l->grid);

  euler(l, l->phi, v, dt, l->stage);
  euler(l, l->stage, v, dt, l->stage);
  for (size_t k = 0; k < nodes; k++) l->phi[k] = 0.5 * (l->phi[k] + l->stage[k]);
}
