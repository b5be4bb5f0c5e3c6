#include "factory/yield_results.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/text.h"
#include "model/result.h"
#include "solver/yield_model.h"

static const char by_ensemble[] =
    "fail probabilities given the correlated part (first-order search, importance sampling over the "
    "nugget, response fit), averaged over an ensemble of panels of different lots";
static const char given_inputs[] =
    "the variation and the limits as given; correlated parts are taken as one value within a site";

const char *tgv_loss_name(int loss)
{
  return loss == TGV_LOSS_TTV ? "ttv" : tgv_cause_info((enum tgv_cause)loss)->name;
}

const char *tgv_loss_help(int loss)
{
  return loss == TGV_LOSS_TTV ? "core varies in thickness by more than its TTV"
                              : tgv_cause_info((enum tgv_cause)loss)->help;
}

const char *tgv_loss_step(int loss)
{
  return loss == TGV_LOSS_TTV ? "glass_blank" : tgv_cause_info((enum tgv_cause)loss)->step;
}

struct tgv_interval tgv_interval_log(struct tgv_estimate e, double confidence)
{
  const double t = gsl_cdf_tdist_Qinv(0.5 * (1 - confidence), fmax(1, e.freedom));
  const double factor = e.mean > 0 ? exp(fmin(50, t * e.error / e.mean)) : 1;

  return (struct tgv_interval){e.mean, e.mean / factor, e.mean * factor};
}

struct tgv_interval tgv_interval_probability(struct tgv_estimate e, double confidence)
{
  const struct tgv_interval i = tgv_interval_log(e, confidence);

  return (struct tgv_interval){fmin(1, i.value), fmin(1, i.low), fmin(1, i.high)};
}

static struct tgv_estimate mean_over_panels(const struct tgv_yield_findings *f, const double *values,
                                            double by)
{
  struct tgv_estimate e = tgv_ensemble_mean(f->study->ensemble, values);

  e.mean /= by, e.error /= by;
  return e;
}

struct tgv_interval tgv_interval_mean(const struct tgv_yield_findings *f, const double *values, double by)
{
  return tgv_interval_probability(mean_over_panels(f, values, by), f->confidence);
}

static struct tgv_interval passing(struct tgv_interval loss)
{
  return (struct tgv_interval){1 - loss.value, 1 - loss.high, 1 - loss.low};
}

static void add(const struct tgv_yield_findings *f, enum tgv_column column, const char *qualifier,
                struct tgv_interval i, const char *error)
{
  tgv_result_scalar(f->run->current, &(struct tgv_scalar){.column = column,
                                                          .qualifier = qualifier,
                                                          .value = i.value,
                                                          .low = i.low,
                                                          .high = i.high,
                                                          .method = by_ensemble,
                                                          .valid = given_inputs,
                                                          .error = error});
}

/* ---- units */

/* Sums over the units of each panel: sum[r] of value(r, u). */
static double *over_units(const struct tgv_ensemble *e,
                          double (*value)(const struct tgv_ensemble *e, size_t at))
{
  double *sum = tgv_allocate(e->panels, sizeof *sum);

  for (size_t i = 0; i < e->panels * e->units; i++) sum[i / e->units] += value(e, i);
  return sum;
}

static double lost(const struct tgv_ensemble *e, size_t at)
{
  return e->loss[at];
}

static double lost_by_variation(const struct tgv_ensemble *e, size_t at)
{
  return -expm1(-e->faults[at]);
}

static double lost_by_defects(const struct tgv_ensemble *e, size_t at)
{
  return -expm1(-e->struck[at]);
}

static double events(const struct tgv_ensemble *e, size_t at)
{
  return e->events[at];
}

static double kills(const struct tgv_ensemble *e, size_t at)
{
  return e->kills[at];
}

static void add_unit_yield(const struct tgv_yield_findings *f)
{
  const struct tgv_ensemble *e = f->study->ensemble;
  double                    *sum = over_units(e, lost);
  char                       error[400];
  const double               units = (double)e->units;
  struct tgv_estimate        loss = mean_over_panels(f, sum, units);

  snprintf(error, sizeof error,
           "standard error %.2g of the ensemble (%zu panels), %.2g of the response (bias %+.1f %%, scatter "
           "%.0f %% at %zu "
           "places where units are lost)",
           loss.error, e->panels, f->check.vital * hypot(f->check.bias, f->check.error), 100 * f->check.bias,
           100 * f->check.scatter, f->check.places);
  loss.error = hypot(loss.error, f->check.vital * hypot(f->check.bias, f->check.error));
  add(f, TGV_C_unit_yield, "", passing(tgv_interval_probability(loss, f->confidence)), error);
  free(sum);
  sum = over_units(e, lost_by_variation);
  add(f, TGV_C_unit_yield, "variation", passing(tgv_interval_mean(f, sum, units)),
      "interval of the ensemble; without defects");
  free(sum);
  sum = over_units(e, lost_by_defects);
  add(f, TGV_C_unit_yield, "defects", passing(tgv_interval_mean(f, sum, units)),
      "interval of the ensemble; defects alone");
  free(sum);
}

/* ---- vias */

/* Probabilities of the kinds, weighted by their vias. */
static struct tgv_estimate marginal_mean(const struct tgv_yield_findings *f, int cause)
{
  const struct tgv_unit_model *m = f->study->model;
  struct tgv_estimate          out = {0};
  double                       all = 0;

  for (size_t g = 0; g < m->group_count; g++) all += m->group[g].vias;
  for (size_t i = 0; i < m->base_kinds; i++) {
    const struct tgv_marginal *p = &f->marginal[i];
    double                     vias = 0;

    for (size_t g = 0; g < m->group_count; g++) vias += m->group[g].kind == i ? m->group[g].vias : 0;
    out.mean += vias / all * (cause < 0 ? p->p : p->by[cause]);
    out.error = hypot(out.error, vias / all * (cause < 0 ? p->error : p->by_error[cause]));
    out.freedom = (double)p->places - 1;
  }
  return out;
}

static void add_via_probability(const struct tgv_yield_findings *f)
{
  static const char method[] =
      "first-order search and importance sampling in the space of all terms, lot to nugget, at places "
      "drawn over the panel";
  const struct tgv_ensemble *e = f->study->ensemble;
  struct tgv_scalar          s = {
               .column = TGV_C_via_fail_probability, .qualifier = "", .method = method, .valid = given_inputs};
  struct tgv_interval i = tgv_interval_probability(marginal_mean(f, -1), f->confidence);
  double             *sum;

  s.value = i.value, s.low = i.low, s.high = i.high;
  s.error = "interval from the scatter of the places";
  tgv_result_scalar(f->run->current, &s);
  s.error = "interval from the scatter of the places; a via can fail for several causes at once";
  for (int k = 0; k < TGV_CAUSE_defect; k++) {
    i = tgv_interval_probability(marginal_mean(f, k), f->confidence);
    s.qualifier = tgv_cause_info((enum tgv_cause)k)->name;
    s.value = i.value, s.low = i.low, s.high = i.high;
    if (i.value > 0) tgv_result_scalar(f->run->current, &s);
  }
  if (tgv_records(f->run->project, TGV_S_defects) == 0) return;
  sum = over_units(e, kills);
  add(f, TGV_C_via_kill_probability, "",
      tgv_interval_mean(f, sum, (double)e->units * (double)f->run->package.via_count),
      "interval of the ensemble; vias hit by a defect that kills");
  free(sum);
}

/* ---- what independence would say */

static double independent_faults(const struct tgv_yield_findings *f, double scale)
{
  const struct tgv_unit_model *m = f->study->model;
  double                       faults = 0;

  for (size_t g = 0; g < m->group_count; g++) {
    const struct tgv_via_group *from = &f->run->package.group[g];
    const double                p = fmin(1, scale * f->marginal[m->group[g].kind].p);
    const double                q = -expm1((double)from->lane_vias * log1p(-p));

    if (!(p > 0)) continue;
    if (m->group[g].rule == TGV_RULE_ALL) faults -= m->group[g].vias * log1p(-p);
    if (m->group[g].rule == TGV_RULE_FRACTION)
      faults += fmin(TGV_FAULTS_MOST,
                     tgv_fraction_faults(&(struct tgv_via_mass){0, m->group[g].vias, p * m->group[g].vias},
                                         m->group[g].bearable));
    for (size_t b = m->sites.bundle_first[g]; b < m->sites.bundle_first[g + 1]; b++)
      faults -= m->sites.bundle[b].count *
                log1p(-exp(tgv_log_tail(m->sites.bundle[b].lanes, (double)(from->lanes - from->lanes_needed),
                                        log(q))));
  }
  return faults;
}

static void add_independent(const struct tgv_yield_findings *f)
{
  const struct tgv_interval p = tgv_interval_probability(marginal_mean(f, -1), f->confidence);
  const double low = p.value > 0 ? p.low / p.value : 1, high = p.value > 0 ? p.high / p.value : 1;
  const struct tgv_interval i = {exp(-independent_faults(f, 1)), exp(-independent_faults(f, high)),
                                 exp(-independent_faults(f, low))};

  tgv_result_scalar(f->run->current,
                    &(struct tgv_scalar){
                        .column = TGV_C_unit_yield_independent,
                        .qualifier = "",
                        .value = i.value,
                        .low = i.low,
                        .high = i.high,
                        .method = "the mean fail probability of a via, the rules of the groups, independent "
                                  "vias and lanes; no defects",
                        .valid = "for comparison only: vias of a unit share their lot, panel and field",
                        .error = "interval of the fail probability of a via"});
}

/* ---- clustering */

struct events_moments {
  double mean, variance;
};

/* Moments of the events per unit, without the panels of one group of a jackknife (groups: none left out). */
static struct events_moments event_moments(const struct tgv_ensemble *e, size_t left_out, size_t groups)
{
  double sum = 0, square = 0, weight = 0;

  for (size_t i = 0; i < e->panels * e->units; i++) {
    const double w = e->weight[i / e->units];

    if (i / e->units % groups == left_out) continue;
    sum += w * e->events[i], square += w * e->events[i] * e->events[i];
    weight += w;
  }
  return (struct events_moments){sum / weight, square / weight - sum * sum / (weight * weight)};
}

static void add_alpha(const struct tgv_yield_findings *f)
{
  const struct tgv_ensemble  *e = f->study->ensemble;
  const size_t                groups = e->panels < 20 ? e->panels : 20;
  const struct events_moments all = event_moments(e, groups, groups);
  double                     *sum = over_units(e, events), logs = 0, squares = 0, n = (double)groups;
  struct tgv_estimate         alpha = {.freedom = n - 1};

  add(f, TGV_C_fatal_events, "", tgv_interval_log(mean_over_panels(f, sum, (double)e->units), f->confidence),
      "interval of the ensemble");
  free(sum);
  if (!(all.variance > 0)) return; /* all units are alike */
  alpha.mean = all.mean * all.mean / all.variance;
  for (size_t k = 0; k < groups; k++) {
    const struct events_moments m = event_moments(e, k, groups);
    const double                l = log(m.mean * m.mean / fmax(m.variance, DBL_MIN));

    logs += l, squares += l * l;
  }
  alpha.error = alpha.mean * sqrt(fmax(0, squares / n - logs * logs / (n * n)) * (n - 1));
  add(f, TGV_C_clustering_alpha, "moments", tgv_interval_log(alpha, f->confidence),
      "jackknife over groups of panels; mean squared over excess variance of the events per unit");
}

/* ---- panels */

/* Distribution of the good units of one panel: they are independent, given the panel. p[k], k = 0 .. units. */
static void good_units(const struct tgv_ensemble *e, size_t r, double *p)
{
  memset(p, 0, (e->units + 1) * sizeof *p);
  p[0] = 1;
  for (size_t u = 0; u < e->units; u++) {
    const double loss = e->loss[r * e->units + u];

    for (size_t k = u + 1; k > 0; k--) p[k] = p[k] * loss + p[k - 1] * (1 - loss);
    p[0] *= loss;
  }
}

static double quantile(const double *p, size_t n, double at)
{
  double sum = 0;
  size_t k = 0;

  for (; k < n; k++)
    if ((sum += p[k]) >= at) break;
  return (double)k;
}

static void add_panels(const struct tgv_yield_findings *f)
{
  static const struct {
    const char *name;
    double      at;
  } quantiles[] = {{"q05", 0.05}, {"q50", 0.5}, {"q95", 0.95}};
  const struct tgv_ensemble *e = f->study->ensemble;
  const double               units = (double)e->units;
  double             *p = tgv_allocate(2 * (e->units + 1), sizeof *p), *all = p + e->units + 1, weight = 0;
  double             *loss = over_units(e, lost), *not_all = tgv_allocate(e->panels, sizeof *not_all);
  struct tgv_interval i = passing(tgv_interval_mean(f, loss, units));

  for (size_t r = 0; r < e->panels; r++) {
    good_units(e, r, p);
    not_all[r] = 1 - p[e->units];
    weight += e->weight[r];
    for (size_t k = 0; k <= e->units; k++) all[k] += e->weight[r] * p[k];
  }
  for (size_t k = 0; k <= e->units; k++) all[k] /= weight;
  add(f, TGV_C_panel_good_units, "", (struct tgv_interval){units * i.value, units * i.low, units * i.high},
      "interval of the mean by the ensemble");
  for (size_t k = 0; k < sizeof quantiles / sizeof *quantiles; k++)
    add(f, TGV_C_panel_good_units, quantiles[k].name,
        (struct tgv_interval){quantile(all, e->units, quantiles[k].at), (double)NAN, (double)NAN},
        "quantile of the distribution over panels; its own error is not given");
  add(f, TGV_C_panel_yield, "", passing(tgv_interval_mean(f, not_all, 1)), "interval of the ensemble");
  cJSON *list = cJSON_CreateArray();

  for (size_t k = 0; k <= e->units; k++) tgv_row_number(list, all[k]);
  tgv_result_data(f->run->current, "good_units", list);
  free(p), free(loss), free(not_all);
}

void tgv_yield_scalars(const struct tgv_yield_findings *f)
{
  add_unit_yield(f);
  add_independent(f);
  add_via_probability(f);
  add_alpha(f);
  add_panels(f);
  if (f->check.places > 1)
    add(f, TGV_C_response_error, "", (struct tgv_interval){f->check.scatter, (double)NAN, (double)NAN},
        "root mean square of ln(direct sampling / response) where units are lost");
}
