#include "cli/project_argument.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/problems.h"
#include "core/text.h"
#include "registry.h"

enum { FILE_MAX = 64 << 20 };

static bool is_directory(const char *path)
{
  struct stat s;

  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Where the project file of a run lies: files of positions are looked for there. */
static char *home_of_run(const char *directory)
{
  char       *path = tgv_path_join(directory, "result.json"), *text = NULL, *home = NULL;
  size_t      size;
  const char *file;
  cJSON      *json;

  if (tgv_file_read(path, FILE_MAX, &text, &size) == TGV_OK) {
    json = cJSON_ParseWithLength(text, size);
    file = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, "project"), "file"));
    if (file && file[0]) home = tgv_path_directory(file);
    cJSON_Delete(json);
  }
  tgv_error_clear();
  free(text);
  free(path);
  return home ? home : tgv_text_copy(directory);
}

static tgv_status read_run(const char *directory, struct tgv_project **out)
{
  char           *path = tgv_path_join(directory, TGV_RUN_PROJECT), *text = NULL, *home;
  size_t          size;
  tgv_status_code s;

  if (!tgv_file_exists(path)) {
    free(path);
    return tgv_fail(TGV_FILE, "\"%s\" is no directory of a run: there is no %s in it", directory,
                    TGV_RUN_PROJECT);
  }
  home = home_of_run(directory);
  s = tgv_file_read(path, FILE_MAX, &text, &size);
  if (s == TGV_OK) s = tgv_project_parse(text, size, path, home, out);
  free(text);
  free(home);
  free(path);
  return s;
}

/* "wet_etching.time=45 min" */
static tgv_status override(struct tgv_project *p, const char *text)
{
  const char     *equals = strchr(text, '=');
  char           *key;
  tgv_status_code s;

  if (!equals) return tgv_fail(TGV_INPUT, "--set %s: KEY=VALUE is expected", text);
  key = tgv_text_copy(text);
  key[equals - text] = '\0';
  s = tgv_project_set(p, key, equals + 1);
  free(key);
  if (s) tgv_error_note("setting %s", text);
  return s;
}

tgv_status tgv_project_stages_check(const struct tgv_project *p)
{
  size_t              stages = 0;
  const char        **names;
  struct tgv_problems problems = {0};
  tgv_status_code     status;

  while (tgv_stages[stages]) stages++;
  names = tgv_allocate(stages + 1, sizeof *names);
  for (size_t i = 0; i < stages; i++) names[i] = tgv_stages[i]->name;
  for (size_t r = 0; r < tgv_records(p, TGV_S_process_steps); r++) {
    const struct tgv_statement *s = &tgv_value_at(p, TGV_P_process_steps_stage, r)->chosen;
    const char                 *nearest = tgv_nearest(s->written, names);

    if (s->written[0] && !tgv_stage_find(s->written))
      tgv_problems_add(&problems, (struct tgv_place){s->file, s->line, s->column},
                       "process_steps.stage: there is no stage \"%.60s\" (tgv list stages)%s%s%s", s->written,
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
  }
  status = tgv_problems_report(&problems);
  tgv_problems_release(&problems);
  free(names);
  return status;
}

tgv_status tgv_project_argument(const struct tgv_arguments *a, struct tgv_project **out)
{
  const char    **overrides = tgv_allocate(a->given_count + 1, sizeof *overrides);
  size_t          n = tgv_option_values(a, "set", overrides);
  tgv_status_code s;

  if (is_directory(a->plain[0])) {
    s = read_run(a->plain[0], out);
    for (size_t i = 0; i < n && s == TGV_OK; i++) {
      s = override(*out, overrides[i]);
      if (s == TGV_OK && i + 1 == n) s = tgv_project_check(*out);
      if (s) tgv_project_free(*out);
    }
  } else {
    s = tgv_project_read(a->plain[0], overrides, n, out);
  }
  free(overrides);
  if (s == TGV_OK) {
    s = tgv_project_stages_check(*out);
    if (s) tgv_project_free(*out);
  }
  return s;
}

tgv_status tgv_project_keep(const struct tgv_project *p, const char *directory)
{
  struct tgv_text text = {0};
  char           *path = tgv_path_join(directory, TGV_RUN_PROJECT);
  tgv_status_code s;

  tgv_text_add(&text,
               "# The project as it was run: includes and overrides are worked in. Written by tgv run.\n");
  tgv_project_print(p, false, &text);
  s = tgv_file_write(path, text.data, text.size);
  tgv_text_release(&text);
  free(path);
  return s;
}
