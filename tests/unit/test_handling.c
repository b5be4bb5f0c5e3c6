/* The stage handling: when it runs, what it refuses, what the number of vias does. Its numbers are in handling.case. */
#include "check.h"

#include <string.h>

#include "model/run.h"
#include "registry.h"

struct session {
  struct tgv_project *project;
  struct tgv_run     *run;
};

static tgv_status run_stage(struct session *s, const char *const *settings)
{
  const struct tgv_run_options o = {.quiet = true};

  check_ok(tgv_project_plain(&s->project));
  for (; *settings; settings++) {
    char key[128];

    snprintf(key, sizeof key, "%.*s", (int)strcspn(*settings, "="), *settings);
    check_ok(tgv_project_set(s->project, key, strchr(*settings, '=') + 1));
  }
  check_ok(tgv_project_check(s->project));
  check_ok(tgv_run_open(s->project, tgv_stages, &o, &s->run));
  return tgv_run_all(s->run, "handling");
}

static double close_and_take(struct session *s, const char *name)
{
  struct tgv_scalar scalar = {.value = (double)NAN};

  if (name) assert_true(tgv_run_find(s->run, name, &scalar));
  tgv_run_close(s->run);
  tgv_project_free(s->project);
  return scalar.value;
}

static void nothing_is_written_without_a_move(void **state)
{
  static const char *const none[] = {NULL};
  struct session           s;

  (void)state;
  check_ok(run_stage(&s, none));
  assert_int_equal(
      cJSON_GetArraySize(cJSON_GetObjectItem(tgv_run_result(s.run, "handling")->json, "scalars")), 0);
  (void)close_and_take(&s, NULL);
}

static void strengths_are_assumed_where_none_is_given(void **state)
{
  static const char *const settings[] = {"handling[0].name=grip", "handling[0].kind=edge_grip", NULL};
  struct session           s;
  struct tgv_scalar        breakage;

  (void)state;
  check_ok(run_stage(&s, settings));
  assert_true(tgv_run_find(s.run, "breakage_panel", &breakage));
  assert_non_null(strstr(breakage.error, "assumed"));
  assert_true(breakage.low > 0 && breakage.low < breakage.value && breakage.value < breakage.high &&
              breakage.high < 1);
  (void)close_and_take(&s, NULL);
}

/* twice the vias are twice the flaws: the hazard -ln(1 - P) doubles; half the pitch is four times the vias, about */
static double wall_hazard(const char *setting)
{
  const char *const settings[] = {"handling[0].name=grip",
                                  "handling[0].kind=edge_grip",
                                  "handling[0].state=etched",
                                  "strength[0].name=wall",
                                  "strength[0].place=via_wall",
                                  "strength[0].m=5",
                                  "strength[0].scale=600 MPa",
                                  setting,
                                  NULL};
  struct session    s;

  check_ok(run_stage(&s, settings));
  return -log1p(-close_and_take(&s, "breakage_panel"));
}

static void hazard_grows_with_the_walls(void **state)
{
  double one = wall_hazard("via_groups[0].diameter=40 um"),
         wide = wall_hazard("via_groups[0].diameter=80 um");

  (void)state;
  assert_true(one > 0);
  check_close(wide / one, 2, 1e-6);
}

/* Uniform bending: (2 (m + 1))^-1 through the depth; around the hole the integral of |1 + nu - 2 (1 - nu) cos 2a|^m da,
   here by a sum of a thousand angles. */
static void wall_integral_is_kirsch(void **state)
{
  static const char *const settings[] = {
      "handling[0].name=b",        "handling[0].kind=bending",  "handling[0].state=etched",
      "handling[0].stress=30 MPa", "strength[0].name=wall",     "strength[0].place=via_wall",
      "strength[0].m=5",           "strength[0].scale=600 MPa", NULL};
  struct session s;
  double         around = 0, walls = 0, nu = 0.23, want; /* EAGLE XG */

  (void)state;
  check_ok(run_stage(&s, settings));
  for (int i = 0; i < 1000; i++)
    around +=
        pow(fabs(1 + nu - 2 * (1 - nu) * cos(2 * acos(-1.0) * (i + 0.5) / 1000)), 5) * acos(-1.0) * 2 / 1000;
  for (size_t g = 0; g < s.run->package.group_count; g++)
    walls += (double)s.run->package.group[g].count * s.run->package.group[g].diameter / 2 *
             (double)s.run->panel.unit_count;
  want = walls * 0.5e-3 / 2 / 6 * around / 1e-4 * pow(30.0 / 600, 5);
  check_close(-log1p(-close_and_take(&s, "breakage_panel")), want, 1e-3);
}

/* The vacuum of a pad adds the stress of a disc on a ring, 3 (3 + nu) p c^2 / 8 h^2 (Timoshenko): EAGLE XG, 0.54 mm. */
static void vacuum_adds_the_stress_of_a_disc(void **state)
{
  static const char *const without[] = {"handling[0].name=p", "handling[0].kind=vacuum_pads", NULL};
  static const char *const with[] = {"handling[0].name=p", "handling[0].kind=vacuum_pads",
                                     "handling[0].vacuum=30 kPa", NULL};
  struct session           s;
  double                   stress;

  (void)state;
  check_ok(run_stage(&s, with));
  stress = close_and_take(&s, "handling_stress.p");
  check_ok(run_stage(&s, without));
  stress -= close_and_take(&s, "handling_stress.p");
  check_close(stress, 3 * 3.23 * 30e3 * 1e-4 / (8 * 0.54e-3 * 0.54e-3), 1e-9);
}

/* A bent panel: the whole of both faces and of two edges; the table tells it. */
static void effective_sizes_are_told(void **state)
{
  static const char *const settings[] = {"handling[0].name=b", "handling[0].kind=bending", NULL};
  struct session           s;
  const cJSON             *rows, *edge;

  (void)state;
  check_ok(run_stage(&s, settings));
  rows = cJSON_GetObjectItem(
      cJSON_GetObjectItem(cJSON_GetObjectItem(tgv_run_result(s.run, "handling")->json, "tables"), "links"),
      "rows");
  assert_int_equal(cJSON_GetArraySize(rows), 2);
  edge = cJSON_GetArrayItem(rows, 0);
  assert_string_equal(cJSON_GetArrayItem(edge, 1)->valuestring, "ground edge");
  assert_string_equal(cJSON_GetArrayItem(edge, 3)->valuestring, "1030 mm");
  (void)close_and_take(&s, NULL);
}

static void refused(const char *const *settings, const char *message)
{
  struct session s;

  assert_int_equal(run_stage(&s, settings), TGV_INPUT);
  if (!strstr(tgv_error_message(), message)) fail_msg("\"%s\" lacks \"%s\"", tgv_error_message(), message);
  (void)close_and_take(&s, NULL);
}

static void what_does_not_fit_is_refused(void **state)
{
  static const char *const overhang[] = {"handling[0].name=a", "handling[0].kind=edge_grip",
                                         "handling[0].overhang=300 mm", NULL};
  static const char *const span[] = {"handling[0].name=a", "handling[0].kind=end_effector",
                                     "handling[0].span=600 mm", NULL};
  static const char *const pads[] = {"handling[0].name=a", "handling[0].kind=vacuum_pads",
                                     "handling[0].pad_radius=60 mm", NULL};
  static const char *const glass[] = {"core.glass=SG3.4", "handling[0].name=a", "handling[0].kind=bending",
                                      NULL};

  (void)state;
  refused(overhang, "300 mm at both ends");
  refused(span, "600 mm apart");
  refused(pads, "60 mm overlap at a pitch of 100 mm");
  refused(glass, "does not know E of \"SG3.4\"");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_written_without_a_move),
                                     cmocka_unit_test(strengths_are_assumed_where_none_is_given),
                                     cmocka_unit_test(hazard_grows_with_the_walls),
                                     cmocka_unit_test(wall_integral_is_kirsch),
                                     cmocka_unit_test(what_does_not_fit_is_refused),
                                     cmocka_unit_test(vacuum_adds_the_stress_of_a_disc),
                                     cmocka_unit_test(effective_sizes_are_told)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
