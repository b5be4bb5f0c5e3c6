/** # Planarization by density and step height

## Model
A place of the surface has high areas, a fraction $\rho$ of it, and low ones, deeper by the step $H$. Polishing removes on average
$K$ everywhere. While $H$ exceeds the contact height $h_{ex}$ the pad touches high areas only, so they go down by $K/\rho$ and the low ones
stay. Below it both are reached, in proportion:

$$ R_u = K\left[1 + \frac{1-\rho}{\rho}\frac{H}{h_{ex}}\right], \quad R_d = K\left[1 - \frac{H}{h_{ex}}\right], \quad
   H = H_1 e^{-t/\tau}, \quad \tau = \rho\, h_{ex}/K. $$

The mean height falls by $K t$ at all times, which gives the height of the high areas, $U = U_0 - K t - (1 - \rho)(H_0 - H)$, and the time
at which they reach the glass, $U = 0$, by Newton's method on a concave function from its left: every step falls short of the root.

After that, copper in a recess of the glass dishes: $d' = K_m (1 - d/d_{max}) - K_o$, so

$$ d = d_{ss} + (d_0 - d_{ss})\, e^{-t/\tau_d}, \quad d_{ss} = d_{max}(1 - K_o/K_m), \quad \tau_d = d_{max}/K_m. $$

Deeper than $d_{max}$, as in a via that is not filled, the pad reaches no copper and $d' = -K_o$.

## Valid for
Features that are wide against the asperities of the pad and far narrower than the planarization length, over which $\rho$ is averaged
(solver/pattern_density.c). Rates, contact height and $d_{max}$ are calibrated on the line; none is known here.

## Neglects
Heating, slurry flow, rebound of the pad at long times, wear of the pad, rounding of edges.

## Source
D. Ouma, D. Boning, J. Chung et al., IEEE Trans. Semicond. Manuf. 15 (2002) 232; T. Smith, S. Fang, D. Boning et al., CMP-MIC 1999 (combined
density and step height).

## Verified by
tests/unit/test_step_height.c: decay of the step with $\tau$, copper volume against $K t$, a Runge-Kutta solution of the equations, the
Lambert W solution for the clearing time. */
#include "solver/step_height.h"

#include <math.h>

struct tgv_polished_place tgv_polish_at(const struct tgv_polish *p, struct tgv_polished_place start,
                                        double time)
{
  const double above = fmax(0, start.step - p->contact_height); /* of the step, over the contact height */
  const double fast = start.density * above / p->rate;
  struct tgv_polished_place now = start;

  if (time <= fast) {
    now.height -= p->rate * time / start.density;
    now.step -= p->rate * time / start.density;
    return now;
  }
  now.step = (start.step - above) * exp(-(time - fast) * p->rate / (start.density * p->contact_height));
  now.height = start.height - p->rate * time - (1 - start.density) * (start.step - now.step);
  return now;
}

/* The root x >= 0 of rho x + b (1 - e^-x) = u, all in contact heights. */
static double clearing_root(double rho, double b, double u)
{
  double x = fmax(0, (u - b) / rho);

  for (int i = 0; i < 40; i++) {
    const double left = exp(-x), f = rho * x + b * (1 - left) - u, step = -f / (rho + b * left);

    x += step;
    if (fabs(step) <= 0x1p-30 * x) break;
  }
  return x;
}

double tgv_polish_clears(const struct tgv_polish *p, struct tgv_polished_place start)
{
  const double above = fmax(0, start.step - p->contact_height);
  double       x;

  if (start.height <= above) return start.density * start.height / p->rate;
  x = clearing_root(start.density, (1 - start.density) * (start.step - above) / p->contact_height,
                    (start.height - above) / p->contact_height);
  return start.density * (above + x * p->contact_height) / p->rate;
}

double tgv_dishing_at(const struct tgv_dishing *d, double start, double time)
{
  const double steady = d->deepest * (1 - d->glass_rate / d->copper_rate);
  const double beyond = fmax(0, start - d->deepest); /* out of the pad's reach: only the glass goes down */

  if (d->glass_rate * time <= beyond) return start - d->glass_rate * time;
  if (beyond > 0) time -= beyond / d->glass_rate;
  if (!(d->deepest > 0)) return 0;
  return steady + (fmin(start, d->deepest) - steady) * exp(-time * d->copper_rate / d->deepest);
}
