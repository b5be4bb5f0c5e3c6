/** # Kinetics of plating with a suppressing additive

## Model
Two kinds of surface beside each other, bare and covered by the additive to the share $\theta$, each with Butler-Volmer kinetics that
follow the metal ion at the surface:

$$ i = \frac{c}{c_0} \sum_{k} i_{0,k}\, w_k \left( e^{a_k f \psi} - e^{-(2 - a_k) f \psi} \right), \qquad
   w = (1 - \theta, \theta), \quad f = F / (R T). $$

$\psi$ is the potential of the electrolyte over that of the metal at the surface. The metal grows with $v = \Omega i / (n F)$. The additive
adsorbs on bare surface and is built into the growing metal:

$$ \dot\theta = k_+ s (1 - \theta) - k_- \theta v . $$

Slow adsorption in a deep via, where the additive is used up on the way, leaves its bottom bare and active under a passive mouth: that
is how a via fills from below or, with two open ends, from the middle.

## Valid for
One suppressing additive that acts at monolayer coverage; deposition in excess of dissolution.

## Neglects
Anodic dissolution of the additive: while the metal dissolves ($v < 0$) nothing is incorporated. Catalysis of the reaction by the additive.

## Source
D. Wheeler, T. P. Moffat, D. Josell, J. Electrochem. Soc. 160 (2013) D3260 and NIST's public program extremefill; the exponent
$2 - a$ of the back reaction is theirs.

## Verified by
tests/unit/test_plating_kinetics.c (flat electrode with a boundary layer, derivatives). */
#include "solver/plating_kinetics.h"

#include <math.h>

const double tgv_faraday = 96485.33212;
const double tgv_gas_constant = 8.31446261815324;

double tgv_plating_thermal(const struct tgv_plating_bath *b)
{
  return tgv_faraday / (tgv_gas_constant * b->temperature);
}

struct tgv_plating_rate tgv_plating_current(const struct tgv_plating_bath *b, double psi, double c,
                                            double theta)
{
  const double f = tgv_plating_thermal(b), share = c / b->ion_bulk;
  const double a[2] = {b->alpha_free, b->alpha_covered}, i0[2] = {b->i0_free, b->i0_covered};
  double       i[2] = {0, 0}, slope[2] = {0, 0};

  for (int k = 0; k < 2; k++) {
    if (i0[k] == 0) continue;
    const double forth = exp(a[k] * f * psi), back = exp(-(2 - a[k]) * f * psi);

    i[k] = i0[k] * (forth - back);
    slope[k] = i0[k] * f * (a[k] * forth + (2 - a[k]) * back);
  }
  return (struct tgv_plating_rate){
      .i = share * ((1 - theta) * i[0] + theta * i[1]),
      .di_dpsi = share * ((1 - theta) * slope[0] + theta * slope[1]),
      .di_dc = ((1 - theta) * i[0] + theta * i[1]) / b->ion_bulk,
      .di_dtheta = share * (i[1] - i[0]),
  };
}

double tgv_plating_growth(const struct tgv_plating_bath *b)
{
  return b->molar_volume / (b->ion_charge * tgv_faraday);
}

struct tgv_plating_bath tgv_plating_bath_nist(void)
{
  return (struct tgv_plating_bath){
      .temperature = 298,
      .ion_charge = 2,
      .molar_volume = 7.1e-6,
      .ion_bulk = 1000,
      .ion_diffusivity = 2.65e-10,
      .additive_bulk = 0.02,
      .additive_diffusivity = 9.2e-11,
      .conductivity = 15.26,
      .i0_free = 40,
      .i0_covered = 0,
      .alpha_free = 0.4,
      .alpha_covered = 0.4,
      .adsorption = 100,
      .consumption = 2.45e7,
      .site_density = 2.5e-7,
      .double_layer = 0.3,
  };
}
