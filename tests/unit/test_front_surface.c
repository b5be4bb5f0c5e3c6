/* What a species on a moving surface does where the surface turns, v = theta, against closed forms.

   A surface whose speed is proportional to the coverage it keeps obeys phi_t = theta_s, theta_t = theta^2 phi_s (phi: its direction, s along
   it): hyperbolic, speeds +-theta. Where two faces meet at the outer angle d towards the bath, a kink runs from the corner into each face, with
   a facet between them. Through a kink that turns by d the coverage grows by R(d) = (1 + sin d) / cos d (conservation with the two speeds of the
   kink's sides); a right angle splits into two of 45 degrees: R = 1 + sqrt 2. Around an edge the coverage fans out by exp(-d) a turn d, half
   of it from each side: exp(-pi/4) for a right angle. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/front_nearest.h"
#include "solver/level_set.h"
#include "solver/plating_bath_fipy.h"
#include "solver/plating_front.h"

static const double half = 0.24, wide = 0.6; /* of the trench and its cell, of its depth */

struct trench {
  struct tgv_front_grid    grid;
  struct tgv_level_set     level;
  struct tgv_front_nearest near;
  struct tgv_front_surface s, next;
  double                  *theta, *theta_next, *v, travel, time;
};

static void trench_room(struct trench *t)
{
  check_ok(tgv_level_set_new(&t->grid, &t->level));
  check_ok(tgv_front_nearest_new(&t->grid, &t->near));
  check_ok(tgv_front_surface_new(&t->grid, &t->s));
  check_ok(tgv_front_surface_new(&t->grid, &t->next));
  t->theta = calloc(t->s.room, sizeof(double)), t->theta_next = calloc(t->s.room, sizeof(double));
  t->v = calloc(tgv_front_grid_nodes(&t->grid), sizeof(double));
  assert_true(t->theta && t->theta_next && t->v);
}

static void trench_init(struct trench *t, double cells)
{
  double                        z[2] = {0, 1}, r[2] = {half, half};
  const struct tgv_plating_case c = {
      .profile = {2, z, r}, .cell_radius = wide, .ends = TGV_PLATING_BLIND, .boundary_layer = 0.6};
  const struct tgv_front_resolution res = {cells, half * cells, 1.2, 0.6};

  *t = (struct trench){.travel = 0};
  check_ok(tgv_front_grid_build(&c, &res, true, &t->grid));
  trench_room(t);
  tgv_front_grid_distance(&t->grid, &c, t->level.phi);
  check_ok(tgv_front_surface_cut(&t->s, t->level.phi));
  for (size_t k = 0; k < t->s.pieces; k++) t->theta[k] = 1;
}

static void trench_release(struct trench *t)
{
  tgv_front_surface_release(&t->s), tgv_front_surface_release(&t->next);
  tgv_front_nearest_release(&t->near), tgv_level_set_release(&t->level), tgv_front_grid_release(&t->grid);
  free(t->theta), free(t->theta_next), free(t->v);
}

/* One step at the extended speed v; what lies on the surface goes over to the new one. */
static void hand_on(struct trench *t, double dt)
{
  const struct tgv_front_surface keep = t->s;
  double                        *theta = t->theta;

  tgv_front_nearest_find(&t->near, &t->s, t->level.phi, HUGE_VAL);
  tgv_level_set_advance(&t->level, t->v, dt);
  check_ok(tgv_front_surface_cut(&t->next, t->level.phi));
  tgv_front_nearest_hand_over(&t->near, &t->next, theta, t->theta_next);
  memcpy(theta, t->theta_next, t->next.pieces * sizeof *theta);
  tgv_front_surface_even(&t->next, theta, dt, t->theta_next);
  t->s = t->next, t->next = keep, t->theta = t->theta_next, t->theta_next = theta;
  t->time += dt;
}

/* Until the time, v = theta */
static void move(struct trench *t, double until)
{
  while (t->time < until - 1e-12) {
    double fast = 0;

    for (size_t k = 0; k < t->s.pieces; k++) fast = fmax(fast, t->theta[k]);
    const double dt = fmin(0.4 * t->grid.h / fast, until - t->time);

    tgv_front_nearest_find(&t->near, &t->s, t->level.phi, HUGE_VAL);
    if (t->travel > 2 * t->grid.h) tgv_front_nearest_distance(&t->near, t->level.phi), t->travel = 0;
    tgv_front_nearest_extend(&t->near, t->theta, t->v);
    t->travel += fast * dt;
    hand_on(t, dt);
  }
}

static double amount(const struct trench *t)
{
  double sum = 0;

  for (size_t k = 0; k < t->s.pieces; k++) sum += t->s.piece[k].area * t->theta[k];
  return sum;
}

/* Mean coverage and turn of the normal from the vertical over the pieces between two radii, below or above the mouth's edge */
static double facet(const struct trench *t, double from, double to, bool floor, double *turn)
{
  double sum = 0, area = 0, nr = 0, nz = 0;

  for (size_t k = 0; k < t->s.pieces; k++) {
    const struct tgv_front_piece *p = &t->s.piece[k];

    if (p->r < from || p->r > to || (p->z > 0.5) != floor) continue;
    sum += p->area * t->theta[k], area += p->area, nr += p->area * p->nr, nz += p->area * p->nz;
  }
  *turn = atan2(-nr, -nz);
  return sum / area;
}

static void corners_and_edges_make_facets(void **state)
{
  (void)state;
  struct trench t;
  double        inner, outer, time = 0.08;

  trench_init(&t, 100);
  const double before = amount(&t);

  move(&t, time);
  /* the facet of the corner: its kinks run along the walls at R of their speed, the face itself at 1 */
  const double kink = half - (1 + sqrt(2)) * time, wall = half - time, width = wall - kink;
  const double corner = facet(&t, kink + 0.2 * width, wall - 0.2 * width, true, &inner);
  const double edge = facet(&t, 0.215, 0.235, false, &outer);

  print_message("corner: theta %.4f, %.2f degrees; edge: %.4f, %.2f degrees; kept %.1e\n", corner,
                inner * 180 / M_PI, edge, outer * 180 / M_PI, amount(&t) / before - 1);
  check_close(corner, 1 + sqrt(2), 0.03);
  check_near(inner, M_PI / 4, 0, 0.02);
  check_close(edge, exp(-M_PI / 4), 0.04);
  check_near(outer, M_PI / 4, 0, 0.05);
  check_close(amount(&t), before, 1e-9);
  trench_release(&t);
}

/* The kinks of both corners meet in the middle plane, a mirror, at t = half / R: there the floor comes up again, at R^2. */
static double floor_after(double cells, double time, double *kept, double *noise)
{
  struct trench t;
  double        height = 0, area = 0, off = 0, want = pow(1 + sqrt(2), 2);

  trench_init(&t, cells);
  const double before = amount(&t), r_floor = 0.6 * (1 + sqrt(2)) * (time - half / (1 + sqrt(2)));

  move(&t, time);
  for (size_t k = 0; k < t.s.pieces; k++) {
    const struct tgv_front_piece *p = &t.s.piece[k];

    if (p->r > r_floor || p->z < 0.3) continue;
    height += p->area * (1 - p->z), area += p->area;
    off += p->area * (t.theta[k] - want) * (t.theta[k] - want);
  }
  *noise = sqrt(off / area);
  *kept = amount(&t) / before;
  trench_release(&t);
  return height / area;
}

static void kinks_meet_in_a_mirror(void **state)
{
  (void)state;
  const double R = 1 + sqrt(2), time = 0.135, exact = half / R + R * R * (time - half / R);
  double       kept[2], noise[2];
  const double coarse = floor_after(50, time, &kept[0], &noise[0]),
               fine = floor_after(100, time, &kept[1], &noise[1]);

  print_message("floor at %.4f, %.4f, exact %.4f; theta off by %.2f, %.2f of %.2f; kept %.1e, %.1e\n", coarse,
                fine, exact, noise[0], noise[1], R * R, kept[0] - 1, kept[1] - 1);
  check_near(kept[0], 1, 0, 1e-6);
  check_near(kept[1], 1, 0, 1e-6);
  check_near(coarse, exact, 0, 0.025);
  check_near(fine, exact, 0, 0.006);
  assert_true(noise[1] < 0.1 * R * R);
}

/* A bubble of bath that closes at speed 1, its poles on the axis: theta r^2 stays what it was. */
static void coverage_of_a_bubble_is_kept(void **state)
{
  (void)state;
  enum { N = 48 };
  struct trench t = {.grid = {.nr = N, .nz = 2 * N, .h = 1.2 / N}};
  double        off = 0, area = 0;

  t.grid.r = calloc(N + 1, sizeof(double)), t.grid.z = calloc(2 * N + 1, sizeof(double));
  for (size_t i = 0; i <= N; i++) t.grid.r[i] = 1.2 * (double)i / N;
  for (size_t j = 0; j <= 2 * N; j++) t.grid.z[j] = 1.2 * (double)j / N - 1.2 + 0.007;
  trench_room(&t);
  for (size_t k = 0; k < tgv_front_grid_nodes(&t.grid); k++)
    t.level.phi[k] = 1 - hypot(t.grid.r[k % (N + 1)], t.grid.z[k / (N + 1)]);
  check_ok(tgv_front_surface_cut(&t.s, t.level.phi));
  for (size_t k = 0; k < t.s.pieces; k++) t.theta[k] = 0.2;
  const double before = amount(&t);

  for (size_t k = 0; k < tgv_front_grid_nodes(&t.grid); k++) t.v[k] = 1;
  while (t.time < 0.5 - 1e-12) hand_on(&t, fmin(0.4 * t.grid.h, 0.5 - t.time));
  for (size_t k = 0; k < t.s.pieces; k++) {
    area += t.s.piece[k].area, off += t.s.piece[k].area * fabs(t.theta[k] - 0.8);
  }
  print_message("bubble: kept %.1e, area %.4f of 0.5, off by %.4f of 0.8\n", amount(&t) / before - 1, area,
                off / area);
  check_close(amount(&t), before, 1e-9);
  check_close(area, 0.5, 2e-3);
  assert_true(off / area < 0.012);
  trench_release(&t);
}

/* On a flat surface between two mirrors a cosine decays by 1 / (1 + D dt k^2) in an implicit step, D = v h / 2. */
static void contents_even_out(void **state)
{
  (void)state;
  struct trench t;
  double       *speed, worst = 0, before = 0;
  const double  v = 3, dt = 0.5;

  trench_init(&t, 40);
  speed = calloc(t.s.room, sizeof *speed);
  for (size_t k = 0; k < tgv_front_grid_nodes(&t.grid); k++)
    t.level.phi[k] = 0.51234 - t.grid.z[k / (t.grid.nr + 1)];
  check_ok(tgv_front_surface_cut(&t.s, t.level.phi));
  for (size_t k = 0; k < t.s.pieces; k++) {
    speed[k] = -v, t.theta[k] = 1 + 0.5 * cos(M_PI * t.s.piece[k].r / wide);
    before += t.s.piece[k].area * t.theta[k];
  }
  const double decay = 1 / (1 + 0.5 * v * t.grid.h * dt * M_PI * M_PI / (wide * wide));

  tgv_front_surface_even(&t.s, speed, dt, t.theta);
  for (size_t k = 0; k < t.s.pieces; k++)
    worst = fmax(worst, fabs(t.theta[k] - 1 - 0.5 * decay * cos(M_PI * t.s.piece[k].r / wide)));
  print_message("decay %.4f, worst %.1e\n", decay, worst);
  assert_true(decay < 0.8 && worst < 5e-3);
  check_close(amount(&t), before, 1e-12);
  free(speed);
  trench_release(&t);
}

/* Coverage and thickness of a flat deposit under a layer in which diffusion is steady, in FiPy's numbers */
static void flat_rates(const double *y, double *rate)
{
  const double layer = 0.3e-6 - y[1], k = 1.76 + 245e-6 * 0.027, ion_flow = 5.6e-10 * 250;
  const double s = 5e-3 / (1 + 9.8e-6 * k * (1 - y[0]) * layer / 1e-9);
  const double free = (0.26 + 45 * y[0]) * exp(0.5 * 9.6e4 * 0.3 / (8.314 * 298)) / (2 * 9.6e4);

  rate[0] = k * s * (1 - y[0]);
  rate[1] = 7.1e-6 * free / (1 + free * layer / ion_flow);
}

/* The midpoint rule; its error is below 1e-6 */
static void flat_deposit(double time, double *y)
{
  const int    n = 5000;
  const double dt = time / n;

  for (int step = 0; step < n; step++) {
    double rate[2], middle[2];

    flat_rates(y, rate);
    for (int a = 0; a < 2; a++) middle[a] = y[a] + 0.5 * dt * rate[a];
    flat_rates(middle, rate);
    for (int a = 0; a < 2; a++) y[a] += dt * rate[a];
  }
}

/* A hair in a wide face stands for the flat face. */
static void flat_face_gathers_accelerator(void **state)
{
  (void)state;
  double                                 z[2] = {0, 0.1e-6}, r[2] = {2e-9, 2e-9}, exact[2] = {0, 0};
  const struct tgv_plating_segment       drive = {1, 0.3};
  const struct tgv_plating_case          c = {.bath = tgv_plating_bath_fipy(),
                                              .profile = {2, z, r},
                                              .cell_radius = 3e-6,
                                              .ends = TGV_PLATING_BLIND,
                                              .boundary_layer = 0.3e-6,
                                              .segments = 1,
                                              .segment = &drive,
                                              .time = 6};
  const struct tgv_plating_front_options o = {.depth_cells = 10,
                                              .gap_cells = 1,
                                              .growth = 2,
                                              .overburden = 0.2e-6,
                                              .snapshot_time = 10,
                                              .planar = true};
  struct tgv_plating_outcome             out;
  double                                 far = 0, height = 0, covered = 0;

  check_ok(tgv_plating_front_solve(&c, &o, &out));
  flat_deposit(c.time, exact);
  const struct tgv_plating_snapshot *end = &out.snapshot[out.snapshots - 1];

  for (size_t k = 0; k < end->n; k++)
    if (end->r[k] > far) far = end->r[k], height = -end->z[k], covered = end->coverage[k];
  print_message("height %.6g m, exact %.6g; coverage %.6f, exact %.6f\n", height, exact[1], covered,
                exact[0]);
  check_close(height, exact[1], 1e-3);
  check_close(covered, exact[0], 1e-3);
  tgv_plating_outcome_release(&out);
}

/* FiPy's example simpleTrenchSystem (4.0.3, 10 nm cells, run for bench/plating_trench) as it cuts the trench: 0.24 um wide, pitch 0.58 um. Times
   at which the middle of the floor has risen to 0.10, 0.25, 0.40 of 0.5 um. */
static void trench_with_accelerator_fills_like_fipys(void **state)
{
  (void)state;
  static const double              rise[3] = {0.10e-6, 0.25e-6, 0.40e-6}, fipy[3] = {5.0529, 6.0192, 6.3634};
  double                           z[2] = {0, 0.5e-6}, r[2] = {0.12e-6, 0.12e-6}, last = 0, last_time = 0;
  const struct tgv_plating_segment drive = {1, 0.3};
  const struct tgv_plating_case    c = {.bath = tgv_plating_bath_fipy(),
                                        .profile = {2, z, r},
                                        .cell_radius = 0.29e-6,
                                        .ends = TGV_PLATING_BLIND,
                                        .boundary_layer = 0.3e-6,
                                        .segments = 1,
                                        .segment = &drive,
                                        .time = 7};
  const struct tgv_plating_front_options o = {.depth_cells = 50,
                                              .gap_cells = 12,
                                              .overburden = 0.2e-6,
                                              .snapshot_time = 0.02,
                                              .planar = true,
                                              .stop_when_closed = true};
  struct tgv_plating_outcome             out;
  int                                    next = 0;

  check_ok(tgv_plating_front_solve(&c, &o, &out));
  for (size_t k = 0; k < out.snapshots && next < 3; k++) {
    const struct tgv_plating_snapshot *s = &out.snapshot[k];
    double                             near = HUGE_VAL, height = 0;

    for (size_t p = 0; p < s->n; p++)
      if (s->r[p] < near) near = s->r[p], height = z[1] - s->z[p];
    for (; next < 3 && height >= rise[next]; next++) {
      const double time = last_time + (rise[next] - last) / (height - last) * (s->time - last_time);

      print_message("%.2f um: %.4f s, FiPy %.4f s\n", rise[next] * 1e6, time, fipy[next]);
      check_close(time, fipy[next], next < 2 ? 0.01 : 0.02);
    }
    last = height, last_time = s->time;
  }
  assert_int_equal(next, 3);
  assert_int_equal(out.regime, TGV_PLATING_FILLED);
  tgv_plating_outcome_release(&out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(corners_and_edges_make_facets),
      cmocka_unit_test(kinks_meet_in_a_mirror),
      cmocka_unit_test(coverage_of_a_bubble_is_kept),
      cmocka_unit_test(contents_even_out),
      cmocka_unit_test(flat_face_gathers_accelerator),
      cmocka_unit_test(trench_with_accelerator_fills_like_fipys),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
