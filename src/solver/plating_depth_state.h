/* Inside of plating_depth: the unknowns and what the files of the model share. */
#ifndef TGV_SOLVER_PLATING_DEPTH_STATE_H
#define TGV_SOLVER_PLATING_DEPTH_STATE_H

#include "solver/plating_depth.h"
#include "solver/plating_mouth.h"

enum { TGV_DEPTH_PHASES = 8 }; /* of a pulse that is averaged over its period */

/* Unknowns of a node, block = 4 + phases of them. On a face the gap is the thickness of its copper. */
enum { TGV_DEPTH_GAP, TGV_DEPTH_COVERAGE, TGV_DEPTH_ION, TGV_DEPTH_ADDITIVE, TGV_DEPTH_PSI };

/* Nodes from above: top diffusion layer, top face, cells of the via, and for a through-hole bottom face and bottom layer. */
struct tgv_depth {
  const struct tgv_plating_case *c;
  struct tgv_plating_bath        bath;
  bool                           plain, held; /* held: the shape does not change */
  bool                           open_below, floor;
  size_t                         cells, layer[2]; /* inner nodes of the diffusion layers */
  size_t                         face[2], first;  /* nodes of the faces, node of the first cell */
  size_t                         nodes, phases, block;
  double                         dz, scale, volt; /* height of a cell, unit of the gaps, unit of psi */
  double                         thickness[2];    /* of the diffusion layers */
  double  cell_area, growth;                      /* pi cell_radius^2; metres of metal per charge and area */
  double  weight[TGV_DEPTH_PHASES], drive[TGV_DEPTH_PHASES];
  double *gap0; /* [cells] half width of the opening before plating: radius, or half of the ring [m] */
  double *ring; /* [cells] 2 pi (outer + inner radius) of an annular via [m]; 0: no post */
  struct tgv_plating_mouth mouth[2];
};

/* What happens on a piece of surface. */
struct tgv_depth_surface {
  double current[TGV_DEPTH_PHASES], mean; /* A/m2 */
  double rate, uptake;  /* of coverage without change of area [1/s]; of additive [mol/(m2 s)] */
  double incorporating; /* mean growth that takes additive in [m/s] */
};

/* Totals at one time. */
struct tgv_depth_totals {
  double current;        /* of the via cell, mean over the phases [A] */
  double filling;        /* volume plated in the via per time [m3/s] */
  double restless;       /* largest change of coverage on open wall [1/s] */
  double face_growth[2]; /* m/s */
};

tgv_status tgv_depth_init(struct tgv_depth *m, const struct tgv_plating_case *c,
                          const struct tgv_plating_depth_options *o);
void       tgv_depth_release(struct tgv_depth *m);
void       tgv_depth_start(const struct tgv_depth *m, bool covered, double *y /* [nodes block] */);

double tgv_depth_perimeter(const struct tgv_depth *m, size_t cell, double gap);
double tgv_depth_area(const struct tgv_depth *m, size_t cell, double gap);
/* 1 in an open cell, 0 in a closed one, smooth between */
double                   tgv_depth_openness(const struct tgv_depth *m, size_t cell, double gap);
struct tgv_depth_surface tgv_depth_wall(const struct tgv_depth *m, const double *y, size_t cell);

/* dy/dt; totals may be NULL. */
void tgv_depth_rates(const struct tgv_depth *m, const double *y, double *f, struct tgv_depth_totals *totals);

/* A stretch of the integration. After every step `seen` is told (t, y, y in the middle of the step, step); it returns true to stop. */
struct tgv_depth_stretch {
  double from, to, tolerance;
  bool (*seen)(void *context, double t, const double *y, const double *middle, double step);
  void  *context;
  size_t steps;   /* are added to */
  bool   stopped; /* by `seen` */
};
tgv_status tgv_depth_integrate(const struct tgv_depth *m, double *y, struct tgv_depth_stretch *s);

/* Regime, void, dimple and the like from the state at the end. */
struct tgv_depth_history {
  const double *closed_at; /* [cells] s, NAN: open */
  const double *angle;     /* [cells] slope of the wall there when it closed */
  double        time;
};
void       tgv_depth_judge(const struct tgv_depth *m, const double *y, const struct tgv_depth_history *h,
                           struct tgv_plating_outcome *out);
tgv_status tgv_depth_picture(const struct tgv_depth *m, const double *y, double t,
                             struct tgv_plating_outcome *out);

#endif
