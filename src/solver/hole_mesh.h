/* Steady diffusion along a hole whose wall uses up what diffuses: the concentration on points of the wall. Dimensionless. */
#ifndef TGV_SOLVER_HOLE_MESH_H
#define TGV_SOLVER_HOLE_MESH_H

#include <stdbool.h>
#include <stddef.h>

/** n nodes at x with the radius r; c: concentration over that of the bath; slope: dc/dx. The owner gives it room. */
struct tgv_hole_mesh {
  size_t  n;
  double *x, *r, *c, *slope;
  double *q; /* [i] rate of the wall between the nodes i and i + 1 */
  double *below, *on, *above;
};

/** Adds a node, and the rate q of the wall between the last one and it; nothing where it lies on the last one. */
void tgv_hole_mesh_add(struct tgv_hole_mesh *g, double x, double r, double q);
/** (r2 c')' = 2 d q r sqrt(1 + r'2) c by finite volumes. c = 1 at the first node, at the last too if the hole is `through`; else a tip there
    takes `tip` times d times its concentration. Returns what wall and tip use up, over d: exactly what comes in at the mouths. */
double tgv_hole_mesh_solve(struct tgv_hole_mesh *g, double d, bool through, double tip);
/** dc/dx at all nodes, of second order. */
void tgv_hole_mesh_differentiate(struct tgv_hole_mesh *g);
/** The same at node i: step 0 from both sides, 1 or -1 from that side alone. */
double tgv_hole_mesh_gradient(const struct tgv_hole_mesh *g, size_t i, ptrdiff_t step);

#endif
