/* The words of a wish: "cte = 3.4 +- 0.2 ppm/K", "E > 78 GPa", "B2O3 <= 8 %". */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/problems.h"
#include "core/text.h"
#include "process/glass_search.h"

enum { NAME = 32 };

static tgv_status miss(const char *name)
{
  const char *names[TGV_GLASS_PROPERTY_COUNT + 1] = {0}, *nearest;

  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++)
    names[p] = tgv_glass_property_info((enum tgv_glass_property)p)->name;
  nearest = tgv_nearest(name, names);
  return tgv_fail(TGV_INPUT, "there is no property of a glass \"%s\"%s%s%s", name,
                  nearest ? ", did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

tgv_status tgv_glass_property_find(const char *name, enum tgv_glass_property *out)
{
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++)
    if (strcmp(tgv_glass_property_info((enum tgv_glass_property)p)->name, name) == 0) {
      *out = (enum tgv_glass_property)p;
      return TGV_OK;
    }
  return miss(name);
}

/* The dimension of what the wish is about, and of a difference of it. */
static void dimensions(const struct tgv_glass_wish *w, enum tgv_dimension *value,
                       enum tgv_dimension *difference)
{
  *value = w->property < TGV_GLASS_PROPERTY_COUNT
               ? tgv_column_info(tgv_glass_property_info(w->property)->column)->dimension
               : TGV_FRACTION;
  *difference = *value == TGV_TEMPERATURE ? TGV_TEMPERATURE_DIFFERENCE : *value;
}

/* What stands behind the number of a text. */
static const char *unit_of(const char *text)
{
  char *end;

  (void)strtod(text, &end);
  while (*end == ' ') end++;
  return end;
}

/* "3.4 +- 0.2 ppm/K", "3.4 ppm/K +- 0.2 ppm/K" or "3.4 ppm/K": the unit may stand behind either number. */
static tgv_status read_target(const char *text, struct tgv_glass_wish *w)
{
  enum tgv_dimension value, difference;
  const char        *sign = strstr(text, "+-");
  char               centre[128], width[128];
  double             at, by;

  dimensions(w, &value, &difference);
  if (!sign) return tgv_fail(TGV_INPUT, "\"%.60s\" lacks a tolerance: write it as 3.4 +- 0.2 ppm/K", text);
  for (sign += 2; *sign == ' ';) sign++;
  snprintf(centre, sizeof centre, "%.*s", (int)(strstr(text, "+-") - text), text);
  for (size_t n = strlen(centre); n > 0 && centre[n - 1] == ' ';) centre[--n] = '\0';
  snprintf(width, sizeof width, "%s%s%s", sign, *unit_of(sign) ? "" : " ",
           *unit_of(sign)             ? ""
           : value == TGV_TEMPERATURE ? "K"
                                      : unit_of(centre));
  if (!*unit_of(centre) && *unit_of(sign)) {
    size_t n = strlen(centre);

    if (value == TGV_TEMPERATURE) return tgv_fail(TGV_INPUT, "%s has no unit: write degC or K", centre);
    snprintf(centre + n, sizeof centre - n, " %s", unit_of(sign));
  }
  TGV_TRY(tgv_units_read(centre, value, &at));
  TGV_TRY(tgv_units_read(width, difference, &by));
  if (!(by > 0)) return tgv_fail(TGV_INPUT, "the tolerance %s is not above 0", width);
  w->low = at - by, w->high = at + by;
  return TGV_OK;
}

static tgv_status read_relation(const char *text, struct tgv_glass_wish *w)
{
  const char         relation = text[0];
  enum tgv_dimension value, difference;

  dimensions(w, &value, &difference);
  w->low = -(double)INFINITY, w->high = (double)INFINITY;
  text += text[1] == '=' ? 2 : 1;
  while (*text == ' ') text++;
  if (relation == '=') return read_target(text, w);
  return tgv_units_read(text, value, relation == '<' ? &w->high : &w->low);
}

tgv_status tgv_glass_wish_read(const char *text, struct tgv_glass_wish *out)
{
  const size_t n = strcspn(text, "<>= ");
  const char  *rest = text + n;
  char         name[NAME];

  while (*rest == ' ') rest++;
  if (n == 0 || n >= NAME || !*rest || !strchr("<>=", *rest))
    return tgv_fail(TGV_INPUT, "\"%.60s\" is no wish, such as \"E > 78 GPa\" or \"cte = 3.4 +- 0.2 ppm/K\"",
                    text);
  snprintf(name, sizeof name, "%.*s", (int)n, text);
  out->property = TGV_GLASS_PROPERTY_COUNT;
  out->oxide = tgv_oxide_find(name);
  if (out->oxide == TGV_OXIDE_COUNT) TGV_TRY(tgv_glass_property_find(name, &out->property));
  TGV_TRY_NOTE(read_relation(rest, out), "reading the wish \"%.60s\"", text);
  return TGV_OK;
}
