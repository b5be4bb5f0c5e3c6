/** # Strength of glass: Weibull statistics and slow crack growth

## Model
**Weakest link.** A population of flaws gives a piece of the measure $A_0$ (a length of edge, an area of
face) under the stress $\sigma$ the hazard $((\sigma - \sigma_u)/\sigma_0)^m$, 0 below the threshold
$\sigma_u$. A body whose stress varies fails with

$$ P = 1 - \exp\left[ - \int \left(\frac{\sigma - \sigma_u}{\sigma_0}\right)^m \frac{dA}{A_0} \right]
     = 1 - \exp\left[ - \frac{A_e}{A_0} \left(\frac{\sigma_{max}}{\sigma_0}\right)^m \right], $$

the second form for $\sigma_u = 0$, with the effective measure
$A_e = \int (\sigma / \sigma_{max})^m dA$. Principal stresses act independently (PIA): each tensile one
adds its hazard. Around a via, where the hoop stress falls as $\sigma (a/r)^2$ to the radius $b$,
$A_e = \frac{2 \pi a^2}{2 m - 2} \left[ 1 - (a/b)^{2 m - 2} \right]$ per length of the via.

**Bilinear.** Two populations of flaws that are both there compete: their survival probabilities multiply.
If instead a share of the bodies is of a weaker kind, the failure probabilities mix:
$P = (1 - \phi) P_1 + \phi P_2$.

**Slow crack growth** $v = A K^n$: a constant stress of the duration $t_s$ does the damage that a stress
rising over $t_d$ does when
$$ \frac{\sigma_s}{\sigma_d} = \left[\frac{t_d}{(n + 1)\, t_s}\right]^{1/n}. $$

**Critical flaw.** $a = (K_{IC} / Y \sigma)^2 / \pi$, $Y = 1.12$ for a straight crack at an edge, 0.73 for a
half-penny in a face.

## Valid for
Flaws that are small against the distances over which the stress varies and that do not act on each other.

## Neglects
Mode II, the change of a population by earlier loads that it has survived, the region of $v(K)$ that is not
a power law.

## Source
W. Weibull, J. Appl. Mech. 18, 293 (1951); S. M. Wiederhorn, J. Am. Ceram. Soc. 50, 407 (1967); A. G. Evans,
Int. J. Fract. 10, 251 (1974).

## Verified by
tests/unit/test_weibull_strength.c (random flaws, numerical crack growth), tests/cases/handling.case. */
#include "solver/weibull_strength.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

void tgv_stress_field_add(struct tgv_stress_field *f, double stress, double measure)
{
  if (!(stress > 0.0) || !(measure > 0.0)) return;
  if (f->n == f->room) {
    f->room = f->room ? 2 * f->room : 64;
    f->stress = tgv_reallocate(f->stress, f->room, sizeof *f->stress);
    f->measure = tgv_reallocate(f->measure, f->room, sizeof *f->measure);
  }
  f->stress[f->n] = stress;
  f->measure[f->n++] = measure;
}

void tgv_stress_field_release(struct tgv_stress_field *f)
{
  free(f->stress);
  free(f->measure);
  *f = (struct tgv_stress_field){0};
}

double tgv_stress_field_largest(const struct tgv_stress_field *f)
{
  double largest = 0.0;

  for (size_t i = 0; i < f->n; i++) largest = fmax(largest, f->stress[i]);
  return largest;
}

double tgv_stress_field_effective(const struct tgv_stress_field *f, double m)
{
  double largest = tgv_stress_field_largest(f), sum = 0.0;

  for (size_t i = 0; i < f->n; i++) sum += f->measure[i] * pow(f->stress[i] / largest, m);
  return sum;
}

/* The expected number of flaws that break. */
static double hazard(const struct tgv_stress_field *f, double factor, double m, double scale,
                     double threshold)
{
  double sum = 0.0;

  for (size_t i = 0; i < f->n; i++) {
    double excess = (factor * f->stress[i] - threshold) / scale;

    if (excess > 0.0) sum += f->measure[i] * pow(excess, m);
  }
  return sum;
}

double tgv_weibull_failure(const struct tgv_weibull *w, const struct tgv_stress_field *f, double factor)
{
  double strong = -expm1(-hazard(f, factor, w->m, w->scale, w->threshold) / w->reference), weak = 0.0;

  if (w->weak_share > 0.0)
    weak = -expm1(-hazard(f, factor, w->weak_m, w->weak_scale, w->threshold) / w->reference);
  return (1.0 - w->weak_share) * strong + w->weak_share * weak;
}

double tgv_ring_effective(double a, double b, double m)
{
  const double k = 2 * m - 2;

  return 2 * acos(-1.0) * a * a / k * (isinf(b) ? 1 : -expm1(k * log(a / b)));
}

double tgv_fatigue_factor(double n, double test_time, double time)
{
  return time > 0.0 ? pow(test_time / ((n + 1.0) * time), 1.0 / n) : 1.0;
}

double tgv_critical_flaw(double K_IC, double Y, double stress)
{
  double ratio = K_IC / (Y * stress);

  return stress > 0.0 ? ratio * ratio / acos(-1.0) : (double)INFINITY;
}
