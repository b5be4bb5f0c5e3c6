/** # Subcritical crack growth

## Model
A flaw of depth $a$ with $K = Y \sigma \sqrt{\pi a}$ grows at $v = v_0 (K / K_{IC})^n$. Separated,

$$ a_0^{1 - n/2} - a^{1 - n/2} = \left( \frac n2 - 1 \right) v_0 \left( \frac{Y \sqrt \pi}{K_{IC}} \right)^n \int \sigma^n dt , $$

exact for any history of the stress: static, rising, or a thermal cycle repeated $N$ times, whose $\int \sigma^n dt$ is summed in closed form over its
straight pieces. Compression does nothing; there is no fatigue of glass beyond this. It breaks at the depth
$a_c = (K_{IC} / Y \sigma_{max})^2 / \pi$ that is unstable under the largest stress.

The strength under a stress that rises at a constant rate solves
$\sigma_f^{n+1} = B (n + 1) \dot\sigma \, (\sigma_{ic}^{n-2} - \sigma_f^{n-2})$, $B = 2 K_{IC}^2 / [(n - 2) \pi Y^2 v_0]$, $\sigma_{ic}$ the inert strength.

## Valid for
$n > 2$; flaws small against the distance over which the stress changes.

## Neglects
The dependence of $v_0$ and $n$ on temperature and humidity, the fatigue limit, regions II and III of $v(K)$.

## Source
S. M. Wiederhorn, J. Am. Ceram. Soc. 50, 407 (1967); A. G. Evans, Int. J. Fract. 10, 251 (1974); constants: the user's, see the data files.

## Verified by
tests/unit/test_crack_growth.c. */
#include "solver/crack_growth.h"

#include <math.h>

#include "solver/weibull_strength.h"

static const double pi = 3.14159265358979323846;

/* ln of (n/2 - 1) v0 (Y sqrt(pi) / K_IC)^n */
static double ln_speed(const struct tgv_crack_law *l, double Y)
{
  return log((l->n / 2 - 1) * l->v0) + l->n * log(Y * sqrt(pi) / l->K_IC);
}

/* ln(a0^(1 - n/2) - a1^(1 - n/2)), a1 > a0 */
static double ln_way(const struct tgv_crack_law *l, double a0, double a1)
{
  const double k = 1 - l->n / 2;

  return k * log(a0) + log1p(-pow(a1 / a0, k));
}

double tgv_crack_time(const struct tgv_crack_law *l, double Y, double stress, double a)
{
  const double critical = tgv_critical_flaw(l->K_IC, Y, stress);

  if (!(stress > 0)) return (double)INFINITY;
  if (a >= critical) return 0;
  return exp(ln_way(l, a, critical) - ln_speed(l, Y) - l->n * log(stress));
}

double tgv_inert_strength(const struct tgv_crack_law *l, double Y, double a)
{
  return l->K_IC / (Y * sqrt(pi * a));
}

double tgv_dynamic_strength(const struct tgv_crack_law *l, double Y, double a, double rate)
{
  const double inert = tgv_inert_strength(l, Y, a), n = l->n;
  const double B = 2 * l->K_IC * l->K_IC / ((n - 2) * pi * Y * Y * l->v0);
  const double k =
      B * (n + 1) * rate / (inert * inert * inert); /* x^(n+1) = k (1 - x^(n-2)), x over the inert strength */
  double low = 0, high = 1;

  for (int i = 0; i < 100; i++) {
    const double x = 0.5 * (low + high);

    if (pow(x, n + 1) < k * (1 - pow(x, n - 2)))
      low = x;
    else
      high = x;
  }
  return 0.5 * (low + high) * inert;
}

/* integral of s^n over a straight line between r0 and r1 >= 0, over its length in time */
static double mean_power(double r0, double r1, double n)
{
  const double small = fmin(r0, r1), large = fmax(r0, r1);

  if (large - small <= 4e-13 * large) return pow(large, n);
  return pow(large, n + 1) * -expm1((n + 1) * log(small / large)) / ((n + 1) * (large - small));
}

static double largest(const struct tgv_stress_history *h)
{
  double most = 0;

  for (size_t i = 0; i < h->n; i++) most = fmax(most, h->stress[i]);
  return most;
}

double tgv_stress_impulse(const struct tgv_stress_history *h, double n)
{
  const double most = largest(h);
  double       sum = 0;

  if (!(most > 0)) return -(double)INFINITY;
  for (size_t i = 1; i < h->n; i++) {
    const double s0 = h->stress[i - 1] / most, s1 = h->stress[i] / most;
    double       dt = h->time[i] - h->time[i - 1];

    if (s0 <= 0 && s1 <= 0) continue;
    if (s0 < 0 || s1 < 0) dt *= fmax(s0, s1) / fabs(s1 - s0); /* the part in tension */
    sum += dt * mean_power(fmax(s0, 0), fmax(s1, 0), n);
  }
  return log(sum) + n * log(most);
}

double tgv_crack_after(const struct tgv_crack_law *l, double Y, double a, const struct tgv_stress_history *h,
                       double repeats)
{
  const double critical = tgv_critical_flaw(l->K_IC, Y, largest(h)), k = 1 - l->n / 2;
  double       grown;

  if (a >= critical) return (double)INFINITY;
  grown = exp(tgv_stress_impulse(h, l->n) + log(repeats) + ln_speed(l, Y) - k * log(a));
  if (grown >= 1) return (double)INFINITY;
  grown = a * pow(1 - grown, 1 / k);
  return grown < critical ? grown : (double)INFINITY;
}

double tgv_crack_repeats(const struct tgv_crack_law *l, double Y, double a,
                         const struct tgv_stress_history *h)
{
  const double critical = tgv_critical_flaw(l->K_IC, Y, largest(h));

  if (a >= critical) return 0;
  if (isinf(critical)) return (double)INFINITY;
  return exp(ln_way(l, a, critical) - ln_speed(l, Y) - tgv_stress_impulse(h, l->n));
}
