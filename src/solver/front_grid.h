/* The grid of a plating front: rectangles in (r, z), fine where the via is, growing geometrically away from it.
   Nodes [nz + 1][nr + 1] carry the level set, cells [nz][nr] the fields. z is the depth below the top face. */
#ifndef TGV_SOLVER_FRONT_GRID_H
#define TGV_SOLVER_FRONT_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "solver/plating_case.h"

struct tgv_front_grid {
  size_t  nr, nz;
  double *r, *z;       /* [nr + 1], [nz + 1]: rising */
  double  h;           /* the smaller fine spacing */
  bool    planar;      /* r is a plain length: trenches; else measures are per radian of revolution */
  bool    open_bottom; /* stirred bath below the last z (through-hole); else no flux */
};

struct tgv_front_resolution {
  double depth_cells; /* fine cells over the depth of the via */
  double gap_cells;   /* at least so many over half the narrowest opening */
  double growth;      /* ratio of neighbouring coarse cells */
  double overburden;  /* fine this far over an open face */
};

/** TGV_INPUT if the case has no room (a via wider than its cell, a layer of no thickness). Release it. */
tgv_status tgv_front_grid_build(const struct tgv_plating_case *c, const struct tgv_front_resolution *res,
                                bool planar, struct tgv_front_grid *out);
void       tgv_front_grid_release(struct tgv_front_grid *g);

static inline size_t tgv_front_grid_nodes(const struct tgv_front_grid *g)
{
  return (g->nr + 1) * (g->nz + 1);
}
static inline size_t tgv_front_grid_cells(const struct tgv_front_grid *g)
{
  return g->nr * g->nz;
}
/** Signed distance [m] of every node from the surface before plating: positive in the bath. phi[nodes]. */
void tgv_front_grid_distance(const struct tgv_front_grid *g, const struct tgv_plating_case *c, double *phi);
/** Is the point inside the opening of the via (between its faces, between post and wall)? */
bool tgv_front_inside(const struct tgv_plating_case *c, double r, double z);

#endif
