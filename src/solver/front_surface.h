/* What the zero line of a level set cuts out of the cells of a grid: the surface as a chain of straight pieces, one or
   two a cut cell, and the share of bath of each cell and face. Measures are per radian (of revolution) or per metre
   of trench (planar). */
#ifndef TGV_SOLVER_FRONT_SURFACE_H
#define TGV_SOLVER_FRONT_SURFACE_H

#include <stdint.h>

#include "core/error.h"
#include "solver/front_grid.h"

enum { TGV_FRONT_NONE = -1 };

/** A piece of surface from point a to point b; the bath is on its left, (nr, nz) points into it. */
struct tgv_front_piece {
  size_t  cell;
  int32_t a, b;       /* points */
  int32_t next, last; /* pieces that go on at b, at a; TGV_FRONT_NONE at the sides of the grid */
  int32_t chain;
  double  r, z, nr, nz, area;
  double  before; /* area of its chain up to its point a */
};

struct tgv_front_surface {
  const struct tgv_front_grid *grid; /* borrowed */
  size_t                       pieces, points, room, chains;
  struct tgv_front_piece      *piece;
  double                      *pr, *pz; /* [points] */
  int32_t                     *order;   /* [pieces] pieces along the chains, one chain after the other */
  bool                        *loop;    /* [pieces] is chain c closed? (first `chains` used) */
  double                      *volume;  /* [cells] of bath */
  double  *side_r, *side_z;             /* open part of faces: r-faces [nz][nr + 1], z-faces [nz + 1][nr] */
  int32_t *edge_point, *point_out;      /* work */
  double  *work;                        /* [2 pieces] */
};

tgv_status tgv_front_surface_new(const struct tgv_front_grid *g, struct tgv_front_surface *out);
void       tgv_front_surface_release(struct tgv_front_surface *s);
/** Cuts the grid by phi[nodes]. TGV_MEMORY if there are more pieces than ever fit. */
tgv_status tgv_front_surface_cut(struct tgv_front_surface *s, const double *phi);
/** Evens out contents per area along the chains where the surface shrinks, as a first-order upwind scheme would, so that kinks stay free of
    noise: a diffusion by |speed| dt h / 2 [m2] in an implicit step. The sum of content times area is kept. All [pieces]. */
void tgv_front_surface_even(struct tgv_front_surface *s, const double *speed, double dt, double *content);
/** Marks the cells whose bath is joined to the far bath: reach[cells] 1 from the top, 2 from below, 3 both. */
void tgv_front_surface_flood(const struct tgv_front_surface *s, unsigned char *reach, int32_t *stack);

/** Distance of the middle of the piece's cell from the piece, towards the bath; 0 where it lies in the metal. */
double tgv_front_piece_offset(const struct tgv_front_grid *g, const struct tgv_front_piece *p);

#endif
