/* Inside of the terminal effect: its grid, the film, the surface. Only for solver/terminal_*.c. */
#ifndef TGV_SOLVER_TERMINAL_INSIDE_H
#define TGV_SOLVER_TERMINAL_INSIDE_H

#include <petscksp.h>

#include "solver/bath_slab.h"
#include "solver/terminal_effect.h"

struct tgv_terminal_grid {
  const struct tgv_terminal *t;
  double                     dx, dy;
  PetscInt                   n;      /* cells of the face */
  PetscInt                  *number; /* [ny][nx], -1 outside */
  double                    *film;   /* [ny][nx] thickness */
  double                    *touch;  /* [ny][nx] length of contact over its distance from the cell */
  Mat                        matrix; /* of the film */
  Vec                        source, potential;
  KSP                        ksp;
  struct tgv_bath_slab      *slab; /* NULL: a resistance at every place */
  double                    *all;  /* [ny][nx] of the slab */
  double *j, *v, *psi, *given; /* [n] current density, drop of the film, charge transfer; drop by t->given */
  double  e;
  size_t  solves;
};

static inline size_t tgv_terminal_at(const struct tgv_terminal_grid *g, int i, int j)
{
  return (size_t)j * (size_t)g->t->nx + (size_t)i;
}

/* The charge transfer alone, and its slope. */
double tgv_face_transfer(const struct tgv_face *f, double psi, double *slope);
/* Whether there is such a cell on the face. */
bool tgv_terminal_inside(const struct tgv_terminal_grid *g, int i, int j);
/* Allocates and sets everything but the film's matrix and the slab. */
void tgv_terminal_grid_lay(const struct tgv_terminal *t, struct tgv_terminal_grid *g);
/* Conductance of a cell to the contacts. */
double         tgv_terminal_anchor(const struct tgv_terminal_grid *g, int i, int j);
PetscErrorCode tgv_terminal_film_open(struct tgv_terminal_grid *g);
PetscErrorCode tgv_terminal_film_close(struct tgv_terminal_grid *g);
/* The film as it is now. */
PetscErrorCode tgv_terminal_film_set(struct tgv_terminal_grid *g);
/* Drop [n] of the film for the current density [n] that enters it. */
PetscErrorCode tgv_terminal_film_drop(struct tgv_terminal_grid *g, const double *current, double *drop);
/* Drop [n] of film and bath together. */
PetscErrorCode tgv_terminal_drop(struct tgv_terminal_grid *g, const double *current, double *drop);
/* What the wall of a via takes at the charge transfer psi, or the face if there is none. */
double tgv_terminal_bare(const struct tgv_terminal_grid *g, double psi, double *slope);
/* Finds j, psi, v and e for the film as it is. */
tgv_status tgv_terminal_balance(struct tgv_terminal_grid *g);
/* E at which the surface takes what is wanted if nothing drops in film and bath. */
double tgv_terminal_start(const struct tgv_terminal_grid *g);

#endif
