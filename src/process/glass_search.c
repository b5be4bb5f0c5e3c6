/** # Glass by formula, inversely: which compositions have these properties

## Model
Unknowns are the mole fractions $x$ of the oxides that may be used; SiO2 is the rest. The search stays inside
the composition windows of all models that it uses. A wish for a property is a pair of limits, measured in standard errors
of its model: margin $= (\text{value} - \text{limit})/\sigma$. What is traded off are the margins of all wishes, or properties that
are to be large or small.

1. *Feasible?* The largest smallest margin is looked for.
2. *Ideal point*: each aim alone.
3. *Pareto set*: for every weight vector of a simplex lattice the weighted Chebyshev distance
   $\max_j w_j (f_j - f_j^*)$ is minimised, which also reaches the parts of the set that are not convex.

Each of these is one problem with constraints in the form $\min t$ subject to $w_j (f_j - f_j^*) \le t$ (no kinks). It is solved
by a global search (NLopt ISRES, a population with stochastic ranking) followed by a local one (NLopt COBYLA)
from there and from the best points so far. Dominated points and repetitions (0.5 mol %) are dropped.

## Valid for
Compositions inside the windows; the properties of a result carry the errors of their models. A margin of one standard error
is met with a probability of about 5 in 6 only.

## Neglects
Whether the melt devitrifies, phase-separates, can be formed or fined; cost. The covariance of the errors of the models.

## Source
Runarsson and Yao, IEEE Trans. Evol. Comput. 4, 284 (2000) (ISRES); Powell (1994) (COBYLA); S. G. Johnson, NLopt.

## Verified by
tests/unit/test_glass_search.c (linear programs with a known answer, a scan of the whole window). */
#include "process/glass_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <nlopt.h>

#include "core/problems.h"
#include "core/random.h"
#include "core/text.h"

enum {
  VARIABLES = TGV_OXIDE_COUNT + 1, /* and t */
  RULES = 2 * TGV_WISHES_MAX + 2 + TGV_AIMS_MAX + 1,
  GLOBAL_CALLS = 3000,
  LOCAL_CALLS = 1500,
  STREAM = 0x47000000
};
static const double apart = 0.005;     /* mole fraction by which compositions are distinct */
static const double kept = 1e-6;       /* margin to which a limit counts as kept, in standard errors */
static const double oxide_unit = 0.01; /* "standard error" of a limit for an oxide: a mol % */

/* One optimisation: minimise t subject to rules <= 0. */
struct problem {
  const struct tgv_glass_search *s;
  size_t                         n; /* oxides beside SiO2 */
  enum tgv_oxide                 oxide[TGV_OXIDE_COUNT];
  double                         low[VARIABLES], high[VARIABLES]; /* mole fractions; t is the last */
  double                         silica[2];
  size_t                         aims;
  struct tgv_glass_aim           aim[TGV_AIMS_MAX];
  double                         weight[TGV_AIMS_MAX], ideal[TGV_AIMS_MAX];
  bool                           soft; /* t is the largest violation, aims do not count */
};

/* ---- values */

static void expand(const struct problem *p, const double *x, struct tgv_glass_found *f)
{
  double rest = 1;

  f->glass = p->s->base;
  memset(f->glass.composition.x, 0, sizeof f->glass.composition.x);
  for (size_t i = 0; i < p->n; i++) {
    f->glass.composition.x[p->oxide[i]] = fmax(0.0, x[i]);
    rest -= fmax(0.0, x[i]);
  }
  f->glass.composition.x[TGV_SiO2] = fmax(0.0, rest);
  tgv_formulation_evaluate(&f->glass);
}

static double margin_of(const struct tgv_glass_wish *w, const struct tgv_glass_found *f)
{
  const struct tgv_glass_value *v =
      w->property < TGV_GLASS_PROPERTY_COUNT ? &f->glass.value[w->property] : NULL;
  const double value = v ? v->value : f->glass.composition.x[w->oxide], unit = v ? v->band : oxide_unit;

  return fmin(value - w->low, w->high - value) / unit;
}

static double aim_of(const struct tgv_glass_aim *a, const struct tgv_glass_found *f)
{
  const struct tgv_glass_value *v = &f->glass.value[a->property];

  return a->sign ? a->sign * v->value / v->band : -f->margin[a->wish];
}

static void evaluate(const struct problem *p, const double *x, struct tgv_glass_found *f)
{
  expand(p, x, f);
  for (size_t i = 0; i < TGV_WISHES_MAX; i++)
    f->margin[i] = i < p->s->wishes ? margin_of(&p->s->wish[i], f) : (double)INFINITY;
  for (size_t j = 0; j < p->aims; j++) f->aim[j] = aim_of(&p->aim[j], f);
}

static double worst_margin(const struct problem *p, const struct tgv_glass_found *f)
{
  double worst = (double)INFINITY;

  for (size_t i = 0; i < p->s->wishes; i++) worst = fmin(worst, f->margin[i]);
  return worst;
}

/* ---- the problem as NLopt sees it */

static double height(unsigned n, const double *x, double *gradient, void *of)
{
  (void)gradient, (void)of;
  return x[n - 1];
}

static unsigned rule_count(const struct problem *p)
{
  return (unsigned)(p->s->wishes + 2 + (p->soft ? 0 : p->aims));
}

static void rules(unsigned m, double *result, unsigned n, const double *x, double *gradient, void *of)
{
  const struct problem  *p = of;
  struct tgv_glass_found f;
  const double           t = x[n - 1];
  unsigned               k = 0;

  (void)gradient;
  evaluate(p, x, &f);
  for (size_t i = 0; i < p->s->wishes; i++) result[k++] = -f.margin[i] - (p->soft ? t : 0);
  result[k++] = (p->silica[0] - f.glass.composition.x[TGV_SiO2]) / oxide_unit;
  result[k++] = (f.glass.composition.x[TGV_SiO2] - p->silica[1]) / oxide_unit;
  for (size_t j = 0; j < p->aims && !p->soft; j++) result[k++] = p->weight[j] * (f.aim[j] - p->ideal[j]) - t;
  TGV_BUG_IF(k != m);
}

/* The t that the rules ask for at a composition, so that a start is feasible where it can be. */
static double lift(const struct problem *p, const double *x)
{
  struct tgv_glass_found f;
  double                 t = -(double)INFINITY;

  evaluate(p, x, &f);
  if (p->soft) return -worst_margin(p, &f);
  for (size_t j = 0; j < p->aims; j++) t = fmax(t, p->weight[j] * (f.aim[j] - p->ideal[j]));
  return t;
}

/* x [n + 1] in and out. A search that ends by its number of calls is as good as another. */
static void minimise(const struct problem *p, nlopt_algorithm algorithm, int calls, double *x)
{
  const unsigned n = (unsigned)p->n + 1, m = rule_count(p);
  nlopt_opt      o = nlopt_create(algorithm, n);
  double         tolerance[RULES], step[VARIABLES], least;

  for (unsigned i = 0; i < m; i++) tolerance[i] = 1e-9;
  for (unsigned i = 0; i < n; i++) step[i] = 0.1 * (p->high[i] - p->low[i]);
  step[n - 1] = 1;
  nlopt_set_min_objective(o, height, NULL);
  nlopt_add_inequality_mconstraint(o, m, rules, (void *)(uintptr_t)p, tolerance);
  nlopt_set_lower_bounds(o, p->low);
  nlopt_set_upper_bounds(o, p->high);
  nlopt_set_initial_step(o, step);
  nlopt_set_xtol_rel(o, 1e-9);
  nlopt_set_maxeval(o, calls);
  for (unsigned i = 0; i < n; i++) x[i] = fmin(fmax(x[i], p->low[i]), p->high[i]);
  (void)nlopt_optimize(o, x, &least);
  nlopt_destroy(o);
}

/* How good a point is for this problem: violation first, then t. */
static double merit(const struct problem *p, const double *x)
{
  double result[RULES], with_t[VARIABLES], broken = 0;

  memcpy(with_t, x, p->n * sizeof *x);
  with_t[p->n] = lift(p, x);
  rules(rule_count(p), result, (unsigned)p->n + 1, with_t, NULL, (void *)(uintptr_t)p);
  for (unsigned i = 0; i < rule_count(p); i++) broken = fmax(broken, result[i]);
  return broken > kept ? 1000 + broken : with_t[p->n];
}

enum { POOL = 64 };

/* Good points of earlier problems, from which later ones may start. */
struct pool {
  size_t n;
  double x[POOL][VARIABLES];
};

/* t runs from well below what the starts have to what they have. */
static struct problem around(const struct problem *p, const struct pool *pool)
{
  const double   far = 50; /* standard errors */
  struct problem q = *p;
  double         least = (double)INFINITY, most = -(double)INFINITY;

  for (size_t k = 0; k < pool->n; k++) {
    const double t = lift(p, pool->x[k]);

    least = fmin(least, t), most = fmax(most, t);
  }
  q.low[p->n] = least - far, q.high[p->n] = most + 1;
  return q;
}

/* Solves the problem: local searches from the best and another point of the pool, one from the end of a global search. */
static void solve(const struct problem *whole, struct pool *pool, double *best)
{
  const struct problem q = around(whole, pool), *p = &q;
  double               start[VARIABLES], merit_best = (double)INFINITY;
  size_t               nearest = 0;

  for (size_t k = 1; k < pool->n; k++)
    if (merit(p, pool->x[k]) < merit(p, pool->x[nearest])) nearest = k;
  for (int from = 0; from < 3; from++) {
    memcpy(start, pool->x[from == 0 ? nearest : (size_t)from % pool->n], sizeof start);
    start[p->n] = lift(p, start);
    if (from == 1) minimise(p, NLOPT_GN_ISRES, GLOBAL_CALLS, start);
    minimise(p, NLOPT_LN_COBYLA, LOCAL_CALLS, start);
    if (merit(p, start) >= merit_best) continue;
    merit_best = merit(p, start);
    memcpy(best, start, sizeof start);
  }
  if (pool->n < POOL) memcpy(pool->x[pool->n++], best, sizeof start);
}

/* ---- the set */

struct set {
  size_t                  n, room;
  struct tgv_glass_found *found;
};

/* Whether a is at least as good in every aim, and better in one. */
static bool dominates(const struct problem *p, const struct tgv_glass_found *a,
                      const struct tgv_glass_found *b)
{
  bool better = false;

  for (size_t j = 0; j < p->aims; j++) {
    if (a->aim[j] > b->aim[j] + 1e-4) return false;
    better |= a->aim[j] < b->aim[j] - 1e-2;
  }
  return better;
}

static bool is_same(const struct tgv_glass_found *a, const struct tgv_glass_found *b)
{
  double largest = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++)
    largest = fmax(largest, fabs(a->glass.composition.x[o] - b->glass.composition.x[o]));
  return largest < apart;
}

static void offer(const struct problem *p, struct set *set, const double *x)
{
  struct tgv_glass_found f = {0};
  size_t                 n = 0;

  evaluate(p, x, &f);
  if (worst_margin(p, &f) < -kept || f.glass.composition.x[TGV_SiO2] < p->silica[0] - 1e-7 ||
      f.glass.composition.x[TGV_SiO2] > p->silica[1] + 1e-7)
    return;
  for (size_t i = 0; i < set->n; i++)
    if (dominates(p, &set->found[i], &f) || is_same(&set->found[i], &f)) return;
  for (size_t i = 0; i < set->n; i++)
    if (!dominates(p, &f, &set->found[i])) set->found[n++] = set->found[i];
  set->n = n;
  if (set->n == set->room) {
    set->room = set->room ? 2 * set->room : 32;
    set->found = tgv_reallocate(set->found, set->room, sizeof *set->found);
  }
  set->found[set->n++] = f;
}

static double distance(const struct problem *p, const struct tgv_glass_found *a,
                       const struct tgv_glass_found *b)
{
  double sum = 0;

  for (size_t j = 0; j < p->aims; j++) sum += (a->aim[j] - b->aim[j]) * (a->aim[j] - b->aim[j]);
  for (int o = 0; o < TGV_OXIDE_COUNT; o++) { /* a tie of the aims is broken by the composition */
    double d = (a->glass.composition.x[o] - b->glass.composition.x[o]) / (10 * oxide_unit);

    sum += d * d;
  }
  return sum;
}

/* The smallest margin of a glass that was found; the number of margins is that of the wishes, the others are infinite. */
static int by_margin(const void *a, const void *b)
{
  const struct tgv_glass_found *x = a, *y = b;
  double                        least[2] = {(double)INFINITY, (double)INFINITY};

  for (size_t i = 0; i < TGV_WISHES_MAX; i++) {
    least[0] = fmin(least[0], x->margin[i]);
    least[1] = fmin(least[1], y->margin[i]);
  }
  return (least[0] < least[1]) - (least[0] > least[1]);
}

/* Keeps the `most` that are farthest from each other, the one of the largest smallest margin first. */
static void thin_out(const struct problem *p, struct set *set, size_t most)
{
  for (size_t k = 0; k < set->n && k < most; k++) {
    size_t best = k;
    double score = -(double)INFINITY;

    for (size_t i = k; i < set->n; i++) {
      double value = k == 0 ? worst_margin(p, &set->found[i]) : (double)INFINITY;

      for (size_t j = 0; j < k; j++) value = fmin(value, distance(p, &set->found[i], &set->found[j]));
      if (value > score) score = value, best = i;
    }
    struct tgv_glass_found kept_one = set->found[best];

    set->found[best] = set->found[k];
    set->found[k] = kept_one;
  }
  if (set->n > most) set->n = most;
  qsort(set->found, set->n, sizeof *set->found, by_margin);
}

/* ---- setting up */

/* Whether a property plays a part: wished for, aimed at, or the density that another is made of. */
static bool is_used(const struct problem *p, enum tgv_glass_property q)
{
  const struct tgv_glass_search *s = p->s;

  for (size_t i = 0; i < s->wishes; i++)
    if (s->wish[i].property == q) return true;
  for (size_t j = 0; j < p->aims; j++)
    if (p->aim[j].sign && p->aim[j].property == q) return true;
  for (int other = 0; q == TGV_GLASS_density && other < TGV_GLASS_PROPERTY_COUNT; other++)
    if (other != TGV_GLASS_density && is_used(p, (enum tgv_glass_property)other) &&
        tgv_glass_model_find((enum tgv_glass_property)other, s->base.chosen[other])->kind == TGV_GLASS_PACKED)
      return true;
  return false;
}

static void set_bounds(struct problem *p)
{
  p->silica[0] = 0, p->silica[1] = 1;
  for (size_t i = 0; i < p->n; i++) p->low[i] = 0, p->high[i] = 1;
  for (int q = 0; q < TGV_GLASS_PROPERTY_COUNT; q++) {
    const struct tgv_glass_model *m = tgv_glass_model_find((enum tgv_glass_property)q, p->s->base.chosen[q]);
    double                        limit[2];

    if (!is_used(p, (enum tgv_glass_property)q)) continue;
    for (size_t i = 0; i < p->n; i++) {
      tgv_glass_limits(m, p->oxide[i], limit);
      p->low[i] = fmax(p->low[i], limit[0]);
      p->high[i] = fmin(p->high[i], limit[1]);
    }
    tgv_glass_limits(m, TGV_SiO2, limit);
    p->silica[0] = fmax(p->silica[0], limit[0]);
    p->silica[1] = fmin(p->silica[1], limit[1]);
  }
}

/* Oxides that the windows ask for but the list leaves out would make every composition an extrapolation. */
static tgv_status judge_bounds(const struct problem *p)
{
  for (size_t i = 0; i < p->n; i++)
    if (p->low[i] > p->high[i])
      return tgv_fail(TGV_INPUT, "the windows of the models leave no room for %s",
                      tgv_oxide_symbol(p->oxide[i]));
  for (int q = 0; q < TGV_GLASS_PROPERTY_COUNT; q++)
    for (int o = 1; o < TGV_OXIDE_COUNT; o++) {
      const struct tgv_glass_model *m =
          tgv_glass_model_find((enum tgv_glass_property)q, p->s->base.chosen[q]);
      double limit[2];

      tgv_glass_limits(m, (enum tgv_oxide)o, limit);
      if (is_used(p, (enum tgv_glass_property)q) && limit[0] > 0 && !p->s->use[o])
        return tgv_fail(TGV_INPUT, "%s must be among the oxides: the model of %s is for %.3g %% or more",
                        tgv_oxide_symbol((enum tgv_oxide)o),
                        tgv_glass_property_info((enum tgv_glass_property)q)->name, 100 * limit[0]);
    }
  return TGV_OK;
}

static tgv_status set_up(const struct tgv_glass_search *s, struct problem *p)
{
  *p = (struct problem){.s = s, .aims = s->aims};
  memcpy(p->aim, s->aim, sizeof p->aim);
  for (size_t i = 0; i < s->wishes && s->aims == 0; i++)
    if (s->wish[i].property < TGV_GLASS_PROPERTY_COUNT && p->aims < TGV_AIMS_MAX)
      p->aim[p->aims++] = (struct tgv_glass_aim){.wish = i};
  for (int o = 1; o < TGV_OXIDE_COUNT; o++)
    if (s->use[o]) p->oxide[p->n++] = (enum tgv_oxide)o;
  if (p->n == 0)
    return tgv_fail(TGV_INPUT, "an oxide beside SiO2 is needed, or there is nothing to look for");
  if (p->aims == 0)
    return tgv_fail(TGV_INPUT, "a property is needed that is to be met or to be made large or small");
  set_bounds(p);
  return judge_bounds(p);
}

/* Starts: the middle of the window, then points drawn over it. */
static void fill_pool(const struct problem *p, struct pool *pool)
{
  const struct tgv_random_key key = tgv_random_key_make(p->s->seed, 0, 0);

  pool->n = 8;
  for (size_t k = 0; k < pool->n; k++)
    for (size_t i = 0; i < p->n; i++) {
      double u = k ? tgv_random_uniform(key, STREAM, 32 * k + i) : 0.5;

      pool->x[k][i] = p->low[i] + u * (p->high[i] - p->low[i]) / (k ? 2 : 4);
    }
}

/* Each aim alone gives the ideal point and the ends of the set. */
static void find_ideal(struct problem *p, struct pool *pool, struct set *set)
{
  for (size_t j = 0; j < p->aims; j++) {
    struct problem         alone = *p;
    struct tgv_glass_found f;
    double                 x[VARIABLES];

    alone.aims = 1, alone.aim[0] = p->aim[j], alone.weight[0] = 1, alone.ideal[0] = 0;
    solve(&alone, pool, x);
    offer(p, set, x);
    evaluate(p, x, &f);
    p->ideal[j] = f.aim[j];
  }
}

/* All weight vectors whose parts are whole multiples of 1 / steps. */
static void walk(struct problem *p, struct pool *pool, struct set *set, int left, size_t j)
{
  const int steps = p->aims <= 2 ? 12 : p->aims == 3 ? 6 : 4;
  double    x[VARIABLES];

  if (left < 0) left = steps;
  if (j + 1 < p->aims) {
    for (int k = 0; k <= left; k++) {
      p->weight[j] = fmax((double)k / steps, 1e-3);
      walk(p, pool, set, left - k, j + 1);
    }
    return;
  }
  p->weight[j] = fmax((double)left / steps, 1e-3);
  solve(p, pool, x);
  offer(p, set, x);
}

tgv_status tgv_glass_search(const struct tgv_glass_search *s, struct tgv_glass_found **found, size_t *count,
                            bool *feasible)
{
  struct problem p;
  struct pool   *pool;
  struct set     set = {0};
  double         x[VARIABLES];

  TGV_TRY(set_up(s, &p));
  pool = tgv_allocate(1, sizeof *pool);
  nlopt_srand((unsigned long)s->seed);
  fill_pool(&p, pool);
  p.soft = true;
  solve(&p, pool, x);
  p.soft = false;
  offer(&p, &set, x);
  *feasible = set.n > 0;
  if (*feasible) {
    find_ideal(&p, pool, &set);
    walk(&p, pool, &set, -1, 0);
    thin_out(&p, &set, s->most);
  } else {
    set.found = tgv_allocate(1, sizeof *set.found);
    evaluate(&p, x, set.found);
    set.n = 1;
  }
  free(pool);
  *found = set.found;
  *count = set.n;
  return TGV_OK;
}
