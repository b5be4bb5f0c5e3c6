/* Where projects come from: a file, a text, plain defaults; and the change of single keys. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/project_inside.h"

enum { NAME_SIZE = 128 };

/* A workable project: D_top of 42.05 um and a core of 0.5 mm come out of the default etch in closed form. */
static const char plain_text[] =
    "project: {name: plain}\n"
    "package: {width: 50 mm, height: 50 mm}\n"
    "core: {glass: EAGLE XG, thickness: 0.5 mm}\n"
    "glass_blank: {thickness: 0.54 mm}\n"
    "via_groups:\n"
    "- {name: signal, function: signal, margin: 1 mm, pitch_x: 200 um, diameter: 42 um}\n";

/* The parts of "via_groups.signal.pitch_x" and "via_groups[0].pitch_x". */
struct address {
  char   section[64];
  char   key[64];
  char  *record; /* its name, NULL if none is given */
  bool   by_number;
  size_t number;
};

static bool split(const char *name, struct address *a, struct tgv_text *wrong)
{
  const char  *last = strrchr(name, '.');
  const size_t section = strcspn(name, ".[");
  char        *end;

  *a = (struct address){0};
  if (!last || section == 0 || section >= sizeof a->section || strlen(last + 1) >= sizeof a->key ||
      !last[1]) {
    tgv_text_add(wrong, "\"%s\" is no key; one looks like wet_etching.time or via_groups.signal.pitch_x",
                 tgv_clip(name));
    return false;
  }
  memcpy(a->section, name, section);
  snprintf(a->key, sizeof a->key, "%s", last + 1);
  if (name[section] == '[') {
    a->by_number = true;
    a->number = strtoul(name + section + 1, &end, 10);
    if (end == name + section + 1 || *end != ']' || end + 1 != last || name[section + 1] == '-') {
      tgv_text_add(wrong, "\"%s\": a number in brackets counts the records from 0: via_groups[0].pitch_x",
                   tgv_clip(name));
      return false;
    }
  } else if (name + section < last) {
    a->record = tgv_text_copy(name + section + 1);
    a->record[last - (name + section + 1)] = '\0';
  }
  return true;
}

static bool find_key(const struct address *a, enum tgv_section *s, enum tgv_param *key,
                     struct tgv_text *wrong)
{
  *s = tgv_section_find(a->section);
  if (*s != TGV_SECTION_COUNT && tgv_section_info(*s)->scope == TGV_LIBRARY) {
    tgv_text_add(wrong, "%s is described in a file of its own in the folder %s", a->section,
                 tgv_library_folder(*s));
    return false;
  }
  if (*s == TGV_SECTION_COUNT) {
    tgv_text_add(wrong, "%s is no known section", a->section);
    tgv_suggest_section(wrong, a->section);
    return false;
  }
  *key = tgv_param_find(*s, a->key);
  if (*key == TGV_PARAM_COUNT) {
    tgv_text_add(wrong, "%s.%s is no known key", a->section, a->key);
    tgv_suggest_key(wrong, *s, a->key);
    return false;
  }
  return true;
}

static void state(struct tgv_project *p, struct tgv_statement *s, const char *written)
{
  s->written = tgv_arena_text(&p->arena, written);
  s->known = TGV_ASSUMED;
  s->source = s->confidence = s->note = s->file = "";
  s->line = s->column = 0;
}

/* A new record of variation for an input that has none yet. */
static bool add_input_record(struct tgv_project *p, enum tgv_section s, const char *name, size_t *record)
{
  struct tgv_statement statement = {0};
  struct tgv_text      ignored = {0};
  const enum tgv_param identity = tgv_record_identity(s);
  const bool           good = tgv_statement_read(&statement, identity, name, &ignored);

  tgv_text_release(&ignored);
  if (!good) return false;
  *record = tgv_record_add(p, s, (struct tgv_place){.file = ""});
  state(p, &statement, name);
  tgv_value_slot(p, identity, *record)->chosen = statement;
  return true;
}

static bool find_record(struct tgv_project *p, const struct address *a, enum tgv_section s, size_t *record,
                        struct tgv_text *wrong)
{
  const size_t         count = p->section[s].count;
  const enum tgv_param identity = tgv_record_identity(s);

  *record = 0;
  if (tgv_section_info(s)->scope == TGV_ONE) {
    if (!a->by_number && !a->record) return true;
    tgv_text_add(wrong, "%s is no list; write %s.%s", a->section, a->section, a->key);
    return false;
  }
  if (a->by_number) {
    *record = a->number;
    if (a->number < count) return true;
    if (a->number == count && count < TGV_RECORDS_MAX) {
      *record = tgv_record_add(p, s, (struct tgv_place){.file = ""});
      return true;
    }
    tgv_text_add(wrong, "%s[%zu] does not exist; there are %zu", a->section, a->number, count);
    return false;
  }
  if (!a->record) {
    tgv_text_add(wrong, "%s is a list; write %s[0].%s or %s.NAME.%s", a->section, a->section, a->key,
                 a->section, a->key);
    return false;
  }
  *record = tgv_record_find(p, s, a->record);
  if (*record < count) return true;
  if (tgv_param_info(identity)->kind == TGV_INPUT_NAME && count < TGV_RECORDS_MAX &&
      add_input_record(p, s, a->record, record))
    return true;
  tgv_text_add(wrong, "there is no \"%s\" in %s", tgv_clip(a->record), a->section);
  tgv_suggest_record(wrong, p, s, a->record);
  return false;
}

/* Nominal value of the input of a record, if it has one. */
static bool input_of_record(const struct tgv_project *p, enum tgv_section s, size_t record, int *input,
                            double *nominal)
{
  const enum tgv_param        identity = tgv_record_identity(s);
  const struct tgv_statement *statement = &tgv_value_slot(p, identity, record)->chosen;

  if (statement->known == TGV_STANDARD) return false;
  *input = (int)statement->number;
  *nominal = tgv_value_slot(p, tgv_input_param(*input), 0)->chosen.number;
  return true;
}

/* A spread follows the input of its record; a percentage of a nominal value that may still change is not
 * judged yet. */
static bool fit_spread(const struct tgv_project *p, struct tgv_statement *s, enum tgv_param key,
                       size_t record, struct tgv_text *wrong)
{
  int    input;
  double nominal;

  if (s->relative) return true;
  if (input_of_record(p, tgv_param_info(key)->section, record, &input, &nominal))
    return tgv_spread_resolve(s, key, input, nominal, wrong);
  tgv_text_add(wrong, "the input of this record must be set first");
  return false;
}

/* Another input: the spreads of the record must be of its dimension. */
static bool fit_record(struct tgv_project *p, enum tgv_section s, size_t record, int input,
                       struct tgv_text *wrong)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  for (int pass = 0; pass < 2; pass++)
    for (int k = (int)info->first; k < (int)info->end; k++) {
      struct tgv_statement *statement = &tgv_value_slot(p, (enum tgv_param)k, record)->chosen;
      struct tgv_statement  trial = *statement;

      if (tgv_param_info((enum tgv_param)k)->kind != TGV_SPREAD || trial.relative) continue;
      if (!tgv_spread_resolve(&trial, (enum tgv_param)k, input, 0, wrong)) return false;
      if (pass == 1) *statement = trial;
    }
  return true;
}

static bool assign_in_record(struct tgv_project *p, enum tgv_section section, enum tgv_param key,
                             size_t record, const char *written, struct tgv_text *wrong)
{
  const enum tgv_kind  kind = tgv_param_info(key)->kind;
  struct tgv_statement s = {0};

  if (!tgv_statement_read(&s, key, written, wrong)) return false;
  state(p, &s, written);
  if (kind == TGV_SPREAD && !fit_spread(p, &s, key, record, wrong)) return false;
  if (kind == TGV_INPUT_NAME && !fit_record(p, section, record, (int)s.number, wrong)) return false;
  *tgv_value_slot(p, key, record) = (struct tgv_value){.chosen = s};
  return true;
}

static bool assign(struct tgv_project *p, const struct address *a, const char *written,
                   struct tgv_text *wrong)
{
  enum tgv_section section;
  enum tgv_param   key;
  size_t           record, count;

  if (!find_key(a, &section, &key, wrong)) return false;
  count = p->section[section].count;
  if (!find_record(p, a, section, &record, wrong)) return false;
  if (assign_in_record(p, section, key, record, written, wrong)) return true;
  p->section[section].count = count; /* a record that was made for a wrong value goes again */
  return false;
}

bool tgv_project_assign(struct tgv_project *p, const char *key, const char *written, struct tgv_text *wrong)
{
  struct address a;
  bool           good;

  if (!split(key, &a, wrong)) return false;
  good = assign(p, &a, written, wrong);
  free(a.record);
  return good;
}

tgv_status tgv_project_set(struct tgv_project *p, const char *key, const char *written)
{
  struct tgv_text wrong = {0};
  tgv_status_code status = TGV_OK;

  if (!tgv_project_assign(p, key, written, &wrong))
    status = tgv_fail(TGV_INPUT, "%s: %s", tgv_clip(key), wrong.data);
  tgv_text_release(&wrong);
  return status;
}

void tgv_project_set_real(struct tgv_project *p, enum tgv_param key, size_t record, double si)
{
  const struct tgv_param_info *info = tgv_param_info(key);
  struct tgv_statement         s = {.number = si};
  enum tgv_dimension           dimension = info->dimension;
  char                         written[NAME_SIZE];
  const char                  *unit;
  int                          input;
  double                       nominal;

  TGV_BUG_IF(info->kind != TGV_REAL && info->kind != TGV_SPREAD);
  if (info->kind == TGV_SPREAD) {
    TGV_BUG_IF(!input_of_record(p, info->section, record, &input, &nominal));
    dimension = tgv_param_info(tgv_input_param(input))->dimension;
  }
  unit = tgv_dimension_display_unit(dimension);
  snprintf(written, sizeof written, "%.15g%s%s", tgv_units_to(si, dimension, NULL), unit[0] ? " " : "", unit);
  state(p, &s, written);
  *tgv_value_slot(p, key, record) = (struct tgv_value){.chosen = s};
}

/* "wet_etching.time=40 min" */
static void apply_override(struct tgv_project *p, const char *text, struct tgv_problems *problems)
{
  const struct tgv_place nowhere = {.file = ""};
  const char            *equals = strchr(text, '=');
  struct tgv_text        wrong = {0};
  char                  *key, *end;

  if (!equals) {
    tgv_problems_add(problems, nowhere, "\"%s\": an override looks like wet_etching.time=\"40 min\"",
                     tgv_clip(text));
    return;
  }
  key = tgv_text_copy(text);
  end = key + (equals - text);
  while (end > key && (end[-1] == ' ' || end[-1] == '\t')) end--;
  *end = '\0';
  if (!tgv_project_assign(p, key, equals + 1 + strspn(equals + 1, " \t"), &wrong))
    tgv_problems_add(problems, nowhere, "override %s: %s", tgv_clip(text), wrong.data);
  tgv_text_release(&wrong);
  free(key);
}

/* Reads, overrides, judges; the project is freed if anything is wrong. */
static tgv_status make(struct tgv_project *p, const char *text, size_t size, const char *const *overrides,
                       size_t count, struct tgv_project **out)
{
  struct tgv_problems problems = {0};
  tgv_status_code     status;
  bool                readable;

  *out = NULL;
  readable = tgv_project_read_text(p, text, size, TGV_SECTION_COUNT, &problems);
  for (size_t i = 0; i < count && readable; i++) apply_override(p, overrides[i], &problems);
  if (readable) tgv_project_judge(p, TGV_SECTION_COUNT, &problems);
  status = tgv_problems_report(&problems);
  tgv_problems_release(&problems);
  if (status)
    tgv_project_free(p);
  else
    *out = p;
  return status;
}

tgv_status tgv_project_parse(const char *text, size_t size, const char *name, const char *directory,
                             struct tgv_project **out)
{
  return make(tgv_project_new(name, directory), text, size, NULL, 0, out);
}

tgv_status tgv_project_read(const char *path, const char *const *overrides, size_t count,
                            struct tgv_project **out)
{
  char           *text = NULL, *directory;
  size_t          size;
  tgv_status_code status;

  *out = NULL;
  TGV_TRY(tgv_file_read(path, TGV_YAML_SIZE_MAX, &text, &size));
  directory = tgv_path_directory(path);
  status = make(tgv_project_new(path, directory), text, size, overrides, count, out);
  free(directory);
  free(text);
  return status;
}

tgv_status tgv_project_plain(struct tgv_project **out)
{
  return make(tgv_project_new("", "."), plain_text, sizeof plain_text - 1, NULL, 0, out);
}

tgv_status tgv_project_check(struct tgv_project *p)
{
  struct tgv_problems problems = {0};
  tgv_status_code     status;

  tgv_project_judge(p, TGV_SECTION_COUNT, &problems);
  status = tgv_problems_report(&problems);
  tgv_problems_release(&problems);
  return status;
}
