/* From YAML to statements: one value with its class, source, confidence and note, or several that differ. */
#include <stdlib.h>
#include <string.h>

#include "model/project_inside.h"

static const char *const origin_words[] = {"class", "source", "confidence", "note"};
static const char *const statement_words[] = {"value", "class",  "source", "confidence",
                                              "note",  "chosen", NULL};
static const char *const class_words[] = {"assumed", "derived", "reported", NULL};

const struct tgv_origin tgv_origin_none = {TGV_ASSUMED, "", "", ""};

static bool is_one_of(const char *word, const char *const *words, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(word, words[i]) == 0) return true;
  return false;
}

bool tgv_is_origin(const char *word, enum tgv_section s)
{
  return is_one_of(word, origin_words, sizeof origin_words / sizeof *origin_words) &&
         (s == TGV_SECTION_COUNT || tgv_param_find(s, word) == TGV_PARAM_COUNT);
}

/* The member that states a part of the origin, NULL if there is none. */
static const struct tgv_yaml *origin_member(const struct tgv_yaml *mapping, enum tgv_section s,
                                            const char *word)
{
  return tgv_is_origin(word, s) ? tgv_yaml_member(mapping, word) : NULL;
}

/* Says what is wrong with the value of a key: "wet_etching.time: ...". */
static void add_wrong(struct tgv_reader *r, struct tgv_place at, const char *name, struct tgv_text *wrong)
{
  tgv_problems_add(r->problems, at, "%s: %s", name, wrong->data ? wrong->data : "");
  tgv_text_release(wrong);
}

/* A scalar's text; anything else is told. */
const char *tgv_reader_scalar(struct tgv_reader *r, const struct tgv_yaml *node, const char *name)
{
  if (node->kind == TGV_YAML_SCALAR) return node->text;
  tgv_problems_add(r->problems, node->at, "%s: a word is needed, not a %s", name,
                   node->kind == TGV_YAML_SEQUENCE ? "list" : "mapping");
  return NULL;
}

static void read_class(struct tgv_reader *r, const struct tgv_yaml *node, struct tgv_origin *origin)
{
  static const enum tgv_class classes[] = {TGV_ASSUMED, TGV_DERIVED, TGV_REPORTED};
  const char                 *word = tgv_reader_scalar(r, node, "class");
  struct tgv_text             wrong = {0};

  for (size_t i = 0; word && class_words[i]; i++) {
    if (strcmp(word, class_words[i]) != 0) continue;
    origin->known = classes[i];
    return;
  }
  if (!word) return;
  tgv_text_add(&wrong, "\"%s\" is none of assumed, derived, reported", tgv_clip(word));
  tgv_suggest(&wrong, word, class_words);
  add_wrong(r, node->at, "class", &wrong);
}

struct tgv_origin tgv_reader_origin(struct tgv_reader *r, const struct tgv_yaml *mapping, enum tgv_section s,
                                    const struct tgv_origin *outer)
{
  const struct tgv_yaml *known = origin_member(mapping, s, "class"),
                        *source = origin_member(mapping, s, "source");
  const struct tgv_yaml *confidence = origin_member(mapping, s, "confidence");
  const struct tgv_yaml *note = origin_member(mapping, s, "note");
  struct tgv_origin      origin = known || source ? tgv_origin_none : *outer;
  const char            *text;

  if (source && (text = tgv_reader_scalar(r, source, "source")) && text[0]) {
    origin.source = tgv_arena_text(&r->project->arena, text);
    origin.known = TGV_REPORTED;
  }
  if (known) read_class(r, known, &origin);
  if (confidence && (text = tgv_reader_scalar(r, confidence, "confidence")))
    origin.confidence = tgv_arena_text(&r->project->arena, text);
  if (note && (text = tgv_reader_scalar(r, note, "note")))
    origin.note = tgv_arena_text(&r->project->arena, text);
  if (known && origin.known == TGV_REPORTED && origin.source[0] == '\0')
    tgv_problems_add(r->problems, known->at, "class: a reported value needs its source");
  return origin;
}

static int by_key(const void *left, const void *right)
{
  const struct tgv_yaml *a = *(const struct tgv_yaml *const *)left,
                        *b = *(const struct tgv_yaml *const *)right;
  const int order = strcmp(a->key, b->key);

  if (order != 0) return order;
  if (a->key_at.line != b->key_at.line) return a->key_at.line < b->key_at.line ? -1 : 1;
  return a->key_at.column < b->key_at.column ? -1 : a->key_at.column > b->key_at.column;
}

void tgv_reader_duplicates(struct tgv_reader *r, const struct tgv_yaml *mapping, const char *name)
{
  const struct tgv_yaml **members;
  size_t                  n = 0;

  if (mapping->count < 2) return;
  members = tgv_allocate(mapping->count, sizeof *members);
  for (const struct tgv_yaml *child = mapping->first; child; child = child->next) members[n++] = child;
  qsort(members, n, sizeof *members, by_key);
  for (size_t i = 1; i < n; i++)
    if (strcmp(members[i]->key, members[i - 1]->key) == 0)
      tgv_problems_add(r->problems, members[i]->key_at, "%s%s%s is given twice, first in line %d", name,
                       name[0] ? "." : "", tgv_clip(members[i]->key), members[i - 1]->key_at.line);
  free(members);
}

/* ---- one value */

static bool read_scalar_statement(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_param key,
                                  const struct tgv_origin *origin, struct tgv_statement *s)
{
  const struct tgv_param_info *info = tgv_param_info(key);
  struct tgv_text              wrong = {0};
  char                         name[128];

  tgv_param_name(key, name, sizeof name);
  if (tgv_yaml_empty(node) && info->kind != TGV_TEXT) {
    tgv_problems_add(r->problems, node->at, "%s: no value is given", name);
    return false;
  }
  *s = (struct tgv_statement){.known = origin->known,
                              .source = origin->source,
                              .confidence = origin->confidence,
                              .note = origin->note,
                              .file = r->chain[r->depth - 1],
                              .line = node->at.line,
                              .column = node->at.column};
  s->written = tgv_yaml_empty(node) ? "" : tgv_arena_text(&r->project->arena, node->text);
  if (tgv_statement_read(s, key, s->written, &wrong)) return true;
  add_wrong(r, node->at, name, &wrong);
  return false;
}

/* {value: 0.6 mm, class: reported, source: ...}; *chosen: whether it says so. */
static bool read_full_statement(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_param key,
                                const struct tgv_origin *outer, struct tgv_statement *s, bool *chosen)
{
  const struct tgv_yaml  *value = tgv_yaml_member(node, "value"), *choice = tgv_yaml_member(node, "chosen");
  const struct tgv_origin origin = tgv_reader_origin(r, node, TGV_SECTION_COUNT, outer);
  char                    name[128];

  tgv_param_name(key, name, sizeof name);
  tgv_reader_duplicates(r, node, name);
  for (const struct tgv_yaml *child = node->first; child; child = child->next) {
    struct tgv_text wrong = {0};

    if (is_one_of(child->key, statement_words, 6)) continue;
    tgv_text_add(&wrong, "\"%s\" is no part of a value", tgv_clip(child->key));
    tgv_suggest(&wrong, child->key, statement_words);
    add_wrong(r, child->key_at, name, &wrong);
  }
  if (choice && choice->kind == TGV_YAML_SCALAR &&
      is_one_of(choice->text, (const char *[]){"yes", "true"}, 2))
    *chosen = true;
  else if (choice &&
           !(choice->kind == TGV_YAML_SCALAR && is_one_of(choice->text, (const char *[]){"no", "false"}, 2)))
    tgv_problems_add(r->problems, choice->at, "%s: chosen is neither yes nor no", name);
  if (!value)
    tgv_problems_add(r->problems, node->at, "%s: a mapping here needs a member \"value\"", name);
  else if (value->kind != TGV_YAML_SCALAR)
    tgv_problems_add(r->problems, value->at, "%s: a value is needed, not a %s", name,
                     value->kind == TGV_YAML_SEQUENCE ? "list" : "mapping");
  else
    return read_scalar_statement(r, value, key, &origin, s);
  return false;
}

/* Several statements of sources that differ, one of them chosen. */
static bool read_conflict(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_param key,
                          const struct tgv_origin *origin, struct tgv_value *v)
{
  struct tgv_statement *all = tgv_arena_allocate(&r->project->arena, node->count, sizeof *all);
  size_t                n = 0, chosen_count = 0, chosen_at = 0;
  bool                  good = true;
  char                  name[128];

  tgv_param_name(key, name, sizeof name);
  for (const struct tgv_yaml *child = node->first; child; child = child->next, n++) {
    bool chosen = false;

    if (child->kind != TGV_YAML_MAPPING) {
      tgv_problems_add(
          r->problems, child->at,
          "%s: one value is needed; each of several sources is written {value: ..., source: ...}", name);
      return false;
    }
    good = read_full_statement(r, child, key, origin, &all[n], &chosen) && good;
    if (chosen) chosen_at = n, chosen_count++;
  }
  if (chosen_count != 1)
    tgv_problems_add(r->problems, node->at,
                     "%s: exactly one of several sources has \"chosen: yes\", here %zu", name, chosen_count);
  if (!good || chosen_count != 1) return false;
  *v = (struct tgv_value){.chosen = all[chosen_at], .other_count = n - 1};
  memmove(&all[chosen_at], &all[chosen_at + 1], (n - 1 - chosen_at) * sizeof *all);
  v->others = n > 1 ? all : NULL;
  return true;
}

void tgv_reader_value(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_param key,
                      const struct tgv_origin *origin, size_t record)
{
  struct tgv_value v = {0};
  bool             chosen = false, good;

  switch (node->kind) {
  case TGV_YAML_SCALAR:
    good = read_scalar_statement(r, node, key, origin, &v.chosen);
    break;
  case TGV_YAML_MAPPING:
    good = read_full_statement(r, node, key, origin, &v.chosen, &chosen);
    break;
  default:
    good = read_conflict(r, node, key, origin, &v);
  }
  /* a wrong value counts as stated, so that it is not told to be missing too */
  if (!good) {
    struct tgv_value *slot = tgv_value_slot(r->project, key, record);

    slot->chosen.file = r->chain[r->depth - 1];
    slot->chosen.line = node->at.line;
    slot->chosen.column = node->at.column;
    slot->chosen.known = TGV_ASSUMED;
    if (tgv_param_info(key)->kind == TGV_INPUT_NAME) slot->chosen.number = -1;
    return;
  }
  *tgv_value_slot(r->project, key, record) = v;
}
