#include "cli/glass_print.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/listing.h"
#include "core/file.h"
#include "core/text.h"
#include "model/result.h"

static enum tgv_dimension dimension_of(enum tgv_glass_property p)
{
  return tgv_column_info(tgv_glass_property_info(p)->column)->dimension;
}

static const char *blank(const char *unit)
{
  return unit[0] ? " " : "";
}

static const char *band_unit(const struct tgv_glass_property_info *info)
{
  return strcmp(info->unit, "degC") == 0 ? "K" : info->unit;
}

const char *tgv_glass_value_print(const struct tgv_glass_value *v, char *buffer, size_t size)
{
  const struct tgv_glass_property_info *info = tgv_glass_property_info(v->model->property);

  buffer[0] = '\0';
  if (isfinite(v->value))
    snprintf(buffer, size, "%.4g%s%s", tgv_units_to(v->value, dimension_of(v->model->property), info->unit),
             blank(info->unit), info->unit);
  return buffer;
}

const char *tgv_glass_band_print(const struct tgv_glass_value *v, char *buffer, size_t size)
{
  const struct tgv_glass_property_info *info = tgv_glass_property_info(v->model->property);

  buffer[0] = '\0';
  if (v->model->band > 0)
    snprintf(buffer, size, "%.3g%s%s", v->model->band, blank(band_unit(info)), band_unit(info));
  return buffer;
}

/* ---- one glass */

static void add_value(struct tgv_listing *l, const struct tgv_glass_value *v)
{
  const struct tgv_glass_property_info *info = tgv_glass_property_info(v->model->property);
  char                                  value[64], band[64];

  tgv_glass_value_print(v, value, sizeof value);
  tgv_glass_band_print(v, band, sizeof band);
  if (value[0])
    tgv_listing_add(l, info->name, value, band, v->model->name, v->outside ? v->why : "inside",
                    v->model->source);
  else
    tgv_listing_add(l, info->name, "not known", "", v->model->name, v->why, v->model->source);
}

static void print_others(const struct tgv_formulation *f, const char *const *names)
{
  struct tgv_listing l = {0};

  tgv_listing_begin(&l, names);
  for (size_t i = 0; i < tgv_glass_model_count; i++) {
    struct tgv_glass_value v;

    tgv_glass_evaluate(&tgv_glass_models[i], &f->composition, f->density, &v);
    if (f->value[v.model->property].model != v.model && isfinite(v.value)) add_value(&l, &v);
  }
  if (l.rows > 0) tgv_listing_print(&l, "\nby other models");
  tgv_listing_release(&l);
}

static void print_nearest(const struct tgv_formulation *f, const struct tgv_nearest_glass *near)
{
  struct tgv_text t = {0};

  if (!isfinite(near->distance)) return;
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++) {
    struct tgv_glass_value known = f->value[p];
    char                   text[64];

    known.value = near->value[p];
    if (isfinite(known.value))
      tgv_text_add(&t, "%s%s %s", t.size ? ", " : "",
                   tgv_glass_property_info((enum tgv_glass_property)p)->name,
                   tgv_glass_value_print(&known, text, sizeof text));
  }
  printf("\nnearest glass of the library: %s, %.2g standard errors away in the %zu of E, density, cte, "
         "anneal and "
         "softening that are known (root mean square)\n",
         near->name, near->distance, near->compared);
  printf("  ");
  tgv_wrap_print(t.data ? t.data : "", 2, 2);
  tgv_text_release(&t);
}

tgv_status tgv_glass_print(const struct tgv_formulation *f, double Dk)
{
  static const char *const names[] = {"property", "value", "+-", "model", "window", "source", NULL};
  struct tgv_listing       l = {0};
  struct tgv_nearest_glass near;
  char                     oxides[400];

  TGV_TRY(tgv_glass_nearest(f->value, ".", &near));
  tgv_composition_print(&f->composition, oxides, sizeof oxides);
  printf("mol %%: %s\n\n", oxides);
  tgv_listing_begin(&l, names);
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++) add_value(&l, &f->value[p]);
  tgv_listing_print(&l, NULL);
  tgv_listing_release(&l);
  if (isfinite(Dk))
    printf("\nDk %.4g, scaled from the reference glass by Clausius and Mossotti; Df has no model\n", Dk);
  if (f->has_vft) {
    printf("\nlog10(viscosity/(Pa s)) = %.4g + %.5g K / (T - %.4g K)", f->vft.A, f->vft.B, f->vft.T0);
    if (f->vft.miss > 0)
      printf(", misses strain, anneal and softening by up to %.2g decades (T0 held at 0 K)\n", f->vft.miss);
    else
      printf(", through strain, anneal and softening\n");
  }
  if (isfinite(f->packing)) printf("packing density V_t %.4g\n", f->packing);
  print_others(f, names);
  print_nearest(f, &near);
  return TGV_OK;
}

/* ---- JSON */

static cJSON *value_json(const struct tgv_glass_value *v, bool chosen)
{
  const struct tgv_glass_model *m = v->model;
  cJSON                        *o = cJSON_CreateObject();

  cJSON_AddStringToObject(o, "property", tgv_glass_property_info(m->property)->name);
  cJSON_AddStringToObject(o, "model", m->name);
  cJSON_AddBoolToObject(o, "chosen", chosen);
  cJSON_AddStringToObject(o, "unit", tgv_dimension_si_unit(dimension_of(m->property)));
  tgv_json_number(o, "value", v->value);
  tgv_json_number(o, "error", v->band);
  cJSON_AddBoolToObject(o, "outside", v->outside);
  cJSON_AddStringToObject(o, "why", v->why);
  cJSON_AddStringToObject(o, "checked", m->checked);
  cJSON_AddStringToObject(o, "source", m->source);
  cJSON_AddStringToObject(o, "confidence", m->confidence);
  return o;
}

cJSON *tgv_glass_composition_json(const struct tgv_composition *c)
{
  cJSON *o = cJSON_CreateObject();

  for (int i = 0; i < TGV_OXIDE_COUNT; i++)
    if (c->x[i] > 0) cJSON_AddNumberToObject(o, tgv_oxide_symbol((enum tgv_oxide)i), c->x[i]);
  return o;
}

static cJSON *nearest_json(const struct tgv_nearest_glass *near)
{
  cJSON *o = cJSON_CreateObject(), *values;

  cJSON_AddStringToObject(o, "name", near->name);
  tgv_json_number(o, "distance", near->distance);
  cJSON_AddNumberToObject(o, "compared", (double)near->compared);
  values = cJSON_AddObjectToObject(o, "values");
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++)
    if (isfinite(near->value[p]))
      cJSON_AddNumberToObject(values, tgv_glass_property_info((enum tgv_glass_property)p)->name,
                              near->value[p]);
  return o;
}

tgv_status tgv_glass_json(const struct tgv_formulation *f, double Dk, cJSON **out)
{
  struct tgv_nearest_glass near;
  cJSON                   *o, *list;

  TGV_TRY(tgv_glass_nearest(f->value, ".", &near));
  o = cJSON_CreateObject();
  cJSON_AddItemToObject(o, "composition", tgv_glass_composition_json(&f->composition));
  list = cJSON_AddArrayToObject(o, "properties");
  for (size_t i = 0; i < tgv_glass_model_count; i++) {
    struct tgv_glass_value v;

    tgv_glass_evaluate(&tgv_glass_models[i], &f->composition, f->density, &v);
    cJSON_AddItemToArray(list, value_json(&v, f->value[v.model->property].model == v.model));
  }
  if (f->density > 0) cJSON_AddItemToArray(list, value_json(&f->value[TGV_GLASS_density], true));
  if (f->has_vft) {
    cJSON *vft = cJSON_AddObjectToObject(o, "vft");

    cJSON_AddNumberToObject(vft, "A", f->vft.A);
    cJSON_AddNumberToObject(vft, "B", f->vft.B);
    cJSON_AddNumberToObject(vft, "T0", f->vft.T0);
    cJSON_AddNumberToObject(vft, "miss", f->vft.miss);
  }
  tgv_json_number(o, "packing", f->packing);
  tgv_json_number(o, "Dk", Dk);
  if (isfinite(near.distance)) cJSON_AddItemToObject(o, "nearest", nearest_json(&near));
  *out = o;
  return TGV_OK;
}

/* ---- the table of models */

void tgv_glass_models_print(void)
{
  static const char *const names[] = {"property", "model", "+-", "confidence", "source", "checked", NULL};
  struct tgv_listing       l = {0};

  tgv_listing_begin(&l, names);
  for (size_t i = 0; i < tgv_glass_model_count; i++) {
    const struct tgv_glass_value v = {.model = &tgv_glass_models[i]};
    char                         band[64];

    tgv_listing_add(&l, tgv_glass_property_info(v.model->property)->name, v.model->name,
                    tgv_glass_band_print(&v, band, sizeof band), v.model->confidence, v.model->source,
                    v.model->checked);
  }
  tgv_listing_print(&l, NULL);
  tgv_listing_release(&l);
}

cJSON *tgv_glass_models_json(void)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < tgv_glass_model_count; i++) {
    const struct tgv_glass_model *m = &tgv_glass_models[i];
    cJSON                        *o = cJSON_CreateObject(), *factors;

    cJSON_AddStringToObject(o, "property", tgv_glass_property_info(m->property)->name);
    cJSON_AddStringToObject(o, "model", m->name);
    cJSON_AddStringToObject(o, "unit", tgv_glass_property_info(m->property)->unit);
    cJSON_AddNumberToObject(o, "constant", m->constant);
    factors = cJSON_AddObjectToObject(o, "per_mol_percent");
    for (int k = 0; k < 9; k++)
      if (isfinite(m->coefficient[k]) && !(k == 0 && strcmp(m->name, "appen") == 0))
        cJSON_AddNumberToObject(factors, tgv_oxide_symbol((enum tgv_oxide)k), m->coefficient[k]);
    cJSON_AddNumberToObject(o, "error", m->band);
    cJSON_AddStringToObject(o, "window", tgv_glass_window(m));
    cJSON_AddStringToObject(o, "checked", m->checked);
    cJSON_AddStringToObject(o, "source", m->source);
    cJSON_AddStringToObject(o, "confidence", m->confidence);
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

/* ---- a file of the library */

/* In double quotes, as YAML reads it. */
static void add_quoted(struct tgv_text *t, const char *text)
{
  tgv_text_append(t, "\"", 1);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') tgv_text_append(t, "\\", 1);
    tgv_text_append(t, (unsigned char)*text < ' ' ? " " : text, 1);
  }
  tgv_text_append(t, "\"", 1);
}

static void add_key(struct tgv_text *t, const struct tgv_glass_value *v)
{
  const enum tgv_param key = tgv_glass_library_key(v->model->property);
  char                 value[64], band[64], note[200];

  if (key == TGV_P_END || !isfinite(v->value)) return;
  tgv_text_add(t, "  %s: {value: %s, class: derived, source: ", tgv_param_info(key)->key,
               tgv_glass_value_print(v, value, sizeof value));
  add_quoted(t, v->model->source);
  tgv_text_add(t, ", confidence: ");
  add_quoted(t, v->model->confidence);
  snprintf(note, sizeof note, "standard error %s; %s", tgv_glass_band_print(v, band, sizeof band),
           v->outside ? v->why : "inside the window of the model");
  tgv_text_add(t, ", note: ");
  add_quoted(t, note);
  tgv_text_add(t, "}\n");
}

tgv_status tgv_glass_write(const struct tgv_formulation *f, const char *name, const char *path)
{
  struct tgv_text t = {0};
  char            oxides[400];
  tgv_status_code s;

  tgv_composition_print(&f->composition, oxides, sizeof oxides);
  tgv_text_add(&t, "# A glass by formula, written by tgv glass. What is not given here is unknown.\nglass:\n"
                   "  class: derived\n  source: \"tgv glass\"\n  name: ");
  add_quoted(&t, name);
  tgv_text_add(&t, "\n  kind: \"glass by formula\"\n  composition: ");
  add_quoted(&t, oxides);
  tgv_text_add(&t, "\n");
  if (f->density > 0) {
    char text[64];

    tgv_text_add(&t, "  density: {value: %s, class: reported, source: \"given to tgv glass as measured\"}\n",
                 tgv_units_print(text, sizeof text, f->density, TGV_DENSITY, NULL));
  }
  for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++)
    if (p != TGV_GLASS_density || !(f->density > 0)) add_key(&t, &f->value[p]);
  s = tgv_file_write(path, t.data, t.size);
  tgv_text_release(&t);
  return s;
}

/* ---- what was found */

/* The properties that were asked for, then E, cte, softening if there is room. */
static size_t columns_of(const struct tgv_glass_search *s, enum tgv_glass_property p[8])
{
  static const enum tgv_glass_property others[] = {TGV_GLASS_E, TGV_GLASS_cte, TGV_GLASS_density,
                                                   TGV_GLASS_softening};
  bool                                 seen[TGV_GLASS_PROPERTY_COUNT] = {false};
  size_t                               n = 0;

  for (size_t i = 0; i < s->wishes && n < 8; i++)
    if (s->wish[i].property < TGV_GLASS_PROPERTY_COUNT && !seen[s->wish[i].property])
      seen[p[n++] = s->wish[i].property] = true;
  for (size_t i = 0; i < s->aims && n < 8; i++)
    if (s->aim[i].sign && !seen[s->aim[i].property]) seen[p[n++] = s->aim[i].property] = true;
  for (size_t i = 0; i < 4 && n < 8; i++)
    if (!seen[others[i]]) seen[p[n++] = others[i]] = true;
  return n;
}

static double smallest_margin(const struct tgv_glass_search *s, const struct tgv_glass_found *f)
{
  double least = (double)INFINITY;

  for (size_t i = 0; i < s->wishes; i++) least = fmin(least, f->margin[i]);
  return least;
}

static void print_row(const struct tgv_glass_search *s, const struct tgv_glass_found *f, size_t number,
                      const enum tgv_glass_property p[8], size_t n)
{
  const double least = smallest_margin(s, f);
  char         oxides[400];

  tgv_composition_print(&f->glass.composition, oxides, sizeof oxides);
  printf("%2zu  ", number);
  for (size_t i = 0; i < n; i++) {
    const struct tgv_glass_property_info *info = tgv_glass_property_info(p[i]);

    char value[32] = "?";

    if (isfinite(f->glass.value[p[i]].value))
      snprintf(value, sizeof value, "%.4g",
               tgv_units_to(f->glass.value[p[i]].value, dimension_of(p[i]), info->unit));
    printf("%*s%c ", (int)(strlen(info->name) + strlen(info->unit) + 1), value,
           f->glass.value[p[i]].outside ? '*' : ' ');
  }
  if (s->wishes > 0)
    printf("%6.2f  %s\n", fabs(least) < 0.005 ? 0.0 : least, oxides);
  else
    printf("%6s  %s\n", "", oxides);
}

void tgv_glass_found_print(const struct tgv_glass_search *s, const struct tgv_glass_found *found, size_t n)
{
  enum tgv_glass_property p[8];
  const size_t            columns = columns_of(s, p);
  bool                    outside = false;

  printf("    ");
  for (size_t i = 0; i < columns; i++) {
    const struct tgv_glass_property_info *info = tgv_glass_property_info(p[i]);

    printf("%s/%s%s", info->name, info->unit[0] ? info->unit : "1", info->unit[0] ? "  " : " ");
  }
  printf("margin  mol %%\n");
  for (size_t i = 0; i < n; i++) print_row(s, &found[i], i + 1, p, columns);
  printf("\nstandard errors of the models:");
  for (size_t i = 0; i < columns; i++) {
    char text[64];

    printf(" %s %s%s", tgv_glass_property_info(p[i])->name,
           tgv_glass_band_print(&found[0].glass.value[p[i]], text, sizeof text),
           i + 1 < columns ? "," : "\n");
  }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < columns; k++) outside |= found[i].glass.value[p[k]].outside;
  if (outside) printf("*: outside of the window of its model\n");
  printf("margin: how far the tightest wish is kept, in standard errors (for an oxide in mol %%)\n");
}

cJSON *tgv_glass_found_json(const struct tgv_glass_search *s, const struct tgv_glass_found *found, size_t n)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < n; i++) {
    cJSON *o = cJSON_CreateObject(), *values, *margins;

    cJSON_AddItemToObject(o, "composition", tgv_glass_composition_json(&found[i].glass.composition));
    values = cJSON_AddArrayToObject(o, "properties");
    for (int p = 0; p < TGV_GLASS_PROPERTY_COUNT; p++)
      cJSON_AddItemToArray(values, value_json(&found[i].glass.value[p], true));
    margins = cJSON_AddArrayToObject(o, "margins");
    for (size_t k = 0; k < s->wishes; k++) tgv_row_number(margins, found[i].margin[k]);
    cJSON_AddItemToArray(list, o);
  }
  return list;
}
