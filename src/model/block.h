/* A block: up to TGV_BLOCK vias of one group of one unit, as columns of floats. Stages are kernels from columns to columns. */
#ifndef TGV_MODEL_BLOCK_H
#define TGV_MODEL_BLOCK_H

#include <stdint.h>

#include "core/random.h"
#include "model/package.h"

struct tgv_stage;

struct tgv_block {
  size_t                      n;
  size_t                      unit, group;
  uint64_t                    local; /* number, within the unit, of the first via */
  uint64_t                    id; /* number, within the panel, of the first via: unit * via_count + local */
  const struct tgv_via_group *via_group;
  const struct tgv_stage     *stage;        /* whose turn it is; NULL: everything may be accessed */
  double                      x[TGV_BLOCK]; /* design position on the panel */
  double                      y[TGV_BLOCK];
  uint32_t                    flags[TGV_BLOCK]; /* bit i: cause i */
  float (*input)[TGV_BLOCK];  /* [tgv_input_count()][n] value of each process input at each via */
  float (*column)[TGV_BLOCK]; /* [TGV_COLUMN_COUNT][n] */
};

struct tgv_block *tgv_block_new(void);
void              tgv_block_free(struct tgv_block *b);

/* A stage reaches a column only through these; what it has not declared aborts ("BUG: stage x reads y"). */
const float *tgv_block_input(const struct tgv_block *b, enum tgv_param p);
float       *tgv_block_change_input(struct tgv_block *b,
                                    enum tgv_param    p); /* stages of the kind TGV_STAGE_INPUTS */
const float *tgv_block_read(const struct tgv_block *b, enum tgv_column c);
float       *tgv_block_write(struct tgv_block *b, enum tgv_column c);

#endif
