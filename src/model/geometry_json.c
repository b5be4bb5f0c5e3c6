/* The geometry of package and panel as JSON, for the report. Lengths in mm, but diameters and pitches in um. */
#include "model/geometry_json.h"

#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/result.h"

static void add_number(cJSON *o, const char *name, double si, enum tgv_dimension d, const char *unit)
{
  tgv_json_number(o, name, tgv_units_to(si, d, unit));
}

cJSON *tgv_groups_json(const struct tgv_project *p, const struct tgv_package *k)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < k->group_count; i++) {
    const struct tgv_via_group *g = &k->group[i];
    cJSON                      *o = cJSON_CreateObject(), *limits;

    cJSON_AddStringToObject(o, "name", g->name);
    cJSON_AddStringToObject(o, "function", g->function);
    cJSON_AddStringToObject(o, "pattern", g->pattern);
    cJSON_AddNumberToObject(o, "count", (double)g->count);
    add_number(o, "diameter", g->diameter, TGV_LENGTH, "um");
    add_number(o, "pitch", g->pitch, TGV_LENGTH, "um");
    add_number(o, "pitch_x", tgv_real_at(p, TGV_P_via_groups_pitch_x, g->record), TGV_LENGTH, "um");
    add_number(o, "pitch_y", tgv_real_at(p, TGV_P_via_groups_pitch_y, g->record), TGV_LENGTH, "um");
    cJSON_AddNumberToObject(o, "lane_vias", (double)g->lane_vias);
    cJSON_AddNumberToObject(o, "lanes", (double)g->lanes);
    cJSON_AddNumberToObject(o, "lanes_needed", (double)g->lanes_needed);
    add_number(o, "fail_fraction_max", g->fail_fraction_max, TGV_FRACTION, "%");
    limits = cJSON_AddObjectToObject(o, "limits");
    for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
      const struct tgv_cause_info *cause = tgv_cause_info((enum tgv_cause)c);

      if (cause->column == TGV_C_END || isnan(g->limit[c])) continue;
      add_number(limits, cause->name, g->limit[c], tgv_column_info(cause->column)->dimension,
                 tgv_column_info(cause->column)->unit);
    }
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

/* Lower left corners of the units. */
static cJSON *corners(size_t n, const double *centre, double size)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < n; i++) tgv_row_number(list, tgv_units_to(centre[i] - 0.5 * size, TGV_LENGTH, "mm"));
  return list;
}

cJSON *tgv_panel_json(const struct tgv_panel *p)
{
  cJSON *o = cJSON_CreateObject(), *units;

  cJSON_AddStringToObject(o, "shape", p->round ? "round" : "rectangular");
  add_number(o, "width", p->width, TGV_LENGTH, "mm");
  add_number(o, "height", p->height, TGV_LENGTH, "mm");
  add_number(o, "edge_exclusion", p->edge_exclusion, TGV_LENGTH, "mm");
  add_number(o, "street", p->street, TGV_LENGTH, "mm");
  cJSON_AddNumberToObject(o, "utilisation", tgv_units_to(p->utilisation, TGV_FRACTION, "%"));
  units = cJSON_AddObjectToObject(o, "units");
  add_number(units, "width", p->unit_width, TGV_LENGTH, "mm");
  add_number(units, "height", p->unit_height, TGV_LENGTH, "mm");
  cJSON_AddBoolToObject(units, "rotated", p->rotated);
  cJSON_AddItemToObject(units, "x", corners(p->unit_count, p->unit_x, p->unit_width));
  cJSON_AddItemToObject(units, "y", corners(p->unit_count, p->unit_y, p->unit_height));
  return o;
}

/* Positions of all vias of one unit, for the picture of the package, if they are not too many to draw. */
static cJSON *vias_json(const struct tgv_package *k, size_t most)
{
  size_t n = k->via_count <= most ? (size_t)k->via_count : 0, at = 0;
  float *x = tgv_allocate(n + 1, sizeof *x), *y = tgv_allocate(n + 1, sizeof *y),
        *group = tgv_allocate(n + 1, sizeof *group);
  cJSON *o = cJSON_CreateObject();

  for (size_t r = 0; r < k->run_count && n > 0; r++)
    for (uint64_t i = 0; i < k->run[r].n; i++, at++) {
      x[at] = (float)tgv_units_to(k->run[r].x0 + (double)i * k->run[r].dx, TGV_LENGTH, "mm");
      y[at] = (float)tgv_units_to(k->run[r].y0 + (double)i * k->run[r].dy, TGV_LENGTH, "mm");
      group[at] = (float)tgv_package_group_of(k, k->run[r].first);
    }
  cJSON_AddNumberToObject(o, "count", (double)n);
  cJSON_AddItemToObject(o, "x", tgv_packed("f32", x, n * sizeof *x));
  cJSON_AddItemToObject(o, "y", tgv_packed("f32", y, n * sizeof *y));
  cJSON_AddItemToObject(o, "group", tgv_packed("f32", group, n * sizeof *group));
  free(x);
  free(y);
  free(group);
  return o;
}

static const struct {
  const char    *name, *unit;
  enum tgv_param chiplet, keep_out;
} rectangle[] = {{"x", "mm", TGV_P_chiplets_x, TGV_P_keep_outs_x},
                 {"y", "mm", TGV_P_chiplets_y, TGV_P_keep_outs_y},
                 {"width", "mm", TGV_P_chiplets_width, TGV_P_keep_outs_width},
                 {"height", "mm", TGV_P_chiplets_height, TGV_P_keep_outs_height}};

enum { SIDES = sizeof rectangle / sizeof *rectangle };

static cJSON *chiplets_json(const struct tgv_project *p)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < tgv_records(p, TGV_S_chiplets); i++) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "name", tgv_text_at(p, TGV_P_chiplets_name, i));
    cJSON_AddStringToObject(o, "kind", tgv_text_at(p, TGV_P_chiplets_kind, i));
    for (int k = 0; k < SIDES; k++)
      add_number(o, rectangle[k].name, tgv_real_at(p, rectangle[k].chiplet, i), TGV_LENGTH,
                 rectangle[k].unit);
    add_number(o, "bump_pitch", tgv_real_at(p, TGV_P_chiplets_bump_pitch, i), TGV_LENGTH, "um");
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

static cJSON *keep_outs_json(const struct tgv_project *p)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < tgv_records(p, TGV_S_keep_outs); i++) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "name", tgv_text_at(p, TGV_P_keep_outs_name, i));
    cJSON_AddStringToObject(o, "shape", tgv_text_at(p, TGV_P_keep_outs_shape, i));
    for (int k = 0; k < SIDES; k++)
      add_number(o, rectangle[k].name, tgv_real_at(p, rectangle[k].keep_out, i), TGV_LENGTH,
                 rectangle[k].unit);
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

static cJSON *layers_json(const struct tgv_project *p)
{
  cJSON *list = cJSON_CreateArray();

  for (size_t i = 0; i < tgv_records(p, TGV_S_build_up); i++) {
    cJSON *o = cJSON_CreateObject();

    cJSON_AddStringToObject(o, "name", tgv_text_at(p, TGV_P_build_up_name, i));
    cJSON_AddStringToObject(o, "side", tgv_text_at(p, TGV_P_build_up_side, i));
    cJSON_AddNumberToObject(o, "layers", (double)tgv_count_at(p, TGV_P_build_up_layers, i));
    add_number(o, "thickness",
               tgv_real_at(p, TGV_P_build_up_dielectric_thickness, i) +
                   tgv_real_at(p, TGV_P_build_up_copper_thickness, i),
               TGV_LENGTH, "um");
    cJSON_AddItemToArray(list, o);
  }
  return list;
}

cJSON *tgv_package_json(const struct tgv_project *p, const struct tgv_package *k, size_t most_vias)
{
  cJSON *o = cJSON_CreateObject();

  add_number(o, "width", k->width, TGV_LENGTH, "mm");
  add_number(o, "height", k->height, TGV_LENGTH, "mm");
  add_number(o, "thickness", tgv_real(p, TGV_P_package_thickness), TGV_LENGTH, "mm");
  add_number(o, "core_thickness", tgv_real(p, TGV_P_core_thickness), TGV_LENGTH, "um");
  cJSON_AddStringToObject(o, "glass", tgv_text(p, TGV_P_core_glass));
  cJSON_AddItemToObject(o, "chiplets", chiplets_json(p));
  cJSON_AddItemToObject(o, "keep_outs", keep_outs_json(p));
  cJSON_AddItemToObject(o, "layers", layers_json(p));
  cJSON_AddItemToObject(o, "vias", vias_json(k, most_vias));
  return o;
}
