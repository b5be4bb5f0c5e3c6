#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/glass_print.h"
#include "core/file.h"
#include "core/text.h"

/* ---- options */

/* --model E=huber */
static tgv_status choose_models(const struct tgv_arguments *a, struct tgv_formulation *f)
{
  const char    **given = tgv_allocate(a->given_count + 1, sizeof *given);
  size_t          n = tgv_option_values(a, "model", given);
  tgv_status_code s = TGV_OK;

  for (size_t i = 0; i < n && !s; i++) {
    const char                   *sign = strchr(given[i], '=');
    const struct tgv_glass_model *m;
    enum tgv_glass_property       p;
    char                          name[40];

    if (!sign) {
      s = tgv_fail(TGV_INPUT, "--model %s: PROPERTY=NAME is expected, such as E=huber", given[i]);
      break;
    }
    snprintf(name, sizeof name, "%.*s", (int)(sign - given[i]), given[i]);
    s = tgv_glass_property_find(name, &p);
    if (s) break;
    m = tgv_glass_model_find(p, sign + 1);
    if (m)
      f->chosen[p] = m->name;
    else
      s = tgv_fail(TGV_INPUT, "there is no model \"%s\" of %s (tgv glass --models)", sign + 1, name);
  }
  free(given);
  return s;
}

static tgv_status read_density(const struct tgv_arguments *a, struct tgv_formulation *f)
{
  const char *text = tgv_option_value(a, "density");

  if (!text) return TGV_OK;
  TGV_TRY_NOTE(tgv_units_read(text, TGV_DENSITY, &f->density), "reading --density");
  if (!(f->density > 0)) return tgv_fail(TGV_INPUT, "--density %s is not above 0", text);
  return TGV_OK;
}

/* What --write needs: the name of a glass from that of the file, "low_cte" from glasses/low_cte.yaml. */
static tgv_status write_file(const struct tgv_arguments *a, const struct tgv_formulation *f)
{
  const char *path = tgv_option_value(a, "write"), *name = tgv_option_value(a, "name"), *slash;
  size_t      n;
  char        base[80];

  if (!path) return TGV_OK;
  slash = strrchr(path, '/');
  slash = slash ? slash + 1 : path;
  n = strlen(slash);
  if (n < 6 || strcmp(slash + n - 5, ".yaml") != 0)
    return tgv_fail(TGV_INPUT, "--write %s: a name that ends with .yaml is expected", path);
  if (!isfinite(f->value[TGV_GLASS_cte].value))
    return tgv_fail(
        TGV_INPUT,
        "the CTE of this glass is not known to the model \"%s\", and a glass of the library needs it (try "
        "--model cte=appen)",
        f->value[TGV_GLASS_cte].model->name);
  snprintf(base, sizeof base, "%.*s", (int)(n - 5), slash);
  TGV_TRY(tgv_glass_write(f, name ? name : base, path));
  if (!a->json && !a->quiet)
    printf("\nwritten to %s; a project whose file lies beside its folder glasses finds it there as \"%s\"\n",
           path, name ? name : base);
  return TGV_OK;
}

/* ---- properties of one glass */

static tgv_status show(const struct tgv_arguments *a, struct tgv_formulation *f)
{
  const char     *reference = tgv_option_value(a, "reference");
  struct tgv_text oxides = {0};
  double          Dk = (double)NAN;
  tgv_status_code s;

  for (size_t i = 0; i < a->count; i++) tgv_text_add(&oxides, "%s ", a->plain[i]);
  s = tgv_composition_read(oxides.data, tgv_option_given(a, "weight"), &f->composition);
  tgv_text_release(&oxides);
  if (s) return s;
  tgv_formulation_evaluate(f);
  if (reference) TGV_TRY(tgv_glass_scaled_Dk(&f->composition, f->density, reference, ".", &Dk));
  if (a->json) {
    cJSON *o;

    TGV_TRY(tgv_glass_json(f, Dk, &o));
    tgv_json_print(o);
  } else if (!a->quiet) {
    TGV_TRY(tgv_glass_print(f, Dk));
  }
  return write_file(a, f);
}

/* ---- search */

static tgv_status read_wishes(const struct tgv_arguments *a, struct tgv_glass_search *s)
{
  const char    **given = tgv_allocate(a->given_count + 1, sizeof *given);
  tgv_status_code status = TGV_OK;

  s->wishes = tgv_option_values(a, "find", given);
  if (s->wishes > TGV_WISHES_MAX)
    status = tgv_fail(TGV_INPUT, "%zu wishes are too many, at most %d", s->wishes, (int)TGV_WISHES_MAX);
  for (size_t i = 0; i < s->wishes && !status; i++) status = tgv_glass_wish_read(given[i], &s->wish[i]);
  free(given);
  return status;
}

static tgv_status read_aims(const struct tgv_arguments *a, const char *option, int sign,
                            struct tgv_glass_search *s)
{
  const char    **given = tgv_allocate(a->given_count + 1, sizeof *given);
  size_t          n = tgv_option_values(a, option, given);
  tgv_status_code status = TGV_OK;

  for (size_t i = 0; i < n && !status; i++) {
    struct tgv_glass_aim *aim = &s->aim[s->aims];

    if (s->aims == TGV_AIMS_MAX) {
      status = tgv_fail(TGV_INPUT, "at most %d properties can be traded off", (int)TGV_AIMS_MAX);
      break;
    }
    aim->sign = sign;
    status = tgv_glass_property_find(given[i], &aim->property);
    s->aims++;
  }
  free(given);
  return status;
}

/* --oxides SiO2,Al2O3,MgO; the seven of the alkali-free models if not given */
static tgv_status read_oxides(const struct tgv_arguments *a, struct tgv_glass_search *s)
{
  const char     *text = tgv_option_value(a, "oxides");
  char           *copy, *state = NULL;
  tgv_status_code status = TGV_OK;

  s->use[TGV_SiO2] = true;
  if (!text) {
    for (int o = TGV_Al2O3; o <= TGV_BaO; o++) s->use[o] = true;
    return TGV_OK;
  }
  copy = tgv_text_copy(text);
  for (char *word = strtok_r(copy, " ,", &state); word && !status; word = strtok_r(NULL, " ,", &state)) {
    const enum tgv_oxide o = tgv_oxide_find(word);

    if (o == TGV_OXIDE_COUNT)
      status = tgv_fail(TGV_INPUT, "there is no oxide \"%s\"", word);
    else
      s->use[o] = true;
  }
  free(copy);
  return status;
}

static tgv_status tell(const struct tgv_arguments *a, const struct tgv_glass_search *s,
                       const struct tgv_glass_found *found, size_t n, bool feasible)
{
  long pick = 1;

  TGV_TRY(tgv_option_count(a, "pick", 1, &pick));
  if ((size_t)pick > n) return tgv_fail(TGV_INPUT, "--pick %ld: there are %zu compositions", pick, n);
  if (a->json) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddBoolToObject(o, "feasible", feasible);
    cJSON_AddItemToObject(o, "compositions", tgv_glass_found_json(s, found, n));
    tgv_json_print(o);
  } else if (!a->quiet) {
    if (!feasible)
      printf("no composition in the window of the models keeps all wishes; this one breaks them least:\n\n");
    tgv_glass_found_print(s, found, n);
  }
  if (!feasible) return TGV_FAILED;
  return write_file(a, &found[pick - 1].glass);
}

/* What belongs to one composition means nothing to a search. */
static tgv_status refuse_options(const struct tgv_arguments *a)
{
  static const char *const names[] = {"weight", "density", "reference"};

  if (a->count > 0)
    return tgv_fail(TGV_INPUT, "a composition (%s) and --find do not go together", a->plain[0]);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tgv_option_given(a, names[i]))
      return tgv_fail(TGV_INPUT, "--%s is for one composition, it does not go together with a search",
                      names[i]);
  return TGV_OK;
}

static tgv_status find(const struct tgv_arguments *a, const struct tgv_formulation *base)
{
  struct tgv_glass_search s = {.base = *base};
  struct tgv_glass_found *found;
  size_t                  n;
  bool                    feasible;
  long                    count = 8, seed = 1;
  tgv_status_code         status;

  TGV_TRY(refuse_options(a));
  TGV_TRY(read_wishes(a, &s));
  TGV_TRY(read_aims(a, "minimize", 1, &s));
  TGV_TRY(read_aims(a, "maximize", -1, &s));
  TGV_TRY(read_oxides(a, &s));
  TGV_TRY(tgv_option_count(a, "count", 1, &count));
  TGV_TRY(tgv_option_count(a, "seed", 0, &seed));
  s.most = (size_t)count, s.seed = (uint64_t)seed;
  TGV_TRY(tgv_glass_search(&s, &found, &n, &feasible));
  tgv_error_clear();
  status = tell(a, &s, found, n, feasible);
  free(found);
  return status;
}

static tgv_status run_glass(const struct tgv_arguments *a)
{
  struct tgv_formulation f = {0};

  if (tgv_option_given(a, "models")) {
    if (a->json) {
      cJSON *o = cJSON_CreateObject();

      cJSON_AddItemToObject(o, "models", tgv_glass_models_json());
      tgv_json_print(o);
    } else {
      tgv_glass_models_print();
    }
    return TGV_OK;
  }
  TGV_TRY(choose_models(a, &f));
  TGV_TRY(read_density(a, &f));
  if (tgv_option_given(a, "find") || tgv_option_given(a, "minimize") || tgv_option_given(a, "maximize"))
    return find(a, &f);
  if (a->count == 0)
    return tgv_fail(TGV_INPUT, "a composition is missing, such as SiO2=67.7 Al2O3=11 ..., or --find");
  return show(a, &f);
}

const struct tgv_command tgv_command_glass = {
    .name = "glass",
    .title = "properties of a glass from its composition, and compositions from properties",
    .usage = "[OXIDE=PERCENT...]",
    .description = "Prints the properties that published models give a glass of this composition (mol %), "
                   "each with its standard error, "
                   "model and source, what other models say, and the nearest glass of the library. A "
                   "composition outside the window "
                   "of a model is told.\n\n"
                   "With --find it looks for compositions, inside the windows of the models: a wish is a "
                   "property or an oxide with a limit "
                   "or a target. The table shows distinct compositions that cannot be bettered in one "
                   "respect without loss in another "
                   "(Pareto set): the margins of the wishes, or the properties of --minimize and --maximize. "
                   "The exit code is 1 if no "
                   "composition keeps all wishes.\n\n"
                   "Properties: E, nu, density, cte, strain, anneal, softening, isokom, k, cp, nd.",
    .examples =
        "tgv glass SiO2=67.7 Al2O3=11 B2O3=9.8 MgO=2.3 CaO=8.8 SrO=0.5\n"
        "tgv glass --find \"cte = 3.4 +- 0.2 ppm/K\" --find \"E > 78 GPa\" --find \"softening < 980 degC\"\n"
        "tgv glass --find \"cte < 3.5 ppm/K\" --maximize E --minimize softening --write glasses/stiff.yaml",
    .options =
        (const struct tgv_option[]){
            {"weight", NULL, "the percentages are of weight, not of moles"},
            {"density", "DENSITY", "measured density, for the models that need it"},
            {"model", "PROPERTY=NAME", "takes another model for a property; may be repeated"},
            {"models", NULL, "list all models with errors, checks and sources"},
            {"reference", "GLASS", "scale Dk from this glass of the library"},
            {"find", "WISH", "a limit or a target that the glass must keep; may be repeated"},
            {"minimize", "PROPERTY", "trade this property off: small is good; may be repeated"},
            {"maximize", "PROPERTY", "the same: large is good"},
            {"oxides", "LIST", "oxides that may be used; SiO2,Al2O3,B2O3,MgO,CaO,SrO,BaO if not given"},
            {"count", "N", "at most so many compositions, 8 if not given"},
            {"seed", "N", "seed of the search, 1 if not given"},
            {"write", "FILE.yaml", "write a glass of the library: the composition given, or the one found"},
            {"pick", "N", "which of those found is written, the first if not given"},
            {"name", "NAME", "name of the glass that is written; that of the file if not given"},
            {NULL, NULL, NULL},
        },
    .least = 0,
    .most = TGV_OXIDE_COUNT,
    .run = run_glass,
};
