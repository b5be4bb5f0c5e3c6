/* The state of plating_front between two steps, and what is read from it. Used by plating_front and front_outcome only. */
#ifndef TGV_SOLVER_FRONT_RUN_H
#define TGV_SOLVER_FRONT_RUN_H

#include "solver/front_debt.h"
#include "solver/level_set.h"
#include "solver/plating_fields.h"
#include "solver/plating_front.h"

struct tgv_front_moment {
  double time, fill;
};

struct tgv_front_run {
  const struct tgv_plating_case   *c;
  struct tgv_plating_front_options o;
  struct tgv_front_grid            grid;
  struct tgv_level_set             level;
  struct tgv_front_nearest         nearest;
  struct tgv_front_surface         surface, next;
  struct tgv_plating_fields        fields;
  struct tgv_plating_state         state;
  struct tgv_front_debt            debt;
  double                          *theta_next, *speed_before, *move, *moved_speed; /* [pieces] */
  double                          *start, *v;                                      /* [nodes] */
  unsigned char                   *reach;
  int32_t                         *stack;
  size_t                           top, bottom;   /* rows of nodes at the two faces of the via */
  double                           opening, bath; /* volume of bath at the start: in the opening, in all */
  double                           limit;         /* longest step the bath has taken lately [s]; 0: any */
  double time, dt, travel, amperes, charge, switched; /* switched: time of the last change of the drive */
  double limited;                                     /* time at the compliance of the rectifier */
  unsigned char           *seam_row, *seam_column; /* [nz], [nr] a gap closed there at less than 10 degrees */
  struct tgv_front_moment *history;                /* [noted] */
  size_t                   noted, room;
};

/** Volume of bath inside the opening; joined: only what the far bath reaches. Per radian. */
double tgv_front_run_open(const struct tgv_front_run *run, bool joined);
/** Metal by the level set since the start, per radian. */
double tgv_front_run_metal(const struct tgv_front_run *run);
/** Is a through-hole still open from face to face? */
bool tgv_front_run_passes(const struct tgv_front_run *run);
/** Keeps the filled share of the present time. */
tgv_status tgv_front_run_note(struct tgv_front_run *run, double fill);
/** When all but a thousandth of the opening of what has been noted last was there [s]. */
double tgv_front_run_filled_at(const struct tgv_front_run *run);
/** How far the metal has risen along the axis (or the middle of the gap), over the depth; 1: to the faces. */
double tgv_front_run_height(const struct tgv_front_run *run);
/** Marks where gaps have closed at less than 10 degrees in the move from surface to next (nearest: of surface). */
void tgv_front_run_seams(struct tgv_front_run *run);
/** The same for gaps along the axis that are narrower than a cell at the end. */
void tgv_front_run_slivers(struct tgv_front_run *run);
/** Fills shape and regime of the outcome from the present state. */
tgv_status tgv_front_run_read(const struct tgv_front_run *run, struct tgv_plating_outcome *out);
tgv_status tgv_front_run_snapshot(const struct tgv_front_run *run, struct tgv_plating_outcome *out);

#endif
