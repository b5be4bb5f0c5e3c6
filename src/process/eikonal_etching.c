/** # Wet etching: eikonal model

## Model
The arrival time $T$ of the etch front obeys $|\nabla T| = 1/V$. In the glass, where the rate $v_b$ is the same everywhere, Huygens'
principle solves this exactly: every point of the modified track is a source from the time $T(s)$ on at which the front that runs down the
track has come to its depth $s$, and a point of the glass is gone when the first of these waves has reached it. So the radius of the
hole of a track of radius $r_0$ is

$$ R(z, t) = r_0 + \max_s \sqrt{W(s)^2 - (z - s)^2}, \qquad W(s) = v_b\,(t - T(s)), $$

and the faces recede by $v_b t$ as in the closed form. Along the track

$$ \frac{dT}{ds} = \frac{p(s)}{v_t} + \frac{n_g\, s}{D c_0} . $$

- $p$ is the slowness of the track over that at its top: straight lines through the values 1, 1/`track_rate_middle`,
  1/`track_rate_bottom` at the top, in the middle and at the bottom (a **graded track**: energy and focus of the laser change with depth).
- The second term is the **depletion** of the etchant in the narrow track: what is used up at its tip,
  $n_g v_t c / c_0$ ($n_g$: mol of etchant for a volume of glass, rate of first order in the concentration $c$), must come by diffusion,
  $D (c_0 - c) / s$. With the same $v_t$ everywhere this is $L + \beta L^2 / 2 = v_t t$, $\beta = v_t n_g / (D c_0)$.
  A cone that moves down as a whole uses up as much, so the law holds for the widening hole too (solver/etch_hole).
- Along the **wall of the hole** the etchant runs short as well: `depletion: hole` takes off what the wall loses by that (depleted_via);
  `depletion: track` leaves it out, for a hole that flow keeps fresh.

The maximum is where $z - s = W G$, $G = v_b\, dT/ds$; there $R = r_0 + W \sqrt{1 - G^2}$, and the wall leans by the angle
$\arcsin G$. One unknown a point, solved by Newton's method at the mouths, at the waist (where the fronts from both faces give the same
radius, Newton around Newton) and half-way. Each via is computed so, in dimensionless lengths $z/h$, without any table.

Two faces: fronts $T_1$, $T_2$ with the rates of each face (`bottom_ratio`), $R = \max(R_1, R_2)$. A **tilted** track (angle $\theta$) takes
$1/\cos\theta$ longer to a depth, and the cut through its cone is an ellipse of eccentricity $e = \sin\theta / \sqrt{1 - G^2}$; diameters are
those of circles of the same area. **Neighbours** that merge are the union of both holes (merged_vias).

`taper` is the mean half angle between mouth and waist, the larger of both sides; for a closed via that of the wall at the mouth. Other
columns as in wet_etching.

## Valid for
A track faster than the glass wherever the front uses it ($G < 1$), and glass that is left; else the flag "model range". So also where
the wave from deeper sources overtakes (a track that becomes much faster with depth: $1 - G^2 + W G' < 0.1$).

## Neglects
The etchant that fills the new space (0.5 % of the breakthrough at 5 mol/L of HF, solver/etch_channel); change of shape of
the mouth by tilt; flow.

## Source
Huygens' principle for the eikonal equation of a homogeneous medium; diffusion and reaction in a straight channel, quasi-steady. The default
of $D$ and $n_g$ (HF on SiO2: 6 mol a mol) are recalled, unverified.

## Verified by
tests/cases/eikonal_etching.case, tests/unit/test_eikonal_etching.c (closed form, search over all sources in double precision,
properties), tests/unit/test_eikonal.c (fast marching of second order), tests/unit/test_etch_channel.c (transient diffusion),
tests/unit/test_depleted_via.c, tests/unit/test_dimensions.c, tests/unit/test_clones.c. */
#include <math.h>

#include "process/depleted_via.h"

#define larger tgv_etch_larger
#define smaller tgv_etch_smaller

struct track {
  float middle, bottom; /* slowness over that at the top */
  float supply;         /* n_g / (D c0) [s/m2]; 0: no depletion */
  float smoothing;      /* of the roughness [m] */
  bool  both;           /* faces are wetted */
};

struct state {
  struct track            track;
  bool                    short_of; /* the wall of the hole runs short of etchant */
  struct tgv_depleted_via depleted;
};

/* the faces may have different rates */
static bool is_uneven(const struct tgv_project *p)
{
  const double ratio = tgv_real(p, TGV_P_wet_etching_bottom_ratio);

  for (size_t r = 0; r < tgv_records(p, TGV_S_variation); r++)
    if (tgv_input_at(p, TGV_P_variation_input, r) == tgv_input_of(TGV_P_wet_etching_bottom_ratio))
      return true;
  return ratio < 1 || ratio > 1;
}

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  const struct tgv_project *p = flow->project;
  struct state             *all = state;
  struct track             *s = &all->track;
  double                    c0 = tgv_real(p, TGV_P_wet_etching_etchant_concentration);
  double                    D = tgv_real(p, TGV_P_wet_etching_etchant_diffusivity);

  s->middle = (float)(1 / tgv_real(p, TGV_P_wet_etching_track_rate_middle));
  s->bottom = (float)(1 / tgv_real(p, TGV_P_wet_etching_track_rate_bottom));
  s->supply = (float)(c0 > 0 ? tgv_real(p, TGV_P_wet_etching_etchant_per_glass) / (D * c0) : 0);
  s->smoothing = (float)tgv_real(p, TGV_P_wet_etching_roughness_length);
  s->both = tgv_chosen(p, TGV_P_wet_etching_sides, "both");
  all->short_of = c0 > 0 && tgv_chosen(p, TGV_P_wet_etching_depletion, "hole");
  if (!all->short_of) return TGV_OK;
  all->depleted.supply = s->supply, all->depleted.both = s->both;
  return tgv_etch_depletion_get(&(struct tgv_etch_grade){tgv_real(p, TGV_P_wet_etching_track_rate_middle),
                                                         tgv_real(p, TGV_P_wet_etching_track_rate_bottom),
                                                         s->both, is_uneven(p)},
                                &all->depleted.tables);
}

/* The front from one face; lengths over the thickness of the glass, from that face. */
struct front {
  float w;         /* depth by which the face has receded, v_b t / h */
  float a, d;      /* v_b / v_t, v_b h n_g / (D c0) */
  float p, p1, p2; /* slowness at the face, and its slopes in both halves */
};

/* v_b T / h at the depth u */
TGV_INLINE float arrival(struct front f, float u)
{
  float first = smaller(u, 0.5f), rest = larger(u - 0.5f, 0.0f), middle = f.p + 0.5f * f.p1;

  return f.a * (first * (f.p + 0.5f * f.p1 * first) + rest * (middle + 0.5f * f.p2 * rest)) +
         0.5f * f.d * u * u;
}

/* G, the slope of the arrival */
TGV_INLINE float slope(struct front f, float u)
{
  return f.a * (f.p + f.p1 * smaller(u, 0.5f) + f.p2 * larger(u - 0.5f, 0.0f)) + f.d * u;
}

struct wall {
  float r;        /* R - r0; below 0 where the front has not come */
  float back;     /* z - s, of the source of this point */
  float G, steep; /* steep: tangent of the angle of the wall */
  float doubt;    /* above 1: Newton's method has not found it, or not the only one */
};

/* One step of Newton's method for the source of the wall at the depth z. No loops here: a loop over vias that holds loops is not
   vectorised. */
TGV_INLINE struct wall refine(struct front f, float z, struct wall at)
{
  float u = z - at.back, bend = f.a * (u < 0.5f ? f.p1 : f.p2) + f.d;
  float W = f.w - arrival(f, u), G = slope(f, u), derivative = 1.0f - G * G + W * bend;
  float step = (at.back - W * G) / larger(derivative, 0.05f);

  at.back = smaller(larger(at.back - step, -f.w), f.w); /* no wave has gone farther */
  at.doubt = larger(0.1f / larger(derivative, 0.01f), (step < 0.0f ? -step : step) * 0x1p17f);
  return at;
}

TGV_INLINE struct wall evaluate(struct front f, float z, struct wall at)
{
  float W = f.w - arrival(f, z - at.back), root;

  at.G = smaller(slope(f, z - at.back), 0.9999f);
  root = sqrtf((1.0f - at.G) * (1.0f + at.G));
  at.r = W * root;
  at.steep = at.G / root;
  return at;
}

/* The wall at the depth z. */
TGV_INLINE struct wall wall_at(struct front f, float z)
{
  struct wall at = {.back = 0.0f};

  at = refine(f, z, refine(f, z, refine(f, z, refine(f, z, at))));
  return evaluate(f, z, at);
}

TGV_INLINE struct front choose(int first, struct front a, struct front b)
{
  return (struct front){first ? a.w : b.w, first ? a.a : b.a,   first ? a.d : b.d,
                        first ? a.p : b.p, first ? a.p1 : b.p1, first ? a.p2 : b.p2};
}

/* what the columns of a via come from */
struct given {
  float h, r0, time, vt, vb, ratio, tilt; /* tilt: tan2 of the angle */
};

struct shape {
  float z1, z2, zw;           /* faces and waist over the thickness */
  float meet, doubt;          /* v_b t / h at breakthrough; above 1: outside the range of the model */
  float one_above, two_below; /* above 0: the first front has made the upper side, the second the lower one */
  struct front one, two;
};

/* one step to where the fronts meet: arrival(one, u) = arrival(two, 1 - u) / ratio */
TGV_INLINE float nearer(const struct shape *s, float per, float u, float *step)
{
  *step = (arrival(s->one, u) - per * arrival(s->two, 1.0f - u)) /
          (slope(s->one, u) + per * slope(s->two, 1.0f - u));
  return smaller(larger(u - *step, 0.0f), 1.0f);
}

/* one step to the tip of the first front */
TGV_INLINE float run_down(const struct shape *s, float u)
{
  return smaller(larger(u + (s->z1 - arrival(s->one, u)) / slope(s->one, u), 0.0f), 1.0f);
}

/* One wetted face: the waist is the bottom, or before breakthrough the middle of what is left of the track. */
TGV_INLINE void end_of_one(struct shape *s)
{
  float u = run_down(s, run_down(s, run_down(s, run_down(s, run_down(s, run_down(s, 1.0f))))));

  s->meet = arrival(s->one, 1.0f);
  s->zw = 0.5f + 0.5f * u;
}

TGV_INLINE float meet(struct shape *s, float ratio)
{
  float u = 1.0f / (1.0f + ratio), step, per = 1.0f / ratio;

  u = nearer(s, per, u, &step);
  u = nearer(s, per, u, &step);
  u = nearer(s, per, u, &step);
  u = nearer(s, per, u, &step);
  u = nearer(s, per, u, &step);
  u = nearer(s, per, u, &step);
  s->doubt = larger(s->doubt, (step < 0.0f ? -step : step) * 0x1p17f);
  s->meet = arrival(s->one, u);
  return u;
}

/* one step to where both fronts give the same radius, held between the faces */
TGV_INLINE float level(const struct shape *s, float z, struct wall *one, struct wall *two)
{
  *one = evaluate(s->one, z, refine(s->one, z, refine(s->one, z, *one)));
  *two = evaluate(s->two, 1.0f - z, refine(s->two, 1.0f - z, refine(s->two, 1.0f - z, *two)));
  return smaller(larger(z + (one->r - two->r) / (one->steep + two->steep), s->z1), s->z2);
}

TGV_INLINE void find_waist(struct shape *s, float from)
{
  struct wall one = {.back = 0.0f}, two = {.back = 0.0f};
  float       z = smaller(larger(from, s->z1), s->z2);

  z = level(s, z, &one, &two);
  z = level(s, z, &one, &two);
  z = level(s, z, &one, &two);
  z = level(s, z, &one, &two);
  z = level(s, z, &one, &two);
  s->zw = z;
  s->one_above = larger(z - s->z1, one.r - two.r);
  s->two_below = larger(s->z2 - z, two.r - one.r);
}

TGV_INLINE struct shape shape_of(struct track t, struct given g)
{
  const float  S_least = 1.0f + 0x1p-20f, cosine = 1.0f / sqrtf(1.0f + g.tilt);
  float        vt = larger(g.vt, S_least * g.vb), gone = g.h / (g.vb * (1.0f + g.ratio));
  float        w = g.vb * smaller(g.time, gone) / g.h, a = g.vb / (vt * cosine);
  float        d = g.vb * t.supply * g.h / (cosine * cosine);
  float        p1 = 2.0f * (t.middle - 1.0f), p2 = 2.0f * (t.bottom - t.middle);
  struct shape s = {.z1 = w, .z2 = larger(1.0f - g.ratio * w, w), .zw = 1.0f, .one_above = 1.0f};

  s.doubt = larger(g.vt <= S_least * g.vb ? 2.0f : 0.0f, g.time >= gone ? 2.0f : 0.0f);
  s.one = (struct front){w, a, d, 1.0f, p1, p2};
  s.two = (struct front){g.ratio * w, a, g.ratio * d, t.bottom, -p2, -p1};
  if (t.both)
    find_waist(&s, meet(&s, g.ratio));
  else
    end_of_one(&s);
  return s;
}

/* Radius at z, of the front that made this side, as that of the circle with the area of the cut; 0 where the front has not come. */
TGV_INLINE float radius_at(struct shape *s, int first, float z, struct given g, struct wall *out)
{
  struct wall at = wall_at(choose(first, s->one, s->two), first ? z : 1.0f - z);
  float       stretch = 1.0f - smaller(g.tilt / ((1.0f + g.tilt) * (1.0f - at.G * at.G)), 0.99f);
  float       r = sqrtf(sqrtf(1.0f + g.tilt)) * g.r0 + at.r * g.h / sqrtf(sqrtf(stretch));

  s->doubt = larger(s->doubt, at.r > 0.0f ? at.doubt : 0.0f);
  *out = at;
  return at.r >= 0.0f ? r : 0.0f;
}

/* tangent of the mean angle of a side, of its wall at the mouth where the side has no length or the via is closed */
TGV_INLINE float mean_slope(struct wall mouth, struct wall waist, float length, float open)
{
  float mean = (mouth.r - waist.r) / larger(length, 1e-3f);

  return smaller(length, open) > 1e-3f ? mean : mouth.steep;
}

TGV_INLINE void etch_one(struct track t, const struct tgv_etch_recipe *r, const struct tgv_etched_via *to,
                         size_t i, uint32_t *flags)
{
  struct given g = {.h = r->h[i],
                    .r0 = r->r_track[i],
                    .time = r->time[i],
                    .vt = r->track_rate[i] * r->rate_factor[i] * r->bath_track[i],
                    .vb = r->bulk_rate[i] * r->bath_bulk[i],
                    .ratio = t.both ? r->ratio[i] : 0.0f,
                    .tilt = r->tilt_x[i] * r->tilt_x[i] + r->tilt_y[i] * r->tilt_y[i]};
  struct shape s = shape_of(t, g);
  struct wall  top, upper, waist, lower, bottom;
  const int    above = s.one_above > 0.0f, below = s.two_below <= 0.0f, open = s.z1 > s.meet;
  const int shown = t.both ? 1 : open; /* the lower side, of one face only when the front has come through */
  const float through = open ? 1.0f : 0.0f;
  float       D_top = 2.0f * radius_at(&s, above, s.z1, g, &top);
  float       D_upper = 2.0f * radius_at(&s, above, 0.5f * (s.z1 + s.zw), g, &upper);
  float       D_waist = 2.0f * radius_at(&s, above, s.zw, g, &waist);
  float       D_lower = 2.0f * radius_at(&s, below, 0.5f * (s.zw + s.z2), g, &lower);
  float       D_bottom = 2.0f * radius_at(&s, below, s.z2, g, &bottom), tangent;

  D_waist = smaller(larger(D_waist, 2.0f * g.r0), smaller(D_top, D_bottom));
  to->top[i] = D_top;
  to->upper[i] = D_upper;
  to->waist[i] = open ? D_waist : 0.0f;
  to->lower[i] = shown ? D_lower : 0.0f;
  to->bottom[i] = shown ? D_bottom : 0.0f;
  to->depth[i] = (s.zw - s.z1) * g.h;
  to->thickness[i] = (s.z2 - s.z1) * g.h;
  to->lost_top[i] = s.z1 * g.h;
  to->lost_bottom[i] = g.ratio * s.z1 * g.h;
  to->breakthrough[i] = s.meet * g.h / g.vb;
  tangent = larger(mean_slope(top, waist, s.zw - s.z1, through),
                   t.both ? mean_slope(bottom, waist, s.z2 - s.zw, through) : 0.0f);
  to->taper[i] = tgv_etch_angle(larger(sqrtf(1.0f + tangent * tangent) / larger(tangent, 1e-6f), 1.0f));
  flags[i] |= s.doubt > 1.0f ? (uint32_t)TGV_FLAG_MODEL_RANGE : 0u;
}

TGV_CLONES static void etch_both(struct track t, const struct tgv_etch_recipe *from,
                                 const struct tgv_etched_via *to, size_t n, uint32_t *flags)
{
  const struct tgv_etch_recipe r = *from;
  const struct tgv_etched_via  v = *to;

  t.both = true;
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) etch_one(t, &r, &v, i, flags);
}

TGV_CLONES static void etch_top(struct track t, const struct tgv_etch_recipe *from,
                                const struct tgv_etched_via *to, size_t n, uint32_t *flags)
{
  const struct tgv_etch_recipe r = *from;
  const struct tgv_etched_via  v = *to;

  t.both = false;
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) etch_one(t, &r, &v, i, flags);
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state          *s = state;
  const struct tgv_etch_recipe recipe = tgv_etch_recipe_columns(b);
  const struct tgv_etched_via  hole = tgv_etched_via_columns(b);

  (s->track.both ? etch_both : etch_top)(s->track, &recipe, &hole, b->n, b->flags);
  if (s->short_of) tgv_depleted_via_correct(&s->depleted, &recipe, &hole, b);
  tgv_etched_via_finish(b, &hole, recipe.r_track, s->track.smoothing);
}

const struct tgv_stage tgv_stage_eikonal_etching = {
    .name = "eikonal_etching",
    .title = "Wet etching (eikonal)",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_wet_etching, TGV_S_variation),
    .inputs = TGV_INPUTS(TGV_ETCH_RECIPE_INPUTS, TGV_ETCHED_VIA_INPUTS),
    .reads = TGV_COLUMNS(TGV_ETCH_RECIPE_READS, TGV_ETCHED_VIA_READS),
    .writes = TGV_COLUMNS(TGV_ETCHED_VIA_WRITES),
    .chosen_by = TGV_P_wet_etching_model,
    .chosen_word = "eikonal",
    .state_size = sizeof(struct state),
    .begin = begin,
    .vias = vias,
};
