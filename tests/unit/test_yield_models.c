/* The stage: what it writes, and when. Its numbers are in tests/cases/yield_models.case. */
#include "check.h"

#include <string.h>

#include "model/run.h"
#include "registry.h"

struct session {
  struct tgv_project *project;
  struct tgv_run     *run;
};

/* Runs the stage on the plain project with keys, "key=value", the last NULL. */
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
  return tgv_run_all(s->run, "yield_models");
}

static void close_session(struct session *s)
{
  tgv_run_close(s->run);
  tgv_project_free(s->project);
}

static const cJSON *part(const struct session *s, const char *name)
{
  return cJSON_GetObjectItem(tgv_run_result(s->run, "yield_models")->json, name);
}

static void nothing_is_written_unless_asked_for(void **state)
{
  static const char *const none[] = {NULL};
  static const char *const clusters[] = {"yield_models.clusters=2", NULL};
  struct session           s;

  (void)state;
  check_ok(run_stage(&s, none));
  assert_int_equal(cJSON_GetArraySize(part(&s, "scalars")), 0);
  assert_int_equal(cJSON_GetArraySize(part(&s, "tables")), 0);
  close_session(&s);
  check_ok(run_stage(&s, clusters));
  assert_int_equal(cJSON_GetArraySize(part(&s, "scalars")), 1);
  close_session(&s);
}

static void closed_forms_stand_beside_the_integral(void **state)
{
  static const char *const settings[] = {"yield_models.defects_per_unit=1.7", "yield_models.sigma=1.2", NULL};
  struct session           s;
  const cJSON             *row;
  int                      rows = 0;

  (void)state;
  check_ok(run_stage(&s, settings));
  assert_int_equal(cJSON_GetArraySize(part(&s, "scalars")), 8);
  cJSON_ArrayForEach(row, cJSON_GetObjectItem(cJSON_GetObjectItem(part(&s, "tables"), "models"), "rows"))
  {
    const double closed = cJSON_GetArrayItem(row, 4)->valuedouble;

    assert_true(closed > 10 && closed < 100); /* per cent */
    if (rows++ == 0) {                        /* Poisson */
      assert_true(cJSON_IsNull(cJSON_GetArrayItem(row, 5)));
      check_close(closed, 100 * exp(-1.7), 1e-12);
      continue;
    }
    check_close(closed, cJSON_GetArrayItem(row, 5)->valuedouble, 1e-8);
    check_near(cJSON_GetArrayItem(row, 6)->valuedouble, closed / cJSON_GetArrayItem(row, 5)->valuedouble - 1,
               0, 1e-14);
  }
  assert_int_equal(rows, 8);
  close_session(&s);
}

static void more_needed_than_there_are(void **state)
{
  static const char *const settings[] = {"yield_models.item_fail_probability=1 ppm", "yield_models.needed=3",
                                         NULL};
  struct session           s;

  (void)state;
  assert_int_equal(run_stage(&s, settings), TGV_INPUT);
  assert_non_null(strstr(tgv_error_message(), "yield_models.needed = 3 is more than yield_models.of = 2"));
  close_session(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_written_unless_asked_for),
      cmocka_unit_test(closed_forms_stand_beside_the_integral),
      cmocka_unit_test(more_needed_than_there_are),
  };

  return cmocka_run_group_tests_name("yield_models", tests, NULL, NULL);
}
