/* The tables judge themselves, so that a slip in params.def, columns.def or causes.def is found by the first
 * test. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/problems.h"
#include "model/columns.h"
#include "model/params.h"

enum { NAME_SIZE = 128 };

static const struct tgv_place params_def = {.file = "params.def"}, columns_def = {.file = "columns.def"},
                              causes_def = {.file = "causes.def"};

/* A default or limit of a key in SI; NAN where none is given or it is wrong, which is told. */
static double read_number(struct tgv_problems *q, const struct tgv_param_info *info, const char *name,
                          const char *text)
{
  double number = NAN;
  char  *end;

  if (!text) return NAN;
  if (info->kind == TGV_COUNT) {
    number = strtod(text, &end);
    if (*end == '\0' && end != text && number == floor(number)) return number;
    tgv_problems_add(q, params_def, "%s: \"%s\" is no whole number", name, text);
  } else if (tgv_units_read(text, info->kind == TGV_SPREAD ? TGV_FRACTION : info->dimension, &number)) {
    tgv_problems_add(q, params_def, "%s: %s", name, tgv_error_message());
  }
  return number;
}

static void check_numbers(struct tgv_problems *q, const struct tgv_param_info *info, const char *name)
{
  const double standard = read_number(q, info, name, info->standard);
  const double min = read_number(q, info, name, info->min), max = read_number(q, info, name, info->max);

  if (info->kind != TGV_SPREAD && (isnan(min) || isnan(max)))
    tgv_problems_add(q, params_def, "%s: smallest and largest value are needed", name);
  if (min > max || standard < min || standard > max)
    tgv_problems_add(q, params_def, "%s: not %s <= %s <= %s", name, info->min, info->standard, info->max);
}

static void check_words(struct tgv_problems *q, enum tgv_param p, const char *name)
{
  const struct tgv_param_info *info = tgv_param_info(p);

  switch (info->kind) {
  case TGV_CHOICE:
    if (!info->choices || info->choices[0] == '\0')
      tgv_problems_add(q, params_def, "%s: a choice without words", name);
    else if (info->standard && tgv_param_choice(p, info->standard) < 0)
      tgv_problems_add(q, params_def, "%s: the default %s is none of %s", name, info->standard,
                       info->choices);
    break;
  case TGV_FLAG:
    if (!info->standard || (strcmp(info->standard, "yes") != 0 && strcmp(info->standard, "no") != 0))
      tgv_problems_add(q, params_def, "%s: the default of a flag is yes or no", name);
    break;
  case TGV_REAL:
  case TGV_COUNT:
  case TGV_SPREAD:
    check_numbers(q, info, name);
    break;
  case TGV_TEXT:
  case TGV_INPUT_NAME:
    break;
  }
}

/* Words that have a meaning of their own in a file. (A key may be called confidence or note, and hides that
 * word.) */
static bool is_reserved(const char *key)
{
  static const char *const words[] = {"value", "class", "source", "chosen", "include", "records"};

  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(key, words[i]) == 0) return true;
  return false;
}

static void check_param(struct tgv_problems *q, enum tgv_param p)
{
  const struct tgv_param_info *info = tgv_param_info(p);
  char                         name[NAME_SIZE];

  tgv_param_name(p, name, sizeof name);
  if (tgv_param_find(info->section, info->key) != p) tgv_problems_add(q, params_def, "%s stands twice", name);
  if (is_reserved(info->key)) tgv_problems_add(q, params_def, "%s: the word is reserved", name);
  if (info->help[0] == '\0') tgv_problems_add(q, params_def, "%s has no meaning", name);
  if (info->varies && (info->kind != TGV_REAL || tgv_section_info(info->section)->scope != TGV_ONE))
    tgv_problems_add(q, params_def, "%s: only a REAL of a section ONE varies", name);
  check_words(q, p, name);
}

static void check_section(struct tgv_problems *q, enum tgv_section s)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  if (tgv_section_find(info->name) != s) tgv_problems_add(q, params_def, "%s stands twice", info->name);
  if (is_reserved(info->name)) tgv_problems_add(q, params_def, "%s: the word is reserved", info->name);
  if (info->scope == TGV_LIBRARY && tgv_param_find(s, "name") == TGV_PARAM_COUNT)
    tgv_problems_add(q, params_def, "%s: an entry of the library needs a name", info->name);
}

static tgv_status report(struct tgv_problems *q)
{
  tgv_status_code status = tgv_problems_report(q);

  tgv_problems_release(q);
  return status;
}

tgv_status tgv_params_check(void)
{
  struct tgv_problems q = {0};

  for (int s = 0; s < TGV_SECTION_COUNT; s++) check_section(&q, (enum tgv_section)s);
  for (int p = 0; p < TGV_PARAM_COUNT; p++) check_param(&q, (enum tgv_param)p);
  if (tgv_input_count() >= TGV_INPUT_MAX)
    tgv_problems_add(&q, params_def, "%d keys vary; there is room for %d", tgv_input_count(),
                     TGV_INPUT_MAX - 1);
  return report(&q);
}

/* The keys of via_groups that hold the limits; some limits come from elsewhere. */
static const char *const limit_keys[] = {
#define CAUSE(name, column, side, limit, step, help) #limit,
#include "model/causes.def"
#undef CAUSE
};
static const char *const limits_from_elsewhere[] = {"closed",  "merge",   "thickness_min", "thickness_max",
                                                    "no_void", "cleared", "cracks"};

static void check_cause(struct tgv_problems *q, enum tgv_cause c)
{
  const struct tgv_cause_info  *info = tgv_cause_info(c);
  const struct tgv_column_info *column = tgv_column_info(info->column);
  enum tgv_param                limit;

  for (int other = 0; other < (int)c; other++)
    if (strcmp(tgv_cause_info((enum tgv_cause)other)->name, info->name) == 0)
      tgv_problems_add(q, causes_def, "%s stands twice", info->name);
  if (column->level != TGV_LEVEL_VIA)
    tgv_problems_add(q, causes_def, "%s: %s is no column of a via", info->name, column->symbol);
  for (size_t i = 0; i < sizeof limits_from_elsewhere / sizeof *limits_from_elsewhere; i++)
    if (strcmp(limit_keys[c], limits_from_elsewhere[i]) == 0) return;
  limit = tgv_param_find(TGV_S_via_groups, limit_keys[c]);
  if (limit == TGV_PARAM_COUNT)
    tgv_problems_add(q, causes_def, "%s: there is no key via_groups.%s", info->name, limit_keys[c]);
  else if (tgv_param_info(limit)->dimension != column->dimension)
    tgv_problems_add(q, causes_def, "%s: via_groups.%s is no limit of a %s", info->name, limit_keys[c],
                     column->symbol);
}

tgv_status tgv_columns_check(void)
{
  struct tgv_problems q = {0};

  for (int c = 0; c < TGV_COLUMN_COUNT; c++) {
    const struct tgv_column_info *info = tgv_column_info((enum tgv_column)c);

    if ((int)tgv_column_find(info->symbol) != c)
      tgv_problems_add(&q, columns_def, "%s stands twice", info->symbol);
    if (info->unit[0] && !tgv_units_fit(info->unit, info->dimension))
      tgv_problems_add(&q, columns_def, "%s: \"%s\" is no unit of it", info->symbol, info->unit);
  }
  for (int c = 0; c < TGV_CAUSE_defect; c++) check_cause(&q, (enum tgv_cause)c);
  return report(&q);
}
