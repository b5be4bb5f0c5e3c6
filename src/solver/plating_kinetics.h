/* Kinetics of copper plating at the surface of the metal, with an additive that suppresses it (S-NDR: S-shaped negative differential
   resistance). Used by every plating solver, so that they solve the same problem. */
#ifndef TGV_SOLVER_PLATING_KINETICS_H
#define TGV_SOLVER_PLATING_KINETICS_H

#include "core/error.h"

/** The bath and its surface reactions, SI. theta is the coverage of the surface by the additive, 0 to 1; c the concentration of the
    metal ion, s that of the additive, at the surface.
    overpotential psi >= 0 where metal is plated (potential of the electrolyte over that of the metal). */
struct tgv_plating_bath {
  double temperature;                         /* K */
  double ion_charge;                          /* n, electrons per ion */
  double molar_volume;                        /* Omega of the metal [m3/mol] */
  double ion_bulk, ion_diffusivity;           /* c0 [mol/m3], D_c [m2/s] */
  double additive_bulk, additive_diffusivity; /* s0 [mol/m3], D_s [m2/s]; additive_bulk 0: none */
  double conductivity; /* kappa of the electrolyte [S/m]; HUGE_VAL: no ohmic drop (plating_front only) */
  double i0_free, i0_covered; /* exchange current densities of bare and covered surface at c0 [A/m2] */
  double alpha_free,
      alpha_covered;   /* transfer coefficients of the deposition, of 2 in all as in the source */
  double adsorption;   /* k+ [m3/(mol s)] */
  double consumption;  /* k- [1/m]: additive incorporated with the growing metal */
  double site_density; /* Gamma [mol/m2] */
  double double_layer; /* C_dl [F/m2] */
};

extern const double tgv_faraday;      /* C/mol */
extern const double tgv_gas_constant; /* J/(mol K) */

/** F / (R T) [1/V] */
double tgv_plating_thermal(const struct tgv_plating_bath *b);

/** Current density into the metal [A/m2], positive where metal is plated:
    i = (c / c0) [i0 (1 - theta) (e^(a f psi) - e^(-(2 - a) f psi)) + the same for the covered part]. */
struct tgv_plating_rate {
  double i, di_dpsi, di_dc, di_dtheta;
};
struct tgv_plating_rate tgv_plating_current(const struct tgv_plating_bath *b, double psi, double c,
                                            double theta);

/** Growth of the metal per current, v = Omega i / (n F) [m/s per A/m2]. */
double tgv_plating_growth(const struct tgv_plating_bath *b);

/** d theta / dt [1/s] at the growth speed v [m/s] and with the additive s at the surface:
    k+ s (1 - theta) - k- theta v; only growth consumes additive. The change of area is the solver's matter. */
static inline double tgv_plating_coverage_rate(const struct tgv_plating_bath *b, double theta, double s,
                                               double v)
{
  return b->adsorption * s * (1 - theta) - b->consumption * theta * (v > 0 ? v : 0);
}

/** The additive that leaves the electrolyte [mol/(m2 s)]: Gamma k+ s (1 - theta). */
static inline double tgv_plating_uptake(const struct tgv_plating_bath *b, double theta, double s)
{
  return b->site_density * b->adsorption * s * (1 - theta);
}

/** The bath of NIST's extremefill programs (Wheeler, Josell, Moffat 2013), S-NDR copper; k+ and k- of the 2-D study of annular vias. */
struct tgv_plating_bath tgv_plating_bath_nist(void);

#endif
