/* Sobol indices of what varies, by process input: of the geometry of a via, and of the loss of a unit. */
#ifndef TGV_FACTORY_SENSITIVITY_INDICES_H
#define TGV_FACTORY_SENSITIVITY_INDICES_H

#include "factory/yield_study.h"
#include "solver/sobol_indices.h"

struct tgv_indices_source {
  const struct tgv_flow      *flow;
  const struct tgv_variation *variation; /* all of it */
  size_t                      points; /* of each of TGV_INDICES_REPETITIONS quasi-random designs, at most */
  double                      confidence;
  uint64_t                    seed;
  uint32_t                    lot; /* the random numbers are those of this lot and some after it */
};

enum { TGV_INDICES_REPETITIONS = 16, TGV_INDICES_OUTPUTS = 4 };

/** The indices of some outputs. group[i] is the number in `sobol` of the i-th input of the variation, group[count] that of the place
    on the panel, which is what trends, edges, distortions of the scan field and bow come to; SIZE_MAX: not random. */
struct tgv_indices {
  size_t                  inputs, outputs, points;
  const char             *name[TGV_INDICES_OUTPUTS];
  size_t                  group[TGV_INPUT_MAX + 1];
  struct tgv_sobol_result sobol;
};

/** Of D_top, D_waist, position error and thickness of a random via of a group at a random place; all components of an input belong
    together. TGV_SOLVER if the physics gives a value that is not finite, TGV_INTERRUPTED. On an error out holds nothing. */
tgv_status tgv_indices_of_via(const struct tgv_indices_source *s, const struct tgv_via_group *g,
                              struct tgv_indices *out);
/** Of the fail probability of a random unit (output 0) and of the logarithm of its faults (1); the lot, panel, scan and field terms of an input belong together. The source's flow and
    variation are not used. The cost is bounded: there may be fewer points than asked for. */
tgv_status tgv_indices_of_unit(const struct tgv_indices_source *s, const struct tgv_yield_study *study,
                               struct tgv_indices *out);

void tgv_indices_release(struct tgv_indices *x);

/** Whether the intervals of all total indices of an output are narrower than 0.6; otherwise its indices mean nothing. */
bool tgv_indices_known(const struct tgv_indices *x, size_t output);

/** First-order and total index of input i (count: the place) for an output; false if the input has no random part there. */
bool tgv_indices_get(const struct tgv_indices *x, size_t output, size_t i, struct tgv_sobol_estimate *first,
                     struct tgv_sobol_estimate *total);

#endif
