#include <math.h>
#include <string.h>

#include "solver/plating_depth_state.h"

/* A cell closes when this share of its area, or of its height, is left. What walls leave open is a seam; what a floor leaves goes to the
   next cell. */
static const double area_left = 0.001, height_left = 0.05;

double tgv_depth_area(const struct tgv_depth *m, size_t cell, double gap)
{
  return m->ring[cell] > 0 ? m->ring[cell] * gap : M_PI * gap * gap;
}

double tgv_depth_gap(const struct tgv_depth *m, const double *y, size_t cell)
{
  if (m->closed[cell]) return 0;
  const double gap = m->gap0[cell] - y[(m->first + cell) * m->block + TGV_DEPTH_GROWN] * m->scale,
               least = 0.0001 * m->gap0[cell];

  return gap > least ? gap : least;
}

/* A lip stands at the rim of the mouth. Over a disc of uniform uptake in a plane, the rim lies 2 / pi below the far field where the mean of the
   disc lies 8 / (3 pi) below it: three quarters of the way from the face to the mouth, and so its growth. */
double tgv_depth_lip(const struct tgv_depth *m, const double *y, int side)
{
  const size_t cell = side == 0 ? 0 : m->cells - 1;
  const double gap = tgv_depth_gap(m, y, cell),
               grown = y[m->face[side] * m->block + TGV_DEPTH_GROWN] * m->scale;

  if (m->plain) return gap;
  return fmin(gap, fmax(0.75 * gap + 0.25 * (m->gap0[cell] - grown), 0.0001 * m->gap0[cell]));
}

double tgv_depth_mouth(const struct tgv_depth *m, const double *y, int side)
{
  const size_t cell = side == 0 ? 0 : m->cells - 1;

  return m->closed[cell] || m->sealed[side] ? 0 : tgv_depth_area(m, cell, tgv_depth_lip(m, y, side));
}

static double height_share(const struct tgv_depth *m, const double *y, size_t cell)
{
  double share = 1;

  if (cell > 0 && m->down[cell - 1]) share -= y[(m->first + cell - 1) * m->block + TGV_DEPTH_DOWN];
  if (m->up[cell + 1]) share -= y[(m->first + cell + 1) * m->block + TGV_DEPTH_UP];
  return fmax(share, 0.01);
}

double tgv_depth_height(const struct tgv_depth *m, const double *y, size_t cell)
{
  return m->closed[cell] ? 0 : m->height[cell] * height_share(m, y, cell);
}

double tgv_depth_volume(const struct tgv_depth *m, const double *y, size_t from, size_t to)
{
  double sum = 0;

  for (size_t j = from; j < to; j++)
    sum +=
        m->closed[j] ? m->rest[j] : tgv_depth_area(m, j, tgv_depth_gap(m, y, j)) * tgv_depth_height(m, y, j);
  return sum;
}

static double area_share(const struct tgv_depth *m, const double *y, size_t j)
{
  return tgv_depth_area(m, j, tgv_depth_gap(m, y, j)) / tgv_depth_area(m, j, m->gap0[j]);
}

/* Share that the lips leave of a mouth, 1 of one that is closed anyway */
static double mouth_share(const struct tgv_depth *m, const double *y, int side)
{
  const size_t cell = side == 0 ? 0 : m->cells - 1;

  if (m->plain || m->sealed[side] || m->closed[cell]) return 1;
  return tgv_depth_area(m, cell, tgv_depth_lip(m, y, side)) / tgv_depth_area(m, cell, m->gap0[cell]);
}

double tgv_depth_margin(const struct tgv_depth *m, const double *y)
{
  double margin = 1;

  for (size_t j = 0; j < m->cells; j++) {
    if (m->closed[j]) continue;
    margin = fmin(margin, fmin(area_share(m, y, j) - area_left, height_share(m, y, j) - height_left));
  }
  for (int side = 0; side < (m->open_below ? 2 : 1); side++)
    margin = fmin(margin, mouth_share(m, y, side) - area_left);
  return margin;
}

/* A floor that goes over to the next cell. */
struct floor_state {
  double area, coverage, behind; /* behind: volume that it still had to fill [m3] */
};

static void enter(const struct tgv_depth *m, double *y, size_t carrier, size_t into,
                  const struct floor_state *s)
{
  double      *slot = y + (m->first + carrier) * m->block + (into < carrier ? TGV_DEPTH_UP : TGV_DEPTH_DOWN);
  const double area = tgv_depth_area(m, into, tgv_depth_gap(m, y, into));

  slot[0] = -s->behind / (area * m->height[into]);
  slot[1] = s->coverage;
  (into < carrier ? m->up : m->down)[carrier] = true;
}

/* Mean coverage of the floor at one end of the cell and the slope of its wall up to the wider cell that it enters. */
static struct floor_state leaving(const struct tgv_depth *m, const double *y, size_t j, size_t into,
                                  bool by_floor)
{
  const double wide = tgv_depth_area(m, into, tgv_depth_gap(m, y, into)),
               wall = y[(m->first + j) * m->block + TGV_DEPTH_COVERAGE];
  const double       area = tgv_depth_area(m, j, tgv_depth_gap(m, y, j));
  struct floor_state s = {area, wall, 0};
  const size_t       carrier = into < j ? j + 1 : j - 1;
  const bool         had = by_floor && (into < j ? m->up[carrier] : j > 0 && m->down[carrier]);

  if (!had) return s;
  s.behind = area * tgv_depth_height(m, y, j);
  const double own =
      y[(m->first + carrier) * m->block + (into < j ? TGV_DEPTH_UP_COVERAGE : TGV_DEPTH_DOWN_COVERAGE)];

  s.coverage =
      wide > area ? (own * area + wall * (wide - area)) / wide : fmin(own * area / wide, fmax(own, 1));
  return s;
}

static void close_cell(struct tgv_depth *m, double *y, size_t j, double t, bool by_floor)
{
  const bool         above = j > 0 && !m->closed[j - 1], below = j + 1 < m->cells && !m->closed[j + 1];
  struct floor_state up = {0, 0, 0}, down = {0, 0, 0};
  const double       gap = tgv_depth_gap(m, y, j);
  const double       speed = tgv_depth_wall(m, y, j).mean * m->growth;
  double             slope = 0;

  if (above)
    up = leaving(m, y, j, j - 1, by_floor), slope = fmax(slope, fabs(tgv_depth_gap(m, y, j - 1) - gap));
  if (below)
    down = leaving(m, y, j, j + 1, by_floor), slope = fmax(slope, fabs(tgv_depth_gap(m, y, j + 1) - gap));
  m->angle[j] = by_floor ? (double)INFINITY : slope / m->height[j];
  m->rest[j] = by_floor && (up.behind > 0 || down.behind > 0) ? 0 : tgv_depth_volume(m, y, j, j + 1);
  m->closed_at[j] = t + (by_floor || !(speed > 0) ? 0 : gap / speed), m->closed[j] = true;
  if (j > 0) m->down[j - 1] = false;
  m->up[j + 1] = false;
  memset(y + (m->first + j) * m->block, 0, m->block * sizeof *y);
  if (above) enter(m, y, j, j - 1, &up);
  if (below) enter(m, y, j, j + 1, &down);
}

void tgv_depth_close(struct tgv_depth *m, double *y, double t)
{
  const double soon = 0.0001 * area_left;

  for (size_t j = 0; j < m->cells; j++) {
    if (m->closed[j]) continue;

    if (height_share(m, y, j) - height_left <= soon)
      close_cell(m, y, j, t, true);
    else if (area_share(m, y, j) - area_left <= soon)
      close_cell(m, y, j, t, false);
  }
  for (int side = 0; side < (m->open_below ? 2 : 1); side++)
    if (mouth_share(m, y, side) - area_left <= soon) m->sealed[side] = true, m->sealed_at[side] = t;
}
