#include "model/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/project_argument.h"
#include "cli/reference.h"
#include "core/parallel.h"
#include "core/text.h"
#include "io/via_table.h"
#include "registry.h"
#include "report/report.h"

/* ---- what is printed at the end */

/* 26 010 000 is read faster than 26010000. */
static const char *group_digits(double n, char *buffer, size_t size)
{
  char   digits[32];
  size_t at = 0, length = (size_t)snprintf(digits, sizeof digits, "%.0f", n);

  for (size_t i = 0; i < length && at + 2 < size; i++) {
    if (i && (length - i) % 3 == 0 && digits[i - 1] != '-') buffer[at++] = ' ';
    buffer[at++] = digits[i];
  }
  buffer[at] = '\0';
  return buffer;
}

static void print_count(const char *label, double n)
{
  char buffer[48];

  printf("  %-20s %s\n", label, group_digits(n, buffer, sizeof buffer));
}

static void print_geometry(const struct tgv_run *run)
{
  const struct tgv_project *p = run->project;
  const char               *title = tgv_text(p, TGV_P_project_title);
  double                    units = (double)run->panel.unit_count, vias = (double)run->package.via_count;

  printf("%s%s%s%s%s\n", tgv_strong(), tgv_text(p, TGV_P_project_name), tgv_plain(), title[0] ? ": " : "",
         title);
  print_count("units on the panel", units);
  print_count("vias of a unit", vias);
  print_count("vias of the panel", units * vias);
}

static void print_stages(const struct tgv_run *run)
{
  static const char *const names[] = {"stage", "time", "title", NULL};
  struct tgv_listing       l;

  tgv_listing_begin(&l, names);
  for (size_t i = 0; i < run->stage_count; i++) {
    char time[32];

    if (!run->results[i]) continue;
    snprintf(time, sizeof time, run->reused[i] ? "as before" : "%.2f s", run->seconds[i]);
    tgv_listing_add(&l, run->stages[i]->name, time, run->stages[i]->title);
  }
  tgv_listing_print(&l, "\nstages");
  tgv_listing_release(&l);
}

/* Four digits: the interval says how many of them count. */
static void print_value(char *buffer, size_t size, double si, enum tgv_column c)
{
  const struct tgv_column_info *i = tgv_column_info(c);
  const char                   *unit = i->unit;

  if (i->dimension == TGV_FRACTION && fabs(si) >= 0.001) unit = "%";
  if (isnan(si))
    snprintf(buffer, size, "-");
  else if (i->dimension == TGV_NUMBER && si == floor(si) && fabs(si) < 1e15)
    group_digits(si, buffer, size);
  else
    snprintf(buffer, size, "%.4g%s%s", tgv_units_to(si, i->dimension, unit[0] ? unit : NULL),
             unit[0] ? " " : "", unit);
}

/* What a person asks for first, in that order; the other results stand in the report and in result.json. */
static const enum tgv_column headlines[] = {
    TGV_C_unit_yield,           TGV_C_unit_yield_independent,
    TGV_C_panel_good_units,     TGV_C_panel_yield,
    TGV_C_line_yield,           TGV_C_line_good_units,
    TGV_C_via_fail_probability, TGV_C_unit_pass_fraction,
    TGV_C_via_fail_fraction,    TGV_C_vias_failed,
    TGV_C_rule_violations,      TGV_C_utilisation,
};

static void print_results(const struct tgv_run *run)
{
  static const char *const names[] = {"name", "value", "interval", "meaning", NULL};
  struct tgv_listing       l;

  tgv_listing_begin(&l, names);
  for (size_t i = 0; i < sizeof headlines / sizeof *headlines; i++) {
    const struct tgv_column_info *info = tgv_column_info(headlines[i]);
    struct tgv_scalar             s;
    char                          value[64], low[64], high[64], interval[160] = "";

    if (!tgv_run_find(run, info->symbol, &s)) continue;
    print_value(value, sizeof value, s.value, s.column);
    if (isfinite(s.low) && isfinite(s.high)) {
      print_value(low, sizeof low, s.low, s.column);
      print_value(high, sizeof high, s.high, s.column);
      snprintf(interval, sizeof interval, "(%s .. %s)", low, high);
    }
    tgv_listing_add(&l, info->symbol, value, interval, info->help);
  }
  if (l.rows) tgv_listing_print(&l, "\nresults");
  tgv_listing_release(&l);
}

static cJSON *stages_json(const struct tgv_run *run)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < run->stage_count; i++) {
    cJSON *o;

    if (!run->results[i]) continue;
    o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "stage", run->stages[i]->name);
    cJSON_AddBoolToObject(o, "reused", run->reused[i]);
    cJSON_AddNumberToObject(o, "seconds", run->seconds[i]);
    cJSON_AddItemToObject(
        o, "scalars", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(run->results[i]->json, "scalars"), 1));
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

static void print_json(const struct tgv_run *run)
{
  cJSON *o = cJSON_CreateObject();
  char  *result = tgv_path_join(run->options.directory, "result.json");
  char  *report = tgv_path_join(run->options.directory, "report.html");

  cJSON_AddStringToObject(o, "project", tgv_text(run->project, TGV_P_project_name));
  cJSON_AddStringToObject(o, "directory", run->options.directory);
  cJSON_AddStringToObject(o, "result", result);
  cJSON_AddStringToObject(o, "report", report);
  cJSON_AddNumberToObject(o, "units", (double)run->panel.unit_count);
  cJSON_AddNumberToObject(o, "vias_per_unit", (double)run->package.via_count);
  cJSON_AddItemToObject(o, "stages", stages_json(run));
  tgv_json_print(o);
  free(result);
  free(report);
}

static void print_summary(const struct tgv_arguments *a, const struct tgv_run *run)
{
  if (a->json) print_json(run);
  if (a->json || a->quiet) return;
  print_geometry(run);
  print_stages(run);
  print_results(run);
  printf("\nresults are in %s\nthe report is %s/report.html\n", run->options.directory,
         run->options.directory);
}

/* ---- the command */

static tgv_status read_project(const struct tgv_arguments *a, struct tgv_project **p)
{
  const char    **overrides = tgv_allocate(a->given_count + 1, sizeof *overrides);
  size_t          n = tgv_option_values(a, "set", overrides);
  tgv_status_code s;

  if (tgv_option_given(a, "via-table")) overrides[n++] = "output.via_table=yes";
  s = tgv_project_read(a->plain[0], overrides, n, p);
  free(overrides);
  if (s == TGV_OK) {
    s = tgv_project_stages_check(*p);
    if (s) tgv_project_free(*p);
  }
  return s;
}

static char *output_directory(const struct tgv_arguments *a, const struct tgv_project *p)
{
  const char *out = tgv_option_value(a, "out");

  return out ? tgv_text_copy(out) : tgv_path_join(tgv_project_directory(p), "run");
}

/* vias.h5, or vias.1.h5, vias.2.h5... of a lot of several panels. */
static tgv_status write_vias(struct tgv_run *run)
{
  int64_t panels = tgv_count(run->project, TGV_P_project_panels);

  if (!tgv_flag(run->project, TGV_P_output_via_table)) return TGV_OK;
  for (int64_t i = 1; i <= panels; i++) {
    char            name[64];
    char           *path;
    tgv_status_code s;

    if (panels == 1)
      snprintf(name, sizeof name, "vias.h5");
    else
      snprintf(name, sizeof name, "vias.%lld.h5", (long long)i);
    path = tgv_path_join(run->options.directory, name);
    s = tgv_parallel_agree(tgv_via_table_write(run, (uint32_t)i, path));
    free(path);
    TGV_TRY(s);
  }
  return TGV_OK;
}

static tgv_status write_report(const struct tgv_run *run)
{
  char           *path;
  tgv_status_code s;

  if (tgv_parallel_rank() != 0) return TGV_OK;
  path = tgv_path_join(run->options.directory, "report.html");
  s = tgv_report_write(run->options.directory, path);
  free(path);
  return s;
}

static tgv_status run_project(const struct tgv_arguments *a, const struct tgv_project *p,
                              const char *directory)
{
  struct tgv_run_options o = {
      .directory = directory, .fresh = tgv_option_given(a, "fresh"), .quiet = a->quiet};
  struct tgv_run         *run;
  const char             *only = tgv_option_value(a, "only");
  const struct tgv_stage *last;
  long                    tile = 0;
  tgv_status_code         s;

  TGV_TRY(tgv_option_count(a, "tile", 1, &tile));
  if (only) TGV_TRY(tgv_stage_named(only, &last));
  o.tile = (size_t)tile;
  TGV_TRY(tgv_run_open(p, tgv_stages, &o, &run));
  s = tgv_parallel_rank() == 0 ? tgv_project_keep(p, directory) : TGV_OK;
  s = tgv_parallel_agree(s);
  if (s == TGV_OK) s = tgv_run_all(run, only);
  if (s == TGV_OK) s = write_vias(run);
  if (s == TGV_OK) s = tgv_parallel_agree(write_report(run));
  if (s == TGV_OK && tgv_parallel_rank() == 0) print_summary(a, run);
  if (s == TGV_INTERRUPTED)
    tgv_error_note("running \"%s\"; the same command again goes on from here", a->plain[0]);
  tgv_run_close(run);
  return s;
}

static tgv_status run_run(const struct tgv_arguments *a)
{
  struct tgv_project *p;
  tgv_status_code     s;
  char               *directory;

  tgv_interrupt_catch();
  TGV_TRY(tgv_parallel_agree(read_project(a, &p)));
  directory = output_directory(a, p);
  s = run_project(a, p, directory);
  free(directory);
  tgv_project_free(p);
  return s;
}

const struct tgv_command tgv_command_run = {
    .name = "run",
    .title = "follow every via of a panel through the line",
    .usage = "PROJECT",
    .description = "Reads a project file, runs the stages in factory order and leaves the results in a "
                   "directory. A stage whose inputs have "
                   "not changed since the last run in that directory is not run again. Ctrl-C leaves a valid "
                   "directory; the same command "
                   "goes on from there. Under mpirun the work is divided over the ranks; results are the "
                   "same for any number of ranks, "
                   "threads and vias of a tile.",
    .examples = "tgv run examples/stats-74/project.yaml\n"
                "tgv run project.yaml --set 'wet_etching.time=45 min' --out /tmp/longer\n"
                "mpirun -n 4 tgv run project.yaml",
    .options =
        (const struct tgv_option[]){
            {"out", "DIR", "directory of the results; otherwise \"run\" beside the project file"},
            {"set", "KEY=VALUE", "change a key of the project, may be given several times"},
            {"only", "STAGE", "stop after this stage (and run only what it needs)"},
            {"fresh", NULL, "run every stage again"},
            {"tile", "N", "blocks of 512 vias handled at a time; results do not depend on it"},
            {"via-table", NULL, "write every via to vias.h5"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 1,
    .run = run_run,
};
