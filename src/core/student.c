/** # Student-t numbers from normals

## Model
The monotone map $z \mapsto t$ with equal tail probabilities, $1 - F_\nu(t) = 1 - \Phi(z)$, turns a
standard normal into a Student-t number of $\nu > 2$ degrees of freedom; the factor $\sqrt{(\nu - 2)/\nu}$
gives it variance 1. One normal gives one number, so importance sampling and the Gaussian nugget use the
same random numbers.

For many values the map is kept as cubic Hermite pieces, 64 per unit of $0 \le z \le 7$ (a power of two,
so that the place in a piece is exact), with the exact slopes $\mathrm dt/\mathrm dz = \varphi(z) /
f_\nu(t)$. The map is odd.

## Valid for
$\nu > 2$. Normals of the via kernels have $|z| < 6.77$, so that no more than the table is needed.

## Neglects
Nothing.

## Source
Quantiles and densities: GNU Scientific Library.

## Verified by
tests/unit/test_student.c: both forms against the distribution functions, variance by quadrature. */
#include "core/student.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "core/clones.h"
#include "core/error.h"
#include "core/text.h"

enum { PER_UNIT = 64, PIECES = 7 * PER_UNIT };
static const double z_most = 37.0; /* beyond it the probability is no double */

struct tgv_student {
  float piece[PIECES][4]; /* coefficients of 1, s, s2, s3 with s = 0..1 in the piece */
};

static double unscaled(double nu, double z)
{
  double a = fmin(fabs(z), z_most), t = gsl_cdf_tdist_Qinv(gsl_cdf_ugaussian_Q(a), nu);

  /* one Newton step on the logarithm of the tail: the library's inverse is good to about 1e-8 only */
  if (a > 0.0)
    t += log(gsl_cdf_tdist_Q(t, nu) / gsl_cdf_ugaussian_Q(a)) * gsl_cdf_tdist_Q(t, nu) /
         gsl_ran_tdist_pdf(t, nu);
  return copysign(t, z);
}

double tgv_student_of_normal(double nu, double z)
{
  TGV_BUG_IF(!(nu > 2.0));
  return z == 0.0 ? 0.0 : unscaled(nu, z) * sqrt((nu - 2.0) / nu);
}

struct tgv_student *tgv_student_new(double nu)
{
  struct tgv_student *t = tgv_allocate(1, sizeof *t);
  double              step = 1.0 / PER_UNIT, scale = sqrt((nu - 2.0) / nu), value = 0.0, slope = 0.0;

  TGV_BUG_IF(!(nu > 2.0));
  for (int i = 0; i <= PIECES; i++) {
    double z = i * step, at = i ? unscaled(nu, z) : 0.0;
    double next = scale * at,
           next_slope = scale * step * gsl_ran_ugaussian_pdf(z) / gsl_ran_tdist_pdf(at, nu);

    if (i > 0) {
      float *c = t->piece[i - 1];

      c[0] = (float)value;
      c[1] = (float)slope;
      c[2] = (float)(3.0 * (next - value) - 2.0 * slope - next_slope);
      c[3] = (float)(2.0 * (value - next) + slope + next_slope);
    }
    value = next, slope = next_slope;
  }
  return t;
}

void tgv_student_free(struct tgv_student *t)
{
  free(t);
}

TGV_CLONES static void add(const float *piece, size_t n, const float *z, float scale, float *out)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float        a = fabsf(z[i]) * (float)PER_UNIT, held = a < (float)PIECES ? a : (float)PIECES;
    int          k = held < (float)(PIECES - 1) ? (int)held : PIECES - 1;
    float        s = held - (float)k;
    const float *c = piece + 4 * k;
    float        t = c[0] + s * (c[1] + s * (c[2] + s * c[3]));

    out[i] += scale * copysignf(t, z[i]);
  }
}

void tgv_student_add(const struct tgv_student *t, size_t n, const float *z, float scale, float *out)
{
  add(&t->piece[0][0], n, z, scale, out);
}
