#include <math.h>
#include <stdlib.h>

#include "solver/plating_depth_state.h"

/* A cell counts as closed below this share of its opening; what stays open in a closed via below five times as much is a seam. */
static const double closed_below = 0.02, seam_below = 0.1;

static double openness(const struct tgv_depth *m, const double *y, size_t j)
{
  return y[(m->first + j) * m->block + TGV_DEPTH_GAP] * m->scale / m->gap0[j];
}

static double volume(const struct tgv_depth *m, const double *y, size_t from, size_t to)
{
  double sum = 0;

  for (size_t j = from; j < to; j++) sum += tgv_depth_area(m, j, openness(m, y, j) * m->gap0[j]) * m->dz;
  return sum;
}

struct extent {
  size_t top, bottom; /* cells open to the bath from above, from below */
};

static struct extent reach(const struct tgv_depth *m, const double *y)
{
  struct extent e = {0, 0};

  while (e.top < m->cells && openness(m, y, e.top) > closed_below) e.top++;
  if (m->open_below)
    while (e.bottom < m->cells && openness(m, y, m->cells - 1 - e.bottom) > closed_below) e.bottom++;
  return e;
}

/* voids: runs of open cells that no bath reaches; a run all of whose cells are narrow is a seam */
static void find_voids(const struct tgv_depth *m, const double *y, struct extent e, double opening,
                       struct tgv_plating_outcome *out)
{
  const size_t end = m->cells - e.bottom;

  for (size_t j = e.top; j < end;) {
    size_t stop = j;
    bool   wide = false;

    for (; stop < end && openness(m, y, stop) > closed_below; stop++)
      wide = wide || openness(m, y, stop) > seam_below;
    const double length = (double)(stop - j) / (double)m->cells;

    if (wide) {
      out->void_fraction += volume(m, y, j, stop) / opening;
      if (length > out->void_length)
        out->void_length = length, out->void_depth = m->c->profile.z[0] + 0.5 * (double)(j + stop) * m->dz;
    }
    j = stop > j ? stop : j + 1;
  }
}

static void find_seam(const struct tgv_depth *m, const struct tgv_depth_history *h,
                      struct tgv_plating_outcome *out)
{
  for (size_t j = 0; j < m->cells; j++)
    if (!isnan(h->closed_at[j]) && h->angle[j] < tan(5 * M_PI / 180)) out->seam_length += m->dz;
}

/* where a closed via closed first of all the places above its largest void */
static enum tgv_plating_regime regime_of(const struct tgv_depth *m, const struct tgv_depth_history *h,
                                         struct extent e, const struct tgv_plating_outcome *out)
{
  const bool full = e.top == 0 && e.bottom == 0;

  if (full && out->void_fraction > 1e-4)
    return out->void_length > 0.9 ? TGV_PLATING_PINCHED : TGV_PLATING_VOID;
  if (!full)
    return out->void_fraction > 1e-4 ? TGV_PLATING_VOID
           : out->fill < 0.05        ? TGV_PLATING_PASSIVE
                                     : TGV_PLATING_ARRESTED;
  if (!m->open_below) return TGV_PLATING_FILLED;
  size_t first = 0;

  for (size_t j = 1; j < m->cells; j++)
    if (h->closed_at[j] < h->closed_at[first]) first = j;
  const double at = ((double)first + 0.5) / (double)m->cells;

  return at > 0.25 && at < 0.75 ? TGV_PLATING_BUTTERFLY : TGV_PLATING_FILLED;
}

void tgv_depth_judge(const struct tgv_depth *m, const double *y, const struct tgv_depth_history *h,
                     struct tgv_plating_outcome *out)
{
  const struct extent e = reach(m, y);
  double              opening = 0;

  for (size_t j = 0; j < m->cells; j++) opening += tgv_depth_area(m, j, m->gap0[j]) * m->dz;
  out->void_fraction = out->void_length = out->seam_length = 0, out->void_depth = NAN;
  out->fill = 1 - volume(m, y, 0, m->cells) / opening;
  out->height = 1 - (double)(e.top + e.bottom > m->cells ? m->cells : e.top + e.bottom) / (double)m->cells;
  find_voids(m, y, e, opening, out);
  find_seam(m, h, out);
  out->bridge_time = NAN;
  for (size_t j = 0; j < m->cells && m->open_below; j++)
    if (!isnan(h->closed_at[j]) && !(out->bridge_time < h->closed_at[j])) out->bridge_time = h->closed_at[j];
  out->regime = regime_of(m, h, e, out);
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
    const double  grown_by = m->gap0[j] - at[TGV_DEPTH_GAP] * m->scale;

    s->z[j] = m->c->profile.z[0] + ((double)j + 0.5) * m->dz;
    s->r[j] = tgv_via_profile_radius(&m->c->profile, s->z[j]) - grown_by;
    s->current[j] = tgv_depth_wall(m, y, j).mean * tgv_depth_openness(m, j, at[TGV_DEPTH_GAP] * m->scale);
    s->coverage[j] = at[TGV_DEPTH_COVERAGE], s->ion[j] = at[TGV_DEPTH_ION],
    s->additive[j] = at[TGV_DEPTH_ADDITIVE];
  }
  return TGV_OK;
}
