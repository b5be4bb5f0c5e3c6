/* Units: the only place of the program where powers of ten of a unit stand. Inside, everything is SI.
   udunits2 reads the unit names; what it lacks (ppm/K, um/min, degC as a point, MPa m^0.5, mil) is added
   here. */
#ifndef TGV_CORE_UNITS_H
#define TGV_CORE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

/** One constant per line of core/dimensions.def: TGV_LENGTH, TGV_VELOCITY... */
enum tgv_dimension {
#define DIMENSION(name, m, kg, s, A, K, mol, si, display) TGV_##name,
#include "core/dimensions.def"
#undef DIMENSION
  TGV_DIMENSION_COUNT
};

/** Base quantities in the order of the exponents. */
enum tgv_base { TGV_BASE_m, TGV_BASE_kg, TGV_BASE_s, TGV_BASE_A, TGV_BASE_K, TGV_BASE_mol, TGV_BASE_COUNT };

const char *tgv_dimension_name(enum tgv_dimension d);         /* "LENGTH" */
const char *tgv_dimension_display_unit(enum tgv_dimension d); /* "um" */
const char *tgv_dimension_si_unit(enum tgv_dimension d);      /* "m" */
/** The factor a value of dimension d gets when each base unit is multiplied by factor[b] (dimension test). */
double tgv_dimension_factor(enum tgv_dimension d, const double factor[TGV_BASE_COUNT]);

/** Starts and ends the unit system (udunits2). Start is idempotent; reading and printing start it themselves.
 */
tgv_status tgv_units_start(void);
void       tgv_units_stop(void);

/** Reads "25 um", "0.5 um/min", "3.2 ppm/K", "110 degC", "5 %" into SI. TGV_INPUT with a message that names
   the value if there is no number, no unit where the dimension needs one, an unknown unit, a unit of another
   dimension, trailing text, or a value that is not finite. A bare number is accepted for NUMBER and FRACTION
   only; "%" and "ppm" too. TEMPERATURE accepts K and degC as points ("25 degC" is 298.15 K);
   TEMPERATURE_DIFFERENCE accepts only K. */
tgv_status tgv_units_read(const char *text, enum tgv_dimension d, double *si);

/** Converts an SI value to a unit of the dimension d, "um"; NULL means the display unit. Aborts on a unit
   that is no unit of d (a defect of a table). */
double tgv_units_to(double si, enum tgv_dimension d, const char *unit);
/** The other way round. */
double tgv_units_from(double value, enum tgv_dimension d, const char *unit);
/** Whether `unit` is a unit of dimension d. */
bool tgv_units_fit(const char *unit, enum tgv_dimension d);

/** Prints an SI value with its unit, "25 um" (6 significant digits); unit NULL means the display unit. */
const char *tgv_units_print(char *buffer, size_t size, double si, enum tgv_dimension d, const char *unit);

#endif
