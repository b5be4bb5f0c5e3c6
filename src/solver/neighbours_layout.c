/* Strips of a layout. A point belongs to the strip that strip_of() computes from its y, and to no other,
   whatever the rounding: the function is monotone, so within a row the vias of a strip are an interval of
   indices. */
#include "solver/neighbours_layout.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

static uint64_t strip_of(const struct tgv_strips *s, double y)
{
  double k = floor((y - s->y0) * s->per_height);
  if (!(k > 0)) return 0;
  return k < (double)s->count ? (uint64_t)k : s->count - 1;
}

static double y_of(const struct tgv_run_of_vias *r, uint64_t i)
{
  return r->y0 + (double)i * r->dy;
}

/* The first via of the row, from `from` on, that is not in strip k; the vias of k stand together. */
static uint64_t end_in_strip(const struct tgv_strips *s, const struct tgv_run_of_vias *r, uint64_t from,
                             uint64_t k)
{
  uint64_t low = from, high = r->n; /* low is in k, high is not */
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    if (strip_of(s, y_of(r, middle)) == k)
      low = middle;
    else
      high = middle;
  }
  return high;
}

/* The first via of the row that is in strip k; there is one. */
static uint64_t begin_in_strip(const struct tgv_strips *s, const struct tgv_run_of_vias *r, uint64_t k)
{
  if (strip_of(s, r->y0) == k) return 0;
  bool     upwards = r->dy > 0;
  uint64_t low = 0, high = r->n - 1; /* low is before k, high is in k or behind it */
  while (high - low > 1) {
    uint64_t middle = low + (high - low) / 2, at = strip_of(s, y_of(r, middle));
    if (upwards ? at < k : at > k)
      low = middle;
    else
      high = middle;
  }
  return high;
}

/* Calls for every strip that holds vias of the row: counts them, or writes the row into the lists. */
static void enter_run(struct tgv_strips *s, const struct tgv_run_of_vias *r, uint32_t index, bool write)
{
  for (uint64_t i = 0; i < r->n;) {
    uint64_t k = strip_of(s, y_of(r, i));
    if (write)
      s->list[s->start[k]++] = index;
    else
      s->start[k + 1]++;
    i = fabs(r->dy) > 0 ? end_in_strip(s, r, i, k) : r->n;
  }
}

static void enter_all(struct tgv_strips *s, bool write)
{
  const struct tgv_layout *l = s->layout;
  if (l->package) {
    for (size_t i = 0; i < l->package->run_count; i++) enter_run(s, &l->package->run[i], (uint32_t)i, write);
    return;
  }
  for (uint64_t i = 0; i < l->n; i++) {
    uint64_t k = strip_of(s, l->y[i]);
    if (write)
      s->list[s->start[k]++] = (uint32_t)i;
    else
      s->start[k + 1]++;
  }
}

tgv_status tgv_strips_build(const struct tgv_layout *l, double y0, double height, uint64_t count,
                            struct tgv_strips *out)
{
  *out = (struct tgv_strips){.layout = l, .y0 = y0, .per_height = 1 / height, .count = count};
  uint64_t most = l->package ? (uint64_t)l->package->run_count : l->n;
  if (most >= UINT32_MAX)
    return tgv_fail(TGV_INPUT, "%.3g via positions are more than 2^32 - 1", (double)most);
  out->start = tgv_allocate(count + 2, sizeof *out->start);
  enter_all(out, false);
  uint64_t total = 0;
  for (uint64_t k = 0; k <= count; k++) {
    total += out->start[k];
    if (total >= UINT32_MAX) return tgv_fail(TGV_INPUT, "more than 2^32 - 1 pieces of rows of vias");
    out->start[k] = (uint32_t)total;
  }
  out->list = tgv_allocate(total, sizeof *out->list);
  enter_all(out, true);
  for (uint64_t k = count; k > 0; k--)
    out->start[k] = out->start[k - 1]; /* writing moved each to the next one's place */
  out->start[0] = 0;
  return TGV_OK;
}

void tgv_strips_release(struct tgv_strips *s)
{
  free(s->start);
  free(s->list);
  *s = (struct tgv_strips){0};
}

static struct tgv_neighbour *append(struct tgv_neighbour_list *out, size_t n)
{
  if (out->n + n > out->room) {
    out->room = out->n + n + (out->n + n) / 2;
    out->p = tgv_reallocate(out->p, out->room, sizeof *out->p);
  }
  out->n += n;
  return out->p + out->n - n;
}

static void load_run(const struct tgv_strips *s, uint32_t index, uint64_t k, struct tgv_neighbour_list *out)
{
  const struct tgv_run_of_vias *r = &s->layout->package->run[index];
  bool                          level = !(fabs(r->dy) > 0);
  uint64_t                      from = level ? 0 : begin_in_strip(s, r, k);
  uint64_t                      to = level ? r->n : end_in_strip(s, r, from, k);
  uint32_t                      group = (uint32_t)tgv_package_group_of(s->layout->package, r->first);
  struct tgv_neighbour         *p = append(out, to - from);
  for (uint64_t i = from; i < to; i++, p++)
    *p = (struct tgv_neighbour){r->x0 + (double)i * r->dx, y_of(r, i), r->first + i, group};
}

void tgv_strips_load(const struct tgv_strips *s, uint64_t k, struct tgv_neighbour_list *out)
{
  const struct tgv_layout *l = s->layout;
  out->n = 0;
  for (uint32_t e = s->start[k]; e < s->start[k + 1]; e++) {
    uint32_t i = s->list[e];
    if (l->package)
      load_run(s, i, k, out);
    else
      *append(out, 1) = (struct tgv_neighbour){l->x[i], l->y[i], i, l->group ? l->group[i] : 0};
  }
}
