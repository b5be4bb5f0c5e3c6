/* Anderson's acceleration of a fixed-point iteration x <- g(x): the next point is the combination of the last few that
   would have moved least. */
#ifndef TGV_SOLVER_ANDERSON_H
#define TGV_SOLVER_ANDERSON_H

#include <stddef.h>

#include "core/error.h"

enum { TGV_ANDERSON_DEPTH = 5 };

struct tgv_anderson {
  size_t  n, calls;
  double *before, *move;                                          /* [n] last point's image and move */
  double *images[TGV_ANDERSON_DEPTH], *moves[TGV_ANDERSON_DEPTH]; /* differences of successive ones */
};

tgv_status tgv_anderson_new(size_t n, struct tgv_anderson *out);
void       tgv_anderson_release(struct tgv_anderson *a);
void       tgv_anderson_restart(struct tgv_anderson *a);
/** x[n]: the point; g[n]: its image, replaced by the accelerated next point. */
void tgv_anderson_mix(struct tgv_anderson *a, const double *x, double *g);

#endif
