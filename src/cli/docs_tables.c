#include <stdio.h>
#include <string.h>

#include "cli/docs.h"
#include "cli/flow_diagram.h"
#include "cli/reference.h"
#include "registry.h"

/* ---- keys */

static void add_key(struct tgv_text *out, enum tgv_param p)
{
  const struct tgv_param_info *i = tgv_param_info(p);
  char                         range[256], kind[128], name[96];

  snprintf(name, sizeof name, "`%s`", i->key);
  if (i->kind == TGV_REAL)
    snprintf(kind, sizeof kind, "%s%s", tgv_dimension_display_unit(i->dimension),
             i->varies ? ", varies" : "");
  else
    snprintf(kind, sizeof kind, "%s", i->kind == TGV_CHOICE ? "one of" : tgv_kind_name(i->kind));
  tgv_text_add(out, "|");
  tgv_docs_cell(out, name);
  tgv_docs_cell(out, kind[0] ? kind : "number");
  tgv_docs_cell(out, tgv_param_default(p));
  tgv_docs_cell(out, tgv_param_range(p, range, sizeof range));
  tgv_docs_cell(out, i->help);
  tgv_text_add(out, "\n");
}

static void add_section(struct tgv_text *out, enum tgv_section s)
{
  const struct tgv_section_info *i = tgv_section_info(s);

  tgv_text_add(
      out, "\n## %s\n%s (%s).\n\n| key | unit or kind | default | range | meaning |\n|---|---|---|---|---|\n",
      i->name, i->help, tgv_scope_name(i->scope));
  for (int p = (int)i->first; p < (int)i->end; p++) add_key(out, (enum tgv_param)p);
}

void tgv_docs_parameters(struct tgv_text *out)
{
  tgv_text_add(out, TGV_DOCS_MARK
               "# Keys of a project file\n\n"
               "A project file is YAML: sections with keys. A quantity always carries its unit (`25 um`, "
               "`0.5 um/min`, `3.2 ppm/K`);\n"
               "the unit in the table is the one in which it is shown, any unit of the same dimension may be "
               "written. A value may\n"
               "stand alone or say where it comes from: `{value: 0.6 mm, class: reported, source: \"...\"}` "
               "with class `reported`,\n"
               "`derived` or `assumed`. A key that *varies* is a process input: it has a value at every via "
               "(section `variation`).\n"
               "The last sections belong to files of the library (`tgv list glasses`), not to a project.\n");
  for (int s = 0; s < TGV_SECTION_COUNT; s++) add_section(out, (enum tgv_section)s);
}

/* ---- columns */

static void add_writers(struct tgv_text *out, enum tgv_column c)
{
  struct tgv_text names = {0};

  for (size_t i = 0; tgv_stages[i]; i++)
    for (const enum tgv_column *w = tgv_stages[i]->writes; w && *w != TGV_C_END; w++)
      if (*w == c) tgv_text_add(&names, "%s%s", names.size ? ", " : "", tgv_stages[i]->name);
  tgv_docs_cell(out, names.size ? names.data : "");
  tgv_text_release(&names);
}

static void add_level(struct tgv_text *out, enum tgv_level level)
{
  tgv_text_add(out, "\n## Of a %s\n\n| symbol | unit | meaning | written by |\n|---|---|---|---|\n",
               tgv_level_name(level));
  for (int c = 0; c < TGV_COLUMN_COUNT; c++) {
    const struct tgv_column_info *i = tgv_column_info((enum tgv_column)c);

    if (i->level != level) continue;
    tgv_text_add(out, "| `%s` |", i->symbol);
    tgv_docs_cell(out, i->unit);
    tgv_docs_cell(out, i->help);
    add_writers(out, (enum tgv_column)c);
    tgv_text_add(out, "\n");
  }
}

void tgv_docs_columns(struct tgv_text *out)
{
  tgv_text_add(out, TGV_DOCS_MARK "# Quantities\n\n"
                                  "Names of the columns of via tables, of the results, and of what a case "
                                  "expects. A result may be told apart by what\n"
                                  "follows its name: `D_top.signal.mean`.\n");
  for (int l = TGV_LEVEL_VIA; l <= (int)TGV_LEVEL_PANEL; l++) add_level(out, (enum tgv_level)l);
  tgv_text_add(out, "\n## Causes\n\nWhy a via can fail; a case asks for one with `expect flag NAME`.\n\n"
                    "| name | column | step | meaning |\n|---|---|---|---|\n");
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    const struct tgv_cause_info *i = tgv_cause_info((enum tgv_cause)c);

    tgv_text_add(out, "| `%s` |", i->name);
    tgv_docs_cell(out, i->column == TGV_C_END ? "" : tgv_column_info(i->column)->symbol);
    tgv_docs_cell(out, i->step);
    tgv_docs_cell(out, i->help);
    tgv_text_add(out, "\n");
  }
}

/* ---- stages */

void tgv_docs_stages(struct tgv_text *out)
{
  tgv_text_add(
      out, TGV_DOCS_MARK
      "# The line\n\nStages in factory order.\n\n| stage | what it does | works on |\n|---|---|---|\n");
  for (size_t i = 0; i < tgv_registry_count; i++) {
    const struct tgv_registry_line *r = &tgv_registry[i];
    const struct tgv_stage         *s = tgv_stage_find(r->name);

    if (!s || strcmp(r->kind, "stage") != 0) continue;
    tgv_text_add(out, "| [%s](physics/%s.md) |", r->name, r->name);
    tgv_docs_cell(out, r->help);
    tgv_docs_cell(out, tgv_stage_kind_name(s->kind));
    tgv_text_add(out, "\n");
  }
  tgv_text_add(out,
               "\n## What each reads and writes\n\nA run refuses access that is not declared here.\n\n```\n");
  tgv_flow_print(out);
  tgv_text_add(out, "```\n");
}
