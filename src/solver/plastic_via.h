/* A solid via whose copper yields and creeps, in elastic glass: uniform stress in the copper, one small system a step. */
#ifndef TGV_SOLVER_PLASTIC_VIA_H
#define TGV_SOLVER_PLASTIC_VIA_H

#include "solver/layered_cylinder.h"
#include "solver/material.h"

struct tgv_plastic_via {
  const struct tgv_material   *copper; /* any law; its reference temperature is that of the glass too */
  struct tgv_temperature_curve E, nu, cte;
  double
      cell; /* radius of the free cell of glass over that of the via: generalised plane strain; INFINITY: relative plane strain in
                  endless glass */
};

struct tgv_plastic_via_state {
  double time, temperature;
  double radial, axial;           /* strain of the copper in the plane and along the axis */
  double copper[TGV_STATES_MOST]; /* solver/material.h */
  double glass_hoop, glass_axial; /* stress of the glass at the wall [Pa] */
};

/** Free of stress at the reference temperature, time 0. */
void tgv_plastic_via_start(const struct tgv_plastic_via *v, struct tgv_plastic_via_state *s);
/** On to a temperature [K] and a time [s]. */
tgv_status           tgv_plastic_via_step(const struct tgv_plastic_via *v, double temperature, double time,
                                          struct tgv_plastic_via_state *s);
static inline double tgv_plastic_via_radial(const struct tgv_plastic_via_state *s)
{
  return s->copper[TGV_STATE_STRESS];
}
static inline double tgv_plastic_via_axial(const struct tgv_plastic_via_state *s)
{
  return s->copper[TGV_STATE_STRESS + 2];
}

#endif
