/* Layered cylinders: cases V1, V2 of the thermo-mechanics reference to their digits, properties that must hold, temperature curves. */
#include "check.h"

#include "solver/layered_cylinder.h"
#include "solver/temperature_curve.h"

#define CU .E = 120e9, .nu = 0.34
#define GLASS .E = 74e9, .nu = 0.23
#define PI_LINER .E = 3e9, .nu = 0.35

static struct tgv_cylinder via(double dT, enum tgv_axial axial)
{
  return (struct tgv_cylinder){
      .n = 2,
      .axial = axial,
      .layer = {{.outer = 25e-6, CU, .free_radial = 17e-6 * dT, .free_axial = 17e-6 * dT},
                {.outer = INFINITY, GLASS, .free_radial = 3.2e-6 * dT, .free_axial = 3.2e-6 * dT}}};
}

/* V1; printed to 1e-6 MPa. u is given relative to the free shrinkage of the glass in the first, absolute in the second. */
static void via_in_endless_glass(void **state)
{
  struct tgv_cylinder_state  s;
  struct tgv_cylinder_stress x;
  struct tgv_cylinder        c = via(-175, TGV_AXIAL_RELATIVE);

  (void)state;
  check_ok(tgv_cylinder_solve(&c, &s));
  x = tgv_cylinder_at(&s, 0, 10e-6);
  check_near(x.radial, 160.242992e6, 0, 1);
  check_near(x.hoop, 160.242992e6, 0, 1);
  check_near(x.axial, 398.765234e6, 0, 1);
  x = tgv_cylinder_at(&s, 1, 25e-6);
  check_near(x.radial, 160.242992e6, 0, 1);
  check_near(x.hoop, -160.242992e6, 0, 1);
  check_near(x.axial, 0, 0, 1);
  check_near(x.displacement - 25e-6 * 3.2e-6 * -175, -6.658745942e-8, 0, 2e-17);
  /* in rational numbers by hand; the last printed digits of the case are off by up to 1.5 */
  check_close(x.displacement - 25e-6 * 3.2e-6 * -175, -6.658745940472154e-8, 1e-13);
  check_near(tgv_cylinder_at(&s, 1, 50e-6).hoop, -40.060748e6, 0, 1);
  c.axial = TGV_AXIAL_ABSOLUTE;
  check_ok(tgv_cylinder_solve(&c, &s));
  x = tgv_cylinder_at(&s, 0, 25e-6);
  check_near(x.radial, 163.293258e6, 0, 1);
  check_near(x.axial, 468.039416e6, 0, 1);
  x = tgv_cylinder_at(&s, 1, 25e-6);
  check_near(x.axial, 41.44e6, 0, 1);
  check_near(x.displacement, -8.507496892e-8, 0, 2e-17);
  assert_true(isinf(tgv_cylinder_energy(&c, &s)));
}

/* V2: copper, polyimide, glass; hexagonal pitch 100 um; -150 K */
static void three_layers_free(void **state)
{
  const double              b = tgv_cell_hexagonal(100e-6), dT = -150;
  struct tgv_cylinder       c = {.n = 3,
                                 .axial = TGV_AXIAL_GENERALISED,
                                 .layer = {{20e-6, CU, 17e-6 * dT, 17e-6 * dT},
                                           {22e-6, PI_LINER, 45e-6 * dT, 45e-6 * dT},
                                           {b, GLASS, 3.2e-6 * dT, 3.2e-6 * dT}}};
  struct tgv_cylinder_state s;

  (void)state;
  check_near(b, 52.5037567904e-6, 0, 1e-16);
  check_ok(tgv_cylinder_solve(&c, &s));
  check_near(s.axial[1], -9.862069195e-4, 0, 1e-13);
  check_near(tgv_cylinder_at(&s, 0, 0).radial, 81.261712e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 0, 0).axial, 242.913134e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 1, 20e-6).hoop, 64.187121e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 1, 20e-6).axial, 68.198471e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 1, 22e-6).radial, 79.780033e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 1, 22e-6).hoop, 65.668800e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 2, 22e-6).hoop, -113.761182e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 2, 22e-6).axial, -45.274976e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 2, b).hoop, -33.981149e6, 0, 1);
  check_near(tgv_cylinder_at(&s, 2, b).radial, 0, 0, 1e-3);
  check_near(tgv_cylinder_at(&s, 0, 20e-6).displacement, -5.582629e-8, 0, 5e-15);
  check_near(tgv_cylinder_at(&s, 1, 22e-6).displacement, -4.674029e-8, 0, 5e-15);
  check_near(tgv_cylinder_at(&s, 2, b).displacement, -4.192347e-8, 0, 5e-15);
}

/* Energy identity for eigenstrains on a free body (reference 1.3): U = -1/2 sum of alpha dT (sr + st + sz) dV. */
static void energy_is_that_of_the_eigenstrains(void **state)
{
  const double              b = 60e-6, dT = 90, alpha[3] = {17e-6, 45e-6, 3.2e-6};
  struct tgv_cylinder       c = {.bore = 8e-6,
                                 .n = 3,
                                 .axial = TGV_AXIAL_GENERALISED,
                                 .layer = {{20e-6, CU, alpha[0] * dT, alpha[0] * dT},
                                           {22e-6, PI_LINER, alpha[1] * dT, alpha[1] * dT},
                                           {b, GLASS, alpha[2] * dT, alpha[2] * dT}}};
  struct tgv_cylinder_state s;
  double                    sum = 0, in = 8e-6;

  (void)state;
  check_ok(tgv_cylinder_solve(&c, &s));
  for (size_t i = 0; i < 3; i++) {
    sum -= 0.5 * alpha[i] * dT * (2 * s.P[i] + s.sz[i]) * M_PI * (pow(c.layer[i].outer, 2) - in * in);
    in = c.layer[i].outer;
  }
  check_close(tgv_cylinder_energy(&c, &s), sum, 1e-12);
  check_near(tgv_cylinder_at(&s, 0, 8e-6).radial, 0, 0, 1);
}

/* No mismatch, no stress; a body cut in two layers of one material is one body; a held body under no mismatch is squeezed uniformly. */
static void trivial_bodies(void **state)
{
  struct tgv_cylinder       c = {.n = 2,
                                 .axial = TGV_AXIAL_GENERALISED,
                                 .layer = {{10e-6, GLASS, 1e-3, 1e-3}, {30e-6, GLASS, 1e-3, 1e-3}}};
  struct tgv_cylinder_state s;

  (void)state;
  check_ok(tgv_cylinder_solve(&c, &s));
  check_near(tgv_cylinder_at(&s, 1, 20e-6).hoop, 0, 0, 1e-3);
  check_near(s.sz[0], 0, 0, 1e-3);
  check_close(s.axial[1], 1e-3, 1e-12);
  c.held = true, c.axial = TGV_AXIAL_ABSOLUTE;
  check_ok(tgv_cylinder_solve(&c, &s));
  check_close(s.sz[0], -74e9 * 1e-3 / (1 - 0.46), 1e-12);
  check_close(s.P[1], s.sz[1], 1e-12);
}

/* A core that glides keeps its radial contact but has no axial force; the closed form of its pressure (reference 1.3). */
static void gliding_core(void **state)
{
  struct tgv_cylinder       c = via(100, TGV_AXIAL_RELATIVE);
  struct tgv_cylinder_state s;

  (void)state;
  c.slip = 1;
  check_ok(tgv_cylinder_solve(&c, &s));
  check_near(s.sz[0], 0, 0, 1e-3);
  check_close(-s.P[0], 13.8e-6 * 100 / (1.23 / 74e9 + 0.66 / 120e9), 1e-12);
}

static void wrong_cylinders_are_refused(void **state)
{
  struct tgv_cylinder       c = via(1, TGV_AXIAL_GENERALISED);
  struct tgv_cylinder_state s;

  (void)state;
  assert_int_equal(tgv_cylinder_solve(&c, &s), TGV_INPUT);
  c = via(1, TGV_AXIAL_RELATIVE), c.layer[0].outer = 0;
  assert_int_equal(tgv_cylinder_solve(&c, &s), TGV_INPUT);
  c = via(1, TGV_AXIAL_RELATIVE), c.layer[1].nu = 0.5;
  assert_int_equal(tgv_cylinder_solve(&c, &s), TGV_INPUT);
  c = via(1, TGV_AXIAL_RELATIVE), c.slip = 2;
  assert_int_equal(tgv_cylinder_solve(&c, &s), TGV_INPUT);
}

/* CTE of copper at -40/25/50/125 degC (arXiv:2204.05583, Table 1); trapezoids by hand */
static void expansion_is_integrated(void **state)
{
  const struct tgv_temperature_curve cte = {
      4, {233.15, 298.15, 323.15, 398.15}, {15.3e-6, 16.4e-6, 16.7e-6, 17.3e-6}};

  (void)state;
  check_close(tgv_temperature_integral(&cte, 298.15, 398.15), 25 * 16.55e-6 + 75 * 17.0e-6, 1e-12);
  check_close(tgv_temperature_integral(&cte, 398.15, 233.15), -(65 * 15.85e-6 + 25 * 16.55e-6 + 75 * 17.0e-6),
              1e-12);
  check_close(tgv_temperature_integral(&cte, 213.15, 243.15), 20 * 15.3e-6 + 10 * (15.3e-6 + 1.1e-6 * 5 / 65),
              1e-12);
  check_close(tgv_temperature_integral(&cte, 400, 410), 173e-6, 1e-12);
  check_close(tgv_temperature_value(&cte, 310.65), 16.55e-6, 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(via_in_endless_glass),
                                     cmocka_unit_test(three_layers_free),
                                     cmocka_unit_test(energy_is_that_of_the_eigenstrains),
                                     cmocka_unit_test(trivial_bodies),
                                     cmocka_unit_test(gliding_core),
                                     cmocka_unit_test(wrong_cylinders_are_refused),
                                     cmocka_unit_test(expansion_is_integrated)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
