#include "analysis/via_load.h"

#include <string.h>

#include "core/units.h"

enum {
  FOLLOWED =
      12, /* cycles of a leg that are followed if the copper may yield: bilinear laws have settled by then */
  ELASTIC = 2,    /* and if not: the first begins elsewhere than the others */
  PIECE_SIZE = 64 /* of "16.4 ppm/K at 25 degC" */
};

/* "VALUE at TEMPERATURE, ...", rising */
static tgv_status read_table(const char *text, const char *name, struct tgv_temperature_curve *c)
{
  *c = (struct tgv_temperature_curve){0};
  for (const char *from = text; *from;) {
    const size_t length = strcspn(from, ",");
    char         piece[PIECE_SIZE], *at;

    if (length >= sizeof piece || c->n == TGV_CURVE_POINTS)
      return tgv_fail(TGV_INPUT, "%s: the table \"%s\" has more than %d points or a long one", name, text,
                      TGV_CURVE_POINTS);
    memcpy(piece, from, length);
    piece[length] = '\0';
    at = strstr(piece, " at ");
    if (!at) return tgv_fail(TGV_INPUT, "%s: \"%s\" is not like 16.4 ppm/K at 25 degC", name, piece);
    *at = '\0';
    TGV_TRY(tgv_units_read(piece + strspn(piece, " "), TGV_PER_KELVIN, &c->value[c->n]));
    TGV_TRY(tgv_units_read(at + 4, TGV_TEMPERATURE, &c->temperature[c->n]));
    if (c->n && !(c->temperature[c->n] > c->temperature[c->n - 1]))
      return tgv_fail(TGV_INPUT, "%s: the temperatures of \"%s\" do not rise", name, text);
    c->n++;
    from += length + (from[length] == ',' ? 1 : 0);
  }
  return TGV_OK;
}

/* ---- materials */

static double or_else(double given, double known)
{
  return given > 0 ? given : known;
}

static tgv_status copper_law(const struct tgv_project *p, double yield, double hardening,
                             struct tgv_via_load *l)
{
  l->plastic = !tgv_chosen(p, TGV_P_via_stress_copper_law, "elastic");
  if (!l->plastic) return TGV_OK;
  if (!(yield > 0))
    return tgv_fail(
        TGV_INPUT, "the yield stress of the metal is not known to the library; give via_stress.copper_yield");
  if (l->liner > 0 || l->lining > 0 || l->constraint == TGV_AXIAL_ABSOLUTE)
    return tgv_fail(TGV_INPUT,
                    "via_stress.copper_law = %s is for solid vias without liner under relative or "
                    "generalised plane strain",
                    tgv_text(p, TGV_P_via_stress_copper_law));
  l->copper.yield = tgv_temperature_constant(yield);
  if (tgv_chosen(p, TGV_P_via_stress_copper_law, "bilinear_isotropic"))
    l->copper.hardening = tgv_temperature_constant(hardening);
  else
    l->copper.backstresses = 1, l->copper.C[0] = tgv_temperature_constant(hardening);
  return TGV_OK;
}

static tgv_status take_metal(const struct tgv_project *p, const struct tgv_project *m, struct tgv_via_load *l)
{
  const double given = tgv_real(p, TGV_P_via_stress_copper_cte);
  const char  *table = tgv_text(m, TGV_P_metal_cte_table), *name = tgv_text(m, TGV_P_metal_name);
  const double E = or_else(tgv_real(p, TGV_P_via_stress_copper_E), tgv_real(m, TGV_P_metal_E));
  const double nu = or_else(tgv_real(p, TGV_P_via_stress_copper_nu), tgv_real(m, TGV_P_metal_nu));
  const double cte = or_else(given, tgv_real(m, TGV_P_metal_cte));

  if (!(nu > 0) || (!(cte > 0) && !table[0]))
    return tgv_fail(TGV_INPUT,
                    "Poisson's ratio or the CTE of the metal \"%s\" is not known to the library; give "
                    "via_stress.copper_nu "
                    "and via_stress.copper_cte",
                    name);
  l->copper = (struct tgv_material){.E = tgv_temperature_constant(E),
                                    .nu = tgv_temperature_constant(nu),
                                    .cte = tgv_temperature_constant(cte),
                                    .reference = tgv_real(p, TGV_P_via_stress_stress_free)};
  if (!(given > 0) && table[0]) TGV_TRY(read_table(table, name, &l->copper.cte));
  TGV_TRY(copper_law(
      p, or_else(tgv_real(p, TGV_P_via_stress_copper_yield), tgv_real(m, TGV_P_metal_yield_stress)),
      or_else(tgv_real(p, TGV_P_via_stress_copper_hardening), tgv_real(m, TGV_P_metal_hardening)), l));
  return tgv_material_check(&l->copper, name);
}

static tgv_status take_glass(const struct tgv_project *p, const struct tgv_project *g, struct tgv_via_load *l)
{
  l->glass_E = or_else(tgv_real(p, TGV_P_via_stress_glass_E), tgv_real(g, TGV_P_glass_E));
  l->glass_nu = or_else(tgv_real(p, TGV_P_via_stress_glass_nu), tgv_real(g, TGV_P_glass_nu));
  l->glass_cte = or_else(tgv_real(p, TGV_P_via_stress_glass_cte), tgv_real(g, TGV_P_glass_cte));
  l->glass_K_IC = or_else(tgv_real(p, TGV_P_via_stress_glass_K_IC), tgv_real(g, TGV_P_glass_K_IC));
  if (!(l->glass_E > 0 && l->glass_nu > 0))
    return tgv_fail(
        TGV_INPUT,
        "Young's modulus or Poisson's ratio of the glass \"%s\" is not known to the library; give "
        "via_stress.glass_E and via_stress.glass_nu",
        tgv_text(g, TGV_P_glass_name));
  if (!(l->glass_K_IC > 0))
    return tgv_fail(
        TGV_INPUT,
        "the fracture toughness of the glass \"%s\" is not known to the library; give via_stress.glass_K_IC",
        tgv_text(g, TGV_P_glass_name));
  return TGV_OK;
}

static tgv_status take_entry(const struct tgv_project *p, enum tgv_section s, const char *name,
                             tgv_status_code (*take)(const struct tgv_project *p,
                                                     const struct tgv_project *entry, struct tgv_via_load *l),
                             struct tgv_via_load *l)
{
  struct tgv_project     *entry;
  const enum tgv_section *before;
  tgv_status_code         status;

  TGV_TRY(tgv_library_find(s, name, tgv_project_directory(p), &entry));
  before = tgv_project_allow(NULL);
  status = take(p, entry, l);
  (void)tgv_project_allow(before);
  tgv_project_free(entry);
  return status;
}

/* ---- history */

static tgv_status read_leg(const struct tgv_project *p, size_t r, struct tgv_thermal_leg *leg)
{
  const char         *cycle = tgv_text_at(p, TGV_P_thermal_history_cycle, r);
  struct tgv_project *entry;

  *leg = (struct tgv_thermal_leg){.high = tgv_real_at(p, TGV_P_thermal_history_high, r),
                                  .low = tgv_real_at(p, TGV_P_thermal_history_low, r),
                                  .ramp = tgv_real_at(p, TGV_P_thermal_history_ramp, r),
                                  .dwell_high = tgv_real_at(p, TGV_P_thermal_history_dwell_high, r),
                                  .dwell_low = tgv_real_at(p, TGV_P_thermal_history_dwell_low, r),
                                  .count = (double)tgv_count_at(p, TGV_P_thermal_history_count, r)};
  if (cycle[0]) {
    const enum tgv_section *before;

    TGV_TRY(tgv_library_find(TGV_S_thermal_cycle, cycle, tgv_project_directory(p), &entry));
    before = tgv_project_allow(NULL);
    leg->high = tgv_real(entry, TGV_P_thermal_cycle_high);
    leg->low = tgv_real(entry, TGV_P_thermal_cycle_low);
    (void)tgv_project_allow(before);
    tgv_project_free(entry);
  }
  if (leg->high < leg->low)
    return tgv_fail(TGV_INPUT, "thermal_history.%s: its high temperature, %g K, is below its low one, %g K",
                    tgv_text_at(p, TGV_P_thermal_history_name, r), leg->high, leg->low);
  return TGV_OK;
}

static tgv_status read_history(const struct tgv_project *p, struct tgv_via_load *l)
{
  l->legs = tgv_records(p, TGV_S_thermal_history);
  if (l->legs == 0)
    return tgv_fail(TGV_INPUT,
                    "via_stress.model = %s needs a thermal history: list its steps in thermal_history",
                    tgv_text(p, TGV_P_via_stress_model));
  if (l->legs > TGV_THERMAL_LEGS)
    return tgv_fail(TGV_INPUT, "thermal_history has %zu steps, at most %d", l->legs, TGV_THERMAL_LEGS);
  for (size_t r = 0; r < l->legs; r++) {
    TGV_TRY(read_leg(p, r, &l->leg[r]));
    l->leg_name[r] = tgv_text_at(p, TGV_P_thermal_history_name, r);
  }
  tgv_thermal_expand(l->leg, l->legs, l->copper.reference, l->plastic ? FOLLOWED : ELASTIC, &l->history);
  return TGV_OK;
}

tgv_status tgv_via_load_read(const struct tgv_project *p, struct tgv_via_load *l)
{
  *l = (struct tgv_via_load){.lining = tgv_real(p, TGV_P_via_stress_lining),
                             .liner = tgv_real(p, TGV_P_via_stress_liner),
                             .liner_E = tgv_real(p, TGV_P_via_stress_liner_E),
                             .liner_nu = tgv_real(p, TGV_P_via_stress_liner_nu),
                             .liner_cte = tgv_real(p, TGV_P_via_stress_liner_cte),
                             .interface = tgv_real(p, TGV_P_film_adhesion_toughness_wall)};
  l->constraint = tgv_chosen(p, TGV_P_via_stress_constraint, "absolute")   ? TGV_AXIAL_ABSOLUTE
                  : tgv_chosen(p, TGV_P_via_stress_constraint, "relative") ? TGV_AXIAL_RELATIVE
                                                                           : TGV_AXIAL_GENERALISED;
  TGV_TRY(take_entry(p, TGV_S_metal, tgv_text(p, TGV_P_via_stress_metal), take_metal, l));
  TGV_TRY(take_entry(p, TGV_S_glass, tgv_text(p, TGV_P_core_glass), take_glass, l));
  return read_history(p, l);
}

void tgv_via_load_release(struct tgv_via_load *l)
{
  tgv_thermal_release(&l->history);
}
