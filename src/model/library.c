/* The library: one file per glass, metal, dielectric, rule deck, temperature cycle and law of fatigue, in the program's data directory or in a
   folder of the same name beside the project file, which comes first. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/project_inside.h"

enum { SLUG_SIZE = 128, ENTRIES_MAX = 10000 };

const char *tgv_library_folder(enum tgv_section s)
{
  switch (s) {
  case TGV_S_glass:
    return "glasses";
  case TGV_S_metal:
    return "metals";
  case TGV_S_dielectric:
    return "dielectrics";
  case TGV_S_design_rule:
    return "design_rules";
  case TGV_S_thermal_cycle:
    return "standards";
  case TGV_S_fatigue_law:
    return "fatigue_laws";
  default:
    TGV_BUG_IF(true);
  }
  return NULL;
}

static enum tgv_param name_key(enum tgv_section s)
{
  return tgv_param_find(s, "name");
}

static tgv_status read_entry(enum tgv_section s, const char *path, struct tgv_project **entry)
{
  struct tgv_problems problems = {0};
  struct tgv_project *p;
  char               *text = NULL, *directory;
  size_t              size;
  tgv_status_code     status;

  *entry = NULL;
  TGV_TRY(tgv_file_read(path, TGV_YAML_SIZE_MAX, &text, &size));
  directory = tgv_path_directory(path);
  p = tgv_project_new(path, directory);
  if (tgv_project_read_text(p, text, size, s, &problems)) tgv_project_judge(p, s, &problems);
  status = tgv_problems_report(&problems);
  tgv_problems_release(&problems);
  free(directory);
  free(text);
  if (status)
    tgv_project_free(p);
  else
    *entry = p;
  return status;
}

/* ---- the files of a section */

struct files {
  char **path;
  size_t count;
};

static void release(struct files *f)
{
  for (size_t i = 0; i < f->count; i++) free(f->path[i]);
  free(f->path);
  *f = (struct files){0};
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_files(struct files *f, const char *folder)
{
  const size_t   before = f->count;
  DIR           *directory = opendir(folder);
  struct dirent *item;

  if (!directory) return;
  while (f->count < ENTRIES_MAX && (item = readdir(directory))) {
    const size_t n = strlen(item->d_name);

    if (n < 6 || item->d_name[0] == '.' || strcmp(item->d_name + n - 5, ".yaml") != 0) continue;
    f->path = tgv_reallocate(f->path, f->count + 1, sizeof *f->path);
    f->path[f->count++] = tgv_path_join(folder, item->d_name);
  }
  closedir(directory);
  if (f->count > before) qsort(f->path + before, f->count - before, sizeof *f->path, by_text);
}

/* The folders in which entries are looked for, the user's own first; the number of them. */
static size_t folders_of(enum tgv_section s, const char *directory, char *folder[2])
{
  char   data[PATH_MAX];
  size_t n = 0;

  if (directory) folder[n++] = tgv_path_join(directory, tgv_library_folder(s));
  if (tgv_data_directory(data, sizeof data) == TGV_OK)
    folder[n++] = tgv_path_join(data, tgv_library_folder(s));
  return n;
}

static struct files list_files(enum tgv_section s, const char *directory)
{
  struct files f = {0};
  char        *folder[2];
  size_t       n = folders_of(s, directory, folder);

  for (size_t i = 0; i < n; i++) {
    add_files(&f, folder[i]);
    free(folder[i]);
  }
  return f;
}

/* "EAGLE XG" is expected in eagle_xg.yaml: letters and digits, all else is one underscore. */
static void slug(const char *name, char *buffer, size_t size)
{
  size_t n = 0;

  for (; *name && n + 2 < size; name++) {
    const char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

    if (plain)
      buffer[n++] = c;
    else if (n > 0 && buffer[n - 1] != '_')
      buffer[n++] = '_';
  }
  while (n > 0 && buffer[n - 1] == '_') n--;
  buffer[n] = '\0';
}

static bool is_named(const struct tgv_project *entry, enum tgv_section s, const char *name)
{
  return strcasecmp(tgv_value_slot(entry, name_key(s), 0)->chosen.written, name) == 0;
}

/* Looks where the entry should be, so that not all files need to be read. */
static bool find_by_file(enum tgv_section s, const char *name, const char *directory,
                         struct tgv_project **entry, tgv_status_code *status)
{
  char   base[SLUG_SIZE], file[SLUG_SIZE + 8], *folder[2];
  size_t n = folders_of(s, directory, folder);
  bool   found = false;

  slug(name, base, sizeof base);
  snprintf(file, sizeof file, "%s.yaml", base);
  for (size_t i = 0; i < n; i++) {
    char *path = tgv_path_join(folder[i], file);

    if (!found && tgv_file_exists(path)) {
      *status = read_entry(s, path, entry);
      found = *status != TGV_OK || is_named(*entry, s, name);
      if (!found) {
        tgv_project_free(*entry);
        *entry = NULL;
      }
    }
    free(path);
    free(folder[i]);
  }
  return found;
}

static const char *word_of(enum tgv_section s)
{
  switch (s) {
  case TGV_S_design_rule:
    return "rule deck";
  case TGV_S_thermal_cycle:
    return "temperature cycle";
  case TGV_S_fatigue_law:
    return "law of fatigue";
  default:
    return tgv_section_info(s)->name;
  }
}

static tgv_status miss(enum tgv_section s, const char *name, const char *const *names)
{
  struct tgv_text wrong = {0};
  char            data[PATH_MAX];

  if (!names[0] && tgv_data_directory(data, sizeof data) != TGV_OK) return TGV_FILE;
  tgv_text_add(&wrong, "there is no %s \"%s\" in the library", word_of(s), tgv_clip(name));
  tgv_suggest(&wrong, name, names);
  tgv_error_set("%s", wrong.data);
  tgv_text_release(&wrong);
  return TGV_INPUT;
}

/* Reads all entries; stops at the one that is wanted. */
static tgv_status find_in_all(enum tgv_section s, const char *name, const struct files *f,
                              struct tgv_project **entry)
{
  struct tgv_arena arena = {0};
  const char     **names = tgv_allocate(f->count + 1, sizeof *names);
  size_t           n = 0;
  tgv_status_code  status = TGV_OK;

  for (size_t i = 0; i < f->count && !*entry; i++) {
    if (read_entry(s, f->path[i], entry) != TGV_OK) continue; /* another entry's fault */
    names[n++] = tgv_arena_text(&arena, tgv_value_slot(*entry, name_key(s), 0)->chosen.written);
    if (is_named(*entry, s, name)) continue;
    tgv_project_free(*entry);
    *entry = NULL;
  }
  if (!*entry) status = miss(s, name, names);
  free(names);
  tgv_arena_release(&arena);
  return status;
}

tgv_status tgv_library_find(enum tgv_section s, const char *name, const char *directory,
                            struct tgv_project **entry)
{
  tgv_status_code status = TGV_OK;
  struct files    f;

  *entry = NULL;
  if (find_by_file(s, name, directory, entry, &status)) return status;
  f = list_files(s, directory);
  status = find_in_all(s, name, &f, entry);
  release(&f);
  return status;
}

static int by_name(const void *a, const void *b)
{
  return strcasecmp(*(char *const *)a, *(char *const *)b);
}

static bool contains(char *const *names, size_t n, const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (strcasecmp(names[i], name) == 0) return true;
  return false;
}

tgv_status tgv_library_list(enum tgv_section s, const char *directory, char ***names, size_t *count)
{
  struct files    f = list_files(s, directory);
  tgv_status_code status = TGV_OK;
  char          **list = tgv_allocate(f.count + 1, sizeof *list);
  size_t          n = 0;

  for (size_t i = 0; i < f.count && status == TGV_OK; i++) {
    struct tgv_project *entry = NULL;
    const char         *name;

    status = read_entry(s, f.path[i], &entry);
    if (status) continue;
    name = tgv_value_slot(entry, name_key(s), 0)->chosen.written;
    if (!contains(list, n, name)) list[n++] = tgv_text_copy(name);
    tgv_project_free(entry);
  }
  release(&f);
  if (status) {
    for (size_t i = 0; i < n; i++) free(list[i]);
    free(list);
    list = NULL, n = 0;
  } else {
    qsort(list, n, sizeof *list, by_name);
  }
  *names = list;
  *count = n;
  return status;
}
