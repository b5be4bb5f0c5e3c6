/** # Laws of fatigue life

## Model
With the range of a cycle from the stress analysis:

- **Coffin-Manson, Basquin** $\Delta\epsilon/2 = (\sigma_f'/E) (2N)^b + \epsilon_f' (2N)^c$; without the first part in closed form, else by bisection in
  $\ln N$ (both parts fall with $N$, so there is one root).
- **Engelmaier** $N = \frac12 (\Delta\gamma / 2 \epsilon_f')^{1/c}$, $c = c_0 + c_1 T_{sj} + c_2 \ln(1 + f)$, $T_{sj}$ in degC, $f$ in cycles a day.
- **Norris-Landzberg** $AF = (\Delta T_t / \Delta T_u)^n (f_u / f_t)^m \exp[\frac{E_a}{k} (1/T_u - 1/T_t)]$.
- **Darveaux** $N = K_1 \Delta W^{K_2} + a / (K_3 \Delta W^{K_4})$.
- **Syed** $N = 1 / (C \, \Delta W)$.

The library keeps constants with their class and source (`tgv list fatigue_laws`); the laws themselves have none.

## Valid for
What the constants were fitted to, and nothing else. None of the published sets is for electroplated copper of a TGV.

## Neglects
Mean stress, order of loads, scatter (an interval of the constants gives one of the life).

## Source
L. F. Coffin 1954; S. S. Manson 1953; O. H. Basquin 1910; W. Engelmaier, IEEE TCHMT 6, 232 (1983), doi 10.1109/TCHMT.1983.1136183; K. C. Norris, A. H.
Landzberg, IBM J. Res. Dev. 13, 266 (1969), doi 10.1147/rd.133.0266; R. Darveaux, ECTC 2000, doi 10.1109/ECTC.2000.853299; A. Syed, ECTC 2004,
doi 10.1109/ECTC.2004.1319419. Forms as in these papers, recalled; the cases are worked out independently.

## Verified by
tests/unit/test_fatigue_life.c. */
#include "solver/fatigue_life.h"

#include <math.h>
#include <stdbool.h>

static const double freezing = 273.15;

tgv_status tgv_coffin_manson(const struct tgv_coffin_manson *l, double range, double *N)
{
  const bool basquin = l->sigma_f > 0;
  double     low = -50, high = 700; /* ln 2N */

  if (!(l->eps_f > 0 && l->c < 0) || (basquin && !(l->b < 0 && l->E > 0)))
    return tgv_fail(
        TGV_INPUT,
        "the law of Coffin and Manson needs eps_f above 0 and exponents below 0: eps_f = %g, c = %g, b = %g",
        l->eps_f, l->c, l->b);
  if (!(range > 0)) {
    *N = (double)INFINITY;
    return TGV_OK;
  }
  if (!basquin) {
    *N = 0.5 * pow(range / 2 / l->eps_f, 1 / l->c);
    return TGV_OK;
  }
  for (int k = 0; k < 100; k++) {
    const double x = 0.5 * (low + high);
    const double strain = l->sigma_f / l->E * exp(l->b * x) + l->eps_f * exp(l->c * x);

    if (strain > range / 2)
      low = x;
    else
      high = x;
  }
  *N = high >= 700 ? (double)INFINITY : 0.5 * exp(0.5 * (low + high));
  return TGV_OK;
}

double tgv_engelmaier_exponent(const struct tgv_engelmaier *l, double mean_kelvin, double cycles_a_day)
{
  return l->c0 + l->c1 * (mean_kelvin - freezing) + l->c2 * log1p(cycles_a_day);
}

double tgv_engelmaier(const struct tgv_engelmaier *l, double d_gamma, double mean_kelvin, double cycles_a_day)
{
  return 0.5 * pow(d_gamma / (2 * l->eps_f), 1 / tgv_engelmaier_exponent(l, mean_kelvin, cycles_a_day));
}

double tgv_norris_landzberg(const struct tgv_norris_landzberg *l, const struct tgv_cycle_of_temperature *test,
                            const struct tgv_cycle_of_temperature *use)
{
  return pow(test->range / use->range, l->n) * pow(use->frequency / test->frequency, l->m) *
         exp(l->activation * (1 / use->highest - 1 / test->highest));
}

double tgv_darveaux_first(const struct tgv_darveaux *l, double work)
{
  return l->K1 * pow(work / l->unit, l->K2);
}

double tgv_darveaux(const struct tgv_darveaux *l, double work, double length)
{
  return tgv_darveaux_first(l, work) + length / (l->K3 * pow(work / l->unit, l->K4));
}

double tgv_syed(double C, double work)
{
  return 1 / (C * work);
}
