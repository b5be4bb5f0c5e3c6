/* Potential, metal ion and additive in the bath over a plated surface, one implicit step at a time. */
#ifndef TGV_SOLVER_PLATING_FIELDS_H
#define TGV_SOLVER_PLATING_FIELDS_H

#include "core/error.h"
#include "solver/anderson.h"
#include "solver/front_surface.h"
#include "solver/plating_case.h"
#include "solver/sparse_spd.h"

enum { TGV_PLATING_PHASES = 8 }; /* segments of a waveform that can be averaged */

/** What drives the current now: one value, or the phases of a waveform that is averaged over its period. */
struct tgv_plating_drive {
  size_t phases;
  double value[TGV_PLATING_PHASES], share[TGV_PLATING_PHASES]; /* V or A/m2; shares of the period, sum 1 */
};

/** What happens on each piece of surface, [pieces]. The caller owns the arrays. */
struct tgv_plating_state {
  double *theta;    /* coverage; in: before the step, out: after it */
  double *current;  /* mean current density [A/m2] */
  double *speed;    /* of growth [m/s] */
  double *ion;      /* at the surface, over bulk */
  double *additive; /* at the surface, over bulk */
};

struct tgv_plating_fields {
  const struct tgv_plating_case *c;    /* borrowed */
  const struct tgv_front_grid   *grid; /* borrowed */
  size_t                         rows;
  int32_t                       *row_of;  /* [cells]; -1: never bath */
  size_t                        *cell_of; /* [rows] */
  int                           *start, *column, (*slot)[5];
  double                        *right, *down;   /* [rows] geometric conductances to the neighbours */
  double                        *far, *far_area; /* [rows] conductance to the stirred bath, open area there */
  double                        *mass;           /* [rows] volume of bath; 0: not part of it now */
  double         *shift_r, *shift_z; /* [rows] of the point a value stands for from the middle of the cell */
  bool           *active;
  double         *ion, *additive, *potential[TGV_PLATING_PHASES];             /* [rows] */
  double         *ion_old, *additive_old, *potential_old[TGV_PLATING_PHASES]; /* before the step */
  double         *diagonal, *residual, *correction;
  double         *positive, *slope, *theta; /* [pieces] work: growth only, d i / d c, after the step */
  struct tgv_spd *psi_solver, *ion_solver, *additive_solver;
  double         *point; /* work: all fields in one vector, twice */
  struct tgv_anderson mixer;
  size_t              sweeps;
};

/** Are the segments of this case so short against diffusion over the stirred layer that their mean is used? */
bool       tgv_plating_fields_averages(const struct tgv_plating_case *c);
tgv_status tgv_plating_fields_new(const struct tgv_plating_case *c, const struct tgv_front_surface *s,
                                  struct tgv_plating_fields *out);
void       tgv_plating_fields_release(struct tgv_plating_fields *f);
/** Takes the cut cells of the surface; cells that the bath does not reach (reach[cells] = 0) rest. */
void tgv_plating_fields_shape(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                              const unsigned char *reach);
/** One implicit step of length dt on the present shape. *converged false: nothing has changed, take a shorter step. */
tgv_status tgv_plating_fields_step(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                                   const struct tgv_plating_drive *drive, double dt,
                                   struct tgv_plating_state *state, bool *converged);
/** Takes the fields (not the state) back to before the last step. */
void tgv_plating_fields_undo(struct tgv_plating_fields *f);

#endif
