/* What the growing surface owes: the volume of metal that its current has paid for, less that by which cutting the cells has moved it.
   Kept cell by cell and paid off by the surface there, so that metal grows where its charge has passed, whatever the grid does
   with corners, seams and closing gaps. */
#ifndef TGV_SOLVER_FRONT_DEBT_H
#define TGV_SOLVER_FRONT_DEBT_H

#include "core/error.h"
#include "solver/front_nearest.h"

struct tgv_front_debt {
  double *cell;          /* [cells] volume owed in the cell, per radian */
  double *area;          /* [cells] work: surface in the cell */
  double *piece;         /* [pieces] volume owed by the piece */
  double *flow, *weight; /* [pieces] work */
};

tgv_status tgv_front_debt_new(const struct tgv_front_surface *s, struct tgv_front_debt *out);
void       tgv_front_debt_release(struct tgv_front_debt *d);
/** The pieces that speed[k] moves for a time dt owe what this paid for. */
void tgv_front_debt_charge(struct tgv_front_debt *d, const struct tgv_front_surface *s, const double *speed,
                           double dt);
/** The surface has moved from one cutting of the grid to the next. */
void tgv_front_debt_moved(struct tgv_front_debt *d, const struct tgv_front_surface *from,
                          const struct tgv_front_surface *to);
/** How debts are paid: within a time, at most over a way [m]; phi[nodes] now and before plating. */
struct tgv_front_terms {
  double        dt, most;
  const double *phi, *start;
};
/** Hands the debts of the cells to the pieces nearest to them (n: of this surface), smooths them along the chains over about two
    pieces and adds to speed[pieces] what pays them off within dt. */
void tgv_front_debt_pay(struct tgv_front_debt *d, const struct tgv_front_nearest *n,
                        const struct tgv_front_terms *t, double *speed);

#endif
