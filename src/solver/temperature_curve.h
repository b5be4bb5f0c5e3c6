/* A property over temperature: straight lines between given points, held beyond the first and the last. */
#ifndef TGV_SOLVER_TEMPERATURE_CURVE_H
#define TGV_SOLVER_TEMPERATURE_CURVE_H

#include <stddef.h>

enum { TGV_CURVE_POINTS = 8 };

struct tgv_temperature_curve {
  size_t n;                                                      /* 0: the property is 0 everywhere */
  double temperature[TGV_CURVE_POINTS], value[TGV_CURVE_POINTS]; /* K, rising; in SI */
};

struct tgv_temperature_curve tgv_temperature_constant(double value);
double                       tgv_temperature_value(const struct tgv_temperature_curve *c, double T);
/** Its integral from T0 to T [unit of the value times K]; of a coefficient of expansion it is the thermal strain. */
double tgv_temperature_integral(const struct tgv_temperature_curve *c, double T0, double T);

#endif
