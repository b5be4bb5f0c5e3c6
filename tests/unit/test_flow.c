#include "check.h"

#include <string.h>

#include "line.h"

/* every component of the variation, all kinds of effects of defects, two groups, units that are not on the grid of anything */
static const char text[] =
    "project: {name: flow, seed: 5}\n"
    "package: {width: 23 mm, height: 31 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm, thickness_tolerance: 20 um}\n"
    "panel: {width: 120 mm, height: 130 mm, rotation: %s}\n"
    "glass_blank: {thickness: 0.54 mm, bow: 300 um}\n"
    "laser_drilling: {scan_field_x: 17 mm, scan_field_y: 13 mm, radius_exponent: 0.6}\n"
    "via_groups:\n"
    "- {name: signal, function: signal, margin: 1 mm, pitch_x: 310 um, diameter: 42 um, D_top_min: 40 um, "
    "D_top_max: 44 um,\n"
    "   D_waist_min: 15 um, position_max: 2 um, taper_max: 2.9 deg}\n"
    "- {name: ring, function: ground, pattern: ring, margin: 0.4 mm, pitch_x: 170 um, diameter: 60 um, "
    "track_radius: 10 um}\n"
    "variation:\n"
    "- {input: glass_blank.thickness, panel: 0.2 %%, radial: 0.3 %%, field: 0.3 %%, field_length: 80 mm, "
    "nugget: 0.1 %%}\n"
    "- {input: wet_etching.bulk_rate, lot: 2 %%, trend_x: 1 %%, trend_y: 1 %%, trend_xy: 2 %%, edge: 3 %%, "
    "field: 1.5 %%,\n"
    "   field_length: 20 mm, field_form: exponential, nugget: 1 %%}\n"
    "- {input: wet_etching.time, field: 1 %%, field_length: 20 mm, field_form: gaussian, nugget: 1 %%}\n"
    "- {input: laser_drilling.dose, panel: 1 %%, scan: 1 %%, nugget: 3 %%, tail: 2.2}\n"
    "- {input: laser_drilling.offset_x, scan: 0.3 um, scan_shape: 0.5 um, nugget: 0.8 um}\n"
    "- {input: laser_drilling.offset_y, scan: 0.3 um, scan_shape: 0.5 um, scan_form: ramp_x, nugget: 0.8 "
    "um}\n"
    "defects:\n"
    "- {name: dust, density: 20000 1/m2, members: 10, spread: 1 mm, radius: 200 um}\n"
    "- {name: dirt, kind: uniform, density: 300000 1/m2, radius: 300 um, effect: degrade, dose_factor: "
    "0.005}\n";

static void open_text(struct line *line, const char *rotation)
{
  char filled[4000];

  snprintf(filled, sizeof filled, text, rotation);
  check_ok(tgv_project_parse(filled, strlen(filled), "test", ".", &line->project));
  check_ok(tgv_panel_build(line->project, &line->panel));
  check_ok(tgv_package_build(line->project, &line->package));
  check_ok(tgv_flow_open(line->project, &line->package, &line->panel, tgv_stages, &line->flow));
  check_ok(tgv_flow_panel(line->flow, 3, 2));
  line->block = tgv_block_new();
}

enum { KEPT = TGV_COLUMN_COUNT + TGV_INPUT_MAX };

/* everything of every via of a unit, made in blocks of at most n */
struct record {
  size_t    vias;
  float    *value; /* [via][KEPT] */
  uint32_t *flags;
  double   *xy;
};

static struct record make(const struct line *line, size_t unit, size_t n)
{
  struct record     r = {.vias = (size_t)line->package.via_count};
  struct tgv_block *b = line->block;

  r.value = calloc(r.vias * KEPT, sizeof *r.value);
  r.flags = calloc(r.vias, sizeof *r.flags);
  r.xy = calloc(2 * r.vias, sizeof *r.xy);
  for (size_t g = 0; g < line->package.group_count; g++) {
    const struct tgv_via_group *group = &line->package.group[g];

    for (uint64_t k = 0; k < group->count; k += n) {
      size_t m = group->count - k < n ? (size_t)(group->count - k) : n, first = (size_t)(group->first + k);

      tgv_flow_vias(line->flow, unit, first, m, b);
      assert_true(b->via_group == group && b->id == unit * r.vias + first);
      for (size_t i = 0; i < m; i++) {
        float *out = r.value + (first + i) * KEPT;

        for (size_t s = 0; s < line->flow->stage_count; s++)
          for (const enum tgv_column *c = line->flow->stage[s]->writes; c && *c != TGV_C_END; c++)
            out[*c] = b->column[*c][i];
        for (int q = 0; q < tgv_input_count(); q++) out[TGV_COLUMN_COUNT + q] = b->input[q][i];
        r.flags[first + i] = b->flags[i];
        r.xy[2 * (first + i)] = b->x[i], r.xy[2 * (first + i) + 1] = b->y[i];
      }
    }
  }
  return r;
}

static void drop(struct record *r)
{
  free(r->value), free(r->flags), free(r->xy);
}

static void check_same(const struct record *a, const struct record *b)
{
  assert_memory_equal(a->value, b->value, a->vias * KEPT * sizeof *a->value);
  assert_memory_equal(a->flags, b->flags, a->vias * sizeof *a->flags);
  assert_memory_equal(a->xy, b->xy, 2 * a->vias * sizeof *a->xy);
}

static void blocks_do_not_matter(void **state)
{
  (void)state;
  const char *const rotations[] = {"0", "90"};
  const size_t      sizes[] = {511, 100, 7, 1};

  for (int k = 0; k < 2; k++) {
    struct line line;
    uint32_t    seen = 0;

    open_text(&line, rotations[k]);
    struct record whole = make(&line, 4, TGV_BLOCK);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
      struct record parts = make(&line, 4, sizes[s]);

      check_same(&whole, &parts);
      drop(&parts);
    }
    for (size_t i = 0; i < whole.vias; i++) {
      double x, y;

      seen |= whole.flags[i];
      tgv_package_positions(&line.package, i, 1, &x, &y);
      tgv_panel_position(&line.panel, 4, x, y, &x, &y);
      check_close(whole.xy[2 * i], x, 0);
      check_close(whole.xy[2 * i + 1], y, 0);
    }
    /* the comparison has met all ways a via can go here */
    assert_int_equal(seen, seen | 1u << TGV_CAUSE_waist_small | 1u << TGV_CAUSE_top_small |
                               1u << TGV_CAUSE_top_large | 1u << TGV_CAUSE_position | 1u << TGV_CAUSE_taper |
                               1u << TGV_CAUSE_defect | TGV_FLAG_DEGRADED | TGV_FLAG_MODEL_RANGE);
    drop(&whole);
    line_close(&line);
  }
}

static void panels_differ_and_come_back(void **state)
{
  (void)state;
  struct line line;

  open_text(&line, "0");
  struct record second = make(&line, 0, TGV_BLOCK);
  check_ok(tgv_flow_panel(line.flow, 3, 1));
  struct record first = make(&line, 0, TGV_BLOCK);
  assert_int_not_equal(memcmp(first.value, second.value, first.vias * KEPT * sizeof *first.value), 0);
  check_ok(tgv_flow_panel(line.flow, 3, 2));
  struct record again = make(&line, 0, TGV_BLOCK);
  check_same(&second, &again);
  drop(&first), drop(&second), drop(&again);
  line_close(&line);
}

/* given the same inputs, the physics alone gives the same columns and limits */
static void physics_follows_from_inputs(void **state)
{
  (void)state;
  struct line line;

  open_text(&line, "0");
  struct tgv_block *given = tgv_block_new(), *b = line.block;

  tgv_flow_vias(line.flow, 2, 0, 300, b);
  given->n = b->n, given->group = b->group, given->via_group = b->via_group;
  memcpy(given->x, b->x, sizeof given->x), memcpy(given->y, b->y, sizeof given->y);
  memcpy(given->input, b->input, (size_t)tgv_input_count() * sizeof *b->input);
  tgv_flow_physics(line.flow, given);
  for (size_t i = 0; i < b->n; i++) {
    uint32_t from_inputs = TGV_FLAG_DEGRADED | 1u << TGV_CAUSE_defect | TGV_FLAG_MODEL_RANGE;

    assert_int_equal(given->flags[i] & ~from_inputs, b->flags[i] & ~from_inputs);
    assert_true(given->column[TGV_C_D_top][i] == b->column[TGV_C_D_top][i]);
    assert_true(given->column[TGV_C_position_error][i] == b->column[TGV_C_position_error][i]);
  }
  tgv_block_free(given);
  line_close(&line);
}

/* ---- stages that fail, and stages that are not chosen */

static int ended;

static tgv_status fail_to_begin(const struct tgv_flow *flow, void *state)
{
  *(int *)state = 1;
  return flow->number == 7 ? tgv_fail(TGV_SOLVER, "number 7 is unlucky") : TGV_OK;
}

static void count_end(void *state)
{
  ended += *(int *)state;
}

static void do_nothing(const void *state, struct tgv_block *b)
{
  (void)state, (void)b;
}

static void a_stage_that_fails_is_ended(void **state)
{
  (void)state;
  static const struct tgv_stage good = {.name = "good",
                                        .kind = TGV_STAGE_INPUTS,
                                        .chosen_by = TGV_P_END,
                                        .state_size = sizeof(int),
                                        .begin = fail_to_begin,
                                        .end = count_end,
                                        .vias = do_nothing};
  static const struct tgv_stage other = {.name = "other",
                                         .kind = TGV_STAGE_VIAS,
                                         .chosen_by = TGV_P_wet_etching_sides,
                                         .chosen_word = "top",
                                         .vias = do_nothing};
  static const struct tgv_stage panel = {.name = "panel", .kind = TGV_STAGE_PANEL, .chosen_by = TGV_P_END};
  const struct tgv_stage *const stages[] = {&other, &good, &panel, NULL};
  struct line                   line;
  struct tgv_flow              *flow;

  ended = 0;
  line_open(&line, NULL);
  check_ok(tgv_flow_open(line.project, &line.package, &line.panel, stages, &flow));
  assert_int_equal(flow->stage_count, 1);
  assert_int_equal(tgv_flow_panel(flow, 1, 7), TGV_SOLVER);
  assert_non_null(strstr(tgv_error_message(), "number 7 is unlucky"));
  assert_non_null(strstr(tgv_error_message(), "preparing the stage good for panel 7 of lot 1"));
  check_ok(tgv_flow_panel(flow, 1, 8));
  assert_int_equal(ended, 1);
  tgv_flow_vias(flow, 0, 0, 10, line.block); /* nobody sets the inputs: nominal */
  assert_true(line.block->input[tgv_input_of(TGV_P_wet_etching_time)][9] == 2400.0f);
  tgv_flow_close(flow);
  assert_int_equal(ended, 2);
  line_close(&line);
}

/* ---- the order of src/registry.def */

static bool lists(const enum tgv_column *list, enum tgv_column c)
{
  for (; list && *list != TGV_C_END; list++)
    if (*list == c) return true;
  return false;
}

/* a column is read after all stages that may write it */
static void columns_are_written_before_they_are_read(void **state)
{
  (void)state;
  for (size_t reader = 0; tgv_stages[reader]; reader++) {
    if (tgv_stages[reader]->kind == TGV_STAGE_PANEL) continue;
    for (const enum tgv_column *c = tgv_stages[reader]->reads; c && *c != TGV_C_END; c++)
      for (size_t writer = reader + 1; tgv_stages[writer]; writer++)
        if (tgv_stages[writer]->kind != TGV_STAGE_PANEL && lists(tgv_stages[writer]->writes, *c))
          fail_msg("stage %s reads %s, which the later stage %s writes", tgv_stages[reader]->name,
                   tgv_column_info(*c)->symbol, tgv_stages[writer]->name);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_do_not_matter),
      cmocka_unit_test(panels_differ_and_come_back),
      cmocka_unit_test(physics_follows_from_inputs),
      cmocka_unit_test(a_stage_that_fails_is_ended),
      cmocka_unit_test(columns_are_written_before_they_are_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
