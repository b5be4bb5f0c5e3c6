/* What can only be judged on the whole project: required keys, spreads in the unit of their input, names and
   what refers to them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/project_inside.h"

enum { NAME_SIZE = 128 };

const struct tgv_library_reference tgv_library_references[] = {
    {TGV_P_core_glass, TGV_S_glass},
    {TGV_P_glass_formulation_reference, TGV_S_glass},
    {TGV_P_build_up_dielectric, TGV_S_dielectric},
    {TGV_P_design_rules_deck, TGV_S_design_rule},
    {TGV_P_END, TGV_SECTION_COUNT},
};

/* Texts that hold names of records of a section, one or several separated by blanks. */
static const struct record_reference {
  enum tgv_param   key;
  enum tgv_section section;
  bool             several;
} record_references[] = {
    {TGV_P_via_groups_under, TGV_S_chiplets, false},
    {TGV_P_via_groups_avoid, TGV_S_chiplets, true},
    {TGV_P_keep_outs_groups, TGV_S_via_groups, true},
    {TGV_P_handling_step, TGV_S_process_steps, false},
};

bool tgv_value_stated(const struct tgv_value *v)
{
  return v->chosen.known != TGV_STANDARD;
}

struct tgv_place tgv_statement_place(const struct tgv_statement *s)
{
  return (struct tgv_place){s->file, s->line, s->column};
}

enum tgv_param tgv_record_identity(enum tgv_section s)
{
  static const char *const keys[] = {"name", "input"};

  for (size_t i = 0; i < sizeof keys / sizeof *keys && tgv_section_info(s)->scope != TGV_ONE; i++)
    if (tgv_param_find(s, keys[i]) != TGV_PARAM_COUNT) return tgv_param_find(s, keys[i]);
  return TGV_P_END;
}

size_t tgv_record_find(const struct tgv_project *p, enum tgv_section s, const char *name)
{
  const enum tgv_param identity = tgv_record_identity(s);
  size_t               r = 0;

  if (identity == TGV_P_END) return p->section[s].count;
  while (r < p->section[s].count && strcmp(tgv_value_slot(p, identity, r)->chosen.written, name) != 0) r++;
  return r;
}

void tgv_record_name(const struct tgv_project *p, enum tgv_section s, size_t record, char *buffer,
                     size_t size)
{
  const enum tgv_param identity = tgv_record_identity(s);
  const char          *name = tgv_section_info(s)->scope == TGV_MANY && identity != TGV_P_END
                                  ? tgv_value_slot(p, identity, record)->chosen.written
                                  : "";

  if (tgv_section_info(s)->scope != TGV_MANY)
    snprintf(buffer, size, "%s", tgv_section_info(s)->name);
  else if (name[0])
    snprintf(buffer, size, "%s.%s", tgv_section_info(s)->name, tgv_clip(name));
  else
    snprintf(buffer, size, "%s[%zu]", tgv_section_info(s)->name, record);
}

/* Where a record stands; the whole file if it stands nowhere. */
static struct tgv_place place_of_record(const struct tgv_project *p, enum tgv_section s, size_t record)
{
  struct tgv_place at = p->section[s].at[record];

  return at.line > 0 ? at : (struct tgv_place){p->file, p->file[0] ? 1 : 0, 1};
}

static void check_required(const struct tgv_project *p, enum tgv_section s, size_t record,
                           struct tgv_problems *problems)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  struct tgv_text                missing = {0};
  char                           name[NAME_SIZE];
  size_t                         n = 0;

  for (int k = (int)info->first; k < (int)info->end; k++) {
    const enum tgv_param key = (enum tgv_param)k;

    if (tgv_param_info(key)->standard || tgv_value_stated(tgv_value_slot(p, key, record))) continue;
    tgv_text_add(&missing, "%s%s", n++ > 0 ? ", " : "", tgv_param_info(key)->key);
  }
  tgv_record_name(p, s, record, name, sizeof name);
  if (n > 0)
    tgv_problems_add(problems, place_of_record(p, s, record), "%s: %s must be given", name, missing.data);
  tgv_text_release(&missing);
}

static void check_spreads(struct tgv_project *p, enum tgv_section s, size_t record,
                          struct tgv_problems *problems)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  const struct tgv_statement    *input;

  if (tgv_record_identity(s) == TGV_P_END || tgv_param_info(tgv_record_identity(s))->kind != TGV_INPUT_NAME)
    return;
  input = &tgv_value_slot(p, tgv_record_identity(s), record)->chosen;
  if (input->known == TGV_STANDARD || input->number < 0) return;
  for (int k = (int)info->first; k < (int)info->end; k++) {
    const enum tgv_param key = (enum tgv_param)k;
    struct tgv_value    *v = tgv_value_slot(p, key, record);
    const double         nominal = tgv_value_slot(p, tgv_input_param((int)input->number), 0)->chosen.number;
    struct tgv_text      wrong = {0};
    char                 name[NAME_SIZE];

    if (tgv_param_info(key)->kind != TGV_SPREAD) continue;
    for (size_t i = 0; i <= v->other_count; i++) {
      struct tgv_statement *statement = i == 0 ? &v->chosen : &v->others[i - 1];

      if (!tgv_spread_resolve(statement, key, (int)input->number, nominal, &wrong))
        tgv_problems_add(problems, tgv_statement_place(statement), "%s: %s",
                         tgv_param_name(key, name, sizeof name), wrong.data);
      tgv_text_release(&wrong);
    }
  }
}

/* Names that are written in lists separated by blanks, and in keys separated by dots. */
static void check_name(const struct tgv_project *p, enum tgv_section s, size_t record,
                       struct tgv_problems *problems)
{
  const struct tgv_statement *name = &tgv_value_slot(p, tgv_record_identity(s), record)->chosen;

  if (name->written[strcspn(name->written, " \t\n.[]")] != '\0')
    tgv_problems_add(problems, tgv_statement_place(name), "%s.name: \"%s\" holds a blank, a dot or a bracket",
                     tgv_section_info(s)->name, tgv_clip(name->written));
}

static void check_twice(const struct tgv_project *p, enum tgv_section s, size_t record,
                        struct tgv_problems *problems)
{
  const enum tgv_param        identity = tgv_record_identity(s);
  const struct tgv_statement *name;
  char                        key[NAME_SIZE];

  if (identity == TGV_P_END) return;
  name = &tgv_value_slot(p, identity, record)->chosen;
  if (name->written[0] && tgv_record_find(p, s, name->written) < record)
    tgv_problems_add(problems, tgv_statement_place(name), "%s: \"%s\" is there twice",
                     tgv_param_name(identity, key, sizeof key), tgv_clip(name->written));
}

/* project.name becomes the name of files. */
static void check_project_name(const struct tgv_project *p, struct tgv_problems *problems)
{
  const struct tgv_statement *name = &tgv_value_slot(p, TGV_P_project_name, 0)->chosen;

  if (name->written[0] == '.' || name->written[strcspn(name->written, "/\\\n\t")] != '\0' ||
      strlen(name->written) > 100)
    tgv_problems_add(
        problems, tgv_statement_place(name),
        "project.name: \"%s\" is no name for files: no slash, no dot in front, at most 100 bytes",
        tgv_clip(name->written));
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the records of a section, sorted; free it. */
static const char **names_of(const struct tgv_project *p, enum tgv_section s)
{
  const size_t count = p->section[s].count;
  const char **names = tgv_allocate(count, sizeof *names);

  for (size_t r = 0; r < count; r++) names[r] = tgv_value_slot(p, tgv_record_identity(s), r)->chosen.written;
  qsort(names, count, sizeof *names, by_text);
  return names;
}

struct name_check {
  const struct tgv_project      *project;
  const struct record_reference *reference;
  const char                   **names; /* sorted */
  struct tgv_problems           *problems;
};

static void check_record_name(const struct name_check *c, const struct tgv_statement *s, const char *name)
{
  const enum tgv_section section = c->reference->section;
  struct tgv_text        wrong = {0};
  char                   key[NAME_SIZE];

  if (bsearch(&name, c->names, c->project->section[section].count, sizeof *c->names, by_text)) return;
  tgv_text_add(&wrong, "%s: there is no \"%s\" in %s", tgv_param_name(c->reference->key, key, sizeof key),
               tgv_clip(name), tgv_section_info(section)->name);
  if (!tgv_problems_enough(c->problems)) tgv_suggest_record(&wrong, c->project, section, name);
  tgv_problems_add(c->problems, tgv_statement_place(s), "%s", wrong.data);
  tgv_text_release(&wrong);
}

static void check_record_names(const struct name_check *c)
{
  const enum tgv_section section = tgv_param_info(c->reference->key)->section;

  for (size_t r = 0; r < c->project->section[section].count; r++) {
    const struct tgv_statement *s = &tgv_value_slot(c->project, c->reference->key, r)->chosen;
    char                       *names, *state = NULL;

    if (s->written[0] == '\0') continue;
    if (!c->reference->several) {
      check_record_name(c, s, s->written);
      continue;
    }
    names = tgv_text_copy(s->written);
    for (char *name = strtok_r(names, " \t\n", &state); name; name = strtok_r(NULL, " \t\n", &state))
      check_record_name(c, s, name);
    free(names);
  }
}

/* The plain project takes what the library should have; what is set in it is looked up. */
static bool is_looked_up(const struct tgv_project *p, const struct tgv_statement *s)
{
  return s->written[0] != '\0' && (p->file[0] != '\0' || (s->known != TGV_STANDARD && s->line == 0));
}

static void check_library_names(const struct tgv_project *p, const struct tgv_library_reference *reference,
                                struct tgv_problems *problems)
{
  const enum tgv_section section = tgv_param_info(reference->key)->section;

  for (size_t r = 0; r < p->section[section].count && !tgv_problems_enough(problems); r++) {
    const struct tgv_statement *s = &tgv_value_slot(p, reference->key, r)->chosen;
    struct tgv_project         *entry = NULL;
    char                        name[NAME_SIZE];

    if (!is_looked_up(p, s)) continue;
    if (tgv_library_find(reference->section, s->written, p->directory, &entry) != TGV_OK)
      tgv_problems_add(problems, s->line > 0 ? tgv_statement_place(s) : (struct tgv_place){p->file, 0, 0},
                       "%s: %s", tgv_param_name(reference->key, name, sizeof name), tgv_error_message());
    tgv_project_free(entry);
  }
}

void tgv_project_judge(struct tgv_project *p, enum tgv_section only, struct tgv_problems *problems)
{
  for (int i = 0; i < TGV_SECTION_COUNT; i++) {
    const enum tgv_section s = (enum tgv_section)i;

    if (only != TGV_SECTION_COUNT && s != only) continue;
    for (size_t r = 0; r < p->section[s].count; r++) {
      check_required(p, s, r, problems);
      check_spreads(p, s, r, problems);
      check_twice(p, s, r, problems);
      if (s == TGV_S_chiplets || s == TGV_S_via_groups) check_name(p, s, r, problems);
    }
  }
  if (only != TGV_SECTION_COUNT) {
    if (p->section[only].count == 0)
      tgv_problems_add(problems, (struct tgv_place){p->file, 1, 1}, "a section %s: is needed here",
                       tgv_section_info(only)->name);
    return;
  }
  check_project_name(p, problems);
  for (size_t i = 0; i < sizeof record_references / sizeof *record_references; i++) {
    struct name_check c = {p, &record_references[i], names_of(p, record_references[i].section), problems};

    check_record_names(&c);
    free(c.names);
  }
  for (const struct tgv_library_reference *l = tgv_library_references; l->key != TGV_P_END; l++)
    check_library_names(p, l, problems);
}
