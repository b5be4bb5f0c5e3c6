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

/** What a track is opened with, [n] each. */
struct tgv_etch_recipe {
  const float *h, *r_track, *rate_factor, *tilt_x, *tilt_y; /* of the glass and the track */
  const float *time, *track_rate, *bulk_rate, *ratio;       /* of the recipe */
  const float *bath_track, *bath_bulk;                      /* of the bath */
};

/* for the `writes`, `reads` and `inputs` of a stage: those of every model, and the recipe of a modified track */
#define TGV_ETCHED_VIA_WRITES                                                                                \
  TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_taper,  \
      TGV_C_thickness, TGV_C_glass_lost_top, TGV_C_glass_lost_bottom, TGV_C_position_error,                  \
      TGV_C_breakthrough, TGV_C_roughness, TGV_C_ligament, TGV_C_mouth_shift, TGV_C_out_of_round
#define TGV_ETCHED_VIA_READS TGV_C_offset_x, TGV_C_offset_y, TGV_C_tilt_x, TGV_C_tilt_y
#define TGV_ETCHED_VIA_INPUTS TGV_P_wet_etching_track_roughness
#define TGV_ETCH_RECIPE_INPUTS                                                                               \
  TGV_P_wet_etching_time, TGV_P_wet_etching_track_rate, TGV_P_wet_etching_bulk_rate,                         \
      TGV_P_wet_etching_bottom_ratio
#define TGV_ETCH_RECIPE_READS                                                                                \
  TGV_C_thickness_blank, TGV_C_r_track, TGV_C_rate_factor, TGV_C_bath_track, TGV_C_bath_bulk

/** The columns, to be written by the model. */
struct tgv_etched_via tgv_etched_via_columns(struct tgv_block *b);
/** The columns that a track is opened with; a stage that asks for them declares both pairs of lists above. */
struct tgv_etch_recipe tgv_etch_recipe_columns(struct tgv_block *b);
/** Position of the mouths, roughness and ligament, from what the model has written. radius [n]: of the hole before the etch where it is narrowest.
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
