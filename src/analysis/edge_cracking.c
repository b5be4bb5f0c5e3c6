/** # The crack from the diced edge (SeWaRe)

## Model
The unit is a laminate: glass, and on both of its faces the layers of `build_up` from the core outwards, free of stress at one temperature and judged at
another. A crack in the glass that runs inwards from the diced edge, parallel to the faces, releases energy that solver/edge_crack gives against its depth in
closed form. It stands against $(1 - \nu^2) K_{IC}^2 / E$ of the glass: at the depth `edge_cracking.depth`, and in the middle of the glass, where it
is smallest in a symmetric unit.

## Valid for
Cracks longer than a few thicknesses of what they split off; the edge away from corners; linear elastic layers. Copper counts as closed planes, which gives
the largest energy.

## Neglects
Which depth the crack takes; the flaws of dicing that it starts from; bow beyond linear theory; cure shrinkage and creep of the polymers; coatings of the
edge and pull-back of the build-up, which act on the start of the crack.

## Source
S. R. McCann et al., study of the cracking of thin glass interposers (Georgia Tech); the energy balance is derived on the page of solver/edge_crack.

## Verified by
tests/cases/edge_cracking.case, tests/unit/test_edge_crack.c. */
#include <math.h>
#include <string.h>

#include "model/result.h"
#include "model/run.h"
#include "solver/edge_crack.h"
#include "solver/via_fracture.h"

enum { DEPTHS = 21 };

struct layer_kind {
  double E, nu, cte;
};

struct study {
  struct tgv_run     *run;
  struct layer_kind   copper, glass;
  double              K_IC, heating; /* heating: temperature less that without stress */
  struct tgv_laminate laminate;
  double              bottom, thickness; /* of the glass: height of its lower face, and how thick */
};

/* ---- materials */

static double or_else(double given, double known)
{
  return given > 0 ? given : known;
}

static tgv_status open_entry(const struct tgv_project *p, enum tgv_section s, const char *name,
                             struct tgv_project **entry)
{
  return tgv_library_find(s, name, tgv_project_directory(p), entry);
}

static tgv_status read_metal(const struct tgv_project *p, struct layer_kind *m)
{
  const char         *name = tgv_text(p, TGV_P_edge_cracking_metal);
  struct tgv_project *entry;

  TGV_TRY(open_entry(p, TGV_S_metal, name, &entry));
  const enum tgv_section *before = tgv_project_allow(NULL);

  *m = (struct layer_kind){
      or_else(tgv_real(p, TGV_P_edge_cracking_copper_E), tgv_real(entry, TGV_P_metal_E)),
      or_else(tgv_real(p, TGV_P_edge_cracking_copper_nu), tgv_real(entry, TGV_P_metal_nu)),
      or_else(tgv_real(p, TGV_P_edge_cracking_copper_cte), tgv_real(entry, TGV_P_metal_cte))};
  (void)tgv_project_allow(before);
  tgv_project_free(entry);
  if (!(m->nu > 0 && m->cte > 0))
    return tgv_fail(TGV_INPUT,
                    "Poisson's ratio or the CTE of the metal \"%s\" is not known to the library; give "
                    "edge_cracking.copper_nu and edge_cracking.copper_cte",
                    name);
  return TGV_OK;
}

static tgv_status read_glass(const struct tgv_project *p, struct study *s)
{
  const char         *name = tgv_text(p, TGV_P_core_glass);
  struct tgv_project *entry;

  TGV_TRY(open_entry(p, TGV_S_glass, name, &entry));
  const enum tgv_section *before = tgv_project_allow(NULL);

  s->glass = (struct layer_kind){
      or_else(tgv_real(p, TGV_P_edge_cracking_glass_E), tgv_real(entry, TGV_P_glass_E)),
      or_else(tgv_real(p, TGV_P_edge_cracking_glass_nu), tgv_real(entry, TGV_P_glass_nu)),
      or_else(tgv_real(p, TGV_P_edge_cracking_glass_cte), tgv_real(entry, TGV_P_glass_cte))};
  s->K_IC = or_else(tgv_real(p, TGV_P_edge_cracking_glass_K_IC), tgv_real(entry, TGV_P_glass_K_IC));
  (void)tgv_project_allow(before);
  tgv_project_free(entry);
  if (!(s->glass.E > 0 && s->glass.nu > 0 && s->K_IC > 0))
    return tgv_fail(TGV_INPUT,
                    "Young's modulus, Poisson's ratio or the toughness of the glass \"%s\" is not known to "
                    "the library; give "
                    "edge_cracking.glass_E, glass_nu and glass_K_IC",
                    name);
  return TGV_OK;
}

static tgv_status read_dielectric(const struct tgv_project *p, size_t r, struct layer_kind *d)
{
  const char         *name = tgv_text_at(p, TGV_P_build_up_dielectric, r);
  struct tgv_project *entry;

  if (!name[0])
    return tgv_fail(TGV_INPUT, "build_up.%s has a dielectric of a thickness but without a name",
                    tgv_text_at(p, TGV_P_build_up_name, r));
  TGV_TRY(open_entry(p, TGV_S_dielectric, name, &entry));
  const enum tgv_section *before = tgv_project_allow(NULL);

  *d = (struct layer_kind){tgv_real(entry, TGV_P_dielectric_E), tgv_real(entry, TGV_P_dielectric_nu),
                           tgv_real(entry, TGV_P_dielectric_cte)};
  (void)tgv_project_allow(before);
  tgv_project_free(entry);
  if (!(d->E > 0 && d->nu > 0))
    return tgv_fail(TGV_INPUT,
                    "Young's modulus or Poisson's ratio of the dielectric \"%s\" is not known to the library",
                    name);
  return TGV_OK;
}

/* ---- stack */

static tgv_status add_layer(struct study *s, double thickness, const struct layer_kind *kind)
{
  struct tgv_laminate *l = &s->laminate;

  if (!(thickness > 0)) return TGV_OK;
  if (l->n == TGV_LAMINATE_LAYERS)
    return tgv_fail(TGV_INPUT, "the unit has more than %d layers", TGV_LAMINATE_LAYERS);
  l->layer[l->n++] = (struct tgv_laminate_layer){thickness, kind->E, kind->nu, kind->cte * s->heating};
  return TGV_OK;
}

/* all layers of a side, from the core outwards */
static tgv_status add_side(struct study *s, const char *side)
{
  const struct tgv_project *p = s->run->project;
  const bool                first = tgv_chosen(p, TGV_P_edge_cracking_next_to_core, "copper");

  for (size_t r = 0; r < tgv_records(p, TGV_S_build_up); r++) {
    const double      film = tgv_real_at(p, TGV_P_build_up_dielectric_thickness, r);
    const double      copper = tgv_real_at(p, TGV_P_build_up_copper_thickness, r);
    struct layer_kind dielectric = {0};

    if (!tgv_chosen_at(p, TGV_P_build_up_side, r, "both") && !tgv_chosen_at(p, TGV_P_build_up_side, r, side))
      continue;
    if (film > 0) TGV_TRY(read_dielectric(p, r, &dielectric));
    for (int64_t k = 0; k < tgv_count_at(p, TGV_P_build_up_layers, r); k++) {
      TGV_TRY(add_layer(s, first ? copper : film, first ? &s->copper : &dielectric));
      TGV_TRY(add_layer(s, first ? film : copper, first ? &dielectric : &s->copper));
    }
  }
  return TGV_OK;
}

static tgv_status stack(struct study *s)
{
  struct tgv_laminate *l = &s->laminate;

  TGV_TRY(add_side(s, "bottom"));
  for (size_t i = 0; i < l->n / 2; i++) { /* the lower side lies outside first */
    const struct tgv_laminate_layer swap = l->layer[i];

    l->layer[i] = l->layer[l->n - 1 - i], l->layer[l->n - 1 - i] = swap;
  }
  for (size_t i = 0; i < l->n; i++) s->bottom += l->layer[i].thickness;
  TGV_TRY(add_layer(s, s->thickness, &s->glass));
  TGV_TRY(add_side(s, "top"));
  if (l->n == 1)
    return tgv_fail(TGV_INPUT, "edge_cracking.model = %s needs a build-up with thicknesses in build_up",
                    tgv_text(s->run->project, TGV_P_edge_cracking_model));
  return TGV_OK;
}

/* ---- results */

static void add(const struct study *s, enum tgv_column c, const char *where, double value)
{
  tgv_result_scalar(
      s->run->current,
      &(struct tgv_scalar){.column = c,
                           .qualifier = where,
                           .value = value,
                           .low = (double)NAN,
                           .high = (double)NAN,
                           .method = "steady-state energy balance of laminates",
                           .valid = "cracks longer than a few thicknesses; closed planes of copper",
                           .error = "that of the inputs; the closed form is exact"});
}

/* at a depth below the upper face of the glass */
static tgv_status add_depth(const struct study *s, const char *where, double depth)
{
  double G;

  TGV_TRY(tgv_edge_release(&s->laminate, s->bottom + s->thickness - depth, &G));
  add(s, TGV_C_edge_energy, where, G);
  if (G > 0) add(s, TGV_C_edge_margin, where, tgv_fracture_energy(s->K_IC, s->glass.E, s->glass.nu) / G);
  return TGV_OK;
}

static tgv_status add_table(const struct study *s)
{
  cJSON *t = tgv_result_table(
      s->run->current, "edge", "The crack from the diced edge (SeWaRe)",
      "Energy release of a crack in the glass against its depth below the upper face of the glass.");

  tgv_table_column(t, "depth", "um", "number");
  tgv_table_column(t, "energy release", "J/m2", "number");
  tgv_table_column(t, "toughness", "J/m2", "number");
  for (int k = 0; k < DEPTHS; k++) {
    const double depth = s->thickness * (k + 0.5) / DEPTHS;
    double       G;
    cJSON       *row = tgv_table_row(t);

    TGV_TRY(tgv_edge_release(&s->laminate, s->bottom + s->thickness - depth, &G));
    tgv_row_number(row, tgv_units_to(depth, TGV_LENGTH, "um"));
    tgv_row_number(row, G);
    tgv_row_number(row, tgv_fracture_energy(s->K_IC, s->glass.E, s->glass.nu));
  }
  return TGV_OK;
}

static tgv_status panel(struct tgv_run *run)
{
  const struct tgv_project *p = run->project;
  const double              depth = tgv_real(p, TGV_P_edge_cracking_depth);
  struct study              s = {.run = run, .thickness = tgv_real(p, TGV_P_core_thickness)};
  struct tgv_laminate_state free;

  s.heating = tgv_real(p, TGV_P_edge_cracking_temperature) - tgv_real(p, TGV_P_edge_cracking_stress_free);
  if (depth >= s.thickness)
    return tgv_fail(TGV_INPUT, "edge_cracking.depth = %g m is not within the glass, which is %g m thick",
                    depth, s.thickness);
  TGV_TRY(read_metal(p, &s.copper));
  TGV_TRY(read_glass(p, &s));
  TGV_TRY(stack(&s));
  TGV_TRY(tgv_laminate_free(&s.laminate, &free));
  add(&s, TGV_C_stack_energy, "", tgv_laminate_energy(&s.laminate, &free));
  TGV_TRY(add_depth(&s, "depth", depth));
  TGV_TRY(add_depth(&s, "middle", 0.5 * s.thickness));
  return add_table(&s);
}

const struct tgv_stage tgv_stage_edge_cracking = {
    .name = "edge_cracking",
    .title = "The crack from the diced edge",
    .source = "McCann et al., study of cracking of thin glass interposers",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_edge_cracking, TGV_S_build_up, TGV_S_core),
    .writes = TGV_COLUMNS(TGV_C_edge_energy, TGV_C_edge_margin, TGV_C_stack_energy),
    .chosen_by = TGV_P_edge_cracking_model,
    .chosen_word = "energy_release",
    .panel = panel,
};
