/* What the sensitivity analysis found, as scalars, tables and bars. */
#ifndef TGV_FACTORY_SENSITIVITY_REPORT_H
#define TGV_FACTORY_SENSITIVITY_REPORT_H

#include "factory/sensitivity_indices.h"
#include "factory/sensitivity_units.h"

/** How the indices were found. Their bars are the data "sobol_OUTPUT". */
struct tgv_indices_words {
  const char *method, *valid, *error;
};
void tgv_sensitivity_report_indices(struct tgv_result *r, const struct tgv_variation *v,
                                    const struct tgv_indices *x, const struct tgv_indices_words *words);

/** Costs and gains with the table "sensitivity" and the bars "units". `loss` are the indices of the loss of a unit. */
void tgv_sensitivity_report_units(struct tgv_result *r, const struct tgv_variation *v,
                                  const struct tgv_unit_costs *c, const struct tgv_indices *loss, double cut);

#endif
