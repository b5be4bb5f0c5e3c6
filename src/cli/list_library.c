#include "cli/list_library.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "core/yaml.h"
#include "model/project.h"

enum { NUMBERS = 5 }; /* of a line */

/* The first quantities that an entry gives: "cte 3.17 ppm/K, E 73.6 GPa". */
static void add_numbers(const struct tgv_project *entry, enum tgv_section s, struct tgv_text *out)
{
  const struct tgv_section_info *info = tgv_section_info(s);

  for (int p = (int)info->first, n = 0; p < (int)info->end && n < NUMBERS; p++) {
    const struct tgv_statement *v = &tgv_value_at(entry, (enum tgv_param)p, 0)->chosen;

    if (tgv_param_info((enum tgv_param)p)->kind != TGV_REAL || v->known == TGV_STANDARD) continue;
    tgv_text_add(out, "%s%s %s", n++ ? ", " : "", tgv_param_info((enum tgv_param)p)->key, v->written);
  }
}

tgv_status tgv_list_entries(struct tgv_listing *l, enum tgv_section s)
{
  static const char *const columns[] = {"name", "values", NULL};
  char                   **names, data[4096];
  size_t                   count;
  tgv_status_code          status;

  TGV_TRY(tgv_data_directory(data, sizeof data));
  TGV_TRY(tgv_library_list(s, ".", &names, &count));
  tgv_listing_begin(l, columns);
  status = TGV_OK;
  for (size_t i = 0; i < count; i++) {
    struct tgv_project *entry;
    struct tgv_text     numbers = {0};

    if (status == TGV_OK) status = tgv_library_find(s, names[i], ".", &entry);
    if (status == TGV_OK) {
      add_numbers(entry, s, &numbers);
      tgv_listing_add(l, names[i], numbers.data);
      tgv_project_free(entry);
    }
    tgv_text_release(&numbers);
    free(names[i]);
  }
  free(names);
  return status;
}

/* ---- files that projects include */

/* The quantities of a file: values that begin with a digit. */
static void add_values(const struct tgv_yaml *root, struct tgv_text *out)
{
  int n = 0;

  for (const struct tgv_yaml *s = root ? root->first : NULL; s; s = s->next)
    for (const struct tgv_yaml *k = s->kind == TGV_YAML_MAPPING ? s->first : NULL; k && n < NUMBERS;
         k = k->next) {
      const struct tgv_yaml *v = k->kind == TGV_YAML_MAPPING ? tgv_yaml_member(k, "value") : k;

      if (!v || v->kind != TGV_YAML_SCALAR || v->text[0] < '0' || v->text[0] > '9') continue;
      tgv_text_add(out, "%s%s %s", n++ ? ", " : "", k->key, v->text);
    }
}

static tgv_status list_include(struct tgv_listing *l, const char *folder, const char *directory,
                               const char *name)
{
  struct tgv_arena    arena = {0};
  struct tgv_problems problems = {0};
  struct tgv_yaml    *root = NULL;
  struct tgv_text     values = {0}, line = {0};
  char               *path = tgv_path_join(directory, name), *text = NULL;
  size_t              size;
  tgv_status_code     s = tgv_file_read(path, TGV_YAML_SIZE_MAX, &text, &size);

  if (s == TGV_OK) {
    tgv_yaml_parse(text, size, path, &arena, &problems, &root);
    s = tgv_problems_report(&problems);
  }
  if (s == TGV_OK) {
    add_values(root, &values);
    tgv_text_add(&line, "%s/%s", folder, name);
    tgv_listing_add(l, line.data, values.data);
  }
  tgv_problems_release(&problems);
  tgv_arena_release(&arena);
  tgv_text_release(&values);
  tgv_text_release(&line);
  free(text);
  free(path);
  return s;
}

static int is_yaml(const struct dirent *e)
{
  size_t n = strlen(e->d_name);

  return n > 5 && strcmp(e->d_name + n - 5, ".yaml") == 0;
}

tgv_status tgv_list_includes(struct tgv_listing *l, const char *folder)
{
  static const char *const columns[] = {"include", "values", NULL};
  char                     data[4096], *directory;
  struct dirent          **entry = NULL;
  int                      n;
  tgv_status_code          s = TGV_OK;

  TGV_TRY(tgv_data_directory(data, sizeof data));
  directory = tgv_path_join(data, folder);
  n = scandir(directory, &entry, is_yaml, alphasort);
  tgv_listing_begin(l, columns);
  if (n < 0) s = tgv_fail(TGV_FILE, "cannot read the directory \"%s\"", directory);
  for (int i = 0; i < n; i++) {
    if (s == TGV_OK) s = list_include(l, folder, directory, entry[i]->d_name);
    free(entry[i]);
  }
  free(entry);
  free(directory);
  return s;
}
