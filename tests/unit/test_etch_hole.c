/* The etched hole with depletion of the etchant: against Huygens' principle without it, the hyperbolic cosine in a cylinder, a solution
   on a fixed grid, and its own balance and order. */
#include "check.h"

#include <stdlib.h>

#include "core/random.h"
#include "solver/etch_hole.h"
#include "solver/hole_mesh.h"

static const double um = 1e-6, minute = 60;

struct recipe {
  double                depth[3], slowness[3];
  struct tgv_etch_front front;
};

/* 500 um, track of 2 um, S = 20, etched for an hour; c0 in mol/L of HF, 0: no depletion */
static struct tgv_etch_front *recipe(struct recipe *r, double c0)
{
  *r = (struct recipe){{0, 250 * um, 500 * um},
                       {6 / um, 6 / um, 6 / um},
                       {.thickness = 500 * um,
                        .track_radius = 2 * um,
                        .time = 60 * minute,
                        .bulk_rate = 0.5 * um / minute,
                        .ratio = 1,
                        .supply = c0 > 0 ? 2.2e5 / (1.7e-9 * 1000 * c0) : 0,
                        .n = 3}};
  r->front.depth = r->depth, r->front.slowness = r->slowness;
  return &r->front;
}

static void without_depletion_it_is_huygens(void **state)
{
  (void)state;
  static const double grade[][4] = {{1, 1, 1, 1}, {1, 1, 1, 1.15}, {1, 1.2, 1.6, 1}, {1, 1.1, 1.2, 0}};

  for (int k = 0; k < 4; k++) {
    struct recipe          r;
    struct tgv_etch_front *f = recipe(&r, 0);
    struct tgv_etch_hole   h;
    double                 worst = 0, depth, met;

    for (int i = 0; i < 3; i++) r.slowness[i] *= grade[k][i];
    f->ratio = grade[k][3], f->time *= f->ratio > 0 ? 1 : 1.4;
    check_ok(tgv_etch_hole_solve(f, 80, -1, &h));
    met = tgv_etch_front_breakthrough(f, &depth);
    check_close(h.breakthrough, met, 3e-5);
    check_near(h.waist, f->ratio > 0 ? tgv_etch_front_waist(f) : f->thickness, 0, 0.02 * um);
    for (int i = 0; i <= 50; i++) {
      const double z = h.top + (h.bottom - h.top) * i / 50;

      worst = fmax(worst, fabs(tgv_etch_hole_radius(&h, z) - tgv_etch_front_radius(f, z)));
    }
    print_message("# track %g, %g, %g, faces %g: radii differ by %.2g um\n", grade[k][0], grade[k][1],
                  grade[k][2], grade[k][3], worst / um);
    assert_true(worst < (k > 1 ? 2e-3 * um : 1e-9 * um));
    check_close(h.least, 1, 1e-12);
    tgv_etch_hole_release(&h);
  }
}

/* A cylinder that does not change, Thiele modulus 2: c = cosh(phi (1 - 2 x)) / cosh(phi) from mouth to mouth, flux phi tanh(phi). */
static void a_fixed_cylinder(void **state)
{
  (void)state;
  enum { MOST = 161 };
  const double r = 0.03, phi = 2, d = 2 * r * phi * phi;
  double       room[8][MOST], before = 0;

  for (size_t n = 21; n <= MOST; n = 2 * n - 1) {
    struct tgv_hole_mesh g = {0, room[0], room[1], room[2], room[3], room[4], room[5], room[6], room[7]};
    double               worst = 0, used;

    for (size_t i = 0; i < n; i++) tgv_hole_mesh_add(&g, (double)i / (double)(n - 1), r, 1);
    used = tgv_hole_mesh_solve(&g, d, true, 0);
    tgv_hole_mesh_differentiate(&g);
    for (size_t i = 0; i < n; i++) {
      const double y = phi * (1 - 2 * g.x[i]);

      worst = fmax(worst, fabs(g.c[i] - cosh(y) / cosh(phi)));
      if (n == MOST) check_near(g.slope[i], -2 * phi * sinh(y) / cosh(phi), 0, 2e-3);
    }
    print_message("# %zu nodes: c / c0 off by %.2g\n", n, worst);
    if (before > 0) assert_true(log2(before / worst) > 1.95);
    if (n == MOST)
      check_close(d * used, 2 * r * r * 2 * phi * tanh(phi), 1e-3); /* what comes in at both mouths */
    before = worst;
  }
  assert_true(before < 5e-5);
}

/* A wide track in a fast bath: when the tips have met the hole is still a cylinder, to 1 %. c / c0 in the middle = 1 / cosh(phi),
   phi2 = (h / 2)2 2 n_g v_b / (R D c0). */
static void a_cylinder_has_a_hyperbolic_cosine(void **state)
{
  (void)state;
  struct recipe          r;
  struct tgv_etch_front *f = recipe(&r, 40);
  struct tgv_etch_hole   h;
  double                 phi;

  f->track_radius = 50 * um, f->bulk_rate = 0.05 * um / minute;
  for (int i = 0; i < 3; i++) r.slowness[i] = 1e-4 / f->bulk_rate;
  check_ok(tgv_etch_hole_solve(f, 80, 0.02, &h));
  phi = 250 * um * sqrt(2 * f->bulk_rate * f->supply / tgv_etch_hole_radius(&h, 250 * um));
  print_message("# least etchant 1 - %.5g, 1 - 1 / cosh(%.4g) = %.5g\n", 1 - h.least, phi, 1 - 1 / cosh(phi));
  check_close(1 - h.least, 1 - 1 / cosh(phi), 5e-3);
  tgv_etch_hole_release(&h);
}

/* ---- an independent solution: fixed grid down to the middle, radii by upwind differences, explicit steps; first order */

struct grid {
  int     n, tip; /* cells to the middle; last node that the tip has passed */
  double *r, *c, *a, *b;
  double  t, front;
};

/* dimensionless: lengths over h, times over h / v_b */
static void diffuse_on_grid(struct grid *g, double d, double r0, double slow)
{
  const double dz = 0.5 / g->n;
  int          first = (int)ceil(g->t / dz);

  if (first > g->tip) first = g->tip;
  for (int j = 0; j <= g->n; j++) g->c[j] = j <= first;
  g->a[first] = 0, g->b[first] = 1;
  for (int j = first + 1; j <= g->tip; j++) { /* elimination downwards: c[j-1] = a[j-1] c[j] + b[j-1] */
    const bool   last = j == g->tip;
    const double up = 0.25 * (g->r[j] + g->r[j - 1]) * (g->r[j] + g->r[j - 1]) / dz;
    const double down = last ? 0 : 0.25 * (g->r[j] + g->r[j + 1]) * (g->r[j] + g->r[j + 1]) / dz;
    const double slope = (g->r[j] - g->r[j - 1]) / dz;
    const double used = d * (2 * g->r[j] * sqrt(1 + slope * slope) * dz * (last ? 0.5 : 1) +
                             (last && g->tip < g->n ? r0 * r0 / slow : 0));
    const double on = up + down + used - up * g->a[j - 1];

    g->a[j] = down / on, g->b[j] = up * g->b[j - 1] / on;
  }
  g->c[g->tip] = g->tip > first ? g->b[g->tip] : 1;
  for (int j = g->tip; j-- > first + 1;) g->c[j] = g->a[j] * g->c[j + 1] + g->b[j];
}

static void step_on_grid(struct grid *g, double d, double r0, double slow, double end)
{
  const double dz = 0.5 / g->n;
  double       dt;

  diffuse_on_grid(g, d, r0, slow);
  dt = fmin(0.2 * dz * slow, end - g->t);
  for (int j = g->tip; j >= 0; j--) {
    const double slope = j > 0 ? (g->r[j] - g->r[j - 1]) / dz : 0;

    g->r[j] += dt * g->c[j] * sqrt(1 + slope * slope);
  }
  if (g->tip < g->n) {
    g->front += dt * g->c[g->tip] / slow;
    if (g->front > dz * (g->tip + 1)) g->r[++g->tip] = r0;
  }
  g->t += dt;
}

/* diameter at the top, half-way and in the middle [m] */
static void on_grid(const struct tgv_etch_front *f, int n, double *out)
{
  const double h = f->thickness, slow = f->bulk_rate * f->slowness[0], end = f->bulk_rate * f->time / h;
  double      *all = calloc((size_t)(4 * (n + 1)), sizeof *all);
  struct grid  g = {.n = n, .r = all, .c = all + n + 1, .a = all + 2 * (n + 1), .b = all + 3 * (n + 1)};

  assert_non_null(all);
  g.r[0] = f->track_radius / h;
  while (g.t < end - 1e-12) step_on_grid(&g, f->bulk_rate * h * f->supply, f->track_radius / h, slow, end);
  for (int k = 0; k < 3; k++) {
    const double x = (end + (0.5 - end) * 0.5 * k) * 2 * n;
    const int    j = (int)fmin(x, n - 1);

    out[k] = 2 * h * (g.r[j] + (x - j) * (g.r[j + 1] - g.r[j]));
  }
  free(all);
}

static void a_fixed_grid_gives_the_same(void **state)
{
  (void)state;
  const double c0[] = {20, 5};

  for (int k = 0; k < 2; k++) {
    struct recipe          r;
    struct tgv_etch_front *f = recipe(&r, c0[k]);
    struct tgv_etch_hole   h;
    double                 coarse[3], fine[3], z;

    check_ok(tgv_etch_hole_solve(f, 80, -1, &h));
    on_grid(f, 200, coarse), on_grid(f, 400, fine);
    for (int i = 0; i < 3; i++) {
      const double limit = 2 * fine[i] - coarse[i]; /* of first order */

      z = h.top + 0.5 * i * (250 * um - h.top);
      print_message("# %g mol/L: %.4f um, on a grid %.4f, %.4f, limit %.4f um\n", c0[k],
                    2 * tgv_etch_hole_radius(&h, z) / um, coarse[i] / um, fine[i] / um, limit / um);
      check_near(2 * tgv_etch_hole_radius(&h, z), limit, 0, 0.03 * um);
    }
    tgv_etch_hole_release(&h);
  }
}

/* ---- numbers of its own */

static void order_and_balance(void **state)
{
  (void)state;
  struct recipe          r;
  struct tgv_etch_front *f = recipe(&r, 5);
  double                 waist[4], mouth[4], balance[4];

  f->ratio = 0.9, r.slowness[2] *= 1.1;
  for (int k = 0; k < 4; k++) {
    struct tgv_etch_hole h;

    check_ok(tgv_etch_hole_solve(f, (size_t)20 << k, -1, &h));
    waist[k] = tgv_etch_hole_radius(&h, h.waist), mouth[k] = tgv_etch_hole_radius(&h, h.top);
    balance[k] = h.consumed / h.dissolved - 1;
    tgv_etch_hole_release(&h);
  }
  for (int k = 2; k < 4; k++) {
    const double a = log2((waist[k - 2] - waist[k - 1]) / (waist[k - 1] - waist[k])),
                 b = log2((mouth[k - 2] - mouth[k - 1]) / (mouth[k - 1] - mouth[k])),
                 c = log2(balance[k - 1] / balance[k]);

    print_message("# %d steps: orders %.2f (waist), %.2f (mouth), %.2f (balance, %.2g)\n", 20 << k, a, b, c,
                  balance[k]);
    assert_true(a > 1.7 && b > 1.7 && c > 1.8);
  }
  check_near(waist[2], waist[3], 0, 0.01 * um);
  check_near(balance[3], 0, 0, 2e-5); /* etchant drawn from the bath against glass gone */
}

/* less etchant: later through than without depletion, earlier than if the wall used up as much as at full rate; narrower waist */
static void less_etchant_less_hole(void **state)
{
  (void)state;
  double last = HUGE_VAL;

  for (int k = 0; k < 5; k++) {
    struct recipe          r;
    struct tgv_etch_front *f = recipe(&r, k ? 40 / pow(2, k) : 0);
    struct tgv_etch_hole   h;
    double                 depth, waist;

    check_ok(tgv_etch_hole_solve(f, 40, -1, &h));
    waist = tgv_etch_hole_radius(&h, h.waist);
    assert_true(waist < last && waist <= tgv_etch_front_radius(f, 250 * um) + 1e-12);
    assert_true(h.breakthrough <= tgv_etch_front_breakthrough(f, &depth) * (1 + 1e-9) &&
                h.breakthrough >= 25 * minute * (1 - 1e-9));
    for (int i = 0; i < 50; i++) /* the wall narrows all the way */
      assert_true(tgv_etch_hole_radius(&h, h.top + (250 * um - h.top) * i / 50) >
                  tgv_etch_hole_radius(&h, h.top + (250 * um - h.top) * (i + 1) / 50));
    last = waist;
    tgv_etch_hole_release(&h);
  }
}

static void closed_slow_and_dissolved(void **state)
{
  (void)state;
  struct recipe          r;
  struct tgv_etch_front *f = recipe(&r, 5);
  struct tgv_etch_hole   h;

  f->time = 20 * minute;
  check_ok(tgv_etch_hole_solve(f, 40, -1, &h));
  assert_true(!isfinite(h.breakthrough) && tgv_etch_hole_radius(&h, 250 * um) == 0);
  check_near(h.tip[0], h.tip[1], 1e-12, 0);
  assert_true(tgv_etch_hole_radius(&h, 0.99 * h.tip[0]) > 2 * um &&
              tgv_etch_hole_radius(&h, 1.01 * h.tip[0]) == 0);
  tgv_etch_hole_release(&h);
  f->time = 1000 * minute; /* the glass is gone after 500 */
  check_ok(tgv_etch_hole_solve(f, 20, -1, &h));
  check_near(h.time, 500 * minute, 1e-5, 0);
  tgv_etch_hole_release(&h);
  r.slowness[1] = 130 / um;
  assert_int_equal(tgv_etch_hole_solve(f, 20, -1, &h), TGV_INPUT);
}

/* far outside of what anybody etches: an answer with finite numbers, or an error, and soon */
static void any_recipe_ends(void **state)
{
  (void)state;
  size_t refused = 0;

  for (uint64_t i = 0; i < 400; i++) {
    double u[9];

    for (uint32_t k = 0; k < 9; k++) u[k] = tgv_random_uniform(tgv_random_key_make(2, 1, 1), k, i);
    const double h = 10 * um * pow(500, u[0]), rate = 1e-5 * um / minute * pow(1e7, u[1]),
                 slow = pow(1e-5, u[2]) / rate;
    const double depth[] = {0, 0.5 * h, h},
                 slowness[] = {slow, slow * pow(20, 2 * u[3] - 1), slow * pow(20, 2 * u[4] - 1)};
    const struct tgv_etch_front f = {.thickness = h,
                                     .track_radius = 0.1 * um * pow(5000, u[5]),
                                     .time = h * slow * 1e-3 * pow(1e6, u[6]),
                                     .bulk_rate = rate,
                                     .ratio = i % 4 ? pow(100, 2 * u[7] - 1) : 0,
                                     .supply = 1e3 * pow(1e10, u[8]),
                                     .n = 3,
                                     .depth = depth,
                                     .slowness = slowness};
    struct tgv_etch_hole        hole;

    if (tgv_etch_hole_solve(&f, 30, -1, &hole)) {
      refused++;
      continue;
    }
    assert_true(hole.waist >= 0 && hole.waist <= h * (1 + 1e-9) && hole.least >= 0 && hole.least <= 1);
    for (int k = 0; k <= 20; k++)
      assert_true(isfinite(tgv_etch_hole_radius(&hole, hole.top + (hole.bottom - hole.top) * k / 20)));
    tgv_etch_hole_release(&hole);
  }
  print_message("# %zu of 400 refused\n", refused);
  assert_true(refused < 200);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_depletion_it_is_huygens),
      cmocka_unit_test(a_fixed_cylinder),
      cmocka_unit_test(a_cylinder_has_a_hyperbolic_cosine),
      cmocka_unit_test(a_fixed_grid_gives_the_same),
      cmocka_unit_test(order_and_balance),
      cmocka_unit_test(less_etchant_less_hole),
      cmocka_unit_test(closed_slow_and_dissolved),
      cmocka_unit_test(any_recipe_ends),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
