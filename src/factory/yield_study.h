/* A yield study: everything from the project to the ensemble, for the stages that need it. */
#ifndef TGV_FACTORY_YIELD_STUDY_H
#define TGV_FACTORY_YIELD_STUDY_H

#include "factory/yield_ensemble.h"

struct tgv_yield_options {
  size_t                         panels, samples; /* of the ensemble; of each estimate for the responses */
  double                         cell;            /* size of a site */
  const struct tgv_lot_proposal *lots;            /* NULL: it is looked for */
};

struct tgv_yield_study {
  struct tgv_variation      *full, *rest; /* with and without the lot and panel terms */
  struct tgv_unit_model     *model;
  struct tgv_lot_proposal    lots;
  struct tgv_ensemble_source source;
  struct tgv_ensemble       *ensemble;
};

/** p is the project of the flow or a copy of it with other spreads. Release the study also if this fails. */
tgv_status tgv_yield_study_init(struct tgv_yield_study *s, const struct tgv_project *p,
                                const struct tgv_flow *f, const struct tgv_yield_options *o);
void       tgv_yield_study_release(struct tgv_yield_study *s);

/** The size of the sites: yield.site, less where a random field is shorter (a third of its length), not below what makes
    65536 sites on a panel. */
double tgv_yield_cell(const struct tgv_project *p, const struct tgv_panel *panel);

#endif
