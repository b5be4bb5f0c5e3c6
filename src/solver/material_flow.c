/* Plasticity with backstresses, creep, or both: two scalar equations, see the page of solver/material. */
#include <string.h>

#include "solver/material_inside.h"

enum { ROUNDS = 200 };

/* the parameters at the temperature of the point */
struct law {
  double yield, hardening, Q, b;
  size_t backstresses;
  double C[TGV_BACKSTRESSES], gamma[TGV_BACKSTRESSES];
  bool   yields, creeps;
  double ln_rate, n; /* creep strain of the step is exp(ln_rate) q^n */
};

/* everything that follows from dp and a = 1 + 3 G dc / q, with its derivatives */
struct point {
  double dp, a, over;               /* over = a - 1 */
  double Xbar[6], w[6], n[6], s[6]; /* n = w / W */
  double W, beta, phi, q, kappa;    /* kappa = 1 - 3 G dp / W */
  double Xbar_p[6], s_p[6], s_a[6]; /* d/d dp, d/d a */
  double phi_p, phi_a, q_p, q_a;
};

static struct law law_at(const struct tgv_return *r)
{
  const struct tgv_material *m = r->material;
  const double               T = r->temperature;
  struct law                 l = {.yields = m->yield.n > 0, .backstresses = m->backstresses, .n = m->power.n};

  l.yield = tgv_temperature_value(&m->yield, T);
  l.hardening = tgv_temperature_value(&m->hardening, T);
  l.Q = tgv_temperature_value(&m->voce_Q, T);
  l.b = tgv_temperature_value(&m->voce_b, T);
  for (size_t i = 0; i < l.backstresses; i++) {
    l.C[i] = tgv_temperature_value(&m->C[i], T);
    l.gamma[i] = tgv_temperature_value(&m->gamma[i], T);
  }
  l.creeps = m->creep && m->power.A > 0 && r->time > r->time0;
  if (l.creeps) {
    const double k = m->creep == TGV_CREEP_TIME_HARDENING ? 1 + m->power.m : 1;

    l.ln_rate = log(m->power.A) - m->power.Q / T + log((pow(r->time, k) - pow(r->time0, k)) / k);
  }
  return l;
}

static double yield_at(const struct law *l, double p)
{
  return l->yield + l->hardening * p - l->Q * expm1(-l->b * p);
}

static double yield_slope(const struct law *l, double p)
{
  return l->hardening + l->Q * l->b * exp(-l->b * p);
}

/* Xbar, beta, w, W and phi; returns d(phi)/d(dp) */
static double evaluate(const struct tgv_return *r, const struct law *l, struct point *x)
{
  const double G = r->G;
  double       beta_p = 0, W_p;

  memset(x->Xbar, 0, sizeof x->Xbar);
  memset(x->Xbar_p, 0, sizeof x->Xbar_p);
  x->beta = 0;
  for (size_t i = 0; i < l->backstresses; i++) {
    const double d = 1 / (1 + l->gamma[i] * x->dp), *alpha = r->before + TGV_STATE_LAW + 6 * i;

    for (int k = 0; k < 6; k++) {
      const double X = l->C[i] * alpha[k] * d / 1.5;

      x->Xbar[k] += X;
      x->Xbar_p[k] -= X * l->gamma[i] * d;
    }
    x->beta += l->C[i] * x->dp * d;
    beta_p += l->C[i] * d * d;
  }
  for (int k = 0; k < 6; k++) x->w[k] = r->trial[k] - x->a * x->Xbar[k];
  x->W = tgv_tensor_mises(x->w);
  for (int k = 0; k < 6; k++) x->n[k] = x->W > 0 ? x->w[k] / x->W : 0;
  x->phi = (x->W - 3 * G * x->dp) / x->a - x->beta;
  W_p = -1.5 * x->a * tgv_tensor_dot(x->n, x->Xbar_p);
  return x->phi_p = (W_p - 3 * G) / x->a - beta_p;
}

/* s, q and what changes them */
static void differentiate(const struct tgv_return *r, struct point *x)
{
  const double g = x->W > 0 ? 3 * r->G / x->W : 0, a = x->a;
  const double W_p = -1.5 * a * tgv_tensor_dot(x->n, x->Xbar_p), W_a = -1.5 * tgv_tensor_dot(x->n, x->Xbar);

  x->kappa = 1 - g * x->dp;
  for (int k = 0; k < 6; k++) {
    x->s[k] = x->w[k] / a * x->kappa + x->Xbar[k];
    x->s_p[k] = -x->Xbar_p[k] * x->kappa +
                x->n[k] / a * 3 * r->G * (x->dp * W_p / (x->W > 0 ? x->W : 1) - 1) + x->Xbar_p[k];
    x->s_a[k] = -x->Xbar[k] * x->kappa / a - x->w[k] * x->kappa / (a * a) + x->n[k] / a * g * x->dp * W_a;
  }
  x->q = tgv_tensor_mises(x->s);
  x->q_p = x->q > 0 ? 1.5 * tgv_tensor_dot(x->s, x->s_p) / x->q : 0;
  x->q_a = x->q > 0 ? 1.5 * tgv_tensor_dot(x->s, x->s_a) / x->q : 0;
  x->phi_a = W_a / a - (x->W - 3 * r->G * x->dp) / (a * a);
}

/* dp for a given a: phi = yield; 0 below the yield stress */
static tgv_status solve_plastic(const struct tgv_return *r, const struct law *l, struct point *x)
{
  const double p0 = r->before[TGV_STATE_PLASTIC];
  double       low = 0, high, trial, tolerance;

  x->dp = 0;
  evaluate(r, l, x);
  trial = x->phi - yield_at(l, p0);
  tolerance = 1e-14 * (x->W / x->a + yield_at(l, p0)); /* tolerance */
  if (!l->yields || trial <= 0) return TGV_OK;
  high = (tgv_tensor_mises(r->trial) + x->a * tgv_tensor_mises(x->Xbar)) / (3 * r->G);
  x->dp = fmin(trial / (3 * r->G / x->a + yield_slope(l, p0) + x->beta), high);
  for (int k = 0; k < ROUNDS; k++) {
    const double slope = evaluate(r, l, x) - yield_slope(l, p0 + x->dp);
    const double residual = x->phi - yield_at(l, p0 + x->dp);
    double       next = x->dp - residual / slope;

    if (fabs(residual) <= tolerance) return TGV_OK;
    if (residual > 0)
      low = x->dp;
    else
      high = x->dp;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (next == x->dp || high - low <= 4e-16 * high) return TGV_OK;
    x->dp = next;
  }
  return tgv_fail(TGV_SOLVER, "the plastic strain increment was not found in %d rounds: between %g and %g",
                  ROUNDS, low, high);
}

/* the plastic strain follows a */
static double plastic_slope(const struct law *l, const struct tgv_return *r, const struct point *x)
{
  return x->phi_p - yield_slope(l, r->before[TGV_STATE_PLASTIC] + x->dp);
}

/* with z = -ln(a - 1): ln of the creep strain that elasticity leaves room for, less ln of what creep gives */
static tgv_status creep_residual(const struct tgv_return *r, const struct law *l, double z, struct point *x,
                                 double result[2])
{
  const double over = exp(-z);
  double       q_a;

  x->a = 1 + over, x->over = over;
  TGV_TRY(solve_plastic(r, l, x));
  differentiate(r, x);
  q_a = x->q_a;
  if (x->dp > 0) q_a -= x->q_p * x->phi_a / plastic_slope(l, r, x);
  result[0] = -z + (1 - l->n) * log(x->q) - log(3 * r->G) - l->ln_rate;
  result[1] = -1 - (1 - l->n) / x->q * q_a * over;
  return TGV_OK;
}

static tgv_status solve_both(const struct tgv_return *r, const struct law *l, struct point *x)
{
  double low = -690, high = 690, z = 0, f[2]; /* a - 1 from 1e-300 to 1e300 */

  for (int k = 0; k < ROUNDS; k++) {
    double next;

    TGV_TRY(creep_residual(r, l, z, x, f));
    next = z - f[0] / f[1];
    if (fabs(f[0]) <= 1e-13) return TGV_OK;
    if (f[0] > 0)
      low = z;
    else
      high = z;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (high - low <= 1e-14 * (1 + fabs(z)) || next == z) return TGV_OK;
    z = next;
  }
  return tgv_fail(TGV_SOLVER, "the creep strain increment was not found in %d rounds", ROUNDS);
}

static void store(struct tgv_return *r, const struct law *l, const struct point *x)
{
  const double dc = l->creeps && x->q > 0 ? x->over * x->q / (3 * r->G) : 0;

  for (int k = 0; k < 6; k++) {
    r->deviator[k] = x->s[k];
    r->flow[k] = 1.5 * x->dp * x->n[k] + (x->q > 0 ? 1.5 * dc * x->s[k] / x->q : 0);
  }
  r->after[TGV_STATE_PLASTIC] += x->dp;
  r->after[TGV_STATE_CREEP] += dc;
  for (size_t i = 0; i < l->backstresses; i++)
    for (size_t k = 0; k < 6; k++) {
      double *alpha = r->after + TGV_STATE_LAW + 6 * i + k;

      *alpha = (*alpha + 1.5 * x->dp * x->n[k]) / (1 + l->gamma[i] * x->dp);
    }
}

/* d s / d trial, at the solution */
static void linearise(struct tgv_return *r, const struct law *l, const struct point *x)
{
  const bool   plastic = x->dp > 0, creep = l->creeps && x->q > 0;
  const double along = x->W > 0 ? 3 * r->G * x->dp / (x->W * x->a) * 1.5 : 0;
  double       to_phi[6], to_creep[6], m[2][2] = {{1, 0}, {0, 1}}, determinant;

  r->scale = x->kappa / x->a;
  r->terms = 3;
  for (int k = 0; k < 6; k++) {
    const double sn = tgv_tensor_dot(x->s, x->n);

    r->left[0][k] = x->n[k], r->right[0][k] = along * x->n[k];
    to_phi[k] = 1.5 * x->n[k] / x->a;
    to_creep[k] =
        creep ? x->over * (1 - l->n) * 1.5 / (x->q * x->q) * (x->s[k] * r->scale + sn * along * x->n[k]) : 0;
  }
  if (plastic) m[0][0] = plastic_slope(l, r, x), m[0][1] = creep ? x->phi_a : 0;
  if (creep) {
    m[1][0] = plastic ? x->over * (1 - l->n) / x->q * x->q_p : 0;
    m[1][1] = 1 + x->over * (1 - l->n) / x->q * x->q_a;
  }
  determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
  for (int k = 0; k < 6; k++) {
    const double g = plastic ? to_phi[k] : 0, h = to_creep[k];

    r->left[1][k] = x->s_p[k], r->right[1][k] = -(m[1][1] * g - m[0][1] * h) / determinant;
    r->left[2][k] = x->s_a[k], r->right[2][k] = -(m[0][0] * h - m[1][0] * g) / determinant;
  }
}

tgv_status tgv_return_flow(struct tgv_return *r)
{
  struct law   l = law_at(r);
  struct point x = {.a = 1};

  TGV_TRY(solve_plastic(r, &l, &x));
  differentiate(r, &x);
  if (l.creeps && x.q > 0) TGV_TRY(solve_both(r, &l, &x));
  store(r, &l, &x);
  linearise(r, &l, &x);
  return TGV_OK;
}
