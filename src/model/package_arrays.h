/* Arrays of vias as rows: a pattern fills a window, holes (keep-outs) cut its rows into runs. Nothing is
   stored per via. Lengths in m. */
#ifndef TGV_MODEL_PACKAGE_ARRAYS_H
#define TGV_MODEL_PACKAGE_ARRAYS_H

#include <stdbool.h>

#include "model/package.h"

enum tgv_pattern { TGV_RECTANGULAR, TGV_STAGGERED, TGV_HEXAGONAL, TGV_RING };

struct tgv_array {
  enum tgv_pattern     pattern;
  struct tgv_rectangle window;           /* holds the via centres, its outline included */
  double               pitch_x, pitch_y; /* > 0; hexagonal: pitch_y is not used */
  int64_t              rings;            /* nested rings of TGV_RING */
};

/** A region without via centres; centres on its outline are out too. */
struct tgv_hole {
  bool   circle; /* of diameter `width` */
  double x, y, width, height;
};
bool tgv_hole_contains(const struct tgv_hole *h, double x, double y);

struct tgv_array_size {
  uint64_t vias, runs;                 /* after the holes */
  double   pitch;                      /* smallest centre distance of the pattern; INFINITY for one via */
  double   x_min, x_max, y_min, y_max; /* of the via centres, if there are any */
};

/** Most rows, or pieces of rows, of a unit. */
#define TGV_RUNS_MAX 20000000

/** Counts; allocates nothing that grows with the array. TGV_INPUT if the pattern does not fit in the window,
   or has more than TGV_VIAS_MAX vias or TGV_RUNS_MAX rows. */
tgv_status tgv_array_measure(const struct tgv_array *a, const struct tgv_hole *hole, size_t holes,
                             struct tgv_array_size *out);
/** Writes the size->runs runs of the array that were counted; `first` is the local number of the first via.
 */
void tgv_array_fill(const struct tgv_array *a, const struct tgv_hole *hole, size_t holes, uint64_t first,
                    struct tgv_run_of_vias *run);

/** Single positions as runs: vias of a row that follow each other at equal steps (to a picometre) share one
   run. Writes at most n runs, returns their number. */
size_t tgv_positions_to_runs(const double *x, const double *y, size_t n, uint64_t first,
                             struct tgv_run_of_vias *run);

/** Smallest distance of two of n points, INFINITY for fewer than two. O(n log n) for any input. */
double tgv_closest_pair(const double *x, const double *y, size_t n);

#endif
