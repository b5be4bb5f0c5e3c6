#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/yield_unit.h"

/* ln(1 - p), finite also where p is 1 */
static double log_survival(double p)
{
  return log1p(-fmin(p, 1 - 0x1p-50));
}

/* A via that a defect has hit. */
struct wound {
  struct tgv_hit hit;
  double         dose_factor; /* 0: killed */
  double         p;           /* its fail probability now */
};

struct wounds {
  const struct tgv_unit_model *model;
  size_t                       unit;
  double                       dose_factor; /* of the defect that is being looked at */
  struct wound                *item;
  size_t                       count, room;
};

static void add_wound(const struct tgv_hit *hit, void *context)
{
  struct wounds *w = context;

  if (w->count == w->room) {
    w->room = w->room ? 2 * w->room : 64;
    w->item = tgv_reallocate(w->item, w->room, sizeof *w->item);
  }
  w->item[w->count++] = (struct wound){*hit, w->dose_factor, 1};
}

static void look_at(const struct tgv_defect *d, void *context)
{
  struct wounds          *w = context;
  const struct tgv_panel *panel = w->model->flow->panel;
  const double            dx = d->x - panel->unit_x[w->unit], dy = d->y - panel->unit_y[w->unit];
  const double            centre[2] = {panel->rotated ? dy : dx, panel->rotated ? -dx : dy};

  w->dose_factor = d->dose_factor;
  tgv_sites_hits(&w->model->sites, w->model->flow->package, centre, d->radius, add_wound, w);
}

static int by_via(const void *a, const void *b)
{
  const struct wound *p = a, *q = b;

  if (p->hit.local != q->hit.local) return p->hit.local < q->hit.local ? -1 : 1;
  return (p->dose_factor > q->dose_factor) - (p->dose_factor < q->dose_factor);
}

/* Sorts the wounds; of a via that was hit more than once the worst counts. */
static void sort_wounds(struct wounds *w)
{
  size_t kept = 0;

  if (w->count > 1) qsort(w->item, w->count, sizeof *w->item, by_via);
  for (size_t i = 0; i < w->count; i++)
    if (kept == 0 || w->item[kept - 1].hit.local != w->item[i].hit.local) w->item[kept++] = w->item[i];
  w->count = kept;
}

/* The fail probability of a degraded via, from the response at its dose. */
static double degraded_probability(const struct tgv_unit_model *m, const struct tgv_unit_state *s,
                                   const struct wound *w)
{
  const size_t      base = m->group[w->hit.group].kind, n = m->sites.count;
  struct tgv_block *b = s->block;
  double            any[TGV_BLOCK], share[TGV_LIMIT_STATES_MAX][TGV_BLOCK];

  for (size_t i = base + m->base_kinds; i < m->kind_count; i += m->base_kinds) {
    if (fabs(m->kind[i].dose_factor - w->dose_factor) > 0x1p-40) continue;
    b->n = 1;
    for (int k = 0; k < tgv_input_count(); k++) b->input[k][0] = (float)s->input[(size_t)k * n + w->hit.site];
    b->x[0] = s->x[w->hit.site], b->y[0] = s->y[w->hit.site];
    tgv_response_evaluate(m->kind[i].response, b, any, share);
    return any[0];
  }
  return 1;
}

/* ---- rules */

static double all_faults(const struct wound *w, size_t n, const double *any)
{
  double faults = 0;

  for (size_t i = 0; i < n; i++) {
    if (w[i].p >= 1) return TGV_FAULTS_MOST;
    faults += fmax(0, log_survival(any[w[i].hit.site]) - log_survival(w[i].p));
  }
  return faults;
}

/* The vias of the group that were hit are counted with what they fail now. */
static double fraction_faults(const struct tgv_unit_model *m, const struct tgv_unit_state *s,
                              const struct wound *w, size_t n)
{
  const size_t        g = w[0].hit.group;
  const double       *any = s->any + m->group[g].kind * m->sites.count;
  struct tgv_via_mass mass = {0};

  for (size_t i = 0; i < m->sites.count; i++)
    for (size_t q = 0; q < m->sites.site[i].part_count; q++) {
      const struct tgv_site_part *part = &m->sites.part[m->sites.site[i].part_first + q];

      if (part->group != g) continue;
      if (any[i] > 0.5)
        mass.fixed += part->vias * any[i];
      else
        mass.vias += part->vias, mass.failed += part->vias * any[i];
    }
  for (size_t i = 0; i < n; i++) mass.fixed += fmax(0, w[i].p - any[w[i].hit.site]);
  return fmax(0,
              fmin(tgv_fraction_faults(&mass, m->group[g].bearable), TGV_FAULTS_MOST) - s->group_faults[g]);
}

/* One bundle: lanes without wound fail with q, the others with what their vias fail now. lost[i]: probability that i of the wounded
   lanes are bad. */
static double bundle_faults(const struct tgv_unit_model *m, const struct wound *w, size_t n,
                            const double *any, double lanes)
{
  const struct tgv_via_group *g = &m->flow->package->group[w[0].hit.group];
  const double                spares = (double)(g->lanes - g->lanes_needed);
  const double log_lane = log_survival(any[w[0].hit.site]) * (double)g->lane_vias, q = -expm1(log_lane);
  double      *lost = tgv_allocate(n + 2, sizeof *lost), fails = 0, without;
  size_t       wounded = 0;

  lost[0] = 1;
  for (size_t i = 0; i < n;) {
    const uint64_t lane = (w[i].hit.local - g->first) / g->lane_vias;
    double         log_good = log_lane;

    for (; i < n && (w[i].hit.local - g->first) / g->lane_vias == lane; i++)
      log_good += log_survival(w[i].p) - log_survival(any[w[i].hit.site]);
    wounded++;
    for (size_t k = wounded; k > 0; k--) lost[k] = lost[k] * exp(log_good) - lost[k - 1] * expm1(log_good);
    lost[0] *= exp(log_good);
  }
  for (size_t k = 0; k <= wounded; k++) {
    const double left = spares - (double)k;

    fails += lost[k] * (left < 0 ? 1 : q > 0 ? exp(tgv_log_tail(lanes - (double)wounded, left, log(q))) : 0);
  }
  free(lost);
  without = q > 0 ? exp(tgv_log_tail(lanes, spares, log(q))) : 0;
  if (fails >= 1) return TGV_FAULTS_MOST;
  return without < 1 ? fmax(0, log1p(-without) - log1p(-fails)) : 0;
}

static double spares_faults(const struct tgv_unit_model *m, const struct wound *w, size_t n,
                            const double *any)
{
  const struct tgv_via_group *g = &m->flow->package->group[w[0].hit.group];
  const uint64_t              size = g->lanes * g->lane_vias;
  double                      faults = 0;

  for (size_t i = 0; i < n;) {
    const uint64_t bundle = (w[i].hit.local - g->first) / size, left = g->count - bundle * size;
    const uint64_t vias = left < size ? left : size;
    size_t         end = i;

    while (end < n && (w[end].hit.local - g->first) / size == bundle) end++;
    faults += bundle_faults(m, w + i, end - i, any, (double)((vias + g->lane_vias - 1) / g->lane_vias));
    i = end;
  }
  return fmin(faults, TGV_FAULTS_MOST);
}

void tgv_unit_strike(const struct tgv_unit_model *m, const struct tgv_unit_state *s, size_t unit,
                     const struct tgv_defect_map *map, struct tgv_strike *out)
{
  const struct tgv_panel *panel = m->flow->panel;
  const double            x = panel->unit_x[unit], y = panel->unit_y[unit];
  const double            low[2] = {x - 0.5 * panel->unit_width, y - 0.5 * panel->unit_height};
  const double            high[2] = {x + 0.5 * panel->unit_width, y + 0.5 * panel->unit_height};
  struct wounds           w = {.model = m, .unit = unit};

  memset(out, 0, sizeof *out);
  tgv_defect_visit(map, low, high, look_at, &w);
  sort_wounds(&w);
  for (size_t i = 0; i < w.count; i++) {
    if (w.item[i].dose_factor > 0)
      w.item[i].p = degraded_probability(m, s, &w.item[i]), out->degraded++;
    else
      out->kills++;
  }
  for (size_t i = 0; i < w.count;) { /* local numbers of a group follow each other, so its wounds do too */
    const struct tgv_unit_group *group = &m->group[w.item[i].hit.group];
    const double                *any = s->any + group->kind * m->sites.count;
    size_t                       end = i;

    while (end < w.count && w.item[end].hit.group == w.item[i].hit.group) end++;
    double faults;

    if (group->rule == TGV_RULE_ALL)
      faults = all_faults(w.item + i, end - i, any);
    else if (group->rule == TGV_RULE_SPARES)
      faults = spares_faults(m, w.item + i, end - i, any);
    else
      faults = fraction_faults(m, s, w.item + i, end - i);
    out->faults += faults;
    for (size_t k = i; k < end && group->rule == TGV_RULE_ALL; k++) out->events += w.item[k].p;
    if (group->rule != TGV_RULE_ALL) out->events += -expm1(-faults);
    i = end;
  }
  out->faults = fmin(out->faults, TGV_FAULTS_MOST);
  free(w.item);
}
