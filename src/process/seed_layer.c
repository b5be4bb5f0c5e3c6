/** # The seed layer over the depth

## Model
For the nominal via of every group, in the middle of the panel: thickness of copper and titanium over the depth of the wall. Sputtered,
it is the film on the field times the flux of the ballistic transport at that depth (solver/radiosity), solved for this via itself and not
taken from the table of the stage seed_sputtering; the difference of the two, and the error that the table measured over its whole range, stand
beside it. Electroless, the film follows the concentration in the hole, by diffusion with deposition on the wall of this shape
(solver/hole_mesh); beside it stands the estimate of the stage seed_electroless, which every via goes through. There is no titanium.

The margin is the thinnest copper over `seed_layer.continuous`, below which a film is islands after the acid of the plating bath.

## Valid for
That of solver/radiosity.c.

## Neglects
All variation: the distribution over the panel is in the survey.

## Source
Our own; the 20 nm of `continuous` are an assumption (10 to 20 nm is common knowledge, not a measurement).

## Verified by
tests/unit/test_seed_layer.c, tests/unit/test_radiosity.c. */
#include <math.h>
#include <stdio.h>

#include "model/result.h"
#include "model/run.h"
#include "solver/hole_mesh.h"
#include "solver/radiosity.h"
#include "solver/step_coverage.h"

enum { DEPTHS = 41, BANDS = 80 };

struct film {
  double field, sticking;
  double thickness[DEPTHS], least, depth;
};

struct via {
  const struct tgv_run *run;
  const char           *group;
  bool                  sputtered;
  struct tgv_via_shape  shape;
  double                seed_min, seed_depth; /* of the stage that every via goes through */
  struct film           copper, titanium;
  double                thin_part; /* of the depth with less copper than is continuous */
};

static void follow(struct via *v, size_t group, struct tgv_block *b)
{
  const struct tgv_flow *f = v->run->flow;

  b->n = 1, b->unit = 0, b->group = group, b->via_group = &v->run->package.group[group];
  b->local = b->id = b->via_group->first;
  b->x[0] = b->y[0] = 0;
  tgv_block_nominal(v->run->project, b);
  tgv_flow_physics(f, b);
  v->shape =
      tgv_via_shape_cones((double)b->column[TGV_C_D_top][0], (double)b->column[TGV_C_D_waist][0],
                          (double)b->column[TGV_C_D_bottom][0], (double)b->column[TGV_C_waist_depth][0],
                          (double)b->column[TGV_C_thickness][0]);
  if (tgv_flow_writes(f, TGV_C_D_upper)) v->shape.D_upper = (double)b->column[TGV_C_D_upper][0];
  if (tgv_flow_writes(f, TGV_C_D_lower)) v->shape.D_lower = (double)b->column[TGV_C_D_lower][0];
  v->seed_min = (double)b->column[TGV_C_seed_min][0], v->seed_depth = (double)b->column[TGV_C_seed_depth][0];
}

static tgv_status sputter(const struct via *v, double exponent, struct film *film)
{
  const struct tgv_sputter s = {film->sticking, exponent};
  const struct tgv_source  source = {exponent, 1, 1, film->sticking};
  struct tgv_via_profile   p;
  struct tgv_cavity        c;
  struct tgv_radiosity     r;
  struct tgv_thinnest      thin;
  tgv_status_code          status;

  TGV_TRY(tgv_step_coverage(&v->shape, &s, &thin));
  const int side = thin.coverage[1] < thin.coverage[0];

  film->least = film->field * thin.coverage[side], film->depth = thin.depth[side];
  tgv_step_coverage_profile(&v->shape, &p);
  status = tgv_cavity_new(&p, false, BANDS, &c);
  tgv_via_profile_release(&p);
  TGV_TRY(status);
  status = tgv_radiosity_solve(&c, &source, &r);
  for (int i = 0; i < DEPTHS && !status; i++)
    film->thickness[i] =
        film->field * tgv_radiosity_at(&c, &source, &r, v->shape.thickness * i / (DEPTHS - 1));
  if (!status) tgv_radiosity_release(&r);
  tgv_cavity_release(&c);
  return status;
}

/* Electroless copper where the rate follows the concentration: diffusion along the hole with deposition on its wall. */
static void plate(struct via *v)
{
  enum { POINTS = 161 };
  const struct tgv_project *p = v->run->project;
  double                    room[8][POINTS];
  struct tgv_hole_mesh      g = {0, room[0], room[1], room[2], room[3], room[4], room[5], room[6], room[7]};
  struct tgv_via_profile    wall;
  /* used up over D c0 for an area, 1/m */
  const double used =
      v->copper.field /
      (tgv_real(p, TGV_P_seed_layer_bath_time) * tgv_real(p, TGV_P_seed_layer_bath_molar_volume) *
       tgv_real(p, TGV_P_seed_layer_bath_ion) * tgv_real(p, TGV_P_seed_layer_bath_diffusivity));
  size_t k = 0;

  tgv_via_shape_profile(&v->shape, POINTS, &wall);
  for (size_t i = 0; i < wall.n; i++) tgv_hole_mesh_add(&g, wall.z[i], wall.r[i], 1);
  (void)tgv_hole_mesh_solve(&g, used, true, 0);
  tgv_via_profile_release(&wall);
  v->copper.least = v->copper.field, v->copper.depth = 0;
  for (size_t i = 0; i < g.n; i++)
    if (v->copper.field * g.c[i] < v->copper.least)
      v->copper.least = v->copper.field * g.c[i], v->copper.depth = g.x[i];
  for (int i = 0; i < DEPTHS; i++) {
    const double z = v->shape.thickness * i / (DEPTHS - 1);

    while (k + 2 < g.n && g.x[k + 1] < z) k++;
    v->copper.thickness[i] =
        v->copper.field * (g.c[k] + (g.c[k + 1] - g.c[k]) * (z - g.x[k]) / (g.x[k + 1] - g.x[k]));
  }
}

static tgv_status fill(struct via *v)
{
  const struct tgv_project *p = v->run->project;
  const double              exponent = tgv_real(p, TGV_P_seed_layer_source_exponent);
  const double              continuous = tgv_real(p, TGV_P_seed_layer_continuous);

  v->copper.field = tgv_real(p, TGV_P_seed_layer_copper);
  v->copper.sticking = tgv_real(p, TGV_P_seed_layer_sticking);
  v->titanium.field = v->sputtered ? tgv_real(p, TGV_P_seed_layer_titanium) : 0;
  v->titanium.sticking = tgv_real(p, TGV_P_seed_layer_sticking_titanium);
  if (v->sputtered) {
    TGV_TRY(sputter(v, exponent, &v->copper));
    TGV_TRY(sputter(v, exponent, &v->titanium));
  } else
    plate(v); /* no titanium */
  for (int i = 0; i < DEPTHS; i++) v->thin_part += (v->copper.thickness[i] < continuous) / (double)DEPTHS;
  return TGV_OK;
}

/* ---- results */

static void add(const struct via *v, enum tgv_column c, const char *qualifier, double value)
{
  tgv_result_scalar(
      v->run->current,
      &(struct tgv_scalar){
          .column = c,
          .qualifier = qualifier,
          .value = value,
          .low = (double)NAN,
          .high = (double)NAN,
          .method = v->sputtered ? "view factors and one linear solve for the nominal via"
                                 : "diffusion along the nominal via with deposition on its wall",
          .valid = v->sputtered ? "sputtering and evaporation: no collisions in the gas"
                                : "quiescent bath, rate in proportion to the concentration",
          .error = v->sputtered ? "0.1 % of the transport; sticking and source are as good as their inputs"
                                : "that of the inputs"});
}

static cJSON *numbers(const double *x, const char *unit)
{
  cJSON *list = cJSON_CreateArray();

  for (int i = 0; i < DEPTHS; i++) tgv_row_number(list, tgv_units_to(x[i], TGV_LENGTH, unit));
  return list;
}

static cJSON *axis(const char *label, const char *unit, bool logarithmic)
{
  cJSON *a = cJSON_CreateObject();

  cJSON_AddStringToObject(a, "label", label);
  cJSON_AddStringToObject(a, "unit", unit);
  cJSON_AddBoolToObject(a, "log", logarithmic);
  return a;
}

static void add_curve(cJSON *series, const struct via *v, const struct film *film, const char *metal)
{
  double z[DEPTHS];
  char   label[200];
  cJSON *s = cJSON_CreateObject();

  for (int i = 0; i < DEPTHS; i++) z[i] = v->shape.thickness * i / (DEPTHS - 1);
  (void)snprintf(label, sizeof label, "%s, %s", v->group, metal);
  cJSON_AddStringToObject(s, "label", label);
  cJSON_AddItemToObject(s, "x", numbers(z, "um"));
  cJSON_AddItemToObject(s, "y", numbers(film->thickness, "nm"));
  cJSON_AddItemToArray(series, s);
}

static cJSON *add_table(struct tgv_run *run)
{
  static const char *const columns[][3] = {{"via group", "", "text"},
                                           {"copper on the field", "nm", "number"},
                                           {"thinnest copper", "nm", "number"},
                                           {"at the depth", "um", "number"},
                                           {"coverage", "%", "number"},
                                           {"over what is continuous", "", "number"},
                                           {"depth with less than that", "%", "number"},
                                           {"thinnest copper as of every via", "nm", "number"},
                                           {"thinnest titanium", "nm", "number"}};
  cJSON                   *t =
      tgv_result_table(run->current, "seed", "Seed layer on the wall of the nominal via",
                       "The thinnest copper is solved for this via; the table is what every via of the "
                       "panel goes through.");

  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
    tgv_table_column(t, columns[i][0], columns[i][1], columns[i][2]);
  return t;
}

static void add_row(cJSON *table, const struct via *v)
{
  const double nm = tgv_units_to(1, TGV_LENGTH, "nm"), um = tgv_units_to(1, TGV_LENGTH, "um");
  const double continuous = tgv_real(v->run->project, TGV_P_seed_layer_continuous);
  const double values[] = {nm * v->copper.field,
                           nm * v->copper.least,
                           um * v->copper.depth,
                           100 * v->copper.least / v->copper.field,
                           v->copper.least / continuous,
                           100 * v->thin_part,
                           nm * v->seed_min,
                           nm * v->titanium.least};
  cJSON       *row = tgv_table_row(table);

  tgv_row_text(row, v->group);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) tgv_row_number(row, values[i]);
}

static tgv_status add_table_error(const struct via *v)
{
  const struct tgv_sputter   s = {v->copper.sticking,
                                  tgv_real(v->run->project, TGV_P_seed_layer_source_exponent)};
  struct tgv_coverage_tables t;

  TGV_TRY(tgv_coverage_tables_get(&s, &t));
  const struct tgv_table_error e = tgv_coverage_tables_error(&t);

  add(v, TGV_C_seed_table_error, "rms", expm1(e.rms));
  add(v, TGV_C_seed_table_error, "largest", expm1(e.largest));
  return TGV_OK;
}

static tgv_status report_group(struct via *v, cJSON *table, cJSON *series)
{
  if (v->shape.D_waist > 0 && v->shape.thickness > 0) TGV_TRY(fill(v));
  add(v, TGV_C_seed_min, v->group, v->copper.least);
  add(v, TGV_C_seed_depth, v->group, v->copper.depth);
  add(v, TGV_C_seed_margin, v->group,
      v->copper.least / tgv_real(v->run->project, TGV_P_seed_layer_continuous));
  if (v->sputtered) add(v, TGV_C_seed_titanium_min, v->group, v->titanium.least);
  if (!(v->copper.least > 0)) return TGV_OK; /* closed: there is no wall to follow */
  add_row(table, v);
  add_curve(series, v, &v->copper, "copper");
  if (v->titanium.field > 0) add_curve(series, v, &v->titanium, "titanium");
  return TGV_OK;
}

static tgv_status report_groups(struct tgv_run *run, struct tgv_block *b, cJSON *table, cJSON *series)
{
  const bool sputtered = tgv_chosen(run->project, TGV_P_seed_layer_model, "sputtered");

  for (size_t g = 0; g < run->package.group_count; g++) {
    struct via v = {.run = run, .group = run->package.group[g].name, .sputtered = sputtered};

    follow(&v, g, b);
    TGV_TRY_NOTE(report_group(&v, table, series), "following the seed layer of the via group %s", v.group);
    if (sputtered && g == 0) TGV_TRY(add_table_error(&v));
  }
  return TGV_OK;
}

static tgv_status panel(struct tgv_run *run)
{
  struct tgv_block *b = tgv_block_new();
  cJSON            *lines = cJSON_CreateObject(), *table = add_table(run), *series;
  tgv_status_code   status;

  cJSON_AddStringToObject(lines, "type", "lines");
  cJSON_AddStringToObject(lines, "title", "Thickness of the seed layer over the depth");
  cJSON_AddItemToObject(lines, "x", axis("depth below the top face", "um", false));
  cJSON_AddItemToObject(lines, "y", axis("thickness on the wall", "nm", true));
  series = cJSON_AddArrayToObject(lines, "series");
  status = report_groups(run, b, table, series);
  tgv_result_data(run->current, "profile", lines);
  tgv_block_free(b);
  return status;
}

const struct tgv_stage tgv_stage_seed_layer = {
    .name = "seed_layer",
    .title = "Seed layer over the depth",
    .source = "Clausing 1932, doi 10.1002/andp.19324040804",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_seed_layer),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom,
                         TGV_C_waist_depth, TGV_C_thickness, TGV_C_seed_min, TGV_C_seed_depth),
    .writes = TGV_COLUMNS(TGV_C_seed_min, TGV_C_seed_depth, TGV_C_seed_margin, TGV_C_seed_titanium_min,
                          TGV_C_seed_table_error),
    .chosen_by = TGV_P_seed_layer_model,
    .chosen_word = "!none",
    .panel = panel,
};
