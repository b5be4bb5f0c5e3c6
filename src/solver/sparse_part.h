/* The rows of a square sparse matrix that are coupled to others, as a matrix of their own: where a front has passed, cells fall out of the
   equations, and a factor need not carry them. */
#ifndef TGV_SOLVER_SPARSE_PART_H
#define TGV_SOLVER_SPARSE_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

struct tgv_sparse_part {
  size_t     all, n;        /* rows of the whole, of the part */
  const int *whole, *other; /* pattern of the whole: row[all + 1], column[], both triangles; borrowed */
  int       *kept;          /* [n] row of the whole */
  int       *row, *column;  /* [n + 1], [row[n]]: pattern of the part */
  int       *from;          /* [row[n]] entry of the whole */
  int       *at;            /* [all] row of the part; -1: not in it */
};

/** Starts with no row. Release it. */
tgv_status tgv_sparse_part_new(size_t all, const int *row, const int *column, struct tgv_sparse_part *out);
void       tgv_sparse_part_release(struct tgv_sparse_part *p);
/** Takes the rows that are coupled by value[] now, if one of them is missing or a sixth of those in it are coupled no more. True if the
    part has changed. */
bool tgv_sparse_part_pick(struct tgv_sparse_part *p, const double *value);

#endif
