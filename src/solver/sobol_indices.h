/* Sobol indices: which part of the variance of an output comes from which group of independent inputs. */
#ifndef TGV_SOLVER_SOBOL_INDICES_H
#define TGV_SOLVER_SOBOL_INDICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/random.h"

enum {
  TGV_SOBOL_BATCH = 256, /* evaluate gets at most this many points at a time */
  TGV_SOBOL_QUASI = 40,  /* coordinates of the quasi-random sequence; 2 are used a variable */
  TGV_SOBOL_POINTS_MAX = 1 << 24,
  TGV_SOBOL_DIMENSION_MAX = 10000
};

struct tgv_sobol_plan {
  size_t        dimension; /* variables, all independent of each other */
  size_t        groups;    /* without `group` equal to dimension */
  const size_t *group; /* [dimension] group of each variable, 0 .. groups - 1; NULL: each variable its own */
  size_t        outputs;
  size_t        points; /* of one repetition; powers of two are best. Costs points (groups + 2) evaluations */
  size_t        repetitions; /* independent random shifts, at least 2: their scatter gives the error */
  double        confidence;  /* of the intervals, such as 0.95 */
  bool          uniform;     /* u are uniforms in the open interval (0, 1), not normals */
  bool          serial;      /* evaluate must not be called by several threads at the same time */
  struct tgv_random_key key;
  /** The model, y = f(u) at n points. u: [n][dimension], y: [n][outputs], all finite. A pure function of u. */
  void (*evaluate)(const double *u, size_t n, double *y, void *context);
  void *context;
};

/** Mean over the repetitions, its standard error, and the interval of Student's t with repetitions - 1 degrees of
    freedom. An interval may reach below 0 or above 1: it says how well the index is known. */
struct tgv_sobol_estimate {
  double value, error, low, high;
};

struct tgv_sobol_result {
  size_t                     groups, outputs;
  struct tgv_sobol_estimate *first; /* [output][group] share of the variance that the group has alone */
  struct tgv_sobol_estimate *total; /* [output][group] share that goes when the group is fixed */
  struct tgv_sobol_estimate *mean, *variance; /* [output] */
  uint64_t                   evaluations;
};

/** First-order and total index of every group for every output. The index of an output that does not vary is 0.
    The result does not depend on the number of threads. TGV_INPUT if the plan makes no sense, TGV_SOLVER if the
    model gives a value that is not finite, TGV_INTERRUPTED if the user stopped it. On an error *out is empty.
    Source: Saltelli et al., Comput. Phys. Commun. 181, 259 (2010). */
tgv_status tgv_sobol_indices(const struct tgv_sobol_plan *plan, struct tgv_sobol_result *out);
void       tgv_sobol_release(struct tgv_sobol_result *r);

#endif
