#include "check.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/quantity.h"
#include "core/units.h"

static int stop(void **state)
{
  (void)state;
  tgv_units_stop();
  return 0;
}

static void check_read(const char *text, enum tgv_dimension d, double want)
{
  double si = NAN;

  if (tgv_units_read(text, d, &si)) fail_msg("\"%s\": %s", text, tgv_error_message());
  if (!(fabs(si - want) <= 1e-14 * fabs(want))) fail_msg("\"%s\" is %.17g, expected %.17g", text, si, want);
}

static void check_refused(const char *text, enum tgv_dimension d, const char *message)
{
  double si = 0;

  if (tgv_units_read(text, d, &si) != TGV_INPUT) fail_msg("\"%s\" was read as %g", text, si);
  assert_string_equal(tgv_error_message(), message);
}

/* Every display unit of the table, spelled out as its definition in SI (SI brochure, 9th edition; litre and
   minute are accepted for use with it; ppm is 1e-6). */
static void test_display_units(void **state)
{
  static const double si_of_25[TGV_DIMENSION_COUNT] = {
      [TGV_NUMBER] = 25,
      [TGV_FRACTION] = 0.25,
      [TGV_ANGLE] = 25 * M_PI / 180,
      [TGV_LENGTH] = 25e-6,
      [TGV_AREA] = 25e-6,
      [TGV_VOLUME] = 25e-18,
      [TGV_PER_LENGTH] = 25,
      [TGV_PER_AREA] = 25,
      [TGV_TIME] = 1500,
      [TGV_FREQUENCY] = 25,
      [TGV_VELOCITY] = 25e-6 / 60,
      [TGV_HEATING_RATE] = 25.0 / 60,
      [TGV_MASS] = 25,
      [TGV_DENSITY] = 25000,
      [TGV_PRESSURE] = 25e6,
      [TGV_TOUGHNESS] = 25e6,
      [TGV_ENERGY] = 25e-6,
      [TGV_ENERGY_PER_AREA] = 25,
      [TGV_TEMPERATURE] = 298.15,
      [TGV_TEMPERATURE_DIFFERENCE] = 25,
      [TGV_PER_KELVIN] = 25e-6,
      [TGV_CONDUCTIVITY_THERMAL] = 25,
      [TGV_HEAT_CAPACITY] = 25,
      [TGV_CONDUCTIVITY_ELECTRIC] = 25,
      [TGV_CONCENTRATION] = 25000,
      [TGV_DIFFUSIVITY] = 25,
      [TGV_MOLAR_ENERGY] = 25000,
      [TGV_MOLAR_VOLUME] = 25e-6,
      [TGV_SURFACE_CONCENTRATION] = 25e-6,
      [TGV_ADSORPTION_RATE] = 25,
      [TGV_CURRENT] = 25,
      [TGV_CURRENT_DENSITY] = 2500,
      [TGV_VOLTAGE] = 0.025,
      [TGV_RESISTANCE] = 0.025,
      [TGV_CAPACITANCE_PER_AREA] = 25,
      [TGV_FORCE] = 25,
      [TGV_FORCE_PER_LENGTH] = 2500,
      [TGV_POWER] = 25,
      [TGV_ACCELERATION] = 25,
      [TGV_VISCOSITY] = 25,
  };

  (void)state;
  for (int d = 0; d < TGV_DIMENSION_COUNT; d++) {
    char   text[60], printed[60];
    double si = tgv_units_from(25, d, NULL);

    if (!(si_of_25[d] > 0)) fail_msg("this test does not know %s", tgv_dimension_name(d));
    check_close(si, si_of_25[d], 1e-14);
    check_close(tgv_units_to(si, d, NULL), 25, 1e-14);
    snprintf(text, sizeof text, "25%s%s", *tgv_dimension_display_unit(d) ? " " : "",
             tgv_dimension_display_unit(d));
    check_read(text, d, si);
    assert_string_equal(tgv_units_print(printed, sizeof printed, si, d, NULL), text);
    check_read(printed, d, si);
    assert_true(tgv_units_fit(tgv_dimension_display_unit(d), d));
    if (d != TGV_TOUGHNESS) check_close(tgv_units_from(25, d, tgv_dimension_si_unit(d)), 25, 0);
  }
  check_close(tgv_units_from(25, TGV_TOUGHNESS, tgv_dimension_si_unit(TGV_TOUGHNESS)), 25, 0);
}

/* The exponents of the table agree with what udunits2 makes of the SI unit: a unit made of scaled base units
   (mm, g, ms, mA, mK, mmol) converts by the factor that tgv_dimension_factor() gives. */
static void test_exponents(void **state)
{
  static const char *const milli[] = {"mm", "g", "ms", "mA", "mK", "mmol"};
  static const double      scale[] = {1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3};

  (void)state;
  for (int d = 0; d < TGV_DIMENSION_COUNT; d++) {
    char unit[100] = "";

    if (d == TGV_NUMBER || d == TGV_FRACTION || d == TGV_ANGLE || d == TGV_TOUGHNESS) continue;
    for (int b = 0; b < TGV_BASE_COUNT; b++) {
      double alone[] = {1, 1, 1, 1, 1, 1};
      int    exponent;

      alone[b] = 10;
      exponent = (int)lround(log10(tgv_dimension_factor(d, alone)));
      if (exponent)
        snprintf(unit + strlen(unit), sizeof unit - strlen(unit), "%s%s%d", *unit ? " " : "", milli[b],
                 exponent);
    }
    check_close(tgv_units_from(1, d, unit), tgv_dimension_factor(d, scale), 1e-13);
  }
}

static void test_dimension_factor(void **state)
{
  const double metre[] = {4, 1, 1, 1, 1, 1}, all[] = {2, 3, 5, 7, 11, 13};

  (void)state;
  check_close(tgv_dimension_factor(TGV_LENGTH, metre), 4, 0);
  check_close(tgv_dimension_factor(TGV_VOLUME, metre), 64, 1e-15);
  check_close(tgv_dimension_factor(TGV_TOUGHNESS, metre), 0.5, 1e-15); /* Pa m^0.5 = kg m^-0.5 s^-2 */
  check_close(tgv_dimension_factor(TGV_NUMBER, all), 1, 0);
  check_close(tgv_dimension_factor(TGV_ANGLE, all), 1, 0);
  check_close(tgv_dimension_factor(TGV_CONDUCTIVITY_ELECTRIC, all), 125. * 49 / 8 / 3, 1e-15);
  check_close(tgv_dimension_factor(TGV_MOLAR_ENERGY, all), 4. * 3 / 25 / 13, 1e-15);
  assert_string_equal(tgv_dimension_name(TGV_PER_KELVIN), "PER_KELVIN");
  assert_string_equal(tgv_dimension_si_unit(TGV_PER_KELVIN), "K-1");
}

static void test_spellings(void **state)
{
  (void)state;
  check_read("25um", TGV_LENGTH, 25e-6);
  check_read("  25   um\t", TGV_LENGTH, 25e-6);
  check_read("+3 um", TGV_LENGTH, 3e-6);
  check_read("-3 um", TGV_LENGTH, -3e-6);
  check_read("\u22123 um", TGV_LENGTH, -3e-6);
  check_read("25\u00a0\u00b5m", TGV_LENGTH, 25e-6);
  check_read("25 \u03bcm", TGV_LENGTH, 25e-6);
  check_read("1e-6 m", TGV_LENGTH, 1e-6);
  check_read("1E-6m", TGV_LENGTH, 1e-6);
  check_read("1e3um", TGV_LENGTH, 1e-3);
  check_read(".5 um", TGV_LENGTH, 5e-7);
  check_read("5. um", TGV_LENGTH, 5e-6);
  check_read("1 mil", TGV_LENGTH, 25.4e-6); /* a thousandth of an inch of 25.4 mm */
  check_read("1 thou", TGV_LENGTH, 25.4e-6);
  check_read("1 inch", TGV_LENGTH, 25.4e-3);
  check_read("10 \u00c5", TGV_LENGTH, 1e-9);
  check_read("3 mm\u00b2", TGV_AREA, 3e-6);
  check_read("3 mm^2", TGV_AREA, 3e-6);
  check_read("3 m\u207b\u00b9", TGV_PER_LENGTH, 3);
  check_read("3 1/mm", TGV_PER_LENGTH, 3000);
  check_read("3 h", TGV_TIME, 10800);
  check_read("2 GHz", TGV_FREQUENCY, 2e9);
  check_read("0.5 um/min", TGV_VELOCITY, 0.5e-6 / 60);
  check_read("0.5 um per min", TGV_VELOCITY, 0.5e-6 / 60);
  check_read("30 um h-1", TGV_VELOCITY, 30e-6 / 3600);
  check_read("1.2 W/(m\u00b7K)", TGV_CONDUCTIVITY_THERMAL, 1.2);
  check_read("1.2 W/m/K", TGV_CONDUCTIVITY_THERMAL, 1.2);
  check_read("1.2 W m^-1 K^-1", TGV_CONDUCTIVITY_THERMAL, 1.2);
  check_read("1.2 W/(m degC)", TGV_CONDUCTIVITY_THERMAL, 1.2);
  check_read("5 mrad", TGV_ANGLE, 5e-3);
  check_read("180\u00b0", TGV_ANGLE, M_PI);
  check_read("5 mol/L", TGV_CONCENTRATION, 5000);
  check_read("1 psi", TGV_PRESSURE, 6894.757293168361); /* NIST SP 811, 1 lbf/in2 */
  check_read("1 J/cm2", TGV_ENERGY_PER_AREA, 1e4);
}

static void test_special_units(void **state)
{
  (void)state;
  check_read("25", TGV_NUMBER, 25);
  check_read("0.25", TGV_FRACTION, 0.25);
  check_read("5 %", TGV_FRACTION, 0.05);
  check_read("5%", TGV_NUMBER, 0.05);
  check_read("5 ppm", TGV_FRACTION, 5e-6);
  check_read("5 ppb", TGV_FRACTION, 5e-9);
  check_read("15 K/min", TGV_HEATING_RATE, 0.25);
  check_read("3.2 ppm/K", TGV_PER_KELVIN, 3.2e-6);
  check_read("3.2 ppm/degC", TGV_PER_KELVIN, 3.2e-6);
  check_read("3.2 ppm/\u00b0C", TGV_PER_KELVIN, 3.2e-6);
  check_read("3.2e-6 1/K", TGV_PER_KELVIN, 3.2e-6);
  check_read("110 degC", TGV_TEMPERATURE, 383.15);
  check_read("-40 \u00b0C", TGV_TEMPERATURE, 233.15);
  check_read("-40 \u2103", TGV_TEMPERATURE, 233.15);
  check_read("300 K", TGV_TEMPERATURE, 300);
  check_read("0 K", TGV_TEMPERATURE, 0);
  check_read("-10 K", TGV_TEMPERATURE_DIFFERENCE, -10);
  check_read("10 mK", TGV_TEMPERATURE_DIFFERENCE, 0.01);
  check_read("0.7 MPa m^0.5", TGV_TOUGHNESS, 0.7e6);
  check_read("0.7 MPa*m^0.5", TGV_TOUGHNESS, 0.7e6);
  check_read("0.7 MPa\u00b7m^(1/2)", TGV_TOUGHNESS, 0.7e6);
  check_read("0.7 MPa sqrt(m)", TGV_TOUGHNESS, 0.7e6);
  check_read("700 kPa m^0.5", TGV_TOUGHNESS, 0.7e6);
  check_read("1 N/mm2 mm^0.5", TGV_TOUGHNESS, 1e6 * sqrt(1e-3));
  check_close(tgv_units_to(0.7e6, TGV_TOUGHNESS, "MPa sqrt(m)"), 0.7, 1e-15);
}

/* "25 um" is the double nearest to 25e-6, as if it were written in SI. */
static void test_exact(void **state)
{
  double si;

  (void)state;
  for (int i = 1; i < 2000; i++) {
    char text[40], in_si[40];

    snprintf(text, sizeof text, "%d um", i);
    snprintf(in_si, sizeof in_si, "%de-6", i);
    check_ok(tgv_units_read(text, TGV_LENGTH, &si));
    assert_true(si == strtod(in_si, NULL));
    snprintf(text, sizeof text, "%d ppm/K", i);
    check_ok(tgv_units_read(text, TGV_PER_KELVIN, &si));
    assert_true(si == strtod(in_si, NULL));
  }
}

#define NEED_LENGTH "a length such as \"25 um\" is needed"

static void test_refused_numbers(void **state)
{
  (void)state;
  check_refused("25", TGV_LENGTH, "\"25\" has no unit; " NEED_LENGTH);
  check_refused("0", TGV_LENGTH, "\"0\" has no unit; " NEED_LENGTH);
  check_refused("", TGV_LENGTH, "the text is empty; " NEED_LENGTH);
  check_refused(" \t ", TGV_LENGTH, "the text is empty; " NEED_LENGTH);
  check_refused("um", TGV_LENGTH, "\"um\" does not begin with a number; " NEED_LENGTH);
  check_refused("nan um", TGV_LENGTH, "\"nan um\" does not begin with a number; " NEED_LENGTH);
  check_refused("inf um", TGV_LENGTH, "\"inf um\" does not begin with a number; " NEED_LENGTH);
  check_refused("-infinity m", TGV_LENGTH, "\"-infinity m\" does not begin with a number; " NEED_LENGTH);
  check_refused("--3 um", TGV_LENGTH, "\"--3 um\" does not begin with a number; " NEED_LENGTH);
  check_refused("- 3 um", TGV_LENGTH, "\"- 3 um\" does not begin with a number; " NEED_LENGTH);
  check_refused(". um", TGV_LENGTH, "\". um\" does not begin with a number; " NEED_LENGTH);
  check_refused("e5 um", TGV_LENGTH, "\"e5 um\" does not begin with a number; " NEED_LENGTH);
  check_refused("nan", TGV_NUMBER, "\"nan\" does not begin with a number; a number such as \"25\" is needed");
  check_refused("1e999 m", TGV_LENGTH, "\"1e999 m\" is too large a number");
  check_refused("-1e308 km", TGV_LENGTH, "\"-1e308 km\" is too large a number");
  check_refused("1e999", TGV_NUMBER, "\"1e999\" is too large a number");
  check_refused("0x19 um", TGV_LENGTH, "\"x19 um\" in \"0x19 um\" is no known unit; " NEED_LENGTH);
  check_refused("1,5 um", TGV_LENGTH, "\"1,5 um\" has a comma, not a decimal point; " NEED_LENGTH);
  check_refused("1 000 um", TGV_LENGTH, "\"000 um\" in \"1 000 um\" is no known unit; " NEED_LENGTH);
  check_refused("1.5.2 um", TGV_LENGTH, "\".2 um\" in \"1.5.2 um\" is no known unit; " NEED_LENGTH);
  check_refused("25 .5 um", TGV_LENGTH, "\".5 um\" in \"25 .5 um\" is no known unit; " NEED_LENGTH);
  check_refused("25. 5 um", TGV_LENGTH, "\"5 um\" in \"25. 5 um\" is no known unit; " NEED_LENGTH);
  check_refused("25 * 5 um", TGV_LENGTH, "\"*5 um\" in \"25 * 5 um\" is no known unit; " NEED_LENGTH);
  check_refused("-300 degC", TGV_TEMPERATURE, "\"-300 degC\" is below absolute zero");
}

static void test_refused_units(void **state)
{
  (void)state;
  check_refused("25 um junk", TGV_LENGTH, "\"um junk\" in \"25 um junk\" is no known unit; " NEED_LENGTH);
  check_refused("25 xyz", TGV_LENGTH, "\"xyz\" in \"25 xyz\" is no known unit; " NEED_LENGTH);
  check_refused("25 UM", TGV_LENGTH, "\"UM\" in \"25 UM\" is no known unit; " NEED_LENGTH);
  check_refused("25 kg", TGV_LENGTH, "\"25 kg\" is not a length; " NEED_LENGTH);
  check_refused("25 um/min", TGV_LENGTH, "\"25 um/min\" is not a length; " NEED_LENGTH);
  check_refused("25 %", TGV_LENGTH, "\"25 %\" is not a length; " NEED_LENGTH);
  check_refused("5 um", TGV_NUMBER, "\"5 um\" is not a number; a number such as \"25\" is needed");
  check_refused("5 deg", TGV_NUMBER, "\"5 deg\" is not a number; a number such as \"25\" is needed");
  check_refused("5", TGV_ANGLE, "\"5\" has no unit; an angle such as \"25 deg\" is needed");
  check_refused("5 %", TGV_ANGLE, "\"5 %\" is not an angle; an angle such as \"25 deg\" is needed");
  check_refused("5 rad/s", TGV_FREQUENCY,
                "\"5 rad/s\" is not a frequency; a frequency such as \"25 Hz\" is needed");
  check_refused("5 rpm", TGV_FREQUENCY,
                "\"5 rpm\" is not a frequency; a frequency such as \"25 Hz\" is needed");
  check_refused("110 C", TGV_TEMPERATURE,
                "\"110 C\" is not a temperature; a temperature such as \"25 degC\" is needed");
  check_refused("110", TGV_TEMPERATURE, "\"110\" has no unit; a temperature such as \"25 degC\" is needed");
  check_refused("77 degF", TGV_TEMPERATURE,
                "\"77 degF\" is not in K or degC; a temperature such as \"25 degC\" is needed");
  check_refused(
      "10 degC", TGV_TEMPERATURE_DIFFERENCE,
      "\"10 degC\" is a point on a temperature scale; a temperature difference such as \"25 K\" is needed");
  check_refused("10 degC", TGV_LENGTH, "\"10 degC\" is not a length; " NEED_LENGTH);
  check_refused("3 ppm", TGV_PER_KELVIN,
                "\"3 ppm\" is not a value per kelvin; a value per kelvin such as \"25 ppm/K\" "
                "is needed");
  check_refused(
      "1 W/m K", TGV_CONDUCTIVITY_THERMAL, /* udunits2 reads it from the left: (W/m) K */
      "\"1 W/m K\" is not a thermal conductivity; a thermal conductivity such as \"25 W/(m K)\" is needed");
  check_refused("1 MPa", TGV_TOUGHNESS,
                "\"1 MPa\" is not a toughness; a toughness such as \"25 MPa m^0.5\" is needed");
  check_refused(
      "1 MPa m^0.4", TGV_TOUGHNESS,
      "\"MPa m^0.4\" in \"1 MPa m^0.4\" is no known unit; a toughness such as \"25 MPa m^0.5\" is needed");
  check_refused(
      "1 xx sqrt(m)", TGV_TOUGHNESS,
      "\"xx sqrt(m)\" in \"1 xx sqrt(m)\" is no known unit; a toughness such as \"25 MPa m^0.5\" is needed");
  check_refused("1 GPa", TGV_ENERGY_PER_AREA,
                "\"1 GPa\" is not an energy per area; an energy per area such as \"25 J/m2\" is needed");
}

/* What udunits2 alone would read as something else: a second number, a sign after a blank, an offset, a
 * date... */
static void test_grammar(void **state)
{
  static const char *const refused[] = {
      "m 3",         "um -1",
      "3 um",        "m^0.5",
      "um @ 5",      "um since 2000",
      "lg(re 1 mW)", "m^99",
      "m23",         "m 1e3",
      "\"",          "'",
      "m\u00b73",    "m2x",
      "(m",          "m)",
      "m//s",        "/",
      "m/",          "m^",
      "m^-",         "m-",
      "*m",          "m**2",
      "m(s)",        "()",
      "1",           "1/",
      "m\u00b23.5",  "%%",
      "m;",          "1/1/m",
      "m2.5",        "m/ /s",
      "+m",          "since",
      "from",        "\u4e09 \u7c73",
  };
  static const char *const fine[] = {"m",       "1/m-1",     "1 / m-1",      "m+1",      "(m)",  "(m s)/s",
                                     "m.s.s-1", "m * s / s", "( m  s ) / s", "m s s^-1", "((m))"};

  (void)state;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    char   text[60];
    double si;

    if (tgv_units_fit(refused[i], TGV_LENGTH)) fail_msg("\"%s\" was taken for a length", refused[i]);
    snprintf(text, sizeof text, "25 %s", refused[i]);
    if (tgv_units_read(text, TGV_LENGTH, &si) != TGV_INPUT) fail_msg("\"%s\" was read", text);
    if (tgv_units_read(text, TGV_NUMBER, &si) != TGV_INPUT && strcmp(text, "25 1") != 0)
      fail_msg("\"%s\" was read as a number", text);
  }
  for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
    if (!tgv_units_fit(fine[i], TGV_LENGTH)) fail_msg("\"%s\" was refused", fine[i]);
}

static void test_hostile_texts(void **state)
{
  char   longer[100001], shown[TGV_SHOWN_SIZE];
  double si;

  (void)state;
  memset(longer, '9', sizeof longer - 1);
  longer[sizeof longer - 1] = '\0';
  check_refused(longer, TGV_NUMBER,
                "\"999999999999999999999999999999999999999999999999999999999999...\" has 100000 characters; "
                "a number such "
                "as \"25\" is needed");
  memset(longer, '(', 150);
  longer[0] = '1', longer[150] = '\0';
  assert_int_equal(tgv_units_read(longer, TGV_LENGTH, &si), TGV_INPUT);
  memset(longer, 'm', 150);
  longer[0] = '1';
  assert_int_equal(tgv_units_read(longer, TGV_LENGTH, &si), TGV_INPUT);
  check_refused("25\num", TGV_LENGTH, "\"25?um\" holds a character that no quantity has; " NEED_LENGTH);
  check_refused("25 \x1b[31mum", TGV_LENGTH,
                "\"25 ?[31mum\" holds a character that no quantity has; " NEED_LENGTH);
  check_refused("25 \xff\xc3um", TGV_LENGTH,
                "\"25 ?\?um\" holds a character that no quantity has; " NEED_LENGTH);
  check_refused("25 \u20ac", TGV_LENGTH,
                "\"25 \u20ac\" holds a character that no quantity has; " NEED_LENGTH);
  for (size_t i = 0; i < 150; i += 3) memcpy(longer + i, "\u20ac", 3); /* is not cut inside a character */
  assert_int_equal(strlen(tgv_quantity_show(longer, shown)), 60 + 3);
  for (int c = 1; c < 256; c++) { /* no byte crashes anywhere */
    char text[] = {'1', (char)c, 'm', (char)c, '\0'}, unit[] = {(char)c, '\0'};

    (void)!tgv_units_read(text, TGV_LENGTH, &si);
    (void)!tgv_units_read(unit, TGV_LENGTH, &si);
    (void)tgv_units_fit(unit, TGV_LENGTH);
  }
}

static void test_print(void **state)
{
  char text[40], tiny[4];

  (void)state;
  assert_string_equal(tgv_units_print(text, sizeof text, 25e-6, TGV_LENGTH, NULL), "25 um");
  assert_string_equal(tgv_units_print(text, sizeof text, 25e-6, TGV_LENGTH, "mil"), "0.984252 mil");
  assert_string_equal(tgv_units_print(text, sizeof text, 1.23456789e-6, TGV_LENGTH, "um"), "1.23457 um");
  assert_string_equal(tgv_units_print(text, sizeof text, -0.0, TGV_LENGTH, NULL), "0 um");
  assert_string_equal(tgv_units_print(text, sizeof text, 0.05, TGV_FRACTION, NULL), "5 %");
  assert_string_equal(tgv_units_print(text, sizeof text, 0.05, TGV_NUMBER, NULL), "0.05");
  assert_string_equal(tgv_units_print(text, sizeof text, 298.15, TGV_TEMPERATURE, NULL), "25 degC");
  assert_string_equal(tgv_units_print(text, sizeof text, 298.15, TGV_TEMPERATURE, "K"), "298.15 K");
  assert_string_equal(tgv_units_print(text, sizeof text, 1e12, TGV_FREQUENCY, "Hz"), "1e+12 Hz");
  assert_string_equal(tgv_units_print(tiny, sizeof tiny, 25e-6, TGV_LENGTH, NULL), "25 ");
}

static void test_fit(void **state)
{
  (void)state;
  assert_true(tgv_units_fit("mm", TGV_LENGTH));
  assert_true(tgv_units_fit("", TGV_NUMBER));
  assert_true(tgv_units_fit("degC", TGV_TEMPERATURE));
  assert_false(tgv_units_fit("degC", TGV_TEMPERATURE_DIFFERENCE));
  assert_false(tgv_units_fit("", TGV_LENGTH));
  assert_false(tgv_units_fit("", TGV_ANGLE));
  assert_false(tgv_units_fit("kg", TGV_LENGTH));
  assert_false(tgv_units_fit("nonsense", TGV_LENGTH));
}

/* How a child ends, and what it says, that does `what`. */
static int end_of_child(void (*what)(void), char *said, size_t size)
{
  int   ends[2], status = 0;
  pid_t child;

  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    signal(SIGABRT, SIG_DFL);
    what();
    _exit(99);
  }
  close(ends[1]);
  assert_int_equal(waitpid(child, &status, 0), child);
  memset(said, 0, size);
  assert_true(read(ends[0], said, size - 1) >= 0);
  close(ends[0]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void hide_database(void)
{
  tgv_units_stop();
  setenv("UDUNITS2_XML_PATH", "/no/such/udunits2.xml", 1);
}

static void start_without_database(void)
{
  double si;

  hide_database();
  if (tgv_units_start() == tgv_units_read("25 um", TGV_LENGTH, &si)) {
    fputs(tgv_error_message(), stderr);
    _exit(tgv_units_start());
  }
}

static void print_without_database(void)
{
  char text[40];

  hide_database();
  (void)tgv_units_print(text, sizeof text, 1, TGV_LENGTH, NULL);
}

static void ask_for_a_wrong_unit(void)
{
  (void)tgv_units_to(1, TGV_LENGTH, "kg");
}

static void test_ends(void **state)
{
  char said[500];

  (void)state;
  assert_int_equal(end_of_child(start_without_database, said, sizeof said), TGV_EXTERNAL);
  assert_string_equal(
      said, "the unit database \"/no/such/udunits2.xml\" of udunits2 cannot be read; it is part of the "
            "package libudunits2-data");
  assert_int_equal(end_of_child(print_without_database, said, sizeof said), TGV_EXTERNAL);
  assert_non_null(strstr(said, "libudunits2-data"));
  assert_int_equal(end_of_child(ask_for_a_wrong_unit, said, sizeof said), -SIGABRT);
  assert_non_null(strstr(said, "\"kg\" is no unit of LENGTH"));
}

static void *read_many(void *failures)
{
  for (int i = 0; i < 3000; i++) {
    static const char *const units[] = {"um", "mm", "m", "nm", "mil", "inch", "km", "cm"};
    char                     text[40];
    double                   si = 0;

    snprintf(text, sizeof text, "%d %s", i, units[i % 8]);
    if (tgv_units_read(text, TGV_LENGTH, &si) || fabs(tgv_units_to(si, TGV_LENGTH, units[i % 8]) - i) > 1e-9)
      ++*(int *)failures;
    if (tgv_units_read("25 kg", TGV_LENGTH, &si) != TGV_INPUT) ++*(int *)failures;
  }
  return NULL;
}

static void test_threads(void **state)
{
  pthread_t threads[4];
  int       failures[4] = {0};

  (void)state;
  for (int i = 0; i < 4; i++) assert_int_equal(pthread_create(&threads[i], NULL, read_many, &failures[i]), 0);
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(failures[i], 0);
  }
}

/* Many more units than the cache has places, read twice: what is found again is right. */
static void test_cache(void **state)
{
  static const char prefixes[] = "yzafpnumcdkMGTPEZY";

  (void)state;
  for (int pass = 0; pass < 2; pass++)
    for (const char *p = prefixes; *p; p++)
      for (const char *q = prefixes; *q; q++) {
        char   unit[40], metre[] = {*p, 'm', '\0'}, second[] = {*q, 's', '\0'};
        double want = tgv_units_from(1, TGV_LENGTH, metre) / tgv_units_from(1, TGV_TIME, second);

        snprintf(unit, sizeof unit, "%s/%s", metre, second);
        check_close(tgv_units_from(1, TGV_VELOCITY, unit), want, 1e-13);
        snprintf(unit, sizeof unit, "%s2/%s", metre, second);
        check_close(tgv_units_from(1, TGV_DIFFUSIVITY, unit), want * tgv_units_from(1, TGV_LENGTH, metre),
                    1e-13);
      }
}

static void test_stop_and_start(void **state)
{
  (void)state;
  check_ok(tgv_units_start());
  check_ok(tgv_units_start());
  tgv_units_stop();
  tgv_units_stop();
  check_read("25 um", TGV_LENGTH, 25e-6);
}

/* A locale with a decimal comma changes nothing. Such a locale is made here if the machine has the sources of
 * one. */
static void test_locale(void **state)
{
  char place[] = "/tmp/tgv-test-locale-XXXXXX", command[200], text[40];
  bool made;

  (void)state;
  assert_non_null(mkdtemp(place));
  snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1", place, place);
  made = system(command) == 0 && setenv("LOCPATH", place, 1) == 0 && setlocale(LC_ALL, "de_DE.UTF-8");
  snprintf(command, sizeof command, "rm -r %s", place);
  assert_int_equal(system(command), 0);
  if (!made) skip();
  snprintf(text, sizeof text, "%.1f", 0.5);
  assert_string_equal(text, "0,5"); /* the locale is at work */
  tgv_units_stop();
  check_read("0.5 um", TGV_LENGTH, 5e-7);
  check_read("1 mil", TGV_LENGTH, 25.4e-6);
  assert_string_equal(tgv_units_print(text, sizeof text, 5e-7, TGV_LENGTH, NULL), "0.5 um");
  setlocale(LC_ALL, "C");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_display_units),
      cmocka_unit_test(test_exponents),
      cmocka_unit_test(test_dimension_factor),
      cmocka_unit_test(test_spellings),
      cmocka_unit_test(test_special_units),
      cmocka_unit_test(test_exact),
      cmocka_unit_test(test_refused_numbers),
      cmocka_unit_test(test_refused_units),
      cmocka_unit_test(test_grammar),
      cmocka_unit_test(test_hostile_texts),
      cmocka_unit_test(test_print),
      cmocka_unit_test(test_fit),
      cmocka_unit_test(test_ends),
      cmocka_unit_test(test_threads),
      cmocka_unit_test(test_cache),
      cmocka_unit_test(test_stop_and_start),
      cmocka_unit_test(test_locale),
  };

  return cmocka_run_group_tests(tests, NULL, stop);
}
