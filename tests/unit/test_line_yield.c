/* From started panels to good finished units: the product of handling, vias and build-up, every loss under its step. */
#include "check.h"

#include <string.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/run.h"
#include "registry.h"

static const char common[] =
    "project: {name: test, seed: 7}\n"
    "core: {glass: EAGLE XG, thickness: 600 um, thickness_tolerance: 4 um}\n"
    "wet_etching: {time: 90 min, track_rate: 10 um/min, bulk_rate: 0.5 um/min}\n"
    "glass_blank: {thickness: 690 um}\n"
    "package: {width: 100 mm, height: 50 mm}\n"
    "panel: {width: 210 mm, height: 110 mm, edge_exclusion: 0 mm, street: 0.2 mm}\n"
    "via_groups:\n"
    "  - {name: signal, function: signal, pitch_x: 2 mm, width: 99 mm, height: 49 mm, diameter: 90 um}\n"
    "yield: {panels: 100, samples: 2000}\n"
    "planarization: {model: density_step_height, overburden: 5 um, removal_rate: 1 um/min, over_polish: 20 "
    "%}\n"
    "variation:\n"
    "  - {input: glass_blank.thickness, panel: 1 um, nugget: 1 um}\n"
    "  - {input: planarization.removal_rate, lot: 4 %, nugget: 2 %}\n";

static struct tgv_run *run_of(const char *more, struct tgv_project **p)
{
  const struct tgv_run_options o = {.quiet = true};
  struct tgv_text              t = {0};
  struct tgv_run              *run;

  tgv_progress_silence(true);
  tgv_text_add(&t, "%s%s", common, more);
  check_ok(tgv_project_parse(t.data, t.size, "test.yaml", ".", p));
  tgv_text_release(&t);
  check_ok(tgv_run_open(*p, tgv_stages, &o, &run));
  check_ok(tgv_run_all(run, "line_yield"));
  return run;
}

static struct tgv_scalar scalar(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s;

  if (!tgv_run_find(run, name, &s)) fail_msg("there is no %s", name);
  return s;
}

static double sum_of(const cJSON *table, int column)
{
  const cJSON *row;
  double       sum = 0;

  cJSON_ArrayForEach(row, cJSON_GetObjectItem(table, "rows")) sum +=
      cJSON_GetArrayItem(row, column)->valuedouble;
  return sum;
}

static const cJSON *table_of(const struct tgv_run *run, const char *name)
{
  const cJSON *t =
      cJSON_GetObjectItem(cJSON_GetObjectItem(tgv_run_result(run, "line_yield")->json, "tables"), name);

  assert_non_null(t);
  return t;
}

/* the value of the row that begins with a step */
static double loss_of(const struct tgv_run *run, const char *step)
{
  const cJSON *row;

  cJSON_ArrayForEach(row, cJSON_GetObjectItem(table_of(run, "line_steps"), "rows"))
  {
    if (strcmp(cJSON_GetArrayItem(row, 0)->valuestring, step) == 0)
      return cJSON_GetArrayItem(row, 1)->valuedouble / 100;
  }
  return 0;
}

static const char all_steps[] =
    "rdl_buildup: {model: critical_area, lamination_density: 10 1/m2, open_density: 500 1/m2}\n"
    "build_up:\n"
    "  - {name: a, layers: 2, line: 10 um, space: 10 um}\n"
    "handling:\n"
    "  - {name: grip, kind: edge_grip, count: 40, load_factor: 6}\n";

static void factors_multiply_and_losses_add_up(void **state)
{
  (void)state;
  struct tgv_project *p;
  struct tgv_run     *run = run_of(all_steps, &p);
  struct tgv_scalar   line = scalar(run, "line_yield"), vias = scalar(run, "unit_yield"),
                    build_up = scalar(run, "build_up_yield"), broken = scalar(run, "breakage_panel");
  const double total = (1 - broken.value) * vias.value * build_up.value;
  double       faults = -log(1 - broken.value) - log(vias.value) - log(build_up.value);

  print_message("# line %.4f = vias %.4f, build-up %.4f, broken %.2g\n", line.value, vias.value,
                build_up.value, broken.value);
  assert_true(vias.value < 0.999 && vias.value > 0.2 && build_up.value < 0.9 && broken.value > 1e-9);
  check_close(line.value, total, 1e-12);
  assert_true(line.low < line.value && line.value < line.high && line.high <= 1);
  check_close(scalar(run, "line_good_units").value, (double)run->panel.unit_count * total, 1e-12);
  check_close(sum_of(table_of(run, "line_losses"), 3), 100 * (1 - total), 1e-9);
  check_close(sum_of(table_of(run, "line_steps"), 1), 100 * (1 - total), 1e-9);
  check_close(loss_of(run, "rdl_buildup"), -log(build_up.value) / faults * (1 - total), 1e-9);
  check_close(loss_of(run, "handling"), -log(1 - broken.value) / faults * (1 - total), 1e-9);
  assert_true(loss_of(run, "planarization") > 0 && loss_of(run, "glass_blank") > 0);
  check_close(loss_of(run, "planarization") / loss_of(run, "glass_blank"),
              scalar(run, "unit_loss.uncleared").value /
                  (scalar(run, "unit_loss.thin").value + scalar(run, "unit_loss.thick").value),
              1e-9);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* what is not simulated loses nothing, and that is said */
static void vias_alone_keep_their_yield(void **state)
{
  (void)state;
  struct tgv_project *p;
  struct tgv_run     *run = run_of("", &p);
  struct tgv_scalar   line = scalar(run, "line_yield"), vias = scalar(run, "unit_yield");
  const cJSON        *s;

  check_close(line.value, vias.value, 1e-12);
  check_close(line.low, vias.low, 1e-9);
  cJSON_ArrayForEach(s, cJSON_GetObjectItem(tgv_run_result(run, "line_yield")->json, "scalars"))
      assert_non_null(strstr(cJSON_GetObjectItem(s, "range")->valuestring, "handling, build-up"));
  tgv_run_close(run);
  tgv_project_free(p);
}

/* a line that the flash etch takes away: no unit is good, all is lost to the build-up but what the others take as well */
static void a_dead_step_takes_nearly_all(void **state)
{
  (void)state;
  struct tgv_project *p;
  struct tgv_run     *run = run_of("rdl_buildup: {model: critical_area}\n"
                                       "build_up:\n"
                                       "  - {name: a, line: 10 um, space: 10 um, seed_etch: 6 um}\n",
                                   &p);

  check_near(scalar(run, "line_yield").value, 0, 0, 0);
  assert_true(loss_of(run, "rdl_buildup") > 0.99);
  check_close(sum_of(table_of(run, "line_losses"), 3), 100, 1e-9);
  tgv_run_close(run);
  tgv_project_free(p);
}

/* What all lots have in common is exact, though the lots are drawn with weights: a polish that stops at half loses every unit. */
static void a_sure_loss_is_sure(void **state)
{
  (void)state;
  const struct tgv_run_options o = {.quiet = true};
  struct tgv_project          *p;
  struct tgv_run              *run;

  check_ok(tgv_project_parse(common, strlen(common), "test.yaml", ".", &p));
  check_ok(tgv_project_set(p, "planarization.over_polish", "-50 %"));
  check_ok(tgv_run_open(p, tgv_stages, &o, &run));
  check_ok(tgv_run_all(run, "line_yield"));
  check_near(scalar(run, "unit_yield").value, 0, 0, 1e-9);
  check_near(scalar(run, "line_yield").value, 0, 0, 1e-9);
  assert_true(loss_of(run, "planarization") >
              0.99); /* the core is out of its tolerance now and then as well */
  tgv_run_close(run);
  tgv_project_free(p);
}

/* every cause belongs to a step, and steps are named as their sections or stages are */
static void every_cause_has_a_step(void **state)
{
  (void)state;
  for (int k = 0; k < TGV_CAUSE_defect; k++) {
    const char *step = tgv_cause_info((enum tgv_cause)k)->step;

    assert_true(step && strlen(step) > 3 && !strchr(step, ' '));
  }
  assert_string_equal(tgv_cause_info(TGV_CAUSE_void)->step, "copper_plating");
  assert_string_equal(tgv_cause_info(TGV_CAUSE_dished)->step, "planarization");
  assert_string_equal(tgv_cause_info(TGV_CAUSE_defect)->step, "point defects");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(factors_multiply_and_losses_add_up),
      cmocka_unit_test(vias_alone_keep_their_yield),
      cmocka_unit_test(a_dead_step_takes_nearly_all),
      cmocka_unit_test(a_sure_loss_is_sure),
      cmocka_unit_test(every_cause_has_a_step),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
