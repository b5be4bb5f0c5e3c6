#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/text.h"
#include "model/tally.h"

/* Two groups on three units: 1200 vias in a row, no spares; 60 vias in lanes of two, bundles of five lanes of which four are
   needed. */
static struct tgv_via_group group[2];
static struct tgv_package   package = {
      .width = 0.05, .height = 0.05, .group_count = 2, .group = group, .via_count = 1260};
static double           unit_x[3] = {-0.06, 0, 0.06}, unit_y[3];
static struct tgv_panel panel = {
    .width = 0.2, .height = 0.1, .unit_count = 3, .unit_x = unit_x, .unit_y = unit_y};

static void set_up_groups(void)
{
  for (int g = 0; g < 2; g++) {
    for (int c = 0; c < TGV_CAUSE_COUNT; c++) group[g].limit[c] = (double)NAN;
    group[g].lanes = group[g].lanes_needed = group[g].lane_vias = 1;
  }
  group[0].name = "row", group[0].count = 1200;
  group[1].name = "lanes", group[1].first = 1200, group[1].count = 60;
  group[1].lane_vias = 2, group[1].lanes = 5, group[1].lanes_needed = 4;
  group[0].limit[TGV_CAUSE_top_small] = 45 * 1.0e-6; /* tolerance */
}

static void plan_init(struct tgv_tally_plan *plan)
{
  set_up_groups();
  tgv_tally_plan_init(plan, &package, &panel, 0.001);
  for (int g = 0; g < 2; g++)
    for (int c = 0; c < TGV_TALLY_COLUMNS; c++) {
      plan->low[c] = 40 * 1.0e-6;                           /* tolerance */
      plan->step[c] = 20 * 1.0e-6 / TGV_TALLY_BINS;         /* tolerance */
      plan->nominal[g][tgv_tally_column[c]] = 50 * 1.0e-6f; /* tolerance */
    }
}

/* Block number `k` of a made-up panel: values and flags are functions of unit and via only. */
static void make_block(struct tgv_block *b, size_t unit, size_t g, uint64_t local, size_t n)
{
  b->n = n, b->unit = unit, b->group = g, b->local = local, b->via_group = &group[g];
  for (size_t i = 0; i < n; i++) {
    uint64_t id = local + i;

    b->x[i] = unit_x[unit] - 0.02 + 0.04 * (double)id / 1260;
    b->y[i] = 0.0003;
    b->flags[i] = 0;
    for (int c = 0; c < TGV_TALLY_COLUMNS; c++)
      b->column[tgv_tally_column[c]][i] =
          50e-6f + 4e-6f * (float)sin((double)(id * 7 + unit * 13 + (size_t)c)); /* tolerance */
  }
}

static void fail_via(struct tgv_block *b, uint64_t local)
{
  if (local >= b->local && local < b->local + b->n) b->flags[local - b->local] |= 1u << TGV_CAUSE_top_small;
}

/* Counts everything, in the order of the block numbers given, into a fresh tally. */
static struct tgv_tally *count(const struct tgv_tally_plan *plan, const int *order, int blocks)
{
  static const struct {
    size_t   unit, group;
    uint64_t local;
    size_t   n;
  } cut[] = {{0, 0, 0, 512}, {0, 0, 512, 512}, {0, 0, 1024, 176}, {0, 1, 1200, 60},
             {1, 0, 0, 512}, {1, 0, 512, 512}, {1, 0, 1024, 176}, {1, 1, 1200, 60},
             {2, 0, 0, 512}, {2, 0, 512, 512}, {2, 0, 1024, 176}, {2, 1, 1200, 60}};
  struct tgv_tally *t = tgv_tally_new(plan);
  struct tgv_block *b = tgv_block_new();

  for (int i = 0; i < blocks; i++) {
    make_block(b, cut[order[i]].unit, cut[order[i]].group, cut[order[i]].local, cut[order[i]].n);
    if (b->unit == 0)
      fail_via(b, 1200), fail_via(b, 1201), fail_via(b, 1213); /* one lane of two bundles: passes */
    if (b->unit == 1) fail_via(b, 1200), fail_via(b, 1203);    /* two lanes of one bundle: fails */
    if (b->unit == 2) fail_via(b, 700);                        /* a via without spare */
    tgv_tally_block(t, b);
  }
  tgv_block_free(b);
  return t;
}

static const int forward[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                 mixed[] = {11, 3, 0, 7, 5, 9, 1, 10, 2, 8, 4, 6};

static void moments_are_those_of_the_values(void **state)
{
  struct tgv_tally_plan plan;
  struct tgv_tally     *t;
  double                sum = 0, squares = 0, n = 0;

  (void)state;
  plan_init(&plan);
  t = count(&plan, forward, 12);
  for (size_t u = 0; u < 3; u++)
    for (uint64_t id = 0; id < 1200; id++, n++) {
      double v = (double)(50e-6f + 4e-6f * (float)sin((double)(id * 7 + u * 13))); /* tolerance */

      sum += v, squares += v * v;
    }
  check_close(tgv_tally_mean(t, 0, 0), sum / n, 1e-12);
  check_close(tgv_tally_deviation(t, 0, 0), sqrt((squares - sum * sum / n) / (n - 1)), 1e-6); /* tolerance */
  assert_int_equal(t->n[0], 3600);
  assert_int_equal(t->n[1], 180);
  tgv_tally_free(t);
  tgv_tally_plan_release(&plan);
}

static void order_and_parts_do_not_matter(void **state)
{
  struct tgv_tally_plan plan;
  struct tgv_tally     *whole, *one, *two, *again;
  void                 *bytes, *other;
  size_t                size, other_size;

  (void)state;
  plan_init(&plan);
  whole = count(&plan, forward, 12);
  one = count(&plan, mixed, 5);
  two = count(&plan, mixed + 5, 7);
  tgv_tally_merge(one, two);
  assert_memory_equal(whole->sum, one->sum, whole->sum_count * sizeof *whole->sum);
  assert_memory_equal(whole->worst, one->worst, 3 * plan.worst_per_unit * sizeof *whole->worst);
  again = tgv_tally_new(&plan);
  tgv_tally_pack(whole, &bytes, &size);
  check_ok(tgv_tally_unpack(again, bytes, size));
  tgv_tally_pack(again, &other, &other_size);
  assert_int_equal(size, other_size);
  assert_memory_equal(bytes, other, size);
  assert_int_equal(tgv_tally_unpack(again, bytes, size - 1), TGV_FILE);
  free(bytes), free(other);
  tgv_tally_free(whole), tgv_tally_free(one), tgv_tally_free(two), tgv_tally_free(again);
  tgv_tally_plan_release(&plan);
}

static void flags_are_counted(void **state)
{
  struct tgv_tally_plan plan;
  struct tgv_tally     *t;
  struct tgv_block     *b = tgv_block_new();

  (void)state;
  plan_init(&plan);
  t = tgv_tally_new(&plan);
  make_block(b, 0, 0, 0, 512);
  for (size_t i = 0; i < 512; i++) {
    if (i % 2 == 0) b->flags[i] |= TGV_FLAG_MODEL_RANGE;
    if (i % 4 == 0) b->flags[i] |= TGV_FLAG_UNCERTAIN;
    if (i % 8 == 0) b->flags[i] |= TGV_FLAG_DEGRADED;
  }
  tgv_tally_block(t, b);
  for (int k = 0; k < TGV_TALLY_FLAGS; k++)
    assert_int_equal(t->flagged[k], tgv_tally_flag[k].bit == TGV_FLAG_MODEL_RANGE ? 256
                                    : tgv_tally_flag[k].bit == TGV_FLAG_UNCERTAIN ? 128
                                                                                  : 64);
  assert_int_equal(t->failed[0], 0); /* a flag is no failure */
  tgv_block_free(b), tgv_tally_free(t);
  tgv_tally_plan_release(&plan);
}

static void spare_lanes_save_a_unit(void **state)
{
  struct tgv_tally_plan plan;
  struct tgv_tally     *t;
  size_t                reason;

  (void)state;
  plan_init(&plan);
  t = count(&plan, mixed, 12);
  assert_true(tgv_tally_unit_passes(t, 0, &reason));
  assert_false(tgv_tally_unit_passes(t, 1, &reason));
  assert_int_equal(reason, 1);
  assert_false(tgv_tally_unit_passes(t, 2, &reason));
  assert_int_equal(reason, 0);
  group[0].fail_fraction_max = 0.001; /* now one of 1200 is borne */
  assert_true(tgv_tally_unit_passes(t, 2, &reason));
  tgv_tally_free(t);
  tgv_tally_plan_release(&plan);
}

/* The worst via of a unit is the one whose D_top is nearest to its lower limit. */
static void worst_vias_are_the_worst(void **state)
{
  struct tgv_tally_plan plan;
  struct tgv_tally     *t;
  float                 least = INFINITY;
  uint64_t              at = 0;

  (void)state;
  plan_init(&plan);
  t = count(&plan, mixed, 12);
  for (uint64_t id = 0; id < 1200; id++) {
    float v = 50e-6f + 4e-6f * (float)sin((double)(id * 7 + 13)); /* tolerance */

    if (v < least) least = v, at = id;
  }
  assert_int_equal(t->worst[1 * plan.worst_per_unit + plan.worst_per_unit - 1].local, at);
  tgv_tally_free(t);
  tgv_tally_plan_release(&plan);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_are_those_of_the_values),
      cmocka_unit_test(order_and_parts_do_not_matter),
      cmocka_unit_test(flags_are_counted),
      cmocka_unit_test(spare_lanes_save_a_unit),
      cmocka_unit_test(worst_vias_are_the_worst),
  };

  return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
