/** # Yield of units and panels

## Model
A via fails if one of its limits is violated; a unit fails by the rules of its via groups (spare lanes, tolerated fractions) or by the
thickness variation of its core; defects kill or degrade vias. Inputs vary from lot to lot, from panel to panel, over the panel, and
from via to via (model/variation). Vias of a unit are alike in all but the last, so

$$ Y = E_c \prod_g P(\text{group } g \text{ passes} \mid c), $$

the expectation over the correlated part $c$ of the inputs, given which vias are independent. It is worked out in four steps:

1. for every kind of via the fail probability given $c$, by cause: first-order search and importance sampling over the nugget at designed
   points, fitted (factory/yield_response.c);
2. the unit at its sites: groups, spare lanes, tolerated fractions, defects at their places (factory/yield_unit.c);
3. an ensemble of panels of different lots, a part of them drawn where lots begin to fail (factory/yield_ensemble.c);
4. checks that are independent of that: direct sampling where units are lost, and the mean fail probability of a via in one calculation
   over all random terms (factory/yield_check.c).

The cost does not depend on the number of vias. Beside the yield stand what independent vias would give, the named yield models at the same
mean, the clustering parameter, the distribution of good units of a panel, and losses by cause, group, step, input and place.

## Valid for
Variation and limits as given, at most 64 random terms. Probabilities from 1 down to 5e-17 per via.

## Neglects
What varies within a site beyond its mean (the places move from panel to panel, so the mean is right; vias within a site are taken
to share their field). Dependence between different inputs. Steps that are not simulated.

## Source
Our own; the parts have theirs.

## Verified by
tests/unit/test_yield_stage.c: exact answers where the field is constant in the unit, the radial trend of reference 1.4, and
counting via by via over many lots. */
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "factory/yield_results.h"

static size_t samples_of(const struct tgv_run *run, double part, size_t least)
{
  const size_t n = (size_t)(part * (double)tgv_count(run->project, TGV_P_yield_samples));

  return n < least ? least : n;
}

static tgv_status find_all(const struct tgv_run *run, struct tgv_yield_study *study,
                           struct tgv_yield_findings *f)
{
  const struct tgv_yield_options options = {.panels = (size_t)tgv_count(run->project, TGV_P_yield_panels),
                                            .samples = samples_of(run, 0.05, 400),
                                            .cell = tgv_yield_cell(run->project, &run->panel)};

  TGV_TRY(tgv_yield_study_init(study, run->project, run->flow, &options));
  TGV_TRY(tgv_response_check(&study->source, study->ensemble, samples_of(run, 0.1, 400), &f->check));
  f->marginal = tgv_allocate(study->model->base_kinds, sizeof *f->marginal);
  tgv_marginals_find(&study->source, study->full, samples_of(run, 0.1, 400), f->marginal);
  tgv_yield_scalars(f);
  tgv_yield_tables(f);
  return TGV_OK;
}

static tgv_status panel(struct tgv_run *run)
{
  struct tgv_yield_study    study;
  struct tgv_yield_findings f = {
      .run = run, .study = &study, .confidence = tgv_real(run->project, TGV_P_yield_confidence)};
  tgv_status_code status = find_all(run, &study, &f);

  free(f.marginal);
  tgv_yield_study_release(&study);
  return status;
}

const struct tgv_stage tgv_stage_yield = {
    .name = "yield",
    .title = "Yield of units and panels over lots, and what limits it",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_project, TGV_S_core, TGV_S_glass_blank, TGV_S_laser_drilling,
                             TGV_S_wet_etching, TGV_S_variation, TGV_S_defects, TGV_S_yield),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_taper, TGV_C_thickness,
                         TGV_C_position_error),
    .writes =
        TGV_COLUMNS(TGV_C_unit_yield, TGV_C_unit_yield_independent, TGV_C_unit_loss,
                    TGV_C_via_fail_probability, TGV_C_via_kill_probability, TGV_C_fatal_events,
                    TGV_C_clustering_alpha, TGV_C_panel_good_units, TGV_C_panel_yield, TGV_C_response_error),
    .chosen_by = TGV_P_END,
    .panel = panel,
};
