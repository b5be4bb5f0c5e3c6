/* Tally: what is kept of the vias of a panel while they stream by: counts, moments, histograms, maps, the worst vias. All sums
   are sums of integers, so they do not depend on tiles, threads or ranks. */
#ifndef TGV_MODEL_TALLY_H
#define TGV_MODEL_TALLY_H

#include <stdbool.h>

#include "model/block.h"
#include "model/panel.h"

/** The flags that are counted beside the causes: what a reader must know of the vias' numbers. */
enum { TGV_TALLY_FLAGS = 3 };
struct tgv_tally_flag {
  uint32_t    bit;
  const char *name, *help;
};
extern const struct tgv_tally_flag tgv_tally_flag[TGV_TALLY_FLAGS];

/** Columns with moments and histograms; the first TGV_TALLY_MAPPED of them also have maps. */
enum { TGV_TALLY_MAPPED = 4, TGV_TALLY_COLUMNS = 7, TGV_TALLY_BINS = 240 };
extern const enum tgv_column tgv_tally_column[TGV_TALLY_COLUMNS];

/** What is counted, and on which grids; the same on every thread and rank. Set by tgv_tally_plan. */
struct tgv_tally_plan {
  const struct tgv_package *package;
  const struct tgv_panel   *panel;
  int                       nx, ny; /* cells of the maps */
  double                    x0, y0, cell;
  size_t                    worst_per_unit;
  double                    low[TGV_TALLY_COLUMNS];  /* lower end of the histogram, SI */
  double                    step[TGV_TALLY_COLUMNS]; /* width of a bin */
  float (*nominal)[TGV_COLUMN_COUNT]; /* [group] the via without variation: scales of the margins */
};

/** A via among the worst of its unit: margin is its smallest distance from a limit over that of the nominal via. */
struct tgv_worst_via {
  float    margin;
  uint32_t taken; /* 0: an empty place */
  uint64_t local; /* number within the unit */
};

/** A failed via of a group with spare lanes. */
struct tgv_failed_via {
  uint32_t unit, group;
  uint64_t local;
};

struct tgv_tally {
  const struct tgv_tally_plan *plan;
  size_t                       sum_count;
  int64_t                     *sum;     /* everything that is added up; the pointers below point into it */
  int64_t                     *n;       /* [group] vias */
  int64_t                     *failed;  /* [group] */
  int64_t                     *cause;   /* [group][TGV_CAUSE_COUNT] */
  int64_t                     *flagged; /* [TGV_TALLY_FLAGS] */
  int64_t *moment;      /* [group][column][4] first and second moment about the middle bin, two limbs each */
  int64_t *histogram;   /* [group][column][TGV_TALLY_BINS + 2] the ends count what is outside */
  int64_t *unit_failed; /* [unit][group] */
  int64_t *unit_sum;    /* [unit][TGV_TALLY_MAPPED] */
  int64_t *cell_n, *cell_failed; /* [ny][nx] */
  int64_t *cell_sum;             /* [TGV_TALLY_MAPPED][ny][nx] */
  float   *minimum, *maximum;    /* [group][column] */
  float   *thin, *thick;         /* [unit] smallest and largest thickness after the etch */
  struct tgv_worst_via *worst;   /* [unit][worst_per_unit] best of them first */
  struct tgv_failed_via
        *spare; /* failed vias of groups with spares; not all if a group has more than it can bear */
  size_t spare_count, spare_room;
};

/** Sets the grids; histogram ranges and nominal values are the caller's to fill. */
void tgv_tally_plan_init(struct tgv_tally_plan *plan, const struct tgv_package *k,
                         const struct tgv_panel *panel, double cell);
void tgv_tally_plan_release(struct tgv_tally_plan *plan);

struct tgv_tally *tgv_tally_new(const struct tgv_tally_plan *plan);
void              tgv_tally_free(struct tgv_tally *t);
/** Counts the vias of a block. */
void tgv_tally_block(struct tgv_tally *t, const struct tgv_block *b);
/** Puts a via among the worst of its unit if it belongs there; a failed via among the spares. */
void tgv_tally_keep_worst(struct tgv_tally *t, size_t unit, struct tgv_worst_via via);
void tgv_tally_keep_spare(struct tgv_tally *t, struct tgv_failed_via via);
/** Adds another tally of the same plan. */
void tgv_tally_merge(struct tgv_tally *into, const struct tgv_tally *from);
/** Adds up the tallies of all ranks on rank 0. */
tgv_status tgv_tally_reduce(struct tgv_tally *t);
/** Bytes that hold a tally, and back; TGV_FILE if they are of another plan. */
void       tgv_tally_pack(const struct tgv_tally *t, void **bytes, size_t *size);
tgv_status tgv_tally_unpack(struct tgv_tally *t, const void *bytes, size_t size);

/* Reading. */
double tgv_tally_mean(const struct tgv_tally *t, size_t group, int column);
double tgv_tally_deviation(const struct tgv_tally *t, size_t group,
                           int column); /* standard deviation, n - 1 */
/** Sum of a mapped column over a cell or unit, SI. */
double tgv_tally_sum(int64_t fixed);
/** Margin of via i of a block: 0 at a limit, 1 at nominal, negative: failed; INFINITY if nothing is checked. */
void tgv_tally_margins(const struct tgv_tally_plan *plan, const struct tgv_block *b, float *margin);
/** Whether a unit passes: every group within what its rule of failure bears (spare lanes, tolerated fraction). `reason` gets the
    index of the first group that fails, or group_count. */
bool tgv_tally_unit_passes(const struct tgv_tally *t, size_t unit, size_t *reason);

#endif
