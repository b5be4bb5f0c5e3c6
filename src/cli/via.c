#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/project_argument.h"
#include "core/text.h"
#include "model/result.h"
#include "model/run.h"
#include "model/tally.h"
#include "registry.h"

/* The one via that is looked at. */
struct subject {
  const struct tgv_arguments *a;
  struct tgv_run             *run;
  struct tgv_block           *block;
  uint64_t                    id; /* unit * vias of a unit + local number */
  uint32_t                    panel;
  size_t                      unit;
  uint64_t                    local;
};

static const char *print_value(char *buffer, size_t size, double si, enum tgv_dimension d, const char *unit)
{
  if (!isfinite(si))
    snprintf(buffer, size, "-");
  else
    tgv_units_print(buffer, size, si, d, unit && unit[0] ? unit : NULL);
  return buffer;
}

/* ---- text */

static void print_place(const struct subject *v)
{
  const struct tgv_panel     *panel = &v->run->panel;
  const struct tgv_via_group *g = v->block->via_group;
  char                        x[64], y[64];
  double                      ux, uy;

  tgv_package_positions(&v->run->package, v->local, 1, &ux, &uy);
  printf("%svia %llu%s of panel %u: via %llu of unit %zu (column %d, row %d), group %s\n", tgv_strong(),
         (unsigned long long)v->id, tgv_plain(), (unsigned)v->panel, (unsigned long long)v->local, v->unit,
         panel->unit_column[v->unit], panel->unit_row[v->unit], g->name);
  printf("  on the unit   %s, %s\n", tgv_units_print(x, sizeof x, ux, TGV_LENGTH, "mm"),
         tgv_units_print(y, sizeof y, uy, TGV_LENGTH, "mm"));
  printf("  on the panel  %s, %s\n", tgv_units_print(x, sizeof x, v->block->x[0], TGV_LENGTH, "mm"),
         tgv_units_print(y, sizeof y, v->block->y[0], TGV_LENGTH, "mm"));
}

static void print_inputs(const struct subject *v)
{
  static const char *const names[] = {"input", "value", "nominal", NULL};
  struct tgv_listing       l;

  tgv_listing_begin(&l, names);
  for (int i = 0; i < tgv_input_count(); i++) {
    enum tgv_param     p = tgv_input_param(i);
    enum tgv_dimension d = tgv_param_info(p)->dimension;
    double             nominal = tgv_real(v->run->project, p), value = (double)v->block->input[i][0];
    char               name[128], text[64], standard[64], nominal_text[80];

    print_value(standard, sizeof standard, nominal, d, NULL);
    print_value(text, sizeof text, value, d, NULL);
    snprintf(nominal_text, sizeof nominal_text, strcmp(text, standard) ? "nominal %s" : "nominal", standard);
    tgv_listing_add(&l, tgv_param_name(p, name, sizeof name), text, nominal_text);
  }
  tgv_listing_print(&l, "\ninputs at this via");
  tgv_listing_release(&l);
}

static void print_columns(const struct subject *v)
{
  static const char *const names[] = {"column", "value", "meaning", NULL};
  struct tgv_listing       l;

  tgv_listing_begin(&l, names);
  for (int c = 0; c < TGV_COLUMN_COUNT; c++) {
    const struct tgv_column_info *i = tgv_column_info((enum tgv_column)c);
    char                          value[64];

    if (i->level != TGV_LEVEL_VIA) continue;
    tgv_listing_add(&l, i->symbol,
                    print_value(value, sizeof value, (double)v->block->column[c][0], i->dimension, i->unit),
                    i->help);
  }
  tgv_listing_print(&l, "\nwhat became of it");
  tgv_listing_release(&l);
}

static void print_verdict(const struct subject *v)
{
  static const char *const names[] = {"cause", "verdict", "limit", NULL};
  uint32_t                 flags = v->block->flags[0];
  struct tgv_listing       l;

  tgv_listing_begin(&l, names);
  for (int k = 0; k < TGV_CAUSE_COUNT; k++) {
    const struct tgv_cause_info *i = tgv_cause_info((enum tgv_cause)k);
    double                       limit = v->block->via_group->limit[k];
    char                         text[160] = "", number[64];
    bool                         struck = (flags >> k & 1u) != 0;

    if (i->column != TGV_C_END && isnan(limit) && k != TGV_CAUSE_closed) continue;
    if (k == TGV_CAUSE_closed)
      snprintf(text, sizeof text, "D_waist > 0");
    else if (i->column != TGV_C_END)
      snprintf(text, sizeof text, "%s %s %s", tgv_column_info(i->column)->symbol,
               i->side == TGV_BELOW ? ">=" : "<=",
               print_value(number, sizeof number, limit, tgv_column_info(i->column)->dimension,
                           tgv_column_info(i->column)->unit));
    tgv_listing_add(&l, i->name, struck ? "FAILED" : "ok", text);
  }
  tgv_listing_print(&l, flags & TGV_FLAG_CAUSES ? "\nthis via has failed" : "\nthis via is good");
  tgv_listing_release(&l);
  for (int k = 0; k < TGV_TALLY_FLAGS; k++)
    if (flags & tgv_tally_flag[k].bit) printf("  %s\n", tgv_tally_flag[k].help);
}

/* ---- JSON */

static void add_quantity(cJSON *o, const char *name, double si, enum tgv_dimension d, const char *unit)
{
  const char *shown = unit && unit[0] ? unit : tgv_dimension_display_unit(d);
  cJSON      *q = cJSON_AddObjectToObject(o, name);

  cJSON_AddNumberToObject(q, "value", tgv_units_to(si, d, shown[0] ? shown : NULL));
  cJSON_AddStringToObject(q, "unit", shown);
  cJSON_AddNumberToObject(q, "si", si);
}

static void print_json(const struct subject *v)
{
  cJSON   *root = cJSON_CreateObject(), *o, *list;
  uint32_t flags = v->block->flags[0];
  char     name[128];

  cJSON_AddNumberToObject(root, "id", (double)v->id);
  cJSON_AddNumberToObject(root, "panel", v->panel);
  cJSON_AddNumberToObject(root, "unit", (double)v->unit);
  cJSON_AddNumberToObject(root, "local", (double)v->local);
  cJSON_AddStringToObject(root, "group", v->block->via_group->name);
  add_quantity(root, "x", v->block->x[0], TGV_LENGTH, "mm");
  add_quantity(root, "y", v->block->y[0], TGV_LENGTH, "mm");
  o = cJSON_AddObjectToObject(root, "inputs");
  for (int i = 0; i < tgv_input_count(); i++)
    add_quantity(o, tgv_param_name(tgv_input_param(i), name, sizeof name), (double)v->block->input[i][0],
                 tgv_param_info(tgv_input_param(i))->dimension, NULL);
  o = cJSON_AddObjectToObject(root, "columns");
  for (int c = 0; c < TGV_COLUMN_COUNT; c++) {
    const struct tgv_column_info *i = tgv_column_info((enum tgv_column)c);

    if (i->level == TGV_LEVEL_VIA)
      add_quantity(o, i->symbol, (double)v->block->column[c][0], i->dimension, i->unit);
  }
  cJSON_AddBoolToObject(root, "failed", (flags & TGV_FLAG_CAUSES) != 0);
  for (int k = 0; k < TGV_TALLY_FLAGS; k++)
    cJSON_AddBoolToObject(root, tgv_tally_flag[k].name, (flags & tgv_tally_flag[k].bit) != 0);
  list = cJSON_AddArrayToObject(root, "causes");
  for (int k = 0; k < TGV_CAUSE_COUNT; k++)
    if (flags >> k & 1u) tgv_row_text(list, tgv_cause_info((enum tgv_cause)k)->name);
  tgv_json_print(root);
}

/* ---- the command */

static tgv_status read_id(const char *text, uint64_t *id)
{
  char *end;

  errno = 0;
  *id = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end || errno)
    return tgv_fail(TGV_INPUT, "\"%s\" is no number of a via; the vias of a panel are counted from 0", text);
  return TGV_OK;
}

static tgv_status follow(struct subject *v)
{
  const struct tgv_run *run = v->run;
  uint64_t              per_unit = run->package.via_count, count = per_unit * run->panel.unit_count;

  if (v->id >= count)
    return tgv_fail(TGV_INPUT, "there is no via %llu: the panel has %llu, counted from 0",
                    (unsigned long long)v->id, (unsigned long long)count);
  v->unit = v->id / per_unit;
  v->local = v->id % per_unit;
  TGV_TRY(tgv_flow_panel(run->flow, (uint32_t)tgv_count(run->project, TGV_P_project_lot), v->panel));
  v->block = tgv_block_new();
  tgv_flow_vias(run->flow, v->unit, v->local, 1, v->block);
  if (v->a->json) {
    print_json(v);
  } else {
    print_place(v);
    print_verdict(v);
    print_columns(v);
    print_inputs(v);
  }
  tgv_block_free(v->block);
  return TGV_OK;
}

static tgv_status run_via(const struct tgv_arguments *a)
{
  struct subject      v = {.a = a};
  struct tgv_project *p;
  long                panel = 1;
  tgv_status_code     s;

  TGV_TRY(read_id(a->plain[1], &v.id));
  TGV_TRY(tgv_option_count(a, "panel", 1, &panel));
  v.panel = (uint32_t)panel;
  TGV_TRY(tgv_project_argument(a, &p));
  s = tgv_run_open(p, tgv_stages, &(struct tgv_run_options){.quiet = true}, &v.run);
  if (s == TGV_OK) {
    s = follow(&v);
    tgv_run_close(v.run);
  }
  tgv_project_free(p);
  return s;
}

const struct tgv_command tgv_command_via = {
    .name = "via",
    .title = "all about one via of a panel",
    .usage = "PROJECT|RUNDIR ID",
    .description = "Makes one via again from the seed of the project, as it was among the millions of the "
                   "run: where it is, the value "
                   "of every process input there, what became of it, and which limits it keeps. ID counts "
                   "the vias of a panel from "
                   "0, unit by unit; the report and vias.h5 show it.",
    .examples = "tgv via examples/stats-74/project.yaml 123456",
    .options =
        (const struct tgv_option[]){
            {"panel", "N", "panel of the lot, from 1; otherwise 1"},
            {"set", "KEY=VALUE", "change a key of the project, may be given several times"},
            {NULL, NULL, NULL},
        },
    .least = 2,
    .most = 2,
    .run = run_via,
};
