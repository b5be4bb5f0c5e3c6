/** # Response of a via: fail probability given the correlated part

## Model
The inputs of a via are $c + \epsilon$: a part $c$ shared with its neighbours, and the nugget
$\epsilon$ of its own. For each cause $P_k(c) = P(g_k(c + \epsilon) \le 0)$ is
wanted at millions of places. It is fitted as a reliability index, $\beta_k(c) = -\Phi^{-1}(P_k)$, which is
nearly linear where $P_k$ itself spans sixteen decades:
$$ \beta_k(c) = T_k(m) + \sum_i \theta_i \phi_i(T_k(m), w). $$
$m$ is the margin of the via without nugget, from the exact physics, in standard deviations by the nuggets;
for a linear limit state it is $\beta$ itself. $T_k$ is a table along the steepest way through the space of
the correlated parts (the most probable direction), which takes care of heavy tails. $\phi$ are all products
to the second degree of $T$ and of those standardised correlated inputs $w$ that the cause depends on
(found out by changing them one by one), and of the squared distance from the centre of the panel if the place
matters by itself (bow under the laser). They see what one coordinate cannot: an etch time that changes margin
and spread at once, an offset in another direction.

Where that leaves a residual above 6 % (position errors, whose direction differs from place to place) the margin over its slope by
the nuggets at the place, from a few more calls of the physics, is a variable too: the first-order index of the via itself.

The points of the fit lie where it matters, $-1.5 < \beta < 9$: random draws of the correlated part (inflated by
1.3) are moved along the local gradient to evenly spread margins. At each the probability comes from line
sampling or, where the surface bends, from importance sampling, with the same random numbers, so the noise of the points is common and small. A cause whose index stays
above 8.3 within 8 standard deviations is left out. A cause that no nugget moves is decided by the physics alone.

Causes overlap: a bath that is too fast makes both mouths too large. The union is
$$ P(\cup F_k) \approx \sum_k \max\big(0, P_k - \max_{l<k} P(F_k \cap F_l)\big), \qquad
    P(F_k \cap F_l) = \Phi_2(-\beta_k, -\beta_l; \rho_{kl}), $$
in the order of falling $P_k$ (Ditlevsen's upper bound, exact for two), with $\rho_{kl}$ the correlation of the
margins by the nuggets.

## Valid for
Correlated parts within 6 standard deviations; beyond them the features are held. The error of the fit is measured by the stage
`yield` at places where failures happen, and reported.

## Neglects
Third-order terms of the fit; the dependence of three causes at once.

## Source
Our own; response surfaces in reliability: C. G. Bucher, U. Bourgund, Struct. Saf. 7 (1990) 57; union:
O. Ditlevsen, J. Struct. Mech. 7 (1979) 453.

## Verified by
tests/unit/test_yield_response.c: linear and two-sided limits and position errors against closed forms, the physics of the
flow against direct sampling. */
#include "factory/yield_response.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"
#include "factory/yield_design.h"
#include "solver/line_sampling.h"

#define NEGLIGIBLE_PART 0x1p-7 /* overlap of a cause so much rarer than another does not matter */
#define DEPENDENT 0.3 /* correlation of margins below which rare failures hardly ever come together */

/* ---- at one place */

/* Shares where nothing is random. */
static void decide(const double *margin, size_t count, struct tgv_importance *out)
{
  unsigned violated = 0;

  for (size_t k = 0; k < count; k++) violated += margin[k] <= 0;
  out->any = violated > 0;
  for (size_t k = 0; k < count; k++) {
    out->p[k] = margin[k] <= 0;
    out->share[k] = out->p[k] / fmax(1, violated);
  }
}

enum { SIDE_POINTS = 12, PILOT = 400, LINE_PAIRS = 64 };
#define LINES_ENOUGH 0.02 /* relative standard error with which lines are taken */

static int by_distance(const void *a, const void *b)
{
  const struct tgv_design_point *p = a, *q = b;

  if (p->beta < q->beta || p->beta > q->beta) return p->beta < q->beta ? -1 : 1;
  return p->state < q->state ? -1 : p->state > q->state;
}

/* The design points of the state in focus or of all, the nearest first; `certain` if one fails whatever the nugget is. */
static size_t find_points(const struct tgv_limit_states *s, size_t focus, const double *margin,
                          struct tgv_design_point *point, bool *certain)
{
  size_t count = 0, calls = 0;

  *certain = false;
  for (size_t k = 0; k < s->count; k++) {
    size_t found;

    if (focus != SIZE_MAX && focus != k) continue;
    found = tgv_design_points_find(s, k, false, point + count, SIDE_POINTS, &calls);
    *certain |= found == 0 && margin[k] <= 0;
    count += found;
  }
  qsort(point, count, sizeof *point, by_distance);
  while (count > 1 && point[count - 1].beta > TGV_BETA_NEGLIGIBLE + 1) count--;
  return count < (TGV_PARTS_MAX - 2) / 2 ? count : (TGV_PARTS_MAX - 2) / 2;
}

/* The state in focus by lines, if each of its design points is one that lines can sample and they lie apart. */
static bool by_lines(const struct tgv_limit_states *s, const struct tgv_design_point *point, size_t count,
                     const struct tgv_response_sampling *how, struct tgv_importance *out)
{
  double p = 0, error = 0, estimate[2];

  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < i; k++) {
      double along = 0;

      for (size_t a = 0; a < s->dimension; a++) along += point[i].u[a] * point[k].u[a];
      if (along > 0) return false;
    }
    if (point[i].bend > 0.2 || fabs(point[i].beta) < 0.01) return false;
    if (!tgv_line_sampling(s, &point[i], LINE_PAIRS, &how->source, estimate)) return false;
    p += estimate[0], error = hypot(error, estimate[1]);
  }
  out->p[how->focus] = fmin(1, p), out->error[how->focus] = error;
  return error < LINES_ENOUGH * p;
}

void tgv_response_direct(struct tgv_via_point *at, const struct tgv_response_sampling *how,
                         struct tgv_importance *out)
{
  struct tgv_limit_states  s = tgv_via_states(at);
  struct tgv_design_point *point;
  struct tgv_proposal     *q;
  struct tgv_sample_source main = how->source;
  double                   margin[TGV_LIMIT_STATES_MAX];
  size_t                   count = 0;
  bool                     certain = true;

  memset(out, 0, sizeof *out);
  if (s.count == 0) return;
  s.reach = TGV_BETA_NEGLIGIBLE + 1;
  tgv_via_point_margins(at, margin);
  point = tgv_allocate(s.count * SIDE_POINTS, sizeof *point);
  q = tgv_allocate(1, sizeof *q);
  if (s.dimension > 0) count = find_points(&s, how->focus, margin, point, &certain);
  if (count == 0 && how->focus == SIZE_MAX)
    decide(margin, s.count, out);
  else if (how->focus != SIZE_MAX && count > 0 && !certain && by_lines(&s, point, count, how, out))
    ;
  else if (count > 0 || certain) {
    tgv_proposal_for(q, s.dimension, point, count, 1);
    q->focus = how->focus;
    if (certain) tgv_proposal_add(q, &(struct tgv_proposal_part){.kind = TGV_PART_PLAIN});
    tgv_proposal_weigh(q, 0);
    tgv_importance_run(&s, q, PILOT, &how->source, out);
    tgv_proposal_adapt(q, out, 0.05);
    tgv_proposal_prune(q, 0.02);
    main.stream += 17;
    tgv_importance_run(&s, q, how->samples, &main, out);
  }
  free(point), free(q);
}

tgv_status tgv_response_new(const struct tgv_via_limits *l, const struct tgv_variation *v,
                            const struct tgv_response_plan *plan, struct tgv_response **out)
{
  struct tgv_response *r = tgv_allocate(1, sizeof *r);

  r->limits = l;
  for (int i = 0; i < TGV_TABLE_NODES; i++)
    r->normal[i] = gsl_cdf_ugaussian_Q((double)i / TGV_TABLE_STEPS - TGV_TABLE_REACH);
  tgv_design_axes(r, v, plan);
  for (size_t k = 0; k < l->count; k++) {
    tgv_status_code status;

    r->cause[k].exact = k >= l->moved;
    r->cause[k].used = true;
    status = r->cause[k].exact ? TGV_OK : tgv_design_fit(r, v, plan, k);
    if (status) {
      tgv_error_note("fitting the cause \"%s\" of the via group \"%s\"", tgv_cause_info(l->cause[k])->name,
                     l->group->name);
      tgv_response_free(r);
      return status;
    }
  }
  *out = r;
  return TGV_OK;
}

void tgv_response_free(struct tgv_response *r)
{
  if (!r) return;
  for (size_t k = 0; k < TGV_LIMIT_STATES_MAX; k++) tgv_fit_release(&r->fit[k]);
  free(r);
}

const struct tgv_response_cause *tgv_response_cause_info(const struct tgv_response *r, size_t k)
{
  return &r->cause[k];
}

const struct tgv_via_limits *tgv_response_limits(const struct tgv_response *r)
{
  return r->limits;
}

double tgv_response_margin(const struct tgv_response *r, size_t k, double beta)
{
  return r->cause[k].exact ? 0 : tgv_fit_margin(&r->fit[k], beta);
}

/* ---- evaluation */

/* Phi(-x) within |x| <= 9 to a relative error of 3e-5 */
static double normal_tail(const struct tgv_response *r, double x)
{
  const double t = (fmin(fmax(x, -TGV_TABLE_REACH), TGV_TABLE_REACH) + TGV_TABLE_REACH) * TGV_TABLE_STEPS;
  const int    i = t < TGV_TABLE_NODES - 2 ? (int)t : TGV_TABLE_NODES - 2;

  return r->normal[i] + (t - i) * (r->normal[i + 1] - r->normal[i]);
}

static double probability(const struct tgv_response *r, double beta)
{
  return beta > TGV_BETA_NEGLIGIBLE ? 0 : normal_tail(r, beta);
}

/* P(A and B) of two standard normals beyond a >= b with correlation rho: P(A) times the mean of P(B | x) over x > a, by Gauss
   quadrature over the probability u beyond a, where x is nearly sqrt(a^2 - 2 ln u). */
static double both(const struct tgv_response *r, double a, double b, double rho)
{
  static const double log_u[] = {-3.059522765, -1.466353908, -0.693147181, -0.262359213, -0.048046022};
  static const double weight[] = {0.1184634425, 0.2393143352, 0.2844444444, 0.2393143352, 0.1184634425};
  const double        rest = 1 / sqrt(fmax(1 - rho * rho, 0x1p-40));
  double              sum = 0;

  if (rho > 0.99999) return probability(r, a);
  for (int i = 0; i < 5; i++) {
    double x = a > 1 ? sqrt(a * a - 2 * log_u[i]) : a + 1 - exp(log_u[i]);

    sum += weight[i] * normal_tail(r, (b - rho * x) * rest);
  }
  return probability(r, a) * sum;
}

/* What the physics alone decides: 1 in all if a margin that no nugget moves has been passed. */
static bool decide_exact(const struct tgv_response *r, double (*margin)[TGV_BLOCK], size_t j,
                         double (*share)[TGV_BLOCK])
{
  const size_t first = r->limits->moved;
  unsigned     violated = 0;

  for (size_t k = first; k < r->limits->count; k++) violated += margin[k][j] <= 0;
  if (!violated) return false;
  for (size_t k = 0; k < r->limits->count; k++)
    share[k][j] = k >= first && margin[k][j] <= 0 ? 1.0 / violated : 0;
  return true;
}

/* Causes that count at one via, the most probable first. */
struct ranked {
  size_t cause;
  double beta, p;
};

/* A via of a block, as the fit sees it. */
struct seen {
  double (*margin)[TGV_BLOCK], (*steep)[TGV_BLOCK];
  size_t        j;
  const double *w;
  double        place;
};

static size_t rank(const struct tgv_response *r, const struct seen *via, struct ranked *list)
{
  size_t n = 0;

  for (size_t k = 0; k < r->limits->moved; k++) {
    struct ranked now = {k, 0, 0};
    size_t        at = n;

    if (!r->cause[k].used) continue;
    now.beta = tgv_fit_beta(&r->fit[k], &(struct tgv_fit_via){via->margin[k][via->j],
                                                              r->fit[k].steep ? via->steep[k][via->j] : 0,
                                                              via->place, via->w});
    now.p = probability(r, now.beta);
    if (!(now.p > 0)) continue;
    for (; at > 0 && list[at - 1].p < now.p; at--) list[at] = list[at - 1];
    list[at] = now;
    n++;
  }
  return n;
}

/* Ditlevsen's upper bound of the union, which is exact for two, with its parts given to the causes. */
static double unite(const struct tgv_response *r, const struct ranked *list, size_t n, double *share)
{
  double any = 0;

  for (size_t i = 0; i < n; i++) {
    const size_t k = list[i].cause;
    double       most = 0, part;
    size_t       with = k;

    for (size_t h = 0; h < i && list[i].p > NEGLIGIBLE_PART * list[0].p; h++) {
      const double rho = r->limits->correlation[k][list[h].cause];
      double       p = rho > DEPENDENT || list[i].p > 0.01 ? both(r, list[i].beta, list[h].beta, rho) : 0;

      if (p > most) most = p, with = list[h].cause;
    }
    most = fmin(most, list[i].p);
    any += list[i].p - most;
    part =
        r->limits->cause[k] == TGV_CAUSE_closed ? most : 0.5 * most; /* closed was counted as a small waist */
    share[k] = list[i].p - most + part;
    if (with != k) share[with] -= part;
  }
  for (size_t i = 0; any > 1 && i < n; i++) share[list[i].cause] /= any;
  return fmin(1, any);
}

/* The margins with one nugget at u for all vias of the block. */
static void probe(const struct tgv_response *r, const struct tgv_normal_term *t, double u, const float *saved,
                  struct tgv_block *b, double margin[][TGV_BLOCK])
{
  const float by = (float)tgv_normal_term_at(t, u);

  for (int i = 0; i < tgv_input_count(); i++)
    memcpy(b->input[i], saved + (size_t)i * b->n, b->n * sizeof *saved);
  for (size_t j = 0; j < b->n; j++) b->input[t->input][j] += by;
  tgv_via_margins(r->limits, b, margin);
}

/* The margins, and those of steep causes over their local slopes. The block is left at its base. */
static void find_coordinates(const struct tgv_response *r, struct tgv_block *b, double margin[][TGV_BLOCK],
                             double steep[][TGV_BLOCK])
{
  const size_t inputs = (size_t)tgv_input_count(), n = b->n;
  float       *saved = tgv_allocate(inputs * n, sizeof *saved);
  struct tgv_slope(*slope)[TGV_BLOCK] = tgv_allocate(r->limits->moved, sizeof *slope);
  double plus[TGV_LIMIT_STATES_MAX][TGV_BLOCK], minus[TGV_LIMIT_STATES_MAX][TGV_BLOCK];

  for (size_t i = 0; i < inputs; i++) memcpy(saved + i * n, b->input[i], n * sizeof *saved);
  tgv_via_margins(r->limits, b, margin);
  for (size_t q = 0; q < r->probe_count; q++) {
    const struct tgv_normal_term *t = &r->limits->nugget[r->probe[q]];

    probe(r, t, TGV_PROBE, saved, b, plus);
    probe(r, t, -TGV_PROBE, saved, b, minus);
    for (size_t k = 0; k < r->limits->moved; k++)
      for (size_t j = 0; r->fit[k].steep && r->probed[k][r->probe[q]] && j < n; j++)
        tgv_slope_add(&slope[k][j], margin[k][j], plus[k][j], minus[k][j]);
  }
  for (size_t i = 0; i < inputs; i++) memcpy(b->input[i], saved + i * n, n * sizeof *saved);
  tgv_via_margins(r->limits, b, margin);
  for (size_t k = 0; k < r->limits->moved; k++)
    for (size_t j = 0; r->fit[k].steep && j < n; j++)
      steep[k][j] = tgv_slope_divide(&slope[k][j], margin[k][j]);
  free(saved), free(slope);
}

void tgv_response_evaluate(const struct tgv_response *r, struct tgv_block *b, double *any,
                           double (*share)[TGV_BLOCK])
{
  const struct tgv_via_limits *l = r->limits;
  const double                 radius = r->axes.radius * r->axes.radius;
  double margin[TGV_LIMIT_STATES_MAX][TGV_BLOCK], steep[TGV_LIMIT_STATES_MAX][TGV_BLOCK],
      w[TGV_BLOCK * TGV_INPUT_MAX];

  for (size_t a = 0; a < r->axes.count; a++) {
    const struct tgv_fit_axis *axis = &r->axes.axis[a];

    for (size_t j = 0; j < b->n; j++)
      w[j * r->axes.count + a] = ((double)b->input[axis->input][j] - axis->centre) / axis->scale;
  }
  if (r->probe_count > 0)
    find_coordinates(r, b, margin, steep);
  else
    tgv_via_margins(l, b, margin);
  for (size_t k = 0; k < l->count; k++) memset(share[k], 0, b->n * sizeof **share);
  for (size_t j = 0; j < b->n; j++) {
    const struct seen via = {margin, steep, j, w + j * r->axes.count,
                             (b->x[j] * b->x[j] + b->y[j] * b->y[j]) / radius};
    struct ranked     list[TGV_LIMIT_STATES_MAX];
    double            own[TGV_LIMIT_STATES_MAX];
    size_t            n;

    any[j] = 1;
    if (decide_exact(r, margin, j, share)) continue;
    n = rank(r, &via, list);
    any[j] = unite(r, list, n, own);
    for (size_t i = 0; i < n; i++) share[list[i].cause][j] = own[list[i].cause];
  }
}
