/* Ballistic particles in a body of revolution: they come through its open faces, fly straight, stick where they hit with a given
   probability and else leave in all directions with the cosine law. One linear solve gives the flux everywhere on the wall. */
#ifndef TGV_SOLVER_RADIOSITY_H
#define TGV_SOLVER_RADIOSITY_H

#include <stdbool.h>

#include "model/via_profile.h"
#include "solver/view_factor.h"

/** A hollow cut into bands. Bands 0 .. walls - 1 lie on the wall in order of depth, the rest on the floor of a blind hole from its rim
    inwards. */
struct tgv_cavity {
  size_t           n, walls;
  struct tgv_ring *ring;   /* [n] the middle of each band, with its normal */
  double          *area;   /* [n] m2 */
  double          *factor; /* [n][n] view factor from band i to band j; area_i factor_ij = area_j factor_ji */
  double          *open[2]; /* [n] view factor to the top face, to the bottom face; 0 for a floor */
  struct tgv_circles
          circles; /* where frusta meet, the faces included; collinear points of the profile are left out */
  double *vertices;
  bool    blind;
  double defect; /* largest error of the sums of view factors before the own factor of each band took it up */
};

/** About `bands` bands on the wall (at least one on each frustum); floor: the bottom face is closed and gets a quarter of them. The wall of
    a single frustum is cut at Gauss points. TGV_INPUT if the profile has a radius that is not positive, no depth, or more than 500 corners. */
tgv_status tgv_cavity_new(const struct tgv_via_profile *p, bool floor, size_t bands, struct tgv_cavity *out);
void       tgv_cavity_release(struct tgv_cavity *c);

/** The source over each open face: flux into the open field 1 times `strength`, falling with cos^exponent of the angle to the axis. */
struct tgv_source {
  double exponent;    /* 1: diffuse; larger: directed */
  double top, bottom; /* strengths */
  double sticking;    /* 0 .. 1; 0 only with an open face, which there always is */
};

struct tgv_radiosity {
  double *direct;    /* [n] flux that comes straight from the source, over the flux into the open field */
  double *flux;      /* [n] all that hits the band, over the same */
  double  stuck;     /* share of what enters that sticks */
  double  passed[2]; /* share of what enters that leaves by the top face, by the bottom face */
};

/** Fluxes at every band. Error of the flux: the kink of the kernel is integrated to third order, about 1e-5 for 64 bands on a cylinder of
    aspect ratio 10 (measured in tests/unit/test_radiosity.c). stuck + passed = 1 is a check, not imposed. */
tgv_status tgv_radiosity_solve(const struct tgv_cavity *c, const struct tgv_source *s,
                               struct tgv_radiosity *out);
void       tgv_radiosity_release(struct tgv_radiosity *r);

/** Flux at any depth of the wall, by the integral equation itself from the fluxes of the bands. */
double tgv_radiosity_at(const struct tgv_cavity *c, const struct tgv_source *s, const struct tgv_radiosity *r,
                        double depth);
/** A range of depths [m]. */
struct tgv_depths {
  double from, to;
};

/** The smallest flux on the wall within a range that holds at least one band, and its depth [m], to about 1e-4 of the depth. A wall of
    many short frusta (fewer than 4 bands each) counts as smooth: it is looked at half-way along each. */
double tgv_radiosity_least(const struct tgv_cavity *c, const struct tgv_source *s,
                           const struct tgv_radiosity *r, struct tgv_depths range, double *depth);

#endif
