/* Design rules of TGVs, checked on a layout: counts, worst values, worst violations with positions. A
   violation is a result, never an error. Lengths in m. */
#ifndef TGV_SOLVER_DESIGN_RULES_H
#define TGV_SOLVER_DESIGN_RULES_H

#include "model/project.h"
#include "solver/neighbours.h"

enum tgv_rule {
  TGV_RULE_diameter_min,
  TGV_RULE_aspect_ratio_max,
  TGV_RULE_pitch_min,
  TGV_RULE_space_min,
  TGV_RULE_group_space_min,
  TGV_RULE_merge_margin,
  TGV_RULE_edge_min,
  TGV_RULE_ring_min,
  TGV_RULE_density_max,
  TGV_RULE_density_min,
  TGV_RULE_COUNT
};

struct tgv_rule_info {
  const char        *name;  /* as in params.def */
  const char        *title; /* "pitch within a group" */
  const char        *of;    /* what is counted: "vias", "pairs of vias", "windows" */
  enum tgv_dimension dimension;
  bool               most; /* the limit is a largest value */
};
const struct tgv_rule_info *tgv_rule_info(enum tgv_rule r);

/** A deck. */
struct tgv_design_rules {
  double limit[TGV_RULE_COUNT]; /* 0: not checked */
  double pad_oversize, density_window;
};
/** Reads a deck of the library (tgv_library_find). */
tgv_status tgv_design_rules_find(const char *deck, const char *directory, struct tgv_design_rules *out);

/** What is checked. Rules whose data are missing are not checked. */
struct tgv_rule_job {
  struct tgv_layout layout;
  double            width, height;  /* of the unit, centre at 0; 0: unknown (no edge, no density) */
  double            thickness;      /* of the core; 0: unknown (no aspect ratio) */
  double            diameter;       /* of every via, unless one of the next two is given */
  const double     *group_diameter; /* [group] */
  const double     *via_diameter;   /* [via] */
  const double
      *group_etched; /* [group] larger of D_top and D_bottom after the etch; NULL: merge not checked */
  const double *pad_x, *pad_y;    /* [via] centres of the pads; NULL: they are where the vias are */
  const double *via_pad_diameter; /* [via], or NULL: diameter of the pads is pad_diameter */
  double        pad_diameter;     /* 0: that of the via plus the oversize of the deck */
  double
      reach_hint; /* pairs up to this gap are looked at for the worst values, beside those the rules need */
  size_t groups;  /* number of groups; group numbers are below it */
  size_t worst;   /* violations kept per rule */
};

struct tgv_rule_finding {
  double   value;
  uint64_t a, b;           /* numbers of the vias; b = TGV_NO_VIA for one via; both for a window */
  double   xa, ya, xb, yb; /* of the vias; the centre of a window */
};
#define TGV_NO_VIA UINT64_MAX

struct tgv_rule_result {
  bool     checked;
  double   limit;
  uint64_t violations;
  bool     found; /* whether there is a worst value; of pair rules none may be near enough to be looked at */
  double   worst;
  double   beyond; /* of pair rules without `found`: no value is below this */
  size_t   finding_count;
  struct tgv_rule_finding *finding; /* the worst first; equal values (to 1 pm) by number */
};

struct tgv_rule_report {
  uint64_t               vias;
  struct tgv_rule_result rule[TGV_RULE_COUNT];
};

/** Values that miss a limit by less than 0.01 pm pass. TGV_INPUT for sizes that cannot be worked (see
    tgv_neighbours_visit; density windows smaller than a via, or more than 16 million). */
tgv_status tgv_design_rules_check(const struct tgv_design_rules *rules, const struct tgv_rule_job *job,
                                  struct tgv_rule_report *out);
void       tgv_rule_report_release(struct tgv_rule_report *r);
uint64_t   tgv_rule_report_violations(const struct tgv_rule_report *r);

#endif
