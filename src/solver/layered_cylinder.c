/** # Stress of layered cylinders

## Model
In layer $i$ the displacement is $u = A_i r + B_i / r$, the axial strain $e$ is common. With the strains $f_r$ (in the plane) and $f_z$
that the layer would take freely, Lame constants $\lambda, \mu$:

$$ \sigma_{r, \theta} = P \mp \frac{Q}{r^2}, \quad P = 2 (\lambda + \mu)(A - f_r) + \lambda (e - f_z), \quad Q = 2 \mu B, \qquad
   \sigma_z = 2 \lambda (A - f_r) + (\lambda + 2 \mu)(e - f_z) . $$

Unknown are $A_i, B_i, e$: the bore is free of stress ($B = 0$ without one), $u$ and $\sigma_r$ are continuous, the outside is free or
held; an endless layer has $P = 0$. Along the axis: **absolute plane strain** $e = 0$; **relative plane strain** $e = f_z$ of the outermost
layer, as in a panel that is large beside the via; **generalised plane strain** $\sum \int \sigma_z dA = F$ over a finite cell. Layers that glide
have an axial strain of their own, without force.

Temperature-dependent properties: the free strain is $\int \alpha \, dT$ from the temperature at which there is no stress, the elastic constants
are those of the temperature at which the stress is asked for. Elasticity has no memory, so this is exact.

## Valid for
Far from the faces, by about a diameter; elastic, or with given uniform inelastic strains of the layers.

## Neglects
The faces (solver/via_surface), neighbours other than by the area of the cell, friction of layers that glide.

## Source
S. Timoshenko, J. N. Goodier, Theory of Elasticity (thick cylinder); vias: S.-K. Ryu et al., IEEE TDMR 11, 35 (2011), doi 10.1109/TDMR.2010.2068572.

## Verified by
tests/unit/test_layered_cylinder.c, tests/cases/glass_cracking.case. */
#include "solver/layered_cylinder.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

enum { UNKNOWNS = 2 * TGV_CYLINDER_LAYERS + 2 };

static const double pi = 3.14159265358979323846;

const char *tgv_axial_name(enum tgv_axial a)
{
  static const char *const names[] = {"absolute plane strain", "relative plane strain",
                                      "generalised plane strain"};

  return names[a];
}

double tgv_cell_square(double pitch)
{
  return pitch / sqrt(pi);
}

double tgv_cell_hexagonal(double pitch)
{
  return pitch * sqrt(sqrt(3.0) / (2 * pi));
}

static double lambda_of(const struct tgv_cylinder_layer *l)
{
  return l->E * l->nu / ((1 + l->nu) * (1 - 2 * l->nu));
}

static double mu_of(const struct tgv_cylinder_layer *l)
{
  return l->E / (2 * (1 + l->nu));
}

static double inner_of(const struct tgv_cylinder *c, size_t i)
{
  return i ? c->layer[i - 1].outer : c->bore;
}

static tgv_status check(const struct tgv_cylinder *c)
{
  const double last = c->n ? c->layer[c->n - 1].outer : 0;

  if (c->n < 1 || c->n > TGV_CYLINDER_LAYERS || c->slip >= c->n)
    return tgv_fail(TGV_INPUT, "a cylinder of %zu layers, %zu of which glide: 1 to %d, and the last does not",
                    c->n, c->slip, TGV_CYLINDER_LAYERS);
  for (size_t i = 0; i < c->n; i++) {
    const struct tgv_cylinder_layer *l = &c->layer[i];

    if (!(l->outer > inner_of(c, i)) || !(inner_of(c, i) >= 0) || (isinf(l->outer) && i + 1 < c->n))
      return tgv_fail(TGV_INPUT, "layer %zu reaches from %g m to %g m", i + 1, inner_of(c, i), l->outer);
    if (!(l->E > 0) || !(l->nu > -1 && l->nu < 0.5))
      return tgv_fail(TGV_INPUT, "layer %zu has a Young's modulus of %g Pa and a Poisson's ratio of %g",
                      i + 1, l->E, l->nu);
  }
  if (isinf(last) && (c->held || c->axial == TGV_AXIAL_GENERALISED))
    return tgv_fail(TGV_INPUT,
                    "an endless outer layer can neither be held nor be under generalised plane strain");
  return TGV_OK;
}

/* ---- the equations: columns A_i, B_i / ref_i^2 (ref: the finite radius of the layer), e of the gliding layers, e of the others */

struct equations {
  size_t size, row;
  double m[UNKNOWNS * UNKNOWNS], right[UNKNOWNS], stiffness;
};

static double reference(const struct tgv_cylinder *c, size_t i)
{
  return inner_of(c, i) > 0 ? inner_of(c, i) : c->layer[i].outer;
}

static double *at(struct equations *q, size_t column)
{
  return &q->m[q->row * q->size + column];
}

static size_t axial_column(const struct tgv_cylinder *c, size_t i)
{
  return 2 * c->n + (i >= c->slip ? 1 : 0);
}

/* adds sign times the displacement over r (or the radial stress over the scale) of layer i at r to the row */
static void add_displacement(const struct tgv_cylinder *c, struct equations *q, size_t i, double r,
                             double sign)
{
  const double ratio = reference(c, i) / r;

  *at(q, 2 * i) += sign;
  *at(q, 2 * i + 1) += sign * ratio * ratio;
}

static void add_radial(const struct tgv_cylinder *c, struct equations *q, size_t i, double r, double sign)
{
  const struct tgv_cylinder_layer *l = &c->layer[i];
  const double lambda = lambda_of(l), mu = mu_of(l), ratio = reference(c, i) / r, k = sign / q->stiffness;

  *at(q, 2 * i) += k * 2 * (lambda + mu);
  *at(q, 2 * i + 1) -= k * 2 * mu * ratio * ratio;
  *at(q, axial_column(c, i)) += k * lambda;
  q->right[q->row] += k * (2 * (lambda + mu) * l->free_radial + lambda * l->free_axial);
}

/* adds the axial force of layer i, over the area of the cell and the scale */
static void add_axial(const struct tgv_cylinder *c, struct equations *q, size_t i, double area)
{
  const struct tgv_cylinder_layer *l = &c->layer[i];
  const double                     lambda = lambda_of(l), mu = mu_of(l), in = inner_of(c, i);
  const double                     k = pi * (l->outer * l->outer - in * in) / area / q->stiffness;

  *at(q, 2 * i) += k * 2 * lambda;
  *at(q, axial_column(c, i)) += k * (lambda + 2 * mu);
  q->right[q->row] += k * (2 * lambda * l->free_radial + (lambda + 2 * mu) * l->free_axial);
}

/* the rows that hold the layers together, and the bore and the outside */
static void write_radial(const struct tgv_cylinder *c, struct equations *q)
{
  const double last = c->layer[c->n - 1].outer;

  if (c->bore > 0)
    add_radial(c, q, 0, c->bore, 1);
  else
    *at(q, 1) = 1; /* no B in a solid core */
  q->row++;
  for (size_t i = 0; i + 1 < c->n; i++) {
    const double r = c->layer[i].outer;

    add_displacement(c, q, i, r, 1), add_displacement(c, q, i + 1, r, -1);
    q->row++;
    add_radial(c, q, i, r, 1), add_radial(c, q, i + 1, r, -1);
    q->row++;
  }
  if (c->held) {
    add_displacement(c, q, c->n - 1, last, 1);
    q->right[q->row] = c->outside / last;
  } else {
    add_radial(c, q, c->n - 1, last, 1);
  }
  q->row++;
}

static void write_axial(const struct tgv_cylinder *c, struct equations *q)
{
  const struct tgv_cylinder_layer *outermost = &c->layer[c->n - 1];

  if (c->slip == 0) {
    *at(q, 2 * c->n) = 1; /* no layer glides */
  } else {
    const double area = pi * c->layer[c->slip - 1].outer * c->layer[c->slip - 1].outer;

    for (size_t i = 0; i < c->slip; i++) add_axial(c, q, i, area);
  }
  q->row++;
  if (c->axial == TGV_AXIAL_GENERALISED) {
    const double area = pi * outermost->outer * outermost->outer;

    for (size_t i = c->slip; i < c->n; i++) add_axial(c, q, i, area);
    q->right[q->row] += c->force / area / q->stiffness;
  } else {
    *at(q, 2 * c->n + 1) = 1;
    q->right[q->row] = c->axial == TGV_AXIAL_RELATIVE ? outermost->free_axial : 0;
  }
  q->row++;
}

tgv_status tgv_cylinder_solve(const struct tgv_cylinder *c, struct tgv_cylinder_state *out)
{
  struct equations q = {0};

  TGV_TRY(check(c));
  memset(out, 0, sizeof *out);
  q.size = 2 * c->n + 2;
  q.stiffness = c->layer[0].E;
  write_radial(c, &q);
  write_axial(c, &q);
  TGV_BUG_IF(q.row != q.size);

  gsl_matrix_view m = gsl_matrix_view_array(q.m, q.size, q.size);
  gsl_vector_view x = gsl_vector_view_array(q.right, q.size);

  gsl_set_error_handler_off(); /* a singular matrix is told by the return value */
  if (gsl_linalg_HH_svx(&m.matrix, &x.vector))
    return tgv_fail(TGV_SOLVER, "the equations of a cylinder of %zu layers are singular", c->n);
  for (size_t i = 0; i < c->n; i++) {
    const struct tgv_cylinder_layer *l = &c->layer[i];
    const double lambda = lambda_of(l), mu = mu_of(l), ref = reference(c, i), e = q.right[axial_column(c, i)];
    const double plane = q.right[2 * i] - l->free_radial, along = e - l->free_axial;

    out->A[i] = q.right[2 * i];
    out->B[i] = i == 0 && !(c->bore > 0) ? 0 : q.right[2 * i + 1] * ref * ref;
    out->P[i] = isinf(l->outer) ? 0 : 2 * (lambda + mu) * plane + lambda * along;
    out->Q[i] = 2 * mu * out->B[i];
    out->sz[i] = 2 * lambda * plane + (lambda + 2 * mu) * along;
    out->axial[i >= c->slip ? 1 : 0] = e;
  }
  if (isinf(c->layer[c->n - 1].outer)) { /* P = 0 exactly, so that an endless layer at rest has no energy */
    const struct tgv_cylinder_layer *l = &c->layer[c->n - 1];

    out->sz[c->n - 1] = l->E * (out->axial[1] - l->free_axial);
  }
  return TGV_OK;
}

struct tgv_cylinder_stress tgv_cylinder_at(const struct tgv_cylinder_state *s, size_t i, double r)
{
  const double q = s->Q[i] != 0 ? s->Q[i] / (r * r) : 0;

  return (struct tgv_cylinder_stress){
      .radial = s->P[i] - q,
      .hoop = s->P[i] + q,
      .axial = s->sz[i],
      .displacement = isinf(r) ? (double)NAN : s->A[i] * r + (s->B[i] != 0 ? s->B[i] / r : 0)};
}

double tgv_cylinder_energy(const struct tgv_cylinder *c, const struct tgv_cylinder_state *s)
{
  double sum = 0;

  for (size_t i = 0; i < c->n; i++) {
    const struct tgv_cylinder_layer *l = &c->layer[i];
    const double in = inner_of(c, i), out = l->outer, P = s->P[i], Q = s->Q[i], z = s->sz[i];
    const double uniform = 2 * (1 - l->nu) * P * P + z * z - 4 * l->nu * P * z;
    const double bent = Q != 0 ? Q * Q * (1 / (in * in) - (isinf(out) ? 0 : 1 / (out * out))) : 0;

    if (isinf(out) && uniform > 0) return (double)INFINITY;
    if (!isinf(out)) sum += pi * (out * out - in * in) * uniform / (2 * l->E);
    sum += pi * (1 + l->nu) / l->E * bent;
  }
  return sum;
}
