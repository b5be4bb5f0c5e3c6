/* The tables columns.def and causes.def as data: TGV_C_D_top, TGV_CAUSE_closed. */
#ifndef TGV_MODEL_COLUMNS_H
#define TGV_MODEL_COLUMNS_H

#include "core/units.h"
#include "model/params.h"

enum tgv_level { TGV_LEVEL_VIA, TGV_LEVEL_UNIT, TGV_LEVEL_PANEL };

enum tgv_column {
#define COLUMN(level, symbol, dimension, unit, help) TGV_C_##symbol,
#include "model/columns.def"
#undef COLUMN
  TGV_COLUMN_COUNT,
  TGV_C_END = TGV_COLUMN_COUNT
};

struct tgv_column_info {
  const char        *symbol, *unit, *help; /* unit: display unit */
  enum tgv_level     level;
  enum tgv_dimension dimension;
};
const struct tgv_column_info *tgv_column_info(enum tgv_column c);
enum tgv_column               tgv_column_find(const char *symbol); /* TGV_COLUMN_COUNT if unknown */

enum tgv_cause {
#define CAUSE(name, column, side, limit, step, help) TGV_CAUSE_##name,
#include "model/causes.def"
#undef CAUSE
  TGV_CAUSE_defect, /* hit by a point defect: no limit state */
  TGV_CAUSE_COUNT
};
enum tgv_side { TGV_BELOW, TGV_ABOVE };
struct tgv_cause_info {
  const char     *name, *help, *step; /* step: of the line, such as "wet_etching" */
  enum tgv_column column;             /* TGV_C_END for defect */
  enum tgv_side   side;
};
const struct tgv_cause_info *tgv_cause_info(enum tgv_cause c);

/** Judges the tables: display units fit, names are unique, a cause's limit is a key of via_groups of its column's dimension.
    TGV_INPUT with all that is wrong. For the tests. */
tgv_status tgv_columns_check(void);

/* Flags of a via: bit i is cause i; these come after. They are findings, never errors. */
enum {
  TGV_FLAG_MODEL_RANGE = 1u << 28, /* outside the range of a model: its numbers are not to be trusted */
  TGV_FLAG_DEGRADED = 1u << 29,    /* touched by a defect that changed an input, without killing the via */
  TGV_FLAG_UNCERTAIN = 1u << 30,   /* next to a boundary between regimes: a model cannot tell on which side */
  TGV_FLAG_CAUSES = (1u << TGV_CAUSE_COUNT) - 1
};

#endif
