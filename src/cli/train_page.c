#include "cli/train_page.h"

#include <math.h>

#include "model/columns.h"

void tgv_train_page_begin(struct tgv_text *page)
{
  tgv_text_add(
      page,
      "# The trained plating models of the examples\n\n"
      "Written by `tgv train`, from the runs in data/tables (make tables). How the models come about: "
      "[regime_model](physics/regime_model.md), [plating_class](physics/plating_class.md). Held-out: tenths "
      "of the runs in turn are predicted from the other nine. This is the error of the model against the "
      "fast plating solver; that of the solver against others is in "
      "[plating_depth](physics/plating_depth.md).\n");
}

static const struct {
  const char        *name, *unit;
  enum tgv_dimension dimension;
} input[TGV_PLATING_INPUTS] = {
    [TGV_PLATING_DRIVE] = {"current density", "A/dm2", TGV_CURRENT_DENSITY},
    [TGV_PLATING_DIAMETER] = {"mean diameter of the faces", "um", TGV_LENGTH},
    [TGV_PLATING_WAIST] = {"waist over it", "1", TGV_FRACTION},
    [TGV_PLATING_THICKNESS] = {"thickness", "um", TGV_LENGTH},
    [TGV_PLATING_CENTRE] = {"depth of the waist over the thickness", "1", TGV_FRACTION},
    [TGV_PLATING_SKEW] = {"difference of the faces over their sum", "1", TGV_FRACTION},
    [TGV_PLATING_TIME] = {"time", "h", TGV_TIME},
    [TGV_PLATING_CUPRIC] = {"copper ions", "mol/L", TGV_CONCENTRATION},
    [TGV_PLATING_ADDITIVE] = {"additive", "umol/L", TGV_CONCENTRATION},
    [TGV_PLATING_LAYER] = {"diffusion layer", "um", TGV_LENGTH},
};

static void add_ranges(struct tgv_text *page, const struct tgv_plating_class *c)
{
  tgv_text_add(page, "\n| input | from | to | |\n|---|---|---|---|\n");
  for (size_t a = 0; a < c->axes; a++) {
    const enum tgv_plating_input k = c->axis[a];
    const bool                   potential = k == TGV_PLATING_DRIVE && !(c->recipe.galvanostatic > 0);
    const char                  *name = potential ? "potential" : input[k].name;
    const char                  *unit = potential ? "mV" : input[k].unit;
    const enum tgv_dimension     d = potential ? TGV_VOLTAGE : input[k].dimension;

    tgv_text_add(page, "| %s | %.4g | %.4g | %s |\n", name, tgv_units_to(c->low[k], d, unit),
                 tgv_units_to(c->high[k], d, unit), unit);
  }
}

static void add_confusion(struct tgv_text *page, const struct tgv_regime_plan *p,
                          const struct tgv_regime_report *t)
{
  tgv_text_add(page, "\n| held-out: by the solver \\ by the model |");
  for (size_t r = 0; r < p->regimes; r++)
    if (t->count[r] > 0) tgv_text_add(page, " %s |", p->regime[r]);
  tgv_text_add(page, "\n|---|");
  for (size_t r = 0; r < p->regimes; r++)
    if (t->count[r] > 0) tgv_text_add(page, "---|");
  for (size_t r = 0; r < p->regimes; r++) {
    if (t->count[r] == 0) continue;
    tgv_text_add(page, "\n| %s |", p->regime[r]);
    for (size_t k = 0; k < p->regimes; k++)
      if (t->count[k] > 0) tgv_text_add(page, " %zu |", t->confusion[r][k]);
  }
  tgv_text_add(page, "\n");
}

static void add_errors(struct tgv_text *page, const struct tgv_regime_plan *p,
                       const struct tgv_regime_report *t)
{
  tgv_text_add(page,
               "\n| regime | output | runs | degree | rms error | largest error | standard deviation | Q2 |\n"
               "|---|---|---|---|---|---|---|---|\n");
  for (size_t r = 0; r < p->regimes; r++)
    for (size_t o = 0; o < p->outputs && t->count[r] > 0; o++) {
      const struct tgv_regime_error *e = &t->error[r][o];
      const struct tgv_column_info  *info = tgv_column_info(tgv_plated_column[o]);
      const double                   unit = tgv_units_to(1, info->dimension, info->unit);

      if (!(e->scale > 0)) continue;
      tgv_text_add(page, "| %s | %s [%s] | %zu | %zu | %.2g | %.2g | %.2g |", p->regime[r], info->symbol,
                   info->unit, e->rows, e->degree, unit * e->rms, unit * e->largest, unit * e->scale);
      tgv_text_add(page, isnan(e->q2) ? " |\n" : " %.3f |\n", e->q2);
    }
}

void tgv_train_page_class(struct tgv_text *page, const char *project, const char *group,
                          const struct tgv_plating_class *c)
{
  const struct tgv_regime_plan   *p = tgv_regime_model_plan(c->model);
  const struct tgv_regime_report *t = tgv_regime_model_report(c->model);

  tgv_text_add(
      page,
      "\n## %s, group %s\n\n%zu runs, %zu of them without answer, %zu next to boundaries; %.3g s of a "
      "processor. Of %zu runs spread evenly over the ranges %zu are predicted in another regime (%.1f %% "
      "right), %zu are uncertain; %zu mistakes of all runs are not called uncertain.\n",
      project, group, t->rows + t->failed, t->failed, t->refined, t->seconds, t->spread_rows,
      t->spread_mistakes, 100 * (1 - (double)t->spread_mistakes / (double)t->spread_rows), t->uncertain,
      t->sure_mistakes);
  add_ranges(page, c);
  add_confusion(page, p, t);
  add_errors(page, p, t);
}
