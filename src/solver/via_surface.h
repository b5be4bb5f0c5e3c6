/* The field of a via close to a free face, and how far it stands out: closed form for equal elastic constants. */
#ifndef TGV_SOLVER_VIA_SURFACE_H
#define TGV_SOLVER_VIA_SURFACE_H

/** A via of radius a [m] that reaches deep below the face of a half-space of E [Pa] and nu, and wants to be larger by the strain
    `mismatch` (positive: heating copper in glass). */
struct tgv_via_surface {
  double a, E, nu, mismatch;
};

/** Stress on the axis at depth z [m]: radial (which is the hoop stress too) and axial [Pa]. */
double tgv_via_axis_radial(const struct tgv_via_surface *v, double z);
double tgv_via_axis_axial(const struct tgv_via_surface *v, double z);
/** Height of the face at radius r [m] over the face far away [m]; below 0: recessed. */
double tgv_via_rise(const struct tgv_via_surface *v, double r);

#endif
