/* The terminal effect: how the ohmic drop in a thin film that is plated from contacts at its edge spreads the current over a panel.
   SI; x to the right, y up, from the centre of the panel. */
#ifndef TGV_SOLVER_TERMINAL_EFFECT_H
#define TGV_SOLVER_TERMINAL_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

/** Polarisation of the plated face: the bath between anode and face, a resistance in series, and the charge transfer,
    i = i0 (e^(a psi) - e^(-c psi)) or, linear, i0 (a + c) psi. */
enum tgv_face_kinetics { TGV_FACE_LINEAR, TGV_FACE_BUTLER_VOLMER };
struct tgv_face {
  enum tgv_face_kinetics kinetics;
  double                 bath; /* >= 0 [ohm m2] */
  double                 i0;   /* exchange current density, > 0 [A/m2] */
  double                 a, c; /* of the deposition, of the dissolution, >= 0, a > 0 [1/V] */
};
/** Current density at the drop eta from anode side to metal [V], and its slope [S/m2]. */
double tgv_face_current(const struct tgv_face *f, double eta, double *slope);

enum tgv_panel_edge { TGV_EDGE_LEFT, TGV_EDGE_RIGHT, TGV_EDGE_BOTTOM, TGV_EDGE_TOP, TGV_EDGES };

struct tgv_terminal {
  double          width, height;
  bool            round;  /* of diameter width = height; the contact is then the whole rim */
  int             nx, ny; /* cells, at least 4 each */
  bool            edge[TGV_EDGES];
  double          contact_pitch, contact_width; /* along an edge, from its middle; pitch 0: the whole edge */
  double          conductivity, thickness;      /* of the film */
  const double   *film;       /* [ny][nx] its thickness instead; NULL: the same everywhere */
  double          thief_area; /* plated area at the potential of the contacts */
  struct tgv_face face;
  /** Walls of vias that take current beside the face: their area and that of the face left between them, over the area of the cell;
      NULL: none, and the whole face. At most one of the faces may have i0 = 0. */
  const double   *wall_share, *face_share; /* [ny][nx] */
  struct tgv_face wall;                    /* its bath is not used */
  double
      depth; /* of the bath, in which the current spreads along the face; 0: every place has its own face.bath */
  double current; /* of the rectifier for this face and its thief [A], > 0; not used with a weight: */
  const double
        *weight; /* [ny][nx] the mean of `bare` (below) with these weights shall be `mean`; NULL: none */
  double mean;
  double growth; /* of the film per charge [m3/C]; 0: it stays as it is */
  double time;   /* of plating, for the growth */
  const double
      *given; /* [ny][nx] current density that enters beside that of the face; NULL: none. For tests */
};

/** One distribution. */
struct tgv_terminal_state {
  double *current; /* [ny][nx] into the face, NAN outside of it [A/m2] */
  double *drop;    /* [ny][nx] of the film over the contacts [V] */
  double *bare; /* [ny][nx] what t->wall (without one, the face) takes at the charge transfer there [A/m2] */
  double  cell; /* anode side over the contacts [V] */
  double  face_current, thief_current;
  double  drop_max;
};

struct tgv_terminal_result {
  struct tgv_terminal_state first, last,
      mean;               /* at the start, at the end, over the time; mean.cell and drops too */
  double contact_current; /* through the contacts at the start, by the gradient of the potential */
  size_t solves, steps;
};

/** TGV_INPUT if there is no contact, TGV_SOLVER if the iteration fails. Release the result if it succeeds. */
tgv_status tgv_terminal_solve(const struct tgv_terminal *t, struct tgv_terminal_result *out);
void       tgv_terminal_release(struct tgv_terminal_result *r);

#endif
