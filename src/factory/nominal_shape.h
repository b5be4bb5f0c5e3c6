/* The nominal via before its metal: the steps that make its shape, alone. */
#ifndef TGV_FACTORY_NOMINAL_SHAPE_H
#define TGV_FACTORY_NOMINAL_SHAPE_H

#include "model/flow.h"
#include "solver/plating_class.h"

/** Follows the nominal via of a group, in the middle of the panel, through the stages up to the last that writes D_top; b->n is 1. */
tgv_status tgv_nominal_shape(const struct tgv_project *p, const struct tgv_stage *const *stages, size_t group,
                             struct tgv_block *b);

/** The nominal via of the block, of group `group` of the package, as a class of its own (no axes, no model) with its inputs: the same bath,
    drive, pitch and shape as the vias of the panel have. */
tgv_status tgv_nominal_plating(const struct tgv_project *p, const struct tgv_package *k, size_t group,
                               const struct tgv_block *b, struct tgv_plating_class *c,
                               double x[TGV_PLATING_INPUTS]);

/** Stages of the list for which keep() holds, ends with NULL; free() it. */
const struct tgv_stage **tgv_stages_kept(const struct tgv_stage *const *all,
                                         bool (*keep)(const struct tgv_stage *));

#endif
