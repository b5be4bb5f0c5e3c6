#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "model/package.h"
#include "model/package_arrays.h"

static const double mm = 1e-3, um = 1e-6;

static double draw(uint64_t *s)
{
  *s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*s >> 11) * 0x1p-53;
}

struct layout {
  struct tgv_array_size   size;
  struct tgv_run_of_vias *run;
};

static struct layout lay(const struct tgv_array *a, const struct tgv_hole *hole, size_t holes)
{
  struct layout l;
  check_ok(tgv_array_measure(a, hole, holes, &l.size));
  l.run = tgv_allocate(l.size.runs, sizeof *l.run);
  tgv_array_fill(a, hole, holes, 0, l.run);
  uint64_t n = 0;
  for (uint64_t k = 0; k < l.size.runs; k++) {
    assert_int_equal(l.run[k].first, n);
    assert_true(l.run[k].n > 0);
    n += l.run[k].n;
  }
  assert_int_equal(n, l.size.vias);
  return l;
}

static void positions(const struct layout *l, double *x, double *y)
{
  for (uint64_t k = 0; k < l->size.runs; k++)
    for (uint64_t i = 0; i < l->run[k].n; i++) {
      *x++ = l->run[k].x0 + (double)i * l->run[k].dx;
      *y++ = l->run[k].y0 + (double)i * l->run[k].dy;
    }
}

static double smallest_distance(const double *x, const double *y, size_t n)
{
  double d = INFINITY;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) d = fmin(d, hypot(x[i] - x[j], y[i] - y[j]));
  return d;
}

static struct tgv_array array(enum tgv_pattern pattern, double width, double height, double px, double py)
{
  return (struct tgv_array){pattern, {0, 0, width, height}, px, py, 1};
}

static void test_counts_by_hand(void **state)
{
  struct tgv_array_size s;
  (void)state;
  struct tgv_array a = array(TGV_RECTANGULAR, 10 * mm, 5 * mm, 100 * um, 100 * um); /* 101 x 51 */
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 101 * 51);
  assert_int_equal(s.runs, 51);
  check_close(s.pitch, 100 * um, 1e-12);
  check_near(s.x_min, -5 * mm, 0, 1e-15);
  check_near(s.y_max, 2.5 * mm, 0, 1e-15);
  a = array(TGV_STAGGERED, 1 * mm, 0.4 * mm, 200 * um, 200 * um); /* rows of 6, 5, 6 */
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 17);
  check_close(s.pitch, 200 * um, 1e-12);
  a.window.width = 1.1 * mm; /* half a pitch to spare: 6, 6, 6 */
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 18);
  check_close(s.x_max - s.x_min, 1.1 * mm, 1e-12);
  a = array(TGV_HEXAGONAL, 1 * mm, 1 * mm, 200 * um,
            200 * um); /* rows 173.2 um apart: 6 rows of 6, 5, 6, 5, 6, 5 */
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 33);
  check_close(s.pitch, 200 * um, 1e-12);
  a = array(TGV_RING, 1 * mm, 0.6 * mm, 200 * um, 100 * um); /* 2 (5 + 3) */
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 16);
  a.rings = 2; /* inner ring 0.8 x 0.4: 2 (4 + 2) */
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 28);
  check_close(s.pitch, 100 * um, 1e-12);
  a = array(TGV_RECTANGULAR, 0, 0, 100 * um, 100 * um);
  check_ok(tgv_array_measure(&a, NULL, 0, &s));
  assert_int_equal(s.vias, 1);
  assert_true(isinf(s.pitch));
}

/* Edges of holes fall on vias exactly: those vias are out. */
static void test_hole_by_hand(void **state)
{
  struct tgv_array      a = array(TGV_RECTANGULAR, 1 * mm, 1 * mm, 100 * um, 100 * um); /* 11 x 11 */
  struct tgv_hole       h[2] = {{false, 0, 0, 400 * um, 200 * um}, {true, 0.5 * mm, 0.5 * mm, 300 * um, 0}};
  struct tgv_array_size s;
  (void)state;
  check_ok(tgv_array_measure(&a, h, 1, &s));
  assert_int_equal(s.vias, 121 - 5 * 3);
  assert_int_equal(s.runs, 11 + 3);
  check_ok(tgv_array_measure(&a, h + 1, 1, &s)); /* within 1.5 pitches of the corner: 4 vias */
  assert_int_equal(s.vias, 121 - 4);
  check_ok(tgv_array_measure(&a, h, 2, &s));
  assert_int_equal(s.vias, 121 - 15 - 4);
}

/* The number of vias in runs equals a count, point by point, of the lattice in the window and out of every
 * hole. */
static void test_random_arrays(void **state)
{
  uint64_t s = 5;
  (void)state;
  for (int trial = 0; trial < 400; trial++) {
    struct tgv_array a = {(enum tgv_pattern)(trial % 4),
                          {draw(&s) * mm, -draw(&s) * mm, (1 + 5 * draw(&s)) * mm, (1 + 5 * draw(&s)) * mm},
                          (30 + 300 * draw(&s)) * um,
                          (30 + 300 * draw(&s)) * um,
                          1};
    struct tgv_hole  hole[5];
    size_t           holes = (size_t)(draw(&s) * 6);
    for (size_t h = 0; h < holes; h++)
      hole[h] = (struct tgv_hole){draw(&s) < 0.5, (4 * draw(&s) - 2) * mm, (4 * draw(&s) - 2) * mm,
                                  2 * draw(&s) * mm, 2 * draw(&s) * mm};
    struct layout all = lay(&a, NULL, 0), some = lay(&a, hole, holes);
    double       *x = tgv_allocate(all.size.vias, sizeof *x), *y = tgv_allocate(all.size.vias, sizeof *y);
    double       *u = tgv_allocate(all.size.vias, sizeof *u), *v = tgv_allocate(all.size.vias, sizeof *v);
    positions(&all, x, y);
    positions(&some, u, v);
    size_t kept = 0;
    for (size_t k = 0; k < all.size.vias; k++) {
      bool out = false;
      assert_true(fabs(x[k] - a.window.x) <= 0.5 * a.window.width + 2e-12);
      assert_true(fabs(y[k] - a.window.y) <= 0.5 * a.window.height + 2e-12);
      for (size_t h = 0; h < holes; h++) out |= tgv_hole_contains(&hole[h], x[k], y[k]);
      if (out) continue;
      assert_true(kept < some.size.vias);
      check_near(u[kept], x[k], 0, 1e-14);
      check_near(v[kept], y[k], 0, 1e-14);
      kept++;
    }
    assert_int_equal(kept, some.size.vias);
    if (all.size.vias < 2000 && a.pattern != TGV_RING)
      check_close(all.size.pitch, smallest_distance(x, y, all.size.vias), 1e-9);
    else if (a.pattern == TGV_RING && all.size.vias < 2000)
      check_close(all.size.pitch, tgv_closest_pair(x, y, all.size.vias), 1e-9);
    free(x), free(y), free(u), free(v), free(all.run), free(some.run);
  }
}

/* Centred: the array leaves the same border left and right, above and below. */
static void test_centred_and_full(void **state)
{
  uint64_t s = 9;
  (void)state;
  for (int trial = 0; trial < 200; trial++) {
    struct tgv_array a =
        array((enum tgv_pattern)(trial % 4), (1 + 5 * draw(&s)) * mm, (1 + 5 * draw(&s)) * mm,
              (30 + 300 * draw(&s)) * um, (30 + 300 * draw(&s)) * um);
    struct tgv_array_size size;
    check_ok(tgv_array_measure(&a, NULL, 0, &size));
    check_near(size.x_min + size.x_max, 0, 0, 1e-15);
    check_near(size.y_min + size.y_max, 0, 0, 1e-15);
    double row = a.pattern == TGV_HEXAGONAL ? a.pitch_x * sqrt(0.75) : a.pitch_y;
    double spare_x = a.window.width - (size.x_max - size.x_min),
           spare_y = a.window.height - (size.y_max - size.y_min);
    assert_true(spare_x > -1e-12 && spare_x < a.pitch_x);
    assert_true(spare_y > -1e-12 && spare_y < (a.pattern == TGV_RING ? a.pitch_x : row));
  }
}

static void test_absurd_sizes_are_refused_at_once(void **state)
{
  struct tgv_array_size s;
  struct tgv_array      a = array(TGV_RECTANGULAR, 700 * mm, 700 * mm, 0.7 * um, 0.7 * um); /* 1e12 vias */
  (void)state;
  assert_int_equal(tgv_array_measure(&a, NULL, 0, &s), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "1e+12 vias are more than the limit of 2e+09"));
  a = array(TGV_RECTANGULAR, 0, 700 * mm, 100 * um, 1e-12); /* one column of 7e11 rows */
  assert_int_equal(tgv_array_measure(&a, NULL, 0, &s), TGV_INPUT);
  a = array(TGV_STAGGERED, 1 * um, 700 * mm, 100 * um, 1e-8);
  assert_int_equal(tgv_array_measure(&a, NULL, 0, &s), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "rows of vias"));
  a = array(TGV_RING, 700 * mm, 700 * mm, 1e-10, 1e-10);
  a.rings = 1000;
  assert_int_equal(tgv_array_measure(&a, NULL, 0, &s), TGV_INPUT);
  a = array(TGV_RING, 1 * mm, 1 * mm, 100 * um, 200 * um);
  a.rings = 4;
  assert_int_equal(tgv_array_measure(&a, NULL, 0, &s), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "ring 4 of 4"));
  a = array(TGV_HEXAGONAL, -1 * mm, 1 * mm, 100 * um, 200 * um);
  assert_int_equal(tgv_array_measure(&a, NULL, 0, &s), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "window of -1 mm x 1 mm is empty"));
}

static void test_positions_become_runs(void **state)
{
  enum { N = 5000 };
  static double          x[N], y[N];
  struct tgv_run_of_vias run[N];
  uint64_t               s = 21;
  (void)state;
  for (int k = 0; k < N; k++) { /* rows of 50, some vias moved a little, then a column */
    x[k] = k < 4000 ? (k % 50) * 100 * um : 1 * mm;
    int row = k / 50;
    y[k] = k < 4000 ? row * 100 * um : k * 50 * um;
    if (draw(&s) < 0.01) x[k] += 3 * um;
  }
  size_t runs = tgv_positions_to_runs(x, y, N, 7, run), n = 0;
  assert_true(runs < 350);
  for (size_t k = 0; k < runs; k++) {
    assert_int_equal(run[k].first, n + 7);
    for (uint64_t i = 0; i < run[k].n; i++, n++) {
      check_near(run[k].x0 + (double)i * run[k].dx, x[n], 0, 2e-12);
      check_near(run[k].y0 + (double)i * run[k].dy, y[n], 0, 2e-12);
    }
  }
  assert_int_equal(n, N);
}

static void test_closest_pair(void **state)
{
  enum { N = 700 };
  static double x[N], y[N];
  uint64_t      s = 77;
  (void)state;
  for (int trial = 0; trial < 60; trial++) {
    size_t n = trial < 5 ? (size_t)trial : (size_t)(draw(&s) * N);
    for (size_t k = 0; k < n; k++) {
      x[k] = trial % 4 == 1 ? 0 : draw(&s);                                 /* on a line */
      y[k] = trial % 4 == 2 ? 0.25 : draw(&s);                              /* on the other line */
      if (trial % 4 == 3) x[k] = floor(20 * x[k]), y[k] = floor(20 * y[k]); /* on a grid, often twice */
    }
    double want = smallest_distance(x, y, n), got = tgv_closest_pair(x, y, n);
    if (isinf(want))
      assert_true(isinf(got));
    else
      check_near(got, want, 1e-14, 0);
  }
}

/* ---- from a project */

static const char base[] = "project: {name: t}\n"
                           "package: {width: 10 mm, height: 8 mm}\n"
                           "core: {glass: EAGLE XG, thickness: 0.5 mm, thickness_tolerance: 20 um}\n"
                           "glass_blank: {thickness: 0.54 mm}\n"
                           "panel: {width: 515 mm, height: 510 mm}\n"
                           "chiplets:\n"
                           "  - {name: cpu, width: 4 mm, height: 2 mm, x: 1 mm}\n"
                           "  - {name: hbm, width: 2 mm, height: 2 mm, x: -3 mm}\n";

static struct tgv_project *project_of(const char *more)
{
  struct tgv_project *p;
  struct tgv_text     t = {0};
  tgv_text_add(&t, "%s%s", base, more);
  check_ok(tgv_project_parse(t.data, t.size, "t.yaml", "/tmp", &p));
  tgv_text_release(&t);
  return p;
}

static const char groups[] =
    "via_groups:\n"
    "  - {name: a, function: signal, pitch_x: 100 um, diameter: 50 um, margin: 0.5 mm, avoid: cpu hbm,\n"
    "     D_top_min: 40 um, position_max: 5 um, lane_vias: 2, lanes: 18, lanes_needed: 16}\n"
    "  - {name: b, function: power, pitch_x: 200 um, diameter: 60 um, under: cpu, margin: 0.2 mm, "
    "fail_fraction_max: 1 %}\n"
    "  - {name: c, function: thermal, pattern: hexagonal, pitch_x: 0.25 mm, diameter: 60 um, under: hbm}\n"
    "keep_outs:\n"
    "  - {name: fiducial, shape: circle, x: 4 mm, y: 3 mm, width: 1 mm}\n"
    "  - {name: channel, width: 2 mm, height: 0.5 mm, groups: b c}\n";

static void test_project(void **state)
{
  struct tgv_project *p = project_of(groups);
  struct tgv_package  k;
  (void)state;
  check_ok(tgv_package_build(p, &k));
  assert_int_equal(k.group_count, 3);
  /* a: 91 x 71 less the shadows 41 x 21 and 21 x 21, which share the column x = -2 ... -1 mm: -1..3 and -4..-2; no overlap;
     less the circle of 5 pitches: 81 lattice points */
  assert_int_equal(k.group[0].count, 91 * 71 - 41 * 21 - 21 * 21 - 81);
  /* b: 3.6 x 1.6 mm: 19 x 9, less the keep-out x -1..1, y -0.25..0.25: columns at -0.8 .. 1.0: 10, rows 3 */
  assert_int_equal(k.group[1].count, 19 * 9 - 10 * 3);
  check_close(k.group[1].fail_fraction_max, 0.01, 1e-12);
  assert_int_equal(k.via_count, k.group[0].count + k.group[1].count + k.group[2].count);
  assert_int_equal(k.group[2].first, k.group[0].count + k.group[1].count);
  check_close(k.group[0].pitch, 100 * um, 1e-12);
  assert_int_equal(k.group[0].lanes_needed, 16);
  const double *limit = k.group[0].limit;
  check_close(limit[TGV_CAUSE_top_small], 40 * um, 1e-12);
  check_close(limit[TGV_CAUSE_bottom_small], 40 * um, 1e-12);
  check_close(limit[TGV_CAUSE_merged], 100 * um, 1e-12);
  check_close(limit[TGV_CAUSE_position], 5 * um, 1e-12);
  check_close(limit[TGV_CAUSE_thin], 480 * um, 1e-12);
  check_close(limit[TGV_CAUSE_thick], 520 * um, 1e-12);
  assert_true(limit[TGV_CAUSE_closed] == 0);
  assert_true(isnan(limit[TGV_CAUSE_top_large]) && isnan(limit[TGV_CAUSE_taper]) &&
              isnan(limit[TGV_CAUSE_defect]));
  tgv_package_release(&k);
  tgv_project_free(p);
}

/* Any range of numbers gives the positions of the runs. */
static void test_positions(void **state)
{
  struct tgv_project *p = project_of(groups);
  struct tgv_package  k;
  uint64_t            s = 8;
  (void)state;
  check_ok(tgv_package_build(p, &k));
  double *x = tgv_allocate(k.via_count, sizeof *x), *y = tgv_allocate(k.via_count, sizeof *y), u[600], v[600];
  struct layout all = {{.runs = k.run_count, .vias = k.via_count}, k.run};
  positions(&all, x, y);
  for (int trial = 0; trial < 500; trial++) {
    uint64_t via = (uint64_t)(draw(&s) * (double)k.via_count), n = (uint64_t)(draw(&s) * 600);
    const struct tgv_via_group *g = &k.group[tgv_package_group_of(&k, via)];
    assert_true(via >= g->first && via < g->first + g->count);
    if (via + n > g->first + g->count) n = g->first + g->count - via;
    tgv_package_positions(&k, via, n, u, v);
    assert_memory_equal(u, x + via, n * sizeof *u);
    assert_memory_equal(v, y + via, n * sizeof *v);
  }
  free(x), free(y);
  tgv_package_release(&k);
  tgv_project_free(p);
}

static void test_project_csv(void **state)
{
  struct tgv_package  k;
  struct tgv_project *p = project_of(
      "via_groups:\n"
      "  - {name: a, function: signal, pattern: csv, file: tgv_test_package.csv, diameter: 50 um, x: 1 mm}\n"
      "keep_outs:\n"
      "  - {name: hole, width: 0.3 mm, height: 0.3 mm}\n");
  const char csv[] = "x [mm],y [um]\n0,0\n0.5,0\n1,0\n1.5,30\n-1,0\n-0.9,120\n";
  (void)state;
  check_ok(tgv_file_write("/tmp/tgv_test_package.csv", csv, sizeof csv - 1));
  check_ok(tgv_package_build(p, &k));
  assert_int_equal(k.via_count,
                   4); /* the last two lie at (0, 0) and (0.1, 0.12) mm of the unit: in the keep-out */
  assert_int_equal(k.run_count, 2); /* a row of three, and one */
  check_close(k.group[0].pitch, 0.5 * mm, 1e-12);
  double x[4], y[4];
  tgv_package_positions(&k, 0, 4, x, y);
  check_close(x[3], 2.5 * mm, 1e-12);
  check_close(y[3], 30 * um, 1e-12);
  tgv_package_release(&k);
  check_ok(tgv_file_write("/tmp/tgv_test_package.csv", "x [mm],y\n", 9));
  assert_int_equal(tgv_package_build(p, &k), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "tgv_test_package.csv:1:8: column \"y\" has no unit"));
  remove("/tmp/tgv_test_package.csv");
  assert_int_equal(tgv_package_build(p, &k), TGV_FILE);
  tgv_project_free(p);
}

/* What is wrong, in the user's words, and where. */
static void test_refused_projects(void **state)
{
  static const struct {
    const char *groups, *message;
  } bad[] = {
      {"{name: a, function: signal, diameter: 50 um}", "pitch_x is 0; a rectangular pattern needs it"},
      {"{name: a, function: signal, pitch_x: 1 um, diameter: 50 um}", "vias a panel; the limit is 2e+09"},
      {"{name: a, function: signal, pitch_x: 0.001 um, diameter: 50 um}",
       "8e+13 vias are more than the limit"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, margin: 5 mm}",
       "is empty (size less two margins)"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, x: 4 mm, width: 4 mm}",
       "reach 1 mm beyond the edge"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, x: 4 mm}",
       "x is given without the width"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, under: cpu, width: 1 mm}",
       "width is given, but the window is the shadow"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, under: cpu, avoid: cpu}",
       "no via outside its keep-outs"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, lanes: 2, lanes_needed: 3}",
       "lanes_needed = 3 is more than lanes = 2"},
      {"{name: a, function: signal, pitch_x: 100 um, diameter: 50 um, D_top_min: 60 um, D_top_max: 50 um}",
       "D_top_min = 60 um is more than D_top_max = 50 um"},
      {"{name: a, function: signal, pattern: hexagonal, pitch_x: 100 um, pitch_y: 90 um, diameter: 50 um}",
       "pitch_y is not used"},
      {"{name: a, function: signal, pattern: csv, diameter: 50 um}", "file is empty"},
      {"{name: a, function: signal, pattern: csv, file: v.csv, diameter: 50 um, width: 1 mm}",
       "do not apply to positions from a file"},
      {"{name: a, function: signal, pitch_x: 1 mm, diameter: 50 um}\nkeep_outs: [{name: k, width: 1 mm}]",
       "keep-out \"k\" has no height"},
      {"{name: a, function: signal, pitch_x: 1 mm, diameter: 50 um}\nkeep_outs: [{name: k, shape: circle}]",
       "keep-out \"k\" has no width"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct tgv_text    t = {0};
    struct tgv_package k;
    tgv_text_add(&t, "via_groups:\n  - %s\n", bad[i].groups);
    struct tgv_project *p = project_of(t.data);
    if (tgv_package_build(p, &k) != TGV_INPUT) fail_msg("accepted: %s", bad[i].groups);
    if (!strstr(tgv_error_message(), bad[i].message))
      fail_msg("got \"%s\", expected \"%s\"", tgv_error_message(), bad[i].message);
    tgv_project_free(p);
    tgv_text_release(&t);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_counts_by_hand),
      cmocka_unit_test(test_hole_by_hand),
      cmocka_unit_test(test_random_arrays),
      cmocka_unit_test(test_centred_and_full),
      cmocka_unit_test(test_absurd_sizes_are_refused_at_once),
      cmocka_unit_test(test_positions_become_runs),
      cmocka_unit_test(test_closest_pair),
      cmocka_unit_test(test_project),
      cmocka_unit_test(test_positions),
      cmocka_unit_test(test_project_csv),
      cmocka_unit_test(test_refused_projects),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
