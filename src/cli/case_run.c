#include "cli/case_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/expected_value.h"
#include "cli/project_argument.h"
#include "cli/reference.h"
#include "core/file.h"
#include "model/run.h"
#include "registry.h"

struct tgv_case_runner {
  size_t count, room;
  struct base {
    char               *file; /* "": the plain project */
    struct tgv_project *project;
  } * base;
  struct tgv_block *block;
};

/* What is at hand while one case is run. */
struct bench {
  const struct tgv_case *c;
  struct tgv_project    *project;
  struct tgv_block      *block;
  bool                   has_via; /* the nominal via has been followed */
  bool                   written[TGV_COLUMN_COUNT];
  struct tgv_run        *run;
};

struct tgv_case_runner *tgv_case_runner_new(void)
{
  struct tgv_case_runner *r = tgv_allocate(1, sizeof *r);

  r->block = tgv_block_new();
  return r;
}

void tgv_case_runner_free(struct tgv_case_runner *r)
{
  for (size_t i = 0; i < r->count; i++) {
    tgv_project_free(r->base[i].project);
    free(r->base[i].file);
  }
  tgv_block_free(r->block);
  free(r->base);
  free(r);
}

/* Puts the place in front of the message of an error. */
static tgv_status at(struct tgv_place place, tgv_status_code status)
{
  if (status) {
    char *message = tgv_text_copy(tgv_error_message());

    tgv_error_set("%s:%d:%d: %s", place.file, place.line, place.column, message);
    free(message);
  }
  return status;
}

/* ---- the project of a case */

static tgv_status find_base(struct tgv_case_runner *r, const char *file, struct tgv_project **out)
{
  struct tgv_project *p;

  for (size_t i = 0; i < r->count; i++)
    if (strcmp(r->base[i].file, file) == 0) {
      *out = r->base[i].project;
      return TGV_OK;
    }
  if (file[0])
    TGV_TRY(tgv_project_read(file, NULL, 0, &p));
  else
    TGV_TRY(tgv_project_plain(&p));
  if (r->count == r->room) {
    r->room = r->room ? 2 * r->room : 8;
    r->base = tgv_reallocate(r->base, r->room, sizeof *r->base);
  }
  r->base[r->count++] = (struct base){tgv_text_copy(file), p};
  *out = p;
  return tgv_project_stages_check(p);
}

static tgv_status open_project(struct tgv_case_runner *r, struct bench *b)
{
  const struct tgv_case *c = b->c;
  struct tgv_project    *base;
  tgv_status_code        s;

  if (c->project[0]) {
    char *directory = tgv_path_directory(c->project_at.file), *path = tgv_path_join(directory, c->project);
    /* beside the case file, else from where the program was started */
    bool elsewhere = !tgv_file_exists(path) && tgv_file_exists(c->project);

    s = at(c->project_at, find_base(r, elsewhere ? c->project : path, &base));
    free(directory);
    free(path);
  } else {
    s = at(c->at, find_base(r, "", &base));
  }
  if (s) return s;
  TGV_TRY(at(c->at, tgv_project_copy(base, &b->project)));
  for (size_t i = 0; i < c->given_count; i++)
    TGV_TRY(at(c->given[i].at, tgv_project_set(b->project, c->given[i].key, c->given[i].written)));
  return at(c->at, tgv_project_check(b->project));
}

/* ---- the nominal via */

/* The stages of the line up to the one that the case names, without those that spread the inputs. */
static void choose_stages(const struct bench *b, const struct tgv_stage **chosen)
{
  size_t n = 0;

  for (size_t i = 0; tgv_stages[i]; i++) {
    if (tgv_stages[i]->kind == TGV_STAGE_VIAS) chosen[n++] = tgv_stages[i];
    if (strcmp(tgv_stages[i]->name, b->c->stage) == 0) break;
  }
  chosen[n] = NULL;
}

/* It belongs to the first group, stands at the centre of the panel, and has the nominal value of every input.
 */
static tgv_status follow_via(struct bench *b, const struct tgv_package *package,
                             const struct tgv_panel *panel)
{
  const struct tgv_stage **chosen;
  struct tgv_flow         *flow;
  tgv_status_code          s;
  size_t                   n = 0;

  if (package->group_count == 0)
    return tgv_fail(TGV_INPUT, "the project has no via group, so there is no nominal via");
  while (tgv_stages[n]) n++;
  chosen = tgv_allocate(n + 1, sizeof(const struct tgv_stage *));
  choose_stages(b, chosen);
  s = tgv_flow_open(b->project, package, panel, chosen, &flow);
  if (s == TGV_OK) {
    b->block->n = 1;
    b->block->unit = b->block->group = 0;
    b->block->local = b->block->id = 0;
    b->block->via_group = &package->group[0];
    b->block->x[0] = b->block->y[0] = 0;
    tgv_block_nominal(b->project, b->block);
    tgv_flow_physics(flow, b->block);
    b->block->via_group = NULL;
    b->has_via = true;
    for (size_t i = 0; i < flow->stage_count; i++)
      for (const enum tgv_column *w = flow->stage[i]->writes; w && *w != TGV_C_END; w++)
        b->written[*w] = true;
    tgv_flow_close(flow);
  }
  free(chosen);
  return s;
}

static tgv_status need_via(struct bench *b)
{
  struct tgv_package package = {0};
  struct tgv_panel   panel = {0};
  tgv_status_code    s;

  if (b->has_via) return TGV_OK;
  s = tgv_panel_build(b->project, &panel);
  if (s == TGV_OK) s = tgv_package_build(b->project, &package);
  if (s == TGV_OK) s = follow_via(b, &package, &panel);
  tgv_package_release(&package);
  tgv_panel_release(&panel);
  return at(b->c->at, s);
}

/* ---- the whole line */

/* The last stage of the run that writes results of this name. */
static const struct tgv_stage *result_writer(enum tgv_column c)
{
  const struct tgv_stage *writer = NULL;

  for (size_t i = 0; tgv_stages[i]; i++)
    for (const enum tgv_column *w = tgv_stages[i]->writes; w && *w != TGV_C_END; w++)
      if (*w == c && tgv_stages[i]->kind == TGV_STAGE_PANEL) writer = tgv_stages[i];
  return writer;
}

static tgv_status find_result(struct bench *b, const struct tgv_expectation *e, enum tgv_column c,
                              double *got)
{
  const struct tgv_stage *writer = b->c->stage[0] ? tgv_stage_find(b->c->stage) : result_writer(c);
  struct tgv_scalar       scalar;

  if (!writer || writer->kind != TGV_STAGE_PANEL)
    return at(e->at, tgv_fail(TGV_INPUT, "no stage%s%s gives %s as a result", writer ? " " : "",
                              writer ? writer->name : "", e->name));
  if (!b->run)
    TGV_TRY(at(b->c->at,
               tgv_run_open(b->project, tgv_stages, &(struct tgv_run_options){.quiet = true}, &b->run)));
  TGV_TRY(at(b->c->at, tgv_run_all(b->run, writer->name)));
  if (!tgv_run_find(b->run, e->name, &scalar))
    return at(e->at, tgv_fail(TGV_INPUT, "stage %s gave no result \"%s\"", writer->name, e->name));
  *got = scalar.value;
  return TGV_OK;
}

/* ---- judging */

static tgv_status fail_unknown(const struct tgv_expectation *e, const char *what, const char *const *names)
{
  const char *nearest = tgv_nearest(e->name, names);

  if (nearest)
    return at(e->at,
              tgv_fail(TGV_INPUT, "there is no %s \"%s\", did you mean \"%s\"?", what, e->name, nearest));
  return at(e->at, tgv_fail(TGV_INPUT, "there is no %s \"%s\"", what, e->name));
}

static tgv_status judge_flag(struct bench *b, const struct tgv_expectation *e, struct tgv_verdict *v)
{
  const char *names[TGV_CAUSE_COUNT + 2] = {0};
  uint32_t    bit = strcmp(e->name, "model_range") == 0 ? TGV_FLAG_MODEL_RANGE : 0;

  for (int i = 0; i < TGV_CAUSE_COUNT; i++) {
    names[i] = tgv_cause_info((enum tgv_cause)i)->name;
    if (strcmp(names[i], e->name) == 0) bit = 1u << i;
  }
  names[TGV_CAUSE_COUNT] = "model_range";
  if (!bit) return fail_unknown(e, "flag", names);
  TGV_TRY(need_via(b));
  v->got = (b->block->flags[0] & bit) != 0;
  v->expected = e->relation == TGV_EXPECT_FLAG;
  v->passed = v->got == v->expected;
  return TGV_OK;
}

static tgv_status find_column(const struct tgv_expectation *e, enum tgv_column *c)
{
  const char *names[TGV_COLUMN_COUNT + 1] = {0};
  char        symbol[128];

  snprintf(symbol, sizeof symbol, "%.*s", (int)strcspn(e->name, "."), e->name);
  *c = tgv_column_find(symbol);
  if (*c != TGV_COLUMN_COUNT) return TGV_OK;
  for (int i = 0; i < TGV_COLUMN_COUNT; i++) names[i] = tgv_column_info((enum tgv_column)i)->symbol;
  return fail_unknown(e, "quantity", names);
}

/* The value of a column of the nominal via, or of a result of the line. */
static tgv_status find_value(struct bench *b, const struct tgv_expectation *e, enum tgv_column c, double *got)
{
  if (tgv_column_info(c)->level != TGV_LEVEL_VIA || strchr(e->name, '.')) return find_result(b, e, c, got);
  TGV_TRY(need_via(b));
  if (!b->written[c])
    return at(e->at, tgv_fail(TGV_INPUT, "no stage%s%s writes %s", b->c->stage[0] ? " up to " : "",
                              b->c->stage, e->name));
  *got = (double)b->block->column[c][0];
  return TGV_OK;
}

static bool holds(const struct tgv_verdict *v)
{
  switch (v->expectation->relation) {
  case TGV_EXPECT_EQUAL:
    return fabs(v->got - v->expected) <= v->tolerance;
  case TGV_EXPECT_GREATER:
    return v->got > v->expected;
  case TGV_EXPECT_AT_LEAST:
    return v->got >= v->expected;
  case TGV_EXPECT_LESS:
    return v->got < v->expected;
  case TGV_EXPECT_AT_MOST:
    return v->got <= v->expected;
  case TGV_EXPECT_WITHIN:
    return v->got >= v->expected && v->got <= v->upper;
  case TGV_EXPECT_FLAG:
  case TGV_EXPECT_NO_FLAG:
    return v->got == v->expected;
  }
  return false;
}

static tgv_status judge(struct bench *b, const struct tgv_expectation *e, struct tgv_verdict *v)
{
  enum tgv_column c;

  *v = (struct tgv_verdict){.expectation = e};
  if (e->relation == TGV_EXPECT_FLAG || e->relation == TGV_EXPECT_NO_FLAG) return judge_flag(b, e, v);
  TGV_TRY(find_column(e, &c));
  v->dimension = tgv_column_info(c)->dimension;
  v->unit = tgv_column_info(c)->unit[0] ? tgv_column_info(c)->unit : NULL;
  /* a column of a via is a float: without a tolerance no closer agreement can be asked for */
  TGV_TRY(at(e->at, tgv_expected_read(e, v, tgv_column_info(c)->level == TGV_LEVEL_VIA ? 1e-6 : 1e-9)));
  TGV_TRY(find_value(b, e, c, &v->got));
  v->passed = holds(v);
  return TGV_OK;
}

static tgv_status check_stage(const struct tgv_case *c)
{
  const struct tgv_stage *stage;

  return c->stage[0] ? at(c->stage_at, tgv_stage_named(c->stage, &stage)) : TGV_OK;
}

tgv_status tgv_case_run(struct tgv_case_runner *r, const struct tgv_case *c, struct tgv_verdict *verdicts)
{
  struct bench    b = {.c = c, .block = r->block};
  tgv_status_code s = check_stage(c);

  if (s == TGV_OK) s = open_project(r, &b);
  for (size_t i = 0; i < c->expect_count && s == TGV_OK; i++) s = judge(&b, &c->expect[i], &verdicts[i]);
  if (b.run) tgv_run_close(b.run);
  if (b.project) tgv_project_free(b.project);
  return s;
}
