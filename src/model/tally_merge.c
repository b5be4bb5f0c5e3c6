/* Tallies of threads, ranks and earlier runs: added up, packed into bytes, unpacked. */
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/tally.h"

void tgv_tally_merge(struct tgv_tally *into, const struct tgv_tally *from)
{
  size_t groups = into->plan->package->group_count, units = into->plan->panel->unit_count;
  size_t worst = into->plan->worst_per_unit;

  for (size_t i = 0; i < into->sum_count; i++) into->sum[i] += from->sum[i];
  for (size_t i = 0; i < groups * TGV_TALLY_COLUMNS; i++) {
    if (from->minimum[i] < into->minimum[i]) into->minimum[i] = from->minimum[i];
    if (from->maximum[i] > into->maximum[i]) into->maximum[i] = from->maximum[i];
  }
  for (size_t u = 0; u < units; u++) {
    if (from->thin[u] < into->thin[u]) into->thin[u] = from->thin[u];
    if (from->thick[u] > into->thick[u]) into->thick[u] = from->thick[u];
    for (size_t i = 0; i < worst; i++)
      if (from->worst[u * worst + i].taken) tgv_tally_keep_worst(into, u, from->worst[u * worst + i]);
  }
  for (size_t i = 0; i < from->spare_count; i++) tgv_tally_keep_spare(into, from->spare[i]);
}

/* Order of the bytes: header, sums, extremes, worst vias, spares. */
struct header {
  uint64_t sums, extremes, worst, spares;
};

static struct header header_of(const struct tgv_tally *t)
{
  size_t units = t->plan->panel->unit_count;

  return (struct header){t->sum_count, 2 * (t->plan->package->group_count * TGV_TALLY_COLUMNS + units),
                         units * t->plan->worst_per_unit, t->spare_count};
}

static size_t packed_size(const struct header *h)
{
  return sizeof *h + h->sums * sizeof(int64_t) + h->extremes * sizeof(float) +
         h->worst * sizeof(struct tgv_worst_via) + h->spares * sizeof(struct tgv_failed_via);
}

/* Copies n bytes between a place of the tally and the moving end of the packed bytes. */
static void move(bool pack, void *place, char **end, size_t n)
{
  if (n == 0) return;
  if (pack)
    memcpy(*end, place, n);
  else
    memcpy(place, *end, n);
  *end += n;
}

static void move_all(bool pack, struct tgv_tally *t, char *end)
{
  size_t groups = t->plan->package->group_count * TGV_TALLY_COLUMNS, units = t->plan->panel->unit_count;

  move(pack, t->sum, &end, t->sum_count * sizeof *t->sum);
  move(pack, t->minimum, &end, groups * sizeof *t->minimum);
  move(pack, t->maximum, &end, groups * sizeof *t->maximum);
  move(pack, t->thin, &end, units * sizeof *t->thin);
  move(pack, t->thick, &end, units * sizeof *t->thick);
  move(pack, t->worst, &end, units * t->plan->worst_per_unit * sizeof *t->worst);
  move(pack, t->spare, &end, t->spare_count * sizeof *t->spare);
}

void tgv_tally_pack(const struct tgv_tally *t, void **bytes, size_t *size)
{
  struct header    h = header_of(t);
  struct tgv_tally view = *t;

  *size = packed_size(&h);
  *bytes = tgv_allocate(*size, 1);
  memcpy(*bytes, &h, sizeof h);
  move_all(true, &view, (char *)*bytes + sizeof h);
}

tgv_status tgv_tally_unpack(struct tgv_tally *t, const void *bytes, size_t size)
{
  struct header want = header_of(t), h;

  if (size < sizeof h) return tgv_fail(TGV_FILE, "the stored tally is cut off");
  memcpy(&h, bytes, sizeof h);
  want.spares = h.spares;
  if (memcmp(&h, &want, sizeof h) != 0 || h.spares > size || packed_size(&h) != size)
    return tgv_fail(TGV_FILE, "the stored tally belongs to another panel");
  t->spare_room = t->spare_count = h.spares;
  t->spare = tgv_reallocate(t->spare, t->spare_room ? t->spare_room : 1, sizeof *t->spare);
  move_all(false, t, (char *)(uintptr_t)bytes + sizeof h);
  return TGV_OK;
}

tgv_status tgv_tally_reduce(struct tgv_tally *t)
{
  void           *mine = NULL, *all = NULL;
  size_t          size = 0, all_size = 0, at;
  tgv_status_code s;

  if (tgv_parallel_ranks() == 1) return TGV_OK;
  tgv_tally_pack(t, &mine, &size);
  s = tgv_parallel_gather(mine, size, &all, &all_size);
  at = size; /* rank 0 comes first and is in t already */
  while (s == TGV_OK && tgv_parallel_rank() == 0 && at < all_size) {
    struct tgv_tally *other = tgv_tally_new(t->plan);
    struct header     h;

    memcpy(&h, (char *)all + at, sizeof h);
    s = tgv_tally_unpack(other, (char *)all + at, packed_size(&h));
    if (s == TGV_OK) tgv_tally_merge(t, other);
    at += packed_size(&h);
    tgv_tally_free(other);
  }
  free(mine);
  free(all);
  return s;
}
