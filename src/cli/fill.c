#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/project_argument.h"
#include "core/parallel.h"
#include "core/text.h"
#include "factory/nominal_shape.h"
#include "registry.h"
#include "report/filling_page.h"
#include "solver/plating_depth.h"
#include "solver/plating_front.h"

enum { CELLS_STANDARD = 100, CELLS_LEAST = 20, CELLS_MOST = 1000, PICTURES = 60 };

/* ---- what is plated */

static tgv_status find_group(const struct tgv_project *p, const char *name, size_t *out)
{
  struct tgv_text known = {0};
  size_t          n = tgv_records(p, TGV_S_via_groups);
  tgv_status_code s = TGV_INPUT;

  *out = 0;
  if (n == 0) return tgv_fail(TGV_INPUT, "the project has no via group, so there is no via to fill");
  if (!name) return TGV_OK;
  for (size_t i = 0; i < n && s; i++) {
    tgv_text_add(&known, "%s%s", i ? ", " : "", tgv_text_at(p, TGV_P_via_groups_name, i));
    if (strcmp(tgv_text_at(p, TGV_P_via_groups_name, i), name) == 0) *out = i, s = TGV_OK;
  }
  if (s) tgv_error_set("there is no via group \"%s\"; there are %s", name, known.data);
  tgv_text_release(&known);
  return s;
}

static tgv_status read_problem(const struct tgv_project *p, size_t group, struct tgv_plating_problem *out)
{
  struct tgv_block        *b = tgv_block_new();
  struct tgv_plating_class c;
  struct tgv_package       k = {0};
  double                   x[TGV_PLATING_INPUTS];
  tgv_status_code          s = tgv_nominal_shape(p, tgv_stages, group, b);

  if (s == TGV_OK && !(b->column[TGV_C_D_waist][0] > 0))
    s = tgv_fail(TGV_INPUT,
                 "the nominal via of this group is closed: its etch fronts have not met, so there is "
                 "nothing to fill");
  if (s == TGV_OK) s = tgv_package_build(p, &k);
  if (s == TGV_OK) s = tgv_nominal_plating(p, &k, group, b, &c, x);
  if (s == TGV_OK) {
    tgv_plating_class_problem(&c, x, out);
    out->plating.segment = out->segment; /* of the problem itself, wherever it was made */
  }
  tgv_package_release(&k);
  tgv_block_free(b);
  return s;
}

/* ---- solving */

struct watch {
  struct tgv_progress progress;
  double              time;
};

static void watch(void *data, double time, double fill)
{
  struct watch *w = data;

  tgv_progress_report(&w->progress, fmin(1, fmax(time / w->time, fill)));
}

static tgv_status solve_front(const struct tgv_plating_case *c, long cells, struct tgv_plating_outcome *out)
{
  struct watch                     w = {.time = c->time};
  struct tgv_plating_front_options o = {.depth_cells = (double)cells,
                                        .snapshots = PICTURES,
                                        .stop_when_closed = true,
                                        .progress = watch,
                                        .data = &w};
  tgv_status_code                  s;

  tgv_progress_begin(&w.progress, "moving front", 1);
  s = tgv_plating_front_solve(c, &o, out);
  tgv_progress_end(&w.progress);
  return s;
}

static tgv_status solve_depth(const struct tgv_plating_case *c, struct tgv_plating_outcome *out)
{
  const struct tgv_plating_depth_options o = {.snapshots = PICTURES, .both = true};

  return tgv_plating_depth_solve(c, &o, out);
}

/* ---- what comes out */

static void print_answers(const struct tgv_filling *a, size_t count)
{
  static const char *const names[] = {"solver", "regime",  "copper", "void", "growth ended after",
                                      "time",   "balance", NULL};
  struct tgv_listing       l;

  tgv_listing_begin(&l, names);
  for (size_t i = 0; i < count; i++) {
    const struct tgv_plating_outcome *o = a[i].outcome;
    char                              fill[32], hole[32], time[32], seconds[32], balance[32];

    snprintf(fill, sizeof fill, "%.4g %%", 100 * o->fill);
    snprintf(hole, sizeof hole, "%.3g %%", 100 * o->void_fraction);
    snprintf(time, sizeof time, "%.4g min", tgv_units_to(o->fill_time, TGV_TIME, "min"));
    snprintf(seconds, sizeof seconds, "%.2f s", o->seconds);
    snprintf(balance, sizeof balance, "%.2g %%", 100 * o->balance);
    tgv_listing_add(&l, a[i].name, tgv_plating_regime_name(o->regime), fill, hole, time, seconds, balance);
  }
  tgv_listing_print(&l, "");
  for (size_t i = 0; i < count; i++)
    if (!(fabs(a[i].outcome->balance) <= tgv_filling_balance_most))
      printf(
          "\n%s: copper by growth and by charge differ by %.3g %% (at most %g %%): do not use this answer\n",
          a[i].name, 100 * fabs(a[i].outcome->balance), 100 * tgv_filling_balance_most);
  for (size_t i = 0; i < count; i++)
    if (a[i].outcome->layer_full)
      printf("\n%s: copper grew over a face to the edge of the stirred layer (%.3g um high), where the model "
             "ends, "
             "before the end of plating\n",
             a[i].name, tgv_units_to(a[i].outcome->bump, TGV_LENGTH, "um"));
  tgv_listing_release(&l);
}

static tgv_status show(const struct tgv_arguments *a, const struct tgv_project *p, size_t group,
                       const struct tgv_plating_case *c, const struct tgv_filling *answers, size_t count)
{
  const char     *given = tgv_option_value(a, "out");
  char           *path = given ? tgv_text_copy(given) : tgv_path_join(tgv_project_directory(p), "fill.html");
  tgv_status_code s = tgv_filling_page(p, group, c, answers, count, path);

  if (s == TGV_OK && a->json) {
    cJSON *root = cJSON_CreateObject();

    cJSON_AddStringToObject(root, "group", tgv_text_at(p, TGV_P_via_groups_name, group));
    cJSON_AddStringToObject(root, "page", path);
    cJSON_AddItemToObject(root, "answers", tgv_filling_json(answers, count));
    tgv_json_print(root);
  } else if (s == TGV_OK && !a->quiet) {
    printf("%sthe nominal via of group %s%s\n", tgv_strong(), tgv_text_at(p, TGV_P_via_groups_name, group),
           tgv_plain());
    print_answers(answers, count);
    printf("\nthe animation is %s\n", path);
  }
  free(path);
  return s;
}

/* What the fast model is, and if the reference has failed, how: its answer stands alone then. */
static void describe_depth(const char *failed, struct tgv_text *t)
{
  tgv_text_add(t, "Every field depends on the depth alone; the regimes of the vias of a panel are trained on "
                  "it (tgv docs: "
                  "plating_depth).");
  if (failed) tgv_text_add(t, " The reference solver gave no answer: %s.", failed);
}

static tgv_status fill(const struct tgv_arguments *a, const struct tgv_project *p, size_t group,
                       const struct tgv_plating_case *c)
{
  struct tgv_plating_outcome front = {0}, depth = {0};
  long                       cells = CELLS_STANDARD;
  char                       method[200], *failed = NULL;
  size_t                     count = 0;
  struct tgv_filling         answers[2];
  struct tgv_text            words = {0};
  tgv_status_code            s = tgv_option_count(a, "cells", CELLS_LEAST, &cells);

  if (s == TGV_OK && cells > CELLS_MOST)
    s = tgv_fail(TGV_INPUT, "--cells %ld: at most %d are possible", cells, CELLS_MOST);
  snprintf(method, sizeof method,
           "The reference: the surface moves on a grid of %ld cells over the depth, the bath is solved over "
           "it (tgv docs: "
           "plating_front).",
           cells);
  if (s == TGV_OK && !tgv_option_given(a, "fast")) {
    s = solve_front(c, cells, &front);
    if (s == TGV_OK) answers[count++] = (struct tgv_filling){"moving front", method, true, &front};
    if (s == TGV_SOLVER) {
      failed = tgv_text_copy(tgv_error_message());
      tgv_error_clear();
      fprintf(stderr, "tgv: the reference solver gave no answer: %s\n", failed);
      s = TGV_OK;
    }
  }
  if (s == TGV_OK) s = solve_depth(c, &depth);
  describe_depth(failed, &words);
  answers[count++] = (struct tgv_filling){"fast model", words.data, false, &depth};
  if (s == TGV_OK) s = show(a, p, group, c, answers, count);
  tgv_plating_outcome_release(&front);
  tgv_plating_outcome_release(&depth);
  tgv_text_release(&words);
  free(failed);
  return s;
}

static tgv_status run_fill(const struct tgv_arguments *a)
{
  struct tgv_plating_problem problem = {0};
  struct tgv_project        *p;
  size_t                     group;
  tgv_status_code            s;

  TGV_TRY(tgv_project_argument(a, &p));
  tgv_interrupt_catch();
  s = find_group(p, tgv_option_value(a, "via"), &group);
  if (s == TGV_OK) s = read_problem(p, group, &problem);
  if (s == TGV_OK) {
    s = fill(a, p, group, &problem.plating);
    tgv_via_profile_release(&problem.plating.profile);
  }
  tgv_project_free(p);
  return s;
}

const struct tgv_command tgv_command_fill = {
    .name = "fill",
    .title = "the copper fill of one via as an animation",
    .usage = "PROJECT|RUNDIR [--via GROUP]",
    .description = "Plates the nominal via of a group with the bath and the drive of the project and leaves "
                   "a page that shows how it fills: "
                   "the cross-section to scale with the front at successive times, and the current and the "
                   "concentrations along it. The "
                   "reference solver (a moving front, a minute or more) stands beside the fast model that "
                   "the vias of a panel are judged by, "
                   "so that both can be compared where it matters.",
    .examples = "tgv fill project.yaml --via signal\n"
                "tgv fill project.yaml --fast --set 'copper_plating.current_density=0.5 A/dm2'",
    .options =
        (const struct tgv_option[]){
            {"via", "GROUP", "via group; otherwise the first"},
            {"cells", "N", "cells of the reference solver over the depth, 20 to 1000; otherwise 100"},
            {"fast", NULL, "the fast model alone"},
            {"out", "FILE", "the page; otherwise fill.html beside the project file"},
            {"set", "KEY=VALUE", "change a key of the project, may be given several times"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 1,
    .run = run_fill,
};
