#include "solver/gmres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

tgv_status tgv_gmres_new(size_t n, struct tgv_gmres *out)
{
  *out = (struct tgv_gmres){.n = n, .basis = malloc((TGV_GMRES_DEPTH + 1) * (n + 1) * sizeof(double))};
  return out->basis ? TGV_OK : tgv_fail(TGV_MEMORY, "out of memory for %zu unknowns", n);
}

void tgv_gmres_release(struct tgv_gmres *g)
{
  free(g->basis);
  *g = (struct tgv_gmres){0};
}

static double dot(size_t n, const double *a, const double *b)
{
  double sum = 0;

  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static void scale(size_t n, double by, double *a)
{
  for (size_t i = 0; i < n; i++) a[i] *= by;
}

/* The triangular system of the Givens-rotated Hessenberg matrix: the weights of the basis, x their sum */
static void combine(const struct tgv_gmres *g, double (*h)[TGV_GMRES_DEPTH + 1], const double *right,
                    size_t m, double *x)
{
  double y[TGV_GMRES_DEPTH];

  memset(x, 0, g->n * sizeof *x);
  for (size_t k = m; k-- > 0;) {
    y[k] = right[k];
    for (size_t j = k + 1; j < m; j++) y[k] -= h[j][k] * y[j];
    y[k] = h[k][k] != 0 ? y[k] / h[k][k] : 0;
  }
  for (size_t k = 0; k < m; k++)
    for (size_t i = 0; i < g->n; i++) x[i] += y[k] * g->basis[k * g->n + i];
}

/* A new direction, orthogonal to the first m; h[0..m] its components */
static tgv_status extend(struct tgv_gmres *g, const struct tgv_gmres_operator *a, size_t m, double *h)
{
  double *next = g->basis + (m + 1) * g->n;

  TGV_TRY(a->apply(a->data, g->basis + m * g->n, next));
  for (size_t k = 0; k <= m; k++) {
    const double *old = g->basis + k * g->n;

    h[k] = dot(g->n, next, old);
    for (size_t i = 0; i < g->n; i++) next[i] -= h[k] * old[i];
  }
  h[m + 1] = sqrt(dot(g->n, next, next));
  if (h[m + 1] > 0) scale(g->n, 1 / h[m + 1], next);
  return TGV_OK;
}

tgv_status tgv_gmres_solve(struct tgv_gmres *g, const struct tgv_gmres_operator *a, const double *b,
                           double tolerance, double *x, size_t *iterations)
{
  double h[TGV_GMRES_DEPTH][TGV_GMRES_DEPTH + 1], c[TGV_GMRES_DEPTH], s[TGV_GMRES_DEPTH];
  double right[TGV_GMRES_DEPTH + 1] = {0}, column[TGV_GMRES_DEPTH + 2];
  size_t m = 0;

  memcpy(g->basis, b, g->n * sizeof *b);
  const double norm = sqrt(dot(g->n, b, b));

  right[0] = norm;
  if (norm > 0) scale(g->n, 1 / norm, g->basis);
  while (norm > 0 && m < TGV_GMRES_DEPTH && fabs(right[m]) > tolerance * norm) {
    TGV_TRY(extend(g, a, m, column));
    for (size_t k = 0; k < m; k++) {
      const double up = c[k] * column[k] + s[k] * column[k + 1];

      column[k + 1] = c[k] * column[k + 1] - s[k] * column[k], column[k] = up;
    }
    const double length = hypot(column[m], column[m + 1]);

    c[m] = length > 0 ? column[m] / length : 1, s[m] = length > 0 ? column[m + 1] / length : 0;
    column[m] = length;
    right[m + 1] = -s[m] * right[m], right[m] *= c[m];
    memcpy(h[m], column, (m + 1) * sizeof *column);
    m++;
  }
  combine(g, h, right, m, x);
  *iterations = m;
  return TGV_OK;
}
