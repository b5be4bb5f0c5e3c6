#include "model/provenance.h"

#include <stdio.h>
#include <string.h>

/* Name of a key of a record: "core.thickness", "via_groups.signal.pitch_x", "defects[0].density". */
static void key_name(const struct tgv_project *p, enum tgv_param key, size_t record, char *name, size_t size)
{
  const struct tgv_param_info   *k = tgv_param_info(key);
  const struct tgv_section_info *s = tgv_section_info(k->section);
  enum tgv_param                 named = tgv_param_find(k->section, "name");

  if (s->scope != TGV_MANY)
    snprintf(name, size, "%s.%s", s->name, k->key);
  else if (named != TGV_PARAM_COUNT)
    snprintf(name, size, "%s.%s.%s", s->name, tgv_text_at(p, named, record), k->key);
  else
    snprintf(name, size, "%s[%zu].%s", s->name, record, k->key);
}

/* Settings of the calculation are nobody's claim about a product or a process. */
static bool is_setting(enum tgv_section s)
{
  return s == TGV_S_project || s == TGV_S_yield || s == TGV_S_sensitivity || s == TGV_S_yield_models ||
         s == TGV_S_output || s == TGV_S_design_rules;
}

/* Names only name. */
static bool is_name(enum tgv_param key)
{
  const char *k = tgv_param_info(key)->key;

  return strcmp(k, "name") == 0 || key == TGV_P_project_title || key == TGV_P_project_description;
}

/* A file of the library is named from the data directory, wherever that is on this machine. */
static const char *short_file(const char *file)
{
  char   directory[4096];
  size_t n;

  if (tgv_data_directory(directory, sizeof directory)) {
    tgv_error_clear();
    return file;
  }
  n = strlen(directory);
  return strncmp(file, directory, n) == 0 && file[n] == '/' ? file + n + 1 : file;
}

static cJSON *statement(const struct tgv_statement *s, bool setting)
{
  cJSON *o = cJSON_CreateObject();
  char   place[1024] = "";

  if (s->line > 0) snprintf(place, sizeof place, "%s:%d", short_file(s->file), s->line);
  cJSON_AddStringToObject(o, "value", s->written);
  cJSON_AddStringToObject(o, "class",
                          setting && s->known != TGV_STANDARD ? "setting" : tgv_class_name(s->known));
  cJSON_AddStringToObject(o, "source", s->source);
  cJSON_AddStringToObject(o, "confidence", s->confidence);
  cJSON_AddStringToObject(o, "note", s->note);
  cJSON_AddStringToObject(o, "place", place);
  return o;
}

void tgv_provenance_section(const struct tgv_project *p, enum tgv_section s, cJSON *list)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  for (size_t record = 0; record < tgv_records(p, s); record++)
    for (enum tgv_param key = info->first; key < info->end; key++) {
      const struct tgv_value *v = tgv_value_at(p, key, record);
      cJSON                  *o, *others;
      char                    name[512];

      if (is_name(key)) continue;
      o = statement(&v->chosen, is_setting(s));
      others = cJSON_CreateArray();
      key_name(p, key, record, name, sizeof name);
      cJSON_AddStringToObject(o, "key", name);
      cJSON_AddStringToObject(o, "meaning", tgv_param_info(key)->help);
      for (size_t i = 0; i < v->other_count; i++)
        cJSON_AddItemToArray(others, statement(&v->others[i], false));
      cJSON_AddItemToObject(o, "others", others);
      cJSON_AddItemToArray(list, o);
    }
}

cJSON *tgv_provenance(const struct tgv_project *p)
{
  cJSON *list = cJSON_CreateArray();

  for (int s = 0; s < TGV_SECTION_COUNT; s++)
    if (tgv_section_info((enum tgv_section)s)->scope != TGV_LIBRARY)
      tgv_provenance_section(p, (enum tgv_section)s, list);
  return list;
}
