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

  while (e.top < m->cells && !m->closed[e.top]) e.top++;
  if (m->open_below)
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
    const double length = open_length(m, y, j, stop) / m->depth;

    if (wide) {
      out->void_fraction += tgv_depth_volume(m, y, j, stop) / m->opening;
      if (length > out->void_length)
        out->void_length = length, out->void_depth = m->c->profile.z[0] + 0.5 * (m->top[j] + m->top[stop]);
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

static enum tgv_plating_regime regime_of(const struct tgv_depth *m, struct extent e,
                                         const struct tgv_plating_outcome *out)
{
  const bool full = e.top == 0 && e.bottom == 0;

  if (full && out->void_fraction > 1e-4)
    return out->void_length > 0.9 ? TGV_PLATING_PINCHED : TGV_PLATING_VOID;
  if (!full)
    return out->void_fraction > 1e-4               ? TGV_PLATING_VOID
           : out->height < 0.1 && out->fill < 0.15 ? TGV_PLATING_PASSIVE
                                                   : TGV_PLATING_ARRESTED;
  if (!m->open_below) return TGV_PLATING_FILLED;
  const double at = m->top[first_closed(m)] / m->depth;

  return at > 0.25 && at < 0.75 ? TGV_PLATING_BUTTERFLY : TGV_PLATING_FILLED;
}

void tgv_depth_judge(const struct tgv_depth *m, const double *y, struct tgv_plating_outcome *out)
{
  const struct extent e = reach(m);
  const size_t        first = first_closed(m);
  const bool          apart = e.top < m->cells;
  const double        open =
      open_length(m, y, 0, e.top) + (apart ? open_length(m, y, m->cells - e.bottom, m->cells) : 0);

  out->void_fraction = out->void_length = out->seam_length = 0, out->void_depth = NAN;
  out->fill = 1 - tgv_depth_volume(m, y, 0, m->cells) / m->opening;
  out->height = 1 - open / m->depth;
  if (apart) find_voids(m, y, e, out);
  for (size_t j = 0; j < m->cells; j++)
    if (m->closed[j] && m->angle[j] < tan(5 * M_PI / 180)) out->seam_length += m->height[j];
  out->bridge_time = m->open_below && first < m->cells ? m->closed_at[first] : (double)NAN;
  out->regime = regime_of(m, e, out);
  out->overburden = y[m->face[0] * m->block] * m->scale;
  if (m->open_below) out->overburden = fmax(out->overburden, y[m->face[1] * m->block] * m->scale);
}

tgv_status tgv_depth_picture(const struct tgv_depth *m, const double *y, double t,
                             struct tgv_plating_outcome *out)
{
  struct tgv_plating_snapshot *grown = realloc(out->snapshot, (out->snapshots + 1) * sizeof *grown);

  if (!grown) return tgv_fail(TGV_MEMORY, "no memory for a picture of a via");
  out->snapshot = grown;
  struct tgv_plating_snapshot *s = &grown[out->snapshots++];
  const size_t                 n = m->cells;

  *s = (struct tgv_plating_snapshot){.time = t, .n = n};
  double **column[] = {&s->r, &s->z, &s->current, &s->coverage, &s->ion, &s->additive};

  for (size_t k = 0; k < sizeof column / sizeof *column; k++)
    if (!(*column[k] = malloc(n * sizeof(double))))
      return tgv_fail(TGV_MEMORY, "no memory for a picture of a via");
  for (size_t j = 0; j < n; j++) {
    const double *at = y + (m->first + j) * m->block;
    const bool    closed = m->closed[j];

    s->z[j] = m->c->profile.z[0] + m->top[j] + 0.5 * m->height[j];
    s->r[j] = tgv_via_profile_radius(&m->c->profile, s->z[j]) - m->gap0[j] + tgv_depth_gap(m, y, j);
    s->current[j] = closed ? 0 : tgv_depth_wall(m, y, j).mean;
    s->coverage[j] = closed ? 0 : at[TGV_DEPTH_COVERAGE];
    s->ion[j] = closed ? 0 : at[TGV_DEPTH_ION], s->additive[j] = closed ? 0 : at[TGV_DEPTH_ADDITIVE];
  }
  return TGV_OK;
}
