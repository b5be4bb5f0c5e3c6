/* What the files of the response table share: its contents, the points at which its solver is asked, the store on disk. */
#ifndef TGV_SOLVER_RESPONSE_TABLE_INSIDE_H
#define TGV_SOLVER_RESPONSE_TABLE_INSIDE_H

#include "solver/response_table.h"

/* outputs are summed up four at a time, lanes sixteen at a time */
enum { TABLE_GROUP = 4, TABLE_LANES = 16, TABLE_NODES_MAX = 64 };

/* All coefficients of one set of indices of the outer axes: a polynomial along axis order[0]. */
struct table_row {
  uint8_t index[TGV_TABLE_AXES_MAX]; /* of axis order[1], order[2]...; [0] is not used */
  uint8_t changed;                   /* first position in `order` whose index differs from the row before */
  uint8_t n;                         /* coefficients along order[0] */
  size_t  at;                        /* in c, [n][padded] */
};

struct tgv_response_table {
  size_t axes, outputs, padded; /* outputs rounded up to TABLE_GROUP */
  struct {
    float low, high, scale; /* u = (x - middle) scale, or ln(x / middle) scale */
    float middle, inverse;  /* inverse: 1 / middle */
    bool  logarithmic;
  } axis[TGV_TABLE_AXES_MAX];
  size_t                 nodes[TGV_TABLE_AXES_MAX];
  size_t                 order[TGV_TABLE_AXES_MAX]; /* of the axes; [0] has most nodes */
  size_t                 row_count;
  struct table_row      *row;
  float                 *c;
  struct tgv_table_error error[TGV_TABLE_OUTPUTS_MAX];
};

/* ---- points: first the nodes (axis 0 changes fastest), then the checks */
size_t tgv_table_node_count(const struct tgv_table_plan *p);
/** Inputs of point i. */
void tgv_table_point(const struct tgv_table_plan *p, size_t i, double *x);

/* ---- fit */
/** y [nodes and checks][outputs] -> table with measured errors. */
struct tgv_response_table *tgv_table_fit(const struct tgv_table_plan *p, const double *y);

/* ---- store */
struct tgv_hash tgv_table_hash(const struct tgv_table_plan *p);
/** Fills y from the directory of tables; false if it has none, or a damaged one. */
bool tgv_table_load(const struct tgv_table_plan *p, const struct tgv_hash *hash, double *y);
/** Keeps y there if it can. */
void tgv_table_keep(const struct tgv_table_plan *p, const struct tgv_hash *hash, const double *y);

#endif
