#include "check.h"

#include <string.h>

#include "core/text.h"
#include "line.h"
#include "model/defects.h"

static const char head[] =
    "project: {name: defects}\n"
    "package: {width: 40 mm, height: 40 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
    "glass_blank: {thickness: 0.54 mm}\n"
    "via_groups:\n"
    "- {name: signal, function: signal, margin: 1 mm, pitch_x: 400 um, diameter: 42 um}\n";

struct bench {
  struct tgv_project *project;
  struct tgv_panel    panel;
};

static void bench_open(struct bench *b, const char *records)
{
  char text[2000];

  snprintf(text, sizeof text, "%s%s", head, records);
  check_ok(tgv_project_parse(text, strlen(text), "test", ".", &b->project));
  check_ok(tgv_panel_build(b->project, &b->panel));
}

static void bench_close(struct bench *b)
{
  tgv_panel_release(&b->panel);
  tgv_project_free(b->project);
}

static struct tgv_defect_map *panel_number(const struct bench *b, uint32_t number)
{
  struct tgv_defect_map *m;

  check_ok(tgv_defect_map_new(b->project, &b->panel, 11, 1, number, &m));
  return m;
}

/* what was counted n times: mean within 4 standard errors of the expected one; variance over mean is returned
 */
struct tally {
  double n, sum, squares, zero;
};

static void count(struct tally *t, double value)
{
  t->n++, t->sum += value, t->squares += value * value, t->zero += value == 0;
}

static double check_mean(const struct tally *t, double mean, double variance)
{
  double got = t->sum / t->n;

  check_near(got, mean, 0, 4 * sqrt(variance / t->n));
  return (t->squares / t->n - got * got) / got;
}

static void poisson_points_are_uniform(void **state)
{
  (void)state;
  struct bench b;
  struct tally all = {0}, corner = {0};
  double       mean = 2000 * 0.515 * 0.51;

  bench_open(&b, "defects: [{name: dust, kind: uniform, density: 2000 1/m2}]\n");
  for (uint32_t number = 1; number <= 500; number++) {
    struct tgv_defect_map *m = panel_number(&b, number);
    double                 in_corner = 0;

    count(&all, (double)tgv_defect_count(m));
    for (size_t i = 0; i < tgv_defect_count(m); i++) {
      const struct tgv_defect *d = &tgv_defect_list(m)[i];

      assert_true(fabs(d->x) <= 0.2575 && fabs(d->y) <= 0.255);
      in_corner += d->x > 0.2075 && d->y < -0.155;
    }
    count(&corner, in_corner);
    tgv_defect_map_free(m);
  }
  check_near(check_mean(&all, mean, mean), 1, 0, 4 * sqrt(2. / 500));
  check_near(check_mean(&corner, 10, 10), 1, 0, 4 * sqrt(2. / 500)); /* 50 x 100 mm hold 10 */
  bench_close(&b);
}

/* counts in cells of 50 mm, clusters of 0.1 mm; P(0) of Neyman type A: exp(-kappa (1 - exp(-mu))) */
static void clusters_are_neyman_type_a(void **state)
{
  (void)state;
  const struct {
    const char *record;
    double      kappa, mu, zero;
  } cases[] = {
      {"defects: [{name: c, density: 40 1/m2, members: 5, spread: 0.1 mm}]\n", 0.1, 5, 0.905447298},
      {"defects: [{name: c, density: 200 1/m2, members: 2, spread: 0.1 mm}]\n", 0.5, 2, 0.648993642},
      {"defects: [{name: c, density: 400 1/m2, members: 1, spread: 0.1 mm}]\n", 1, 1, 0.531463605},
  };

  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    struct bench b;
    struct tally t = {0};

    bench_open(&b, cases[k].record);
    for (uint32_t number = 1; number <= 300; number++) {
      struct tgv_defect_map *m = panel_number(&b, number);
      double                 cells[10][10] = {{0}};

      for (size_t i = 0; i < tgv_defect_count(m); i++) {
        int cx = (int)floor(tgv_defect_list(m)[i].x / 0.05 + 5),
            cy = (int)floor(tgv_defect_list(m)[i].y / 0.05 + 5);

        if (cx >= 0 && cx < 10 && cy >= 0 && cy < 10) cells[cy][cx]++;
      }
      for (int c = 0; c < 100; c++) count(&t, cells[c / 10][c % 10]);
      tgv_defect_map_free(m);
    }
    double mean = cases[k].kappa * cases[k].mu, over = check_mean(&t, mean, mean * (1 + cases[k].mu));

    print_message("# kappa %g, mu %g: variance over mean %.3f (%.3f), P(0) %.4f (%.4f)\n", cases[k].kappa,
                  cases[k].mu, over, 1 + cases[k].mu, t.zero / t.n, cases[k].zero);
    check_close(over, 1 + cases[k].mu, 0.06);
    check_near(t.zero / t.n, cases[k].zero, 0, 4 * sqrt(cases[k].zero * (1 - cases[k].zero) / t.n) + 0.002);
    bench_close(&b);
  }
}

/* parents outside of the panel: the border strip is as full as the rest */
static void clusters_reach_in_from_outside(void **state)
{
  (void)state;
  struct bench b;
  struct tally strip = {0};
  double       mean = 500 * 10 * 0.51 * 0.005;

  bench_open(&b, "defects: [{name: c, density: 500 1/m2, members: 10, spread: 10 mm}]\n");
  for (uint32_t number = 1; number <= 400; number++) {
    struct tgv_defect_map *m = panel_number(&b, number);
    double                 in_strip = 0;

    for (size_t i = 0; i < tgv_defect_count(m); i++) in_strip += tgv_defect_list(m)[i].x > 0.2525;
    count(&strip, in_strip);
    tgv_defect_map_free(m);
  }
  check_mean(&strip, mean, mean * 11);
  bench_close(&b);
}

/* share of the intensity exp(-d / s) that lies nearer than s to the edge */
static double share_within(bool round, double s)
{
  double near = 0, all = 0, step = 1e-5, deepest = round ? 0.15 : 0.255;

  for (double d = step / 2; d < deepest; d += step) {
    double line = (round ? M_PI * (0.3 - 2 * d) : 2 * (0.515 + 0.51 - 4 * d)) * exp(-d / s);

    all += line;
    near += d < s ? line : 0;
  }
  return near / all;
}

static void edge_points_fade_inwards(void **state)
{
  (void)state;
  for (int round = 0; round < 2; round++) {
    struct bench b;
    struct tally all = {0};
    double       near = 0, right = 0, area = round ? M_PI * 0.15 * 0.15 : 0.515 * 0.51;

    bench_open(&b, round ? "panel: {shape: round, width: 300 mm}\n"
                           "defects: [{name: e, kind: edge, density: 3000 1/m2, spread: 40 mm}]\n"
                         : "defects: [{name: e, kind: edge, density: 1000 1/m2, spread: 40 mm}]\n");
    for (uint32_t number = 1; number <= 300; number++) {
      struct tgv_defect_map *m = panel_number(&b, number);

      count(&all, (double)tgv_defect_count(m));
      for (size_t i = 0; i < tgv_defect_count(m); i++) {
        const struct tgv_defect *d = &tgv_defect_list(m)[i];
        double in = round ? 0.15 - hypot(d->x, d->y) : fmin(0.2575 - fabs(d->x), 0.255 - fabs(d->y));

        assert_true(in >= -1e-12);
        near += in < 0.04;
        right += d->x > 0;
      }
      tgv_defect_map_free(m);
    }
    double want = share_within(round, 0.04), mean = (round ? 3000 : 1000) * area;

    check_mean(&all, mean, mean);
    check_near(near / all.sum, want, 0, 4 * sqrt(want * (1 - want) / all.sum));
    check_near(right / all.sum, 0.5, 0, 4 * sqrt(0.25 / all.sum));
    bench_close(&b);
  }
}

/* 0.3 scratches a panel: most panels that have points have them on one line of at most 30 mm */
static void scratches_are_straight(void **state)
{
  (void)state;
  struct bench b;
  struct tally all = {0};
  double       with = 0, straight = 0, turn = 0, parents = 1.0 * 0.515 * 0.51;

  bench_open(&b, "defects: [{name: s, kind: scratch, density: 1 1/m2, members: 40, spread: 30 mm}]\n");
  for (uint32_t number = 1; number <= 2000; number++) {
    struct tgv_defect_map   *m = panel_number(&b, number);
    const struct tgv_defect *d = tgv_defect_list(m), *far = d;
    size_t                   n = tgv_defect_count(m), on = 0;

    count(&all, (double)n);
    for (size_t i = 0; i < n; i++)
      if (hypot(d[i].x - d[0].x, d[i].y - d[0].y) > hypot(far->x - d[0].x, far->y - d[0].y)) far = &d[i];
    double dx = n ? far->x - d[0].x : 0, dy = n ? far->y - d[0].y : 0, long_ = hypot(dx, dy);
    for (size_t i = 0; i < n; i++) on += fabs((d[i].x - d[0].x) * dy - (d[i].y - d[0].y) * dx) < 1e-9 * long_;
    if (n > 20) {
      with++;
      straight += on == n && long_ <= 0.03;
      if (on == n) turn += (dx * dx - dy * dy) / (long_ * long_);
    }
    tgv_defect_map_free(m);
  }
  check_mean(&all, parents * 40, parents * 40 * 41);
  check_near(straight / with, parents * exp(-parents) / -expm1(-parents), 0, 0.05);
  check_near(turn / straight, 0, 0, 4 * sqrt(0.5 / straight));
  bench_close(&b);
}

struct seen {
  const struct tgv_defect *list;
  char                    *hit;
};

static void see(const struct tgv_defect *d, void *context)
{
  struct seen *s = context;

  assert_int_equal(s->hit[d - s->list], 0);
  s->hit[d - s->list] = 1;
}

static void cells_find_what_a_search_finds(void **state)
{
  (void)state;
  struct bench b;

  bench_open(&b, "defects:\n"
                 "- {name: fine, density: 500 1/m2, members: 20, spread: 2 mm, radius: 30 um}\n"
                 "- {name: edge, kind: edge, density: 300 1/m2, spread: 5 mm, radius: 200 um}\n"
                 "- {name: large, kind: uniform, density: 50 1/m2, radius: 8 mm}\n");
  struct tgv_defect_map *m = panel_number(&b, 3);
  size_t                 n = tgv_defect_count(m), found = 0;
  struct seen            s = {tgv_defect_list(m), malloc(n)};

  for (uint64_t k = 0; k < 300; k++) {
    struct tgv_random_key key = tgv_random_key_make(5, 1, 1);
    double x = 0.6 * tgv_random_uniform(key, 1, k) - 0.3, y = 0.6 * tgv_random_uniform(key, 2, k) - 0.3;
    double w = k % 3 ? 0.05 * tgv_random_uniform(key, 3, k) : 0, h = k % 2 ? 0.01 : 0;

    memset(s.hit, 0, n);
    tgv_defect_visit(m, (double[2]){x, y}, (double[2]){x + w, y + h}, see, &s);
    for (size_t i = 0; i < n; i++) {
      const struct tgv_defect *d = &s.list[i];
      double                   dx = d->x - fmin(fmax(d->x, x), x + w), dy = d->y - fmin(fmax(d->y, y), y + h);

      assert_int_equal(s.hit[i], hypot(dx, dy) <= d->radius);
      found += (size_t)s.hit[i];
    }
  }
  assert_true(found > 100);
  free(s.hit);
  tgv_defect_map_free(m);
  bench_close(&b);
}

static void absurd_densities_are_refused(void **state)
{
  (void)state;
  struct bench           b;
  struct tgv_defect_map *m;

  bench_open(&b, "defects: [{name: fog, density: 1e8 1/m2, members: 10, spread: 1 mm}]\n");
  assert_int_equal(tgv_defect_map_new(b.project, &b.panel, 1, 1, 1, &m), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "defects \"fog\""));
  assert_non_null(strstr(tgv_error_message(), "at most 5e+06"));
  bench_close(&b);
}

static void nothing_without_records(void **state)
{
  (void)state;
  struct bench b;

  bench_open(&b, "");
  struct tgv_defect_map *m = panel_number(&b, 1);
  assert_int_equal(tgv_defect_count(m), 0);
  tgv_defect_visit(m, (double[2]){-1, -1}, (double[2]){1, 1}, see, NULL);
  tgv_defect_map_free(m);
  bench_close(&b);
}

/* every via of a unit: killed, degraded, or neither, as its distances to all defects say */
static void vias_near_a_defect_are_hit(void **state)
{
  (void)state;
  const struct tgv_stage *const only[] = {tgv_stage_find("defects"), NULL};
  struct bench                  b;
  struct tgv_package            package;
  struct tgv_flow              *flow;
  struct tgv_block             *block = tgv_block_new();
  size_t                        killed = 0, degraded = 0;
  float                        *dose = block->input[tgv_input_of(TGV_P_laser_drilling_dose)];

  bench_open(&b, "defects:\n"
                 "- {name: kill, density: 3000 1/m2, members: 10, spread: 3 mm, radius: 300 um}\n"
                 "- {name: dirt, kind: uniform, density: 50000 1/m2, radius: 500 um, effect: degrade, "
                 "dose_factor: 0.5}\n");
  check_ok(tgv_package_build(b.project, &package));
  check_ok(tgv_flow_open(b.project, &package, &b.panel, only, &flow));
  check_ok(tgv_flow_panel(flow, 1, 4));
  struct tgv_defect_map *m;
  check_ok(
      tgv_defect_map_new(b.project, &b.panel, (uint64_t)tgv_count(b.project, TGV_P_project_seed), 1, 4, &m));
  for (uint64_t local = 0; local < package.via_count; local += TGV_BLOCK) {
    size_t n = package.via_count - local < TGV_BLOCK ? (size_t)(package.via_count - local) : TGV_BLOCK;

    for (size_t i = 0; i < n; i++) dose[i] = 1;
    tgv_flow_vias(flow, 7, local, n, block);
    for (size_t i = 0; i < n; i++) {
      bool   kill = false;
      double left = 1;

      for (size_t k = 0; k < tgv_defect_count(m); k++) {
        const struct tgv_defect *d = &tgv_defect_list(m)[k];

        if (hypot(block->x[i] - d->x, block->y[i] - d->y) > d->radius) continue;
        kill = kill || d->dose_factor <= 0;
        left *= d->dose_factor > 0 ? d->dose_factor : 1;
      }
      assert_int_equal(!!(block->flags[i] & 1u << TGV_CAUSE_defect), kill);
      assert_int_equal(!!(block->flags[i] & TGV_FLAG_DEGRADED), left < 1);
      check_close(dose[i], left, 1e-6);
      killed += kill, degraded += left < 1;
    }
  }
  assert_true(killed > 20 && degraded > 20);
  tgv_defect_map_free(m);
  tgv_flow_close(flow);
  tgv_package_release(&package);
  tgv_block_free(block);
  bench_close(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(poisson_points_are_uniform),     cmocka_unit_test(clusters_are_neyman_type_a),
      cmocka_unit_test(clusters_reach_in_from_outside), cmocka_unit_test(edge_points_fade_inwards),
      cmocka_unit_test(scratches_are_straight),         cmocka_unit_test(cells_find_what_a_search_finds),
      cmocka_unit_test(absurd_densities_are_refused),   cmocka_unit_test(nothing_without_records),
      cmocka_unit_test(vias_near_a_defect_are_hit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
