/* The shape of an etched hole by Huygens' principle: any slowness of the track along its depth, one or two wetted faces. */
#ifndef TGV_SOLVER_ETCH_FRONT_H
#define TGV_SOLVER_ETCH_FRONT_H

#include <stdbool.h>

#include "model/via_profile.h"

/** A track along the axis of a hole. Slowness [s/m] at the rates of the bath at the top face: straight lines through n values at rising
    depths [m] from 0 to the thickness of the glass; two equal depths make a jump. */
struct tgv_etch_front {
  double        thickness, track_radius; /* m */
  double        time, bulk_rate;         /* s, m/s at the top face */
  double        ratio;  /* all rates at the bottom face over those at the top; 0: the bottom is protected */
  double        supply; /* n_g / (D c0) [s/m2]: depletion of the etchant; 0: none */
  size_t        n;
  const double *depth, *slowness;
};

/** Time at which the front from the top face (bottom: from the bottom face) comes to the depth s [m] of the track [s]. */
double tgv_etch_front_arrival(const struct tgv_etch_front *f, bool bottom, double s);
/** When and at which depth the fronts meet; with one wetted face when it comes to the bottom. */
double tgv_etch_front_breakthrough(const struct tgv_etch_front *f, double *depth);
/** Radius of the hole [m] at the depth z [m] below the original top face, 0 where the front has not come. The largest over all
    sources on the track; relative error below 1e-9. */
double tgv_etch_front_radius(const struct tgv_etch_front *f, double z);
/** Depth of the smallest radius of a hole that is through [m below the original top face]. */
double tgv_etch_front_waist(const struct tgv_etch_front *f);
/** n points from face to face, z from the etched top face. Release it. */
void tgv_etch_front_profile(const struct tgv_etch_front *f, size_t n, struct tgv_via_profile *out);

#endif
