/* Load cases of handling: from the way a panel is held to the stress of its edges, faces and via walls. */
#ifndef TGV_PROCESS_HANDLING_LOAD_H
#define TGV_PROCESS_HANDLING_LOAD_H

#include "model/run.h"
#include "solver/plate_bending.h"
#include "solver/weibull_strength.h"

/** The glass of a project's core, as far as handling needs it. SI; K_IC and n may be assumed. */
struct tgv_handling_glass {
  double E, nu, density, cte, K_IC, n;
  bool   K_IC_assumed, n_assumed;
};

struct tgv_handling_load {
  struct tgv_plate        plate;
  double                  sag, tip; /* m; NAN where the load case has none */
  double                  ratio;    /* deflection over the largest that linear theory allows */
  double                  stress;   /* largest nominal, Pa */
  struct tgv_stress_field edge, surface, wall;
};

/** Finds the core glass in the library. TGV_INPUT if it lacks E, nu or density. */
tgv_status tgv_handling_glass_find(const struct tgv_project *p, struct tgv_handling_glass *glass);
/** The load case of record `move` of the section handling. TGV_INPUT if its lengths do not fit together. Release it in any
    case. */
tgv_status tgv_handling_load(const struct tgv_run *run, const struct tgv_handling_glass *glass, size_t move,
                             struct tgv_handling_load *load);
void       tgv_handling_load_release(struct tgv_handling_load *load);

#endif
