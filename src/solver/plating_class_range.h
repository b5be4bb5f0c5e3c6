/* Where the vias of a class lie: the ranges of what their plating depends on. */
#ifndef TGV_SOLVER_PLATING_CLASS_RANGE_H
#define TGV_SOLVER_PLATING_CLASS_RANGE_H

#include "solver/plating_class.h"

/** Sets upper, lower, base, axes, axis, low and high of a class whose group is set; no axes: (nearly) all vias are closed. */
tgv_status tgv_plating_class_range(const struct tgv_flow *flow, struct tgv_plating_class *c);

#endif
