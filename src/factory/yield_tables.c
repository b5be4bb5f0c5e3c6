#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/yield_results.h"
#include "model/result.h"
#include "solver/yield_model.h"

/* A percentage with its interval in three columns. */
static void add_interval(cJSON *row, struct tgv_interval i)
{
  tgv_row_number(row, 100 * i.value), tgv_row_number(row, 100 * i.low), tgv_row_number(row, 100 * i.high);
}

static void interval_columns(cJSON *table, const char *label, const char *unit)
{
  tgv_table_column(table, label, unit, "number");
  tgv_table_column(table, "low", unit, "number");
  tgv_table_column(table, "high", unit, "number");
}

/* ---- by cause */

/* Units lost of all units, for every reason, with intervals. */
static void find_losses(const struct tgv_yield_findings *f, struct tgv_interval loss[TGV_LOSS_COUNT])
{
  const struct tgv_ensemble *e = f->study->ensemble;
  double                    *values = tgv_allocate(e->panels, sizeof *values);

  for (int k = 0; k < TGV_LOSS_COUNT; k++) {
    for (size_t r = 0; r < e->panels; r++) values[r] = e->cause_loss[r * TGV_LOSS_COUNT + (size_t)k];
    loss[k] = tgv_interval_mean(f, values, (double)e->units);
  }
  free(values);
}

/* Numbers 0 .. n - 1 in the order of falling values. */
static void sort_falling(const struct tgv_interval *value, size_t n, size_t *order)
{
  for (size_t i = 0; i < n; i++) {
    size_t at = i;

    for (; at > 0 && value[order[at - 1]].value < value[i].value; at--) order[at] = order[at - 1];
    order[at] = i;
  }
}

static void table_of_causes(const struct tgv_yield_findings *f,
                            const struct tgv_interval        loss[TGV_LOSS_COUNT])
{
  cJSON *table = tgv_result_table(
      f->run->current, "causes", "Units lost, by cause",
      "A unit's loss is divided among the causes in proportion to the faults each brings; where a via "
      "violates two limits at once each gets half.");
  size_t order[TGV_LOSS_COUNT];

  tgv_table_column(table, "cause", "", "text");
  tgv_table_column(table, "meaning", "", "text");
  interval_columns(table, "units lost", "%");
  tgv_table_column(table, "part of the loss", "%", "number");
  tgv_table_column(table, "step", "", "text");
  sort_falling(loss, TGV_LOSS_COUNT, order);
  double all = 0;

  for (int k = 0; k < TGV_LOSS_COUNT; k++) all += loss[k].value;
  for (size_t i = 0; i < TGV_LOSS_COUNT && loss[order[i]].value > 0; i++) {
    cJSON *row = tgv_table_row(table);

    tgv_row_text(row, tgv_loss_name((int)order[i])), tgv_row_text(row, tgv_loss_help((int)order[i]));
    add_interval(row, loss[order[i]]);
    tgv_row_number(row, 100 * loss[order[i]].value / all);
    tgv_row_text(row, tgv_loss_step((int)order[i]));
    tgv_result_scalar(f->run->current,
                      &(struct tgv_scalar){.column = TGV_C_unit_loss,
                                           .qualifier = tgv_loss_name((int)order[i]),
                                           .value = loss[order[i]].value,
                                           .low = loss[order[i]].low,
                                           .high = loss[order[i]].high,
                                           .method = "losses of the ensemble, divided among the causes",
                                           .valid = "the variation and the limits as given",
                                           .error = "interval of the ensemble"});
  }
}

static void group_scalars(const struct tgv_yield_findings *f, size_t g, struct tgv_interval loss)
{
  const struct tgv_marginal *p = &f->marginal[f->study->model->group[g].kind];
  const struct tgv_interval  fails =
      tgv_interval_probability((struct tgv_estimate){p->p, p->error, (double)p->places - 1}, f->confidence);
  struct tgv_scalar s = {.column = TGV_C_unit_loss,
                         .qualifier = f->run->package.group[g].name,
                         .valid = "the variation and the limits as given"};

  s.value = loss.value, s.low = loss.low, s.high = loss.high;
  s.method = "losses of the ensemble, divided among the via groups; without point defects";
  s.error = "interval of the ensemble";
  tgv_result_scalar(f->run->current, &s);
  s.column = TGV_C_via_fail_probability;
  s.value = fails.value, s.low = fails.low, s.high = fails.high;
  s.method = "first-order search and importance sampling in the space of all terms; groups with the same "
             "limits have the same";
  s.error = "interval from the scatter of the places";
  tgv_result_scalar(f->run->current, &s);
}

static void table_of_groups(const struct tgv_yield_findings *f)
{
  static const char *const   rules[] = {[TGV_RULE_ALL] = "no via may fail",
                                        [TGV_RULE_SPARES] = "spare lanes",
                                        [TGV_RULE_FRACTION] = "a fraction may fail"};
  const struct tgv_ensemble *e = f->study->ensemble;
  double                    *values = tgv_allocate(e->panels, sizeof *values);
  cJSON                     *table = tgv_result_table(f->run->current, "groups", "Units lost, by via group",
                                                      "Without units lost to point defects.");

  tgv_table_column(table, "via group", "", "text");
  tgv_table_column(table, "rule", "", "text");
  interval_columns(table, "units lost", "%");
  tgv_table_column(table, "mean fail probability of a via", "ppm", "number");
  for (size_t g = 0; g < e->groups; g++) {
    cJSON *row = tgv_table_row(table);

    for (size_t r = 0; r < e->panels; r++) values[r] = e->group_loss[r * e->groups + g];
    tgv_row_text(row, f->run->package.group[g].name),
        tgv_row_text(row, rules[f->study->model->group[g].rule]);
    group_scalars(f, g, tgv_interval_mean(f, values, (double)e->units));
    add_interval(row, tgv_interval_mean(f, values, (double)e->units));
    tgv_row_number(row, tgv_units_to(f->marginal[f->study->model->group[g].kind].p, TGV_FRACTION, "ppm"));
  }
  free(values);
}

/* ---- by step and input */

/* Parts of the inputs in each cause: from the first kind that checks it. */
static void find_parts(const struct tgv_yield_findings *f, double (*part)[TGV_INPUT_MAX])
{
  const struct tgv_unit_model *m = f->study->model;
  bool                         done[TGV_CAUSE_COUNT] = {false};

  memset(part, 0, TGV_LOSS_COUNT * sizeof *part);
  for (size_t i = 0; i < m->base_kinds; i++)
    for (size_t k = 0; k < m->kind[i].limits.count; k++) {
      const enum tgv_cause cause = m->kind[i].limits.cause[k];

      if (!done[cause]) tgv_cause_inputs(m, f->study->full, i, k, part[cause]);
      done[cause] = true;
    }
}

struct mover {
  const char *name;   /* of an input, a section, or what else loses units */
  double     *values; /* [panel] units lost */
};

/* The list of what moves failures: inputs, or their sections; then what has no input. */
static size_t find_movers(const struct tgv_yield_findings *f, bool by_section, struct mover *list,
                          char (*name)[64])
{
  const struct tgv_ensemble *e = f->study->ensemble;
  double(*part)[TGV_INPUT_MAX] = tgv_allocate(TGV_LOSS_COUNT, sizeof *part);
  size_t n = 0;

  find_parts(f, part);
  for (int k = 0; k < TGV_LOSS_COUNT; k++) {
    double rest = 1;

    for (int i = 0; i <= tgv_input_count(); i++) {
      const bool   other = i == tgv_input_count();
      const double share = other ? rest : part[k][i];
      char         label[64];
      size_t       at = 0;

      rest -= other ? 0 : share;
      if (!(share > 1e-9)) continue; /* no unit */
      if (other && (by_section || k == TGV_CAUSE_defect))
        snprintf(label, sizeof label, "%s", tgv_loss_step(k));
      else if (other) /* lost whatever the inputs do */
        snprintf(label, sizeof label, "nominal recipe (%s)", tgv_loss_name(k));
      else if (by_section)
        snprintf(label, sizeof label, "%s",
                 tgv_section_info(tgv_param_info(tgv_input_param(i))->section)->name);
      else
        tgv_param_name(tgv_input_param(i), label, sizeof label);
      while (at < n && strcmp(name[at], label) != 0) at++;
      if (at == n) {
        snprintf(name[n], sizeof name[n], "%s", label);
        list[n] = (struct mover){name[n], tgv_allocate(e->panels, sizeof *list[n].values)};
        n++;
      }
      for (size_t r = 0; r < e->panels; r++)
        list[at].values[r] += share * e->cause_loss[r * TGV_LOSS_COUNT + (size_t)k];
    }
  }
  free(part);
  return n;
}

static void table_of_movers(const struct tgv_yield_findings *f, bool by_section)
{
  enum { MOST = TGV_INPUT_MAX + TGV_LOSS_COUNT };
  struct mover        list[MOST];
  struct tgv_interval loss[MOST];
  size_t              order[MOST], n;
  char(*name)[64] = tgv_allocate(MOST, sizeof *name);
  cJSON *table = tgv_result_table(
      f->run->current, by_section ? "steps" : "inputs",
      by_section ? "Units lost, by process step" : "Units lost, by process input",
      "The loss of a cause is divided among the inputs by the squared direction cosines of its design "
      "point, in the space of all random terms, at the middle of the panel.");

  tgv_table_column(table, by_section ? "step" : "input", "", "text");
  interval_columns(table, "units lost", "%");
  n = find_movers(f, by_section, list, name);
  for (size_t i = 0; i < n; i++)
    loss[i] = tgv_interval_mean(f, list[i].values, (double)f->study->ensemble->units);
  sort_falling(loss, n, order);
  for (size_t i = 0; i < n && loss[order[i]].value > 0; i++) {
    cJSON *row = tgv_table_row(table);

    tgv_row_text(row, list[order[i]].name);
    add_interval(row, loss[order[i]]);
  }
  for (size_t i = 0; i < n; i++) free(list[i].values);
  free(name);
}

/* ---- by place */

/* How many sides of a unit have no neighbour: 0 centre, 1 edge, more: corner. */
static int open_sides(const struct tgv_panel *p, size_t unit)
{
  int sides = 4;

  for (size_t v = 0; v < p->unit_count; v++)
    sides -= abs(p->unit_column[v] - p->unit_column[unit]) + abs(p->unit_row[v] - p->unit_row[unit]) == 1;
  return sides > 2 ? 2 : sides;
}

static void table_of_places(const struct tgv_yield_findings *f)
{
  static const char *const   places[] = {"centre", "edge", "corner"};
  const struct tgv_panel    *p = &f->run->panel;
  const struct tgv_ensemble *e = f->study->ensemble;
  double                    *values = tgv_allocate(e->panels, sizeof *values);
  int                       *side = tgv_allocate(e->units, sizeof *side);
  cJSON *table = tgv_result_table(f->run->current, "places", "Unit yield, by place on the panel",
                                  "Edge: one side of the unit has no neighbour; corner: two or more.");

  tgv_table_column(table, "place", "", "text");
  tgv_table_column(table, "units", "", "number");
  interval_columns(table, "unit yield", "%");
  for (size_t u = 0; u < e->units; u++) side[u] = open_sides(p, u);
  for (int k = 0; k < 3; k++) {
    struct tgv_interval loss;
    double              n = 0;
    cJSON              *row;

    memset(values, 0, e->panels * sizeof *values);
    for (size_t u = 0; u < e->units; u++) {
      if (side[u] != k) continue;
      n++;
      for (size_t r = 0; r < e->panels; r++) values[r] += e->loss[r * e->units + u];
    }
    if (!(n > 0)) continue;
    loss = tgv_interval_mean(f, values, n);
    row = tgv_table_row(table);
    tgv_row_text(row, places[k]), tgv_row_number(row, n);
    add_interval(row, (struct tgv_interval){1 - loss.value, 1 - loss.high, 1 - loss.low});
  }
  free(values), free(side);
}

static void unit_layer(const struct tgv_yield_findings *f)
{
  const struct tgv_ensemble *e = f->study->ensemble;
  double                    *values = tgv_allocate(e->panels, sizeof *values);
  float                     *yield = tgv_allocate(e->units, sizeof *yield);

  for (size_t u = 0; u < e->units; u++) {
    for (size_t r = 0; r < e->panels; r++) values[r] = e->loss[r * e->units + u];
    yield[u] = (float)fmax(0, 1 - tgv_ensemble_mean(e, values).mean);
  }
  tgv_result_unit_layer(f->run->current, "unit_yield", "Unit yield, mean over lots and panels",
                        TGV_C_unit_yield, e->units, yield);
  free(values), free(yield);
}

/* ---- yield models */

/* Mean yield of windows of n x n units, over all of their places. */
static double window_yield(const struct tgv_yield_findings *f, int n, size_t *windows)
{
  const struct tgv_panel    *p = &f->run->panel;
  const struct tgv_ensemble *e = f->study->ensemble;
  const size_t               columns = p->columns, cells = columns * p->rows;
  size_t                    *at = tgv_allocate(cells, sizeof *at);
  double                     sum = 0, weight = 0;

  *windows = 0;
  for (size_t u = 0; u < e->units; u++)
    at[(size_t)p->unit_row[u] * columns + (size_t)p->unit_column[u]] = u + 1;
  for (size_t r = 0; r < e->panels; r++) weight += e->weight[r];
  for (size_t i = 0; i < cells; i++) {
    const size_t side = (size_t)n, column = i % columns, row = i / columns;
    bool         whole = column + side <= columns && row + side <= p->rows;

    for (size_t k = 0; k < side * side && whole; k++)
      whole = at[(row + k / side) * columns + column + k % side] > 0;
    if (!whole) continue;
    ++*windows;
    for (size_t r = 0; r < e->panels; r++) {
      double good = e->weight[r];

      for (size_t k = 0; k < side * side; k++)
        good *= 1 - e->loss[r * e->units + at[(row + k / side) * columns + column + k % side] - 1];
      sum += good;
    }
  }
  free(at);
  return *windows > 0 ? sum / weight / (double)*windows : (double)NAN;
}

static bool fit_windows(const struct tgv_yield_findings *f, struct tgv_window_fit *fit)
{
  double size[4], yield[4];
  size_t n = 0, windows;

  for (int side = 1; side <= 4; side++) {
    yield[n] = window_yield(f, side, &windows);
    size[n] = side * side;
    if (windows > 0) n++;
  }
  if (n < 2 || !(yield[0] > 0 && yield[0] < 1 - 0x1p-40)) return false;
  if (tgv_alpha_windows(size, yield, n, fit)) {
    tgv_error_clear();
    return false;
  }
  tgv_result_scalar(
      f->run->current,
      &(struct tgv_scalar){.column = TGV_C_clustering_alpha,
                           .qualifier = "windows",
                           .value = fit->alpha,
                           .low = (double)NAN,
                           .high = (double)NAN,
                           .method = "yields of windows of 1, 4, 9, 16 units fitted by a negative "
                                     "binomial",
                           .valid = "up to 1e6, which stands for no clustering",
                           .error = "not given; the residual of the fit is in the table of models"});
  return true;
}

static void model_row(cJSON *table, const char *name, double shape, double yield, double spatial)
{
  cJSON *row = tgv_table_row(table);

  tgv_row_text(row, name), tgv_row_number(row, shape), tgv_row_number(row, 100 * yield),
      tgv_row_number(row, 100 * (yield - spatial));
}

static void table_of_models(const struct tgv_yield_findings *f)
{
  struct tgv_scalar     events, yield, alpha;
  struct tgv_window_fit fit;
  cJSON                *table = tgv_result_table(
                     f->run->current, "models", "What the textbook models say of the same mean number of fatal events",
                     "Alpha by moments; the lognormal has the same variance. The root form has no mean.");

  tgv_table_column(table, "model", "", "text");
  tgv_table_column(table, "shape", "", "number");
  tgv_table_column(table, "unit yield", "%", "number");
  tgv_table_column(table, "less the spatial answer", "%", "number");
  if (!tgv_result_find(f->run->current, "unit_yield", &yield) ||
      !tgv_result_find(f->run->current, "fatal_events", &events))
    return;
  model_row(table, "this analysis (spatial)", (double)NAN, yield.value, yield.value);
  if (!tgv_result_find(f->run->current, "clustering_alpha.moments", &alpha)) alpha.value = (double)INFINITY;
  for (int m = 0; m < TGV_YIELD_MODEL_COUNT; m++) {
    double shape = (double)NAN;

    if (m == TGV_YIELD_BOSE_EINSTEIN) continue; /* a negative binomial whose alpha is the number of levels */
    if (m == TGV_YIELD_NEGATIVE_BINOMIAL) shape = alpha.value;
    if (m == TGV_YIELD_LOGNORMAL) shape = sqrt(log1p(1 / alpha.value));
    model_row(table, tgv_yield_model_name((enum tgv_yield_model)m), shape,
              tgv_yield_closed((enum tgv_yield_model)m, shape, events.value), yield.value);
  }
  if (fit_windows(f, &fit))
    model_row(table, "negative binomial, fitted to windows", fit.alpha,
              tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, fit.alpha, fit.lambda), yield.value);
}

/* ---- how good it all is */

static void check_row(cJSON *table, const char *what, struct tgv_interval i, double scale,
                      const char *meaning)
{
  cJSON *row = tgv_table_row(table);

  tgv_row_text(row, what);
  tgv_row_number(row, scale * i.value), tgv_row_number(row, scale * i.low),
      tgv_row_number(row, scale * i.high);
  tgv_row_text(row, meaning);
}

static struct tgv_interval around(double value, double error)
{
  return (struct tgv_interval){value, value - 1.96 * error, value + 1.96 * error};
}

static void table_of_checks(const struct tgv_yield_findings *f)
{
  const struct tgv_ensemble *e = f->study->ensemble;
  double                    *values = tgv_allocate(e->panels, sizeof *values);
  struct tgv_scalar          p = {0};
  const struct tgv_estimate  weights = tgv_ensemble_weights(e);
  cJSON                     *table = tgv_result_table(f->run->current, "checks", "Checks of the analysis",
                                                      "Two ways to the same number should agree.");

  tgv_table_column(table, "number", "", "text");
  interval_columns(table, "value", "");
  tgv_table_column(table, "meaning", "", "text");
  if (tgv_result_find(f->run->current, "via_fail_probability", &p))
    check_row(table, "via fail probability, direct", (struct tgv_interval){p.value, p.low, p.high}, 1,
              "one calculation over all random terms, without response and ensemble");
  for (size_t i = 0; i < e->panels * e->units; i++) values[i / e->units] += e->unit_failed[i];
  check_row(table, "via fail probability, ensemble",
            tgv_interval_mean(f, values, (double)e->units * (double)f->run->package.via_count), 1,
            "mean over the panels of the ensemble, with the response");
  check_row(table, "mean weight of the panels", around(weights.mean, weights.error), 1,
            "1 if the lots were drawn rightly");
  check_row(table, "direct over fitted fail probability", around(1 + f->check.bias, f->check.error), 1,
            "where units are lost; 1 if the response is right on average");
  free(values);
}

static void table_of_responses(const struct tgv_yield_findings *f)
{
  const struct tgv_unit_model *m = f->study->model;
  cJSON                       *table = tgv_result_table(
                            f->run->current, "responses", "Fits of the fail probability of a via",
                            "Least index: the smallest reliability index that the correlated part of the inputs reaches within "
                                                  "8 standard deviations. Exact: no nugget moves the margin.");

  tgv_table_column(table, "via group", "", "text");
  tgv_table_column(table, "cause", "", "text");
  tgv_table_column(table, "fit", "", "text");
  tgv_table_column(table, "points", "", "number");
  tgv_table_column(table, "terms", "", "number");
  tgv_table_column(table, "least index", "", "number");
  tgv_table_column(table, "residual of ln p", "%", "number");
  for (size_t i = 0; i < m->kind_count; i++)
    for (size_t k = 0; k < m->kind[i].limits.count; k++) {
      const struct tgv_response_cause *c = tgv_response_cause_info(m->kind[i].response, k);
      cJSON                           *row = tgv_table_row(table);

      tgv_row_text(row, f->run->package.group[m->kind[i].first_group].name);
      tgv_row_text(row, tgv_cause_info(m->kind[i].limits.cause[k])->name);
      tgv_row_text(row, c->exact ? "exact" : c->used ? "fitted" : "negligible");
      tgv_row_number(row, (double)c->points), tgv_row_number(row, (double)c->features);
      tgv_row_number(row, c->exact ? (double)NAN : c->least);
      tgv_row_number(row, c->used && !c->exact ? 100 * c->residual : (double)NAN);
    }
}

void tgv_yield_tables(const struct tgv_yield_findings *f)
{
  struct tgv_interval loss[TGV_LOSS_COUNT];

  find_losses(f, loss);
  table_of_causes(f, loss);
  table_of_groups(f);
  table_of_movers(f, true);
  table_of_movers(f, false);
  table_of_places(f);
  table_of_models(f);
  table_of_checks(f);
  table_of_responses(f);
  unit_layer(f);
}
