#include "model/project.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/project_inside.h"

static _Thread_local const enum tgv_section *allowed;

const enum tgv_section *tgv_project_allow(const enum tgv_section *sections)
{
  const enum tgv_section *before = allowed;

  allowed = sections;
  return before;
}

static void check_allowed(enum tgv_section s)
{
  char what[128];

  if (!allowed) return;
  for (const enum tgv_section *a = allowed; *a != TGV_SECTION_COUNT; a++)
    if (*a == s) return;
  snprintf(what, sizeof what, "stage reads section %s that it has not declared", tgv_section_info(s)->name);
  tgv_bug(__FILE__, __LINE__, __func__, what);
}

static size_t key_count(enum tgv_section s)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  return (size_t)(info->end - info->first);
}

struct tgv_value *tgv_value_slot(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  const enum tgv_section    s = tgv_param_info(key)->section;
  const struct tgv_records *records = &p->section[s];

  TGV_BUG_IF(record >= records->count);
  return &records->value[record * key_count(s) + (size_t)(key - tgv_section_info(s)->first)];
}

static void set_standard(struct tgv_value *v, enum tgv_param key)
{
  const struct tgv_param_info *info = tgv_param_info(key);

  *v = (struct tgv_value){0};
  v->chosen.written = info->standard ? info->standard : "";
  v->chosen.source = v->chosen.confidence = v->chosen.note = v->chosen.file = "";
  v->chosen.known = TGV_STANDARD;
  v->chosen.number = info->standard ? tgv_param_numbers(key)->standard : 0;
  v->chosen.relative = info->kind == TGV_SPREAD;
}

size_t tgv_record_add(struct tgv_project *p, enum tgv_section s, struct tgv_place at)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  struct tgv_records            *records = &p->section[s];

  if (records->count == records->room) {
    records->room = 2 * records->room + 1;
    records->value = tgv_reallocate(records->value, records->room * key_count(s), sizeof *records->value);
    records->at = tgv_reallocate(records->at, records->room, sizeof *records->at);
  }
  records->at[records->count++] = at;
  for (int k = (int)info->first; k < (int)info->end; k++)
    set_standard(tgv_value_slot(p, (enum tgv_param)k, records->count - 1), (enum tgv_param)k);
  return records->count - 1;
}

struct tgv_project *tgv_project_new(const char *file, const char *directory)
{
  struct tgv_project *p = tgv_allocate(1, sizeof *p);

  p->file = tgv_arena_text(&p->arena, file);
  p->directory = tgv_arena_text(&p->arena, directory);
  for (int s = 0; s < TGV_SECTION_COUNT; s++)
    if (tgv_section_info((enum tgv_section)s)->scope == TGV_ONE)
      (void)tgv_record_add(p, (enum tgv_section)s, (struct tgv_place){.file = ""});
  return p;
}

void tgv_project_free(struct tgv_project *p)
{
  if (!p) return;
  for (int s = 0; s < TGV_SECTION_COUNT; s++) {
    free(p->section[s].value);
    free(p->section[s].at);
  }
  tgv_arena_release(&p->arena);
  free(p);
}

/* Texts of the table and empty ones live for ever; the others move into the arena of the copy. A file's name
   is shared by many values, so the last one is kept in *shared. */
static const char *move_text(struct tgv_arena *a, const char *text, const char **from, const char **to)
{
  if (text[0] == '\0') return "";
  if (text == *from) return *to;
  *from = text;
  *to = tgv_arena_text(a, text);
  return *to;
}

struct moved {
  const char *file_from, *file_to, *source_from, *source_to;
};

static void move_statement(struct tgv_arena *a, struct tgv_statement *s, struct moved *m)
{
  if (s->known == TGV_STANDARD) return;
  s->written = tgv_arena_text(a, s->written);
  s->source = move_text(a, s->source, &m->source_from, &m->source_to);
  s->file = move_text(a, s->file, &m->file_from, &m->file_to);
  if (s->confidence[0]) s->confidence = tgv_arena_text(a, s->confidence);
  if (s->note[0]) s->note = tgv_arena_text(a, s->note);
}

static void copy_records(struct tgv_arena *a, const struct tgv_records *from, size_t keys,
                         struct tgv_records *to)
{
  struct moved m = {0};

  *to = (struct tgv_records){.count = from->count, .room = from->count};
  if (from->count == 0) return;
  to->value = tgv_reallocate(NULL, from->count * keys, sizeof *to->value);
  memcpy(to->value, from->value, from->count * keys * sizeof *to->value);
  to->at = tgv_reallocate(NULL, from->count, sizeof *to->at);
  for (size_t r = 0; r < from->count; r++) {
    to->at[r] = from->at[r];
    to->at[r].file = move_text(a, from->at[r].file, &m.file_from, &m.file_to);
  }
  for (size_t i = 0; i < from->count * keys; i++) {
    struct tgv_value *v = &to->value[i];

    move_statement(a, &v->chosen, &m);
    if (v->other_count == 0) continue;
    v->others = tgv_arena_allocate(a, v->other_count, sizeof *v->others);
    memcpy(v->others, from->value[i].others, v->other_count * sizeof *v->others);
    for (size_t k = 0; k < v->other_count; k++) move_statement(a, &v->others[k], &m);
  }
}

tgv_status tgv_project_copy(const struct tgv_project *p, struct tgv_project **out)
{
  struct tgv_project *copy = tgv_allocate(1, sizeof *copy);

  copy->file = tgv_arena_text(&copy->arena, p->file);
  copy->directory = tgv_arena_text(&copy->arena, p->directory);
  for (int s = 0; s < TGV_SECTION_COUNT; s++)
    copy_records(&copy->arena, &p->section[s], key_count((enum tgv_section)s), &copy->section[s]);
  *out = copy;
  return TGV_OK;
}

/* ---- access */

static const struct tgv_statement *chosen(const struct tgv_project *p, enum tgv_param key, size_t record,
                                          enum tgv_kind kind)
{
  TGV_BUG_IF(tgv_param_info(key)->kind != kind);
  check_allowed(tgv_param_info(key)->section);
  return &tgv_value_slot(p, key, record)->chosen;
}

size_t tgv_records(const struct tgv_project *p, enum tgv_section s)
{
  check_allowed(s);
  return p->section[s].count;
}

double tgv_real_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  return chosen(p, key, record, TGV_REAL)->number;
}

double tgv_real(const struct tgv_project *p, enum tgv_param key)
{
  return tgv_real_at(p, key, 0);
}

double tgv_nominal(const struct tgv_project *p, int input)
{
  return tgv_value_slot(p, tgv_input_param(input), 0)->chosen.number;
}

int64_t tgv_count_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  return (int64_t)chosen(p, key, record, TGV_COUNT)->number;
}

int64_t tgv_count(const struct tgv_project *p, enum tgv_param key)
{
  return tgv_count_at(p, key, 0);
}

const char *tgv_text_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  enum tgv_kind kind = tgv_param_info(key)->kind;

  return chosen(p, key, record, kind == TGV_CHOICE ? TGV_CHOICE : TGV_TEXT)->written;
}

const char *tgv_text(const struct tgv_project *p, enum tgv_param key)
{
  return tgv_text_at(p, key, 0);
}

bool tgv_flag(const struct tgv_project *p, enum tgv_param key)
{
  return chosen(p, key, 0, TGV_FLAG)->number != 0;
}

bool tgv_chosen_at(const struct tgv_project *p, enum tgv_param key, size_t record, const char *word)
{
  const int choice = tgv_param_choice(key, word);

  TGV_BUG_IF(choice < 0);
  return (int)chosen(p, key, record, TGV_CHOICE)->number == choice;
}

bool tgv_chosen(const struct tgv_project *p, enum tgv_param key, const char *word)
{
  return tgv_chosen_at(p, key, 0, word);
}

int tgv_choice_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  return (int)chosen(p, key, record, TGV_CHOICE)->number;
}

int tgv_input_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  return (int)chosen(p, key, record, TGV_INPUT_NAME)->number;
}

double tgv_spread_amplitude(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  const struct tgv_statement *s = &tgv_value_slot(p, key, record)->chosen;
  const enum tgv_param        identity = tgv_record_identity(tgv_param_info(key)->section);
  double                      nominal;
  int                         input;

  if (!s->relative) {
    TGV_BUG_IF(isnan(s->number));
    return s->number;
  }
  if (s->number == 0) return 0;
  input = (int)tgv_value_slot(p, identity, record)->chosen.number;
  nominal = tgv_value_slot(p, tgv_input_param(input), 0)->chosen.number;
  /* a standard deviation has no sign; the percentage of a trend keeps that of its nominal value */
  return s->number * (tgv_param_info(key)->min ? fabs(nominal) : nominal);
}

double tgv_spread_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  (void)chosen(p, key, record, TGV_SPREAD);
  return tgv_spread_amplitude(p, key, record);
}

const struct tgv_value *tgv_value_at(const struct tgv_project *p, enum tgv_param key, size_t record)
{
  check_allowed(tgv_param_info(key)->section);
  return tgv_value_slot(p, key, record);
}

const char *tgv_project_file(const struct tgv_project *p)
{
  return p->file;
}

const char *tgv_project_directory(const struct tgv_project *p)
{
  return p->directory;
}

const char *tgv_class_name(enum tgv_class c)
{
  static const char *const names[] = {"default", "assumed", "derived", "reported"};

  TGV_BUG_IF((unsigned)c >= sizeof names / sizeof *names);
  return names[c];
}
