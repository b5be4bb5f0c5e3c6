/* Laws of materials at a point: total strain and temperature in, stress, state and consistent tangent out. Made for field solvers: many
   points a call, no allocation, no state of its own, any number of threads; one-element problems and the via in closed form use it too.

   Vectors of 6 are xx, yy, zz, yz, zx, xy. Strains have engineering shears (2 e_xy), stresses not, so stress . strain is work. A
   plane-strain or axisymmetric solver sets the shears that it does not have to 0.

   The strain is the total strain from the state at the reference temperature, free of stress and of inelastic strain:
   stress = C(T) : (strain - thermal(T) - inelastic). Elastic constants may change with temperature; all of a law's parameters may. */
#ifndef TGV_SOLVER_MATERIAL_H
#define TGV_SOLVER_MATERIAL_H

#include <stddef.h>

#include "core/error.h"
#include "solver/temperature_curve.h"

enum { TGV_BACKSTRESSES = 4 }; /* most */

enum tgv_creep_law {
  TGV_CREEP_NONE,
  TGV_CREEP_POWER,          /* c' = A q^n exp(-Q/T) */
  TGV_CREEP_TIME_HARDENING, /* c' = A q^n t^m exp(-Q/T), t: time since creep began; also called primary creep */
  TGV_CREEP_ANAND           /* c' = A exp(-Q/T) sinh(xi q / S)^(1/m), S' = h0 |1 - S/S*|^a sign(1 - S/S*) c',
                               S* = S_hat (c' exp(Q/T) / A)^n; without a yield stress of its own */
};

/** Isotropic, von Mises. q: equivalent stress, p: equivalent plastic strain, c: equivalent creep strain. Start from {0}: what is 0 is
    not there. */
struct tgv_material {
  struct tgv_temperature_curve E, nu, cte; /* Pa, 1, 1/K */
  double                       reference;  /* K: temperature at which it is free of thermal strain */

  /* Yields at |s - X| = yield + hardening p + voce_Q (1 - exp(-voce_b p)); without points in `yield` it never does. Bilinear isotropic:
     hardening. Voce: voce_Q, voce_b. */
  struct tgv_temperature_curve yield, hardening, voce_Q, voce_b; /* Pa, Pa, Pa, 1 */
  /* Backstress X = sum of 2/3 C_i a_i, da_i = d(plastic strain) - gamma_i a_i dp (Armstrong-Frederick; Chaboche: several). Bilinear
     kinematic: one with gamma = 0, C: the slope of the stress over the plastic strain in a tensile test. */
  size_t                       backstresses;
  struct tgv_temperature_curve C[TGV_BACKSTRESSES], gamma[TGV_BACKSTRESSES]; /* Pa, 1 */

  enum tgv_creep_law creep;
  struct {
    double A, n, m,
        Q; /* POWER, TIME_HARDENING: Pa^-n s^-(1+m), 1, 1 (above -1), K (activation energy over the gas constant) */
  } power;
  struct {
    double A, Q, xi, m, S_hat, n, h0, a, S0; /* ANAND: 1/s, K, 1, 1, Pa, 1, Pa, 1, Pa */
  } anand;
};

/** Refuses what no point could be computed with: signs, Poisson's ratio, Anand's law together with a yield stress. */
tgv_status tgv_material_check(const struct tgv_material *m, const char *name);

/* State of a point: tgv_material_states() doubles, of which these stand in every law. */
enum {
  TGV_STATE_STRESS = 0,    /* 6 [Pa] */
  TGV_STATE_INELASTIC = 6, /* 6, engineering shears */
  TGV_STATE_PLASTIC = 12,  /* p */
  TGV_STATE_CREEP = 13,    /* c */
  TGV_STATE_WORK = 14,     /* inelastic work done so far [J/m3], trapezoidal over the steps */
  TGV_STATE_LAW = 15,      /* from here: a_i (6 each, tensor shears), or Anand's S [Pa] */
  TGV_STATES_MOST = TGV_STATE_LAW + 6 * TGV_BACKSTRESSES
};
size_t tgv_material_states(const struct tgv_material *m);
/** The state of n fresh points. */
void tgv_material_start(const struct tgv_material *m, size_t n, double *state);

/** One step in time of n points of one material. */
struct tgv_material_step {
  size_t        n;
  double        time0, time; /* s, since creep began; equal: creep stands still */
  const double *strain;      /* [n][6] at the end of the step */
  const double *temperature; /* [n] K at the end of the step */
  const double *before;      /* [n][tgv_material_states] */
  double       *after;       /* the same at the end of the step; not the same memory */
  double       *tangent; /* [n][36] d stress / d strain of this update, row by row, Pa; NULL: not wanted */
};
/** Backward Euler (radial return): one scalar equation for p and one for c of a point, each solved to rounding with a bracket. */
tgv_status tgv_material_update(const struct tgv_material *m, const struct tgv_material_step *s);

/** Lame constants and the like at a temperature. */
struct tgv_elastic {
  double G, K, thermal; /* Pa, Pa, thermal strain */
};
struct tgv_elastic tgv_material_elastic(const struct tgv_material *m, double T);

#endif
