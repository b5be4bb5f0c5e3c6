/** # What the models of the wet etch have in common

## Model
Position: the axis of the via is displaced by the offset at the top face, and by the offset plus tilt times final thickness at the bottom;
`position_error` is the larger of both.

Roughness: the laser leaves the wall of the track with the roughness $R_{a0}$ (`track_roughness`), and the etch smooths it. The wall is
smoothest where most glass has gone; given is its value at the waist, where the least has gone, the depth $w$:

$$ R_a = \frac{R_{a0}}{1 + w / \ell}, $$

with the length $\ell$ (`roughness_length`) over which the roughness halves. $\ell = 0$: the roughness stays as it is.

Ligament: pitch of the group less the larger of the two mouths: the glass to a neighbour of the same size, both at their design positions.
Below 0 they have merged (see merged_vias).

## Valid for
Small tilt. The law of the roughness is an **assumption**: it decays to one half at $w = \ell$ and as $1 / w$ after; both numbers are
the user's. No published law for etched tracks in glass was found.

## Neglects
Roughness that the bath itself makes: crusts, sludge, bubbles.

## Source
Geometry; the law of the roughness is ours and labelled as assumed.

## Verified by
tests/cases/wet_etching.case (by hand), tests/unit/test_process.c. */
#include "process/etched_via.h"

struct tgv_etched_via tgv_etched_via_columns(struct tgv_block *b)
{
  return (struct tgv_etched_via){.top = tgv_block_write(b, TGV_C_D_top),
                                 .upper = tgv_block_write(b, TGV_C_D_upper),
                                 .waist = tgv_block_write(b, TGV_C_D_waist),
                                 .lower = tgv_block_write(b, TGV_C_D_lower),
                                 .bottom = tgv_block_write(b, TGV_C_D_bottom),
                                 .depth = tgv_block_write(b, TGV_C_waist_depth),
                                 .thickness = tgv_block_write(b, TGV_C_thickness),
                                 .lost_top = tgv_block_write(b, TGV_C_glass_lost_top),
                                 .lost_bottom = tgv_block_write(b, TGV_C_glass_lost_bottom),
                                 .taper = tgv_block_write(b, TGV_C_taper),
                                 .breakthrough = tgv_block_write(b, TGV_C_breakthrough)};
}

struct tgv_etch_recipe tgv_etch_recipe_columns(struct tgv_block *b)
{
  return (struct tgv_etch_recipe){.h = tgv_block_read(b, TGV_C_thickness_blank),
                                  .r_track = tgv_block_read(b, TGV_C_r_track),
                                  .rate_factor = tgv_block_read(b, TGV_C_rate_factor),
                                  .tilt_x = tgv_block_read(b, TGV_C_tilt_x),
                                  .tilt_y = tgv_block_read(b, TGV_C_tilt_y),
                                  .time = tgv_block_input(b, TGV_P_wet_etching_time),
                                  .track_rate = tgv_block_input(b, TGV_P_wet_etching_track_rate),
                                  .bulk_rate = tgv_block_input(b, TGV_P_wet_etching_bulk_rate),
                                  .ratio = tgv_block_input(b, TGV_P_wet_etching_bottom_ratio),
                                  .bath_track = tgv_block_read(b, TGV_C_bath_track),
                                  .bath_bulk = tgv_block_read(b, TGV_C_bath_bulk)};
}

/* [0]: along x, [1]: along y */
TGV_CLONES static void misplace(const float *const offset[2], const float *const tilt[2],
                                const float *thickness, size_t n, float *error)
{
  const float *ox = offset[0], *oy = offset[1], *tx = tilt[0], *ty = tilt[1];

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float x = ox[i] + tx[i] * thickness[i], y = oy[i] + ty[i] * thickness[i];

    error[i] = sqrtf(tgv_etch_larger(ox[i] * ox[i] + oy[i] * oy[i], x * x + y * y));
  }
}

/* per: 1 / smoothing, 0 if nothing is smoothed */
TGV_CLONES static void smooth(const float *rough, const float *waist, const float *radius, float per,
                              size_t n, float *Ra)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++)
    Ra[i] = rough[i] / (1.0f + per * tgv_etch_larger(0.5f * waist[i] - radius[i], 0.0f));
}

TGV_CLONES static void leave(const float *top, const float *bottom, float pitch, size_t n, float *ligament)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) ligament[i] = pitch - tgv_etch_larger(top[i], bottom[i]);
}

void tgv_etched_via_finish(struct tgv_block *b, const struct tgv_etched_via *v, const float *radius,
                           float smoothing)
{
  const float *const offset[2] = {tgv_block_read(b, TGV_C_offset_x), tgv_block_read(b, TGV_C_offset_y)};
  const float *const tilt[2] = {tgv_block_read(b, TGV_C_tilt_x), tgv_block_read(b, TGV_C_tilt_y)};

  leave(v->top, v->bottom, (float)b->via_group->pitch, b->n, tgv_block_write(b, TGV_C_ligament));
  misplace(offset, tilt, v->thickness, b->n, tgv_block_write(b, TGV_C_position_error));
  smooth(tgv_block_input(b, TGV_P_wet_etching_track_roughness), v->waist, radius,
         smoothing > 0.0f ? 1.0f / smoothing : 0.0f, b->n, tgv_block_write(b, TGV_C_roughness));
}
