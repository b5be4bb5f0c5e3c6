/* The table of keys (params.def) as data, and one name per key for the compiler: TGV_P_wet_etching_time. */
#ifndef TGV_MODEL_PARAMS_H
#define TGV_MODEL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/units.h"

enum tgv_section {
#define SECTION(name, scope, help) TGV_S_##name,
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help)
#include "model/params.def"
#undef SECTION
#undef PARAM
  TGV_SECTION_COUNT
};

enum tgv_param {
#define SECTION(name, scope, help)
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help) TGV_P_##section##_##key,
#include "model/params.def"
#undef SECTION
#undef PARAM
  TGV_PARAM_COUNT,
  TGV_P_END = TGV_PARAM_COUNT /* ends a list */
};

enum tgv_scope { TGV_ONE, TGV_MANY, TGV_LIBRARY };
enum tgv_kind { TGV_REAL, TGV_COUNT, TGV_TEXT, TGV_FLAG, TGV_CHOICE, TGV_INPUT_NAME, TGV_SPREAD };

struct tgv_section_info {
  const char    *name, *help;
  enum tgv_scope scope;
  enum tgv_param first, end; /* its keys are first .. end - 1 */
};

struct tgv_param_info {
  const char        *key, *help;
  enum tgv_section   section;
  enum tgv_kind      kind;
  enum tgv_dimension dimension;
  const char        *standard, *min, *max; /* as in the table; standard NULL: must be given */
  const char        *choices;              /* of a CHOICE: "a|b|c", else NULL */
  bool               varies;
};

const struct tgv_section_info *tgv_section_info(enum tgv_section s);
const struct tgv_param_info   *tgv_param_info(enum tgv_param p);
/** Finds "wet_etching" or TGV_SECTION_COUNT; the key "time" of a section or TGV_PARAM_COUNT. */
enum tgv_section tgv_section_find(const char *name);
enum tgv_param   tgv_param_find(enum tgv_section s, const char *key);
/** Writes "wet_etching.time". */
const char *tgv_param_name(enum tgv_param p, char *buffer, size_t size);
/** Index of a word in the choices of p, -1 if it is none of them. */
int tgv_param_choice(enum tgv_param p, const char *word);

/* Process inputs: the keys that VARY, numbered 0 .. tgv_input_count() - 1 in the order of the table. The count is below
   TGV_INPUT_MAX (checked at start). */
enum { TGV_INPUT_MAX = 64 };
int            tgv_input_count(void);
enum tgv_param tgv_input_param(int input);
/** The number of the input that p is, -1 if p does not vary. */
int tgv_input_of(enum tgv_param p);

/** Judges the table itself: defaults and limits are quantities of their dimension, in order; choices hold the default; names
    are unique; what varies is a REAL of a section ONE. TGV_INPUT with all that is wrong. For the tests. */
tgv_status tgv_params_check(void);

#endif
