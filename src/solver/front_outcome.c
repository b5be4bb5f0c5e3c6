#include <math.h>
#include <stdlib.h>

#include "solver/front_run.h"

static double revolution(const struct tgv_front_run *run)
{
  return run->grid.planar ? 2 : 2 * M_PI;
}

double tgv_front_run_open(const struct tgv_front_run *run, bool joined)
{
  const size_t nr = run->grid.nr;
  double       sum = 0;

  for (size_t cell = run->top * nr; cell < run->bottom * nr; cell++)
    if (!joined || run->reach[cell]) sum += run->surface.volume[cell];
  return sum;
}

double tgv_front_run_metal(const struct tgv_front_run *run)
{
  double sum = 0;

  for (size_t cell = 0; cell < tgv_front_grid_cells(&run->grid); cell++) sum += run->surface.volume[cell];
  return run->bath - sum;
}

bool tgv_front_run_passes(const struct tgv_front_run *run)
{
  for (size_t cell = 0; cell < run->grid.nr; cell++)
    if (run->reach[cell] == 3) return true;
  return false;
}

/* phi in the row j of nodes at the radius r */
static double phi_at(const struct tgv_front_run *run, double r, size_t j)
{
  const struct tgv_front_grid *g = &run->grid;
  size_t                       i = 0;

  while (i + 2 < g->nr && g->r[i + 1] < r) i++;
  const double share = (r - g->r[i]) / (g->r[i + 1] - g->r[i]), *phi = run->level.phi + j * (g->nr + 1) + i;

  return phi[0] + share * (phi[1] - phi[0]);
}

/* Depth of the first metal seen from above (or, from below, its height over the bottom face); the thickness if none */
static double first_metal(const struct tgv_front_run *run, double r, bool from_below)
{
  const struct tgv_front_grid *g = &run->grid;
  const double                 depth = g->z[run->bottom] - g->z[run->top];
  double                       before = 1, z_before = 0;

  for (size_t k = 0; k <= g->nz; k++) {
    const size_t j = from_below ? g->nz - k : k;
    const double z = from_below ? g->z[run->bottom] - g->z[j] : g->z[j] - g->z[run->top],
                 f = phi_at(run, r, j);

    if (z > depth) break;
    if (f <= 0) return k ? z_before + before / (before - f) * (z - z_before) : z;
    before = f, z_before = z;
  }
  return depth;
}

/* Depth of the highest metal under a face, negative over it */
static double highest_metal(const struct tgv_front_run *run, bool from_below)
{
  double z = HUGE_VAL;

  for (size_t i = 0; i <= run->grid.nr; i++) z = fmin(z, first_metal(run, run->grid.r[i], from_below));
  return z;
}

double tgv_front_run_height(const struct tgv_front_run *run)
{
  const struct tgv_plating_case *c = run->c;
  const double                   depth = run->grid.z[run->bottom] - run->grid.z[run->top];
  const bool                     through = c->ends == TGV_PLATING_THROUGH;
  const double                   middle =
      c->core_radius > 0 ? 0.5 * (c->core_radius + tgv_via_profile_radius(&c->profile, 0.5 * depth)) : 0;
  const double above = fmax(0, first_metal(run, middle, false)),
               below = through ? fmax(0, first_metal(run, middle, true)) : 0;

  return 1 - fmin(1, (through && above >= depth ? depth : above + below) / depth);
}

static const double last_of_fill =
    1e-3; /* of the opening: filling has ended when all but this is there, as in plating_depth */

tgv_status tgv_front_run_note(struct tgv_front_run *run, double fill)
{
  if (run->noted == run->room) {
    const size_t             room = run->room ? 2 * run->room : 256;
    struct tgv_front_moment *list = realloc(run->history, room * sizeof *list);

    if (!list) return tgv_fail(TGV_MEMORY, "out of memory for %zu steps", room);
    run->history = list, run->room = room;
  }
  run->history[run->noted++] = (struct tgv_front_moment){run->time, fill};
  return TGV_OK;
}

double tgv_front_run_filled_at(const struct tgv_front_run *run)
{
  size_t k = run->noted;

  while (k > 1 && run->history[k - 2].fill >= run->history[run->noted - 1].fill - last_of_fill) k--;
  return k ? run->history[k - 1].time : 0;
}

struct component {
  double volume, low, high;
};

/* One trapped region of bath: volume and extent over z */
static struct component explore(const struct tgv_front_run *run, unsigned char *seen, size_t first)
{
  const struct tgv_front_surface *s = &run->surface;
  const struct tgv_front_grid    *g = &run->grid;
  struct component                c = {0, HUGE_VAL, -HUGE_VAL};
  size_t                          n = 0;

  seen[first] = 1, run->stack[n++] = (int32_t)first;
  while (n) {
    const size_t cell = (size_t)run->stack[--n], i = cell % g->nr, j = cell / g->nr;
    const bool   open[4] = {i > 0 && s->side_r[j * (g->nr + 1) + i] > 0,
                            i + 1 < g->nr && s->side_r[j * (g->nr + 1) + i + 1] > 0,
                            j > 0 && s->side_z[cell] > 0, j + 1 < g->nz && s->side_z[cell + g->nr] > 0};
    const size_t to[4] = {cell - 1, cell + 1, cell - g->nr, cell + g->nr};

    c.volume += s->volume[cell];
    if (open[2]) c.low = fmin(c.low, g->z[j]), c.high = fmax(c.high, g->z[j]);
    if (open[3]) c.low = fmin(c.low, g->z[j + 1]), c.high = fmax(c.high, g->z[j + 1]);
    for (size_t k = 0; k < 4; k++)
      if (open[k] && !seen[to[k]]) seen[to[k]] = 1, run->stack[n++] = (int32_t)to[k];
  }
  for (size_t k = 0; k < s->pieces; k++) {
    const struct tgv_front_piece *p = &s->piece[k];

    if (p->cell == first || (seen[p->cell] == 1 && s->volume[p->cell] > 0)) {
      c.low = fmin(c.low, fmin(s->pz[p->a], s->pz[p->b]));
      c.high = fmax(c.high, fmax(s->pz[p->a], s->pz[p->b]));
    }
  }
  return c;
}

static tgv_status read_voids(const struct tgv_front_run *run, struct tgv_plating_outcome *out)
{
  const struct tgv_front_grid *g = &run->grid;
  const size_t                 cells = tgv_front_grid_cells(g);
  const double                 depth = g->z[run->bottom] - g->z[run->top];
  unsigned char               *seen = calloc(cells, 1);
  double                       largest = 0, all = 0;

  if (!seen) return tgv_fail(TGV_MEMORY, "out of memory");
  out->void_length = out->void_depth = 0;
  for (size_t cell = 0; cell < cells; cell++) {
    if (seen[cell] || run->reach[cell] || !(run->surface.volume[cell] > 0)) continue;
    const struct component c = explore(run, seen, cell);

    for (size_t k = 0; k < cells; k++) seen[k] = seen[k] ? 2 : 0; /* explored before */
    all += c.volume;
    if (c.volume <= largest) continue;
    largest = c.volume;
    out->void_length = (c.high - c.low) / depth, out->void_depth = 0.5 * (c.high + c.low);
  }
  free(seen);
  out->void_fraction = all / run->opening;
  return TGV_OK;
}

tgv_status tgv_front_run_read(const struct tgv_front_run *run, struct tgv_plating_outcome *out)
{
  const bool through = run->c->ends == TGV_PLATING_THROUGH;

  out->fill = 1 - tgv_front_run_open(run, false) / run->opening;
  out->height = tgv_front_run_height(run);
  out->dimple = out->overburden = out->bump = out->seam_length = 0;
  for (int side = 0; side < (through ? 2 : 1); side++) {
    const double field = first_metal(run, run->c->cell_radius, side);
    double       deepest = -HUGE_VAL;

    for (size_t i = 0; i <= run->grid.nr; i++)
      deepest = fmax(deepest, first_metal(run, run->grid.r[i], side));
    out->dimple = fmax(out->dimple, deepest - field), out->overburden = fmax(out->overburden, -field);
    out->bump = fmax(out->bump, -highest_metal(run, side));
  }
  for (size_t j = 0; j < run->grid.nz; j++)
    if (run->seam_row[j]) out->seam_length += run->grid.z[j + 1] - run->grid.z[j];
  for (size_t i = 0; i < run->grid.nr; i++)
    if (run->seam_column[i]) out->seam_length += run->grid.r[i + 1] - run->grid.r[i];
  out->copper = revolution(run) * tgv_front_run_metal(run);
  TGV_TRY(read_voids(run, out));
  out->regime = tgv_plating_outcome_regime(run->c, out, tgv_front_run_open(run, true) / run->opening);
  return TGV_OK;
}

tgv_status tgv_front_run_snapshot(const struct tgv_front_run *run, struct tgv_plating_outcome *out)
{
  const struct tgv_front_surface *s = &run->surface;
  const size_t                    n = s->pieces + (s->chains ? s->chains - 1 : 0);
  struct tgv_plating_snapshot    *list = realloc(out->snapshot, (out->snapshots + 1) * sizeof *list), *shot;
  size_t                          at = 0;

  if (!list) return tgv_fail(TGV_MEMORY, "out of memory for a snapshot");
  out->snapshot = list, shot = &list[out->snapshots++];
  *shot = (struct tgv_plating_snapshot){.time = run->time, .n = n};
  double **column[] = {&shot->r, &shot->z, &shot->current, &shot->coverage, &shot->ion, &shot->additive};

  for (size_t k = 0; k < 6; k++)
    if (!(*column[k] = calloc(n + 1, sizeof(double))))
      return tgv_fail(TGV_MEMORY, "out of memory for a snapshot");
  for (size_t k = 0; k < s->pieces; k++) {
    const int32_t                 id = s->order[k];
    const struct tgv_front_piece *p = &s->piece[id];

    if (k && p->chain != s->piece[s->order[k - 1]].chain) {
      for (size_t a = 0; a < 6; a++) (*column[a])[at] = NAN;
      at++;
    }
    shot->r[at] = p->r, shot->z[at] = p->z - run->grid.z[run->top],
    shot->current[at] = run->state.current[id];
    shot->coverage[at] = fmin(1, run->state.theta[id]), shot->ion[at] = run->state.ion[id];
    shot->additive[at++] = run->state.additive[id];
  }
  return TGV_OK;
}
