/* What the stage yield says: scalars, tables, layers. */
#ifndef TGV_FACTORY_YIELD_RESULTS_H
#define TGV_FACTORY_YIELD_RESULTS_H

#include "factory/yield_check.h"
#include "factory/yield_study.h"
#include "model/run.h"

struct tgv_yield_findings {
  const struct tgv_run         *run;
  const struct tgv_yield_study *study;
  struct tgv_response_check     check;
  struct tgv_marginal          *marginal; /* [base kind] */
  double                        confidence;
};

/** An interval for a quantity that cannot be negative, symmetric in its logarithm, with Student's t. */
struct tgv_interval {
  double value, low, high;
};
struct tgv_interval tgv_interval_log(struct tgv_estimate e, double confidence);
/** The same for a probability: nothing above 1. */
struct tgv_interval tgv_interval_probability(struct tgv_estimate e, double confidence);
/** Mean over the panels of values[r], divided by `by`, with its interval; a probability. */
struct tgv_interval tgv_interval_mean(const struct tgv_yield_findings *f, const double *values, double by);

/** Of a cause of enum tgv_cause, or TGV_LOSS_TTV: its name, meaning, and the step of the line it belongs to. */
const char *tgv_loss_name(int loss);
const char *tgv_loss_help(int loss);
const char *tgv_loss_step(int loss);

void tgv_yield_scalars(const struct tgv_yield_findings *f);
void tgv_yield_tables(const struct tgv_yield_findings *f);

#endif
