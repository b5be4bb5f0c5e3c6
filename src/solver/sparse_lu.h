/* The exact factors of the coupled rows of a sparse matrix, made anew when asked: the preconditioner of systems that are solved again and again while they
   change a little. */
#ifndef TGV_SOLVER_SPARSE_LU_H
#define TGV_SOLVER_SPARSE_LU_H

#include <stddef.h>

#include "core/error.h"

struct tgv_lu;

/** row[n + 1], column[row[n]]: the pattern of all entries, columns rising.
    The values are set through tgv_lu_values before they are factored. */
tgv_status tgv_lu_new(size_t n, const int *row, const int *column, struct tgv_lu **out);
void       tgv_lu_free(struct tgv_lu *s);
double    *tgv_lu_values(struct tgv_lu *s); /* [row[n]] */
/** Factors the present values. TGV_SOLVER if they are singular. */
tgv_status tgv_lu_factor(struct tgv_lu *s);
/** x[n] = the inverse of the matrix factored last, times b. */
tgv_status tgv_lu_apply(struct tgv_lu *s, const double *b, double *x);

#endif
