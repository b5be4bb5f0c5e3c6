/* A cylinder of concentric layers that want to expand differently: stress, displacement and energy, exact (Lame). A via and the glass
   around it, far from the faces. */
#ifndef TGV_SOLVER_LAYERED_CYLINDER_H
#define TGV_SOLVER_LAYERED_CYLINDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

enum { TGV_CYLINDER_LAYERS = 8 };

/** What holds the cylinder along its axis. The choice is not a detail: the same via has 160 or 163 MPa at its wall. */
enum tgv_axial {
  TGV_AXIAL_ABSOLUTE, /* plane strain: no axial strain at all */
  TGV_AXIAL_RELATIVE, /* the axial strain is the free strain of the outermost layer: a via in a large panel */
  TGV_AXIAL_GENERALISED /* the axial strain is that which leaves the axial force given (0: free ends), of a finite cell */
};
const char *tgv_axial_name(enum tgv_axial a); /* "absolute plane strain"... */

struct tgv_cylinder_layer {
  double outer; /* radius [m]; of the last layer it may be INFINITY */
  double E, nu; /* Pa, 1 */
  double free_radial,
      free_axial; /* strain without stress, in the plane and along the axis; thermal: both alike */
};

struct tgv_cylinder {
  double                    bore; /* inner radius [m]; 0: solid */
  size_t                    n;
  struct tgv_cylinder_layer layer[TGV_CYLINDER_LAYERS]; /* from the inside */
  enum tgv_axial            axial;
  double                    force; /* GENERALISED: axial force [N], tension positive */
  bool                      held; /* the outside is held at the displacement `outside` [m], else it is free */
  double                    outside;
  size_t
      slip; /* the first `slip` layers glide on the rest without friction and without axial force; 0: all bonded */
};

struct tgv_cylinder_state {
  double axial[2];               /* axial strain of the layers that glide (if any) and of the others */
  double P[TGV_CYLINDER_LAYERS]; /* stress of layer i: radial P - Q/r2, hoop P + Q/r2 [Pa], Q [Pa m2] */
  double Q[TGV_CYLINDER_LAYERS], sz[TGV_CYLINDER_LAYERS]; /* sz: axial stress [Pa] */
  double A[TGV_CYLINDER_LAYERS], B[TGV_CYLINDER_LAYERS];  /* displacement A r + B / r */
};

struct tgv_cylinder_stress {
  double radial, hoop, axial, displacement; /* Pa; m, outwards */
};

tgv_status tgv_cylinder_solve(const struct tgv_cylinder *c, struct tgv_cylinder_state *out);
/** At radius r [m] of layer i; r = INFINITY gives the stress there and no displacement. */
struct tgv_cylinder_stress tgv_cylinder_at(const struct tgv_cylinder_state *s, size_t i, double r);
/** Elastic energy per length [J/m]; INFINITY if an endless layer is under stress. */
double tgv_cylinder_energy(const struct tgv_cylinder *c, const struct tgv_cylinder_state *s);

/** Radius of the cell that has the area of a via in an array of this pitch [m]. */
double tgv_cell_square(double pitch);
double tgv_cell_hexagonal(double pitch);

#endif
