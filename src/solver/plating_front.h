/* The reference solver of copper fill: the surface moves on a grid, the bath is solved over it. Axisymmetric (or a planar
   trench), one via at a time, on this process. Minutes where plating_depth takes milliseconds. */
#ifndef TGV_SOLVER_PLATING_FRONT_H
#define TGV_SOLVER_PLATING_FRONT_H

#include "solver/plating_case.h"

struct tgv_plating_front_options { /* 0: the value in brackets */
  double depth_cells;              /* fine cells over the depth [100] */
  double gap_cells;                /* at least so many over half the narrowest opening [8] */
  double growth;                   /* ratio of neighbouring cells away from the via [1.2] */
  double overburden;               /* fine cells this far over an open face [m] [4 cells] */
  double cfl;                      /* cells the front may move in a step, up to 0.5 [0.4] */
  double time_growth;      /* a step is at most this part of the time since the start or a switch [0.1] */
  size_t snapshots;        /* one each 1/snapshots of the opening filled, and the first and last [none] */
  double snapshot_time;    /* also one each so many seconds [none] */
  bool   planar;           /* a trench: r is the distance from its middle plane, measures per metre of it */
  bool   stop_when_closed; /* end when nothing in the via can grow any more, not at the end of plating */
  bool   covered;          /* starts from a surface saturated with additive instead of a bare one */
  bool   both;             /* solves from both starts and says whether they end in different regimes */
  void (*progress)(void *data, double time, double fill);
  void *data;
};

/** Fills *out; release it with tgv_plating_outcome_release. TGV_INPUT for a case without meaning, TGV_SOLVER if the bath cannot
    be solved. Charge and copper are of the whole cell (planar: per metre of trench, both sides). Snapshots: chains of
    points one after the other, a point of NAN between two chains. */
tgv_status tgv_plating_front_solve(const struct tgv_plating_case          *c,
                                   const struct tgv_plating_front_options *o,
                                   struct tgv_plating_outcome             *out);
/** Are the segments of this case so short against diffusion over the stirred layer that their mean is used? Else each is
    resolved in time. */
bool tgv_plating_front_averages(const struct tgv_plating_case *c);

#endif
