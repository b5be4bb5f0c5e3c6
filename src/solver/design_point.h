/* First-order reliability: the most probable point of failure. */
#ifndef TGV_SOLVER_DESIGN_POINT_H
#define TGV_SOLVER_DESIGN_POINT_H

#include <stdbool.h>

#include "solver/limit_state.h"

struct tgv_design_point {
  size_t state;                 /* which limit state */
  double beta;                  /* distance from the origin; negative if the origin has failed */
  double u[TGV_NORMALS_MAX];    /* on the limit surface, |u| = |beta| */
  double bend;                  /* how the surface bends around the origin: 0 a plane, 1 a circle about it */
  double side[TGV_NORMALS_MAX]; /* unit vector of the direction in which it bends most; for a positive bend */
};

/** Failures farther out are never looked for: P(z > 14) is below 1e-43. */
#define TGV_BETA_MAX 14.0

/** Looks for the point of g_state = 0 nearest to the origin, starting from d->u. False if none is found
 *within TGV_BETA_MAX. calls is increased by the number of evaluations of g. */
bool tgv_design_point_find(const struct tgv_limit_states *s, size_t state, struct tgv_design_point *d,
                           size_t *calls);

/** Looks from the origin, from the mirror image of what was found, to the sides of what was found and, if thorough, along
    every axis. Returns the number of different points (at most room) with a beta at most 2.5 above the least, the nearest
    first. */
size_t tgv_design_points_find(const struct tgv_limit_states *s, size_t state, bool thorough,
                              struct tgv_design_point *out, size_t room, size_t *calls);

/** Phi(-beta), the first-order estimate. */
double tgv_form_probability(double beta);

#endif
