/** # Yield of a unit, given its correlated part

## Model
Given the correlated part $c_s$ at every site $s$ the vias fail independently with the probabilities $p_s$ of the response. The
faults of a unit are $\lambda = -\ln P(\text{all groups pass})$, the sum over its groups:

- no via may fail: $\lambda = -\sum_s n_s \ln(1 - p_s)$;
- spare lanes: a lane of $v$ vias fails with $q = 1 - \prod (1-p)$, a bundle of $n$ lanes that needs $k$ with
  $P(\mathrm{Bin}(n, q) > n - k)$. $q$ is the mean over the four sites that a bundle runs through, so lanes of a bundle share
  their field: common cause comes about by itself. The tail is tabulated over $\ln q$;
- a tolerated fraction: $P(D + \mathrm{Bin}(N, \bar p) > f N_g)$, with $D$ the vias of sites where more than half fails and
  $\bar p$ the mean over the other sites.

Defects hit vias at their exact places. A killed via is lost; a degraded one fails with the probability of its own response, at its
dose. A bundle that is hit is worked out lane by lane.

A unit whose core varies in thickness over its sites by more than `core.ttv` has failed.

## Valid for
Fields that vary little within a site.

## Neglects
The variance of $p$ within the binomial of a tolerated fraction (it would narrow the distribution); a via hit twice counts its
worse hit.

## Source
Our own; k of n: any text on reliability.

## Verified by
tests/unit/test_yield_unit.c. */
#include "factory/yield_unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"
#include "solver/yield_model.h"

#define TAIL_LEAST -32.0 /* ln q of the first node; below it the leading term is a power */
#define TAIL_STEP 0.025
#define TAIL_NEGLIGIBLE -50.0 /* ln of a bundle's fail probability that does not matter */

/* ---- building */

static bool same_real(double a, double b)
{
  return (isnan(a) && isnan(b)) || !(a < b || a > b);
}

static bool same_kind(const struct tgv_via_group *a, const struct tgv_via_group *b)
{
  if (!same_real(a->diameter, b->diameter) || !same_real(a->track_radius, b->track_radius)) return false;
  for (int k = 0; k < TGV_CAUSE_COUNT; k++)
    if (isnan(a->limit[k]) != isnan(b->limit[k]) ||
        !(isnan(a->limit[k]) || same_real(a->limit[k], b->limit[k])))
      return false;
  return true;
}

/* Dose factors of the defects that degrade vias, each once. */
static size_t find_doses(const struct tgv_project *p, double *dose)
{
  size_t n = 0;

  for (size_t i = 0; i < tgv_records(p, TGV_S_defects); i++) {
    const double factor = tgv_real_at(p, TGV_P_defects_dose_factor, i);
    bool known = !tgv_chosen_at(p, TGV_P_defects_effect, i, "degrade") || !(factor > 0 && factor < 1) ||
                 !(tgv_real_at(p, TGV_P_defects_density, i) > 0);

    for (size_t k = 0; k < n; k++) known |= same_real(dose[k], factor);
    if (!known) dose[n++] = factor;
  }
  return n;
}

static void find_kinds(struct tgv_unit_model *m)
{
  const struct tgv_package *k = m->flow->package;
  const size_t              records = tgv_records(m->flow->project, TGV_S_defects);
  double                   *dose = tgv_allocate(records + 1, sizeof *dose);
  const size_t              doses = find_doses(m->flow->project, dose);

  m->kind = tgv_allocate(m->group_count * (doses + 1), sizeof *m->kind);
  for (size_t g = 0; g < m->group_count; g++) {
    size_t i = 0;

    while (i < m->kind_count && !same_kind(&k->group[m->kind[i].first_group], &k->group[g])) i++;
    m->group[g].kind = i;
    if (i == m->kind_count)
      m->kind[m->kind_count++] = (struct tgv_unit_kind){.first_group = g, .dose_factor = 1};
  }
  m->base_kinds = m->kind_count;
  for (size_t d = 0; d < doses; d++)
    for (size_t i = 0; i < m->base_kinds; i++)
      m->kind[m->kind_count++] =
          (struct tgv_unit_kind){.first_group = m->kind[i].first_group, .dose_factor = dose[d]};
  free(dose);
}

static void find_kind_sites(struct tgv_unit_model *m)
{
  for (size_t i = 0; i < m->kind_count; i++) {
    struct tgv_unit_kind *kind = &m->kind[i];

    kind->site = tgv_allocate(m->sites.count, sizeof *kind->site);
    for (size_t s = 0; s < m->sites.count; s++) {
      const struct tgv_site *site = &m->sites.site[s];
      bool                   here = false;

      for (size_t q = 0; q < site->part_count; q++)
        here |= m->group[m->sites.part[site->part_first + q].group].kind == i % m->base_kinds;
      if (here) kind->site[kind->site_count++] = s;
    }
  }
}

/* from the leading term upwards where failures are rare, from the complement otherwise */
double tgv_log_tail(double n, double spares, double log_q)
{
  const double q = exp(log_q), odds = q / (1 - q);
  double       term = 1, sum = 1, first = spares + 1;

  if (first > n) return -INFINITY;
  if (q * n > 0.5 * first) return q >= 1 ? 0 : log(gsl_cdf_binomial_Q((unsigned)spares, q, (unsigned)n));
  for (double i = first; i < n && term > 0x1p-60 * sum; i++) sum += term *= (n - i) / (i + 1) * odds;
  return lgamma(n + 1) - lgamma(first + 1) - lgamma(n - first + 1) + first * log_q + (n - first) * log1p(-q) +
         log(sum);
}

static void make_tails(struct tgv_unit_model *m)
{
  const struct tgv_package *k = m->flow->package;
  size_t                    count = 0;

  m->tail = tgv_allocate(2 * m->group_count, sizeof *m->tail);
  for (size_t g = 0; g < m->group_count; g++) {
    struct tgv_unit_group *group = &m->group[g];

    if (group->rule != TGV_RULE_SPARES) continue;
    group->tail_first = count;
    for (size_t b = m->sites.bundle_first[g]; b < m->sites.bundle_first[g + 1];
         b++) { /* the kinds are sorted by lanes */
      const double lanes = m->sites.bundle[b].lanes;

      if (count > group->tail_first && same_real(group->tail_lanes[count - group->tail_first - 1], lanes))
        continue;
      TGV_BUG_IF(count - group->tail_first == 2);
      group->tail_lanes[count - group->tail_first] = lanes;
      for (int i = 0; i < TGV_TAIL_NODES; i++)
        m->tail[count][i] = tgv_log_tail(lanes, (double)(k->group[g].lanes - k->group[g].lanes_needed),
                                         fmin(TAIL_LEAST + i * TAIL_STEP, 0));
      count++;
    }
  }
}

static void set_rules(struct tgv_unit_model *m)
{
  const struct tgv_package *k = m->flow->package;

  m->group_count = k->group_count;
  m->group = tgv_allocate(k->group_count, sizeof *m->group);
  for (size_t g = 0; g < k->group_count; g++) {
    const struct tgv_via_group *from = &k->group[g];

    m->group[g].vias = (double)from->count;
    m->group[g].bearable = floor(from->fail_fraction_max * (double)from->count);
    m->group[g].rule = from->lanes_needed < from->lanes ? TGV_RULE_SPARES
                       : m->group[g].bearable > 0       ? TGV_RULE_FRACTION
                                                        : TGV_RULE_ALL;
  }
}

/* Some places of the vias of a kind, over all units: middles of sites. */
static size_t find_places(const struct tgv_unit_model *m, const struct tgv_unit_kind *kind,
                          double (*place)[2], size_t                                  room)
{
  const struct tgv_panel *panel = m->flow->panel;
  const double            all = (double)panel->unit_count * (double)kind->site_count;
  const size_t            n = all < (double)room ? (size_t)all : room;

  for (size_t i = 0; i < n; i++) {
    size_t                 at = (size_t)(((double)i + 0.5) * all / (double)n);
    const struct tgv_site *site = &m->sites.site[kind->site[at % kind->site_count]];

    tgv_panel_position(panel, at / kind->site_count, 0.5 * (site->x0 + site->x1), 0.5 * (site->y0 + site->y1),
                       &place[i][0], &place[i][1]);
  }
  return n;
}

static tgv_status fit_kind(struct tgv_unit_model *m, const struct tgv_variation *v,
                           const struct tgv_unit_options *o, struct tgv_unit_kind *kind)
{
  enum { PLACES = 4096 };
  const struct tgv_via_group *g = &m->flow->package->group[kind->first_group];
  double(*place)[2] = tgv_allocate(PLACES, sizeof *place);
  struct tgv_response_plan plan = {.samples = o->samples, .key = o->key};
  tgv_status_code          status;

  plan.places.n = find_places(m, kind, place, PLACES);
  plan.places.at = (const double(*)[2])place;
  status = tgv_via_limits_init(&kind->limits, m->flow, v, g, kind->dose_factor);
  if (!status) status = tgv_response_new(&kind->limits, v, &plan, &kind->response);
  free(place);
  return status;
}

tgv_status tgv_unit_model_new(const struct tgv_flow *f, const struct tgv_variation *v,
                              const struct tgv_unit_options *o, struct tgv_unit_model **out)
{
  struct tgv_unit_model *m = tgv_allocate(1, sizeof *m);

  m->flow = f;
  m->ttv = tgv_real(f->project, TGV_P_core_ttv);
  tgv_sites_build(f->package, o->cell, &m->sites);
  set_rules(m);
  find_kinds(m);
  find_kind_sites(m);
  make_tails(m);
  for (size_t i = 0; i < m->kind_count; i++) {
    tgv_status_code status = fit_kind(m, v, o, &m->kind[i]);

    if (status) {
      tgv_unit_model_free(m);
      return status;
    }
  }
  *out = m;
  return TGV_OK;
}

void tgv_unit_model_free(struct tgv_unit_model *m)
{
  if (!m) return;
  for (size_t i = 0; i < m->kind_count; i++) {
    tgv_response_free(m->kind[i].response);
    tgv_via_limits_release(&m->kind[i].limits);
    free(m->kind[i].site);
  }
  tgv_sites_release(&m->sites);
  free(m->kind), free(m->group), free(m->tail);
  free(m);
}

/* ---- a unit */

struct tgv_unit_state *tgv_unit_state_new(const struct tgv_unit_model *m)
{
  struct tgv_unit_state *s = tgv_allocate(1, sizeof *s);
  const size_t           n = m->sites.count;

  s->input = tgv_allocate((size_t)tgv_input_count() * n, sizeof *s->input);
  s->x = tgv_allocate(2 * n, sizeof *s->x);
  s->y = s->x + n;
  s->any = tgv_allocate(2 * m->base_kinds * n, sizeof *s->any);
  s->log_good = s->any + m->base_kinds * n;
  s->share = tgv_allocate(m->base_kinds * n * TGV_LIMIT_STATES_MAX, sizeof *s->share);
  s->group_faults = tgv_allocate(m->group_count, sizeof *s->group_faults);
  s->block = tgv_block_new();
  return s;
}

void tgv_unit_state_free(struct tgv_unit_state *s)
{
  if (!s) return;
  free(s->input), free(s->x), free(s->any), free(s->share), free(s->group_faults);
  tgv_block_free(s->block);
  free(s);
}

static double radical_inverse(uint32_t i, uint32_t base)
{
  double result = 0, digit = 1.0 / base;

  for (; i; i /= base, digit /= base) result += digit * (i % base);
  return result;
}

void tgv_unit_place(const struct tgv_unit_model *m, size_t unit, uint32_t panel, struct tgv_unit_state *s)
{
  const double u = radical_inverse(panel, 2), v = radical_inverse(panel, 3);

  for (size_t i = 0; i < m->sites.count; i++) {
    const struct tgv_site *site = &m->sites.site[i];
    const double           a = u + 0.754877666 * (double)(i + unit), b = v + 0.569840291 * (double)(i + unit);

    tgv_panel_position(m->flow->panel, unit, site->x0 + (a - floor(a)) * (site->x1 - site->x0),
                       site->y0 + (b - floor(b)) * (site->y1 - site->y0), &s->x[i], &s->y[i]);
  }
}

/* Probabilities of an undisturbed kind at all of its sites. */
static void evaluate_kind(const struct tgv_unit_model *m, size_t i, struct tgv_unit_state *s)
{
  const struct tgv_unit_kind *kind = &m->kind[i];
  const size_t                n = m->sites.count;
  struct tgv_block           *b = s->block;
  double                      any[TGV_BLOCK], share[TGV_LIMIT_STATES_MAX][TGV_BLOCK];

  for (size_t done = 0; done < kind->site_count; done += TGV_BLOCK) {
    b->n = kind->site_count - done < TGV_BLOCK ? kind->site_count - done : TGV_BLOCK;
    for (int k = 0; k < tgv_input_count(); k++)
      for (size_t j = 0; j < b->n; j++)
        b->input[k][j] = (float)s->input[(size_t)k * n + kind->site[done + j]];
    for (size_t j = 0; j < b->n; j++)
      b->x[j] = s->x[kind->site[done + j]], b->y[j] = s->y[kind->site[done + j]];
    tgv_response_evaluate(kind->response, b, any, share);
    for (size_t j = 0; m->ttv > 0 && j < b->n; j++) {
      s->thin = fmin(s->thin, (double)b->column[TGV_C_thickness][j]);
      s->thick = fmax(s->thick, (double)b->column[TGV_C_thickness][j]);
    }
    for (size_t j = 0; j < b->n; j++) {
      size_t site = kind->site[done + j];

      s->any[i * n + site] = any[j];
      s->log_good[i * n + site] = any[j] > 0 ? log1p(-any[j]) : 0;
      for (size_t k = 0; k < kind->limits.count; k++)
        s->share[(i * n + site) * TGV_LIMIT_STATES_MAX + k] = share[k][j];
    }
  }
}

double tgv_fraction_faults(const struct tgv_via_mass *w, double bearable)
{
  const double left = floor(bearable - w->fixed + 0.5), n = floor(w->vias + 0.5);

  if (left < 0) return INFINITY;
  if (left >= n || !(w->failed > 0)) return 0;
  return -log1p(-fmin(1, gsl_cdf_binomial_Q((unsigned)left, fmin(1, w->failed / n), (unsigned)n)));
}

static double tail_at(const double *tail, double log_q)
{
  const double t = (log_q - TAIL_LEAST) / TAIL_STEP;
  const int    i = t < 0 ? 0 : t < TGV_TAIL_NODES - 2 ? (int)t : TGV_TAIL_NODES - 2;

  if (isinf(tail[0])) return -INFINITY;
  return tail[i] + (t - i) * (tail[i + 1] - tail[i]);
}

static double bundle_faults(const struct tgv_unit_model *m, const struct tgv_unit_state *s, size_t g)
{
  const struct tgv_unit_group *group = &m->group[g];
  const double                *log_good = s->log_good + group->kind * m->sites.count;
  const double                 vias = (double)m->flow->package->group[g].lane_vias / TGV_BUNDLE_SITES;
  double                       faults = 0;

  for (size_t i = m->sites.bundle_first[g]; i < m->sites.bundle_first[g + 1]; i++) {
    const struct tgv_bundle_kind *b = &m->sites.bundle[i];
    const size_t                  which = same_real(b->lanes, group->tail_lanes[0]) ? 0 : 1;
    double                        lane = 0, tail;

    for (int k = 0; k < TGV_BUNDLE_SITES; k++)
      lane += log_good[b->site[k]]; /* ln of the probability that a lane is good */
    if (!(lane < 0)) continue;
    tail = tail_at(m->tail[group->tail_first + which], log(-expm1(lane * vias)));
    if (tail > TAIL_NEGLIGIBLE) faults -= b->count * log1p(-fmin(1, exp(tail)));
  }
  return faults;
}

/* Collects what the sites say about every group. */
struct group_sums {
  struct tgv_via_mass mass;
  double              log_good, failed;
  double              by[TGV_LIMIT_STATES_MAX];
};

static void add_part(const struct tgv_unit_model *m, const struct tgv_unit_state *s, size_t site,
                     const struct tgv_site_part *part, struct group_sums *t)
{
  const size_t  kind = m->group[part->group].kind, at = kind * m->sites.count + site;
  const double  p = s->any[at];
  const double *share = s->share + at * TGV_LIMIT_STATES_MAX;

  if (p > 0.5)
    t->mass.fixed += part->vias * p;
  else
    t->mass.vias += part->vias, t->mass.failed += part->vias * p;
  if (!(p > 0)) return;
  t->log_good += part->vias * s->log_good[at];
  t->failed += part->vias * p;
  for (size_t k = 0; k < m->kind[kind].limits.count; k++) t->by[k] += part->vias * share[k];
}

static void conclude_group(const struct tgv_unit_model *m, struct tgv_unit_state *s, size_t g,
                           const struct group_sums *t)
{
  const struct tgv_unit_group *group = &m->group[g];
  const struct tgv_via_limits *l = &m->kind[group->kind].limits;
  double                       faults = group->rule == TGV_RULE_ALL      ? -t->log_good
                                        : group->rule == TGV_RULE_SPARES ? bundle_faults(m, s, g)
                                                                         : tgv_fraction_faults(&t->mass, group->bearable);

  s->group_faults[g] = faults = fmin(faults, TGV_FAULTS_MOST);
  s->events += group->rule == TGV_RULE_ALL      ? t->failed
               : group->rule == TGV_RULE_SPARES ? faults
                                                : -expm1(-faults);
  s->faults += faults;
  s->failed += t->failed;
  for (size_t k = 0; k < l->count && t->failed > 0; k++) {
    s->failed_by[l->cause[k]] += t->by[k];
    s->cause[l->cause[k]] += faults * t->by[k] / t->failed;
  }
}

void tgv_unit_evaluate(const struct tgv_unit_model *m, struct tgv_unit_state *s)
{
  struct group_sums *t = tgv_allocate(m->group_count, sizeof *t);

  s->thin = INFINITY, s->thick = -INFINITY;
  for (size_t i = 0; i < m->base_kinds; i++) evaluate_kind(m, i, s);
  s->faults = s->failed = s->events = 0;
  memset(s->cause, 0, sizeof s->cause), memset(s->failed_by, 0, sizeof s->failed_by);
  for (size_t i = 0; i < m->sites.count; i++)
    for (size_t q = 0; q < m->sites.site[i].part_count; q++) {
      const struct tgv_site_part *part = &m->sites.part[m->sites.site[i].part_first + q];

      add_part(m, s, i, part, &t[part->group]);
    }
  for (size_t g = 0; g < m->group_count; g++) conclude_group(m, s, g, &t[g]);
  free(t);
}
