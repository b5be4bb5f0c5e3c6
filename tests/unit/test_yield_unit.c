#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "check.h"
#include "core/text.h"
#include "factory/yield_unit.h"
#include "registry.h"
#include "solver/yield_model.h"

/* A unit with all rules of groups, arrays that lie askew to the sites, a ring and a keep-out; panel of 2 x 2 units, turned by 90
   degrees. */
static const char text[] =
    "project: {name: test}\n"
    "core: {glass: EAGLE XG, thickness: 600 um}\n"
    "wet_etching: {time: 90 min, track_rate: 10 um/min, bulk_rate: 0.5 um/min}\n"
    "glass_blank: {thickness: 690 um}\n"
    "package: {width: 30 mm, height: 20 mm}\n"
    "panel: {width: 43 mm, height: 63 mm, edge_exclusion: 0 mm, street: 1 mm, rotation: 90}\n"
    "keep_outs: [{name: hole, shape: circle, width: 4 mm}]\n"
    "via_groups:\n"
    "  - {name: single, function: signal, pattern: hexagonal, pitch_x: 0.7 mm, width: 28 mm, height: 18 mm, "
    "diameter: 90 um,\n"
    "     position_max: 6 um}\n"
    "  - {name: lanes, function: signal, pitch_x: 0.31 mm, pitch_y: 0.47 mm, width: 12 mm, height: 8 mm, x: "
    "4 mm, y: 1.05 mm,\n"
    "     diameter: 90 um, position_max: 6 um, lane_vias: 2, lanes: 7, lanes_needed: 5}\n"
    "  - {name: frame, function: ground, pattern: ring, pitch_x: 0.5 mm, width: 29 mm, height: 19 mm, "
    "diameter: 90 um,\n"
    "     position_max: 6 um, fail_fraction_max: 3 %}\n"
    "variation:\n"
    "  - {input: laser_drilling.offset_x, panel: 1 um, nugget: 1.5 um}\n"
    "defects:\n"
    "  - {name: dust, density: 2000 1/m2, members: 3, spread: 0.3 mm, radius: 0.25 mm}\n";

static struct bench {
  struct tgv_project    *project;
  struct tgv_package     package;
  struct tgv_panel       panel;
  struct tgv_flow       *flow;
  struct tgv_variation  *variation;
  struct tgv_unit_model *model;
  struct tgv_unit_state *state;
} b;

static int set_up(void **state)
{
  const struct tgv_unit_options o = {2.7 / 1000, 1000, tgv_random_key_make(5, 0, 0)};

  (void)state;
  check_ok(tgv_project_parse(text, sizeof text - 1, "test.yaml", ".", &b.project));
  check_ok(tgv_panel_build(b.project, &b.panel));
  check_ok(tgv_package_build(b.project, &b.package));
  check_ok(tgv_flow_open(b.project, &b.package, &b.panel, tgv_stages, &b.flow));
  check_ok(tgv_variation_new(b.project, &b.panel, NULL, &b.variation));
  check_ok(tgv_unit_model_new(b.flow, b.variation, &o, &b.model));
  b.state = tgv_unit_state_new(b.model);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  tgv_unit_state_free(b.state);
  tgv_unit_model_free(b.model);
  tgv_variation_free(b.variation);
  tgv_flow_close(b.flow);
  tgv_package_release(&b.package);
  tgv_panel_release(&b.panel);
  tgv_project_free(b.project);
  return 0;
}

/* ---- sites */

static void sites_hold_every_via_once(void **state)
{
  const struct tgv_sites *s = &b.model->sites;
  double                 *count = tgv_allocate(b.package.group_count, sizeof *count);
  char                   *seen = tgv_allocate((size_t)b.package.via_count, 1);

  (void)state;
  for (size_t i = 0; i < s->count; i++)
    for (size_t q = 0; q < s->site[i].part_count; q++) {
      const struct tgv_site_part *part = &s->part[s->site[i].part_first + q];

      count[part->group] += part->vias;
      for (size_t k = part->piece_first; k < part->piece_first + part->piece_count; k++)
        for (uint64_t j = 0; j < s->piece[k].n; j++) {
          const uint64_t local = b.package.run[s->piece[k].run].first + s->piece[k].first + j;
          double         x, y;

          assert_int_equal(seen[local], 0);
          seen[local] = 1;
          tgv_package_positions(&b.package, local, 1, &x, &y);
          assert_true(x >= s->site[i].x0 - 1e-12 && x <= s->site[i].x1 + 1e-12);
          assert_true(y >= s->site[i].y0 - 1e-12 && y <= s->site[i].y1 + 1e-12);
        }
      assert_true(s->site[i].x1 - s->site[i].x0 <= s->cell * 1.000001);
    }
  for (size_t g = 0; g < b.package.group_count; g++)
    assert_true(count[g] == (double)b.package.group[g].count);
  free(count), free(seen);
}

static void bundles_are_all_there(void **state)
{
  const struct tgv_sites     *s = &b.model->sites;
  const struct tgv_via_group *g = &b.package.group[1];
  double                      bundles = 0, lanes = 0;

  (void)state;
  assert_true(s->bundle_first[0] == s->bundle_first[1] && s->bundle_first[2] == s->bundle_first[3]);
  for (size_t i = s->bundle_first[1]; i < s->bundle_first[2]; i++) {
    bundles += s->bundle[i].count, lanes += s->bundle[i].count * s->bundle[i].lanes;
    for (int k = 0; k < TGV_BUNDLE_SITES; k++) assert_true(s->bundle[i].site[k] < s->count);
  }
  assert_true(bundles == (double)((g->count + 13) / 14) && lanes == (double)((g->count + 1) / 2));
}

/* ---- hits, against looking at every via */

struct found {
  uint64_t sum, count;
};

static void count_hit(const struct tgv_hit *hit, void *context)
{
  struct found *f = context;

  f->sum += (hit->local + 1) * (hit->local + 1), f->count++;
  assert_int_equal(tgv_package_group_of(&b.package, hit->local), hit->group);
}

static void hits_are_those_of_all_vias(void **state)
{
  (void)state;
  for (int i = 0; i < 300; i++) {
    const double c[2] = {0.016 * sin(1.7 * i), 0.011 * sin(2.3 * i + 1)},
                 radius = 1e-5 * (1 + i * i % 400); /* any */
    struct found fast = {0}, slow = {0};

    tgv_sites_hits(&b.model->sites, &b.package, c, radius, count_hit, &fast);
    for (uint64_t local = 0; local < b.package.via_count; local++) {
      double x, y;

      tgv_package_positions(&b.package, local, 1, &x, &y);
      if ((x - c[0]) * (x - c[0]) + (y - c[1]) * (y - c[1]) > radius * radius) continue;
      slow.sum += (local + 1) * (local + 1), slow.count++;
    }
    assert_true(fast.count == slow.count && fast.sum == slow.sum);
  }
}

/* ---- rules */

static void evaluate(double offset)
{
  const size_t n = b.model->sites.count;

  tgv_unit_place(b.model, 1, 3, b.state);
  for (int k = 0; k < tgv_input_count(); k++)
    for (size_t i = 0; i < n; i++)
      b.state->input[(size_t)k * n + i] = tgv_real(b.project, tgv_input_param(k)) +
                                          (tgv_input_param(k) == TGV_P_laser_drilling_offset_x ? offset : 0);
  tgv_unit_evaluate(b.model, b.state);
}

static void groups_follow_their_rules(void **state)
{
  (void)state;
  for (double offset = 0; offset < 4.1e-6; offset += 1e-6) { /* any */
    const double p =
        gsl_cdf_ugaussian_Q((6e-6 - offset) / 1.5e-6) + gsl_cdf_ugaussian_Q((6e-6 + offset) / 1.5e-6);
    const double q = -expm1(2 * log1p(-p)), frame = (double)b.package.group[2].count;
    const double whole = floor((double)b.package.group[1].count / 14);
    const double lanes = ceil(((double)b.package.group[1].count - 14 * whole) / 2);
    double       bundles = -whole * log1p(-tgv_fail_k_of_n(5, 7, q));

    if (lanes > 2) bundles -= log1p(-tgv_fail_k_of_n((unsigned)lanes - 2, (unsigned)lanes, q));
    evaluate(offset);
    check_near(b.state->any[0], p, 0.03, 0);
    check_near(b.state->group_faults[0], -(double)b.package.group[0].count * log1p(-p), 0.03, 0);
    check_near(b.state->group_faults[1], bundles, 0.1, 1e-12);
    check_near(b.state->group_faults[2],
               -log1p(-gsl_cdf_binomial_Q((unsigned)floor(0.03 * frame), p, (unsigned)frame)), 0.1, 1e-12);
    check_near(b.state->failed, (double)b.package.via_count * p, 0.03, 0);
  }
}

static void tails(void **state)
{
  (void)state;
  for (int n = 2; n < 200; n = n * 3 + 1)
    for (int spares = 0; spares < n && spares < 12; spares += 3)
      for (double q = 1e-9; q < 0.9; q *= 7) {
        const double exact = gsl_cdf_binomial_Q((unsigned)spares, q, (unsigned)n);

        if (exact > 1e-250) check_near(tgv_log_tail(n, spares, log(q)), log(exact), 0, 1e-8);
      }
  assert_true(isinf(tgv_log_tail(3, 3, -1)));
  /* far below what doubles can hold as a probability: C(68, 5) q^5 */
  check_near(tgv_log_tail(68, 4, -100), lgamma(69) - lgamma(6) - lgamma(64) - 500, 0, 1e-9);
}

static void fractions(void **state)
{
  (void)state;
  struct tgv_via_mass w = {0, 1000, 10};

  check_close(tgv_fraction_faults(&w, 20), -log1p(-gsl_cdf_binomial_Q(20, 0.01, 1000)), 1e-9);
  w.fixed = 15;
  check_close(tgv_fraction_faults(&w, 20), -log1p(-gsl_cdf_binomial_Q(5, 0.01, 1000)), 1e-9);
  w.fixed = 21;
  assert_true(isinf(tgv_fraction_faults(&w, 20)));
  w = (struct tgv_via_mass){0, 1000, 0};
  assert_true(tgv_fraction_faults(&w, 0) == 0);
}

/* ---- defects: every unit of the panel, against judging the killed vias one by one */

struct kills {
  char *killed;
};

static void kill_one(const struct tgv_hit *hit, void *context)
{
  struct kills *k = context;

  k->killed[hit->local] = 1;
}

/* What a unit says with no variation: lost if a rule is broken by the killed vias. */
static bool lost(const char *killed)
{
  const struct tgv_via_group *g = b.package.group;
  double                      frame = 0;

  for (uint64_t i = 0; i < g[0].count; i++)
    if (killed[g[0].first + i]) return true;
  for (uint64_t bundle = 0; bundle * 14 < g[1].count; bundle++) {
    int bad = 0;

    for (uint64_t lane = bundle * 7; lane < bundle * 7 + 7; lane++)
      for (uint64_t v = 2 * lane; v < 2 * lane + 2 && v < g[1].count; v++)
        if (killed[g[1].first + v]) {
          bad++;
          break;
        }
    if (bad > 2) return true;
  }
  for (uint64_t i = 0; i < g[2].count; i++) frame += killed[g[2].first + i];
  return frame > floor(0.03 * (double)g[2].count);
}

static void defects_kill_by_the_rules(void **state)
{
  size_t dead = 0, hit = 0, looked = 0;

  (void)state;
  evaluate(-1); /* no matter */
  memset(b.state->any, 0, b.model->base_kinds * b.model->sites.count * sizeof *b.state->any);
  memset(b.state->group_faults, 0, b.model->group_count * sizeof *b.state->group_faults);
  for (uint32_t lot = 0; lot < 60; lot++) {
    struct tgv_defect_map *map;

    check_ok(tgv_defect_map_new(b.project, &b.panel, 11, lot, 1, &map));
    for (size_t u = 0; u < b.panel.unit_count; u++) {
      struct kills      k = {tgv_allocate((size_t)b.package.via_count, 1)};
      struct tgv_strike strike;
      double            killed = 0;

      for (size_t i = 0; i < tgv_defect_count(map); i++) {
        const struct tgv_defect *d = &tgv_defect_list(map)[i];
        /* the panel is turned: unit (x, y) lies at (-y, x) */
        const double c[2] = {d->y - b.panel.unit_y[u], -(d->x - b.panel.unit_x[u])};

        tgv_sites_hits(&b.model->sites, &b.package, c, d->radius, kill_one, &k);
      }
      for (uint64_t i = 0; i < b.package.via_count; i++) killed += k.killed[i];
      tgv_unit_strike(b.model, b.state, u, map, &strike);
      assert_true(strike.kills == killed);
      assert_true((strike.faults > 100) == lost(k.killed));
      assert_true(strike.faults > 100 || strike.faults == 0);
      dead += lost(k.killed), hit += killed > 0, looked++;
      free(k.killed);
    }
    tgv_defect_map_free(map);
  }
  print_message("%zu units, %zu hit, %zu dead\n", looked, hit, dead);
  assert_true(hit > 50 && dead > 20 && dead < hit);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sites_hold_every_via_once),
      cmocka_unit_test(bundles_are_all_there),
      cmocka_unit_test(hits_are_those_of_all_vias),
      cmocka_unit_test(groups_follow_their_rules),
      cmocka_unit_test(tails),
      cmocka_unit_test(fractions),
      cmocka_unit_test(defects_kill_by_the_rules),
  };

  return cmocka_run_group_tests_name("yield_unit", tests, set_up, tear_down);
}
