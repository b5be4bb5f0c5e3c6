#include "solver/sparse_part.h"

#include <stdlib.h>

tgv_status tgv_sparse_part_new(size_t all, const int *row, const int *column, struct tgv_sparse_part *out)
{
  struct tgv_sparse_part p = {.all = all, .whole = row, .other = column};

  p.kept = calloc(all + 1, sizeof *p.kept), p.row = calloc(all + 1, sizeof *p.row);
  p.at = calloc(all + 1, sizeof *p.at);
  p.column = calloc((size_t)row[all] + 1, sizeof *p.column);
  p.from = calloc((size_t)row[all] + 1, sizeof *p.from);
  for (size_t r = 0; p.at && r < all; r++) p.at[r] = -1;
  *out = p;
  if (p.kept && p.row && p.at && p.column && p.from) return TGV_OK;
  tgv_sparse_part_release(out);
  return tgv_fail(TGV_MEMORY, "out of memory for a system of %zu unknowns", all);
}

void tgv_sparse_part_release(struct tgv_sparse_part *p)
{
  free(p->kept), free(p->row), free(p->column), free(p->from), free(p->at);
  *p = (struct tgv_sparse_part){0};
}

static bool coupled(const struct tgv_sparse_part *p, const double *value, size_t r)
{
  for (int k = p->whole[r]; k < p->whole[r + 1]; k++)
    if ((size_t)p->other[k] != r && value[k] != 0) return true;
  return false;
}

bool tgv_sparse_part_pick(struct tgv_sparse_part *p, const double *value)
{
  size_t now = 0;
  bool   missing = false;
  int    n = 0, entries = 0;

  for (size_t r = 0; r < p->all; r++)
    if (coupled(p, value, r)) now++, missing = missing || p->at[r] < 0;
  if (!missing && 6 * (p->n - now) <= p->n) return false;
  for (size_t r = 0; r < p->all; r++) {
    p->at[r] = coupled(p, value, r) ? n : -1;
    if (p->at[r] >= 0) p->kept[n++] = (int)r;
  }
  p->n = (size_t)n;
  for (size_t i = 0; i < p->n; i++) {
    p->row[i] = entries;
    for (int k = p->whole[p->kept[i]]; k < p->whole[p->kept[i] + 1]; k++)
      if (p->at[p->other[k]] >= 0) p->column[entries] = p->at[p->other[k]], p->from[entries++] = k;
  }
  p->row[p->n] = entries;
  return true;
}
