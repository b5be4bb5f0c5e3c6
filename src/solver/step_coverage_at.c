#include <math.h>
#include <string.h>

#include "core/clones.h"
#include "solver/step_coverage_inside.h"

enum { PART = 512 };

/* what the tables are asked for, and what they answer */
struct part {
  float    x[5][PART], cone[3][PART], y[4][PART], other[4][PART];
  float    mirror[PART];  /* 1: turned upside down */
  float    at_face[PART]; /* 1: narrow at the bottom, -1: at the top, 0: hourglass */
  uint32_t outside[PART], other_outside[PART];
  bool     any_cone, any_bent, any_straight;
};

TGV_INLINE float larger(float a, float b)
{
  return a > b ? a : b;
}

TGV_INLINE float smaller(float a, float b)
{
  return a < b ? a : b;
}

/* e^x for -87 < x < 1, relative error below 2e-7 */
TGV_INLINE float exponential(float x)
{
  const float held = larger(x, -87.0f), n = (held * 1.44269504f + 0x1.8p23f) - 0x1.8p23f;
  const float f = (held - n * 0.693359375f) - n * -2.12194440e-4f;
  const float p =
      1.0f + f * (1.0f + f * (0.5f + f * (0.16666667f +
                                          f * (0.041666667f + f * (0.0083333333f + f * 0.0013888889f)))));
  int32_t bits = ((int32_t)n + 127) * 8388608;
  float   scale;

  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

TGV_INLINE bool is_straight(float bow)
{
  return bow > -0.002f && bow < 0.002f;
}

TGV_CLONES static void scale_shapes(const struct tgv_coverage_shapes *from, size_t n, struct part *p)
{
  const struct tgv_coverage_shapes v = *from;
  int                              cones = 0, bent = 0, straight = 0;

  TGV_SIMD(reduction(| : cones, bent, straight))
  for (size_t i = 0; i < n; i++) {
    const float top = v.top[i], bottom = v.bottom[i], waist = v.waist[i], h = v.thickness[i];
    const float M = 0.5f * (top + bottom), narrow = smaller(top, bottom), wide = larger(top, bottom);
    const float bend = v.upper[i] + v.lower[i] - (M + waist), slant = larger(2.0f * (M - waist), 0.01f * M);
    const float place = v.waist_depth[i] / h, unequal = (top - bottom) / slant;
    const float flip = place < 0.5f ? 1.0f : 0.0f;
    const float side = place > 0.999f ? 1.0f : place < 0.001f ? -1.0f : 0.0f;
    /* of a cone one side has no length, and no bow */
    const float middle = (place > 0.5f ? v.upper[i] : v.lower[i]) - M, off = 2.0f * place - 1.0f;

    p->x[0][i] = h / M, p->x[1][i] = waist / M;
    p->x[2][i] = flip > 0.0f ? 1.0f - place : place;
    p->x[3][i] = flip > 0.0f ? off - unequal : unequal - off;
    p->x[4][i] = bend / slant, p->mirror[i] = flip;
    p->cone[0][i] = h / wide, p->cone[1][i] = narrow / wide;
    p->cone[2][i] = middle / larger(wide - narrow, 0.01f * wide);
    p->at_face[i] = side;
    p->outside[i] = 0, p->other_outside[i] = 0;
    cones |= side * side > 0.0f;
    bent |= !is_straight(p->x[4][i]);
    straight |= is_straight(p->x[4][i]);
  }
  p->any_cone = cones != 0, p->any_bent = bent != 0, p->any_straight = straight != 0;
}

struct dip {
  float value, where;
};

/* least value of the parabola through a, b, c at -1, 0, 1 between `from` and `to`, and where */
TGV_INLINE struct dip dip_of(const float *y, float from, float to)
{
  const float bend = 0.5f * (y[0] + y[2]) - y[1], slope = 0.5f * (y[2] - y[0]),
              end = slope < 0.0f ? to : from;
  const float best = bend > 1e-6f ? -0.5f * slope / larger(bend, 1e-6f) : end;
  const float where = smaller(larger(best, from), to);

  return (struct dip){y[1] + where * (slope + where * bend), where};
}

/* the least of the places, by parabolas but for the face; its fraction of the way */
TGV_INLINE struct dip least_of(const float (*v)[PART], size_t i)
{
  const float      y[5] = {v[1][i], v[2][i], v[3][i], v[4][i], v[5][i]};
  const struct dip a = dip_of(y, -1.0f, 1.0f), b = dip_of(y + 1, -1.0f, 1.0f), c = dip_of(y + 2, -1.0f, 1.0f);
  const float      least = smaller(a.value, smaller(b.value, c.value));
  const float      where = c.value <= least   ? 0.9f + 0.1f * c.where
                           : b.value <= least ? 0.8f + 0.1f * b.where
                                              : 0.7f + 0.1f * a.where;

  return (struct dip){smaller(v[0][i], least), v[0][i] < least ? 0.0f : where};
}

/* v: ln of the flux at the places of both sides; y: ln of the least and its place over h, of each. waist [n]: its place */
TGV_CLONES static void find_least(const float (*v)[PART], const float *waist, size_t n, float (*y)[PART])
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const struct dip above = least_of(v, i), below = least_of(v + COVERAGE_PLACES, i);

    y[0][i] = above.value;
    y[1][i] = above.where * waist[i];
    y[2][i] = below.value;
    y[3][i] = 1.0f - below.where * (1.0f - waist[i]);
  }
}

/* between two places of a cone: by the flatter one of the parabolas through the place before or behind too, since the flux rises steeply towards a
   narrow mouth */
TGV_INLINE struct dip dip_between(const float (*v)[PART], int k, size_t i)
{
  const int before = k > 0 ? k - 1 : 0,
            behind = k + 2 < COVERAGE_CONE_PLACES ? k + 2 : COVERAGE_CONE_PLACES - 1;
  const float      y[4] = {v[before][i], v[k][i], v[k + 1][i], v[behind][i]};
  const float      bend_a = y[0] - 2.0f * y[1] + y[2], bend_b = y[1] - 2.0f * y[2] + y[3];
  const int        later = k == 0 || (k + 2 < COVERAGE_CONE_PLACES && bend_b * bend_b < bend_a * bend_a);
  const struct dip a = dip_of(y, 0.0f, 1.0f), b = dip_of(y + 1, -1.0f, 0.0f);

  return (struct dip){later ? b.value : a.value, (float)k + (later ? 1.0f + b.where : a.where)};
}

TGV_CLONES static void find_least_of_cones(const float (*v)[PART], size_t n, float (*y)[PART])
{
  for (size_t i = 0; i < n; i++) y[0][i] = HUGE_VALF, y[1][i] = 0.0f;
  for (int k = 0; k + 1 < COVERAGE_CONE_PLACES; k++) {
    TGV_SIMD()
    for (size_t i = 0; i < n; i++) {
      const struct dip d = dip_between(v, k, i);

      y[1][i] = d.value < y[0][i] ? d.where / (float)(COVERAGE_CONE_PLACES - 1) : y[1][i];
      y[0][i] = smaller(d.value, y[0][i]);
    }
  }
  memcpy(y[2], y[0], n * sizeof(float)), memcpy(y[3], y[1], n * sizeof(float));
}

/* ln of the least and its place of both sides, from one of the tables */
static void look(const struct tgv_coverage_tables *t, const struct tgv_response_table *table, size_t n,
                 const float *const *x, float (*y)[PART], uint32_t *outside)
{
  float  v[COVERAGE_ANSWERS][PART], *to[COVERAGE_ANSWERS];
  float *four[4] = {y[0], y[1], y[2], y[3]};

  if (!t->directed) {
    tgv_response_table_at(table, n, x, four, outside, 1);
    return;
  }
  for (int k = 0; k < COVERAGE_ANSWERS; k++) to[k] = v[k];
  tgv_response_table_at(table, n, x, to, outside, 1);
  if (table == t->cone)
    find_least_of_cones((const float(*)[PART])v, n, y);
  else
    find_least((const float(*)[PART])v, x[2], n, y);
}

static void take_other(struct part *p, size_t i)
{
  for (int o = 0; o < 4; o++) p->y[o][i] = p->other[o][i];
  p->outside[i] = p->other_outside[i];
}

/* which table a via is asked of depends on nothing but the via */
static void ask(const struct tgv_coverage_tables *t, struct part *p, size_t n)
{
  const float *const x[5] = {p->x[0], p->x[1], p->x[2], p->x[3], p->x[4]};
  const float *const cone[3] = {p->cone[0], p->cone[1], p->cone[2]};

  if (p->any_bent) look(t, t->hourglass, n, x, p->y, p->outside);
  if (p->any_straight)
    look(t, t->straight, n, x, p->any_bent ? p->other : p->y, p->any_bent ? p->other_outside : p->outside);
  for (size_t i = 0; p->any_bent && p->any_straight && i < n; i++)
    if (is_straight(p->x[4][i])) take_other(p, i);
  if (!p->any_cone) return;
  for (size_t i = 0; i < n; i++) p->other_outside[i] = 0;
  look(t, t->cone, n, cone, p->other, p->other_outside);
  for (size_t i = 0; i < n; i++) {
    if (p->at_face[i] * p->at_face[i] <= 0.0f) continue;
    take_other(p, i);
    p->mirror[i] = p->at_face[i] < 0.0f ? 1.0f : 0.0f;
  }
}

TGV_CLONES static void finish(const struct tgv_coverage_shapes *from, const struct part *p, size_t n,
                              float *coverage, float *depth)
{
  const float *waist = from->waist, *h = from->thickness, *waist_depth = from->waist_depth;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const bool  above = p->y[0][i] <= p->y[2][i], open = waist[i] > 0.0f;
    const float least = smaller(p->y[0][i], p->y[2][i]), where = above ? p->y[1][i] : p->y[3][i];
    const float place = smaller(larger(where, 0.0f), 1.0f);

    coverage[i] = open ? exponential(least) : 0.0f;
    depth[i] = open ? h[i] * (p->mirror[i] > 0.0f ? 1.0f - place : place) : waist_depth[i];
  }
}

void tgv_coverage_tables_at(const struct tgv_coverage_tables *t, size_t n,
                            const struct tgv_coverage_shapes *shapes, const struct tgv_coverage *out)
{
  struct part p;
  float       straight[2][PART];

  for (size_t first = 0; first < n; first += PART) {
    const size_t               count = n - first < PART ? n - first : PART;
    struct tgv_coverage_shapes v = *shapes;

    v.top += first, v.waist += first, v.bottom += first, v.waist_depth += first, v.thickness += first;
    for (size_t i = 0; !shapes->upper && i < count; i++)
      straight[0][i] = 0.5f * (v.top[i] + v.waist[i]), straight[1][i] = 0.5f * (v.bottom[i] + v.waist[i]);
    v.upper = shapes->upper ? shapes->upper + first : straight[0];
    v.lower = shapes->lower ? shapes->lower + first : straight[1];
    scale_shapes(&v, count, &p);
    ask(t, &p, count);
    finish(&v, &p, count, out->coverage + first, out->depth + first);
    for (size_t i = 0; i < count; i++)
      out->flags[first + i] |= p.outside[i] && v.waist[i] > 0.0f ? out->flag : 0u;
  }
}
