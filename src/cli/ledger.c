#include "cli/ledger.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"

static const char head[] = "<!-- Written by `tgv check --ledger`; do not edit. -->\n\n# Validation ledger\n\n"
                           "Every number below is compared with a source outside this program: a closed form "
                           "that the code does not use, an independent\n"
                           "calculation, a published measurement. The table is written by `tgv check "
                           "--ledger` from the cases that name a source\n"
                           "(tests/cases); a case that does not agree fails the tests.\n\n"
                           "| quantity | ours | theirs | difference | case | source |\n"
                           "|---|---|---|---|---|---|\n";

/* A cell of a table: the bars of the text are kept apart from those of the table. */
static void add_cell(struct tgv_text *rows, const char *text)
{
  for (; *text; text++)
    if (*text == '|')
      tgv_text_add(rows, "\\|");
    else
      tgv_text_append(rows, text, 1);
  tgv_text_add(rows, " | ");
}

/* tests/cases/x.case: the same wherever the tests are run from */
static const char *short_name(const char *file)
{
  const char *slash = strrchr(file, '/');

  return slash ? slash + 1 : file;
}

/* As a part of what is expected; the last bits of a float are not shown, they belong to the machine. */
static void add_difference(const struct tgv_verdict *v, struct tgv_text *out)
{
  double part = (v->got - v->expected) / fabs(v->expected);

  if (v->expectation->relation != TGV_EXPECT_EQUAL) return;
  if (v->got == v->expected)
    tgv_text_add(out, "0");
  else if (v->expected == 0)
    tgv_verdict_difference(v, out);
  else if (fabs(part) < 1e-5)
    tgv_text_add(out, "below 0.001 %%");
  else
    tgv_text_add(out, "%.2g %%", 100 * part);
}

static void add_line(struct tgv_text *rows, const struct tgv_case *c, const struct tgv_verdict *v)
{
  struct tgv_text t = {0};

  tgv_text_add(rows, "| ");
  add_cell(rows, v->expectation->name);
  tgv_verdict_got(v, &t);
  add_cell(rows, t.data);
  t.size = 0;
  tgv_verdict_expected(v, &t);
  add_cell(rows, t.data);
  t.size = 0;
  add_difference(v, &t);
  add_cell(rows, t.size ? t.data : "");
  t.size = 0;
  tgv_text_add(&t, "%s (%s:%d)%s", c->title, short_name(c->at.file), c->at.line,
               v->passed ? "" : " **does not agree**");
  add_cell(rows, t.data);
  add_cell(rows, c->source);
  rows->data[--rows->size] = '\0'; /* the blank behind the last bar */
  tgv_text_add(rows, "\n");
  tgv_text_release(&t);
}

/* Rounded to what a float holds, so that the file does not depend on the machine. */
static double rounded(double x)
{
  char text[32];

  snprintf(text, sizeof text, "%.7g", x);
  return strtod(text, NULL);
}

/* The word before the colon of "published: author, year, figure", if it is one of these. */
static const char *kind_of(const char *source)
{
  static const char *const kinds[] = {"closed form",      "published", "measured",
                                      "independent code", "by hand",   NULL};

  for (const char *const *k = kinds; *k; k++)
    if (strncmp(source, *k, strlen(*k)) == 0 && source[strlen(*k)] == ':') return *k;
  return "calculation";
}

static void add_row(cJSON *rows, const struct tgv_case *c, const struct tgv_verdict *v)
{
  cJSON             *o = cJSON_CreateObject();
  const char        *unit = v->unit ? v->unit : tgv_dimension_display_unit(v->dimension);
  enum tgv_dimension d = v->dimension == TGV_TEMPERATURE ? TGV_TEMPERATURE_DIFFERENCE : v->dimension;
  double             ours = rounded(tgv_units_to(v->got, v->dimension, unit)),
         theirs = rounded(tgv_units_to(v->expected, v->dimension, unit));
  double difference = rounded(ours - theirs);

  if (fabs(difference) < 1e-6 * fabs(theirs)) difference = 0;
  cJSON_AddStringToObject(o, "case", c->title);
  cJSON_AddStringToObject(o, "quantity", v->expectation->name);
  cJSON_AddNumberToObject(o, "ours", ours);
  cJSON_AddNumberToObject(o, "theirs", theirs);
  cJSON_AddStringToObject(o, "unit", unit);
  cJSON_AddNumberToObject(o, "difference", difference);
  cJSON_AddNumberToObject(o, "tolerance",
                          rounded(tgv_units_to(v->tolerance, d, d == v->dimension ? unit : NULL)));
  cJSON_AddStringToObject(o, "source", c->source);
  cJSON_AddStringToObject(o, "kind", kind_of(c->source));
  cJSON_AddItemToArray(rows, o);
}

void tgv_ledger_add(struct tgv_ledger *l, const struct tgv_case *c, const struct tgv_verdict *verdicts)
{
  if (!l->rows) l->rows = cJSON_CreateArray();
  for (size_t i = 0; i < c->expect_count && c->source[0]; i++) {
    add_line(&l->table, c, &verdicts[i]);
    if (verdicts[i].expectation->relation == TGV_EXPECT_EQUAL) add_row(l->rows, c, &verdicts[i]);
  }
}

static tgv_status write_json(const char *path, const struct tgv_ledger *l)
{
  struct tgv_text file = {0};
  cJSON          *root = cJSON_CreateObject();
  char           *text;
  tgv_status_code s;

  cJSON_AddStringToObject(root, "note", "written by tgv check --ledger");
  cJSON_AddItemToObject(root, "rows", l->rows ? cJSON_Duplicate(l->rows, 1) : cJSON_CreateArray());
  text = cJSON_Print(root);
  tgv_text_add(&file, "%s\n", text);
  s = tgv_file_write(path, file.data, file.size);
  tgv_text_release(&file);
  free(text);
  cJSON_Delete(root);
  return s;
}

tgv_status tgv_ledger_write(const char *path, const struct tgv_ledger *l)
{
  struct tgv_text page = {0};
  size_t          n = strlen(path);
  tgv_status_code s;

  if (n > 5 && strcmp(path + n - 5, ".json") == 0) return write_json(path, l);
  tgv_text_add(&page, "%s%s", head, l->table.data ? l->table.data : "");
  s = tgv_file_write(path, page.data, page.size);
  tgv_text_release(&page);
  return s;
}

void tgv_ledger_release(struct tgv_ledger *l)
{
  tgv_text_release(&l->table);
  cJSON_Delete(l->rows);
  *l = (struct tgv_ledger){0};
}
