/* The bath between a panel and its anode as a slab: what drops in it when the face takes an uneven current. SI. */
#ifndef TGV_SOLVER_BATH_SLAB_H
#define TGV_SOLVER_BATH_SLAB_H

#include "core/error.h"

struct tgv_bath_slab;

struct tgv_bath_slab_size {
  int    nx, ny; /* cells of the face */
  double width, height, depth, conductivity;
};

/** TGV_EXTERNAL if FFTW fails. Not from several threads at once. */
tgv_status tgv_bath_slab_new(const struct tgv_bath_slab_size *size, struct tgv_bath_slab **out);
void       tgv_bath_slab_free(struct tgv_bath_slab *s);
/** The potential of the anode over that at the face [V] for the current density into the face [A/m2], both [ny][nx]; linear,
    symmetric, positive definite. */
void tgv_bath_slab_drop(struct tgv_bath_slab *s, const double *current, double *drop);

#endif
