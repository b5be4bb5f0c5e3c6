/* Symmetric positive definite systems that are solved again and again while they change a little: conjugate gradients
   with an exact factor of a recent matrix, renewed when it has grown stale. */
#ifndef TGV_SOLVER_SPARSE_SPD_H
#define TGV_SOLVER_SPARSE_SPD_H

#include <stddef.h>

#include "core/error.h"

struct tgv_spd;

/** row[n + 1], column[row[n]]: the pattern of all entries, both triangles, columns rising; borrowed until the end.
    The values are set through tgv_spd_values before each solve. */
tgv_status tgv_spd_new(size_t n, const int *row, const int *column, struct tgv_spd **out);
void       tgv_spd_free(struct tgv_spd *s);
double    *tgv_spd_values(struct tgv_spd *s); /* [row[n]] */
/** x[n] holds the start and takes the solution of A x = b to the relative tolerance. TGV_SOLVER if it fails. */
tgv_status tgv_spd_solve(struct tgv_spd *s, const double *b, double *x, double tolerance);

#endif
