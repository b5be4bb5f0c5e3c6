#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "solver/elasticity.h"
#include "solver/hex_assembled.h"
#include "solver/via_mesh.h"

/* a bent block: no two elements are alike, but opposite faces stay flat in z */
static void bent(const void *data, size_t patch, size_t i, size_t j, double z, double *xy)
{
  const double n = *(const double *)data, a = (double)i / n, b = (double)j / n;

  (void)patch;
  xy[0] = a + 0.08 * sin(3 * b + z) * a * (1 - a) + 0.2 * z * b;
  xy[1] = b + 0.1 * cos(2 * a) * b * (1 - b) + 0.1 * z * a * z;
}

static void make_block(size_t cells, struct tgv_hex_mesh *m)
{
  const double n = (double)cells;
  double      *z = calloc(cells + 1, sizeof *z);

  for (size_t k = 0; k <= cells; k++) z[k] = 1.2 * pow((double)k / n, 1.1);
  check_ok(tgv_hex_mesh_make(
      &(struct tgv_hex_plan){1, (size_t[][2]){{cells, cells}}, cells, z, bent, &n, 1e-9}, m));
  free(z);
}

/* entries of nodes on the hull of a block of one patch */
static size_t hull(const struct tgv_hex_mesh *m, size_t *at)
{
  size_t n = 0;

  for (size_t j = 0; j <= m->patch[0].n; j++)
    for (size_t i = 0; i <= m->patch[0].m; i++)
      for (size_t c = 0; c < 3; c++)
        for (size_t k = 0; k <= m->layers; k++)
          if (i == 0 || j == 0 || k == 0 || i == m->patch[0].m || j == m->patch[0].n || k == m->layers)
            at[n++] = ((size_t)m->patch[0].node[i + (m->patch[0].m + 1) * j] * 3 + c) * m->pitch + k;
  return n;
}

static double *constant(size_t n, double value)
{
  double *a = calloc(n, sizeof *a);

  for (size_t i = 0; i < n; i++) a[i] = value;
  return a;
}

static void operator_of(const struct tgv_hex_mesh *m, int order, size_t fixed, const size_t *at,
                        struct tgv_hex_operator *o)
{
  const size_t elements = m->patches * (m->layers / (size_t)order);
  double      *lambda = constant(elements, 1.5), *mu = constant(elements, 0.8);

  check_ok(tgv_hex_operator_make(&(struct tgv_hex_body){m, order, lambda, mu, fixed, at}, o));
  free(lambda), free(mu);
}

/* ---- the product */

static void product_is_that_of_the_matrix(void **state)
{
  (void)state;
  for (int order = 1; order <= 2; order++) {
    struct tgv_hex_mesh       m;
    struct tgv_hex_operator   o;
    struct tgv_hex_assembled *a;

    make_block(10, &m);
    size_t *at = calloc(m.nodes * 3 * m.pitch, sizeof *at);
    operator_of(&m, order, hull(&m, at) / 2, at, &o);
    check_ok(tgv_hex_assembled_make(&o, TGV_HEX_DIRECT, &a));
    const size_t n = tgv_hex_field(&o);
    double      *u = calloc(n, sizeof *u), *y = calloc(n, sizeof *y), *want = calloc(n, sizeof *want);
    float       *fu = calloc(n, sizeof *fu), *fy = calloc(n, sizeof *fy);
    for (size_t i = 0; i < n; i++)
      if (i % m.pitch <= m.layers) u[i] = sin((double)(i * i % 1013));
    for (size_t i = 0; i < o.fixed; i++) u[o.fixed_at[i]] = 0;
    for (size_t i = 0; i < n; i++) fu[i] = (float)u[i];
    tgv_hex_apply(&o, u, y);
    tgv_hex_apply_float(&o, fu, fy);
    check_ok(tgv_hex_assembled_apply(a, u, want));
    for (size_t i = 0; i < n; i++) {
      check_near(y[i], want[i], 0, 1e-13);
      check_near(fy[i], want[i], 0, 2e-5);
    }
    free(u), free(y), free(want), free(fu), free(fy), free(at);
    tgv_hex_assembled_free(a);
    tgv_hex_operator_release(&o);
    tgv_hex_mesh_release(&m);
  }
}

static void diagonal_is_that_of_the_product(void **state)
{
  (void)state;
  for (int order = 1; order <= 2; order++) {
    struct tgv_hex_mesh     m;
    struct tgv_hex_operator o;

    make_block(4, &m);
    operator_of(&m, order, 0, NULL, &o);
    const size_t n = tgv_hex_field(&o);
    double      *u = calloc(n, sizeof *u), *y = calloc(n, sizeof *y), *d = calloc(n, sizeof *d);
    tgv_hex_diagonal(&o, d);
    for (size_t i = 0; i < n; i += 7) {
      if (i % m.pitch > m.layers) continue;
      u[i] = 1;
      tgv_hex_apply(&o, u, y);
      check_close(y[i], d[i], 1e-12);
      u[i] = 0;
    }
    free(u), free(y), free(d);
    tgv_hex_operator_release(&o);
    tgv_hex_mesh_release(&m);
  }
}

/* a linear displacement has the same stress everywhere, and forces only on the hull */
static void linear_displacement_passes(void **state)
{
  static const double slope[3][3] = {{0.1, 0.3, -0.2}, {0.05, -0.4, 0.15}, {0.25, 0.35, 0.2}};

  (void)state;
  for (int order = 1; order <= 2; order++) {
    struct tgv_hex_mesh     m;
    struct tgv_hex_operator o;

    make_block(4, &m);
    size_t *at = calloc(m.nodes * 3 * m.pitch, sizeof *at);
    operator_of(&m, order, hull(&m, at), at, &o);
    const size_t          n = tgv_hex_field(&o);
    double               *u = calloc(n, sizeof *u), *y = calloc(n, sizeof *y), total = 0;
    struct tgv_hex_points p;
    for (size_t q = 0; q < m.nodes; q++)
      for (size_t k = 0; k <= m.layers; k++)
        for (size_t c = 0; c < 3; c++)
          for (size_t d = 0; d < 3; d++)
            u[(q * 3 + c) * m.pitch + k] += slope[c][d] * m.x[(q * 3 + d) * m.pitch + k];
    tgv_hex_apply(&o, u, y);
    for (size_t i = 0; i < n; i++) check_near(y[i], 0, 0, 1e-14);
    const double trace = 1.5 * (slope[0][0] + slope[1][1] + slope[2][2]);
    for (size_t e = 0; e < o.columns; e++)
      for (size_t k = 0; k < o.layers; k++) {
        tgv_hex_stress(&o, e, k, u, 0, &p);

        for (size_t g = 0; g < p.n; g++) {
          check_close(p.stress[g][0], trace + 1.6 * slope[0][0], 1e-12);
          check_close(p.stress[g][3], 0.8 * (slope[1][2] + slope[2][1]), 1e-12);
          check_close(p.stress[g][5], 0.8 * (slope[0][1] + slope[1][0]), 1e-12);
          total += p.volume[g];
        }
      }
    assert_true(total > 1.1 && total < 1.3);
    free(u), free(y), free(at);
    tgv_hex_operator_release(&o);
    tgv_hex_mesh_release(&m);
  }
}

/* ---- solving */

/* a smooth displacement, its derivatives by the book, and the body force that it needs with lambda 1.5 and mu 0.8 */
static void manufactured(const double *x, double u[3], double stress[6], double force[3])
{
  const double s = sin(x[0] + 2 * x[1]), c = cos(x[0] + 2 * x[1]), e = exp(0.7 * x[2]);
  const double sz = sin(3 * x[2]), cz = cos(3 * x[2]), lambda = 1.5, mu = 0.8;
  /* u = (s e, x y sin 3z, c x) */
  const double xx = c * e, xy = 2 * c * e, xz = 0.7 * s * e;
  const double yx = x[1] * sz, yy = x[0] * sz, yz = 3 * x[0] * x[1] * cz;
  const double zx = -s * x[0] + c, zy = -2 * s * x[0], zz = 0;

  u[0] = s * e, u[1] = x[0] * x[1] * sz, u[2] = c * x[0];
  stress[0] = lambda * (xx + yy + zz) + 2 * mu * xx, stress[1] = lambda * (xx + yy + zz) + 2 * mu * yy;
  stress[2] = lambda * (xx + yy + zz) + 2 * mu * zz;
  stress[3] = mu * (yz + zy), stress[4] = mu * (xz + zx), stress[5] = mu * (xy + yx);
  /* -(lambda + mu) grad div u - mu laplace u */
  const double div_x = -s * e + sz, div_y = -2 * s * e, div_z = 0.7 * c * e + 3 * x[0] * cz;
  force[0] = -(lambda + mu) * div_x - mu * (-5 + 0.49) * s * e;
  force[1] = -(lambda + mu) * div_y + 9 * mu * x[0] * x[1] * sz;
  force[2] = -(lambda + mu) * div_z - mu * (-2 * s - 5 * c * x[0]);
}

/* shape functions at Gauss point g of an element of order n - 1 */
static void shapes(int n, size_t g, double *value)
{
  double    v[3][3], s[3][3], w[3];
  const int points = n * n * n, gi = (int)g % n, gj = (int)g / n % n, gl = (int)g / (n * n);

  tgv_hex_basis(n, v, s, w);
  for (int a = 0; a < points; a++) value[a] = v[gi][a % n] * v[gj][a / n % n] * v[gl][a / (n * n)];
}

static size_t entry(const struct tgv_hex_operator *o, size_t e, size_t k, size_t a, size_t c)
{
  const size_t n = (size_t)o->order + 1;

  return ((size_t)o->node[9 * e + a % (n * n)] * 3 + c) * o->pitch + k * (size_t)o->order + a / (n * n);
}

/* body forces of the manufactured displacement; or, if u is given, the squares of the errors of displacement and stress */
static void integrate(const struct tgv_hex_operator *o, double *f, const double *u, double error[2])
{
  double               *zero = calloc(tgv_hex_field(o), sizeof *zero), value[27];
  struct tgv_hex_points p;

  for (size_t e = 0; e < o->columns; e++)
    for (size_t k = 0; k < o->layers; k++) {
      tgv_hex_stress(o, e, k, u ? u : zero, 0, &p);

      for (size_t g = 0; g < p.n; g++) {
        double exact[3], exact_stress[6], force[3];

        manufactured(p.place[g], exact, exact_stress, force);
        shapes(o->order + 1, g, value);
        for (size_t c = 0; c < 3; c++) {
          double got = 0;

          for (size_t a = 0; a < p.n; a++) {
            if (f) f[entry(o, e, k, a, c)] += p.volume[g] * value[a] * force[c];
            if (u) got += value[a] * u[entry(o, e, k, a, c)];
          }
          error[0] += p.volume[g] * pow(got - exact[c], 2);
        }
        for (size_t c = 0; c < 6; c++) error[1] += p.volume[g] * pow(p.stress[g][c] - exact_stress[c], 2);
      }
    }
  free(zero);
}

/* errors [displacement, stress] of the manufactured solution on cells^3 lattice cells */
static void solve_manufactured(size_t cells, int order, enum tgv_elasticity_method method, double error[2],
                               int *iterations)
{
  struct tgv_hex_mesh          m;
  struct tgv_hex_operator      o;
  struct tgv_elasticity_result r;

  make_block(cells, &m);
  size_t *at = calloc(m.nodes * 3 * m.pitch, sizeof *at);
  operator_of(&m, order, hull(&m, at), at, &o);
  const size_t n = tgv_hex_field(&o);
  double      *f = calloc(n, sizeof *f), *u = calloc(n, sizeof *u), *held = calloc(n, sizeof *held),
         *kh = calloc(n, sizeof *kh);
  integrate(&o, f, NULL, error);
  for (size_t i = 0; i < o.fixed; i++) {
    const size_t q = o.fixed_at[i] / m.pitch / 3, k = o.fixed_at[i] % m.pitch,
                 c = o.fixed_at[i] / m.pitch % 3;
    double exact[3], stress[6], force[3], x[3];

    for (size_t d = 0; d < 3; d++) x[d] = m.x[(q * 3 + d) * m.pitch + k];
    manufactured(x, exact, stress, force);
    held[o.fixed_at[i]] = exact[c];
  }
  tgv_hex_apply(&o, held, kh);
  for (size_t i = 0; i < n; i++) f[i] -= kh[i];
  check_ok(tgv_elasticity_solve(&o, f, method, 1e-11, u, &r));
  *iterations = r.iterations;
  for (size_t i = 0; i < n; i++) u[i] += held[i];
  error[0] = error[1] = 0;
  integrate(&o, NULL, u, error);
  error[0] = sqrt(error[0]), error[1] = sqrt(error[1]);
  free(f), free(u), free(held), free(kh), free(at);
  tgv_hex_operator_release(&o);
  tgv_hex_mesh_release(&m);
}

static void manufactured_solution_converges(void **state)
{
  (void)state;
  for (int order = 1; order <= 2; order++) {
    double coarse[2], fine[2];
    int    few, more;

    solve_manufactured(16, order, TGV_ELASTICITY_MULTIGRID, coarse, &few);
    solve_manufactured(32, order, TGV_ELASTICITY_MULTIGRID, fine, &more);
    check_near(log2(coarse[0] / fine[0]), order + 1, 0, 0.15); /* displacement */
    check_near(log2(coarse[1] / fine[1]), order, 0, 0.15);     /* stress */
    assert_true(more <= few + 6 && more < 30);                 /* iterations do not grow with the mesh */
  }
}

static void methods_agree(void **state)
{
  double multigrid[2], gamg[2], direct[2];
  int    iterations;

  (void)state;
  solve_manufactured(8, 2, TGV_ELASTICITY_MULTIGRID, multigrid, &iterations);
  solve_manufactured(8, 2, TGV_ELASTICITY_GAMG, gamg, &iterations);
  solve_manufactured(8, 2, TGV_ELASTICITY_DIRECT, direct, &iterations);
  for (int i = 0; i < 2; i++) {
    check_close(multigrid[i], direct[i], 1e-7);
    check_close(gamg[i], direct[i], 1e-7);
  }
}

/* a body that strains freely: u = eigen x, no stress, whatever the materials of equal strain */
static void free_strain_causes_no_stress(void **state)
{
  enum { LAYERS = 16 };
  double              z[LAYERS + 1], radius[LAYERS + 1];
  struct tgv_hex_mesh m;

  (void)state;
  for (int k = 0; k <= LAYERS; k++)
    z[k] = 5e-6 * k + 0.4e-6 * k * k, radius[k] = 25e-6 + 1e-6 * abs(k - LAYERS / 2);
  const struct tgv_via_cell      cell = {1e-6, -2e-6, {radius}};
  const struct tgv_via_mesh_size size = {8, 1, {4, 8}, 1.2};
  check_ok(tgv_via_mesh_make(&(struct tgv_via_array){1, 1, LAYERS, 100e-6, 90e-6, &cell, &size, z}, &m));
  const size_t elements = m.patches * LAYERS;
  double      *lambda = constant(elements, 5e10), *mu = constant(elements, 3e10),
         *eigen = constant(m.patches * tgv_hex_pitch(LAYERS), 1e-3);
  size_t at[6];
  for (size_t p = 0; p < m.patches; p++)
    for (size_t k = 0; k < LAYERS; k++)
      if (tgv_via_mesh_zone(&size, p) == 0) lambda[p * LAYERS + k] = 9e10;
  /* three corners of the bottom hold the body: one wholly, one against two turns, one against the last */
  size_t corner[3] = {0, 0, 0};
  for (size_t q = 0; q < m.nodes; q++) {
    const double x = m.x[q * 3 * m.pitch], y = m.x[(q * 3 + 1) * m.pitch];
    if (x < -49.9e-6 && y < -44.9e-6) corner[0] = q;
    if (x > 49.9e-6 && y < -44.9e-6) corner[1] = q;
    if (x < -49.9e-6 && y > 44.9e-6) corner[2] = q;
  }
  for (size_t c = 0; c < 3; c++) at[c] = (corner[0] * 3 + c) * m.pitch;
  at[3] = (corner[1] * 3 + 1) * m.pitch, at[4] = (corner[1] * 3 + 2) * m.pitch,
  at[5] = (corner[2] * 3 + 2) * m.pitch;
  struct tgv_hex_operator      o;
  struct tgv_elasticity_result r;
  check_ok(tgv_hex_operator_make(&(struct tgv_hex_body){&m, 1, lambda, mu, 6, at}, &o));
  double *f = calloc(tgv_hex_field(&o), sizeof *f), *u = calloc(tgv_hex_field(&o), sizeof *u);
  check_ok(tgv_hex_strain_force(&o, eigen, f));
  check_ok(tgv_elasticity_solve(&o, f, TGV_ELASTICITY_MULTIGRID, 1e-10, u, &r));
  assert_true(r.levels >= 2 && r.iterations < 40);
  for (size_t q = 0; q < m.nodes; q++)
    for (size_t k = 0; k <= m.layers; k++)
      for (size_t c = 0; c < 3; c++) {
        const double from = c < 2 ? m.x[(corner[0] * 3 + c) * m.pitch] : z[0];

        check_near(u[(q * 3 + c) * m.pitch + k], 1e-3 * (m.x[(q * 3 + c) * m.pitch + k] - from), 1e-6, 1e-14);
      }
  free(f), free(u), free(lambda), free(mu), free(eigen);
  tgv_hex_operator_release(&o);
  tgv_hex_mesh_release(&m);
}

static void circle_that_leaves_its_cell_is_refused(void **state)
{
  const double                   z[] = {0, 1e-4}, radius[] = {25e-6, 51e-6};
  const struct tgv_via_cell      cell = {0, 0, {radius}};
  const struct tgv_via_mesh_size size = {4, 1, {2, 4}, 1};
  struct tgv_hex_mesh            m;

  (void)state;
  assert_int_equal(tgv_via_mesh_make(&(struct tgv_via_array){1, 1, 1, 100e-6, 100e-6, &cell, &size, z}, &m),
                   TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "radius 51 um of via 1 leaves no room in its cell: 50 um"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(product_is_that_of_the_matrix),
                                     cmocka_unit_test(diagonal_is_that_of_the_product),
                                     cmocka_unit_test(linear_displacement_passes),
                                     cmocka_unit_test(free_strain_causes_no_stress),
                                     cmocka_unit_test(manufactured_solution_converges),
                                     cmocka_unit_test(methods_agree),
                                     cmocka_unit_test(circle_that_leaves_its_cell_is_refused)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
