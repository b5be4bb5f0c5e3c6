/* Thermo-elastic bodies of several materials on a generated mesh: displacements and stresses. */
#ifndef TGV_SOLVER_ELASTICITY_H
#define TGV_SOLVER_ELASTICITY_H

#include "solver/hex_multigrid.h"

enum tgv_elasticity_method {
  TGV_ELASTICITY_MULTIGRID, /* without a matrix; conjugate gradients with hex_multigrid */
  TGV_ELASTICITY_GAMG,      /* assembled; conjugate gradients with PETSc's algebraic multigrid */
  TGV_ELASTICITY_DIRECT     /* assembled; CHOLMOD */
};

struct tgv_elasticity_result {
  int    iterations;
  double residual;       /* of the equations over that at the start; 0 for a direct solver */
  size_t levels;         /* of multigrid */
  double setup, seconds; /* processor time */
};

/** K u = f for the body of the operator; u [tgv_hex_field] takes the displacement, 0 in held entries; its content is the start.
    tolerance: residual over |f|. TGV_SOLVER if it is not reached in 500 iterations. */
tgv_status tgv_elasticity_solve(const struct tgv_hex_operator *o, const double *f,
                                enum tgv_elasticity_method method, double tolerance, double *u,
                                struct tgv_elasticity_result *out);

/** Equations to be solved by conjugate gradients: the stiffness of op, or of the tangents of law, with a multigrid of a like body. */
struct tgv_elasticity_system {
  const struct tgv_hex_operator *op;
  const struct tgv_hex_law      *tangent; /* values 21; NULL: linear */
  struct tgv_hex_multigrid      *multigrid;
};
/** K u = f as above; levels and times are not filled. */
tgv_status tgv_elasticity_iterate(const struct tgv_elasticity_system *s, const double *f, double tolerance,
                                  double *u, struct tgv_elasticity_result *out);

#endif
