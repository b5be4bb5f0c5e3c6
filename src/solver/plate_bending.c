/** # Bending of thin plates on supports

## Model
Kirchhoff plates, $D = E h^3 / 12 (1 - \nu^2)$, stress at the face $\sigma = 6 M / h^2$.

**Strip on two lines** (length $L$, overhangs $a$, span $l = L - 2 a$, load $q$), bent to a cylinder:
$M = -q x^2/2$ on the overhang and $-q x^2/2 + q L (x - a)/2$ between the lines; between the lines at the distance $u$ from one
$$ w = \frac{q}{24 D} (u^4 - 2 l u^3 + l^3 u) - \frac{q a^2}{4 D} u (l - u), $$
so that $w = q l^4 (5 - 24 (a/l)^2) / 384 D$ in the middle and
$w = q a (3 a^3 + 6 a^2 l - l^3) / 24 D$ at the end. $a = 0.2071\,L$ makes the moments over the lines and
in the middle equal.

**Strip on rollers** of the pitch $p$: far from the end $w = q p^4 / 384 D$ and $M = -q p^2 / 12$ over a
roller. An end that sticks out by $a$ gives $M_0 = -q a^2/2$ at the last roller; the deviation from
$-q p^2 / 12$ falls by $-2 + \sqrt 3$ from roller to roller (three-moment equation).

**Plate on a grid of pads** (pitch $a$, pad radius $c$): each pad carries $q a^2$ as a uniform pressure.
The square cell is replaced by the round one of the same area, $b = a / \sqrt\pi$, with neither slope nor
shear at its rim. With $m = (M_r + M_t) / (1 + \nu)$, $\nabla^2 m = -f$ for the load $f$ and
$\int m\, r\, dr = 0$: closed form, finite at the pad. The deflection amidst four pads is that of point
supports; the double Fourier series sums to $w = G q a^4 / 16 \pi^2 D = 0.0058004\, q a^4 / D$ with
Catalan's constant $G$.

**Recess of a vacuum pad**: a disc, simply supported at its rim, $M_r = (3 + \nu) p (c^2 - r^2) / 16$.

## Valid for
Deflections that are small: cylindrical bending to about a tenth of the span (slope), bending in both
directions to about half the thickness (stretching of the mid-plane).

## Neglects
Shear, the anticlastic bending at free edges, and the twist between supports that are not lines. The round
cell gives the moment at a pad 1 to 2 % smaller than the square one. A disc over a recess is in
truth held by the glass around it: the simple support overestimates its stress.

## Source
Timoshenko and Woinowsky-Krieger, Theory of Plates and Shells (1959).

## Verified by
tests/unit/test_plate_bending.c (the differential equations by quadrature; lattice sums of the grid of
pads; a long beam on rollers by the three-moment equations), tests/cases/handling.case. */
#include "solver/plate_bending.h"

#include <math.h>

double tgv_plate_stiffness(const struct tgv_plate *p)
{
  return p->E * p->h * p->h * p->h / (12.0 * (1.0 - p->nu * p->nu));
}

double tgv_plate_stress(const struct tgv_plate *p, double moment)
{
  return 6.0 * moment / (p->h * p->h);
}

double tgv_plate_bent(const struct tgv_plate *p, double radius)
{
  return p->E * p->h / (2.0 * (1.0 - p->nu * p->nu) * radius);
}

/* ---- two lines */

double tgv_strip_moment(const struct tgv_strip *s, double x)
{
  double from_end = fmin(x, s->length - x), inside = fmax(0.0, from_end - s->overhang);

  return 0.5 * s->load * (s->length * inside - from_end * from_end);
}

double tgv_strip_deflection(const struct tgv_strip *s, double stiffness, double x)
{
  double a = s->overhang, l = s->length - 2.0 * a, q = s->load / (24.0 * stiffness);
  double u = fmin(x, s->length - x) - a;

  if (u >= 0.0) return q * u * (u * u * u - 2.0 * l * u * u + l * l * l - 6.0 * a * a * (l - u));
  u = -u; /* outwards from the line */
  return q * u * (u * u * u - 4.0 * a * u * u + 6.0 * a * a * u - l * l * l + 6.0 * a * a * l);
}

double tgv_strip_mean(const struct tgv_strip *s, double stiffness)
{
  double a = s->overhang, l = s->length - 2.0 * a, a2 = a * a, l2 = l * l;
  /* integrals of w over the span and over both overhangs, in q / (24 D) */
  double span = l2 * l * (l2 / 5.0 - a2);
  double ends = 2.0 * a2 * (a2 * a * (1.0 / 5.0 - 1.0 + 2.0) + 0.5 * (6.0 * a2 * l - l2 * l));

  return s->load / (24.0 * stiffness) * (span + ends) / s->length;
}

/* ---- rollers */

double tgv_rollers_inner(const struct tgv_rollers *r)
{
  return -r->load * r->pitch * r->pitch / 12.0;
}

/* Moments at the last roller and at the one before. */
static void end_moments(const struct tgv_rollers *r, double *last, double *before)
{
  double inner = tgv_rollers_inner(r);

  *last = -0.5 * r->load * r->overhang * r->overhang;
  *before = inner + (*last - inner) * (sqrt(3.0) - 2.0);
}

double tgv_rollers_sag(const struct tgv_rollers *r, double stiffness)
{
  return r->load * pow(r->pitch, 4) / (384.0 * stiffness);
}

double tgv_rollers_tip(const struct tgv_rollers *r, double stiffness)
{
  double last, before, slope, a = r->overhang, p = r->pitch;

  end_moments(r, &last, &before);
  slope = r->load * p * p * p / 24.0 + (2.0 * last + before) * p / 6.0;
  return (r->load * pow(a, 4) / 8.0 - slope * a) / stiffness;
}

double tgv_rollers_moment(const struct tgv_rollers *r, double x)
{
  double last, before, u = x - r->overhang;

  if (u <= 0.0) return -0.5 * r->load * x * x;
  end_moments(r, &last, &before);
  return 0.5 * r->load * u * (r->pitch - u) + last + (before - last) * u / r->pitch;
}

/* ---- pads */

/* m = (M_r + M_t) / (1 + nu) and the integral of m r from 0 to r, for m(0) = 0; in units of the load. */
static void cell_sum(double b, double c, double r, double *m, double *integral)
{
  double excess = b * b / (c * c) - 1.0, inner = fmin(r, c), r2, c2 = c * c;

  *m = 0.25 * excess * inner * inner;
  *integral = excess * pow(inner, 4) / 16.0;
  if (r <= c) return;
  r2 = r * r;
  *integral += *m * 0.5 * (r2 - c2) + 0.5 * (b * b * (0.5 * r2 * log(r / c) - 0.25 * (r2 - c2)) -
                                             (r2 * r2 - c2 * c2) / 8.0 + 0.25 * c2 * (r2 - c2));
  *m += 0.5 * (b * b * log(r / c) - 0.5 * (r2 - c2));
}

void tgv_pads_moments(const struct tgv_pads *p, double nu, double r, double moment[2])
{
  double b = p->pitch / sqrt(acos(-1.0)), m, integral, at_rim, centre, g;

  cell_sum(b, p->radius, b, &m, &at_rim);
  centre = -2.0 * at_rim / (b * b);
  cell_sum(b, p->radius, r, &m, &integral);
  m += centre;
  g = r > 0.0 ? integral / (r * r) + 0.5 * centre : 0.5 * centre; /* integral of m r, over r^2 */
  moment[0] = p->load * (m - g + nu * g);
  moment[1] = p->load * (g + nu * (m - g));
}

double tgv_pads_sag(const struct tgv_pads *p, double stiffness)
{
  const double catalan = 0.915965594177219015, pi = acos(-1.0);

  return catalan / (16.0 * pi * pi) * p->load * pow(p->pitch, 4) / stiffness;
}

void tgv_recess_moments(double radius, double pressure, double nu, double r, double moment[2])
{
  moment[0] = pressure * (3.0 + nu) * (radius * radius - r * r) / 16.0;
  moment[1] = pressure * ((3.0 + nu) * radius * radius - (1.0 + 3.0 * nu) * r * r) / 16.0;
}
