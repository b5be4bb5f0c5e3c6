/* Cracks of a via and its field at a face: cases V3 and V4 of the thermo-mechanics reference to their digits, and quadrature. */
#include "check.h"

#include <gsl/gsl_integration.h>

#include "solver/via_fracture.h"
#include "solver/via_surface.h"

static struct tgv_cylinder via(double dT, double E, double nu)
{
  return (struct tgv_cylinder){
      .n = 2,
      .axial = TGV_AXIAL_RELATIVE,
      .layer = {{25e-6, E, nu, 17e-6 * dT, 17e-6 * dT}, {INFINITY, 74e9, 0.23, 3.2e-6 * dT, 3.2e-6 * dT}}};
}

/* V3: E = 74 GPa, nu = 0.23, 13.8 ppm/K, -175 K */
static void field_at_the_face(void **state)
{
  const struct tgv_via_surface v = {25e-6, 74e9, 0.23, 13.8e-6 * -175};
  const double                 want[4][3] = {{0, -53.380909, 0},
                                             {0.5, 63.906548, 20.758842},
                                             {1, 107.449885, 82.056528},
                                             {2, 118.917479, 166.070736}};

  (void)state;
  for (int i = 0; i < 4; i++) {
    check_near(tgv_via_axis_radial(&v, want[i][0] * v.a), want[i][1] * 1e6, 0, 1);
    check_near(tgv_via_axis_axial(&v, want[i][0] * v.a), want[i][2] * 1e6, 0, 1);
  }
  check_near(tgv_via_rise(&v, 0), -1.485225e-7, 0, 1e-13);
  check_near(tgv_via_rise(&v, v.a), -9.455236e-8, 0, 1e-14);
  check_close(tgv_via_rise(&v, v.a * (1 + 1e-9)), tgv_via_rise(&v, v.a), 1e-6);
  /* far away as a point load: w = (1 - nu2) F / (pi E r), F = pi a2 q */
  check_close(tgv_via_rise(&v, 100 * v.a), 1.23 * 13.8e-6 * -175 * v.a / 100, 1e-4);
}

/* V4, interfaces: equal moduli, then copper in glass */
static void interfaces(void **state)
{
  const struct {
    double dT, open, slide, open_cu, slide_cu;
  } want[2] = {{-175, 7.006244, 4.308840, 10.856198, 7.560652},
               {100, 2.287753, 1.406968, 3.544881, 2.468784}};
  struct tgv_release g;

  (void)state;
  for (int i = 0; i < 2; i++) {
    struct tgv_cylinder equal = via(want[i].dT, 74e9, 0.23), copper = via(want[i].dT, 120e9, 0.34);

    check_ok(tgv_release_around(&equal, 25e-6, &g));
    check_near(g.G, want[i].open, 0, 1e-6);
    assert_true((g.driving > 0) == (want[i].dT < 0));
    check_ok(tgv_release_sliding(&equal, 1, &g));
    check_near(g.G, want[i].slide, 0, 1e-6);
    assert_true((g.driving > 0) == (want[i].dT > 0));
    check_ok(tgv_release_around(&copper, 25e-6, &g));
    check_near(g.G, want[i].open_cu, 0, 1e-6);
    check_ok(tgv_release_sliding(&copper, 1, &g));
    check_near(g.G, want[i].slide_cu, 0, 1e-6);
  }
}

/* V4, C-crack */
static void cracks_around(void **state)
{
  const double want[4][2] = {{25e-6, 10.856198}, {27e-6, 9.079090}, {30e-6, 7.053345}, {40e-6, 3.398367}};
  struct tgv_cylinder c = via(-175, 120e9, 0.34);
  struct tgv_release  g;

  (void)state;
  for (int i = 0; i < 4; i++) {
    check_ok(tgv_release_around(&c, want[i][0], &g));
    check_near(g.G, want[i][1], 0, 1e-6);
  }
  /* in a free cell that is large, generalised plane strain is relative plane strain */
  c.axial = TGV_AXIAL_GENERALISED, c.layer[1].outer = 0.02;
  check_ok(tgv_release_around(&c, 30e-6, &g));
  check_close(g.G, 7.053345, 1e-5);
}

/* V4, R-crack */
static void radial_cracks(void **state)
{
  const double              want[4][3] = {{5e-6, .141371920, .255794046},
                                          {12.5e-6, .159944070, .327416378},
                                          {25e-6, .146918009, .276257569},
                                          {50e-6, .113097536, .163708189}};
  struct tgv_cylinder       c = via(100, 74e9, 0.23);
  struct tgv_cylinder_state s;

  (void)state;
  check_ok(tgv_cylinder_solve(&c, &s));
  struct tgv_radial_crack r = {25e-6, s.P[1], s.Q[1], 74e9, 0.23};

  check_close(r.Q / (r.a * r.a), 74e9 * 13.8e-4 / (2 * 0.77), 1e-12);
  for (int i = 0; i < 4; i++) {
    check_near(tgv_radial_outer(&r, want[i][0]), want[i][1] * 1e6, 0, 1e-3);
    check_near(tgv_radial_release(&r, want[i][0]), want[i][2], 0, 1e-9);
  }
  check_close(tgv_radial_worst(&r, 1), 12.5e-6, 1e-9);
  check_close(tgv_radial_worst(&r, 10e-6), 10e-6, 1e-12);
  r.Q *= 2.35;
  check_near(tgv_radial_outer(&r, 12.5e-6), .375868563e6, 0, 1e-3);
  check_near(tgv_radial_release(&r, 12.5e-6), 1.808156949, 0, 1e-9);
  r.Q = -r.Q; /* cooling closes it */
  check_near(tgv_radial_release(&r, 12.5e-6), 0, 0, 0);
}

/* the Green's function of a crack in a plane, x from the middle over the half length: K = sqrt(l/pi) int s sqrt((1 +- x)/(1 -+ x)) dx */
struct loaded {
  const struct tgv_radial_crack *r;
  double                         c, side;
};

static double integrand(double angle, void *context)
{
  const struct loaded *l = context;
  const double         x = cos(angle), radius = l->r->a + 0.5 * l->c * (1 + l->side * x);

  /* x = cos: sqrt((1 + x)/(1 - x)) dx = (1 + x) d(angle) */
  return (l->r->P + l->r->Q / (radius * radius)) * (1 + x);
}

static void radial_crack_by_quadrature(void **state)
{
  const struct tgv_radial_crack r = {20e-6, 11e6, 0.05, 70e9, 0.2};
  gsl_integration_workspace    *w = gsl_integration_workspace_alloc(200);

  (void)state;
  for (double c = 1e-6; c < 1e-3; c *= 3)
    for (int side = -1; side <= 1; side += 2) {
      struct loaded l = {&r, c, side};
      gsl_function  f = {integrand, &l};
      double        sum, error;

      assert_int_equal(gsl_integration_qag(&f, 0, M_PI, 0, 1e-11, 200, GSL_INTEG_GAUSS31, w, &sum, &error),
                       0);
      check_close(side > 0 ? tgv_radial_outer(&r, c) : tgv_radial_inner(&r, c), sqrt(c / 2 / M_PI) * sum,
                  1e-9);
    }
  gsl_integration_workspace_free(w);
}

/* with a uniform part the worst length is found among all */
static void worst_radial_crack(void **state)
{
  (void)state;
  for (double P = -20e6; P < 70e6; P += 3.7e6) {
    const struct tgv_radial_crack r = {20e-6, P, 0.05, 70e9, 0.2};
    const double                  worst = tgv_radial_worst(&r, 90e-6);
    double                        most = 0;

    for (int k = 1; k <= 9000; k++) most = fmax(most, tgv_radial_release(&r, k * 1e-8));
    check_near(tgv_radial_release(&r, worst), most, 1e-6, 0);
  }
}

/* all G grow in proportion to the via */
static void release_grows_with_the_via(void **state)
{
  struct tgv_cylinder c = via(-175, 120e9, 0.34), d = c;
  struct tgv_release  g, h;

  (void)state;
  d.layer[0].outer *= 3;
  check_ok(tgv_release_around(&c, 30e-6, &g));
  check_ok(tgv_release_around(&d, 90e-6, &h));
  check_close(h.G, 3 * g.G, 1e-12);
  /* 0.75 MPa m^0.5, 74 GPa, 0.23 (reference, section 0): 7.2 J/m2 */
  check_near(tgv_fracture_energy(0.75e6, 74e9, 0.23), 7.2, 0, 0.005);
}

static void wrong_cracks_are_refused(void **state)
{
  struct tgv_cylinder c = via(-175, 120e9, 0.34);
  struct tgv_release  g;

  (void)state;
  assert_int_equal(tgv_release_sliding(&c, 2, &g), TGV_INPUT);
  assert_int_equal(tgv_release_around(&c, 0, &g), TGV_INPUT);
  c.axial = TGV_AXIAL_ABSOLUTE;
  assert_int_equal(tgv_release_around(&c, 30e-6, &g), TGV_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(field_at_the_face),
                                     cmocka_unit_test(interfaces),
                                     cmocka_unit_test(cracks_around),
                                     cmocka_unit_test(radial_cracks),
                                     cmocka_unit_test(radial_crack_by_quadrature),
                                     cmocka_unit_test(worst_radial_crack),
                                     cmocka_unit_test(release_grows_with_the_via),
                                     cmocka_unit_test(wrong_cracks_are_refused)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
