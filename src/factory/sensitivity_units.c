/** # Units that a spread costs

### Model
The spread of one input at a time is multiplied by \f$f\f$: all its terms, random or not, so that its value becomes
\f$q_0 + f (q - q_0)\f$. With \f$G(f)\f$ the expected number of good units of a panel,
\f[ \text{cost} = G(0) - G(1), \qquad \text{bought} = G(1 - c) - G(1), \f]
with \f$c\f$ = `sensitivity.cut`. All \f$G\f$ come from the same panels of the same ensemble (lots, fields, places, defects), with the
correlated terms scaled, so that the differences have little noise. A nugget has been averaged out in the response of the via;
where it changes, the response is fitted again, from the same random numbers. \f$f = 0\f$ is \f$10^{-6}\f$ for a
nugget, so that these numbers keep their places.

The interval has two parts: the scatter of the paired differences over the panels (Student's t, stratified by the parts of
the proposal), and the noise of the responses. The latter is measured with three more sets of random numbers: the standard
deviation \f$s\f$ of \f$G(1)\f$ over the four responses, and \f$s_c\f$ of the gain if all nuggets are cut by \f$c\f$ at
once. What is bought by a nugget has the error \f$s_c\f$, which is that of all inputs together; what a nugget costs has the error
\f$s\f$, though both responses share their numbers; a difference within one response has the part of \f$s\f$ that it is of the
loss.

### Valid for
One input at a time: the costs of all inputs do not add up to the loss, as spreads share the blame for a failure.

### Neglects
What the change does to vias that a defect has degraded, and to how many failures a struck group can still bear.

### Source
Our own; common random numbers: P. Glasserman, D. D. Yao, Manage. Sci. 38 (1992) 884.

### Verified by
tests/unit/test_yield_sensitivity.c: an input that alone decides the yield, one without effect, a nugget
and a lot term against the closed form. */
#include "factory/sensitivity_units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "core/parallel.h"
#include "core/text.h"

enum { FIT_SAMPLES = 400, EXTRA_FITS = 3, PANELS_LEAST = 16, FIT_LOT = 2000100 };
#define AFFORDABLE 5e6 /* sites that are evaluated */
#define NONE 1e-6      /* of a nugget */

/* One way in which the panels are looked at. */
struct scenario {
  size_t                 spread; /* number in the variation; SIZE_MAX: the nuggets of all inputs */
  double                 factor;
  struct tgv_variation  *variation; /* if the response is fitted again: its spreads ... */
  struct tgv_unit_model *fit;       /* ... and the model */
  struct tgv_random_key  key;
  double                *gain; /* [panel] good units more than as it is */
};

struct work {
  const struct tgv_run         *run;
  const struct tgv_yield_study *study;
  struct tgv_project           *plain; /* the project without defects: what is struck stays as it is */
  struct tgv_flow              *flow;
  size_t                        count, panels;
  size_t                        again, cut; /* first scenario of these parts */
  struct scenario *scenario; /* cost, cut of each input; as it is, other numbers; all nuggets cut */
  double          *lost;     /* [panel] */
};

size_t tgv_unit_costs_panels(const struct tgv_run *run, size_t inputs, double cell)
{
  const double sites = ceil(run->package.width / cell) * ceil(run->package.height / cell);
  const double panels =
      AFFORDABLE / (sites * (double)run->panel.unit_count * (double)(2 * inputs + 2 * EXTRA_FITS + 3));
  const double asked = (double)tgv_count(run->project, TGV_P_yield_panels);

  return (size_t)fmin(asked, fmax(PANELS_LEAST, floor(panels)));
}

size_t tgv_unit_costs_samples(const struct tgv_run *run)
{
  return (size_t)fmin(FIT_SAMPLES, (double)tgv_count(run->project, TGV_P_yield_samples));
}

/* ---- responses */

/* The project with the nugget of an input, or of all (-1), times a factor. In the independent model all random terms are nugget. */
static tgv_status scaled_project(const struct tgv_project *p, int input, double factor,
                                 struct tgv_project **out)
{
  const enum tgv_param terms[] = {TGV_P_variation_nugget, TGV_P_variation_lot, TGV_P_variation_panel,
                                  TGV_P_variation_scan, TGV_P_variation_field};
  const size_t         count = tgv_chosen(p, TGV_P_project_variation, "independent") ? 5 : 1;

  TGV_TRY(tgv_project_copy(p, out));
  for (size_t i = 0; i < tgv_records(*out, TGV_S_variation); i++)
    for (size_t k = 0; k < count; k++)
      if (input < 0 || tgv_input_at(*out, TGV_P_variation_input, i) == input)
        tgv_project_set_real(*out, terms[k], i, factor * tgv_spread_at(*out, terms[k], i));
  return TGV_OK;
}

static tgv_status spread_again(struct work *w, struct scenario *c)
{
  const struct tgv_spread *s = c->spread == SIZE_MAX ? NULL : tgv_variation_spread(w->study->full, c->spread);
  struct tgv_project      *p;
  tgv_status_code          status;

  if (s && !(s->nugget > 0)) return TGV_OK;
  TGV_TRY(scaled_project(w->plain, s ? s->input : -1, fmax(c->factor, NONE), &p));
  status = tgv_variation_new(p, &w->run->panel, &w->run->flow->maps, &c->variation);
  tgv_project_free(p);
  return status;
}

static tgv_status open_scenarios(struct work *w)
{
  const size_t   inputs = tgv_variation_count(w->study->full);
  const double   left = 1 - tgv_real(w->run->project, TGV_P_sensitivity_cut);
  const uint64_t seed = (uint64_t)tgv_count(w->run->project, TGV_P_project_seed);

  w->again = 2 * inputs;
  w->cut = w->again + EXTRA_FITS;
  w->count = w->cut + 1 + EXTRA_FITS;
  w->scenario = tgv_allocate(w->count, sizeof *w->scenario);
  for (size_t k = 0; k < w->count; k++) {
    struct scenario *c = &w->scenario[k];
    const size_t     set = k < w->again ? 0 : k < w->cut ? 1 + k - w->again : k - w->cut;

    c->spread = k < w->again ? k / 2 : SIZE_MAX;
    c->factor = k < w->again ? (k % 2 ? left : 0) : k < w->cut ? 1 : left;
    c->key = set > 0 ? tgv_random_key_make(seed, (uint32_t)(FIT_LOT + set), 0) : w->study->source.options.key;
    c->gain = tgv_allocate(w->panels, sizeof *c->gain);
    TGV_TRY(spread_again(w, c));
  }
  return TGV_OK;
}

/* Keeps the first failure of several threads with its message, which each thread has for itself. */
struct failure {
  tgv_status_code status;
  char           *message;
};

static void note_failure(struct failure *f, tgv_status_code mine)
{
  if (!mine || f->status) return;
  f->status = mine;
  f->message = tgv_text_copy(tgv_error_message());
}

static tgv_status conclude_failure(struct failure *f)
{
  if (f->message) tgv_error_set("%s", f->message);
  free(f->message);
  if (!f->status && tgv_interrupted())
    return tgv_fail(TGV_INTERRUPTED, "the sensitivity analysis was stopped");
  return f->status;
}

static tgv_status fit_scenarios(struct work *w)
{
  const struct tgv_unit_options base = {.cell = w->study->model->sites.cell,
                                        .samples = tgv_unit_costs_samples(w->run)};
  struct tgv_progress           progress;
  struct failure                failure = {0};
  size_t                        done = 0;

  tgv_progress_begin(&progress, "sensitivity: responses", (double)w->count);
#pragma omp parallel for schedule(dynamic)
  for (size_t k = 0; k < w->count; k++) {
    struct scenario        *c = &w->scenario[k];
    struct tgv_unit_options o = base;
    tgv_status_code         mine = TGV_OK;

    o.key = c->key;
    if (c->variation && !tgv_interrupted()) mine = tgv_unit_model_new(w->flow, c->variation, &o, &c->fit);
#pragma omp critical(sensitivity)
    {
      note_failure(&failure, mine);
      tgv_progress_report(&progress, (double)++done);
    }
  }
  tgv_progress_end(&progress);
  return conclude_failure(&failure);
}

/* ---- panels */

static double loss_of(double faults)
{
  return -expm1(-faults);
}

/* Evaluates the unit in `s` with the correlated part of the input scaled; s->input is left as it was. */
static double faults_of(const struct work *w, const struct scenario *c, struct tgv_unit_state *s,
                        double *kept)
{
  const struct tgv_unit_model *m = c->fit ? c->fit : w->study->model;
  const size_t                 n = w->study->model->sites.count;
  const struct tgv_spread     *spread;
  double                      *row;

  if (c->spread == SIZE_MAX) {
    tgv_unit_evaluate(m, s);
    return s->faults;
  }
  spread = tgv_variation_spread(w->study->full, c->spread);
  row = s->input + (size_t)spread->input * n;
  memcpy(kept, row, n * sizeof *row);
  for (size_t i = 0; i < n; i++) row[i] = spread->nominal + c->factor * (row[i] - spread->nominal);
  tgv_unit_evaluate(m, s);
  memcpy(row, kept, n * sizeof *row);
  return s->faults;
}

static tgv_status look_at_panel(struct work *w, size_t r, struct tgv_unit_state *s, double *kept)
{
  const struct tgv_ensemble *e = w->study->ensemble;
  struct tgv_realisation    *now;

  TGV_TRY(tgv_ensemble_realise(&w->study->source, r, &now));
  for (size_t u = 0; u < e->units; u++) {
    const double struck = e->struck[r * e->units + u];
    double       loss;

    tgv_ensemble_unit(&w->study->source, e, r, u, now, s);
    loss = loss_of(s->faults + struck);
    w->lost[r] += loss;
    for (size_t k = 0; k < w->count; k++) {
      struct scenario *c = &w->scenario[k];

      c->gain[r] += loss - loss_of(faults_of(w, c, s, kept) + struck);
    }
  }
  tgv_realisation_free(now);
  return TGV_OK;
}

static tgv_status look_at_panels(struct work *w)
{
  struct tgv_progress progress;
  struct failure      failure = {0};
  size_t              done = 0;

  tgv_progress_begin(&progress, "sensitivity", (double)w->panels);
#pragma omp parallel
  {
    struct tgv_unit_state *s = tgv_unit_state_new(w->study->model);
    double                *kept = tgv_allocate(w->study->model->sites.count, sizeof *kept);

#pragma omp for schedule(dynamic)
    for (size_t r = 0; r < w->panels; r++) {
      tgv_status_code mine = tgv_interrupted() ? TGV_OK : look_at_panel(w, r, s, kept);

#pragma omp critical(sensitivity)
      {
        note_failure(&failure, mine);
        tgv_progress_report(&progress, (double)++done);
      }
    }
    free(kept);
    tgv_unit_state_free(s);
  }
  tgv_progress_end(&progress);
  return conclude_failure(&failure);
}

/* ---- what comes out */

static double student(double confidence, double freedom)
{
  return gsl_cdf_tdist_Pinv(0.5 + 0.5 * confidence, freedom);
}

static double gain_of(const struct work *w, size_t k)
{
  return tgv_ensemble_mean(w->study->ensemble, w->scenario[k].gain).mean;
}

/* Standard deviations over fits that differ only in their random numbers: of the good units, of the gain by a cut of all nuggets. */
static void find_noise(const struct work *w, double *of_good, double *of_gain)
{
  enum { SETS = EXTRA_FITS + 1 };
  double sum[2] = {0}, square[2] = {0};

  for (size_t set = 0; set < SETS; set++) {
    const double good = set > 0 ? gain_of(w, w->again + set - 1) : 0, gain = gain_of(w, w->cut + set) - good;

    sum[0] += good, square[0] += good * good;
    sum[1] += gain, square[1] += gain * gain;
  }
  *of_good = sqrt(fmax(0, square[0] - sum[0] * sum[0] / SETS) / EXTRA_FITS);
  *of_gain = sqrt(fmax(0, square[1] - sum[1] * sum[1] / SETS) / EXTRA_FITS);
}

static struct tgv_units_change change_of(struct tgv_estimate e, double fit_error, double confidence)
{
  const double half =
      hypot(student(confidence, e.freedom) * e.error, student(confidence, EXTRA_FITS) * fit_error);

  return (struct tgv_units_change){e.mean, e.mean - half, e.mean + half};
}

static void conclude(const struct work *w, struct tgv_unit_costs *out)
{
  const struct tgv_ensemble *e = w->study->ensemble;
  const double               confidence = tgv_real(w->run->project, TGV_P_yield_confidence);
  const struct tgv_estimate  lost = tgv_ensemble_mean(e, w->lost);
  struct tgv_estimate        good = lost;
  double                     cut_error;

  out->inputs = tgv_variation_count(w->study->full);
  out->panels = w->panels;
  out->units = (double)e->units;
  find_noise(w, &out->fit_error, &cut_error);
  good.mean = out->units - lost.mean;
  out->good = change_of(good, out->fit_error, confidence);
  for (size_t k = 0; k < 2 * out->inputs; k++) {
    const struct scenario    *c = &w->scenario[k];
    const struct tgv_estimate gain = tgv_ensemble_mean(e, c->gain);
    const double              part = lost.mean > 0 ? fmin(1, fabs(gain.mean) / lost.mean) : 0;
    const double              noise = !c->fit ? part * out->fit_error : k % 2 ? cut_error : out->fit_error;

    (k % 2 ? out->bought : out->cost)[k / 2] = change_of(gain, noise, confidence);
  }
}

static tgv_status open_flow(struct work *w)
{
  TGV_TRY(tgv_project_copy(w->run->project, &w->plain));
  for (size_t i = 0; i < tgv_records(w->plain, TGV_S_defects); i++)
    tgv_project_set_real(w->plain, TGV_P_defects_density, i, 0);
  return tgv_flow_open(w->plain, &w->run->package, &w->run->panel, w->run->stages, &w->flow);
}

static void release(struct work *w)
{
  for (size_t k = 0; w->scenario && k < w->count; k++) {
    tgv_unit_model_free(w->scenario[k].fit);
    tgv_variation_free(w->scenario[k].variation);
    free(w->scenario[k].gain);
  }
  free(w->scenario), free(w->lost);
  if (w->flow) tgv_flow_close(w->flow);
  if (w->plain) tgv_project_free(w->plain);
}

tgv_status tgv_unit_costs_find(const struct tgv_run *run, const struct tgv_yield_study *study,
                               struct tgv_unit_costs *out)
{
  struct work     w = {.run = run, .study = study, .panels = study->ensemble->panels};
  tgv_status_code status;

  memset(out, 0, sizeof *out);
  w.lost = tgv_allocate(w.panels, sizeof *w.lost);
  status = open_flow(&w);
  if (!status) status = open_scenarios(&w);
  if (!status) status = fit_scenarios(&w);
  if (!status) status = look_at_panels(&w);
  if (!status) conclude(&w, out);
  release(&w);
  return status;
}
