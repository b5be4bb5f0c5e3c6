/* All properties of a glass by formula at once, as the stage glass_formulation and the command tgv glass show them. */
#ifndef TGV_PROCESS_GLASS_FORMULATION_H
#define TGV_PROCESS_GLASS_FORMULATION_H

#include "process/glass_models.h"

struct tgv_formulation {
  struct tgv_composition composition;
  double                 density;               /* measured, SI; 0: from the molar volumes */
  const char *chosen[TGV_GLASS_PROPERTY_COUNT]; /* name of the model of each property; NULL: its default */
  struct tgv_glass_value value[TGV_GLASS_PROPERTY_COUNT]; /* by the chosen models */
  double                 packing;                         /* V_t */
  struct tgv_vft         vft;
  bool                   has_vft;
  size_t                 outside; /* properties outside the window of their model */
};
/** Fills in what follows from composition, density and chosen. */
void tgv_formulation_evaluate(struct tgv_formulation *f);

#endif
