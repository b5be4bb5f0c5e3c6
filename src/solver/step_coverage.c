/** # Step coverage of sputtered films

## Model
The film on the wall over that on the field is the flux $G$ of the ballistic transport (solver/radiosity), both with the same sticking.
From both faces: the panel is turned and the second deposition adds to the first, so the two fluxes add.

A shape is solved on a chain of frusta. A straight side is one frustum with 40 bands; a bent one (the parabola through its three
diameters) becomes 20 frusta of two bands, shorter towards the waist, where the film is thin. The slope of a chord is that of the parabola
half-way along it, so the thinnest place is looked for among these places.

Scaled by the mean diameter $M$ of the mouths a via has five numbers: aspect ratio $h/M$, $D_{waist}/M$, depth of the waist over $h$, the
difference of the tapers (by how much the difference of the mouths over that of mouths and waist exceeds what equal tapers make of a
waist off the middle), and the bow: by how much the half-way diameters exceed those of straight sides, over the difference of mouth and
waist, both sides together; with a bow of less than 0.002 the sides count as straight, which has a table of its own, with fewer inputs
and faster. $\ln G$ of the thinnest place of each side and its depth over $h$ are tabulated over these
(solver/response_table); the thinner side counts.

The film of a *directed* source ($n > 1.2$) may be thinnest at a mouth, where its atoms graze the wall, or next to the waist; which one jumps
with the shape, and no polynomial follows a smallest value that jumps. So $\ln G$ is tabulated at six places of each side (eleven of a cone), where
it is smooth, and the least of them and of the parabolas between them is taken for each via. A via and its mirror image are one. A via whose waist is at a face is a cone, or nearly:
it has a table of aspect ratio, ratio of its mouths and bow.

## Valid for
Aspect ratios 0.8 to 25, waists of 20 % to 100 % of the mean mouth at 25 % to 75 % of the depth, differences of the tapers up to 0.3, bows between
-1/8 and 1/8 (a slope at the waist between 1/3 and 3 times that at the mouth); cones from aspect ratio 0.5 on, for a diffuse source to one tenth of the wide mouth, for a directed one to 0.15. Outside,
the via is held at the edge and flagged.

## Neglects
The difference of the bows of the two sides (their mean is taken; tests/unit/test_step_coverage.c says what it costs); shadows of
neighbours, tilt, the growth of the film itself.

## Source
That of solver/radiosity.c.

## Verified by
tests/unit/test_step_coverage.c, tests/unit/test_radiosity.c. */
#include "solver/step_coverage.h"

#include <math.h>

#include "core/text.h"
#include "solver/radiosity.h"

enum { BENT_FRUSTA = 20, BANDS = 80 };

/* ---- one shape */

/* points of one side from the face to the waist, the waist left out; returns their number */
static size_t side_points(double mouth, double middle, double waist, double length, double *u, double *d)
{
  const double bend = middle - 0.5 * (mouth + waist);
  const size_t n = fabs(bend) > 0x1p-20 * mouth ? BENT_FRUSTA : 1;

  if (!(length > 0)) return 0;
  for (size_t i = 0; i < n; i++) {
    const double left = pow(1 - (double)i / (double)n, 1.5), v = 1 - left; /* part of the way from the face */

    u[i] = left * length;
    d[i] = mouth + v * (waist - mouth) + 4 * bend * v * left;
  }
  return n;
}

void tgv_step_coverage_profile(const struct tgv_via_shape *s, struct tgv_via_profile *out)
{
  const double above = fmin(fmax(s->waist_depth, 0), s->thickness), below = s->thickness - above;
  double       u[BENT_FRUSTA], d[BENT_FRUSTA];
  size_t       n;

  out->n = 0;
  out->z = tgv_allocate(2 * BENT_FRUSTA + 1, sizeof *out->z);
  out->r = tgv_allocate(2 * BENT_FRUSTA + 1, sizeof *out->r);
  n = side_points(s->D_top, s->D_upper, s->D_waist, above, u, d);
  for (size_t i = 0; i < n; i++) out->z[out->n] = above - u[i], out->r[out->n++] = 0.5 * d[i];
  out->z[out->n] = above, out->r[out->n++] = 0.5 * s->D_waist;
  n = side_points(s->D_bottom, s->D_lower, s->D_waist, below, u, d);
  for (size_t i = n; i-- > 0;) out->z[out->n] = above + u[i], out->r[out->n++] = 0.5 * d[i];
}

static void find_thinnest(const struct tgv_cavity *c, const struct tgv_source *s, double waist,
                          double thickness, const struct tgv_radiosity *r, struct tgv_thinnest *out)
{
  const struct tgv_depths side[2] = {{0, waist}, {waist, thickness}};
  const bool              has[2] = {waist > 0, waist < thickness};

  for (int k = 0; k < 2; k++)
    if (has[k]) out->coverage[k] = tgv_radiosity_least(c, s, r, side[k], &out->depth[k]);
  for (int k = 0; k < 2; k++)
    if (!has[k]) out->coverage[k] = out->coverage[1 - k], out->depth[k] = out->depth[1 - k];
}

static tgv_status solve_profile(const struct tgv_via_profile *p, const struct tgv_sputter *s, double waist,
                                struct tgv_thinnest *out)
{
  const struct tgv_source source = {s->exponent, 1, 1, s->sticking};
  struct tgv_cavity       c;
  struct tgv_radiosity    r;
  tgv_status_code         status;

  TGV_TRY(tgv_cavity_new(p, false, BANDS, &c));
  status = tgv_radiosity_solve(&c, &source, &r);
  if (!status) {
    find_thinnest(&c, &source, waist, p->z[p->n - 1], &r, out);
    tgv_radiosity_release(&r);
  }
  tgv_cavity_release(&c);
  return status;
}

tgv_status tgv_step_coverage(const struct tgv_via_shape *shape, const struct tgv_sputter *s,
                             struct tgv_thinnest *out)
{
  const double           waist = fmin(fmax(shape->waist_depth, 0), shape->thickness);
  struct tgv_via_profile p;
  tgv_status_code        status;

  if (!(shape->thickness > 0 && shape->D_top > 0 && shape->D_bottom >= 0))
    return tgv_fail(TGV_INPUT, "a via of thickness %g m with mouths of %g m and %g m has no wall",
                    shape->thickness, shape->D_top, shape->D_bottom);
  if (!(shape->D_waist > 0)) {
    *out = (struct tgv_thinnest){{0, 0}, {waist, waist}};
    return TGV_OK;
  }
  tgv_step_coverage_profile(shape, &p);
  status = solve_profile(&p, s, waist, out);
  tgv_via_profile_release(&p);
  return status;
}
