/**
# Case files

A case file is text, one statement a line. It holds any number of cases; each begins with `case`.

    # comment: from a # at the start of a line or after a blank
    case     TITLE
    given    KEY = VALUE                       any key of docs/parameters.md
    expect   NAME = VALUE +- TOLERANCE         absolute (0.2 um) or relative (0.5 %)
    expect   NAME > VALUE                      also >=, <, <=
    expect   NAME in VALUE .. VALUE
    expect   flag CAUSE                        also: expect no flag CAUSE
    stage    NAME                              run the line up to this stage only
    project  FILE                              start from this project (beside the case file), not from the plain one
    source   TEXT                              where the expected number comes from, outside this program
    because  TEXT                              why it is expected: a definition, own reasoning

What stands before the first `case` holds for all cases of the file. `±` and `+/-` are read as `+-`, `:` as `=`.

**Values.** A value without a unit takes that of its tolerance, and the reverse. A tolerance in % is always a part of the
expected value, also where that value itself is in %. Without a tolerance a result must agree to 1e-9 of itself, a quantity
of a via, which is a single-precision number, to 1e-6.

**Names.** A quantity of a via (`D_waist`) is that of the nominal via: of the first via group, at the centre of the panel, with
the nominal value of every process input, after all stages that make vias. Any other name of docs/columns.md (`unit_yield`,
`D_top.signal.mean`) is a result of the whole line, which is run in memory for it.

**Given.** A key of a record is named by the record (`via_groups.signal.pitch_x`) or by its number (`via_groups[0].pitch_x`);
the number after the last adds a record (`variation[0].input`).

**Sources.** A case with a source is a line of the validation ledger, so the source is something that this program does not
use: a closed form, a published number, a measurement, an independent code. `source closed form: ...` says which it is.
*/
#include "io/cases.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/file.h"

struct reader {
  struct tgv_case_file *file;
  struct tgv_problems   problems;
  const char           *line; /* start of the line that is read */
  int                   number;
  bool                  started;                       /* a line `case` has been seen */
  struct tgv_case       common, current;               /* before the first case; of the case that is read */
  size_t                room, given_room, expect_room; /* of list, current.given, current.expect */
};

/* A piece of the line. */
struct piece {
  const char *at;
  size_t      n;
};

static bool blank(char c)
{
  return c == ' ' || c == '\t';
}

static struct piece trimmed(const char *from, const char *to)
{
  while (from < to && blank(*from)) from++;
  while (to > from && blank(to[-1])) to--;
  if (to - from >= 2 && (*from == '"' || *from == '\'') && to[-1] == *from)
    from++, to--; /* quotes may stand, and fall */
  return (struct piece){from, (size_t)(to - from)};
}

static struct tgv_place place(const struct reader *r, const char *at)
{
  int column = 1;

  for (const char *c = r->line; c < at; c++) column += ((unsigned char)*c & 0xC0) != 0x80;
  return (struct tgv_place){r->file->name, r->number, column};
}

static const char *keep(struct reader *r, struct piece p)
{
  return tgv_arena_bytes(&r->file->arena, p.at, p.n);
}

/* Moves an array into a larger one of the arena when it is full. */
static void *grow(struct tgv_arena *a, const void *old, size_t count, size_t *room, size_t size)
{
  void *larger;

  if (count < *room) return (void *)(uintptr_t)old;
  *room = *room ? 2 * *room : 8;
  larger = tgv_arena_allocate(a, *room, size);
  if (count) memcpy(larger, old, count * size);
  return larger;
}

/* ---- statements */

static void add_given(struct reader *r, struct piece key, struct piece value)
{
  struct tgv_case *c = &r->current;

  for (size_t i = r->started ? r->common.given_count : 0; i < c->given_count; i++) {
    const struct tgv_setting *other = &c->given[i];

    if (strlen(other->key) != key.n || strncmp(other->key, key.at, key.n)) continue;
    tgv_problems_add(&r->problems, place(r, key.at), "%s is given twice, first on line %d", other->key,
                     other->at.line);
    return;
  }
  if (c->given_count == TGV_CASE_LINES_MAX) {
    tgv_problems_add(&r->problems, place(r, key.at), "a case has at most %d lines given", TGV_CASE_LINES_MAX);
    return;
  }
  c->given = grow(&r->file->arena, c->given, c->given_count, &r->given_room, sizeof *c->given);
  c->given[c->given_count++] = (struct tgv_setting){place(r, key.at), keep(r, key), keep(r, value)};
}

static void read_given(struct reader *r, const char *from, const char *to)
{
  const char  *equals = memchr(from, '=', (size_t)(to - from));
  struct piece key, value;

  if (!equals) equals = memchr(from, ':', (size_t)(to - from));
  if (!equals) {
    tgv_problems_add(&r->problems, place(r, from), "given needs KEY = VALUE");
    return;
  }
  key = trimmed(from, equals);
  value = trimmed(equals + 1, to);
  if (key.n == 0 || value.n == 0)
    tgv_problems_add(&r->problems, place(r, from), "given needs KEY = VALUE, the %s is missing",
                     key.n ? "value" : "key");
  else
    add_given(r, key, value);
}

static void add_expectation(struct reader *r, const struct tgv_expectation *e)
{
  struct tgv_case *c = &r->current;

  if (c->expect_count == TGV_CASE_LINES_MAX) {
    tgv_problems_add(&r->problems, e->at, "a case has at most %d lines expect", TGV_CASE_LINES_MAX);
    return;
  }
  c->expect = grow(&r->file->arena, c->expect, c->expect_count, &r->expect_room, sizeof *c->expect);
  c->expect[c->expect_count++] = *e;
}

static const struct operator_text {
  const char       *text;
  enum tgv_relation relation;
} operators[] = {
    {">=", TGV_EXPECT_AT_LEAST}, {"=>", TGV_EXPECT_AT_LEAST}, {"\u2265", TGV_EXPECT_AT_LEAST},
    {"<=", TGV_EXPECT_AT_MOST},  {"=<", TGV_EXPECT_AT_MOST},  {"\u2264", TGV_EXPECT_AT_MOST},
    {">", TGV_EXPECT_GREATER},   {"<", TGV_EXPECT_LESS},      {"==", TGV_EXPECT_EQUAL},
    {"=", TGV_EXPECT_EQUAL},     {":", TGV_EXPECT_EQUAL},     {"in", TGV_EXPECT_WITHIN},
};

/* The operator at `from`, and the place behind it; NULL if there is none. */
static const char *read_operator(const char *from, const char *to, enum tgv_relation *relation)
{
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    size_t n = strlen(operators[i].text);

    if ((size_t)(to - from) < n || strncmp(from, operators[i].text, n)) continue;
    if (operators[i].relation == TGV_EXPECT_WITHIN && !((size_t)(to - from) > n && blank(from[n]))) continue;
    *relation = operators[i].relation;
    return from + n;
  }
  return NULL;
}

/* The first of the marks in from .. to; *behind is the place after it. */
static const char *find_mark(const char *from, const char *to, const char *const *marks, const char **behind)
{
  for (const char *c = from; c < to; c++)
    for (const char *const *m = marks; *m; m++) {
      size_t n = strlen(*m);

      if ((size_t)(to - c) < n || strncmp(c, *m, n)) continue;
      *behind = c + n;
      return c;
    }
  return NULL;
}

/* What stands behind the operator. */
static void read_expected(struct reader *r, struct tgv_expectation *e, const char *from, const char *to)
{
  static const char *const tolerance_marks[] = {"+-", "+/-", "\u00b1", NULL}, *const range_marks[] = {
                                                                                  "..", "\u2026", NULL};
  bool         range = e->relation == TGV_EXPECT_WITHIN;
  const char  *behind, *mark = find_mark(from, to, range ? range_marks : tolerance_marks, &behind);
  struct piece value = trimmed(from, mark ? mark : to), second = {to, 0};

  if (mark) second = trimmed(behind, to);
  if (value.n == 0) {
    tgv_problems_add(&r->problems, place(r, from), "a value is expected here");
  } else if (range && second.n == 0) {
    tgv_problems_add(&r->problems, place(r, from), "a range is expected here: LOWEST .. HIGHEST");
  } else if (mark && second.n == 0) {
    tgv_problems_add(&r->problems, place(r, mark), "a tolerance is expected here");
  } else if (mark && !range && e->relation != TGV_EXPECT_EQUAL) {
    tgv_problems_add(&r->problems, place(r, mark), "a tolerance needs =, not an inequality");
  } else {
    e->value = keep(r, value);
    e->upper = range ? keep(r, second) : "";
    e->tolerance = mark && !range ? keep(r, second) : "";
    add_expectation(r, e);
  }
}

/* Takes the word `word` at *from and the blanks behind it. */
static bool take_word(const char **from, const char *to, const char *word)
{
  size_t      n = strlen(word);
  const char *c = *from;

  if ((size_t)(to - c) <= n || strncmp(c, word, n) || !blank(c[n])) return false;
  for (c += n; c < to && blank(*c); c++) continue;
  *from = c;
  return c < to;
}

static void read_expect(struct reader *r, const char *from, const char *to)
{
  struct tgv_expectation e = {.at = place(r, from), .value = "", .upper = "", .tolerance = ""};
  const char            *name = from, *end = from, *rest;
  bool                   no = take_word(&name, to, "no");

  if (take_word(&name, to, "flag") && !strchr("=<>:", *name)) {
    e.relation = no ? TGV_EXPECT_NO_FLAG : TGV_EXPECT_FLAG;
    e.name = keep(r, trimmed(name, to));
    add_expectation(r, &e);
    return;
  }
  if (no) {
    tgv_problems_add(&r->problems, e.at, "expect no is followed by flag CAUSE");
    return;
  }
  while (end < to && (isalnum((unsigned char)*end) || strchr("_.-", *end))) end++;
  for (rest = end; rest < to && blank(*rest);) rest++;
  if (end == from) {
    tgv_problems_add(&r->problems, e.at, "expect needs NAME = VALUE +- TOLERANCE");
    return;
  }
  e.name = keep(r, (struct piece){from, (size_t)(end - from)});
  name = rest;
  rest = read_operator(rest, to, &e.relation);
  if (!rest)
    tgv_problems_add(&r->problems, place(r, name), "=, >, >=, <, <= or in is expected after %s", e.name);
  else
    read_expected(r, &e, rest, to);
}

static void read_text(struct reader *r, const char **field, const char *from, const char *to)
{
  struct piece p = trimmed(from, to);

  *field = tgv_arena_bytes(&r->file->arena, p.at, p.n);
}

/* Closes the case that is read and puts it into the list. */
static void end_case(struct reader *r)
{
  struct tgv_case_file *f = r->file;

  if (!r->started) {
    r->common = r->current;
    return;
  }
  if (r->current.expect_count == 0)
    tgv_problems_add(&r->problems, r->current.at, "the case \"%s\" expects nothing, so it cannot fail",
                     r->current.title);
  f->list = grow(&f->arena, f->list, f->count, &r->room, sizeof *f->list);
  f->list[f->count++] = r->current;
}

static void read_case(struct reader *r, const char *from, const char *to)
{
  end_case(r);
  r->started = true;
  r->current = r->common;
  r->given_room = r->current.given_count; /* full, so the next line `given` copies the common ones */
  r->expect_room = 0;
  r->current.at = place(r, from);
  read_text(r, &r->current.title, from, to);
  if (r->current.title[0] == '\0') tgv_problems_add(&r->problems, r->current.at, "the case has no title");
}

/* ---- lines */

static const char *const keywords[] = {"case",    "given",  "expect",  "stage",
                                       "project", "source", "because", NULL};

static bool is_keyword(struct piece word, const char *keyword)
{
  return word.n == strlen(keyword) && strncasecmp(word.at, keyword, word.n) == 0;
}

static void fail_keyword(struct reader *r, struct piece word)
{
  const char *nearest = tgv_nearest(keep(r, word), keywords);

  tgv_problems_add(&r->problems, place(r, word.at),
                   "a line begins with case, given, expect, stage, project, source or because%s%s%s",
                   nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static void read_statement(struct reader *r, struct piece word, const char *from, const char *to)
{
  if (is_keyword(word, "case"))
    read_case(r, from, to);
  else if (is_keyword(word, "given"))
    read_given(r, from, to);
  else if (is_keyword(word, "source"))
    read_text(r, &r->current.source, from, to);
  else if (is_keyword(word, "because"))
    read_text(r, &r->current.because, from, to);
  else if (is_keyword(word, "stage")) {
    read_text(r, &r->current.stage, from, to);
    r->current.stage_at = place(r, from);
  } else if (is_keyword(word, "project")) {
    read_text(r, &r->current.project, from, to);
    r->current.project_at = place(r, from);
  } else if (!is_keyword(word, "expect"))
    fail_keyword(r, word);
  else if (r->started)
    read_expect(r, from, to);
  else
    tgv_problems_add(&r->problems, place(r, word.at), "expect stands before the first case");
}

/* The end of a line without its comment; titles and sources may hold a #. */
static const char *before_comment(const char *from, const char *to)
{
  for (const char *c = from; c < to; c++)
    if (*c == '#' && (c == from || blank(c[-1]))) return c;
  return to;
}

static void read_line(struct reader *r, const char *to)
{
  const char  *from = r->line, *end;
  struct piece word;

  for (const char *c = from; c < to; c++)
    if ((unsigned char)*c < ' ' && *c != '\t') {
      tgv_problems_add(&r->problems, place(r, c), "the line holds a control character (0x%02x)",
                       (unsigned)(unsigned char)*c);
      return;
    }
  while (from < to && blank(*from)) from++;
  if (from == to || *from == '#') return;
  for (end = from; end < to && !blank(*end) && *end != ':';) end++;
  word = (struct piece){from, (size_t)(end - from)};
  if (end < to && *end == ':') end++;
  if (!is_keyword(word, "case") && !is_keyword(word, "source") && !is_keyword(word, "because"))
    to = before_comment(from, to);
  while (to > end && blank(to[-1])) to--;
  while (end < to && blank(*end)) end++;
  read_statement(r, word, end, to);
}

tgv_status tgv_cases_parse(const char *text, size_t size, const char *name, struct tgv_case_file *out)
{
  struct tgv_case_file file = {0};
  struct reader        r = {.file = &file, .number = 1};
  const char          *end = text + size;
  tgv_status_code      s;

  file.name = tgv_arena_text(&file.arena, name);
  r.current = (struct tgv_case){.title = "", .source = "", .because = "", .stage = "", .project = ""};
  if (size >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) text += 3; /* byte order mark */
  for (r.line = text; r.line < end; r.number++) {
    const char *stop = memchr(r.line, '\n', (size_t)(end - r.line)), *to = stop ? stop : end;

    if (to > r.line && to[-1] == '\r') to--;
    read_line(&r, to);
    r.line = stop ? stop + 1 : end;
  }
  end_case(&r);
  if (file.count == 0 && r.problems.total == 0)
    tgv_problems_add(&r.problems, (struct tgv_place){file.name, 1, 1}, "there is no case in this file");
  s = tgv_problems_report(&r.problems);
  tgv_problems_release(&r.problems);
  if (s) tgv_cases_release(&file);
  *out = file;
  return s;
}

tgv_status tgv_cases_read(const char *path, struct tgv_case_file *out)
{
  char           *text;
  size_t          size;
  tgv_status_code s;

  *out = (struct tgv_case_file){0};
  TGV_TRY_NOTE(tgv_file_read(path, TGV_CASES_SIZE_MAX, &text, &size), "reading a case file");
  s = tgv_cases_parse(text, size, path, out);
  free(text);
  return s;
}

void tgv_cases_release(struct tgv_case_file *f)
{
  tgv_arena_release(&f->arena);
  *f = (struct tgv_case_file){0};
}
