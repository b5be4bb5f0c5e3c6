/* The nearest point of a surface for the nodes of its grid: distances, values carried off the surface along its normals,
   and what a surface hands over to the one it has become. */
#ifndef TGV_SOLVER_FRONT_NEAREST_H
#define TGV_SOLVER_FRONT_NEAREST_H

#include "core/error.h"
#include "solver/front_surface.h"

struct tgv_front_nearest {
  const struct tgv_front_surface *surface; /* borrowed; set by tgv_front_nearest_find */
  int32_t                        *piece;   /* [nodes] nearest piece, TGV_FRONT_NONE outside the band */
  double                         *d2;      /* [nodes] squared distance */
};

tgv_status tgv_front_nearest_new(const struct tgv_front_grid *g, struct tgv_front_nearest *out);
void       tgv_front_nearest_release(struct tgv_front_nearest *n);
/** Finds the nearest pieces for all nodes with |phi| <= band; HUGE_VAL for all nodes. */
void tgv_front_nearest_find(struct tgv_front_nearest *n, const struct tgv_front_surface *s, const double *phi,
                            double band);
/** The piece nearest to the middle of a cell; TGV_FRONT_NONE if there is no surface. */
int32_t tgv_front_nearest_to_cell(const struct tgv_front_nearest *n, size_t cell);
/** out[nodes]: values of the pieces (linear along the chain) carried along the normals; 0 outside the band. */
void tgv_front_nearest_extend(const struct tgv_front_nearest *n, const double *value, double *out);
/** Raises v[nodes] of an extension where another wall than the nearest grows so fast that it arrives first: without it the slow wall
    of a gap narrower than a cell would hold up the fast one for good. */
void tgv_front_nearest_first(const struct tgv_front_nearest *n, const double *speed, double *v);
/** Makes phi the signed distance wherever the nearest piece is known, except at the nodes beside the surface, so that it stays;
    there only what is wrong by more than a factor of two. */
void tgv_front_nearest_distance(const struct tgv_front_nearest *n, double *phi);
/** Amounts per area theta[old pieces] handed from the surface of `n` to the surface `to` it has moved to: what lay
    between the feet of a new piece's ends belongs to it, so that nothing is lost where surface shrinks; where the
    surface has joined itself anew, the value of the foot. */
void tgv_front_nearest_hand_over(const struct tgv_front_nearest *n, const struct tgv_front_surface *to,
                                 const double *theta, double *theta_to);
/** Values handed over as they are: that of the nearest point of the old surface. */
void tgv_front_nearest_carry(const struct tgv_front_nearest *n, const struct tgv_front_surface *to,
                             const double *value, double *value_to);

#endif
