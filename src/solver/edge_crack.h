/* The crack that splits the glass of a laminated substrate from its diced edge (SeWaRe): energy release against its depth. */
#ifndef TGV_SOLVER_EDGE_CRACK_H
#define TGV_SOLVER_EDGE_CRACK_H

#include <stddef.h>

#include "core/error.h"

enum { TGV_LAMINATE_LAYERS = 64 };

struct tgv_laminate_layer {
  double thickness, E, nu,
      free; /* m, Pa, 1, strain without stress (thermal, cure), the same in both directions */
};

/** From the bottom up. */
struct tgv_laminate {
  size_t                    n;
  struct tgv_laminate_layer layer[TGV_LAMINATE_LAYERS];
};

/** The flat or bowed state without load (linear): strain at height z above the bottom face is e0 + k z in both directions. */
struct tgv_laminate_state {
  double e0, k; /* 1, 1/m */
};
tgv_status tgv_laminate_free(const struct tgv_laminate *l, struct tgv_laminate_state *out);
/** Elastic energy per area of that state [J/m2]. */
double tgv_laminate_energy(const struct tgv_laminate *l, const struct tgv_laminate_state *s);
/** Energy that a crack at the height z above the bottom face [m] releases per area as it runs inwards in a steady state [J/m2]. */
tgv_status tgv_edge_release(const struct tgv_laminate *l, double z, double *G);

#endif
