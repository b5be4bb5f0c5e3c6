/** # Sensitivity of the yield

### Model
For every input that varies:

- its Sobol indices, first order and total, for the loss of a random unit (factory/sensitivity_unit.c) and for the geometry of a
  random via of the largest group of signal vias, or of the largest group if there is none
  (factory/sensitivity_via.c);
- the good units per panel that its spread costs, and those that a spread smaller by `sensitivity.cut` would buy
  (factory/sensitivity_units.c).

### Valid for
The variation as it is given: an input that is said not to vary costs nothing.

### Neglects
Panels, samples and sites are fewer than those of the stage `yield`, so the expected number of good units differs within its
interval; sites are at least so large that a panel has 3000. The limit of a unit's thickness variation (`core.ttv`).

### Source
A. Saltelli et al., Comput. Phys. Commun. 181 (2010) 259.

### Verified by
tests/unit/test_yield_sensitivity.c. */
#include <math.h>
#include <string.h>

#include "factory/sensitivity_report.h"

enum {
  ANALYSIS_LOT = 2000001,
  SITES_MOST = 3000
}; /* no panel elsewhere has the random numbers of that lot */

static const struct tgv_via_group *largest_group(const struct tgv_package *k)
{
  const struct tgv_via_group *best = NULL;

  for (int signal = 1; signal >= 0 && !best; signal--)
    for (size_t g = 0; g < k->group_count; g++)
      if ((!signal || strcmp(k->group[g].function, "signal") == 0) &&
          (!best || k->group[g].count > best->count))
        best = &k->group[g];
  return best;
}

static tgv_status analyse_via(struct tgv_run *run, const struct tgv_indices_source *source,
                              const struct tgv_via_group *group)
{
  static const struct tgv_indices_words words = {
      .method =
          "Saltelli's design on shifted Sobol sequences, exact physics of a random via of the largest signal "
          "group; all components of an input are one group",
      .valid = "any physics; inputs held at the ranges of their keys",
      .error = "Student interval from 16 independent shifts"};
  struct tgv_indices x;

  TGV_TRY_NOTE(tgv_indices_of_via(source, group, &x), "finding the sensitivity of the vias");
  tgv_sensitivity_report_indices(run->current, source->variation, &x, &words);
  tgv_indices_release(&x);
  return TGV_OK;
}

static tgv_status analyse_units(struct tgv_run *run, const struct tgv_indices_source *source,
                                const struct tgv_yield_study *study)
{
  static const struct tgv_indices_words words = {
      .method = "Saltelli's design on shifted Sobol sequences, fail probability (unit_loss), and ln(faults + "
                "1e-12) (unit_risk), of a random unit by the "
                "responses of its vias; "
                "lot, panel, scan and field terms of an input are one group",
      .valid = "the loss by correlated terms; nuggets are averaged out, defects left out",
      .error =
          "Student interval from 16 independent shifts; does not include the finite bank of drawn fields"};
  struct tgv_indices    loss;
  struct tgv_unit_costs costs;
  tgv_status_code       status;

  TGV_TRY_NOTE(tgv_indices_of_unit(source, study, &loss), "finding the sensitivity of the units");
  status = tgv_unit_costs_find(run, study, &costs);
  if (!status) {
    tgv_sensitivity_report_units(run->current, study->full, &costs, &loss,
                                 tgv_real(run->project, TGV_P_sensitivity_cut));
    tgv_sensitivity_report_indices(run->current, study->full, &loss, &words);
  }
  tgv_indices_release(&loss);
  return status;
}

static double cell_of(const struct tgv_run *run)
{
  const struct tgv_panel *panel = &run->panel;
  const double            area = panel->unit_width * panel->unit_height * (double)panel->unit_count;

  return fmax(tgv_yield_cell(run->project, panel), sqrt(area / SITES_MOST));
}

static tgv_status analyse_yield(struct tgv_run *run, const struct tgv_indices_source *source)
{
  const double             cell = cell_of(run);
  struct tgv_yield_options options = {
      .panels = tgv_unit_costs_panels(run, tgv_variation_count(source->variation), cell),
      .samples = tgv_unit_costs_samples(run),
      .cell = cell};
  struct tgv_yield_study study;
  tgv_status_code        status = tgv_yield_study_init(&study, run->project, run->flow, &options);

  if (!status) status = analyse_units(run, source, &study);
  tgv_yield_study_release(&study);
  return status;
}

static tgv_status analyse_variation(struct tgv_run *run, const struct tgv_variation *v)
{
  const struct tgv_project   *p = run->project;
  struct tgv_indices_source   source = {.flow = run->flow,
                                        .variation = v,
                                        .points = (size_t)tgv_count(p, TGV_P_sensitivity_samples),
                                        .confidence = tgv_real(p, TGV_P_yield_confidence),
                                        .seed = (uint64_t)tgv_count(p, TGV_P_project_seed),
                                        .lot = ANALYSIS_LOT};
  const struct tgv_via_group *group = largest_group(&run->package);

  if (!group || run->panel.unit_count == 0) return TGV_OK;
  TGV_TRY(analyse_yield(run, &source));
  return analyse_via(run, &source, group);
}

static tgv_status analyse(struct tgv_run *run)
{
  const enum tgv_section *before = tgv_project_allow(NULL); /* inputs belong to any step of the flow */
  struct tgv_variation   *v;
  tgv_status_code         status = tgv_variation_new(run->project, &run->panel, &run->flow->maps, &v);

  if (!status) {
    if (tgv_variation_count(v) > 0) status = analyse_variation(run, v);
    tgv_variation_free(v);
  }
  (void)tgv_project_allow(before);
  return status;
}

const struct tgv_stage tgv_stage_yield_sensitivity = {
    .name = "yield_sensitivity",
    .title = "Which input's spread costs how many units",
    .source = "Saltelli 2010, 10.1016/j.cpc.2009.09.018",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_project, TGV_S_glass_blank, TGV_S_laser_drilling, TGV_S_wet_etching,
                             TGV_S_variation, TGV_S_defects, TGV_S_yield, TGV_S_sensitivity),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_thickness, TGV_C_position_error),
    .writes = TGV_COLUMNS(TGV_C_units_cost, TGV_C_units_bought, TGV_C_sobol_first, TGV_C_sobol_total),
    .chosen_by = TGV_P_END,
    .panel = analyse,
};
