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
  bool   probed[TGV_LIMIT_STATES_MAX][TGV_INPUT_MAX]; /* [state][nugget] it moves the margin */
  size_t probe_count, probe[TGV_INPUT_MAX];           /* nuggets that a steep cause needs */
};

#define TGV_PROBE 0.3       /* of a nugget, in standard deviations, for the local slope */
#define TGV_SLOPE_LEAST 0.1 /* of a margin, in scales per standard deviation */

/** Finds the axes, and on which of them each cause depends. */
void tgv_design_axes(struct tgv_response *r, const struct tgv_variation *v,
                     const struct tgv_response_plan *plan);
/** The local slope of a margin by the nuggets: root of the sum of squares of the central differences, but not less than the largest drop
    to one side, which is what counts at a cusp. */
struct tgv_slope {
  double square, drop;
};
void   tgv_slope_add(struct tgv_slope *s, double margin, double plus, double minus);
double tgv_slope_divide(const struct tgv_slope *s, double margin);
/** Makes table and fit of cause k. */
tgv_status tgv_design_fit(struct tgv_response *r, const struct tgv_variation *v,
                          const struct tgv_response_plan *plan, size_t k);

#endif
