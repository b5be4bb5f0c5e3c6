/* A direct solver for CVODE without exchange of rows, row by row in memory: the blocks are small and their diagonals lead, because every
   unknown is damped by itself. A pivot that vanishes is reported, and CVODE takes a smaller step. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sunmatrix/sunmatrix_band.h>

#include "solver/plating_depth_band.h"

struct band {
  size_t  n, width; /* width: of the band on each side */
  double *a;        /* [n][2 width + 1], factors in place */
};

static SUNLinearSolver_Type kind(SUNLinearSolver s)
{
  (void)s;
  return SUNLINEARSOLVER_DIRECT;
}

static bool eliminate(struct band *b, size_t k)
{
  const size_t  w = b->width, row = 2 * w + 1, last = k + w < b->n ? k + w : b->n - 1;
  const double *pivot = b->a + k * row + w;

  if (!(fabs(*pivot) > 1e-14)) return false;
  const double inverse = 1 / *pivot;

  for (size_t i = k + 1; i <= last; i++) {
    double      *to = b->a + i * row + (k + w - i);
    const double l = *to * inverse;

    *to = l;
    if (l == 0) continue;
    for (size_t j = 1; j <= w; j++) to[j] -= l * pivot[j];
  }
  return true;
}

static int setup(SUNLinearSolver s, SUNMatrix m)
{
  struct band *b = s->content;
  const size_t w = b->width, row = 2 * w + 1;

  for (size_t j = 0; j < b->n; j++) {
    const double *column = SUNBandMatrix_Column(m, (sunindextype)j); /* its diagonal */
    const size_t  from = j > w ? j - w : 0, to = j + w < b->n ? j + w : b->n - 1;

    for (size_t i = from; i <= to; i++) b->a[i * row + (j + w - i)] = column[(ptrdiff_t)i - (ptrdiff_t)j];
  }
  for (size_t k = 0; k < b->n; k++)
    if (!eliminate(b, k)) return SUNLS_LUFACT_FAIL;
  return SUNLS_SUCCESS;
}

static int solve(SUNLinearSolver s, SUNMatrix m, N_Vector x, N_Vector right, realtype tolerance)
{
  const struct band *b = s->content;
  const size_t       w = b->width, row = 2 * w + 1;
  double            *v = N_VGetArrayPointer(x);

  (void)m, (void)tolerance;
  N_VScale(1, right, x);
  for (size_t i = 0; i < b->n; i++) {
    const size_t  from = i > w ? i - w : 0;
    const double *a = b->a + i * row + (from + w - i);
    double        sum = v[i];

    for (size_t j = from; j < i; j++) sum -= a[j - from] * v[j];
    v[i] = sum;
  }
  for (size_t i = b->n; i-- > 0;) {
    const size_t  to = i + w < b->n ? i + w : b->n - 1;
    const double *a = b->a + i * row + w;
    double        sum = v[i];

    for (size_t j = i + 1; j <= to; j++) sum -= a[j - i] * v[j];
    v[i] = sum / a[0];
  }
  return SUNLS_SUCCESS;
}

static int release(SUNLinearSolver s)
{
  struct band *b = s->content;

  if (b) free(b->a);
  free(b);
  s->content = NULL;
  SUNLinSolFreeEmpty(s);
  return SUNLS_SUCCESS;
}

SUNLinearSolver tgv_plating_band_solver(size_t n, size_t width, SUNContext context)
{
  SUNLinearSolver s = SUNLinSolNewEmpty(context);
  struct band    *b = calloc(1, sizeof *b);

  if (b) *b = (struct band){n, width, calloc(n * (2 * width + 1), sizeof(double))};
  if (!s || !b || !b->a) {
    if (b) free(b->a);
    free(b);
    if (s) SUNLinSolFreeEmpty(s);
    return NULL;
  }
  s->content = b;
  s->ops->gettype = kind, s->ops->setup = setup, s->ops->solve = solve, s->ops->free = release;
  return s;
}
