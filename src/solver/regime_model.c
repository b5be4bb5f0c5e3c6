/** # Regime model: a classifier and one regressor per regime

## Model
A solver says for a point of the inputs in which of a few regimes it ends, and gives numbers that jump from regime to regime (the depth of a
void where there is one). Its answers at a designed set of points are all that is used.

**Points.** Six tenths of the runs are spread evenly by Sobol's sequence. The others follow in four rounds along the boundaries: in the
middle of the widest gaps between neighbours of different regimes, and where a quadratic classifier of what is known so far is least sure,
apart from each other. Then come rounds of both kinds until the held-out errors are small enough, half as many runs again have not made them smaller, or
the number of runs is reached.
A point without an answer is left out and counted.

**Classifier.** A tree of decision functions, one for each boundary: first the sound regimes against the others, then within each set the
most common regime against the rest. Each is a logistic regression on polynomials (solver/regime_fit.c), a smooth function
whose sign decides. It is divided by the mean length of its gradient at the rows next to the boundary, so its unit is the distance to the
boundary in half ranges of the inputs. The first one is the *margin*. Regimes that go by the same name, because only some output jumps
between them, are parted last.

**Regressors.** Each output is fitted in each regime from the rows of that regime alone; nothing is interpolated across a boundary.
Predictions are held within the values of the rows, widened by a tenth of their span. A regime of fewer rows than inputs + 2 gets means.

**Held-out.** Tenths of the rows in turn are predicted from the other nine, with degree and ridge as chosen on all. From it come the confusion
matrix, the mistakes of each boundary, and error and $Q^2 = 1 - \sum r^2 / \sum (y - \bar y)^2$ of each output in each regime. The *band* of a
boundary of $n$ mistakes is $1.5 + 3 / n$ times the largest decision value at which a held-out row was on the wrong side (the least decision value of any row if none
was); of many such rows the worst twentieth, at most a hundredth of all rows, may be outside. Within the band a via is uncertain.

## Valid for
The ranges of the inputs; outside a point is held at the edge and flagged. Boundaries that a polynomial of the degree can follow.

## Neglects
A regime that fills so little of the ranges that no run meets it. A pattern finer than the distance of the runs.

## Source
Nested dichotomies: E. Frank, S. Kramer, ICML 2004; logistic regression and ridge as usual. Sampling along the
boundary after the idea of active learning for limit states, B. Echard et al., Struct. Saf. 33 (2011) 145.

## Verified by
tests/unit/test_regime_model.c: a curved jump in two and five dimensions with known answer, resumption, threads and ranks,
the kernel against this file's double precision; tests/unit/test_clones.c and test_ranks.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/regime_inside.h"

/* ---- the tree */

static size_t ones(uint32_t set)
{
  size_t n = 0;

  for (; set; set &= set - 1) n++;
  return n;
}

size_t tgv_regime_node_of(const struct tgv_regime_model *m, uint32_t set)
{
  if (ones(set) < 2) return SIZE_MAX;
  for (size_t k = 0; k < m->nodes; k++)
    if ((m->node[k].above | m->node[k].below) == set) return k;
  return SIZE_MAX;
}

size_t tgv_regime_shown(const struct tgv_regime_plan *p, size_t regime)
{
  return p->merged ? p->shown[regime] : regime;
}

size_t tgv_regime_kind(const struct tgv_regime_plan *p, const struct tgv_regime_answer *a)
{
  return p->kind ? p->kind(a) : a->regime;
}

/* those regimes of a set that go by the same name as regime r */
static uint32_t alike(const struct tgv_regime_plan *p, uint32_t set, size_t r)
{
  uint32_t same = 0;

  for (size_t k = 0; k < p->regimes; k++)
    if (set >> k & 1 && tgv_regime_shown(p, k) == tgv_regime_shown(p, r)) same |= 1u << k;
  return same;
}

static size_t rows_of(const struct tgv_regime_model *m, uint32_t set)
{
  size_t n = 0;

  for (size_t r = 0; r < m->plan.regimes; r++)
    if (set >> r & 1) n += m->report.count[r];
  return n;
}

/* What is above the boundary by which a set is split: the sound regimes, else the most common name, else the most common regime. */
static uint32_t upper_part(const struct tgv_regime_model *m, uint32_t set)
{
  uint32_t sound = 0, best = 0;

  for (size_t r = 0; r < m->plan.regimes; r++)
    if (m->plan.sound[r]) sound |= 1u << r;
  if (set & sound && set & ~sound) return set & sound;
  for (size_t r = 0; r < m->plan.regimes; r++) {
    const uint32_t name = alike(&m->plan, set, r), part = name == set ? 1u << r : name;

    if (set >> r & 1 && (best == 0 || rows_of(m, part) > rows_of(m, best))) best = part;
  }
  return best;
}

/* splits a set of regimes and what comes of it */
static void plant(struct tgv_regime_model *m, uint32_t set)
{
  struct regime_node *node = &m->node[m->nodes];

  if (ones(set) < 2) return;
  node->above = upper_part(m, set);
  node->below = set & ~node->above;
  m->nodes++;
  plant(m, node->above);
  plant(m, node->below);
}

/* ---- rows as the fits want them */

struct rows {
  size_t                    n;
  const double            **phi; /* [n] -> terms */
  const struct regime_row **row;
  bool                     *spread; /* spread evenly */
  double                   *own;
};

static void rows_make(const struct regime_basis *b, const struct regime_rows *r, const struct regime_set *s,
                      struct rows *out)
{
  out->n = s->n;
  out->own = tgv_allocate(s->n * b->terms, sizeof *out->own);
  out->phi = tgv_allocate(s->n, sizeof(const double *));
  out->row = tgv_allocate(s->n, sizeof(const struct regime_row *));
  out->spread = tgv_allocate(s->n, sizeof *out->spread);
  for (size_t i = 0; i < s->n; i++) {
    tgv_regime_basis_at(b, s->u[i], out->own + i * b->terms);
    out->phi[i] = out->own + i * b->terms;
    out->row[i] = &r->row[s->row[i]];
    out->spread[i] = s->even[i];
  }
}

static void rows_release(struct rows *r)
{
  free(r->own), free((void *)(uintptr_t)r->phi), free((void *)(uintptr_t)r->row), free(r->spread);
}

enum { FOLDS = 10 };

/* Rows of a set of regimes, without one fold (FOLDS: all). Returns how many; phi, and number of the row if wanted. */
static size_t pick(const struct rows *r, uint32_t set, size_t without, const double **phi, size_t *number)
{
  size_t n = 0;

  for (size_t i = 0; i < r->n; i++) {
    if (!(set >> r->row[i]->regime & 1) || i % FOLDS == without) continue;
    phi[n] = r->phi[i];
    number[n++] = i;
  }
  return n;
}

/* ---- boundaries */

struct fitting {
  struct tgv_regime_model *m;
  const struct rows       *rows;
  const double           **phi;
  size_t                  *number;
  double                  *value;
};

static void fit_node(struct fitting *f, const struct regime_node *node, size_t without,
                     const struct regime_fit *as, struct regime_fit *out)
{
  const size_t                  n = pick(f->rows, node->above | node->below, without, f->phi, f->number);
  const struct regime_rows_view v = {.basis = &f->m->basis, .n = n, .phi = f->phi};
  size_t                        above = 0;

  for (size_t i = 0; i < n; i++) {
    f->value[i] = node->above >> f->rows->row[f->number[i]]->regime & 1 ? 1 : 0;
    above += f->value[i] > 0;
  }
  if (above == 0 || above == n) { /* a fold that has all rows of one side */
    memset(out, 0, sizeof *out);
    out->terms = 1;
    out->c[0] = above ? 1 : -1;
  } else {
    tgv_regime_fit_sides(&v, f->value, as, out);
  }
}

/* length of the gradient of a decision function at a point, by differences */
static double slope(const struct regime_basis *b, const struct regime_fit *f, const double *u)
{
  const double h = 1e-5;
  double       sum = 0;

  for (size_t a = 0; a < b->axes; a++) {
    double at[TGV_REGIME_AXES_MAX], up[REGIME_TERMS_MAX], down[REGIME_TERMS_MAX], d;

    memcpy(at, u, sizeof at);
    at[a] = u[a] + h;
    tgv_regime_basis_at(b, at, up);
    at[a] = u[a] - h;
    tgv_regime_basis_at(b, at, down);
    d = (tgv_regime_fit_at(f, up) - tgv_regime_fit_at(f, down)) / (2 * h);
    sum += d * d;
  }
  return sqrt(sum);
}

static int by_value(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* The mean slope over the tenth (at least five) of the rows of a node that are nearest to its boundary. */
static double mean_slope(struct fitting *f, const struct regime_set *s, const struct regime_node *node)
{
  const size_t n = pick(f->rows, node->above | node->below, FOLDS, f->phi, f->number);
  const size_t wanted = n / 10 > 5 ? n / 10 : n < 5 ? n : 5;
  double       sum = 0, limit;
  size_t       count = 0;

  for (size_t i = 0; i < n; i++) f->value[i] = fabs(tgv_regime_fit_at(&node->fit, f->phi[i]));
  qsort(f->value, n, sizeof *f->value, by_value);
  limit = f->value[wanted - 1];
  for (size_t i = 0; i < n; i++)
    if (fabs(tgv_regime_fit_at(&node->fit, f->phi[i])) <= limit) {
      sum += slope(&f->m->basis, &node->fit, s->u[f->number[i]]);
      count++;
    }
  return sum / (double)count;
}

/* Of a band: the largest mistake of a finite number of rows is not the largest there is. But a few that are far off, where the solver
   itself scatters, shall not call every via uncertain: of many mistakes one in twenty, and one in a hundred rows, may be outside. */
static const double safety = 1.5, of_few = 3; /* safety + of_few / mistakes */
enum { ROWS_PER_STRAY = 100, MISTAKES_PER_STRAY = 20 };

static double band_of(double *wrong, const struct tgv_regime_boundary *b, double least)
{
  const size_t of_rows = b->rows / ROWS_PER_STRAY, of_mistakes = b->mistakes / MISTAKES_PER_STRAY;

  if (b->mistakes == 0) return least;
  qsort(wrong, b->mistakes, sizeof *wrong, by_value);
  return (safety + of_few / (double)b->mistakes) *
         wrong[b->mistakes - 1 - (of_rows < of_mistakes ? of_rows : of_mistakes)];
}

static bool one_name(const struct tgv_regime_plan *p, uint32_t set)
{
  size_t r = 0;

  while (!(set >> r & 1)) r++;
  return alike(p, set, r) == set;
}

/* fits the node, scales it, and finds its band; held[i] gets the held-out decision of row i of its regimes */
static void make_boundary(struct fitting *f, const struct regime_set *s, size_t k, double *held)
{
  struct regime_node         *node = &f->m->node[k];
  struct tgv_regime_boundary *b = &f->m->report.boundary[k];
  const uint32_t              set = node->above | node->below;
  double                     *wrong = tgv_allocate(f->rows->n, sizeof *wrong), scale, least = INFINITY;

  fit_node(f, node, FOLDS, NULL, &node->fit);
  scale = mean_slope(f, s, node);
  scale = scale > 0 ? 1 / scale : 1;
  *b = (struct tgv_regime_boundary){.above = node->above, .below = node->below, .degree = node->fit.degree};
  for (size_t fold = 0; fold < FOLDS; fold++) {
    struct regime_fit without;

    fit_node(f, node, fold, &node->fit, &without);
    for (size_t i = fold; i < f->rows->n; i += FOLDS) {
      const bool above = node->above >> f->rows->row[i]->regime & 1;

      held[i] = scale * tgv_regime_fit_at(&without, f->rows->phi[i]);
      if (!(set >> f->rows->row[i]->regime & 1)) continue;
      b->rows++;
      least = fmin(least, fabs(held[i]));
      if ((held[i] >= 0) != above) wrong[b->mistakes++] = fabs(held[i]);
    }
  }
  for (size_t j = 0; j < node->fit.terms; j++) node->fit.c[j] *= scale;
  b->band = band_of(wrong, b, least);
  node->band = one_name(&f->m->plan, set) ? -1 : b->band; /* no via is uncertain because of it */
  free(wrong);
}

/* the regime that the held-out decisions lead to, and whether one of them was within its band */
static size_t follow(const struct tgv_regime_model *m, const double *decision, size_t stride, bool *uncertain)
{
  uint32_t set = m->nodes ? m->node[0].above | m->node[0].below : 0;
  size_t   regime = 0;

  *uncertain = false;
  if (m->nodes == 0) {
    while (m->report.count[regime] == 0) regime++;
    return regime;
  }
  for (size_t k = tgv_regime_node_of(m, set); k != SIZE_MAX; k = tgv_regime_node_of(m, set)) {
    const double d = decision[k * stride];

    *uncertain |= fabs(d) <= m->node[k].band;
    set = d >= 0 ? m->node[k].above : m->node[k].below;
  }
  while (!(set >> regime & 1)) regime++;
  return regime;
}

static void judge_classes(struct fitting *f, const double *held)
{
  struct tgv_regime_report *t = &f->m->report;

  for (size_t i = 0; i < f->rows->n; i++) {
    const size_t truth = (size_t)f->rows->row[i]->regime;
    bool         uncertain;
    const size_t got = follow(f->m, held + i, f->rows->n, &uncertain);
    const bool   wrong = tgv_regime_shown(&f->m->plan, got) != tgv_regime_shown(&f->m->plan, truth);

    t->confusion[truth][got]++;
    if (wrong && !uncertain) t->sure_mistakes++;
    if (!f->rows->spread[i]) continue;
    t->spread_rows++;
    t->spread_mistakes += wrong;
    t->uncertain += uncertain;
  }
}

/* ---- values */

/* a regime of few rows gets a mean */
static const struct regime_fit *forced(const struct tgv_regime_model *m, size_t n, bool varies)
{
  static const struct regime_fit mean = {.degree = 0, .terms = 1, .ridge = 0};

  return n < m->plan.axes + 2 || !varies ? &mean : NULL;
}

static void hold_out(struct fitting *f, size_t regime, size_t output, double mean, double variance)
{
  struct tgv_regime_error *e = &f->m->report.error[regime][output];
  double                   sum = 0;

  for (size_t fold = 0; fold < FOLDS; fold++) {
    const size_t                  n = pick(f->rows, 1u << regime, fold, f->phi, f->number);
    const struct regime_rows_view v = {.basis = &f->m->basis, .n = n, .phi = f->phi};
    struct regime_fit             without = {.terms = 1, .c = {mean}};

    for (size_t i = 0; i < n; i++) f->value[i] = f->rows->row[f->number[i]]->y[output];
    if (n > 0) tgv_regime_fit_values(&v, f->value, &f->m->value[regime][output], &without);
    for (size_t i = fold; i < f->rows->n; i += FOLDS) {
      const struct regime_row *row = f->rows->row[i];
      double                   r;

      if ((size_t)row->regime != regime) continue;
      r = fmin(fmax(tgv_regime_fit_at(&without, f->rows->phi[i]), f->m->least[regime][output]),
               f->m->most[regime][output]) -
          row->y[output];
      sum += r * r;
      e->largest = fmax(e->largest, fabs(r));
      e->rows++;
    }
  }
  e->rms = sqrt(sum / (double)e->rows);
  e->scale = sqrt(variance);
  e->q2 = variance > 0 ? 1 - sum / (double)e->rows / variance : (double)NAN;
}

static void fit_value(struct fitting *f, size_t regime, size_t output)
{
  struct tgv_regime_model      *m = f->m;
  const size_t                  n = pick(f->rows, 1u << regime, FOLDS, f->phi, f->number);
  const struct regime_rows_view v = {.basis = &m->basis, .n = n, .phi = f->phi};
  double                        low = INFINITY, high = -INFINITY, mean = 0, variance = 0;

  if (n == 0) return;
  for (size_t i = 0; i < n; i++) {
    f->value[i] = f->rows->row[f->number[i]]->y[output];
    low = fmin(low, f->value[i]), high = fmax(high, f->value[i]);
    mean += f->value[i] / (double)n;
  }
  for (size_t i = 0; i < n; i++) variance += (f->value[i] - mean) * (f->value[i] - mean) / (double)n;
  m->least[regime][output] = low - 0.1 * (high - low);
  m->most[regime][output] = high + 0.1 * (high - low);
  if (high - low <= 1e-12 * fmax(fabs(low), fabs(high))) variance = 0;
  tgv_regime_fit_values(&v, f->value, forced(m, n, variance > 0), &m->value[regime][output]);
  m->report.error[regime][output].degree = m->value[regime][output].degree;
  hold_out(f, regime, output, mean, variance);
}

void tgv_regime_model_fit(struct tgv_regime_model *m, const struct regime_rows *r, const struct regime_set *s)
{
  struct rows    rows;
  struct fitting f = {.m = m, .rows = &rows};
  double        *held = tgv_allocate((TGV_REGIME_MAX + 1) * s->n, sizeof *held);
  uint32_t       present = 0;

  memset(&m->report, 0, sizeof m->report);
  memset(m->node, 0, sizeof m->node);
  memset(m->value, 0, sizeof m->value);
  m->nodes = 0;
  tgv_regime_basis_make(&m->basis, m->plan.axes, REGIME_DEGREE_MAX);
  rows_make(&m->basis, r, s, &rows);
  f.phi = tgv_allocate(s->n, sizeof(const double *));
  f.number = tgv_allocate(s->n, sizeof *f.number);
  f.value = tgv_allocate(s->n, sizeof *f.value);
  m->report.rows = s->n, m->report.failed = s->failed;
  m->report.refined = s->n - s->spread;
  for (size_t i = 0; i < s->n; i++) {
    m->report.count[rows.row[i]->regime]++;
    m->report.seconds += rows.row[i]->seconds;
    present |= 1u << rows.row[i]->regime;
  }
  plant(m, present);
  m->report.boundaries = m->nodes;
  for (size_t k = 0; k < m->nodes; k++) make_boundary(&f, s, k, held + k * s->n);
  judge_classes(&f, held);
  for (size_t g = 0; g < m->plan.regimes; g++)
    for (size_t o = 0; o < m->plan.outputs; o++) fit_value(&f, g, o);
  rows_release(&rows);
  free((void *)(uintptr_t)f.phi), free(f.number), free(f.value), free(held);
}

/* ---- at one point */

void tgv_regime_model_point(const struct tgv_regime_model *m, const double *x, struct tgv_regime_answer *out,
                            double *margin, bool *uncertain)
{
  double u[TGV_REGIME_AXES_MAX], phi[REGIME_TERMS_MAX], decision[TGV_REGIME_MAX + 1];
  size_t regime;

  for (size_t a = 0; a < m->plan.axes; a++)
    u[a] = fmin(fmax(tgv_regime_scaled(&m->plan.axis[a], x[a]), -1), 1);
  tgv_regime_basis_at(&m->basis, u, phi);
  for (size_t k = 0; k < m->nodes; k++) decision[k] = tgv_regime_fit_at(&m->node[k].fit, phi);
  *margin = m->margin_node < m->nodes ? decision[m->margin_node] : m->margin_sign;
  regime = follow(m, decision, 1, uncertain);
  out->regime = tgv_regime_shown(&m->plan, regime);
  for (size_t o = 0; o < m->plan.outputs; o++)
    out->y[o] =
        fmin(fmax(tgv_regime_fit_at(&m->value[regime][o], phi), m->least[regime][o]), m->most[regime][o]);
}

const struct tgv_regime_report *tgv_regime_model_report(const struct tgv_regime_model *m)
{
  return &m->report;
}

const struct tgv_regime_plan *tgv_regime_model_plan(const struct tgv_regime_model *m)
{
  return &m->plan;
}
