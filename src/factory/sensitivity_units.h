/* What the spread of each input costs in good units, and what a smaller spread would buy. */
#ifndef TGV_FACTORY_SENSITIVITY_UNITS_H
#define TGV_FACTORY_SENSITIVITY_UNITS_H

#include "factory/yield_study.h"
#include "model/run.h"

/** Good units per panel, with the interval of the confidence of the yield. */
struct tgv_units_change {
  double value, low, high;
};

struct tgv_unit_costs {
  size_t                  inputs, panels;
  double                  units;     /* of a panel */
  struct tgv_units_change good;      /* as it is */
  double                  fit_error; /* standard error of good units that stems from the responses */
  struct tgv_units_change cost[TGV_INPUT_MAX], bought[TGV_INPUT_MAX];
};

/** Panels of the ensemble that the analysis can afford. */
size_t tgv_unit_costs_panels(const struct tgv_run *run, size_t inputs, double cell);
/** Samples of each estimate for the responses of a study that this analysis starts from. */
size_t tgv_unit_costs_samples(const struct tgv_run *run);

/** The study has been made with these panels and samples. TGV_SOLVER if a fit fails, TGV_INTERRUPTED. */
tgv_status tgv_unit_costs_find(const struct tgv_run *run, const struct tgv_yield_study *study,
                               struct tgv_unit_costs *out);

#endif
