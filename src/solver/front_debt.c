#include "solver/front_debt.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SMOOTHINGS = 4 };

static const double new_surface =
    1e-3;                           /* of what its growth would give it goes to surface that has not grown */
static const double touched = 2e-6; /* of a cell: by so much it has grown */
static const double resting = 0.02; /* of the debts of the fastest surface goes to one at rest beside it */

tgv_status tgv_front_debt_new(const struct tgv_front_surface *s, struct tgv_front_debt *out)
{
  const size_t cells = tgv_front_grid_cells(s->grid);

  *out = (struct tgv_front_debt){.cell = calloc(cells, sizeof *out->cell),
                                 .area = calloc(cells, sizeof *out->area),
                                 .piece = calloc(s->room, sizeof *out->piece),
                                 .flow = calloc(s->room, sizeof *out->flow),
                                 .weight = calloc(s->room, sizeof *out->weight)};
  if (out->cell && out->area && out->piece && out->flow && out->weight) return TGV_OK;
  tgv_front_debt_release(out);
  return tgv_fail(TGV_MEMORY, "out of memory for %zu cells", cells);
}

void tgv_front_debt_release(struct tgv_front_debt *d)
{
  free(d->cell), free(d->area), free(d->piece), free(d->flow), free(d->weight);
  *d = (struct tgv_front_debt){0};
}

void tgv_front_debt_charge(struct tgv_front_debt *d, const struct tgv_front_surface *s, const double *speed,
                           double dt)
{
  for (size_t k = 0; k < s->pieces; k++) d->cell[s->piece[k].cell] += dt * speed[k] * s->piece[k].area;
}

void tgv_front_debt_moved(struct tgv_front_debt *d, const struct tgv_front_surface *from,
                          const struct tgv_front_surface *to)
{
  const size_t cells = tgv_front_grid_cells(from->grid);

  for (size_t c = 0; c < cells; c++) d->cell[c] -= from->volume[c] - to->volume[c];
}

static void hand_to_pieces(struct tgv_front_debt *d, const struct tgv_front_nearest *n)
{
  const struct tgv_front_surface *s = n->surface;
  const size_t                    cells = tgv_front_grid_cells(s->grid);

  memset(d->area, 0, cells * sizeof *d->area), memset(d->piece, 0, s->pieces * sizeof *d->piece);
  for (size_t k = 0; k < s->pieces; k++) d->area[s->piece[k].cell] += s->piece[k].area;
  for (size_t k = 0; k < s->pieces; k++) {
    const size_t cell = s->piece[k].cell;

    if (d->area[cell] > 0) d->piece[k] = d->cell[cell] * s->piece[k].area / d->area[cell];
  }
  for (size_t cell = 0; cell < cells; cell++) {
    const int32_t k =
        d->cell[cell] != 0 && !(d->area[cell] > 0) ? tgv_front_nearest_to_cell(n, cell) : TGV_FRONT_NONE;

    if (k != TGV_FRONT_NONE) d->piece[k] += d->cell[cell];
    if (k != TGV_FRONT_NONE || d->area[cell] > 0) d->cell[cell] = 0;
  }
}

/* Surface that has not grown yet cannot give back. */
static bool untouched(const struct tgv_front_grid *g, const struct tgv_front_terms *t, size_t cell)
{
  const size_t node = cell / g->nr * (g->nr + 1) + cell % g->nr;

  for (size_t c = 0; c < 4; c++) {
    const size_t at = node + c % 2 + c / 2 * (g->nr + 1);

    if (t->phi[at] < t->start[at] - touched * g->h) return false;
  }
  return true;
}

static void weigh(struct tgv_front_debt *d, const struct tgv_front_surface *s,
                  const struct tgv_front_terms *t, const double *speed)
{
  double fastest = 0;

  for (size_t k = 0; k < s->pieces; k++) fastest = fmax(fastest, fabs(speed[k]));
  for (size_t k = 0; k < s->pieces; k++) {
    const double part = fastest > 0 ? resting + fabs(speed[k]) / fastest : 1;

    d->weight[k] = s->piece[k].area * (untouched(s->grid, t, s->piece[k].cell) ? new_surface * part : part);
  }
}

/* What a cell owes because the surface has gone over into the next one, that one has too much: debts flow along the chains until they are
   alike over two pieces or so, and from surface at rest to surface that grows, where the copper is. */
static void smooth(struct tgv_front_debt *d, const struct tgv_front_surface *s)
{
  double *flow = d->flow, *weight = d->weight;

  for (int pass = 0; pass < SMOOTHINGS; pass++) {
    for (size_t k = 0; k < s->pieces; k++) {
      const int32_t next = s->piece[k].next;

      flow[k] = 0;
      if (next == TGV_FRONT_NONE) continue;
      const double a = weight[k], b = weight[next];

      if (a > 0 && b > 0) flow[k] = 0.25 * fmin(a, b) * (d->piece[k] / a - d->piece[next] / b);
    }
    for (size_t k = 0; k < s->pieces; k++)
      if (s->piece[k].next != TGV_FRONT_NONE) {
        d->piece[k] -= flow[k];
        d->piece[s->piece[k].next] += flow[k];
      }
  }
}

void tgv_front_debt_pay(struct tgv_front_debt *d, const struct tgv_front_nearest *n,
                        const struct tgv_front_terms *t, double *speed)
{
  const struct tgv_front_surface *s = n->surface;

  hand_to_pieces(d, n);
  weigh(d, s, t, speed);
  smooth(d, s);
  for (size_t k = 0; k < s->pieces; k++) {
    const double way = s->piece[k].area > 0 ? d->piece[k] / s->piece[k].area : 0;

    speed[k] += fmin(t->most, fmax(-t->most, way)) / t->dt;
    d->cell[s->piece[k].cell] += d->piece[k];
  }
}
