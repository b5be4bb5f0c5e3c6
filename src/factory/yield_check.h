/* Independent answers to what the ensemble says: the response against direct sampling, the fail probability of a via against a
   calculation that uses neither the response nor the ensemble. */
#ifndef TGV_FACTORY_YIELD_CHECK_H
#define TGV_FACTORY_YIELD_CHECK_H

#include "factory/yield_ensemble.h"

/** Direct sampling over the response, at places where units are lost (chosen in proportion). */
struct tgv_response_check {
  size_t places;
  double bias;    /* mean of direct / response - 1 */
  double error;   /* its standard error */
  double scatter; /* root mean square of ln(direct / response) */
  double worst;   /* ln(direct / response) that is farthest from 0 */
  double
      vital; /* mean over units of passing probability times faults: what a relative error of 1 of all p costs in units */
};
tgv_status tgv_response_check(const struct tgv_ensemble_source *s, const struct tgv_ensemble *e,
                              size_t samples, struct tgv_response_check *out);

/** Fail probability of a via of a kind, averaged over its places and all variation: first-order search and importance sampling in the
    space of all terms at once, at some places. */
struct tgv_marginal {
  size_t places;
  double p, error;                                       /* of any cause, and its standard error */
  double by[TGV_CAUSE_COUNT], by_error[TGV_CAUSE_COUNT]; /* of each cause alone */
};
/** For every undisturbed kind: out[base_kinds]. */
void tgv_marginals_find(const struct tgv_ensemble_source *s, const struct tgv_variation *full, size_t samples,
                        struct tgv_marginal *out);

/** How much of the variance that leads to a cause each input has: squared direction cosines of the design point in the space of all
    terms at the middle of the panel; they sum up to 1, or are all 0 if there is no design point. */
void tgv_cause_inputs(const struct tgv_unit_model *m, const struct tgv_variation *full, size_t kind,
                      size_t cause, double *part /* [tgv_input_count()] */);

#endif
