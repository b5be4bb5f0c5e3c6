#include "model/block_order.h"

#include <stdlib.h>

#include "core/text.h"

void tgv_block_order_init(struct tgv_block_order *o, const struct tgv_package *k,
                          const struct tgv_panel *panel)
{
  o->package = k;
  o->first = tgv_allocate(k->group_count + 1, sizeof *o->first);
  for (size_t g = 0; g < k->group_count; g++)
    o->first[g + 1] = o->first[g] + (k->group[g].count + TGV_BLOCK - 1) / TGV_BLOCK;
  o->per_unit = o->first[k->group_count];
  o->total = o->per_unit * panel->unit_count;
}

void tgv_block_order_release(struct tgv_block_order *o)
{
  free(o->first);
  o->first = NULL;
}

void tgv_block_order_place(const struct tgv_block_order *o, uint64_t number, size_t *unit, uint64_t *local,
                           size_t *n)
{
  uint64_t                    in_unit = number % o->per_unit, rest;
  const struct tgv_via_group *group;
  size_t                      g = 0;

  while (in_unit >= o->first[g + 1]) g++;
  group = &o->package->group[g];
  *unit = (size_t)(number / o->per_unit);
  *local = group->first + (in_unit - o->first[g]) * TGV_BLOCK;
  rest = group->first + group->count - *local;
  *n = (size_t)(rest < TGV_BLOCK ? rest : TGV_BLOCK);
}

void tgv_flow_block(const struct tgv_flow *f, const struct tgv_block_order *o, uint64_t number,
                    struct tgv_block *b)
{
  size_t   unit, n;
  uint64_t local;

  tgv_block_order_place(o, number, &unit, &local, &n);
  tgv_flow_vias(f, unit, local, n, b);
}
