/* What a user sees who raises the plating current, or takes additive out of the bath: voids come where the panel's current is high, and units are
   lost to the copper plating. A small panel with contacts along its left edge and vias of 40 um in 0.12 mm glass, which the solver plates in a
   tenth of a second. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"
#include "model/run.h"

static const char text[] =
    "project: {name: voids, seed: 3}\n"
    "package: {width: 20 mm, height: 20 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.12 mm}\n"
    "panel: {width: 130 mm, height: 110 mm}\n"
    "glass_blank: {thickness: 158 um}\n"
    "wet_etching: {time: 38 min}\n"
    "via_groups:\n"
    "- {name: a, function: signal, width: 18 mm, height: 18 mm, pitch_x: 200 um, diameter: 40 um}\n"
    "copper_plating: {model: fitted, control: galvanostatic, current_density: %s, additive: %s, time: 4 h, "
    "polarisation: covered, plated_wall: 5 %%, contacts: left, film_thickness: 0.05 um, training_runs: 100}\n"
    "yield: {panels: 20, samples: 2000}\n";

struct seen {
  double voids;           /* share of the vias */
  double lowest, highest; /* share in the fifths of least and most current */
  double correlation;     /* of the maps of voids and of current, over cells with vias */
  double yield, plating;  /* of units; loss by the step */
  double ratio;
};

static double scalar(const struct tgv_run *run, const char *name)
{
  struct tgv_scalar s;

  return tgv_run_find(run, name, &s) ? s.value : (double)NAN;
}

static const cJSON *result(const struct tgv_run *run, const char *stage, const char *part)
{
  return cJSON_GetObjectItem(tgv_run_result(run, stage)->json, part);
}

/* share of the vias with a void in the rows of the table */
static double fifth(const struct tgv_run *run, bool last)
{
  const cJSON *rows = cJSON_GetObjectItem(
      cJSON_GetObjectItem(result(run, "copper_fill", "tables"), "voids_by_current"), "rows");
  const int n = cJSON_GetArraySize(rows);

  return n > 0 ? 0.01 * cJSON_GetArrayItem(cJSON_GetArrayItem(rows, last ? n - 1 : 0), 3)->valuedouble : 0;
}

/* over the vias of the panel themselves: void or not against the local current */
static double correlate(struct tgv_run *run)
{
  struct tgv_block *b = tgv_block_new();
  const int         input = tgv_input_of(TGV_P_copper_plating_current_density);
  double            n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;

  check_ok(tgv_flow_panel(run->flow, 1, 1));
  for (size_t u = 0; u < run->panel.unit_count; u++)
    for (uint64_t first = 0; first + 100 <= run->package.via_count; first += 400) {
      tgv_flow_vias(run->flow, u, first, 100, b);
      for (size_t i = 0; i < b->n; i++) {
        const double current = (double)b->input[input][i], hit = (double)b->column[TGV_C_void_margin][i] < 0;

        n++, x += current, y += hit, xx += current * current, yy += hit * hit, xy += current * hit;
      }
    }
  tgv_block_free(b);
  return (xy - x * y / n) / sqrt((xx - x * x / n) * (yy - y * y / n));
}

static struct seen look(const char *current, const char *additive)
{
  char                   all[2000];
  struct tgv_run_options options = {.quiet = true};
  struct tgv_project    *p;
  struct tgv_run        *run;
  struct seen            s;

  snprintf(all, sizeof all, text, current, additive);
  check_ok(tgv_project_parse(all, strlen(all), "voids", ".", &p));
  check_ok(tgv_run_open(p, tgv_stages, &options, &run));
  check_ok(tgv_run_all(run, "plating_current"));
  check_ok(tgv_run_all(run, "copper_fill"));
  check_ok(tgv_run_all(run, "line_yield"));
  s = (struct seen){.voids = scalar(run, "void_vias"),
                    .lowest = fifth(run, false),
                    .highest = fifth(run, true),
                    .yield = scalar(run, "unit_yield"),
                    .plating = scalar(run, "line_loss.copper_plating"),
                    .ratio = scalar(run, "current_ratio")};
  s.correlation = s.voids > 0 ? correlate(run) : 0;
  print_message(
      "# %s, %s: voids %.4f, by current %.4f to %.4f, correlation %.2f, yield %.4f, lost to plating %.4f, "
      "current ratio %.3f\n",
      current, additive, s.voids, s.lowest, s.highest, s.correlation, s.yield, s.plating, s.ratio);
  tgv_run_close(run);
  tgv_project_free(p);
  return s;
}

static void more_current_brings_voids_where_it_is_high(void **state)
{
  (void)state;
  const struct seen good = look("0.08 A/dm2", "2e-5 mol/L"), hot = look("0.112 A/dm2", "2e-5 mol/L");

  assert_true(good.voids == 0 && good.yield > 0.99);
  assert_true(good.ratio > 1.03);
  assert_true(hot.voids > 0.01 && hot.voids < 0.99);
  assert_true(hot.highest > 2 * hot.lowest);
  assert_true(hot.correlation > 0.5);
  assert_true(hot.yield < good.yield - 0.1);
  assert_true(hot.plating > 0.9 * (1 - hot.yield)); /* the Pareto names the step */
}

static void less_additive_brings_voids_where_the_current_is_high(void **state)
{
  (void)state;
  const struct seen poor = look("0.08 A/dm2", "0.6e-5 mol/L");

  assert_true(poor.voids > 0.01 && poor.voids < 0.99);
  assert_true(poor.highest > 2 * poor.lowest);
  assert_true(poor.correlation > 0.5);
  assert_true(poor.yield < 0.9);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(more_current_brings_voids_where_it_is_high),
      cmocka_unit_test(less_additive_brings_voids_where_the_current_is_high),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
