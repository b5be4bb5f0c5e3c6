/** # Step coverage of sputtered films

## Model
The film on the wall over that on the field is the flux $G$ of the ballistic transport (solver/radiosity), both with the same sticking.
From both faces: the panel is turned and the second deposition adds to the first, so the two fluxes add.

A shape is solved on a chain of frusta. A straight side is one frustum with 40 bands; a bent one (the parabola through its three
diameters) becomes 20 frusta of two bands, shorter towards the waist, where the film is thin. The slope of a chord is that of the parabola
half-way along it, so the thinnest place is looked for among these places.

Scaled by the mean diameter $M$ of the mouths a via has five numbers: aspect ratio $h/M$, $D_{waist}/M$, depth of the waist over $h$, the
difference of the tapers (by how much the difference of the mouths over that of mouths and waist exceeds what equal tapers make of a
waist off the middle), and the bow: by how much the half-way diameters exceed those of straight sides, over the difference of mouth and
waist, both sides together; with a bow of less than 0.002 the sides count as straight, which has a table of its own, with fewer inputs
and faster. $\ln G$ of the thinnest place of each side and its depth over $h$ are tabulated over these
(solver/response_table); the thinner side counts. A via and its mirror image are one. A via whose waist is at a face is a cone, or nearly:
it has a table of aspect ratio, ratio of its mouths and bow.

## Valid for
Aspect ratios 0.8 to 25, waists of 20 % to 100 % of the mean mouth at 25 % to 75 % of the depth, differences of the tapers up to 0.3, bows between
-1/8 and 1/8 (a slope at the waist between 1/3 and 3 times that at the mouth); cones from aspect ratio 0.5 and from one to ten on. Outside,
the via is held at the edge and flagged.

## Neglects
The difference of the bows of the two sides (their mean is taken; tests/unit/test_step_coverage.c says what it costs); shadows of
neighbours, tilt, the growth of the film itself.

## Source
That of solver/radiosity.c.

## Verified by
tests/unit/test_step_coverage.c, tests/unit/test_radiosity.c. */
#include "solver/step_coverage.h"

#include <math.h>
#include <string.h>

#include "core/clones.h"
#include "core/text.h"
#include "solver/radiosity.h"

enum { BENT_FRUSTA = 20, BANDS = 80 };
#define BOW_MOST 0.125
/* ---- one shape */

/* points of one side from the face to the waist, the waist left out; returns their number */
static size_t side_points(double mouth, double middle, double waist, double length, double *u, double *d)
{
  const double bend = middle - 0.5 * (mouth + waist);
  const size_t n = fabs(bend) > 0x1p-20 * mouth ? BENT_FRUSTA : 1;

  if (!(length > 0)) return 0;
  for (size_t i = 0; i < n; i++) {
    const double left = pow(1 - (double)i / (double)n, 1.5), v = 1 - left; /* part of the way from the face */

    u[i] = left * length;
    d[i] = mouth + v * (waist - mouth) + 4 * bend * v * left;
  }
  return n;
}

void tgv_step_coverage_profile(const struct tgv_via_shape *s, struct tgv_via_profile *out)
{
  const double above = fmin(fmax(s->waist_depth, 0), s->thickness), below = s->thickness - above;
  double       u[BENT_FRUSTA], d[BENT_FRUSTA];
  size_t       n;

  out->n = 0;
  out->z = tgv_allocate(2 * BENT_FRUSTA + 1, sizeof *out->z);
  out->r = tgv_allocate(2 * BENT_FRUSTA + 1, sizeof *out->r);
  n = side_points(s->D_top, s->D_upper, s->D_waist, above, u, d);
  for (size_t i = 0; i < n; i++) out->z[out->n] = above - u[i], out->r[out->n++] = 0.5 * d[i];
  out->z[out->n] = above, out->r[out->n++] = 0.5 * s->D_waist;
  n = side_points(s->D_bottom, s->D_lower, s->D_waist, below, u, d);
  for (size_t i = n; i-- > 0;) out->z[out->n] = above + u[i], out->r[out->n++] = 0.5 * d[i];
}

static void find_thinnest(const struct tgv_cavity *c, const struct tgv_source *s, double waist,
                          double thickness, const struct tgv_radiosity *r, struct tgv_thinnest *out)
{
  const struct tgv_depths side[2] = {{0, waist}, {waist, thickness}};
  const bool              has[2] = {waist > 0, waist < thickness};

  for (int k = 0; k < 2; k++)
    if (has[k]) out->coverage[k] = tgv_radiosity_least(c, s, r, side[k], &out->depth[k]);
  for (int k = 0; k < 2; k++)
    if (!has[k]) out->coverage[k] = out->coverage[1 - k], out->depth[k] = out->depth[1 - k];
}

static tgv_status solve_profile(const struct tgv_via_profile *p, const struct tgv_sputter *s, double waist,
                                struct tgv_thinnest *out)
{
  const struct tgv_source source = {s->exponent, 1, 1, s->sticking};
  struct tgv_cavity       c;
  struct tgv_radiosity    r;
  tgv_status_code         status;

  TGV_TRY(tgv_cavity_new(p, false, BANDS, &c));
  status = tgv_radiosity_solve(&c, &source, &r);
  if (!status) {
    find_thinnest(&c, &source, waist, p->z[p->n - 1], &r, out);
    tgv_radiosity_release(&r);
  }
  tgv_cavity_release(&c);
  return status;
}

tgv_status tgv_step_coverage(const struct tgv_via_shape *shape, const struct tgv_sputter *s,
                             struct tgv_thinnest *out)
{
  const double           waist = fmin(fmax(shape->waist_depth, 0), shape->thickness);
  struct tgv_via_profile p;
  tgv_status_code        status;

  if (!(shape->thickness > 0 && shape->D_top > 0 && shape->D_bottom >= 0))
    return tgv_fail(TGV_INPUT, "a via of thickness %g m with mouths of %g m and %g m has no wall",
                    shape->thickness, shape->D_top, shape->D_bottom);
  if (!(shape->D_waist > 0)) {
    *out = (struct tgv_thinnest){{0, 0}, {waist, waist}};
    return TGV_OK;
  }
  tgv_step_coverage_profile(shape, &p);
  status = solve_profile(&p, s, waist, out);
  tgv_via_profile_release(&p);
  return status;
}

/* ---- tables */

enum shape { BENT, STRAIGHT, CONE };

/* all that a table depends on; doubles only, it is hashed */
struct setup {
  double sticking, exponent, shape;
};

static double half_way(double mouth, double waist, double bow)
{
  return 0.5 * (mouth + waist) + bow * (mouth - waist);
}

/* y: ln coverage and place of the upper side, the same of the lower */
static tgv_status solve_scaled(const struct setup *t, const struct tgv_via_shape *shape, double *y)
{
  const struct tgv_sputter s = {t->sticking, t->exponent};
  struct tgv_thinnest      thin;

  TGV_TRY(tgv_step_coverage(shape, &s, &thin));
  for (int k = 0; k < 2; k++)
    y[2 * k] = log(thin.coverage[k]), y[2 * k + 1] = thin.depth[k] / shape->thickness;
  return TGV_OK;
}

/* x: aspect ratio, waist over mean mouth, place of the waist, difference of the tapers, bow. Equal tapers make the mouths differ by what
   the waist is off the middle. */
static tgv_status solve_hourglass(const void *context, const double *x, double *y)
{
  const struct setup        *t = context;
  const double               waist = x[1], unequal = 2 * x[2] - 1 + x[3], bow = t->shape > BENT ? 0 : x[4];
  const double               top = waist + (1 - waist) * (1 + unequal), bottom = 2 - top;
  const struct tgv_via_shape shape = {.D_top = top,
                                      .D_upper = half_way(top, waist, bow),
                                      .D_waist = waist,
                                      .D_lower = half_way(bottom, waist, bow),
                                      .D_bottom = bottom,
                                      .waist_depth = x[2] * x[0],
                                      .thickness = x[0]};

  return solve_scaled(context, &shape, y);
}

/* x: thickness over the wide mouth, narrow over wide mouth, bow */
static tgv_status solve_cone(const void *context, const double *x, double *y)
{
  const double               middle = half_way(1, x[1], x[2]);
  const struct tgv_via_shape shape = {1, middle, x[1], middle, x[1], x[0], x[0]};

  return solve_scaled(context, &shape, y);
}

static tgv_status get_table(const struct tgv_sputter *s, enum shape shape,
                            const struct tgv_response_table **out)
{
  static const struct tgv_table_axis axes[2][5] = {{{"aspect ratio", 0.8, 25, 8, true},
                                                    {"waist over mean mouth", 0.2, 1, 5, false},
                                                    {"place of the waist", 0.5, 0.75, 4, false},
                                                    {"difference of the tapers", -0.3, 0.3, 3, false},
                                                    {"bow", -BOW_MOST, BOW_MOST, 3, false}},
                                                   {{"aspect ratio", 0.5, 25, 10, true},
                                                    {"ratio of the mouths", 0.1, 1, 9, false},
                                                    {"bow", -BOW_MOST, BOW_MOST, 3, false}}};
  static const char *const           name[] = {"step coverage", "step coverage of straight sides",
                                               "step coverage of cones"};
  static const size_t                count[] = {5, 4, 3};
  const struct setup                 setup = {s->sticking, s->exponent, shape};
  struct tgv_table_plan              plan = {
                   .name = name[shape],
                   .axes = count[shape],
                   .outputs = 4,
                   .output = {"ln coverage above the waist", "place of the thinnest film above it",
                              "ln coverage below the waist", "place of the thinnest film below it"},
                   .version = "1",
                   .depends = &setup,
                   .depends_size = sizeof setup,
                   .checks = 200,
                   .enough = {0.006, 0.03, 0.006, 0.03},
                   .solve = shape == CONE ? solve_cone : solve_hourglass,
                   .context = &setup};

  memcpy(plan.axis, axes[shape == CONE], sizeof axes[0]);
  return tgv_response_table_get(&plan, out);
}

tgv_status tgv_coverage_tables_get(const struct tgv_sputter *s, struct tgv_coverage_tables *out)
{
  if (!(s->sticking > 0 && s->sticking <= 1))
    return tgv_fail(TGV_INPUT, "the sticking coefficient is %g; it must be above 0 and at most 1",
                    s->sticking);
  TGV_TRY(get_table(s, BENT, &out->hourglass));
  TGV_TRY(get_table(s, STRAIGHT, &out->straight));
  return get_table(s, CONE, &out->cone);
}

/* ---- blocks of vias */

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
  float *const       y[4] = {p->y[0], p->y[1], p->y[2], p->y[3]};
  float *const       other[4] = {p->other[0], p->other[1], p->other[2], p->other[3]};

  if (p->any_bent) tgv_response_table_at(t->hourglass, n, x, y, p->outside, 1);
  if (p->any_straight)
    tgv_response_table_at(t->straight, n, x, p->any_bent ? other : y,
                          p->any_bent ? p->other_outside : p->outside, 1);
  for (size_t i = 0; p->any_bent && p->any_straight && i < n; i++)
    if (is_straight(p->x[4][i])) take_other(p, i);
  if (!p->any_cone) return;
  for (size_t i = 0; i < n; i++) p->other_outside[i] = 0;
  tgv_response_table_at(t->cone, n, cone, other, p->other_outside, 1);
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
