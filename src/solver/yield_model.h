/* Yield models: the probability that a unit has no killing defect when its mean number of defects varies from
   unit to unit. Named models in closed form, and the one mixture integral that holds them all. Beside them
   what goes with a count of failures: redundancy, common cause, binomial intervals, estimates of clustering.
 */
#ifndef TGV_SOLVER_YIELD_MODEL_H
#define TGV_SOLVER_YIELD_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/** The distribution of x = (defect rate of a unit) / (mean rate). `shape` in brackets, not used by the
 * others. */
enum tgv_yield_model {
  TGV_YIELD_POISSON,           /* x = 1 */
  TGV_YIELD_MURPHY,            /* triangle on 0..2 */
  TGV_YIELD_RECTANGULAR,       /* uniform on 0..2 */
  TGV_YIELD_SEEDS,             /* exponential */
  TGV_YIELD_SEEDS_ROOT,        /* exp(-sqrt(lambda)), empirical; as a mixture: Levy, of infinite mean */
  TGV_YIELD_BOSE_EINSTEIN,     /* n critical levels, each exponential [n] */
  TGV_YIELD_NEGATIVE_BINOMIAL, /* gamma of mean 1 (Stapper) [alpha] */
  TGV_YIELD_LOGNORMAL,         /* lognormal of mean 1 [sigma of ln x] */
  TGV_YIELD_MODEL_COUNT
};
const char *tgv_yield_model_name(enum tgv_yield_model m);

/** Y(lambda) = E exp(-lambda x) in closed form; the lognormal, which has none, by the trapezoidal rule over
   ln x. lambda >= 0; shape > 0 where the model has one (INFINITY: no spread, Poisson). */
double tgv_yield_closed(enum tgv_yield_model m, double shape, double lambda);

/** The same by adaptive quadrature of the density of ln x (relative error below 1e-9; TGV_SOLVER if it is not
 * reached). */
tgv_status tgv_yield_mixture(enum tgv_yield_model m, double shape, double lambda, double *yield);
/** Any density f of ln x on lo..hi (may be infinite): Y = integral of exp(-lambda e^t) f(t) dt. */
tgv_status tgv_yield_mixture_of(double (*f)(double t, const void *context), const void *context, double lo,
                                double hi, double lambda, double *yield);

/** Neyman type A: Poisson(clusters) clusters per unit of Poisson(members) defects each; probability of none.
 */
double tgv_yield_neyman(double clusters, double members);

/** ln Y of n items that fail independently with probability p. */
double tgv_yield_log(double n, double p);
/** Probability that fewer than k of n independent items are good, each failing with probability p. 1 <= k <=
 * n. */
double tgv_fail_k_of_n(unsigned k, unsigned n, double p);
/** The same when a fraction beta of p is a cause common to all items (beta-factor model): beta p + P((1 -
 * beta) p). */
double tgv_fail_common_cause(unsigned k, unsigned n, double p, double beta);
/** Critical area over area for shorts of parallel lines: defect sizes with density x/x0^2 below x0 and
   x0^2/x^3 above; x0 > 0 (solver/critical_area.h). Opens: swap width and space. Lengths in one unit. */
double tgv_critical_area_lines(double width, double space, double x0);

/** Clustering parameter of a negative binomial with mean and variance of the number of defects per unit;
    INFINITY if the variance is not above the mean. */
double tgv_alpha_moments(double mean, double variance);
/** Window method: Y_i, the yield of windows of size[i] units, fitted to (1 + size lambda/alpha)^-alpha by
   least squares. n >= 2. rms: root of the mean squared residual. TGV_SOLVER if there is nothing to fit (all 0
   or all 1). */
struct tgv_window_fit {
  double lambda, alpha, rms; /* alpha 1e6 stands for "no clustering seen" */
};
tgv_status tgv_alpha_windows(const double *size, const double *yield, size_t n, struct tgv_window_fit *out);

/** Two-sided interval of a probability from k failures in n trials (0 <= k <= n, n > 0, 0 < confidence < 1).
 */
void tgv_interval_clopper_pearson(double k, double n, double confidence, double *low, double *high);
void tgv_interval_wilson(double k, double n, double confidence, double *low, double *high);

#endif
