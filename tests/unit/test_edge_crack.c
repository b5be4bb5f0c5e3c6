/* The edge crack: cases V6 to V8 of the thermo-mechanics reference, the limit of a single film, and what symmetry demands. */
#include "check.h"

#include "solver/edge_crack.h"

/* V8: ABF 30 / copper 15 / glass 300 / copper 15 / ABF 30 um, -155 K */
static struct tgv_laminate stack(void)
{
  const struct tgv_laminate_layer abf = {30e-6, 7.5e9, 0.30, 23e-6 * -155},
                                  cu = {15e-6, 90e9, 0.34, 17.5e-6 * -155};

  return (struct tgv_laminate){5, {abf, cu, {300e-6, 74e9, 0.23, 3.2e-6 * -155}, cu, abf}};
}

static void energy_against_depth(void **state)
{
  const double              want[6][2] = {{150, 5.0534496205}, {10, 7.454298},  {30, 7.334406},
                                          {50, 6.710351},      {100, 5.440133}, {150, 5.053450}};
  const struct tgv_laminate l = stack();
  struct tgv_laminate_state s;
  double                    G, mirrored;

  (void)state;
  check_ok(tgv_laminate_free(&l, &s));
  check_near(s.k, 0, 0, 1e-12);
  check_near(tgv_laminate_energy(&l, &s), 22.521531495, 0, 1e-9);
  for (int i = 0; i < 6; i++) {
    check_ok(tgv_edge_release(&l, 345e-6 - want[i][0] * 1e-6, &G));
    check_near(G, want[i][1], 0, i ? 1e-6 : 1e-9);
    check_ok(tgv_edge_release(&l, 45e-6 + want[i][0] * 1e-6, &mirrored));
    check_close(mirrored, G, 1e-9);
  }
}

/* V6: 10 um copper (110 GPa, 0.34, 17 ppm) on 1 mm glass, -125 K: curvature -0.1693622173 1/m. V7, seven layers: e0 and curvature. */
static void curvature_of_laminates(void **state)
{
  const struct tgv_laminate bimetal = {
      2, {{1e-3, 74e9, 0.23, 3.2e-6 * -125}, {10e-6, 110e9, 0.34, 17e-6 * -125}}};
  const struct tgv_laminate_layer abf = {30e-6, 7.5e9, 0.30, 23e-6 * -155};
  const struct tgv_laminate       seven = {7,
                                           {abf,
                                            {15e-6, 60e9, 0.33, 18.5e-6 * -155},
                                            abf,
                                            {800e-6, 74e9, 0.23, 3.2e-6 * -155},
                                            abf,
                                            {15e-6, 90e9, 0.34, 17.5e-6 * -155},
                                            abf}};
  struct tgv_laminate_state       s;

  (void)state;
  check_ok(tgv_laminate_free(&bimetal, &s));
  check_near(s.k, -0.1693622173, 0, 1e-10);
  check_ok(tgv_laminate_free(&seven, &s));
  check_near(s.e0, -5.867063108e-4, 0, 1e-13);
  check_near(s.k, -0.1092891384, 0, 1e-9);
}

/* a thin film on a thick plate: (1 - nu2) s2 h / (2E), s the stress of the intact film */
static void a_film_comes_off(void **state)
{
  const double              f = 1e-3, E = 100e9, nu = 0.3, h = 1e-6;
  const struct tgv_laminate l = {2, {{10e-3, 74e9, 0.23, 0}, {h, E, nu, -f}}};
  const double              s = E / (1 - nu) * f;
  double                    G;

  (void)state;
  check_ok(tgv_edge_release(&l, 10e-3, &G));
  check_close(G, (1 - nu * nu) * s * s * h / (2 * E), 2e-3); /* the plate is 10,000 times as thick */
}

static void nothing_to_release_without_mismatch(void **state)
{
  struct tgv_laminate l = stack();
  double              G;

  (void)state;
  for (size_t i = 0; i < l.n; i++) l.layer[i].free = -3e-4;
  for (double z = 5e-6; z < 390e-6; z += 20e-6) {
    check_ok(tgv_edge_release(&l, z, &G));
    check_near(G, 0, 0, 1e-12);
  }
  assert_int_equal(tgv_edge_release(&l, 400e-6, &G), TGV_INPUT);
  l.layer[2].thickness = 0;
  assert_int_equal(tgv_edge_release(&l, 40e-6, &G), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(energy_against_depth), cmocka_unit_test(curvature_of_laminates),
      cmocka_unit_test(a_film_comes_off), cmocka_unit_test(nothing_to_release_without_mismatch)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
