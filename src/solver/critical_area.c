/** # Critical area of lines and spaces

## Model
Extra metal of diameter $x$ bridges two long parallel lines of width $w$ and space $s$ if its middle lies in a strip of width $x - s$ over
each space: a part $A(x) = (x - s)/(w + s)$ of the area, 0 below $x = s$, 1 from $x = 2s + w$ on, where the strips meet. Missing metal
opens a line likewise, with $w$ and $s$ exchanged. Sizes have the density

$$ h(x) = \begin{cases} x/x_0^2 & x < x_0 \\ x_0^2/x^3 & x \ge x_0 \end{cases} $$

with its peak at $x_0$, so that the mean critical area is a sum of powers; for $s \ge x_0$ it is $x_0^2/[2 s (2 s + w)]$.

## Valid for
Lines that are long against the defects, with a space on both sides.

## Neglects
Ends, corners and pads; sizes that do not follow $1/x^3$; partial opens and shorts that fail later.

## Source
C. H. Stapper, IBM J. Res. Develop. 27 (1983) 549; 28 (1984) 461.

## Verified by
tests/unit/test_critical_area.c: adaptive quadrature, the closed form above, discs thrown at lines. */
#include "solver/critical_area.h"

#include <math.h>

/* The part in which a disc of diameter x touches both neighbours of a gap, of period w + gap. */
static double part_at(double gap, double period, double x)
{
  return fmin(1, fmax(0, (x - gap) / period));
}

/* Integral of h from x on. */
static double larger_than(double x, double x0)
{
  return x > x0 ? 0.5 * (x0 / x) * (x0 / x) : 1 - 0.5 * (x / x0) * (x / x0);
}

/* Integral of (x - gap) h(x) from a to b: below and above x0. */
static double rise_below(double gap, double x0, double a, double b)
{
  return ((b * b * b - a * a * a) / 3 - 0.5 * gap * (b * b - a * a)) / (x0 * x0);
}

static double rise_above(double gap, double x0, double a, double b)
{
  return x0 * x0 * ((1 / a - 1 / b) - 0.5 * gap * (1 / (a * a) - 1 / (b * b)));
}

static double mean_part(double gap, double period, double x0)
{
  const double end = gap + period, middle = fmin(fmax(x0, gap), end);
  double       rise = 0;

  if (middle > gap) rise += rise_below(gap, x0, gap, middle);
  if (end > middle) rise += rise_above(gap, x0, middle, end);
  return rise / period + larger_than(end, x0);
}

double tgv_critical_short(const struct tgv_lines *l, double x)
{
  return part_at(l->space, l->width + l->space, x);
}

double tgv_critical_open(const struct tgv_lines *l, double x)
{
  return part_at(l->width, l->width + l->space, x);
}

double tgv_critical_short_mean(const struct tgv_lines *l, double x0)
{
  return mean_part(l->space, l->width + l->space, x0);
}

double tgv_critical_open_mean(const struct tgv_lines *l, double x0)
{
  return mean_part(l->width, l->width + l->space, x0);
}
