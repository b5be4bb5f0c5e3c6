#include <math.h>
#include <stdlib.h>

#include "solver/plating_depth_state.h"

/* A trapped run of cells none of which is wider than this share of its opening is a seam, not a void. */
static const double seam_below = 0.1;

struct extent {
  size_t top, bottom; /* cells open to the bath from above, from below */
};

static struct extent reach(const struct tgv_depth *m)
{
  struct extent e = {0, 0};

  while (!m->sealed[0] && e.top < m->cells && !m->closed[e.top]) e.top++;
  if (m->open_below && !m->sealed[1])
    while (e.bottom < m->cells && !m->closed[m->cells - 1 - e.bottom]) e.bottom++;
  return e;
}

static double open_length(const struct tgv_depth *m, const double *y, size_t from, size_t to)
{
  double sum = 0;

  for (size_t j = from; j < to; j++) sum += tgv_depth_height(m, y, j);
  return sum;
}

/* voids: runs of open cells that no bath reaches */
static void find_voids(const struct tgv_depth *m, const double *y, struct extent e,
                       struct tgv_plating_outcome *out)
{
  const size_t end = m->cells - e.bottom;

  for (size_t j = e.top; j < end;) {
    size_t stop = j;
    bool   wide = false;

    for (; stop < end && !m->closed[stop]; stop++)
      wide = wide || tgv_depth_gap(m, y, stop) > seam_below * m->gap0[stop];
    const bool   whole = m->mirrored && stop == m->cells; /* both halves of it */
    const double length = open_length(m, y, j, stop) / m->depth / (whole ? 1 : tgv_depth_copies(m));

    if (wide) {
      out->void_fraction += tgv_depth_volume(m, y, j, stop) / m->opening;
      if (length > out->void_length)
        out->void_length = length,
        out->void_depth = m->c->profile.z[0] + (whole ? m->depth : 0.5 * (m->top[j] + m->top[stop]));
    }
    j = stop > j ? stop : j + 1;
  }
}

static size_t first_closed(const struct tgv_depth *m)
{
  size_t first = m->cells;

  for (size_t j = 0; j < m->cells; j++)
    if (m->closed[j] && (first == m->cells || m->closed_at[j] < m->closed_at[first])) first = j;
  return first;
}

void tgv_depth_judge(const struct tgv_depth *m, const double *y, const double capped[2],
                     struct tgv_plating_outcome *out)
{
  const struct extent e = reach(m);
  const size_t        first = first_closed(m);
  const bool          apart = e.top < m->cells; /* not open all through */
  const size_t        cells[2][2] = {{0, e.top}, {apart ? m->cells - e.bottom : m->cells, m->cells}};
  double              length = 0, volume = 0;

  out->dimple = out->overburden = 0;
  for (int side = 0; side < (m->open_below ? 2 : 1); side++) {
    const double open = open_length(m, y, cells[side][0], cells[side][1]);
    const double grown = y[m->face[side] * m->block + TGV_DEPTH_GROWN] * m->scale;

    length += open, volume += tgv_depth_volume(m, y, cells[side][0], cells[side][1]);
    out->overburden = fmax(out->overburden, grown);
    /* a cap over a closed mouth grows with the face */
    out->dimple = fmax(out->dimple,
                       isnan(capped[side]) ? grown + (m->mirrored && !apart ? 2 : 1) * open : capped[side]);
  }
  out->void_fraction = out->void_length = out->seam_length = 0, out->void_depth = NAN;
  out->fill = 1 - tgv_depth_volume(m, y, 0, m->cells) / m->opening;
  out->height = 1 - length / m->depth;
  if (apart) find_voids(m, y, e, out);
  for (size_t j = 0; j < m->cells; j++)
    if (m->closed[j] && m->angle[j] < tan(5 * M_PI / 180))
      out->seam_length += m->height[j] * tgv_depth_copies(m);
  out->bridge_time = first < m->cells ? m->closed_at[first] : (double)NAN;
  for (int side = 0; side < 2; side++)
    if (m->sealed[side] && !(out->bridge_time < m->sealed_at[side])) out->bridge_time = m->sealed_at[side];
  if (m->c->ends != TGV_PLATING_THROUGH) out->bridge_time = NAN;
  out->regime = tgv_plating_outcome_regime(m->c, out, volume / m->opening);
}

tgv_status tgv_depth_picture(const struct tgv_depth *m, const double *y, double t,
                             struct tgv_plating_outcome *out)
{
  struct tgv_plating_snapshot *grown = realloc(out->snapshot, (out->snapshots + 1) * sizeof *grown);

  if (!grown) return tgv_fail(TGV_MEMORY, "no memory for a picture of a via");
  out->snapshot = grown;
  struct tgv_plating_snapshot *s = &grown[out->snapshots++];
  const size_t                 n = m->mirrored ? 2 * m->cells : m->cells;
  const double                 from = m->c->profile.z[0];

  *s = (struct tgv_plating_snapshot){.time = t, .n = n};
  double **column[] = {&s->r, &s->z, &s->current, &s->coverage, &s->ion, &s->additive};

  for (size_t k = 0; k < sizeof column / sizeof *column; k++)
    if (!(*column[k] = malloc(n * sizeof(double))))
      return tgv_fail(TGV_MEMORY, "no memory for a picture of a via");
  for (size_t k = 0; k < n; k++) {
    const size_t  j = k < m->cells ? k : n - 1 - k;
    const double *at = y + (m->first + j) * m->block, z = m->top[j] + 0.5 * m->height[j];
    const bool    closed = m->closed[j];

    s->z[k] = from + (k < m->cells ? z : 2 * m->depth - z);
    s->r[k] = tgv_via_profile_radius(&m->c->profile, s->z[k]) - m->gap0[j] + tgv_depth_gap(m, y, j);
    s->current[k] = closed ? 0 : tgv_depth_wall(m, y, j).mean;
    s->coverage[k] = closed ? 0 : at[TGV_DEPTH_COVERAGE];
    s->ion[k] = closed ? 0 : at[TGV_DEPTH_ION], s->additive[k] = closed ? 0 : at[TGV_DEPTH_ADDITIVE];
  }
  return TGV_OK;
}
