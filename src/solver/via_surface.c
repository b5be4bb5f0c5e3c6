/** # A via close to a face

## Model
Superposition: an endless via is under $\sigma_r = \sigma_\theta = -q/2$, $\sigma_z = -q$ with $q = E \epsilon / (1 - \nu)$, $\epsilon$ the mismatch of
the strains; the half-space below a free face gets besides it the load $q$ on $r < a$ that makes the face free. On the axis

$$ \sigma_z = -q \frac{z^3}{(a^2 + z^2)^{3/2}}, \qquad
   \sigma_r = -\frac q2 + \frac q2 \left[ (1 + 2 \nu) - \frac{2 (1 + \nu) z}{\sqrt{a^2 + z^2}} + \frac{z^3}{(a^2 + z^2)^{3/2}} \right] , $$

and the face rises by

$$ w = \frac{4 (1 - \nu^2) q a}{\pi E} \, E\!\left( \frac ra \right) \; (r \le a), \qquad
   w = \frac{4 (1 - \nu^2) q r}{\pi E} \left[ E\!\left( \frac ar \right) - \left(1 - \frac{a^2}{r^2}\right) K\!\left( \frac ar \right) \right] \; (r \ge a) $$

with the complete elliptic integrals of that modulus: $w(0) = 2 (1 + \nu) a \epsilon$, $w(a) = \frac4\pi (1 + \nu) a \epsilon$. The rise does not depend
on Young's modulus nor, once the via is much longer than wide, on its length.

## Valid for
Equal elastic constants of via and glass. With copper (120 GPa, 0.34) in glass (74 GPa, 0.23), a converged finite-element cell of pitch 100 um,
diameter 50 um and thickness 400 um gives 0.105 um from axis to the edge of the cell where this gives 0.114 um: 8 % too much.

## Neglects
Neighbours and the opposite face; creep and plastic flow of the copper, which decide what is left after an anneal: this is the elastic part.

## Source
S.-K. Ryu et al., IEEE TDMR 11, 35 (2011), doi 10.1109/TDMR.2010.2068572 (the superposition); a uniform load on a circle: S. Timoshenko,
J. N. Goodier, Theory of Elasticity.

## Verified by
tests/unit/test_via_fracture.c. */
#include "solver/via_surface.h"

#include <gsl/gsl_sf_ellint.h>
#include <math.h>

static double load(const struct tgv_via_surface *v)
{
  return v->E * v->mismatch / (1 - v->nu);
}

double tgv_via_axis_axial(const struct tgv_via_surface *v, double z)
{
  const double s = z / hypot(v->a, z);

  return -load(v) * s * s * s;
}

double tgv_via_axis_radial(const struct tgv_via_surface *v, double z)
{
  const double s = z / hypot(v->a, z);

  return 0.5 * load(v) * (2 * v->nu - 2 * (1 + v->nu) * s + s * s * s);
}

double tgv_via_rise(const struct tgv_via_surface *v, double r)
{
  const double factor = 4 * (1 + v->nu) * v->mismatch / acos(-1.0), k = v->a / r;

  if (fabs(r - v->a) <= 1e-15 * v->a) return factor * v->a; /* E(1) = 1, which GSL does not take */
  if (r < v->a) return factor * v->a * gsl_sf_ellint_Ecomp(r / v->a, GSL_PREC_DOUBLE);
  return factor * r *
         (gsl_sf_ellint_Ecomp(k, GSL_PREC_DOUBLE) - (1 - k * k) * gsl_sf_ellint_Kcomp(k, GSL_PREC_DOUBLE));
}
