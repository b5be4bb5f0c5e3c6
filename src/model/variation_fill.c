#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/clones.h"
#include "model/streams.h"
#include "model/variation_inside.h"

/* ---- places */

/* the next whole number; halves go to the even one */
TGV_INLINE double nearest(double q)
{
  double moved = q + 0x1.8p52;

  return moved - 0x1.8p52;
}

TGV_INLINE int held(double k, int count)
{
  int half = count / 2;

  return half + (int)(k < -half ? -half : k > half ? half : k);
}

TGV_INLINE double edge_distance(const struct tgv_places *p, double x, double y)
{
  double right = p->half_width - fabs(x), upper = p->half_height - fabs(y);
  double d = p->round ? p->half_width - sqrt(x * x + y * y) : right < upper ? right : upper;

  return d > 0.0 ? d : 0.0;
}

struct tgv_place tgv_place_at(const struct tgv_places *p, double x, double y)
{
  double qx = x * p->per_x, qy = y * p->per_y, kx = nearest(qx), ky = nearest(qy);

  return (struct tgv_place){
      .u = x / p->half_width,
      .v = y / p->half_height,
      .edge = edge_distance(p, x, y),
      .su = 2.0 * (qx - kx),
      .sv = 2.0 * (qy - ky),
      .scan = held(ky, p->fields_y) * p->fields_x + held(kx, p->fields_x),
  };
}

/* The places of a block, what is used of them. */
struct scaled {
  float   edge[TGV_BLOCK], su[TGV_BLOCK], sv[TGV_BLOCK];
  int32_t scan[TGV_BLOCK];
  float   u[TGV_BLOCK], v[TGV_BLOCK];
};

TGV_CLONES static void scale_panel(const struct tgv_places *p, const struct tgv_block *b, struct scaled *s)
{
  double to_u = 1.0 / p->half_width, to_v = 1.0 / p->half_height;

  TGV_SIMD()
  for (size_t i = 0; i < b->n; i++) s->u[i] = (float)(b->x[i] * to_u), s->v[i] = (float)(b->y[i] * to_v);
}

TGV_CLONES static void scale_edge(const struct tgv_places *p, const struct tgv_block *b, struct scaled *s)
{
  const struct tgv_places q = *p;

  TGV_SIMD()
  for (size_t i = 0; i < b->n; i++) s->edge[i] = (float)edge_distance(&q, b->x[i], b->y[i]);
}

TGV_CLONES static void scale_scan(const struct tgv_places *p, const struct tgv_block *b, struct scaled *s)
{
  const struct tgv_places q = *p;

  TGV_SIMD()
  for (size_t i = 0; i < b->n; i++) {
    double qx = b->x[i] * q.per_x, qy = b->y[i] * q.per_y, kx = nearest(qx), ky = nearest(qy);

    s->su[i] = (float)(2.0 * (qx - kx));
    s->sv[i] = (float)(2.0 * (qy - ky));
    s->scan[i] = held(ky, q.fields_y) * q.fields_x + held(kx, q.fields_x);
  }
}

static void scale(const struct tgv_variation *v, const struct tgv_block *b, struct scaled *s)
{
  bool edge = false, scan = false;

  for (size_t k = 0; k < v->count; k++) {
    edge = edge || v->spread[k].edge != 0.0;
    scan = scan || v->spread[k].scan > 0.0 || v->spread[k].scan_shape != 0.0;
  }
  memset(s, 0, offsetof(struct scaled, u)); /* what is not scaled is never read; this tells the analyser */
  scale_panel(&v->places, b, s);
  if (edge) scale_edge(&v->places, b, s);
  if (scan) scale_scan(&v->places, b, s);
}

/* ---- terms of one input */

struct trend {
  float base, x, y, xy, radial;
};

TGV_CLONES static void set_trend(const struct trend *trend, const struct scaled *s, size_t n, float *out)
{
  const struct trend t = *trend;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float u = s->u[i], v = s->v[i];

    out[i] = t.base + (t.x * u + t.y * v + t.xy * (u * v) + t.radial * (u * u + v * v));
  }
}

/* e^-a for a >= 0, relative error below 3e-7: 2^(n + f), |f| <= 1/2, the series of 2^f to its 6th power */
TGV_INLINE float decay(float a)
{
  float y = (a < 80.0f ? a : 80.0f) * -1.44269504f, rounded = y + 0x1.8p23f, f = y - (rounded - 0x1.8p23f);
  float series =
      1.0f +
      f * (0.693147181f +
           f * (0.240226507f +
                f * (0.0555041087f + f * (0.00961812911f + f * (0.00133335581f + f * 0.000154035304f)))));
  uint32_t bits;
  float    power;

  memcpy(&bits, &rounded, sizeof bits);
  bits = (bits + 127u) << 23;
  memcpy(&power, &bits, sizeof power);
  return series * power;
}

TGV_CLONES static void add_edge(const struct scaled *s, float amplitude, float width, size_t n, float *out)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) out[i] += amplitude * decay(s->edge[i] / width);
}

TGV_CLONES static void add_scan(const struct scaled *s, const float *offset, size_t n, float *out)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) out[i] += offset[s->scan[i]];
}

/* All forms are (one + su + sv)(one + (su2 + sv2)/2) with some of the terms left out. */
struct shape {
  float one, along_x, along_y, flat, bowl;
};

static struct shape shape_of(int form)
{
  static const struct shape shapes[] = {
      [TGV_SCAN_BOWL] = {1, 0, 0, 0, 1},     [TGV_SCAN_RAMP_X] = {0, 1, 0, 1, 0},
      [TGV_SCAN_RAMP_Y] = {0, 0, 1, 1, 0},   [TGV_SCAN_BARREL_X] = {0, 1, 0, 0, 1},
      [TGV_SCAN_BARREL_Y] = {0, 0, 1, 0, 1},
  };

  TGV_BUG_IF(form < TGV_SCAN_BOWL || form > TGV_SCAN_BARREL_Y);
  return shapes[form];
}

TGV_CLONES static void add_shape(const struct scaled *s, struct shape f, float amplitude, size_t n,
                                 float *out)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float u = s->su[i], v = s->sv[i];

    out[i] +=
        amplitude * ((f.one + f.along_x * u + f.along_y * v) * (f.flat + f.bowl * (0.5f * (u * u + v * v))));
  }
}

TGV_CLONES static void add_normal(const float *z, float sigma, size_t n, float *out)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) out[i] += sigma * z[i];
}

/* ---- one point */

static double shape_at(int form, const struct tgv_place *at)
{
  double bowl = 0.5 * (at->su * at->su + at->sv * at->sv);

  switch (form) {
  case TGV_SCAN_BOWL:
    return bowl;
  case TGV_SCAN_RAMP_X:
    return at->su;
  case TGV_SCAN_RAMP_Y:
    return at->sv;
  case TGV_SCAN_BARREL_X:
    return at->su * bowl;
  default:
    return at->sv * bowl;
  }
}

/* the deterministic terms at a place */
static double terms_at(const struct tgv_places *p, const struct tgv_spread *s, const struct tgv_place *at)
{
  double u = at->u, v = at->v, bowl = (u * u + v * v) * (p->round ? 1.0 : 0.5);

  return s->trend_x * u + s->trend_y * v + s->trend_xy * u * v + s->radial * bowl +
         s->edge * exp(-at->edge / s->edge_width) + s->scan_shape * shape_at(s->scan_form, at);
}

static double map_at(const struct tgv_variation *v, int k, double x, double y)
{
  return v->map[k] ? v->spread[k].nominal * tgv_field_grid_at(v->map[k], x, y) : 0.0;
}

double tgv_variation_mean_at(const struct tgv_variation *v, int input, double x, double y)
{
  struct tgv_place at = tgv_place_at(&v->places, x, y);
  int              k = v->which[input];

  return v->nominal[input] + (k < 0 ? 0.0 : terms_at(&v->places, &v->spread[k], &at) + map_at(v, k, x, y));
}

double tgv_realisation_at(const struct tgv_realisation *r, int input, double x, double y)
{
  const struct tgv_variation *v = r->variation;
  struct tgv_place            at = tgv_place_at(&v->places, x, y);
  int                         k = v->which[input];

  if (k < 0) return v->nominal[input];
  return r->base[k] + terms_at(&v->places, &v->spread[k], &at) + map_at(v, k, x, y) +
         (r->scan[k] ? (double)r->scan[k][at.scan] : 0.0) +
         (r->field[k].value ? v->spread[k].field * tgv_field_grid_at(&r->field[k], x, y) : 0.0);
}

/* ---- one block */

static bool same_nodes(const struct tgv_field_grid *a, const struct tgv_field_grid *b)
{
  return a->nx == b->nx && a->ny == b->ny && a->x0 == b->x0 && a->y0 == b->y0 && a->dx == b->dx &&
         a->dy == b->dy;
}

static void set_correlated(const struct tgv_realisation *r, size_t k, const struct scaled *s,
                           struct tgv_block *b)
{
  const struct tgv_variation *v = r->variation;
  const struct tgv_spread    *spread = &v->spread[k];
  float        bowl = (float)(spread->radial * (v->places.round ? 1.0 : 0.5)), *out = b->input[spread->input];
  struct trend trend = {(float)r->base[k], (float)spread->trend_x, (float)spread->trend_y,
                        (float)spread->trend_xy, bowl};

  set_trend(&trend, s, b->n, out);
  if (spread->edge != 0.0) add_edge(s, (float)spread->edge, (float)spread->edge_width, b->n, out);
  if (r->scan[k]) add_scan(s, r->scan[k], b->n, out);
  if (spread->scan_shape != 0.0)
    add_shape(s, shape_of(spread->scan_form), (float)spread->scan_shape, b->n, out);
}

static void add_maps(const struct tgv_variation *v, struct tgv_block *b)
{
  struct tgv_field_points points;

  for (size_t k = 0; k < v->count; k++) {
    if (!v->map[k]) continue;
    tgv_field_grid_locate(v->map[k], b->n, b->x, b->y, &points);
    tgv_field_grid_add(v->map[k], &points, (float)v->spread[k].nominal, b->input[v->spread[k].input]);
  }
}

static void add_fields(const struct tgv_realisation *r, struct tgv_block *b)
{
  struct tgv_field_points      points;
  const struct tgv_field_grid *located = NULL;

  for (size_t k = 0; k < r->variation->count; k++) {
    const struct tgv_field_grid *g = &r->field[k];
    const struct tgv_spread     *spread = &r->variation->spread[k];

    if (!g->value) continue;
    if (!located || !same_nodes(located, g)) tgv_field_grid_locate(g, b->n, b->x, b->y, &points);
    located = g;
    tgv_field_grid_add(g, &points, (float)spread->field, b->input[spread->input]);
  }
}

/* Nuggets are numbered over the inputs that have one; four come from one call. */
static void add_nuggets(const struct tgv_realisation *r, struct tgv_block *b)
{
  const struct tgv_variation *v = r->variation;
  float                       z[4][TGV_BLOCK];
  uint32_t                    number = 0;

  for (size_t k = 0; k < v->count; k++) {
    const struct tgv_spread *s = &v->spread[k];
    float                   *out = b->input[s->input];

    if (s->nugget <= 0.0) continue;
    if (number % 4 == 0) tgv_random_normals(r->key, TGV_STREAM_NUGGET + number / 4, b->id, b->n, z);
    if (v->student[k])
      tgv_student_add(v->student[k], b->n, z[number % 4], (float)s->nugget, out);
    else
      add_normal(z[number % 4], (float)s->nugget, b->n, out);
    number++;
  }
}

void tgv_realisation_fill(const struct tgv_realisation *r, struct tgv_block *b)
{
  const struct tgv_variation *v = r->variation;
  struct scaled               s;

  for (int input = 0; input < tgv_input_count(); input++) {
    float nominal = (float)v->nominal[input], *out = b->input[input];

    for (size_t i = 0; v->which[input] < 0 && i < b->n; i++) out[i] = nominal;
  }
  scale(v, b, &s);
  for (size_t k = 0; k < v->count; k++) set_correlated(r, k, &s, b);
  add_maps(v, b);
  add_fields(r, b);
  add_nuggets(r, b);
}
