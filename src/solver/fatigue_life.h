/* Cycles to failure by the named laws of fatigue. Every constant is the caller's: the laws do not know for which metal, mesh or chamber they
   hold. */
#ifndef TGV_SOLVER_FATIGUE_LIFE_H
#define TGV_SOLVER_FATIGUE_LIFE_H

#include "core/error.h"

/** Coffin-Manson with Basquin's elastic part: d_strain / 2 = sigma_f / E (2 N)^b + eps_f (2 N)^c. */
struct tgv_coffin_manson {
  double eps_f, c; /* 1, below 0 */
  double sigma_f, b,
      E; /* Pa, below 0, Pa; sigma_f 0: the plastic part alone, d_strain is the plastic range */
};
/** N for a strain range; INFINITY for a range of 0. */
tgv_status tgv_coffin_manson(const struct tgv_coffin_manson *l, double range, double *N);

/** Engelmaier for solder joints: N = (d_gamma / (2 eps_f))^(1/c) / 2, c = c0 + c1 (mean temperature in degC) + c2 ln(1 + cycles a day). */
struct tgv_engelmaier {
  double eps_f, c0, c1, c2; /* 1, 1, 1/K, 1 */
};
double tgv_engelmaier_exponent(const struct tgv_engelmaier *l, double mean_kelvin, double cycles_a_day);
double tgv_engelmaier(const struct tgv_engelmaier *l, double d_gamma, double mean_kelvin,
                      double cycles_a_day);

/** Norris-Landzberg: cycles in use over cycles in the test, (dT_test/dT_use)^n (f_use/f_test)^m exp(Ea/k (1/T_use - 1/T_test)). */
struct tgv_norris_landzberg {
  double n, m, activation; /* 1, 1, K (energy over Boltzmann's constant) */
};
struct tgv_cycle_of_temperature {
  double range, highest, frequency; /* K, K, in the same unit for both cycles */
};
double tgv_norris_landzberg(const struct tgv_norris_landzberg *l, const struct tgv_cycle_of_temperature *test,
                            const struct tgv_cycle_of_temperature *use);

/** Darveaux: N = K1 w^K2 to the first crack, then K3 w^K4 of crack a cycle; w: inelastic work of a cycle, averaged over the elements next to the
    interface, over `unit`. The constants hold for one size of these elements only. */
struct tgv_darveaux {
  double unit;           /* Pa (J/m3): what K1 and K3 count the work in */
  double K1, K2, K3, K4; /* cycles, 1, m, 1 */
};
double tgv_darveaux_first(const struct tgv_darveaux *l, double work);
/** Until the crack has grown by `length` [m]. */
double tgv_darveaux(const struct tgv_darveaux *l, double work, double length);

/** Syed: N = 1 / (C w), w: creep work of a cycle; C in m3/J. */
double tgv_syed(double C, double work);

#endif
