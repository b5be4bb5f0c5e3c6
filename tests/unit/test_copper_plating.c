/* The plating of vias in the flow: the trained model against direct runs of the solver, ranges and flags, recipes. The bath has no additive:
   its vias are pinched at the mouth if there is time enough, and runs take some ten milliseconds. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "line.h"
#include "model/run.h"
#include "solver/plating_class.h"

static const char text[] =
    "project: {name: plated, seed: 5}\n"
    "package: {width: 20 mm, height: 20 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.28 mm}\n"
    "panel: {width: 120 mm, height: 130 mm}\n"
    "glass_blank: {thickness: 0.3 mm}\n"
    "laser_drilling: {track_radius: 11 um}\n"
    "wet_etching: {time: %s}\n"
    "via_groups:\n"
    "- {name: a, function: signal, x: -4 mm, width: 6 mm, height: 6 mm, pitch_x: 150 um, diameter: 41 um}\n"
    "- {name: b, function: signal, x: 4 mm, width: 6 mm, height: 6 mm, pitch_x: 150 um, diameter: 41 um}\n"
    "copper_plating: {model: fitted, control: potentiostatic, potential: 0.2 V, time: %.3f h, additive: 0 "
    "mol/L, "
    "training_runs: 120}\n"
    "variation:\n"
    "- {input: copper_plating.time, nugget: 4 %%}\n";

/* when the mouth of the nominal via closes, by the solver [s] */
static double pinch_time(void)
{
  static double            known;
  struct tgv_plating_class c = {.cell_radius = 150e-6 / sqrt(M_PI), .upper = 1, .lower = 1};
  struct tgv_project      *p;
  double                   low = 3600, high = 12 * 3600;

  if (known > 0) return known;
  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "copper_plating.control", "potentiostatic"));
  check_ok(tgv_plating_recipe_read(p, &c.recipe));
  while (high - low > 200) {
    const double middle = 0.5 * (low + high);
    const double x[TGV_PLATING_INPUTS] = {0.2, 41.0207e-6, 0.6586, 280e-6, 0.5, 0, middle, 1000, 0, 150e-6};
    struct tgv_regime_answer a;

    check_ok(tgv_plating_class_solve(&c, x, &a));
    *(a.regime == TGV_PLATING_PINCHED ? &high : &low) = middle;
  }
  tgv_project_free(p);
  known = 0.5 * (low + high);
  print_message("# the nominal via is pinched after %.2f h\n", known / 3600);
  return known;
}

static void open_line(struct line *line, const char *etch)
{
  char filled[4000];

  snprintf(filled, sizeof filled, text, etch, pinch_time() / 3600);
  check_ok(tgv_project_parse(filled, strlen(filled), "test", ".", &line->project));
  check_ok(tgv_panel_build(line->project, &line->panel));
  check_ok(tgv_package_build(line->project, &line->package));
  check_ok(tgv_flow_open(line->project, &line->package, &line->panel, tgv_stages, &line->flow));
  check_ok(tgv_flow_panel(line->flow, 1, 1));
  line->block = tgv_block_new();
}

/* ---- what the block says of a via */

static double column(const struct line *line, enum tgv_column c, size_t i)
{
  return (double)line->block->column[c][i];
}

static void inputs_of(const struct line *line, size_t i, double *x)
{
  const double shape[5] = {column(line, TGV_C_D_top, i), column(line, TGV_C_D_waist, i),
                           column(line, TGV_C_D_bottom, i), column(line, TGV_C_waist_depth, i),
                           column(line, TGV_C_thickness, i)};

  tgv_plating_shape(shape, x);
  x[TGV_PLATING_DRIVE] = tgv_nominal(line->project, tgv_input_of(TGV_P_copper_plating_potential));
  x[TGV_PLATING_TIME] = (double)line->block->input[tgv_input_of(TGV_P_copper_plating_time)][i];
  x[TGV_PLATING_CUPRIC] = tgv_nominal(line->project, tgv_input_of(TGV_P_copper_plating_cupric));
  x[TGV_PLATING_ADDITIVE] = 0;
  x[TGV_PLATING_LAYER] = tgv_nominal(line->project, tgv_input_of(TGV_P_copper_plating_boundary_layer));
}

/* Vias of a panel, every one also by the solver. */
static void model_and_solver_agree(void **state)
{
  (void)state;
  enum { VIAS = 60 };
  struct line                     line;
  struct tgv_plating_classes      classes;
  const struct tgv_regime_report *t;
  size_t                          wrong = 0, sure_wrong = 0, uncertain = 0, pinched = 0;
  double                          fill_error = 0, copper_error = 0;

  open_line(&line, "20 min");
  check_ok(tgv_plating_classes_make(line.flow, &classes));
  assert_int_equal(classes.count, 1); /* both groups are plated alike */
  assert_int_equal(classes.of_group[1], 0);
  assert_non_null(classes.class[0].model);
  assert_int_equal(classes.class[0].axes, 3); /* drive, diameter, time */
  t = tgv_regime_model_report(classes.class[0].model);
  assert_true(t->count[TGV_PLATING_ARRESTED] > 10 && t->count[TGV_PLATING_PINCHED] > 10);
  tgv_flow_vias(line.flow, 3, 0, VIAS, line.block);
  for (size_t i = 0; i < VIAS; i++) {
    const size_t             got = (size_t)column(&line, TGV_C_fill_regime, i);
    const bool               unsure = line.block->flags[i] & TGV_FLAG_UNCERTAIN;
    struct tgv_regime_answer want;
    double                   x[TGV_PLATING_INPUTS];

    assert_false(line.block->flags[i] & TGV_FLAG_MODEL_RANGE);
    assert_true((column(&line, TGV_C_void_margin, i) >= 0) == (got != TGV_PLATING_PINCHED));
    assert_true(((line.block->flags[i] & 1u << TGV_CAUSE_void) != 0) == (got == TGV_PLATING_PINCHED));
    inputs_of(&line, i, x);
    check_ok(tgv_plating_class_solve(&classes.class[0], x, &want));
    uncertain += unsure;
    pinched += want.regime == TGV_PLATING_PINCHED;
    wrong += got != want.regime;
    sure_wrong += got != want.regime && !unsure;
    fill_error = fmax(fill_error, fabs(column(&line, TGV_C_fill, i) - want.y[TGV_PLATED_FILL]));
    copper_error =
        fmax(copper_error, fabs(column(&line, TGV_C_plated_copper, i) / want.y[TGV_PLATED_COPPER] - 1));
  }
  print_message("# of %d vias %zu pinched; %zu in the wrong regime, %zu of them not called uncertain; %zu "
                "uncertain; largest "
                "error of the fill %.2g, of the copper %.2g\n",
                VIAS, pinched, wrong, sure_wrong, uncertain, fill_error, copper_error);
  assert_true(pinched > 10 && pinched < VIAS - 10);
  assert_true(wrong <= 3 && sure_wrong <= 1 && uncertain < VIAS / 3);
  assert_true(fill_error < 0.01 && copper_error < 0.01);
  tgv_plating_classes_release(&classes);
  line_close(&line);
}

/* begin is called for every panel and every flow: the second asks nothing of the solver */
static void trained_once(void **state)
{
  (void)state;
  struct line                    line;
  struct tgv_plating_classes     one, two;
  const struct tgv_regime_model *first;

  open_line(&line, "20 min");
  check_ok(tgv_plating_classes_make(line.flow, &one));
  first = one.class[0].model;
  check_ok(tgv_flow_panel(line.flow, 2, 7));
  check_ok(tgv_plating_classes_make(line.flow, &two));
  assert_ptr_equal(first, two.class[0].model);
  tgv_plating_classes_release(&one);
  tgv_plating_classes_release(&two);
  line_close(&line);
}

/* Runs solved again: the same solver says the same, a warmer bath does not. */
static void a_solver_that_changes_is_noticed(void **state)
{
  (void)state;
  struct line                line;
  struct tgv_plating_classes classes;
  struct tgv_plating_again   again;

  open_line(&line, "20 min");
  check_ok(tgv_plating_classes_make(line.flow, &classes));
  check_ok(tgv_plating_class_again(&classes.class[0], 4, &again));
  assert_true(again.solved == 4 && again.differing == 0 && again.worst == 0);
  classes.class[0].recipe.bath.ion_diffusivity *= 1.01;
  check_ok(tgv_plating_class_again(&classes.class[0], 4, &again));
  print_message("# 1 %% more diffusion: %zu of %zu differ, by %.2g\n", again.differing, again.solved,
                again.worst);
  assert_int_equal(again.differing, 4);
  tgv_plating_classes_release(&classes);
  line_close(&line);
}

static void outside_is_flagged_and_held(void **state)
{
  (void)state;
  struct line line;
  float      *time;

  open_line(&line, "20 min");
  line.block->n = 3, line.block->group = 0, line.block->via_group = &line.package.group[0];
  tgv_block_nominal(line.project, line.block);
  time = line.block->input[tgv_input_of(TGV_P_copper_plating_time)];
  time[1] = 0.3f * time[0], time[2] = 0.1f * time[0];
  for (size_t i = 0; i < 3; i++) line.block->x[i] = line.block->y[i] = 0;
  tgv_flow_physics(line.flow, line.block);
  assert_false(line.block->flags[0] & TGV_FLAG_MODEL_RANGE);
  assert_true(line.block->flags[1] & TGV_FLAG_MODEL_RANGE);
  assert_true(line.block->flags[2] & TGV_FLAG_MODEL_RANGE);
  assert_true(column(&line, TGV_C_fill, 1) == column(&line, TGV_C_fill, 2));
  line_close(&line);
}

/* too short an etch: all vias are closed, nothing is trained, every via is told */
static void closed_vias_are_not_plated(void **state)
{
  (void)state;
  struct line line;

  open_line(&line, "10 min");
  tgv_flow_vias(line.flow, 0, 0, 20, line.block);
  for (size_t i = 0; i < 20; i++) {
    assert_true(line.block->flags[i] & TGV_FLAG_MODEL_RANGE);
    assert_true(line.block->flags[i] & 1u << TGV_CAUSE_closed);
    assert_true(column(&line, TGV_C_fill, i) == 0);
  }
  line_close(&line);
}

/* The stage counts what a walk over all vias counts; the mass is that of the charge. */
static void the_panel_is_counted(void **state)
{
  (void)state;
  struct line            line;
  struct tgv_run        *run;
  struct tgv_run_options options = {.quiet = true};
  struct tgv_scalar      voids, mass, accuracy, fill;
  double                 vias = 0, hits = 0, copper = 0, sum = 0;

  open_line(&line, "20 min");
  check_ok(tgv_run_open(line.project, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "copper_fill"));
  assert_true(tgv_run_find(run, "void_vias", &voids));
  assert_true(tgv_run_find(run, "copper_mass", &mass));
  assert_true(tgv_run_find(run, "regime_accuracy", &accuracy));
  assert_true(tgv_run_find(run, "fill.mean", &fill));
  check_ok(tgv_flow_panel(line.flow, 1, 1));
  for (size_t unit = 0; unit < line.panel.unit_count; unit++)
    for (size_t g = 0; g < 2; g++)
      for (uint64_t done = 0; done < line.package.group[g].count; done += line.block->n) {
        const uint64_t left = line.package.group[g].count - done;

        tgv_flow_vias(line.flow, unit, line.package.group[g].first + done,
                      left < TGV_BLOCK ? left : TGV_BLOCK, line.block);
        for (size_t i = 0; i < line.block->n; i++) {
          vias++, hits += column(&line, TGV_C_fill_regime, i) == TGV_PLATING_PINCHED;
          copper += column(&line, TGV_C_plated_copper, i), sum += column(&line, TGV_C_fill, i);
        }
      }
  assert_true(hits > 0 && hits < vias);
  check_close(voids.value, hits / vias, 1e-12);
  assert_true(voids.low < voids.value && voids.value < voids.high);
  check_close(fill.value, sum / vias, 1e-9);
  check_close(mass.value, 8960 * copper, 1e-6);
  assert_true(accuracy.value > 0.95 && accuracy.value <= 1);
  tgv_run_close(run);
  line_close(&line);
}

static void recipe(struct tgv_project *p, const char *key, const char *value)
{
  check_ok(tgv_project_set(p, key, value));
}

/* the net current is what the key says: forward pulses carry more */
static void waveforms_keep_the_net_current(void **state)
{
  (void)state;
  struct tgv_project       *p;
  struct tgv_plating_recipe r;

  check_ok(tgv_project_plain(&p));
  recipe(p, "copper_plating.forward_time", "30 ms");
  recipe(p, "copper_plating.pause_time", "10 ms");
  recipe(p, "copper_plating.reverse_time", "2 ms");
  recipe(p, "copper_plating.reverse_ratio", "3");
  check_ok(tgv_plating_recipe_read(p, &r));
  assert_true(r.segments == 1 && r.scale == 1);
  recipe(p, "copper_plating.waveform", "pulse");
  check_ok(tgv_plating_recipe_read(p, &r));
  check_close(r.scale, 4.0 / 3, 1e-12);
  assert_true(r.segments == 2 && r.rest_value == 0);
  recipe(p, "copper_plating.waveform", "reverse");
  check_ok(tgv_plating_recipe_read(p, &r));
  check_close(r.scale * (30 - 3 * 2) / 32, 1, 1e-12);
  recipe(p, "copper_plating.reverse_ratio", "15");
  assert_int_equal(tgv_plating_recipe_read(p, &r), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "must be below 1"));
  recipe(p, "copper_plating.control", "potentiostatic");
  check_ok(tgv_plating_recipe_read(p, &r));
  assert_true(r.scale == 1 && r.rest_value == -15);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(model_and_solver_agree),           cmocka_unit_test(trained_once),
      cmocka_unit_test(a_solver_that_changes_is_noticed), cmocka_unit_test(outside_is_flagged_and_held),
      cmocka_unit_test(closed_vias_are_not_plated),       cmocka_unit_test(the_panel_is_counted),
      cmocka_unit_test(waveforms_keep_the_net_current),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
