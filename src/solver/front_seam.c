#include <math.h>

#include "solver/front_run.h"

static const double flat_angle = 10 * M_PI / 180; /* between the two walls */

/* Do the two pieces look at each other across the middle of a cell, at less than the angle? */
static bool facing(const struct tgv_front_piece *p, const struct tgv_front_piece *q, double r, double z)
{
  if (p->nr * q->nr + p->nz * q->nz > -cos(flat_angle)) return false;
  return (r - p->r) * p->nr + (z - p->z) * p->nz > 0 && (r - q->r) * q->nr + (z - q->z) * q->nz > 0;
}

static void mark(struct tgv_front_run *run, size_t cell, const struct tgv_front_piece *p)
{
  if (fabs(p->nr) > fabs(p->nz))
    run->seam_row[cell / run->grid.nr] = 1;
  else
    run->seam_column[cell % run->grid.nr] = 1;
}

/* A cell that has closed lay on a seam if two pieces nearest to its corners face each other, or one faces its mirror image in the axis. */
static void look(struct tgv_front_run *run, size_t cell)
{
  const struct tgv_front_grid *g = &run->grid;
  const size_t                 i = cell % g->nr, j = cell / g->nr, node = j * (g->nr + 1) + i;
  const size_t                 corner[4] = {node, node + 1, node + g->nr + 1, node + g->nr + 2};
  const double                 r = 0.5 * (g->r[i] + g->r[i + 1]), z = 0.5 * (g->z[j] + g->z[j + 1]);

  for (size_t a = 0; a < 4; a++) {
    const int32_t k = run->nearest.piece[corner[a]];

    if (k == TGV_FRONT_NONE) continue;
    const struct tgv_front_piece *p = &run->surface.piece[k];

    if (i == 0 && p->nr < 0 && p->nz * p->nz - p->nr * p->nr < -cos(flat_angle)) mark(run, cell, p);
    for (size_t b = 0; b < a; b++) {
      const int32_t other = run->nearest.piece[corner[b]];

      if (other != TGV_FRONT_NONE && facing(p, &run->surface.piece[other], r, z)) mark(run, cell, p);
    }
  }
}

/* What is left of a gap between the axis and its wall in the innermost cell, cut off from the bath, is below what the grid can tell from
   a seam. */
void tgv_front_run_slivers(struct tgv_front_run *run)
{
  for (size_t k = 0; k < run->surface.pieces; k++) {
    const struct tgv_front_piece *p = &run->surface.piece[k];

    if (p->cell % run->grid.nr || run->reach[p->cell] || p->nr >= 0) continue;
    if (p->nz * p->nz - p->nr * p->nr < -cos(flat_angle)) mark(run, p->cell, p);
  }
}

void tgv_front_run_seams(struct tgv_front_run *run)
{
  for (size_t cell = run->top * run->grid.nr; cell < run->bottom * run->grid.nr; cell++)
    if (run->surface.volume[cell] > 0 && !(run->next.volume[cell] > 0)) look(run, cell);
}
