/** # Multigrid for elasticity

## Model
V-cycles in single precision over nested lattices, each of every second node of the one before. Elements of order 2 are first replaced by
elements of order 1 on the same corners, then cells are merged, in the plane and over the depth. Coarse stiffnesses are those of coarse
elements with the mean moduli of the cells they replace (material borders lie on patch borders in the plane, so that means are taken over
the depth only). Smoother: Chebyshev polynomials in the stiffness scaled by its diagonal, before and after. Transfer: linear in the numbers
of the nodes; its transpose for forces. The coarsest lattice is solved by a direct factor (CHOLMOD).

## Valid for
Elements whose sides differ by a factor of some ten, moduli that differ by a factor of some hundred; beyond, the number of iterations of the
conjugate gradients around it grows, the answer stays right.

## Neglects
Nothing in the answer: it is a preconditioner.

## Source
Our own arrangement of textbook parts; Chebyshev smoothing of the fourth kind after Lottes, Numer. Linear Algebra
Appl. 30 (2023) e2518 [recalled, unverified].

## Verified by
tests/unit/test_elasticity.c (iterations do not grow with refinement). */
#include "solver/hex_multigrid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"
#include "solver/hex_assembled.h"

enum {
  SWEEPS = 4,   /* degree of the smoother */
  LANCZOS = 14, /* steps for the largest eigenvalue */
  MOST_LEVELS = 24,
  DIRECT_GOOD = 20000 /* unknowns: factored in a blink, and coarser ones no longer show a circle */
};
static const float MARGIN = 1.1f; /* Lanczos steps end below the top */

struct level {
  struct tgv_hex_mesh            own_mesh;
  struct tgv_hex_operator        own;
  const struct tgv_hex_operator *op;
  float                          top;           /* of the spectrum of the scaled stiffness */
  float                         *inverse;       /* of the diagonal; 0 in held entries and padding */
  float                         *x, *b, *r, *d; /* fields; x and b not on the finest level */
  int                            axes;          /* halved on the way to the next level */
  int (*parent)[4];                             /* [nodes]: coarse nodes, -1: fewer */
  int *child_of, *child; /* the same the other way: child[child_of[q] .. child_of[q + 1]) */
};

struct tgv_hex_multigrid {
  size_t                    levels;
  struct level              level[MOST_LEVELS];
  struct tgv_hex_assembled *direct; /* of the coarsest level */
  double                   *b, *x;
};

/* ---- vectors */

/* the fields of a smoother: b - r is the residual if r holds the product, x moves by d */
struct sweep {
  size_t       n;
  const float *inverse, *b;
  float       *r, *d, *x;
};

TGV_CLONES static void move(const struct sweep *s, float keep, float scale)
{
  const float *const inverse = s->inverse, *const b = s->b, *const r = s->r;
  float *const d = s->d, *const x = s->x;

  TGV_SIMD()
  for (size_t i = 0; i < s->n; i++) {
    d[i] = keep * d[i] + scale * inverse[i] * (b[i] - r[i]);
    x[i] += d[i];
  }
}

TGV_CLONES static void subtract(size_t n, const float *b, float *r)
{
  for (size_t i = 0; i < n; i++) r[i] = b[i] - r[i];
}

/* ---- the smoother */

/* Chebyshev polynomials of the fourth kind, which need the top of the spectrum only. x is 0 on entry if `fresh`. */
static void smooth(const struct level *l, const float *b, float *x, bool fresh)
{
  const struct sweep sweep = {tgv_hex_field(l->op), l->inverse, b, l->r, l->d, x};
  const float        top = MARGIN * l->top;

  for (int s = 0; s < SWEEPS; s++) {
    const float keep = s ? (float)(2 * s - 1) / (float)(2 * s + 3) : 0;

    if (s || !fresh)
      tgv_hex_apply_float(l->op, x, l->r);
    else
      memset(l->r, 0, sweep.n * sizeof *l->r);
    move(&sweep, keep, (float)(8 * s + 4) / ((float)(2 * s + 3) * top));
  }
}

/* does the symmetric tridiagonal matrix have an eigenvalue above x? (Sturm: the last pivots) */
static bool has_above(const double *diagonal, const double *beside, int n, double x)
{
  double pivot = 1;

  for (int i = 0; i < n; i++) {
    pivot = diagonal[i] - x - (i ? beside[i - 1] * beside[i - 1] / pivot : 0);
    if (pivot > 0) return true;
    if (pivot == 0) pivot = -1e-300;
  }
  return false;
}

static double top_of(const double *diagonal, const double *beside, int n)
{
  double low = 0, high = 0;

  for (int i = 0; i < n; i++)
    high = fmax(high, diagonal[i] + (i ? beside[i - 1] : 0) + (i + 1 < n ? beside[i] : 0));
  while (high - low > 1e-4 * high) {
    const double x = (low + high) / 2;

    if (has_above(diagonal, beside, n, x))
      low = x;
    else
      high = x;
  }
  return high;
}

static double weighted(size_t n, const float *inverse, const float *a, const float *b)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    if (inverse[i] > 0) sum += (double)a[i] * (double)b[i] / (double)inverse[i];
  return sum;
}

/* the largest eigenvalue of the scaled stiffness by Lanczos steps from a rough field, in the product of the diagonal */
static tgv_status find_top(struct level *l)
{
  const size_t n = tgv_hex_field(l->op);
  float       *v = l->d, *w = l->r, *before = calloc(n, sizeof *before);
  double       diagonal[LANCZOS], beside[LANCZOS];
  int          steps = 0;

  if (!before) return tgv_fail(TGV_MEMORY, "out of memory for multigrid");
  for (size_t i = 0; i < n; i++)
    v[i] = l->inverse[i] > 0 ? (float)((i * 2654435761u >> 7) % 1024) / 512 - 1 : 0;
  for (double size = sqrt(weighted(n, l->inverse, v, v)); size > 0 && steps < LANCZOS;) {
    for (size_t i = 0; i < n; i++) v[i] = (float)((double)v[i] / size);
    tgv_hex_apply_float(l->op, v, w);
    for (size_t i = 0; i < n; i++) w[i] = l->inverse[i] * w[i] - (steps ? (float)size : 0) * before[i];
    diagonal[steps] = weighted(n, l->inverse, v, w);
    for (size_t i = 0; i < n; i++) {
      const float next = w[i] - (float)diagonal[steps] * v[i];

      before[i] = v[i], v[i] = next;
    }
    size = sqrt(weighted(n, l->inverse, v, v));
    beside[steps++] = size;
  }
  l->top = (float)top_of(diagonal, beside, steps);
  free(before);
  return TGV_OK;
}

/* ---- between levels */

static size_t parents(const int parent[4])
{
  size_t n = 1;

  while (n < 4 && parent[n] >= 0) n++;
  return n;
}

/* adds a coarse line of n nodes to a fine one */
static void prolong_line(size_t n, bool depth, float weight, const float *from, float *to)
{
  if (!depth) {
    for (size_t k = 0; k < n; k++) to[k] += weight * from[k];
    return;
  }
  for (size_t k = 0; k < n; k++) to[2 * k] += weight * from[k];
  for (size_t k = 0; k + 1 < n; k++) to[2 * k + 1] += 0.5f * weight * (from[k] + from[k + 1]);
}

/* the transpose: adds a fine line to a coarse one of n nodes */
static void restrict_line(size_t n, bool depth, float weight, const float *from, float *to)
{
  if (!depth) {
    for (size_t k = 0; k < n; k++) to[k] += weight * from[k];
    return;
  }
  for (size_t k = 0; k < n; k++) to[k] += weight * from[2 * k];
  for (size_t k = 0; k + 1 < n; k++) {
    to[k] += 0.5f * weight * from[2 * k + 1];
    to[k + 1] += 0.5f * weight * from[2 * k + 1];
  }
}

/* x of the fine level += the coarse x, linear in between */
static void prolong(const struct level *fine, const struct level *coarse, const float *from, float *x)
{
  const size_t rows = coarse->op->mesh->layers + 1;

#pragma omp parallel for schedule(static) if (tgv_hex_threads_pay(fine->op))
  for (size_t q = 0; q < fine->op->nodes; q++) {
    const size_t n = parents(fine->parent[q]);

    for (size_t c = 0; c < 3; c++)
      for (size_t a = 0; a < n; a++)
        prolong_line(rows, fine->axes & TGV_HEX_DEPTH, 1.0f / (float)n,
                     from + ((size_t)fine->parent[q][a] * 3 + c) * coarse->op->pitch,
                     x + (q * 3 + c) * fine->op->pitch);
  }
  for (size_t i = 0; i < fine->op->fixed; i++) x[fine->op->fixed_at[i]] = 0;
}

/* b of the coarse level = forces r of the fine one, by the transpose of prolong */
static void restrict_to(const struct level *fine, const struct level *coarse, const float *r, float *b)
{
  const size_t rows = coarse->op->mesh->layers + 1;

#pragma omp parallel for schedule(static) if (tgv_hex_threads_pay(fine->op))
  for (size_t q = 0; q < coarse->op->nodes; q++)
    for (size_t c = 0; c < 3; c++) {
      float *to = b + (q * 3 + c) * coarse->op->pitch;

      memset(to, 0, rows * sizeof *to);
      for (int a = fine->child_of[q]; a < fine->child_of[q + 1]; a++) {
        const size_t f = (size_t)fine->child[a];

        restrict_line(rows, fine->axes & TGV_HEX_DEPTH, 1.0f / (float)parents(fine->parent[f]),
                      r + (f * 3 + c) * fine->op->pitch, to);
      }
    }
  for (size_t i = 0; i < coarse->op->fixed; i++) b[coarse->op->fixed_at[i]] = 0;
}

/* the coarse nodes around each fine one, patch by patch; a node of two patches gets the same from both */
static void find_parents(struct level *fine, const struct tgv_hex_mesh *coarse)
{
  const struct tgv_hex_mesh *mesh = fine->op->mesh;
  const size_t               step = fine->axes & TGV_HEX_PLANE ? 2 : 1;

  for (size_t p = 0; p < mesh->patches; p++) {
    const struct tgv_hex_patch *f = &mesh->patch[p], *c = &coarse->patch[p];

    for (size_t j = 0; j <= f->n; j++)
      for (size_t i = 0; i <= f->m; i++) {
        const size_t i0 = i / step, j0 = j / step, i1 = (i + step - 1) / step, j1 = (j + step - 1) / step;
        int         *to = fine->parent[f->node[i + (f->m + 1) * j]];
        size_t       n = 0;

        for (size_t b = j0; b <= j1; b++)
          for (size_t a = i0; a <= i1; a++) to[n++] = c->node[a + (c->m + 1) * b];
        while (n < 4) to[n++] = -1;
      }
  }
}

static tgv_status link_levels(struct level *fine, const struct tgv_hex_mesh *coarse)
{
  const size_t nodes = fine->op->nodes;

  fine->parent = calloc(nodes, sizeof *fine->parent);
  fine->child_of = calloc(coarse->nodes + 2, sizeof *fine->child_of);
  fine->child = calloc(4 * nodes, sizeof *fine->child);
  if (!fine->parent || !fine->child_of || !fine->child)
    return tgv_fail(TGV_MEMORY, "out of memory for multigrid");
  find_parents(fine, coarse);
  for (size_t q = 0; q < nodes; q++)
    for (size_t a = 0; a < parents(fine->parent[q]); a++) fine->child_of[fine->parent[q][a] + 2]++;
  for (size_t q = 0; q < coarse->nodes; q++) fine->child_of[q + 2] += fine->child_of[q + 1];
  for (size_t q = 0; q < nodes; q++)
    for (size_t a = 0; a < parents(fine->parent[q]); a++)
      fine->child[fine->child_of[fine->parent[q][a] + 1]++] = (int)q;
  return TGV_OK;
}

/* ---- setting up */

static tgv_status level_room(struct level *l, bool finest)
{
  const size_t n = tgv_hex_field(l->op);
  double      *diagonal = malloc(n * sizeof *diagonal);

  l->inverse = calloc(n, sizeof *l->inverse), l->r = calloc(n, sizeof *l->r), l->d = calloc(n, sizeof *l->d);
  if (!finest) l->x = calloc(n, sizeof *l->x), l->b = calloc(n, sizeof *l->b);
  if (!diagonal || !l->inverse || !l->r || !l->d || (!finest && (!l->x || !l->b))) {
    free(diagonal);
    return tgv_fail(TGV_MEMORY, "out of memory for a level of multigrid");
  }
  tgv_hex_diagonal(l->op, diagonal);
  for (size_t i = 0; i < n; i++)
    l->inverse[i] = i % l->op->pitch <= l->op->mesh->layers ? (float)(1 / diagonal[i]) : 0;
  for (size_t i = 0; i < l->op->fixed; i++) l->inverse[l->op->fixed_at[i]] = 0;
  free(diagonal);
  return TGV_OK;
}

/* mean moduli of the layers of elements that a coarse one replaces */
static void mean_moduli(const struct tgv_hex_operator *fine, size_t layers, double *lambda, double *mu)
{
  const size_t step = fine->layers / layers;

  for (size_t p = 0; p < fine->mesh->patches; p++)
    for (size_t k = 0; k < layers; k++) {
      double l = 0, m = 0;

      for (size_t s = 0; s < step; s++) {
        l += fine->lambda[p * fine->stride + k * step + s];
        m += fine->mu[p * fine->stride + k * step + s];
      }
      lambda[p * layers + k] = l / (double)step, mu[p * layers + k] = m / (double)step;
    }
}

/* the held entries of the coarse lattice are those whose fine twin is held */
static size_t coarse_fixed(const struct tgv_hex_operator *fine, const struct tgv_hex_mesh *coarse, int axes,
                           const int *fine_of, size_t *at)
{
  const size_t step = axes & TGV_HEX_DEPTH ? 2 : 1;
  char        *held = calloc(tgv_hex_field(fine), 1);
  size_t       n = 0;

  if (!held) return SIZE_MAX;
  for (size_t i = 0; i < fine->fixed; i++) held[fine->fixed_at[i]] = 1;
  for (size_t q = 0; q < coarse->nodes; q++)
    for (size_t c = 0; c < 3; c++)
      for (size_t k = 0; k <= coarse->layers; k++)
        if (held[((size_t)fine_of[q] * 3 + c) * fine->pitch + k * step])
          at[n++] = (q * 3 + c) * coarse->pitch + k;
  free(held);
  return n;
}

static tgv_status coarser(struct level *fine, struct level *l)
{
  const struct tgv_hex_operator *o = fine->op;
  const size_t                   layers = fine->axes & TGV_HEX_DEPTH ? o->mesh->layers / 2 : o->mesh->layers;
  int                           *fine_of = calloc(o->nodes, sizeof *fine_of);
  double                        *lambda = calloc(o->mesh->patches * layers, sizeof *lambda);
  double                        *mu = calloc(o->mesh->patches * layers, sizeof *mu);
  size_t                        *at = calloc(o->fixed ? o->fixed : 1, sizeof *at), fixed = 0;
  tgv_status_code                status = TGV_OK;

  if (!fine_of || !lambda || !mu || !at) status = tgv_fail(TGV_MEMORY, "out of memory for multigrid");
  if (!status) status = tgv_hex_mesh_coarsen(o->mesh, fine->axes, &l->own_mesh, fine_of);
  if (!status) fixed = coarse_fixed(o, &l->own_mesh, fine->axes, fine_of, at);
  if (fixed == SIZE_MAX) status = tgv_fail(TGV_MEMORY, "out of memory for multigrid");
  if (!status) {
    mean_moduli(o, layers, lambda, mu);
    status = tgv_hex_operator_make(&(struct tgv_hex_body){&l->own_mesh, 1, lambda, mu, fixed, at}, &l->own);
  }
  if (!status) {
    l->op = &l->own;
    status = link_levels(fine, &l->own_mesh);
  }
  free(fine_of), free(lambda), free(mu), free(at);
  return status;
}

static size_t unknowns(const struct tgv_hex_operator *o)
{
  return o->nodes * 3 * (o->mesh->layers + 1);
}

/* What is halved on the way down: order 2 becomes order 1 on the nodes at its corners, then whatever is even. */
static int halve(const struct tgv_hex_operator *o)
{
  return o->order == 2 ? TGV_HEX_PLANE | TGV_HEX_DEPTH : tgv_hex_mesh_even(o->mesh);
}

tgv_status tgv_hex_multigrid_make(const struct tgv_hex_operator *fine, struct tgv_hex_multigrid **out)
{
  struct tgv_hex_multigrid *m = calloc(1, sizeof *m);
  tgv_status_code           status = TGV_OK;

  *out = NULL;
  if (!m) return tgv_fail(TGV_MEMORY, "out of memory for multigrid");
  m->level[0].op = fine, m->levels = 1;
  for (;;) {
    struct level *l = &m->level[m->levels - 1];

    status = level_room(l, m->levels == 1);
    if (status) break;
    status = find_top(l);
    if (status) break;
    if ((l->op->order == 1 && unknowns(l->op) <= DIRECT_GOOD) || m->levels == MOST_LEVELS) break;
    l->axes = halve(l->op);
    if (!l->axes) break;
    status = coarser(l, l + 1);
    if (status) break;
    m->levels++;
  }
  const struct tgv_hex_operator *last = m->level[m->levels - 1].op;
  if (!status) status = tgv_hex_assembled_make(last, TGV_HEX_DIRECT, &m->direct);
  m->b = calloc(tgv_hex_field(last), sizeof *m->b), m->x = calloc(tgv_hex_field(last), sizeof *m->x);
  if (!status && (!m->b || !m->x)) status = tgv_fail(TGV_MEMORY, "out of memory for multigrid");
  if (status)
    tgv_hex_multigrid_free(m);
  else
    *out = m;
  return status;
}

void tgv_hex_multigrid_free(struct tgv_hex_multigrid *m)
{
  if (!m) return;
  for (size_t i = 0; i < MOST_LEVELS; i++) {
    struct level *l = &m->level[i];

    free(l->inverse), free(l->x), free(l->b), free(l->r), free(l->d);
    free(l->parent), free(l->child_of), free(l->child);
    tgv_hex_operator_release(&l->own);
    tgv_hex_mesh_release(&l->own_mesh);
  }
  tgv_hex_assembled_free(m->direct);
  free(m->b), free(m->x);
  free(m);
}

size_t tgv_hex_multigrid_levels(const struct tgv_hex_multigrid *m)
{
  return m->levels;
}

static tgv_status solve_coarsest(struct tgv_hex_multigrid *m, const float *b, float *x)
{
  const size_t n = tgv_hex_field(m->level[m->levels - 1].op);

  for (size_t i = 0; i < n; i++) m->b[i] = (double)b[i];
  TGV_TRY(tgv_hex_assembled_solve(m->direct, m->b, m->x, 0, NULL));
  for (size_t i = 0; i < n; i++) x[i] = (float)m->x[i];
  return TGV_OK;
}

tgv_status tgv_hex_multigrid_cycle(struct tgv_hex_multigrid *m, const float *b, float *x)
{
  const size_t last = m->levels - 1;

  memset(x, 0, tgv_hex_field(m->level[0].op) * sizeof *x);
  if (last == 0) return solve_coarsest(m, b, x);
  for (size_t i = 0; i < last; i++) {
    struct level *l = &m->level[i], *next = l + 1;
    float        *to = i ? l->x : x;
    const float  *from = i ? l->b : b;

    if (i) memset(to, 0, tgv_hex_field(l->op) * sizeof *to);
    smooth(l, from, to, true);
    tgv_hex_apply_float(l->op, to, l->r);
    subtract(tgv_hex_field(l->op), from, l->r);
    restrict_to(l, next, l->r, next->b);
  }
  TGV_TRY(solve_coarsest(m, m->level[last].b, m->level[last].x));
  for (size_t i = last; i-- > 0;) {
    struct level *l = &m->level[i];

    prolong(l, l + 1, l[1].x, i ? l->x : x);
    smooth(l, i ? l->b : b, i ? l->x : x, false);
  }
  return TGV_OK;
}
