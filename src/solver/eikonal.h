/* Arrival times of a front whose speed varies in space: |grad T| = slowness on a grid in (r, z), second order. */
#ifndef TGV_SOLVER_EIKONAL_H
#define TGV_SOLVER_EIKONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

/** Nodes at r = i dr (i < nr) and z = j dz (j < nz), [nz][nr] in memory. In a plane and in a body of revolution the equation is the same. */
struct tgv_eikonal {
  size_t        nr, nz;
  double        dr, dz;   /* m */
  const double *slowness; /* s/m, above 0 */
  double       *T;        /* s; before: the times at the nodes where they are known, HUGE_VAL elsewhere */
};

/** Fills T by fast marching. TGV_INPUT if no time is known or a slowness is not a positive number. */
tgv_status tgv_eikonal_march(const struct tgv_eikonal *e);
/** Distance from r = 0 at which row j is reached at the time t: between the last node before t and the next one by the parabola through
    three times. 0: the first node is later; HUGE_VAL: all of the row is earlier. */
double tgv_eikonal_reached(const struct tgv_eikonal *e, size_t j, double t);

#endif
