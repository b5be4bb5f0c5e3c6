/* A regime model at many vias: sixteen at a time in single precision, the same bits on every instruction set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"
#include "core/logarithm.h"
#include "core/text.h"
#include "solver/regime_inside.h"

enum { LANES = 16, UNROLL = 4 };

/* A polynomial: coefficients of the terms, filled up with zeros to a multiple of UNROLL. */
struct polynomial {
  size_t n;
  float *c;
};

struct regime_kernel {
  size_t axes, degree, terms, outputs, regimes, nodes;
  struct {
    float low, high, middle, inverse, scale; /* u = (x - middle) scale, or ln(x / middle) scale */
    bool  logarithmic;
  } axis[TGV_REGIME_AXES_MAX];
  uint8_t           parent[REGIME_TERMS_MAX], of[REGIME_TERMS_MAX], power[REGIME_TERMS_MAX];
  struct polynomial decision[TGV_REGIME_MAX];
  float             band[TGV_REGIME_MAX];
  uint32_t          above[TGV_REGIME_MAX], below[TGV_REGIME_MAX];
  size_t            next[TGV_REGIME_MAX][2]; /* below, above: the next node, or nodes + the regime */
  struct polynomial value[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX];
  float  least[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX], most[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX];
  size_t root; /* first node, or nodes + the only regime */
  size_t margin_node;
  float  margin_sign;
  float  shown[TGV_REGIME_MAX];
};

/* ---- making */

static struct polynomial make_polynomial(const struct regime_fit *f)
{
  struct polynomial p = {.n = (f->terms + UNROLL - 1) / UNROLL * UNROLL};

  p.c = tgv_allocate(p.n + 1, sizeof *p.c);
  for (size_t j = 0; j < f->terms; j++) p.c[j] = (float)f->c[j];
  return p;
}

static size_t leaf(const struct tgv_regime_model *m, uint32_t set)
{
  const size_t node = tgv_regime_node_of(m, set);
  size_t       r = 0;

  if (node != SIZE_MAX) return node;
  while (!(set >> r & 1)) r++;
  return m->nodes + r;
}

static void make_axes(const struct tgv_regime_model *m, struct regime_kernel *k)
{
  for (size_t a = 0; a < k->axes; a++) {
    const struct tgv_regime_axis *from = &m->plan.axis[a];
    const double                  low = from->low, high = from->high;
    const double                  middle = from->logarithmic ? sqrt(low * high) : 0.5 * (low + high);

    k->axis[a].low = (float)low, k->axis[a].high = (float)high;
    k->axis[a].middle = (float)middle, k->axis[a].inverse = (float)(1 / middle);
    k->axis[a].scale = (float)(2 / (from->logarithmic ? log(high / low) : high - low));
    k->axis[a].logarithmic = from->logarithmic;
  }
}

static void make_nodes(const struct tgv_regime_model *m, struct regime_kernel *k)
{
  uint32_t present = 0;

  for (size_t r = 0; r < m->plan.regimes; r++)
    if (m->report.count[r] > 0) present |= 1u << r;
  k->root = leaf(m, present);
  for (size_t i = 0; i < m->nodes; i++) {
    const struct regime_node *n = &m->node[i];

    k->decision[i] = make_polynomial(&n->fit);
    k->band[i] = (float)n->band;
    k->next[i][0] = leaf(m, n->below);
    k->next[i][1] = leaf(m, n->above);
    if (n->fit.terms > k->terms) k->terms = n->fit.terms, k->degree = n->fit.degree;
  }
}

void tgv_regime_kernel_make(struct tgv_regime_model *m)
{
  struct regime_kernel *k = tgv_allocate(1, sizeof *k);

  m->kernel = k;
  k->axes = m->plan.axes, k->outputs = m->plan.outputs, k->regimes = m->plan.regimes, k->nodes = m->nodes;
  k->margin_node = m->margin_node, k->margin_sign = (float)m->margin_sign;
  k->terms = 1;
  make_axes(m, k);
  make_nodes(m, k);
  for (size_t r = 0; r < k->regimes; r++) k->shown[r] = (float)tgv_regime_shown(&m->plan, r);
  for (size_t r = 0; r < k->regimes; r++)
    for (size_t o = 0; o < k->outputs; o++) {
      const struct regime_fit *f = &m->value[r][o];

      k->value[r][o] = make_polynomial(f);
      k->least[r][o] = (float)m->least[r][o], k->most[r][o] = (float)m->most[r][o];
      if (f->terms > k->terms) k->terms = f->terms, k->degree = f->degree;
    }
  memcpy(k->parent, m->basis.parent, sizeof k->parent);
  memcpy(k->of, m->basis.axis, sizeof k->of);
  memcpy(k->power, m->basis.power, sizeof k->power);
}

void tgv_regime_kernel_free(struct regime_kernel *k)
{
  if (!k) return;
  for (size_t i = 0; i < k->nodes; i++) free(k->decision[i].c);
  for (size_t r = 0; r < k->regimes; r++)
    for (size_t o = 0; o < k->outputs; o++) free(k->value[r][o].c);
  free(k);
}

/* ---- sixteen vias */

struct lanes {
  float    P[TGV_REGIME_AXES_MAX][REGIME_DEGREE_MAX + 1][LANES];
  float    phi[REGIME_TERMS_MAX + UNROLL][LANES];
  float    decision[TGV_REGIME_MAX][LANES];
  uint32_t outside[LANES], uncertain[LANES];
  size_t   regime[LANES];
};

TGV_CLONES static void axis_polynomials(const struct regime_kernel *k, size_t a, const float *x,
                                        struct lanes *l)
{
  const float low = k->axis[a].low, high = k->axis[a].high, scale = k->axis[a].scale;
  const float middle = k->axis[a].middle, inverse = k->axis[a].inverse;
  const bool  logarithmic = k->axis[a].logarithmic;
  float(*P)[LANES] = l->P[a], u[LANES];

  TGV_SIMD()
  for (size_t i = 0; i < LANES; i++) {
    float held = x[i] > low ? x[i] : low; /* NaN: low */

    held = held < high ? held : high;
    l->outside[i] |= x[i] >= low && x[i] <= high ? 0u : 1u;
    u[i] = logarithmic ? tgv_logarithm(held * inverse) * scale : (held - middle) * scale;
    u[i] = u[i] > -1.0f ? u[i] : -1.0f;
    u[i] = u[i] < 1.0f ? u[i] : 1.0f;
    P[0][i] = 1.0f;
    P[1][i] = u[i];
  }
  for (size_t p = 2; p <= k->degree; p++) {
    const float b = (float)(2 * p - 1) / (float)p, c = (float)(p - 1) / (float)p;

    TGV_SIMD()
    for (size_t i = 0; i < LANES; i++) P[p][i] = b * u[i] * P[p - 1][i] - c * P[p - 2][i];
  }
  for (size_t p = 1; p <= k->degree; p++) {
    const float norm = sqrtf((float)(2 * p + 1));

    TGV_SIMD()
    for (size_t i = 0; i < LANES; i++) P[p][i] *= norm;
  }
}

TGV_CLONES static void make_terms(const struct regime_kernel *k, struct lanes *l)
{
  for (size_t i = 0; i < LANES; i++) l->phi[0][i] = 1.0f;
  for (size_t t = 1; t < k->terms; t++) {
    const float *parent = l->phi[k->parent[t]], *P = l->P[k->of[t]][k->power[t]];
    float       *phi = l->phi[t];

    TGV_SIMD()
    for (size_t i = 0; i < LANES; i++) phi[i] = parent[i] * P[i];
  }
  memset(l->phi[k->terms], 0, UNROLL * sizeof *l->phi);
}

TGV_CLONES static void evaluate(const struct polynomial *p, const float (*restrict phi)[LANES],
                                float *restrict y)
{
  const float *restrict c = p->c;
  const size_t n = p->n;

  TGV_SIMD()
  for (size_t i = 0; i < LANES; i++) {
    float a0 = 0, a1 = 0, a2 = 0, a3 = 0;

    for (size_t j = 0; j < n; j += UNROLL) {
      a0 += c[j] * phi[j][i];
      a1 += c[j + 1] * phi[j + 1][i];
      a2 += c[j + 2] * phi[j + 2][i];
      a3 += c[j + 3] * phi[j + 3][i];
    }
    y[i] = (a0 + a1) + (a2 + a3);
  }
}

/* down the tree; returns which regimes there are */
static uint32_t find_regimes(const struct regime_kernel *k, struct lanes *l)
{
  uint32_t met = 0;

  for (size_t n = 0; n < k->nodes; n++)
    evaluate(&k->decision[n], (const float(*)[LANES])l->phi, l->decision[n]);
  for (size_t i = 0; i < LANES; i++) {
    size_t at = k->root;

    while (at < k->nodes) {
      const float d = l->decision[at][i];

      l->uncertain[i] |= fabsf(d) <= k->band[at];
      at = k->next[at][d >= 0.0f];
    }
    l->regime[i] = at - k->nodes;
    met |= 1u << l->regime[i];
  }
  return met;
}

/* Values of one output of one regime, held within the rows, to those of the vias that are in it. */
struct taking {
  const size_t *regime;
  size_t        r, count;
  float         least, most;
};

TGV_CLONES static void choose(struct taking t, const float *y, float *to)
{
  for (size_t i = 0; i < t.count; i++) {
    float v = y[i] > t.least ? y[i] : t.least;

    v = v < t.most ? v : t.most;
    to[i] = t.regime[i] == t.r ? v : to[i];
  }
}

static void put_values(const struct regime_kernel *k, const struct lanes *l, uint32_t met, float *const *to,
                       size_t count)
{
  float y[LANES];

  for (size_t r = 0; r < k->regimes; r++)
    for (size_t o = 0; o < k->outputs && met >> r & 1; o++) {
      if (!to[o]) continue;
      evaluate(&k->value[r][o], (const float(*)[LANES])l->phi, y);
      choose((struct taking){l->regime, r, count, k->least[r][o], k->most[r][o]}, y, to[o]);
    }
}

void tgv_regime_model_at(const struct tgv_regime_model *m, size_t n, const float *const *x,
                         const struct tgv_regime_values *to, struct tgv_regime_flags flags)
{
  const struct regime_kernel *k = m->kernel;
  struct lanes                l;

  for (size_t first = 0; first < n; first += LANES) {
    const size_t count = n - first < LANES ? n - first : LANES;
    float       *y[TGV_REGIME_OUTPUTS_MAX];

    for (size_t o = 0; o < k->outputs; o++) y[o] = to->y[o] ? to->y[o] + first : NULL;
    memset(l.outside, 0, sizeof l.outside);
    memset(l.uncertain, 0, sizeof l.uncertain);
    for (size_t a = 0; a < k->axes; a++) {
      float part[LANES];

      for (size_t i = 0; i < LANES; i++) part[i] = x[a][first + (i < count ? i : count - 1)];
      axis_polynomials(k, a, part, &l);
    }
    make_terms(k, &l);
    put_values(k, &l, find_regimes(k, &l), y, count);
    for (size_t i = 0; i < count; i++) {
      if (to->regime) to->regime[first + i] = k->shown[l.regime[i]];
      if (to->margin)
        to->margin[first + i] = k->margin_node < k->nodes ? l.decision[k->margin_node][i] : k->margin_sign;
      if (flags.flags)
        flags.flags[first + i] |=
            (l.outside[i] ? flags.outside : 0u) | (l.uncertain[i] ? flags.uncertain : 0u);
    }
  }
}
