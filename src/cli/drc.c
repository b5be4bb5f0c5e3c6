#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "core/csv.h"
#include "core/file.h"
#include "core/problems.h"
#include "core/text.h"
#include "solver/design_rules.h"

enum { X, Y, DIAMETER, PAD_X, PAD_Y, PAD_DIAMETER, GROUP, COLUMNS };

struct vias {
  struct tgv_csv_column column[COLUMNS];
  uint64_t              n;
  uint32_t             *group;
  size_t                groups;
};

/* ---- input */

static tgv_status read_groups(struct vias *v, const char *path)
{
  const double *value = v->column[GROUP].value;
  v->groups = 1;
  if (!value) return TGV_OK;
  v->group = tgv_allocate(v->n, sizeof *v->group);
  for (uint64_t i = 0; i < v->n; i++) {
    if (!(value[i] >= 0 && value[i] < (double)UINT32_MAX && floor(value[i]) >= value[i]))
      return tgv_fail(TGV_INPUT, "%s: group %.6g of via %llu is no whole number from 0 to 4294967294", path,
                      value[i], (unsigned long long)i);
    v->group[i] = (uint32_t)value[i];
    if (v->group[i] >= v->groups) v->groups = v->group[i] + 1u;
  }
  return TGV_OK;
}

static tgv_status read_vias(const char *path, struct vias *v)
{
  static const char *const names[] = {"x", "y", "diameter", "pad_x", "pad_y", "pad_diameter", "group"};
  for (int c = 0; c < COLUMNS; c++)
    v->column[c] = (struct tgv_csv_column){names[c], c == GROUP ? TGV_NUMBER : TGV_LENGTH, c <= Y, NULL};
  TGV_TRY(tgv_csv_read(path, UINT32_MAX - 1, v->column, COLUMNS, &v->n));
  if (!v->column[PAD_X].value != !v->column[PAD_Y].value)
    return tgv_fail(TGV_INPUT, "%s: of the columns pad_x and pad_y one is missing", path);
  for (uint64_t i = 0; v->column[DIAMETER].value && i < v->n; i++)
    if (!(v->column[DIAMETER].value[i] > 0))
      return tgv_fail(TGV_INPUT, "%s: the diameter of via %llu is not above 0", path, (unsigned long long)i);
  return read_groups(v, path);
}

static tgv_status option_length(const struct tgv_arguments *a, const char *name, double *out)
{
  const char *text = tgv_option_value(a, name);
  if (!text) return TGV_OK;
  TGV_TRY_NOTE(tgv_units_read(text, TGV_LENGTH, out), "reading --%s", name);
  if (*out < 0) return tgv_fail(TGV_INPUT, "--%s = %s is below 0", name, text);
  return TGV_OK;
}

static tgv_status set_limit(struct tgv_design_rules *rules, const char *name, const char *value)
{
  const char *names[TGV_RULE_COUNT + 1] = {0}, *nearest;
  for (int r = 0; r < TGV_RULE_COUNT; r++) {
    names[r] = tgv_rule_info((enum tgv_rule)r)->name;
    if (strcmp(names[r], name) != 0) continue;
    TGV_TRY_NOTE(tgv_units_read(value, tgv_rule_info((enum tgv_rule)r)->dimension, &rules->limit[r]),
                 "reading rule %s", name);
    if (rules->limit[r] < 0) return tgv_fail(TGV_INPUT, "rule %s = %s is below 0", name, value);
    return TGV_OK;
  }
  if (strcmp(name, "pad_oversize") == 0) return tgv_units_read(value, TGV_LENGTH, &rules->pad_oversize);
  if (strcmp(name, "density_window") == 0) return tgv_units_read(value, TGV_LENGTH, &rules->density_window);
  nearest = tgv_nearest(name, names);
  return tgv_fail(TGV_INPUT, "there is no design rule \"%s\"%s%s%s", name, nearest ? ", did you mean \"" : "",
                  nearest ? nearest : "", nearest ? "\"?" : "");
}

/* The deck, then what is changed of it. Rules given without a deck stand alone. */
static tgv_status read_rules(const struct tgv_arguments *a, struct tgv_design_rules *rules)
{
  const char *deck = tgv_option_value(a, "deck"), **given = tgv_allocate(a->given_count + 1, sizeof *given);
  size_t      n = tgv_option_values(a, "rule", given);
  tgv_status_code status = TGV_OK;
  *rules = (struct tgv_design_rules){0};
  if (deck || !n) status = tgv_design_rules_find(deck ? deck : "tgv_default", ".", rules);
  for (size_t i = 0; i < n && !status; i++) {
    char *name = tgv_text_copy(given[i]), *sign = strchr(name, '=');
    if (sign) {
      *sign = '\0';
      status = set_limit(rules, name, sign + 1);
    } else {
      status = tgv_fail(TGV_INPUT, "--rule %s has no value; write it as --rule %s=VALUE", name, name);
    }
    free(name);
  }
  free(given);
  return status;
}

static tgv_status read_job(const struct tgv_arguments *a, const struct vias *v, struct tgv_rule_job *job)
{
  long worst = 20;
  *job = (struct tgv_rule_job){
      .layout = {.n = v->n, .x = v->column[X].value, .y = v->column[Y].value, .group = v->group},
      .via_diameter = v->column[DIAMETER].value,
      .pad_x = v->column[PAD_X].value,
      .pad_y = v->column[PAD_Y].value,
      .via_pad_diameter = v->column[PAD_DIAMETER].value,
      .groups = v->groups,
  };
  TGV_TRY(option_length(a, "diameter", &job->diameter));
  TGV_TRY(option_length(a, "pad", &job->pad_diameter));
  TGV_TRY(option_length(a, "width", &job->width));
  TGV_TRY(option_length(a, "height", &job->height));
  TGV_TRY(option_length(a, "thickness", &job->thickness));
  TGV_TRY(tgv_option_count(a, "worst", 0, &worst));
  job->worst = tgv_option_given(a, "violations") ? SIZE_MAX : (size_t)worst;
  if (!job->via_diameter && !(job->diameter > 0))
    return tgv_fail(TGV_INPUT,
                    "the diameter of the vias is not known: add a column \"diameter [um]\", or --diameter");
  return TGV_OK;
}

/* ---- output */

static void print_value(char text[64], enum tgv_rule r, double value)
{
  enum tgv_dimension d = tgv_rule_info(r)->dimension;
  if (d == TGV_NUMBER)
    snprintf(text, 64, "%.6g", value);
  else
    tgv_units_print(text, 64, value, d, d == TGV_FRACTION ? "%" : NULL);
}

static void print_table(const struct tgv_rule_report *report)
{
  static const char *const names[] = {"rule", "limit", "worst", "violations", "of", NULL};
  struct tgv_listing       l = {0};
  tgv_listing_begin(&l, names);
  for (int i = 0; i < TGV_RULE_COUNT; i++) {
    const struct tgv_rule_result *r = &report->rule[i];
    const struct tgv_rule_info   *info = tgv_rule_info((enum tgv_rule)i);
    char                          value[64], limit[80], worst[80], count[32];
    if (!r->checked) continue;
    print_value(value, (enum tgv_rule)i, r->limit);
    snprintf(limit, sizeof limit, "%s %s", info->most ? "<=" : ">=", value);
    print_value(value, (enum tgv_rule)i, r->found ? r->worst : r->beyond);
    snprintf(worst, sizeof worst, "%s%s", r->found ? "" : "> ", value);
    snprintf(count, sizeof count, "%llu", (unsigned long long)r->violations);
    tgv_listing_add(&l, info->name, limit, worst, count, info->of);
  }
  tgv_listing_print(&l, NULL);
  tgv_listing_release(&l);
  printf("%llu vias, %llu violations\n", (unsigned long long)report->vias,
         (unsigned long long)tgv_rule_report_violations(report));
}

static cJSON *finding_json(const struct tgv_rule_finding *f)
{
  cJSON *o = cJSON_CreateObject();
  cJSON_AddNumberToObject(o, "value", f->value);
  cJSON_AddNumberToObject(o, "x", f->xa);
  cJSON_AddNumberToObject(o, "y", f->ya);
  if (f->a != TGV_NO_VIA) cJSON_AddNumberToObject(o, "via", (double)f->a);
  if (f->b != TGV_NO_VIA) cJSON_AddNumberToObject(o, "other_via", (double)f->b);
  return o;
}

static cJSON *report_json(const struct tgv_rule_report *report, size_t worst)
{
  cJSON *json = cJSON_CreateObject(), *rules = cJSON_AddArrayToObject(json, "rules");
  cJSON_AddNumberToObject(json, "vias", (double)report->vias);
  cJSON_AddNumberToObject(json, "violations", (double)tgv_rule_report_violations(report));
  for (int i = 0; i < TGV_RULE_COUNT; i++) {
    const struct tgv_rule_result *r = &report->rule[i];
    if (!r->checked) continue;
    cJSON *o = cJSON_CreateObject(), *list;
    cJSON_AddStringToObject(o, "rule", tgv_rule_info((enum tgv_rule)i)->name);
    cJSON_AddStringToObject(o, "unit", tgv_dimension_si_unit(tgv_rule_info((enum tgv_rule)i)->dimension));
    cJSON_AddNumberToObject(o, "limit", r->limit);
    cJSON_AddNumberToObject(o, "violations", (double)r->violations);
    if (r->found) cJSON_AddNumberToObject(o, "worst", r->worst);
    list = cJSON_AddArrayToObject(o, "findings");
    for (size_t n = 0; n < r->finding_count && n < worst; n++)
      cJSON_AddItemToArray(list, finding_json(&r->finding[n]));
    cJSON_AddItemToArray(rules, o);
  }
  return json;
}

static void add_number(struct tgv_text *t, uint64_t via)
{
  if (via == TGV_NO_VIA)
    tgv_text_add(t, ",");
  else
    tgv_text_add(t, ",%llu", (unsigned long long)via);
}

static tgv_status write_violations(const char *path, const struct tgv_rule_report *report)
{
  struct tgv_text t = {0};
  tgv_text_add(&t, "rule,value [um],value [1],x [mm],y [mm],via,other via\n");
  for (int i = 0; i < TGV_RULE_COUNT; i++) {
    bool length = tgv_rule_info((enum tgv_rule)i)->dimension == TGV_LENGTH;
    for (size_t n = 0; n < report->rule[i].finding_count; n++) {
      const struct tgv_rule_finding *f = &report->rule[i].finding[n];
      tgv_text_add(&t, "%s,", tgv_rule_info((enum tgv_rule)i)->name);
      if (length)
        tgv_text_add(&t, "%.9g,", tgv_units_to(f->value, TGV_LENGTH, "um"));
      else
        tgv_text_add(&t, ",%.9g", f->value);
      tgv_text_add(&t, ",%.10g,%.10g", tgv_units_to(f->xa, TGV_LENGTH, "mm"),
                   tgv_units_to(f->ya, TGV_LENGTH, "mm"));
      add_number(&t, f->a);
      add_number(&t, f->b);
      tgv_text_append(&t, "\n", 1);
    }
  }
  tgv_status_code status = tgv_file_write(path, t.data, t.size);
  tgv_text_release(&t);
  return status;
}

static tgv_status tell(const struct tgv_arguments *a, const struct tgv_rule_report *report)
{
  const char *path = tgv_option_value(a, "violations");
  long        worst = 20;
  TGV_TRY(tgv_option_count(a, "worst", 0, &worst));
  if (path) TGV_TRY(write_violations(path, report));
  if (a->json)
    tgv_json_print(report_json(report, (size_t)worst));
  else if (!a->quiet)
    print_table(report);
  tgv_error_clear();
  return tgv_rule_report_violations(report) ? TGV_FAILED : TGV_OK;
}

static tgv_status check(const struct tgv_arguments *a, struct vias *v)
{
  struct tgv_design_rules rules;
  struct tgv_rule_job     job;
  struct tgv_rule_report  report;
  TGV_TRY(read_rules(a, &rules));
  TGV_TRY(read_vias(a->plain[0], v));
  TGV_TRY(read_job(a, v, &job));
  TGV_TRY(tgv_design_rules_check(&rules, &job, &report));
  tgv_status_code status = tell(a, &report);
  tgv_rule_report_release(&report);
  return status;
}

static tgv_status run_drc(const struct tgv_arguments *a)
{
  struct vias     v = {0};
  tgv_status_code status = check(a, &v);
  tgv_csv_release(v.column, COLUMNS);
  free(v.group);
  return status;
}

const struct tgv_command tgv_command_drc = {
    .name = "drc",
    .title = "check the vias of a CSV file against design rules",
    .usage = "FILE.csv",
    .description = "Checks positions from a design or from a measuring machine. The file has the columns x "
                   "and y with their units in the "
                   "header, such as \"x [mm],y [mm]\"; more columns that are understood: diameter, pad_x, "
                   "pad_y, pad_diameter (lengths) "
                   "and group (a whole number). Rules whose data are missing are not checked.\n\n"
                   "The exit code is 1 if a rule is violated.",
    .examples = "tgv drc vias.csv --diameter \"50 um\"\n"
                "tgv drc vias.csv --diameter 50um --pad 74um --rule space_min=94um --rule ring_min=8um",
    .options =
        (const struct tgv_option[]){
            {"deck", "NAME", "deck of design rules of the library; tgv_default unless a --rule is given"},
            {"rule", "NAME=VALUE",
             "changes a rule of the deck, or stands alone if no --deck is given; may be repeated"},
            {"diameter", "LENGTH", "diameter of all vias, if the file has no column diameter"},
            {"pad", "LENGTH", "diameter of all pads; their centres are pad_x, pad_y, or those of the vias"},
            {"width", "LENGTH", "width of the unit about the origin, for the edge and density rules"},
            {"height", "LENGTH", "height of the unit"},
            {"thickness", "LENGTH", "thickness of the core, for the aspect ratio"},
            {"worst", "N", "worst violations per rule that --json lists, 20 if not given"},
            {"violations", "FILE", "write all violations to this CSV file"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 1,
    .run = run_drc,
};
