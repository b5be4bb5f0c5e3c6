/* Subset simulation: the probability of a rare event as a product of probabilities that are not rare. */
#ifndef TGV_SOLVER_SUBSET_SIMULATION_H
#define TGV_SOLVER_SUBSET_SIMULATION_H

#include "solver/importance_sampling.h"

/** Below this nothing is resolved: the estimate is 0 then. */
#define TGV_SUBSET_LEAST 1e-16

struct tgv_subset {
  double p, error; /* mean of the runs, its standard error with the bias of a run */
  size_t runs, calls;
};

/** Probability that any limit state fails (the least of g_k over |g_k(0)|), from `runs` independent runs (at
   least 4) of `samples` points per level. */
void tgv_subset_simulation(const struct tgv_limit_states *s, size_t samples, size_t runs,
                           const struct tgv_sample_source *source, struct tgv_subset *out);

#endif
