/* The response of a kind of via: the probability that it fails, by cause, as a fast function of the correlated part of its
   inputs. The nugget has been averaged out by importance sampling at a designed set of points. */
#ifndef TGV_FACTORY_YIELD_RESPONSE_H
#define TGV_FACTORY_YIELD_RESPONSE_H

#include "factory/via_limits.h"
#include "solver/importance_sampling.h"

/** Places of vias of the kind on the panel, [n][2]: where the response will be asked for. */
struct tgv_via_places {
  size_t n;
  const double (*at)[2];
};

struct tgv_response_plan {
  struct tgv_via_places places;
  size_t                samples; /* of each importance-sampling estimate of the design */
  struct tgv_random_key key;
};

/** How a cause came out. `least`: smallest reliability index reached within 8 standard deviations of the correlated part; above
    TGV_BETA_NEGLIGIBLE the cause is left out. */
struct tgv_response_cause {
  bool   used, exact; /* exact: no nugget moves the margin, the via fails or not */
  size_t points, features;
  double least, residual; /* residual: root mean square of ln(p / fit) over the points */
};
#define TGV_BETA_NEGLIGIBLE 8.3 /* Phi(-8.3) = 5e-17 */

struct tgv_response;

/** Borrows l and v. TGV_SOLVER if a fit cannot be made. */
tgv_status tgv_response_new(const struct tgv_via_limits *l, const struct tgv_variation *v,
                            const struct tgv_response_plan *plan, struct tgv_response **out);
void       tgv_response_free(struct tgv_response *r);
const struct tgv_response_cause *tgv_response_cause_info(const struct tgv_response *r, size_t k);
const struct tgv_via_limits     *tgv_response_limits(const struct tgv_response *r);

/** The margin of cause k at which it has the index beta, in the middle of the correlated parts; k must be used. 0 for an exact one. */
double tgv_response_margin(const struct tgv_response *r, size_t k, double beta);

/** For the vias of b, whose inputs hold the correlated part, with x, y and n: any[] the probability to fail, share[k][] the part of
    it that belongs to cause k of the limits: where two causes are violated at once each gets half, but a closed via is closed and
    nothing else. The shares add up to any. */
void tgv_response_evaluate(const struct tgv_response *r, struct tgv_block *b, double *any,
                           double (*share)[TGV_BLOCK]);

/** The same at one place without the fit, by importance sampling of about n samples; what the fit stands on. With a focus on
    one cause the samples are drawn for that one, or lines if they do, and only p and error of that cause are set; SIZE_MAX: for all. Only causes that a nugget moves. */
struct tgv_response_sampling {
  size_t                   samples, focus;
  struct tgv_sample_source source;
};
void tgv_response_direct(struct tgv_via_point *at, const struct tgv_response_sampling *how,
                         struct tgv_importance *out);

#endif
