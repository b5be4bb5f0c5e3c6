#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/flow_diagram.h"
#include "cli/list_library.h"
#include "cli/listing.h"
#include "cli/reference.h"
#include "core/problems.h"
#include "registry.h"

static void add_registered(struct tgv_listing *l, const char *kind)
{
  static const char *const names[] = {"name", "help", NULL};

  tgv_listing_begin(l, names);
  for (size_t i = 0; i < tgv_registry_count; i++)
    if (strcmp(tgv_registry[i].kind, kind) == 0)
      tgv_listing_add(l, tgv_registry[i].name, tgv_registry[i].help);
}

static tgv_status list_stages(struct tgv_listing *l)
{
  add_registered(l, "stage");
  return TGV_OK;
}

static tgv_status list_formats(struct tgv_listing *l)
{
  add_registered(l, "format");
  return TGV_OK;
}

static tgv_status list_sections(struct tgv_listing *l)
{
  add_registered(l, "section");
  return TGV_OK;
}

static tgv_status list_commands(struct tgv_listing *l)
{
  add_registered(l, "command");
  return TGV_OK;
}

static tgv_status list_keys(struct tgv_listing *l)
{
  static const char *const names[] = {"key", "default", "range", "help", NULL};

  tgv_listing_begin(l, names);
  for (int p = 0; p < TGV_PARAM_COUNT; p++) {
    char name[128], range[256];

    tgv_listing_add(
        l, tgv_param_name((enum tgv_param)p, name, sizeof name), tgv_param_default((enum tgv_param)p),
        tgv_param_range((enum tgv_param)p, range, sizeof range), tgv_param_info((enum tgv_param)p)->help);
  }
  return TGV_OK;
}

static tgv_status list_columns(struct tgv_listing *l)
{
  static const char *const names[] = {"symbol", "of", "unit", "help", NULL};

  tgv_listing_begin(l, names);
  for (int c = 0; c < TGV_COLUMN_COUNT; c++) {
    const struct tgv_column_info *i = tgv_column_info((enum tgv_column)c);

    tgv_listing_add(l, i->symbol, tgv_level_name(i->level), i->unit, i->help);
  }
  return TGV_OK;
}

static tgv_status list_causes(struct tgv_listing *l)
{
  static const char *const names[] = {"name", "column", "help", NULL};

  tgv_listing_begin(l, names);
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    const struct tgv_cause_info *i = tgv_cause_info((enum tgv_cause)c);

    tgv_listing_add(l, i->name, i->column == TGV_C_END ? "" : tgv_column_info(i->column)->symbol, i->help);
  }
  return TGV_OK;
}

static tgv_status list_glasses(struct tgv_listing *l)
{
  return tgv_list_entries(l, TGV_S_glass);
}

static tgv_status list_metals(struct tgv_listing *l)
{
  return tgv_list_entries(l, TGV_S_metal);
}

static tgv_status list_dielectrics(struct tgv_listing *l)
{
  return tgv_list_entries(l, TGV_S_dielectric);
}

static tgv_status list_design_rules(struct tgv_listing *l)
{
  return tgv_list_entries(l, TGV_S_design_rule);
}

static tgv_status list_thermal_cycles(struct tgv_listing *l)
{
  return tgv_list_entries(l, TGV_S_thermal_cycle);
}

static tgv_status list_fatigue_laws(struct tgv_listing *l)
{
  return tgv_list_entries(l, TGV_S_fatigue_law);
}

static tgv_status list_recipes(struct tgv_listing *l)
{
  return tgv_list_includes(l, "recipes");
}

static tgv_status list_panels(struct tgv_listing *l)
{
  return tgv_list_includes(l, "panels");
}

static const struct topic {
  const char *name, *heading;
  tgv_status (*list)(struct tgv_listing *l);
} topics[] = {
    {"stages", "stages, in factory order", list_stages},
    {"formats", "file formats", list_formats},
    {"sections", "sections of the report", list_sections},
    {"commands", "commands", list_commands},
    {"columns", "quantities of a via, a unit or a panel", list_columns},
    {"causes", "why a via can fail", list_causes},
    {"keys", "keys of a project file", list_keys},
    {"glasses", "glasses of the library", list_glasses},
    {"metals", "metals of the library", list_metals},
    {"dielectrics", "dielectrics of the library", list_dielectrics},
    {"design_rules", "decks of design rules", list_design_rules},
    {"thermal_cycles", "temperature cycles of standards", list_thermal_cycles},
    {"fatigue_laws", "constants of laws of fatigue", list_fatigue_laws},
    {"recipes", "recipes, for \"include:\" in a project", list_recipes},
    {"panels", "panels, for \"include:\" in a project", list_panels},
};
enum { TOPICS = sizeof topics / sizeof *topics };

static tgv_status find_topic(const char *name, const struct topic **out)
{
  const char *names[TOPICS + 1] = {0}, *nearest;

  for (size_t i = 0; i < TOPICS; i++) {
    names[i] = topics[i].name;
    *out = &topics[i];
    if (strcmp(name, names[i]) == 0) return TGV_OK;
  }
  nearest = tgv_nearest(name, names);
  if (nearest) return tgv_fail(TGV_INPUT, "there is no list of \"%s\", did you mean \"%s\"?", name, nearest);
  return tgv_fail(TGV_INPUT, "there is no list of \"%s\", see tgv list --help", name);
}

static tgv_status list_topic(const struct topic *topic, cJSON *json)
{
  struct tgv_listing l = {0};

  tgv_status_code s = topic->list(&l);

  if (s) {
    tgv_listing_release(&l);
    return s;
  }
  if (json)
    cJSON_AddItemToObject(json, topic->name, tgv_listing_json(&l));
  else
    tgv_listing_print(&l, topic->heading);
  tgv_listing_release(&l);
  return TGV_OK;
}

static void print_flow(const struct tgv_arguments *a)
{
  struct tgv_text text = {0};
  cJSON          *json;

  if (a->json) {
    json = cJSON_CreateObject();
    cJSON_AddItemToObject(json, "stages", tgv_flow_json());
    tgv_json_print(json);
    return;
  }
  if (tgv_option_given(a, "dot"))
    tgv_flow_dot(&text);
  else
    tgv_flow_print(&text);
  if (text.data) fputs(text.data, stdout);
  tgv_text_release(&text);
}

static tgv_status run_list(const struct tgv_arguments *a)
{
  enum { SHORT = 4 }; /* the topics that are listed where none is named */
  cJSON          *json = NULL;
  tgv_status_code status = TGV_OK;

  if (tgv_option_given(a, "flow") || tgv_option_given(a, "dot")) {
    print_flow(a);
    return TGV_OK;
  }
  if (a->json) json = cJSON_CreateObject();
  for (size_t i = 0; i < (a->count ? a->count : SHORT) && status == TGV_OK; i++) {
    const struct topic *topic = a->count ? NULL : &topics[i];

    if (!topic) status = find_topic(a->plain[i], &topic);
    if (status == TGV_OK && i && !json) putchar('\n');
    if (status == TGV_OK) status = list_topic(topic, json);
  }
  if (json && status == TGV_OK)
    tgv_json_print(json);
  else
    cJSON_Delete(json);
  return status;
}

const struct tgv_command tgv_command_list = {
    .name = "list",
    .title = "what the program is made of, and what it knows",
    .usage = "[TOPIC]...",
    .words = "stages formats sections commands columns causes keys glasses metals dielectrics design_rules "
             "thermal_cycles fatigue_laws recipes panels",
    .description = "TOPIC is one of stages, formats, sections, commands, columns, causes, keys, glasses, "
                   "metals, dielectrics, design_rules, thermal_cycles, fatigue_laws, recipes, panels. "
                   "Without one: stages, formats, report "
                   "sections and commands.",
    .examples = "tgv list keys\ntgv list stages --flow\ntgv list --flow --dot | dot -Tsvg > flow.svg",
    .options =
        (const struct tgv_option[]){
            {"flow", NULL,
             "print the data-flow diagram: what each stage reads, from where, and what it writes"},
            {"dot", NULL, "the same as a Graphviz graph"},
            {NULL, NULL, NULL},
        },
    .most = 16,
    .run = run_list,
};
