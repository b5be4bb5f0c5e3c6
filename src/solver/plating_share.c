/** # Current of via groups

## Model
The metal of a panel is at nearly one potential, and so is the bath over it: vias do not get the same current density over their cells
of face and bath, they get the same charge transfer $\psi$. A cell of area $A$ with a via takes

$$ j = \left(1 - \frac{A_m}{A}\right) i_f(\psi) + \frac{A_w}{A}\, i_w(\psi), $$

$A_m$ its mouth, $A_w$ the wall that the face feeds (half of it if both faces are plated), as a cylinder of the target diameter through
the core, of which the part `plated_wall` is not covered; $i_w$ is the charge transfer of the bare surface, $i_f$ that of the face between the vias: bare too, or covered by the additive
(`polarisation: covered`), when the vias take nearly all of the current. $\psi$ is that at which the mean of $j$ over the cells of all vias is
`current_density`; the share of a group is its $j$ over that mean. If the face takes nothing, vias of one diameter get one current each,
whatever their pitch.

The cell of a via is that of its pattern. Where groups lie between each other, it is divided by the count of all vias over
that of the own ones in windows of 8 pitches around 33 vias of the group (median, to a twentieth).

## Valid for
Groups that share a panel and a time; the distribution at the start.

## Neglects
What the inside of a via adds to its polarisation as it fills: ohmic drop and depletion in it, walls that the additive covers. With it vias of
equal diameter share the current still more evenly.

## Source
Our own; potential theory of parallel electrodes (Newman, Thomas-Alyea, Electrochemical Systems).

## Verified by
tests/unit/test_plating_share.c */
#include "solver/plating_share.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/plating_kinetics.h"

/* ---- the cell of a via */

/* vias of a row with lower <= x < upper in both directions */
static uint64_t count_row(const struct tgv_run_of_vias *r, const double low[2], const double high[2])
{
  double       first = 0, last = (double)r->n - 1;
  const double start[2] = {r->x0, r->y0}, step[2] = {r->dx, r->dy};

  for (int d = 0; d < 2; d++) {
    double a, b;

    if (step[d] == 0 || r->n == 1) {
      if (start[d] < low[d] || start[d] >= high[d]) return 0;
      continue;
    }
    a = (low[d] - start[d]) / step[d], b = (high[d] - start[d]) / step[d];
    first = fmax(first, ceil(fmin(a, b))), last = fmin(last, floor(fmax(a, b)));
  }
  return last < first ? 0 : (uint64_t)(last - first) + 1;
}

static uint64_t count_group(const struct tgv_package *k, const struct tgv_via_group *g, const double low[2],
                            const double high[2])
{
  uint64_t sum = 0;

  for (size_t r = g->run_first; r < g->run_first + g->run_count; r++) sum += count_row(&k->run[r], low, high);
  return sum;
}

static int by_size(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

enum { SAMPLES = 33, PITCHES = 8 };

/* own vias over all vias around those of a group */
static double own_share(const struct tgv_package *k, const struct tgv_via_group *g, double px, double py)
{
  double share[SAMPLES];
  size_t n = 0;

  for (uint64_t s = 0; s < SAMPLES && s < g->count; s++) {
    double   x, y, all = 0;
    uint64_t own;

    tgv_package_positions(k, g->first + s * g->count / SAMPLES, 1, &x, &y);
    /* no via lies on the edge of the window, whatever the rounding */
    const double low[2] = {x - (0.5 * PITCHES - 0.137) * px, y - (0.5 * PITCHES - 0.137) * py};
    const double high[2] = {low[0] + PITCHES * px, low[1] + PITCHES * py};

    own = count_group(k, g, low, high);
    for (size_t i = 0; i < k->group_count; i++) all += (double)count_group(k, &k->group[i], low, high);
    share[n++] = (double)own / all;
  }
  qsort(share, n, sizeof *share, by_size);
  return n > 0 ? fmax(0.05, round(20 * share[n / 2]) / 20) : 1;
}

double tgv_via_cell_area(const struct tgv_project *p, const struct tgv_package *k, size_t group)
{
  const struct tgv_via_group *g = &k->group[group];
  const bool                  hexagonal = strcmp(g->pattern, "hexagonal") == 0;
  double px = isfinite(g->pitch) ? g->pitch : tgv_real(p, TGV_P_copper_plating_isolated_pitch), py = px;

  if (isfinite(g->pitch) &&
      (hexagonal || strcmp(g->pattern, "rectangular") == 0 || strcmp(g->pattern, "staggered") == 0)) {
    px = tgv_real_at(p, TGV_P_via_groups_pitch_x, g->record);
    py = tgv_real_at(p, TGV_P_via_groups_pitch_y, g->record);
    if (hexagonal) py = 0.5 * sqrt(3) * px;
    if (!(py > 0)) py = px;
  }
  return px * py * (k->group_count > 1 ? own_share(k, g, px, py) : 1);
}

/* ---- what takes the current */

bool tgv_plating_is_shared(const struct tgv_project *p)
{
  return tgv_chosen(p, TGV_P_copper_plating_current_sharing, "vias");
}

static struct tgv_face surface(const struct tgv_project *p, bool covered)
{
  const double f = tgv_faraday / (tgv_gas_constant * tgv_real(p, TGV_P_copper_plating_temperature));
  const double alpha =
      tgv_real(p, covered ? TGV_P_copper_plating_alpha_covered : TGV_P_copper_plating_alpha_free);

  return (struct tgv_face){
      .kinetics = tgv_chosen(p, TGV_P_copper_plating_polarisation, "linear") ? TGV_FACE_LINEAR
                                                                             : TGV_FACE_BUTLER_VOLMER,
      .i0 = tgv_real(p, covered ? TGV_P_copper_plating_i0_covered : TGV_P_copper_plating_i0_free),
      .a = alpha * f,
      .c = (2 - alpha) * f,
  };
}

struct tgv_face tgv_plated_face(const struct tgv_project *p)
{
  return surface(p, tgv_chosen(p, TGV_P_copper_plating_polarisation, "covered"));
}

struct tgv_face tgv_plated_wall(const struct tgv_project *p)
{
  return surface(p, false);
}

struct tgv_via_surface tgv_plated_surface(const struct tgv_project *p, const struct tgv_via_group *g)
{
  const double faces = tgv_chosen(p, TGV_P_copper_plating_sides, "both") ? 2 : 1;

  return (struct tgv_via_surface){
      .wall = tgv_real(p, TGV_P_copper_plating_plated_wall) * M_PI * g->diameter *
              tgv_real(p, TGV_P_core_thickness) / faces,
      .mouth = 0.25 * M_PI * g->diameter * g->diameter,
  };
}

/* ---- shares */

struct cell {
  double vias, area, face, wall; /* vias of a unit; area of a cell; face and wall over it */
};

static double density(const struct cell *c, const struct tgv_face *face, const struct tgv_face *wall,
                      double psi)
{
  double slope;

  return c->face * tgv_face_current(face, psi, &slope) + c->wall * tgv_face_current(wall, psi, &slope);
}

static double mean_density(const struct tgv_package *k, const struct cell *c, const struct tgv_face *face,
                           const struct tgv_face *wall, double psi)
{
  double sum = 0, area = 0;

  for (size_t g = 0; g < k->group_count; g++) {
    sum += c[g].vias * c[g].area * density(&c[g], face, wall, psi);
    area += c[g].vias * c[g].area;
  }
  return sum / area;
}

/* the charge transfer at which the mean is the current density that is asked for */
static double common_transfer(const struct tgv_package *k, const struct cell *c, const struct tgv_face *face,
                              const struct tgv_face *wall, double wanted)
{
  double low = 0, high = 1e-3;

  while (mean_density(k, c, face, wall, high) < wanted) low = high, high *= 2;
  for (int n = 0; n < 60; n++) {
    const double middle = 0.5 * (low + high);

    if (mean_density(k, c, face, wall, middle) < wanted)
      low = middle;
    else
      high = middle;
  }
  return high;
}

static struct cell *gather(const struct tgv_project *p, const struct tgv_package *k)
{
  struct cell *c = tgv_allocate(k->group_count, sizeof *c);

  for (size_t g = 0; g < k->group_count; g++) {
    const struct tgv_via_surface s = tgv_plated_surface(p, &k->group[g]);

    c[g].vias = (double)k->group[g].count, c[g].area = tgv_via_cell_area(p, k, g);
    c[g].face = fmax(0, 1 - s.mouth / c[g].area), c[g].wall = s.wall / c[g].area;
  }
  return c;
}

double tgv_plating_wall_current(const struct tgv_project *p, const struct tgv_package *k)
{
  const struct tgv_face face = tgv_plated_face(p), wall = tgv_plated_wall(p);
  struct cell          *c = gather(p, k);
  const double          wanted = tgv_real(p, TGV_P_copper_plating_current_density);
  double slope, out = tgv_face_current(&wall, common_transfer(k, c, &face, &wall, wanted), &slope);

  free(c);
  return out;
}

double tgv_plating_share(const struct tgv_project *p, const struct tgv_package *k, size_t group)
{
  const struct tgv_face face = tgv_plated_face(p), wall = tgv_plated_wall(p);
  const double          wanted = tgv_real(p, TGV_P_copper_plating_current_density);
  struct cell          *c;
  double                psi, out;

  if (!tgv_plating_is_shared(p) || k->group_count < 2) return 1;
  c = gather(p, k);
  psi = common_transfer(k, c, &face, &wall, wanted);
  out = density(&c[group], &face, &wall, psi) / mean_density(k, c, &face, &wall, psi);
  free(c);
  return out;
}
