/* Strength of brittle bodies: Weibull populations of flaws over an edge or a face, slow crack growth, critical flaws. */
#ifndef TGV_SOLVER_WEIBULL_STRENGTH_H
#define TGV_SOLVER_WEIBULL_STRENGTH_H

#include <stddef.h>

/** A population of flaws: the expected number of flaws in a piece of the measure (length, area, volume) `reference` that break below
    the stress s is ((s - threshold) / scale)^m. `weak_share` of the bodies belong to a second branch instead. */
struct tgv_weibull {
  double m, scale, threshold;            /* 1, Pa, Pa; threshold 0: two parameters */
  double weak_share, weak_m, weak_scale; /* weak_share 0: one branch */
  double reference;                      /* m, m2 or m3 */
};

/** Where there is how much stress: pieces of equal tensile stress [Pa] and their length or area. Compression is 0. A piece
    under two principal stresses stands here twice (independent action of the principal stresses). */
struct tgv_stress_field {
  size_t  n, room;
  double *stress, *measure;
};
void   tgv_stress_field_add(struct tgv_stress_field *f, double stress, double measure);
void   tgv_stress_field_release(struct tgv_stress_field *f);
double tgv_stress_field_largest(const struct tgv_stress_field *f);
/** Length or area that would fail as often under the largest stress everywhere: the sum of measure (stress/largest)^m. */
double tgv_stress_field_effective(const struct tgv_stress_field *f, double m);

/** Probability that one of the flaws breaks when all stresses are multiplied by `factor`. */
double tgv_weibull_failure(const struct tgv_weibull *w, const struct tgv_stress_field *f, double factor);

/** Area [m2] that would fail as often under the stress of the wall everywhere, of a ring around a via of radius a to radius b whose stress falls as
    s (a/r)^2; b may be INFINITY. Times the length of the via it is an effective volume: 2 pi a2/(2 m - 2) [1 - (a/b)^(2 m - 2)], m above 1. */
double tgv_ring_effective(double a, double b, double m);

/** Strength under a constant stress of `time` over that in a test with a stress that rises over `test_time`, for crack
    growth v = A K^n: (test_time / ((n + 1) time))^(1/n). 1 if time is 0. */
double tgv_fatigue_factor(double n, double test_time, double time);

/** Depth of the flaw that becomes unstable: (K_IC / (Y stress))^2 / pi; INFINITY without stress. */
double tgv_critical_flaw(double K_IC, double Y, double stress);
#define TGV_FLAW_EDGE 1.12       /* Y of a straight crack at a free edge */
#define TGV_FLAW_HALF_PENNY 0.73 /* Y of a half-penny crack in a face */

#endif
