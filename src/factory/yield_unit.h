/* The yield of a unit, given the correlated part of the inputs at its sites: fail probabilities of the vias, rules of the groups,
   hits by defects. */
#ifndef TGV_FACTORY_YIELD_UNIT_H
#define TGV_FACTORY_YIELD_UNIT_H

#include "factory/yield_response.h"
#include "factory/yield_sites.h"
#include "model/defects.h"

enum { TGV_TAIL_NODES = 1281 };
#define TGV_FAULTS_MOST 700.0 /* a group that surely fails counts as so many faults: e^-700 is about 0 */

/** What a group of a unit bears. ALL: no failed via; SPARES: bundles with spare lanes; FRACTION: some failed vias. */
enum tgv_group_rule { TGV_RULE_ALL, TGV_RULE_SPARES, TGV_RULE_FRACTION };

struct tgv_unit_group {
  enum tgv_group_rule rule;
  size_t              kind;
  double              vias, bearable; /* FRACTION: most failed vias that pass */
  size_t tail_first; /* SPARES: its table of bundles that fail, for the number of lanes of its bundles ... */
  double tail_lanes[2]; /* ... which are two at most, the last bundle being smaller */
};

/** Vias that have the same physics and limits, and are treated the same. */
struct tgv_unit_kind {
  size_t                first_group; /* a group of this kind */
  double                dose_factor; /* 1, or that of a defect */
  struct tgv_via_limits limits;
  struct tgv_response  *response;
  size_t                site_count, *site; /* sites that hold vias of this kind */
};

struct tgv_unit_model {
  const struct tgv_flow *flow;
  struct tgv_sites       sites;
  double                 ttv; /* largest thickness range that passes; 0: not checked */
  size_t                 group_count, kind_count,
      base_kinds; /* the first base_kinds are undisturbed, then the degraded ones */
  struct tgv_unit_group *group;
  struct tgv_unit_kind  *kind;
  double (*tail)[TGV_TAIL_NODES]; /* ln of the fail probability of a bundle */
};

struct tgv_unit_options {
  double                cell;    /* size of a site */
  size_t                samples; /* of each importance-sampling estimate of the responses */
  struct tgv_random_key key;
};

/** Builds the sites and fits the responses. Borrows the flow, its package and panel; v only while it runs. */
tgv_status tgv_unit_model_new(const struct tgv_flow *f, const struct tgv_variation *v,
                              const struct tgv_unit_options *o, struct tgv_unit_model **out);
void       tgv_unit_model_free(struct tgv_unit_model *m);

/** One unit at work. The caller fills input, x, y; tgv_unit_evaluate the rest. */
struct tgv_unit_state {
  double *input;    /* [tgv_input_count()][site] correlated part, nominal included */
  double *x, *y;    /* [site] place on the panel */
  double *any;      /* [base kind][site] probability that a via fails */
  double *log_good; /* [base kind][site] ln(1 - any) */
  double *share;    /* [base kind][site][TGV_LIMIT_STATES_MAX] */
  double
      events; /* mean number of fatal events: failed vias where none may fail, failed bundles, failed groups */
  double           *group_faults;           /* [group] -ln of the probability that the group passes */
  double            faults;                 /* their sum */
  double            cause[TGV_CAUSE_COUNT]; /* of faults, by cause */
  double            failed, failed_by[TGV_CAUSE_COUNT]; /* mean number of failed vias, by cause */
  double            thin, thick; /* least and largest thickness of the core at the sites */
  struct tgv_block *block;
};
struct tgv_unit_state *tgv_unit_state_new(const struct tgv_unit_model *m);
void                   tgv_unit_state_free(struct tgv_unit_state *s);
void                   tgv_unit_evaluate(const struct tgv_unit_model *m, struct tgv_unit_state *s);

/** A place within a site that moves from panel to panel, so that what varies inside of a site is averaged over. */
void tgv_unit_place(const struct tgv_unit_model *m, size_t unit, uint32_t panel, struct tgv_unit_state *s);

/** ln P(Bin(n, q) > spares), given ln q; -INFINITY where it cannot be. */
double tgv_log_tail(double n, double spares, double log_q);

/** Vias of a group: where more than half fails they are counted (fixed), else they are binomial. */
struct tgv_via_mass {
  double fixed, vias, failed;
};
/** -ln of the probability that at most `bearable` of them fail. */
double tgv_fraction_faults(const struct tgv_via_mass *w, double bearable);

/** What the defects of a panel do to a unit that has been evaluated: `faults` come to those of the variation (TGV_FAULTS_MOST if the
    unit is dead), `kills` counts killed vias. */
struct tgv_strike {
  double faults, events, kills, degraded;
};
void tgv_unit_strike(const struct tgv_unit_model *m, const struct tgv_unit_state *s, size_t unit,
                     const struct tgv_defect_map *map, struct tgv_strike *out);

#endif
