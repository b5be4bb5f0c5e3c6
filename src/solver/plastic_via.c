/** # A via whose copper yields

## Model
The copper of a solid via in glass is under uniform stress $(s, s, t)$ if its law is isotropic: strains $(\epsilon_r, \epsilon_r, \epsilon_z)$ fulfil the
equilibrium of the core alone. The glass around is elastic, of outer radius $b$, under $p = -s$ at the wall:

$$ P = \frac{p a^2}{b^2 - a^2}, \quad \sigma_z^g = E (\epsilon_z - \epsilon^g) + 2 \nu P, \quad
   \epsilon_r = \epsilon^g + \frac{\sigma_\theta - \nu (\sigma_r + \sigma_z^g)}{E} \text{ at the wall}, $$

and along the axis $t a^2 + \sigma_z^g (b^2 - a^2) = 0$; in endless glass $\epsilon_z = \epsilon^g$, its free expansion, and
$\epsilon_r = \epsilon^g - s (1 + \nu)/E$. Two unknowns a step, by Newton's method with the consistent tangent of the law (solver/material).

## Valid for
Solid vias without liner, far from the faces; steps of temperature small enough for the law (a bilinear law in endless glass is exact for any
step along which the temperature moves one way).

## Neglects
Yielding at the faces, where copper protrudes; a coarse-grained or porous core.

## Source
Derived here; elastic part: Timoshenko and Goodier, Theory of Elasticity.

## Verified by
tests/unit/test_plastic_via.c: closed form of the bilinear via, all load steps, and CalculiX. */
#include "solver/plastic_via.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 60 };

void tgv_plastic_via_start(const struct tgv_plastic_via *v, struct tgv_plastic_via_state *s)
{
  *s = (struct tgv_plastic_via_state){.temperature = v->copper->reference};
  tgv_material_start(v->copper, 1, s->copper);
}

/* the glass at the wall for a radial stress s and an axial strain z, both linear: value, d/ds, d/dz */
struct glass {
  double hoop[2], axial[3], strain[3]; /* hoop has no part of z */
  double expansion;
};

static struct glass glass_at(const struct tgv_plastic_via *v, double T, double s, double z)
{
  const double E = tgv_temperature_value(&v->E, T), nu = tgv_temperature_value(&v->nu, T);
  const double expansion = tgv_temperature_integral(&v->cte, v->copper->reference, T);
  const double P = isinf(v->cell) ? 0 : -1 / (v->cell * v->cell - 1),
               Q = isinf(v->cell) ? -1 : P * v->cell * v->cell;
  struct glass g;

  g.hoop[1] = P + Q, g.hoop[0] = g.hoop[1] * s;
  g.axial[1] = 2 * nu * P, g.axial[2] = E, g.axial[0] = g.axial[1] * s + E * (z - expansion);
  g.strain[1] = (g.hoop[1] - nu * (1 + g.axial[1])) / E, g.strain[2] = -nu;
  g.strain[0] = expansion + (g.hoop[0] - nu * (s + g.axial[0])) / E;
  g.expansion = expansion;
  return g;
}

/* residuals and their derivatives over (radial strain, axial strain) */
struct core {
  double x[2], after[TGV_STATES_MOST], tangent[36];
};

static void balance(const struct tgv_plastic_via *v, const struct glass *g, const struct core *c, double r[2],
                    double d[2][2])
{
  const double *tangent = c->tangent, *x = c->x;
  const double  s[2] = {tangent[0] + tangent[1], tangent[2]}, t[2] = {tangent[12] + tangent[13], tangent[14]};
  const double  ring = v->cell * v->cell - 1;

  r[0] = x[0] - g->strain[0];
  d[0][0] = 1 - g->strain[1] * s[0];
  d[0][1] = -g->strain[1] * s[1] - g->strain[2];
  if (isinf(v->cell)) {
    r[1] = x[1] - g->expansion;
    d[1][0] = 0, d[1][1] = 1;
  } else { /* over the stiffness of the glass, so that both are strains */
    const double scale = 1 / (g->axial[2] * (1 + ring));

    r[1] = scale * (c->after[TGV_STATE_STRESS + 2] + ring * g->axial[0]);
    d[1][0] = scale * (t[0] + ring * g->axial[1] * s[0]);
    d[1][1] = scale * (t[1] + ring * (g->axial[1] * s[1] + g->axial[2]));
  }
}

tgv_status tgv_plastic_via_step(const struct tgv_plastic_via *v, double temperature, double time,
                                struct tgv_plastic_via_state *s)
{
  struct core c = {.x = {s->radial, s->axial}};
  double      r[2], d[2][2];

  for (int k = 0; k < ROUNDS; k++) {
    const double                   strain[6] = {c.x[0], c.x[0], c.x[1]};
    const struct tgv_material_step step = {1,         s->time, time,     strain, &temperature,
                                           s->copper, c.after, c.tangent};
    struct glass                   g;
    double                         determinant;

    TGV_TRY(tgv_material_update(v->copper, &step));
    g = glass_at(v, temperature, c.after[TGV_STATE_STRESS], c.x[1]);
    balance(v, &g, &c, r, d);
    if (fmax(fabs(r[0]), fabs(r[1])) <= 1e-15) {
      memcpy(s->copper, c.after, tgv_material_states(v->copper) * sizeof *c.after);
      s->radial = c.x[0], s->axial = c.x[1], s->time = time, s->temperature = temperature;
      s->glass_hoop = g.hoop[0], s->glass_axial = g.axial[0];
      return TGV_OK;
    }
    determinant = d[0][0] * d[1][1] - d[0][1] * d[1][0];
    c.x[0] -= (d[1][1] * r[0] - d[0][1] * r[1]) / determinant;
    c.x[1] -= (d[0][0] * r[1] - d[1][0] * r[0]) / determinant;
  }
  return tgv_fail(TGV_SOLVER, "the via at %g K is not in equilibrium after %d rounds: strain off by %g",
                  temperature, ROUNDS, fmax(fabs(r[0]), fabs(r[1])));
}
