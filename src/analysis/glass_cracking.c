/** # Cracks of the glass around the vias

## Model
For the via of the target diameter of every group: stress at the wall at every point of the thermal history, and what each crack would release there
(see the stage via_stress for the model): an interface that opens (cooling) or slides under pressure (heating), a crack around the via in the glass
at its wall (C-crack, cooling), a radial crack of the length at which its energy is largest (R-crack, heating). The largest over the history stands against
the toughness: below a margin of 1 a large enough flaw runs, above it none does. The **critical diameter** is that of the via at which the toughness is
reached, for the same ratio of pitch and diameter.

**At a face** (solid via, equal elastic constants, solver/via_surface): the rise of axis and wall and the radial stress on the axis at the hottest and the
coldest point.

**A flaw** of the wall, small against the via, grows slowly under the hoop stress of the history (solver/crack_growth, $Y = 1/\sqrt2$: a short radial crack
between bonded copper and glass), step by step with its repetitions; besides, how often each step alone could be repeated before the flaw runs.

**Copper that yields**: the range of its axial plastic strain in the last cycle that is followed of each step (12 at most), and the cycles to failure by a
law of Coffin and Manson with constants of the library.

## Valid for
As the stage via_stress.

## Neglects
As the stage via_stress; how radial cracks of neighbouring vias join (no formula was found); the sharp corner of wall and face, where stress has no largest
value: it is never reported.

## Source
S.-K. Ryu et al., IEEE TDMR 11, 35 (2011), doi 10.1109/TDMR.2010.2068572; which crack when: C. Okoro, T. Jayaraman, S. Pollard, ECTC 2021,
doi 10.1109/ECTC32696.2021.00058.

## Verified by
tests/cases/glass_cracking.case, tests/unit/test_via_stress.c, tests/unit/test_via_fracture.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/via_stress_table.h"
#include "core/text.h"
#include "model/result.h"
#include "model/run.h"
#include "solver/crack_growth.h"
#include "solver/fatigue_life.h"
#include "solver/via_surface.h"

enum { NAME_SIZE = 160, END_COUNT = 2 };

struct study {
  const struct tgv_run       *run;
  const struct tgv_via_group *group;
  struct tgv_via_load         load;
  struct tgv_via_place        place;
  struct tgv_via_moment      *moment; /* [load.history.n] */
  cJSON                      *states, *cracks;
};

static void add(const struct study *s, enum tgv_column c, const char *what, double value, const char *method)
{
  char name[NAME_SIZE], valid[NAME_SIZE];

  (void)snprintf(name, sizeof name, "%s%s%s", s->group->name, what[0] ? "_" : "", what);
  (void)snprintf(valid, sizeof valid, "%s; away from the faces, long vias",
                 tgv_axial_name(s->load.constraint));
  tgv_result_scalar(s->run->current,
                    &(struct tgv_scalar){.column = c,
                                         .qualifier = name,
                                         .value = value,
                                         .low = (double)NAN,
                                         .high = (double)NAN,
                                         .method = method,
                                         .valid = valid,
                                         .error = "that of the inputs; the closed form is exact"});
}

/* ---- stress */

static void add_states(const struct study *s)
{
  for (size_t i = 0; i < s->load.history.n; i++) {
    const struct tgv_via_moment *m = &s->moment[i];
    const double stress[] = {m->copper_radial, m->copper_axial, m->glass_radial, m->glass_hoop,
                             m->glass_axial};
    cJSON       *row = tgv_table_row(s->states);

    tgv_row_text(row, s->group->name);
    tgv_row_text(row, s->load.leg_name[s->load.history.point[i].leg]);
    tgv_row_number(row, tgv_units_to(m->time, TGV_TIME, "min"));
    tgv_row_number(row, tgv_units_to(m->temperature, TGV_TEMPERATURE, "degC"));
    for (size_t k = 0; k < sizeof stress / sizeof *stress; k++)
      tgv_row_number(row, tgv_units_to(stress[k], TGV_PRESSURE, "MPa"));
    for (int k = 0; k < TGV_VIA_CRACKS; k++) tgv_row_number(row, m->G[k]);
  }
}

static void add_face(const struct study *s, const struct tgv_via_moment *m, const char *end)
{
  const struct tgv_via_surface v = {0.5 * s->place.diameter, s->load.glass_E, s->load.glass_nu, m->mismatch};
  static const char method[] = "superposition for a half-space of equal elastic constants, elastic part";

  if (s->load.lining > 0) return;
  add(s, TGV_C_via_rise_axis, end, tgv_via_rise(&v, 0), method);
  add(s, TGV_C_via_rise_wall, end, tgv_via_rise(&v, v.a), method);
  add(s, TGV_C_via_face_radial, end, tgv_via_axis_radial(&v, 0), method);
}

/* at the hottest and the coldest point; of equals the last */
static void add_ends(const struct study *s)
{
  static const char *const names[END_COUNT] = {"cold", "hot"};
  static const char        method[] = "layered cylinder in closed form";

  for (int end = 0; end < END_COUNT; end++) {
    size_t at = 0;

    for (size_t i = 0; i < s->load.history.n; i++) {
      const double T = s->moment[i].temperature, T0 = s->moment[at].temperature;

      if (end ? T >= T0 : T <= T0) at = i;
    }
    const struct tgv_via_moment *m = &s->moment[at];

    add(s, TGV_C_via_copper_radial, names[end], m->copper_radial, method);
    add(s, TGV_C_via_copper_axial, names[end], m->copper_axial, method);
    add(s, TGV_C_via_glass_radial, names[end], m->glass_radial, method);
    add(s, TGV_C_via_glass_hoop, names[end], m->glass_hoop, method);
    add(s, TGV_C_via_glass_axial, names[end], m->glass_axial, method);
    add_face(s, m, names[end]);
  }
}

/* ---- cracks */

/* the diameter at which the toughness is reached; without liner and lining G is proportional to it */
static tgv_status critical_diameter(const struct study *s, enum tgv_via_crack c, double G, double *out)
{
  const double toughness = tgv_via_toughness(&s->load, c), ratio = s->place.cell / s->place.diameter;
  double       low = log(2.1 * s->load.liner + 1e-8), high = log(0.1);

  *out = s->place.diameter * toughness / G;
  if (!(s->load.liner > 0) && !(s->load.lining > 0)) return TGV_OK;
  for (int k = 0; k < 50; k++) {
    const double         D = exp(0.5 * (low + high));
    struct tgv_via_worst worst;

    TGV_TRY(tgv_via_worst(&s->load, &(struct tgv_via_place){D, ratio * D}, &worst));
    if (worst.G[c] < toughness)
      low = log(D);
    else
      high = log(D);
  }
  *out = high < log(0.1) ? exp(0.5 * (low + high)) : (double)INFINITY; /* a lining may never reach it */
  return TGV_OK;
}

static tgv_status add_crack(const struct study *s, const struct tgv_via_worst *worst, enum tgv_via_crack c)
{
  const char  *name = tgv_via_crack_name(c);
  const double G = worst->G[c], toughness = tgv_via_toughness(&s->load, c),
               T = s->moment[worst->at[c]].temperature;
  double critical;
  cJSON *row;

  add(s, TGV_C_crack_energy, name, G,
      "steady-state energy balance; radial: Green's function of a crack in a plane");
  if (!(G > 0)) return TGV_OK; /* it stays closed */
  TGV_TRY(critical_diameter(s, c, G, &critical));
  add(s, TGV_C_crack_temperature, name, T, "the point of the thermal history at which it is largest");
  add(s, TGV_C_crack_margin_least, name, toughness / G, "toughness over energy release");
  if (isfinite(critical))
    add(s, TGV_C_crack_diameter, name, critical, "energy release equal to the toughness");
  row = tgv_table_row(s->cracks);
  tgv_row_text(row, s->group->name);
  tgv_row_text(row, name);
  tgv_row_number(row, tgv_units_to(T, TGV_TEMPERATURE, "degC"));
  tgv_row_number(row, G);
  tgv_row_number(row, toughness);
  tgv_row_number(row, toughness / G);
  tgv_row_number(row, tgv_units_to(critical, TGV_LENGTH, "um"));
  return TGV_OK;
}

static tgv_status add_cracks(const struct study *s)
{
  struct tgv_via_worst worst;

  TGV_TRY(tgv_via_worst(&s->load, &s->place, &worst));
  for (int c = 0; c < TGV_VIA_CRACKS; c++) TGV_TRY(add_crack(s, &worst, (enum tgv_via_crack)c));
  return TGV_OK;
}

/* ---- cycles: what was followed of a step of the history, cycle by cycle */

/* The points of one cycle of a step, with the one it comes from: first .. last. */
struct cycle {
  size_t first, last;
  size_t leg;
  double repeats; /* the last cycle that is followed stands for the rest */
};

static bool next_cycle(const struct study *s, struct cycle *c)
{
  const struct tgv_thermal_history *h = &s->load.history;
  const struct tgv_thermal_point   *p;
  size_t                            end;

  c->first = c->last;
  if (c->first + 1 >= h->n) return false;
  p = &h->point[c->first + 1];
  for (end = c->first + 1;
       end + 1 < h->n && h->point[end + 1].leg == p->leg && h->point[end + 1].cycle == p->cycle;)
    end++;
  c->last = end;
  c->leg = p->leg;
  c->repeats = end + 1 == h->n || h->point[end + 1].leg != p->leg ? s->load.leg[p->leg].count - p->cycle : 1;
  return true;
}

static bool last_of_leg(const struct study *s, const struct cycle *c)
{
  return c->last + 1 == s->load.history.n || s->load.history.point[c->last + 1].leg != c->leg;
}

/* ---- slow growth of a flaw */

static tgv_status read_growth(const struct tgv_project *p, const struct tgv_via_load *l,
                              struct tgv_crack_law *law)
{
  struct tgv_project *glass;

  *law = (struct tgv_crack_law){l->glass_K_IC, tgv_real(p, TGV_P_via_stress_crack_exponent),
                                tgv_real(p, TGV_P_via_stress_crack_speed)};
  if (!(law->n > 0)) {
    TGV_TRY(tgv_library_find(TGV_S_glass, tgv_text(p, TGV_P_core_glass), tgv_project_directory(p), &glass));
    const enum tgv_section *before = tgv_project_allow(NULL);

    law->n = tgv_real(glass, TGV_P_glass_corrosion_exponent);
    (void)tgv_project_allow(before);
    tgv_project_free(glass);
  }
  if (!(law->n > 2.5))
    return tgv_fail(
        TGV_INPUT,
        "the exponent of slow crack growth is %g, at least 2.5 is needed; give via_stress.crack_exponent",
        law->n);
  return TGV_OK;
}

static tgv_status add_growth(const struct study *s)
{
  const struct tgv_project *p = s->run->project;
  const double              flaw = tgv_real(p, TGV_P_via_stress_flaw), Y = sqrt(0.5);
  const size_t              n = s->load.history.n;
  struct cycle              c = {0};
  struct tgv_crack_law      law;
  double                   *time, *hoop, depth = flaw;

  if (!(flaw > 0) || !(tgv_real(p, TGV_P_via_stress_crack_speed) > 0)) return TGV_OK;
  TGV_TRY(read_growth(p, &s->load, &law));
  time = tgv_allocate(2 * n, sizeof *time), hoop = time + n;
  for (size_t i = 0; i < n; i++) time[i] = s->moment[i].time, hoop[i] = s->moment[i].glass_hoop;
  while (next_cycle(s, &c)) {
    const struct tgv_stress_history h = {c.last - c.first + 1, time + c.first, hoop + c.first};

    if (isfinite(depth)) depth = tgv_crack_after(&law, Y, depth, &h, c.repeats);
    if (!last_of_leg(s, &c)) continue;
    const double cycles = tgv_crack_repeats(&law, Y, flaw, &h);

    if (isfinite(cycles))
      add(s, TGV_C_flaw_cycles, s->load.leg_name[c.leg], cycles,
          "subcritical growth integrated over the cycle");
  }
  free(time);
  if (isfinite(depth))
    add(s, TGV_C_flaw_grown, "", depth, "subcritical growth integrated over the thermal history");
  return TGV_OK;
}

/* ---- copper that yields */

static tgv_status read_fatigue(const struct tgv_project *p, struct tgv_coffin_manson *law, bool *given)
{
  const char         *name = tgv_text(p, TGV_P_via_stress_fatigue_law);
  struct tgv_project *entry;
  bool                right;

  *given = name[0] != '\0';
  if (!*given) return TGV_OK;
  TGV_TRY(tgv_library_find(TGV_S_fatigue_law, name, tgv_project_directory(p), &entry));
  const enum tgv_section *before = tgv_project_allow(NULL);

  right = tgv_chosen(entry, TGV_P_fatigue_law_law, "coffin_manson");
  *law = (struct tgv_coffin_manson){.eps_f = tgv_real(entry, TGV_P_fatigue_law_eps_f),
                                    .c = tgv_real(entry, TGV_P_fatigue_law_c)};
  (void)tgv_project_allow(before);
  tgv_project_free(entry);
  if (!right)
    return tgv_fail(
        TGV_INPUT,
        "via_stress.fatigue_law: \"%s\" is not of the kind coffin_manson, which takes a strain range", name);
  return TGV_OK;
}

static tgv_status add_fatigue(const struct study *s)
{
  struct cycle             c = {0};
  struct tgv_coffin_manson law;
  bool                     given;

  TGV_TRY(read_fatigue(s->run->project, &law, &given));
  while (s->load.plastic && next_cycle(s, &c)) {
    const char *name = s->load.leg_name[c.leg];
    double      low = (double)INFINITY, high = -(double)INFINITY, N;

    if (!last_of_leg(s, &c)) continue;
    for (size_t i = c.first; i <= c.last; i++)
      low = fmin(low, s->moment[i].plastic), high = fmax(high, s->moment[i].plastic);
    add(s, TGV_C_copper_strain_range, name, high - low, "plastic strain of the last cycle that is followed");
    if (!given || !(high > low)) continue;
    TGV_TRY(tgv_coffin_manson(&law, high - low, &N));
    add(s, TGV_C_copper_life, name, N,
        "law of Coffin and Manson with the constants of via_stress.fatigue_law");
  }
  return TGV_OK;
}

/* ---- tables */

static cJSON *add_table(const struct tgv_run *run, const char *name, const char *title, const char *note,
                        const char *const (*column)[3])
{
  cJSON *t = tgv_result_table(run->current, name, title, note);

  for (; (*column)[0]; column++) tgv_table_column(t, (*column)[0], (*column)[1], (*column)[2]);
  return t;
}

static void add_tables(struct study *s)
{
  static const char *const states[][3] = {{"group", "", "text"},
                                          {"step", "", "text"},
                                          {"time", "min", "number"},
                                          {"temperature", "degC", "number"},
                                          {"copper, radial", "MPa", "number"},
                                          {"copper, axial", "MPa", "number"},
                                          {"glass, radial", "MPa", "number"},
                                          {"glass, hoop", "MPa", "number"},
                                          {"glass, axial", "MPa", "number"},
                                          {"G opening", "J/m2", "number"},
                                          {"G sliding", "J/m2", "number"},
                                          {"G liner opening", "J/m2", "number"},
                                          {"G liner sliding", "J/m2", "number"},
                                          {"G around", "J/m2", "number"},
                                          {"G radial", "J/m2", "number"},
                                          {NULL, NULL, NULL}};
  static const char *const cracks[][3] = {{"group", "", "text"},
                                          {"crack", "", "text"},
                                          {"at", "degC", "number"},
                                          {"energy release", "J/m2", "number"},
                                          {"toughness", "J/m2", "number"},
                                          {"margin", "", "number"},
                                          {"critical diameter", "um", "number"},
                                          {NULL, NULL, NULL}};
  char                     note[NAME_SIZE];

  (void)snprintf(note, sizeof note, "%s; a crack that stays closed is left out.",
                 tgv_axial_name(s->load.constraint));
  s->cracks = add_table(s->run, "cracks", "Cracks of the vias", note, cracks);
  (void)snprintf(note, sizeof note, "At the wall, away from the faces, via of the target diameter; %s.",
                 tgv_axial_name(s->load.constraint));
  s->states = add_table(s->run, "states", "Stress of the vias over the thermal history", note, states);
}

static tgv_status add_table_error(const struct study *s)
{
  static const char *const columns[][3] = {{"quantity", "", "text"},
                                           {"largest error", "", "number"},
                                           {"rms error", "", "number"},
                                           {"largest value", "", "number"},
                                           {NULL, NULL, NULL}};
  static const char *const rows[TGV_VIA_STRESS_OUTPUTS] = {
      "hoop stress, MPa",      "tension of the wall, MPa", "G opening, J/m2", "G sliding, J/m2",
      "G liner opening, J/m2", "G liner sliding, J/m2",    "G around, J/m2"};
  struct tgv_via_stress_table table;
  cJSON                      *t;

  TGV_TRY(tgv_via_stress_table_get(&s->load, &s->run->package, &table));
  if (!table.table) return TGV_OK;
  t = add_table(s->run, "table_error", "Error of the tables that every via is read from",
                "Measured at random points; energies for a via of 50 um. That of a radial crack follows from "
                "the hoop stress in closed form.",
                columns);
  for (size_t k = 0; k < TGV_VIA_STRESS_OUTPUTS; k++) {
    const struct tgv_table_error e = tgv_response_table_error(table.table, k);
    const double                 unit = k < 2 ? tgv_units_to(1, TGV_PRESSURE, "MPa") : 50e-6;
    cJSON                       *row = tgv_table_row(t);

    tgv_row_text(row, rows[k]);
    tgv_row_number(row, unit * e.largest);
    tgv_row_number(row, unit * e.rms);
    tgv_row_number(row, unit * e.scale);
  }
  return TGV_OK;
}

/* ---- stage */

static tgv_status study_group(struct study *s)
{
  const struct tgv_via_group *g = s->group;

  s->place.diameter = g->diameter;
  TGV_TRY(tgv_via_cell(s->load.constraint, g->pitch, strcmp(g->pattern, "hexagonal") == 0, &s->place.cell));
  TGV_TRY(tgv_via_follow(&s->load, &s->place, s->moment));
  add_states(s);
  add_ends(s);
  TGV_TRY(add_cracks(s));
  TGV_TRY(add_growth(s));
  return add_fatigue(s);
}

static tgv_status panel(struct tgv_run *run)
{
  struct study    s = {.run = run};
  tgv_status_code status = tgv_via_load_read(run->project, &s.load);

  if (status == TGV_OK) {
    s.moment = tgv_allocate(s.load.history.n, sizeof *s.moment);
    add_tables(&s);
  }
  for (size_t g = 0; status == TGV_OK && g < run->package.group_count; g++) {
    s.group = &run->package.group[g];
    status = study_group(&s);
    if (status) tgv_error_note("via group %s", s.group->name);
  }
  if (status == TGV_OK) status = add_table_error(&s);
  free(s.moment);
  tgv_via_load_release(&s.load);
  return status;
}

const struct tgv_stage tgv_stage_glass_cracking = {
    .name = "glass_cracking",
    .title = "Cracks of the glass around the vias",
    .source = "Ryu et al. 2011, doi 10.1109/TDMR.2010.2068572",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_VIA_LOAD_SECTIONS),
    .writes = TGV_COLUMNS(TGV_C_via_copper_radial, TGV_C_via_copper_axial, TGV_C_via_glass_radial,
                          TGV_C_via_glass_hoop, TGV_C_via_glass_axial, TGV_C_via_rise_axis,
                          TGV_C_via_rise_wall, TGV_C_via_face_radial, TGV_C_crack_energy,
                          TGV_C_crack_temperature, TGV_C_crack_margin_least, TGV_C_crack_diameter,
                          TGV_C_flaw_cycles, TGV_C_flaw_grown, TGV_C_copper_strain_range, TGV_C_copper_life),
    .chosen_by = TGV_P_via_stress_model,
    .chosen_word = "layered_cylinder",
    .panel = panel,
};
