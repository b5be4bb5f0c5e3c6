/* The flow: the stages that make the vias of one panel, in factory order, with what they have prepared for that panel. */
#ifndef TGV_MODEL_FLOW_H
#define TGV_MODEL_FLOW_H

#include <stdbool.h>

#include "model/panel.h"
#include "model/stage.h"

struct tgv_flow {
  const struct tgv_project      *project;
  const struct tgv_package      *package;
  const struct tgv_panel        *panel;
  struct tgv_random_key          key; /* of this panel */
  uint32_t                       lot, number;
  size_t                         stage_count;
  const struct tgv_stage *const *stage; /* INPUTS and VIAS stages only, those chosen by the project */
  void                         **state; /* [stage_count] */
  struct tgv_place_maps          maps;  /* of all chosen stages that make one */
};

/** Keeps the stages of the list that are of kind INPUTS or VIAS and chosen by the project. Borrows everything. */
tgv_status tgv_flow_open(const struct tgv_project *p, const struct tgv_package *k,
                         const struct tgv_panel *panel, const struct tgv_stage *const *stages,
                         struct tgv_flow **out);
/** Prepares every stage for panel `number` of the lot (fields, defects...). May be called again for the next panel. */
tgv_status tgv_flow_panel(struct tgv_flow *f, uint32_t lot, uint32_t number);
void       tgv_flow_close(struct tgv_flow *f);
/** Whether one of its stages writes the column. */
bool tgv_flow_writes(const struct tgv_flow *f, enum tgv_column c);

/** Fills b with the vias local .. local + n - 1 (one group) of unit `unit` and runs all stages on them. */
void tgv_flow_vias(const struct tgv_flow *f, size_t unit, uint64_t local, size_t n, struct tgv_block *b);
/** The same for given inputs: the caller has set n, group, via_group, x, y, input[][]; runs the VIAS stages only and sets the
    flags from the limits of the group. What the rare-event analysis and the cases use. */
void tgv_flow_physics(const struct tgv_flow *f, struct tgv_block *b);
/** Sets every input of b to its nominal value in the project. */
void tgv_block_nominal(const struct tgv_project *p, struct tgv_block *b);

#endif
