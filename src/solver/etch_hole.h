/* The shape of an etched hole in which the etchant runs short: the front of etch_front.h whose speed everywhere follows the
   concentration of the etchant at its depth. */
#ifndef TGV_SOLVER_ETCH_HOLE_H
#define TGV_SOLVER_ETCH_HOLE_H

#include "solver/etch_front.h"

/** One wall of a hole as the front from one face has made it: points (u, r) with slopes dr/du, u [m] from that face, rising. */
struct tgv_etch_wall {
  size_t  n;
  double *u, *r, *slope;
};

/** Depths [m] are below the original top face. Release it. */
struct tgv_etch_hole {
  double thickness, top, bottom; /* of the blank; depths of the etched faces */
  double breakthrough;           /* s; HUGE_VAL: not through when it ended */
  double
      waist; /* depth of the smallest radius; before breakthrough the middle of what is left of the track */
  double tip[2]; /* how far each front has come from its face */
  double time;   /* s, at which it ended */
  double least;  /* concentration over that of the bath where it is lowest, at the end */
  double consumed,
      dissolved; /* etchant drawn from the bath, as the glass it takes; glass gone from the hole [m3] */
  struct tgv_etch_wall wall[2]; /* [1]: none with a protected bottom */
};

/** `steps` on the way of the fronts to each other; the error falls with their square. `after` >= 0: etched until this part of the
    breakthrough time after breakthrough, not f->time. TGV_INPUT where the track is no faster than the glass around it, TGV_SOLVER
    where the etchant is used up so early that the face overtakes the tip. */
tgv_status tgv_etch_hole_solve(const struct tgv_etch_front *f, size_t steps, double after,
                               struct tgv_etch_hole *out);
/** Radius [m] at a depth of the hole, 0 where no front has come. */
double tgv_etch_hole_radius(const struct tgv_etch_hole *h, double z);
/** n points from face to face, z from the etched top face. Release it. */
void tgv_etch_hole_profile(const struct tgv_etch_hole *h, size_t n, struct tgv_via_profile *out);
void tgv_etch_hole_release(struct tgv_etch_hole *h);

#endif
