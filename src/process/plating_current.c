/** # Plating current over the panel

## Model
The seed film on a face carries the current to the contacts at the edge of the panel; what drops in it is missing far from them. The local
current density is that of the terminal effect (solver/terminal_effect.c) for the current of the rectifier, `current_density` over face and
thief. It becomes a place map of the input `copper_plating.current_density`: every via of the panel sees its local value, and everything that
follows from the variation (yield, sensitivity, survey, maps) with it. If a part of the current thickens the film (`film_growth`), the map
is the mean over the time of plating.

The charge transfer is that of the bare surface by default, which gives the least even map: a face that an additive covers polarises more and
evens the current out (`polarisation: covered`).

## Valid for
Both faces alike. Galvanostatic control: a drive by the potential is not mapped.

## Neglects
As solver/terminal_effect.c. The mean current of the vias of a dense place beyond that of its face.

## Source
That of the solver.

## Verified by
tests/unit/test_plating_current.c, tests/unit/test_terminal_effect.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/run.h"
#include "solver/plating_kinetics.h"
#include "solver/terminal_effect.h"

enum { CELLS = 80 }; /* along the longer side */

static void choose_edges(const struct tgv_project *p, bool edge[TGV_EDGES])
{
  static const struct {
    const char *word;
    bool        edge[TGV_EDGES]; /* left, right, bottom, top */
  } words[] = {
      {"all", {true, true, true, true}},          {"left_right", {true, true, false, false}},
      {"bottom_top", {false, false, true, true}}, {"left", {true, false, false, false}},
      {"right", {false, true, false, false}},     {"bottom", {false, false, true, false}},
      {"top", {false, false, false, true}},
  };

  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (tgv_chosen(p, TGV_P_copper_plating_contacts, words[i].word))
      memcpy(edge, words[i].edge, sizeof words[i].edge);
}

static double face_area(const struct tgv_panel *panel)
{
  return panel->round ? 0.25 * M_PI * panel->width * panel->width : panel->width * panel->height;
}

static double thief_area(const struct tgv_project *p, const struct tgv_panel *panel)
{
  const double w = tgv_real(p, TGV_P_copper_plating_thief_width);

  if (panel->round) return M_PI * w * (panel->width + w);
  return 2 * w * (panel->width + panel->height + 2 * w);
}

static struct tgv_face face_of(const struct tgv_project *p)
{
  const double f = tgv_faraday / (tgv_gas_constant * tgv_real(p, TGV_P_copper_plating_temperature));
  const bool   covered = tgv_chosen(p, TGV_P_copper_plating_polarisation, "covered");
  const double alpha =
      tgv_real(p, covered ? TGV_P_copper_plating_alpha_covered : TGV_P_copper_plating_alpha_free);

  return (struct tgv_face){
      .kinetics = tgv_chosen(p, TGV_P_copper_plating_polarisation, "linear") ? TGV_FACE_LINEAR
                                                                             : TGV_FACE_BUTLER_VOLMER,
      .bath =
          tgv_real(p, TGV_P_copper_plating_anode_distance) / tgv_real(p, TGV_P_copper_plating_conductivity),
      .i0 = tgv_real(p, covered ? TGV_P_copper_plating_i0_covered : TGV_P_copper_plating_i0_free),
      .a = alpha * f,
      .c = (2 - alpha) * f,
  };
}

/* A surface that takes no current cannot be given one. */
static tgv_status check_face(const struct tgv_terminal *t)
{
  if (t->face.i0 > 0) return TGV_OK;
  return tgv_fail(
      TGV_INPUT,
      "copper_plating.polarisation is covered, but copper_plating.i0_covered is 0: a covered face would take "
      "no current");
}

/* The question for a face, on a grid of about `cells` along its longer side. */
static struct tgv_terminal face_case(const struct tgv_project *p, const struct tgv_panel *panel, int cells)
{
  const double        size = fmax(panel->width, panel->height) / cells;
  struct tgv_terminal t = {
      .width = panel->width,
      .height = panel->height,
      .round = panel->round,
      .nx = (int)fmax(4, round(panel->width / size)),
      .ny = (int)fmax(4, round(panel->height / size)),
      .contact_pitch = tgv_real(p, TGV_P_copper_plating_contact_pitch),
      .contact_width = tgv_real(p, TGV_P_copper_plating_contact_width),
      .conductivity = tgv_real(p, TGV_P_copper_plating_film_conductivity),
      .thickness = tgv_real(p, TGV_P_copper_plating_film_thickness),
      .thief_area = thief_area(p, panel),
      .face = face_of(p),
      .growth = tgv_real(p, TGV_P_copper_plating_film_growth) *
                tgv_real(p, TGV_P_copper_plating_molar_volume) /
                (tgv_real(p, TGV_P_copper_plating_ion_charge) * tgv_faraday),
      .time = tgv_real(p, TGV_P_copper_plating_time),
  };

  choose_edges(p, t.edge);
  t.current = tgv_real(p, TGV_P_copper_plating_current_density) * (face_area(panel) + t.thief_area);
  return t;
}

/* The value of a cell, or of the nearest cell of the face on the way to the middle: a round panel has cells outside. */
static double held(const struct tgv_terminal *t, const double *value, int i, int j)
{
  for (double shrink = 1; shrink > 0; shrink -= 0.5 / (t->nx > t->ny ? t->nx : t->ny)) {
    const int    u = (int)lround((i - 0.5 * (t->nx - 1)) * shrink + 0.5 * (t->nx - 1));
    const int    v = (int)lround((j - 0.5 * (t->ny - 1)) * shrink + 0.5 * (t->ny - 1));
    const double x = value[(size_t)v * (size_t)t->nx + (size_t)u];

    if (!isnan(x)) return x;
  }
  return 0;
}

/* Area of the cells of the face over that of the face: they differ for a round panel. */
static double staircase(const struct tgv_terminal *t, const struct tgv_panel *panel, const double *value)
{
  size_t n = 0;

  for (size_t k = 0; k < (size_t)t->nx * (size_t)t->ny; k++) n += isnan(value[k]) ? 0 : 1;
  return (double)n * t->width / t->nx * t->height / t->ny / face_area(panel);
}

static bool is_mapped(const struct tgv_project *p)
{
  return tgv_chosen(p, TGV_P_copper_plating_current_map, "seed_film");
}

static tgv_status map(const struct tgv_flow *flow, struct tgv_field_grid *departure)
{
  const double               nominal = tgv_real(flow->project, TGV_P_copper_plating_current_density);
  struct tgv_terminal        t;
  struct tgv_terminal_result r;
  double                    *value, fit;
  tgv_status_code            status;

  if (!is_mapped(flow->project))
    return tgv_field_grid_init(departure, 1, 1, (double[]){0, 0}, (double[]){1, 1});
  t = face_case(flow->project, flow->panel, CELLS);
  TGV_TRY(check_face(&t));
  TGV_TRY(tgv_terminal_solve(&t, &r));
  fit = staircase(&t, flow->panel, r.mean.current) / nominal;
  value = tgv_allocate((size_t)t.nx * (size_t)t.ny, sizeof *value);
  for (int j = 0; j < t.ny; j++)
    for (int i = 0; i < t.nx; i++)
      value[(size_t)j * (size_t)t.nx + (size_t)i] = fit * held(&t, r.mean.current, i, j) - 1;
  status = tgv_field_grid_init(
      departure, t.nx, t.ny, (double[]){0.5 * (t.width / t.nx - t.width), 0.5 * (t.height / t.ny - t.height)},
      (double[]){t.width / t.nx, t.height / t.ny});
  if (!status) tgv_field_grid_set(departure, value);
  free(value);
  tgv_terminal_release(&r);
  return status;
}

/* ---- results */

struct spread {
  double ratio, deviation;
};

static struct spread spread_of(const struct tgv_terminal *t, const double *current)
{
  double least = INFINITY, most = -INFINITY, sum = 0, squares = 0, n = 0;

  for (size_t k = 0; k < (size_t)t->nx * (size_t)t->ny; k++) {
    if (isnan(current[k])) continue;
    least = fmin(least, current[k]), most = fmax(most, current[k]);
    sum += current[k], n++;
  }
  for (size_t k = 0; k < (size_t)t->nx * (size_t)t->ny; k++)
    if (!isnan(current[k])) squares += (current[k] - sum / n) * (current[k] - sum / n);
  return (struct spread){most / least, sqrt(squares / n) / (sum / n)};
}

static void add(const struct tgv_run *run, enum tgv_column column, const char *qualifier, double value,
                double error)
{
  char how[160];

  if (error > 0)
    snprintf(how, sizeof how, "%.2g relative, by the same map with cells twice as large", error);
  else
    snprintf(how, sizeof how, "none: what is asked for");
  tgv_result_scalar(
      run->current,
      &(struct tgv_scalar){
          .column = column,
          .qualifier = qualifier,
          .value = value,
          .low = (double)NAN,
          .high = (double)NAN,
          .method = "potential of the seed film between its contacts, polarisation of the face and "
                    "bath in series (finite volumes, Newton)",
          .valid = "films whose drop varies over more than the distance of the anode; no shielding",
          .error = how});
}

static void add_map(const struct tgv_run *run, const struct tgv_terminal *t,
                    const struct tgv_terminal_result *r)
{
  const size_t cells = (size_t)t->nx * (size_t)t->ny;
  float       *value = tgv_allocate(cells, sizeof *value);

  for (size_t k = 0; k < cells; k++) value[k] = (float)r->mean.current[k];
  tgv_result_map(run->current, &(struct tgv_map){.name = "current_density",
                                                 .title = "Plating current density, mean over the time",
                                                 .column = TGV_C_plated_current,
                                                 .nx = t->nx,
                                                 .ny = t->ny,
                                                 .x0 = -0.5 * t->width,
                                                 .y0 = -0.5 * t->height,
                                                 .dx = t->width / t->nx,
                                                 .dy = t->height / t->ny,
                                                 .value = value});
  free(value);
}

/* Third of the difference to the coarse map: the method is of second order. */
static double error_of(double fine, double coarse)
{
  return fabs(fine - coarse) / 3 / fabs(fine);
}

static void report(const struct tgv_run *run, const struct tgv_terminal *t,
                   const struct tgv_terminal_result *r, struct spread coarse)
{
  const double        faces = tgv_chosen(run->project, TGV_P_copper_plating_sides, "both") ? 2 : 1;
  const struct spread mean = spread_of(t, r->mean.current), first = spread_of(t, r->first.current),
                      last = spread_of(t, r->last.current);
  const double ratio = error_of(mean.ratio - 1, coarse.ratio - 1) * (mean.ratio - 1) / mean.ratio;

  add_map(run, t, r);
  add(run, TGV_C_current_ratio, "", mean.ratio, ratio);
  add(run, TGV_C_current_ratio, "start", first.ratio, ratio);
  add(run, TGV_C_current_ratio, "end", last.ratio, ratio);
  add(run, TGV_C_current_deviation, "", mean.deviation, error_of(mean.deviation, coarse.deviation));
  add(run, TGV_C_terminal_drop, "start", r->first.drop_max, error_of(mean.deviation, coarse.deviation));
  add(run, TGV_C_terminal_drop, "end", r->last.drop_max, error_of(mean.deviation, coarse.deviation));
  add(run, TGV_C_rectifier_current, "", faces * t->current, 0);
  add(run, TGV_C_thief_share, "", r->mean.thief_current / t->current, error_of(mean.ratio, coarse.ratio));
}

static tgv_status panel(struct tgv_run *run)
{
  struct tgv_terminal        t, half;
  struct tgv_terminal_result r, rough;
  tgv_status_code            status;

  if (!is_mapped(run->project)) return TGV_OK;
  t = face_case(run->project, &run->panel, CELLS);
  half = face_case(run->project, &run->panel, CELLS / 2);
  TGV_TRY(check_face(&t));
  TGV_TRY(tgv_terminal_solve(&t, &r));
  status = tgv_terminal_solve(&half, &rough);
  if (!status) {
    report(run, &t, &r, spread_of(&half, rough.mean.current));
    tgv_terminal_release(&rough);
  }
  tgv_terminal_release(&r);
  return status;
}

const struct tgv_stage tgv_stage_plating_current = {
    .name = "plating_current",
    .title = "Plating current over the panel",
    .source = "Tobias, Wijsman 1953, J. Electrochem. Soc. 100, 459",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_copper_plating),
    .writes = TGV_COLUMNS(TGV_C_current_ratio, TGV_C_current_deviation, TGV_C_terminal_drop,
                          TGV_C_rectifier_current, TGV_C_thief_share),
    .chosen_by = TGV_P_copper_plating_model,
    .chosen_word = "!none",
    .panel = panel,
    .mapped = TGV_P_copper_plating_current_density,
    .map = map,
};
