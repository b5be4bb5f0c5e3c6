#include "solver/front_grid.h"

#include <math.h>
#include <stdlib.h>

static double narrowest(const struct tgv_plating_case *c)
{
  double r = HUGE_VAL;

  for (size_t i = 0; i < c->profile.n; i++) r = fmin(r, c->profile.r[i]);
  return c->core_radius > 0 ? 0.5 * (r - c->core_radius) : r;
}

static double widest(const struct tgv_plating_case *c)
{
  double r = 0;

  for (size_t i = 0; i < c->profile.n; i++) r = fmax(r, c->profile.r[i]);
  return r;
}

static tgv_status check(const struct tgv_plating_case *c, const struct tgv_front_resolution *res)
{
  if (c->profile.n < 2)
    return tgv_fail(TGV_INPUT, "the shape of a via needs 2 points, it has %zu", c->profile.n);
  if (!(c->profile.z[c->profile.n - 1] > c->profile.z[0])) return tgv_fail(TGV_INPUT, "the via has no depth");
  if (!(narrowest(c) > 0)) return tgv_fail(TGV_INPUT, "the via is closed before it is plated");
  if (!(c->cell_radius > widest(c)))
    return tgv_fail(TGV_INPUT, "the via (radius %g m) is not smaller than its cell of the face (%g m)",
                    widest(c), c->cell_radius);
  if (!(c->boundary_layer > 0))
    return tgv_fail(TGV_INPUT, "the boundary layer must be thicker than 0, it is %g m", c->boundary_layer);
  if (!(res->depth_cells >= 8 && res->depth_cells <= 5000))
    return tgv_fail(TGV_INPUT, "cells over the depth must be 8 to 5000, they are %g", res->depth_cells);
  if (!(res->growth >= 1 && res->growth <= 2))
    return tgv_fail(TGV_INPUT, "neighbouring cells may grow by 1 to 2, asked for %g", res->growth);
  return TGV_OK;
}

/* Spacings that start at h and grow until they have filled `length`, scaled to end there exactly. Returns their number;
   with `to`, writes the ends x[k] = distance from the start. */
static size_t graded(double length, double h, double growth, double *to)
{
  size_t n = 0;
  double sum = 0, step = h;

  if (length <= 0) return 0;
  while (sum < length * (1 - 1e-9)) {
    step *= growth, sum += step, n++;
    if (n > 20000) break;
  }
  if (n > 1 && sum - length > 0.5 * step) sum -= step, n--; /* stretch the others rather than shrink them */
  if (to) {
    double at = 0;

    step = h;
    for (size_t k = 0; k < n; k++) step *= growth, at += step, to[k] = at * length / sum;
  }
  return n;
}

static size_t uniform(double length, double h)
{
  return (size_t)fmax(1, floor(length / h + 0.5));
}

static tgv_status place(struct tgv_front_grid *g, size_t nr, size_t nz)
{
  g->nr = nr, g->nz = nz;
  g->r = calloc(nr + 1, sizeof *g->r);
  g->z = calloc(nz + 1, sizeof *g->z);
  return g->r && g->z ? TGV_OK : tgv_fail(TGV_MEMORY, "out of memory for a grid of %zu cells", nr * nz);
}

tgv_status tgv_front_grid_build(const struct tgv_plating_case *c, const struct tgv_front_resolution *res,
                                bool planar, struct tgv_front_grid *out)
{
  struct tgv_front_grid g = {.planar = planar, .open_bottom = c->ends == TGV_PLATING_THROUGH};

  *out = (struct tgv_front_grid){0};
  TGV_TRY(check(c, res));
  const double depth = c->profile.z[c->profile.n - 1], dz = depth / res->depth_cells;
  const double dr = fmax(0.2 * dz, fmin(dz, narrowest(c) / res->gap_cells));
  const double below = c->bottom_layer > 0 ? c->bottom_layer : c->boundary_layer;
  const double top = fmin(c->boundary_layer, fmax(4 * dz, res->overburden));
  const double bottom = g.open_bottom ? fmin(below, fmax(4 * dz, res->overburden)) : 4 * dz;
  const double inner = fmin(c->cell_radius, widest(c) + 4 * dr);
  const size_t n_inner = uniform(inner, dr), n_outer = graded(c->cell_radius - inner, dr, res->growth, NULL);
  const size_t n_via = (size_t)floor(res->depth_cells + 0.5), n_top = uniform(top, dz);
  const size_t n_far = graded(c->boundary_layer - top, dz, res->growth, NULL);
  const size_t n_bottom = c->ends == TGV_PLATING_SEALED ? 0 : uniform(bottom, dz);
  const size_t n_low = g.open_bottom ? graded(below - bottom, dz, res->growth, NULL) : 0;
  const tgv_status_code status = place(&g, n_inner + n_outer, n_far + n_top + n_via + n_bottom + n_low);

  g.h = fmin(dr, dz);
  *out = g;
  if (status) {
    tgv_front_grid_release(out);
    return status;
  }
  for (size_t i = 0; i <= n_inner; i++) g.r[i] = inner * (double)i / (double)n_inner;
  graded(c->cell_radius - inner, dr, res->growth, g.r + n_inner + 1);
  for (size_t i = n_inner + 1; i <= g.nr; i++) g.r[i] += inner;
  double *z = g.z + n_far; /* z[0]: upper end of the fine part */

  for (size_t j = 0; j < n_top; j++) z[j] = -top * (double)(n_top - j) / (double)n_top;
  for (size_t j = 0; j <= n_via; j++) z[n_top + j] = depth * (double)j / (double)n_via;
  z += n_top + n_via;
  for (size_t j = 1; j <= n_bottom; j++) z[j] = depth + bottom * (double)j / (double)n_bottom;
  z += n_bottom;
  graded(below - bottom, dz, res->growth, n_low ? z + 1 : NULL);
  for (size_t j = 1; j <= n_low; j++) z[j] += depth + bottom;
  graded(c->boundary_layer - top, dz, res->growth, n_far ? g.z : NULL);
  for (size_t a = 0, b = n_far; a + 1 < b; a++, b--) { /* upwards: mirror the order */
    const double keep = g.z[a];

    g.z[a] = g.z[b - 1], g.z[b - 1] = keep;
  }
  for (size_t j = 0; j < n_far; j++) g.z[j] = -top - g.z[j];
  return TGV_OK;
}

void tgv_front_grid_release(struct tgv_front_grid *g)
{
  free(g->r), free(g->z);
  *g = (struct tgv_front_grid){0};
}

bool tgv_front_inside(const struct tgv_plating_case *c, double r, double z)
{
  const double depth = c->profile.z[c->profile.n - 1];

  if (z < 0 || z > depth) return false;
  return r < tgv_via_profile_radius(&c->profile, z) && r >= c->core_radius;
}

struct nearest {
  double r, z, d2;
};

static void try_segment(struct nearest *at, double ra, double za, double rb, double zb)
{
  const double ur = rb - ra, uz = zb - za, len2 = ur * ur + uz * uz;
  const double along = len2 > 0 ? fmin(1, fmax(0, ((at->r - ra) * ur + (at->z - za) * uz) / len2)) : 0;
  const double dr = at->r - ra - along * ur, dz = at->z - za - along * uz;

  at->d2 = fmin(at->d2, dr * dr + dz * dz);
}

static double distance(const struct tgv_plating_case *c, double r, double z)
{
  const struct tgv_via_profile *p = &c->profile;
  const double   depth = p->z[p->n - 1], far = 10 * (c->cell_radius + depth), core = c->core_radius;
  struct nearest at = {r, z, HUGE_VAL};
  bool           bath = z < 0 || (c->ends == TGV_PLATING_THROUGH && z > depth);

  try_segment(&at, p->r[0], 0, far, 0);
  for (size_t k = 0; k + 1 < p->n; k++) try_segment(&at, p->r[k], p->z[k], p->r[k + 1], p->z[k + 1]);
  if (c->ends == TGV_PLATING_BLIND) try_segment(&at, core, depth, p->r[p->n - 1], depth);
  if (c->ends == TGV_PLATING_THROUGH) try_segment(&at, p->r[p->n - 1], depth, far, depth);
  if (c->ends == TGV_PLATING_SEALED) try_segment(&at, p->r[p->n - 1], depth, p->r[p->n - 1], depth + far);
  if (core > 0) {
    try_segment(&at, core, 0, core, c->ends == TGV_PLATING_SEALED ? depth + far : depth);
    try_segment(&at, 0, 0, core, 0);
    if (c->ends == TGV_PLATING_THROUGH) try_segment(&at, 0, depth, core, depth);
  }
  bath = bath || tgv_front_inside(c, r, z);
  return bath ? sqrt(at.d2) : -sqrt(at.d2);
}

void tgv_front_grid_distance(const struct tgv_front_grid *g, const struct tgv_plating_case *c, double *phi)
{
  for (size_t j = 0; j <= g->nz; j++)
    for (size_t i = 0; i <= g->nr; i++) phi[j * (g->nr + 1) + i] = distance(c, g->r[i], g->z[j]);
}
