#include "process/glass_models.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/problems.h"
#include "core/text.h"

#define none (double)NAN
#define appen (-1.0) /* the coefficient that depends on its own oxide */

static const struct oxide {
  const char *symbol;
  double      mass, G, V, polarizability; /* as in oxides.def */
} oxides[] = {
#define OXIDE(symbol, mass, G, V, polarizability) {#symbol, mass, G, V, polarizability},
#include "process/oxides.def"
#undef OXIDE
};

enum { COEFFICIENTS = 9 }; /* the first oxides of the list */

enum window {
#define GLASS_PROPERTY(...)
#define GLASS_WINDOW(name, ...) WINDOW_##name,
#define GLASS_MODEL(...)
#include "process/glass_models.def"
#undef GLASS_WINDOW
#undef GLASS_MODEL
};

enum { LIMITED = 7 }; /* oxides with limits of their own; then those of the alkali together */

static const struct limits {
  double      limit[LIMITED + 1][2]; /* mol % */
  const char *words;
} windows[] = {
#define GLASS_WINDOW(name, a, A, b, B, c, C, d, D, e, E, f, F, g, G, r, R, words)                            \
  {{{a, A}, {b, B}, {c, C}, {d, D}, {e, E}, {f, F}, {g, G}, {r, R}}, words},
#define GLASS_MODEL(...)
#include "process/glass_models.def"
#undef GLASS_WINDOW
#undef GLASS_MODEL
};

const struct tgv_glass_model tgv_glass_models[] = {
#define GLASS_WINDOW(...)
#define GLASS_MODEL(property, name, kind, window, band, constant, a, b, c, d, e, f, g, h, i, checked,        \
                    source, confidence)                                                                      \
  {TGV_GLASS_##property,        #name,   TGV_GLASS_##kind, WINDOW_##window, band, constant,                  \
   {a, b, c, d, e, f, g, h, i}, checked, source,           confidence},
#include "process/glass_models.def"
#undef GLASS_PROPERTY
#undef GLASS_WINDOW
#undef GLASS_MODEL
};

const size_t tgv_glass_model_count = sizeof tgv_glass_models / sizeof *tgv_glass_models;

const struct tgv_glass_model tgv_glass_density_given = {.property = TGV_GLASS_density,
                                                        .name = "given",
                                                        .kind = TGV_GLASS_LINEAR,
                                                        .window = WINDOW_any,
                                                        .checked = "as measured",
                                                        .source = "given as measured",
                                                        .confidence = "the user's"};

static const struct tgv_glass_property_info properties[] = {
#define GLASS_PROPERTY(name, column, unit, title) {#name, unit, title, TGV_C_##column},
#define GLASS_WINDOW(...)
#define GLASS_MODEL(...)
#include "process/glass_models.def"
#undef GLASS_PROPERTY
#undef GLASS_WINDOW
#undef GLASS_MODEL
};

const struct tgv_glass_property_info *tgv_glass_property_info(enum tgv_glass_property p)
{
  TGV_BUG_IF((unsigned)p >= TGV_GLASS_PROPERTY_COUNT);
  return &properties[p];
}

/* ---- compositions */

const char *tgv_oxide_symbol(enum tgv_oxide o)
{
  TGV_BUG_IF((unsigned)o >= TGV_OXIDE_COUNT);
  return oxides[o].symbol;
}

enum tgv_oxide tgv_oxide_find(const char *symbol)
{
  int o = 0;

  while (o < TGV_OXIDE_COUNT && strcmp(oxides[o].symbol, symbol) != 0) o++;
  return (enum tgv_oxide)o;
}

tgv_status tgv_composition_make(const double given[TGV_OXIDE_COUNT], bool weight, struct tgv_composition *out)
{
  double sum = 0, moles = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++) {
    if (!(given[o] >= 0))
      return tgv_fail(TGV_INPUT, "%s of %.6g %% is below 0", oxides[o].symbol, 100 * given[o]);
    sum += given[o];
    moles += given[o] / oxides[o].mass;
  }
  if (sum < 0.98 || sum > 1.02)
    return tgv_fail(TGV_INPUT, "the oxides sum to %.6g %%; 98 to 102 %% is needed", 100 * sum);
  for (int o = 0; o < TGV_OXIDE_COUNT; o++)
    out->x[o] = weight ? given[o] / oxides[o].mass / moles * sum : given[o];
  return TGV_OK;
}

/* One "SiO2=67.7". */
static tgv_status read_oxide(const char *word, double given[TGV_OXIDE_COUNT])
{
  const char    *names[TGV_OXIDE_COUNT + 1] = {0}, *sign = strchr(word, '='), *nearest;
  char           symbol[16];
  enum tgv_oxide o;
  double         value;

  if (!sign) return tgv_fail(TGV_INPUT, "\"%.40s\" is no oxide with its percentage, such as SiO2=67.7", word);
  snprintf(symbol, sizeof symbol, "%.*s", (int)(sign - word), word);
  o = tgv_oxide_find(symbol);
  if (o == TGV_OXIDE_COUNT) {
    for (int i = 0; i < TGV_OXIDE_COUNT; i++) names[i] = oxides[i].symbol;
    nearest = tgv_nearest(symbol, names);
    return tgv_fail(TGV_INPUT, "there is no oxide \"%s\"%s%s%s", symbol, nearest ? ", did you mean \"" : "",
                    nearest ? nearest : "", nearest ? "\"?" : "");
  }
  if (given[o] > 0) return tgv_fail(TGV_INPUT, "%s is given twice", symbol);
  TGV_TRY_NOTE(tgv_units_read(sign + 1, TGV_FRACTION, &value), "reading the percentage of %s", symbol);
  if (!strchr(sign, '%')) value = tgv_units_from(value, TGV_FRACTION, "%");
  if (!(value >= 0 && value <= 1))
    return tgv_fail(TGV_INPUT, "%s of %s is not from 0 to 100 %%", symbol, sign + 1);
  given[o] = value;
  return TGV_OK;
}

tgv_status tgv_composition_read(const char *text, bool weight, struct tgv_composition *out)
{
  double          given[TGV_OXIDE_COUNT] = {0};
  char           *copy = tgv_text_copy(text), *state = NULL;
  tgv_status_code s = TGV_OK;

  for (char *word = strtok_r(copy, " ,\t\n", &state); word && !s; word = strtok_r(NULL, " ,\t\n", &state))
    s = read_oxide(word, given);
  free(copy);
  return s ? s : tgv_composition_make(given, weight, out);
}

void tgv_composition_print(const struct tgv_composition *c, char *buffer, size_t size)
{
  struct tgv_text t = {0};

  for (int o = 0; o < TGV_OXIDE_COUNT; o++)
    if (c->x[o] >= 5e-5) tgv_text_add(&t, "%s%s=%.4g", t.size ? " " : "", oxides[o].symbol, 100 * c->x[o]);
  snprintf(buffer, size, "%s", t.data ? t.data : "");
  tgv_text_release(&t);
}

static double sum_of(const struct tgv_composition *c)
{
  double sum = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++) sum += c->x[o];
  return sum;
}

/* kg/mol of the glass as a mixture of its oxides */
static double molar_mass(const struct tgv_composition *c)
{
  double sum = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++) sum += c->x[o] * oxides[o].mass;
  return sum / sum_of(c) / 1000.0; /* g to kg; no unit of a quantity */
}

/* ---- models */

const struct tgv_glass_model *tgv_glass_model_find(enum tgv_glass_property p, const char *name)
{
  for (size_t i = 0; i < tgv_glass_model_count; i++)
    if (tgv_glass_models[i].property == p && (!name || strcmp(tgv_glass_models[i].name, name) == 0))
      return &tgv_glass_models[i];
  return NULL;
}

const char *tgv_glass_window(const struct tgv_glass_model *m)
{
  return windows[m->window].words;
}

static double trace(void)
{
  return 0.003; /* of an oxide that a window does not name */
}

void tgv_glass_limits(const struct tgv_glass_model *m, enum tgv_oxide o, double limit[2])
{
  const struct limits *w = &windows[m->window];
  const int            i = (int)o < LIMITED ? (int)o : o <= TGV_Li2O ? LIMITED : -1;

  limit[0] = i >= 0 ? w->limit[i][0] / 100 : 0;
  limit[1] = i >= 0 ? w->limit[i][1] / 100 : m->window == WINDOW_any ? 1 : trace();
}

static void judge(const struct tgv_glass_model *m, const struct tgv_composition *c, struct tgv_glass_value *v)
{
  const double slack = 1e-9;
  double       alkali = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT && !v->outside; o++) {
    const bool is_alkali = o == TGV_Na2O || o == TGV_K2O || o == TGV_Li2O;
    double     limit[2], x = c->x[o];

    if (is_alkali) x = alkali += x;
    tgv_glass_limits(m, (enum tgv_oxide)o, limit);
    if (x >= limit[0] - slack && x <= limit[1] + slack) continue;
    v->outside = true;
    snprintf(v->why, sizeof v->why, "%s of %.4g %% is %s %.4g %%", is_alkali ? "R2O" : oxides[o].symbol,
             100 * x, x < limit[0] ? "below" : "above", 100 * (x < limit[0] ? limit[0] : limit[1]));
  }
}

/* Appen's factor of SiO2, per mol %: constant to 67 %, then falling linearly. */
static double silica_factor(double percent)
{
  return percent <= 67 ? 0.038 : 0.038 - (0.038 - 0.005) * (percent - 67) / (100 - 67);
}

/* The linear sum in the unit of the table; NAN if an oxide that is there in more than traces is unknown to the model. */
static double sum_up(const struct tgv_glass_model *m, const struct tgv_composition *c)
{
  double sum = m->constant;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++) {
    double percent = 100 * c->x[o], factor = o < COEFFICIENTS ? m->coefficient[o] : none;

    if (!(percent > 0)) continue;
    if (isnan(factor)) {
      if (c->x[o] > trace()) return none;
      continue;
    }
    if (factor == appen && m->window == WINDOW_silicate) factor = silica_factor(percent);
    sum += factor * percent;
  }
  return sum;
}

static double density_of(const struct tgv_composition *c, double given)
{
  struct tgv_glass_value v;

  if (given > 0) return given;
  tgv_glass_evaluate(tgv_glass_model_find(TGV_GLASS_density, NULL), c, 0, &v);
  return v.value;
}

double tgv_glass_packing(const struct tgv_composition *c, double density)
{
  double volume = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++) volume += c->x[o] * oxides[o].V;
  return density_of(c, density) / molar_mass(c) *
         tgv_units_from(volume / sum_of(c), TGV_MOLAR_VOLUME, "cm3/mol");
}

static double packed(const struct tgv_glass_model *m, const struct tgv_composition *c, double density)
{
  const double packing = tgv_glass_packing(c, density);
  double       G = 0;

  if (m->property == TGV_GLASS_nu) return 0.5 - 1 / (7.2 * packing);
  for (int o = 0; o < TGV_OXIDE_COUNT; o++) G += c->x[o] * oxides[o].G;
  return 2 * packing * G / sum_of(c); /* kJ/cm3 are GPa */
}

void tgv_glass_evaluate(const struct tgv_glass_model *m, const struct tgv_composition *c, double density,
                        struct tgv_glass_value *out)
{
  const struct tgv_glass_property_info *info = &properties[m->property];
  const enum tgv_dimension              d = tgv_column_info(info->column)->dimension;
  const bool                            point = d == TGV_TEMPERATURE;
  double                                value;

  *out = (struct tgv_glass_value){.model = m};
  judge(m, c, out);
  value = m->kind == TGV_GLASS_PACKED ? packed(m, c, density) : sum_up(m, c);
  out->value = tgv_units_from(value, d, info->unit);
  if (m->kind == TGV_GLASS_VOLUME)
    out->value = molar_mass(c) / tgv_units_from(value / 100 / sum_of(c), TGV_MOLAR_VOLUME, "cm3/mol");
  out->band = point ? m->band : tgv_units_from(m->band, d, info->unit);
}

/* ---- viscosity, permittivity */

enum { FIXED_POINTS = 3 };
static const double decades[FIXED_POINTS] = {13.5, 12,
                                             6.65}; /* log10 of Pa s: strain, annealing, softening (ASTM) */

/* A + B/T by least squares. */
static void fit_arrhenius(const double T[FIXED_POINTS], struct tgv_vft *out)
{
  double u = 0, L = 0, uu = 0, uL = 0;

  for (int i = 0; i < FIXED_POINTS; i++) u += 1 / T[i] / FIXED_POINTS, L += decades[i] / FIXED_POINTS;
  for (int i = 0; i < FIXED_POINTS; i++) {
    uu += (1 / T[i] - u) * (1 / T[i] - u);
    uL += (1 / T[i] - u) * (decades[i] - L);
  }
  *out = (struct tgv_vft){.B = uL / uu};
  out->A = L - out->B * u;
  for (int i = 0; i < FIXED_POINTS; i++)
    out->miss = fmax(out->miss, fabs(out->A + out->B / T[i] - decades[i]));
}

bool tgv_vft_through(double strain, double anneal, double softening, struct tgv_vft *out)
{
  const double T[FIXED_POINTS] = {strain, anneal, softening};
  const double ratio = (decades[0] - decades[1]) / (decades[1] - decades[2]);
  const double c = ratio * (softening - anneal) / (anneal - strain); /* (softening - T0) / (strain - T0) */

  if (!(strain > 0 && strain < anneal && anneal < softening)) return false;
  *out = (struct tgv_vft){.T0 = (c * strain - softening) / (c - 1)};
  if (!(c > 1 && out->T0 >= 0)) {
    fit_arrhenius(T, out);
    return true;
  }
  out->B = (decades[0] - decades[2]) / (1 / (strain - out->T0) - 1 / (softening - out->T0));
  out->A = decades[0] - out->B / (strain - out->T0);
  return true;
}

/* Polarizability of a mean formula unit, A3; NAN if one is not known. */
static double polarizability(const struct tgv_composition *c)
{
  double sum = 0;

  for (int o = 0; o < TGV_OXIDE_COUNT; o++) {
    if (!(oxides[o].polarizability > 0) && c->x[o] > trace()) return none;
    sum += c->x[o] * oxides[o].polarizability;
  }
  return sum / sum_of(c);
}

double tgv_glass_permittivity(const struct tgv_composition *c, double density,
                              const struct tgv_composition *reference, double reference_density,
                              double reference_Dk)
{
  double here = polarizability(c) * density_of(c, density) / molar_mass(c);
  double there = polarizability(reference) * density_of(reference, reference_density) / molar_mass(reference);
  double K = (reference_Dk - 1) / (reference_Dk + 2) * here / there;

  return K < 1 ? (1 + 2 * K) / (1 - K) : none;
}
