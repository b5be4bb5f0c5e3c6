/* Where a regime model asks its solver: spread evenly by Sobol's sequence, then along the boundaries between regimes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_qrng.h>

#include "core/text.h"
#include "solver/regime_inside.h"

static const double spread_share = 0.6; /* of the runs */
enum { ROUNDS = 4, CANDIDATES = 4000, SKIPPED = 1 << 14, ROUND_LEAST = 20 };

double tgv_regime_scaled(const struct tgv_regime_axis *a, double x)
{
  return a->logarithmic ? 2 * log(x / a->low) / log(a->high / a->low) - 1
                        : (2 * x - a->low - a->high) / (a->high - a->low);
}

double tgv_regime_unscaled(const struct tgv_regime_axis *a, double u)
{
  const double v = 0.5 * (u + 1);

  return a->logarithmic ? a->low * pow(a->high / a->low, v) : a->low + v * (a->high - a->low);
}

/* a point, all beyond the axes 0 */
typedef double point[TGV_REGIME_AXES_MAX];

static void even_points(gsl_qrng *q, size_t axes, size_t n, point *u)
{
  double v[TGV_REGIME_AXES_MAX];

  memset(u, 0, n * sizeof *u);
  for (size_t i = 0; i < n; i++) {
    gsl_qrng_get(q, v);
    for (size_t a = 0; a < axes; a++) u[i][a] = 2 * v[a] - 1;
  }
}

/* n points, the first `spread` of them spread evenly */
static tgv_status add_points(struct regime_rows *r, struct regime_set *s, size_t n, size_t spread,
                             const point *u)
{
  point          *x = tgv_allocate(n + 1, sizeof *x);
  size_t         *number = tgv_allocate(n + 1, sizeof *number);
  tgv_status_code status;

  for (size_t i = 0; i < n; i++)
    for (size_t a = 0; a < r->plan->axes; a++) x[i][a] = tgv_regime_unscaled(&r->plan->axis[a], u[i][a]);
  status = tgv_regime_rows_solve(r, n, (const point *)x, number);
  for (size_t i = 0; i < n && !status; i++) {
    s->all[s->asked++] = number[i];
    if (r->row[number[i]].regime < 0) {
      s->failed++;
      continue;
    }
    memcpy(s->u[s->n], u[i], sizeof *u);
    s->even[s->n] = i < spread;
    s->spread += i < spread;
    s->row[s->n++] = number[i];
  }
  free(x), free(number);
  return status;
}

/* ---- along the boundaries */

static double distance(const double *a, const double *b, size_t axes)
{
  double sum = 0;

  for (size_t k = 0; k < axes; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sqrt(sum);
}

/* distance from the nearest of n points */
static double nearest(const double *u, const point *p, size_t n, size_t axes)
{
  double least = INFINITY;

  for (size_t i = 0; i < n; i++) least = fmin(least, distance(u, p[i], axes));
  return least;
}

struct candidate {
  double score; /* the larger the better */
  point  u;
};

static int by_score(const void *a, const void *b)
{
  const struct candidate *c = a, *d = b;

  if (c->score != d->score) return (c->score < d->score) - (c->score > d->score);
  return memcmp(c->u, d->u, sizeof c->u); /* the same order in any C library */
}

/* Between each point and the nearest one of another regime; the widest gaps first. */
static size_t gaps(const struct regime_rows *r, const struct regime_set *s, struct candidate *c)
{
  size_t n = 0;

  for (size_t i = 0; i < s->n; i++) {
    size_t best = i;
    double least = INFINITY;

    for (size_t k = 0; k < s->n; k++) {
      const double d = distance(s->u[i], s->u[k], r->plan->axes);

      if (r->row[s->row[k]].regime != r->row[s->row[i]].regime && d < least) least = d, best = k;
    }
    if (best == i) continue;
    memset(c[n].u, 0, sizeof c[n].u);
    for (size_t a = 0; a < r->plan->axes; a++) c[n].u[a] = 0.5 * (s->u[i][a] + s->u[best][a]);
    c[n++].score = least;
  }
  return n;
}

/* A plain classifier: for each regime that has been met a quadratic decision function against all others. */
struct plain {
  struct regime_basis basis;
  size_t              count[TGV_REGIME_MAX], common; /* the regime with most rows */
  struct regime_fit   fit[TGV_REGIME_MAX];
};

static void classify(const struct regime_rows *r, const struct regime_set *s, struct plain *p)
{
  struct regime_fit       as = {.degree = 2, .ridge = 1e-4};
  struct regime_rows_view v = {.basis = &p->basis, .n = s->n};
  double                 *phi, *side = tgv_allocate(s->n, sizeof *side);
  const double          **at = tgv_allocate(s->n, sizeof(const double *));

  memset(p, 0, sizeof *p);
  tgv_regime_basis_make(&p->basis, r->plan->axes, 2);
  as.terms = p->basis.terms;
  phi = tgv_allocate(s->n * p->basis.terms, sizeof *phi);
  for (size_t i = 0; i < s->n; i++) {
    at[i] = phi + i * p->basis.terms;
    tgv_regime_basis_at(&p->basis, s->u[i], phi + i * p->basis.terms);
    p->count[r->row[s->row[i]].regime]++;
  }
  v.phi = at;
  for (size_t g = 0; g < r->plan->regimes; g++) {
    if (p->count[g] > p->count[p->common]) p->common = g;
    if (p->count[g] == 0 || p->count[g] == s->n) continue;
    for (size_t i = 0; i < s->n; i++) side[i] = r->row[s->row[i]].regime == (int64_t)g ? 1 : 0;
    tgv_regime_fit_sides(&v, side, &as, &p->fit[g]);
  }
  free(phi), free(side), free((void *)(uintptr_t)at);
}

/* Those of the evenly spread points at which a regime is one of the two most likely ones, by how close the two are. */
static size_t doubts(const struct regime_rows *r, const struct plain *p, size_t regime, point *even,
                     struct candidate *c)
{
  size_t n = 0;

  for (size_t i = 0; i < CANDIDATES; i++) {
    double phi[REGIME_TERMS_MAX], first = -INFINITY, second = -INFINITY, own = -INFINITY;

    tgv_regime_basis_at(&p->basis, even[i], phi);
    for (size_t g = 0; g < r->plan->regimes; g++) {
      const double f = p->count[g] ? tgv_regime_fit_at(&p->fit[g], phi) : (double)-INFINITY;

      if (g == regime) own = f;
      if (f > first)
        second = first, first = f;
      else if (f > second)
        second = f;
    }
    if (own < second) continue;
    memcpy(c[n].u, even[i], sizeof *even);
    c[n++].score = second - first;
  }
  return n;
}

/* The points of a round. */
struct choice {
  const struct regime_set *set;
  size_t                   axes, have;
  point                   *u;
};

/* Adds candidates by score up to `want` points, none closer to another than `apart`, or a quarter of its score if that is 0. */
static void take(struct choice *to, struct candidate *c, size_t n, double apart, size_t want)
{
  qsort(c, n, sizeof *c, by_score);
  for (size_t i = 0; i < n && to->have < want; i++) {
    const double least = apart > 0 ? apart : 0.25 * c[i].score;

    if (nearest(c[i].u, (const point *)to->set->u, to->set->n, to->axes) < least) continue;
    if (nearest(c[i].u, (const point *)to->u, to->have, to->axes) < least) continue;
    memcpy(to->u[to->have++], c[i].u, sizeof *to->u);
  }
}

/* The points of a round after the first `have` of n: gaps, and doubts about each regime but the most common one. Returns how many there
   are then. */
static size_t choose(const struct regime_rows *r, const struct regime_set *s, size_t have, size_t n, point *u)
{
  const size_t      axes = r->plan->axes, room = s->n > CANDIDATES ? s->n : CANDIDATES;
  const double      usual = pow((double)s->n, -1.0 / (double)axes); /* of points in the cube, about */
  struct candidate *c = tgv_allocate(room, sizeof *c);
  point            *even = tgv_allocate(CANDIDATES, sizeof *even);
  struct plain     *plain = tgv_allocate(1, sizeof *plain);
  struct choice     to = {.set = s, .axes = axes, .have = have, .u = u};
  size_t            kinds = 0;

  even_points(s->candidates, axes, CANDIDATES, even);
  take(&to, c, gaps(r, s, c), 0, have + (n - have) / 3);
  classify(r, s, plain);
  for (size_t g = 0; g < r->plan->regimes; g++) kinds += plain->count[g] > 0 && g != plain->common;
  for (size_t g = 0; g < r->plan->regimes; g++) {
    if (plain->count[g] == 0 || g == plain->common) continue;
    take(&to, c, doubts(r, plain, g, even, c), 0.5 * usual, to.have + (n - to.have) / kinds--);
  }
  free(c), free(even), free(plain);
  return to.have;
}

/* n points: `spread` of them evenly, the others along the boundaries; where there are none, evenly too */
static tgv_status add_round(struct regime_rows *r, struct regime_set *s, size_t n, size_t spread)
{
  const size_t    axes = r->plan->axes;
  point          *chosen = tgv_allocate(n + 1, sizeof *chosen), *u = tgv_allocate(n + 1, sizeof *u);
  const size_t    near = spread < n && s->n >= 10 ? choose(r, s, 0, n - spread, chosen) : 0;
  tgv_status_code status;

  even_points(s->points, axes, n - near, u);
  memcpy(u + n - near, chosen, near * sizeof *u);
  status = add_points(r, s, n, n - near, (const point *)u);
  free(chosen), free(u);
  if (!status && (5 * s->failed > s->asked || (s->n < 10 && s->asked >= 20)))
    return tgv_fail(TGV_SOLVER, "training \"%s\": the solver had no answer at %zu of %zu points",
                    tgv_regime_title(r->plan), s->failed, s->asked);
  return status;
}

static size_t least_runs(const struct tgv_regime_plan *p)
{
  return p->least > 0 && p->least < p->runs ? p->least : p->runs;
}

tgv_status tgv_regime_set_grow(struct regime_rows *r, struct regime_set *s)
{
  const size_t least = least_runs(r->plan), left = r->plan->runs - s->asked;
  const size_t round = least / 4 > ROUND_LEAST ? least / 4 : ROUND_LEAST, n = round < left ? round : left;

  return add_round(r, s, n, (size_t)(spread_share * (double)n));
}

tgv_status tgv_regime_set_begin(struct regime_rows *r, struct regime_set *s)
{
  const size_t runs = least_runs(r->plan), spread = (size_t)(spread_share * (double)runs);
  double       skipped[TGV_REGIME_AXES_MAX];

  memset(s, 0, sizeof *s);
  s->row = tgv_allocate(r->plan->runs, sizeof *s->row);
  s->all = tgv_allocate(r->plan->runs, sizeof *s->all);
  s->even = tgv_allocate(r->plan->runs, sizeof *s->even);
  s->u = tgv_allocate(r->plan->runs, sizeof *s->u);
  s->points = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)r->plan->axes);
  s->candidates = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)r->plan->axes);
  if (!s->points || !s->candidates) return tgv_fail(TGV_MEMORY, "out of memory for Sobol's sequence");
  for (size_t i = 0; i < SKIPPED; i++) gsl_qrng_get(s->candidates, skipped);
  TGV_TRY(add_round(r, s, spread, spread));
  for (size_t k = 1; k <= ROUNDS; k++)
    TGV_TRY(add_round(r, s, spread + k * (runs - spread) / ROUNDS - s->asked, 0));
  return TGV_OK;
}

void tgv_regime_set_release(struct regime_set *s)
{
  free(s->row), free(s->all), free(s->even), free(s->u);
  if (s->points) gsl_qrng_free(s->points);
  if (s->candidates) gsl_qrng_free(s->candidates);
  memset(s, 0, sizeof *s);
}
