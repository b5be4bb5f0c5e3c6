/* The current map of a panel against closed forms, a manufactured solution and conservation. */
#include "check.h"

#include <gsl/gsl_sf_bessel.h>
#include <stdlib.h>
#include <string.h>

#include "solver/bath_slab.h"
#include "solver/terminal_effect.h"

/* a linear face of conductance g [S/m2]: a = c = 1/2, i0 = g */
static struct tgv_face linear(double g)
{
  return (struct tgv_face){TGV_FACE_LINEAR, 0, g, 0.5, 0.5};
}

static struct tgv_terminal strip(int n)
{
  return (struct tgv_terminal){.width = 0.51,
                               .height = 0.1,
                               .nx = n,
                               .ny = 4,
                               .edge = {[TGV_EDGE_LEFT] = true, [TGV_EDGE_RIGHT] = true},
                               .conductivity = 1 / 2e-8,
                               .thickness = 0.5e-6,
                               .face = linear(300),
                               .current = 100 * 0.51 * 0.1};
}

/* refs 3.2: i Lh^2 rho / (2 t) = 0.13 V for Lh 0.255 m, t 0.5 um, rho 2e-8 ohm m, i 100 A/m2; a face that hardly polarises with the
   drop (g -> 0: any current at any drop) takes it evenly */
static void a_uniform_current_drops_as_in_the_reference(void **state)
{
  (void)state;
  struct tgv_terminal        t = strip(128);
  struct tgv_terminal_result r;

  t.face = linear(1e-3);
  check_ok(tgv_terminal_solve(&t, &r));
  check_close(r.first.drop_max, 100 * 0.255 * 0.255 * 2e-8 / (2 * 0.5e-6), 2e-4);
  check_near(r.first.drop_max, 0.13, 0, 5e-4);
  tgv_terminal_release(&r);
}

/* u = E - V = E cosh(x / l) / cosh(Lh / l), l^2 = kappa t / g; with order 2 */
static double strip_error(int n)
{
  struct tgv_terminal        t = strip(n);
  struct tgv_terminal_result r;
  const double               l = sqrt(t.conductivity * t.thickness / 300), half = 0.255;
  const double               E = 100 * half / (300 * l * tanh(half / l)); /* mean of g u is 100 A/m2 */
  double                     worst = 0;

  check_ok(tgv_terminal_solve(&t, &r));
  for (int i = 0; i < n; i++) {
    const double x = (i + 0.5) * t.width / n - half, want = 300 * E * cosh(x / l) / cosh(half / l);

    worst = fmax(worst, fabs(r.first.current[n + i] - want) / want);
  }
  worst = fmax(worst, fabs(r.first.cell / E - 1));
  tgv_terminal_release(&r);
  return worst;
}

static void a_strip_is_a_cosh_with_order_two(void **state)
{
  (void)state;
  const double a = strip_error(32), b = strip_error(64), c = strip_error(128);

  print_message("# strip: %.2e %.2e %.2e\n", a, b, c);
  check_near(log2(a / b), 2, 0, 0.1);
  check_near(log2(b / c), 2, 0, 0.1);
  assert_true(c < 2e-4);
}

/* a disc with its rim in contact: i / i(rim) = I0(r / l) / I0(R / l); the rim is a staircase, order 1 */
static void a_disc_is_a_bessel_function(void **state)
{
  (void)state;
  double error[2];

  for (int k = 0; k < 2; k++) {
    const int                  n = k ? 160 : 80;
    struct tgv_terminal        t = {.width = 0.3,
                                    .height = 0.3,
                                    .round = true,
                                    .nx = n,
                                    .ny = n,
                                    .conductivity = 5e7,
                                    .thickness = 0.3e-6,
                                    .face = linear(1000),
                                    .current = 100 * M_PI * 0.15 * 0.15};
    struct tgv_terminal_result r;
    const double               l = sqrt(5e7 * 0.3e-6 / 1000), R = 0.15 / l;
    const double               mean = 2 * gsl_sf_bessel_I1(R) / (R * gsl_sf_bessel_I0(R)); /* of u over E */

    check_ok(tgv_terminal_solve(&t, &r));
    error[k] = fabs(r.first.current[(size_t)(n / 2) * (size_t)n + (size_t)(n / 2)] /
                        (100 / mean / gsl_sf_bessel_I0(R)) -
                    1);
    tgv_terminal_release(&r);
  }
  print_message("# disc: %.2e %.2e\n", error[0], error[1]);
  assert_true(error[1] < 0.01 && error[1] < 0.75 * error[0]);
}

/* ---- a manufactured solution: V = A sin(pi x) (1 + q cos(2 pi y)), film t0 (1 + p x y), contacts left and right, Butler-Volmer */

#define AMPLITUDE 0.08
#define BEND 0.3
#define WEDGE 0.6

struct made {
  double v, current, source; /* source: what must be given beside the face */
};

static struct made made_at(const struct tgv_terminal *t, double E, double x, double y)
{
  const double W = t->width, H = t->height, s = M_PI / W, c = 2 * M_PI / H;
  const double X = x / W, Y = y / H, film = t->thickness * (1 + WEDGE * X * Y);
  const double fx = t->thickness * WEDGE * Y / W, fy = t->thickness * WEDGE * X / H;
  const double wave = 1 + BEND * cos(c * y), v = AMPLITUDE * sin(s * x) * wave;
  const double vx = AMPLITUDE * s * cos(s * x) * wave, vy = -AMPLITUDE * sin(s * x) * BEND * c * sin(c * y);
  const double vxx = -s * s * v, vyy = -AMPLITUDE * sin(s * x) * BEND * c * c * cos(c * y);
  double       slope, i = tgv_face_current(&t->face, E - v, &slope);

  return (struct made){v, i, -t->conductivity * (film * (vxx + vyy) + fx * vx + fy * vy) - i};
}

static double made_error(int n)
{
  const double E = 0.35;
  double      *film = calloc((size_t)(n * n), sizeof *film), *given = calloc((size_t)(n * n), sizeof *given),
         worst = 0;
  struct tgv_terminal        t = {.width = 0.4,
                                  .height = 0.3,
                                  .nx = n,
                                  .ny = n,
                                  .edge = {[TGV_EDGE_LEFT] = true, [TGV_EDGE_RIGHT] = true},
                                  .conductivity = 5e7,
                                  .thickness = 1e-6,
                                  .film = film,
                                  .given = given,
                                  .thief_area = 0.01,
                                  .face = {TGV_FACE_BUTLER_VOLMER, 1e-3, 40, 15.6, 62.3}};
  struct tgv_terminal_result r;
  double                     slope;
  const int                  fine = 400; /* the current of the exact solution, by the midpoint rule */

  t.current = t.thief_area * tgv_face_current(&t.face, E, &slope);
  for (int k = 0; k < fine * fine; k++)
    t.current +=
        t.width * t.height / (fine * fine) *
        made_at(&t, E, (k % fine + 0.5) * t.width / fine, (k / fine + 0.5) * t.height / fine).current;
  for (int j = 0; j < n; j++)
    for (int i = 0; i < n; i++) {
      const double X = (i + 0.5) / n, Y = (j + 0.5) / n;

      film[j * n + i] = t.thickness * (1 + WEDGE * X * Y);
      given[j * n + i] = made_at(&t, E, X * t.width, Y * t.height).source;
    }
  check_ok(tgv_terminal_solve(&t, &r));
  for (int j = 0; j < n; j++)
    for (int i = 0; i < n; i++)
      worst = fmax(worst, fabs(r.first.drop[j * n + i] -
                               made_at(&t, E, (i + 0.5) / n * t.width, (j + 0.5) / n * t.height).v));
  worst = fmax(worst, fabs(r.first.cell - E));
  tgv_terminal_release(&r);
  free(film), free(given);
  return worst / AMPLITUDE;
}

static void a_manufactured_solution_converges_with_order_two(void **state)
{
  (void)state;
  const double a = made_error(16), b = made_error(32), c = made_error(64);

  print_message("# manufactured: %.2e %.2e %.2e\n", a, b, c);
  assert_true(log2(a / b) > 1.8 && log2(b / c) > 1.9);
}

/* ---- conservation */

static void the_rectifier_gets_its_current(void **state)
{
  (void)state;
  for (int k = 0; k < 4; k++) {
    struct tgv_terminal        t = strip(60);
    struct tgv_terminal_result r;

    t.ny = 50, t.height = 0.4;
    t.edge[TGV_EDGE_TOP] = k > 0;
    t.contact_pitch = k > 1 ? 0.1 : 0, t.contact_width = 0.02;
    t.thief_area = k > 2 ? 0.02 : 0;
    t.face = (struct tgv_face){TGV_FACE_BUTLER_VOLMER, k % 2 ? 3e-3 : 0, 40, 15.6, 62.3};
    t.current = 150 * 0.51 * 0.4;
    check_ok(tgv_terminal_solve(&t, &r));
    check_close(r.first.face_current + r.first.thief_current, t.current, 1e-9);
    check_close(r.contact_current, r.first.face_current, 1e-9);
    if (k > 2)
      assert_true(r.first.thief_current / 0.02 >
                  r.first.face_current / (0.51 * 0.4)); /* more than its share */
    tgv_terminal_release(&r);
  }
}

/* fewer or narrower contacts, thinner films, more current: less even */
static double spread_of(const struct tgv_terminal *t)
{
  struct tgv_terminal_result r;
  double                     low = INFINITY, high = 0;

  check_ok(tgv_terminal_solve(t, &r));
  for (int k = 0; k < t->nx * t->ny; k++)
    low = fmin(low, r.first.current[k]), high = fmax(high, r.first.current[k]);
  tgv_terminal_release(&r);
  return high / low;
}

static void worse_contacts_are_less_even(void **state)
{
  (void)state;
  struct tgv_terminal base = strip(40), t;

  base.ny = 40, base.height = 0.5, base.current = 100 * 0.51 * 0.5;
  base.face = (struct tgv_face){TGV_FACE_BUTLER_VOLMER, 3e-3, 40, 15.6, 62.3};
  base.edge[TGV_EDGE_TOP] = base.edge[TGV_EDGE_BOTTOM] = true;
  const double best = spread_of(&base);
  t = base, t.edge[TGV_EDGE_TOP] = false;
  assert_true(spread_of(&t) > best * 1.01);
  t = base, t.contact_pitch = 0.125, t.contact_width = 0.02;
  assert_true(spread_of(&t) > best * 1.01);
  t = base, t.thickness /= 2;
  assert_true(spread_of(&t) > best * 1.1);
  t = base, t.current *= 2;
  assert_true(spread_of(&t) > best * 1.01);
  t = base, t.face.bath *= 10;
  assert_true(spread_of(&t) < best * 0.9);
}

static void no_contact_is_refused(void **state)
{
  (void)state;
  struct tgv_terminal        t = strip(8);
  struct tgv_terminal_result r;

  memset(t.edge, 0, sizeof t.edge);
  assert_int_equal(tgv_terminal_solve(&t, &r), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "no contact"));
}

/* the polarisation curve with the bath in series: psi + R i = eta to rounding, far up too */
static void polarisation_solves_its_equation(void **state)
{
  (void)state;
  const struct tgv_face f = {TGV_FACE_BUTLER_VOLMER, 2e-3, 40, 15.6, 62.3};

  for (double eta = -2; eta <= 60; eta += 0.31) {
    double slope, above, i = tgv_face_current(&f, eta, &slope), psi = eta - f.bath * i, unused;

    check_near(f.i0 * (exp(f.a * psi) - exp(-f.c * psi)), i, 1e-7, 1e-9);
    above = tgv_face_current(&f, eta + 1e-5, &unused);
    check_near((above - i) / 1e-5, slope, 2e-3, 0);
  }
}

/* ---- a film that thickens */

/* A film without drop (huge conductivity) takes the current evenly: t grows by g i, and the mean is the start. A strip with a drop: the
   even current of a face that hardly polarises keeps drop_max = i Lh^2 / (2 kappa t(time)), whose mean has a logarithm. */
static void a_growing_film_follows_its_equation(void **state)
{
  (void)state;
  struct tgv_terminal        t = strip(40);
  struct tgv_terminal_result r;
  const double growth = 7.1e-6 / (2 * 96485.33), i = 100, end = 3600, t0 = 0.5e-6, t1 = t0 + growth * i * end;
  const double first = i * 0.255 * 0.255 / (2 * t.conductivity * t0);

  t.face = linear(1e-3);
  t.growth = growth, t.time = end;
  check_ok(tgv_terminal_solve(&t, &r));
  check_close(r.first.drop_max, first, 1e-3);
  check_close(r.last.drop_max, first * t0 / t1, 1e-3);
  check_close(r.mean.drop_max, first * t0 / (t1 - t0) * log(t1 / t0), 3e-3);
  print_message("# %zu steps, %zu solves\n", r.steps, r.solves);
  tgv_terminal_release(&r);
  t.face = linear(300); /* now the start is uneven, the end nearly even, the mean between */
  check_ok(tgv_terminal_solve(&t, &r));
  assert_true(r.first.current[60] < r.mean.current[60] && r.mean.current[60] < r.last.current[60]);
  check_close(r.mean.face_current, t.current, 1e-9);
  tgv_terminal_release(&r);
}

/* ---- the bath as a slab */

/* a cosine of the face drops tanh(k h) / (kappa k) times its current; an even current h / kappa */
static void a_cosine_drops_as_in_a_slab(void **state)
{
  (void)state;
  enum { NX = 12, NY = 10 };
  const struct tgv_bath_slab_size size = {NX, NY, 0.5, 0.4, 0.05, 15};
  struct tgv_bath_slab           *s;
  double                          j[NX * NY], drop[NX * NY];

  check_ok(tgv_bath_slab_new(&size, &s));
  for (int m = 0; m < 4; m++)
    for (int n = 0; n < 3; n++) {
      const double k = hypot(M_PI * m / 0.5, M_PI * n / 0.4),
                   Z = k > 0 ? tanh(k * 0.05) / (15 * k) : 0.05 / 15;

      for (int c = 0; c < NX * NY; c++)
        j[c] = cos(M_PI * m * (c % NX + 0.5) / NX) * cos(M_PI * n * (c / NX + 0.5) / NY);
      tgv_bath_slab_drop(s, j, drop);
      for (int c = 0; c < NX * NY; c++) check_near(drop[c], Z * j[c], 0, 1e-15);
    }
  tgv_bath_slab_free(s);
}

/* Walls on the left half of a panel without ohmic drop in its film, a face that takes nothing: a deep poor bath keeps the current where the walls
   are, and only there; equal walls all over: the current is even, and as large as the mean of the walls asks for. */
static void walls_share_the_current(void **state)
{
  (void)state;
  enum { N = 16 };
  double              wall[N * N], face[N * N], weight[N * N];
  struct tgv_terminal t = {.width = 0.4,
                           .height = 0.4,
                           .nx = N,
                           .ny = N,
                           .edge = {true, true, true, true},
                           .conductivity = 5e7,
                           .thickness = 1e-3,
                           .face = {TGV_FACE_BUTLER_VOLMER, 0.05 / 15, 0, 15.6, 62.3},
                           .wall = {TGV_FACE_BUTLER_VOLMER, 0, 40, 15.6, 62.3},
                           .wall_share = wall,
                           .face_share = face,
                           .depth = 0.05,
                           .weight = weight,
                           .mean = 100};

  for (int half = 0; half < 2; half++) {
    struct tgv_terminal_result r;
    double                     sum = 0, vias = 0, left = 0, right = 0;

    for (int c = 0; c < N * N; c++) {
      weight[c] = wall[c] = half && c % N >= N / 2 ? 0 : 0.3;
      face[c] = 0.9;
    }
    check_ok(tgv_terminal_solve(&t, &r));
    for (int c = 0; c < N * N; c++) {
      sum += weight[c] * r.first.bare[c], vias += weight[c];
      check_near(r.first.current[c], wall[c] * r.first.bare[c], 1e-9, 1e-12);
      if (c % N < N / 2)
        left += r.first.current[c];
      else
        right += r.first.current[c];
    }
    check_close(sum / vias, 100, 1e-9);
    if (half) {
      assert_true(right < 1e-9 * left);
      assert_true(r.first.current[N / 2 - 1] >
                  1.05 * r.first.current[0]); /* crowds at the edge of the array */
    } else {
      check_close(r.first.face_current, 100 * 0.3 * 0.16, 1e-3); /* of the drop in the film */
    }
    tgv_terminal_release(&r);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_uniform_current_drops_as_in_the_reference),
      cmocka_unit_test(a_strip_is_a_cosh_with_order_two),
      cmocka_unit_test(a_disc_is_a_bessel_function),
      cmocka_unit_test(a_manufactured_solution_converges_with_order_two),
      cmocka_unit_test(the_rectifier_gets_its_current),
      cmocka_unit_test(worse_contacts_are_less_even),
      cmocka_unit_test(no_contact_is_refused),
      cmocka_unit_test(polarisation_solves_its_equation),
      cmocka_unit_test(a_growing_film_follows_its_equation),
      cmocka_unit_test(a_cosine_drops_as_in_a_slab),
      cmocka_unit_test(walls_share_the_current),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
