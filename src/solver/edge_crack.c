/** # The edge crack of a laminated substrate (SeWaRe)

## Model
Layers of modulus $E_i / (1 - \nu_i)$ with free strains $f_i$ are bonded over a large area; without load they take the strain $e_0 + \kappa z$ in both
directions that leaves no force and no moment. A crack that runs inwards from the diced edge at the height $z_c$ leaves an upper and a lower part. Far
behind its front each keeps the strain along the front (plane strain) and relaxes across it until it has neither force nor moment:

$$ U = \frac12 \int \left[ \sigma_x (\epsilon_x - f) + \sigma_y (\epsilon_y - f) \right] dz, \quad
   \sigma_{x} = \frac{E}{1 - \nu^2} \left[ (\epsilon_{x} - f) + \nu (\epsilon_{y} - f) \right], \qquad
   G(z_c) = U_{intact} - \min_{e_x, \kappa_x} U_{lower} - \min_{e_x, \kappa_x} U_{upper} . $$

A steady state does not know the length of the crack, so $G$ is exact for cracks a few thicknesses long. A single stressed film gives the known
$(1 - \nu^2) \sigma^2 h / 2 E$.

## Valid for
Cracks long against the thickness of the part that they split off, far from corners; linear elastic; bow small enough for linear theory.

## Neglects
The depth that the crack chooses (where it is opened without shear: J. W. Hutchinson, Z. Suo 1991), the flaw it starts from, the wiring in the
layers.

## Source
The energy balance is derived here; the failure: S. R. McCann et al., study of the cracking of thin glass interposers (Georgia Tech).

## Verified by
tests/unit/test_edge_crack.c. */
#include "solver/edge_crack.h"

#include <math.h>

/* strains at the bottom face and curvatures, across and along the front */
struct bend {
  double ex, kx, ey, ky;
};

/* integral of (a0 + a1 z)(b0 + b1 z) over z0..z1 */
static double product(const double a[2], const double b[2], double z0, double z1)
{
  const double d = z1 - z0, m = 0.5 * (z0 + z1);

  return (a[0] + a[1] * m) * (b[0] + b[1] * m) * d + a[1] * b[1] * d * d * d / 12;
}

static double energy(const struct tgv_laminate *l, const struct bend *s)
{
  double z = 0, sum = 0;

  for (size_t i = 0; i < l->n; i++) {
    const struct tgv_laminate_layer *p = &l->layer[i];
    const double x[2] = {s->ex - p->free, s->kx}, y[2] = {s->ey - p->free, s->ky}, top = z + p->thickness;

    sum += p->E / (2 * (1 - p->nu * p->nu)) *
           (product(x, x, z, top) + product(y, y, z, top) + 2 * p->nu * product(x, y, z, top));
    z = top;
  }
  return sum;
}

static tgv_status check(const struct tgv_laminate *l)
{
  if (l->n < 1 || l->n > TGV_LAMINATE_LAYERS)
    return tgv_fail(TGV_INPUT, "a laminate of %zu layers: 1 to %d", l->n, TGV_LAMINATE_LAYERS);
  for (size_t i = 0; i < l->n; i++)
    if (!(l->layer[i].thickness > 0) || !(l->layer[i].E > 0) || !(fabs(l->layer[i].nu) < 1))
      return tgv_fail(TGV_INPUT, "layer %zu of a laminate is %g m thick, of %g Pa and Poisson's ratio %g",
                      i + 1, l->layer[i].thickness, l->layer[i].E, l->layer[i].nu);
  return TGV_OK;
}

/* solves [A B; B D] (e, k) = (N, M); the stiffness is positive, so it has a solution. The length scale keeps it well scaled. */
static void solve(const double m[3], const double right[2], double *e, double *k)
{
  const double determinant = m[0] * m[2] - m[1] * m[1];

  *e = (m[2] * right[0] - m[1] * right[1]) / determinant;
  *k = (m[0] * right[1] - m[1] * right[0]) / determinant;
}

tgv_status tgv_laminate_free(const struct tgv_laminate *l, struct tgv_laminate_state *out)
{
  double m[3] = {0}, right[2] = {0}, z = 0;

  TGV_TRY(check(l));
  for (size_t i = 0; i < l->n; i++) {
    const struct tgv_laminate_layer *p = &l->layer[i];
    const double M = p->E / (1 - p->nu), z1 = z + p->thickness, first = 0.5 * (z1 * z1 - z * z);

    m[0] += M * p->thickness, m[1] += M * first, m[2] += M * (z1 * z1 * z1 - z * z * z) / 3;
    right[0] += M * p->thickness * p->free, right[1] += M * first * p->free;
    z = z1;
  }
  solve(m, right, &out->e0, &out->k);
  return TGV_OK;
}

double tgv_laminate_energy(const struct tgv_laminate *l, const struct tgv_laminate_state *s)
{
  return energy(l, &(struct bend){s->e0, s->k, s->e0, s->k});
}

/* the smallest energy over the strain across the front for a given strain along it */
static double relaxed(const struct tgv_laminate *l, struct bend s)
{
  double m[3] = {0}, right[2] = {0}, z = 0;

  for (size_t i = 0; i < l->n; i++) {
    const struct tgv_laminate_layer *p = &l->layer[i];
    const double                     M = p->E / (1 - p->nu * p->nu), z1 = z + p->thickness;
    const double                     one[2] = {1, 0}, height[2] = {0, 1};
    /* no stress across: (ex + kx z - f) = -nu (ey + ky z - f) */
    const double wish[2] = {p->free - p->nu * (s.ey - p->free), -p->nu * s.ky};

    m[0] += M * p->thickness, m[1] += M * product(one, height, z, z1),
        m[2] += M * product(height, height, z, z1);
    right[0] += M * product(one, wish, z, z1), right[1] += M * product(height, wish, z, z1);
    z = z1;
  }
  solve(m, right, &s.ex, &s.kx);
  return energy(l, &s);
}

tgv_status tgv_edge_release(const struct tgv_laminate *l, double z, double *G)
{
  struct tgv_laminate       part[2] = {{0}, {0}}; /* lower, upper */
  struct tgv_laminate_state s;
  double                    bottom = 0;

  TGV_TRY(tgv_laminate_free(l, &s));
  for (size_t i = 0; i < l->n; i++) {
    const double below = fmin(fmax(z - bottom, 0), l->layer[i].thickness),
                 rest[2] = {below, l->layer[i].thickness - below};

    for (int k = 0; k < 2; k++) {
      if (!(rest[k] > 0)) continue;
      part[k].layer[part[k].n] = l->layer[i];
      part[k].layer[part[k].n++].thickness = rest[k];
    }
    bottom += l->layer[i].thickness;
  }
  if (part[0].n == 0 || part[1].n == 0)
    return tgv_fail(TGV_INPUT, "an edge crack at the height %g m of a laminate of %g m", z, bottom);
  *G = tgv_laminate_energy(l, &s) - relaxed(&part[0], (struct bend){0, 0, s.e0, s.k}) -
       relaxed(&part[1], (struct bend){0, 0, s.e0 + s.k * z, s.k});
  return TGV_OK;
}
