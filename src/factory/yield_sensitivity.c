/** # Sensitivity of the yield

### Model
For every input that varies, its Sobol indices (first order and total) for the geometry of a random via of the largest group of
signal vias (of the largest group, if there is none): factory/sensitivity_via.c.

### Valid for
The variation as it is given: an input that is said not to vary has no index.

### Neglects
Defects.

### Source
A. Saltelli et al., Comput. Phys. Commun. 181 (2010) 259.

### Verified by
tests/unit/test_yield_sensitivity.c. */
#include <math.h>
#include <string.h>

#include "factory/sensitivity_report.h"

enum { ANALYSIS_LOT = 2000001 }; /* no lot of the project or of the yield ensemble has its random numbers */

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

static tgv_status analyse_via(struct tgv_run *run, const struct tgv_variation *v)
{
  static const struct tgv_indices_words words = {
      .method =
          "Saltelli's design on shifted Sobol sequences, exact physics of a random via of the largest signal "
          "group; all components of an input are one group",
      .valid = "any physics; inputs held at the ranges of their keys",
      .error = "Student interval from 16 independent shifts"};
  const struct tgv_project *p = run->project;
  struct tgv_indices_source source = {
      .flow = run->flow,
      .variation = v,
      .points = (size_t)tgv_count(p, TGV_P_sensitivity_samples),
      .confidence = tgv_real(p, TGV_P_yield_confidence),
      .key = tgv_random_key_make((uint64_t)tgv_count(p, TGV_P_project_seed), ANALYSIS_LOT, 0)};
  const struct tgv_via_group *group = largest_group(&run->package);
  struct tgv_indices          x;

  if (!group) return TGV_OK;
  TGV_TRY_NOTE(tgv_indices_of_via(&source, group, &x), "finding the sensitivity of the vias");
  tgv_sensitivity_report_indices(run->current, v, &x, &words);
  tgv_indices_release(&x);
  return TGV_OK;
}

static tgv_status analyse(struct tgv_run *run)
{
  const enum tgv_section *before = tgv_project_allow(NULL); /* inputs belong to any step of the flow */
  struct tgv_variation   *v;
  tgv_status_code         status = tgv_variation_new(run->project, &run->panel, &v);

  if (!status) {
    if (tgv_variation_count(v) > 0) status = analyse_via(run, v);
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
    .sections = TGV_SECTIONS(TGV_S_project, TGV_S_variation, TGV_S_defects, TGV_S_yield, TGV_S_sensitivity),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_thickness, TGV_C_position_error),
    .writes = TGV_COLUMNS(TGV_C_sobol_first, TGV_C_sobol_total),
    .chosen_by = TGV_P_END,
    .panel = analyse,
};
