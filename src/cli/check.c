#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/case_run.h"
#include "cli/command.h"
#include "cli/ledger.h"
#include "core/parallel.h"

/* What is counted and written while the files are gone through. */
struct session {
  const struct tgv_arguments *a;
  struct tgv_case_runner     *runner;
  bool                        tap;
  size_t                      passed, failed, broken; /* broken: could not be run; counted in failed too */
  struct tgv_text             tap_lines;
  struct tgv_ledger           ledger;
  cJSON                      *cases, *errors;
};

static const char *word(tgv_status_code s, bool passed)
{
  return s ? "error" : passed ? "passed" : "failed";
}

static void add_text(cJSON *o, const char *name, void (*print)(const struct tgv_verdict *, struct tgv_text *),
                     const struct tgv_verdict *v)
{
  struct tgv_text t = {0};

  print(v, &t);
  cJSON_AddStringToObject(o, name, t.data ? t.data : "");
  tgv_text_release(&t);
}

static cJSON *verdict_json(const struct tgv_verdict *v)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddNumberToObject(o, "line", v->expectation->at.line);
  cJSON_AddStringToObject(o, "name", v->expectation->name);
  cJSON_AddBoolToObject(o, "passed", v->passed);
  cJSON_AddNumberToObject(o, "value_si", v->got); /* null where it is no number */
  add_text(o, "got", tgv_verdict_got, v);
  add_text(o, "expected", tgv_verdict_expected, v);
  add_text(o, "difference", tgv_verdict_difference, v);
  return o;
}

static void add_case_json(struct session *s, const struct tgv_case *c, const struct tgv_verdict *verdicts,
                          tgv_status_code status, bool passed)
{
  cJSON *o, *list;

  if (!s->cases) return;
  o = cJSON_CreateObject();
  cJSON_AddStringToObject(o, "file", c->at.file);
  cJSON_AddNumberToObject(o, "line", c->at.line);
  cJSON_AddStringToObject(o, "title", c->title);
  cJSON_AddStringToObject(o, "source", c->source);
  cJSON_AddStringToObject(o, "because", c->because);
  cJSON_AddStringToObject(o, "result", word(status, passed));
  if (status) cJSON_AddStringToObject(o, "error", tgv_error_message());
  list = cJSON_AddArrayToObject(o, "expectations");
  for (size_t i = 0; i < c->expect_count && !status; i++)
    cJSON_AddItemToArray(list, verdict_json(&verdicts[i]));
  cJSON_AddItemToArray(s->cases, o);
}

/* One line for each failed expectation, on stdout, or as a diagnostic of the TAP stream. */
static void print_failures(const struct session *s, const struct tgv_case *c,
                           const struct tgv_verdict *verdicts)
{
  for (size_t i = 0; i < c->expect_count && !s->a->json; i++) {
    const struct tgv_place at = c->expect[i].at;
    struct tgv_text        t = {0};

    if (verdicts[i].passed) continue;
    tgv_verdict_print(&verdicts[i], &t);
    printf("%s%s:%d:%d: %s in \"%s\"%s%s\n", s->tap ? "# " : "", at.file, at.line, at.column, t.data,
           c->title,
           c->source[0]    ? ", source: "
           : c->because[0] ? ", because: "
                           : "",
           c->source[0] ? c->source : c->because);
    tgv_text_release(&t);
  }
}

static void print_error(const struct session *s, const char *message)
{
  FILE *to = s->tap ? stdout : stderr;

  if (s->a->json || tgv_parallel_rank() != 0) return;
  if (s->tap) fputs("# ", to);
  for (; *message; message++) {
    fputc(*message, to);
    if (*message == '\n' && s->tap) fputs("# ", to);
  }
  fputc('\n', to);
}

static void count_case(struct session *s, const struct tgv_case *c, const struct tgv_verdict *verdicts,
                       tgv_status_code status)
{
  bool passed = status == TGV_OK;

  for (size_t i = 0; i < c->expect_count && passed; i++) passed = verdicts[i].passed;
  s->passed += passed;
  s->failed += !passed;
  s->broken += status != TGV_OK;
  if (s->tap) printf("%sok %zu - %s\n", passed ? "" : "not ", s->passed + s->failed, c->title);
  if (status)
    print_error(s, tgv_error_message());
  else
    print_failures(s, c, verdicts);
  add_case_json(s, c, verdicts, status, passed);
  if (!status) tgv_ledger_add(&s->ledger, c, verdicts);
}

static tgv_status run_cases(struct session *s, const struct tgv_case_file *f)
{
  for (size_t i = 0; i < f->count; i++) {
    const struct tgv_case *c = &f->list[i];
    struct tgv_verdict    *verdicts = tgv_allocate(c->expect_count, sizeof *verdicts);
    tgv_status_code        status = tgv_case_run(s->runner, c, verdicts);

    if (status == TGV_INTERRUPTED || tgv_interrupted()) {
      free(verdicts);
      return tgv_fail(TGV_INTERRUPTED, "stopped in \"%s\"", c->title);
    }
    count_case(s, c, verdicts, status);
    free(verdicts);
  }
  return TGV_OK;
}

/* A file that cannot be read counts as one case that failed; the others are still run. */
static tgv_status run_file(struct session *s, const char *path)
{
  struct tgv_case_file f;
  tgv_status_code      status = tgv_cases_read(path, &f);

  if (status == TGV_OK) {
    status = run_cases(s, &f);
    tgv_cases_release(&f);
    return status;
  }
  s->failed++;
  s->broken++;
  if (s->tap) printf("not ok %zu - %s\n", s->passed + s->failed, path);
  print_error(s, tgv_error_message());
  if (s->errors) cJSON_AddItemToArray(s->errors, cJSON_CreateString(tgv_error_message()));
  return TGV_OK;
}

static tgv_status write_ledgers(const struct session *s)
{
  const char    **path = tgv_allocate(s->a->given_count + 1, sizeof *path);
  size_t          n = tgv_option_values(s->a, "ledger", path);
  tgv_status_code status = TGV_OK;

  for (size_t i = 0; i < n && status == TGV_OK; i++) status = tgv_ledger_write(path[i], &s->ledger);
  free(path);
  return status;
}

static tgv_status conclude(struct session *s)
{
  TGV_TRY(write_ledgers(s));
  if (s->a->json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddNumberToObject(o, "passed", (double)s->passed);
    cJSON_AddNumberToObject(o, "failed", (double)s->failed);
    cJSON_AddItemToObject(o, "cases", s->cases);
    cJSON_AddItemToObject(o, "errors", s->errors);
    s->cases = s->errors = NULL;
    tgv_json_print(o);
  } else if (s->tap) {
    printf("1..%zu\n", s->passed + s->failed);
  } else {
    printf("%zu passed, %zu failed\n", s->passed, s->failed);
  }
  tgv_error_clear(); /* everything has been said */
  return s->broken ? TGV_INPUT : s->failed ? TGV_FAILED : TGV_OK;
}

static tgv_status run_check(const struct tgv_arguments *a)
{
  struct session s = {.a = a, .tap = tgv_option_given(a, "tap") && !a->json, .runner = tgv_case_runner_new()};
  tgv_status_code status = TGV_OK;

  tgv_interrupt_catch();
  if (a->json) s.cases = cJSON_CreateArray(), s.errors = cJSON_CreateArray();
  for (size_t i = 0; i < a->count && status == TGV_OK; i++) status = run_file(&s, a->plain[i]);
  if (status == TGV_OK) status = conclude(&s);
  cJSON_Delete(s.cases);
  cJSON_Delete(s.errors);
  tgv_ledger_release(&s.ledger);
  tgv_case_runner_free(s.runner);
  return status;
}

const struct tgv_command tgv_command_check = {
    .name = "check",
    .title = "run engineers' cases and compare with what they expect",
    .usage = "FILE.case...",
    .description = "Each case sets keys of the project file (given) and compares quantities of the nominal "
                   "via, or results of the whole line, "
                   "with expected values (expect). The nominal via belongs to the first via group, stands at "
                   "the centre of the panel and has "
                   "the nominal value of every process input. docs/formats/cases.md describes the language.\n"
                   "Prints a line for each expectation that fails, and how many cases passed and failed. The "
                   "exit code is 1 if a case failed, "
                   "2 if one could not be run.",
    .examples = "tgv check tests/cases/*.case",
    .options =
        (const struct tgv_option[]){
            {"ledger", "FILE",
             "write the cases that name a source as a table (Markdown, or JSON for the report); may be given "
             "twice"},
            {"tap", NULL, "print the Test Anything Protocol"},
            {NULL, NULL, NULL},
        },
    .least = 1,
    .most = TGV_ANY_NUMBER,
    .run = run_check,
};
