#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/listing.h"
#include "registry.h"

static const char *const named[] = {"name", "help", NULL};

static void add_registered(struct tgv_listing *l, const char *kind)
{
  tgv_listing_begin(l, named);
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

static const struct topic {
  const char *name, *heading;
  tgv_status (*list)(struct tgv_listing *l);
} topics[] = {
    {"stages",   "stages, in factory order", list_stages  },
    {"formats",  "file formats",             list_formats },
    {"sections", "sections of the report",   list_sections},
    {"commands", "commands",                 list_commands},
};
enum { TOPICS = sizeof topics / sizeof *topics };

static tgv_status find_topic(const char *name, const struct topic **out)
{
  const char *names[TOPICS], *nearest;

  for (size_t i = 0; i < TOPICS; i++) {
    names[i] = topics[i].name;
    *out = &topics[i];
    if (strcmp(name, names[i]) == 0) return TGV_OK;
  }
  nearest = tgv_nearest(name, names, TOPICS);
  if (nearest) return tgv_fail(TGV_INPUT, "there is no list of \"%s\", did you mean \"%s\"?", name, nearest);
  return tgv_fail(TGV_INPUT, "there is no list of \"%s\", see tgv list --help", name);
}

static tgv_status run_list(const struct tgv_arguments *a)
{
  cJSON *json = a->json ? cJSON_CreateObject() : NULL;

  for (size_t i = 0; i < (a->count ? a->count : TOPICS); i++) {
    const struct topic *topic = &topics[i < TOPICS ? i : 0];
    struct tgv_listing  l = {0};
    tgv_status_code     status = a->count ? find_topic(a->plain[i], &topic) : TGV_OK;

    if (status == TGV_OK) status = topic->list(&l);
    if (status) {
      cJSON_Delete(json);
      return status;
    }
    if (json)
      cJSON_AddItemToObject(json, topic->name, tgv_listing_json(&l));
    else {
      if (i) putchar('\n');
      tgv_listing_print(&l, topic->heading);
    }
    tgv_listing_release(&l);
  }
  if (json) tgv_json_print(json);
  return TGV_OK;
}

const struct tgv_command tgv_command_list = {
    .name = "list",
    .title = "what the program is made of, and what it knows",
    .usage = "[stages|formats|sections|commands]...",
    .examples = "tgv list stages",
    .most = 16,
    .run = run_list,
};
