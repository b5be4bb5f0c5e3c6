/** # Glass by formula

## Model
Properties of a glass from its composition, mostly linear in mol %. Every model has a standard error (band),
a window of compositions within which it was checked, a source and how well that is known;
`tgv glass --models` prints the table (process/glass_models.def). Models that contradict each other stand side by side:
`glass_E` is that of the chosen one, `glass_E.huber` that of another. Outside of its window a model is flagged, not
stopped.

- **Young's modulus.** Alkali-free: AGC's Formula A (default), its sibling, our robust fit. Any oxides: Makishima and
  Mackenzie, $E = 2 V_t \sum x_i G_i$ with the packing $V_t = (\rho/M) \sum x_i V_i$, which needs the density.
- **Density.** $\rho = M / \sum x_i v_i$ with molar volumes (default), or linear.
- **CTE.** Linear fit to GlassNet; Appen's factors for glasses with alkali.
- **Strain, annealing, softening point.** Linear. The **viscosity** is the law
  $\log_{10} \eta/\mathrm{Pa\,s} = A + B/(T - T_0)$ through $10^{13.5}$, $10^{12}$ and $10^{6.65}$ there. Points
  that ask for $T_0 < 0$ K get Arrhenius' law by least squares.
- **Poisson's ratio, conductivity, specific heat, index.** Linear fits to GlassNet.
- **Dk** only relative to a glass of the library (`reference`): $(\varepsilon - 1)/(\varepsilon + 2)$ goes as
  $\sum x_i a_i / V_m$ (Clausius and Mossotti). The loss tangent has no model and is not estimated.

The **nearest glass of the library** stands beside the result. The measure is the root mean square of the differences of E,
density, CTE, annealing and softening point, each in standard errors of its model; at least three must be known.

## Valid for
The windows of glass_models.def. Composition in mol % as analysed: the sum may miss up to 2 % (fining agents), the
formulas are not rescaled.

## Neglects
Thermal history (fictive temperature), oxidation states, water. Anything nonlinear: boron changes its coordination, which
is why Makishima and Mackenzie fail for borates. The polarizabilities are those of crystals: only small changes of
composition are meaningful.

## Source
AGC, US 12,448,320 and US 12,448,319; Corning's granted claims; Makishima and Mackenzie (1973, 1975); Cassar, GlassNet
(2023); Appen; Shannon (1993). What was checked on how many published glasses stands with each model.

## Verified by
tests/cases/glass_formulation.case, tests/unit/test_glass_models.c (twelve published glasses with measured
modulus, viscosity, permittivity), tests/unit/test_glass_search.c. */
#include "process/glass_formulation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/result.h"
#include "model/run.h"
#include "process/glass_nearest.h"

void tgv_formulation_evaluate(struct tgv_formulation *f)
{
  const struct tgv_glass_value *v = f->value;

  f->outside = 0;
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++) {
    tgv_glass_evaluate(tgv_glass_model_find((enum tgv_glass_property)p, f->chosen[p]), &f->composition,
                       f->density, &f->value[p]);
    if (p == TGV_GLASS_density &&
        f->density > 0) /* the error of the model stays: the measure of the nearest glass needs one */
      f->value[p] =
          (struct tgv_glass_value){&tgv_glass_density_given, f->density, f->value[p].band, false, ""};
    f->outside += f->value[p].outside ? 1 : 0;
  }
  f->packing = tgv_glass_packing(&f->composition, f->density);
  f->has_vft = tgv_vft_through(v[TGV_GLASS_strain].value, v[TGV_GLASS_anneal].value,
                               v[TGV_GLASS_softening].value, &f->vft);
}

/* ---- the stage */

static tgv_status read_formulation(const struct tgv_project *p, struct tgv_formulation *f)
{
  double given[TGV_OXIDE_COUNT];

  *f = (struct tgv_formulation){.density = tgv_real(p, TGV_P_glass_formulation_density)};
  f->chosen[TGV_GLASS_E] = tgv_text(p, TGV_P_glass_formulation_E_model);
  f->chosen[TGV_GLASS_cte] = tgv_text(p, TGV_P_glass_formulation_cte_model);
  f->chosen[TGV_GLASS_anneal] = tgv_text(p, TGV_P_glass_formulation_anneal_model);
  for (int o = 0; o < TGV_OXIDE_COUNT; o++) {
    enum tgv_param key = tgv_param_find(TGV_S_glass_formulation, tgv_oxide_symbol((enum tgv_oxide)o));

    TGV_BUG_IF(key == TGV_PARAM_COUNT);
    given[o] = tgv_real(p, key);
  }
  return tgv_composition_make(given, tgv_chosen(p, TGV_P_glass_formulation_basis, "wt"), &f->composition);
}

static void add(struct tgv_result *r, enum tgv_column c, const char *qualifier, double value,
                const char *method)
{
  struct tgv_scalar s = {c,           qualifier, value,           (double)NAN,
                         (double)NAN, method,    "as its inputs", "that of its inputs"};

  if (isfinite(value)) tgv_result_scalar(r, &s);
}

static void add_model(struct tgv_result *r, const struct tgv_glass_value *v, const char *qualifier)
{
  struct tgv_scalar s = {tgv_glass_property_info(v->model->property)->column,
                         qualifier,
                         v->value,
                         v->model->band > 0 ? v->value - v->band : (double)NAN,
                         v->model->band > 0 ? v->value + v->band : (double)NAN,
                         v->model->source,
                         v->outside ? v->why : tgv_glass_window(v->model),
                         v->model->checked};

  if (isfinite(v->value)) tgv_result_scalar(r, &s);
}

/* A value and its band in the unit of the property, "73.99 GPa" and "2.8 GPa". */
static void add_cells(cJSON *row, const struct tgv_glass_value *v)
{
  const struct tgv_glass_property_info *info = tgv_glass_property_info(v->model->property);
  char                                  text[64];

  snprintf(text, sizeof text, "%.5g %s",
           tgv_units_to(v->value, tgv_column_info(info->column)->dimension, info->unit), info->unit);
  tgv_row_text(row, text);
  snprintf(text, sizeof text, "%.3g %s", v->model->band, strcmp(info->unit, "degC") == 0 ? "K" : info->unit);
  tgv_row_text(row, text);
}

static cJSON *table_of_models(struct tgv_result *r)
{
  static const char *const labels[] = {"property", "model",  "",           "value", "standard error",
                                       "window",   "source", "confidence", NULL};
  cJSON                   *t = tgv_result_table(
                        r, "models", "Properties by every model",
                        "Chosen ones first of their property; outside of its window a model is an extrapolation.");

  for (size_t i = 0; labels[i]; i++) tgv_table_column(t, labels[i], "", "text");
  return t;
}

/* Every model of every property, as a scalar "glass_E.huber" and as a line of the table. */
static void add_models(struct tgv_result *r, const struct tgv_formulation *f)
{
  cJSON *table = table_of_models(r);

  for (size_t i = 0; i < tgv_glass_model_count; i++) {
    const struct tgv_glass_model *m = &tgv_glass_models[i];
    struct tgv_glass_value        v;
    const char                   *words[2] = {tgv_glass_property_info(m->property)->title, m->name};
    cJSON                        *row;

    tgv_glass_evaluate(m, &f->composition, f->density, &v);
    if (!isfinite(v.value)) continue;
    add_model(r, &v, m->name);
    row = tgv_table_row(table);
    for (int k = 0; k < 2; k++) tgv_row_text(row, words[k]);
    tgv_row_text(row, f->value[m->property].model == m ? "chosen" : "");
    add_cells(row, &v);
    tgv_row_text(row, v.outside ? v.why : "inside");
    tgv_row_text(row, m->source);
    tgv_row_text(row, m->confidence);
  }
}

static tgv_status add_nearest(const struct tgv_run *run, const struct tgv_formulation *f)
{
  struct tgv_nearest_glass near;
  char                     note[256];
  cJSON                   *t;

  TGV_TRY(tgv_glass_nearest(f->value, tgv_project_directory(run->project), &near));
  if (!isfinite(near.distance)) return TGV_OK;
  snprintf(note, sizeof note,
           "%s, %.3g standard errors away: root mean square over the %zu of E, density, CTE, annealing and "
           "softening "
           "point that are known.",
           near.name, near.distance, near.compared);
  t = tgv_result_table(run->current, "nearest", "Nearest glass of the library", note);
  tgv_table_column(t, "property", "", "text");
  tgv_table_column(t, "by formula", "", "text");
  tgv_table_column(t, "standard error", "", "text");
  tgv_table_column(t, near.name, "", "text");
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++) {
    const struct tgv_glass_property_info *info = tgv_glass_property_info((enum tgv_glass_property)p);
    struct tgv_glass_value                known = f->value[p];
    cJSON                                *row;

    if (isnan(near.value[p]) || isnan(f->value[p].value)) continue;
    row = tgv_table_row(t);
    tgv_row_text(row, info->title);
    add_cells(row, &f->value[p]);
    known.value = near.value[p];
    add_cells(row, &known);
    cJSON_DeleteItemFromArray(row, 4); /* an entry of the library has no band here */
  }
  return TGV_OK;
}

static tgv_status add_Dk(const struct tgv_run *run, const struct tgv_formulation *f)
{
  const char *reference = tgv_text(run->project, TGV_P_glass_formulation_reference);
  double      Dk;

  if (!reference[0]) return TGV_OK;
  TGV_TRY_NOTE(
      tgv_glass_scaled_Dk(&f->composition, f->density, reference, tgv_project_directory(run->project), &Dk),
      "scaling Dk from glass_formulation.reference");
  add(run->current, TGV_C_glass_Dk, "", Dk, "Clausius and Mossotti, relative to a glass of the library");
  return TGV_OK;
}

static tgv_status formulate(struct tgv_run *run)
{
  struct tgv_formulation f;
  struct tgv_result     *r = run->current;

  TGV_TRY_NOTE(read_formulation(run->project, &f), "reading the oxides of glass_formulation");
  tgv_formulation_evaluate(&f);
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++) add_model(r, &f.value[p], "");
  add_models(r, &f);
  add(r, TGV_C_glass_packing, "", f.packing, "Makishima and Mackenzie");
  add(r, TGV_C_glass_outside, "", (double)f.outside, "count of the chosen models");
  if (f.has_vft) {
    const char *how = f.vft.miss > 0
                          ? "Arrhenius' law, least squares to the three fixed points: T0 would be below 0 K"
                          : "through the three fixed points";

    add(r, TGV_C_glass_vft_A, "", f.vft.A, how);
    add(r, TGV_C_glass_vft_B, "", f.vft.B, how);
    add(r, TGV_C_glass_vft_T0, "", f.vft.T0, how);
  }
  TGV_TRY(add_Dk(run, &f));
  return add_nearest(run, &f);
}

const struct tgv_stage tgv_stage_glass_formulation = {
    .name = "glass_formulation",
    .title = "Glass by formula",
    .source = "AGC, US 12,448,320; Makishima and Mackenzie (1973); Cassar (2023)",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_glass_formulation),
    .writes =
        TGV_COLUMNS(TGV_C_glass_E, TGV_C_glass_nu, TGV_C_glass_density, TGV_C_glass_cte, TGV_C_glass_strain,
                    TGV_C_glass_anneal, TGV_C_glass_softening, TGV_C_glass_isokom, TGV_C_glass_vft_A,
                    TGV_C_glass_vft_B, TGV_C_glass_vft_T0, TGV_C_glass_k, TGV_C_glass_cp, TGV_C_glass_nd,
                    TGV_C_glass_packing, TGV_C_glass_Dk, TGV_C_glass_outside),
    .chosen_by = TGV_P_glass_formulation_model,
    .chosen_word = "composition",
    .panel = formulate,
};
