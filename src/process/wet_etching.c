/** # Wet etching of laser-modified glass

## Model
The etch front is an arrival time $T$ that obeys $|\nabla T| = 1/V$, with $V = v_t$ in the track (a
cylinder of radius $r_0$ through the glass of thickness $h$) and $V = v_b$ in the glass around it. The
glass that is gone at the time $t$ is $T < t$. With $S = v_t / v_b > 1$ the solution for one wetted face
is exact: the front runs down the track with $v_t$ and from there sideways as a cone of half angle $a$,
$\sin a = 1/S$, while the face itself recedes by $v_b t$:

$$ R(z, t) = r_0 + (v_t t - z) \tan a, \qquad \tan a = \frac{1}{\sqrt{S^2 - 1}}, \qquad z \ge v_b t . $$

Two wetted faces: the bath at the bottom is faster by the ratio $q$ (`bottom_ratio`), $v_{t1}, v_{b1}$ at
the top and $v_{t2} = q v_{t1}, v_{b2} = q v_{b1}$ at the bottom, so $a$ is the same. A point is gone when
the first of both fronts has passed it, $T = \min(T_1, T_2)$: the radius of the hole at the depth $z$
below the original top face is

$$ R = \max(R_1, R_2), \quad R_1 = r_0 + (v_{t1} t - z) \tan a, \quad
   R_2 = r_0 + (v_{t2} t - h + z) \tan a $$

between the receded faces $z_1 = v_{b1} t$ and $z_2 = h - v_{b2} t$. From this:

- the fronts meet (**breakthrough**) at $t_b = h / (v_{t1} + v_{t2})$ and
  $z = h v_{t1} / (v_{t1} + v_{t2})$;
- afterwards the **waist** is where $R_1 = R_2$: $z_w = h/2 + (v_{t1} - v_{t2}) t / 2$. With unequal rates
  it moves, towards the slower face, with half the difference of the speeds. Where $z_w$ has left the
  glass, the waist is at that face; `waist_depth` is $z_w - z_1$. Before breakthrough $z_w$ is the middle
  of what is left of the track;
- `D_waist` = $2 R(z_w)$ if $t > t_b$, else 0: the via is closed, which is a result and not an error;
- the mouths are `D_top` = $2 R(z_1)$ and `D_bottom` = $2 R(z_2)$; for equal rates both are
  $2 [r_0 + v_b t \sqrt{(S - 1)/(S + 1)}]$;
- `thickness` = $z_2 - z_1$, `taper` = $a$ (the same on both sides).

One wetted face (`sides: top`): the bottom face is protected. It stays dry before the front has come
through at $t_b = h / v_t$ and is not etched after. `D_bottom` is the opening that the cone makes in it, 0
before $t_b$; it is the waist. `bottom_ratio` is not used.

`position_error` is the larger of the offset at the top face, and of the offset plus tilt times final
thickness at the bottom.

## Valid for
A track that is etched faster than the glass, and glass that is left. Otherwise the via gets the flag
"model range":
- $S \le 1$: the track is no way into the glass. $S = 1 + 2^{-20}$ is taken: no hole comes about before
  the glass is gone;
- $t \ge h / (v_{b1} + v_{b2})$: the glass is dissolved. The time is stopped there; `thickness` is 0, the
  diameters are the last ones. The via is not called closed; its core is called too thin if its thickness
  is checked.

## Neglects
Depletion of the etchant in the narrow track, which delays the breakthrough and widens the taper (process
data for it are not published); a graded or tapered track; the change of shape by tilt (second order in
the tilt); flow through the open hole; a neighbour's cone (a via that has grown into its neighbour is
found by the cause "merged").

## Source
The eikonal equation of an etch front; the geometry above is worked out here. No published recipe is built
in.

## Verified by
tests/cases/wet_etching.case (three recipes by hand), tests/unit/test_etch_front.c (a fast-sweeping
solution of the eikonal equation with equal and unequal rates, converging with its step),
tests/unit/test_process.c (properties over random recipes), tests/unit/test_dimensions.c. */
#include <math.h>

#include "core/clones.h"
#include "model/flow.h"

struct wetted {
  float bottom; /* 1 if the bottom face is wetted, else 0 */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct wetted *s = state;

  s->bottom = tgv_chosen(flow->project, TGV_P_wet_etching_sides, "both") ? 1.0f : 0.0f;
  return TGV_OK;
}

/* What the hole is made from, and what it is. */
struct recipe {
  const float *h, *r_track, *rate_factor;             /* of the glass and the track */
  const float *time, *track_rate, *bulk_rate, *ratio; /* of the bath */
};
struct hole {
  float *top, *waist, *bottom, *depth, *thickness, *breakthrough, *taper;
};

TGV_INLINE float larger(float a, float b)
{
  return a > b ? a : b;
}

TGV_INLINE float smaller(float a, float b)
{
  return a < b ? a : b;
}

/* asin(1/S) for S > 1: polynomial to 1/2, beyond it by the half angle. Relative error below 3e-7. */
TGV_INLINE float angle(float S)
{
  float q = 1.0f / S;
  bool  steep = q > 0.5f;
  float x = steep ? sqrtf(0.5f * ((S - 1.0f) * q)) : q, z = x * x;
  float p = x + x * z *
                    (0.166667525f +
                     z * (0.0749529764f + z * (0.045470376f + z * (0.0241795146f + z * 0.0421663087f))));

  return steep ? 1.57079633f - 2.0f * p : p;
}

TGV_CLONES static void etch(const struct recipe *from, struct hole to, float wet_bottom, size_t n,
                            uint32_t *flags)
{
  const struct recipe r = *from;
  const float         S_least = 1.0f + 0x1p-20f;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float h = r.h[i], r0 = r.r_track[i], ratio = wet_bottom * r.ratio[i];
    float vb1 = r.bulk_rate[i], vb2 = ratio * vb1, wanted = r.track_rate[i] * r.rate_factor[i];
    float vt1 = larger(wanted, S_least * vb1), vt2 = ratio * vt1, S = vt1 / vb1;
    float gone = h / (vb1 + vb2), t = smaller(r.time[i], gone);
    float tangent = 1.0f / sqrtf((S - 1.0f) * (S + 1.0f));
    float z1 = vb1 * t, z2 = larger(h - vb2 * t, z1);
    float zw = smaller(larger(0.5f * (h + (vt1 - vt2) * t), z1), z2);
    float reach1 = vt1 * t, reach2 = vt2 * t - h;
    float top = r0 + tangent * larger(reach1 - z1, reach2 + z1);
    float waist = r0 + tangent * larger(reach1 - zw, reach2 + zw);
    float bottom = r0 + tangent * larger(reach1 - z2, reach2 + z2);
    bool  open = reach1 + vt2 * t > h;

    to.top[i] = 2.0f * top;
    to.bottom[i] = open || wet_bottom > 0.0f ? 2.0f * bottom : 0.0f;
    to.waist[i] = open ? 2.0f * smaller(waist, smaller(top, bottom)) : 0.0f; /* smaller: against rounding */
    to.depth[i] = zw - z1;
    to.thickness[i] = z2 - z1;
    to.breakthrough[i] = h / (vt1 + vt2);
    to.taper[i] = angle(S);
    flags[i] |= wanted <= S_least * vb1 || r.time[i] >= gone ? (uint32_t)TGV_FLAG_MODEL_RANGE : 0u;
  }
}

/* [0]: along x, [1]: along y */
TGV_CLONES static void misplace(const float *const offset[2], const float *const tilt[2],
                                const float *thickness, size_t n, float *error)
{
  const float *ox = offset[0], *oy = offset[1], *tx = tilt[0], *ty = tilt[1];

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float x = ox[i] + tx[i] * thickness[i], y = oy[i] + ty[i] * thickness[i];

    error[i] = sqrtf(larger(ox[i] * ox[i] + oy[i] * oy[i], x * x + y * y));
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct wetted *s = state;
  const struct recipe  recipe = {
       .h = tgv_block_read(b, TGV_C_thickness_blank),
       .r_track = tgv_block_read(b, TGV_C_r_track),
       .rate_factor = tgv_block_read(b, TGV_C_rate_factor),
       .time = tgv_block_input(b, TGV_P_wet_etching_time),
       .track_rate = tgv_block_input(b, TGV_P_wet_etching_track_rate),
       .bulk_rate = tgv_block_input(b, TGV_P_wet_etching_bulk_rate),
       .ratio = tgv_block_input(b, TGV_P_wet_etching_bottom_ratio),
  };
  const struct hole hole = {
      .top = tgv_block_write(b, TGV_C_D_top),
      .waist = tgv_block_write(b, TGV_C_D_waist),
      .bottom = tgv_block_write(b, TGV_C_D_bottom),
      .depth = tgv_block_write(b, TGV_C_waist_depth),
      .thickness = tgv_block_write(b, TGV_C_thickness),
      .breakthrough = tgv_block_write(b, TGV_C_breakthrough),
      .taper = tgv_block_write(b, TGV_C_taper),
  };
  const float *const offset[2] = {tgv_block_read(b, TGV_C_offset_x), tgv_block_read(b, TGV_C_offset_y)};
  const float *const tilt[2] = {tgv_block_read(b, TGV_C_tilt_x), tgv_block_read(b, TGV_C_tilt_y)};

  etch(&recipe, hole, s->bottom, b->n, b->flags);
  misplace(offset, tilt, hole.thickness, b->n, tgv_block_write(b, TGV_C_position_error));
}

const struct tgv_stage tgv_stage_wet_etching = {
    .name = "wet_etching",
    .title = "Wet etching",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_wet_etching),
    .inputs = TGV_INPUTS(TGV_P_wet_etching_time, TGV_P_wet_etching_track_rate, TGV_P_wet_etching_bulk_rate,
                         TGV_P_wet_etching_bottom_ratio),
    .reads = TGV_COLUMNS(TGV_C_thickness_blank, TGV_C_r_track, TGV_C_rate_factor, TGV_C_offset_x,
                         TGV_C_offset_y, TGV_C_tilt_x, TGV_C_tilt_y),
    .writes = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_taper,
                          TGV_C_thickness, TGV_C_position_error, TGV_C_breakthrough),
    .chosen_by = TGV_P_wet_etching_model,
    .chosen_word = "closed_form",
    .state_size = sizeof(struct wetted),
    .begin = begin,
    .vias = vias,
};
