/* The probability of a rare event, with an interval and a check of itself. */
#ifndef TGV_SOLVER_RARE_EVENT_H
#define TGV_SOLVER_RARE_EVENT_H

#include "solver/importance_sampling.h"

struct tgv_rare_options {
  size_t                   samples;    /* of the estimate; the pilot adds 10 %, the check 40 % */
  double                   confidence; /* of the interval, 0.95 */
  struct tgv_sample_source source;     /* 68 streams from source.stream on */
};

struct tgv_rare_event {
  double      p, error, low, high; /* any limit state fails: estimate, standard error, interval */
  double      effective;           /* effective sample size; of the runs for subset simulation */
  double      each[TGV_LIMIT_STATES_MAX], each_error[TGV_LIMIT_STATES_MAX], share[TGV_LIMIT_STATES_MAX];
  double      check, check_error, z; /* the second proposal, and how many standard errors the two differ */
  const char *method;                /* "importance sampling", "subset simulation", "no failure found" */
  size_t      point_count;           /* design points found, of all states */
  struct tgv_design_point point[TGV_PARTS_MAX / 2]; /* the nearest of each state first */
  size_t                  calls;                    /* points at which g was evaluated */
};

/** Estimates P(any g_k(u) <= 0). Where nothing fails within TGV_BETA_MAX the estimate is 0 with high =
 * TGV_SUBSET_LEAST. */
void tgv_rare_event_estimate(const struct tgv_limit_states *s, const struct tgv_rare_options *o,
                             struct tgv_rare_event *out);

#endif
