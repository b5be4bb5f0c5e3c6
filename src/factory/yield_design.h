/* The design of a response: where its fit is made, and how. Inside of the factory; see yield_response.h. */
#ifndef TGV_FACTORY_YIELD_DESIGN_H
#define TGV_FACTORY_YIELD_DESIGN_H

#include "factory/yield_fit.h"
#include "factory/yield_response.h"

enum {
  TGV_TABLE_REACH = 9,
  TGV_TABLE_STEPS = 512,
  TGV_TABLE_NODES = 2 * TGV_TABLE_REACH * TGV_TABLE_STEPS + 1
};

struct tgv_response {
  const struct tgv_via_limits *limits;
  double                       normal[TGV_TABLE_NODES]; /* Phi(-beta), beta = -9 .. 9 */
  struct tgv_fit_axes          axes;
  struct tgv_response_cause    cause[TGV_LIMIT_STATES_MAX];
  struct tgv_fit               fit[TGV_LIMIT_STATES_MAX];
};

/** Finds the axes, and on which of them each cause depends. */
void tgv_design_axes(struct tgv_response *r, const struct tgv_variation *v,
                     const struct tgv_response_plan *plan);
/** Makes table and fit of cause k. */
tgv_status tgv_design_fit(struct tgv_response *r, const struct tgv_variation *v,
                          const struct tgv_response_plan *plan, size_t k);

#endif
