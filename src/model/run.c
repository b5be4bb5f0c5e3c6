#include "model/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/provenance.h"

/* Raised when, within a version, a result of the same inputs comes out differently: older results are then not reused. */
static const char results_version[] = "2";

/* ---- what a result depends on */

/* Every stage may look at these. */
static const enum tgv_section geometry[] = {TGV_S_project,    TGV_S_package,   TGV_S_core, TGV_S_chiplets,
                                            TGV_S_via_groups, TGV_S_keep_outs, TGV_S_panel};

enum { GEOMETRY = sizeof geometry / sizeof *geometry };

static void hash_geometry(const struct tgv_run *run, struct tgv_hash *h)
{
  const struct tgv_project *p = run->project;

  for (size_t i = 1; i < GEOMETRY; i++) tgv_project_hash(p, geometry[i], h);
  for (size_t i = 0; i < run->package.run_count; i++) { /* positions read from files are in here */
    const struct tgv_run_of_vias *r = &run->package.run[i];

    tgv_hash_add_real(h, r->x0), tgv_hash_add_real(h, r->y0), tgv_hash_add_real(h, r->dx);
    tgv_hash_add_real(h, r->dy), tgv_hash_add_real(h, (double)r->n);
  }
  tgv_hash_add_real(h, (double)tgv_count(p, TGV_P_project_seed));
  tgv_hash_add_real(h, (double)tgv_count(p, TGV_P_project_lot));
  tgv_hash_add_real(h, (double)tgv_count(p, TGV_P_project_panels));
  tgv_hash_add_real(h, tgv_value_at(p, TGV_P_project_variation, 0)->chosen.number);
}

static tgv_status hash_entry(const struct tgv_project *p, enum tgv_section s, const char *name,
                             struct tgv_hash *h)
{
  struct tgv_project *entry;

  TGV_TRY(tgv_library_find(s, name, tgv_project_directory(p), &entry));
  tgv_project_hash(entry, s, h);
  tgv_project_free(entry);
  return TGV_OK;
}

/* All entries of a section of the library, for a stage that looks for the nearest. */
static tgv_status hash_library(const struct tgv_project *p, enum tgv_section s, struct tgv_hash *h)
{
  char          **names;
  size_t          n;
  tgv_status_code status = tgv_library_list(s, tgv_project_directory(p), &names, &n);

  for (size_t i = 0; i < n; i++) {
    if (status == TGV_OK) status = hash_entry(p, s, names[i], h);
    free(names[i]);
  }
  free(names);
  return status;
}

static tgv_status hash_sections(const struct tgv_run *run, const struct tgv_stage *stage, struct tgv_hash *h)
{
  for (const enum tgv_section *s = stage->sections; s && *s != TGV_SECTION_COUNT; s++) {
    if (*s == TGV_S_project) continue; /* what counts of it is in the geometry; titles do not */
    tgv_project_hash(run->project, *s, h);
    if (*s == TGV_S_design_rules)
      TGV_TRY(
          hash_entry(run->project, TGV_S_design_rule, tgv_text(run->project, TGV_P_design_rules_deck), h));
    else if (*s == TGV_S_handling && tgv_records(run->project, *s) > 0)
      TGV_TRY(hash_entry(run->project, TGV_S_glass, tgv_text(run->project, TGV_P_core_glass), h));
    else if (*s == TGV_S_glass_formulation &&
             !tgv_chosen(run->project, TGV_P_glass_formulation_model, "none"))
      TGV_TRY(hash_library(run->project, TGV_S_glass, h));
  }
  return TGV_OK;
}

static size_t stage_index(const struct tgv_run *run, const char *name)
{
  for (size_t i = 0; i < run->stage_count; i++)
    if (strcmp(run->stages[i]->name, name) == 0) return i;
  return run->stage_count;
}

/* Stages come in factory order, so the hashes of those that a stage uses are there already. */
static tgv_status hash_stage(struct tgv_run *run, size_t i)
{
  const struct tgv_stage *stage = run->stages[i];
  struct tgv_hash         h = {{0}};

  tgv_hash_add_text(&h, TGV_VERSION);
  tgv_hash_add_text(&h, results_version);
  tgv_hash_add_text(&h, stage->name);
  hash_geometry(run, &h);
  TGV_TRY(hash_sections(run, stage, &h));
  for (size_t k = 0; stage->reads && k < run->flow->stage_count; k++) {
    tgv_hash_add_text(&h, run->flow->stage[k]->name);
    TGV_TRY(hash_sections(run, run->flow->stage[k], &h));
  }
  for (size_t k = 0; stage->reads && k < run->stage_count; k++) /* what the variation contains of them */
    if (run->stages[k]->map && tgv_stage_chosen(run->project, run->stages[k]))
      TGV_TRY(hash_sections(run, run->stages[k], &h));
  for (const char *const *a = stage->after; a && *a; a++) {
    size_t earlier = stage_index(run, *a);

    TGV_BUG_IF(earlier >= i);
    tgv_hash_add(&h, &run->hashes[earlier], sizeof run->hashes[earlier]);
  }
  run->hashes[i] = h;
  return TGV_OK;
}

/* ---- opening and closing */

static tgv_status lock_directory(struct tgv_run *run)
{
  char *path;

  if (!run->options.directory || tgv_parallel_rank() != 0) return TGV_OK;
  path = tgv_path_join(run->options.directory, "stages");
  if (tgv_directory_make(path)) {
    free(path);
    return TGV_FILE;
  }
  free(path);
  path = tgv_path_join(run->options.directory, "lock");
  run->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (run->lock < 0) {
    tgv_status_code s = tgv_fail(TGV_FILE, "cannot open \"%s\": %s", path, strerror(errno));

    free(path);
    return s;
  }
  free(path);
  if (flock(run->lock, LOCK_EX | LOCK_NB) != 0)
    return tgv_fail(TGV_FILE, "another run is using the directory \"%s\"", run->options.directory);
  return TGV_OK;
}

static tgv_status open_parts(struct tgv_run *run)
{
  const struct tgv_project *p = run->project;
  double                    vias;

  TGV_TRY_NOTE(tgv_panel_build(p, &run->panel), "placing the units on the panel");
  TGV_TRY_NOTE(tgv_package_build(p, &run->package), "laying out the vias of a unit");
  vias = (double)run->package.via_count * (double)run->panel.unit_count;
  if (vias > (double)TGV_VIAS_MAX)
    return tgv_fail(TGV_INPUT, "the panel would have %.3g vias, at most %.3g are possible", vias,
                    (double)TGV_VIAS_MAX);
  TGV_TRY(tgv_flow_open(p, &run->package, &run->panel, run->stages, &run->flow));
  for (size_t i = 0; i < run->stage_count; i++)
    if (run->stages[i]->kind == TGV_STAGE_PANEL) TGV_TRY(hash_stage(run, i));
  return tgv_parallel_agree(lock_directory(run));
}

tgv_status tgv_run_open(const struct tgv_project *p, const struct tgv_stage *const *stages,
                        const struct tgv_run_options *o, struct tgv_run **out)
{
  struct tgv_run *run = tgv_allocate(1, sizeof *run);
  tgv_status_code s;

  run->project = p;
  run->stages = stages;
  run->options = *o;
  run->lock = -1;
  while (stages[run->stage_count]) run->stage_count++;
  run->results = tgv_allocate(run->stage_count + 1, sizeof(struct tgv_result *));
  run->reused = tgv_allocate(run->stage_count + 1, sizeof *run->reused);
  run->seconds = tgv_allocate(run->stage_count + 1, sizeof *run->seconds);
  run->hashes = tgv_allocate(run->stage_count + 1, sizeof *run->hashes);
  s = open_parts(run);
  if (s) {
    tgv_run_close(run);
    return s;
  }
  *out = run;
  return TGV_OK;
}

void tgv_run_close(struct tgv_run *run)
{
  if (!run) return;
  if (run->lock >= 0) close(run->lock);
  for (size_t i = 0; i < run->stage_count; i++) tgv_result_free(run->results[i]);
  if (run->flow) tgv_flow_close(run->flow);
  tgv_package_release(&run->package);
  tgv_panel_release(&run->panel);
  free(run->results);
  free(run->reused);
  free(run->seconds);
  free(run->hashes);
  free(run);
}

/* ---- storing */

static char *stage_path(const struct tgv_run *run, size_t i)
{
  char name[256];

  snprintf(name, sizeof name, "stages/%s.json", run->stages[i]->name);
  return tgv_path_join(run->options.directory, name);
}

static tgv_status store(const struct tgv_run *run, const char *path, const cJSON *json)
{
  char           *text = cJSON_Print(json);
  tgv_status_code s;

  (void)run;
  if (!text) return tgv_fail(TGV_MEMORY, "out of memory while writing \"%s\"", path);
  s = tgv_file_write(path, text, strlen(text));
  free(text);
  return s;
}

static tgv_status store_stage(const struct tgv_run *run, size_t i)
{
  char           *path;
  tgv_status_code s;

  if (!run->options.directory || tgv_parallel_rank() != 0) return TGV_OK;
  path = stage_path(run, i);
  s = store(run, path, run->results[i]->json);
  free(path);
  return s;
}

enum { STAGE_FILE_MAX = 1 << 30 };

/* The stored result of stage i if it belongs to the same inputs; a file that is damaged or of other inputs is as none. */
static cJSON *load_stage(const struct tgv_run *run, size_t i)
{
  char  *path = stage_path(run, i), *text = NULL, hash[33];
  size_t size;
  cJSON *json = NULL;

  if (tgv_file_exists(path) && tgv_file_read(path, STAGE_FILE_MAX, &text, &size) == TGV_OK) {
    const char *stored;

    json = cJSON_ParseWithLength(text, size);
    stored = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "hash"));
    if (!stored || strcmp(stored, tgv_hash_print(&run->hashes[i], hash)) != 0) {
      cJSON_Delete(json);
      json = NULL;
    }
  }
  tgv_error_clear();
  free(text);
  free(path);
  return json;
}

/* Gives all ranks the JSON of rank 0; NULL there is NULL everywhere. */
static tgv_status share_json(cJSON **json)
{
  char           *text = NULL;
  int64_t         size = 0;
  tgv_status_code s;

  if (tgv_parallel_ranks() == 1) return TGV_OK;
  if (tgv_parallel_rank() == 0 && *json) {
    text = cJSON_PrintUnformatted(*json);
    size = (int64_t)strlen(text) + 1;
  }
  TGV_TRY(tgv_parallel_broadcast(&size, sizeof size));
  if (size > 0) {
    if (!text) text = tgv_allocate((size_t)size, 1);
    s = tgv_parallel_broadcast(text, (size_t)size);
    if (s == TGV_OK && tgv_parallel_rank() != 0) {
      cJSON_Delete(*json);
      *json = cJSON_Parse(text);
    }
    free(text);
    TGV_TRY(s);
  }
  return TGV_OK;
}

/* Rank 0 decides whether there is a stored result of the same inputs; if so all ranks have it in run->results[i]. */
static tgv_status reuse_stage(struct tgv_run *run, size_t i)
{
  cJSON *json = NULL;

  if (!run->options.directory || run->options.fresh) return TGV_OK;
  if (tgv_parallel_rank() == 0) json = load_stage(run, i);
  TGV_TRY(share_json(&json));
  if (!json) return TGV_OK;
  run->results[i] = tgv_allocate(1, sizeof **run->results);
  run->results[i]->json = json;
  run->reused[i] = true;
  return TGV_OK;
}

static cJSON *all_scalars(const struct tgv_run *run)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < run->stage_count; i++) {
    const cJSON *s;

    if (!run->results[i]) continue;
    cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(run->results[i]->json, "scalars"))
    {
      cJSON *copy = cJSON_Duplicate(s, 1);

      cJSON_AddStringToObject(copy, "stage", run->stages[i]->name);
      cJSON_AddItemToArray(list, copy);
    }
  }
  return list;
}

static cJSON *stage_list(const struct tgv_run *run)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < run->stage_count; i++) {
    cJSON *o;
    char   hash[33];

    if (!run->results[i]) continue;
    o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "stage", run->stages[i]->name);
    cJSON_AddStringToObject(o, "title", run->stages[i]->title);
    cJSON_AddStringToObject(o, "hash", tgv_hash_print(&run->hashes[i], hash));
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

/* The one file that machines and the report read: what was asked, what came out, where the rest is. */
static tgv_status store_run(const struct tgv_run *run, bool complete)
{
  const struct tgv_project *p = run->project;
  cJSON                    *root, *o;
  char                     *path;
  tgv_status_code           s;

  if (!run->options.directory || tgv_parallel_rank() != 0) return TGV_OK;
  root = cJSON_CreateObject();
  cJSON_AddStringToObject(root, "format", "opentgv-result-1");
  cJSON_AddStringToObject(root, "program", "tgv " TGV_VERSION);
  cJSON_AddBoolToObject(root, "complete", complete);
  o = cJSON_AddObjectToObject(root, "project");
  cJSON_AddStringToObject(o, "name", tgv_text(p, TGV_P_project_name));
  cJSON_AddStringToObject(o, "title", tgv_text(p, TGV_P_project_title));
  cJSON_AddStringToObject(o, "file", tgv_project_file(p));
  cJSON_AddNumberToObject(o, "seed", (double)tgv_count(p, TGV_P_project_seed));
  o = cJSON_AddObjectToObject(root, "geometry");
  cJSON_AddNumberToObject(o, "units", (double)run->panel.unit_count);
  cJSON_AddNumberToObject(o, "vias_per_unit", (double)run->package.via_count);
  cJSON_AddNumberToObject(o, "vias", (double)run->package.via_count * (double)run->panel.unit_count);
  cJSON_AddItemToObject(root, "stages", stage_list(run));
  cJSON_AddItemToObject(root, "scalars", all_scalars(run));
  cJSON_AddItemToObject(root, "inputs", tgv_provenance(p));
  path = tgv_path_join(run->options.directory, "result.json");
  s = store(run, path, root);
  free(path);
  cJSON_Delete(root);
  return s;
}

/* ---- running */

/* Runs a stage that can read the sections it has declared and the geometry, nothing else of the project. */
static tgv_status call_stage(struct tgv_run *run, const struct tgv_stage *stage)
{
  enum tgv_section        sections[2 * TGV_SECTION_COUNT + GEOMETRY + 1];
  const enum tgv_section *before;
  size_t                  n = 0;
  tgv_status_code         s;

  for (size_t i = 0; i < GEOMETRY; i++) sections[n++] = geometry[i];
  for (int k = 0; k < TGV_SECTION_COUNT; k++) /* entries of the library are found by a key that is declared */
    if (tgv_section_info((enum tgv_section)k)->scope == TGV_LIBRARY) sections[n++] = (enum tgv_section)k;
  for (const enum tgv_section *d = stage->sections; d && *d != TGV_SECTION_COUNT; d++) sections[n++] = *d;
  sections[n] = TGV_SECTION_COUNT;
  before = tgv_project_allow(sections);
  s = stage->panel(run);
  (void)tgv_project_allow(before);
  return s;
}

static tgv_status run_stage(struct tgv_run *run, size_t i)
{
  const struct tgv_stage *stage = run->stages[i];
  struct tgv_result      *result;
  tgv_status_code         s;
  char                    hash[33];

  TGV_TRY(tgv_result_new(stage->name, stage->title, &result));
  cJSON_AddStringToObject(result->json, "hash", tgv_hash_print(&run->hashes[i], hash));
  run->current = result;
  s = tgv_parallel_agree(call_stage(run, stage));
  if (s == TGV_OK) s = share_json(&result->json);
  run->current = NULL;
  if (s) {
    tgv_result_free(result);
    if (s != TGV_INTERRUPTED) tgv_error_note("running stage %s", stage->name);
    return s;
  }
  run->results[i] = result;
  return tgv_parallel_agree(store_stage(run, i));
}

/* Marks a stage and, through its `after`, all whose results it uses. */
static void want(const struct tgv_run *run, size_t i, bool *wanted)
{
  if (wanted[i]) return;
  wanted[i] = true;
  for (const char *const *a = run->stages[i]->after; a && *a; a++) want(run, stage_index(run, *a), wanted);
}

static tgv_status run_wanted(struct tgv_run *run, const bool *wanted)
{
  for (size_t i = 0; i < run->stage_count; i++) {
    double start = tgv_clock();

    if (!wanted[i] || run->stages[i]->kind != TGV_STAGE_PANEL ||
        !tgv_stage_chosen(run->project, run->stages[i]))
      continue;
    if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped before stage %s", run->stages[i]->name);
    if (!run->results[i]) TGV_TRY(reuse_stage(run, i));
    if (!run->results[i]) TGV_TRY(run_stage(run, i));
    run->seconds[i] = tgv_clock() - start;
  }
  return TGV_OK;
}

tgv_status tgv_run_all(struct tgv_run *run, const char *only)
{
  bool           *wanted = tgv_allocate(run->stage_count + 1, sizeof *wanted);
  tgv_status_code s = TGV_OK;

  if (only) {
    size_t i = stage_index(run, only);

    if (i == run->stage_count || run->stages[i]->kind != TGV_STAGE_PANEL)
      s = tgv_fail(TGV_INPUT, "\"%s\" is no stage that can be asked for alone (tgv list stages)", only);
    else
      want(run, i, wanted);
  } else {
    for (size_t i = 0; i < run->stage_count; i++) wanted[i] = true;
  }
  if (s == TGV_OK) {
    tgv_status_code stored;
    char           *message;

    s = run_wanted(run, wanted);
    message = tgv_text_copy(tgv_error_message());
    stored = s == TGV_OK || s == TGV_INTERRUPTED ? store_run(run, s == TGV_OK && !only) : TGV_OK;
    if (s && !stored) tgv_error_set("%s", message);
    if (!s) s = tgv_parallel_agree(stored);
    free(message);
  }
  free(wanted);
  return s;
}

const struct tgv_result *tgv_run_result(const struct tgv_run *run, const char *stage)
{
  size_t i = stage_index(run, stage);

  return i < run->stage_count ? run->results[i] : NULL;
}

int tgv_run_find(const struct tgv_run *run, const char *name, struct tgv_scalar *out)
{
  for (size_t i = 0; i < run->stage_count; i++)
    if (run->results[i] && tgv_result_find(run->results[i], name, out)) return 1;
  return 0;
}
