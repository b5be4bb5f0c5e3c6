/* Subcritical growth of a flaw in glass under a stress that changes: v = v0 (K / K_IC)^n, K = Y s sqrt(pi a). Strength and populations of
   flaws: solver/weibull_strength. */
#ifndef TGV_SOLVER_CRACK_GROWTH_H
#define TGV_SOLVER_CRACK_GROWTH_H

#include <stddef.h>

#include "core/error.h"

struct tgv_crack_law {
  double K_IC, n, v0; /* Pa m^0.5, above 2, m/s: speed at K = K_IC */
};

/** Time a constant stress [Pa] takes to grow a flaw of depth a [m] until it is unstable [s]; 0 if it is at once, INFINITY without tension. */
double tgv_crack_time(const struct tgv_crack_law *l, double Y, double stress, double a);
/** Stress at which a flaw of depth a breaks without growth (inert strength), and under a stress that rises at `rate` [Pa/s] from 0. */
double tgv_inert_strength(const struct tgv_crack_law *l, double Y, double a);
double tgv_dynamic_strength(const struct tgv_crack_law *l, double Y, double a, double rate);

/** What stress over time does to the flaw: between the points straight lines, tension positive, compression does nothing. */
struct tgv_stress_history {
  size_t        n;
  const double *time, *stress; /* s, rising or equal; Pa */
};
/** Integral of stress^n dt over the tension of the history [Pa^n s], exact for its straight lines. As ln: it overflows else. -INFINITY: none. */
double tgv_stress_impulse(const struct tgv_stress_history *h, double n);
/** Depth of the flaw after `repeats` histories; INFINITY if it has become unstable under the largest stress of the history. */
double tgv_crack_after(const struct tgv_crack_law *l, double Y, double a, const struct tgv_stress_history *h,
                       double repeats);
/** Repeats until it is unstable; 0 if it is at once, INFINITY without tension. */
double tgv_crack_repeats(const struct tgv_crack_law *l, double Y, double a,
                         const struct tgv_stress_history *h);

#endif
