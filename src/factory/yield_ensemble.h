/* The ensemble: many panels of many lots, their correlated parts drawn, the yield of every unit worked out. */
#ifndef TGV_FACTORY_YIELD_ENSEMBLE_H
#define TGV_FACTORY_YIELD_ENSEMBLE_H

#include "factory/yield_unit.h"

/** Why a unit can be lost: the causes of its vias, and the thickness variation of its core. */
enum { TGV_LOSS_TTV = TGV_CAUSE_COUNT, TGV_LOSS_COUNT };

/** Lot and panel terms of one panel, one normal for each input that has them; all panels belong to different lots. */
struct tgv_lot_axis {
  int    input;
  double sigma; /* lot and panel together */
};

enum { TGV_LOT_PARTS_MAX = 12 };

/** Where the lot and panel terms are drawn: standard normals about 0 (part 0) and about each shift. */
struct tgv_lot_proposal {
  size_t              axis_count, part_count;
  struct tgv_lot_axis axis[TGV_INPUT_MAX];
  double              share[TGV_LOT_PARTS_MAX];
  double              shift[TGV_LOT_PARTS_MAX][TGV_INPUT_MAX];
};

struct tgv_ensemble_options {
  size_t                panels;
  uint64_t              seed;
  struct tgv_random_key key;
};

/** Everything per panel r: weight[r] makes sums over panels / panels estimates of means. */
struct tgv_ensemble {
  size_t  panels, units, groups;
  double *weight;      /* [panel] */
  size_t *part;        /* [panel] of the proposal */
  double *faults;      /* [panel][unit] of the variation: -ln of the probability to pass */
  double *struck;      /* [panel][unit] that defects add */
  double *kills;       /* [panel][unit] killed vias */
  double *events;      /* [panel][unit] mean number of fatal events, defects included */
  double *failed;      /* [panel][TGV_CAUSE_COUNT] mean number of failed vias, by cause; without defects */
  double *cause_loss;  /* [panel][TGV_LOSS_COUNT] units lost, by cause */
  double *loss;        /* [panel][unit] probability that the unit is lost */
  double *unit_failed; /* [panel][unit] mean number of failed vias; without defects */
  double *group_loss;  /* [panel][group] units lost, by group; not those lost to defects */
  double
      *vital; /* [panel][unit] passing probability times faults of the variation: what an error of p costs */
  double *draw; /* [panel][TGV_INPUT_MAX] lot and panel terms, in standard deviations */
};

/** What an ensemble is made from; the variation has no lot and panel terms, which come from the proposal. */
struct tgv_ensemble_source {
  const struct tgv_unit_model   *model;
  const struct tgv_variation    *variation;
  const struct tgv_lot_proposal *proposal;
  struct tgv_ensemble_options    options;
};

/** Finds shifts towards the failures of the kinds of the model; `full` is the variation with lot and panel terms. */
void tgv_lot_proposal_find(const struct tgv_unit_model *m, const struct tgv_variation *full,
                           struct tgv_lot_proposal *out);

tgv_status tgv_ensemble_new(const struct tgv_ensemble_source *s, struct tgv_ensemble **out);
void       tgv_ensemble_free(struct tgv_ensemble *e);
/** Fills the inputs of unit u of panel r and evaluates it, as the ensemble did. r_now: realisation of that panel. */
void tgv_ensemble_unit(const struct tgv_ensemble_source *s, const struct tgv_ensemble *e, size_t r, size_t u,
                       const struct tgv_realisation *now, struct tgv_unit_state *state);
/** The realisation of panel r. */
tgv_status tgv_ensemble_realise(const struct tgv_ensemble_source *s, size_t r, struct tgv_realisation **out);

/** Mean of values[r] over the panels, its standard error and degrees of freedom; the weights are a control variate. */
struct tgv_estimate {
  double mean, error, freedom;
};
struct tgv_estimate tgv_ensemble_mean(const struct tgv_ensemble *e, const double *values);
/** Mean of the weights: 1 but for the chance of the draws. */
struct tgv_estimate tgv_ensemble_weights(const struct tgv_ensemble *e);

#endif
