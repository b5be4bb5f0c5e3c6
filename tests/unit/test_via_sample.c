#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "core/parallel.h"
#include "core/text.h"
#include "model/run.h"
#include "registry.h"

static const char text[] = "project: {name: sample, seed: 3}\n"
                           "package: {width: 20 mm, height: 20 mm}\n"
                           "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
                           "panel: {width: 100 mm, height: 70 mm, edge_exclusion: 2 mm, street: 1 mm}\n"
                           "glass_blank: {thickness: 540 um}\n"
                           "via_groups:\n"
                           "  - {name: array, function: signal, width: 18 mm, height: 18 mm, pitch_x: 300 "
                           "um, diameter: 42 um, D_top_min: 39 um}\n"
                           "variation:\n"
                           "  - {input: wet_etching.bulk_rate, field: 1.5 %, nugget: 1 %}\n";

static int start(void **state)
{
  char data[4096];

  (void)state;
  snprintf(data, sizeof data, "%s/data", getenv("TGV_SOURCE_ROOT"));
  setenv("TGV_DATA", data, 1);
  tgv_progress_silence(true);
  return 0;
}

static int stop(void **state)
{
  (void)state;
  tgv_units_stop();
  return 0;
}

struct column {
  void  *bytes;
  size_t size;
};

static struct column unpack(const cJSON *vias, const char *name)
{
  struct column c = {0};
  const cJSON  *o;

  cJSON_ArrayForEach(o, cJSON_GetObjectItemCaseSensitive(vias, "columns"))
  {
    if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "name")), name) != 0) continue;
    check_ok(tgv_text_unpack(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
                                 cJSON_GetObjectItemCaseSensitive(o, "data"), "data")),
                             &c.bytes, &c.size));
  }
  assert_non_null(c.bytes);
  return c;
}

/* Each via of the sample is the via of that number, and within the sample's limit; the worst via of each unit is in it. */
static void check_sample(const char *limit, bool complete)
{
  struct tgv_project    *project;
  struct tgv_run        *run;
  struct tgv_run_options options = {.quiet = true};
  struct tgv_block      *b = tgv_block_new();
  const cJSON           *vias, *worst, *w;
  struct column          unit, index, D_top, x;
  size_t                 n, found = 0, wanted = 0, last = SIZE_MAX;

  check_ok(tgv_project_parse(text, sizeof text - 1, "sample", ".", &project));
  check_ok(tgv_project_set(project, "output.report_vias", limit));
  check_ok(tgv_run_open(project, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "via_sample"));
  vias = cJSON_GetObjectItemCaseSensitive(
      cJSON_GetObjectItemCaseSensitive(tgv_run_result(run, "via_sample")->json, "data"), "vias");
  assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(vias, "complete")), complete);
  unit = unpack(vias, "unit"), index = unpack(vias, "index"), D_top = unpack(vias, "D_top"),
  x = unpack(vias, "x");
  n = unit.size / sizeof(float);
  assert_int_equal(n, (size_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(vias, "count")));
  if (complete) assert_int_equal(n, run->package.via_count * run->panel.unit_count);
  assert_true(n > 100);
  check_ok(tgv_flow_panel(run->flow, 1, 1));
  for (size_t i = 0; i < n; i += 7) {
    tgv_flow_vias(run->flow, (size_t)((float *)unit.bytes)[i],
                  (uint64_t)((double *)index.bytes)[i] % run->package.via_count, 1, b);
    check_close(((float *)D_top.bytes)[i], tgv_units_to((double)b->column[TGV_C_D_top][0], TGV_LENGTH, "um"),
                1e-6);
    check_close(((double *)x.bytes)[i], tgv_units_to(b->x[0], TGV_LENGTH, "mm"), 1e-12);
  }
  worst = cJSON_GetObjectItemCaseSensitive(
      cJSON_GetObjectItemCaseSensitive(tgv_run_result(run, "panel_survey")->json, "data"), "worst");
  cJSON_ArrayForEach(w, worst)
  {
    size_t u = (size_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(w, "unit"));
    double l = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(w, "local"));

    if (u == last) continue;
    last = u;
    wanted++;
    for (size_t i = 0; i < n; i++)
      if (!(fabs(((double *)index.bytes)[i] - (double)(u * run->package.via_count) - l) > 0)) found++;
  }
  assert_int_equal(wanted, run->panel.unit_count);
  assert_int_equal(found, wanted);
  free(unit.bytes), free(index.bytes), free(D_top.bytes), free(x.bytes);
  tgv_block_free(b);
  tgv_run_close(run);
  tgv_project_free(project);
}

static void few_vias_come_all(void **state)
{
  (void)state;
  check_sample("1000000", true);
}

static void of_many_vias_windows_come(void **state)
{
  (void)state;
  check_sample("3000", false);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(few_vias_come_all),
                                     cmocka_unit_test(of_many_vias_windows_come)};

  return cmocka_run_group_tests_name("via_sample", tests, start, stop);
}
