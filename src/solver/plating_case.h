/* One via to be plated, and what came out: the same question and answer for the reference solver (plating_front) and the fast model
   (plating_depth). Axisymmetric; z is the depth below the top face, upwards negative. */
#ifndef TGV_SOLVER_PLATING_CASE_H
#define TGV_SOLVER_PLATING_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/via_profile.h"
#include "solver/plating_kinetics.h"

enum tgv_plating_ends {
  TGV_PLATING_BLIND,   /* the bottom is a plated floor */
  TGV_PLATING_THROUGH, /* both ends open to stirred bath */
  TGV_PLATING_SEALED   /* one end sealed by an insulating carrier, the wall is plated */
};

/** Value of the drive over time: segments one after the other, repeated; one segment: constant. Negative current: reverse pulse. */
struct tgv_plating_segment {
  double duration,
      value; /* s; V below the rest potential (potentiostatic, > 0 plates) or A/m2 (galvanostatic) */
};

struct tgv_plating_case {
  struct tgv_plating_bath bath;
  struct tgv_via_profile  profile;     /* of the opening, borrowed */
  double                  core_radius; /* of an insulated or plated post in the axis (annular via); 0: none */
  double cell_radius; /* of the cylinder of bath and face that belongs to this via: sqrt(area per via / pi) */
  enum tgv_plating_ends ends;
  double                boundary_layer; /* thickness of the stirred diffusion layer over each open face [m] */
  double                bottom_layer;   /* of the bottom face; 0: as boundary_layer */
  double                reference; /* distance of the reference electrode, ohmic drop by conductivity [m] */
  bool galvanostatic; /* the drive is the mean current density over the open faces, pi cell_radius^2 each */
  double
      compliance; /* galvanostatic: greatest overpotential that the rectifier gives at a face [V]; 0: 2 V */
  size_t                            segments;
  const struct tgv_plating_segment *segment; /* borrowed */
  double                            time;    /* end of plating [s] */
};

enum tgv_plating_regime {
  TGV_PLATING_PASSIVE,   /* next to nothing is plated in the via */
  TGV_PLATING_ARRESTED,  /* growth stops, or time is up, while the via is open or not full */
  TGV_PLATING_FILLED,    /* full without void */
  TGV_PLATING_VOID,      /* a void is trapped inside */
  TGV_PLATING_PINCHED,   /* closed at the mouth over an open via */
  TGV_PLATING_BUTTERFLY, /* a through-hole bridged in the middle and filled outwards without void */
  TGV_PLATING_REGIMES
};
const char *tgv_plating_regime_name(enum tgv_plating_regime r);

/** The state at one time, for pictures. Points of the front (r, z) in order, each with what happens there. */
struct tgv_plating_snapshot {
  double  time;
  size_t  n;
  double *r, *z, *current, *coverage, *ion, *additive; /* [n]; ion and additive over their bulk values */
};

struct tgv_plating_outcome {
  enum tgv_plating_regime regime;
  bool                    bistable; /* another start leads to another regime; only set by solvers that look */
  double                  fill;     /* copper inside over the volume of the opening, 0 to 1 */
  double
         height; /* blind: height of copper in the axis over the depth when growth ends; through: 1 - open length / length */
  double void_fraction;      /* volume of trapped electrolyte over the volume of the opening */
  double void_length;        /* extent of the largest void along z over the depth */
  double void_depth;         /* centre of the largest void [m] */
  double seam_length;        /* of gaps that closed at less than 10 degrees [m] */
  double fill_time;          /* when growth in the via ended: full, pinched or passive [s] */
  double bridge_time;        /* when a through-hole first closed [s]; NAN: never */
  double dimple, overburden; /* deeper, thicker of both faces [m] */
  double limited;            /* how long a rectifier stood at its compliance voltage [s] */
  double bump;               /* highest copper over a face, mostly over the via [m]; plating_front only */
  bool
                               layer_full; /* the copper on a face reached the edge of the stirred layer: the end of the model, not of plating; plating_front only */
  double                       charge;     /* passed per via cell [C] */
  double                       copper;     /* plated per via cell, in and out of the via [m3] */
  double                       balance;    /* relative difference of copper by growth and by charge */
  size_t                       steps;
  double                       seconds; /* processor time */
  size_t                       snapshots;
  struct tgv_plating_snapshot *snapshot; /* release them */
};
void tgv_plating_outcome_release(struct tgv_plating_outcome *o);
/** The word for an outcome whose numbers stand, the same for every solver; open: volume that the bath still reaches over that of the opening.
    A void counts from 1 % of the opening: what is less hangs on the last digit of the shape and on the grid, in both solvers. */
enum tgv_plating_regime tgv_plating_outcome_regime(const struct tgv_plating_case    *c,
                                                   const struct tgv_plating_outcome *o, double open);

#endif
