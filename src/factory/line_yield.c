/** # Line yield: from started panels to good finished units

## Model
A place for a unit on a started panel becomes a good finished unit if the panel survives handling, the unit's vias and core pass, and its
build-up has no fault:

$$ Y = (1 - P_\text{breakage}) \; Y_\text{vias} \; Y_\text{build-up}. $$

The factors are results of the stages handling, yield and rdl_buildup; one that has not run is 1 and said to be so. The loss $1 - Y$ is
divided among them in proportion to $-\ln$ of each, as if they happened at once: that does not depend on their order. Within the vias it is
divided as stage yield divides it among its causes, within the build-up in proportion to the mean number of defects; every cause belongs
to a step of the line. The interval is that of the factors, their relative errors taken as independent.

## Valid for
Steps whose failures are independent of each other. Clustering is in the factors: that of vias by common variation, that of build-up
defects by `rdl_buildup.alpha`.

## Neglects
Scrap by inspection before the end of the line, rework, units of a broken panel that could be saved.

## Source
Our own.

## Verified by
tests/unit/test_line_yield.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/result.h"
#include "model/run.h"

enum { LOSSES = TGV_CAUSE_COUNT + 6, STEP_NAME = 64 };
#define FAULTS_MOST 700.0 /* of a factor that is 0 */

struct factor {
  const char *name, *stage;
  bool        known; /* its stage has run */
  double      yield, low, high, faults;
};

enum { HANDLING, VIAS, BUILD_UP, FACTORS };

struct loss {
  const char *cause, *meaning, *step;
  double      value, low, high;
};

struct findings {
  const struct tgv_run *run;
  struct factor         factor[FACTORS];
  double                yield, low, high, faults;
  struct loss           loss[LOSSES];
  size_t                count;
};

/* ---- the factors */

static bool find(const struct tgv_run *run, const char *stage, const char *name, struct tgv_scalar *s)
{
  const struct tgv_result *r = tgv_run_result(run, stage);

  if (!r || !tgv_result_find(r, name, s)) return false;
  if (!isfinite(s->low)) s->low = s->value;
  if (!isfinite(s->high)) s->high = s->value;
  return true;
}

static double faults_of(double yield)
{
  return yield > 0 ? fmin(FAULTS_MOST, -log(yield)) : FAULTS_MOST;
}

static void find_factors(struct findings *f)
{
  static const struct {
    const char *name, *stage, *scalar;
    bool        loses; /* the scalar is what is lost */
  } sources[FACTORS] = {
      [HANDLING] = {"handling", "handling", "breakage_panel", true},
      [VIAS] = {"vias", "yield", "unit_yield", false},
      [BUILD_UP] = {"build-up", "rdl_buildup", "build_up_yield", false},
  };
  double down = 0, up = 0;

  f->yield = 1;
  for (int k = 0; k < FACTORS; k++) {
    struct factor    *x = &f->factor[k];
    struct tgv_scalar s;

    *x = (struct factor){sources[k].name, sources[k].stage, false, 1, 1, 1, 0};
    if (!find(f->run, x->stage, sources[k].scalar, &s)) continue;
    x->known = true;
    x->yield = sources[k].loses ? 1 - s.value : s.value;
    x->low = sources[k].loses ? 1 - s.high : s.low;
    x->high = sources[k].loses ? 1 - s.low : s.high;
    x->faults = faults_of(x->yield);
    f->yield *= x->yield;
    f->faults += x->faults;
    if (!(x->yield > 0)) continue;
    down = hypot(down, x->low > 0 ? log(x->yield / x->low) : FAULTS_MOST);
    up = hypot(up, log(x->high / x->yield));
  }
  f->low = f->yield * exp(-down);
  f->high = fmin(1, f->yield * exp(up));
}

/* ---- the losses */

static void add_loss(struct findings *f, const struct loss *l)
{
  TGV_BUG_IF(f->count == LOSSES);
  if (l->value > 0) f->loss[f->count++] = *l;
}

/* What a factor takes of all units. */
static double taken_by(const struct findings *f, int factor)
{
  return f->faults > 0 ? (1 - f->yield) * f->factor[factor].faults / f->faults : 0;
}

static void lose_panels(struct findings *f)
{
  const struct factor *x = &f->factor[HANDLING];
  const double         taken = taken_by(f, HANDLING), all = 1 - x->yield;

  add_loss(f, &(struct loss){"breakage", "panel broken in handling", "handling", taken,
                             all > 0 ? taken * (1 - x->high) / all : 0,
                             all > 0 ? fmin(1, taken * (1 - x->low) / all) : 0});
}

static void lose_vias(struct findings *f)
{
  const double      taken = taken_by(f, VIAS);
  struct tgv_scalar s[TGV_CAUSE_COUNT + 1];
  bool              found[TGV_CAUSE_COUNT + 1];
  double            all = 0;

  for (int k = 0; k <= TGV_CAUSE_COUNT; k++) {
    char name[STEP_NAME];

    snprintf(name, sizeof name, "unit_loss.%s",
             k < TGV_CAUSE_COUNT ? tgv_cause_info((enum tgv_cause)k)->name : "ttv");
    found[k] = find(f->run, "yield", name, &s[k]);
    if (found[k]) all += s[k].value;
  }
  for (int k = 0; k <= TGV_CAUSE_COUNT && all > 0; k++) {
    const struct tgv_cause_info *c = k < TGV_CAUSE_COUNT ? tgv_cause_info((enum tgv_cause)k) : NULL;

    if (found[k])
      add_loss(f, &(struct loss){c ? c->name : "ttv",
                                 c ? c->help : "core varies in thickness by more than its TTV",
                                 c ? c->step : "glass_blank", taken * s[k].value / all,
                                 taken * s[k].low / all, fmin(1, taken * s[k].high / all)});
  }
}

static void lose_build_up(struct findings *f)
{
  static const char *const names[][3] = {
      {"layer_faults.shorts", "short", "extra metal bridges two lines of the build-up"},
      {"layer_faults.opens", "open", "missing metal opens a line of the build-up"},
      {"layer_faults.lamination", "lamination", "defect of a laminated dielectric"}};
  const double      taken = taken_by(f, BUILD_UP);
  struct tgv_scalar s[3];
  double            all = 0;

  for (int k = 0; k < 3; k++) {
    if (!find(f->run, "rdl_buildup", names[k][0], &s[k]))
      s[k].value = INFINITY; /* lines that are etched away */
    all += fmin(s[k].value, FAULTS_MOST);
  }
  for (int k = 0; k < 3 && f->factor[BUILD_UP].known && all > 0; k++) {
    const double part = taken * fmin(s[k].value, FAULTS_MOST) / all;

    add_loss(f, &(struct loss){names[k][1], names[k][2], "rdl_buildup", part, part, part});
  }
}

static int by_value(const void *a, const void *b)
{
  const struct loss *x = a, *y = b;

  return (x->value < y->value) - (x->value > y->value);
}

/* ---- results */

static void add_interval(cJSON *row, double value, double low, double high)
{
  tgv_row_number(row, 100 * value);
  tgv_row_number(row, 100 * low);
  tgv_row_number(row, 100 * high);
}

static void interval_columns(cJSON *table, const char *label)
{
  tgv_table_column(table, label, "%", "number");
  tgv_table_column(table, "low", "%", "number");
  tgv_table_column(table, "high", "%", "number");
}

static void add(const struct findings *f, enum tgv_column column, const char *qualifier, const struct loss *l,
                double scale)
{
  char valid[200] = "";

  for (int k = 0; k < FACTORS; k++)
    if (!f->factor[k].known) {
      const size_t used = strlen(valid);

      snprintf(valid + used, sizeof valid - used, "%s%s",
               used ? ", " : "not simulated and taken as without loss: ", f->factor[k].name);
    }
  tgv_result_scalar(
      f->run->current,
      &(struct tgv_scalar){
          .column = column,
          .qualifier = qualifier,
          .value = scale * l->value,
          .low = scale * l->low,
          .high = scale * l->high,
          .method = "product of the yields of handling, vias and build-up; losses in proportion to -ln "
                    "of each",
          .valid = *valid ? valid : "independent steps",
          .error = "intervals of the factors, relative errors as independent"});
}

static void table_of_losses(const struct findings *f)
{
  cJSON *t = tgv_result_table(f->run->current, "line_losses", "Finished units lost, by cause and step",
                              "Of all started places. The step is the one that makes the failure; whose "
                              "input moves it is in the table "
                              "of process steps of the yield.");

  tgv_table_column(t, "step", "", "text");
  tgv_table_column(t, "cause", "", "text");
  tgv_table_column(t, "meaning", "", "text");
  interval_columns(t, "units lost");
  for (size_t i = 0; i < f->count; i++) {
    cJSON *row = tgv_table_row(t);

    tgv_row_text(row, f->loss[i].step), tgv_row_text(row, f->loss[i].cause),
        tgv_row_text(row, f->loss[i].meaning);
    add_interval(row, f->loss[i].value, f->loss[i].low, f->loss[i].high);
  }
}

/* Losses of the same step together. */
static size_t sum_steps(const struct findings *f, struct loss *sum)
{
  size_t n = 0;

  for (size_t i = 0; i < f->count; i++) {
    size_t at = 0;

    while (at < n && strcmp(sum[at].step, f->loss[i].step) != 0) at++;
    if (at == n) sum[n++] = (struct loss){.step = f->loss[i].step};
    sum[at].value += f->loss[i].value, sum[at].low += f->loss[i].low, sum[at].high += f->loss[i].high;
  }
  qsort(sum, n, sizeof *sum, by_value);
  return n;
}

static void table_of_steps(const struct findings *f)
{
  struct loss  sum[LOSSES];
  cJSON       *t = tgv_result_table(f->run->current, "line_steps", "Finished units lost, by step of the line",
                                    "Every loss belongs to the step that makes the failure.");
  const size_t n = sum_steps(f, sum);

  tgv_table_column(t, "step", "", "text");
  interval_columns(t, "units lost");
  for (size_t i = 0; i < n; i++) {
    cJSON *row = tgv_table_row(t);

    tgv_row_text(row, sum[i].step);
    add_interval(row, sum[i].value, sum[i].low, fmin(1, sum[i].high));
    add(f, TGV_C_line_loss, sum[i].step, &sum[i], 1);
  }
}

static void table_of_factors(const struct findings *f)
{
  cJSON *t = tgv_result_table(f->run->current, "line_factors", "What the line yield is made of", "");

  tgv_table_column(t, "part", "", "text");
  tgv_table_column(t, "stage", "", "text");
  interval_columns(t, "yield");
  tgv_table_column(t, "note", "", "text");
  for (int k = 0; k < FACTORS; k++) {
    const struct factor *x = &f->factor[k];
    cJSON               *row = tgv_table_row(t);

    tgv_row_text(row, x->name), tgv_row_text(row, x->stage);
    add_interval(row, x->yield, x->low, x->high);
    tgv_row_text(row, x->known ? "" : "not simulated");
  }
}

static tgv_status panel(struct tgv_run *run)
{
  struct findings *f = tgv_allocate(1, sizeof *f);
  struct loss      all;

  f->run = run;
  find_factors(f);
  lose_panels(f), lose_vias(f), lose_build_up(f);
  qsort(f->loss, f->count, sizeof *f->loss, by_value);
  all = (struct loss){.value = f->yield, .low = f->low, .high = f->high};
  add(f, TGV_C_line_yield, "", &all, 1);
  add(f, TGV_C_line_good_units, "", &all, (double)run->panel.unit_count);
  table_of_steps(f);
  table_of_losses(f);
  table_of_factors(f);
  free(f);
  return TGV_OK;
}

const struct tgv_stage tgv_stage_line_yield = {
    .name = "line_yield",
    .title = "Good finished units per started place",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .writes = TGV_COLUMNS(TGV_C_line_yield, TGV_C_line_good_units, TGV_C_line_loss),
    .after = TGV_STAGES("handling", "rdl_buildup", "yield"),
    .chosen_by = TGV_P_END,
    .panel = panel,
};
