#include "cli/expected_value.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind the number of "25 um"; the text itself where it does not begin with a number. */
static const char *unit_of(const char *text)
{
  char *end;

  (void)strtod(text, &end);
  if (end == text) return text;
  while (*end == ' ' || *end == '\t') end++;
  return end;
}

static bool is_relative(const char *tolerance)
{
  const char *unit = unit_of(tolerance);

  return strcmp(unit, "%") == 0 || strcmp(unit, "ppm") == 0;
}

/* Reads a value that may leave its unit to its neighbour: 20 .. 30 um, 25 +- 1 um. */
static tgv_status read_value(const char *text, const char *neighbour, enum tgv_dimension d, double *si)
{
  const char *unit = unit_of(text), *other = unit_of(neighbour);
  char        both[256];
  bool        bare = unit != text && *unit == '\0';

  if (!bare || *other == '\0' || other == neighbour || d == TGV_NUMBER || d == TGV_FRACTION ||
      strcmp(other, "%") == 0)
    return tgv_units_read(text, d, si);
  snprintf(both, sizeof both, "%s %s", text, other);
  return tgv_units_read(both, d, si);
}

/* Absolute, in the unit of the quantity; or, with %, a part of the expected value. */
static tgv_status read_tolerance(const struct tgv_expectation *e, struct tgv_verdict *v)
{
  const char *unit = unit_of(e->tolerance), *of_value = unit_of(e->value);
  double      part;

  if (is_relative(e->tolerance)) {
    TGV_TRY(tgv_units_read(e->tolerance, TGV_FRACTION, &part));
    if (v->expected == 0)
      return tgv_fail(TGV_INPUT, "a tolerance of %s of 0 is 0; give an absolute one", e->tolerance);
    v->tolerance = part * fabs(v->expected);
  } else if (v->dimension == TGV_TEMPERATURE) {
    TGV_TRY(read_value(e->tolerance, "1 K", TGV_TEMPERATURE_DIFFERENCE, &v->tolerance));
  } else if (v->dimension == TGV_FRACTION && *unit == '\0' && unit != e->tolerance &&
             strcmp(of_value, "%") == 0) {
    TGV_TRY(tgv_units_read(e->tolerance, TGV_NUMBER, &v->tolerance)); /* 93 % +- 1: one point */
    v->tolerance = tgv_units_from(v->tolerance, TGV_FRACTION, "%");
  } else {
    TGV_TRY(read_value(e->tolerance, e->value, v->dimension, &v->tolerance));
  }
  if (!(v->tolerance >= 0)) return tgv_fail(TGV_INPUT, "the tolerance %s is below 0", e->tolerance);
  return TGV_OK;
}

tgv_status tgv_expected_read(const struct tgv_expectation *e, struct tgv_verdict *v, double closeness)
{
  const char *neighbour = e->upper[0] ? e->upper : e->tolerance;

  TGV_TRY(read_value(e->value, neighbour, v->dimension, &v->expected));
  if (e->relation == TGV_EXPECT_WITHIN) {
    TGV_TRY(read_value(e->upper, e->value, v->dimension, &v->upper));
    if (v->upper < v->expected)
      return tgv_fail(TGV_INPUT, "the range %s .. %s is empty: its end is below its start", e->value,
                      e->upper);
  }
  if (e->tolerance[0]) return read_tolerance(e, v);
  v->tolerance = closeness * fabs(v->expected);
  return TGV_OK;
}

/* ---- as text */

static void add_value(const struct tgv_verdict *v, double si, enum tgv_dimension d, struct tgv_text *out)
{
  char buffer[64];

  tgv_text_add(out, "%s", tgv_units_print(buffer, sizeof buffer, si, d, d == v->dimension ? v->unit : NULL));
}

static bool is_flag(const struct tgv_verdict *v)
{
  return v->expectation->relation == TGV_EXPECT_FLAG || v->expectation->relation == TGV_EXPECT_NO_FLAG;
}

static enum tgv_dimension difference_dimension(const struct tgv_verdict *v)
{
  return v->dimension == TGV_TEMPERATURE ? TGV_TEMPERATURE_DIFFERENCE : v->dimension;
}

void tgv_verdict_got(const struct tgv_verdict *v, struct tgv_text *out)
{
  if (is_flag(v))
    tgv_text_add(out, "%s", v->got != 0 ? "set" : "not set");
  else
    add_value(v, v->got, v->dimension, out);
}

void tgv_verdict_expected(const struct tgv_verdict *v, struct tgv_text *out)
{
  static const char *const signs[] = {"", "> ", ">= ", "< ", "<= ", "", "", ""};

  if (is_flag(v)) {
    tgv_text_add(out, "%s", v->expected != 0 ? "set" : "not set");
    return;
  }
  tgv_text_add(out, "%s", signs[v->expectation->relation]);
  add_value(v, v->expected, v->dimension, out);
  if (v->expectation->relation == TGV_EXPECT_WITHIN) {
    tgv_text_add(out, " .. ");
    add_value(v, v->upper, v->dimension, out);
  } else if (v->expectation->relation == TGV_EXPECT_EQUAL) {
    if (!v->expectation->tolerance[0]) return;
    tgv_text_add(out, " +- ");
    if (is_relative(v->expectation->tolerance))
      tgv_text_add(out, "%s", v->expectation->tolerance);
    else
      add_value(v, v->tolerance, difference_dimension(v), out);
  }
}

void tgv_verdict_difference(const struct tgv_verdict *v, struct tgv_text *out)
{
  if (is_flag(v)) return;
  if (v->expectation->relation == TGV_EXPECT_WITHIN && v->got > v->upper)
    add_value(v, v->got - v->upper, difference_dimension(v), out);
  else
    add_value(v, v->got - v->expected, difference_dimension(v), out);
}

void tgv_verdict_print(const struct tgv_verdict *v, struct tgv_text *out)
{
  tgv_text_add(out, "%s%s %s ", is_flag(v) ? "flag " : "", v->expectation->name, is_flag(v) ? "is" : "=");
  tgv_verdict_got(v, out);
  tgv_text_add(out, ", expected ");
  tgv_verdict_expected(v, out);
  if (!is_flag(v)) {
    tgv_text_add(out, " (difference ");
    tgv_verdict_difference(v, out);
    tgv_text_add(out, ")");
  }
}
