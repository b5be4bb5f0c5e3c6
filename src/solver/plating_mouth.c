/** # Supply of a via through its mouth

## Model
A via of the mouth $r_i < r < r_o$ ($r_i = 0$: no post) stands in a cylinder of bath of the radius $b$, whose concentration is held at the
height $\delta$ over the face. The mouth takes the uniform flux $q$, the face around it $q_f$. With the roots $\delta_n$ of $J_1$, the mean
concentration of the plane of the face exceeds that of the mouth by $(q - q_f)\, \ell / D$,

$$ \ell = \frac{4 b}{r_o^2 - r_i^2} \sum_n \frac{X_n^2 \tanh(\delta_n \delta / b)}{\delta_n^3 J_0^2(\delta_n)}, \qquad
   X_n = r_o J_1(\delta_n r_o / b) - r_i J_1(\delta_n r_i / b) : $$

the via acts as if it were longer by $\ell$. For a small disc far below the bath $\ell \to 8 r_o / (3 \pi)$, for a disc that fills the cell
$\ell = 0$.

## Valid for
Fluxes that are uniform over the mouth and over the face. A mouth of uniform concentration takes 8 % more: $\pi r_o / 4$.

## Neglects
The rounding of the lip by the growing metal.

## Source
Separation of variables; the limit of the small disc is the constriction resistance $8 / (3 \pi^2 k a)$ of H. S. Carslaw, J. C. Jaeger,
Conduction of Heat in Solids.

## Verified by
tests/unit/test_plating_depth.c (both limits, thin layer). */
#include "solver/plating_mouth.h"

#include <gsl/gsl_sf_bessel.h>
#include <math.h>

double tgv_plating_mouth_length(double inner, double outer, double cell, double above)
{
  const double narrow = fmin(outer, cell) - inner;
  double       sum = 0;

  if (!(narrow > 0.001 * cell)) return 0; /* nothing passes such a mouth */
  if (!(above > 0)) return 0;
  const unsigned terms = (unsigned)fmin(40 + 12 * cell / narrow, 4000);

  for (unsigned n = 1; n <= terms; n++) {
    const double d = n < 20 ? gsl_sf_bessel_zero_J1(n) : M_PI * (n + 0.25) - 0.375 / (M_PI * (n + 0.25));
    const double x = outer * j1(d * outer / cell) - inner * j1(d * inner / cell), j = j0(d);

    sum += x * x * tanh(d * above / cell) / (d * d * d * j * j);
  }
  return 4 * cell / (outer * outer - inner * inner) * sum;
}

void tgv_plating_mouth_init(struct tgv_plating_mouth *m, double inner, double outer, double cell,
                            double layer, double reference)
{
  const double middle = 0.5 * (inner + outer);

  m->widest = inner > 0 ? 0.5 * (outer - inner) : outer;
  for (int k = 0; k < TGV_PLATING_MOUTH_POINTS; k++) {
    const double half = m->widest * k / (TGV_PLATING_MOUTH_POINTS - 1);
    const double from = inner > 0 ? middle - half : 0, to = inner > 0 ? middle + half : half;

    m->ion[k] = tgv_plating_mouth_length(from, to, cell, layer);
    m->potential[k] = tgv_plating_mouth_length(from, to, cell, reference);
  }
}

double tgv_plating_mouth_at(const struct tgv_plating_mouth *m, const double *length, double half_width)
{
  const double at = fmin(fmax(half_width / m->widest, 0), 1) * (TGV_PLATING_MOUTH_POINTS - 1);
  const int    k = at < TGV_PLATING_MOUTH_POINTS - 2 ? (int)at : TGV_PLATING_MOUTH_POINTS - 2;

  return length[k] + (at - k) * (length[k + 1] - length[k]);
}
