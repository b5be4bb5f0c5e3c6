/**
# Project files

A project file is YAML: one mapping of sections. The sections and their keys are listed in `docs/parameters.md`.

    include: [panels/510x515.yaml, recipes/lide_hf.yaml]
    project: {name: example}
    package: {width: 74 mm, height: 74 mm, source: "ECTC 2026"}
    core:
      glass: EAGLE XG
      thickness:
      - {value: 0.6 mm, class: reported, source: "paper A", chosen: yes}
      - {value: 0.8 mm, class: reported, source: "talk B"}
    glass_blank: {thickness: {value: 640 um, class: derived, note: "core and what the etch takes"}}
    via_groups:
    - {name: signal, function: signal, pitch_x: 200 um, diameter: 90 um}
    variation:
      class: assumed
      records:
      - {input: wet_etching.bulk_rate, field: 2 %, nugget: 0.01 um/min}

**Values.** A quantity carries its unit: `40 min`, `0.5 um/min`, `3.2 ppm/K`, `25 degC`. A bare number is taken for numbers
without dimension only. An amplitude of `variation` is a quantity of the dimension of its record's `input`, or a percentage of
the nominal value of that input; the percentage of a standard deviation has no sign, that of a trend keeps the sign of the
nominal value.

**Where a value comes from.** `{value: ..., class: ..., source: ..., confidence: ..., note: ...}` stands for a value; class is
`reported`, `derived` or `assumed`. A reported value needs its source; a source without a class is a report; a value without
either is assumed. The words class, source, confidence and note may also be stated for a record, for a section, for a list
(with its records under `records`) and for a whole file; they hold for all values below that state neither class nor source.
Where sources conflict, all of them stand in a list and one has `chosen: yes`.

**Lists.** Records of a list are told apart by their `name` (of `variation`: by their `input`), which is there once.

**Includes.** `include` names one or several files, looked for beside the file and then in the data directory. They are read
first; values of the including file win. A record of the same name is changed key by key, others are added. At most 16 files
within each other, 100 in all.

**Single keys** are set on the command line and in cases by `wet_etching.time`, `via_groups.signal.pitch_x`,
`via_groups[0].pitch_x` (records count from 0; one past the last adds a record), `variation.wet_etching.time.nugget`.

**The library** (glasses, metals, dielectrics, rule decks) holds one file an entry with the one section of that name,
`glass: {name: ..., cte: ...}`, in `data/glasses/` or in a folder `glasses` beside the project file, which comes first. The
file of an entry is best called after it, `eagle_xg.yaml` for EAGLE XG; then it alone is read to find it.

**Refused**, all errors of the files at once, up to 20, each with its place: unknown or repeated keys (with the nearest known
one), bare numbers and wrong dimensions, values out of range (in the unit in which they were written), words that are no
choice, missing keys, names that refer to nothing, YAML anchors, aliases and tags, several documents, files above 16 MB, more
than 200000 values, 32 levels or 2000 records of a list.
*/
/* From YAML to records: sections, lists, and files that include files. The schema is params.def. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/project_inside.h"

/* ---- records and sections */

static void unknown_key(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_section s)
{
  struct tgv_text wrong = {0};

  tgv_text_add(&wrong, "%s.%s is no known key", tgv_section_info(s)->name, tgv_clip(node->key));
  if (!tgv_problems_enough(r->problems)) tgv_suggest_key(&wrong, s, node->key);
  tgv_problems_add(r->problems, node->key_at, "%s", wrong.data);
  tgv_text_release(&wrong);
}

static void read_record(struct tgv_reader *r, const struct tgv_yaml *mapping, enum tgv_section s,
                        const struct tgv_origin *outer, size_t record)
{
  const struct tgv_origin origin = tgv_reader_origin(r, mapping, s, outer);

  tgv_reader_duplicates(r, mapping, tgv_section_info(s)->name);
  for (const struct tgv_yaml *child = mapping->first; child; child = child->next) {
    enum tgv_param key = tgv_param_find(s, child->key);

    if (tgv_is_origin(child->key, s)) continue;
    if (key == TGV_PARAM_COUNT)
      unknown_key(r, child, s);
    else
      tgv_reader_value(r, child, key, &origin, record);
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

/* A record of a list. One of the same name from an included file is changed; one of this file is a mistake.
 */
static void read_listed(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_section s,
                        const struct tgv_origin *outer)
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
    tgv_problems_add(r->problems, node->at, "%s: \"%s\" is there twice, first in line %d", section,
                     tgv_clip(name), records->at[record].line);
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

static void read_list(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_section s,
                      const struct tgv_origin *outer)
{
  for (const struct tgv_yaml *child = node->first; child; child = child->next)
    read_listed(r, child, s, outer);
}

/* {class: ..., source: ..., records: [...]}: a list with an origin for all of it. */
static void read_list_with_origin(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_section s,
                                  const struct tgv_origin *outer)
{
  const struct tgv_origin origin = tgv_reader_origin(r, node, TGV_SECTION_COUNT, outer);
  const struct tgv_yaml  *records = tgv_yaml_member(node, "records");
  const char             *section = tgv_section_info(s)->name;

  tgv_reader_duplicates(r, node, section);
  if (!records) {
    tgv_problems_add(r->problems, node->at,
                     "%s is a list: write \"- name: ...\" for each record, or {source: ..., records: [...]}",
                     section);
    return;
  }
  for (const struct tgv_yaml *child = node->first; child; child = child->next)
    if (child != records && !tgv_is_origin(child->key, TGV_SECTION_COUNT))
      tgv_problems_add(r->problems, child->key_at,
                       "%s.%s: only records, class, source, confidence and note stand here", section,
                       tgv_clip(child->key));
  if (records->kind == TGV_YAML_SEQUENCE)
    read_list(r, records, s, &origin);
  else if (!tgv_yaml_empty(records))
    tgv_problems_add(r->problems, records->at, "%s.records: a list is needed", section);
}

static void read_section(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_section s,
                         const struct tgv_origin *outer)
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

static void read_text(struct tgv_reader *r, const char *text, size_t size, const char *directory);

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

static bool in_chain(struct tgv_reader *r, const struct tgv_yaml *node, const char *path, const char *real)
{
  struct tgv_text chain = {0};
  size_t          first = 0;

  while (first < r->depth && strcmp(r->real[first], real) != 0) first++;
  if (first == r->depth && r->depth < TGV_INCLUDE_DEPTH_MAX) return false;
  for (size_t i = first < r->depth ? first : 0; i < r->depth; i++)
    tgv_text_add(&chain, "%s -> ", tgv_clip(r->chain[i]));
  tgv_text_add(&chain, "%s", tgv_clip(path));
  if (first < r->depth)
    tgv_problems_add(r->problems, node->at, "include: a file includes itself: %s", chain.data);
  else
    tgv_problems_add(r->problems, node->at, "include: more than %d files within each other: %s",
                     TGV_INCLUDE_DEPTH_MAX, chain.data);
  tgv_text_release(&chain);
  return true;
}

static void read_included(struct tgv_reader *r, const struct tgv_yaml *node, const char *path)
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

static void read_include(struct tgv_reader *r, const struct tgv_yaml *node, const char *directory)
{
  const char *name = tgv_reader_scalar(r, node, "include");
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

static void read_includes(struct tgv_reader *r, const struct tgv_yaml *node, const char *directory)
{
  if (node->kind != TGV_YAML_SEQUENCE) {
    read_include(r, node, directory);
    return;
  }
  for (const struct tgv_yaml *child = node->first; child; child = child->next)
    read_include(r, child, directory);
}

static void unknown_section(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_section s)
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

static bool belongs(const struct tgv_reader *r, enum tgv_section s)
{
  if (s == TGV_SECTION_COUNT) return false;
  return r->only == TGV_SECTION_COUNT ? tgv_section_info(s)->scope != TGV_LIBRARY : s == r->only;
}

static void read_sections(struct tgv_reader *r, const struct tgv_yaml *root, const char *directory)
{
  const struct tgv_yaml  *include = tgv_yaml_member(root, "include");
  const struct tgv_origin origin = tgv_reader_origin(r, root, TGV_SECTION_COUNT, &tgv_origin_none);

  tgv_reader_duplicates(r, root, "");
  if (include) read_includes(r, include, directory);
  for (const struct tgv_yaml *child = root->first; child; child = child->next) {
    enum tgv_section s = tgv_section_find(child->key);

    if (child == include || tgv_is_origin(child->key, TGV_SECTION_COUNT)) continue;
    if (belongs(r, s))
      read_section(r, child, s, &origin);
    else
      unknown_section(r, child, s);
  }
}

/* Reads the file that is last in the chain. */
static void read_text(struct tgv_reader *r, const char *text, size_t size, const char *directory)
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
  if (!root || root->kind != TGV_YAML_MAPPING) r->unreadable = true;
  tgv_arena_release(&arena);
}

bool tgv_project_read_text(struct tgv_project *p, const char *text, size_t size, enum tgv_section only,
                           struct tgv_problems *problems)
{
  struct tgv_reader r = {.project = p, .problems = problems, .only = only, .depth = 1};
  char             *real = realpath(p->file, NULL);

  r.chain[0] = p->file;
  r.real[0] = real ? real : "";
  read_text(&r, text, size, p->directory);
  free(real);
  return !r.unreadable;
}
