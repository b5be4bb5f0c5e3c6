/* A regime model at many vias: sixteen at a time in single precision, the same bits on every instruction set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"
#include "core/logarithm.h"
#include "core/text.h"
#include "solver/regime_inside.h"

enum { LANES = 16, TOGETHER = 4 };

/* Sixteen vias at once, in one register or in several. */
typedef float wide __attribute__((vector_size(LANES * sizeof(float))));

/* Polynomials of the same vias, TOGETHER at a time: what a term is at them is looked up once for all. Filled up with zeros. */
struct polynomials {
  size_t terms, n; /* n: places, a multiple of TOGETHER */
  float *c;        /* [terms][n] */
};

struct regime_kernel {
  size_t axes, degree, terms, outputs, regimes, nodes;
  struct {
    float low, high, middle, inverse, scale; /* u = (x - middle) scale, or ln(x / middle) scale */
    bool  logarithmic;
  } axis[TGV_REGIME_AXES_MAX];
  uint8_t            parent[REGIME_TERMS_MAX], of[REGIME_TERMS_MAX], power[REGIME_TERMS_MAX];
  struct polynomials decision; /* of the nodes */
  float              band[TGV_REGIME_MAX];
  size_t             next[TGV_REGIME_MAX][2]; /* below, above: the next node, or nodes + the regime */
  struct polynomials value[TGV_REGIME_MAX];   /* of the outputs */
  float  least[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX], most[TGV_REGIME_MAX][TGV_REGIME_OUTPUTS_MAX];
  float  shown[TGV_REGIME_MAX];
  size_t root; /* first node, or nodes + the only regime */
  size_t margin_node;
  float  margin_sign;
};

/* ---- making */

static struct polynomials make_polynomials(struct regime_kernel *k, const struct regime_fit *const *fit,
                                           size_t count)
{
  struct polynomials p = {.n = (count + TOGETHER - 1) / TOGETHER * TOGETHER};

  for (size_t i = 0; i < count; i++) {
    if (fit[i]->terms > p.terms) p.terms = fit[i]->terms;
    if (fit[i]->terms > k->terms) k->terms = fit[i]->terms, k->degree = fit[i]->degree;
  }
  p.c = tgv_allocate(p.terms * p.n + 1, sizeof *p.c);
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < fit[i]->terms; j++) p.c[j * p.n + i] = (float)fit[i]->c[j];
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
  const struct regime_fit *fit[TGV_REGIME_MAX];
  uint32_t                 present = 0;

  for (size_t r = 0; r < m->plan.regimes; r++)
    if (m->report.count[r] > 0) present |= 1u << r;
  k->root = leaf(m, present);
  for (size_t i = 0; i < m->nodes; i++) {
    const struct regime_node *n = &m->node[i];

    fit[i] = &n->fit;
    k->band[i] = (float)n->band;
    k->next[i][0] = leaf(m, n->below);
    k->next[i][1] = leaf(m, n->above);
  }
  k->decision = make_polynomials(k, fit, m->nodes);
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
  for (size_t r = 0; r < k->regimes; r++) {
    const struct regime_fit *fit[TGV_REGIME_OUTPUTS_MAX];

    for (size_t o = 0; o < k->outputs; o++) {
      fit[o] = &m->value[r][o];
      k->least[r][o] = (float)m->least[r][o], k->most[r][o] = (float)m->most[r][o];
    }
    k->value[r] = make_polynomials(k, fit, k->outputs);
  }
  memcpy(k->parent, m->basis.parent, sizeof k->parent);
  memcpy(k->of, m->basis.axis, sizeof k->of);
  memcpy(k->power, m->basis.power, sizeof k->power);
}

void tgv_regime_kernel_free(struct regime_kernel *k)
{
  if (!k) return;
  free(k->decision.c);
  for (size_t r = 0; r < k->regimes; r++) free(k->value[r].c);
  free(k);
}

/* ---- sixteen vias */

struct lanes {
  wide     P[TGV_REGIME_AXES_MAX][REGIME_DEGREE_MAX + 1];
  wide     phi[REGIME_TERMS_MAX];
  wide     decision[TGV_REGIME_MAX + TOGETHER];
  uint32_t outside[LANES], uncertain[LANES], regime[LANES];
};

TGV_CLONES static void axis_polynomials(const struct regime_kernel *k, size_t a, const float *x,
                                        struct lanes *l)
{
  const float low = k->axis[a].low, high = k->axis[a].high, scale = k->axis[a].scale;
  const float middle = k->axis[a].middle, inverse = k->axis[a].inverse;
  const bool  logarithmic = k->axis[a].logarithmic;
  wide       *P = l->P[a];
  float       u[LANES];

  TGV_SIMD()
  for (size_t i = 0; i < LANES; i++) {
    float held = x[i] > low ? x[i] : low; /* NaN: low */

    held = held < high ? held : high;
    l->outside[i] |= x[i] >= low && x[i] <= high ? 0u : 1u;
    u[i] = logarithmic ? tgv_logarithm(held * inverse) * scale : (held - middle) * scale;
    u[i] = u[i] > -1.0f ? u[i] : -1.0f;
    u[i] = u[i] < 1.0f ? u[i] : 1.0f;
  }
  memcpy(&P[1], u, sizeof u);
  P[0] = P[1] * 0.0f + 1.0f;
  for (size_t p = 2; p <= k->degree; p++) {
    const float b = (float)(2 * p - 1) / (float)p, c = (float)(p - 1) / (float)p;

    P[p] = b * P[1] * P[p - 1] - c * P[p - 2];
  }
  for (size_t p = 1; p <= k->degree; p++) P[p] *= sqrtf((float)(2 * p + 1));
}

TGV_CLONES static void make_terms(const struct regime_kernel *k, struct lanes *l)
{
  l->phi[0] = l->P[0][0];
  for (size_t t = 1; t < k->terms; t++) l->phi[t] = l->phi[k->parent[t]] * l->P[k->of[t]][k->power[t]];
}

/* y[TOGETHER]: the polynomials first, first + 1, ... */
TGV_CLONES static void evaluate(const struct polynomials *p, size_t first, const wide *phi, wide *y)
{
  const float *c = p->c + first;
  wide         a = phi[0] * 0.0f, b = a, d = a, e = a;

  for (size_t j = 0; j < p->terms; j++, c += p->n) {
    a += c[0] * phi[j], b += c[1] * phi[j];
    d += c[2] * phi[j], e += c[3] * phi[j];
  }
  y[0] = a, y[1] = b, y[2] = d, y[3] = e;
}

/* down the tree; returns which regimes there are */
static uint32_t find_regimes(const struct regime_kernel *k, struct lanes *l)
{
  uint32_t met = 0;

  for (size_t n = 0; n < k->nodes; n += TOGETHER) evaluate(&k->decision, n, l->phi, &l->decision[n]);
  for (size_t i = 0; i < LANES; i++) {
    size_t at = k->root;

    while (at < k->nodes) {
      const float d = l->decision[at][i];

      l->uncertain[i] |= fabsf(d) <= k->band[at];
      at = k->next[at][d >= 0.0f];
    }
    l->regime[i] = (uint32_t)(at - k->nodes);
    met |= 1u << l->regime[i];
  }
  return met;
}

/* Values of one output of one regime, held within the rows, to those of the vias that are in it. */
struct taking {
  const uint32_t *regime;
  uint32_t        r;
  size_t          count;
  float           least, most;
};

TGV_CLONES static void choose(struct taking t, const float *restrict y, float *restrict to)
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
  wide y[TOGETHER];

  for (uint32_t r = 0; r < k->regimes; r++)
    for (size_t o = 0; o < k->outputs && met >> r & 1; o++) {
      if (o % TOGETHER == 0) evaluate(&k->value[r], o, l->phi, y);
      if (to[o])
        choose((struct taking){l->regime, r, count, k->least[r][o], k->most[r][o]},
               (const float *)&y[o % TOGETHER], to[o]);
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
