#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/flow_diagram.h"
#include "cli/listing.h"
#include "cli/project_argument.h"
#include "cli/reference.h"
#include "core/problems.h"
#include "core/text.h"
#include "model/project.h"
#include "model/provenance.h"
#include "registry.h"

/* ---- values with class and source */

static const char *field(const cJSON *o, const char *name)
{
  const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));

  return text ? text : "";
}

static void add_statement(struct tgv_listing *l, const char *key, const cJSON *o, const char *remark)
{
  struct tgv_text from = {0};
  const char     *pieces[] = {field(o, "source"), field(o, "confidence"), field(o, "note"), remark};

  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
    if (pieces[i][0]) tgv_text_add(&from, "%s%s", from.size ? "; " : "", pieces[i]);
  tgv_listing_add(l, key, field(o, "value"), field(o, "class"), from.data);
  tgv_text_release(&from);
}

/* Prints or converts the values of a list that tgv_provenance made; takes it over. */
static void print_values(const struct tgv_arguments *a, cJSON *values, const char *heading)
{
  static const char *const names[] = {"key", "value", "class", "source", NULL};
  struct tgv_listing       l;
  const cJSON             *o, *other;

  if (a->json) {
    cJSON *root = cJSON_CreateObject();

    cJSON_AddStringToObject(root, "name", heading);
    cJSON_AddItemToObject(root, "values", values);
    tgv_json_print(root);
    return;
  }
  tgv_listing_begin(&l, names);
  cJSON_ArrayForEach(o, values)
  {
    if (strcmp(field(o, "class"), tgv_class_name(TGV_STANDARD)) == 0 && !tgv_option_given(a, "defaults"))
      continue;
    add_statement(&l, field(o, "key"), o, "");
    cJSON_ArrayForEach(other, cJSON_GetObjectItemCaseSensitive(o, "others"))
        add_statement(&l, "", other, "not chosen");
  }
  tgv_listing_print(&l, heading);
  tgv_listing_release(&l);
  cJSON_Delete(values);
}

static tgv_status show_entry(const struct tgv_arguments *a, enum tgv_section s)
{
  struct tgv_project *entry;
  cJSON              *values;
  char                heading[256];

  TGV_TRY(tgv_library_find(s, a->plain[1], ".", &entry));
  values = cJSON_CreateArray();
  tgv_provenance_section(entry, s, values);
  snprintf(heading, sizeof heading, "%s %s", tgv_section_info(s)->name, a->plain[1]);
  print_values(a, values, heading);
  tgv_project_free(entry);
  return TGV_OK;
}

static tgv_status show_glass(const struct tgv_arguments *a)
{
  return show_entry(a, TGV_S_glass);
}

static tgv_status show_metal(const struct tgv_arguments *a)
{
  return show_entry(a, TGV_S_metal);
}

static tgv_status show_dielectric(const struct tgv_arguments *a)
{
  return show_entry(a, TGV_S_dielectric);
}

static tgv_status show_design_rule(const struct tgv_arguments *a)
{
  return show_entry(a, TGV_S_design_rule);
}

static tgv_status show_thermal_cycle(const struct tgv_arguments *a)
{
  return show_entry(a, TGV_S_thermal_cycle);
}

static tgv_status show_fatigue_law(const struct tgv_arguments *a)
{
  return show_entry(a, TGV_S_fatigue_law);
}

static tgv_status show_project(const struct tgv_arguments *a)
{
  struct tgv_project *p;

  TGV_TRY(tgv_project_argument(a, &p));
  if (tgv_option_given(a, "yaml") && !a->json) {
    struct tgv_text text = {0};

    tgv_project_print(p, tgv_option_given(a, "defaults"), &text);
    fputs(text.data ? text.data : "", stdout);
    tgv_text_release(&text);
  } else {
    print_values(a, tgv_provenance(p), tgv_text(p, TGV_P_project_name));
  }
  tgv_project_free(p);
  return TGV_OK;
}

/* ---- lines of the tables */

static void print_pairs(const struct tgv_arguments *a, struct tgv_listing *l, const char *heading)
{
  if (a->json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "name", heading);
    for (size_t r = 0; r < l->rows; r++) cJSON_AddStringToObject(o, l->cell[2 * r], l->cell[2 * r + 1]);
    tgv_json_print(o);
  } else {
    tgv_listing_print(l, heading);
  }
  tgv_listing_release(l);
}

static const char *const pair[] = {"what", "is", NULL};

/* Names of the stages that read a section. */
static void add_readers(struct tgv_listing *l, enum tgv_section section)
{
  struct tgv_text t = {0};

  for (size_t i = 0; tgv_stages[i]; i++)
    for (const enum tgv_section *s = tgv_stages[i]->sections; s && *s != TGV_SECTION_COUNT; s++)
      if (*s == section) tgv_text_add(&t, "%s%s", t.size ? ", " : "", tgv_stages[i]->name);
  if (t.size) tgv_listing_add(l, "read by", t.data);
  tgv_text_release(&t);
}

static tgv_status show_section(const struct tgv_arguments *a, enum tgv_section s)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  struct tgv_listing             l;

  tgv_listing_begin(&l, pair);
  tgv_listing_add(&l, "meaning", info->help);
  tgv_listing_add(&l, "form", tgv_scope_name(info->scope));
  add_readers(&l, s);
  for (int p = (int)info->first; p < (int)info->end; p++)
    tgv_listing_add(&l, tgv_param_info((enum tgv_param)p)->key, tgv_param_info((enum tgv_param)p)->help);
  print_pairs(a, &l, info->name);
  return TGV_OK;
}

static tgv_status show_key(const struct tgv_arguments *a)
{
  const struct tgv_param_info *i;
  struct tgv_listing           l;
  enum tgv_param               p;
  char                         range[256], kind[128];
  enum tgv_section             s = tgv_section_find(a->plain[1]);

  if (s != TGV_SECTION_COUNT) return show_section(a, s);
  TGV_TRY(tgv_param_named(a->plain[1], &p));
  i = tgv_param_info(p);
  tgv_param_range(p, range, sizeof range);
  snprintf(kind, sizeof kind, "%s%s%s", tgv_kind_name(i->kind),
           i->dimension == TGV_NUMBER ? "" : ", shown in ",
           i->dimension == TGV_NUMBER ? "" : tgv_dimension_display_unit(i->dimension));
  tgv_listing_begin(&l, pair);
  tgv_listing_add(&l, "meaning", i->help);
  tgv_listing_add(&l, "kind", kind);
  tgv_listing_add(&l, "default", tgv_param_default(p));
  if (range[0]) tgv_listing_add(&l, i->choices ? "words" : "range", range);
  tgv_listing_add(&l, "varies", i->varies ? "yes: it has a value at every via (section variation)" : "no");
  add_readers(&l, i->section);
  print_pairs(a, &l, a->plain[1]);
  return TGV_OK;
}

static tgv_status show_column(const struct tgv_arguments *a)
{
  const char                   *names[TGV_COLUMN_COUNT + 1] = {0}, *nearest;
  const struct tgv_column_info *i;
  enum tgv_column               c = tgv_column_find(a->plain[1]);
  struct tgv_listing            l;
  struct tgv_text               writers = {0};

  for (int k = 0; k < TGV_COLUMN_COUNT; k++) names[k] = tgv_column_info((enum tgv_column)k)->symbol;
  if (c == TGV_COLUMN_COUNT) {
    nearest = tgv_nearest(a->plain[1], names);
    return tgv_fail(TGV_INPUT, "there is no quantity \"%s\"%s%s%s", a->plain[1],
                    nearest ? ", did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
  }
  i = tgv_column_info(c);
  tgv_listing_begin(&l, pair);
  tgv_listing_add(&l, "meaning", i->help);
  tgv_listing_add(&l, "of", tgv_level_name(i->level));
  tgv_listing_add(&l, "unit", i->unit);
  for (size_t k = 0; tgv_stages[k]; k++)
    for (const enum tgv_column *w = tgv_stages[k]->writes; w && *w != TGV_C_END; w++)
      if (*w == c) tgv_text_add(&writers, "%s%s", writers.size ? ", " : "", tgv_stages[k]->name);
  if (writers.size) tgv_listing_add(&l, "written by", writers.data);
  tgv_text_release(&writers);
  print_pairs(a, &l, i->symbol);
  return TGV_OK;
}

static tgv_status show_stage(const struct tgv_arguments *a)
{
  const struct tgv_stage *s;
  struct tgv_text         t = {0};

  TGV_TRY(tgv_stage_named(a->plain[1], &s));
  if (a->json) {
    tgv_json_print(tgv_flow_stage_json(s));
    return TGV_OK;
  }
  tgv_flow_print_stage(&t, s);
  fputs(t.data, stdout);
  tgv_text_release(&t);
  return TGV_OK;
}

/* ---- the command */

static const struct topic {
  const char *name;
  tgv_status (*show)(const struct tgv_arguments *a);
} topics[] = {
    {"glass", show_glass},
    {"metal", show_metal},
    {"dielectric", show_dielectric},
    {"design_rule", show_design_rule},
    {"thermal_cycle", show_thermal_cycle},
    {"fatigue_law", show_fatigue_law},
    {"key", show_key},
    {"column", show_column},
    {"stage", show_stage},
};
enum { TOPICS = sizeof topics / sizeof *topics };

static tgv_status run_show(const struct tgv_arguments *a)
{
  const char *names[TOPICS + 1] = {0}, *nearest;

  for (size_t i = 0; i < TOPICS; i++) {
    names[i] = topics[i].name;
    if (strcmp(a->plain[0], topics[i].name) != 0) continue;
    if (a->count == 2) return topics[i].show(a);
    return tgv_fail(TGV_INPUT, "a name is missing: tgv show %s NAME", topics[i].name);
  }
  if (a->count == 1) return show_project(a);
  nearest = tgv_nearest(a->plain[0], names);
  return tgv_fail(TGV_INPUT, "nothing is known of \"%s\"%s%s%s", a->plain[0],
                  nearest ? ", did you mean \"" : ", see tgv show --help", nearest ? nearest : "",
                  nearest ? "\"?" : "");
}

const struct tgv_command tgv_command_show = {
    .name = "show",
    .title = "one thing with all that is known of it",
    .words = "glass metal dielectric design_rule thermal_cycle fatigue_law key column stage",
    .usage =
        "PROJECT|RUNDIR | glass|metal|dielectric|design_rule|thermal_cycle|fatigue_law|key|column|stage NAME",
    .description = "Of a project or an entry of the library: every value with its class (reported, derived, "
                   "assumed, default), its "
                   "source, and other values from sources that disagree. Of a key, a column or a stage: its "
                   "line of the tables.",
    .examples = "tgv show glass \"EAGLE XG\"\ntgv show key wet_etching.time\ntgv show key wet_etching\n"
                "tgv show examples/stats-74/project.yaml",
    .options =
        (const struct tgv_option[]){
            {"defaults", NULL, "also the values that stand at their default"},
            {"yaml", NULL, "of a project: print it as one project file, includes and overrides worked in"},
            {"set", "KEY=VALUE", "of a project: change a key, may be given several times"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = 2,
    .run = run_show,
};
