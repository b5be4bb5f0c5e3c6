/* From YAML to statements: sections, records, values, and files that include files. The schema is params.def. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/project_inside.h"

/* What holds for all plain values below: stated for a file, a section or a record. */
struct origin {
  bool           stated;
  enum tgv_class known;
  const char    *source, *confidence, *note;
};

struct reader {
  struct tgv_project  *project;
  struct tgv_problems *problems;
  enum tgv_section     only;
  const char          *chain[TGV_INCLUDE_DEPTH_MAX]; /* files that are being read, as shown */
  char                *real[TGV_INCLUDE_DEPTH_MAX];  /* the same, as the system knows them; "" for a text */
  size_t               depth, includes;
};

static const char *const origin_words[] = {"class", "source", "confidence", "note"};
static const char *const statement_words[] = {"value", "class", "source", "confidence", "note", "chosen", NULL};
static const char *const class_words[] = {"assumed", "derived", "reported", NULL};

static const struct origin nothing_stated = {false, TGV_ASSUMED, "", "", ""};

static bool is_one_of(const char *word, const char *const *words, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp(word, words[i]) == 0) return true;
  return false;
}

static bool is_origin(const char *key)
{
  return is_one_of(key, origin_words, sizeof origin_words / sizeof *origin_words);
}

/* Says what is wrong with the value of a key: "wet_etching.time: ...". */
static void add_wrong(struct reader *r, struct tgv_place at, const char *name, struct tgv_text *wrong)
{
  tgv_problems_add(r->problems, at, "%s: %s", name, wrong->data ? wrong->data : "");
  tgv_text_release(wrong);
}

/* A scalar's text; anything else is told. */
static const char *scalar_of(struct reader *r, const struct tgv_yaml *node, const char *name)
{
  if (node->kind == TGV_YAML_SCALAR) return node->text;
  tgv_problems_add(r->problems, node->at, "%s: a word is needed, not a %s", name,
                   node->kind == TGV_YAML_SEQUENCE ? "list" : "mapping");
  return NULL;
}

static void read_class(struct reader *r, const struct tgv_yaml *node, struct origin *origin)
{
  static const enum tgv_class classes[] = {TGV_ASSUMED, TGV_DERIVED, TGV_REPORTED};
  const char                 *word = scalar_of(r, node, "class");
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

/* The origin that a mapping states. Stating class or source, it takes neither from `outer`, so that no value borrows the
   source of another one; a source without class is a report. */
static struct origin read_origin(struct reader *r, const struct tgv_yaml *mapping, const struct origin *outer)
{
  const struct tgv_yaml *known = tgv_yaml_member(mapping, "class"), *source = tgv_yaml_member(mapping, "source");
  const struct tgv_yaml *confidence = tgv_yaml_member(mapping, "confidence"), *note = tgv_yaml_member(mapping, "note");
  struct origin          origin = known || source ? nothing_stated : *outer;
  const char            *text;

  if (source && (text = scalar_of(r, source, "source"))) {
    origin.source = tgv_arena_text(&r->project->arena, text);
    origin.known = TGV_REPORTED;
  }
  if (known) read_class(r, known, &origin);
  if (confidence && (text = scalar_of(r, confidence, "confidence")))
    origin.confidence = tgv_arena_text(&r->project->arena, text);
  if (note && (text = scalar_of(r, note, "note"))) origin.note = tgv_arena_text(&r->project->arena, text);
  if (known && origin.known == TGV_REPORTED && origin.source[0] == '\0')
    tgv_problems_add(r->problems, known->at, "class: a reported value needs its source");
  origin.stated = origin.stated || known || source;
  return origin;
}

static void check_duplicates(struct reader *r, const struct tgv_yaml *mapping, const char *name);

/* ---- one value */

static bool read_scalar_statement(struct reader *r, const struct tgv_yaml *node, enum tgv_param key,
                                  const struct origin *origin, struct tgv_statement *s)
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
static bool read_full_statement(struct reader *r, const struct tgv_yaml *node, enum tgv_param key,
                                const struct origin *outer, struct tgv_statement *s, bool *chosen)
{
  const struct tgv_yaml *value = tgv_yaml_member(node, "value"), *choice = tgv_yaml_member(node, "chosen");
  const struct origin    origin = read_origin(r, node, outer);
  char                   name[128];

  tgv_param_name(key, name, sizeof name);
  check_duplicates(r, node, name);
  for (const struct tgv_yaml *child = node->first; child; child = child->next) {
    struct tgv_text wrong = {0};

    if (is_one_of(child->key, statement_words, 6)) continue;
    tgv_text_add(&wrong, "\"%s\" is no part of a value", tgv_clip(child->key));
    tgv_suggest(&wrong, child->key, statement_words);
    add_wrong(r, child->key_at, name, &wrong);
  }
  if (choice && choice->kind == TGV_YAML_SCALAR && is_one_of(choice->text, (const char *[]){"yes", "true"}, 2))
    *chosen = true;
  else if (choice && !(choice->kind == TGV_YAML_SCALAR && is_one_of(choice->text, (const char *[]){"no", "false"}, 2)))
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
static bool read_conflict(struct reader *r, const struct tgv_yaml *node, enum tgv_param key,
                          const struct origin *origin, struct tgv_value *v)
{
  struct tgv_statement *all = tgv_arena_allocate(&r->project->arena, node->count, sizeof *all);
  size_t                n = 0, chosen_count = 0, chosen_at = 0;
  bool                  good = true;
  char                  name[128];

  tgv_param_name(key, name, sizeof name);
  for (const struct tgv_yaml *child = node->first; child; child = child->next, n++) {
    bool chosen = false;

    if (child->kind != TGV_YAML_MAPPING) {
      tgv_problems_add(r->problems, child->at, "%s: each of several sources is written {value: ..., source: ...}", name);
      good = false;
      continue;
    }
    good = read_full_statement(r, child, key, origin, &all[n], &chosen) && good;
    if (chosen) chosen_at = n, chosen_count++;
  }
  if (chosen_count != 1)
    tgv_problems_add(r->problems, node->at, "%s: exactly one of several sources has \"chosen: yes\", here %zu", name,
                     chosen_count);
  if (!good || chosen_count != 1) return false;
  *v = (struct tgv_value){.chosen = all[chosen_at], .other_count = n - 1};
  memmove(&all[chosen_at], &all[chosen_at + 1], (n - 1 - chosen_at) * sizeof *all);
  v->others = n > 1 ? all : NULL;
  return true;
}

static void read_value(struct reader *r, const struct tgv_yaml *node, enum tgv_param key, const struct origin *origin,
                       size_t record)
{
  struct tgv_value v = {0};
  bool             chosen = false, good;

  switch (node->kind) {
  case TGV_YAML_SCALAR: good = read_scalar_statement(r, node, key, origin, &v.chosen); break;
  case TGV_YAML_MAPPING: good = read_full_statement(r, node, key, origin, &v.chosen, &chosen); break;
  default: good = read_conflict(r, node, key, origin, &v);
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

/* ---- records and sections */

static int by_key(const void *left, const void *right)
{
  const struct tgv_yaml *a = *(const struct tgv_yaml *const *)left, *b = *(const struct tgv_yaml *const *)right;
  const int              order = strcmp(a->key, b->key);

  if (order != 0) return order;
  if (a->key_at.line != b->key_at.line) return a->key_at.line < b->key_at.line ? -1 : 1;
  return a->key_at.column < b->key_at.column ? -1 : a->key_at.column > b->key_at.column;
}

static void check_duplicates(struct reader *r, const struct tgv_yaml *mapping, const char *name)
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

static void unknown_key(struct reader *r, const struct tgv_yaml *node, enum tgv_section s)
{
  struct tgv_text wrong = {0};

  tgv_text_add(&wrong, "%s.%s is no known key", tgv_section_info(s)->name, tgv_clip(node->key));
  if (!tgv_problems_enough(r->problems)) tgv_suggest_key(&wrong, s, node->key);
  tgv_problems_add(r->problems, node->key_at, "%s", wrong.data);
  tgv_text_release(&wrong);
}

static void read_record(struct reader *r, const struct tgv_yaml *mapping, enum tgv_section s,
                        const struct origin *outer, size_t record)
{
  const struct origin origin = read_origin(r, mapping, outer);

  check_duplicates(r, mapping, tgv_section_info(s)->name);
  for (const struct tgv_yaml *child = mapping->first; child; child = child->next) {
    enum tgv_param key = tgv_param_find(s, child->key);

    if (is_origin(child->key)) continue;
    if (key == TGV_PARAM_COUNT)
      unknown_key(r, child, s);
    else
      read_value(r, child, key, &origin, record);
  }
}

/* The name of a record that is about to be read, NULL if it has none. */
static const char *name_of(const struct tgv_yaml *mapping, enum tgv_section s)
{
  const enum tgv_param   identity = tgv_record_identity(s);
  const struct tgv_yaml *node =
    identity == TGV_P_END ? NULL : tgv_yaml_member(mapping, tgv_param_info(identity)->key);

  if (node && node->kind == TGV_YAML_MAPPING) node = tgv_yaml_member(node, "value");
  return node && node->kind == TGV_YAML_SCALAR ? node->text : NULL;
}

/* A record of a list. One of the same name from an included file is changed; one of this file is a mistake. */
static void read_listed(struct reader *r, const struct tgv_yaml *node, enum tgv_section s, const struct origin *outer)
{
  struct tgv_records *records = &r->project->section[s];
  const char         *file = r->chain[r->depth - 1], *section = tgv_section_info(s)->name, *name;
  size_t              record = records->count;

  if (node->kind != TGV_YAML_MAPPING) {
    tgv_problems_add(r->problems, node->at, "%s: each record is a mapping of keys, \"- name: ...\"", section);
    return;
  }
  name = name_of(node, s);
  if (name) record = tgv_record_find(r->project, s, name);
  if (record < records->count && records->at[record].file == file) {
    tgv_problems_add(r->problems, node->at, "%s: \"%s\" is there twice, first in line %d", section, tgv_clip(name),
                     records->at[record].line);
    return;
  }
  if (record == records->count && records->count >= TGV_RECORDS_MAX) {
    tgv_problems_add(r->problems, node->at, "%s: more than %d records", section, TGV_RECORDS_MAX);
    return;
  }
  if (record == records->count) record = tgv_record_add(r->project, s, node->at);
  records->at[record] = (struct tgv_place){file, node->at.line, node->at.column};
  read_record(r, node, s, outer, record);
}

static void read_list(struct reader *r, const struct tgv_yaml *node, enum tgv_section s, const struct origin *outer)
{
  for (const struct tgv_yaml *child = node->first; child; child = child->next) read_listed(r, child, s, outer);
}

/* {class: ..., source: ..., records: [...]}: a list with an origin for all of it. */
static void read_list_with_origin(struct reader *r, const struct tgv_yaml *node, enum tgv_section s,
                                  const struct origin *outer)
{
  const struct origin    origin = read_origin(r, node, outer);
  const struct tgv_yaml *records = tgv_yaml_member(node, "records");
  const char            *section = tgv_section_info(s)->name;

  check_duplicates(r, node, section);
  if (!records) {
    tgv_problems_add(r->problems, node->at,
                     "%s is a list: write \"- name: ...\" for each record, or {source: ..., records: [...]}", section);
    return;
  }
  for (const struct tgv_yaml *child = node->first; child; child = child->next)
    if (child != records && !is_origin(child->key))
      tgv_problems_add(r->problems, child->key_at, "%s.%s: only records, class, source, confidence and note stand here",
                       section, tgv_clip(child->key));
  if (records->kind == TGV_YAML_SEQUENCE)
    read_list(r, records, s, &origin);
  else if (!tgv_yaml_empty(records))
    tgv_problems_add(r->problems, records->at, "%s.records: a list is needed", section);
}

static void read_section(struct reader *r, const struct tgv_yaml *node, enum tgv_section s, const struct origin *outer)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  struct tgv_records            *records = &r->project->section[s];

  if (tgv_yaml_empty(node)) return;
  if (info->scope == TGV_MANY) {
    if (node->kind == TGV_YAML_SEQUENCE)
      read_list(r, node, s, outer);
    else if (node->kind == TGV_YAML_MAPPING)
      read_list_with_origin(r, node, s, outer);
    else
      tgv_problems_add(r->problems, node->at, "%s is a list of records, not a value", info->name);
    return;
  }
  if (node->kind != TGV_YAML_MAPPING) {
    tgv_problems_add(r->problems, node->at, "%s is a mapping of keys, not a %s", info->name,
                     node->kind == TGV_YAML_SEQUENCE ? "list" : "value");
    return;
  }
  if (records->count == 0) (void)tgv_record_add(r->project, s, node->at);
  records->at[0] = (struct tgv_place){r->chain[r->depth - 1], node->key_at.line, node->key_at.column};
  read_record(r, node, s, outer, 0);
}

/* ---- files */

static void read_text(struct reader *r, const char *text, size_t size, const char *directory);

static bool is_file(const char *path)
{
  struct stat status;

  return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The path of an included file: beside the file that includes it, or in the data directory. */
static char *find_included(const char *directory, const char *name)
{
  char  data[PATH_MAX];
  char *path = tgv_path_join(directory, name);

  if (is_file(path)) return path;
  free(path);
  if (tgv_data_directory(data, sizeof data) != TGV_OK) return NULL;
  path = tgv_path_join(data, name);
  if (is_file(path)) return path;
  free(path);
  return NULL;
}

static bool in_chain(struct reader *r, const struct tgv_yaml *node, const char *path, const char *real)
{
  struct tgv_text chain = {0};
  size_t          first = 0;

  while (first < r->depth && strcmp(r->real[first], real) != 0) first++;
  if (first == r->depth && r->depth < TGV_INCLUDE_DEPTH_MAX) return false;
  for (size_t i = first < r->depth ? first : 0; i < r->depth; i++) tgv_text_add(&chain, "%s -> ", tgv_clip(r->chain[i]));
  tgv_text_add(&chain, "%s", tgv_clip(path));
  if (first < r->depth)
    tgv_problems_add(r->problems, node->at, "include: a file includes itself: %s", chain.data);
  else
    tgv_problems_add(r->problems, node->at, "include: more than %d files within each other: %s", TGV_INCLUDE_DEPTH_MAX,
                     chain.data);
  tgv_text_release(&chain);
  return true;
}

static void read_included(struct reader *r, const struct tgv_yaml *node, const char *path)
{
  char  *real = realpath(path, NULL), *text = NULL, *directory;
  size_t size;

  if (!real || in_chain(r, node, path, real)) {
    free(real);
    return;
  }
  if (tgv_file_read(path, TGV_YAML_SIZE_MAX, &text, &size) != TGV_OK) {
    tgv_problems_add(r->problems, node->at, "include: %s", tgv_error_message());
    free(real);
    return;
  }
  directory = tgv_path_directory(path);
  r->chain[r->depth] = tgv_arena_text(&r->project->arena, path);
  r->real[r->depth++] = real;
  read_text(r, text, size, directory);
  r->depth--;
  free(directory);
  free(text);
  free(real);
}

static void read_include(struct reader *r, const struct tgv_yaml *node, const char *directory)
{
  const char *name = scalar_of(r, node, "include");
  char       *path;

  if (!name) return;
  if (++r->includes > TGV_INCLUDES_MAX) {
    tgv_problems_add(r->problems, node->at, "include: more than %d files", TGV_INCLUDES_MAX);
    return;
  }
  path = name[0] ? find_included(directory, name) : NULL;
  if (path)
    read_included(r, node, path);
  else
    tgv_problems_add(r->problems, node->at, "include: there is no file \"%s\" in %s or in the data directory",
                     tgv_clip(name), tgv_clip(directory));
  free(path);
}

static void read_includes(struct reader *r, const struct tgv_yaml *node, const char *directory)
{
  if (node->kind != TGV_YAML_SEQUENCE) {
    read_include(r, node, directory);
    return;
  }
  for (const struct tgv_yaml *child = node->first; child; child = child->next) read_include(r, child, directory);
}

static void unknown_section(struct reader *r, const struct tgv_yaml *node, enum tgv_section s)
{
  struct tgv_text wrong = {0};

  tgv_text_add(&wrong, "%s ", tgv_clip(node->key));
  if (r->only != TGV_SECTION_COUNT) {
    tgv_text_add(&wrong, "does not belong here; this file describes a %s", tgv_section_info(r->only)->name);
  } else if (s != TGV_SECTION_COUNT) {
    tgv_text_add(&wrong, "is described in a file of its own in the folder %s", tgv_library_folder(s));
  } else {
    tgv_text_add(&wrong, "is no known section");
    if (!tgv_problems_enough(r->problems)) tgv_suggest_section(&wrong, node->key);
  }
  tgv_problems_add(r->problems, node->key_at, "%s", wrong.data);
  tgv_text_release(&wrong);
}

static bool belongs(const struct reader *r, enum tgv_section s)
{
  if (s == TGV_SECTION_COUNT) return false;
  return r->only == TGV_SECTION_COUNT ? tgv_section_info(s)->scope != TGV_LIBRARY : s == r->only;
}

static void read_sections(struct reader *r, const struct tgv_yaml *root, const char *directory)
{
  const struct tgv_yaml *include = tgv_yaml_member(root, "include");
  const struct origin    origin = read_origin(r, root, &nothing_stated);

  check_duplicates(r, root, "");
  if (include) read_includes(r, include, directory);
  for (const struct tgv_yaml *child = root->first; child; child = child->next) {
    enum tgv_section s = tgv_section_find(child->key);

    if (child == include || is_origin(child->key)) continue;
    if (belongs(r, s))
      read_section(r, child, s, &origin);
    else
      unknown_section(r, child, s);
  }
}

/* Reads the file that is last in the chain. */
static void read_text(struct reader *r, const char *text, size_t size, const char *directory)
{
  struct tgv_arena arena = {0};
  const char      *name = r->chain[r->depth - 1];
  size_t           before = r->problems->total;
  struct tgv_yaml *root;

  tgv_problems_file(r->problems, name);
  tgv_yaml_parse(text, size, name, &arena, r->problems, &root);
  if (root && root->kind == TGV_YAML_MAPPING)
    read_sections(r, root, directory);
  else if (root && !tgv_yaml_empty(root))
    tgv_problems_add(r->problems, root->at, "a mapping of sections is needed here (project:, package:, ...)");
  else if (r->problems->total == before)
    tgv_problems_add(r->problems, (struct tgv_place){name, 1, 1}, "the file is empty");
  tgv_arena_release(&arena);
}

void tgv_project_read_text(struct tgv_project *p, const char *text, size_t size, const char *name,
                           const char *directory, enum tgv_section only, struct tgv_problems *problems)
{
  struct reader r = {.project = p, .problems = problems, .only = only, .depth = 1};
  char         *path = tgv_path_join(directory, name), *real = realpath(name, NULL);

  if (!real) real = realpath(path, NULL);
  r.chain[0] = tgv_arena_text(&p->arena, name);
  r.real[0] = real ? real : path;
  read_text(&r, text, size, directory);
  free(real);
  free(path);
}
