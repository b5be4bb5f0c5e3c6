/* The fast model of copper plating in one via: every field depends on the depth and the time only. It answers the question of
   plating_case.h in some ten milliseconds, so that tables over many vias can be made of it. */
#ifndef TGV_SOLVER_PLATING_DEPTH_H
#define TGV_SOLVER_PLATING_DEPTH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"
#include "solver/plating_case.h"

struct tgv_plating_depth_options {
  size_t cells;     /* over the depth, 8 to 4000; 0: 80 to 600 by the reach of the additive */
  double tolerance; /* of a step: thickness over the opening, bare share of the surface; 0: 1e-3 */
  bool   plain;     /* the textbook model: no resistance across the via and no end correction at the mouth */
  bool   covered;   /* starts from a surface saturated with additive instead of a bare one */
  bool   both;      /* solves from both starts and says whether they end in different regimes */
  size_t snapshots; /* pictures at even shares of the filling, and one of the end; 0: none */
};

/** Follows one via to the end of plating. Fails with TGV_INPUT for a case that makes no sense and with TGV_SOLVER if the integrator
    does not reach its tolerance; release the outcome. */
tgv_status tgv_plating_depth_solve(const struct tgv_plating_case          *c,
                                   const struct tgv_plating_depth_options *o,
                                   struct tgv_plating_outcome             *out);

/** The fields along the depth of a via whose shape is held, when they no longer change. */
struct tgv_plating_steady {
  size_t  n;
  double *z;                         /* centres of the cells [m] */
  double *psi, *current, *growth;    /* V, A/m2, m/s */
  double *coverage, *ion, *additive; /* 0 to 1; ion and additive over their bulk values */
  double mouth_psi, mouth_ion, mouth_additive, face_coverage, face_current; /* at the plane of the top face */
  double seconds;                                                           /* processor time */
};

/** The steady fields reached from the start that the options name, by integration over time until nothing changes. One segment of
    drive. Fails like tgv_plating_depth_solve; release the answer. */
tgv_status tgv_plating_depth_steady(const struct tgv_plating_case          *c,
                                    const struct tgv_plating_depth_options *o,
                                    struct tgv_plating_steady              *out);
void       tgv_plating_steady_release(struct tgv_plating_steady *s);

#endif
