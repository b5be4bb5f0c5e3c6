/** # Fits of a regime model

## Model
Decision functions and outputs are sums of products of normalised Legendre polynomials of the scaled inputs,
$f(u) = \sum_\alpha c_\alpha \prod_j \sqrt{2 \alpha_j + 1} P_{\alpha_j}(u_j)$, of total degree $p$.

An output is fitted by least squares with the ridge $n \rho \sum_\alpha 4^{|\alpha| - 1} c_\alpha^2$, which costs higher degrees more
and the mean nothing. $p$ and $\rho$ are those with the least leave-one-out error, which is exact without fitting again,
$r_i / (1 - h_i)$, with the residual $r_i$ and the leverage $h_i = \phi_i^T A^{-1} \phi_i$.

A boundary between two sets of regimes is a logistic regression, $P(\text{above}) = 1 / (1 + e^{-f})$, with the same ridge, solved by Newton's
method. $p$ and $\rho$ are those with the largest leave-one-out likelihood, in the approximation of one Newton step,
$f_i - h_i (t_i - p_i) / (1 - w_i h_i)$, $w = p (1 - p)$.

## Valid for
Fewer terms than rows: the degree is limited to 0.8 rows.

## Neglects
Dependence between outputs.

## Source
Leave-one-out by leverages: G. H. Golub, M. Heath, G. Wahba, Technometrics 21 (1979) 215; of the logistic regression: D. Pregibon,
Ann. Stat. 9 (1981) 705. Plain sums in a fixed order, so that the fit has the same bits on every machine; BLAS libraries do not promise
that.

## Verified by
tests/unit/test_regime_model.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clones.h"
#include "core/text.h"
#include "solver/regime_inside.h"

static const double ridges[] = {1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1};
enum { RIDGES = sizeof ridges / sizeof *ridges, FIRST_OF_SIDES = 2, STEPS = 40 };

/* A linear system of up to REGIME_TERMS_MAX unknowns: the lower triangle, and its factor in its place. */
struct normal {
  size_t m;
  double A[REGIME_TERMS_MAX][REGIME_TERMS_MAX];
};

TGV_CLONES static void add_outer(struct normal *s, const double *phi, double weight)
{
  for (size_t j = 0; j < s->m; j++) {
    const double w = weight * phi[j];
    double      *row = s->A[j];

    for (size_t k = 0; k <= j; k++) row[k] += w * phi[k];
  }
}

static void add_ridge(struct normal *s, const struct regime_basis *b, double ridge)
{
  for (size_t j = 1; j < s->m; j++) s->A[j][j] += ridge * ldexp(1, 2 * ((int)b->order[j] - 1));
}

/* Cholesky factor by rows; a pivot that rounding has taken below zero is held, which freezes its unknown */
TGV_CLONES static void factor(struct normal *s)
{
  for (size_t j = 0; j < s->m; j++) {
    double *row = s->A[j];

    for (size_t k = 0; k <= j; k++) {
      const double *other = s->A[k];
      double        lane[8] = {0}, sum = row[k];
      size_t        l = 0;

      for (; l + 8 <= k; l += 8)
        for (size_t i = 0; i < 8; i++) lane[i] += row[l + i] * other[l + i];
      for (; l < k; l++) lane[0] += row[l] * other[l];
      for (size_t i = 0; i < 8; i++) sum -= lane[i];
      row[k] = k < j ? sum / other[k] : sqrt(sum > 1e-14 * row[j] ? sum : 1e30);
    }
  }
}

static void forward(const struct normal *s, double *x)
{
  for (size_t j = 0; j < s->m; j++) {
    double sum = x[j];

    for (size_t k = 0; k < j; k++) sum -= s->A[j][k] * x[k];
    x[j] = sum / s->A[j][j];
  }
}

static void backward(const struct normal *s, double *x)
{
  for (size_t j = s->m; j-- > 0;) {
    const double v = x[j] /= s->A[j][j];

    for (size_t k = 0; k < j; k++) x[k] -= s->A[j][k] * v;
  }
}

/* phi^T A^-1 phi */
static double leverage(const struct normal *s, const double *phi)
{
  double x[REGIME_TERMS_MAX], sum = 0;

  memcpy(x, phi, s->m * sizeof *x);
  forward(s, x);
  for (size_t j = 0; j < s->m; j++) sum += x[j] * x[j];
  return sum;
}

static double dot(const double *a, const double *b, size_t n)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

double tgv_regime_fit_at(const struct regime_fit *f, const double *phi)
{
  return dot(f->c, phi, f->terms);
}

static size_t highest(const struct regime_rows_view *v)
{
  return tgv_regime_basis_degree(v->basis, (size_t)(0.8 * (double)v->n));
}

/* ---- values */

static void solve_values(const struct regime_rows_view *v, const struct normal *plain, const double *y,
                         struct regime_fit *f, struct normal *work)
{
  memcpy(work, plain, sizeof *work);
  add_ridge(work, v->basis, f->ridge * (double)v->n);
  factor(work);
  memset(f->c, 0, sizeof f->c);
  for (size_t i = 0; i < v->n; i++)
    for (size_t j = 0; j < f->terms; j++) f->c[j] += v->phi[i][j] * y[i];
  forward(work, f->c);
  backward(work, f->c);
}

static double left_out_error(const struct regime_rows_view *v, const double *y, const struct regime_fit *f,
                             const struct normal *work)
{
  double sum = 0;

  for (size_t i = 0; i < v->n; i++) {
    const double h = leverage(work, v->phi[i]);
    const double r = (y[i] - tgv_regime_fit_at(f, v->phi[i])) / fmax(1 - h, 1e-6);

    sum += r * r;
  }
  return sum;
}

static void gather(const struct regime_rows_view *v, struct normal *s, size_t terms)
{
  memset(s, 0, sizeof *s);
  s->m = terms;
  for (size_t i = 0; i < v->n; i++) add_outer(s, v->phi[i], 1);
}

void tgv_regime_fit_values(const struct regime_rows_view *v, const double *y, const struct regime_fit *as,
                           struct regime_fit *out)
{
  struct normal *plain = tgv_allocate(2, sizeof *plain), *work = plain + 1;
  double         least = INFINITY;

  memset(out, 0, sizeof *out);
  if (as) {
    out->degree = as->degree, out->terms = as->terms, out->ridge = as->ridge;
    gather(v, plain, out->terms);
    solve_values(v, plain, y, out, work);
  } else {
    for (size_t p = 0; p <= highest(v); p++) {
      gather(v, plain, v->basis->upto[p]);
      for (size_t k = 0; k < (p ? RIDGES : 1); k++) {
        struct regime_fit f = {.degree = p, .terms = plain->m, .ridge = ridges[k]};
        double            error;

        solve_values(v, plain, y, &f, work);
        error = left_out_error(v, y, &f, work);
        if (error < least * (1 - 1e-9)) least = error, *out = f;
      }
    }
  }
  free(plain);
}

/* ---- sides */

static double chance(double f)
{
  return 1 / (1 + exp(-f));
}

/* minus the log-likelihood of side t at f, without overflow */
static double loss(double f, double t)
{
  return fmax(f, 0) - f * t + log1p(exp(-fabs(f)));
}

static double penalty(const struct regime_rows_view *v, const struct regime_fit *f)
{
  double sum = 0;

  for (size_t j = 1; j < f->terms; j++)
    sum += f->c[j] * f->c[j] * ldexp(1, 2 * ((int)v->basis->order[j] - 1));
  return 0.5 * f->ridge * (double)v->n * sum;
}

static double objective(const struct regime_rows_view *v, const double *side, const struct regime_fit *f)
{
  double sum = penalty(v, f);

  for (size_t i = 0; i < v->n; i++) sum += loss(tgv_regime_fit_at(f, v->phi[i]), side[i]);
  return sum;
}

/* gradient and Hessian at f, the latter factored */
static void linearise(const struct regime_rows_view *v, const double *side, const struct regime_fit *f,
                      double *gradient, struct normal *work)
{
  memset(work, 0, sizeof *work);
  work->m = f->terms;
  memset(gradient, 0, f->terms * sizeof *gradient);
  for (size_t i = 0; i < v->n; i++) {
    const double p = chance(tgv_regime_fit_at(f, v->phi[i]));

    for (size_t j = 0; j < f->terms; j++) gradient[j] += (p - side[i]) * v->phi[i][j];
    add_outer(work, v->phi[i], fmax(p * (1 - p), 1e-10));
  }
  for (size_t j = 1; j < f->terms; j++)
    gradient[j] += f->ridge * (double)v->n * ldexp(1, 2 * ((int)v->basis->order[j] - 1)) * f->c[j];
  add_ridge(work, v->basis, f->ridge * (double)v->n);
  factor(work);
}

/* Newton's method from what stands in f; leaves the factored Hessian in `work` */
static void solve_sides(const struct regime_rows_view *v, const double *side, struct regime_fit *f,
                        struct normal *work)
{
  double now = objective(v, side, f);

  for (int step = 0; step < STEPS; step++) {
    double            d[REGIME_TERMS_MAX], part = 1, next = now;
    struct regime_fit trial = *f;

    linearise(v, side, f, d, work);
    forward(work, d);
    backward(work, d);
    for (int halving = 0; halving < 30; halving++, part *= 0.5) {
      for (size_t j = 0; j < f->terms; j++) trial.c[j] = f->c[j] - part * d[j];
      next = objective(v, side, &trial);
      if (next <= now) break;
    }
    if (!(next < now - 1e-9 * fabs(now))) break;
    now = next;
    *f = trial;
  }
}

static double left_out_loss(const struct regime_rows_view *v, const double *side, const struct regime_fit *f,
                            const struct normal *work)
{
  double sum = 0;

  for (size_t i = 0; i < v->n; i++) {
    const double at = tgv_regime_fit_at(f, v->phi[i]), p = chance(at), h = leverage(work, v->phi[i]);
    const double without = at - h * (side[i] - p) / fmax(1 - p * (1 - p) * h, 1e-3);

    sum += fmin(loss(without, side[i]), 20);
  }
  return sum;
}

void tgv_regime_fit_sides(const struct regime_rows_view *v, const double *side, const struct regime_fit *as,
                          struct regime_fit *out)
{
  struct normal *work = tgv_allocate(1, sizeof *work);
  double         least = INFINITY;

  memset(out, 0, sizeof *out);
  if (as) {
    out->degree = as->degree, out->terms = as->terms, out->ridge = as->ridge;
    solve_sides(v, side, out, work);
  } else {
    for (size_t p = 1; p <= highest(v); p++) {
      struct regime_fit f = {.degree = p, .terms = v->basis->upto[p]};

      for (size_t k = RIDGES; k-- > FIRST_OF_SIDES;) { /* from stiff to soft, each from the one before */
        double loss_of;

        f.ridge = ridges[k];
        solve_sides(v, side, &f, work);
        loss_of = left_out_loss(v, side, &f, work);
        if (loss_of < least * (1 - 1e-3)) least = loss_of, *out = f;
      }
    }
    if (out->terms == 0) { /* too few rows for a slope */
      out->terms = 1, out->ridge = ridges[RIDGES - 1];
      solve_sides(v, side, out, work);
    }
  }
  free(work);
}
