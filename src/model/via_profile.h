/* The shape of a via of revolution: radius over depth, D(z) / 2, from the top face down. */
#ifndef TGV_MODEL_VIA_PROFILE_H
#define TGV_MODEL_VIA_PROFILE_H

#include <stddef.h>

#include "core/error.h"

/** Radii r[n] at depths z[n] [m], z rising from 0 (top face) to z[n - 1] (bottom face); between them straight lines. */
struct tgv_via_profile {
  size_t  n;
  double *z, *r;
};

/** What the columns of a via say of its shape [m]. */
struct tgv_via_shape {
  double D_top, D_upper, D_waist, D_lower,
      D_bottom; /* D_upper, D_lower: half-way between a face and the waist */
  double waist_depth, thickness;
};

/** The shape of two straight cones that meet at the waist. */
struct tgv_via_shape tgv_via_shape_cones(double D_top, double D_waist, double D_bottom, double waist_depth,
                                         double thickness);
/** Diameter at a depth: between a face and the waist the parabola through the three diameters of that side. */
double tgv_via_shape_diameter(const struct tgv_via_shape *s, double depth);
/** n points (at least 3, odd), half of the intervals on each side of the waist; a side without length gets none of them but its end.
    Release it. */
void tgv_via_shape_profile(const struct tgv_via_shape *s, size_t n, struct tgv_via_profile *out);
void tgv_via_profile_release(struct tgv_via_profile *p);

double tgv_via_profile_radius(const struct tgv_via_profile *p, double depth); /* held at the ends */
double tgv_via_profile_volume(const struct tgv_via_profile *p);               /* of the frusta [m3] */
/** Integral of dz / (pi r^2) [1/m]: times a resistivity it is the axial resistance of the filled via. */
double tgv_via_profile_slenderness(const struct tgv_via_profile *p);

#endif
