/** # Adhesion of the metal films

## Model
A film under the stress $\sigma$ gives back energy where it comes off: per area of the interface

$$ G = Z \sum_i \frac{(1 - \nu_i) \, \sigma_i^2 \, h_i}{E_i}, \qquad
   \sigma_i(T) = \sigma_{0,i} + \frac{E_i}{1 - \nu_i} (\alpha_i - \alpha_g)(T_i - T), $$

over its layers: titanium, copper of the seed, plated copper. $\sigma_0$ is the intrinsic stress, $T_i$ the temperature at which the layer was
laid down, $\alpha_g$ that of the glass; the stress of a metal whose yield stress is known ends there. $Z = 1$ is all of the stored energy
(equal stress in both directions), $Z = (1 + \nu)/2$ what a long straight edge releases. The larger $G$ of the two temperatures counts,
and is compared with the toughness $G_c$ of the interface on the face and on the wall: the margin is $G_c / G$, and below 1 a flaw at an
edge runs. The critical thickness is that of plated copper at which $G = G_c$.

The seed alone is judged at the lower temperature too, as it waits for plating. On the wall the film is taken as thick as on the field,
which is more than it is; a via that is filled solid is no film (give `plated_wall` for a lining only).

## Valid for
Films thin beside the glass and beside the radius of the via; a stiff glass.

## Neglects
The resistance of an interface that depends on the mode (a sheared interface is tougher), the start of the crack, buckling of a film under
pressure (it needs a debond to start from), cycling, moisture. Peel strength is not toughness: most of the work of a peel test bends the
copper; the two are reported apart.

## Source
J. W. Hutchinson, Z. Suo, Adv. Appl. Mech. 29, 63 (1991). Toughness, intrinsic stress and the required peel strength of 5 N/cm are
assumptions to be replaced by measurements of the line; of titanium, textbook values.

## Verified by
tests/unit/test_film_adhesion.c. */
#include <math.h>

#include <stdio.h>

#include "model/result.h"
#include "model/run.h"

enum { LAYERS = 3, PLACES = 2 };

struct layer {
  double E, nu, cte, yield; /* yield 0: unknown */
  double laid, intrinsic, thickness;
};

struct film {
  struct layer layer[LAYERS]; /* titanium, seed, plated */
  double       cte_glass, Z, low, high;
};

static double stress(const struct film *f, const struct layer *l, double temperature)
{
  const double s = l->intrinsic + l->E / (1 - l->nu) * (l->cte - f->cte_glass) * (l->laid - temperature);

  return l->yield > 0 ? fmin(fmax(s, -l->yield), l->yield) : s;
}

/* energy release per thickness of layer i at a temperature */
static double density(const struct film *f, int i, double temperature)
{
  const struct layer *l = &f->layer[i];
  const double        s = stress(f, l, temperature);

  return f->Z * (1 - l->nu) * s * s / l->E;
}

static double energy(const struct film *f, int layers, double temperature)
{
  double sum = 0;

  for (int i = 0; i < layers; i++) sum += density(f, i, temperature) * f->layer[i].thickness;
  return sum;
}

/* thickness of plated copper at which the toughness is reached, at the worse temperature; below 0: the seed alone has passed it */
static double critical(const struct film *f, double toughness)
{
  const double T[2] = {f->low, f->high};
  double       least = INFINITY;

  for (int k = 0; k < 2; k++)
    least = fmin(least, (toughness - energy(f, LAYERS - 1, T[k])) / density(f, LAYERS - 1, T[k]));
  return least;
}

static tgv_status read_metal(const struct tgv_project *p, const char *name, struct layer *l)
{
  struct tgv_project *m;

  TGV_TRY(tgv_library_find(TGV_S_metal, name, tgv_project_directory(p), &m));
  *l = (struct layer){.E = tgv_real(m, TGV_P_metal_E),
                      .nu = tgv_real(m, TGV_P_metal_nu),
                      .cte = tgv_real(m, TGV_P_metal_cte),
                      .yield = tgv_real(m, TGV_P_metal_yield_stress)};
  tgv_project_free(m);
  return TGV_OK;
}

static tgv_status read_film(const struct tgv_project *p, struct film *f)
{
  const double        hot = tgv_real(p, TGV_P_film_adhesion_seed_temperature);
  struct tgv_project *glass;

  TGV_TRY(read_metal(p, "titanium", &f->layer[0]));
  TGV_TRY(read_metal(p, "copper", &f->layer[1]));
  f->layer[2] = f->layer[1];
  TGV_TRY(tgv_library_find(TGV_S_glass, tgv_text(p, TGV_P_core_glass), tgv_project_directory(p), &glass));
  f->cte_glass = tgv_real(glass, TGV_P_glass_cte);
  tgv_project_free(glass);
  f->layer[0].laid = f->layer[1].laid = hot;
  f->layer[2].laid = tgv_real(p, TGV_P_film_adhesion_plating_temperature);
  f->layer[0].intrinsic = tgv_real(p, TGV_P_film_adhesion_stress_titanium);
  f->layer[1].intrinsic = tgv_real(p, TGV_P_film_adhesion_stress_seed);
  f->layer[2].intrinsic = tgv_real(p, TGV_P_film_adhesion_stress_plated);
  f->layer[0].thickness =
      tgv_chosen(p, TGV_P_seed_layer_model, "electroless") ? 0 : tgv_real(p, TGV_P_seed_layer_titanium);
  f->layer[1].thickness = tgv_real(p, TGV_P_seed_layer_copper);
  f->Z = tgv_real(p, TGV_P_film_adhesion_Z);
  f->low = tgv_real(p, TGV_P_film_adhesion_temperature_low);
  f->high = tgv_real(p, TGV_P_film_adhesion_temperature_high);
  return TGV_OK;
}

/* ---- results */

static void add(const struct tgv_run *run, enum tgv_column c, const char *qualifier, double value)
{
  tgv_result_scalar(run->current, &(struct tgv_scalar){
                                      .column = c,
                                      .qualifier = qualifier,
                                      .value = value,
                                      .low = (double)NAN,
                                      .high = (double)NAN,
                                      .method = "energy release of a stressed film",
                                      .valid = "thin films on stiff glass; a debond that has started",
                                      .error = "that of the stress and of the toughness, which are inputs"});
}

static cJSON *add_table(struct tgv_run *run)
{
  static const char *const columns[][3] = {{"where", "", "text"},
                                           {"film", "", "text"},
                                           {"thickness", "um", "number"},
                                           {"energy release, cold", "J/m2", "number"},
                                           {"energy release, hot", "J/m2", "number"},
                                           {"toughness", "J/m2", "number"},
                                           {"margin", "", "number"},
                                           {"stress of its last layer, cold", "MPa", "number"},
                                           {"stress of its last layer, hot", "MPa", "number"}};
  cJSON                   *t = tgv_result_table(run->current, "films", "Adhesion of the metal films",
                                                "Toughness and intrinsic stress are assumed unless the inputs say otherwise.");

  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    tgv_table_column(t, columns[i][0], columns[i][1], columns[i][2]);
  return t;
}

struct judged {
  const char *where, *film;
  int         layers;
  double      toughness;
};

static void judge(const struct tgv_run *run, cJSON *table, const struct film *f, const struct judged *j)
{
  const double cold = energy(f, j->layers, f->low), hot = energy(f, j->layers, f->high),
               worst = fmax(cold, hot);
  const struct layer *last = &f->layer[j->layers - 1];
  double              thickness = 0;
  char                name[40];
  cJSON              *row = tgv_table_row(table);

  for (int i = 0; i < j->layers; i++) thickness += f->layer[i].thickness;
  const double values[] = {tgv_units_to(thickness, TGV_LENGTH, "um"),
                           cold,
                           hot,
                           j->toughness,
                           j->toughness / worst,
                           tgv_units_to(stress(f, last, f->low), TGV_PRESSURE, "MPa"),
                           tgv_units_to(stress(f, last, f->high), TGV_PRESSURE, "MPa")};

  tgv_row_text(row, j->where);
  tgv_row_text(row, j->film);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) tgv_row_number(row, values[i]);
  (void)snprintf(name, sizeof name, "%s_%s", j->where, j->film);
  add(run, TGV_C_film_energy, name, worst);
  if (worst > 0) add(run, TGV_C_film_margin, name, j->toughness / worst);
}

static tgv_status panel(struct tgv_run *run)
{
  const struct tgv_project *p = run->project;
  const double              toughness[PLACES] = {tgv_real(p, TGV_P_film_adhesion_toughness_face),
                                                 tgv_real(p, TGV_P_film_adhesion_toughness_wall)};
  const double              plated[PLACES] = {tgv_real(p, TGV_P_film_adhesion_plated_face),
                                              tgv_real(p, TGV_P_film_adhesion_plated_wall)};
  const double              peel = tgv_real(p, TGV_P_film_adhesion_peel);
  static const char *const  where[PLACES] = {"face", "wall"};
  struct film               f = {0};
  cJSON                    *table;

  TGV_TRY(read_film(p, &f));
  if (f.high < f.low)
    return tgv_fail(TGV_INPUT, "film_adhesion.temperature_high = %g K is below temperature_low = %g K",
                    f.high, f.low);
  table = add_table(run);
  for (int k = 0; k < PLACES; k++) {
    f.layer[LAYERS - 1].thickness = plated[k];
    judge(run, table, &f, &(struct judged){where[k], "seed", LAYERS - 1, toughness[k]});
    if (plated[k] > 0) judge(run, table, &f, &(struct judged){where[k], "plated", LAYERS, toughness[k]});
    const double most = critical(&f, toughness[k]);

    if (isfinite(most)) add(run, TGV_C_film_critical, where[k], most);
  }
  if (peel > 0) add(run, TGV_C_peel_margin, "", peel / tgv_real(p, TGV_P_film_adhesion_peel_required));
  return TGV_OK;
}

const struct tgv_stage tgv_stage_film_adhesion = {
    .name = "film_adhesion",
    .title = "Adhesion of the metal films",
    .source = "Hutchinson, Suo 1991, doi 10.1016/S0065-2156(08)70164-9",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_film_adhesion, TGV_S_seed_layer, TGV_S_core),
    .writes = TGV_COLUMNS(TGV_C_film_energy, TGV_C_film_margin, TGV_C_film_critical, TGV_C_peel_margin),
    .chosen_by = TGV_P_film_adhesion_model,
    .chosen_word = "energy_release",
    .panel = panel,
};
