#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "solver/inelastic_body.h"
#include "solver/via_mesh.h"

static struct tgv_material copper(void)
{
  return (struct tgv_material){.E = tgv_temperature_constant(120e9),
                               .nu = tgv_temperature_constant(0.34),
                               .cte = tgv_temperature_constant(17e-6),
                               .reference = 300,
                               .yield = tgv_temperature_constant(150e6)};
}

static void cube(const void *data, size_t patch, size_t i, size_t j, double z, double *xy)
{
  (void)data, (void)patch;
  xy[0] = (double)i / 2 + 0.1 * z * (double)(i == 1), xy[1] = (double)j / 2 - 0.05 * (double)(j == 1);
}

/* entries of a block of one patch of 2 x 2 x 2 cells that lie on its three coordinate planes; and those of its top along z */
static size_t hold_planes(const struct tgv_hex_mesh *m, size_t *at, size_t *top)
{
  size_t n = 0;

  *top = 0;
  for (size_t q = 0; q < m->nodes; q++)
    for (size_t k = 0; k <= m->layers; k++) {
      const double *x = m->x + q * 3 * m->pitch + k;

      for (size_t c = 0; c < 3; c++)
        if (fabs(x[c * m->pitch]) < 1e-12) at[n++] = (q * 3 + c) * m->pitch + k;
    }
  *top = n;
  for (size_t q = 0; q < m->nodes; q++) at[n++] = (q * 3 + 2) * m->pitch + m->layers;
  return n;
}

/* a bar that is pulled yields as the law says: stress = yield + H p, strain = stress / E + p */
static void bar_yields_by_the_law(void **state)
{
  static const double z[] = {0, 0.4, 1};
  struct tgv_hex_mesh m;
  size_t              at[256], top;

  (void)state;
  check_ok(tgv_hex_mesh_make(&(struct tgv_hex_plan){1, (size_t[][2]){{2, 2}}, 2, z, cube, NULL, 1e-9}, &m));
  const size_t        fixed = hold_planes(&m, at, &top);
  struct tgv_material metal = copper();
  metal.hardening = tgv_temperature_constant(5e9);
  for (int order = 1; order <= 2; order++) {
    const unsigned char             of[2] = {0, 0};
    const struct tgv_inelastic_plan plan = {&m, order, 1, &metal, of, fixed, at};
    struct tgv_inelastic_body       b;
    struct tgv_inelastic_result     r;
    struct tgv_hex_points           p;
    double                          plastic[27];

    check_ok(tgv_inelastic_make(&plan, &b));
    double *held = calloc(tgv_hex_field(&b.op), sizeof *held);
    for (size_t i = top; i < fixed; i++) held[at[i]] = 0.003;
    check_ok(tgv_inelastic_step(&b, 300, 0, held, 1e-12, &r));
    tgv_inelastic_points(&b, 0, 0, &p, plastic, NULL);
    /* 120 GPa (0.003 - p) = 150 MPa + 5 GPa p */
    const double want = (120e9 * 0.003 - 150e6) / 125e9;
    for (size_t g = 0; g < p.n; g++) {
      check_close(plastic[g], want, 1e-9);
      check_close(p.stress[g][2], 150e6 + 5e9 * want, 1e-9);
      check_near(p.stress[g][0], 0, 0, 1);
      check_near(p.stress[g][3], 0, 0, 1);
    }
    free(held);
    tgv_inelastic_release(&b);
  }
  tgv_hex_mesh_release(&m);
}

/* ---- a yielding via in glass */

struct via {
  struct tgv_hex_mesh      m;
  struct tgv_via_mesh_size size;
  size_t                   fixed;
  size_t                  *at;
  unsigned char           *of;
};

/* A slice of a via of 25 um in a wide cell, both faces held: relative plane strain, since glass does not expand. */
static void make_via(struct via *v)
{
  static const double       z[] = {0, 50e-6, 100e-6}, radius[] = {25e-6, 25e-6, 25e-6};
  const struct tgv_via_cell cell = {0, 0, {radius}};

  v->size = (struct tgv_via_mesh_size){8, 1, {4, 24}, 1.2};
  check_ok(tgv_via_mesh_make(&(struct tgv_via_array){1, 1, 2, 3e-3, 3e-3, &cell, &v->size, z}, &v->m));
  v->at = calloc(3 * v->m.nodes * 3 + 9, sizeof *v->at), v->of = calloc(v->m.patches, 1), v->fixed = 0;
  for (size_t q = 0; q < v->m.nodes; q++) {
    const double *x = v->m.x + q * 3 * v->m.pitch;
    const double  x0 = x[0], y0 = x[v->m.pitch];

    for (size_t k = 0; k <= 2; k++) v->at[v->fixed++] = (q * 3 + 2) * v->m.pitch + k;
    /* the axes of symmetry hold the slice sideways */
    for (size_t k = 0; k <= 2; k++) {
      if (fabs(x0) < 1e-12) v->at[v->fixed++] = q * 3 * v->m.pitch + k;
      if (fabs(y0) < 1e-12) v->at[v->fixed++] = (q * 3 + 1) * v->m.pitch + k;
    }
  }
  for (size_t p = 0; p < v->m.patches; p++) v->of[p] = tgv_via_mesh_zone(&v->size, p) == 0 ? 0 : 1;
}

/* the mean of t - s (axial minus radial stress) over the copper */
static double difference(const struct tgv_inelastic_body *b, const struct via *v, double *plastic_mean)
{
  double sum = 0, volume = 0, strain = 0;

  for (size_t e = 0; e < b->op.columns; e++) {
    struct tgv_hex_points p;
    double                plastic[27];

    if (v->of[b->op.material[e]]) continue;
    tgv_inelastic_points(b, e, 0, &p, plastic, NULL);
    for (size_t g = 0; g < p.n; g++) {
      sum += p.volume[g] * (p.stress[g][2] - (p.stress[g][0] + p.stress[g][1]) / 2), volume += p.volume[g];
      strain += p.volume[g] * plastic[g];
    }
  }
  if (plastic_mean) *plastic_mean = strain / volume;
  return sum / volume;
}

/* Case V5, isotropic hardening: t - s after each turn of the temperature, closed form of the via in infinite glass. The cell is 60 radii
   wide and square: its outer border is worth some 0.05 %. */
static void via_follows_case_v5(void **state)
{
  static const double path[] = {-50, -100, -175, -100, 0, 100, 0, -175},
                      want[] = {0, 0, 153.470500e6, 0, 0, -156.131711e6, 0, 158.584258e6};
  struct via          v;
  struct tgv_material m[2] = {
      copper(),
      {.E = tgv_temperature_constant(74e9), .nu = tgv_temperature_constant(0.23), .reference = 300}};
  struct tgv_inelastic_body   b;
  struct tgv_inelastic_result r;

  (void)state;
  m[0].cte = tgv_temperature_constant(13.8e-6), m[0].hardening = tgv_temperature_constant(5e9);
  make_via(&v);
  check_ok(tgv_inelastic_make(&(struct tgv_inelastic_plan){&v.m, 2, 2, m, v.of, v.fixed, v.at}, &b));
  for (size_t i = 0; i < 8; i++) {
    check_ok(tgv_inelastic_step(&b, 300 + path[i], 0, NULL, 1e-10, &r));
    if (want[i] != 0) check_close(difference(&b, &v, NULL), want[i], 1e-3);
    if (i == 2) /* the last steps of Newton: the residual falls with its square */
      for (int s = 1; s < r.steps; s++)
        if (r.residual[s] < 1e-4)
          assert_true(r.residual[s + 1] <= 20 * r.residual[s] * r.residual[s] + 1e-10);
    assert_true(r.steps <= 8);
  }
  free(v.at), free(v.of);
  tgv_inelastic_release(&b);
  tgv_hex_mesh_release(&v.m);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(bar_yields_by_the_law),
                                     cmocka_unit_test(via_follows_case_v5)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
