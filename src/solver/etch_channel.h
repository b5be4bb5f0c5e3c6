/* Supply of the etchant: diffusion and reaction along a narrow track that is being etched, and along the open hole. */
#ifndef TGV_SOLVER_ETCH_CHANNEL_H
#define TGV_SOLVER_ETCH_CHANNEL_H

#include "model/via_profile.h"

/** A bath at the mouth of a straight channel. Rates are of first order in the concentration. */
struct tgv_etch_supply {
  double diffusivity;   /* D [m2/s] */
  double concentration; /* c0, of the bath [mol/m3] */
  double per_glass;     /* n_g, etchant used up by a volume of glass [mol/m3] */
};

/** Time [s] at which the tip of a channel has come to the depth `length` [m] when the fresh bath would etch it at `rate` [m/s]: transient
    diffusion to a moving tip that uses up etchant and makes room for more. `cells` along the channel; the error falls with their square. */
double tgv_etch_channel_time(const struct tgv_etch_supply *s, double rate, double length, size_t cells);
/** The same if the concentration followed the tip at once (quasi-steady) and filled no room: L + beta L2 / 2 = rate t. */
double tgv_etch_channel_time_steady(const struct tgv_etch_supply *s, double rate, double length);
/** Concentration over that of the bath at its lowest place in a hole that is open at both ends and whose wall is etched at `rate` [m/s]
    in the fresh bath: steady diffusion along the axis with reaction at the wall. */
double tgv_etch_channel_least(const struct tgv_etch_supply *s, double rate,
                              const struct tgv_via_profile *hole);

#endif
