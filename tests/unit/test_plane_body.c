#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "solver/plane_body.h"

/* rectangles side by side from x[0] to x[n], y from 0 to height; cells grow by a ratio in the last one */
struct strip {
  size_t patches;
  double x[5], height, ratio[4];
  size_t cells[4], rows;
  double graded; /* towards both ends of y, 0 to 1 */
};

static void place(const void *data, size_t patch, size_t i, size_t j, double z, double *xy)
{
  const struct strip *s = data;
  const double        q = s->ratio[patch], n = (double)s->cells[patch], t = (double)j / (double)s->rows;
  const double        a = fabs(q - 1) < 1e-9 ? (double)i / n : (pow(q, (double)i) - 1) / (pow(q, n) - 1);

  (void)z;
  xy[0] = s->x[patch] + a * (s->x[patch + 1] - s->x[patch]);
  xy[1] = s->height * ((1 - s->graded) * t + s->graded * (0.5 - 0.5 * cos(M_PI * t)));
}

static void make_strip(const struct strip *s, struct tgv_hex_mesh *m)
{
  static const double z[] = {0, 1e-6};
  size_t              size[4][2];

  for (size_t p = 0; p < s->patches; p++) size[p][0] = s->cells[p], size[p][1] = s->rows;
  check_ok(tgv_hex_mesh_make(&(struct tgv_hex_plan){s->patches, size, 1, z, place, s, 1e-12}, m));
}

static double x_of(const struct tgv_hex_mesh *m, size_t q, size_t c)
{
  return m->x[(q * 3 + c) * m->pitch];
}

static struct tgv_material elastic(double E, double nu, double cte)
{
  return (struct tgv_material){.E = tgv_temperature_constant(E),
                               .nu = tgv_temperature_constant(nu),
                               .cte = tgv_temperature_constant(cte),
                               .reference = 300};
}

/* Unknowns of an axisymmetric cylinder: nothing moves off the axis, the bottom does not rise; `flat`: the top rises as one; `round`: the
   outer border widens as one. */
static size_t number(const struct strip *s, const struct tgv_hex_mesh *m, bool flat, bool round_,
                     int *equation)
{
  const double right = s->x[s->patches], tiny = 1e-12;
  int          n = 0, top = -1, side = -1;

  for (size_t q = 0; q < m->nodes; q++) {
    int *to = equation + 2 * q;

    to[0] = x_of(m, q, 0) < tiny ? -1 : n++;
    if (round_ && x_of(m, q, 0) > right - tiny) {
      if (side < 0)
        side = to[0];
      else
        to[0] = side, n--;
    }
    to[1] = x_of(m, q, 1) < tiny ? -1 : n++;
    if (flat && x_of(m, q, 1) > s->height - tiny) {
      if (top < 0)
        top = to[1];
      else
        to[1] = top, n--;
    }
  }
  return (size_t)n;
}

/* a body of a strip, solved for one change of temperature; all released by drop() */
struct solved {
  struct strip          strip;
  struct tgv_hex_mesh   m;
  int                  *equation;
  struct tgv_plane_body b;
};

static void drop(struct solved *s)
{
  tgv_plane_release(&s->b);
  free(s->equation);
  tgv_hex_mesh_release(&s->m);
}

static void prepare(struct solved *s, size_t materials, const struct tgv_material *material,
                    const unsigned char *of, bool flat, bool round_)
{
  struct tgv_plane_plan plan = {
      .kind = TGV_PLANE_AXISYMMETRIC, .mesh = &s->m, .materials = materials, .material = material, .of = of};

  make_strip(&s->strip, &s->m);
  s->equation = calloc(2 * s->m.nodes, sizeof *s->equation);
  plan.equation = s->equation;
  plan.equations = number(&s->strip, &s->m, flat, round_, s->equation);
  check_ok(tgv_plane_make(&plan, &s->b));
}

static double displacement(const struct solved *s, double x, double y, size_t c)
{
  double best = INFINITY, u = NAN;

  for (size_t q = 0; q < s->m.nodes; q++) {
    const double d = hypot(x_of(&s->m, q, 0) - x, x_of(&s->m, q, 1) - y);

    if (d < best) best = d, u = s->b.u[2 * q + c];
  }
  return u;
}

/* V2: copper 0-20, polyimide 20-22, glass 22-52.5 um, cooled by 150 K, free outside, generalised plane strain; closed form to ten digits */
static void three_layers_are_case_v2(void **state)
{
  static const unsigned char of[] = {0, 1, 2};
  const struct tgv_material  m[] = {elastic(120e9, 0.34, 17e-6), elastic(3e9, 0.35, 45e-6),
                                    elastic(74e9, 0.23, 3.2e-6)};
  const double               b = 52.5037567904e-6;
  struct solved              s = {.strip = {3, {0, 20e-6, 22e-6, b}, 1e-5, {1, 1, 1}, {8, 4, 16}, 2, 0}};
  struct tgv_plane_result    r;

  (void)state;
  prepare(&s, 3, m, of, true, false);
  check_ok(tgv_plane_step(&s.b, &(struct tgv_plane_load){.temperature = 150}, 1e-12, &r));
  assert_int_equal(r.steps, 1);
  check_close(displacement(&s, 0, 1e-5, 1) / 1e-5, -9.862069195e-4, 1e-6);
  check_close(displacement(&s, 20e-6, 0, 0), -5.582629e-8, 1e-6);
  check_close(displacement(&s, b, 0, 0), -4.192347e-8, 2e-6);
  drop(&s);
}

/* V3b: a copper via of 25 um through 400 um of glass, round cell of the area of a pitch of 100 um; the converged numbers of our reference, to
   0.5 % */
static void short_via_is_case_v3b(void **state)
{
  static const unsigned char of[] = {0, 1};
  const struct tgv_material  m[] = {elastic(120e9, 0.34, 17e-6), elastic(74e9, 0.23, 3.2e-6)};
  const double  b = 100e-6 / sqrt(M_PI), a = 25e-6, H = 200e-6; /* half of it: the bottom is the middle */
  struct solved s = {.strip = {2, {0, a, b}, H, {0.85, 1.15}, {16, 20}, 48, 0.9}};
  struct tgv_plane_result r;

  (void)state;
  prepare(&s, 2, m, of, false, true);
  check_ok(tgv_plane_step(&s.b, &(struct tgv_plane_load){.temperature = 125}, 1e-12, &r));
  const double edge = displacement(&s, b, H, 1);
  check_close(displacement(&s, 0, H, 1) - edge, -0.10545e-6, 5e-3);
  check_close(displacement(&s, a, H, 1) - edge, -0.06043e-6, 5e-3);
  check_close(displacement(&s, b, H, 0), -6.38394e-8, 5e-3);
  struct tgv_plane_points p;
  tgv_plane_points(&s.b, 0, &p); /* at the axis and the middle */
  check_close(p.stress[0][0], 119.56e6, 5e-3);
  check_close(p.stress[0][1], 281.19e6, 5e-3);
  drop(&s);
}

/* V5: a yielding via in wide glass, relative plane strain (glass does not expand and its faces do not move). Kinematic hardening, closed form:
   radial stress s, axial stress t after each turn; the border at 60 radii is worth 3e-4. */
static void yielding_via_is_case_v5(void **state)
{
  static const unsigned char of[] = {0, 1};
  static const double        path[] = {-50, -100, -175, -100, 0, 100, 0, -175, 100, -175};
  static const double        want[10][2] = {[2] = {165.742187e6, 319.212687e6},
                                            [4] = {5.499195e6, -79.552547e6},
                                            [5] = {-90.716252e6, -240.179084e6},
                                            [7] = {165.742187e6, 319.212687e6},
                                            [9] = {165.742187e6, 319.212687e6}};
  struct tgv_material        m[] = {elastic(120e9, 0.34, 13.8e-6), elastic(74e9, 0.23, 0)};
  struct solved              s = {.strip = {2, {0, 25e-6, 1.5e-3}, 1e-4, {1, 1.15}, {4, 48}, 2, 0}};

  (void)state;
  m[0].yield = tgv_temperature_constant(150e6);
  m[0].backstresses = 1, m[0].C[0] = tgv_temperature_constant(5e9);
  prepare(&s, 2, m, of, true, false);
  /* the top does not rise: its unknown becomes held */
  for (size_t q = 0; q < s.m.nodes; q++)
    if (x_of(&s.m, q, 1) > 0.999e-4) s.equation[2 * q + 1] = -1;
  tgv_plane_release(&s.b);
  int next = 0;
  for (size_t i = 0; i < 2 * s.m.nodes; i++)
    if (s.equation[i] >= 0) s.equation[i] = next++;
  check_ok(tgv_plane_make(&(struct tgv_plane_plan){.kind = TGV_PLANE_AXISYMMETRIC,
                                                   .mesh = &s.m,
                                                   .materials = 2,
                                                   .material = m,
                                                   .of = of,
                                                   .equation = s.equation,
                                                   .equations = (size_t)next},
                          &s.b));
  for (size_t i = 0; i < 10; i++) {
    struct tgv_plane_result r;
    struct tgv_plane_points p;

    check_ok(tgv_plane_step(&s.b, &(struct tgv_plane_load){.temperature = 300 + path[i]}, 1e-11, &r));
    tgv_plane_points(&s.b, 0, &p);
    if (want[i][0] == 0) continue;
    check_near(p.stress[0][0], want[i][0], 1e-3, 0.1e6);
    check_near(p.stress[0][1], want[i][1], 1e-3, 0.1e6);
    for (int k = 1; k < r.steps; k++) /* quadratic */
      if (r.residual[k] < 1e-3) assert_true(r.residual[k + 1] <= 50 * r.residual[k] * r.residual[k] + 1e-11);
  }
  drop(&s);
}

/* a thick cylinder under an inner displacement, plane strain as a slice of it: u = A r + B / r; displacement converges as h^3 or better */
static double slice_error(size_t n)
{
  static const unsigned char of[] = {0};
  const struct tgv_material  m = elastic(1e9, 0.3, 0);
  struct strip               s = {1, {1, 2}, 1, {1}, {n}, n, 0};
  struct tgv_hex_mesh        mesh;
  struct tgv_plane_body      b;
  struct tgv_plane_result    r;
  double                     worst = 0;

  make_strip(&s, &mesh);
  /* bend the strip into a quarter ring: y is the angle */
  for (size_t q = 0; q < mesh.nodes; q++) {
    double      *x = mesh.x + q * 3 * mesh.pitch;
    const double radius = x[0], angle = x[mesh.pitch] * M_PI / 2;

    x[0] = radius * cos(angle), x[mesh.pitch] = radius * sin(angle);
  }
  int    *equation = calloc(2 * mesh.nodes, sizeof *equation), next = 0;
  double *held = calloc(2 * mesh.nodes, sizeof *held);
  for (size_t q = 0; q < mesh.nodes; q++) {
    const double x = x_of(&mesh, q, 0), y = x_of(&mesh, q, 1), radius = hypot(x, y);

    for (size_t c = 0; c < 2; c++) {
      const bool rim = radius < 1 + 1e-9 || radius > 2 - 1e-9;

      equation[2 * q + c] = rim || (c == 0 ? x : y) < 1e-9 ? -1 : next++;
      if (rim) held[2 * q + c] = (1e-3 * radius + 2e-3 / radius) * (c == 0 ? x : y) / radius;
    }
  }
  check_ok(tgv_plane_make(&(struct tgv_plane_plan){.kind = TGV_PLANE_SLICE,
                                                   .mesh = &mesh,
                                                   .materials = 1,
                                                   .material = &m,
                                                   .of = of,
                                                   .equation = equation,
                                                   .equations = (size_t)next},
                          &b));
  check_ok(tgv_plane_step(&b, &(struct tgv_plane_load){.temperature = 300, .held = held}, 1e-11, &r));
  for (size_t q = 0; q < mesh.nodes; q++) {
    const double x = x_of(&mesh, q, 0), y = x_of(&mesh, q, 1), radius = hypot(x, y);
    const double want = 1e-3 * radius + 2e-3 / radius, got = (b.u[2 * q] * x + b.u[2 * q + 1] * y) / radius;

    worst = fmax(worst, fabs(got - want));
  }
  free(equation), free(held);
  tgv_plane_release(&b);
  tgv_hex_mesh_release(&mesh);
  return worst;
}

static void slice_converges_to_the_thick_cylinder(void **state)
{
  (void)state;
  assert_true(log2(slice_error(8) / slice_error(16)) > 2.8);
  assert_true(slice_error(16) < 1e-6);
}

/* a slice that may lengthen strains freely along its length, and bears no force */
static void free_slice_lengthens(void **state)
{
  static const unsigned char of[] = {0};
  const struct tgv_material  m = elastic(100e9, 0.3, 10e-6);
  struct strip               s = {1, {0, 1e-4}, 1e-4, {1}, {2}, 2, 0};
  struct tgv_hex_mesh        mesh;
  struct tgv_plane_body      b;
  struct tgv_plane_result    r;
  struct tgv_plane_points    p;

  (void)state;
  make_strip(&s, &mesh);
  int *equation = calloc(2 * mesh.nodes, sizeof *equation), next = 0;
  for (size_t i = 0; i < 2 * mesh.nodes; i++) equation[i] = x_of(&mesh, i / 2, i % 2) < 1e-12 ? -1 : next++;
  check_ok(tgv_plane_make(
      &(struct tgv_plane_plan){TGV_PLANE_SLICE, &mesh, 1, &m, of, equation, (size_t)next, true}, &b));
  check_ok(tgv_plane_step(&b, &(struct tgv_plane_load){.temperature = 400}, 1e-12, &r));
  check_close(b.axial, 1e-3, 1e-9);
  check_ok(tgv_plane_step(&b, &(struct tgv_plane_load){.temperature = 400, .axial_force = 2}, 1e-12, &r));
  check_close(b.axial, 1e-3 + 2 / 1e-8 / 100e9, 1e-9);
  tgv_plane_points(&b, 0, &p);
  check_close(p.stress[4][2], 2 / 1e-8, 1e-8);
  free(equation);
  tgv_plane_release(&b);
  tgv_hex_mesh_release(&mesh);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(three_layers_are_case_v2), cmocka_unit_test(short_via_is_case_v3b),
      cmocka_unit_test(yielding_via_is_case_v5), cmocka_unit_test(slice_converges_to_the_thick_cylinder),
      cmocka_unit_test(free_slice_lengthens)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
