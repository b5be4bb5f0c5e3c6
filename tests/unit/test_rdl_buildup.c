/* Build-up yield as a stage: how it follows layers, lines and densities. */
#include "check.h"

#include "line.h"
#include "model/run.h"

static struct tgv_run *run_with(const char *const *keys, struct tgv_project **p)
{
  struct tgv_run_options options = {.quiet = true};
  struct tgv_run        *run;

  check_ok(tgv_project_plain(p));
  for (; keys[0]; keys += 2) check_ok(tgv_project_set(*p, keys[0], keys[1]));
  check_ok(tgv_run_open(*p, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "rdl_buildup"));
  return run;
}

static double yield_with(const char *layers, const char *line, const char *etch, const char *wired)
{
  struct tgv_project *p;
  struct tgv_run     *run =
      run_with(LINE("rdl_buildup.model", "critical_area", "rdl_buildup.short_density", "3000 1/m2",
                    "rdl_buildup.open_density", "3000 1/m2", "build_up[0].name", "a", "build_up[0].layers",
                    layers, "build_up[0].line", line, "build_up[0].space", "10 um", "build_up[0].seed_etch",
                    etch, "build_up[0].wired", wired),
               &p);
  struct tgv_scalar s;

  assert_true(tgv_run_find(run, "build_up_yield", &s));
  tgv_run_close(run);
  tgv_project_free(p);
  return s.value;
}

static void yield_follows_layers_and_lines(void **state)
{
  (void)state;
  const double one = yield_with("1", "10 um", "0 um", "50 %");

  assert_true(one > 0 && one < 1);
  check_close(yield_with("3", "10 um", "0 um", "50 %"), one * one * one, 1e-9); /* independent layers */
  check_close(yield_with("1", "10 um", "0 um", "100 %"), one * one, 1e-9);
  check_near(yield_with("1", "10 um", "0 um", "0 %"), 1, 0, 0);
  assert_true(yield_with("1", "6 um", "0 um", "50 %") < one);
  /* equal lines and spaces lose least if the etch leaves them so: opens weigh more than shorts are spared */
  assert_true(yield_with("1", "10 um", "2 um", "50 %") < one);
}

/* two entries: their product; one without line and space has lamination defects only */
static void entries_multiply(void **state)
{
  (void)state;
  struct tgv_project *p;
  struct tgv_run     *run = run_with(
          LINE("rdl_buildup.model", "critical_area", "rdl_buildup.short_density", "3000 1/m2",
               "rdl_buildup.lamination_density", "50 1/m2", "build_up[0].name", "a", "build_up[0].line", "10 um",
               "build_up[0].space", "10 um", "build_up[1].name", "b", "build_up[1].layers", "2"),
          &p);
  struct tgv_scalar a, b, all;

  assert_true(tgv_run_find(run, "layer_yield.a", &a) && tgv_run_find(run, "layer_yield.b", &b));
  assert_true(tgv_run_find(run, "build_up_yield", &all));
  check_close(all.value, a.value * b.value, 1e-12);
  check_close(b.value, exp(-50 * tgv_real(p, TGV_P_package_width) * tgv_real(p, TGV_P_package_height) * 4),
              1e-9);
  assert_false(tgv_run_find(run, "finished_line.b", &b));
  tgv_run_close(run);
  tgv_project_free(p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(yield_follows_layers_and_lines),
      cmocka_unit_test(entries_multiply),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
