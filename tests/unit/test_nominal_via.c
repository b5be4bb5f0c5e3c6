#include "check.h"

#include <stdlib.h>

#include "core/text.h"
#include "model/run.h"
#include "registry.h"

static double value(const cJSON *group, const char *symbol)
{
  const cJSON *v =
      cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(group, "values"), symbol);

  if (!cJSON_IsNumber(v)) fail_msg("the group has no %s", symbol);
  return v->valuedouble;
}

/* The default recipe in closed form: D_top = 2 [r0 + v_b t sqrt((S - 1) / (S + 1))] = 42.05 um in 500 um of glass */
static void test_default_recipe(void **state)
{
  struct tgv_project *p;
  struct tgv_run     *run;
  const cJSON        *groups, *g, *z, *D;
  double              top = 2 * (2 + 0.5 * 40 * sqrt(19.0 / 21));
  (void)state;

  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "variation.wet_etching.bulk_rate.nugget", "5 %")); /* it must not matter */
  check_ok(tgv_run_open(p, tgv_stages, &(struct tgv_run_options){.quiet = true}, &run));
  check_ok(tgv_run_all(run, "nominal_via"));
  groups = cJSON_GetObjectItemCaseSensitive(
      cJSON_GetObjectItemCaseSensitive(tgv_run_result(run, "nominal_via")->json, "data"), "groups");
  assert_int_equal(cJSON_GetArraySize(groups), 1);
  g = cJSON_GetArrayItem(groups, 0);
  check_close(value(g, "D_top"), top, 1e-6);
  check_close(value(g, "thickness"), 500, 1e-6);
  assert_true(value(g, "D_waist") > 0 && value(g, "D_waist") < top);
  z = cJSON_GetObjectItemCaseSensitive(g, "z"), D = cJSON_GetObjectItemCaseSensitive(g, "D");
  assert_int_equal(cJSON_GetArraySize(z), 41);
  check_close(cJSON_GetArrayItem(z, 40)->valuedouble, 500, 1e-6);
  check_close(cJSON_GetArrayItem(D, 0)->valuedouble, top, 1e-6);
  check_close(cJSON_GetArrayItem(D, 20)->valuedouble, value(g, "D_waist"), 1e-6);
  /* the wall of the closed form is straight: half-way down the diameter is half-way */
  check_close(cJSON_GetArrayItem(D, 10)->valuedouble, 0.5 * (top + value(g, "D_waist")), 1e-5);
  assert_false(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(g, "failed")));
  tgv_run_close(run);
  tgv_project_free(p);
}

static void test_closed(void **state)
{
  struct tgv_project *p;
  struct tgv_run     *run;
  const cJSON        *g;
  (void)state;

  check_ok(tgv_project_plain(&p));
  check_ok(tgv_project_set(p, "wet_etching.time", "10 min"));
  check_ok(tgv_run_open(p, tgv_stages, &(struct tgv_run_options){.quiet = true}, &run));
  check_ok(tgv_run_all(run, "nominal_via"));
  g = cJSON_GetArrayItem(
      cJSON_GetObjectItemCaseSensitive(
          cJSON_GetObjectItemCaseSensitive(tgv_run_result(run, "nominal_via")->json, "data"), "groups"),
      0);
  check_near(value(g, "D_waist"), 0, 0, 0);
  assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(g, "failed")));
  tgv_run_close(run);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_default_recipe), cmocka_unit_test(test_closed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
