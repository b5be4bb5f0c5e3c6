#include "report/filling_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/text.h"
#include "model/result.h"
#include "report/page.h"
#include "report/report.h"

/* ---- pictures */

static cJSON *packed(const double *values, size_t n, double factor)
{
  float *x = tgv_allocate(n + 1, sizeof *x);
  char  *text;
  cJSON *out;

  for (size_t i = 0; i < n; i++) x[i] = (float)(values[i] * factor);
  text = tgv_text_pack(x, n * sizeof *x);
  out = cJSON_CreateString(text);
  free(text);
  free(x);
  return out;
}

static cJSON *picture(const struct tgv_plating_snapshot *s)
{
  const double um = tgv_units_to(1, TGV_LENGTH, "um"),
               density = tgv_units_to(1, TGV_CURRENT_DENSITY, "A/dm2");
  cJSON *o = cJSON_CreateObject();

  cJSON_AddNumberToObject(o, "time", tgv_units_to(s->time, TGV_TIME, "min"));
  cJSON_AddItemToObject(o, "r", packed(s->r, s->n, um));
  cJSON_AddItemToObject(o, "z", packed(s->z, s->n, um));
  cJSON_AddItemToObject(o, "current", packed(s->current, s->n, density));
  cJSON_AddItemToObject(o, "ion", packed(s->ion, s->n, 1));
  if (s->coverage) cJSON_AddItemToObject(o, "coverage", packed(s->coverage, s->n, 1));
  if (s->additive) cJSON_AddItemToObject(o, "additive", packed(s->additive, s->n, 1));
  return o;
}

/* ---- numbers */

struct fact {
  const char        *name, *label;
  double             value; /* SI */
  enum tgv_dimension dimension;
  const char        *unit;
};

enum { FACTS = 12 };

static void facts_of(const struct tgv_plating_outcome *o, struct fact facts[FACTS])
{
  const struct fact all[FACTS] = {
      {"fill", "copper over the opening", o->fill, TGV_FRACTION, "%"},
      {"void_fraction", "void over the opening", o->void_fraction, TGV_FRACTION, "%"},
      {"void_length", "length of the largest void over the depth", o->void_length, TGV_FRACTION, "%"},
      {"void_depth", "depth of its centre", o->void_fraction > 0 ? o->void_depth : (double)NAN, TGV_LENGTH,
       "um"},
      {"seam_length", "length of the seam", o->seam_length, TGV_LENGTH, "um"},
      {"fill_time", "growth ended after", o->fill_time, TGV_TIME, "min"},
      {"bridge_time", "first closed after", o->bridge_time, TGV_TIME, "min"},
      {"limited", "rectifier at its compliance voltage for", o->limited > 0 ? o->limited : (double)NAN,
       TGV_TIME, "min"},
      {"dimple", "dimple", o->dimple, TGV_LENGTH, "um"},
      {"overburden", "overburden", o->overburden, TGV_LENGTH, "um"},
      {"balance", "copper by growth against charge", o->balance, TGV_FRACTION, "%"},
      {"seconds", "processor time", o->seconds, TGV_TIME, "s"}};

  memcpy(facts, all, sizeof all);
}

static cJSON *fact_list(const struct tgv_plating_outcome *o)
{
  struct fact facts[FACTS];
  cJSON      *list = cJSON_CreateArray();

  facts_of(o, facts);
  for (int i = 0; i < FACTS; i++) {
    cJSON *f;

    if (!isfinite(facts[i].value)) continue;
    f = cJSON_CreateObject();
    cJSON_AddStringToObject(f, "label", facts[i].label);
    tgv_json_number(f, "value", tgv_units_to(facts[i].value, facts[i].dimension, facts[i].unit));
    cJSON_AddStringToObject(f, "unit", facts[i].unit);
    cJSON_AddItemToArray(list, f);
  }
  return list;
}

cJSON *tgv_filling_json(const struct tgv_filling *answers, size_t count)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t k = 0; k < count; k++) {
    struct fact facts[FACTS];
    cJSON      *o = cJSON_CreateObject();

    facts_of(answers[k].outcome, facts);
    cJSON_AddStringToObject(o, "solver", answers[k].name);
    cJSON_AddStringToObject(o, "regime", tgv_plating_regime_name(answers[k].outcome->regime));
    cJSON_AddBoolToObject(o, "bistable", answers[k].outcome->bistable);
    cJSON_AddNumberToObject(o, "steps", (double)answers[k].outcome->steps);
    for (int i = 0; i < FACTS; i++) {
      cJSON *q = cJSON_AddObjectToObject(o, facts[i].name);

      tgv_json_number(q, "value", tgv_units_to(facts[i].value, facts[i].dimension, facts[i].unit));
      cJSON_AddStringToObject(q, "unit", facts[i].unit);
    }
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

/* ---- the block */

static bool is_good(const struct tgv_plating_outcome *o)
{
  return o->regime == TGV_PLATING_FILLED || o->regime == TGV_PLATING_BUTTERFLY;
}

static cJSON *solution(const struct tgv_filling *a)
{
  const struct tgv_plating_outcome *o = a->outcome;
  cJSON                            *s = cJSON_CreateObject(), *pictures;
  char                              regime[96];

  snprintf(regime, sizeof regime, "%s%s", tgv_plating_regime_name(o->regime),
           o->bistable ? " (bistable: another start ends differently)" : "");
  cJSON_AddStringToObject(s, "name", a->name);
  cJSON_AddStringToObject(s, "kind", a->front ? "front" : "depth");
  cJSON_AddStringToObject(s, "method", a->method);
  cJSON_AddStringToObject(s, "regime", regime);
  cJSON_AddBoolToObject(s, "good", is_good(o));
  cJSON_AddItemToObject(s, "facts", fact_list(o));
  pictures = cJSON_AddArrayToObject(s, "pictures");
  for (size_t i = 0; i < o->snapshots; i++) cJSON_AddItemToArray(pictures, picture(&o->snapshot[i]));
  return s;
}

static cJSON *lengths(const double *x, size_t n)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < n; i++) tgv_row_number(list, tgv_units_to(x[i], TGV_LENGTH, "um"));
  return list;
}

cJSON *tgv_filling_block(const struct tgv_plating_case *c, const struct tgv_filling *answers, size_t count)
{
  static const char *const ends[] = {"blind", "through", "sealed"};
  cJSON                   *b = tgv_block_of("filling", "The via while it fills"), *wall, *list;

  cJSON_AddNumberToObject(b, "depth", tgv_units_to(c->profile.z[c->profile.n - 1], TGV_LENGTH, "um"));
  cJSON_AddNumberToObject(b, "cell", tgv_units_to(c->cell_radius, TGV_LENGTH, "um"));
  cJSON_AddStringToObject(b, "ends", ends[c->ends]);
  wall = cJSON_AddObjectToObject(b, "wall");
  cJSON_AddItemToObject(wall, "z", lengths(c->profile.z, c->profile.n));
  cJSON_AddItemToObject(wall, "r", lengths(c->profile.r, c->profile.n));
  list = cJSON_AddArrayToObject(b, "solutions");
  for (size_t i = 0; i < count; i++) cJSON_AddItemToArray(list, solution(&answers[i]));
  return b;
}

/* ---- the page */

const double tgv_filling_balance_most = 0.01;

static cJSON *verdict(const struct tgv_filling *answers, size_t count)
{
  const struct tgv_plating_outcome *o = answers[0].outcome;
  cJSON                            *b = tgv_block_of("verdict", "");
  struct tgv_text                   t = {0};
  bool                              agreed = true;

  for (size_t i = 1; i < count; i++) agreed = agreed && answers[i].outcome->regime == o->regime;
  cJSON_AddStringToObject(b, "status",
                          !is_good(o)                                              ? "bad"
                          : agreed && fabs(o->balance) <= tgv_filling_balance_most ? "good"
                                                                                   : "warning");
  if (is_good(o))
    tgv_text_add(&t, "The via is full after %.3g min, without a void",
                 tgv_units_to(o->fill_time, TGV_TIME, "min"));
  else if (o->void_fraction > 0)
    tgv_text_add(&t, "The via traps a void of %.2g %% of its volume", 100 * o->void_fraction);
  else
    tgv_text_add(&t, "The via is not full: %.3g %% copper", 100 * o->fill);
  cJSON_AddStringToObject(b, "headline", t.data);
  tgv_text_release(&t);
  t = (struct tgv_text){0};
  tgv_text_add(&t, "Regime by %s: **%s**. ", answers[0].name, tgv_plating_regime_name(o->regime));
  for (size_t i = 1; i < count; i++)
    tgv_text_add(&t, "%s says **%s**. ", answers[i].name,
                 tgv_plating_regime_name(answers[i].outcome->regime));
  if (!agreed) tgv_text_add(&t, "They differ: near the boundary of a regime the first is the one to trust. ");
  if (fabs(o->balance) > tgv_filling_balance_most)
    tgv_text_add(&t, "**The copper of %s is off by %.2g %% of the charge**: take more cells (`--cells`). ",
                 answers[0].name, 100 * fabs(o->balance));
  if (o->regime == TGV_PLATING_BUTTERFLY)
    tgv_text_add(&t, "The copper met in the middle first and then rose to both faces.");
  cJSON_AddStringToObject(b, "detail", t.data);
  tgv_text_release(&t);
  cJSON_AddArrayToObject(b, "figures");
  return b;
}

static cJSON *row(const char *what, double value, const char *unit)
{
  cJSON *r = cJSON_CreateArray();

  tgv_row_text(r, what);
  tgv_row_number(r, value);
  tgv_row_text(r, unit);
  return r;
}

/* What was plated, and how. */
static cJSON *question(const struct tgv_plating_case *c)
{
  static const char *const       heads[][2] = {{"Quantity", "text"}, {"Value", "number"}, {"Unit", "unit"}};
  const struct tgv_plating_bath *bath = &c->bath;
  cJSON *b = tgv_block_of("table", "The via and the bath"), *columns = cJSON_AddArrayToObject(b, "columns");
  cJSON *rows = cJSON_AddArrayToObject(b, "rows");
  double drive = 0, time = 0;

  for (int i = 0; i < 3; i++) {
    cJSON *h = cJSON_CreateObject();

    cJSON_AddStringToObject(h, "label", heads[i][0]);
    cJSON_AddStringToObject(h, "kind", heads[i][1]);
    cJSON_AddItemToArray(columns, h);
  }
  for (size_t i = 0; i < c->segments; i++)
    drive += c->segment[i].value * c->segment[i].duration, time += c->segment[i].duration;
  drive /= time;
  cJSON_AddItemToArray(rows,
                       row("depth", tgv_units_to(c->profile.z[c->profile.n - 1], TGV_LENGTH, "um"), "um"));
  cJSON_AddItemToArray(rows,
                       row("diameter at the top", tgv_units_to(2 * c->profile.r[0], TGV_LENGTH, "um"), "um"));
  cJSON_AddItemToArray(rows, row("diameter of the cell of bath and face",
                                 tgv_units_to(2 * c->cell_radius, TGV_LENGTH, "um"), "um"));
  cJSON_AddItemToArray(rows, row("stirred layer", tgv_units_to(c->boundary_layer, TGV_LENGTH, "um"), "um"));
  cJSON_AddItemToArray(rows,
                       row("metal ion", tgv_units_to(bath->ion_bulk, TGV_CONCENTRATION, "mol/L"), "mol/L"));
  cJSON_AddItemToArray(
      rows, row("additive", tgv_units_to(bath->additive_bulk, TGV_CONCENTRATION, "umol/L"), "umol/L"));
  cJSON_AddItemToArray(rows,
                       c->galvanostatic
                           ? row("mean current density over the open faces",
                                 tgv_units_to(drive, TGV_CURRENT_DENSITY, "A/dm2"), "A/dm2")
                           : row("mean potential below rest", tgv_units_to(drive, TGV_VOLTAGE, "mV"), "mV"));
  cJSON_AddItemToArray(rows, row("segments of the waveform", (double)c->segments, ""));
  cJSON_AddItemToArray(rows, row("time of plating", tgv_units_to(c->time, TGV_TIME, "min"), "min"));
  return b;
}

static cJSON *section(const char *name, const char *title, cJSON *blocks)
{
  cJSON *o = cJSON_CreateObject();

  cJSON_AddStringToObject(o, "name", name);
  cJSON_AddStringToObject(o, "title", title);
  cJSON_AddItemToObject(o, "blocks", blocks);
  return o;
}

static void add_head(cJSON *page, const struct tgv_project *p, size_t group)
{
  const char *title = tgv_text(p, TGV_P_project_title);
  cJSON      *project;
  char        when[64], subtitle[512];
  time_t      now = time(NULL);
  struct tm   parts;

  gmtime_r(&now, &parts);
  strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &parts);
  snprintf(subtitle, sizeof subtitle, "The nominal via of group %s: %s",
           tgv_text_at(p, TGV_P_via_groups_name, group), title[0] ? title : tgv_text(p, TGV_P_project_name));
  cJSON_AddStringToObject(page, "format", "opentgv-report-1");
  cJSON_AddStringToObject(page, "title", "Copper fill of a via");
  cJSON_AddStringToObject(page, "subtitle", subtitle);
  cJSON_AddStringToObject(page, "generated", when);
  cJSON_AddStringToObject(page, "program", "tgv " TGV_VERSION);
  project = cJSON_AddObjectToObject(page, "project");
  cJSON_AddStringToObject(project, "name", tgv_text(p, TGV_P_project_name));
  cJSON_AddStringToObject(project, "file", tgv_project_file(p));
}

tgv_status tgv_filling_page(const struct tgv_project *p, size_t group, const struct tgv_plating_case *c,
                            const struct tgv_filling *answers, size_t count, const char *path)
{
  cJSON          *page = cJSON_CreateObject(), *list, *fill = cJSON_CreateArray(), *how = cJSON_CreateArray();
  tgv_status_code s;

  add_head(page, p, group);
  list = cJSON_AddArrayToObject(page, "sections");
  cJSON_AddItemToArray(fill, verdict(answers, count));
  cJSON_AddItemToArray(fill, tgv_filling_block(c, answers, count));
  cJSON_AddItemToArray(list, section("filling", "Copper fill", fill));
  cJSON_AddItemToArray(how, question(c));
  cJSON_AddItemToArray(list, section("question", "What was plated, and how", how));
  s = tgv_page_write(path, "Copper fill of a via", page);
  cJSON_Delete(page);
  return s;
}
