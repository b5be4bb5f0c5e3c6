/* How a quantity is read: the text is spelled in ASCII (Greek letters, superscripts), split into number and
   unit, and the unit is checked against a small grammar (core/quantity) before udunits2 sees it. udunits2
   alone would take "m 3" for three metres, "um -1" for minus one micrometre, "m^0.5" for five metres and
   "rad/s" for a frequency. */
#include "core/units.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <udunits2.h>

#include "core/quantity.h"

enum {
  TEXT_SIZE = 200, /* longest text of a quantity */
  UNIT_SIZE = 64,
  CACHE_SIZE = 512, /* a power of two */
};

/* ---- dimensions */

static const struct {
  const char *name, *si, *display;
  double      exponent[TGV_BASE_COUNT];
} dimensions[] = {
#define DIMENSION(name, m, kg, s, A, K, mol, si, display) {#name, si, display, {m, kg, s, A, K, mol}},
#include "core/dimensions.def"
#undef DIMENSION
};

const char *tgv_dimension_name(enum tgv_dimension d)
{
  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  return dimensions[d].name;
}

const char *tgv_dimension_display_unit(enum tgv_dimension d)
{
  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  return dimensions[d].display;
}

const char *tgv_dimension_si_unit(enum tgv_dimension d)
{
  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  return dimensions[d].si;
}

double tgv_dimension_factor(enum tgv_dimension d, const double factor[TGV_BASE_COUNT])
{
  double product = 1;

  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  for (int b = 0; b < TGV_BASE_COUNT; b++) product *= pow(factor[b], dimensions[d].exponent[b]);
  return product;
}

/* "a length", "an energy per area", "a value per kelvin", "a thermal conductivity" */
static const char *phrase(enum tgv_dimension d, char words[64])
{
  static const char conductivity[] = "CONDUCTIVITY_";
  const char       *name = tgv_dimension_name(d);
  size_t            n = sizeof conductivity - 1;
  char              rest[48];

  if (strncmp(name, "PER_", 4) == 0)
    snprintf(rest, sizeof rest, "value %s", name);
  else if (strncmp(name, conductivity, n) == 0)
    snprintf(rest, sizeof rest, "%s conductivity", name + n);
  else
    snprintf(rest, sizeof rest, "%s", name);
  for (char *c = rest; *c; c++) *c = *c == '_' ? ' ' : (char)tolower((unsigned char)*c);
  snprintf(words, 64, "%s %s", strchr("aeiou", *rest) ? "an" : "a", rest);
  return words;
}

/* ---- udunits2; everything below runs under the lock */

/* SI value = value * factor / divisor + offset; one of factor and divisor is 1. Dividing by a whole number
   instead of multiplying by its inverse makes "25 um" exactly the double nearest to 25e-6. */
struct conversion {
  double factor, divisor, offset;
};

enum found { FOUND, UNKNOWN, OTHER_DIMENSION, POINT };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ut_system      *udunits;
static locale_t        plain; /* numbers with a decimal point, whatever the user's locale */
static struct {
  char               unit[UNIT_SIZE];
  enum tgv_dimension dimension;
  struct conversion  conversion;
} cache[CACHE_SIZE];

/* udunits2 knows the degree of arc only by its long name. */
static void add_symbol(const char *symbol, const char *meaning)
{
  ut_unit *unit = ut_parse(udunits, meaning, UT_ASCII);

  TGV_BUG_IF(!unit || ut_map_symbol_to_unit(symbol, UT_ASCII, unit) != UT_SUCCESS);
  ut_free(unit);
}

static tgv_status start(void)
{
  locale_t before;

  if (udunits) return TGV_OK;
  plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  TGV_BUG_IF(!plain);
  (void)ut_set_error_message_handler(ut_ignore);
  before = uselocale(plain);
  udunits = ut_read_xml(NULL);
  (void)uselocale(before);
  if (!udunits) {
    ut_status   status;
    const char *path = ut_get_path_xml(NULL, &status);

    freelocale(plain);
    return tgv_fail(TGV_EXTERNAL,
                    "the unit database \"%s\" of udunits2 cannot be read; it is part of the package "
                    "libudunits2-data",
                    path ? path : "udunits2.xml");
  }
  add_symbol("deg", "arc_degree");
  add_symbol("thou", "mil");
  return TGV_OK;
}

/* The product of base units of a unit ("m.s-1", "rad", "1"), by which units of one dimension are told; a
   factor before it and an offset after it are cut away. Angles differ from numbers here, and logarithmic
   units from all others. */
static void base_product(const ut_unit *unit, char product[TEXT_SIZE])
{
  char text[TEXT_SIZE], *offset, *blank;
  int  n = ut_format(unit, text, sizeof text, UT_ASCII | UT_DEFINITION);

  TGV_BUG_IF(n < 0 || n >= TEXT_SIZE);
  offset = strstr(text, " @");
  if (offset) *offset = '\0';
  blank = strrchr(text, ' ');
  snprintf(product, TEXT_SIZE, "%s", blank ? blank + 1 : text);
}

static bool is_shifted(const ut_unit *unit)
{
  char text[TEXT_SIZE];

  return ut_format(unit, text, sizeof text, UT_ASCII | UT_DEFINITION) > 0 && strchr(text, '@');
}

static struct conversion scale_between(ut_unit *from, ut_unit *to)
{
  cv_converter     *converter = ut_get_converter(from, to);
  struct conversion c = {1, 1, 0};

  TGV_BUG_IF(!converter);
  c.factor = cv_convert_double(converter, 1);
  cv_free(converter);
  if (c.factor < 1 && fabs(round(1 / c.factor) * c.factor - 1) < 1e-14)
    c.divisor = round(1 / c.factor), c.factor = 1;
  else if (fabs(round(c.factor) / c.factor - 1) < 1e-14)
    c.factor = round(c.factor);
  return c;
}

/* degC as a point; every other shifted scale (degF, gauge pressures) is refused. */
static enum found find_shifted(ut_unit *unit, enum tgv_dimension d, struct conversion *c)
{
  ut_unit *celsius = ut_parse(udunits, "degC", UT_ASCII);
  bool     is_celsius = celsius && ut_compare(unit, celsius) == 0;

  ut_free(celsius);
  if (is_celsius && d == TGV_TEMPERATURE) {
    *c = (struct conversion){1, 1, 273.15};
    return FOUND;
  }
  return d == TGV_TEMPERATURE || d == TGV_TEMPERATURE_DIFFERENCE ? POINT : OTHER_DIMENSION;
}

static enum found compare(ut_unit *unit, enum tgv_dimension d, struct conversion *c)
{
  ut_unit   *si = ut_parse(udunits, dimensions[d].si, UT_ASCII);
  char       have[TEXT_SIZE], need[TEXT_SIZE];
  enum found found = OTHER_DIMENSION;

  TGV_BUG_IF(!si);
  base_product(unit, have);
  base_product(si, need);
  if (is_shifted(unit))
    found = find_shifted(unit, d, c);
  else if (strcmp(have, need) == 0) {
    *c = scale_between(unit, si);
    found = FOUND;
  }
  ut_free(si);
  return found;
}

static enum found find_plain(const char *text, enum tgv_dimension d, struct conversion *c)
{
  ut_unit   *unit = tgv_unit_is_well_formed(text) ? ut_parse(udunits, text, UT_ASCII) : NULL;
  enum found found;

  if (!unit) return UNKNOWN;
  found = compare(unit, d, c);
  ut_free(unit);
  return found;
}

/* The length unit below the root at the end of "MPa m^0.5", "MPa m^(1/2)" or "MPa sqrt(m)"; cuts it off the
 * text. */
static bool cut_root(char *text, char length[UNIT_SIZE])
{
  static const char *const endings[] = {"^0.5", "^(1/2)", ")"};
  size_t                   n = strlen(text), start_of_name;

  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    size_t end = n - strlen(endings[i]);

    if (n <= strlen(endings[i]) || strcmp(text + end, endings[i]) != 0) continue;
    for (start_of_name = end; start_of_name > 0 && isalpha((unsigned char)text[start_of_name - 1]);)
      start_of_name--;
    snprintf(length, UNIT_SIZE, "%.*s", (int)(end - start_of_name), text + start_of_name);
    if (i == 2 && (start_of_name < 5 || strncmp(text + start_of_name - 5, "sqrt(", 5) != 0)) return false;
    if (i == 2) start_of_name -= 5;
    while (start_of_name > 0 && strchr(" *.", text[start_of_name - 1])) start_of_name--;
    text[start_of_name] = '\0';
    return true;
  }
  return false;
}

/* udunits2 has no half powers: <pressure> times the root of <length>. */
static enum found find_toughness(const char *text, struct conversion *c)
{
  char              pressure[UNIT_SIZE], length[UNIT_SIZE];
  struct conversion of_pressure, of_length;
  enum found        found;

  snprintf(pressure, sizeof pressure, "%s", text);
  if (!cut_root(pressure, length)) return OTHER_DIMENSION;
  found = find_plain(pressure, TGV_PRESSURE, &of_pressure);
  if (found == FOUND) found = find_plain(length, TGV_LENGTH, &of_length);
  if (found == FOUND)
    *c = (struct conversion){of_pressure.factor * sqrt(of_length.factor),
                             of_pressure.divisor * sqrt(of_length.divisor), 0};
  return found;
}

static enum found find_new(const char *text, enum tgv_dimension d, struct conversion *c)
{
  enum found found;

  if (!*text || strcmp(text, "1") == 0) {
    *c = (struct conversion){1, 1, 0};
    return d == TGV_NUMBER || d == TGV_FRACTION ? FOUND : OTHER_DIMENSION;
  }
  found = d == TGV_TOUGHNESS ? find_toughness(text, c) : find_plain(text, d, c);
  if (d == TGV_TOUGHNESS && found == OTHER_DIMENSION) { /* a known unit of something else, or nonsense? */
    struct conversion ignored;

    found = find_plain(text, TGV_NUMBER, &ignored) == UNKNOWN ? UNKNOWN : OTHER_DIMENSION;
  }
  return found;
}

/* Looks in the cache first. Cases and defaults are thousands of values in a few dozen units. */
static enum found find_cached(const char *text, enum tgv_dimension d, struct conversion *c)
{
  size_t     slot = (size_t)d * 31;
  enum found found;

  for (const char *s = text; *s; s++) slot = slot * 33 + (unsigned char)*s;
  slot = (slot ^ slot >> 9) % CACHE_SIZE;
  if (cache[slot].dimension == d && cache[slot].unit[0] && strcmp(cache[slot].unit, text) == 0) {
    *c = cache[slot].conversion;
    return FOUND;
  }
  found = find_new(text, d, c);
  if (found == FOUND) {
    snprintf(cache[slot].unit, UNIT_SIZE, "%s", text);
    cache[slot].dimension = d;
    cache[slot].conversion = *c;
  }
  return found;
}

static tgv_status find(const char *text, enum tgv_dimension d, struct conversion *c, enum found *found)
{
  char            unit[UNIT_SIZE];
  tgv_status_code status;

  pthread_mutex_lock(&lock);
  status = start();
  if (!status && !tgv_quantity_spell(text, unit, sizeof unit))
    *found = UNKNOWN;
  else if (!status) {
    locale_t before = uselocale(plain);

    *found = find_cached(unit, d, c);
    (void)uselocale(before);
  }
  pthread_mutex_unlock(&lock);
  return status;
}

/* ---- the public functions */

tgv_status tgv_units_start(void)
{
  tgv_status_code status;

  pthread_mutex_lock(&lock);
  status = start();
  pthread_mutex_unlock(&lock);
  return status;
}

void tgv_units_stop(void)
{
  pthread_mutex_lock(&lock);
  if (udunits) {
    ut_free_system(udunits);
    freelocale(plain);
    memset(cache, 0, sizeof cache);
  }
  udunits = NULL;
  pthread_mutex_unlock(&lock);
}

/* What is needed, with an example: `a length such as "25 um" is needed`. */
static const char *need(enum tgv_dimension d, char words[160])
{
  const char *unit = dimensions[d].display;
  char        name[64];

  snprintf(words, 160, "%s such as \"25%s%s\" is needed", phrase(d, name), *unit ? " " : "", unit);
  return words;
}

static tgv_status complain(enum found found, const char *shown, const char *unit, enum tgv_dimension d)
{
  char words[160], name[64];

  need(d, words);
  if (found == POINT && d == TGV_TEMPERATURE)
    return tgv_fail(TGV_INPUT, "\"%s\" is not in K or degC; %s", shown, words);
  if (found == POINT)
    return tgv_fail(TGV_INPUT, "\"%s\" is a point on a temperature scale; %s", shown, words);
  if (!*unit) return tgv_fail(TGV_INPUT, "\"%s\" has no unit; %s", shown, words);
  if (*unit == ',') return tgv_fail(TGV_INPUT, "\"%s\" has a comma, not a decimal point; %s", shown, words);
  if (found == UNKNOWN)
    return tgv_fail(TGV_INPUT, "\"%s\" in \"%s\" is no known unit; %s", unit, shown, words);
  return tgv_fail(TGV_INPUT, "\"%s\" is not %s; %s", shown, phrase(d, name), words);
}

/* Both parts of a quantity are spelled and its number is whole. */
static tgv_status convert(const char *number, const char *unit, const char *shown, enum tgv_dimension d,
                          double *si)
{
  struct conversion c = {1, 1, 0};
  enum found        found = UNKNOWN;

  TGV_TRY(find(unit, d, &c, &found));
  if (found != FOUND) return complain(found, shown, unit, d);
  *si = strtod_l(number, NULL, plain) * c.factor / c.divisor + c.offset;
  if (!isfinite(*si)) return tgv_fail(TGV_INPUT, "\"%s\" is too large a number", shown);
  if (d == TGV_TEMPERATURE && *si < 0) return tgv_fail(TGV_INPUT, "\"%s\" is below absolute zero", shown);
  return TGV_OK;
}

tgv_status tgv_units_read(const char *text, enum tgv_dimension d, double *si)
{
  char   spelled[TEXT_SIZE], number[TEXT_SIZE], shown[TGV_SHOWN_SIZE], words[160];
  size_t n;

  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  need(d, words);
  tgv_quantity_show(text, shown);
  if (strlen(text) >= TEXT_SIZE)
    return tgv_fail(TGV_INPUT, "\"%s\" has %zu characters; %s", shown, strlen(text), words);
  if (!tgv_quantity_spell(text, spelled, sizeof spelled))
    return tgv_fail(TGV_INPUT, "\"%s\" holds a character that no quantity has; %s", shown, words);
  if (!*spelled) return tgv_fail(TGV_INPUT, "the text is empty; %s", words);
  n = tgv_quantity_number(spelled);
  if (n == 0) return tgv_fail(TGV_INPUT, "\"%s\" does not begin with a number; %s", shown, words);
  snprintf(number, sizeof number, "%.*s", (int)n, spelled);
  return convert(number, spelled + n + strspn(spelled + n, " "), shown, d, si);
}

/* The conversion to a unit that a table or the program names; the user cannot have written it. */
static struct conversion known(enum tgv_dimension d, const char *unit)
{
  struct conversion c;
  enum found        found = UNKNOWN;
  char              what[TEXT_SIZE];

  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  if (!unit) unit = dimensions[d].display;
  if (find(unit, d, &c, &found)) {
    fprintf(stderr, "tgv: %s\n", tgv_error_message());
    exit(TGV_EXTERNAL);
  }
  if (found == FOUND) return c;
  snprintf(what, sizeof what, "\"%s\" is no unit of %s", unit, dimensions[d].name);
  tgv_bug(__FILE__, __LINE__, __func__, what);
}

double tgv_units_to(double si, enum tgv_dimension d, const char *unit)
{
  struct conversion c = known(d, unit);

  return (si - c.offset) * c.divisor / c.factor;
}

double tgv_units_from(double value, enum tgv_dimension d, const char *unit)
{
  struct conversion c = known(d, unit);

  return value * c.factor / c.divisor + c.offset;
}

bool tgv_units_fit(const char *unit, enum tgv_dimension d)
{
  struct conversion c;
  enum found        found = UNKNOWN;

  TGV_BUG_IF((unsigned)d >= TGV_DIMENSION_COUNT);
  return find(unit, d, &c, &found) == TGV_OK && found == FOUND;
}

const char *tgv_units_print(char *buffer, size_t size, double si, enum tgv_dimension d, const char *unit)
{
  double   value = tgv_units_to(si, d, unit) + 0.0; /* -0 becomes 0 */
  locale_t before = uselocale(plain);

  if (!unit) unit = dimensions[d].display;
  (void)snprintf(buffer, size, "%.6g%s%s", value, *unit ? " " : "", unit);
  (void)uselocale(before);
  return buffer;
}
