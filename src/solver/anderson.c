#include "solver/anderson.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

tgv_status tgv_anderson_new(size_t n, struct tgv_anderson *out)
{
  bool all;

  *out =
      (struct tgv_anderson){.n = n, .before = calloc(n, sizeof(double)), .move = calloc(n, sizeof(double))};
  all = out->before && out->move;
  for (size_t k = 0; k < TGV_ANDERSON_DEPTH; k++) {
    out->images[k] = calloc(n, sizeof(double)), out->moves[k] = calloc(n, sizeof(double));
    all = all && out->images[k] && out->moves[k];
  }
  if (all) return TGV_OK;
  tgv_anderson_release(out);
  return tgv_fail(TGV_MEMORY, "out of memory for an iteration of %zu unknowns", n);
}

void tgv_anderson_release(struct tgv_anderson *a)
{
  free(a->before), free(a->move);
  for (size_t k = 0; k < TGV_ANDERSON_DEPTH; k++) free(a->images[k]), free(a->moves[k]);
  *a = (struct tgv_anderson){0};
}

void tgv_anderson_restart(struct tgv_anderson *a)
{
  a->calls = 0;
}

/* Gauss with pivots on a small symmetric system; rows that say nothing get 0. */
static void solve_small(double m[TGV_ANDERSON_DEPTH][TGV_ANDERSON_DEPTH + 1], size_t n, double *x)
{
  for (size_t k = 0; k < n; k++) {
    size_t best = k;

    for (size_t i = k + 1; i < n; i++)
      if (fabs(m[i][k]) > fabs(m[best][k])) best = i;
    for (size_t j = 0; j <= n; j++) {
      const double keep = m[k][j];

      m[k][j] = m[best][j], m[best][j] = keep;
    }
    for (size_t i = k + 1; i < n && m[k][k] != 0; i++) {
      const double by = m[i][k] / m[k][k];

      for (size_t j = k; j <= n; j++) m[i][j] -= by * m[k][j];
    }
  }
  for (size_t k = n; k-- > 0;) {
    x[k] = m[k][n];
    for (size_t j = k + 1; j < n; j++) x[k] -= m[k][j] * x[j];
    x[k] = m[k][k] != 0 ? x[k] / m[k][k] : 0;
  }
}

static const double damping = 1e-12; /* of the least squares, over their trace: repeated columns do no harm */

void tgv_anderson_mix(struct tgv_anderson *a, const double *x, double *g)
{
  const size_t n = a->n, calls = a->calls++, slot = (calls + TGV_ANDERSON_DEPTH - 1) % TGV_ANDERSON_DEPTH;
  const size_t used = calls < TGV_ANDERSON_DEPTH ? calls : TGV_ANDERSON_DEPTH;
  double m[TGV_ANDERSON_DEPTH][TGV_ANDERSON_DEPTH + 1] = {{0}}, weight[TGV_ANDERSON_DEPTH] = {0}, trace = 0;

  for (size_t i = 0; i < n; i++) {
    const double move = g[i] - x[i];

    a->images[slot][i] = g[i] - a->before[i], a->moves[slot][i] = move - a->move[i];
    a->before[i] = g[i], a->move[i] = move;
  }
  for (size_t p = 0; p < used; p++) {
    for (size_t q = 0; q <= p; q++) {
      for (size_t i = 0; i < n; i++) m[p][q] += a->moves[p][i] * a->moves[q][i];
      m[q][p] = m[p][q];
    }
    for (size_t i = 0; i < n; i++) m[p][used] += a->moves[p][i] * a->move[i];
    trace += m[p][p];
  }
  for (size_t p = 0; p < used; p++) m[p][p] += damping * trace;
  solve_small(m, used, weight);
  for (size_t p = 0; p < used; p++)
    for (size_t i = 0; i < n; i++) g[i] -= weight[p] * a->images[p][i];
}
