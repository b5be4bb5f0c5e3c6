#include "solver/hole_mesh.h"

#include <math.h>

void tgv_hole_mesh_add(struct tgv_hole_mesh *g, double x, double r, double q)
{
  if (g->n > 0 && !(fabs(x - g->x[g->n - 1]) > 1e-13)) return;
  g->x[g->n] = x, g->r[g->n] = r;
  if (g->n > 0) g->q[g->n - 1] = q;
  g->n++;
}

double tgv_hole_mesh_gradient(const struct tgv_hole_mesh *g, size_t i, ptrdiff_t step)
{
  const size_t    last = g->n - 1;
  const ptrdiff_t at = (ptrdiff_t)i;
  const size_t a = (size_t)(step == 0 ? at - 1 : at + step), b = (size_t)(step == 0 ? at + 1 : at + 2 * step);
  const double *x = g->x, *c = g->c;

  if (last < 2 || a > last || b > last) {
    const size_t j = a > last ? i - 1 : a;

    return (c[j] - c[i]) / (x[j] - x[i]);
  }
  const double ha = x[a] - x[i], hb = x[b] - x[i];

  return ((c[a] - c[i]) / ha * hb - (c[b] - c[i]) / hb * ha) / (hb - ha);
}

void tgv_hole_mesh_differentiate(struct tgv_hole_mesh *g)
{
  for (size_t i = 1; i + 1 < g->n; i++) g->slope[i] = tgv_hole_mesh_gradient(g, i, 0);
  g->slope[0] = tgv_hole_mesh_gradient(g, 0, 1);
  g->slope[g->n - 1] = tgv_hole_mesh_gradient(g, g->n - 1, -1);
}

/* Conductances, and in `slope` what a node uses up at c = 1. A piece of a hole between two nodes is a frustum: its conductance is r r' / dx
   exactly, and a half of its wall goes to each end. */
static void assemble(struct tgv_hole_mesh *g, double tip)
{
  double left = 0;

  for (size_t i = 0; i + 1 < g->n; i++) {
    const double dx = g->x[i + 1] - g->x[i], a = g->r[i], b = g->r[i + 1];
    const double area = 0.25 * g->q[i] * sqrt(dx * dx + (b - a) * (b - a));

    g->above[i] = g->below[i + 1] = -a * b / dx;
    g->slope[i] = left + area * (3 * a + b), left = area * (3 * b + a);
  }
  g->slope[g->n - 1] = left + tip;
}

double tgv_hole_mesh_solve(struct tgv_hole_mesh *g, double d, bool through, double tip)
{
  const size_t n = g->n;
  double       used = 0;

  assemble(g, tip);
  for (size_t i = 1; i < n; i++)
    g->on[i] = d * g->slope[i] - g->below[i] - (i + 1 < n ? g->above[i] : 0), g->c[i] = 0;
  g->c[0] = 1, g->on[0] = 1;
  if (through) g->c[n - 1] = 1, g->on[n - 1] = 1, g->below[n - 1] = 0;
  for (size_t i = 1; i < n; i++) {
    const double k = g->below[i] / g->on[i - 1];

    if (i > 1) g->on[i] -= k * g->above[i - 1];
    g->c[i] -= k * g->c[i - 1];
  }
  g->c[n - 1] /= g->on[n - 1];
  for (size_t i = n - 1; i-- > 1;) g->c[i] = (g->c[i] - g->above[i] * g->c[i + 1]) / g->on[i];
  for (size_t i = 0; i < n; i++) used += g->slope[i] * g->c[i];
  return used;
}
