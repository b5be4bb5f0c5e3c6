/* The parts of solver/material: what happens to the deviator of the stress. */
#ifndef TGV_SOLVER_MATERIAL_INSIDE_H
#define TGV_SOLVER_MATERIAL_INSIDE_H

#include <math.h>
#include <stdbool.h>

#include "solver/material.h"

/** Step of one point: the deviator of the trial stress goes in. */
struct tgv_return {
  const struct tgv_material *material;
  double                     G, temperature, time0, time;
  double                     trial[6];
  const double              *before;
  double                    *after;       /* law-specific part, p and c are written */
  double                     deviator[6]; /* of the stress at the end */
  double                     flow[6];     /* inelastic strain of the step, tensor shears */
  /* d(deviator) / d(trial) = scale 1 + sum of left x right, for the tangent */
  double scale;
  size_t terms;
  double left[4][6], right[4][6];
};

tgv_status tgv_return_flow(struct tgv_return *r);  /* plasticity, creep, or both */
tgv_status tgv_return_anand(struct tgv_return *r); /* Anand's law */

/* tensors of 6 components: the shears count twice */
static inline double tgv_tensor_dot(const double *a, const double *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + 2 * (a[3] * b[3] + a[4] * b[4] + a[5] * b[5]);
}

static inline double tgv_tensor_mises(const double *s)
{
  return sqrt(1.5 * tgv_tensor_dot(s, s));
}

#endif
