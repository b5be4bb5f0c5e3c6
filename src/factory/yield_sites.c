#include "factory/yield_sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static size_t along(double position, double start, double cell, size_t n)
{
  double i = floor((position - start) / cell);

  return i < 0 ? 0 : i >= (double)n ? n - 1 : (size_t)i;
}

static size_t cell_of(const struct tgv_sites *s, double x, double y)
{
  return along(y, s->y0, s->cell, s->ny) * s->nx + along(x, s->x0, s->cell, s->nx);
}

/* ---- pieces of runs */

struct found {
  size_t                cell, group;
  struct tgv_site_piece piece;
};

struct list {
  struct found *item;
  size_t        count, room;
};

static void add(struct list *l, const struct found *f)
{
  if (l->count == l->room) {
    l->room = l->room ? 2 * l->room : 1024;
    l->item = tgv_reallocate(l->item, l->room, sizeof *l->item);
  }
  l->item[l->count++] = *f;
}

/* How many more steps of size d stay in the cell that starts at `edge`; at least 0. */
static double steps_left(double position, double d, double edge, double cell)
{
  if (d == 0) return INFINITY;
  return fmax(0, floor(d > 0 ? (edge + cell - position) / d : (edge - position) / d));
}

static void cut_run(const struct tgv_sites *s, const struct tgv_run_of_vias *r, size_t run, size_t group,
                    struct list *l)
{
  for (uint64_t i = 0; i < r->n;) {
    double   x = r->x0 + (double)i * r->dx, y = r->y0 + (double)i * r->dy, left;
    size_t   cell = cell_of(s, x, y);
    uint64_t n;

    left = fmin(steps_left(x, r->dx, s->x0 + (double)(cell % s->nx) * s->cell, s->cell),
                steps_left(y, r->dy, s->y0 + (double)(cell / s->nx) * s->cell, s->cell));
    n = left >= (double)(r->n - i) ? r->n - i : (uint64_t)left + 1;
    while (n > 1 &&
           cell_of(s, r->x0 + (double)(i + n - 1) * r->dx, r->y0 + (double)(i + n - 1) * r->dy) != cell)
      n--;
    add(l, &(struct found){cell, group, {run, i, n}});
    i += n;
  }
}

static int by_cell(const void *a, const void *b)
{
  const struct found *p = a, *q = b;

  if (p->cell != q->cell) return p->cell < q->cell ? -1 : 1;
  if (p->group != q->group) return p->group < q->group ? -1 : 1;
  if (p->piece.run != q->piece.run) return p->piece.run < q->piece.run ? -1 : 1;
  return p->piece.first < q->piece.first ? -1 : p->piece.first > q->piece.first;
}

static void span(struct tgv_site *site, double x, double y)
{
  site->x0 = fmin(site->x0, x), site->x1 = fmax(site->x1, x);
  site->y0 = fmin(site->y0, y), site->y1 = fmax(site->y1, y);
}

static void collect(struct tgv_sites *s, const struct tgv_package *k, const struct list *l)
{
  s->site = tgv_allocate(l->count, sizeof *s->site);
  s->part = tgv_allocate(l->count, sizeof *s->part);
  s->piece = tgv_allocate(l->count, sizeof *s->piece);
  for (size_t i = 0; i < s->nx * s->ny; i++) s->at[i] = SIZE_MAX;
  for (size_t i = 0; i < l->count; i++) {
    const struct found           *f = &l->item[i];
    const struct tgv_run_of_vias *r = &k->run[f->piece.run];
    const double last = (double)(f->piece.first + f->piece.n - 1), first = (double)f->piece.first;

    if (i == 0 || f->cell != f[-1].cell) {
      s->at[f->cell] = s->count;
      s->site[s->count++] = (struct tgv_site){INFINITY, INFINITY, -INFINITY, -INFINITY, s->part_count, 0};
    }
    if (i == 0 || f->cell != f[-1].cell || f->group != f[-1].group) {
      s->part[s->part_count++] = (struct tgv_site_part){f->group, s->piece_count, 0, 0};
      s->site[s->count - 1].part_count++;
    }
    s->part[s->part_count - 1].piece_count++;
    s->part[s->part_count - 1].vias += (double)f->piece.n;
    s->piece[s->piece_count++] = f->piece;
    span(&s->site[s->count - 1], r->x0 + first * r->dx, r->y0 + first * r->dy);
    span(&s->site[s->count - 1], r->x0 + last * r->dx, r->y0 + last * r->dy);
  }
}

/* ---- bundles */

static int by_kind(const void *a, const void *b)
{
  const struct tgv_bundle_kind *p = a, *q = b;

  if (p->group != q->group) return p->group < q->group ? -1 : 1;
  if (p->lanes > q->lanes || p->lanes < q->lanes) return p->lanes < q->lanes ? -1 : 1;
  for (int i = 0; i < TGV_BUNDLE_SITES; i++)
    if (p->site[i] != q->site[i]) return p->site[i] < q->site[i] ? -1 : 1;
  return 0;
}

/* The kind of the bundle of vias first .. first + n - 1 of a group. */
static struct tgv_bundle_kind kind_of(const struct tgv_sites *s, const struct tgv_package *k, size_t group,
                                      uint64_t first, uint64_t n)
{
  const struct tgv_via_group *g = &k->group[group];
  struct tgv_bundle_kind      b = {.group = group, .count = 1};
  double                      x, y;

  b.lanes = (double)((n + g->lane_vias - 1) / g->lane_vias);
  for (uint64_t i = 0; i < TGV_BUNDLE_SITES; i++) {
    tgv_package_positions(k, g->first + first + n * (2 * i + 1) / (2 * TGV_BUNDLE_SITES), 1, &x, &y);
    b.site[i] = s->at[cell_of(s, x, y)];
  }
  return b;
}

static void find_bundles(struct tgv_sites *s, const struct tgv_package *k)
{
  size_t total = 0, n = 0, kept = 0;

  s->bundle_first = tgv_allocate(k->group_count + 1, sizeof *s->bundle_first);
  for (size_t g = 0; g < k->group_count; g++)
    if (k->group[g].lanes_needed < k->group[g].lanes)
      total += (size_t)(k->group[g].count / (k->group[g].lanes * k->group[g].lane_vias)) + 1;
  s->bundle = tgv_allocate(total, sizeof *s->bundle);
  for (size_t g = 0; g < k->group_count; g++) {
    const uint64_t size = k->group[g].lanes * k->group[g].lane_vias, count = k->group[g].count;

    if (k->group[g].lanes_needed >= k->group[g].lanes) continue;
    for (uint64_t at = 0; at < count; at += size)
      s->bundle[n++] = kind_of(s, k, g, at, count - at < size ? count - at : size);
  }
  if (n > 1) qsort(s->bundle, n, sizeof *s->bundle, by_kind);
  for (size_t i = 0; i < n; i++)
    if (kept > 0 && by_kind(&s->bundle[kept - 1], &s->bundle[i]) == 0)
      s->bundle[kept - 1].count++;
    else
      s->bundle[kept++] = s->bundle[i];
  s->bundle_count = kept;
  for (size_t g = 0, i = 0; g <= k->group_count; g++) {
    while (i < kept && s->bundle[i].group < g) i++;
    s->bundle_first[g] = i;
  }
}

void tgv_sites_build(const struct tgv_package *k, double cell, struct tgv_sites *out)
{
  struct list l = {0};

  memset(out, 0, sizeof *out);
  out->nx = (size_t)fmax(1, ceil(k->width / cell - 1e-9));
  out->ny = (size_t)fmax(1, ceil(k->height / cell - 1e-9));
  out->cell = cell;
  out->x0 = -0.5 * (double)out->nx * cell;
  out->y0 = -0.5 * (double)out->ny * cell;
  out->at = tgv_allocate(out->nx * out->ny, sizeof *out->at);
  for (size_t g = 0; g < k->group_count; g++)
    for (size_t r = 0; r < k->group[g].run_count; r++)
      cut_run(out, &k->run[k->group[g].run_first + r], k->group[g].run_first + r, g, &l);
  if (l.count > 1) qsort(l.item, l.count, sizeof *l.item, by_cell);
  collect(out, k, &l);
  find_bundles(out, k);
  free(l.item);
}

void tgv_sites_release(struct tgv_sites *s)
{
  free(s->at), free(s->site), free(s->part), free(s->piece), free(s->bundle), free(s->bundle_first);
  memset(s, 0, sizeof *s);
}

/* ---- hits */

/* The vias of a piece within the circle: |p + i d|^2 <= r^2 is a range of i. */
static bool hit_range(const struct tgv_run_of_vias *r, const struct tgv_site_piece *p, const double c[2],
                      double radius, double range[2])
{
  const double x = r->x0 - c[0], y = r->y0 - c[1], dd = r->dx * r->dx + r->dy * r->dy;
  const double pd = x * r->dx + y * r->dy, pp = x * x + y * y - radius * radius, root = pd * pd - dd * pp;

  if (dd == 0) {
    range[0] = 0, range[1] = (double)(r->n - 1);
    if (pp > 0) return false;
  } else {
    if (root < 0) return false;
    range[0] = ceil((-pd - sqrt(root)) / dd), range[1] = floor((-pd + sqrt(root)) / dd);
  }
  range[0] = fmax(range[0], (double)p->first), range[1] = fmin(range[1], (double)(p->first + p->n - 1));
  return range[0] <= range[1];
}

void tgv_sites_hits(const struct tgv_sites *s, const struct tgv_package *k, const double centre[2],
                    double radius, void (*visit)(const struct tgv_hit *hit, void *context), void *context)
{
  const size_t low = cell_of(s, centre[0] - radius, centre[1] - radius);
  const size_t high = cell_of(s, centre[0] + radius, centre[1] + radius);
  double       range[2];

  for (size_t cy = low / s->nx; cy <= high / s->nx; cy++)
    for (size_t cx = low % s->nx; cx <= high % s->nx; cx++) {
      size_t at = s->at[cy * s->nx + cx];

      for (size_t q = 0; at != SIZE_MAX && q < s->site[at].part_count; q++) {
        const struct tgv_site_part *part = &s->part[s->site[at].part_first + q];

        for (size_t i = part->piece_first; i < part->piece_first + part->piece_count; i++) {
          if (!hit_range(&k->run[s->piece[i].run], &s->piece[i], centre, radius, range)) continue;
          for (uint64_t j = (uint64_t)range[0]; j <= (uint64_t)range[1]; j++)
            visit(&(struct tgv_hit){part->group, at, k->run[s->piece[i].run].first + j}, context);
        }
      }
    }
}
