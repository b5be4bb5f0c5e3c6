/** # Vias whose wall runs short of etchant

## Model
Huygens' principle (the model `eikonal`) knows the etchant that is missing at the tip of the hole. That the wall has less of it too, and the less
the deeper and the longer the hole, is worked out by solver/etch_hole; what it takes from the five diameters, by how much it moves the
waist, and the time of breakthrough are tabulated (solver/etch_depletion) and taken off here, via by via.

Up to breakthrough a via keeps its half-way diameters, and the mouths lose what they have lost at breakthrough in proportion to the square of the time:
the supply number of the hole grows with its length, and what it has lost with the wall that is gone. Between the times of breakthrough with and without
depletion of the wall (a few percent) the waist opens in a straight line.

## Valid for
The range of the tables; outside a via has the flag "model range".

## Neglects
What solver/etch_hole neglects; the stretch of what is missing by tilt (second order of the tilt times what is missing).

## Source
See solver/etch_hole.

## Verified by
tests/unit/test_depleted_via.c (single solutions of solver/etch_hole at random vias), tests/cases/eikonal_etching.case. */
#include "process/depleted_via.h"

#define larger tgv_etch_larger
#define smaller tgv_etch_smaller

struct asked {
  float x[TGV_DEPLETION_AXES][TGV_BLOCK], y[TGV_DEPLETION_ANSWERS][TGV_BLOCK];
};

/* time in the bath, at most until the glass is gone */
TGV_INLINE float in_bath(const struct tgv_etch_recipe *r, size_t i, float vb, float ratio)
{
  return smaller(r->time[i], r->h[i] / (vb * (1.0f + ratio)));
}

TGV_CLONES static void ask(const struct tgv_depleted_via *d, const struct tgv_etch_recipe *from,
                           const float *breakthrough, size_t n, struct asked *a)
{
  const struct tgv_etch_recipe r = *from;
  const float                  supply = d->supply, bottom = d->both ? 1.0f : 0.0f;
  float *track = a->x[TGV_DEPLETION_track], *B = a->x[TGV_DEPLETION_supply], *late = a->x[TGV_DEPLETION_late],
        *slow = a->x[TGV_DEPLETION_slow], *uneven = a->x[TGV_DEPLETION_ratio];

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const float tilt = r.tilt_x[i] * r.tilt_x[i] + r.tilt_y[i] * r.tilt_y[i],
                cosine = 1.0f / sqrtf(1.0f + tilt);
    const float vb = r.bulk_rate[i] * r.bath_bulk[i], ratio = bottom * r.ratio[i];
    const float vt = larger(r.track_rate[i] * r.rate_factor[i] * r.bath_track[i], (1.0f + 0x1p-20f) * vb);

    slow[i] = vb / (vt * cosine);
    track[i] = r.r_track[i] / (r.h[i] * slow[i]);
    B[i] = vt * supply * r.h[i] / cosine;
    late[i] = in_bath(&r, i, vb, ratio) / breakthrough[i] - 1.0f;
    uneven[i] = r.ratio[i];
  }
}

/* e^x for -1 < x < 1 */
TGV_INLINE float exponential(float x)
{
  return 1.0f +
         x * (1.0f + x * (0.5f + x * (0.16666667f +
                                      x * (0.041666667f +
                                           x * (0.0083333333f + x * (0.0013888889f + x * 1.9841270e-4f))))));
}

TGV_INLINE float lean(float mouth, float waist, float length, float h)
{
  return length > 0x1p-10f * h ? 0.5f * (mouth - waist) / length : 0.0f;
}

TGV_INLINE void correct_one(const struct tgv_etch_recipe *r, const struct tgv_etched_via *v,
                            const struct asked *a, size_t i, bool both)
{
  const float h = r->h[i], ratio = both ? r->ratio[i] : 0.0f, vb = r->bulk_rate[i] * r->bath_bulk[i];
  const float time = in_bath(r, i, vb, ratio), w = 2.0f * vb * time, then = v->breakthrough[i],
              narrow = 2.0f * r->r_track[i];
  const float met = then * exponential(a->y[TGV_DEPLETION_breakthrough][i]);
  const float open = time > met ? 1.0f : 0.0f, was = v->waist[i] > 0.0f ? 1.0f : 0.0f;
  const float early = smaller(time / then, 1.0f),
              part = smaller((time - met) / larger(then - met, 0x1p-20f * then), 1.0f);
  const float before = narrow - 2.0f * vb * then * a->y[TGV_DEPLETION_waist][i] * part;
  const float after = v->waist[i] - w * a->y[TGV_DEPLETION_waist][i];
  const float waist = larger(was > 0.0f ? after : before, narrow);
  const float top = larger(v->top[i] - w * early * a->y[TGV_DEPLETION_top][i], waist);
  const float end = larger(v->bottom[i] - w * early * a->y[TGV_DEPLETION_bottom][i], waist);
  const float bottom = both ? end : waist, thickness = v->thickness[i];
  const float place = smaller(larger(v->depth[i] + h * a->y[TGV_DEPLETION_place][i], 0.0f), thickness);
  const float depth = both ? place : thickness;
  const float tangent = larger(lean(top, waist, depth, h), lean(bottom, waist, thickness - depth, h));
  const float angle = tgv_etch_angle(larger(sqrtf(1.0f + tangent * tangent) / larger(tangent, 1e-6f), 1.0f));

  v->top[i] = top;
  v->upper[i] = open > 0.0f ? larger(v->upper[i] - w * a->y[TGV_DEPLETION_upper][i], waist) : v->upper[i];
  v->lower[i] = open > 0.0f ? (both ? larger(v->lower[i] - w * a->y[TGV_DEPLETION_lower][i], waist) : waist)
                            : v->lower[i];
  v->waist[i] = open > 0.0f ? waist : 0.0f;
  v->bottom[i] = open > 0.0f || both ? bottom : 0.0f;
  v->depth[i] = open > 0.0f ? depth : v->depth[i];
  v->breakthrough[i] = met;
  v->taper[i] = open > 0.0f ? angle : v->taper[i];
}

TGV_CLONES static void correct_both(const struct tgv_etch_recipe *recipe, const struct tgv_etched_via *via,
                                    const struct asked *a, size_t n)
{
  const struct tgv_etch_recipe r = *recipe;
  const struct tgv_etched_via  v = *via;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) correct_one(&r, &v, a, i, true);
}

TGV_CLONES static void correct_top(const struct tgv_etch_recipe *recipe, const struct tgv_etched_via *via,
                                   const struct asked *a, size_t n)
{
  const struct tgv_etch_recipe r = *recipe;
  const struct tgv_etched_via  v = *via;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) correct_one(&r, &v, a, i, false);
}

void tgv_depleted_via_correct(const struct tgv_depleted_via *d, const struct tgv_etch_recipe *recipe,
                              const struct tgv_etched_via *via, struct tgv_block *b)
{
  struct asked a;
  float       *x[TGV_DEPLETION_AXES], *y[TGV_DEPLETION_ANSWERS];

  for (int k = 0; k < TGV_DEPLETION_AXES; k++) x[k] = a.x[k];
  for (int k = 0; k < TGV_DEPLETION_ANSWERS; k++) y[k] = a.y[k];
  ask(d, recipe, via->breakthrough, b->n, &a);
  tgv_etch_depletion_at(&d->tables, b->n, x, y, b->flags, (uint32_t)TGV_FLAG_MODEL_RANGE);
  (d->both ? correct_both : correct_top)(recipe, via, &a, b->n);
}
