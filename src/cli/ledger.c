#include "cli/ledger.h"

#include <math.h>
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

void tgv_ledger_add(struct tgv_text *rows, const struct tgv_case *c, const struct tgv_verdict *verdicts)
{
  for (size_t i = 0; i < c->expect_count && c->source[0]; i++) {
    struct tgv_text t = {0};

    tgv_text_add(rows, "| ");
    add_cell(rows, verdicts[i].expectation->name);
    tgv_verdict_got(&verdicts[i], &t);
    add_cell(rows, t.data);
    t.size = 0;
    tgv_verdict_expected(&verdicts[i], &t);
    add_cell(rows, t.data);
    t.size = 0;
    add_difference(&verdicts[i], &t);
    add_cell(rows, t.size ? t.data : "");
    t.size = 0;
    tgv_text_add(&t, "%s (%s:%d)%s", c->title, short_name(c->at.file), c->at.line,
                 verdicts[i].passed ? "" : " **does not agree**");
    add_cell(rows, t.data);
    add_cell(rows, c->source);
    rows->data[--rows->size] = '\0'; /* the blank behind the last bar */
    tgv_text_add(rows, "\n");
    tgv_text_release(&t);
  }
}

tgv_status tgv_ledger_write(const char *path, const struct tgv_text *rows)
{
  struct tgv_text page = {0};
  tgv_status_code s;

  tgv_text_add(&page, "%s%s", head, rows->data ? rows->data : "");
  s = tgv_file_write(path, page.data, page.size);
  tgv_text_release(&page);
  return s;
}
