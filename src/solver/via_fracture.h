/* Energy release rates of the cracks of a via: around it, along its interface, radially away from it. */
#ifndef TGV_SOLVER_VIA_FRACTURE_H
#define TGV_SOLVER_VIA_FRACTURE_H

#include "solver/layered_cylinder.h"

struct tgv_release {
  double G; /* J/m2 */
  double
      driving; /* the stress that opens the crack (radial; hoop for a radial crack) or the pressure that closes the faces that
                     glide, where it begins [Pa] */
};

/** A crack all around at `radius` (an interface, or in the glass: C-crack) that runs along the axis: what was bonded at that radius
    comes apart. It opens where `driving` is above 0. The cylinder is bonded, under relative or generalised plane strain. */
tgv_status tgv_release_around(const struct tgv_cylinder *c, double radius, struct tgv_release *out);
/** The interface outside of layer `layers - 1` slides without friction while pressed together (`driving` above 0). */
tgv_status tgv_release_sliding(const struct tgv_cylinder *c, size_t layers, struct tgv_release *out);

/** A straight crack of `length` c [m] from the wall at radius a into glass whose hoop stress was P + Q/r2, plane strain. */
struct tgv_radial_crack {
  double a, P, Q, E, nu; /* m, Pa, Pa m2, Pa, 1 */
};
/** Stress intensity of the outer and of the inner tip [Pa m^0.5]; below 0 the crack stays closed. */
double tgv_radial_outer(const struct tgv_radial_crack *r, double c);
double tgv_radial_inner(const struct tgv_radial_crack *r, double c);
/** (1 - nu2) K2 / E of the outer tip [J/m2]; 0 where it stays closed. */
double tgv_radial_release(const struct tgv_radial_crack *r, double c);
/** The length up to `longest` at which that is largest; a/2 for P = 0. */
double tgv_radial_worst(const struct tgv_radial_crack *r, double longest);

/** Fracture energy of glass under plane strain: (1 - nu2) K_IC2 / E [J/m2]. */
double tgv_fracture_energy(double K_IC, double E, double nu);

#endif
