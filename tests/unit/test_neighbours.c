#include "check.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/neighbours.h"

enum { N_MAX = 1500, SLOTS_MAX = 64 };

static double draw(uint64_t *s)
{
  *s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*s >> 11) * 0x1p-53;
}

/* What a visit saw: numbers and sums that do not depend on the order. */
struct seen {
  uint64_t points, pairs, numbers, products, wrong;
};
struct seeing {
  struct seen   slot[SLOTS_MAX];
  double        reach;
  const double *x, *y;
};

static void see_point(void *to, int slot, const struct tgv_neighbour *p)
{
  struct seen *s = &((struct seeing *)to)->slot[slot];
  s->points++;
  s->numbers += p->number * p->number;
}

static void see_pair(void *to, int slot, const struct tgv_neighbour *a, const struct tgv_neighbour *b,
                     double d2)
{
  struct seeing *t = to;
  struct seen   *s = &t->slot[slot];
  s->pairs++;
  s->products += (a->number + 1) * (b->number + 1) + (a->number ^ b->number) * 1000003;
  double d = hypot(a->x - b->x, a->y - b->y);
  s->wrong += a->number == b->number || d > t->reach * (1 + 1e-12) || fabs(d * d - d2) > 1e-12 * d2;
}

static struct seen visit(const struct tgv_layout *l, double reach)
{
  static struct seeing t;
  t = (struct seeing){.reach = reach};
  struct tgv_neighbours_visitor v = {&t, see_point, see_pair};
  struct seen                   sum = {0};
  assert_true(tgv_neighbours_slots() <= SLOTS_MAX);
  check_ok(tgv_neighbours_visit(l, reach, &v));
  for (int i = 0; i < SLOTS_MAX; i++) {
    sum.points += t.slot[i].points;
    sum.pairs += t.slot[i].pairs;
    sum.numbers += t.slot[i].numbers;
    sum.products += t.slot[i].products;
    sum.wrong += t.slot[i].wrong;
  }
  return sum;
}

static struct seen all_pairs(const double *x, const double *y, uint64_t n, double reach)
{
  struct seen s = {0};
  for (uint64_t i = 0; i < n; i++) {
    s.points++;
    s.numbers += i * i;
    for (uint64_t j = 0; j < i; j++) {
      double dx = x[i] - x[j], dy = y[i] - y[j];
      if (!(reach > 0) || dx * dx + dy * dy > reach * reach) continue;
      s.pairs++;
      s.products += (i + 1) * (j + 1) + (i ^ j) * 1000003;
    }
  }
  return s;
}

static void check_same(const struct seen *got, const struct seen *want)
{
  if (memcmp(got, want, sizeof *got) != 0)
    fail_msg("%llu points, %llu pairs (expected %llu, %llu), %llu wrong", (unsigned long long)got->points,
             (unsigned long long)got->pairs, (unsigned long long)want->points,
             (unsigned long long)want->pairs, (unsigned long long)got->wrong);
}

/* Scattered, clustered, on a grid, all on one place, on a line, on two far places. */
static void scatter(int kind, uint64_t *s, double *x, double *y, uint64_t n)
{
  for (uint64_t i = 0; i < n; i++) {
    x[i] = draw(s);
    y[i] = draw(s);
    if (kind == 1) x[i] = pow(x[i], 8), y[i] = pow(y[i], 8);
    if (kind == 2) x[i] = floor(30 * x[i]) / 30, y[i] = floor(30 * y[i]) / 30;
    if (kind == 3) x[i] = y[i] = 0.3;
    if (kind == 4) y[i] = 0.7;
    if (kind == 5) x[i] = 0.1;
    if (kind == 6) x[i] = 1e-3 * x[i] + (i % 2 ? 1e6 : 0);
  }
}

static void test_points(void **state)
{
  static double x[N_MAX], y[N_MAX];
  uint64_t      s = 1;
  (void)state;
  for (int trial = 0; trial < 140; trial++) {
    uint64_t          n = trial < 10 ? (uint64_t)trial : (uint64_t)(draw(&s) * N_MAX);
    double            reach = trial % 3 ? 0.2 * draw(&s) * draw(&s) : 1.0 / 30;
    struct tgv_layout l = {.n = n, .x = x, .y = y};
    scatter(trial % 7, &s, x, y, n);
    if (trial % 17 == 16) reach = 0;
    struct seen got = visit(&l, reach), want = all_pairs(x, y, n, reach);
    check_same(&got, &want);
  }
}

/* A package of rows in all directions. */
static void test_rows(void **state)
{
  static double          x[40 * N_MAX], y[40 * N_MAX];
  struct tgv_run_of_vias run[60];
  uint64_t               s = 2;
  (void)state;
  for (int trial = 0; trial < 60; trial++) {
    struct tgv_via_group group[2] = {{.first = 0}, {0}};
    struct tgv_package   k = {.group_count = 2, .group = group, .run = run};
    k.run_count = 1 + (size_t)(draw(&s) * 59);
    for (size_t i = 0; i < k.run_count; i++) {
      double step = 0.05 * (draw(&s) - 0.5);
      int    kind = (int)(draw(&s) * 3);
      if (i == k.run_count / 2) group[1].first = k.via_count;
      run[i] = (struct tgv_run_of_vias){draw(&s),
                                        draw(&s),
                                        kind != 1 ? step : 0,
                                        kind != 0 ? 0.7 * step : 0,
                                        k.via_count,
                                        1 + (uint64_t)(draw(&s) * 40)};
      for (uint64_t j = 0; j < run[i].n; j++) {
        x[k.via_count + j] = run[i].x0 + (double)j * run[i].dx;
        y[k.via_count + j] = run[i].y0 + (double)j * run[i].dy;
      }
      k.via_count += run[i].n;
    }
    group[0].count = group[1].first;
    group[1].count = k.via_count - group[1].first;
    struct tgv_layout l = {.package = &k};
    double            reach = 0.1 * draw(&s);
    struct seen       got = visit(&l, reach), want = all_pairs(x, y, k.via_count, reach);
    check_same(&got, &want);
  }
}

static void test_any_number_of_threads(void **state)
{
  enum { N = 20000 };
  double  *x = tgv_allocate(N, sizeof *x), *y = tgv_allocate(N, sizeof *y);
  uint64_t s = 3;
  int      threads = omp_get_max_threads();
  (void)state;
  scatter(0, &s, x, y, N);
  struct tgv_layout l = {.n = N, .x = x, .y = y};
  struct seen       one = {0};
  for (int n = 1; n <= 5; n++) {
    omp_set_num_threads(n);
    struct seen got = visit(&l, 0.01);
    if (n == 1) one = got;
    check_same(&got, &one);
  }
  omp_set_num_threads(threads);
  assert_true(one.pairs > 50000); /* n^2 pi r^2 / 2 = 62800 */
  free(x);
  free(y);
}

/* 300 000 points on one place would be 4.5e10 pairs. */
static void test_hopeless_work_is_refused(void **state)
{
  enum { N = 300000 };
  double                       *x = tgv_allocate(N, sizeof *x);
  static struct seeing          t;
  struct tgv_neighbours_visitor v = {&t, NULL, see_pair};
  struct tgv_layout             l = {.n = N, .x = x, .y = x};
  (void)state;
  assert_int_equal(tgv_neighbours_visit(&l, 1e-4, &v), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "too many to compare"));
  free(x);
}

static void test_extent(void **state)
{
  double            x[] = {1, -2, 3}, y[] = {0, 5, -1};
  struct tgv_layout l = {.n = 3, .x = x, .y = y};
  struct tgv_extent e = tgv_layout_extent(&l);
  (void)state;
  assert_true(e.n == 3 && e.x_min == -2 && e.x_max == 3 && e.y_min == -1 && e.y_max == 5);
  l.n = 0;
  e = tgv_layout_extent(&l);
  assert_true(e.n == 0 && e.x_min == 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_points),
      cmocka_unit_test(test_rows),
      cmocka_unit_test(test_any_number_of_threads),
      cmocka_unit_test(test_hopeless_work_is_refused),
      cmocka_unit_test(test_extent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
