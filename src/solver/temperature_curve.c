#include "solver/temperature_curve.h"

struct tgv_temperature_curve tgv_temperature_constant(double value)
{
  return (struct tgv_temperature_curve){.n = 1, .value = {value}};
}

double tgv_temperature_value(const struct tgv_temperature_curve *c, double T)
{
  const double *x = c->temperature, *y = c->value;
  size_t        k = 1;

  if (c->n == 0) return 0;
  if (c->n == 1 || T <= x[0]) return y[0];
  if (T >= x[c->n - 1]) return y[c->n - 1];
  while (T > x[k]) k++;
  return y[k - 1] + (y[k] - y[k - 1]) * (T - x[k - 1]) / (x[k] - x[k - 1]);
}

/* from the first point to T: the trapezoids in between are exact */
static double from_first(const struct tgv_temperature_curve *c, double T)
{
  const double *x = c->temperature, *y = c->value;
  double        sum = 0;

  if (c->n == 1 || T <= x[0]) return y[0] * (T - x[0]);
  for (size_t k = 1; k < c->n; k++) {
    if (T <= x[k]) return sum + 0.5 * (y[k - 1] + tgv_temperature_value(c, T)) * (T - x[k - 1]);
    sum += 0.5 * (y[k - 1] + y[k]) * (x[k] - x[k - 1]);
  }
  return sum + y[c->n - 1] * (T - x[c->n - 1]);
}

double tgv_temperature_integral(const struct tgv_temperature_curve *c, double T0, double T)
{
  return c->n ? from_first(c, T) - from_first(c, T0) : 0;
}
