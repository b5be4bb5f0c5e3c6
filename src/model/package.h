/* The geometry of one unit: chiplets, keep-outs, via groups. Regular arrays are kept as rows ("runs"), so a unit of 26
   million vias costs kilobytes. Lengths in m from the centre of the unit, x to the right, y up. */
#ifndef TGV_MODEL_PACKAGE_H
#define TGV_MODEL_PACKAGE_H

#include <stdint.h>

#include "model/columns.h"
#include "model/project.h"

/** n vias at (x0 + i dx, y0 + i dy), i = 0 .. n - 1. Single positions are runs of one. */
struct tgv_run_of_vias {
  double   x0, y0, dx, dy;
  uint64_t first; /* local number, within the unit, of its first via */
  uint64_t n;
};

struct tgv_via_group {
  const char *name, *function, *pattern;
  size_t      record;       /* in via_groups of the project */
  uint64_t    first, count; /* local numbers first .. first + count - 1 */
  size_t      run_first, run_count;
  double      diameter, track_radius; /* track_radius 0: that of laser_drilling */
  double      pitch; /* smallest centre distance of the pattern; INFINITY for one via, csv: measured */
  double      limit[TGV_CAUSE_COUNT]; /* NAN: not checked */
  uint64_t    lane_vias, lanes,
      lanes_needed; /* bundle = lanes * lane_vias consecutive vias; the rest at the end is one smaller bundle that needs all but (lanes - lanes_needed) */
  double fail_fraction_max;
};

struct tgv_rectangle {
  double x, y, width, height; /* centre and size */
};

struct tgv_package {
  double                  width, height;
  size_t                  group_count;
  struct tgv_via_group   *group;
  size_t                  run_count;
  struct tgv_run_of_vias *run;
  uint64_t                via_count; /* of one unit */
};

/** Most vias of a panel: larger numbers are refused before any work starts. */
#define TGV_VIAS_MAX UINT64_C(2000000000)

tgv_status tgv_package_build(const struct tgv_project *p, struct tgv_package *out);
void       tgv_package_release(struct tgv_package *k);
/** Positions of the vias first .. first + n - 1 (local numbers; must lie in one group). */
void tgv_package_positions(const struct tgv_package *k, uint64_t first, size_t n, double *x, double *y);
/** The group of a local number. */
size_t tgv_package_group_of(const struct tgv_package *k, uint64_t local);

#endif
