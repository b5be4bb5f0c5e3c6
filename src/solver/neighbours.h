/* Neighbours: every point of a layout once, and every pair of points within a reach once, in time and memory
   that suit panels of tens of millions of vias. Lengths in m. */
#ifndef TGV_SOLVER_NEIGHBOURS_H
#define TGV_SOLVER_NEIGHBOURS_H

#include "model/package.h"

/** Where the points are: the vias of a package, kept as rows, or arrays of positions. */
struct tgv_layout {
  const struct tgv_package *package; /* NULL: points */
  uint64_t                  n;       /* of points, below 2^32 */
  const double             *x, *y;   /* [n] */
  const uint32_t           *group;   /* [n], or NULL: all in group 0 */
};

struct tgv_neighbour {
  double   x, y;
  uint64_t number; /* of the via in the unit, of the point in the arrays */
  uint32_t group;
};

/** What is done with them. Called from several threads at once, each with its own slot 0 ..
   tgv_neighbours_slots() - 1; the order of the calls is not defined, so what is made of them must not depend
   on it. */
struct tgv_neighbours_visitor {
  void *to;
  void (*point)(void *to, int slot, const struct tgv_neighbour *p); /* may be NULL */
  void (*pair)(void *to, int slot, const struct tgv_neighbour *a, const struct tgv_neighbour *b,
               double distance_squared);
};
int tgv_neighbours_slots(void);

/** Visits the points, and the pairs with a distance of at most `reach` (0: no pairs). Working memory beside
   the layout: 4 bytes a point (package: 8 bytes a row) and what three rows of cells hold. TGV_INPUT if the
   reach holds so many points that the work would not end (on average above 20 000 comparisons a point),
   TGV_INTERRUPTED. */
tgv_status tgv_neighbours_visit(const struct tgv_layout *l, double reach,
                                const struct tgv_neighbours_visitor *v);

/** Number of points, and the box around them (0 if there is none). */
struct tgv_extent {
  uint64_t n;
  double   x_min, x_max, y_min, y_max;
};
struct tgv_extent tgv_layout_extent(const struct tgv_layout *l);

#endif
