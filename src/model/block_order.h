/* The blocks of a panel, numbered unit by unit and group by group: their composition never depends on tiles, threads or ranks. */
#ifndef TGV_MODEL_BLOCK_ORDER_H
#define TGV_MODEL_BLOCK_ORDER_H

#include "model/flow.h"

struct tgv_block_order {
  const struct tgv_package *package;
  uint64_t *first; /* [group_count + 1] number, within the unit, of the first block of a group */
  uint64_t  per_unit, total;
};

void tgv_block_order_init(struct tgv_block_order *o, const struct tgv_package *k,
                          const struct tgv_panel *panel);
void tgv_block_order_release(struct tgv_block_order *o);
/** Where block `number` of the panel lies: its unit, the local number of its first via, the number of its vias. */
void tgv_block_order_place(const struct tgv_block_order *o, uint64_t number, size_t *unit, uint64_t *local,
                           size_t *n);
/** Runs block `number` of the panel through the flow. */
void tgv_flow_block(const struct tgv_flow *f, const struct tgv_block_order *o, uint64_t number,
                    struct tgv_block *b);

#endif
