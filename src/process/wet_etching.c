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

`D_upper` and `D_lower` are the diameters half-way between each face and the waist, where the wall is
straight: $2 R$ there, 0 where the front has not come. `glass_lost_top` is $z_1$, `glass_lost_bottom`
$h - z_2$. All rates are those of the bath at the via (see etch_bath); `position_error` and `roughness` are
those of etched_via.

## Valid for
A track that is etched faster than the glass, and glass that is left. Otherwise the via gets the flag
"model range":
- $S \le 1$: the track is no way into the glass. $S = 1 + 2^{-20}$ is taken: no hole comes about before
  the glass is gone;
- $t \ge h / (v_{b1} + v_{b2})$: the glass is dissolved. The time is stopped there; `thickness` is 0, the
  diameters are the last ones. The via is not called closed; its core is called too thin if its thickness
  is checked.

## Neglects
Depletion of the etchant in the narrow track, a graded track, the change of shape by tilt (the model
`eikonal` has them); flow through the open hole. Of neighbours nothing is neglected: merged vias are the
union of both (merged_vias), found by the causes "merged", "merged_bottom" and the column `ligament`.

## Source
The eikonal equation of an etch front; the geometry above is worked out here. No published recipe is built
in.

## Verified by
tests/cases/wet_etching.case (three recipes by hand), tests/unit/test_etch_front.c (a fast-sweeping
solution of the eikonal equation with equal and unequal rates, converging with its step),
tests/unit/test_process.c (properties over random recipes), tests/unit/test_dimensions.c. */
#include <math.h>

#include "process/etched_via.h"

struct wetted {
  float bottom;    /* 1 if the bottom face is wetted, else 0 */
  float smoothing; /* of the roughness */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct wetted *s = state;

  s->bottom = tgv_chosen(flow->project, TGV_P_wet_etching_sides, "both") ? 1.0f : 0.0f;
  s->smoothing = (float)tgv_real(flow->project, TGV_P_wet_etching_roughness_length);
  return TGV_OK;
}

#define larger tgv_etch_larger
#define smaller tgv_etch_smaller

/* 2 r where the front has come, else 0 */
TGV_INLINE float opening(float r, float r0, float opened)
{
  return r > r0 ? 2.0f * r : opened;
}

TGV_CLONES static void etch(const struct tgv_etch_recipe *from, struct tgv_etched_via to, float wet_bottom,
                            size_t n, uint32_t *flags)
{
  const struct tgv_etch_recipe r = *from;
  const float                  S_least = 1.0f + 0x1p-20f;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float h = r.h[i], r0 = r.r_track[i], ratio = wet_bottom * r.ratio[i];
    float vb1 = r.bulk_rate[i] * r.bath_bulk[i], vb2 = ratio * vb1;
    float wanted = r.track_rate[i] * r.rate_factor[i] * r.bath_track[i];
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

    waist = smaller(waist, smaller(top, bottom)); /* against rounding */
    to.top[i] = 2.0f * top;
    to.upper[i] = opening(0.5f * (top + waist), r0, open ? 2.0f * r0 : 0.0f);
    to.waist[i] = open ? 2.0f * waist : 0.0f;
    to.lower[i] =
        open || wet_bottom > 0.0f ? opening(0.5f * (bottom + waist), r0, open ? 2.0f * r0 : 0.0f) : 0.0f;
    to.bottom[i] = open || wet_bottom > 0.0f ? 2.0f * bottom : 0.0f;
    to.depth[i] = zw - z1;
    to.thickness[i] = z2 - z1;
    to.lost_top[i] = z1;
    to.lost_bottom[i] = vb2 * t;
    to.breakthrough[i] = h / (vt1 + vt2);
    to.taper[i] = tgv_etch_angle(S);
    flags[i] |= wanted <= S_least * vb1 || r.time[i] >= gone ? (uint32_t)TGV_FLAG_MODEL_RANGE : 0u;
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct wetted         *s = state;
  const struct tgv_etch_recipe recipe = tgv_etch_recipe_columns(b);
  const struct tgv_etched_via  hole = tgv_etched_via_columns(b);

  etch(&recipe, hole, s->bottom, b->n, b->flags);
  tgv_etched_via_finish(b, &hole, recipe.r_track, s->smoothing);
}

const struct tgv_stage tgv_stage_wet_etching = {
    .name = "wet_etching",
    .title = "Wet etching",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_wet_etching),
    .inputs = TGV_INPUTS(TGV_ETCH_RECIPE_INPUTS, TGV_ETCHED_VIA_INPUTS),
    .reads = TGV_COLUMNS(TGV_ETCH_RECIPE_READS, TGV_ETCHED_VIA_READS),
    .writes = TGV_COLUMNS(TGV_ETCHED_VIA_WRITES),
    .chosen_by = TGV_P_wet_etching_model,
    .chosen_word = "closed_form",
    .state_size = sizeof(struct wetted),
    .begin = begin,
    .vias = vias,
};
