/* The process window: one via group over a grid of recipe and geometry. At each point of the grid the nominal via, and the
   distribution over the variation of the line. */
#ifndef TGV_FACTORY_PROCESS_WINDOW_H
#define TGV_FACTORY_PROCESS_WINDOW_H

#include "model/flow.h"

enum { TGV_WINDOW_AXES = 3, TGV_WINDOW_NODES = 201, TGV_WINDOW_POINTS = 40000, TGV_WINDOW_VIAS = 65536 };

enum tgv_window_kind {
  TGV_WINDOW_KEY,          /* a key of the project that is a number */
  TGV_WINDOW_ASPECT_RATIO, /* via.aspect_ratio: thickness of the finished core over the diameter of the group */
  TGV_WINDOW_DIAMETER      /* via.diameter: D_top of the nominal via */
};

struct tgv_window_axis {
  char                 name[128];
  enum tgv_window_kind kind;
  enum tgv_param       key;      /* of a KEY */
  bool                 varies;   /* a process input: it has a value at every via */
  char                 unit[48]; /* as written; "" for a number */
  bool                 logarithmic;
  size_t               n;
  double               value[TGV_WINDOW_NODES]; /* in `unit` */
  double               here;                    /* what the project says, in `unit`; NAN if it is not known */
};

/** Reads "KEY=LOW..HIGH UNIT:N" or "...:Nlog"; without ":N" 25 values. The ends are tried on a copy of the project, so that a value
    out of range is told with its range. TGV_INPUT. */
tgv_status tgv_window_axis_read(const char *text, const struct tgv_project *p, size_t group,
                                struct tgv_window_axis *out);

struct tgv_window_plan {
  const struct tgv_project      *project;
  const struct tgv_stage *const *stages;
  size_t                         axes; /* 1 to 3; the first is drawn across */
  struct tgv_window_axis         axis[TGV_WINDOW_AXES];
  size_t                         group;  /* record of via_groups */
  size_t                         vias;   /* drawn at each point, at least 16 */
  size_t                         plated; /* of these, plated by the solver if copper is plated; at least 1 */
};

/* Of a column over the drawn vias; NAN where no via has a value. */
enum tgv_window_statistic {
  TGV_WINDOW_NOMINAL, /* of the nominal via in the middle of the panel */
  TGV_WINDOW_MEAN,
  TGV_WINDOW_Q05,
  TGV_WINDOW_MEDIAN,
  TGV_WINDOW_Q95,
  TGV_WINDOW_STATISTICS
};

enum { TGV_WINDOW_REGIMES = 6 };

struct tgv_window_share {
  double value, low, high; /* Wilson interval of 95 % */
};

struct tgv_window_point {
  struct tgv_window_share fail, voids;                /* voids: NAN if nothing plates */
  double                  cause[TGV_CAUSE_COUNT];     /* share of the vias */
  double                  regime[TGV_WINDOW_REGIMES]; /* share of the vias; NAN if nothing plates */
  double                  outside, uncertain;         /* share outside a model's range, next to a boundary */
  int                     nominal_regime;             /* -1 if nothing plates */
  uint32_t                nominal_flags;
  double (*column)[TGV_WINDOW_STATISTICS]; /* [columns] SI */
};

struct tgv_window {
  size_t                   count;                  /* of points: axis 0 runs fastest */
  size_t                   shape[TGV_WINDOW_AXES]; /* 1 for an axis that is not there */
  struct tgv_window_point *point;
  size_t                   columns;
  enum tgv_column          column[TGV_COLUMN_COUNT]; /* written by the stages of the line */
  bool                     checked[TGV_CAUSE_COUNT]; /* a cause that can strike, at any point */
  bool                     fills, voids;             /* fill_regime and voids are known */
  size_t                   vias, panels;             /* drawn at each point, from so many panels */
  size_t                   plated; /* of these, plated by the solver; 0: nothing is plated */
  size_t                   flows;  /* times the stages were prepared */
  double                   seconds;
};

/** Follows the vias over the grid. TGV_INTERRUPTED if the user stopped it; nothing is kept then. Under MPI every rank does the same. */
tgv_status tgv_window_compute(const struct tgv_window_plan *plan, struct tgv_window *out);
void       tgv_window_release(struct tgv_window *w);

/* ---- parts of it, for each other and for the tests */

/** The project at a point k[axes] of the grid; tgv_project_free() it. */
struct tgv_window_places;
tgv_status tgv_window_project(const struct tgv_window_plan *plan, const size_t *k,
                              struct tgv_window_places *memory, struct tgv_project **out);
/** What the search for etch times has found so far, so that it is searched once. */
struct tgv_window_places *tgv_window_places_new(void);
void                      tgv_window_places_free(struct tgv_window_places *m);

/** A flow with all that it borrows. */
struct tgv_window_line {
  struct tgv_project *project; /* owned */
  struct tgv_package  package;
  struct tgv_panel    panel;
  struct tgv_flow    *flow;
};
/** Takes the project over, also if it fails. */
tgv_status tgv_window_line_open(struct tgv_project *p, const struct tgv_stage *const *stages,
                                struct tgv_window_line *out);
void       tgv_window_line_close(struct tgv_window_line *l);
/** The nominal via of a group in the middle of the panel: b->n is 1. */
void tgv_window_nominal(const struct tgv_window_line *l, const struct tgv_project *at, size_t group,
                        struct tgv_block *b);

/** Whether the place maps of two lines agree to `by` at a net of places over the panel. */
bool tgv_window_maps_agree(const struct tgv_window_line *a, const struct tgv_window_line *b, double by);

/** Copper in a window: the vias are plated by the solver itself, not by a model that is trained for one recipe. */
struct tgv_window_plating {
  const struct tgv_stage  *stage; /* the trained stage that is stood in for; NULL: nothing is plated */
  const struct tgv_stage **before, **behind; /* the other stages; NULL with it */
  bool                     follows;          /* a chosen stage stands behind */
  size_t                   vias;
  size_t                   group;
};
void tgv_window_plating_find(const struct tgv_window_plan *plan, struct tgv_window_plating *out);
void tgv_window_plating_release(struct tgv_window_plating *p);
/** Plates the vias of a block that the stages before have followed, and runs the stages behind: columns and flags. */
tgv_status tgv_window_plate(const struct tgv_window_plating *p, const struct tgv_window_line *l,
                            struct tgv_block *b);
/** Vias that are not plated: what plating and the stages behind would write is NAN. */
void tgv_window_leave_bare(const struct tgv_window_plating *p, struct tgv_block *b);
/** Whether a cause is judged by what plating and the stages behind write. */
bool tgv_window_plated_cause(const struct tgv_window_plating *p, enum tgv_cause c);

/** Vias drawn from many panels of many lots, with their inputs for two sets of nominal values: the inputs are linear in them. */
struct tgv_window_draw {
  size_t    n, panels;
  double   *x, *y;
  uint32_t *flags;                      /* of defects */
  double   *low_nominal, *high_nominal; /* [inputs] */
  float    *low, *high;                 /* [inputs][n] */
};
/** low, high [inputs]: the nominal values between which the inputs will be asked for. */
tgv_status tgv_window_draw_make(const struct tgv_window_plan *plan, const struct tgv_project *p,
                                const double *low, const double *high, struct tgv_window_draw *out);
void       tgv_window_draw_release(struct tgv_window_draw *d);
/** The inputs of vias first .. first + b->n - 1 at the nominal values [inputs], with the place maps of a line. */
void tgv_window_draw_fill(const struct tgv_window_draw *d, const struct tgv_place_maps *maps,
                          const double *nominal, size_t first, struct tgv_block *b);

#endif
