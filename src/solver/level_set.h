/* A front that moves along its normals on a rectangular grid (nodes): phi_t + v |grad phi| = 0, second order. */
#ifndef TGV_SOLVER_LEVEL_SET_H
#define TGV_SOLVER_LEVEL_SET_H

#include "core/error.h"
#include "solver/front_grid.h"

struct tgv_level_set {
  const struct tgv_front_grid *grid;                       /* borrowed */
  double                      *phi, *stage, *slope, *line; /* phi[nodes]: positive in the bath */
};

/** phi is left 0. Release it. */
tgv_status tgv_level_set_new(const struct tgv_front_grid *g, struct tgv_level_set *out);
void       tgv_level_set_release(struct tgv_level_set *l);
/** One step of length dt with the extended speed v[nodes] of the metal towards the bath [m/s] (Heun, second-order ENO
    differences, Godunov's upwinding). Stable for v dt up to half the finest cell. */
void tgv_level_set_advance(struct tgv_level_set *l, const double *v, double dt);

#endif
