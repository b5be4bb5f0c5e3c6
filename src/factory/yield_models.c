/**
# Yield models: what the textbook formulas give
*Model.* The mean number $\lambda$ of killing defects of a unit is put into the named models: Poisson, Murphy (triangular and
rectangular), Seeds, $e^{-\sqrt\lambda}$, Bose-Einstein with $n$ critical levels (its $\lambda$ is the total), negative binomial with
clustering $\alpha$, lognormal with $\sigma$. All are one mixture, $Y=\int e^{-\lambda x}f(x)\,dx$; next to each closed form stands
this integral by adaptive quadrature, and the difference. Beside them: Neyman type A, $Y=e^{-\kappa(1-e^{-\mu})}$, for $\kappa$
clusters of $\mu$ defects; a set of $n$ items of which $k$ must be good, each failing with $p$, independently or with the part $\beta$
of $p$ as a common cause; and a unit of single items and such sets, $Y=(1-p)^N(1-P_{\rm set})^M$. The formulas are in
solver/yield_model.

*Valid for.* The numbers that are given in the section yield_models. A part whose number is 0 is not evaluated.

*Neglects.* The line: nothing of it is used here. The yield of the simulated line, whose defect rate varies over the panel as its
variation says, is that of the survey.

*Source.* B. T. Murphy, Proc. IEEE 52, 1537 (1964); R. B. Seeds, IEEE IEDM (1967); C. H. Stapper, IBM J. Res. Dev. 27, 549
(1983); J. Neyman, Ann. Math. Stat. 10, 35 (1939); beta factor: K. N. Fleming (1975).

*Verified by.* tests/cases/yield_models.case, tests/unit/test_yield_models.c, tests/unit/test_yield_model.c
*/
#include "solver/yield_model.h"

#include <math.h>

#include "model/result.h"
#include "model/run.h"

static const char valid[] = "the numbers given in the section yield_models; not the simulated line";

static void add(const struct tgv_run *run, enum tgv_column c, double value, const char *method,
                const char *error)
{
  struct tgv_scalar s = {c, "", value, (double)NAN, (double)NAN, method, valid, error};

  tgv_result_scalar(run->current, &s);
}

/* ---- models of the number of defects */

struct named {
  enum tgv_column column;
  const char     *shape_name; /* "" if it has none */
  double          shape;
};

static void name_models(const struct tgv_project *p, struct named model[TGV_YIELD_MODEL_COUNT])
{
  model[TGV_YIELD_POISSON] = (struct named){TGV_C_Y_poisson, "", 0};
  model[TGV_YIELD_MURPHY] = (struct named){TGV_C_Y_murphy, "", 0};
  model[TGV_YIELD_RECTANGULAR] = (struct named){TGV_C_Y_rectangular, "", 0};
  model[TGV_YIELD_SEEDS] = (struct named){TGV_C_Y_seeds, "", 0};
  model[TGV_YIELD_SEEDS_ROOT] = (struct named){TGV_C_Y_seeds_root, "", 0};
  model[TGV_YIELD_BOSE_EINSTEIN] = (struct named){TGV_C_Y_bose_einstein, "critical_levels",
                                                  (double)tgv_count(p, TGV_P_yield_models_critical_levels)};
  model[TGV_YIELD_NEGATIVE_BINOMIAL] =
      (struct named){TGV_C_Y_negative_binomial, "alpha", tgv_real(p, TGV_P_yield_models_alpha)};
  model[TGV_YIELD_LOGNORMAL] =
      (struct named){TGV_C_Y_lognormal, "sigma", tgv_real(p, TGV_P_yield_models_sigma)};
}

static cJSON *add_table(const struct tgv_run *run)
{
  cJSON *t = tgv_result_table(run->current, "models", "Yield models",
                              "The difference is that of the closed form from the mixture integral, over "
                              "the integral. Poisson has no density "
                              "to integrate; a blank is an integral that did not reach 1e-9.");

  tgv_table_column(t, "model", "", "text");
  tgv_table_column(t, "parameter", "", "text");
  tgv_table_column(t, "value", "", "number");
  tgv_table_column(t, "defects per unit", "", "number");
  tgv_table_column(t, "yield", "%", "number");
  tgv_table_column(t, "by quadrature", "%", "number");
  tgv_table_column(t, "relative difference", "", "number");
  return t;
}

static void add_row(cJSON *table, enum tgv_yield_model m, const struct named *model, double lambda)
{
  double closed = tgv_yield_closed(m, model->shape, lambda), integral = (double)NAN;
  cJSON *row = tgv_table_row(table);

  if (m != TGV_YIELD_POISSON && tgv_yield_mixture(m, model->shape, lambda, &integral)) {
    integral = (double)NAN; /* the closed form stands without a check; the table shows it */
    tgv_error_clear();
  }
  tgv_row_text(row, tgv_yield_model_name(m));
  tgv_row_text(row, model->shape_name);
  tgv_row_number(row, model->shape_name[0] ? model->shape : (double)NAN);
  tgv_row_number(row, lambda);
  tgv_row_number(row, tgv_units_to(closed, TGV_FRACTION, "%"));
  tgv_row_number(row, tgv_units_to(integral, TGV_FRACTION, "%"));
  tgv_row_number(row, (closed - integral) / integral);
}

static void evaluate_models(const struct tgv_run *run)
{
  const double lambda = tgv_real(run->project, TGV_P_yield_models_defects_per_unit);
  struct named model[TGV_YIELD_MODEL_COUNT];
  cJSON       *table;

  if (!(lambda > 0)) return;
  name_models(run->project, model);
  table = add_table(run);
  for (int m = 0; m < TGV_YIELD_MODEL_COUNT; m++) {
    const double y = tgv_yield_closed((enum tgv_yield_model)m, model[m].shape, lambda);
    const bool   sum = m == TGV_YIELD_LOGNORMAL;

    add(run, model[m].column, y, sum ? "trapezoidal rule over the lognormal defect rate" : "closed form",
        sum ? "relative, below 1e-8: the table compares it with adaptive quadrature" : "rounding");
    add_row(table, (enum tgv_yield_model)m, &model[m], lambda);
  }
}

static void evaluate_clusters(const struct tgv_run *run)
{
  const double clusters = tgv_real(run->project, TGV_P_yield_models_clusters);

  if (!(clusters > 0)) return;
  add(run, TGV_C_Y_neyman, tgv_yield_neyman(clusters, tgv_real(run->project, TGV_P_yield_models_members)),
      "closed form", "rounding");
}

/* ---- items and redundancy */

static tgv_status evaluate_items(const struct tgv_run *run)
{
  const struct tgv_project *p = run->project;
  const double              fails = tgv_real(p, TGV_P_yield_models_item_fail_probability);
  const unsigned            k = (unsigned)tgv_count(p, TGV_P_yield_models_needed);
  const unsigned            n = (unsigned)tgv_count(p, TGV_P_yield_models_of);
  double                    set, log_yield;

  if (!(fails > 0)) return TGV_OK;
  if (k > n) return tgv_fail(TGV_INPUT, "yield_models.needed = %u is more than yield_models.of = %u", k, n);
  set = tgv_fail_common_cause(k, n, fails, tgv_real(p, TGV_P_yield_models_common_cause));
  log_yield = tgv_yield_log((double)tgv_count(p, TGV_P_yield_models_items), fails) +
              tgv_yield_log((double)tgv_count(p, TGV_P_yield_models_sets), set);
  add(run, TGV_C_fail_k_of_n, tgv_fail_k_of_n(k, n, fails), "binomial distribution", "rounding");
  add(run, TGV_C_fail_common_cause, set, "beta-factor model", "rounding");
  add(run, TGV_C_Y_items, exp(log_yield), "product over independent items and sets", "rounding");
  return TGV_OK;
}

static tgv_status evaluate(struct tgv_run *run)
{
  evaluate_models(run);
  evaluate_clusters(run);
  return evaluate_items(run);
}

const struct tgv_stage tgv_stage_yield_models = {
    .name = "yield_models",
    .title = "Textbook yield models",
    .source = "Stapper, IBM J. Res. Dev. 27, 549 (1983)",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_yield_models),
    .writes =
        TGV_COLUMNS(TGV_C_Y_poisson, TGV_C_Y_murphy, TGV_C_Y_rectangular, TGV_C_Y_seeds, TGV_C_Y_seeds_root,
                    TGV_C_Y_bose_einstein, TGV_C_Y_negative_binomial, TGV_C_Y_lognormal, TGV_C_Y_neyman,
                    TGV_C_fail_k_of_n, TGV_C_fail_common_cause, TGV_C_Y_items),
    .chosen_by = TGV_P_END,
    .panel = evaluate,
};
