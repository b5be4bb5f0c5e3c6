/* What the filled vias of a project are made of and go through, as the stress of a via needs it. */
#ifndef TGV_ANALYSIS_VIA_LOAD_H
#define TGV_ANALYSIS_VIA_LOAD_H

#include "model/project.h"
#include "solver/layered_cylinder.h"
#include "solver/material.h"
#include "solver/thermal_history.h"

enum { TGV_THERMAL_LEGS = 64 };

struct tgv_via_load {
  enum tgv_axial             constraint;
  struct tgv_material        copper;  /* law and expansion; its reference is the temperature without stress */
  bool                       plastic; /* it may yield */
  double                     glass_E, glass_nu, glass_cte, glass_K_IC; /* K_IC 0: unknown */
  double                     lining, liner, liner_E, liner_nu, liner_cte;
  double                     interface; /* toughness of the interface, J/m2 */
  size_t                     legs;
  struct tgv_thermal_leg     leg[TGV_THERMAL_LEGS];
  const char                *leg_name[TGV_THERMAL_LEGS]; /* of the project */
  struct tgv_thermal_history history;                    /* the first cycles of every leg */
};

/** Reads the sections via_stress, thermal_history, core, film_adhesion and the library; refuses what is not known. Release it. */
tgv_status tgv_via_load_read(const struct tgv_project *p, struct tgv_via_load *out);
void       tgv_via_load_release(struct tgv_via_load *l);
#define TGV_VIA_LOAD_SECTIONS TGV_S_via_stress, TGV_S_thermal_history, TGV_S_core, TGV_S_film_adhesion

#endif
