/* Generalized minimal residuals for a linear operator that is only known by its products. */
#ifndef TGV_SOLVER_GMRES_H
#define TGV_SOLVER_GMRES_H

#include <stddef.h>

#include "core/error.h"

enum { TGV_GMRES_DEPTH = 60 }; /* most iterations; there is no restart */

struct tgv_gmres {
  size_t  n;
  double *basis; /* [TGV_GMRES_DEPTH + 1][n] */
};

tgv_status tgv_gmres_new(size_t n, struct tgv_gmres *out);
void       tgv_gmres_release(struct tgv_gmres *g);
struct tgv_gmres_operator {
  tgv_status (*apply)(void *data, const double *x, double *y); /* y = A x */
  void *data;
};
/** x[n] = solution of A x = b to the relative tolerance, from 0, or the best in TGV_GMRES_DEPTH iterations. Tells how many it took. */
tgv_status tgv_gmres_solve(struct tgv_gmres *g, const struct tgv_gmres_operator *a, const double *b,
                           double tolerance, double *x, size_t *iterations);

#endif
