#include "model/columns.h"

#include <string.h>

static const struct tgv_column_info columns[] = {
#define COLUMN(level, symbol, dimension, unit, help)                                                         \
  {#symbol, unit, help, TGV_LEVEL_##level, TGV_##dimension},
#include "model/columns.def"
#undef COLUMN
};

static const struct tgv_cause_info causes[] = {
#define CAUSE(name, column, side, limit, step, help) {#name, help, #step, TGV_C_##column, TGV_##side},
#include "model/causes.def"
#undef CAUSE
    {"defect", "hit by a point defect", "point defects", TGV_C_END, TGV_BELOW},
};

_Static_assert(TGV_CAUSE_COUNT <= 28, "the causes have run into the other flags of a via");
_Static_assert(sizeof causes / sizeof causes[0] == TGV_CAUSE_COUNT, "one line for each cause");

const struct tgv_column_info *tgv_column_info(enum tgv_column c)
{
  TGV_BUG_IF((unsigned)c >= TGV_COLUMN_COUNT);
  return &columns[c];
}

enum tgv_column tgv_column_find(const char *symbol)
{
  int c = 0;

  while (c < TGV_COLUMN_COUNT && strcmp(columns[c].symbol, symbol) != 0) c++;
  return (enum tgv_column)c;
}

const struct tgv_cause_info *tgv_cause_info(enum tgv_cause c)
{
  TGV_BUG_IF((unsigned)c >= TGV_CAUSE_COUNT);
  return &causes[c];
}
