/** # Etch front by Huygens' principle

## Model
In glass of one rate $v_b$ the arrival time of an etch front is the shortest over all its sources: with the arrival $T(s)$ along the track,

$$ T(r, z) = \min_s \left[ T(s) + \frac{\sqrt{(r - r_0)^2 + (z - s)^2}}{v_b} \right], \qquad
   R(z, t) = r_0 + \max_s \sqrt{v_b^2 (t - T(s))^2 - (z - s)^2} . $$

$T(s)$ is the integral of the slowness of the track and the depletion term $n_g s^2 / (2 D c_0)$ (see eikonal_etching). The maximum is
searched: 48 sources between $z \pm v_b t$, then golden section around the best.

## Valid for
Any track whose slowness is known along its depth, jumps included, as long as the best source lies next to the best of the 48.

## Neglects
Tilt; bulk rates that vary in space (solver/eikonal has them).

## Source
Huygens' principle; the eikonal equation of a homogeneous medium.

## Verified by
tests/unit/test_eikonal_etching.c, tests/unit/test_eikonal.c (fast marching), bench/etch_shape.c (task V1). */
#include "solver/etch_front.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

enum { SOURCES = 48, GOLDEN = 48, HALVES = 60 };

/* integral of the slowness from 0 to s */
static double integral(const struct tgv_etch_front *f, double s)
{
  double sum = 0;

  for (size_t i = 1; i < f->n && f->depth[i - 1] < s; i++) {
    const double whole = f->depth[i] - f->depth[i - 1], part = fmin(s, f->depth[i]) - f->depth[i - 1];

    if (whole > 0)
      sum += part * (f->slowness[i - 1] + 0.5 * (f->slowness[i] - f->slowness[i - 1]) * part / whole);
  }
  return sum;
}

double tgv_etch_front_arrival(const struct tgv_etch_front *f, bool bottom, double s)
{
  if (!bottom) return integral(f, s) + 0.5 * f->supply * s * s;
  if (!(f->ratio > 0)) return HUGE_VAL;
  return (integral(f, f->thickness) - integral(f, s)) / f->ratio +
         0.5 * f->supply * (f->thickness - s) * (f->thickness - s);
}

double tgv_etch_front_breakthrough(const struct tgv_etch_front *f, double *depth)
{
  double low = 0, high = f->thickness;

  for (int i = 0; i < HALVES && f->ratio > 0; i++) {
    const double middle = 0.5 * (low + high);

    *(tgv_etch_front_arrival(f, false, middle) < tgv_etch_front_arrival(f, true, middle) ? &low : &high) =
        middle;
  }
  *depth = f->ratio > 0 ? 0.5 * (low + high) : f->thickness;
  return tgv_etch_front_arrival(f, false, *depth);
}

/* squared distance that the wave from s has gone at the depth z; below 0: it has not come to this depth */
static double reach(const struct tgv_etch_front *f, bool bottom, double z, double s)
{
  const double rate = f->bulk_rate * (bottom ? f->ratio : 1);
  const double W = rate * (f->time - tgv_etch_front_arrival(f, bottom, s));

  return W < 0 ? -W * W - (z - s) * (z - s) : W * W - (z - s) * (z - s);
}

/* the largest reach of all sources */
static double best(const struct tgv_etch_front *f, bool bottom, double z)
{
  const double golden = 0.6180339887498949, far = f->bulk_rate * (bottom ? f->ratio : 1) * f->time;
  const double first = fmax(0, z - far), step = (fmin(f->thickness, z + far) - first) / SOURCES;
  double       most = -HUGE_VAL, a, b, c, d, at_c, at_d;
  int          where = 0;

  for (int i = 0; i <= SOURCES; i++) {
    const double this = reach(f, bottom, z, first + step * i);

    if (this > most) most = this, where = i;
  }
  a = first + step * (where > 0 ? where - 1 : 0), b = first + step * (where < SOURCES ? where + 1 : SOURCES);
  c = b - golden * (b - a), d = a + golden * (b - a);
  at_c = reach(f, bottom, z, c), at_d = reach(f, bottom, z, d);
  for (int i = 0; i < GOLDEN; i++) {
    if (at_c > at_d)
      b = d, d = c, at_d = at_c, c = b - golden * (b - a), at_c = reach(f, bottom, z, c);
    else
      a = c, c = d, at_c = at_d, d = a + golden * (b - a), at_d = reach(f, bottom, z, d);
  }
  return fmax(most, fmax(at_c, at_d));
}

double tgv_etch_front_radius(const struct tgv_etch_front *f, double z)
{
  double most = best(f, false, z);

  if (f->ratio > 0) most = fmax(most, best(f, true, z));
  return most >= 0 ? f->track_radius + sqrt(most) : 0;
}

double tgv_etch_front_waist(const struct tgv_etch_front *f)
{
  double low = f->bulk_rate * f->time, high = f->thickness - f->ratio * f->bulk_rate * f->time;

  if (!(f->ratio > 0) || !(low < high)) return fmax(low, high);
  for (int i = 0; i < HALVES; i++) { /* above it the first front is ahead, below it the second */
    const double middle = 0.5 * (low + high);

    *(best(f, false, middle) > best(f, true, middle) ? &low : &high) = middle;
  }
  return 0.5 * (low + high);
}

void tgv_etch_front_profile(const struct tgv_etch_front *f, size_t n, struct tgv_via_profile *out)
{
  const double top = f->bulk_rate * f->time,
               bottom = fmax(top, f->thickness - f->ratio * f->bulk_rate * f->time);

  out->n = n;
  out->z = tgv_allocate(n, sizeof *out->z);
  out->r = tgv_allocate(n, sizeof *out->r);
  for (size_t i = 0; i < n; i++) {
    out->z[i] = (bottom - top) * (double)i / (double)(n - 1);
    out->r[i] = tgv_etch_front_radius(f, top + out->z[i]);
  }
}
