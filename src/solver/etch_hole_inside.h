/* What the files of the etched hole share: the state of the march, and how fast it changes. */
#ifndef TGV_SOLVER_ETCH_HOLE_INSIDE_H
#define TGV_SOLVER_ETCH_HOLE_INSIDE_H

#include "solver/etch_hole.h"
#include "solver/hole_mesh.h"

/* Lengths over the thickness h of the glass, times over h / v_b; u: depth from the face of a side. */

struct tgv_hole_state {
  double  t, tip[2];
  size_t  first[2], n[2]; /* points first .. n - 1 of each side, from the mouth to the tip */
  double *u[2], *r[2], *G[2];
};

struct tgv_hole_march {
  const struct tgv_etch_front *f;
  size_t                       sides, size; /* size: points a side has room for */
  double                       d, r0, q[2]; /* d: v_b h n_g / (D c0) */
  bool                         open;
  double                       waist; /* from the top; where the fronts have met */
  struct tgv_hole_state        now, half, next;
  double                      *du[2], *dr[2], *dG[2]; /* rates of the points */
  double                       dtip[2];
  double                       used, least; /* glass taken a time, over pi */
  double               consumed, cut;       /* glass taken until now; of that, what has gone with the faces */
  struct tgv_hole_mesh mesh;
  double              *all;
};

/** Slowness of the track over that of the glass at the depth u of a side: the sine of the angle at which the wall begins. */
double tgv_hole_track(const struct tgv_hole_march *m, int side, double u);
/** dr/du of a wall whose normal has the sine G. */
double tgv_hole_steepness(double G);
/** Radius at u by the cubic between two points, beyond the ends by a straight line; *slope: dr/du. */
double tgv_hole_wall_at(const struct tgv_hole_state *s, int side, double u, double *slope);
/** How far the face of a side has gone back. */
double tgv_hole_mouth(const struct tgv_hole_march *m, const struct tgv_hole_state *s, int side);
/** The concentration of a state and what it does to its points and tips; m->waist, used, least too. */
void tgv_hole_derive(struct tgv_hole_march *m, const struct tgv_hole_state *s);

#endif
