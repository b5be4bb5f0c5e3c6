#include "cli/flow_diagram.h"

#include "model/result.h"
#include "registry.h"

const char *tgv_stage_kind_name(enum tgv_stage_kind k)
{
  static const char *const names[] = {"inputs of every via", "physics of a via", "whole panel"};

  return names[k];
}

const struct tgv_stage *tgv_column_writer(enum tgv_column c, const struct tgv_stage *reader)
{
  const struct tgv_stage *writer = NULL;

  for (size_t i = 0; tgv_stages[i] && tgv_stages[i] != reader; i++)
    for (const enum tgv_column *w = tgv_stages[i]->writes; w && *w != TGV_C_END; w++)
      if (*w == c && tgv_stages[i]->kind != TGV_STAGE_PANEL) writer = tgv_stages[i];
  return writer;
}

/* The stage before `reader` that sets an input at every via, NULL if it is nominal everywhere. */
static const struct tgv_stage *input_writer(enum tgv_param p, const struct tgv_stage *reader)
{
  const struct tgv_stage *writer = NULL;

  for (size_t i = 0; tgv_stages[i] && tgv_stages[i] != reader; i++)
    for (const enum tgv_param *w = tgv_stages[i]->inputs; w && *w != TGV_P_END; w++)
      if (*w == p && tgv_stages[i]->kind == TGV_STAGE_INPUTS) writer = tgv_stages[i];
  return writer;
}

/* ---- text */

static void add_line(struct tgv_text *out, const char *label, const char *what, const char *from)
{
  tgv_text_add(out, from ? "    %-7s %-33s from %s\n" : "    %-7s %s\n", label, what, from);
}

static void print_inputs(struct tgv_text *out, const struct tgv_stage *s)
{
  const char *label = s->kind == TGV_STAGE_INPUTS ? "sets" : "needs";
  char        name[128];

  for (const enum tgv_param *p = s->inputs; p && *p != TGV_P_END; p++) {
    const struct tgv_stage *from = s->kind == TGV_STAGE_INPUTS ? NULL : input_writer(*p, s);

    add_line(out, label, tgv_param_name(*p, name, sizeof name), from ? from->name : NULL);
    label = "";
  }
}

static void print_columns(struct tgv_text *out, const struct tgv_stage *s)
{
  const char *label = "reads";

  for (const enum tgv_column *c = s->reads; c && *c != TGV_C_END; c++) {
    const struct tgv_stage *from = tgv_column_writer(*c, s);

    add_line(out, label, tgv_column_info(*c)->symbol, from ? from->name : NULL);
    label = "";
  }
  for (const char *const *a = s->after; a && *a; a++) {
    add_line(out, label, "results", *a);
    label = "";
  }
  label = "writes";
  for (const enum tgv_column *c = s->writes; c && *c != TGV_C_END; c++) {
    add_line(out, label, tgv_column_info(*c)->symbol, NULL);
    label = "";
  }
}

void tgv_flow_print_stage(struct tgv_text *out, const struct tgv_stage *s)
{
  tgv_text_add(out, "%s: %s (%s)\n", s->name, s->title, tgv_stage_kind_name(s->kind));
  print_inputs(out, s);
  print_columns(out, s);
}

void tgv_flow_print(struct tgv_text *out)
{
  for (size_t i = 0; tgv_stages[i]; i++) {
    if (i) tgv_text_add(out, "    |\n    v\n");
    tgv_flow_print_stage(out, tgv_stages[i]);
  }
}

/* ---- Graphviz */

static void dot_edges(struct tgv_text *out, const struct tgv_stage *s)
{
  for (const enum tgv_column *c = s->reads; c && *c != TGV_C_END; c++) {
    const struct tgv_stage *from = tgv_column_writer(*c, s);

    if (from)
      tgv_text_add(out, "  %s -> %s [label=\"%s\"]\n", from->name, s->name, tgv_column_info(*c)->symbol);
  }
  for (const char *const *a = s->after; a && *a; a++)
    tgv_text_add(out, "  %s -> %s [style=dashed]\n", *a, s->name);
  for (const enum tgv_param *p = s->inputs; p && *p != TGV_P_END && s->kind != TGV_STAGE_INPUTS; p++) {
    const struct tgv_stage *from = input_writer(*p, s);

    if (from)
      tgv_text_add(out, "  %s -> %s [label=\"%s\", color=gray]\n", from->name, s->name,
                   tgv_param_info(*p)->key);
  }
}

void tgv_flow_dot(struct tgv_text *out)
{
  tgv_text_add(out, "digraph opentgv {\n  rankdir=LR\n  node [shape=box]\n");
  for (size_t i = 0; tgv_stages[i]; i++)
    tgv_text_add(out, "  %s [label=\"%s\", tooltip=\"%s\"]\n", tgv_stages[i]->name, tgv_stages[i]->name,
                 tgv_stages[i]->title);
  for (size_t i = 0; tgv_stages[i]; i++) dot_edges(out, tgv_stages[i]);
  tgv_text_add(out, "}\n");
}

/* ---- JSON */

static cJSON *column_array(const enum tgv_column *c)
{
  cJSON *array = cJSON_CreateArray();

  for (; c && *c != TGV_C_END; c++) tgv_row_text(array, tgv_column_info(*c)->symbol);
  return array;
}

cJSON *tgv_flow_stage_json(const struct tgv_stage *s)
{
  cJSON *o = cJSON_CreateObject(), *array;
  char   name[128];

  cJSON_AddStringToObject(o, "name", s->name);
  cJSON_AddStringToObject(o, "title", s->title);
  cJSON_AddStringToObject(o, "kind", tgv_stage_kind_name(s->kind));
  cJSON_AddStringToObject(o, "source", s->source ? s->source : "");
  array = cJSON_AddArrayToObject(o, "sections");
  for (const enum tgv_section *t = s->sections; t && *t != TGV_SECTION_COUNT; t++)
    tgv_row_text(array, tgv_section_info(*t)->name);
  array = cJSON_AddArrayToObject(o, "inputs");
  for (const enum tgv_param *p = s->inputs; p && *p != TGV_P_END; p++)
    tgv_row_text(array, tgv_param_name(*p, name, sizeof name));
  cJSON_AddItemToObject(o, "reads", column_array(s->reads));
  cJSON_AddItemToObject(o, "writes", column_array(s->writes));
  array = cJSON_AddArrayToObject(o, "after");
  for (const char *const *a = s->after; a && *a; a++) tgv_row_text(array, *a);
  return o;
}

cJSON *tgv_flow_json(void)
{
  cJSON *array = cJSON_CreateArray();

  for (size_t i = 0; tgv_stages[i]; i++) cJSON_AddItemToArray(array, tgv_flow_stage_json(tgv_stages[i]));
  return array;
}
