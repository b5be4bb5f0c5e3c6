/* A layout cut into horizontal strips of equal height: which points are in a strip. Inside of
 * solver/neighbours. */
#ifndef TGV_SOLVER_NEIGHBOURS_LAYOUT_H
#define TGV_SOLVER_NEIGHBOURS_LAYOUT_H

#include "solver/neighbours.h"

struct tgv_strips {
  const struct tgv_layout *layout;
  double                   y0, per_height; /* strip of y: floor((y - y0) * per_height) */
  uint64_t                 count;
  /* list[start[k] .. start[k + 1] - 1] are the points, or the rows, that reach into strip k */
  uint32_t *start, *list;
};

/** TGV_INPUT if the layout has more entries than 2^32 - 1. */
tgv_status tgv_strips_build(const struct tgv_layout *l, double y0, double height, uint64_t count,
                            struct tgv_strips *out);
void       tgv_strips_release(struct tgv_strips *s);

/** Growing list of points. */
struct tgv_neighbour_list {
  struct tgv_neighbour *p;
  size_t                n, room;
};

/** Replaces the list by the points of strip k, in the order of their numbers within each group. */
void tgv_strips_load(const struct tgv_strips *s, uint64_t k, struct tgv_neighbour_list *out);

#endif
