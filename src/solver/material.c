/** # Laws of materials at a point

## Model
Isotropic elasticity, von Mises flow, small strains. The mean stress is elastic; the deviator $s$ is returned from its trial value
$\hat s = 2 G \, \mathrm{dev}(\varepsilon - \varepsilon^{in}_0)$ by backward Euler:

$$ s = \hat s - 3 G \left( \Delta p \, \frac{s - X}{\varphi} + \Delta c \, \frac{s}{q} \right), \qquad
   X = \sum_i \tfrac23 C_i \frac{a_{i,0} + \tfrac32 \Delta p \, (s - X)/\varphi}{1 + \gamma_i \Delta p}, $$

$q$ and $\varphi$ the equivalent of $s$ and of $s - X$. With $a = 1 + 3 G \Delta c / q$, $\bar X = \sum \tfrac23 C_i a_{i,0}/(1 + \gamma_i \Delta p)$,
$\beta = \sum C_i \Delta p / (1 + \gamma_i \Delta p)$, $w = \hat s - a \bar X$ and $W$ the equivalent of $w$ both directions are known,

$$ s = \frac{w}{a} \left( 1 - \frac{3 G \Delta p}{W} \right) + \bar X, \qquad \varphi = \frac{W - 3 G \Delta p}{a} - \beta, $$

so that two scalars are left for plasticity and creep together: $\varphi = \sigma_y(p)$ and $\Delta c = \Delta t \, \dot c(q)$. The first is solved
by Newton's method within a bracket; the second in $\ln(1/(a - 1))$ with the logarithm of both sides, where its slope lies between 1 and
the stress exponent, so a step of any length converges in a few iterations. Anand's law: two scalars likewise, the flow stress as a function of
$\Delta c$ and the deformation resistance $S$ within it.

The tangent is the derivative of this update, by the implicit function theorem.

The backstress is kept as the strain $a_i$, so that a change of $C_i$ with temperature changes $X$ with it; time hardening integrates $t^m$ over the
step exactly. Creep takes its stress and its temperature from the end of the step.

## Valid for
Small strains; steps over which the temperature changes little where the parameters depend on it (first order in the step).

## Neglects
Anisotropy, damage, grain growth, large rotations.

## Source
J. C. Simo, T. J. R. Hughes, Computational Inelasticity (1998); J. L. Chaboche, Int. J. Plast. 5, 247 (1989), doi 10.1016/0749-6419(89)90015-6;
L. Anand, Int. J. Plast. 1, 213 (1985), doi 10.1016/0749-6419(85)90004-X. The return by two scalars is derived here.

## Verified by
tests/unit/test_material.c (one-element tests against closed forms and fine integration, tangents against differences), tests/unit/test_plastic_via.c. */
#include "solver/material.h"

#include <string.h>

#include "solver/material_inside.h"

struct tgv_elastic tgv_material_elastic(const struct tgv_material *m, double T)
{
  const double E = tgv_temperature_value(&m->E, T), nu = tgv_temperature_value(&m->nu, T);

  return (struct tgv_elastic){.G = E / (2 * (1 + nu)),
                              .K = E / (3 * (1 - 2 * nu)),
                              .thermal = tgv_temperature_integral(&m->cte, m->reference, T)};
}

/* ---- check */

static bool within(const struct tgv_temperature_curve *c, double low, double high)
{
  for (size_t i = 0; i < c->n; i++)
    if (!(c->value[i] >= low && c->value[i] <= high)) return false;
  return true;
}

static tgv_status check_anand(const struct tgv_material *m, const char *name)
{
  if (m->yield.n) return tgv_fail(TGV_INPUT, "%s: Anand's law has no yield stress, but one is given", name);
  if (!(m->anand.A > 0 && m->anand.xi > 0 && m->anand.S_hat > 0 && m->anand.S0 > 0))
    return tgv_fail(TGV_INPUT, "%s: A, xi, S_hat and S0 of Anand's law must be above 0", name);
  if (!(m->anand.m > 0 && m->anand.m <= 1 && m->anand.n >= 0 && m->anand.h0 >= 0 && m->anand.a >= 1))
    return tgv_fail(TGV_INPUT, "%s: Anand's law needs 0 < m <= 1, n >= 0, h0 >= 0 and a >= 1", name);
  return TGV_OK;
}

tgv_status tgv_material_check(const struct tgv_material *m, const char *name)
{
  if (!m->E.n || !within(&m->E, 1, INFINITY) || !within(&m->nu, 0, 0.4999))
    return tgv_fail(TGV_INPUT, "%s: Young's modulus must be above 0 and Poisson's ratio in 0 to 0.4999",
                    name);
  if (m->backstresses > TGV_BACKSTRESSES)
    return tgv_fail(TGV_INPUT, "%s: %zu backstresses, at most %d", name, m->backstresses, TGV_BACKSTRESSES);
  if (!within(&m->yield, 1, INFINITY) || !within(&m->hardening, 0, INFINITY) ||
      !within(&m->voce_Q, 0, INFINITY) || !within(&m->voce_b, 0, INFINITY))
    return tgv_fail(TGV_INPUT, "%s: yield stress must be above 0, hardening at least 0", name);
  for (size_t i = 0; i < m->backstresses; i++)
    if (!within(&m->C[i], 0, INFINITY) || !within(&m->gamma[i], 0, INFINITY))
      return tgv_fail(TGV_INPUT, "%s: C and gamma of backstress %zu must be at least 0", name, i + 1);
  if (m->creep == TGV_CREEP_ANAND) return check_anand(m, name);
  if (m->creep && !(m->power.A >= 0 && m->power.n >= 1 && m->power.m > -1))
    return tgv_fail(
        TGV_INPUT, "%s: creep needs A >= 0, a stress exponent of at least 1, a time exponent above -1", name);
  return TGV_OK;
}

/* ---- state */

size_t tgv_material_states(const struct tgv_material *m)
{
  return TGV_STATE_LAW + (m->creep == TGV_CREEP_ANAND ? 1 : 6 * m->backstresses);
}

void tgv_material_start(const struct tgv_material *m, size_t n, double *state)
{
  const size_t size = tgv_material_states(m);

  memset(state, 0, n * size * sizeof *state);
  for (size_t i = 0; m->creep == TGV_CREEP_ANAND && i < n; i++) state[i * size + TGV_STATE_LAW] = m->anand.S0;
}

/* ---- step */

static void add_tangent(const struct tgv_return *r, double K, double *t)
{
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < 6; j++) {
      double unit = i == j ? (i < 3 ? 1.0 : 0.5) : 0.0, sum = 0;

      if (i < 3 && j < 3) unit -= 1.0 / 3, sum = K;
      sum += 2 * r->G * r->scale * unit;
      /* of an engineering shear half goes into each of the two components that the product counts */
      for (size_t k = 0; k < r->terms; k++) sum += 2 * r->G * r->left[k][i] * r->right[k][j];
      t[6 * i + j] = sum;
    }
}

static tgv_status update_point(const struct tgv_material *m, const struct tgv_material_step *s, size_t i,
                               size_t size)
{
  const double            *strain = s->strain + 6 * i, *before = s->before + i * size;
  double                  *after = s->after + i * size;
  const struct tgv_elastic e = tgv_material_elastic(m, s->temperature[i]);
  double                   elastic[6], mean;
  struct tgv_return        r = {.material = m,
                                .G = e.G,
                                .temperature = s->temperature[i],
                                .time0 = s->time0,
                                .time = s->time,
                                .before = before,
                                .after = after};

  for (int k = 0; k < 6; k++) elastic[k] = strain[k] - before[TGV_STATE_INELASTIC + k];
  mean = (elastic[0] + elastic[1] + elastic[2]) / 3;
  for (int k = 0; k < 6; k++) r.trial[k] = k < 3 ? 2 * e.G * (elastic[k] - mean) : e.G * elastic[k];
  memcpy(after, before, size * sizeof *after);
  TGV_TRY(m->creep == TGV_CREEP_ANAND ? tgv_return_anand(&r) : tgv_return_flow(&r));
  for (int k = 0; k < 6; k++) {
    const double flow = k < 3 ? r.flow[k] : 2 * r.flow[k];

    after[TGV_STATE_STRESS + k] = r.deviator[k] + (k < 3 ? 3 * e.K * (mean - e.thermal) : 0);
    after[TGV_STATE_INELASTIC + k] += flow;
    after[TGV_STATE_WORK] += 0.5 * (before[TGV_STATE_STRESS + k] + after[TGV_STATE_STRESS + k]) * flow;
  }
  if (s->tangent) add_tangent(&r, e.K, s->tangent + 36 * i);
  return TGV_OK;
}

tgv_status tgv_material_update(const struct tgv_material *m, const struct tgv_material_step *s)
{
  const size_t size = tgv_material_states(m);

  for (size_t i = 0; i < s->n; i++)
    TGV_TRY_NOTE(update_point(m, s, i, size), "updating the material of point %zu at %g K", i,
                 s->temperature[i]);
  return TGV_OK;
}
