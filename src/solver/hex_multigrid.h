/* Geometric multigrid on the lattices of a tgv_hex_mesh, in float: the preconditioner of elasticity. */
#ifndef TGV_SOLVER_HEX_MULTIGRID_H
#define TGV_SOLVER_HEX_MULTIGRID_H

#include "solver/hex_operator.h"

struct tgv_hex_multigrid;

/** Coarser and coarser lattices below that of `fine`, which is borrowed, as far as they can be halved or are small. Order 2 becomes order
    1 on the first of them. TGV_MEMORY, TGV_SOLVER if the coarsest has more unknowns than a direct solver should be given. */
tgv_status tgv_hex_multigrid_make(const struct tgv_hex_operator *fine, struct tgv_hex_multigrid **out);
void       tgv_hex_multigrid_free(struct tgv_hex_multigrid *m);
/** x = one V-cycle for K x = b from x = 0; b, x [tgv_hex_field(fine)], both 0 in held entries. TGV_SOLVER if the coarsest fails. */
tgv_status tgv_hex_multigrid_cycle(struct tgv_hex_multigrid *m, const float *b, float *x);
size_t     tgv_hex_multigrid_levels(const struct tgv_hex_multigrid *m);

#endif
