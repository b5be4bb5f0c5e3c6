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

static cJSON *statement(const struct tgv_statement *s)
{
  cJSON *o = cJSON_CreateObject();
  char   place[1024] = "";

  if (s->line > 0) snprintf(place, sizeof place, "%s:%d", s->file, s->line);
  cJSON_AddStringToObject(o, "value", s->written);
  cJSON_AddStringToObject(o, "class", tgv_class_name(s->known));
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
      cJSON                  *o = statement(&v->chosen), *others = cJSON_CreateArray();
      char                    name[512];

      key_name(p, key, record, name, sizeof name);
      cJSON_AddStringToObject(o, "key", name);
      cJSON_AddStringToObject(o, "meaning", tgv_param_info(key)->help);
      for (size_t i = 0; i < v->other_count; i++) cJSON_AddItemToArray(others, statement(&v->others[i]));
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
