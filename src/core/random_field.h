/* Stationary Gaussian random fields on a grid, exact in their covariance, two for each Fourier transform.
   What cannot be exact is measured and reported: see negative_mass. Sample them at points with
   core/field_grid.h. */
#ifndef TGV_CORE_RANDOM_FIELD_H
#define TGV_CORE_RANDOM_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/field_grid.h"
#include "core/random.h"

/** Covariance of two points at distance r, correlation length l. */
enum tgv_random_field_form {
  TGV_FIELD_EXPONENTIAL, /* exp(-r/l), Matern nu = 1/2: continuous, rough */
  TGV_FIELD_MATERN32,    /* (1 + sqrt(3) r/l) exp(-sqrt(3) r/l), Matern nu = 3/2: once differentiable */
  TGV_FIELD_GAUSSIAN,    /* exp(-(r/l)^2): smooth */
  TGV_FIELD_FORM_COUNT
};

/** C(r), 1 at r = 0. */
double tgv_random_field_covariance(enum tgv_random_field_form form, double length, double r);

/** Largest share of the variance that bilinear interpolation on a grid of steps dx, dy loses, in the middle
 * of a cell. */
double tgv_random_field_loss(enum tgv_random_field_form form, double length, double dx, double dy);
/** The step of a square grid that loses 1 %: 0.0118 l (exponential), 0.0867 l (Matern 3/2), 0.1 l (Gaussian).
 */
double tgv_random_field_step(enum tgv_random_field_form form, double length);

/** What is asked for. */
struct tgv_random_field_spec {
  int                        nx, ny; /* nodes, each >= 1 */
  double                     dx, dy; /* steps, m */
  enum tgv_random_field_form form;
  double                     length;   /* correlation length, m */
  int                        max_grow; /* how often the torus may be doubled, 0: never */
  size_t                     max_size; /* largest torus in nodes, 0: TGV_RANDOM_FIELD_SIZE */
};

/** 4 million nodes: sampling needs at most 34 MB beside the plan's 8 MB. */
enum { TGV_RANDOM_FIELD_SIZE = 1 << 22 };

/** All that fields of one covariance share; read only after tgv_random_field_plan_new. */
struct tgv_random_field_plan {
  struct tgv_random_field_spec spec;
  int                          torus_nx, torus_ny;
  int                          grown; /* doublings beyond the smallest torus */
  /* eigenvalues of the covariance on the torus; their mean is 1 */
  double lambda_min, lambda_max;
  /* m = sum of |negative eigenvalues| / sum of |all|; 0: the covariance of a sample is exact. Otherwise they were
     set to 0 and the others scaled to variance 1, and every covariance is within 2 m / (1 - m) of what was asked. */
  double  negative_mass;
  double *amplitude;      /* [torus_ny / 2 + 1][torus_nx / 2 + 1] square roots of eigenvalue / nodes */
  void   *rows, *columns; /* transforms */
};

/** Computes the eigenvalues, doubling the torus while one is below -1e-12 of the largest and growth is
   allowed. TGV_INPUT: impossible spec, or even the smallest torus is above max_size. Free with
   tgv_random_field_plan_free(). */
tgv_status tgv_random_field_plan_new(const struct tgv_random_field_spec *spec,
                                     struct tgv_random_field_plan      **out);
void       tgv_random_field_plan_free(struct tgv_random_field_plan *plan);

/** Two independent fields of mean 0 and variance 1 (b may be NULL). A function of (plan, key, stream) alone: the
    same bits for any number of threads and ranks. From one processor to another only exp and sincos of the C library
    can differ, in the last place. Indices 0 .. nodes of the torus / 2 of the stream are used. Uses OpenMP threads;
    may be called from several threads. */
tgv_status tgv_random_field_sample(const struct tgv_random_field_plan *plan, struct tgv_random_key key,
                                   uint32_t stream, double *a /* [ny][nx] */, double *b /* [ny][nx] */);

#endif
