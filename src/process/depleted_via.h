/* The model eikonal where the etchant runs short along the wall: what that takes from vias by Huygens' principle. */
#ifndef TGV_PROCESS_DEPLETED_VIA_H
#define TGV_PROCESS_DEPLETED_VIA_H

#include "process/etched_via.h"
#include "solver/etch_depletion.h"

struct tgv_depleted_via {
  struct tgv_etch_depletion tables;
  float                     supply; /* n_g / (D c0) [s/m2] */
  bool                      both;   /* faces are wetted */
};

/** Changes the columns that Huygens' principle has given for the block. */
void tgv_depleted_via_correct(const struct tgv_depleted_via *d, const struct tgv_etch_recipe *recipe,
                              const struct tgv_etched_via *via, struct tgv_block *b);

#endif
