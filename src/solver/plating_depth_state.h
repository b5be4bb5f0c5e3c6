/* Inside of plating_depth: the unknowns and what the files of the model share. */
#ifndef TGV_SOLVER_PLATING_DEPTH_STATE_H
#define TGV_SOLVER_PLATING_DEPTH_STATE_H

#include "solver/plating_depth.h"
#include "solver/plating_mouth.h"

enum { TGV_DEPTH_PHASES = 8 }; /* of a pulse that is averaged over its period */

/* Unknowns of a node, block = 4 + phases of them. Grown: thickness of the copper, on a slope along the radius. */
enum { TGV_DEPTH_GROWN, TGV_DEPTH_COVERAGE, TGV_DEPTH_ION, TGV_DEPTH_ADDITIVE, TGV_DEPTH_PSI };
/* A closed cell, and the node below the last cell of a via with a bottom, carries the floors of its neighbours: how far the floor has
   come into the cell above (share of the height of that cell) and its coverage, and the same for the cell below. */
enum { TGV_DEPTH_UP, TGV_DEPTH_UP_COVERAGE, TGV_DEPTH_DOWN, TGV_DEPTH_DOWN_COVERAGE };

/* Least share of bare surface where a current is given: the sites at which suppression breaks down. The model as written leaves e^(-k+ s t) of
   them, which no number holds. */
#define TGV_DEPTH_BARE 1e-8

/* What happens on a piece of surface. */
struct tgv_depth_surface {
  double current[TGV_DEPTH_PHASES], mean; /* A/m2 */
  double rate, uptake;  /* of coverage without change of area [1/s]; of additive [mol/(m2 s)] */
  double incorporating; /* mean growth that takes additive in [m/s] */
};

/* A cell at one time: its wall with the slopes up to wider neighbours, and the floors at its ends. */
struct tgv_depth_cell {
  double                   gap, area, perimeter, height;
  double                   wall, slope[2]; /* surface; of the slope to the wider cell above, below [m2] */
  double                   speed;          /* of the wall along its normal [m/s] */
  bool                     end[2];         /* there is a floor above, below */
  struct tgv_depth_surface on_wall, on_end[2];
};

/* Nodes from above: top diffusion layer, top face, cells of the via, and for a through-hole bottom face and bottom layer, else a node that
   carries the floor. */
struct tgv_depth {
  const struct tgv_plating_case *c;
  struct tgv_plating_bath        bath;
  bool                           plain, held;          /* held: the shape does not change */
  bool                           open_below, mirrored; /* mirrored: the cells are those of the upper half */
  size_t                         cells, layer[2];      /* inner nodes of the diffusion layers */
  size_t                         face[2], first;       /* nodes of the faces, node of the first cell */
  size_t                         nodes, phases, block;
  double                         scale, volt;  /* unit of thickness, unit of psi */
  double                         thickness[2]; /* of the diffusion layers */
  double                         cell_area, growth, opening,
      depth; /* pi cell_radius^2; metres of metal per charge and area; volume and length of the via */
  double by_charge, by_uptake; /* of the bulk: ion per charge, additive per mole [m3/C, m3/mol] */
  double across
      [2]; /* loss of ion per current and way to the wall, of additive per bare share and way [m/A, 1/m] */
  double  compliance; /* of the rectifier, INFINITY with a given potential [V] */
  double  weight[TGV_DEPTH_PHASES], drive[TGV_DEPTH_PHASES];
  double *gap0;      /* [cells] half width of the opening before plating: radius, or half of the ring [m] */
  double *ring;      /* [cells] 2 pi (outer + inner radius) of an annular via [m]; 0: no post */
  double *height;    /* [cells] of a cell without floors [m] */
  double *top;       /* [cells + 1] depth of its upper end below the top face [m] */
  bool   *closed;    /* [cells + 1] */
  bool   *up, *down; /* [cells + 1] carries a floor of the cell above, below */
  double *closed_at; /* [cells] s, NAN: open */
  double *angle, *rest; /* [cells] slope of the wall when it closed; volume left open in a closed cell [m3] */
  struct tgv_plating_mouth mouth[2];
  bool                     sealed[2];    /* the lips of the copper on the face have met over the mouth */
  double                   sealed_at[2]; /* s */
  struct tgv_depth_cell   *work;         /* [cells] scratch */
  bool                    *kept;         /* [cells + 1] work holds the surfaces of the cell already */
};

/* Totals at one time. */
struct tgv_depth_totals {
  double current;        /* of the via cell, mean over the phases [A] */
  double filling;        /* volume plated in the via per time [m3/s] */
  double restless;       /* largest change of coverage on open wall [1/s] */
  double face_growth[2]; /* m/s */
};

/* mirror: half of a via that is its own mirror image will do */
tgv_status tgv_depth_init(struct tgv_depth *m, const struct tgv_plating_case *c,
                          const struct tgv_plating_depth_options *o, bool mirror);
void       tgv_depth_release(struct tgv_depth *m);
void       tgv_depth_start(const struct tgv_depth *m, bool covered, double *y /* [nodes block] */);

double tgv_depth_area(const struct tgv_depth *m, size_t cell, double gap);
/* Half width between the lips over a mouth [m]. */
double tgv_depth_lip(const struct tgv_depth *m, const double *y, int side);
/* Area of a mouth, 0 of a closed one [m2]. */
double tgv_depth_mouth(const struct tgv_depth *m, const double *y, int side);
double tgv_depth_gap(const struct tgv_depth *m, const double *y, size_t cell); /* 0: closed */
/* Height that floors have left of a cell [m]. */
double tgv_depth_height(const struct tgv_depth *m, const double *y, size_t cell);
/* Open volume of the cells from, ..., to - 1 [m3]. */
double                   tgv_depth_volume(const struct tgv_depth *m, const double *y, size_t from, size_t to);
struct tgv_depth_surface tgv_depth_wall(const struct tgv_depth *m, const double *y, size_t cell);

/* Above 0 while no cell has to be closed. */
double tgv_depth_margin(const struct tgv_depth *m, const double *y);
/* Closes the cells whose walls have met or that a floor has filled, and hands the floors on. */
void tgv_depth_close(struct tgv_depth *m, double *y, double t);

/* Share of the given current that a rectifier still delivers at the potential of a face: 1, falling to 0 over the last hundredth of its
   compliance voltage. */
double tgv_depth_delivered(const struct tgv_depth *m, double psi, double drive);

/* dy/dt; totals may be NULL. */
void tgv_depth_rates(const struct tgv_depth *m, const double *y, double *f, struct tgv_depth_totals *totals);

/* A step that was taken, to the time t. */
struct tgv_depth_step {
  double                         t, length;
  const double                  *y, *middle;          /* states at its end and half-way */
  const struct tgv_depth_totals *before, *half, *now; /* at its beginning, half-way and end */
};

/* A stretch of the integration. `seen` is told every step and returns true to stop. */
struct tgv_depth_stretch {
  double from, to;
  double tolerance; /* largest error of a step, of coverage and of thickness over the widest opening */
  double length;    /* of the first step [s], and then of the next one; 0: the start of plating */
  bool (*seen)(void *context, const struct tgv_depth_step *step);
  void  *context;
  size_t steps;   /* are added to */
  bool   stopped; /* by `seen` */
};
tgv_status tgv_depth_integrate(struct tgv_depth *m, double *y, struct tgv_depth_stretch *s);

/* 2 for a via of which half is solved. */
double tgv_depth_copies(const struct tgv_depth *m);

/* Regime, void, dimple and the like from the state at the end. capped: copper on each face when its mouth closed [m]. */
void       tgv_depth_judge(const struct tgv_depth *m, const double *y, const double capped[2],
                           struct tgv_plating_outcome *out);
tgv_status tgv_depth_picture(const struct tgv_depth *m, const double *y, double t,
                             struct tgv_plating_outcome *out);

#endif
