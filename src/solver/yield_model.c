/** # Yield models as one mixture
 *
 * ## Model
 * A unit has on average $\lambda$ killing defects. The rate differs from unit to unit: it is $\lambda x$ with
 * a density $f(x)$ of mean 1, and given the rate the number of defects is Poisson. The yield is the Laplace
 * transform of the mixing density,
 * $$ Y(\lambda) = \int_0^\infty e^{-\lambda x} f(x)\,dx . $$
 * Delta: $e^{-\lambda}$ (Poisson). Triangle on 0..2: $((1-e^{-\lambda})/\lambda)^2$ (Murphy). Uniform on
 * 0..2: $(1-e^{-2\lambda})/(2\lambda)$. Exponential: $1/(1+\lambda)$ (Seeds). Gamma of shape $\alpha$:
 * $(1+\lambda/\alpha)^{-\alpha}$ (negative binomial, Stapper); $n$ critical levels, Bose-Einstein, are the
 * same with $\alpha = n$. Lognormal: no closed form; the integrand over $z = (\ln x + \sigma^2/2)/\sigma$ is
 * analytic and falls off as a Gaussian, so the trapezoidal rule converges exponentially. $e^{-\sqrt\lambda}$
 * is the transform of the Levy density $x^{-3/2} e^{-1/(4x)} / (2\sqrt\pi)$, whose mean is infinite: here
 * $\lambda$ is not a mean number of defects.
 *
 * The general routine integrates over $t = \ln x$ by adaptive Gauss-Kronrod, which takes the singularities of
 * the densities at 0 away.
 *
 * Redundancy: $k$ of $n$ items are needed, $P = P(\mathrm{Bin}(n,p) \ge n-k+1)$. Beta factor: $P = \beta p +
 * P((1-\beta)p)$, the sum of the two rare ways to fail.
 *
 * ## Valid for
 * $\lambda \ge 0$; the beta-factor sum for $\beta p \ll 1$ (it neglects the product of the two terms).
 *
 * ## Neglects
 * Where on the panel a unit lies: a mixture knows no place. The stage `yield` does.
 *
 * ## Source
 * B. T. Murphy, Proc. IEEE 52 (1964) 1537; R. B. Seeds, IEDM 1967; C. H. Stapper, IBM J. Res. Dev. 27 (1983)
 * 549; J. Neyman, Ann. Math. Stat. 10 (1939) 35; C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404; E.
 * B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
 *
 * ## Verified by
 * tests/unit/test_yield_model.c: the table of all models to 6 digits; closed forms against the mixture
 * integral; windows of real wafer maps (WM-811K); intervals against published digits.
 */
#include "solver/yield_model.h"

#include "solver/critical_area.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_sf_lambert.h>

static const char *const names[TGV_YIELD_MODEL_COUNT] = {
    [TGV_YIELD_POISSON] = "Poisson",
    [TGV_YIELD_MURPHY] = "Murphy (triangular)",
    [TGV_YIELD_RECTANGULAR] = "Murphy (rectangular)",
    [TGV_YIELD_SEEDS] = "Seeds (exponential)",
    [TGV_YIELD_SEEDS_ROOT] = "Seeds (root, empirical)",
    [TGV_YIELD_BOSE_EINSTEIN] = "Bose-Einstein",
    [TGV_YIELD_NEGATIVE_BINOMIAL] = "negative binomial (Stapper)",
    [TGV_YIELD_LOGNORMAL] = "lognormal",
};

const char *tgv_yield_model_name(enum tgv_yield_model m)
{
  TGV_BUG_IF(m >= TGV_YIELD_MODEL_COUNT);
  return names[m];
}

static double yield_gamma(double alpha, double lambda)
{
  return isinf(alpha) ? exp(-lambda) : exp(-alpha * log1p(lambda / alpha));
}

/* E exp(-lambda e^(sigma z - sigma^2/2)), trapezoidal rule about the peak of the integrand, which lies far below 0
   where lambda is large. The step resolves both the Gaussian and the double exponential, whose width in z is
   1/sigma. */
static double yield_lognormal(double sigma, double lambda)
{
  const double reach = 9.5;
  const double peak = -gsl_sf_lambert_W0(lambda * sigma * sigma * exp(-0.5 * sigma * sigma)) / sigma;
  const int    half = (int)ceil(reach * 8 * fmax(1, sigma));
  const double h = reach / half;
  double       sum = 0;

  if (half > 1000000) return NAN; /* sigma beyond all sense */
  for (int i = -half; i <= half; i++) {
    double z = peak + i * h;

    sum += exp(-0.5 * z * z - lambda * exp(sigma * z - 0.5 * sigma * sigma));
  }
  return sum * h / sqrt(2 * M_PI);
}

double tgv_yield_closed(enum tgv_yield_model m, double shape, double lambda)
{
  if (!(lambda >= 0)) return NAN;
  if (lambda == 0) return 1;
  switch (m) {
  case TGV_YIELD_POISSON:
    return exp(-lambda);
  case TGV_YIELD_MURPHY:
    return pow(-expm1(-lambda) / lambda, 2);
  case TGV_YIELD_RECTANGULAR:
    return -expm1(-2 * lambda) / (2 * lambda);
  case TGV_YIELD_SEEDS:
    return 1 / (1 + lambda);
  case TGV_YIELD_SEEDS_ROOT:
    return exp(-sqrt(lambda));
  case TGV_YIELD_BOSE_EINSTEIN:
  case TGV_YIELD_NEGATIVE_BINOMIAL:
    return shape > 0 ? yield_gamma(shape, lambda) : (double)NAN;
  case TGV_YIELD_LOGNORMAL:
    return shape == 0 ? exp(-lambda) : shape > 0 ? yield_lognormal(shape, lambda) : (double)NAN;
  case TGV_YIELD_MODEL_COUNT:
    break;
  }
  return NAN;
}

/* ---- the mixture: densities of t = ln x */

struct mixing {
  enum tgv_yield_model model;
  double               shape;
};

static double density(double t, const void *context)
{
  const struct mixing *c = context;
  const double         a = c->shape, x = exp(t);

  switch (c->model) {
  case TGV_YIELD_MURPHY:
    return x * (x < 1 ? x : 2 - x);
  case TGV_YIELD_RECTANGULAR:
    return 0.5 * x;
  case TGV_YIELD_SEEDS:
    return x * exp(-x);
  case TGV_YIELD_SEEDS_ROOT:
    return exp(-0.5 * t - 0.25 * exp(-t)) / (2 * sqrt(M_PI));
  case TGV_YIELD_BOSE_EINSTEIN:
  case TGV_YIELD_NEGATIVE_BINOMIAL:
    return exp(a * (log(a) + t - x) - lgamma(a));
  case TGV_YIELD_LOGNORMAL:
    return exp(-0.5 * pow(t / a + 0.5 * a, 2)) / (a * sqrt(2 * M_PI));
  default:
    return NAN;
  }
}

struct integrand {
  double (*f)(double t, const void *context);
  const void *context;
  double      lambda;
};

static double integrand(double t, void *context)
{
  const struct integrand *c = context;
  double                  f = c->f(t, c->context);

  if (!(f > 0)) return 0; /* far out a density may come as 0 times infinity */
  return c->lambda > 0 ? f * exp(-c->lambda * exp(t)) : f;
}

tgv_status tgv_yield_mixture_of(double (*f)(double t, const void *context), const void *context, double lo,
                                double hi, double lambda, double *yield)
{
  enum { INTERVALS = 2000 };
  struct integrand           c = {f, context, lambda};
  gsl_function               g = {integrand, &c};
  gsl_integration_workspace *w = gsl_integration_workspace_alloc(INTERVALS);
  double                     error = 0;
  int                        bad;

  gsl_set_error_handler_off(); /* this library checks what GSL returns; an abort would be worse */
  if (isinf(lo) && isinf(hi))
    bad = gsl_integration_qagi(&g, 0, 1e-10, INTERVALS, w, yield, &error);
  else if (isinf(lo))
    bad = gsl_integration_qagil(&g, hi, 0, 1e-10, INTERVALS, w, yield, &error);
  else if (isinf(hi))
    bad = gsl_integration_qagiu(&g, lo, 0, 1e-10, INTERVALS, w, yield, &error);
  else
    bad = gsl_integration_qags(&g, lo, hi, 0, 1e-10, INTERVALS, w, yield, &error);
  gsl_integration_workspace_free(w);
  if ((bad && !(error <= 1e-9 * fabs(*yield))) || !isfinite(*yield))
    return tgv_fail(TGV_SOLVER,
                    "the mixture integral at lambda = %g has an error of %.2g, the limit is 1e-9 of %g",
                    lambda, error, *yield);
  return TGV_OK;
}

tgv_status tgv_yield_mixture(enum tgv_yield_model m, double shape, double lambda, double *yield)
{
  const struct mixing c = {m, shape};
  double              below, above;

  if (m == TGV_YIELD_POISSON) return *yield = exp(-lambda), TGV_OK; /* a delta has no density */
  if (m != TGV_YIELD_MURPHY && m != TGV_YIELD_RECTANGULAR) {
    /* cut at the mode of the density, where the mass is */
    TGV_TRY(tgv_yield_mixture_of(density, &c, -INFINITY, 0, lambda, &below));
    TGV_TRY(tgv_yield_mixture_of(density, &c, 0, INFINITY, lambda, &above));
  } else { /* the densities have a kink at 1 and end at 2 */
    TGV_TRY(tgv_yield_mixture_of(density, &c, -INFINITY, 0, lambda, &below));
    TGV_TRY(tgv_yield_mixture_of(density, &c, 0, log(2), lambda, &above));
  }
  *yield = below + above;
  return TGV_OK;
}

double tgv_yield_neyman(double clusters, double members)
{
  return exp(clusters * expm1(-members));
}

/* ---- items, redundancy, common cause */

double tgv_yield_log(double n, double p)
{
  return n == 0 ? 0 : n * log1p(-p);
}

double tgv_fail_k_of_n(unsigned k, unsigned n, double p)
{
  TGV_BUG_IF(k < 1 || k > n);
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  if (k == n) return -expm1(tgv_yield_log(n, p));
  return gsl_cdf_binomial_Q(n - k, p, n);
}

double tgv_fail_common_cause(unsigned k, unsigned n, double p, double beta)
{
  return fmin(1, beta * p + tgv_fail_k_of_n(k, n, (1 - beta) * p));
}

double tgv_critical_area_lines(double width, double space, double x0)
{
  return tgv_critical_short_mean(&(struct tgv_lines){width, space}, x0);
}

/* ---- clustering */

double tgv_alpha_moments(double mean, double variance)
{
  return variance > mean ? mean * mean / (variance - mean) : (double)INFINITY;
}

struct windows {
  const double *size, *yield;
  size_t        n;
};

enum { LOG_MAX = 14 }; /* |ln lambda|, |ln alpha| are kept within */

static double window_misfit(const gsl_vector *v, void *context)
{
  const struct windows *w = context;
  const double          l = gsl_vector_get(v, 0), a = gsl_vector_get(v, 1);
  const double          over = fmax(0, fabs(l) - LOG_MAX) + fmax(0, fabs(a) - LOG_MAX);
  double                sum = 0;

  for (size_t i = 0; i < w->n; i++) {
    double r = yield_gamma(exp(a), w->size[i] * exp(l)) - w->yield[i];

    sum += r * r;
  }
  return sum / (double)w->n + over;
}

tgv_status tgv_alpha_windows(const double *size, const double *yield, size_t n, struct tgv_window_fit *out)
{
  struct windows              w = {size, yield, n};
  gsl_multimin_function       f = {window_misfit, 2, &w};
  gsl_multimin_fminimizer    *m;
  double                      start_data[2], step_data[2] = {0.5, 1};
  const gsl_vector_const_view step = gsl_vector_const_view_array(step_data, 2);
  const gsl_vector_const_view start = gsl_vector_const_view_array(start_data, 2);

  if (n < 2) return tgv_fail(TGV_SOLVER, "the window method needs at least 2 window sizes, got %zu", n);
  if (!(yield[0] > 0 && yield[0] < 1))
    return tgv_fail(TGV_SOLVER, "the window method needs a yield between 0 and 1, got %g", yield[0]);
  start_data[0] = log(-log(yield[0]) / size[0]);
  start_data[1] = 0;
  m = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, 2);
  gsl_multimin_fminimizer_set(m, &f, &start.vector, &step.vector);
  for (int i = 0; i < 2000 && gsl_multimin_fminimizer_size(m) > 1e-9; i++)
    if (gsl_multimin_fminimizer_iterate(m)) break;
  out->lambda = exp(gsl_vector_get(m->x, 0));
  out->alpha = fmin(1e6, exp(gsl_vector_get(m->x, 1)));
  out->rms = sqrt(m->fval);
  gsl_multimin_fminimizer_free(m);
  return TGV_OK;
}

/* ---- intervals */

/* By bisection: GSL's own inverse fails to converge for the numbers of vias of a panel. The scale is logarithmic below one
   half, so that quantiles of 1e-9 come out to all digits. */
static double beta_quantile(double P, double a, double b)
{
  double low = -750, high = 0;

  for (int i = 0; i < 100; i++) {
    double middle = 0.5 * (low + high);

    if (gsl_cdf_beta_P(exp(middle), a, b) < P)
      low = middle;
    else
      high = middle;
  }
  return exp(0.5 * (low + high));
}

void tgv_interval_clopper_pearson(double k, double n, double confidence, double *low, double *high)
{
  const double tail = 0.5 * (1 - confidence);

  *low = k > 0 ? beta_quantile(tail, k, n - k + 1) : 0;
  *high = k < n ? beta_quantile(1 - tail, k + 1, n - k) : 1;
}

void tgv_interval_wilson(double k, double n, double confidence, double *low, double *high)
{
  const double z = gsl_cdf_ugaussian_Qinv(0.5 * (1 - confidence)), p = k / n, z2 = z * z / n;
  const double centre = (p + 0.5 * z2) / (1 + z2),
               half = z * sqrt(p * (1 - p) / n + 0.25 * z2 / n) / (1 + z2);

  *low = k > 0 ? fmax(0, centre - half) : 0;
  *high = k < n ? fmin(1, centre + half) : 1;
}
