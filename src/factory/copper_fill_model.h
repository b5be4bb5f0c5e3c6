/* The trained models of the plating step as results: ranges, confusion, held-out errors. */
#ifndef TGV_FACTORY_COPPER_FILL_MODEL_H
#define TGV_FACTORY_COPPER_FILL_MODEL_H

#include "model/run.h"
#include "solver/plating_class.h"

/** Adds scalars and tables of all classes to the current result. */
void tgv_copper_fill_models(struct tgv_run *run, const struct tgv_plating_classes *classes);

#endif
