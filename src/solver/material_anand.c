/* Anand's law, backward Euler: the flow stress as a function of the creep strain of the step, see the page of solver/material. */
#include "solver/material_inside.h"

enum { ROUNDS = 200 };

struct anand {
  const struct tgv_material *m;
  double rate0; /* A exp(-Q/T) times the length of the step: dc over it is dimensionless */
  double S0;
};

/* S after the step for a given dc, and dS/d(dc): S = S0 + h0 |1 - S/S*|^a sign(1 - S/S*) dc has one root between S0 and S* */
static double resistance(const struct anand *l, double dc, double *slope)
{
  const double a = l->m->anand.a, h0 = l->m->anand.h0;
  const double limit = l->m->anand.S_hat * pow(dc / l->rate0, l->m->anand.n);
  double       low = fmin(l->S0, limit), high = fmax(l->S0, limit), S = l->S0, g, away;

  for (int k = 0;; k++) {
    const double r = 1 - S / limit;
    double       residual, next;

    away = pow(fabs(r), a - 1);
    g = away * r;
    residual = S - l->S0 - h0 * g * dc;
    next = S - residual / (1 + h0 * a * away / limit * dc);
    if (residual < 0)
      low = S;
    else
      high = S;
    if (k == ROUNDS || fabs(residual) <= 1e-15 * S || high - low <= 1e-15 * high) break;
    S = next > low && next < high ? next : 0.5 * (low + high);
  }
  *slope = (h0 * g + h0 * a * away * S / limit * l->m->anand.n) / (1 + h0 * a * away / limit * dc);
  return S;
}

/* equivalent stress that flows by dc, and its derivative */
static double flow_stress(const struct anand *l, double dc, double *S, double *slope)
{
  const double m = l->m->anand.m, xi = l->m->anand.xi, fast = pow(dc / l->rate0, m);
  double       S_slope;

  *S = resistance(l, dc, &S_slope);
  *slope = S_slope / xi * asinh(fast) + *S / xi * m * fast / (dc * hypot(1, fast));
  return *S / xi * asinh(fast);
}

/* q_trial - 3 G dc = flow stress, as logarithms over z = ln(q / (q_trial - q)) */
static tgv_status solve(const struct anand *l, double trial, double stiffness, double result[4])
{
  double low = -690, high = 690, z = 0;

  for (int k = 0; k < ROUNDS; k++) {
    const double left = 1 / (1 + exp(-z)), gone = 1 / (1 + exp(z)), dc = trial * gone / stiffness;
    double       S, slope, y = flow_stress(l, dc, &S, &slope), residual, next;

    residual = log(trial * left) - log(y);
    /* d ln(left)/dz = gone; d dc/dz = -dc left */
    next = z - residual / (gone + slope / y * dc * left);
    result[0] = dc, result[1] = trial * left, result[2] = S, result[3] = slope;
    if (fabs(residual) <= 1e-13) return TGV_OK;
    if (residual < 0)
      low = z;
    else
      high = z;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (next == z || high - low <= 1e-14 * (1 + fabs(z))) return TGV_OK;
    z = next;
  }
  return tgv_fail(TGV_SOLVER, "the creep strain increment of Anand's law was not found in %d rounds", ROUNDS);
}

tgv_status tgv_return_anand(struct tgv_return *r)
{
  const struct tgv_material *m = r->material;
  const double               trial = tgv_tensor_mises(r->trial), stiffness = 3 * r->G;
  const struct anand         l = {.m = m,
                                  .rate0 = m->anand.A * exp(-m->anand.Q / r->temperature) * (r->time - r->time0),
                                  .S0 = r->before[TGV_STATE_LAW]};
  double                     found[4] = {0, trial, l.S0, INFINITY}, share, stiff;

  if (l.rate0 > 0 && trial > 0) TGV_TRY(solve(&l, trial, stiffness, found));
  share = trial > 0 ? found[1] / trial : 1;
  stiff = isinf(found[3]) ? 1 : found[3] / (stiffness + found[3]); /* d q / d q_trial */
  for (int k = 0; k < 6; k++) {
    const double n = trial > 0 ? r->trial[k] / trial : 0;

    r->deviator[k] = share * r->trial[k];
    r->flow[k] = 1.5 * found[0] * n;
    r->left[0][k] = n;
    r->right[0][k] = 1.5 * (stiff - share) * n;
  }
  r->scale = share;
  r->terms = 1;
  r->after[TGV_STATE_CREEP] += found[0];
  r->after[TGV_STATE_LAW] = found[2];
  return TGV_OK;
}
