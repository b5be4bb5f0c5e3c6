#include <math.h>
#include <string.h>

#include "solver/regime_inside.h"

/* ---- which terms */

struct listing {
  struct regime_basis *b;
  uint8_t              power[REGIME_TERMS_MAX][TGV_REGIME_AXES_MAX];
};

/* number of polynomials of total degree up to p in d variables: (d + p) over p */
static size_t count_terms(size_t d, size_t p)
{
  size_t n = 1;

  for (size_t k = 1; k <= p; k++) n = n * (d + k) / k;
  return n;
}

/* A term is its parent, which lacks the last variable, times a polynomial of that variable. */
static void add_term(struct listing *l, const uint8_t *power, size_t order)
{
  struct regime_basis *b = l->b;
  const size_t         t = b->terms++;
  uint8_t              rest[TGV_REGIME_AXES_MAX];
  size_t               last = 0, parent = 0;

  memcpy(l->power[t], power, TGV_REGIME_AXES_MAX);
  memcpy(rest, power, TGV_REGIME_AXES_MAX);
  for (size_t a = 0; a < b->axes; a++)
    if (power[a] > 0) last = a;
  rest[last] = 0;
  while (parent < t && memcmp(l->power[parent], rest, TGV_REGIME_AXES_MAX) != 0) parent++;
  b->order[t] = (uint8_t)order;
  b->axis[t] = (uint8_t)last;
  b->power[t] = power[last];
  b->parent[t] = (uint8_t)parent;
}

/* all ways to share `left` among the variables from a on */
static void add_terms(struct listing *l, uint8_t *power, size_t a, size_t left, size_t order)
{
  if (a + 1 == l->b->axes) {
    power[a] = (uint8_t)left;
    add_term(l, power, order);
    power[a] = 0;
    return;
  }
  for (size_t k = left + 1; k-- > 0;) {
    power[a] = (uint8_t)k;
    add_terms(l, power, a + 1, left - k, order);
  }
  power[a] = 0;
}

void tgv_regime_basis_make(struct regime_basis *b, size_t axes, size_t degree)
{
  struct listing l = {.b = b};

  TGV_BUG_IF(axes < 1 || axes > TGV_REGIME_AXES_MAX);
  memset(b, 0, sizeof *b);
  b->axes = axes;
  while (degree > 1 && (degree > REGIME_DEGREE_MAX || count_terms(axes, degree) > REGIME_TERMS_MAX)) degree--;
  b->degree = degree;
  for (size_t p = 0; p <= degree; p++) {
    uint8_t power[TGV_REGIME_AXES_MAX] = {0};

    add_terms(&l, power, 0, p, p);
    b->upto[p] = b->terms;
  }
}

size_t tgv_regime_basis_degree(const struct regime_basis *b, size_t terms)
{
  size_t p = b->degree;

  while (p > 0 && b->upto[p] > terms) p--;
  return p;
}

void tgv_regime_basis_at(const struct regime_basis *b, const double *u, double *phi)
{
  double P[TGV_REGIME_AXES_MAX][REGIME_DEGREE_MAX + 1];

  for (size_t a = 0; a < b->axes; a++) {
    P[a][0] = 1, P[a][1] = u[a];
    for (size_t k = 2; k <= b->degree; k++)
      P[a][k] = ((double)(2 * k - 1) * u[a] * P[a][k - 1] - (double)(k - 1) * P[a][k - 2]) / (double)k;
    for (size_t k = 1; k <= b->degree; k++) P[a][k] *= sqrt((double)(2 * k + 1));
  }
  phi[0] = 1;
  for (size_t t = 1; t < b->terms; t++) phi[t] = phi[b->parent[t]] * P[b->axis[t]][b->power[t]];
}
