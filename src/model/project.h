/* A project: what was asked. Read from YAML by the table params.def, immutable afterwards. Every value knows its source, its
   class and its place in the file. Data files of the library (glasses, rule decks...) are read by the same code. */
#ifndef TGV_MODEL_PROJECT_H
#define TGV_MODEL_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/file.h"
#include "model/params.h"

/** How a value is known. STANDARD: not in the file, the default of the table (counts as assumed). */
enum tgv_class { TGV_STANDARD, TGV_ASSUMED, TGV_DERIVED, TGV_REPORTED };
const char *tgv_class_name(enum tgv_class c); /* "default", "assumed", "derived", "reported" */

/** One statement of a value: `thickness: 0.6 mm`, or `{value: 0.6 mm, class: reported, source: "...", confidence: "...",
    note: "..."}`. Where sources conflict a list of such mappings stands, exactly one with `chosen: yes`. */
struct tgv_statement {
  double         number;   /* SI; count; 0/1 of a flag; index of a choice; input number of an INPUT */
  bool           relative; /* of a SPREAD: number is a fraction of the nominal value (it was given in %) */
  const char    *written;  /* as in the file */
  enum tgv_class known;
  const char    *source, *confidence, *note; /* "" if not given */
  const char    *file;                       /* "" for a default or an override */
  int            line, column;               /* from 1; 0 for a default */
};

struct tgv_value {
  struct tgv_statement  chosen;
  struct tgv_statement *others; /* conflicting statements that were not chosen */
  size_t                other_count;
};

struct tgv_project;

/** Reads a project file with its includes, then the overrides ("wet_etching.time=40 min", "via_groups.signal.pitch_x=...",
    "via_groups[0].pitch_x=..."). All errors of the file come in one message, up to 20, each with file:line:column, what is
    wrong, the value, the limit, and the nearest known key. */
tgv_status tgv_project_read(const char *path, const char *const *overrides, size_t count,
                            struct tgv_project **out);
/** The same from text; `name` stands in messages, includes are looked for in `directory` and in the data directory. */
tgv_status tgv_project_parse(const char *text, size_t size, const char *name, const char *directory,
                             struct tgv_project **out);
/** A project that is all defaults (keys that must be given get a plain workable value), for cases and tests. */
tgv_status tgv_project_plain(struct tgv_project **out);
/** An independent copy with one key changed; used by cases and by sensitivity. */
tgv_status tgv_project_copy(const struct tgv_project *p, struct tgv_project **out);
/** "wet_etching.time", "via_groups.signal.pitch_x", "via_groups[0].pitch_x", "variation.wet_etching.time.nugget"; dimension
    and range are checked. The index one past the last record appends one, and so does a new input of `variation`. */
tgv_status tgv_project_set(struct tgv_project *p, const char *key, const char *written);
/** What can only be judged on the whole: missing keys, names that refer to nothing. After the last tgv_project_set. */
tgv_status tgv_project_check(struct tgv_project *p);
/** Sets an SI number of a REAL or a SPREAD without a check of its range (dimension test, sensitivity). */
void tgv_project_set_real(struct tgv_project *p, enum tgv_param key, size_t record, double si);
void tgv_project_free(struct tgv_project *p);

/** From now on, this thread may read the sections of the list only (it ends with TGV_SECTION_COUNT); reading another one
    aborts. NULL: all. The run holds the stages to their declarations with it. Returns what was allowed before. */
const enum tgv_section *tgv_project_allow(const enum tgv_section *sections);

/* Access. A wrong kind or a record that does not exist is a defect of the caller and aborts. */
size_t tgv_records(const struct tgv_project *p, enum tgv_section s); /* 1 for ONE */
double tgv_real(const struct tgv_project *p, enum tgv_param key);    /* record 0 */
double tgv_real_at(const struct tgv_project *p, enum tgv_param key, size_t record);
/** The nominal value of process input `input`; inputs belong to the flow, so every stage may read it. */
double      tgv_nominal(const struct tgv_project *p, int input);
int64_t     tgv_count(const struct tgv_project *p, enum tgv_param key);
int64_t     tgv_count_at(const struct tgv_project *p, enum tgv_param key, size_t record);
const char *tgv_text(const struct tgv_project *p, enum tgv_param key); /* TEXT, or the word of a CHOICE */
const char *tgv_text_at(const struct tgv_project *p, enum tgv_param key, size_t record);
bool        tgv_flag(const struct tgv_project *p, enum tgv_param key);
/** Whether a CHOICE has this word. Aborts if the word is no choice of the key, so a misspelling in the code is found. */
bool tgv_chosen(const struct tgv_project *p, enum tgv_param key, const char *word);
bool tgv_chosen_at(const struct tgv_project *p, enum tgv_param key, size_t record, const char *word);
/** Amplitude of a SPREAD in the SI unit of the record's input (a percentage is taken of the input's nominal value). */
double tgv_spread_at(const struct tgv_project *p, enum tgv_param key, size_t record);
/** Index of a CHOICE's word in its list; number of the input that an INPUT names. */
int                     tgv_choice_at(const struct tgv_project *p, enum tgv_param key, size_t record);
int                     tgv_input_at(const struct tgv_project *p, enum tgv_param key, size_t record);
const struct tgv_value *tgv_value_at(const struct tgv_project *p, enum tgv_param key, size_t record);

const char *tgv_project_file(const struct tgv_project *p); /* as given */
const char *
tgv_project_directory(const struct tgv_project *p); /* of the file; where csv files and outputs are */
/** Adds all values of a section to a hash (all records). */
void tgv_project_hash(const struct tgv_project *p, enum tgv_section s, struct tgv_hash *h);
/** Canonical YAML of the values as given with unit, class, source; what `tgv show project` prints. */
struct tgv_text;
void tgv_project_print(const struct tgv_project *p, bool with_defaults, struct tgv_text *out);

/* The library: data/glasses/NAME.yaml and so on; a folder of the same name beside the project file comes first. */
/** Finds the entry by its name key (case-insensitive; the message of a miss names the nearest). The entry is read like a
    project that has only the section `s`; access it with tgv_real(entry, TGV_P_glass_E)... */
tgv_status tgv_library_find(enum tgv_section s, const char *name, const char *directory,
                            struct tgv_project **entry);
/** Names of all entries, sorted; free each and the list. */
tgv_status tgv_library_list(enum tgv_section s, const char *directory, char ***names, size_t *count);
/** The folder of a library section: "glasses", "metals", "dielectrics", "design_rules", "standards"... */
const char *tgv_library_folder(enum tgv_section s);

#endif
