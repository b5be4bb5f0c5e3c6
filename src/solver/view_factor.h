/* View factors in a body of revolution, in closed form: between two rings of its wall, and from a point through a stack of coaxial
   circles. Lines are stopped by circles only; between two neighbouring circles the body is a frustum, which is convex and stops none. */
#ifndef TGV_SOLVER_VIEW_FACTOR_H
#define TGV_SOLVER_VIEW_FACTOR_H

#include <stddef.h>

/** A ring of the surface: radius and depth [m], unit normal (nr, nz) into the hollow. */
struct tgv_ring {
  double r, z, nr, nz;
};

/** Coaxial circles of radius r[k] at depth z[k] [m], in order of depth. */
struct tgv_circles {
  size_t        n;
  const double *z, *r;
};

/** Kernel k [1/m2] between two rings as seen through circles at depths between them (others are passed over):
    the view factor from a point of a to the meridian length ds of b is k r_b ds. Symmetric; relative error near rounding. */
double tgv_view_rings(const struct tgv_ring *a, const struct tgv_ring *b, const struct tgv_circles *between);

/** What a point of ring a receives through the circle `target` (index) and all circles strictly between a and it, from a source behind
    whose flux through an area falls with cos^exponent of the angle to the axis; relative to an area that faces it freely. For exponent 1
    this is the view factor: closed form. Otherwise quadrature, relative error below 1e-9. */
double tgv_view_opening(const struct tgv_ring *a, const struct tgv_circles *c, size_t target,
                        double exponent);

#endif
