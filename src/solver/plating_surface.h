/* What happens in one implicit step between the middle of a cell of bath and the piece of surface in it: the flux itself makes the
   difference between the two, and the growth takes the additive off the surface that slows it. */
#ifndef TGV_SOLVER_PLATING_SURFACE_H
#define TGV_SOLVER_PLATING_SURFACE_H

#include "solver/plating_kinetics.h"

struct tgv_plating_site {
  double psi, c, s; /* potential [V], ion, additive [mol/m3] of the cell */
  double distance;  /* of the middle of the cell from the surface [m] */
  double theta, dt; /* coverage before the step, 0 to 1; length of the step [s] */
  double share;     /* of the time this potential holds (averaged waveform); else 1 */
  double other;     /* growth during the rest of the time, over all of it [m/s] */
  double bare;      /* least share of sites that stay bare */
};

struct tgv_plating_surface {
  double i, di_dpsi, di_dc,
      di_ds;       /* current density at this potential [A/m2]; derivatives by the values of the cell */
  double theta;    /* coverage after the step */
  double additive; /* at the surface [mol/m3] */
  double uptake;   /* mean over the step [mol/(m2 s)] */
  double du_ds, du_dspeed; /* its derivatives by the cell's additive and by the mean growth */
};

/** Solves current and coverage at the end of the step together. At a given potential there is one answer, whatever the step (no jump
    between the branches of the kinetics within a piece), and the current rises with the potential. */
struct tgv_plating_surface tgv_plating_surface_step(const struct tgv_plating_bath *b,
                                                    const struct tgv_plating_site *at);

#endif
