/* The linear systems of a step of plating_depth: (shift - J) x = b, where J holds the derivatives of the rates. */
#ifndef TGV_SOLVER_PLATING_DEPTH_LINEAR_H
#define TGV_SOLVER_PLATING_DEPTH_LINEAR_H

#include "solver/plating_depth_state.h"

/* Unknowns in groups: those of an open node with those of the floors that rise into it. A group sees the one before and the one after. What
   is closed has none, so the system shrinks as the via fills. */
struct tgv_depth_linear {
  const struct tgv_depth *m;
  size_t                  n, groups, width; /* unknowns; most unknowns of three groups, the length of a row */
  size_t                 *order;            /* [n] place in the state */
  double *weight; /* [n] of its error: 1 of growth and coverage, less of what follows them at once */
  size_t *group;  /* [n] */
  size_t *start;  /* [groups + 1] first unknown of a group */
  bool   *apart;  /* [groups + 1] sees nothing of the group before */
  double *jacobian, *factor; /* [n][width], from the first unknown of the group before */
  double *y, *f;             /* [nodes block] scratch */
};

tgv_status tgv_depth_linear_init(struct tgv_depth_linear *l, const struct tgv_depth *m);
void       tgv_depth_linear_release(struct tgv_depth_linear *l);
/* Finds the unknowns; to be called again after a closing. */
void tgv_depth_linear_arrange(struct tgv_depth_linear *l);
/* J at y by differences of the rates; f: those at y, where they have just been looked at. */
void tgv_depth_linear_differ(struct tgv_depth_linear *l, const double *y, const double *f);
/* Factors shift - J without exchange of rows: every unknown is damped by itself. False if a pivot vanishes. */
bool tgv_depth_linear_factor(struct tgv_depth_linear *l, double shift);
void tgv_depth_linear_solve(const struct tgv_depth_linear *l, double *x); /* [nodes block] b in, x out */

#endif
