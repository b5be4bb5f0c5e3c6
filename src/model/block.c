#include "model/block.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/stage.h"

struct tgv_block *tgv_block_new(void)
{
  struct tgv_block *b = tgv_allocate(1, sizeof *b);

  b->input = tgv_allocate((size_t)tgv_input_count(), sizeof *b->input);
  b->column = tgv_allocate(TGV_COLUMN_COUNT, sizeof *b->column);
  return b;
}

void tgv_block_free(struct tgv_block *b)
{
  if (!b) return;
  free(b->input);
  free(b->column);
  free(b);
}

_Noreturn static void refuse(const struct tgv_block *b, const char *verb, const char *what, const char *name)
{
  fprintf(stderr, "BUG: stage %s %s %s %s which it has not declared\n", b->stage->name, verb, what, name);
  abort();
}

/* the lists are short, and a block is asked once for each column */
static bool has_column(const enum tgv_column *list, enum tgv_column c)
{
  for (; list && *list != TGV_C_END; list++)
    if (*list == c) return true;
  return false;
}

static bool has_input(const enum tgv_param *list, enum tgv_param p)
{
  for (; list && *list != TGV_P_END; list++)
    if (*list == p) return true;
  return false;
}

static float *input_of(const struct tgv_block *b, enum tgv_param p, const char *verb, bool allowed)
{
  char name[128];
  int  input = tgv_input_of(p);

  TGV_BUG_IF(input < 0);
  if (!allowed) refuse(b, verb, "input", tgv_param_name(p, name, sizeof name));
  return b->input[input];
}

const float *tgv_block_input(const struct tgv_block *b, enum tgv_param p)
{
  return input_of(b, p, "reads", !b->stage || has_input(b->stage->inputs, p));
}

float *tgv_block_change_input(struct tgv_block *b, enum tgv_param p)
{
  bool allowed = !b->stage || (b->stage->kind == TGV_STAGE_INPUTS && has_input(b->stage->inputs, p));

  return input_of(b, p, "changes", allowed);
}

const float *tgv_block_read(const struct tgv_block *b, enum tgv_column c)
{
  TGV_BUG_IF((unsigned)c >= TGV_COLUMN_COUNT);
  if (b->stage && !has_column(b->stage->reads, c) &&
      !(b->stage->kind == TGV_STAGE_VIAS && has_column(b->stage->writes, c)))
    refuse(b, "reads", "column", tgv_column_info(c)->symbol);
  return b->column[c];
}

float *tgv_block_write(struct tgv_block *b, enum tgv_column c)
{
  TGV_BUG_IF((unsigned)c >= TGV_COLUMN_COUNT);
  if (b->stage && !has_column(b->stage->writes, c)) refuse(b, "writes", "column", tgv_column_info(c)->symbol);
  return b->column[c];
}
