/* Shapes of vias: parabolas through their diameters, volume and resistance of bodies whose integrals are known. */
#include "check.h"

#include <math.h>

#include "model/via_profile.h"

static void near(double got, double want, double relative)
{
  if (!(fabs(got - want) <= relative * fabs(want))) fail_msg("%.12g, should be %.12g", got, want);
}

static void cones_are_straight(void **state)
{
  (void)state;
  const struct tgv_via_shape s = tgv_via_shape_cones(90e-6, 60e-6, 80e-6, 200e-6, 600e-6);
  struct tgv_via_profile     p;

  near(tgv_via_shape_diameter(&s, 50e-6), 82.5e-6, 1e-12);
  near(tgv_via_shape_diameter(&s, 200e-6), 60e-6, 1e-12);
  near(tgv_via_shape_diameter(&s, 500e-6), 75e-6, 1e-12);
  tgv_via_shape_profile(&s, 11, &p);
  assert_int_equal(p.n, 11);
  near(p.z[5], 200e-6, 1e-12);
  /* two frusta, V = pi h (a2 + ab + b2) / 3, and integral of dz / (pi r2) = h / (pi a b) */
  near(tgv_via_profile_volume(&p),
       M_PI / 3 * (200e-6 * (45. * 45 + 45 * 30 + 30 * 30) + 400e-6 * (30. * 30 + 30 * 40 + 40 * 40)) * 1e-12,
       1e-12);
  near(tgv_via_profile_slenderness(&p), (200e-6 / (45 * 30e-12) + 400e-6 / (30 * 40e-12)) / M_PI, 1e-12);
  near(tgv_via_profile_radius(&p, 100e-6), 37.5e-6, 1e-12);
  tgv_via_profile_release(&p);
}

static void bowed_walls_are_parabolas(void **state)
{
  (void)state;
  /* r = a + b z2 above the waist: D = 100 - 40 (z / 300)2 um */
  const struct tgv_via_shape s = {100e-6, 90e-6, 60e-6, 60e-6, 60e-6, 300e-6, 300e-6};
  struct tgv_via_profile     p;
  /* V = pi int r2 dz with r = 50 - 20 u2, u = z / h: pi h (2500 - 2000/3 + 400/5) um2 */
  const double volume = M_PI * 300e-6 * (2500. - 2000. / 3 + 80) * 1e-12;

  near(tgv_via_shape_diameter(&s, 150e-6), 90e-6, 1e-12);
  near(tgv_via_shape_diameter(&s, 75e-6), 97.5e-6, 1e-12);
  tgv_via_shape_profile(&s, 201, &p);
  assert_int_equal(p.n, 101); /* nothing below the waist */
  near(tgv_via_profile_volume(&p), volume, 1e-4);
  tgv_via_profile_release(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(cones_are_straight),
                                     cmocka_unit_test(bowed_walls_are_parabolas)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
