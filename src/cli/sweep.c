#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/project_argument.h"
#include "core/parallel.h"
#include "registry.h"
#include "report/process_window_page.h"

enum { VIAS_STANDARD = 1024, VIAS_LEAST = 16, PLATED_STANDARD = 12 };

static tgv_status find_group(const struct tgv_project *p, const char *name, size_t *out)
{
  struct tgv_text known = {0};
  size_t          n = tgv_records(p, TGV_S_via_groups);

  *out = 0;
  if (n == 0) return tgv_fail(TGV_INPUT, "the project has no via group, so there is no via to follow");
  if (!name) return TGV_OK;
  for (size_t i = 0; i < n; i++) {
    const char *s = tgv_text_at(p, TGV_P_via_groups_name, i);

    *out = i;
    if (strcmp(s, name) == 0) break;
    tgv_text_add(&known, "%s%s", i ? ", " : "", s);
    if (i + 1 < n) continue;
    tgv_error_set("there is no via group \"%s\"; there are %s", name, known.data);
    tgv_text_release(&known);
    return TGV_INPUT;
  }
  tgv_text_release(&known);
  return TGV_OK;
}

static tgv_status read_plan(const struct tgv_arguments *a, struct tgv_project *p,
                            struct tgv_window_plan *plan)
{
  const char    **texts = tgv_allocate(a->given_count + 1, sizeof *texts);
  size_t          n = tgv_option_values(a, "vary", texts);
  long            vias = VIAS_STANDARD, plated = PLATED_STANDARD;
  tgv_status_code s = TGV_OK;

  plan->project = p;
  plan->stages = tgv_stages;
  if (n == 0)
    s = tgv_fail(TGV_INPUT, "nothing is varied: --vary \"wet_etching.time=60..120 min:25\"");
  else if (n > TGV_WINDOW_AXES)
    s = tgv_fail(TGV_INPUT, "%zu keys are varied, at most %d are possible", n, TGV_WINDOW_AXES);
  if (s == TGV_OK) s = find_group(p, tgv_option_value(a, "via"), &plan->group);
  if (s == TGV_OK) s = tgv_option_count(a, "vias", VIAS_LEAST, &vias);
  if (s == TGV_OK) s = tgv_option_count(a, "plated", 1, &plated);
  if (s == TGV_OK && vias > TGV_WINDOW_VIAS)
    s = tgv_fail(TGV_INPUT, "--vias %ld: at most %d are possible", vias, TGV_WINDOW_VIAS);
  plan->vias = (size_t)vias;
  plan->plated = (size_t)(plated < vias ? plated : vias);
  for (size_t i = 0; i < n && s == TGV_OK; i++)
    s = tgv_window_axis_read(texts[i], p, plan->group, &plan->axis[i]);
  plan->axes = n;
  free(texts);
  return s;
}

/* ---- what comes out */

static void print_point(const struct tgv_window_plan *plan, const struct tgv_window *w)
{
  static const char *const names[] = {"quantity", "value", "interval", NULL};
  size_t                   at = tgv_window_best(w), rest = at;
  struct tgv_listing       l;
  char                     value[96], interval[96];

  tgv_listing_begin(&l, names);
  for (size_t i = 0; i < plan->axes; i++) {
    const struct tgv_window_axis *x = &plan->axis[i];

    snprintf(value, sizeof value, "%.4g%s%s", x->value[rest % x->n], x->unit[0] ? " " : "", x->unit);
    snprintf(interval, sizeof interval, "of %.4g .. %.4g", x->value[0], x->value[x->n - 1]);
    tgv_listing_add(&l, x->name, value, interval);
    rest /= x->n;
  }
  snprintf(value, sizeof value, "%.4g %%", 100 * w->point[at].fail.value);
  snprintf(interval, sizeof interval, "(%.3g .. %.3g %%)", 100 * w->point[at].fail.low,
           100 * w->point[at].fail.high);
  tgv_listing_add(&l, "vias that fail", value, interval);
  if (w->voids) {
    snprintf(value, sizeof value, "%.4g %%", 100 * w->point[at].voids.value);
    snprintf(interval, sizeof interval, "(%.3g .. %.3g %%)", 100 * w->point[at].voids.low,
             100 * w->point[at].voids.high);
    tgv_listing_add(&l, "vias with a void", value, interval);
  }
  tgv_listing_print(&l, "\nthe middle of the best region");
  tgv_listing_release(&l);
}

static void print_summary(const struct tgv_window_plan *plan, const struct tgv_window *w, const char *page,
                          const char *csv)
{
  size_t good = 0;

  for (size_t i = 0; i < w->count; i++) good += w->point[i].fail.value <= 0.001;
  printf("%s%s%s: %zu points, %zu vias of group %s at each, in %.3g s\n", tgv_strong(),
         tgv_text(plan->project, TGV_P_project_name), tgv_plain(), w->count, w->vias,
         tgv_text_at(plan->project, TGV_P_via_groups_name, plan->group), w->seconds);
  printf("  %zu points with at most 0.1 %% of the vias failed\n", good);
  print_point(plan, w);
  printf("\nthe picture is %s\n", page);
  if (csv) printf("the numbers are in %s\n", csv);
}

static tgv_status write_csv(const struct tgv_window_plan *plan, const struct tgv_window *w,
                            const struct tgv_window_choice *columns, const char *path)
{
  struct tgv_text t = {0};
  tgv_status_code s;

  tgv_window_csv(plan, w, columns, &t);
  s = tgv_file_write(path, t.data, t.size);
  tgv_text_release(&t);
  return s;
}

static tgv_status write_all(const struct tgv_arguments *a, const struct tgv_window_plan *plan,
                            const struct tgv_window *w, const char *page)
{
  const char              *csv = tgv_option_value(a, "csv");
  struct tgv_window_choice columns;

  TGV_TRY(tgv_window_choose(w, tgv_option_value(a, "of"), &columns));
  if (tgv_parallel_rank() != 0) return TGV_OK;
  if (csv) TGV_TRY(write_csv(plan, w, &columns, csv));
  TGV_TRY(tgv_window_page(plan, w, &columns, page));
  if (a->json) {
    cJSON *json = tgv_window_json(plan, w, &columns);

    cJSON_AddStringToObject(json, "page", page);
    tgv_json_print(json);
  } else if (!a->quiet) {
    print_summary(plan, w, page, csv);
  }
  return TGV_OK;
}

/* The names of --of are tried before the work begins. */
static tgv_status check_columns(const char *names)
{
  char           *copy, *rest, *name;
  tgv_status_code s = TGV_OK;

  if (!names) return TGV_OK;
  copy = rest = tgv_text_copy(names);
  while (s == TGV_OK && (name = strsep(&rest, ", ")) != NULL)
    if (name[0] && tgv_column_find(name) == TGV_COLUMN_COUNT)
      s = tgv_fail(TGV_INPUT, "--of: %s is no quantity, see tgv list columns", name);
  free(copy);
  return s;
}

static tgv_status sweep(const struct tgv_arguments *a, struct tgv_project *p)
{
  struct tgv_window_plan *plan = tgv_allocate(1, sizeof *plan);
  struct tgv_window       w = {0};
  const char             *out = tgv_option_value(a, "out");
  char           *page = out ? tgv_text_copy(out) : tgv_path_join(tgv_project_directory(p), "sweep.html");
  tgv_status_code s = check_columns(tgv_option_value(a, "of"));

  if (s == TGV_OK) s = read_plan(a, p, plan);
  if (s == TGV_OK) {
    s = tgv_window_compute(plan, &w);
    if (s == TGV_OK) s = write_all(a, plan, &w, page);
    if (s == TGV_INTERRUPTED) tgv_error_note("sweeping \"%s\"; no file was changed", a->plain[0]);
    tgv_window_release(&w);
  }
  free(page);
  free(plan);
  return s;
}

static tgv_status run_sweep(const struct tgv_arguments *a)
{
  struct tgv_project *p;
  tgv_status_code     s;

  tgv_interrupt_catch();
  TGV_TRY(tgv_parallel_agree(tgv_project_argument(a, &p)));
  s = tgv_parallel_agree(sweep(a, p));
  tgv_project_free(p);
  return s;
}

const struct tgv_command tgv_command_sweep = {
    .name = "sweep",
    .title = "the process window over one to three keys, as a picture",
    .usage = "PROJECT|RUNDIR --vary KEY=LOW..HIGH UNIT:N [--vary ...]",
    .description =
        "Varies keys of the project over a grid and follows vias of one group at each point: the nominal "
        "via, and vias drawn "
        "with the variation of the project. Leaves one HTML page: a map (or a curve, for one key) of the "
        "share of vias that "
        "fail, by cause, of the fill regime, of voids, and of every quantity of the via (nominal, mean, "
        "quantiles), with "
        "contours and the values at each point.\n\n"
        "KEY is any key that is a number; N values (25 if it is not said) are spaced evenly, or in equal "
        "ratios with N "
        "followed by log. Two names mean the geometry of the via. via.aspect_ratio (0.1 to 100): "
        "core.thickness becomes the "
        "ratio times the diameter of the group, and glass_blank.thickness what the etch leaves this core of. "
        "via.diameter: "
        "the diameter of the group, its limits D_top_min, D_top_max and D_waist_min in proportion, and "
        "wet_etching.time so "
        "that the nominal D_top is this diameter; the pitch stays. Both may be varied together.\n\n"
        "Process inputs (those with a value at every via: tgv list keys) are swept fast; a key that is fixed "
        "for the project "
        "prepares the stages anew at each of its values. Ctrl-C changes no file.",
    .examples = "tgv sweep project.yaml --vary 'wet_etching.time=60..120 min:25' --vary "
                "'wet_etching.bulk_rate=0.4..0.6 "
                "um/min:18'\n"
                "tgv sweep project.yaml --vary 'copper_plating.current_density=0.2..3 A/dm2:25log' --vary "
                "via.aspect_ratio=3..20:18\n"
                "tgv sweep project.yaml --via signal --vary 'via.diameter=20..110 um:19' --of D_waist,taper "
                "--csv window.csv",
    .options =
        (const struct tgv_option[]){
            {"vary", "KEY=LOW..HIGH UNIT:N",
             "what is varied; the first goes across, up to three may be given"},
            {"via", "GROUP", "via group that is followed; otherwise the first"},
            {"of", "COLUMN,...", "quantities of the via to show; otherwise all that change"},
            {"vias", "N", "vias drawn at each point, 16 to 65536; otherwise 1024"},
            {"plated", "N", "of these, plated by the solver itself if copper is plated; otherwise 12"},
            {"out", "FILE", "the page; otherwise sweep.html beside the project file"},
            {"csv", "FILE", "write the numbers too, one line a point"},
            {"set", "KEY=VALUE", "change a key of the project, may be given several times"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 1,
    .run = run_sweep,
};
