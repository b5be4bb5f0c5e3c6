/** # Shape of a via from its diameters

## Model
A via is a body of revolution. Its columns give five diameters: at both faces, at the waist, and half-way between each face and the
waist. On each side of the waist the diameter is the parabola through its three values; for the closed form of the etch, whose wall is
a cone, the parabola is a straight line.

As a profile it is a chain of frusta. Volume and axial resistance of a frustum with the radii $a, b$ and the height $h$ are exact,

$$ V = \frac{\pi h}{3} (a^2 + a b + b^2), \qquad \int \frac{dz}{\pi r^2} = \frac{h}{\pi a b} . $$

## Valid for
Shapes whose wall bends one way on each side of the waist.

## Neglects
Ellipticity, tilt of the axis, roughness. The resistance of a body whose radius changes fast is larger than the integral, because the
current also flows across: by $1 + (dr/dz)^2 / 2$ to lowest order, 0.1 % at a half taper angle of 2.9 degrees.

## Source
Elementary geometry.

## Verified by
tests/unit/test_via_profile.c. */
#include "model/via_profile.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"

struct tgv_via_shape tgv_via_shape_cones(double D_top, double D_waist, double D_bottom, double waist_depth,
                                         double thickness)
{
  return (struct tgv_via_shape){
      D_top, 0.5 * (D_top + D_waist), D_waist, 0.5 * (D_waist + D_bottom), D_bottom, waist_depth, thickness};
}

/* the parabola through (0, a), (1/2, b), (1, c) */
static double parabola(double a, double b, double c, double u)
{
  return a + u * (4 * b - 3 * a - c) + u * u * (2 * a - 4 * b + 2 * c);
}

double tgv_via_shape_diameter(const struct tgv_via_shape *s, double depth)
{
  const double below = s->thickness - s->waist_depth;

  if (depth <= 0) return s->D_top;
  if (depth >= s->thickness) return s->D_bottom;
  if (depth <= s->waist_depth) return parabola(s->D_top, s->D_upper, s->D_waist, depth / s->waist_depth);
  return parabola(s->D_waist, s->D_lower, s->D_bottom, (depth - s->waist_depth) / below);
}

void tgv_via_shape_profile(const struct tgv_via_shape *s, size_t n, struct tgv_via_profile *out)
{
  const size_t half = (n - 1) / 2;
  const double above = fmin(fmax(s->waist_depth, 0), s->thickness), below = s->thickness - above;

  TGV_BUG_IF(n < 3 || n % 2 == 0);
  out->n = 0;
  out->z = tgv_allocate(n, sizeof *out->z);
  out->r = tgv_allocate(n, sizeof *out->r);
  for (size_t i = 0; i < n; i++) {
    const double z =
        i <= half ? above * (double)i / (double)half : above + below * (double)(i - half) / (double)half;

    if (out->n > 0 && !(z > out->z[out->n - 1])) continue;
    out->z[out->n] = z;
    out->r[out->n++] = 0.5 * tgv_via_shape_diameter(s, z);
  }
}

void tgv_via_profile_release(struct tgv_via_profile *p)
{
  free(p->z), free(p->r);
  *p = (struct tgv_via_profile){0, NULL, NULL};
}

double tgv_via_profile_radius(const struct tgv_via_profile *p, double depth)
{
  size_t low = 0, high = p->n - 1;

  if (depth <= p->z[0]) return p->r[0];
  if (depth >= p->z[high]) return p->r[high];
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;

    *(p->z[middle] <= depth ? &low : &high) = middle;
  }
  return p->r[low] + (depth - p->z[low]) / (p->z[high] - p->z[low]) * (p->r[high] - p->r[low]);
}

double tgv_via_profile_volume(const struct tgv_via_profile *p)
{
  double sum = 0;

  for (size_t i = 1; i < p->n; i++) {
    const double a = p->r[i - 1], b = p->r[i];

    sum += (p->z[i] - p->z[i - 1]) * (a * a + a * b + b * b);
  }
  return sum * M_PI / 3;
}

double tgv_via_profile_slenderness(const struct tgv_via_profile *p)
{
  double sum = 0;

  for (size_t i = 1; i < p->n; i++) sum += (p->z[i] - p->z[i - 1]) / (p->r[i - 1] * p->r[i]);
  return sum / M_PI;
}
