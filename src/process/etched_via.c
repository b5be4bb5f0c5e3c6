/** # What the models of the wet etch have in common

## Model
Position: the offset is that of the axis in the top face of the blank, the tilt $(t_x, t_y)$ its slope. A face that has gone back cuts the axis
at another place, and the cut through a tilted cone is an ellipse whose centre is not on the axis: the cone of the slope $g$ that has grown from
the radius $r_0$ to $R$ is cut by the plane at the depth $z$ with its centre where the axis is at the depth

$$ z \mp \frac{(R - r_0)\, g}{1 - t^2 g^2}, $$

up ($-$) where it narrows downwards. With $z_1$, $z_2$ of both mouths, `position_error` is the larger distance of their centres from the design position,
`mouth_shift` the distance $t\,(z_2 - z_1)$ of both centres across the glass. The ellipse has the eccentricity $e = \sin\theta\sqrt{1 + g^2}$,
$\tan\theta = t$; the diameters are those of the circles of its area, $D = \sqrt{D_l D_s}$, and `out_of_round` is $D_l - D_s$ at the top face.
$g$ is the tangent of `taper`; for straight walls both are exact up to the fourth order of the tilt.

Roughness: the laser leaves the wall of the track with the roughness $R_{a0}$ (`track_roughness`), and the etch smooths it. The wall is
smoothest where most glass has gone; given is its value at the waist, where the least has gone, the depth $w$:

$$ R_a = \frac{R_{a0}}{1 + w / \ell}, $$

with the length $\ell$ (`roughness_length`) over which the roughness halves. $\ell = 0$: the roughness stays as it is.

Ligament: pitch of the group less the larger of the two mouths: the glass to a neighbour of the same size, both at their design positions.
Below 0 they have merged (see merged_vias).

## Valid for
Tilts up to $t g = 1/2$; walls that are bent count with their mean slope. The law of the roughness is an **assumption**: it decays to one half at $w = \ell$ and as $1 / w$ after; both numbers are
the user's. No published law for etched tracks in glass was found.

## Neglects
Roughness that the bath itself makes: crusts, sludge, bubbles.

## Source
Geometry; the law of the roughness is ours and labelled as assumed.

## Verified by
tests/cases/wet_etching.case (by hand), tests/unit/test_process.c, tests/unit/test_eikonal_etching.c (a tilted track in three dimensions). */
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

/* tan x for the angle of a wall */
TGV_INLINE float tangent_of(float x)
{
  const float z = x * x;

  return x * (1.0f + z * (0.333333333f + z * (0.133333333f + z * 0.0539682540f)));
}

/* The mouths of a tilted cone lie where its axis is beyond them, see the page. [0]: along x, [1]: along y of offset and tilt. */
TGV_CLONES static void place_mouths(const float *const offset[2], const float *const tilt[2],
                                    const struct tgv_etched_via *via, const float *radius, size_t n,
                                    float *const out[3])
{
  const struct tgv_etched_via v = *via;
  const float                *ox = offset[0], *oy = offset[1], *tx = tilt[0], *ty = tilt[1];
  float                      *error = out[0], *shift = out[1], *oval = out[2];

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const float g = tangent_of(v.taper[i]), t2 = tx[i] * tx[i] + ty[i] * ty[i];
    const float narrows = v.depth[i] > 0.0f ? 1.0f : -1.0f,
                widens = v.depth[i] < v.thickness[i] ? 1.0f : -1.0f;
    const float reach = g / (1.0f - tgv_etch_smaller(t2 * g * g, 0.5f));
    const float z1 = v.lost_top[i] - narrows * reach * (0.5f * v.top[i] - radius[i]);
    const float z2 = v.lost_top[i] + v.thickness[i] + widens * reach * (0.5f * v.bottom[i] - radius[i]);
    const float x1 = ox[i] + tx[i] * z1, y1 = oy[i] + ty[i] * z1, x2 = ox[i] + tx[i] * z2,
                y2 = oy[i] + ty[i] * z2;
    const float e2 = tgv_etch_smaller(t2 / (1.0f + t2) * (1.0f + g * g), 0.99f), root = sqrtf(1.0f - e2);

    error[i] = sqrtf(tgv_etch_larger(x1 * x1 + y1 * y1, x2 * x2 + y2 * y2));
    shift[i] = sqrtf(t2) * (z2 - z1);
    oval[i] = v.top[i] * e2 / (sqrtf(root) * (1.0f + root));
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
  place_mouths(offset, tilt, v, radius, b->n,
               (float *const[]){tgv_block_write(b, TGV_C_position_error),
                                tgv_block_write(b, TGV_C_mouth_shift),
                                tgv_block_write(b, TGV_C_out_of_round)});
  smooth(tgv_block_input(b, TGV_P_wet_etching_track_roughness), v->waist, radius,
         smoothing > 0.0f ? 1.0f / smoothing : 0.0f, b->n, tgv_block_write(b, TGV_C_roughness));
}
