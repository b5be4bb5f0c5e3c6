/* A project as canonical YAML, and as a hash. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/project_inside.h"

enum { CSV_SIZE_MAX = 1 << 30 };

static void print_text(struct tgv_text *out, const char *text)
{
  tgv_text_add(out, "\"");
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      tgv_text_add(out, "\\%c", *text);
    else if (*text == '\n')
      tgv_text_add(out, "\\n");
    else if (*text == '\t')
      tgv_text_add(out, "\\t");
    else
      tgv_text_append(out, text, 1);
  }
  tgv_text_add(out, "\"");
}

/* A word that YAML takes as it is, everywhere. */
static bool is_plain(const char *text)
{
  const char *good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./ %+()^";

  return text[0] && text[0] != ' ' && text[0] != '%' && strcmp(text, "null") != 0 &&
         text[strlen(text) - 1] != ' ' && text[strspn(text, good)] == '\0';
}

static void print_value(struct tgv_text *out, const struct tgv_statement *s)
{
  if (is_plain(s->written))
    tgv_text_add(out, "%s", s->written);
  else
    print_text(out, s->written);
}

static void print_statement(struct tgv_text *out, const struct tgv_statement *s, bool is_chosen)
{
  const struct {
    const char *word, *text;
  } parts[] = {{"source", s->source}, {"confidence", s->confidence}, {"note", s->note}};

  tgv_text_add(out, "{value: ");
  print_value(out, s);
  tgv_text_add(out, ", class: %s", tgv_class_name(s->known));
  for (size_t i = 0; i < 3; i++) {
    if (parts[i].text[0] == '\0') continue;
    tgv_text_add(out, ", %s: ", parts[i].word);
    print_text(out, parts[i].text);
  }
  tgv_text_add(out, is_chosen ? ", chosen: yes}" : "}");
}

static void print_key(struct tgv_text *out, const struct tgv_value *v, enum tgv_param key)
{
  const struct tgv_statement *s = &v->chosen;

  tgv_text_add(out, "%s:", tgv_param_info(key)->key);
  if (v->other_count > 0) {
    tgv_text_add(out, "\n    - ");
    print_statement(out, s, true);
    for (size_t i = 0; i < v->other_count; i++) {
      tgv_text_add(out, "\n    - ");
      print_statement(out, &v->others[i], false);
    }
  } else if (s->known == TGV_STANDARD ||
             (s->known == TGV_ASSUMED && !s->source[0] && !s->confidence[0] && !s->note[0])) {
    tgv_text_add(out, " ");
    print_value(out, s);
    if (s->known == TGV_STANDARD) tgv_text_add(out, "  # default");
  } else {
    tgv_text_add(out, " ");
    print_statement(out, s, false);
  }
  tgv_text_add(out, "\n");
}

static void print_record(const struct tgv_project *p, enum tgv_section s, size_t record, bool with_defaults,
                         struct tgv_text *out)
{
  const struct tgv_section_info *info = tgv_section_info(s);
  bool                           first = true;

  for (int k = (int)info->first; k < (int)info->end; k++) {
    const struct tgv_value *v = tgv_value_slot(p, (enum tgv_param)k, record);

    if (!tgv_value_stated(v) && (!with_defaults || !tgv_param_info((enum tgv_param)k)->standard)) continue;
    tgv_text_add(out, info->scope == TGV_MANY && first ? "- " : "  ");
    print_key(out, v, (enum tgv_param)k);
    first = false;
  }
}

static bool has_stated(const struct tgv_project *p, enum tgv_section s)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  for (size_t r = 0; r < p->section[s].count; r++)
    for (int k = (int)info->first; k < (int)info->end; k++)
      if (tgv_value_stated(tgv_value_slot(p, (enum tgv_param)k, r))) return true;
  return false;
}

void tgv_project_print(const struct tgv_project *p, bool with_defaults, struct tgv_text *out)
{
  bool library = false;

  for (int s = 0; s < TGV_SECTION_COUNT; s++)
    if (tgv_section_info((enum tgv_section)s)->scope == TGV_LIBRARY && p->section[s].count > 0)
      library = true;
  for (int s = 0; s < TGV_SECTION_COUNT; s++) {
    const bool of_library = tgv_section_info((enum tgv_section)s)->scope == TGV_LIBRARY;

    if (p->section[s].count == 0 || (library && !of_library)) continue;
    if (!with_defaults && !has_stated(p, (enum tgv_section)s)) continue;
    tgv_text_add(out, "%s:\n", tgv_section_info((enum tgv_section)s)->name);
    for (size_t r = 0; r < p->section[s].count; r++)
      print_record(p, (enum tgv_section)s, r, with_defaults, out);
  }
}

/* ---- hash */

/* Words about a project change no result. */
static bool is_remark(enum tgv_param key)
{
  return key == TGV_P_project_name || key == TGV_P_project_title || key == TGV_P_project_description;
}

static void hash_record(const struct tgv_project *p, enum tgv_section s, size_t record, struct tgv_hash *h);

/* What a value refers to: an entry of the library, a file of positions. */
static void hash_referred(const struct tgv_project *p, enum tgv_param key, const char *text,
                          struct tgv_hash *h)
{
  struct tgv_project *entry = NULL;

  if (text[0] == '\0') return;
  for (const struct tgv_library_reference *l = tgv_library_references; l->key != TGV_P_END; l++) {
    if (l->key != key || tgv_library_find(l->section, text, p->directory, &entry) != TGV_OK) continue;
    hash_record(entry, l->section, 0, h);
    tgv_project_free(entry);
  }
  if (key == TGV_P_via_groups_file) {
    char  *path = tgv_path_join(p->directory, text), *bytes = NULL;
    size_t size;

    if (tgv_file_read(path, CSV_SIZE_MAX, &bytes, &size) == TGV_OK) tgv_hash_add(h, bytes, size);
    free(bytes);
    free(path);
  }
}

static void hash_record(const struct tgv_project *p, enum tgv_section s, size_t record, struct tgv_hash *h)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  for (int k = (int)info->first; k < (int)info->end; k++) {
    const enum tgv_param        key = (enum tgv_param)k;
    const struct tgv_statement *v = &tgv_value_slot(p, key, record)->chosen;
    const enum tgv_kind         kind = tgv_param_info(key)->kind;

    if (is_remark(key)) continue;
    tgv_hash_add_text(h, tgv_param_info(key)->key);
    if (kind == TGV_TEXT) {
      tgv_hash_add_text(h, v->written);
      hash_referred(p, key, v->written, h);
    } else if (kind == TGV_SPREAD) {
      tgv_hash_add_real(h, tgv_spread_amplitude(p, key, record));
    } else {
      tgv_hash_add_real(h, v->number);
    }
  }
}

void tgv_project_hash(const struct tgv_project *p, enum tgv_section s, struct tgv_hash *h)
{
  tgv_hash_add_text(h, tgv_section_info(s)->name);
  tgv_hash_add_real(h, (double)p->section[s].count);
  for (size_t r = 0; r < p->section[s].count; r++) hash_record(p, s, r, h);
}
