/* Critical area of parallel lines: the part of an area in which a defect of random size opens a line or bridges two. SI. */
#ifndef TGV_SOLVER_CRITICAL_AREA_H
#define TGV_SOLVER_CRITICAL_AREA_H

/** Parallel lines of a width, at a distance from each other, both > 0 [m]. */
struct tgv_lines {
  double width, space;
};

/** Part of the area of long lines in which the middle of a disc of diameter x makes a short (of extra metal), an open (of missing metal). */
double tgv_critical_short(const struct tgv_lines *l, double x);
double tgv_critical_open(const struct tgv_lines *l, double x);

/** The same averaged over sizes of the density x / x0^2 below x0 and x0^2 / x^3 above; x0 > 0: the most frequent size [m]. */
double tgv_critical_short_mean(const struct tgv_lines *l, double x0);
double tgv_critical_open_mean(const struct tgv_lines *l, double x0);

#endif
