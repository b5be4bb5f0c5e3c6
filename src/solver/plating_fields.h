/* Potential, metal ion and additive in the bath over a plated surface, one implicit step at a time. */
#ifndef TGV_SOLVER_PLATING_FIELDS_H
#define TGV_SOLVER_PLATING_FIELDS_H

#include "core/error.h"
#include "solver/front_surface.h"
#include "solver/gmres.h"
#include "solver/plating_case.h"
#include "solver/sparse_lu.h"

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

/* The fields in their order; a potential for each phase of the drive */
enum {
  TGV_PLATING_ION,
  TGV_PLATING_ADDITIVE,
  TGV_PLATING_POTENTIAL,
  TGV_PLATING_FIELDS = 2 + TGV_PLATING_PHASES
};

struct tgv_plating_fields {
  const struct tgv_plating_case *c;    /* borrowed */
  const struct tgv_front_grid   *grid; /* borrowed */
  size_t                         rows, fields;
  int32_t                       *row_of;  /* [cells]; -1: never bath */
  size_t                        *cell_of; /* [rows] */
  int                           *start, *column, (*slot)[5];
  double                        *right, *down;   /* [rows] geometric conductances to the neighbours */
  double                        *far, *far_area; /* [rows] conductance to the stirred bath, open area there */
  double                        *mass;           /* [rows] volume of bath; 0: not part of it now */
  double *shift_r, *shift_z; /* [rows] of the point a value stands for from the middle of the cell */
  bool   *active;
  double  compliance, bare; /* of the rectifier [V]; least share of bare sites */
  double  scale[TGV_PLATING_FIELDS];
  double *now, *old; /* [fields][rows] values, and those before the step */
  /* the step under way */
  double         dt;
  bool           at_compliance;            /* less than the given current is delivered */
  const double  *theta_old;                /* [pieces] coverage before it */
  double        *theta, *additive_at;      /* [pieces] after it */
  double        *positive;                 /* [pieces] current of the growing phases, mean */
  double        *part[TGV_PLATING_PHASES]; /* [pieces] current of each phase */
  double        *residual;                 /* [fields][rows] what flows in too much */
  double        *slope; /* [fields][fields][rows] of the loss in a row by its own values, without diffusion */
  double        *correction;             /* [fields][rows] over the scales */
  double        *product, *work, *found; /* [fields][rows] work of the products */
  struct tgv_lu *factors;
  bool           stale;
  struct tgv_gmres gmres;
  size_t           corrections, products;
  double          *owned[16 + TGV_PLATING_FIELDS];
  size_t           owns;
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

/* plating_balance: what flows in and out of every cell. Used by plating_fields only. */
/** Fills residual, slopes, currents and coverages at the present fields. */
void tgv_plating_balance_see(struct tgv_plating_fields *f, const struct tgv_front_surface *s,
                             const struct tgv_plating_drive *drive, struct tgv_plating_state *state);
/** Makes room for the factors of all fields together. */
tgv_status tgv_plating_balance_pattern(struct tgv_plating_fields *f);
/** correction = the Newton correction of all fields over their scales, to a relative tolerance. */
tgv_status tgv_plating_balance_solve(struct tgv_plating_fields *f, double tolerance);

#endif
