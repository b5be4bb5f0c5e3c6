#include "factory/yield_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>

#include "core/text.h"

enum { VARIABLES_MAX = TGV_INPUT_MAX + 3, FEATURES_MAX = (VARIABLES_MAX + 1) * (VARIABLES_MAX + 2) / 2 };

static size_t variables(const struct tgv_fit *f)
{
  return 1 + f->axis_count + (f->place ? 1 : 0) + (f->steep ? 1 : 0);
}

size_t tgv_fit_features(const struct tgv_fit *f)
{
  const size_t n = variables(f);

  return (n + 1) * (n + 2) / 2;
}

double tgv_fit_table(const struct tgv_fit *f, double margin)
{
  size_t i = 0, end;
  double slope;

  if (f->node_count == 0) return margin;
  if (f->node_count == 1) return f->node_beta[0] + margin - f->node_margin[0];
  for (end = f->node_count - 1; end - i > 1;) {
    const size_t middle = (i + end) / 2;

    *(margin > f->node_margin[middle] ? &i : &end) = middle;
  }
  slope = (f->node_beta[i + 1] - f->node_beta[i]) / (f->node_margin[i + 1] - f->node_margin[i]);
  return f->node_beta[i] + slope * (margin - f->node_margin[i]);
}

double tgv_fit_margin(const struct tgv_fit *f, double t)
{
  for (size_t i = 0; i + 1 < f->node_count; i++) {
    const double low = f->node_beta[i], high = f->node_beta[i + 1];

    if (t <= high && high > low)
      return f->node_margin[i] +
             fmax(0, (t - low) / (high - low)) * (f->node_margin[i + 1] - f->node_margin[i]);
  }
  return f->node_count == 1 ? f->node_margin[0] + t - f->node_beta[0] : f->node_margin[f->node_count - 1];
}

static double held(double x, double limit)
{
  return x > limit ? limit : x < -limit ? -limit : x;
}

/* t is scaled to about the size of the others: the range -1.5 .. 9 becomes -1 .. 1 */
static size_t set_variables(const struct tgv_fit *f, double t, const struct tgv_fit_via *via, double *v)
{
  size_t n = 0;

  v[n++] = (held(t, 12) - 3.75) / 5.25;
  if (f->steep) v[n++] = (fmin(f->steep_high, fmax(f->steep_low, via->steep)) - 3.75) / 5.25;
  for (size_t i = 0; i < f->axis_count; i++) v[n++] = held(via->w[f->axis[i]], 6);
  if (f->place) v[n++] = via->place;
  return n;
}

double tgv_fit_beta(const struct tgv_fit *f, const struct tgv_fit_via *via)
{
  const double *theta = f->theta;
  double        t = tgv_fit_table(f, via->margin), v[VARIABLES_MAX], sum;
  size_t        n;

  if (f->feature_count == 0 || t > 12) return t;
  n = set_variables(f, t, via, v);
  sum = *theta++;
  for (size_t i = 0; i < n; i++) {
    double row = *theta++;

    for (size_t j = 0; j <= i; j++) row += *theta++ * v[j];
    sum += row * v[i];
  }
  return t + fmin(f->high, fmax(f->low, sum));
}

static void find_ranges(struct tgv_fit *f, const struct tgv_fit_point *points, size_t n)
{
  f->low = f->steep_low = INFINITY;
  f->high = f->steep_high = -INFINITY;
  for (size_t i = 0; i < n; i++) {
    const double off = points[i].beta - tgv_fit_table(f, points[i].margin);

    f->low = fmin(f->low, off - 0.05), f->high = fmax(f->high, off + 0.05);
    f->steep_low = fmin(f->steep_low, points[i].steep), f->steep_high = fmax(f->steep_high, points[i].steep);
  }
}

tgv_status tgv_fit_solve(struct tgv_fit *f, const struct tgv_fit_point *points, size_t n)
{
  const size_t                   terms = tgv_fit_features(f);
  gsl_multifit_linear_workspace *work;
  gsl_matrix                    *X, *covariance;
  gsl_vector                    *y, *weight, *theta;
  double                         v[VARIABLES_MAX], chi;
  size_t                         rank;
  int                            bad;

  f->feature_count = 0;
  if (n < 2) return TGV_OK;
  find_ranges(f, points, n);
  gsl_set_error_handler_off();
  work = gsl_multifit_linear_alloc(n > terms ? n : terms, terms);
  X = gsl_matrix_calloc(n > terms ? n : terms, terms); /* rows of zeros and weight 0 where points are few */
  y = gsl_vector_calloc(X->size1), weight = gsl_vector_calloc(X->size1), theta = gsl_vector_calloc(terms);
  covariance = gsl_matrix_calloc(terms, terms);
  for (size_t p = 0; p < n; p++) {
    const struct tgv_fit_via via = {points[p].margin, points[p].steep, points[p].place, points[p].w};
    double                  *row = gsl_matrix_ptr(X, p, 0);
    size_t                   count = set_variables(f, tgv_fit_table(f, points[p].margin), &via, v);

    *row++ = 1;
    for (size_t i = 0; i < count; i++) {
      *row++ = v[i];
      for (size_t j = 0; j <= i; j++) *row++ = v[i] * v[j];
    }
    gsl_vector_set(y, p, points[p].beta - tgv_fit_table(f, points[p].margin));
    gsl_vector_set(weight, p, points[p].weight);
  }
  bad = gsl_multifit_wlinear_tsvd(X, weight, y, 1e-4, theta, covariance, &chi, &rank, work);
  f->theta = tgv_reallocate(f->theta, terms, sizeof *f->theta);
  for (size_t i = 0; i < terms; i++) f->theta[i] = gsl_vector_get(theta, i);
  f->feature_count = terms;
  gsl_multifit_linear_free(work);
  gsl_matrix_free(X), gsl_matrix_free(covariance);
  gsl_vector_free(y), gsl_vector_free(weight), gsl_vector_free(theta);
  for (size_t i = 0; i < terms; i++) bad |= !isfinite(f->theta[i]);
  if (bad) return tgv_fail(TGV_SOLVER, "the least-squares fit of %zu points by %zu terms failed", n, terms);
  return TGV_OK;
}

void tgv_fit_release(struct tgv_fit *f)
{
  free(f->theta);
  memset(f, 0, sizeof *f);
}
