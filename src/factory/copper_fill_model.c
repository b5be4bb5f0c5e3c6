#include "factory/copper_fill_model.h"

#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "model/result.h"

static void columns(cJSON *t, const char *const *label, size_t n, size_t words)
{
  for (size_t i = 0; i < n; i++) tgv_table_column(t, label[i], "", i < words ? "text" : "number");
}

/* ---- tables */

static void add_classes(struct tgv_run *run, const struct tgv_plating_classes *c)
{
  static const char *const label[] = {"class",
                                      "runs",
                                      "without answer",
                                      "next to boundaries",
                                      "held-out in the right regime, evenly spread runs [%]",
                                      "uncertain of them [%]",
                                      "processor time [s]"};
  cJSON                   *t = tgv_result_table(
                        run->current, "plating_models", "Trained models of the plating",
                        "One a class of vias; held-out: tenths of the runs in turn are predicted from the others");

  columns(t, label, sizeof label / sizeof *label, 1);
  for (size_t k = 0; k < c->count; k++) {
    const struct tgv_regime_report *r;
    cJSON                          *row;

    if (!c->class[k].model) continue;
    r = tgv_regime_model_report(c->class[k].model);
    row = tgv_table_row(t);
    tgv_row_text(row, run->package.group[c->class[k].group].name);
    tgv_row_number(row, (double)r->rows), tgv_row_number(row, (double)r->failed),
        tgv_row_number(row, (double)r->refined);
    tgv_row_number(row, 100 * (1 - (double)r->spread_mistakes / (double)r->spread_rows));
    tgv_row_number(row, 100 * (double)r->uncertain / (double)r->spread_rows);
    tgv_row_number(row, r->seconds);
  }
}

static void add_ranges(struct tgv_run *run, const struct tgv_plating_classes *c)
{
  static const char *const label[] = {"class", "input", "from", "to"};
  cJSON *t = tgv_result_table(run->current, "plating_ranges", "Ranges of the trained models",
                              "SI units; what is not listed does not vary in this project");

  columns(t, label, sizeof label / sizeof *label, 2);
  for (size_t k = 0; k < c->count; k++) {
    const struct tgv_regime_plan *p = c->class[k].model ? tgv_regime_model_plan(c->class[k].model) : NULL;

    for (size_t a = 0; p && a < p->axes; a++) {
      cJSON *row = tgv_table_row(t);

      tgv_row_text(row, run->package.group[c->class[k].group].name);
      tgv_row_text(row, p->axis[a].name);
      tgv_row_number(row, p->axis[a].low), tgv_row_number(row, p->axis[a].high);
    }
  }
}

/* the regimes that any of the models has met */
static size_t regimes_met(const struct tgv_plating_classes *c, const struct tgv_regime_plan **plan,
                          size_t *met)
{
  size_t n = 0;

  for (size_t k = 0; k < c->count && !*plan; k++)
    if (c->class[k].model) *plan = tgv_regime_model_plan(c->class[k].model);
  for (size_t r = 0; *plan && r < (*plan)->regimes; r++) {
    size_t count = 0;

    for (size_t k = 0; k < c->count; k++)
      if (c->class[k].model) count += tgv_regime_model_report(c->class[k].model)->count[r];
    if (count > 0) met[n++] = r;
  }
  return n;
}

static void add_confusion(struct tgv_run *run, const struct tgv_plating_classes *c)
{
  const struct tgv_regime_plan *plan = NULL;
  size_t                        met[TGV_REGIME_MAX];
  const size_t                  n = regimes_met(c, &plan, met);
  cJSON *t = tgv_result_table(run->current, "plating_confusion", "Confusion of regimes, held-out runs",
                              "Rows: by the solver; columns: by the model. Two fifths of the runs were "
                              "chosen at the boundaries on purpose");

  tgv_table_column(t, "class", "", "text");
  tgv_table_column(t, "by the solver", "", "text");
  for (size_t i = 0; i < n; i++) tgv_table_column(t, plan->regime[met[i]], "", "number");
  for (size_t k = 0; k < c->count; k++)
    for (size_t i = 0; c->class[k].model && i < n; i++) {
      const struct tgv_regime_report *report = tgv_regime_model_report(c->class[k].model);
      cJSON                          *row;

      if (report->count[met[i]] == 0) continue;
      row = tgv_table_row(t);
      tgv_row_text(row, run->package.group[c->class[k].group].name);
      tgv_row_text(row, plan->regime[met[i]]);
      for (size_t j = 0; j < n; j++) tgv_row_number(row, (double)report->confusion[met[i]][met[j]]);
    }
}

static void add_errors(struct tgv_run *run, const struct tgv_plating_classes *c)
{
  static const char *const label[] = {"class",  "regime",    "output",        "runs",
                                      "degree", "rms error", "largest error", "standard deviation",
                                      "Q2"};
  cJSON *t = tgv_result_table(run->current, "plating_errors", "Held-out errors of the regressors",
                              "SI units; Q2 is 1 less squared error over variance");

  columns(t, label, sizeof label / sizeof *label, 3);
  for (size_t k = 0; k < c->count; k++) {
    const struct tgv_regime_plan   *p = c->class[k].model ? tgv_regime_model_plan(c->class[k].model) : NULL;
    const struct tgv_regime_report *report = p ? tgv_regime_model_report(c->class[k].model) : NULL;

    for (size_t r = 0; p && r < p->regimes; r++)
      for (size_t o = 0; report->count[r] > 0 && o < p->outputs; o++) {
        const struct tgv_regime_error *e = &report->error[r][o];
        cJSON                         *row = tgv_table_row(t);

        tgv_row_text(row, run->package.group[c->class[k].group].name);
        tgv_row_text(row, p->regime[r]), tgv_row_text(row, p->output[o]);
        tgv_row_number(row, (double)e->rows), tgv_row_number(row, (double)e->degree);
        tgv_row_number(row, e->rms), tgv_row_number(row, e->largest), tgv_row_number(row, e->scale),
            tgv_row_number(row, e->q2);
      }
  }
}

/* ---- in sum */

void tgv_copper_fill_models(struct tgv_run *run, const struct tgv_plating_classes *classes)
{
  double seconds = 0, right = 0, rows = 0;

  for (size_t k = 0; k < classes->count; k++) {
    const struct tgv_regime_report *r;

    if (!classes->class[k].model) continue;
    r = tgv_regime_model_report(classes->class[k].model);
    seconds += r->seconds;
    rows += (double)r->spread_rows, right += (double)(r->spread_rows - r->spread_mistakes);
  }
  if (!(rows > 0)) return;
  tgv_result_scalar(run->current,
                    &(struct tgv_scalar){.column = TGV_C_training_time,
                                         .value = seconds,
                                         .low = (double)NAN,
                                         .high = (double)NAN,
                                         .method = "processor time of the runs of the plating solver",
                                         .valid = "the machine that made them",
                                         .error = "a measurement"});
  tgv_result_scalar(
      run->current,
      &(struct tgv_scalar){.column = TGV_C_regime_accuracy,
                           .value = right / rows,
                           .low = (double)NAN,
                           .high = (double)NAN,
                           .method =
                               "evenly spread runs, each predicted from nine tenths of all runs without it",
                           .valid = "against the fast plating solver, not against experiments",
                           .error = "counted"});
  add_classes(run, classes);
  add_ranges(run, classes);
  add_confusion(run, classes);
  add_errors(run, classes);
}
