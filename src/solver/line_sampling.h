/* Line sampling: the probability of one limit state that has one design point, by lines through it. */
#ifndef TGV_SOLVER_LINE_SAMPLING_H
#define TGV_SOLVER_LINE_SAMPLING_H

#include "solver/importance_sampling.h"

/** P(g_state <= 0) from pairs of lines along the direction of the design point; exact for a plane surface and in one dimension. False
    if a line has no root near the point: then the surface is not one that lines can sample. */
bool tgv_line_sampling(const struct tgv_limit_states *s, const struct tgv_design_point *point, size_t pairs,
                       const struct tgv_sample_source *source,
                       double                          estimate[2] /* value, standard error */);

#endif
