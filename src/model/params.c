#include "model/params.h"

#include <stdio.h>
#include <string.h>

/* Number of the first key of each section: BEFORE_x takes back the step that FIRST_x makes. */
enum {
#define SECTION(name, scope, help) FIRST_##name, BEFORE_##name = FIRST_##name - 1,
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help) NUMBER_##section##_##key,
#include "model/params.def"
#undef SECTION
#undef PARAM
};

/* Number of keys of each section: one byte for each. */
struct keys_before_the_first_section {
  char none;
#define SECTION(name, scope, help)                                                                           \
  }                                                                                                          \
  ;                                                                                                          \
  struct keys_of_##name {                                                                                    \
    char none;
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help) char key_##key;
#include "model/params.def"
#undef SECTION
#undef PARAM
};

#define SCOPE_ONE TGV_ONE
#define SCOPE_MANY TGV_MANY
#define SCOPE_LIBRARY TGV_LIBRARY

static const struct tgv_section_info sections[] = {
#define SECTION(name, scope, help)                                                                           \
  {#name, help, SCOPE_##scope, (enum tgv_param)FIRST_##name,                                                 \
   (enum tgv_param)(FIRST_##name + (int)sizeof(struct keys_of_##name) - 1)},
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help)
#include "model/params.def"
#undef SECTION
#undef PARAM
};

/* Of a CHOICE the words stand in the column of the minimum. */
#define RANGE_REAL(min, max) min, max, NULL
#define RANGE_COUNT(min, max) min, max, NULL
#define RANGE_TEXT(min, max) NULL, NULL, NULL
#define RANGE_FLAG(min, max) NULL, NULL, NULL
#define RANGE_CHOICE(min, max) NULL, NULL, min
#define RANGE_INPUT(min, max) NULL, NULL, NULL
#define RANGE_SPREAD(min, max) min, max, NULL
#define KIND_REAL TGV_REAL
#define KIND_COUNT TGV_COUNT
#define KIND_TEXT TGV_TEXT
#define KIND_FLAG TGV_FLAG
#define KIND_CHOICE TGV_CHOICE
#define KIND_INPUT TGV_INPUT_NAME
#define KIND_SPREAD TGV_SPREAD
#define IS_VARIES true
#define IS_FIXED false

static const struct tgv_param_info params[] = {
#define SECTION(name, scope, help)
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help)                               \
  {#key, help, TGV_S_##section, KIND_##kind, TGV_##dimension, standard, RANGE_##kind(min, max), IS_##varies},
#include "model/params.def"
#undef SECTION
#undef PARAM
};

/* The keys that vary, and how many there are. */
#define LIST_VARIES(p) p,
#define LIST_FIXED(p)
static const enum tgv_param inputs[] = {
#define SECTION(name, scope, help)
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help)                               \
  LIST_##varies(TGV_P_##section##_##key)
#include "model/params.def"
#undef SECTION
#undef PARAM
};

enum { INPUT_COUNT = sizeof inputs / sizeof inputs[0] };
_Static_assert((int)INPUT_COUNT < (int)TGV_INPUT_MAX, "too many keys of params.def vary");
_Static_assert(sizeof params / sizeof params[0] == TGV_PARAM_COUNT, "params.def is read in one order");

const struct tgv_section_info *tgv_section_info(enum tgv_section s)
{
  TGV_BUG_IF((unsigned)s >= TGV_SECTION_COUNT);
  return &sections[s];
}

const struct tgv_param_info *tgv_param_info(enum tgv_param p)
{
  TGV_BUG_IF((unsigned)p >= TGV_PARAM_COUNT);
  return &params[p];
}

enum tgv_section tgv_section_find(const char *name)
{
  int s = 0;

  while (s < TGV_SECTION_COUNT && strcmp(sections[s].name, name) != 0) s++;
  return (enum tgv_section)s;
}

enum tgv_param tgv_param_find(enum tgv_section s, const char *key)
{
  const struct tgv_section_info *section = tgv_section_info(s);

  for (int p = (int)section->first; p < (int)section->end; p++)
    if (strcmp(params[p].key, key) == 0) return (enum tgv_param)p;
  return TGV_PARAM_COUNT;
}

const char *tgv_param_name(enum tgv_param p, char *buffer, size_t size)
{
  const struct tgv_param_info *param = tgv_param_info(p);

  snprintf(buffer, size, "%s.%s", sections[param->section].name, param->key);
  return buffer;
}

int tgv_param_choice(enum tgv_param p, const char *word)
{
  const char  *at = tgv_param_info(p)->choices;
  const size_t length = strlen(word);

  for (int i = 0; at; i++) {
    size_t n = strcspn(at, "|");

    if (n == length && memcmp(at, word, n) == 0) return i;
    at = at[n] ? at + n + 1 : NULL;
  }
  return -1;
}

int tgv_input_count(void)
{
  return INPUT_COUNT;
}

enum tgv_param tgv_input_param(int input)
{
  TGV_BUG_IF(input < 0 || input >= INPUT_COUNT);
  return inputs[input];
}

int tgv_input_of(enum tgv_param p)
{
  for (int i = 0; i < INPUT_COUNT; i++)
    if (inputs[i] == p) return i;
  return -1;
}
