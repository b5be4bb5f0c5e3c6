#include "solver/plating_bath_fipy.h"

#include <math.h>

struct tgv_plating_bath tgv_plating_bath_fipy(void)
{
  const double faraday = tgv_faraday / 9.6e4, gas = tgv_gas_constant / 8.314; /* over FiPy's */

  return (struct tgv_plating_bath){
      .temperature = 298 * faraday / gas,
      .ion_charge = 2,
      .molar_volume = 7.1e-6,
      .ion_bulk = 250,
      .ion_diffusivity = 5.6e-10,
      .additive_bulk = 5e-3,
      .additive_diffusivity = 1e-9,
      .conductivity = HUGE_VAL,
      .i0_free = 0.26 * faraday,
      .i0_covered = 45.26 * faraday,
      .alpha_free = 0.5,
      .alpha_covered = 0.5,
      .adsorption = 1.76 + 245e-6 * 0.027,
      .site_density = 9.8e-6,
  };
}
