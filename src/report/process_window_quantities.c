#include "report/process_window_quantities.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/result.h"
#include "solver/plating_case.h"

static const char *const statistics[TGV_WINDOW_STATISTICS] = {"nominal", "mean", "q05", "median", "q95"};

/* ---- which columns */

static bool changes(const struct tgv_window *w, size_t c)
{
  for (int k = 0; k < TGV_WINDOW_STATISTICS; k++)
    for (size_t i = 1; i < w->count; i++) {
      double a = w->point[0].column[c][k], b = w->point[i].column[c][k];

      if (isfinite(a) != isfinite(b) || fabs(a - b) > 1e-6 * fmax(fabs(a), fabs(b))) return true;
    }
  return false;
}

static tgv_status choose_named(const struct tgv_window *w, const char *name, struct tgv_window_choice *out)
{
  enum tgv_column c = tgv_column_find(name);

  if (c == TGV_COLUMN_COUNT)
    return tgv_fail(TGV_INPUT, "--of: %s is no quantity, see tgv list columns", name);
  for (size_t i = 0; i < w->columns; i++)
    if (w->column[i] == c) {
      out->column[out->count++] = c;
      return TGV_OK;
    }
  return tgv_fail(TGV_INPUT, "--of: no stage of this line gives %s", name);
}

tgv_status tgv_window_choose(const struct tgv_window *w, const char *names, struct tgv_window_choice *out)
{
  char           *copy, *rest, *name;
  tgv_status_code s = TGV_OK;

  out->count = 0;
  if (!names) {
    for (size_t i = 0; i < w->columns; i++)
      if (w->column[i] != TGV_C_fill_regime && changes(w, i)) out->column[out->count++] = w->column[i];
    return TGV_OK;
  }
  copy = rest = tgv_text_copy(names);
  while (s == TGV_OK && (name = strsep(&rest, ", ")) != NULL)
    if (name[0] && out->count < TGV_COLUMN_COUNT) s = choose_named(w, name, out);
  free(copy);
  return s;
}

static size_t place_of(const struct tgv_window *w, enum tgv_column c)
{
  size_t i = 0;

  while (w->column[i] != c) i++;
  return i;
}

/* ---- numbers over the grid */

typedef double (*reader)(const struct tgv_window_point *p, size_t a, size_t b);

static double read_fail(const struct tgv_window_point *p, size_t a, size_t b)
{
  (void)b;
  return 100 * (a == 0 ? p->fail.value : a == 1 ? p->fail.low : p->fail.high);
}

static double read_voids(const struct tgv_window_point *p, size_t a, size_t b)
{
  (void)b;
  return 100 * (a == 0 ? p->voids.value : a == 1 ? p->voids.low : p->voids.high);
}

static double read_cause(const struct tgv_window_point *p, size_t a, size_t b)
{
  (void)b;
  return 100 * p->cause[a];
}

static double read_regime(const struct tgv_window_point *p, size_t a, size_t b)
{
  (void)b;
  return 100 * p->regime[a];
}

static double read_outside(const struct tgv_window_point *p, size_t a, size_t b)
{
  (void)b;
  return 100 * (a == 0 ? p->outside : p->uncertain);
}

static double read_kind(const struct tgv_window_point *p, size_t a, size_t b)
{
  size_t most = 0;

  (void)b;
  if (a == 0) return p->nominal_regime < 0 ? (double)NAN : p->nominal_regime;
  for (size_t r = 1; r < TGV_WINDOW_REGIMES; r++)
    if (p->regime[r] > p->regime[most]) most = r;
  return (double)most;
}

static double read_column(const struct tgv_window_point *p, size_t a, size_t b)
{
  return p->column[a][b];
}

/* What a reader gives at every point; converted if d is a dimension. */
struct over {
  const struct tgv_window *w;
  bool                     packed;
};

static cJSON *values(const struct over *o, reader read, size_t a, size_t b,
                     const struct tgv_column_info *info)
{
  float *x = tgv_allocate(o->w->count, sizeof *x);
  cJSON *list;

  for (size_t i = 0; i < o->w->count; i++) {
    double v = read(&o->w->point[i], a, b);

    x[i] = (float)(info && isfinite(v) ? tgv_units_to(v, info->dimension, info->unit) : v);
  }
  if (o->packed) {
    char *text = tgv_text_pack(x, o->w->count * sizeof *x);

    list = cJSON_CreateString(text);
    free(text);
  } else {
    list = cJSON_CreateArray();
    for (size_t i = 0; i < o->w->count; i++) {
      char number[32];

      snprintf(number, sizeof number, "%.7g", (double)x[i]);
      cJSON_AddItemToArray(list, isfinite(x[i]) ? cJSON_CreateRaw(number) : cJSON_CreateNull());
    }
  }
  free(x);
  return list;
}

static cJSON *quantity(cJSON *list, const char *name, const char *label, const char *unit, const char *kind)
{
  cJSON *q = cJSON_CreateObject();

  cJSON_AddStringToObject(q, "name", name);
  cJSON_AddStringToObject(q, "label", label);
  cJSON_AddStringToObject(q, "unit", unit);
  cJSON_AddStringToObject(q, "kind", kind);
  cJSON_AddItemToArray(list, q);
  return cJSON_AddObjectToObject(q, "values");
}

static void add_interval(cJSON *v, const struct over *o, reader read)
{
  static const char *const ends[] = {"value", "low", "high"};

  for (size_t i = 0; i < 3; i++) cJSON_AddItemToObject(v, ends[i], values(o, read, i, 0, NULL));
}

static void add_regimes(cJSON *list, const struct over *o)
{
  cJSON *v = quantity(list, "fill_regime", "how the via fills", "", "category"), *words;

  cJSON_AddItemToObject(v, "nominal", values(o, read_kind, 0, 0, NULL));
  cJSON_AddItemToObject(v, "most", values(o, read_kind, 1, 0, NULL));
  words = cJSON_AddArrayToObject(cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1), "categories");
  for (int r = 0; r < TGV_WINDOW_REGIMES; r++)
    tgv_row_text(words, tgv_plating_regime_name((enum tgv_plating_regime)r));
  for (int r = 0; r < TGV_WINDOW_REGIMES; r++) {
    char name[64], label[96];

    snprintf(name, sizeof name, "regime.%s", tgv_plating_regime_name((enum tgv_plating_regime)r));
    snprintf(label, sizeof label, "%s", tgv_plating_regime_name((enum tgv_plating_regime)r));
    v = quantity(list, name, label, "%", "regime");
    cJSON_AddItemToObject(v, "value", values(o, read_regime, (size_t)r, 0, NULL));
  }
}

static cJSON *quantities(const struct over *o, const struct tgv_window_choice *columns)
{
  cJSON *list = cJSON_CreateArray();

  add_interval(quantity(list, "fail", "vias that fail", "%", "probability"), o, read_fail);
  if (o->w->voids)
    add_interval(quantity(list, "voids", "vias with a void", "%", "probability"), o, read_voids);
  if (o->w->fills) add_regimes(list, o);
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    const struct tgv_cause_info *info = tgv_cause_info((enum tgv_cause)c);
    char                         name[64];

    if (!o->w->checked[c]) continue;
    snprintf(name, sizeof name, "cause.%s", info->name);
    cJSON_AddItemToObject(quantity(list, name, info->help, "%", "cause"), "value",
                          values(o, read_cause, (size_t)c, 0, NULL));
  }
  for (size_t i = 0; i < columns->count; i++) {
    const struct tgv_column_info *info = tgv_column_info(columns->column[i]);
    cJSON                        *v = quantity(list, info->symbol, info->help, info->unit, "column");

    for (size_t k = 0; k < TGV_WINDOW_STATISTICS; k++)
      cJSON_AddItemToObject(v, statistics[k],
                            values(o, read_column, place_of(o->w, columns->column[i]), k, info));
  }
  cJSON_AddItemToObject(quantity(list, "outside", "vias outside the range of a model", "%", "doubt"), "value",
                        values(o, read_outside, 0, 0, NULL));
  cJSON_AddItemToObject(
      quantity(list, "uncertain", "vias too near to a regime boundary to tell", "%", "doubt"), "value",
      values(o, read_outside, 1, 0, NULL));
  return list;
}

static cJSON *axes(const struct tgv_window_plan *plan)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < plan->axes; i++) {
    const struct tgv_window_axis *a = &plan->axis[i];
    cJSON                        *o = cJSON_CreateObject(), *v;

    cJSON_AddStringToObject(o, "name", a->name);
    cJSON_AddStringToObject(o, "unit", a->unit);
    cJSON_AddBoolToObject(o, "log", a->logarithmic);
    if (isfinite(a->here)) cJSON_AddNumberToObject(o, "here", a->here);
    v = cJSON_AddArrayToObject(o, "values");
    for (size_t k = 0; k < a->n; k++) {
      char number[32];

      snprintf(number, sizeof number, "%.9g", a->value[k]);
      cJSON_AddItemToArray(v, cJSON_CreateRaw(number));
    }
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

/* ---- page and JSON */

cJSON *tgv_window_block(const struct tgv_window_plan *plan, const struct tgv_window *w,
                        const struct tgv_window_choice *columns)
{
  cJSON      *b = cJSON_CreateObject();
  struct over o = {w, true};

  cJSON_AddStringToObject(b, "type", "window");
  cJSON_AddItemToObject(b, "axes", axes(plan));
  cJSON_AddItemToObject(b, "quantities", quantities(&o, columns));
  cJSON_AddStringToObject(b, "first", w->fills ? "fill_regime" : "fail");
  cJSON_AddNumberToObject(b, "best", (double)tgv_window_best(w));
  cJSON_AddNumberToObject(b, "vias", (double)w->vias);
  return b;
}

cJSON *tgv_window_json(const struct tgv_window_plan *plan, const struct tgv_window *w,
                       const struct tgv_window_choice *columns)
{
  cJSON      *root = cJSON_CreateObject();
  struct over o = {w, false};

  cJSON_AddStringToObject(root, "project", tgv_text(plan->project, TGV_P_project_name));
  cJSON_AddStringToObject(root, "group", tgv_text_at(plan->project, TGV_P_via_groups_name, plan->group));
  cJSON_AddNumberToObject(root, "points", (double)w->count);
  cJSON_AddNumberToObject(root, "vias", (double)w->vias);
  cJSON_AddNumberToObject(root, "panels", (double)w->panels);
  cJSON_AddNumberToObject(root, "lines", (double)w->flows);
  cJSON_AddNumberToObject(root, "seconds", w->seconds);
  cJSON_AddNumberToObject(root, "best", (double)tgv_window_best(w));
  cJSON_AddItemToObject(root, "axes", axes(plan));
  cJSON_AddItemToObject(root, "quantities", quantities(&o, columns));
  return root;
}

/* ---- CSV */

/* Every list of numbers of the JSON is a column: "D_waist.mean [um]". */
void tgv_window_csv(const struct tgv_window_plan *plan, const struct tgv_window *w,
                    const struct tgv_window_choice *columns, struct tgv_text *out)
{
  struct over  o = {w, false};
  cJSON       *list = quantities(&o, columns), **lane;
  const cJSON *q, *v;
  size_t       lanes = 0, step;

  lane = tgv_allocate((size_t)cJSON_GetArraySize(list) * TGV_WINDOW_STATISTICS + 1, sizeof(cJSON *));
  for (size_t i = 0; i < plan->axes; i++)
    tgv_text_add(out, "%s%s%s%s%s", i ? "," : "", plan->axis[i].name, plan->axis[i].unit[0] ? " [" : "",
                 plan->axis[i].unit, plan->axis[i].unit[0] ? "]" : "");
  cJSON_ArrayForEach(q, list)
  {
    const char *unit = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(q, "unit"));

    cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(q, "values"))
    {
      tgv_text_add(out, ",%s%s%s%s%s%s", cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(q, "name")),
                   strcmp(v->string, "value") ? "." : "", strcmp(v->string, "value") ? v->string : "",
                   unit[0] ? " [" : "", unit, unit[0] ? "]" : "");
      lane[lanes++] = v->child;
    }
  }
  tgv_text_add(out, "\n");
  for (size_t i = 0; i < w->count; i++) {
    step = 1;
    for (size_t a = 0; a < plan->axes; step *= plan->axis[a].n, a++)
      tgv_text_add(out, "%s%.9g", a ? "," : "", plan->axis[a].value[i / step % plan->axis[a].n]);
    for (size_t k = 0; k < lanes; k++) {
      tgv_text_add(out, ",%s", cJSON_IsNull(lane[k]) ? "" : lane[k]->valuestring);
      lane[k] = lane[k]->next;
    }
    tgv_text_add(out, "\n");
  }
  free(lane);
  cJSON_Delete(list);
}
