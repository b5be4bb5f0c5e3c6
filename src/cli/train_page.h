/* The page about trained plating models: ranges, confusion of regimes, held-out errors. */
#ifndef TGV_CLI_TRAIN_PAGE_H
#define TGV_CLI_TRAIN_PAGE_H

#include "core/text.h"
#include "solver/plating_class.h"

void tgv_train_page_begin(struct tgv_text *page);
/** A section about a class that has a model. */
void tgv_train_page_class(struct tgv_text *page, const char *project, const char *group,
                          const struct tgv_plating_class *c);

#endif
