#include "cli/reference.h"

#include <stdio.h>

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
