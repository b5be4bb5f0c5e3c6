/** # Elastic stiffness on hexahedra, without a matrix

## Model
Isotropic linear elasticity, isoparametric hexahedra of order 1 (8 nodes, 2 x 2 x 2 Gauss points) or 2 (27 nodes, 3 x 3 x 3 points), full
integration:
$$ K u = \sum_e \int_e B^T \left( \lambda\, \mathrm{tr}(\varepsilon) I + 2 \mu\, \varepsilon \right) dV $$
The product is taken element by element, without a matrix: displacement and place are differentiated at the Gauss points direction by
direction (sum factorisation), the stress is turned by the cofactors of the place, and summed back. Elements that stand over each other in
a column are the lanes of vectors. Threads take tiles of columns of one colour, which share no node: sums do not depend on the number of
threads.

## Valid for
Small strains. Poisson's ratio up to about 0.45 (order 1 locks before order 2 does).

## Neglects
Anything nonlinear: see who calls.

## Source
Isoparametric elements and Gauss integration: textbook. Matrix-free products by sum factorisation: Kronbichler and Kormann, Computers and
Fluids 63 (2012) 135 [recalled, unverified].

## Verified by
tests/unit/test_elasticity.c (against element matrices, patch test, rigid motions, manufactured solution). */
#include "solver/hex_operator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"

#define REAL float
#define LANES 16
#define LANE_INT int32_t
#define KERNEL(name) name##_float
#define HEX struct tgv_hex_float
#include "solver/hex_kernel.h"
#undef REAL
#undef LANES
#undef LANE_INT
#undef KERNEL
#undef HEX
#define REAL double
#define LANES 8
#define LANE_INT int64_t
#define KERNEL(name) name##_double
#define HEX struct tgv_hex_double
#include "solver/hex_kernel.h"

/* values: the stresses or tangents of the column, [points][6 or 21][stride] */
COLUMN(stress_1, 2, 6)
COLUMN(stress_2, 3, 6)
COLUMN(tangent_1, 2, 21)
COLUMN(tangent_2, 3, 21)

enum {
  TILE = 32, /* columns: enough work for a thread, few enough that a via of one patch feeds two */
  COLOURS = 64,
  THREADED =
      100000 /* entries of a field: a product takes a millisecond, waking a thread some tens of microseconds */
};

void tgv_hex_basis(int n, double value[3][3], double slope[3][3], double weight[3])
{
  memset(value, 0, 9 * sizeof(double)), memset(slope, 0, 9 * sizeof(double)),
      memset(weight, 0, 3 * sizeof(double));
  for (int g = 0; g < n; g++) {
    const double t = n == 2 ? (g ? 1 : -1) / sqrt(3) : (g - 1) * sqrt(0.6);

    if (n == 2) {
      value[g][0] = (1 - t) / 2, value[g][1] = (1 + t) / 2;
      slope[g][0] = -0.5, slope[g][1] = 0.5;
      weight[g] = 1;
    } else {
      value[g][0] = t * (t - 1) / 2, value[g][1] = 1 - t * t, value[g][2] = t * (t + 1) / 2;
      slope[g][0] = t - 0.5, slope[g][1] = -2 * t, slope[g][2] = t + 0.5;
      weight[g] = g == 1 ? 8.0 / 9 : 5.0 / 9;
    }
  }
}

/* ---- columns, tiles and colours */

static void find_columns(struct tgv_hex_operator *o)
{
  const size_t step = (size_t)o->order;
  size_t       e = 0;

  for (size_t p = 0; p < o->mesh->patches; p++) {
    const struct tgv_hex_patch *patch = &o->mesh->patch[p];

    for (size_t j = 0; j < patch->n; j += step)
      for (size_t i = 0; i < patch->m; i += step, e++) {
        o->material[e] = (uint32_t)p;
        for (size_t b = 0; b <= step; b++)
          for (size_t a = 0; a <= step; a++)
            o->node[9 * e + a + (step + 1) * b] = patch->node[i + a + (patch->m + 1) * (j + b)];
      }
  }
}

/* the lowest colour that no tile with a node in common has; *used [nodes]: bits of colours */
static unsigned pick_colour(const struct tgv_hex_operator *o, size_t first, size_t last, uint64_t *used)
{
  const size_t n = (size_t)((o->order + 1) * (o->order + 1));
  uint64_t     taken = 0;
  unsigned     colour;

  for (size_t e = first; e < last; e++)
    for (size_t a = 0; a < n; a++) taken |= used[o->node[9 * e + a]];
  colour = ~taken ? (unsigned)__builtin_ctzll(~taken) : COLOURS - 1;
  TGV_BUG_IF(taken & (1ull << colour)); /* a plane of quadrilaterals has no node in 64 tiles */
  for (size_t e = first; e < last; e++)
    for (size_t a = 0; a < n; a++) used[o->node[9 * e + a]] |= 1ull << colour;
  return colour;
}

/* columns in the order of colours, tile by tile */
static void sort_columns(struct tgv_hex_operator *o, const unsigned char *colour_of, int *node,
                         uint32_t *material)
{
  size_t e = 0;

  o->tiles = 0, o->colours = 0;
  for (unsigned c = 0; c < COLOURS; c++) {
    const size_t before = o->tiles;

    for (size_t t = 0; t * TILE < o->columns; t++) {
      const size_t n = o->columns - t * TILE < TILE ? o->columns - t * TILE : TILE;

      if (colour_of[t] != c) continue;
      memcpy(node + 9 * e, o->node + 9 * t * TILE, 9 * n * sizeof *node);
      memcpy(material + e, o->material + t * TILE, n * sizeof *material);
      o->tile[o->tiles++] = e;
      e += n;
    }
    if (o->tiles > before) o->colour[o->colours++] = before;
  }
  o->tile[o->tiles] = e, o->colour[o->colours] = o->tiles;
}

static tgv_status colour_columns(struct tgv_hex_operator *o)
{
  const size_t   tiles = (o->columns + TILE - 1) / TILE;
  uint64_t      *used = calloc(o->nodes, sizeof *used);
  unsigned char *colour_of = calloc(tiles, 1);
  int           *node = calloc(9 * o->columns, sizeof *node);
  uint32_t      *material = calloc(o->columns, sizeof *material);

  o->tile = calloc(tiles + 1, sizeof *o->tile), o->colour = calloc(COLOURS + 1, sizeof *o->colour);
  if (!used || !colour_of || !node || !material || !o->tile || !o->colour) {
    free(used), free(colour_of), free(node), free(material);
    return tgv_fail(TGV_MEMORY, "out of memory for %zu columns of elements", o->columns);
  }
  for (size_t t = 0; t < tiles; t++)
    colour_of[t] = (unsigned char)pick_colour(
        o, t * TILE, t * TILE + TILE < o->columns ? t * TILE + TILE : o->columns, used);
  sort_columns(o, colour_of, node, material);
  free(used), free(colour_of), free(o->node), free(o->material);
  o->node = node, o->material = material;
  return TGV_OK;
}

/* ---- the operator */

static tgv_status room(struct tgv_hex_operator *o, size_t fixed)
{
  const size_t moduli = o->mesh->patches * o->stride, step = (size_t)o->order;

  for (size_t p = 0; p < o->mesh->patches; p++)
    o->columns += o->mesh->patch[p].m * o->mesh->patch[p].n / (step * step);
  o->node = calloc(9 * o->columns, sizeof *o->node), o->material = calloc(o->columns, sizeof *o->material);
  o->lambda = calloc(moduli, sizeof *o->lambda), o->mu = calloc(moduli, sizeof *o->mu);
  o->flambda = calloc(moduli, sizeof *o->flambda), o->fmu = calloc(moduli, sizeof *o->fmu);
  o->fx = calloc(tgv_hex_field(o), sizeof *o->fx);
  o->fixed_at = calloc(fixed ? fixed : 1, sizeof *o->fixed_at);
  if (!o->node || !o->material || !o->lambda || !o->mu || !o->flambda || !o->fmu || !o->fx || !o->fixed_at)
    return tgv_fail(TGV_MEMORY, "out of memory for %zu elements", o->columns * o->layers);
  return TGV_OK;
}

void tgv_hex_operator_moduli(struct tgv_hex_operator *o, const double *lambda, const double *mu)
{
  for (size_t p = 0; p < o->mesh->patches; p++)
    for (size_t k = 0; k < o->layers; k++) {
      const size_t from = p * o->layers + k, to = p * o->stride + k;

      o->lambda[to] = lambda[from], o->mu[to] = mu[from];
      o->flambda[to] = (float)lambda[from], o->fmu[to] = (float)mu[from];
    }
}

/* floats resolve small elements far from the origin only if the origin is in the body */
static void copy_places(struct tgv_hex_operator *o)
{
  for (size_t c = 0; c < 3; c++) {
    double low = INFINITY, high = -INFINITY;

    for (size_t q = 0; q < o->nodes; q++) {
      const double *x = o->mesh->x + (3 * q + c) * o->pitch;

      low = fmin(low, fmin(x[0], x[o->mesh->layers])), high = fmax(high, fmax(x[0], x[o->mesh->layers]));
    }
    for (size_t q = 0; q < o->nodes; q++)
      for (size_t k = 0; k < o->pitch; k++) {
        const size_t at = (3 * q + c) * o->pitch + k;

        o->fx[at] = (float)(o->mesh->x[at] - (low + high) / 2);
      }
  }
}

tgv_status tgv_hex_operator_make(const struct tgv_hex_body *body, struct tgv_hex_operator *out)
{
  const struct tgv_hex_mesh *mesh = body->mesh;
  tgv_status_code            status;

  TGV_BUG_IF(body->order == 2 && tgv_hex_mesh_even(mesh) != (TGV_HEX_PLANE | TGV_HEX_DEPTH));
  *out = (struct tgv_hex_operator){.order = body->order,
                                   .nodes = mesh->nodes,
                                   .layers = mesh->layers / (size_t)body->order,
                                   .pitch = mesh->pitch,
                                   .fixed = body->fixed,
                                   .mesh = mesh};
  out->stride = tgv_hex_pitch(out->layers);
  status = room(out, body->fixed);
  if (!status) {
    find_columns(out);
    status = colour_columns(out);
  }
  if (status) {
    tgv_hex_operator_release(out);
    return status;
  }
  tgv_hex_operator_moduli(out, body->lambda, body->mu);
  copy_places(out);
  if (body->fixed) memcpy(out->fixed_at, body->fixed_at, body->fixed * sizeof *body->fixed_at);
  return TGV_OK;
}

void tgv_hex_operator_release(struct tgv_hex_operator *o)
{
  free(o->node), free(o->material), free(o->lambda), free(o->mu), free(o->flambda), free(o->fmu), free(o->fx);
  free(o->tile), free(o->colour), free(o->fixed_at);
  *o = (struct tgv_hex_operator){0};
}

size_t tgv_hex_field(const struct tgv_hex_operator *o)
{
  return o->nodes * 3 * o->pitch;
}

bool tgv_hex_threads_pay(const struct tgv_hex_operator *o)
{
  return tgv_hex_field(o) > THREADED;
}

static struct tgv_hex_double in_double(const struct tgv_hex_operator *o)
{
  return (struct tgv_hex_double){o->layers,   o->pitch,   o->stride, o->node,
                                 o->material, o->mesh->x, o->lambda, o->mu};
}

/* what all columns share */
struct forces {
  const struct tgv_hex_operator *o;
  const struct tgv_hex_law      *law;
  struct tgv_hex_double          h;
  const double                  *eigen, *u;
};

/* y += the forces of column e */
static void add_column(const struct forces *f, size_t e, double *y)
{
  const int     order = f->o->order, c = f->law ? f->law->of_column[e] : -1;
  const double *law = NULL;

  if (c < 0) {
    (order == 1 ? column_1_double : column_2_double)(&f->h, e, f->eigen, f->u, y);
    return;
  }
  law = f->law->value + (size_t)c * (size_t)f->law->values * (order == 1 ? 8 : 27) * f->o->stride;
  if (f->law->values == 6)
    (order == 1 ? stress_1_double : stress_2_double)(&f->h, e, law, f->u, y);
  else
    (order == 1 ? tangent_1_double : tangent_2_double)(&f->h, e, law, f->u, y);
}

void tgv_hex_forces(const struct tgv_hex_operator *o, const struct tgv_hex_law *law, const double *eigen,
                    const double *u, double *y)
{
  const struct forces f = {o, law, in_double(o), eigen, u};

  memset(y, 0, tgv_hex_field(o) * sizeof *y);
  for (size_t c = 0; c < o->colours; c++) {
#pragma omp parallel for schedule(dynamic, 1) if (tgv_hex_threads_pay(o))
    for (size_t t = o->colour[c]; t < o->colour[c + 1]; t++)
      for (size_t e = o->tile[t]; e < o->tile[t + 1]; e++) add_column(&f, e, y);
  }
  for (size_t i = 0; i < o->fixed; i++) y[o->fixed_at[i]] = 0;
}

void tgv_hex_apply(const struct tgv_hex_operator *o, const double *u, double *y)
{
  tgv_hex_forces(o, NULL, NULL, u, y);
}

void tgv_hex_apply_float(const struct tgv_hex_operator *o, const float *u, float *y)
{
  const struct tgv_hex_float h = {o->layers,   o->pitch, o->stride,  o->node,
                                  o->material, o->fx,    o->flambda, o->fmu};

  memset(y, 0, tgv_hex_field(o) * sizeof *y);
  for (size_t c = 0; c < o->colours; c++) {
#pragma omp parallel for schedule(dynamic, 1) if (tgv_hex_threads_pay(o))
    for (size_t t = o->colour[c]; t < o->colour[c + 1]; t++)
      for (size_t e = o->tile[t]; e < o->tile[t + 1]; e++)
        o->order == 1 ? column_1_float(&h, e, NULL, u, y) : column_2_float(&h, e, NULL, u, y);
  }
  for (size_t i = 0; i < o->fixed; i++) y[o->fixed_at[i]] = 0;
}

tgv_status tgv_hex_strain_force(const struct tgv_hex_operator *o, const double *eigen, double *f)
{
  double *none = calloc(tgv_hex_field(o), sizeof *none);

  if (!none) return tgv_fail(TGV_MEMORY, "out of memory for the forces of %zu nodes", o->nodes);
  tgv_hex_forces(o, NULL, eigen, none, f);
  for (size_t i = 0; i < tgv_hex_field(o); i++) f[i] = -f[i];
  free(none);
  return TGV_OK;
}
