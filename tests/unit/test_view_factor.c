/* View factors of a body of revolution against textbook formulas, and the two closed forms (ring to ring, point through circles) against
   each other with and without occlusion. */
#include "check.h"

#include <gsl/gsl_integration.h>

#include "solver/view_factor.h"

static struct tgv_ring on_cylinder(double r, double z)
{
  return (struct tgv_ring){r, z, -1, 0};
}

/* K(X) = 1 - X (X2 + 3/2) / (X2 + 1)^1.5 with X = distance / diameter is the view factor per dX */
static void rings_of_a_cylinder(void **state)
{
  (void)state;
  const struct tgv_circles none = {0, NULL, NULL};
  const double             x[] = {1e-3, 0.03, 0.2, 0.5, 1, 2, 5, 10, 20};

  for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
    const struct tgv_ring a = on_cylinder(0.5, 3), b = on_cylinder(0.5, 3 - x[i]);
    const double          X = x[i], q = sqrt(X * X + 1);
    /* 1 - X (X2 + 3/2) / q3 = (3/4 + X2 / 4 ...) / ...: without cancellation, (3 X2 + 4) / (4 q3 (q3 + X (X2 + 3/2))) */
    const double K = (3 * X * X + 4) / (4 * q * q * q * (q * q * q + X * (X * X + 1.5)));

    check_close(tgv_view_rings(&a, &b, &none) * 0.5, K, 1e-9);
    check_close(tgv_view_rings(&a, &b, &none), tgv_view_rings(&b, &a, &none), 1e-14);
  }
}

static void openings_of_a_cylinder(void **state)
{
  (void)state;
  const double             z[2] = {0, 25}, r[2] = {0.5, 0.5};
  const struct tgv_circles c = {2, z, r};

  for (double H = 1e-4; H < 24; H *= 1.7) {
    const struct tgv_ring wall = on_cylinder(0.5, H), axis = {1e-12, H, 0, -1};
    const double q = sqrt(H * H + 1), F = 0.25 / (q * (H * H + 0.5 + H * q)); /* (H2 + 1/2) / q - H */

    check_close(tgv_view_opening(&wall, &c, 0, 1), F, 1e-9);
    check_close(tgv_view_opening(&axis, &c, 0, 1), 0.25 / (0.25 + H * H), 1e-11);
    check_close(tgv_view_opening(&wall, &c, 0, 1.0000001), F, 1e-6);
    /* the axis under cos^n: 1 - cos^(n + 1) of the half angle */
    check_close(tgv_view_opening(&axis, &c, 0, 7), 1 - pow(H / sqrt(H * H + 0.25), 8), 1e-9);
  }
}

/* what a point sees of a band: by the ring kernel, and by the difference of two openings */
struct seen {
  struct tgv_ring    from;
  struct tgv_circles c;
  size_t             band; /* between circles band and band + 1 */
};

static double per_depth(double z, void *p)
{
  const struct seen    *s = p;
  const double         *Z = s->c.z + s->band, *R = s->c.r + s->band, dz = Z[1] - Z[0], dr = R[1] - R[0];
  const double          length = sqrt(dz * dz + dr * dr);
  const struct tgv_ring b = {R[0] + (z - Z[0]) / dz * dr, z, -dz / length, dr / length};

  return tgv_view_rings(&s->from, &b, &s->c) * b.r * length / dz;
}

static double by_rings(struct seen *s, double from, double to)
{
  gsl_integration_workspace *w = gsl_integration_workspace_alloc(500);
  gsl_function               f = {per_depth, s};
  double                     value, error;

  assert_int_equal(gsl_integration_qags(&f, from, to, 1e-11, 1e-8, 500, w, &value, &error), 0);
  gsl_integration_workspace_free(w);
  return value;
}

/* Every line that reaches a band has passed the nearer circle and not the farther one: two unlike formulas, one number. */
static void bands_by_rings_and_by_openings(void **state)
{
  (void)state;
  const double       z[] = {0, 2, 3, 4, 4.5, 6, 8, 9}, r[] = {2, 1.2, 0.6, 0.9, 0.5, 0.8, 1.6, 1.1};
  struct tgv_circles c = {8, z, r};

  for (size_t own = 0; own < 7; own++)
    for (int part = 1; part < 4; part++) {
      const double dz = z[own + 1] - z[own], dr = r[own + 1] - r[own], l = hypot(dz, dr), u = 0.25 * part;
      struct seen  s = {{r[own] + u * dr, z[own] + u * dz, -dz / l, dr / l}, c, 0};
      double       sum = tgv_view_opening(&s.from, &c, 0, 1) + tgv_view_opening(&s.from, &c, 7, 1);

      for (s.band = 0; s.band < 7; s.band++) {
        const size_t near = s.band < own ? s.band + 1 : s.band, far = s.band < own ? s.band : s.band + 1;
        double       rings;

        if (s.band == own)
          rings = by_rings(&s, z[own], s.from.z) + by_rings(&s, s.from.z, z[own + 1]);
        else {
          rings = by_rings(&s, z[s.band], z[s.band + 1]);
          check_near(rings, tgv_view_opening(&s.from, &c, near, 1) - tgv_view_opening(&s.from, &c, far, 1),
                     1e-7, 1e-9);
        }
        sum += rings;
      }
      check_near(sum, 1, 0, 1e-7);
    }
}

/* The straight light through two equal discs with a smaller one half-way between: seen from a point of the lower, it is the smaller of
   two circles, both centred on one line; from the axis, whichever is the narrower cone. */
static void a_stop_takes_its_cone(void **state)
{
  (void)state;
  const double             z[] = {0, 5, 10}, r[] = {2, 0.5, 2};
  const struct tgv_circles c = {3, z, r};
  const struct tgv_ring    axis = {1e-12, 10, 0, -1}, edge = {1.9, 10, 0, -1};

  check_close(tgv_view_opening(&axis, &c, 0, 1), 0.25 / (0.25 + 25), 1e-10);
  /* from the edge the stop's image on the far face is a disc of radius 1 at -1.9: cut by the face of radius 2 */
  assert_true(tgv_view_opening(&edge, &c, 0, 1) < tgv_view_opening(&edge, &c, 1, 1));
  assert_true(tgv_view_opening(&edge, &c, 0, 1) > 0);
  /* a stop far off the line to the axis closes it */
  const double             narrow[] = {0.1, 0.05, 2};
  const struct tgv_circles closed = {3, z, narrow};

  assert_true(tgv_view_opening(&edge, &closed, 0, 1) == 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rings_of_a_cylinder),
      cmocka_unit_test(openings_of_a_cylinder),
      cmocka_unit_test(bands_by_rings_and_by_openings),
      cmocka_unit_test(a_stop_takes_its_cone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
