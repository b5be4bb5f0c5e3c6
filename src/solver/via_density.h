/* Area of vias per window, a square that slides over a rectangle by half its side. Lengths in m. */
#ifndef TGV_SOLVER_VIA_DENSITY_H
#define TGV_SOLVER_VIA_DENSITY_H

#include "core/error.h"

#include <stdbool.h>
#include <stdint.h>

/** Half-window cells of a rectangle with its centre at 0; those at the right and upper edge may be narrower.
 */
struct tgv_via_density {
  double    width, height, cell;
  long      nx, ny;
  double    quantum; /* area of one count */
  int64_t  *area;    /* [ny][nx] in counts */
  uint32_t *centres; /* [ny][nx] */
};

/** TGV_INPUT if there are more than 16 million cells, or the window is smaller than 2 r_max. */
tgv_status tgv_via_density_init(struct tgv_via_density *d, double width, double height, double window,
                                double r_max);
void       tgv_via_density_release(struct tgv_via_density *d);
/** Adds a disc, split exactly over the cells. May be called by several threads at once; the sums do not
 * depend on the order. */
void tgv_via_density_add(struct tgv_via_density *d, double x, double y, double r);

struct tgv_via_window {
  double   x, y;     /* centre */
  double   fraction; /* of its area */
  uint32_t vias;     /* centres within it */
};
/** Window i, j; the windows are 0 .. *columns - 1 by 0 .. *rows - 1. */
void                  tgv_via_density_windows(const struct tgv_via_density *d, long *columns, long *rows);
struct tgv_via_window tgv_via_density_window(const struct tgv_via_density *d, long i, long j);

/** Area of a disc about 0 in the rectangle x0 < x < x1, y0 < y < y1. */
double tgv_disc_in_rectangle(double r, double x0, double x1, double y0, double y1);

#endif
