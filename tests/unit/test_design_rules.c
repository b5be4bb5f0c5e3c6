#include "check.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/package_arrays.h"
#include "solver/design_rules.h"
#include "solver/via_density.h"

static const double um = 1e-6, mm = 1e-3;

static double draw(uint64_t *s)
{
  *s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*s >> 11) * 0x1p-53;
}

static void test_disc_in_rectangle(void **state)
{
  uint64_t s = 1;
  (void)state;
  for (int trial = 0; trial < 60; trial++) {
    double r = 0.2 + draw(&s), x0 = 3 * draw(&s) - 1.5, y0 = 3 * draw(&s) - 1.5;
    double x1 = x0 + 2 * draw(&s), y1 = y0 + 2 * draw(&s), sum = 0;
    int    n = 20000; /* strips along x, exact along y */
    for (int i = 0; i < n; i++) {
      double u = x0 + (x1 - x0) * (i + 0.5) / n, h = fabs(u) < r ? sqrt(r * r - u * u) : -1;
      if (h > 0) sum += fmax(0, fmin(y1, h) - fmax(y0, -h)) * (x1 - x0) / n;
    }
    check_near(tgv_disc_in_rectangle(r, x0, x1, y0, y1), sum, 0, 3e-6);
  }
  check_close(tgv_disc_in_rectangle(2, -2, 2, -2, 2), M_PI * 4, 1e-14);
  check_close(tgv_disc_in_rectangle(2, 0, 9, -9, 0), M_PI, 1e-14);
  assert_true(tgv_disc_in_rectangle(1, 0.8, 2, 0.8, 2) == 0);
}

enum { N = 900, GROUPS = 3 };

struct scene {
  double              x[N], y[N], diameter[N], pad_x[N], pad_y[N];
  uint32_t            group[N];
  double              etched[GROUPS];
  struct tgv_rule_job job;
};

static void make_scene(struct scene *c, uint64_t *s)
{
  double side = (0.5 + draw(s)) * mm;
  for (int g = 0; g < GROUPS; g++) c->etched[g] = (40 + 30 * draw(s)) * um;
  for (int i = 0; i < N; i++) {
    c->x[i] = side * (draw(s) - 0.5);
    c->y[i] = side * (draw(s) - 0.5);
    c->diameter[i] = (20 + 20 * draw(s)) * um;
    c->pad_x[i] = c->x[i] + 10 * um * (draw(s) - 0.5);
    c->pad_y[i] = c->y[i] + 10 * um * (draw(s) - 0.5);
    c->group[i] = (uint32_t)(draw(s) * GROUPS);
  }
  c->job = (struct tgv_rule_job){.layout = {.n = N, .x = c->x, .y = c->y, .group = c->group},
                                 .width = 1.05 * side,
                                 .height = 1.1 * side,
                                 .thickness = 0.5 * mm,
                                 .via_diameter = c->diameter,
                                 .group_etched = c->etched,
                                 .pad_x = c->pad_x,
                                 .pad_y = c->pad_y,
                                 .pad_diameter = 60 * um,
                                 .groups = GROUPS,
                                 .worst = 10};
}

struct brute {
  uint64_t violations;
  double   worst;
};

static void note(struct brute *b, bool most, double value, double limit)
{
  if (most ? value > limit : value < limit) b->violations++;
  if (most ? value > b->worst : value < b->worst) b->worst = value;
}

static void brute_force(const struct scene *c, const struct tgv_design_rules *d,
                        struct brute b[TGV_RULE_COUNT])
{
  for (int r = 0; r < TGV_RULE_COUNT; r++)
    b[r] = (struct brute){0, tgv_rule_info(r)->most ? -INFINITY : INFINITY};
  for (int i = 0; i < N; i++) {
    double edge =
        fmin(0.5 * c->job.width - fabs(c->x[i]), 0.5 * c->job.height - fabs(c->y[i])) - 0.5 * c->diameter[i];
    note(&b[TGV_RULE_diameter_min], false, c->diameter[i], d->limit[TGV_RULE_diameter_min]);
    note(&b[TGV_RULE_aspect_ratio_max], true, c->job.thickness / c->diameter[i],
         d->limit[TGV_RULE_aspect_ratio_max]);
    note(&b[TGV_RULE_edge_min], false, edge, d->limit[TGV_RULE_edge_min]);
    note(&b[TGV_RULE_ring_min], false,
         0.5 * (c->job.pad_diameter - c->diameter[i]) - hypot(c->x[i] - c->pad_x[i], c->y[i] - c->pad_y[i]),
         d->limit[TGV_RULE_ring_min]);
    for (int j = 0; j < i; j++) {
      double distance = hypot(c->x[i] - c->x[j], c->y[i] - c->y[j]);
      double gap = distance - 0.5 * (c->diameter[i] + c->diameter[j]);
      double left = distance - 0.5 * (c->etched[c->group[i]] + c->etched[c->group[j]]);
      bool   same = c->group[i] == c->group[j];
      if (same)
        note(&b[TGV_RULE_pitch_min], false, distance, d->limit[TGV_RULE_pitch_min]);
      else
        note(&b[TGV_RULE_group_space_min], false, gap, d->limit[TGV_RULE_group_space_min]);
      note(&b[TGV_RULE_space_min], false, gap, d->limit[TGV_RULE_space_min]);
      note(&b[TGV_RULE_merge_margin], false, left, d->limit[TGV_RULE_merge_margin]);
    }
  }
}

/* The share of each window by its definition, disc by disc. */
static void brute_windows(const struct scene *c, const struct tgv_design_rules *d,
                          struct brute b[TGV_RULE_COUNT])
{
  double w = d->density_window, x0 = -0.5 * c->job.width, y0 = -0.5 * c->job.height;
  int    nx = (int)ceil(2 * c->job.width / w) - 1, ny = (int)ceil(2 * c->job.height / w) - 1;
  for (int j = 0; j < ny; j++)
    for (int i = 0; i < nx; i++) {
      double left = x0 + 0.5 * i * w, right = fmin(left + w, -x0), low = y0 + 0.5 * j * w,
             top = fmin(low + w, -y0);
      double area = 0;
      int    centres = 0;
      for (int k = 0; k < N; k++) {
        area += tgv_disc_in_rectangle(0.5 * c->diameter[k], left - c->x[k], right - c->x[k], low - c->y[k],
                                      top - c->y[k]);
        centres += c->x[k] >= left && c->x[k] < right && c->y[k] >= low && c->y[k] < top;
      }
      double share = area / ((right - left) * (top - low));
      note(&b[TGV_RULE_density_max], true, share, d->limit[TGV_RULE_density_max]);
      if (centres) note(&b[TGV_RULE_density_min], false, share, d->limit[TGV_RULE_density_min]);
    }
}

static struct tgv_design_rules random_deck(uint64_t *s)
{
  struct tgv_design_rules d = {.density_window = (60 + 200 * draw(s)) * um};
  d.limit[TGV_RULE_diameter_min] = (20 + 20 * draw(s)) * um;
  d.limit[TGV_RULE_aspect_ratio_max] = 12 + 12 * draw(s);
  d.limit[TGV_RULE_pitch_min] = 80 * draw(s) * um;
  d.limit[TGV_RULE_space_min] = 40 * draw(s) * um;
  d.limit[TGV_RULE_group_space_min] = 40 * draw(s) * um;
  d.limit[TGV_RULE_merge_margin] = 40 * draw(s) * um;
  d.limit[TGV_RULE_edge_min] = 40 * draw(s) * um;
  d.limit[TGV_RULE_ring_min] = 20 * draw(s) * um;
  d.limit[TGV_RULE_density_max] = 0.3 + 0.5 * draw(s);
  d.limit[TGV_RULE_density_min] = 0.3 + 0.5 * draw(s);
  return d;
}

static void test_against_all_pairs(void **state)
{
  static struct scene c;
  uint64_t            s = 2;
  (void)state;
  for (int trial = 0; trial < 30; trial++) {
    struct tgv_design_rules d = random_deck(&s);
    struct tgv_rule_report  got;
    struct brute            want[TGV_RULE_COUNT];
    make_scene(&c, &s);
    brute_force(&c, &d, want);
    brute_windows(&c, &d, want);
    check_ok(tgv_design_rules_check(&d, &c.job, &got));
    assert_int_equal(got.vias, N);
    for (int r = 0; r < TGV_RULE_COUNT; r++) {
      const struct tgv_rule_result *g = &got.rule[r];
      assert_true(g->checked);
      if (g->violations != want[r].violations)
        fail_msg("%s: %llu violations, expected %llu", tgv_rule_info(r)->name,
                 (unsigned long long)g->violations, (unsigned long long)want[r].violations);
      if (g->found)
        check_near(g->worst, want[r].worst, 1e-9, 1e-15);
      else
        assert_true(want[r].worst >= g->beyond);
      assert_int_equal(g->finding_count, g->violations < 10 ? g->violations : 10);
      if (g->finding_count) check_near(g->finding[0].value, want[r].worst, 1e-9, 1e-12);
      for (size_t i = 1; i < g->finding_count; i++)
        assert_true(tgv_rule_info(r)->most ? g->finding[i].value <= g->finding[i - 1].value + 2e-12
                                           : g->finding[i].value >= g->finding[i - 1].value - 2e-12);
    }
    tgv_rule_report_release(&got);
  }
}

/* The whole report, worst lists included, is the same for any number of threads. */
static void test_any_number_of_threads(void **state)
{
  static struct scene    c;
  struct tgv_rule_report one = {0}, got;
  uint64_t               s = 4;
  int                    threads = omp_get_max_threads();
  (void)state;
  make_scene(&c, &s);
  struct tgv_design_rules d = random_deck(&s);
  for (int n = 1; n <= 4; n++) {
    omp_set_num_threads(n);
    check_ok(tgv_design_rules_check(&d, &c.job, n == 1 ? &one : &got));
    if (n == 1) continue;
    for (int r = 0; r < TGV_RULE_COUNT; r++) {
      assert_int_equal(got.rule[r].violations, one.rule[r].violations);
      assert_memory_equal(&got.rule[r].worst, &one.rule[r].worst, sizeof(double));
      assert_memory_equal(got.rule[r].finding, one.rule[r].finding,
                          one.rule[r].finding_count * sizeof(struct tgv_rule_finding));
    }
    tgv_rule_report_release(&got);
  }
  omp_set_num_threads(threads);
  tgv_rule_report_release(&one);
}

/* 21 x 11 vias of 50 um at 100 um, and one via of 60 um 90 um beside the upper right corner; a unit of 2.4 mm
 * x 1.4 mm. */
static void test_values_by_hand(void **state)
{
  struct tgv_array        a = {TGV_RECTANGULAR, {0, 0, 2 * mm, 1 * mm}, 100 * um, 100 * um, 1};
  struct tgv_array_size   size;
  struct tgv_run_of_vias  run[12];
  struct tgv_via_group    group[2] = {{.first = 0, .count = 231}, {.first = 231, .count = 1}};
  struct tgv_package      k = {2.4 * mm, 1.4 * mm, 2, group, 12, run, 232};
  double                  diameter[2] = {50 * um, 60 * um}, etched[2] = {70 * um, 80 * um};
  struct tgv_design_rules d = {.pad_oversize = 24 * um, .density_window = 200 * um};
  struct tgv_rule_report  got;
  struct tgv_rule_job     job = {.layout = {.package = &k},
                                 .width = k.width,
                                 .height = k.height,
                                 .thickness = 0.5 * mm,
                                 .group_diameter = diameter,
                                 .group_etched = etched,
                                 .groups = 2,
                                 .worst = 3};
  (void)state;
  check_ok(tgv_array_measure(&a, NULL, 0, &size));
  tgv_array_fill(&a, NULL, 0, 0, run);
  run[11] = (struct tgv_run_of_vias){1.09 * mm, 0.5 * mm, 0, 0, 231, 1};
  static const double limit[TGV_RULE_COUNT] = {
      [TGV_RULE_diameter_min] = 55e-6, [TGV_RULE_aspect_ratio_max] = 10,   [TGV_RULE_pitch_min] = 100e-6,
      [TGV_RULE_space_min] = 40e-6,    [TGV_RULE_group_space_min] = 40e-6, [TGV_RULE_merge_margin] = 20e-6,
      [TGV_RULE_edge_min] = 100e-6,    [TGV_RULE_ring_min] = 12e-6,        [TGV_RULE_density_max] = 0.2,
      [TGV_RULE_density_min] = 0.05};
  memcpy(d.limit, limit, sizeof limit);
  check_ok(tgv_design_rules_check(&d, &job, &got));
  const struct tgv_rule_result *r = got.rule;
  assert_int_equal(r[TGV_RULE_diameter_min].violations, 231);
  check_close(r[TGV_RULE_diameter_min].worst, 50e-6, 1e-12);
  assert_int_equal(r[TGV_RULE_aspect_ratio_max].violations, 0); /* 500 / 50 = 10, the limit */
  check_close(r[TGV_RULE_aspect_ratio_max].worst, 10, 1e-12);
  assert_int_equal(r[TGV_RULE_pitch_min].violations, 0); /* 100 um, the limit */
  check_close(r[TGV_RULE_pitch_min].worst, 100e-6, 1e-9);
  assert_int_equal(r[TGV_RULE_space_min].violations,
                   1); /* 90 - 25 - 30 = 35 um; (90, 100): 134.5 - 55 = 79.5 um */
  check_close(r[TGV_RULE_space_min].worst, 35e-6, 1e-9);
  assert_int_equal(r[TGV_RULE_space_min].finding[0].a, 230);
  assert_int_equal(r[TGV_RULE_space_min].finding[0].b, 231);
  check_close(r[TGV_RULE_space_min].finding[0].xb, 1.09e-3, 1e-12);
  assert_int_equal(r[TGV_RULE_group_space_min].violations, 1);
  assert_int_equal(r[TGV_RULE_merge_margin].violations, 1); /* 90 - 35 - 40 = 15 um; in the array 30 um */
  check_close(r[TGV_RULE_merge_margin].worst, 15e-6, 1e-9);
  assert_int_equal(r[TGV_RULE_edge_min].violations, 1); /* 1.2 - 1.09 - 0.03 = 80 um; the array 175 um */
  check_close(r[TGV_RULE_edge_min].worst, 80e-6, 1e-9);
  assert_int_equal(r[TGV_RULE_ring_min].violations, 0); /* 24 / 2 */
  check_close(r[TGV_RULE_ring_min].worst, 12e-6, 1e-9);
  assert_true(r[TGV_RULE_density_max].found &&
              r[TGV_RULE_density_max].worst > 0.196); /* pi / 16 within the array */
  tgv_rule_report_release(&got);
  d.limit[TGV_RULE_pitch_min] = 100.001 * um; /* 20 x 11 + 21 x 10 pairs */
  check_ok(tgv_design_rules_check(&d, &job, &got));
  assert_int_equal(got.rule[TGV_RULE_pitch_min].violations, 430);
  assert_int_equal(got.rule[TGV_RULE_pitch_min].finding_count, 3);
  for (int i = 0; i < 3; i++)
    assert_true(got.rule[TGV_RULE_pitch_min].finding[i].a <= 1); /* equal values: by number */
  tgv_rule_report_release(&got);
}

/* An array of one fill fraction: every window inside has pi d^2 / (4 p^2), when windows are whole pitches. */
static void test_density_of_an_array(void **state)
{
  struct tgv_via_density d;
  long                   columns, rows;
  double                 sum = 0;
  (void)state;
  check_ok(tgv_via_density_init(&d, 10 * mm, 8 * mm, 1 * mm, 30 * um));
  for (int j = 0; j < 80; j++)
    for (int i = 0; i < 100; i++)
      tgv_via_density_add(&d, (i - 50 + 0.3) * 0.1 * mm, (j - 40 + 0.1) * 0.1 * mm, 30 * um);
  tgv_via_density_windows(&d, &columns, &rows);
  assert_true(columns == 19 && rows == 15);
  for (long j = 1; j < rows - 1; j++)
    for (long i = 1; i < columns - 1; i++) {
      struct tgv_via_window w = tgv_via_density_window(&d, i, j);
      check_close(w.fraction, M_PI * 0.09, 1e-9);
      assert_int_equal(w.vias, 100);
    }
  for (long k = 0; k < d.nx * d.ny; k++) sum += (double)d.area[k] * d.quantum;
  /* the lowest row is 10 um above the edge and loses a segment */
  double segment = 900 * um * um * acos(1.0 / 3) - 10 * um * sqrt(800) * um;
  check_close(sum, 8000 * M_PI * 900 * um * um - 100 * segment, 1e-9);
  tgv_via_density_release(&d);
  assert_int_equal(tgv_via_density_init(&d, 10 * mm, 8 * mm, 20 * um, 30 * um), TGV_INPUT);
  assert_int_equal(tgv_via_density_init(&d, 700 * mm, 700 * mm, 100 * um, 30 * um), TGV_INPUT);
}

/* A million vias at 150 um with a uniform jitter of 5 um in x and y, 50 um wide, pads of 74 um on the grid.
   The ring is below 8 um where the offset exceeds 4 um, with probability 1 - pi 16 / 100; reference counts of
   another draw: 155 631 pairs with a gap below 94 um, 497 808 rings (scipy cKDTree). The jitter differs
   between draws, so they are met within four standard deviations of the binomial (pairs of one via are nearly
   independent). */
static void test_jittered_million(void **state)
{
  enum { SIDE = 1000, M = SIDE * SIDE };
  double  *x = tgv_allocate(M, sizeof *x), *y = tgv_allocate(M, sizeof *y);
  double  *px = tgv_allocate(M, sizeof *px), *py = tgv_allocate(M, sizeof *py);
  uint64_t s = 42;
  (void)state;
  for (int i = 0; i < M; i++) {
    px[i] = (i % SIDE) * 150 * um;
    py[i] = (i / SIDE) * 150 * um;
    x[i] = px[i] + (2 * draw(&s) - 1) * 5 * um;
    y[i] = py[i] + (2 * draw(&s) - 1) * 5 * um;
  }
  struct tgv_design_rules d = {0};
  struct tgv_rule_job     job = {.layout = {.n = M, .x = x, .y = y},
                                 .diameter = 50 * um,
                                 .pad_diameter = 74 * um,
                                 .pad_x = px,
                                 .pad_y = py,
                                 .groups = 1};
  struct tgv_rule_report  got;
  d.limit[TGV_RULE_space_min] = 94 * um;
  d.limit[TGV_RULE_ring_min] = 8 * um;
  check_ok(tgv_design_rules_check(&d, &job, &got));
  check_near(got.rule[TGV_RULE_ring_min].violations, M * (1 - M_PI * 0.16), 0, 4 * 500);
  check_near(got.rule[TGV_RULE_ring_min].violations, 497808, 0, 4 * 707);
  check_near(got.rule[TGV_RULE_space_min].violations, 155631, 0, 4 * 540);
  tgv_rule_report_release(&got);
  free(x), free(y), free(px), free(py);
}

static void test_what_is_unknown_is_not_checked(void **state)
{
  double                  x[2] = {0, 60e-6}, y[2] = {0, 0};
  struct tgv_design_rules d = {.density_window = 1e-3};
  struct tgv_rule_job     job = {
          .layout = {.n = 2, .x = x, .y = y}, .diameter = 50 * um, .groups = 1, .worst = 5};
  struct tgv_rule_report got;
  (void)state;
  for (int r = 0; r < TGV_RULE_COUNT; r++) d.limit[r] = r == TGV_RULE_space_min ? 20e-6 : 1;
  d.limit[TGV_RULE_pitch_min] = 0;
  check_ok(tgv_design_rules_check(&d, &job, &got));
  for (int r = 0; r < TGV_RULE_COUNT; r++)
    assert_int_equal(got.rule[r].checked,
                     r == TGV_RULE_diameter_min || r == TGV_RULE_space_min || r == TGV_RULE_ring_min);
  assert_int_equal(got.rule[TGV_RULE_space_min].violations, 1);
  assert_int_equal(tgv_rule_report_violations(&got), 1 + 2 + 2);
  tgv_rule_report_release(&got);
  job.layout.n = 0;
  check_ok(tgv_design_rules_check(&d, &job, &got));
  assert_int_equal(tgv_rule_report_violations(&got), 0);
  tgv_rule_report_release(&got);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_disc_in_rectangle),
      cmocka_unit_test(test_against_all_pairs),
      cmocka_unit_test(test_any_number_of_threads),
      cmocka_unit_test(test_values_by_hand),
      cmocka_unit_test(test_density_of_an_array),
      cmocka_unit_test(test_jittered_million),
      cmocka_unit_test(test_what_is_unknown_is_not_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
