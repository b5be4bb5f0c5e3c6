/* A history of temperatures: ramps and dwells, as points joined by straight lines. */
#ifndef TGV_SOLVER_THERMAL_HISTORY_H
#define TGV_SOLVER_THERMAL_HISTORY_H

#include <stddef.h>

/** To the high temperature, stay, to the low one, stay; `count` times. K, K/s, s. */
struct tgv_thermal_leg {
  double high, low, ramp, dwell_high, dwell_low, count;
};

struct tgv_thermal_point {
  double time, temperature; /* s, K */
  size_t leg;               /* the leg that leads to it; the start belongs to the first */
  double cycle;             /* of that leg, from 0 */
};

struct tgv_thermal_history {
  size_t                    n;
  struct tgv_thermal_point *point;
};

/** The points from a start on [K]. Of a leg that comes more than `most` (at least 1) times the first `most` are followed: what is periodic by
    then goes on so. Equal neighbours are left out. Release it. */
void tgv_thermal_expand(const struct tgv_thermal_leg *leg, size_t n, double start, double most,
                        struct tgv_thermal_history *out);
void tgv_thermal_release(struct tgv_thermal_history *h);

#endif
