/* The header alone is enough, and what it shows as an example works. */
#include "../../include/opentgv.h"

#include <stdlib.h>

#include "check.h"

static const char text[] =
    "project: {name: api}\n"
    "package: {width: 20 mm, height: 20 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
    "glass_blank: {thickness: 540 um}\n"
    "via_groups:\n"
    "  - {name: array, function: signal, pitch_x: 1 mm, margin: 1 mm, diameter: 42 um}\n";

static void the_example_of_the_header_works(void **state)
{
  struct tgv_project *project;
  struct tgv_run     *run;
  struct tgv_scalar   D_top;
  char                data[4096];

  (void)state;
  snprintf(data, sizeof data, "%s/data", getenv("TGV_SOURCE_ROOT"));
  setenv("TGV_DATA", data, 1);
  check_ok(tgv_project_parse(text, sizeof text - 1, "api", ".", &project));
  check_ok(tgv_run_open(project, tgv_stages, &(struct tgv_run_options){.quiet = true}, &run));
  check_ok(tgv_run_all(run, "panel_survey"));
  assert_true(tgv_run_find(run, "D_top.mean", &D_top));
  /* 2 (2 um + 0.5 um/min 40 min sqrt(19 / 21)), the closed form of the etched via */
  check_close(tgv_units_to(D_top.value, TGV_LENGTH, "um"), 42.0476, 1e-5);
  tgv_run_close(run);
  tgv_project_free(project);
  tgv_units_stop();
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_example_of_the_header_works)};

  return cmocka_run_group_tests_name("public_api", tests, NULL, NULL);
}
