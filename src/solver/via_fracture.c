/** # Cracks of a via

## Model
A crack that runs along the axis of a long via in a steady state releases the difference of the elastic energies of a piece of unit length far
ahead and far behind of its front, over the length of the front (solver/layered_cylinder gives the energies):

- **Around**, at an interface or at a radius $R$ in the glass (C-crack, cooling): behind, the inner cylinder is free under generalised plane
  strain and the rest is on its own. $G = (U_{bonded} - U_{inner} - U_{outer}) / (2 \pi R)$. For equal elastic constants
  $G = E \epsilon^2 D / (4 (1 - \nu))$ at the interface.
- **Sliding** (heating: the interface is pressed together): behind, the inside has its own axial strain and no axial force, but stays in
  contact without friction; for equal constants $G = (1 + \nu) E \epsilon^2 D / (8 (1 - \nu))$.
- **Radial** (R-crack, heating): a crack from the wall at $a$ to $a + c$ in a plane, whose faces carried the hoop stress $P + Q/r^2$:

$$ K = \sqrt{\frac{\pi c}{2}} \left[ P + \frac{Q}{a^2} \left( \frac{a}{a + c} \right)^{n} \right], \quad n = \tfrac32 \text{ at the outer tip}, \tfrac12
   \text{ at the inner}, \qquad G = \frac{1 - \nu^2}{E} K^2 ; $$

for $P = 0$ largest at $c = a/2$: a radial crack that has started there stops when $G$ has fallen to the toughness.

All grow with the size of the via, so each has a diameter below which it cannot run: $D_{crit} = D \, G_c / G$ if all radii scale.

## Valid for
Long vias, elastic; around and sliding with any elastic constants and layers; the radial crack's weight function is that of a plane of equal
elastic constants, under the stress that the mismatch really makes.

## Neglects
The faces, where cracks start; mode dependence of the toughness of an interface; friction; neighbouring cracks (no formula for their joining
was found, so no limit of the pitch is given).

## Source
S.-K. Ryu et al., IEEE TDMR 11, 35 (2011), doi 10.1109/TDMR.2010.2068572 (interface, equal constants); the radial crack integrates the Green's
function of a crack in a plane in closed form. Which crack grows when: C. Okoro, T. Jayaraman, S. Pollard, ECTC 2021,
doi 10.1109/ECTC32696.2021.00058.

## Verified by
tests/unit/test_via_fracture.c, tests/cases/glass_cracking.case. */
#include "solver/via_fracture.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

static tgv_status energy_of(const struct tgv_cylinder *c, struct tgv_cylinder_state *s, double *U)
{
  TGV_TRY(tgv_cylinder_solve(c, s));
  *U = tgv_cylinder_energy(c, s);
  return TGV_OK;
}

static tgv_status check(const struct tgv_cylinder *c)
{
  if (c->axial == TGV_AXIAL_ABSOLUTE || c->slip || c->held || c->force != 0)
    return tgv_fail(
        TGV_INPUT,
        "energy release needs a bonded, free cylinder under relative or generalised plane strain, not %s%s",
        tgv_axial_name(c->axial),
        c->slip   ? " with gliding layers"
        : c->held ? ", held"
                  : "");
  return TGV_OK;
}

/* the layers inside of a radius, free; the rest, with its bore free */
static struct tgv_cylinder inside(const struct tgv_cylinder *c, size_t last, double radius)
{
  struct tgv_cylinder part = *c;

  part.n = last + 1;
  part.layer[last].outer = radius;
  part.axial = TGV_AXIAL_GENERALISED;
  return part;
}

static struct tgv_cylinder outside(const struct tgv_cylinder *c, size_t last, double radius)
{
  struct tgv_cylinder part = *c;
  const size_t        first = radius < c->layer[last].outer ? last : last + 1;

  part.n = c->n - first;
  for (size_t i = 0; i < part.n; i++) part.layer[i] = c->layer[first + i];
  part.bore = radius;
  return part;
}

tgv_status tgv_release_around(const struct tgv_cylinder *c, double radius, struct tgv_release *out)
{
  struct tgv_cylinder_state whole, part;
  struct tgv_cylinder       piece;
  double                    U[3];
  size_t                    last = 0;

  TGV_TRY(check(c));
  while (last + 1 < c->n && radius > c->layer[last].outer) last++;
  if (!(radius > c->bore && radius < c->layer[c->n - 1].outer))
    return tgv_fail(TGV_INPUT, "a crack around the via at a radius of %g m, outside of %g to %g m", radius,
                    c->bore, c->layer[c->n - 1].outer);
  TGV_TRY(energy_of(c, &whole, &U[0]));
  piece = inside(c, last, radius);
  TGV_TRY(energy_of(&piece, &part, &U[1]));
  piece = outside(c, last, radius);
  TGV_TRY(energy_of(&piece, &part, &U[2]));
  *out = (struct tgv_release){.G = (U[0] - U[1] - U[2]) / (2 * pi * radius),
                              .driving = tgv_cylinder_at(&whole, last, radius).radial};
  return TGV_OK;
}

tgv_status tgv_release_sliding(const struct tgv_cylinder *c, size_t layers, struct tgv_release *out)
{
  struct tgv_cylinder       slipped = *c;
  struct tgv_cylinder_state s;
  double                    bonded, left, radius;

  TGV_TRY(check(c));
  if (layers < 1 || layers >= c->n)
    return tgv_fail(TGV_INPUT, "%zu of %zu layers glide: at least 1, and the last does not", layers, c->n);
  radius = c->layer[layers - 1].outer;
  TGV_TRY(energy_of(c, &s, &bonded));
  slipped.slip = layers;
  TGV_TRY(energy_of(&slipped, &s, &left));
  *out = (struct tgv_release){.G = (bonded - left) / (2 * pi * radius),
                              .driving = -tgv_cylinder_at(&s, layers, radius).radial};
  return TGV_OK;
}

/* ---- radial crack */

static double intensity(const struct tgv_radial_crack *r, double c, double exponent)
{
  return sqrt(pi * c / 2) * (r->P + r->Q / (r->a * r->a) * pow(r->a / (r->a + c), exponent));
}

double tgv_radial_outer(const struct tgv_radial_crack *r, double c)
{
  return intensity(r, c, 1.5);
}

double tgv_radial_inner(const struct tgv_radial_crack *r, double c)
{
  return intensity(r, c, 0.5);
}

double tgv_radial_release(const struct tgv_radial_crack *r, double c)
{
  const double K = fmax(tgv_radial_outer(r, c), 0);

  return (1 - r->nu * r->nu) * K * K / r->E;
}

/* dK/dc has the sign of h = p (1 + x)^(5/2) + 1 - 2 x with x = c/a, p = P a2/Q. From x = 1/2 Newton's method goes one way to the first root:
   right of it h is convex and falls (P > 0), or left of it concave and falls (P < 0). Without a root K rises all the way. */
double tgv_radial_worst(const struct tgv_radial_crack *r, double longest)
{
  const double p = r->P * r->a * r->a / r->Q;
  double       x = 0.5, length;

  if (!(r->Q > 0)) return longest;
  for (int k = 0; k < 60; k++) {
    const double y = 1 + x, root = sqrt(y), h = p * y * y * root - 2 * x + 1, slope = 2.5 * p * y * root - 2;

    if (slope >= 0 || x < 0) return longest;
    if (fabs(h) <= 4e-15 * (1 + x)) break;
    x -= h / slope;
  }
  length = r->a * x;
  if (length >= longest) return longest;
  return tgv_radial_release(r, longest) > tgv_radial_release(r, length) ? longest : length;
}

double tgv_fracture_energy(double K_IC, double E, double nu)
{
  return (1 - nu * nu) * K_IC * K_IC / E;
}
