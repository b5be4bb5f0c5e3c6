#include "report/process_window_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/result.h"
#include "report/page.h"
#include "report/process_window_quantities.h"
#include "report/report.h"
#include "solver/plating_case.h"

/* ---- the best point */

static void indices_of(const struct tgv_window *w, size_t point, size_t *k)
{
  for (size_t i = 0; i < TGV_WINDOW_AXES; i++) {
    k[i] = point % w->shape[i];
    point /= w->shape[i];
  }
}

/* Steps along the grid to the nearest point that is worse; the edge of the grid counts as worse. */
static size_t depth_of(const struct tgv_window *w, size_t point)
{
  size_t k[TGV_WINDOW_AXES], depth = SIZE_MAX, step = 1;

  indices_of(w, point, k);
  for (size_t i = 0; i < TGV_WINDOW_AXES; step *= w->shape[i], i++) {
    size_t up = 0, down = 0;

    if (w->shape[i] < 2) continue;
    while (k[i] + up < w->shape[i] && w->point[point + up * step].fail.value <= w->point[point].fail.value)
      up++;
    while (down <= k[i] && w->point[point - down * step].fail.value <= w->point[point].fail.value) down++;
    if (up < depth) depth = up;
    if (down < depth) depth = down;
  }
  return depth;
}

size_t tgv_window_best(const struct tgv_window *w)
{
  size_t best = 0, depth = 0;

  for (size_t i = 0; i < w->count; i++) {
    double p = w->point[i].fail.value, least = w->point[best].fail.value;

    if (p > least) continue;
    if (p < least || depth_of(w, i) > depth) best = i, depth = depth_of(w, i);
  }
  return best;
}

/* ---- words */

static void add_place(struct tgv_text *t, const struct tgv_window_plan *plan, const struct tgv_window *w,
                      size_t point)
{
  size_t k[TGV_WINDOW_AXES];

  indices_of(w, point, k);
  for (size_t i = 0; i < plan->axes; i++) {
    const struct tgv_window_axis *a = &plan->axis[i];

    tgv_text_add(t, "%s`%s` %.4g%s%s", i ? ", " : "", a->name, a->value[k[i]], a->unit[0] ? " " : "",
                 a->unit);
  }
}

static double share_below(const struct tgv_window *w, double limit)
{
  size_t n = 0;

  for (size_t i = 0; i < w->count; i++) n += w->point[i].fail.value <= limit;
  return 100 * (double)n / (double)w->count;
}

/* The commonest cause at the points around the window: what closes it. */
static enum tgv_cause main_cause(const struct tgv_window *w)
{
  double         most = 0;
  enum tgv_cause found = TGV_CAUSE_COUNT;

  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    double sum = 0;

    for (size_t i = 0; i < w->count; i++) sum += w->point[i].cause[c];
    if (sum > most) most = sum, found = (enum tgv_cause)c;
  }
  return found;
}

static cJSON *verdict_block(const struct tgv_window_plan *plan, const struct tgv_window *w)
{
  cJSON                         *b = tgv_block_of("verdict", "");
  const struct tgv_window_point *p = &w->point[tgv_window_best(w)];
  double                         inside = share_below(w, 0.001);
  struct tgv_text                t = {0};
  enum tgv_cause                 cause = main_cause(w);

  cJSON_AddStringToObject(b, "status", inside > 0 ? "good" : p->fail.value < 0.05 ? "warning" : "bad");
  if (inside > 0)
    tgv_text_add(&t, "The window is open: on %.3g %% of the grid at most 0.1 %% of the drawn vias fail",
                 inside);
  else
    tgv_text_add(&t, "The window is shut: at best %.3g %% of the vias fail", 100 * p->fail.value);
  cJSON_AddStringToObject(b, "headline", t.data);
  tgv_text_release(&t);
  t = (struct tgv_text){0};
  tgv_text_add(&t, "The middle of the best region is at ");
  add_place(&t, plan, w, tgv_window_best(w));
  tgv_text_add(&t, ": %.3g %% of the vias fail (%.2g to %.2g %%, 95 %%, %zu vias drawn)", 100 * p->fail.value,
               100 * p->fail.low, 100 * p->fail.high, w->plated ? w->plated : w->vias);
  if (w->fills && p->nominal_regime >= 0)
    tgv_text_add(&t, ", the nominal via is %s",
                 tgv_plating_regime_name((enum tgv_plating_regime)p->nominal_regime));
  tgv_text_add(&t, ".");
  if (cause < TGV_CAUSE_COUNT)
    tgv_text_add(&t, " What shuts the window most: **%s**.", tgv_cause_info(cause)->help);
  cJSON_AddStringToObject(b, "detail", t.data);
  tgv_text_release(&t);
  cJSON_AddArrayToObject(b, "figures");
  return b;
}

static const char *changes(const struct tgv_window_axis *a)
{
  if (a->kind == TGV_WINDOW_ASPECT_RATIO)
    return "core.thickness = ratio x diameter of the group; glass_blank.thickness so that the etched core "
           "has it";
  if (a->kind == TGV_WINDOW_DIAMETER)
    return "diameter of the group, its limits D_top_min, D_top_max, D_waist_min in proportion, and "
           "wet_etching.time so "
           "that the nominal D_top is this diameter; the pitch stays";
  return tgv_param_info(a->key)->help;
}

static cJSON *axes_block(const struct tgv_window_plan *plan)
{
  static const char *const heads[][3] = {{"Quantity", "", "code"},  {"From", "", "number"},
                                         {"To", "", "number"},      {"Unit", "", "unit"},
                                         {"Values", "", "number"},  {"Scale", "", "text"},
                                         {"Project", "", "number"}, {"What changes", "", "text"}};
  cJSON *b = tgv_block_of("table", "What is varied"), *columns = cJSON_AddArrayToObject(b, "columns");
  cJSON *rows = cJSON_AddArrayToObject(b, "rows");

  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    cJSON *c = cJSON_CreateObject();

    cJSON_AddStringToObject(c, "label", heads[i][0]);
    cJSON_AddStringToObject(c, "unit", heads[i][1]);
    cJSON_AddStringToObject(c, "kind", heads[i][2]);
    cJSON_AddItemToArray(columns, c);
  }
  for (size_t i = 0; i < plan->axes; i++) {
    const struct tgv_window_axis *a = &plan->axis[i];
    cJSON                        *row = cJSON_CreateArray();

    tgv_row_text(row, a->name);
    tgv_row_number(row, a->value[0]);
    tgv_row_number(row, a->value[a->n - 1]);
    tgv_row_text(row, a->unit);
    tgv_row_number(row, (double)a->n);
    tgv_row_text(row, a->logarithmic ? "logarithmic" : "linear");
    tgv_row_number(row, a->here);
    tgv_row_text(row, changes(a));
    cJSON_AddItemToArray(rows, row);
  }
  return b;
}

static cJSON *plating_block(const struct tgv_window *w)
{
  if (w->plated == 0) return NULL;
  return tgv_text_block(
      "Copper was plated by the fast solver itself, into the nominal via of every point and **%zu** of the "
      "drawn "
      "vias: the shares of fill regimes, of voids and of vias that fail are those of these %zu, and their "
      "intervals are as wide as that (`--plated N` for more). All that comes before the plating is that of "
      "the whole draw.",
      w->plated, w->plated);
}

static cJSON *method_block(const struct tgv_window *w)
{
  return tgv_text_block("At each of the **%zu points** the stages of the line followed the nominal via of "
                        "the group, in the middle of the "
                        "panel, and **%zu vias** drawn with the variation of the project from %zu panels of "
                        "%zu lots. The draw is the same "
                        "at every point, so what changes over the grid is the process and not luck. "
                        "Probabilities are shares of the drawn "
                        "vias with Wilson intervals of 95 %%: with no failure among them, the probability is "
                        "below %.2g %%. For the yield of "
                        "units and panels at one point, run `tgv run` with these values.\n\nThe stages were "
                        "prepared %zu times; the sweep "
                        "took %.3g s.",
                        w->count, w->vias, w->panels, w->panels,
                        100 * 3.84 / ((double)(w->plated ? w->plated : w->vias) + 3.84), w->flows,
                        w->seconds);
}

/* ---- the page */

static void add_section(cJSON *list, const char *name, const char *title, cJSON *blocks)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddStringToObject(o, "name", name);
  cJSON_AddStringToObject(o, "title", title);
  cJSON_AddItemToObject(o, "blocks", blocks);
  cJSON_AddItemToArray(list, o);
}

static cJSON *head(const struct tgv_window_plan *plan)
{
  const struct tgv_project *p = plan->project;
  const char               *title = tgv_text(p, TGV_P_project_title);
  cJSON                    *page = cJSON_CreateObject(), *project;
  struct tgv_text           t = {0};
  char                      when[64];
  time_t                    now = time(NULL);
  struct tm                 parts;

  gmtime_r(&now, &parts);
  strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &parts);
  tgv_text_add(&t, "Process window of via group %s: %s", tgv_text_at(p, TGV_P_via_groups_name, plan->group),
               title[0] ? title : tgv_text(p, TGV_P_project_name));
  cJSON_AddStringToObject(page, "format", "opentgv-report-1");
  cJSON_AddStringToObject(page, "title", "Process window");
  cJSON_AddStringToObject(page, "subtitle", t.data);
  cJSON_AddStringToObject(page, "generated", when);
  cJSON_AddStringToObject(page, "program", "tgv " TGV_VERSION);
  project = cJSON_AddObjectToObject(page, "project");
  cJSON_AddStringToObject(project, "name", tgv_text(p, TGV_P_project_name));
  cJSON_AddStringToObject(project, "file", tgv_project_file(p));
  cJSON_AddNumberToObject(project, "seed", (double)tgv_count(p, TGV_P_project_seed));
  tgv_text_release(&t);
  return page;
}

tgv_status tgv_window_page(const struct tgv_window_plan *plan, const struct tgv_window *w,
                           const struct tgv_window_choice *columns, const char *path)
{
  cJSON          *page = head(plan), *sections = cJSON_AddArrayToObject(page, "sections");
  cJSON          *window = cJSON_CreateArray(), *how = cJSON_CreateArray();
  tgv_status_code s;

  cJSON_AddItemToArray(window, verdict_block(plan, w));
  cJSON_AddItemToArray(window, tgv_window_block(plan, w, columns));
  add_section(sections, "window", "Process window", window);
  cJSON_AddItemToArray(how, axes_block(plan));
  cJSON_AddItemToArray(how, method_block(w));
  tgv_blocks_add(how, plating_block(w));
  add_section(sections, "method", "What was varied, and how", how);
  s = tgv_page_write(path, "Process window", page);
  cJSON_Delete(page);
  return s;
}
