#include <math.h>
#include <string.h>

#include "solver/hex_operator.h"

/* one element, node by node: what is done once per element and need not be fast */
struct element {
  int    n; /* nodes a direction */
  double x[3][27], u[3][27];
  double value[3][3], slope[3][3], weight[3];
};

static void read_element(const struct tgv_hex_operator *o, size_t e, size_t k, const double *u,
                         struct element *to)
{
  const int n = o->order + 1;

  to->n = n;
  tgv_hex_basis(n, to->value, to->slope, to->weight);
  for (int l = 0; l < n; l++)
    for (int q = 0; q < n * n; q++)
      for (int c = 0; c < 3; c++) {
        const size_t at = ((size_t)o->node[9 * e + (size_t)q] * 3 + (size_t)c) * o->pitch +
                          k * (size_t)o->order + (size_t)l;

        to->x[c][q + n * n * l] = o->mesh->x[at];
        to->u[c][q + n * n * l] = u ? u[at] : 0;
      }
}

/* the gradients [3][27] of the shape functions at Gauss point g, the volume that the point stands for, and the place */
static double gradients(const struct element *e, int g, double grad[3][27], double place[3])
{
  const int n = e->n, gi = g % n, gj = g / n % n, gl = g / (n * n);
  double    local[3][27], jacobian[3][3] = {{0}}, c[3][3], det = 0;

  memset(place, 0, 3 * sizeof *place);
  for (int a = 0; a < n * n * n; a++) {
    const int    i = a % n, j = a / n % n, l = a / (n * n);
    const double vi = e->value[gi][i], vj = e->value[gj][j], vl = e->value[gl][l];

    local[0][a] = e->slope[gi][i] * vj * vl;
    local[1][a] = vi * e->slope[gj][j] * vl;
    local[2][a] = vi * vj * e->slope[gl][l];
    for (int b = 0; b < 3; b++) {
      place[b] += vi * vj * vl * e->x[b][a];
      for (int m = 0; m < 3; m++) jacobian[b][m] += e->x[b][a] * local[m][a];
    }
  }
  for (int b = 0; b < 3; b++)
    for (int m = 0; m < 3; m++)
      c[b][m] = jacobian[(b + 1) % 3][(m + 1) % 3] * jacobian[(b + 2) % 3][(m + 2) % 3] -
                jacobian[(b + 1) % 3][(m + 2) % 3] * jacobian[(b + 2) % 3][(m + 1) % 3];
  for (int m = 0; m < 3; m++) det += jacobian[0][m] * c[0][m];
  for (int b = 0; b < 3; b++)
    for (int a = 0; a < n * n * n; a++)
      grad[b][a] = (local[0][a] * c[b][0] + local[1][a] * c[b][1] + local[2][a] * c[b][2]) / det;
  return det * e->weight[gi] * e->weight[gj] * e->weight[gl];
}

static double lambda_of(const struct tgv_hex_operator *o, size_t e, size_t k)
{
  return o->lambda[o->material[e] * o->stride + k];
}

static double mu_of(const struct tgv_hex_operator *o, size_t e, size_t k)
{
  return o->mu[o->material[e] * o->stride + k];
}

/* engineering strain of an element at a point */
static void strain_at(const struct element *e, double grad[3][27], double strain[6])
{
  double d[3][3] = {{0}};

  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      for (int i = 0; i < e->n * e->n * e->n; i++) d[a][b] += e->u[a][i] * grad[b][i];
  for (int a = 0; a < 3; a++) {
    strain[a] = d[a][a];
    strain[3 + a] = d[(a + 1) % 3][(a + 2) % 3] + d[(a + 2) % 3][(a + 1) % 3];
  }
}

size_t tgv_hex_strain(const struct tgv_hex_operator *o, size_t e, size_t k, const double *u,
                      double (*strain)[6])
{
  struct element el;

  read_element(o, e, k, u, &el);
  const int points = el.n * el.n * el.n;
  for (int g = 0; g < points; g++) {
    double grad[3][27], place[3];

    (void)gradients(&el, g, grad, place);
    strain_at(&el, grad, strain[g]);
  }
  return (size_t)points;
}

void tgv_hex_stress(const struct tgv_hex_operator *o, size_t e, size_t k, const double *u, double eigen,
                    struct tgv_hex_points *out)
{
  const double   lambda = lambda_of(o, e, k), mu = mu_of(o, e, k);
  struct element el;

  read_element(o, e, k, u, &el);
  out->n = (size_t)(el.n * el.n * el.n);
  for (size_t g = 0; g < out->n; g++) {
    double grad[3][27], strain[6], pressure;

    out->volume[g] = gradients(&el, (int)g, grad, out->place[g]);
    strain_at(&el, grad, strain);
    pressure = lambda * (strain[0] + strain[1] + strain[2] - 3 * eigen) - 2 * mu * eigen;
    for (int a = 0; a < 3; a++)
      out->stress[g][a] = pressure + 2 * mu * strain[a], out->stress[g][3 + a] = mu * strain[3 + a];
  }
}

void tgv_hex_diagonal(const struct tgv_hex_operator *o, double *d)
{
  const size_t field = tgv_hex_field(o);

  memset(d, 0, field * sizeof *d);
  for (size_t e = 0; e < o->columns; e++)
    for (size_t k = 0; k < o->layers; k++) {
      const double   lambda = lambda_of(o, e, k), mu = mu_of(o, e, k);
      struct element el;

      read_element(o, e, k, NULL, &el);
      const int nodes = el.n * el.n * el.n;
      for (int g = 0; g < nodes; g++) {
        double       grad[3][27], place[3];
        const double volume = gradients(&el, g, grad, place);

        for (int a = 0; a < nodes; a++) {
          const double square = grad[0][a] * grad[0][a] + grad[1][a] * grad[1][a] + grad[2][a] * grad[2][a];
          const size_t plane = (size_t)(a % (el.n * el.n)), line = (size_t)(a / (el.n * el.n));

          for (int c = 0; c < 3; c++)
            d[((size_t)o->node[9 * e + plane] * 3 + (size_t)c) * o->pitch + k * (size_t)o->order + line] +=
                volume * ((lambda + mu) * grad[c][a] * grad[c][a] + mu * square);
        }
      }
    }
  for (size_t i = 0; i < field; i++)
    if (i % o->pitch > o->mesh->layers || !(d[i] > 0)) d[i] = 1;
  for (size_t i = 0; i < o->fixed; i++) d[o->fixed_at[i]] = 1;
}

void tgv_hex_element(const struct tgv_hex_operator *o, size_t e, size_t k, double *stiffness)
{
  const double   lambda = lambda_of(o, e, k), mu = mu_of(o, e, k);
  struct element el;

  read_element(o, e, k, NULL, &el);
  const int nodes = el.n * el.n * el.n, size = 3 * nodes;
  memset(stiffness, 0, (size_t)(size * size) * sizeof *stiffness);
  for (int g = 0; g < nodes; g++) {
    double       grad[3][27], place[3];
    const double volume = gradients(&el, g, grad, place);

    for (int a = 0; a < nodes; a++)
      for (int b = 0; b < nodes; b++) {
        const double product = grad[0][a] * grad[0][b] + grad[1][a] * grad[1][b] + grad[2][a] * grad[2][b];

        for (int c = 0; c < 3; c++)
          for (int d = 0; d < 3; d++)
            stiffness[(3 * a + c) * size + 3 * b + d] +=
                volume * (lambda * grad[c][a] * grad[d][b] + mu * grad[d][a] * grad[c][b] +
                          (c == d ? mu * product : 0));
      }
  }
}
