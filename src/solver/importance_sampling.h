/* Importance sampling of failures from a mixture of proposals, for several limit states at once. */
#ifndef TGV_SOLVER_IMPORTANCE_SAMPLING_H
#define TGV_SOLVER_IMPORTANCE_SAMPLING_H

#include "core/random.h"
#include "solver/design_point.h"

enum {
  TGV_PARTS_MAX = 100,
  TGV_BATCHES = 20 /* independent batches of samples: 19 degrees of freedom of every standard error */
};

/** The proposals, densities over the standard normal density phi(u):
    PLAIN       phi itself
    SHIFTED     normal with standard deviation `scale` about `centre`
    HALF_SPACE  phi where direction . u > reach, none elsewhere; `centre` holds the unit direction
    RING        phi where the distance from the origin in the plane of `centre` and `side`, two orthogonal unit vectors,
                exceeds reach, none elsewhere
    RADIAL      isotropic beyond the sphere |u| = reach; |u|^2 - reach^2 exponential with mean 2 / scale */
enum tgv_part_kind { TGV_PART_PLAIN, TGV_PART_SHIFTED, TGV_PART_HALF_SPACE, TGV_PART_RING, TGV_PART_RADIAL };

struct tgv_proposal_part {
  enum tgv_part_kind kind;
  double             weight; /* the weights sum up to 1 */
  double             centre[TGV_NORMALS_MAX], side[TGV_NORMALS_MAX];
  double             scale, reach;
  double             log_norm; /* set by tgv_proposal_add */
};

struct tgv_proposal {
  size_t                   dimension, count;
  size_t                   focus; /* the state whose failures set the weights; SIZE_MAX: all */
  struct tgv_proposal_part part[TGV_PARTS_MAX];
};

/** Adds a part with weight 1 unless the proposal is full; weights are normalised by tgv_proposal_weigh. */
void tgv_proposal_add(struct tgv_proposal *q, const struct tgv_proposal_part *part);
/** The usual mixture for design points: for each a shifted normal and a half space, a ring
    where the surface bends, beside them a radial part
   where that makes sense and a plain part if the origin or something near it fails. `scale` 1 for the
   estimate, 1.25 for a check. */
void tgv_proposal_for(struct tgv_proposal *q, size_t dimension, const struct tgv_design_point *points,
                      size_t n, double scale);
/** Normalises the weights. The radial part, which looks everywhere, keeps at least `reserve`; the others
 * together as much. */
void tgv_proposal_weigh(struct tgv_proposal *q, double reserve);

/** What samples say. A share divides each failed sample equally among the limit states it violates: the
   shares of all states add up to `any`. */
struct tgv_importance {
  size_t n;
  double any, any_error; /* probability that any state fails, its standard error */
  double p[TGV_LIMIT_STATES_MAX], error[TGV_LIMIT_STATES_MAX], share[TGV_LIMIT_STATES_MAX];
  double effective;          /* effective sample size of the failures, (sum W)^2 / sum W^2 */
  double use[TGV_PARTS_MAX]; /* how much each part contributes to the failures of all states, for
                                tgv_proposal_adapt */
};

/** Where the random numbers come from; the samples are number first .. first + n - 1 of the streams stream ..
 * stream + 8. */
struct tgv_sample_source {
  struct tgv_random_key key;
  uint32_t              stream;
  uint64_t              first;
};

/** Draws about n samples, each part its share of them (the balance heuristic over the counts drawn). */
void tgv_importance_run(const struct tgv_limit_states *s, const struct tgv_proposal *q, size_t n,
                        const struct tgv_sample_source *source, struct tgv_importance *out);
/** Sets the weights of the parts to what a run has found them to be worth (cross entropy). */
void tgv_proposal_adapt(struct tgv_proposal *q, const struct tgv_importance *seen, double reserve);

/** Drops the parts whose weight is below `least`, but not rings, a radial part, nor the last one. */
void tgv_proposal_prune(struct tgv_proposal *q, double least);

#endif
