/** # The bath as a slab

## Model
Between the face, $z = 0$, and an anode of even potential at the distance $h$ lies a bath of conductivity $\kappa$, with insulating walls around
the edge of the panel. Laplace's equation in it is diagonal in the cosines of the face: what drops between anode and face for the current
density $j\cos(k_x x)\cos(k_y y)$ is

$$ Z(k)\,j = \frac{\tanh(k h)}{\kappa k}\,j,\qquad k^2 = k_x^2 + k_y^2,\qquad Z(0) = h/\kappa. $$

An even current meets the whole bath, one that varies over a length much shorter than $h$ only the bath next to the face: it spreads within it. A
discrete cosine transform of the cells takes one into the other.

## Valid for
Panels that face an anode of their own size in a shielded cell.

## Neglects
Shields and gaps at the edge; a bath that goes on beside the panel (the crowding at its edge); gradients of concentration.

## Source
J. S. Newman, K. E. Thomas-Alyea, Electrochemical Systems (2004), chapter 18 (primary and secondary distributions); separation of variables.

## Verified by
tests/unit/test_terminal_effect.c: one cosine, the even current. */
#include "solver/bath_slab.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

struct tgv_bath_slab {
  size_t    n;
  double   *impedance; /* [ny][nx] of the cosines, with the scale of the transforms */
  double   *work;      /* [ny][nx] */
  fftw_plan there, back;
};

static double impedance(const struct tgv_bath_slab_size *s, int i, int j)
{
  const double k = hypot(M_PI * i / s->width, M_PI * j / s->height);

  return k > 0 ? tanh(k * s->depth) / (k * s->conductivity) : s->depth / s->conductivity;
}

tgv_status tgv_bath_slab_new(const struct tgv_bath_slab_size *size, struct tgv_bath_slab **out)
{
  struct tgv_bath_slab *s = tgv_allocate(1, sizeof *s);
  const int             nx = size->nx, ny = size->ny;

  s->n = (size_t)nx * (size_t)ny;
  s->impedance = tgv_allocate(s->n, sizeof *s->impedance);
  s->work = fftw_alloc_real(s->n);
  if (s->work) {
    s->there = fftw_plan_r2r_2d(ny, nx, s->work, s->work, FFTW_REDFT10, FFTW_REDFT10, FFTW_ESTIMATE);
    s->back = fftw_plan_r2r_2d(ny, nx, s->work, s->work, FFTW_REDFT01, FFTW_REDFT01, FFTW_ESTIMATE);
  }
  if (!s->there || !s->back) {
    tgv_bath_slab_free(s);
    return tgv_fail(TGV_EXTERNAL, "FFTW cannot plan a transform of %d x %d", nx, ny);
  }
  for (int j = 0; j < ny; j++)
    for (int i = 0; i < nx; i++)
      s->impedance[(size_t)j * (size_t)nx + (size_t)i] = impedance(size, i, j) / (4 * (double)s->n);
  *out = s;
  return TGV_OK;
}

void tgv_bath_slab_free(struct tgv_bath_slab *s)
{
  if (!s) return;
  if (s->there) fftw_destroy_plan(s->there);
  if (s->back) fftw_destroy_plan(s->back);
  fftw_free(s->work);
  free(s->impedance);
  free(s);
}

void tgv_bath_slab_drop(struct tgv_bath_slab *s, const double *current, double *drop)
{
  memcpy(s->work, current, s->n * sizeof *current);
  fftw_execute(s->there);
  for (size_t k = 0; k < s->n; k++) s->work[k] *= s->impedance[k];
  fftw_execute(s->back);
  memcpy(drop, s->work, s->n * sizeof *drop);
}
