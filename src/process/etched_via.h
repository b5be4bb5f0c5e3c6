/* What all models of the wet etch write, and the part of it that does not depend on the model. */
#ifndef TGV_PROCESS_ETCHED_VIA_H
#define TGV_PROCESS_ETCHED_VIA_H

#include <math.h>

#include "core/clones.h"
#include "model/flow.h"

/** Columns of a block [n]. */
struct tgv_etched_via {
  float *top, *upper, *waist, *lower, *bottom; /* diameters */
  float *depth, *thickness, *lost_top, *lost_bottom;
  float *taper, *breakthrough;
};

/* for the `writes`, `reads` and `inputs` of a stage */
#define TGV_ETCHED_VIA_WRITES                                                                                \
  TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_taper,  \
      TGV_C_thickness, TGV_C_glass_lost_top, TGV_C_glass_lost_bottom, TGV_C_position_error,                  \
      TGV_C_breakthrough, TGV_C_roughness
#define TGV_ETCHED_VIA_READS TGV_C_offset_x, TGV_C_offset_y, TGV_C_tilt_x, TGV_C_tilt_y
#define TGV_ETCHED_VIA_INPUTS TGV_P_wet_etching_track_roughness

/** The columns, to be written by the model. */
struct tgv_etched_via tgv_etched_via_columns(struct tgv_block *b);
/** Position error and roughness, from what the model has written. radius [n]: of the hole before the etch where it is narrowest.
    smoothing: wet_etching.roughness_length. */
void tgv_etched_via_finish(struct tgv_block *b, const struct tgv_etched_via *v, const float *radius,
                           float smoothing);

TGV_INLINE float tgv_etch_larger(float a, float b)
{
  return a > b ? a : b;
}

TGV_INLINE float tgv_etch_smaller(float a, float b)
{
  return a < b ? a : b;
}

/* asin(1/S) for S > 1: polynomial to 1/2, beyond it by the half angle. Relative error below 3e-7. */
TGV_INLINE float tgv_etch_angle(float S)
{
  float q = 1.0f / S;
  bool  steep = q > 0.5f;
  float x = steep ? sqrtf(0.5f * ((S - 1.0f) * q)) : q, z = x * x;
  float p = x + x * z *
                    (0.166667525f +
                     z * (0.0749529764f + z * (0.045470376f + z * (0.0241795146f + z * 0.0421663087f))));

  return steep ? 1.57079633f - 2.0f * p : p;
}

#endif
