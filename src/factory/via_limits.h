/* The limit states of a via as functions of independent standard normals: the inputs are a base plus terms, the physics is that
   of the flow, a cause is a limit state. What the table of the yield analysis, its checks and the sensitivity stand on. */
#ifndef TGV_FACTORY_VIA_LIMITS_H
#define TGV_FACTORY_VIA_LIMITS_H

#include "model/flow.h"
#include "model/variation.h"
#include "solver/limit_state.h"

/** One normal: adds sigma u to an input, or the value of a heavy-tailed nugget. */
struct tgv_normal_term {
  int    input;
  double sigma;
  const double
      *tail; /* NULL, or the nugget at u = -TGV_TAIL_REACH .. TGV_TAIL_REACH in steps of 1 / TGV_TAIL_STEPS */
};
enum { TGV_TAIL_REACH = 15, TGV_TAIL_STEPS = 64 };

/** What the term adds at u. */
double tgv_normal_term_at(const struct tgv_normal_term *t, double u);

/** What is common to all vias of one kind: same group rule, same treatment. */
struct tgv_via_limits {
  const struct tgv_flow      *flow;
  const struct tgv_via_group *group;
  double                      dose_factor; /* 1, or that of a defect that degrades */
  size_t                      count;       /* causes that are checked, at most TGV_LIMIT_STATES_MAX */
  size_t                      moved;       /* the first of them: those whose margin a nugget moves */
  enum tgv_cause              cause[TGV_LIMIT_STATES_MAX];
  double                      scale[TGV_LIMIT_STATES_MAX]; /* of the margins, in the unit of the column */
  double spread[TGV_LIMIT_STATES_MAX]; /* standard deviation of the margin by all terms, in scales */
  double correlation[TGV_LIMIT_STATES_MAX][TGV_LIMIT_STATES_MAX]; /* of the margins, by the nuggets */
  size_t nugget_count, joint_count;
  struct tgv_normal_term *nugget; /* the nuggets alone */
  struct tgv_normal_term
          *joint; /* correlated part and nugget of every input; those that are Gaussian in one term */
  double **tail;  /* [nugget_count] tables */
};

/** Keeps pointers to the flow and the group. TGV_INPUT if more inputs vary than TGV_NORMALS_MAX. */
tgv_status tgv_via_limits_init(struct tgv_via_limits *l, const struct tgv_flow *f,
                               const struct tgv_variation *v, const struct tgv_via_group *g,
                               double dose_factor);
void       tgv_via_limits_release(struct tgv_via_limits *l);

/** Runs the physics on b, whose inputs, x, y and n are set, and writes the margin of every cause: its distance from the limit over
    the scale, at or below 0 where the via has failed. A closed via is also below every limit of its opening, unlike its flags.
    b->input of the dose is changed by the dose factor. */
void tgv_via_margins(const struct tgv_via_limits *l, struct tgv_block *b, double margin[][TGV_BLOCK]);

/** A via at a place with given base inputs, as the first `states` limit states of the limits in terms of normals. */
struct tgv_via_point {
  const struct tgv_via_limits  *limits;
  size_t                        states;
  const struct tgv_normal_term *term;
  size_t                        term_count;
  const double                 *base; /* [tgv_input_count()] */
  double                        x, y;
  struct tgv_block             *block; /* scratch */
};
struct tgv_limit_states tgv_via_states(struct tgv_via_point *at);
/** Margins of the via there without its random terms, one per limit state. */
void tgv_via_point_margins(const struct tgv_via_point *at, double *margin);

/** Standard deviation of the correlated part of an input: lot, panel, scan field, random field. */
double tgv_spread_correlated(const struct tgv_spread *s);

#endif
