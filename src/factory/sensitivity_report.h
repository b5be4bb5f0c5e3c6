/* What the sensitivity analysis found, as scalars, tables and bars. */
#ifndef TGV_FACTORY_SENSITIVITY_REPORT_H
#define TGV_FACTORY_SENSITIVITY_REPORT_H

#include "factory/sensitivity_indices.h"
#include "model/run.h"

/** Where an analysis of indices is shown: its data is "sobol" or "sobol_OUTPUT". */
struct tgv_indices_words {
  const char *method, *valid, *error;
};
void tgv_sensitivity_report_indices(struct tgv_result *r, const struct tgv_variation *v,
                                    const struct tgv_indices *x, const struct tgv_indices_words *words);

#endif
