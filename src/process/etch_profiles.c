/** # Etched profiles

## Model
The wall of the nominal via of each via group, diameter over depth $D(z)$, from face to face. For the models with straight walls the five
diameters of the columns say all; for the eikonal model the radius comes from Huygens' principle at every depth (solver/etch_front), where the wall
runs short of etchant from the front that follows the concentration (solver/etch_hole). With it, for each group:

- **shape error**: the largest difference of diameter between this wall and what other stages make of the five diameters, the parabola
  through three of them on each side of the waist (model/via_profile); with depletion of the hole it contains the error of the table;
- **marching error**: the largest difference of radius to a fast-marching solution of the eikonal equation of second order on 300
  rows (solver/eikonal), an independent method; with equal rates on both faces, without depletion of the hole;
- **breakthrough**, quasi-steady as the model has it, and by transient diffusion to the moving tip (solver/etch_channel), for a track that is
  the same everywhere;
- **etchant left**: concentration over that of the bath at its lowest place in the finished hole. With depletion of the hole (key
  `depletion`) it is that of the solution behind the wall; without, it is a diagnosis: diffusion along the finished hole as if its wall were
  etched. Where it is far below 1 the wall is etched more slowly there than the model says, and the real via is narrower at the waist;
- **ligament**, and where two vias at the pitch of the group have **merged** (process/merged_vias).

## Valid for
Nominal inputs at the centre of the panel. Tilt is left out. A wall whose depletion cannot be followed (no faster track, or an etchant that is used up at
once) is that of Huygens' principle.

## Neglects
That merged vias share their etchant.

## Source
See the models of the etch and the solvers named above.

## Verified by
tests/unit/test_etch_profiles.c; the solvers by their own tests. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/result.h"
#include "model/run.h"
#include "model/via_profile.h"
#include "process/merged_vias.h"
#include "solver/eikonal.h"
#include "solver/etch_channel.h"
#include "solver/etch_hole.h"

enum { POINTS = 101, ROWS = 300, KINKS = 3, HOLE_STEPS = 160 };

struct work {
  struct tgv_run             *run;
  struct tgv_block           *b;
  const struct tgv_via_group *group;
  bool   eikonal, exact; /* the model; the wall is from Huygens' principle, or from etch_hole */
  bool   depleted;       /* the latter */
  double left;           /* etchant, of etch_hole */
  struct tgv_etch_supply supply;
  struct tgv_etch_front  front;
  double                 depth[KINKS], slowness[KINKS]; /* of the track */
  struct tgv_via_shape   shape;                         /* of the columns */
  struct tgv_via_profile profile;
  cJSON                 *series, *table, *vias;
};

static double column(const struct work *w, enum tgv_column c)
{
  return (double)w->b->column[c][0];
}

static double input(const struct work *w, enum tgv_param p)
{
  return (double)w->b->input[tgv_input_of(p)][0];
}

static double um(double metres)
{
  return tgv_units_to(metres, TGV_LENGTH, "um");
}

/* ---- the wall */

static void set_front(struct work *w)
{
  const struct tgv_project *p = w->run->project;
  const double              h = column(w, TGV_C_thickness_blank);
  const double              vt =
      input(w, TGV_P_wet_etching_track_rate) * column(w, TGV_C_rate_factor) * column(w, TGV_C_bath_track);

  for (int k = 0; k < KINKS; k++) w->depth[k] = 0.5 * k * h;
  w->slowness[0] = 1 / vt;
  w->slowness[1] = 1 / (vt * tgv_real(p, TGV_P_wet_etching_track_rate_middle));
  w->slowness[2] = 1 / (vt * tgv_real(p, TGV_P_wet_etching_track_rate_bottom));
  w->supply = (struct tgv_etch_supply){tgv_real(p, TGV_P_wet_etching_etchant_diffusivity),
                                       tgv_real(p, TGV_P_wet_etching_etchant_concentration),
                                       tgv_real(p, TGV_P_wet_etching_etchant_per_glass)};
  w->front = (struct tgv_etch_front){
      .thickness = h,
      .track_radius = column(w, TGV_C_r_track),
      .time = input(w, TGV_P_wet_etching_time),
      .bulk_rate = input(w, TGV_P_wet_etching_bulk_rate) * column(w, TGV_C_bath_bulk),
      .ratio = tgv_chosen(p, TGV_P_wet_etching_sides, "both") ? input(w, TGV_P_wet_etching_bottom_ratio) : 0,
      .supply = w->supply.concentration > 0
                    ? w->supply.per_glass / (w->supply.diffusivity * w->supply.concentration)
                    : 0,
      .n = KINKS,
      .depth = w->depth,
      .slowness = w->slowness};
}

/* The wall from a solution of its own. Where the hole cannot be followed (the via then has the flag "model range") from Huygens' principle. */
static void set_wall(struct work *w)
{
  struct tgv_etch_hole hole;

  set_front(w);
  w->depleted = w->supply.concentration > 0 &&
                tgv_chosen(w->run->project, TGV_P_wet_etching_depletion, "hole") &&
                tgv_etch_hole_solve(&w->front, HOLE_STEPS, -1, &hole) == TGV_OK;
  if (w->depleted) {
    tgv_etch_hole_profile(&hole, POINTS, &w->profile);
    w->left = hole.least;
    tgv_etch_hole_release(&hole);
  } else
    tgv_etch_front_profile(&w->front, POINTS, &w->profile);
}

static void set_shape(struct work *w, size_t group)
{
  struct tgv_block *b = w->b;

  b->n = 1, b->group = group;
  b->via_group = w->group = &w->run->package.group[group];
  b->x[0] = b->y[0] = 0;
  tgv_block_nominal(w->run->project, b);
  tgv_flow_physics(w->run->flow, b);
  w->shape = (struct tgv_via_shape){column(w, TGV_C_D_top),    column(w, TGV_C_D_upper),
                                    column(w, TGV_C_D_waist),  column(w, TGV_C_D_lower),
                                    column(w, TGV_C_D_bottom), column(w, TGV_C_waist_depth),
                                    column(w, TGV_C_thickness)};
  w->exact = w->eikonal && w->shape.thickness > 0; /* else the etch has dissolved the glass */
  w->depleted = false;
  if (w->exact)
    set_wall(w);
  else
    tgv_via_shape_profile(&w->shape, POINTS, &w->profile);
}

/* ---- what is said of it; NAN: does not apply */

static double shape_error(const struct work *w)
{
  double worst = 0;

  if (!w->exact) return 0;
  for (size_t i = 0; i < w->profile.n; i++)
    worst = fmax(worst, fabs(2 * w->profile.r[i] - tgv_via_shape_diameter(&w->shape, w->profile.z[i])));
  return w->shape.D_waist > 0 ? worst : (double)NAN;
}

/* times at the wall of the track and at the faces, r from the wall of the track on */
static void set_times(const struct tgv_etch_front *f, struct tgv_eikonal *e, double *slowness)
{
  for (size_t k = 0; k < e->nr * e->nz; k++) slowness[k] = 1 / f->bulk_rate, e->T[k] = HUGE_VAL;
  for (size_t j = 0; j < e->nz; j++) {
    const double z = e->dz * (double)j;

    e->T[j * e->nr] = fmin(tgv_etch_front_arrival(f, false, z), tgv_etch_front_arrival(f, true, z));
  }
  for (size_t i = 0; i < e->nr; i++) e->T[i] = e->T[(e->nz - 1) * e->nr + i] = 0;
  e->slowness = slowness;
}

static tgv_status marching_error(const struct work *w, double *error)
{
  const struct tgv_etch_front *f = &w->front;
  const double                 step = f->thickness / ROWS, lost = f->bulk_rate * f->time;
  struct tgv_eikonal e = {.nr = (size_t)(1.1 * lost / step) + 4, .nz = ROWS + 1, .dr = step, .dz = step};
  double            *all;
  tgv_status_code    status;

  *error = NAN;
  if (!w->exact || w->depleted || !(w->shape.D_waist > 0) || f->ratio < 1 || f->ratio > 1) return TGV_OK;
  all = tgv_allocate(2 * e.nr * e.nz, sizeof *all);
  e.T = all;
  set_times(f, &e, all + e.nr * e.nz);
  status = tgv_eikonal_march(&e);
  for (size_t j = 0; !status && j < e.nz; j++) {
    const double z = e.dz * (double)j, r = tgv_eikonal_reached(&e, j, f->time);

    if (z < lost + 0.5 * step || z > f->thickness - lost - 0.5 * step) continue;
    *error = fmax(isnan(*error) ? 0 : *error, fabs(f->track_radius + r - tgv_etch_front_radius(f, z)));
  }
  free(all);
  return status;
}

static double transient_breakthrough(const struct work *w)
{
  const double first = w->slowness[0];
  double       depth;

  if (!w->exact || !(w->supply.concentration > 0)) return NAN;
  for (int k = 1; k < KINKS; k++)
    if (w->slowness[k] < first || w->slowness[k] > first) return NAN;
  if (w->front.ratio > 0 && (w->front.ratio < 1 || w->front.ratio > 1)) return NAN;
  (void)tgv_etch_front_breakthrough(&w->front, &depth);
  return tgv_etch_channel_time(&w->supply, 1 / first, depth, 60);
}

static double etchant_left(const struct work *w)
{
  if (!w->exact || !(w->supply.concentration > 0) || !(w->shape.D_waist > 0)) return NAN;
  if (w->depleted) return w->left;
  return tgv_etch_channel_least(&w->supply, w->front.bulk_rate, &w->profile);
}

/* ---- report */

static void add_scalar(const struct work *w, enum tgv_column c, double value, const char *method)
{
  if (isnan(value)) return;
  tgv_result_scalar(w->run->current, &(struct tgv_scalar){.column = c,
                                                          .qualifier = w->group->name,
                                                          .value = value,
                                                          .low = NAN,
                                                          .high = NAN,
                                                          .method = method,
                                                          .valid = "the nominal via of the group",
                                                          .error = "see the page on etched profiles"});
}

static void add_profile(const struct work *w)
{
  cJSON *one = cJSON_CreateObject(), *x = cJSON_CreateArray(), *y = cJSON_CreateArray();

  cJSON_AddStringToObject(one, "label", w->group->name);
  for (size_t i = 0; i < w->profile.n; i++) {
    cJSON *row = tgv_table_row(w->table);

    tgv_row_text(row, w->group->name);
    tgv_row_number(row, um(w->profile.z[i]));
    tgv_row_number(row, um(2 * w->profile.r[i]));
    tgv_row_number(x, um(w->profile.z[i]));
    tgv_row_number(y, um(2 * w->profile.r[i]));
  }
  cJSON_AddItemToObject(one, "x", x);
  cJSON_AddItemToObject(one, "y", y);
  cJSON_AddItemToArray(w->series, one);
}

static tgv_status add_group(struct work *w, size_t group)
{
  double                 marching, left, shape;
  struct tgv_merged_vias merged;
  cJSON                 *row;
  tgv_status_code        status;

  set_shape(w, group);
  merged = tgv_merged_vias_of(&w->profile, w->group->pitch);
  status = marching_error(w, &marching);
  if (!status) {
    left = etchant_left(w), shape = shape_error(w);
    add_profile(w);
    row = tgv_table_row(w->vias);
    tgv_row_text(row, w->group->name);
    tgv_row_number(row, um(w->shape.D_top));
    tgv_row_number(row, um(w->shape.D_waist));
    tgv_row_number(row, um(w->shape.D_bottom));
    tgv_row_number(row, um(w->shape.waist_depth));
    tgv_row_number(row, tgv_units_to(column(w, TGV_C_breakthrough), TGV_TIME, "min"));
    tgv_row_number(row, tgv_units_to(transient_breakthrough(w), TGV_TIME, "min"));
    tgv_row_number(row, tgv_units_to(left, TGV_FRACTION, "%"));
    tgv_row_number(row, isfinite(merged.ligament) ? um(merged.ligament) : (double)NAN);
    tgv_row_number(row, um(merged.down));
    tgv_row_number(row, um(merged.up));
    tgv_row_number(row, merged.length > 0 ? um(merged.length) : (double)NAN);
    tgv_row_number(row, merged.length > 0 ? um(merged.neck) : (double)NAN);
    tgv_row_number(row, um(shape));
    tgv_row_number(row, um(marching));
    add_scalar(w, TGV_C_etchant_left, left,
               w->depleted ? "diffusion along the hole with reaction at wall and tip, acting back on the wall"
                           : "steady diffusion along the finished hole with reaction at its wall");
    add_scalar(w, TGV_C_shape_error, shape,
               "wall by Huygens' principle against parabolas through the five diameters");
  }
  tgv_via_profile_release(&w->profile);
  return status;
}

static void open_tables(struct work *w)
{
  static const char *const names[] = {"D_top", "D_waist", "D_bottom", "depth of the waist"};
  struct tgv_result       *r = w->run->current;

  w->vias =
      tgv_result_table(r, "etched_vias", "Nominal via of each group after the etch",
                       "breakthrough: as in the model, and by transient diffusion to the tip; etchant "
                       "left: at its lowest place in the finished hole; ligament: thinnest glass between "
                       "two vias at the pitch of the group, below 0 they have merged; errors: see the page "
                       "on etched profiles");
  tgv_table_column(w->vias, "via group", "", "text");
  for (int k = 0; k < 4; k++) tgv_table_column(w->vias, names[k], "um", "number");
  tgv_table_column(w->vias, "breakthrough", "min", "number");
  tgv_table_column(w->vias, "transient", "min", "number");
  tgv_table_column(w->vias, "etchant left", "%", "number");
  tgv_table_column(w->vias, "ligament", "um", "number");
  tgv_table_column(w->vias, "merged down to", "um", "number");
  tgv_table_column(w->vias, "merged up from the bottom by", "um", "number");
  tgv_table_column(w->vias, "length of the merged opening", "um", "number");
  tgv_table_column(w->vias, "width of its neck", "um", "number");
  tgv_table_column(w->vias, "shape error", "um", "number");
  tgv_table_column(w->vias, "marching error", "um", "number");
  w->table = tgv_result_table(r, "profile", "Diameter over depth below the etched top face", "");
  tgv_table_column(w->table, "via group", "", "text");
  tgv_table_column(w->table, "depth", "um", "number");
  tgv_table_column(w->table, "diameter", "um", "number");
}

static cJSON *curves(struct work *w)
{
  static const char *const axes[2][2] = {{"x", "depth"}, {"y", "diameter"}};
  cJSON                   *block = cJSON_CreateObject();

  cJSON_AddStringToObject(block, "type", "lines");
  cJSON_AddStringToObject(block, "title", "Diameter of the nominal via over its depth");
  for (int k = 0; k < 2; k++) {
    cJSON *axis = cJSON_AddObjectToObject(block, axes[k][0]);

    cJSON_AddStringToObject(axis, "label", axes[k][1]);
    cJSON_AddStringToObject(axis, "unit", "um");
  }
  w->series = cJSON_AddArrayToObject(block, "series");
  return block;
}

static tgv_status panel(struct tgv_run *run)
{
  const enum tgv_section *before = tgv_project_allow(NULL); /* inputs belong to any step of the flow */
  struct work             w = {.run = run,
                               .b = tgv_block_new(),
                               .eikonal = tgv_chosen(run->project, TGV_P_wet_etching_model, "eikonal")};
  cJSON                  *block = curves(&w);
  tgv_status_code         status = TGV_OK;

  open_tables(&w);
  for (size_t g = 0; !status && g < run->package.group_count; g++) status = add_group(&w, g);
  tgv_result_data(run->current, "profile", block);
  tgv_block_free(w.b);
  (void)tgv_project_allow(before);
  return status;
}

const struct tgv_stage tgv_stage_etch_profiles = {
    .name = "etch_profiles",
    .title = "Etched profiles",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_wet_etching),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom,
                         TGV_C_waist_depth, TGV_C_thickness, TGV_C_thickness_blank, TGV_C_r_track,
                         TGV_C_rate_factor, TGV_C_bath_track, TGV_C_bath_bulk, TGV_C_breakthrough),
    .writes = TGV_COLUMNS(TGV_C_etchant_left, TGV_C_shape_error),
    .chosen_by = TGV_P_END,
    .panel = panel,
};
