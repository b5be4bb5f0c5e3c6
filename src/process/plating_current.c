/** # Plating current over the panel

## Model
The seed film on a face carries the current to the contacts at the edge of the panel; what drops in it is missing far from them. The local
charge transfer is that of the terminal effect ([terminal_effect](terminal_effect.md)), with the bath between face and anode as a slab in
which the current spreads ([bath_slab](bath_slab.md)). Face and walls of the vias take the current together, each place as much as it has of both:
the shares of [plating_share](plating_share.md). `current_density` is then the mean over the cells of all vias, and what the rectifier must give for it
is a result; with `current_sharing: face` the face alone takes the current of the rectifier, `current_density` over face and thief.

The current density on the walls over its mean becomes a place map of the input `copper_plating.current_density`: every via
of the panel sees its local value, times the share of its group, and everything that follows from the variation (yield, sensitivity,
survey, maps) with it. If a part of the current thickens the film (`film_growth`), the map is the mean over the time of plating.

The charge transfer of the face is that of the bare surface by default. An additive that keeps the face covered (`polarisation: covered`) leaves
the current to the walls: vias of all pitches then get the same current each, and the panel needs less of it.

## Valid for
Both faces alike. Galvanostatic control: a drive by the potential is not mapped. The ratio and deviation are those over the vias.

## Neglects
As those pages say. The polarisation is that of the start; a film that grows keeps the mean over the vias, not the current.

## Source
That of the solver.

## Verified by
tests/unit/test_plating_current.c, tests/unit/test_plating_share.c, tests/unit/test_terminal_effect.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/run.h"
#include "solver/plating_kinetics.h"
#include "solver/plating_share.h"
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

/* A surface that takes no current cannot be given one. */
static tgv_status check_surface(const struct tgv_project *p, const struct tgv_package *k)
{
  if (tgv_plated_face(p).i0 > 0 || (tgv_plating_is_shared(p) && k->via_count > 0)) return TGV_OK;
  return tgv_fail(TGV_INPUT, "copper_plating.polarisation is covered, but copper_plating.i0_covered is 0: a "
                             "covered face without vias that share the current would take none");
}

/* ---- the vias */

/* What the vias are in the cells of the panel; NULL where the face is alone. */
struct cover {
  double *wall, *face, *vias; /* [ny][nx] over the area of the cell; number */
};

enum { FINER = 4 };

/* Walls, mouths and numbers of the vias of one unit in cells a quarter of those of the panel. */
struct unit_cells {
  long    nx, ny;
  double  size;
  double *wall, *mouth, *vias; /* [ny][nx] */
};

static void gather_unit(const struct tgv_project *p, const struct tgv_package *k, double size,
                        struct unit_cells *u)
{
  double x[TGV_BLOCK], y[TGV_BLOCK];

  u->size = size;
  u->nx = 1 + (long)(k->width / size), u->ny = 1 + (long)(k->height / size);
  u->wall = tgv_allocate((size_t)u->nx * (size_t)u->ny, sizeof *u->wall);
  u->mouth = tgv_allocate((size_t)u->nx * (size_t)u->ny, sizeof *u->mouth);
  u->vias = tgv_allocate((size_t)u->nx * (size_t)u->ny, sizeof *u->vias);
  for (size_t g = 0; g < k->group_count; g++) {
    const struct tgv_via_group  *group = &k->group[g];
    const struct tgv_via_surface s = tgv_plated_surface(p, group);

    for (uint64_t first = 0; first < group->count; first += TGV_BLOCK) {
      const size_t n = group->count - first < TGV_BLOCK ? (size_t)(group->count - first) : TGV_BLOCK;

      tgv_package_positions(k, group->first + first, n, x, y);
      for (size_t i = 0; i < n; i++) {
        const long cx = (long)((x[i] + 0.5 * k->width) / size), cy = (long)((y[i] + 0.5 * k->height) / size);
        const long c = cy * u->nx + cx;

        if (cx < 0 || cy < 0 || cx >= u->nx || cy >= u->ny) continue;
        u->wall[c] += s.wall, u->mouth[c] += s.mouth, u->vias[c]++;
      }
    }
  }
}

static void add_unit(const struct unit_cells *u, const struct tgv_package *k, const struct tgv_panel *panel,
                     size_t unit, const struct tgv_terminal *t, struct cover *to)
{
  const double area = t->width / t->nx * t->height / t->ny;

  for (long c = 0; c < u->nx * u->ny; c++) {
    double px, py;
    int    i, j;
    size_t at;

    if (!(u->vias[c] > 0)) continue;
    tgv_panel_position(panel, unit, ((double)(c % u->nx) + 0.5) * u->size - 0.5 * k->width,
                       ((double)(c / u->nx) + 0.5) * u->size - 0.5 * k->height, &px, &py);
    i = (int)fmin(fmax(floor((px / t->width + 0.5) * t->nx), 0), t->nx - 1);
    j = (int)fmin(fmax(floor((py / t->height + 0.5) * t->ny), 0), t->ny - 1);
    at = (size_t)j * (size_t)t->nx + (size_t)i;
    to->wall[at] += u->wall[c] / area, to->vias[at] += u->vias[c];
    to->face[at] = fmax(0, to->face[at] - u->mouth[c] / area);
  }
}

static void cover_release(struct cover *c)
{
  free(c->wall), free(c->face), free(c->vias);
  memset(c, 0, sizeof *c);
}

/* ---- the question */

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
      .face = tgv_plated_face(p),
      .wall = tgv_plated_wall(p),
      .depth = tgv_real(p, TGV_P_copper_plating_anode_distance),
      .growth = tgv_real(p, TGV_P_copper_plating_film_growth) *
                tgv_real(p, TGV_P_copper_plating_molar_volume) /
                (tgv_real(p, TGV_P_copper_plating_ion_charge) * tgv_faraday),
      .time = tgv_real(p, TGV_P_copper_plating_time),
  };

  choose_edges(p, t.edge);
  t.face.bath = t.depth / tgv_real(p, TGV_P_copper_plating_conductivity);
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

static void add_vias(const struct tgv_project *p, const struct tgv_package *k, const struct tgv_panel *panel,
                     struct tgv_terminal *t, struct cover *c)
{
  const size_t      cells = (size_t)t->nx * (size_t)t->ny;
  struct unit_cells u;

  c->wall = tgv_allocate(cells, sizeof *c->wall), c->face = tgv_allocate(cells, sizeof *c->face);
  c->vias = tgv_allocate(cells, sizeof *c->vias);
  for (size_t i = 0; i < cells; i++) c->face[i] = 1;
  gather_unit(p, k, fmin(t->width / t->nx, t->height / t->ny) / FINER, &u);
  for (size_t unit = 0; unit < panel->unit_count; unit++) add_unit(&u, k, panel, unit, t, c);
  free(u.wall), free(u.mouth), free(u.vias);
  t->wall_share = c->wall, t->face_share = c->face, t->weight = c->vias;
  t->mean = tgv_plating_wall_current(p, k);
}

/* The current over the panel: what a via sees is r.*.bare over base. */
struct current {
  struct tgv_terminal        t;
  struct tgv_terminal_result r;
  struct cover               cover;
  double                     base;
};

static tgv_status current_open(const struct tgv_project *p, const struct tgv_package *k,
                               const struct tgv_panel *panel, int cells, struct current *out)
{
  tgv_status_code status;

  memset(out, 0, sizeof *out);
  TGV_TRY(check_surface(p, k));
  out->t = face_case(p, panel, cells);
  if (tgv_plating_is_shared(p) && k->via_count > 0 && panel->unit_count > 0)
    add_vias(p, k, panel, &out->t, &out->cover);
  status = tgv_terminal_solve(&out->t, &out->r);
  if (status)
    cover_release(&out->cover);
  else if (out->cover.vias)
    out->base = out->t.mean;
  else
    out->base =
        tgv_real(p, TGV_P_copper_plating_current_density) / staircase(&out->t, panel, out->r.mean.bare);
  return status;
}

static void current_close(struct current *c)
{
  tgv_terminal_release(&c->r);
  cover_release(&c->cover);
}

static tgv_status map(const struct tgv_flow *flow, struct tgv_field_grid *departure)
{
  struct current             c;
  const struct tgv_terminal *t = &c.t;
  double                    *value;
  tgv_status_code            status;

  if (!is_mapped(flow->project))
    return tgv_field_grid_init(departure, 1, 1, (double[]){0, 0}, (double[]){1, 1});
  TGV_TRY(current_open(flow->project, flow->package, flow->panel, CELLS, &c));
  value = tgv_allocate((size_t)t->nx * (size_t)t->ny, sizeof *value);
  for (int j = 0; j < t->ny; j++)
    for (int i = 0; i < t->nx; i++)
      value[(size_t)j * (size_t)t->nx + (size_t)i] = held(t, c.r.mean.bare, i, j) / c.base - 1;
  status = tgv_field_grid_init(
      departure, t->nx, t->ny,
      (double[]){0.5 * (t->width / t->nx - t->width), 0.5 * (t->height / t->ny - t->height)},
      (double[]){t->width / t->nx, t->height / t->ny});
  if (!status) tgv_field_grid_set(departure, value);
  free(value);
  current_close(&c);
  return status;
}

/* ---- results */

struct spread {
  double ratio, deviation;
};

/* over the vias, or over the face if they do not share the current */
static struct spread spread_of(const struct current *c, const double *current)
{
  const size_t cells = (size_t)c->t.nx * (size_t)c->t.ny;
  double       least = INFINITY, most = -INFINITY, sum = 0, squares = 0, all = 0;

  for (size_t k = 0; k < cells; k++) {
    const double n = c->cover.vias ? c->cover.vias[k] : 1;

    if (isnan(current[k]) || !(n > 0)) continue;
    least = fmin(least, current[k]), most = fmax(most, current[k]);
    sum += n * current[k], squares += n * current[k] * current[k], all += n;
  }
  return (struct spread){most / least, sqrt(fmax(0, squares / all - sum / all * (sum / all))) / (sum / all)};
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

static void add_map(const struct tgv_run *run, const struct current *c)
{
  const struct tgv_terminal *t = &c->t;
  const size_t               cells = (size_t)t->nx * (size_t)t->ny;
  const double               asked = tgv_real(run->project, TGV_P_copper_plating_current_density);
  float                     *value = tgv_allocate(cells, sizeof *value);

  for (size_t k = 0; k < cells; k++)
    value[k] = (float)((c->cover.vias ? asked / c->base : 1) * c->r.mean.bare[k]);
  tgv_result_map(run->current,
                 &(struct tgv_map){.name = "current_density",
                                   .title = c->cover.vias ? "Plating current density that a via has there"
                                                          : "Plating current density, mean over the time",
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

static void report(const struct tgv_run *run, const struct current *c, struct spread coarse)
{
  const double        faces = tgv_chosen(run->project, TGV_P_copper_plating_sides, "both") ? 2 : 1;
  const struct spread mean = spread_of(c, c->r.mean.bare), first = spread_of(c, c->r.first.bare),
                      last = spread_of(c, c->r.last.bare);
  const double ratio = error_of(mean.ratio - 1, coarse.ratio - 1) * (mean.ratio - 1) / mean.ratio,
               deviation = error_of(mean.deviation, coarse.deviation);
  const double current = c->r.mean.face_current + c->r.mean.thief_current;

  add_map(run, c);
  add(run, TGV_C_current_ratio, "", mean.ratio, ratio);
  add(run, TGV_C_current_ratio, "start", first.ratio, ratio);
  add(run, TGV_C_current_ratio, "end", last.ratio, ratio);
  add(run, TGV_C_current_deviation, "", mean.deviation, deviation);
  add(run, TGV_C_terminal_drop, "start", c->r.first.drop_max, deviation);
  add(run, TGV_C_terminal_drop, "end", c->r.last.drop_max, deviation);
  add(run, TGV_C_rectifier_current, "", faces * (c->cover.vias ? current : c->t.current),
      c->cover.vias ? deviation : 0);
  add(run, TGV_C_thief_share, "", c->r.mean.thief_current / current, error_of(mean.ratio, coarse.ratio));
}

static tgv_status panel(struct tgv_run *run)
{
  struct current  c, rough;
  tgv_status_code status;

  if (!is_mapped(run->project)) return TGV_OK;
  TGV_TRY(current_open(run->project, &run->package, &run->panel, CELLS, &c));
  status = current_open(run->project, &run->package, &run->panel, CELLS / 2, &rough);
  if (!status) {
    report(run, &c, spread_of(&rough, rough.r.mean.bare));
    current_close(&rough);
  }
  current_close(&c);
  return status;
}

const struct tgv_stage tgv_stage_plating_current = {
    .name = "plating_current",
    .title = "Plating current over the panel",
    .source = "Tobias, Wijsman 1953, J. Electrochem. Soc. 100, 459",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_copper_plating, TGV_S_core, TGV_S_via_groups),
    .writes = TGV_COLUMNS(TGV_C_current_ratio, TGV_C_current_deviation, TGV_C_terminal_drop,
                          TGV_C_rectifier_current, TGV_C_thief_share),
    .chosen_by = TGV_P_copper_plating_model,
    .chosen_word = "!none",
    .panel = panel,
    .mapped = TGV_P_copper_plating_current_density,
    .map = map,
};
