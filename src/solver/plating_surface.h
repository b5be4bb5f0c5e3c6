/* What happens between the middle of a cell of bath and the piece of surface in it: the flux itself makes the difference
   between the two. */
#ifndef TGV_SOLVER_PLATING_SURFACE_H
#define TGV_SOLVER_PLATING_SURFACE_H

#include "solver/plating_kinetics.h"

/** Current through a piece whose cell has potential psi and ion concentration c at the distance d [m] from it; derivatives by
    the values of the cell. */
struct tgv_plating_rate tgv_plating_surface_current(const struct tgv_plating_bath *b, double psi, double c,
                                                    double theta, double d);

struct tgv_plating_adsorbed {
  double theta;    /* coverage after the step */
  double uptake;   /* mean over the step [mol/(m2 s)] */
  double slope;    /* d uptake / d s_cell */
  double additive; /* at the surface [mol/m3] */
};
/** Implicit step dt of the coverage at the growth speed [m/s] under a cell with s_cell of additive at the distance d. */
struct tgv_plating_adsorbed tgv_plating_surface_adsorb(const struct tgv_plating_bath *b, double theta,
                                                       double s_cell, double speed, double d, double dt);

#endif
