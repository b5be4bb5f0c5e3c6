/* What the files project*.c share. Nobody else includes it. */
#ifndef TGV_MODEL_PROJECT_INSIDE_H
#define TGV_MODEL_PROJECT_INSIDE_H

#include "core/arena.h"
#include "core/problems.h"
#include "core/text.h"
#include "core/yaml.h"
#include "model/project.h"

enum { TGV_RECORDS_MAX = 2000, TGV_INCLUDE_DEPTH_MAX = 16, TGV_INCLUDES_MAX = 100 };

/** The records of one section: record r of key p is value[r * keys + p - first]. */
struct tgv_records {
  size_t            count, room;
  struct tgv_value *value;
  struct tgv_place *at; /* [record] where it stands, line 0: nowhere */
};

struct tgv_project {
  struct tgv_arena   arena;
  const char        *file, *directory;
  struct tgv_records section[TGV_SECTION_COUNT];
};

struct tgv_project *tgv_project_new(const char *file, const char *directory);
struct tgv_value   *tgv_value_slot(const struct tgv_project *p, enum tgv_param key, size_t record);
/** Appends a record of defaults; its number. */
size_t tgv_record_add(struct tgv_project *p, enum tgv_section s, struct tgv_place at);
/** The key that names the records of a section (name or input), TGV_P_END if none does. */
enum tgv_param tgv_record_identity(enum tgv_section s);
/** The record of that name, or the number of records. */
size_t tgv_record_find(const struct tgv_project *p, enum tgv_section s, const char *name);
/** "via_groups.signal" or "via_groups[2]" or "package". */
void tgv_record_name(const struct tgv_project *p, enum tgv_section s, size_t record, char *buffer,
                     size_t size);
/** Whether a value was stated: not the default of the table. */
bool             tgv_value_stated(const struct tgv_value *v);
struct tgv_place tgv_statement_place(const struct tgv_statement *s);

/** Numbers of the table: default, smallest and largest value of a key in SI; NAN where the table has none. */
struct tgv_param_numbers {
  double standard, min, max;
};
const struct tgv_param_numbers *tgv_param_numbers(enum tgv_param p);

/** Reads `written` as a value of the key: number and relative of the statement are set. On an error, says in
   `wrong` what is wrong, without the name of the key. An absolute SPREAD is left open (number NAN) for
   tgv_spread_resolve. */
bool tgv_statement_read(struct tgv_statement *s, enum tgv_param key, const char *written,
                        struct tgv_text *wrong);
/** Reads an absolute SPREAD in the dimension of the record's input, whose nominal value is `nominal`. */
bool tgv_spread_resolve(struct tgv_statement *s, enum tgv_param key, int input, double nominal,
                        struct tgv_text *wrong);
/** tgv_spread_at without the check of what a stage may read. */
double tgv_spread_amplitude(const struct tgv_project *p, enum tgv_param key, size_t record);
/** Adds "; did you mean "x"?" or the like. names ends with NULL. */
void tgv_suggest(struct tgv_text *wrong, const char *name, const char *const *names);
void tgv_suggest_key(struct tgv_text *wrong, enum tgv_section s, const char *name);
void tgv_suggest_section(struct tgv_text *wrong, const char *name);
void tgv_suggest_record(struct tgv_text *wrong, const struct tgv_project *p, enum tgv_section s,
                        const char *name);
/** At most 60 bytes of a text, for a message; uses one of a few buffers in turn. */
const char *tgv_clip(const char *text);

/* What holds for all plain values below: stated for a file, a section or a record. */
struct tgv_origin {

  enum tgv_class known;
  const char    *source, *confidence, *note;
};

struct tgv_reader {
  struct tgv_project  *project;
  struct tgv_problems *problems;
  enum tgv_section     only;
  const char          *chain[TGV_INCLUDE_DEPTH_MAX]; /* files that are being read, as shown */
  const char          *real[TGV_INCLUDE_DEPTH_MAX];  /* the same, as the system knows them; "" for a text */
  size_t               depth, includes;
  bool                 unreadable; /* a file is no YAML */
};

extern const struct tgv_origin tgv_origin_none;
/** Whether a word of a mapping of section s states an origin (class, source, confidence, note) and is no key
   of it; TGV_SECTION_COUNT: of another mapping. */
bool tgv_is_origin(const char *word, enum tgv_section s);
/** The origin that a mapping states. Stating class or source, it takes neither from `outer`, so that no value
   borrows the source of another one; a source without class is a report. */
struct tgv_origin tgv_reader_origin(struct tgv_reader *r, const struct tgv_yaml *mapping, enum tgv_section s,
                                    const struct tgv_origin *outer);
/** A scalar's text; NULL, and told, if it is none. */
const char *tgv_reader_scalar(struct tgv_reader *r, const struct tgv_yaml *node, const char *name);
/** Tells of keys that stand twice in a mapping. */
void tgv_reader_duplicates(struct tgv_reader *r, const struct tgv_yaml *mapping, const char *name);
void tgv_reader_value(struct tgv_reader *r, const struct tgv_yaml *node, enum tgv_param key,
                      const struct tgv_origin *origin, size_t record);

/** Reads the text of the file that p is named after, its includes first. `only`: the library section that is
   read, TGV_SECTION_COUNT for a project. False if a file is no YAML, so that the whole is not to be judged.
 */
bool tgv_project_read_text(struct tgv_project *p, const char *text, size_t size, enum tgv_section only,
                           struct tgv_problems *problems);
/** What can only be judged on the whole: required keys, spreads, names, references. */
void tgv_project_judge(struct tgv_project *p, enum tgv_section only, struct tgv_problems *problems);
bool tgv_project_assign(struct tgv_project *p, const char *key, const char *written, struct tgv_text *wrong);

/** The keys that name an entry of the library, and the section that they name; ends with TGV_P_END. */
struct tgv_library_reference {
  enum tgv_param   key;
  enum tgv_section section;
};
extern const struct tgv_library_reference tgv_library_references[];

#endif
