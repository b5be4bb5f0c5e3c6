/* Float values on a regular grid, sampled bilinearly at many points: random fields, trends, measured maps.
   Kernels per instruction set, same bits on all (core/isa.h). */
#ifndef TGV_CORE_FIELD_GRID_H
#define TGV_CORE_FIELD_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/random.h"

/** Node (i, j) stands at (x0 + i dx, y0 + j dy). */
struct tgv_field_grid {
  int    nx, ny;         /* nodes, each >= 1, nx ny < 2^31 */
  double x0, y0, dx, dy; /* m */
  float *value;          /* [ny][nx] */
};

/** Allocates the values, zero. TGV_INPUT if a size or step is not positive, or nx ny is 2^31 or more. */
tgv_status tgv_field_grid_init(struct tgv_field_grid *g, int nx, int ny, const double origin[2] /* x0, y0 */,
                               const double step[2] /* dx, dy */);
void       tgv_field_grid_release(struct tgv_field_grid *g);
/** Rounds nx ny doubles into the grid. */
void tgv_field_grid_set(struct tgv_field_grid *g, const double *value /* [ny][nx] */);

/** The field at one point: first blended along y, then along x; the nearest edge value outside of the grid.
   Has the bits that the functions below give for this point with scale 1. */
double tgv_field_grid_at(const struct tgv_field_grid *g, double x, double y);

/** out[i] += scale * field(x[i], y[i]) for any n points in any order. Fast if neighbouring points have the
   same y and lie in neighbouring cells, as vias of a row do; the bits do not depend on that. */
void tgv_field_grid_add_row(const struct tgv_field_grid *g, size_t n, const double *x, const double *y,
                            float scale, float *out);

/** Where up to TGV_BLOCK points lie in a grid: found once, used for all fields on grids of the same geometry.
 */
struct tgv_field_points {
  size_t  n;
  bool    row;               /* all points have the same y */
  int32_t range[2];          /* smallest and largest column */
  int32_t column[TGV_BLOCK]; /* left node */
  int32_t line[TGV_BLOCK];   /* lower node; only the first entry counts in a row */
  float   left[TGV_BLOCK];   /* 0..1 within the cell, along x */
  float   below[TGV_BLOCK];  /* the same along y; only the first entry counts in a row */
};

/** Finds n <= TGV_BLOCK points. */
void tgv_field_grid_locate(const struct tgv_field_grid *g, size_t n, const double *x, const double *y,
                           struct tgv_field_points *p);
/** out[i] += scale * field of point i; g has the geometry of the grid the points were located in. */
void tgv_field_grid_add(const struct tgv_field_grid *g, const struct tgv_field_points *p, float scale,
                        float *out);

#endif
