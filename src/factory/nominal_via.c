/**
# Nominal via

*Model.* The nominal via of every group, in the middle of the panel, with the nominal value of every process input, followed through all
stages of the line: what every quantity is if nothing varies, and the shape $D(z)$ through the diameters at both faces, half-way and at the
waist (between a face and the waist the parabola through the three diameters of that side).

*Valid for.* The middle of the panel: place maps (such as that of the plating current) act elsewhere.

*Neglects.* All variation; the distribution over the panel is in the survey.

*Source.* Our own.

*Verified by.* tests/unit/test_nominal_via.c
*/
#include <stdlib.h>

#include "core/text.h"
#include "model/result.h"
#include "model/run.h"
#include "model/via_profile.h"

enum { POINTS = 41 };

#define LIST_VIA(symbol) TGV_C_##symbol,
#define LIST_UNIT(symbol)
#define LIST_PANEL(symbol)
static const enum tgv_column every[] = {
#define COLUMN(level, symbol, dimension, unit, help) LIST_##level(symbol)
#include "model/columns.def"
#undef COLUMN
    TGV_C_END};

static void follow(const struct tgv_run *run, size_t group, struct tgv_block *b)
{
  b->n = 1;
  b->unit = 0;
  b->group = group;
  b->via_group = &run->package.group[group];
  b->local = b->id = b->via_group->first;
  b->x[0] = b->y[0] = 0;
  tgv_block_nominal(run->project, b);
  tgv_flow_physics(run->flow, b);
}

static double at(const struct tgv_block *b, enum tgv_column c)
{
  return (double)b->column[c][0];
}

static cJSON *lengths(const double *x, size_t n, double factor)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < n; i++) tgv_row_number(list, tgv_units_to(factor * x[i], TGV_LENGTH, "um"));
  return list;
}

/* Half-way diameters that no stage gives are those of straight cones. */
static struct tgv_via_shape shape_of(const struct tgv_flow *f, const struct tgv_block *b)
{
  struct tgv_via_shape s =
      tgv_via_shape_cones(at(b, TGV_C_D_top), at(b, TGV_C_D_waist), at(b, TGV_C_D_bottom),
                          at(b, TGV_C_waist_depth), at(b, TGV_C_thickness));

  if (tgv_flow_writes(f, TGV_C_D_upper)) s.D_upper = at(b, TGV_C_D_upper);
  if (tgv_flow_writes(f, TGV_C_D_lower)) s.D_lower = at(b, TGV_C_D_lower);
  return s;
}

static cJSON *group_json(const struct tgv_run *run, const struct tgv_block *b)
{
  const struct tgv_via_shape shape = shape_of(run->flow, b);
  cJSON                     *o = cJSON_CreateObject(), *values;
  struct tgv_via_profile     profile;

  cJSON_AddStringToObject(o, "name", b->via_group->name);
  cJSON_AddStringToObject(o, "function", b->via_group->function);
  cJSON_AddNumberToObject(o, "diameter", tgv_units_to(b->via_group->diameter, TGV_LENGTH, "um"));
  cJSON_AddBoolToObject(o, "failed", (b->flags[0] & TGV_FLAG_CAUSES) != 0);
  cJSON_AddBoolToObject(o, "outside", (b->flags[0] & TGV_FLAG_MODEL_RANGE) != 0);
  values = cJSON_AddObjectToObject(o, "values");
  for (const enum tgv_column *c = every; *c != TGV_C_END; c++) {
    const struct tgv_column_info *i = tgv_column_info(*c);

    if (tgv_flow_writes(run->flow, *c))
      tgv_json_number(values, i->symbol, tgv_units_to(at(b, *c), i->dimension, i->unit));
  }
  if (!(shape.thickness > 0)) return o; /* no glass is left */
  tgv_via_shape_profile(&shape, POINTS, &profile);
  cJSON_AddItemToObject(o, "z", lengths(profile.z, profile.n, 1));
  cJSON_AddItemToObject(o, "D", lengths(profile.r, profile.n, 2));
  tgv_via_profile_release(&profile);
  return o;
}

/* A row a quantity, a column a group. */
static void add_table(const struct tgv_run *run, const cJSON *groups)
{
  cJSON       *t = tgv_result_table(run->current, "nominal", "The nominal via of each group",
                                    "With the nominal value of every input, in the middle of the panel.");
  const cJSON *g;

  tgv_table_column(t, "Quantity", "", "code");
  tgv_table_column(t, "Meaning", "", "text");
  cJSON_ArrayForEach(g, groups)
      tgv_table_column(t, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(g, "name")), "", "value");
  tgv_table_column(t, "Unit", "", "unit");
  for (const enum tgv_column *c = every; *c != TGV_C_END; c++) {
    const struct tgv_column_info *i = tgv_column_info(*c);
    cJSON                        *row;

    if (!tgv_flow_writes(run->flow, *c)) continue;
    row = tgv_table_row(t);
    tgv_row_text(row, i->symbol);
    tgv_row_text(row, i->help);
    cJSON_ArrayForEach(g, groups)
    {
      const cJSON *v =
          cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(g, "values"), i->symbol);

      cJSON_AddItemToArray(row, cJSON_Duplicate(v, 1));
    }
    tgv_row_text(row, i->unit);
  }
}

static tgv_status panel(struct tgv_run *run)
{
  struct tgv_block *b = tgv_block_new();
  cJSON            *groups = cJSON_CreateArray();

  for (size_t g = 0; g < run->package.group_count; g++) {
    if (run->package.group[g].count == 0) continue;
    follow(run, g, b);
    cJSON_AddItemToArray(groups, group_json(run, b));
  }
  add_table(run, groups);
  tgv_result_data(run->current, "groups", groups);
  tgv_block_free(b);
  return TGV_OK;
}

const struct tgv_stage tgv_stage_nominal_via = {
    .name = "nominal_via",
    .title = "The nominal via of every group",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_project),
    .reads = every,
    .writes = NULL,
    .chosen_by = TGV_P_END,
    .panel = panel,
};
