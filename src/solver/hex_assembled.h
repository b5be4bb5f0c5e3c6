/* The stiffness of a tgv_hex_operator as a matrix of PETSc: to solve small or awkward systems, and to check the product without a
   matrix. */
#ifndef TGV_SOLVER_HEX_ASSEMBLED_H
#define TGV_SOLVER_HEX_ASSEMBLED_H

#include "solver/hex_operator.h"

enum tgv_hex_solver {
  TGV_HEX_DIRECT, /* CHOLMOD */
  TGV_HEX_GAMG    /* conjugate gradients with algebraic multigrid that knows the rigid motions */
};

struct tgv_hex_assembled;

/** Held entries become rows of the identity. TGV_MEMORY, TGV_EXTERNAL. */
tgv_status tgv_hex_assembled_make(const struct tgv_hex_operator *o, enum tgv_hex_solver solver,
                                  struct tgv_hex_assembled **out);
void       tgv_hex_assembled_free(struct tgv_hex_assembled *a);
/** K x = b, fields of the operator; the padding of x is left alone. *iterations may be NULL. TGV_SOLVER if the tolerance (relative, of the
    preconditioned residual) is not reached; a direct solver does not look at it. */
tgv_status tgv_hex_assembled_solve(struct tgv_hex_assembled *a, const double *b, double *x, double tolerance,
                                   int *iterations);
/** y = K x by the matrix; for tests. */
tgv_status tgv_hex_assembled_apply(struct tgv_hex_assembled *a, const double *x, double *y);

#endif
