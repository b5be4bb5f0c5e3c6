/* Classes of vias that are plated alike: the same recipe and pitch, shapes and inputs within one range. Each class has a regime model
   trained on runs of the fast plating solver. */
#ifndef TGV_SOLVER_PLATING_CLASS_H
#define TGV_SOLVER_PLATING_CLASS_H

#include "model/flow.h"
#include "solver/plating_case.h"
#include "solver/regime_model.h"

/** What the outcome of a via depends on. DRIVE is the net current density over the open faces or the potential. */
enum tgv_plating_input {
  TGV_PLATING_DRIVE,
  TGV_PLATING_DIAMETER,  /* mean of both faces */
  TGV_PLATING_WAIST,     /* D_waist over it */
  TGV_PLATING_THICKNESS, /* of the glass */
  TGV_PLATING_CENTRE,    /* depth of the waist over the thickness */
  TGV_PLATING_SKEW,      /* (D_top - D_bottom) / (D_top + D_bottom) */
  TGV_PLATING_TIME,
  TGV_PLATING_CUPRIC,
  TGV_PLATING_ADDITIVE,
  TGV_PLATING_LAYER, /* diffusion layer over the top face */
  TGV_PLATING_INPUTS
};

/** Outputs of the model, in this order; SI. */
enum tgv_plating_output {
  TGV_PLATED_FILL,
  TGV_PLATED_FILL_TIME,
  TGV_PLATED_VOID_FRACTION,
  TGV_PLATED_VOID_DEPTH,
  TGV_PLATED_DIMPLE,
  TGV_PLATED_OVERBURDEN,
  TGV_PLATED_COPPER, /* on the cell of the via [m3] */
  TGV_PLATED_OUTPUTS
};

/** The column of a via that an output fills. */
extern const enum tgv_column tgv_plated_column[TGV_PLATED_OUTPUTS];

/** What is the same for all vias of a project. No padding: hashed as bytes. */
struct tgv_plating_recipe {
  struct tgv_plating_bath bath;                  /* ion_bulk and additive_bulk are inputs */
  double                  sealed, galvanostatic; /* 0 or 1 */
  double                  bottom_layer, reference;
  double                  segments, forward, rest,
      rest_value;    /* of the waveform: durations; drive of the rest over that of the forward pulse */
  double scale;      /* forward drive over the input DRIVE */
  double compliance; /* of the rectifier [V] (galvanostatic) */
};

struct tgv_plating_class {
  struct tgv_plating_recipe recipe;
  double cell_radius, upper, lower; /* half-way diameters over the mean of face and waist */
  double share; /* DRIVE over the input current_density of the project (solver/plating_share.h) */
  double base[TGV_PLATING_INPUTS]; /* in the middle of the range */
  size_t axes;
  enum tgv_plating_input axis[TGV_PLATING_INPUTS]; /* those that vary; the others stay at base */
  double                 low[TGV_PLATING_INPUTS], high[TGV_PLATING_INPUTS];
  size_t                 group; /* the first via group of the class */
  const struct tgv_regime_model
      *model; /* borrowed from the process; NULL: the vias are closed, there is nothing to plate */
};

struct tgv_plating_classes {
  size_t count;
  struct tgv_plating_class *class;
  size_t *of_group; /* [group_count of the package] */
};

/** Finds the classes of a flow from its variation and the stages before the one that writes fill_regime, which must be ready, and gets
    their models (trains them if need be). Collective. Reads the sections copper_plating, variation, project and laser_drilling. Release
    the classes in any case. */
tgv_status tgv_plating_classes_make(const struct tgv_flow *flow, struct tgv_plating_classes *out);
void       tgv_plating_classes_release(struct tgv_plating_classes *c);

/** The recipe of a project. TGV_INPUT if its reverse pulses take off more than is plated. */
tgv_status tgv_plating_recipe_read(const struct tgv_project *p, struct tgv_plating_recipe *out);

/** Radius of the cylinder of bath and face that belongs to a via of the group (solver/plating_share.h). */
double tgv_plating_cell_radius(const struct tgv_project *p, const struct tgv_package *k, size_t group);

/** The version of the solver: a hash of its source text. */
extern const char tgv_plating_solver[];

/** One via by the solver itself, x[TGV_PLATING_INPUTS]. TGV_SOLVER if it has no answer. */
tgv_status tgv_plating_class_solve(const struct tgv_plating_class *c, const double *x,
                                   struct tgv_regime_answer *out);
/** The regime of an answer as the models know it: one of enum tgv_plating_regime, or a number above them if the mouth is still open and
    that makes the dimple jump. */
size_t tgv_plating_kind(const struct tgv_regime_answer *a);

/** Runs of the training solved again: first the cheapest one of each regime, then the next ones. */
struct tgv_plating_again {
  size_t solved, differing; /* in another regime, or an output off by more than 0.1 % of its largest value */
  double worst;             /* largest difference of those in the same regime, of the largest value */
};
tgv_status tgv_plating_class_again(const struct tgv_plating_class *c, size_t runs,
                                   struct tgv_plating_again *out);

/** tgv_plating_class_solve as a case for any of the solvers; release the profile. */
struct tgv_plating_problem {
  struct tgv_plating_case    plating;
  struct tgv_plating_segment segment[2];
};
void tgv_plating_class_problem(const struct tgv_plating_class *c, const double *x,
                               struct tgv_plating_problem *out);

/** The shape of a via as inputs DIAMETER to SKEW, from D_top, D_waist, D_bottom, waist_depth, thickness. */
void tgv_plating_shape(const double *column, double *x);

#endif
