#include "cli/reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/problems.h"
#include "registry.h"

const char *tgv_kind_name(enum tgv_kind k)
{
  static const char *const names[] = {"quantity",  "whole number",     "text",  "yes or no",
                                      "choice of", "name of an input", "spread"};

  return names[k];
}

const char *tgv_scope_name(enum tgv_scope s)
{
  static const char *const names[] = {"one mapping", "list of mappings", "file of the library"};

  return names[s];
}

const char *tgv_level_name(enum tgv_level l)
{
  static const char *const names[] = {"via", "unit", "panel"};

  return names[l];
}

const char *tgv_param_range(enum tgv_param p, char *buffer, size_t size)
{
  const struct tgv_param_info *i = tgv_param_info(p);

  buffer[0] = '\0';
  if (i->choices) {
    size_t at = 0;

    for (const char *c = i->choices; *c && at + 3 < size; c++) {
      if (*c == '|')
        buffer[at++] = ',', buffer[at++] = ' ';
      else
        buffer[at++] = *c;
    }
    buffer[at] = '\0';
  } else if (i->min && i->max) {
    snprintf(buffer, size, "%s .. %s", i->min, i->max);
  }
  return buffer;
}

const char *tgv_param_default(enum tgv_param p)
{
  const char *standard = tgv_param_info(p)->standard;

  return standard ? standard : "must be given";
}

static tgv_status fail_unknown(const char *what, const char *name, const char *const *names)
{
  const char *nearest = tgv_nearest(name, names);

  if (nearest) return tgv_fail(TGV_INPUT, "there is no %s \"%s\", did you mean \"%s\"?", what, name, nearest);
  return tgv_fail(TGV_INPUT, "there is no %s \"%s\", see tgv list %ss", what, name, what);
}

tgv_status tgv_stage_named(const char *name, const struct tgv_stage **out)
{
  const char    **names;
  size_t          n = 0;
  tgv_status_code s;

  *out = tgv_stage_find(name);
  if (*out) return TGV_OK;
  while (tgv_stages[n]) n++;
  names = tgv_allocate(n + 1, sizeof *names);
  for (size_t i = 0; i < n; i++) names[i] = tgv_stages[i]->name;
  s = fail_unknown("stage", name, names);
  free(names);
  return s;
}

tgv_status tgv_param_named(const char *name, enum tgv_param *out)
{
  enum { NAME_SIZE = 96 };
  char(*text)[NAME_SIZE] = tgv_allocate(TGV_PARAM_COUNT, sizeof *text);
  const char    **names = tgv_allocate(TGV_PARAM_COUNT + 1, sizeof *names);
  tgv_status_code s = TGV_OK;
  int             p = 0;

  for (int i = 0; i < TGV_PARAM_COUNT; i++) names[i] = tgv_param_name((enum tgv_param)i, text[i], NAME_SIZE);
  while (p < TGV_PARAM_COUNT && strcmp(names[p], name) != 0) p++;
  if (p == TGV_PARAM_COUNT) s = fail_unknown("key", name, names);
  *out = (enum tgv_param)p;
  free(names);
  free(text);
  return s;
}
