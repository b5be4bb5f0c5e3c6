/**
# Via sample: the vias one can look at
*Model.* The report zooms from the panel to a unit to a single via. A panel of tens of millions of vias does not fit into a page, so a
sample is taken: all vias if they are few enough, else a square window of every unit around its worst via, all windows of one size, so
that what is seen there is complete. Each via is made again from its number; nothing was kept.

*Valid for.* Looking; statistics come from the survey of every via.

*Neglects.* Vias outside the windows.

*Source.* Our own.

*Verified by.* tests/unit/test_via_sample.c
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "model/geometry_json.h"
#include "model/run.h"

/* Columns of the sample beside position, unit, group and flags. */
static const enum tgv_column shown[] = {
    TGV_C_D_top,    TGV_C_D_waist,  TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_thickness,     TGV_C_taper,
    TGV_C_offset_x, TGV_C_offset_y, TGV_C_tilt_x,   TGV_C_tilt_y,      TGV_C_position_error};

enum { SHOWN = sizeof shown / sizeof *shown };

struct sample {
  size_t  count, room;
  double *x, *y; /* mm */
  double *index;
  float  *unit, *group, *flags;
  float  *column[SHOWN];
};

static void make_room(struct sample *s, size_t n)
{
  if (s->count + n <= s->room) return;
  s->room = 2 * (s->count + n);
  s->x = tgv_reallocate(s->x, s->room, sizeof *s->x);
  s->y = tgv_reallocate(s->y, s->room, sizeof *s->y);
  s->unit = tgv_reallocate(s->unit, s->room, sizeof *s->unit);
  s->group = tgv_reallocate(s->group, s->room, sizeof *s->group);
  s->flags = tgv_reallocate(s->flags, s->room, sizeof *s->flags);
  s->index = tgv_reallocate(s->index, s->room, sizeof *s->index);
  for (int c = 0; c < SHOWN; c++) s->column[c] = tgv_reallocate(s->column[c], s->room, sizeof(float));
}

static void release(struct sample *s)
{
  free(s->x);
  free(s->y);
  free(s->unit);
  free(s->group);
  free(s->flags);
  free(s->index);
  for (int c = 0; c < SHOWN; c++) free(s->column[c]);
}

/* Makes n vias of a unit again, from local number `local` on (one group), and puts them into the sample. */
static void take(const struct tgv_run *run, struct sample *s, struct tgv_block *b, size_t unit,
                 uint64_t local, uint64_t n)
{
  while (n > 0) {
    size_t part = n < TGV_BLOCK ? (size_t)n : TGV_BLOCK;

    tgv_flow_vias(run->flow, unit, local, part, b);
    make_room(s, part);
    for (size_t i = 0; i < part; i++, s->count++) {
      s->x[s->count] = tgv_units_to(b->x[i], TGV_LENGTH, "mm");
      s->y[s->count] = tgv_units_to(b->y[i], TGV_LENGTH, "mm");
      s->unit[s->count] = (float)unit;
      s->group[s->count] = (float)b->group;
      s->flags[s->count] = (float)(b->flags[i] & TGV_FLAG_CAUSES);
      s->index[s->count] = (double)(b->id + i);
      for (int c = 0; c < SHOWN; c++) s->column[c][s->count] = b->column[shown[c]][i];
    }
    local += part;
    n -= part;
  }
}

/* The vias of one run that lie in the window; runs are straight, so they are one stretch. */
static void take_run(const struct tgv_run *run, struct sample *s, struct tgv_block *b, size_t unit,
                     const struct tgv_run_of_vias *r, const struct tgv_rectangle *w)
{
  double       first = 0, last = (double)r->n - 1;
  const double from[2] = {r->x0, r->y0}, step[2] = {r->dx, r->dy};
  const double centre[2] = {w->x, w->y}, half[2] = {0.5 * w->width, 0.5 * w->height};

  for (int axis = 0; axis < 2; axis++) {
    double low = centre[axis] - half[axis] - from[axis], high = centre[axis] + half[axis] - from[axis];

    if (!(fabs(step[axis]) > 0)) {
      if (low > 0 || high < 0) return;
      continue;
    }
    first = fmax(first, ceil(fmin(low / step[axis], high / step[axis])));
    last = fmin(last, floor(fmax(low / step[axis], high / step[axis])));
  }
  if (last >= first) take(run, s, b, unit, r->first + (uint64_t)first, (uint64_t)(last - first) + 1);
}

static void take_window(const struct tgv_run *run, struct sample *s, struct tgv_block *b, size_t unit,
                        const struct tgv_rectangle *w)
{
  for (size_t i = 0; i < run->package.run_count; i++) take_run(run, s, b, unit, &run->package.run[i], w);
}

/* The centre of each unit's window: its worst via, or the centre of the unit. */
static void find_centres(const struct tgv_run *run, double *x, double *y)
{
  const struct tgv_result *survey = tgv_run_result(run, "panel_survey");
  const cJSON             *list =
      cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(survey->json, "data"), "worst");
  const cJSON *w;
  size_t       last = run->panel.unit_count;

  cJSON_ArrayForEach(w, list) /* the worst of each unit comes first */
  {
    size_t unit = (size_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(w, "unit"));
    double local = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(w, "local"));

    if (unit == last || unit >= run->panel.unit_count) continue;
    last = unit;
    tgv_package_positions(&run->package, (uint64_t)local, 1, &x[unit], &y[unit]);
  }
}

static double clamp(double x, double half, double size)
{
  double reach = 0.5 * size - half;

  return reach <= 0 ? 0 : fmax(-reach, fmin(reach, x));
}

static void take_windows(const struct tgv_run *run, struct sample *s, struct tgv_block *b, double limit)
{
  const struct tgv_package *k = &run->package;
  double                    share = limit / ((double)k->via_count * (double)run->panel.unit_count);
  double                    side = sqrt(share * k->width * k->height);
  double                   *x = tgv_allocate(run->panel.unit_count, sizeof *x),
         *y = tgv_allocate(run->panel.unit_count, sizeof *y);

  find_centres(run, x, y);
  for (size_t u = 0; u < run->panel.unit_count && (double)s->count < limit; u++) {
    struct tgv_rectangle w = {.width = side, .height = side};

    w.x = clamp(x[u], 0.5 * side, k->width);
    w.y = clamp(y[u], 0.5 * side, k->height);
    take_window(run, s, b, u, &w);
  }
  free(x);
  free(y);
}

/* ---- as JSON */

static cJSON *sample_json(const struct sample *s, double total)
{
  cJSON *o = cJSON_CreateObject(), *list;

  cJSON_AddNumberToObject(o, "count", (double)s->count);
  cJSON_AddNumberToObject(o, "total", total);
  cJSON_AddBoolToObject(o, "complete", (double)s->count >= total);
  cJSON_AddStringToObject(o, "note",
                          (double)s->count >= total ? "every via of the panel"
                                                    : "a window of every unit around its worst via");
  list = cJSON_AddArrayToObject(o, "columns");
  cJSON_AddItemToArray(list,
                       tgv_packed_column("x", "design position", "mm", "f64", s->x, s->count * sizeof *s->x));
  cJSON_AddItemToArray(list,
                       tgv_packed_column("y", "design position", "mm", "f64", s->y, s->count * sizeof *s->y));
  cJSON_AddItemToArray(list, tgv_packed_column("unit", "unit", "", "f32", s->unit, s->count * sizeof(float)));
  cJSON_AddItemToArray(
      list, tgv_packed_column("group", "via group", "", "f32", s->group, s->count * sizeof(float)));
  cJSON_AddItemToArray(
      list, tgv_packed_column("flags", "causes of failure", "", "f32", s->flags, s->count * sizeof(float)));
  cJSON_AddItemToArray(list, tgv_packed_column("index", "number of the via", "", "f64", s->index,
                                               s->count * sizeof *s->index));
  for (int c = 0; c < SHOWN; c++) {
    const struct tgv_column_info *info = tgv_column_info(shown[c]);
    double                        unit = tgv_units_to(1, info->dimension, info->unit);

    for (size_t i = 0; i < s->count; i++) s->column[c][i] = (float)((double)s->column[c][i] * unit);
    cJSON_AddItemToArray(list, tgv_packed_column(info->symbol, info->help, info->unit, "f32", s->column[c],
                                                 s->count * sizeof(float)));
  }
  return o;
}

static tgv_status sample(struct tgv_run *run)
{
  struct sample     s = {0};
  struct tgv_block *b;
  double            total = (double)run->package.via_count * (double)run->panel.unit_count;
  double            limit = (double)tgv_count(run->project, TGV_P_output_report_vias);

  TGV_TRY(tgv_flow_panel(run->flow, (uint32_t)tgv_count(run->project, TGV_P_project_lot), 1));
  b = tgv_block_new();
  if (total <= limit)
    for (size_t u = 0; u < run->panel.unit_count; u++)
      for (size_t g = 0; g < run->package.group_count; g++)
        take(run, &s, b, u, run->package.group[g].first, run->package.group[g].count);
  else if (limit > 0)
    take_windows(run, &s, b, limit);
  tgv_block_free(b);
  tgv_result_data(run->current, "vias", sample_json(&s, total));
  tgv_result_data(run->current, "package", tgv_package_json(run->project, &run->package, (size_t)limit));
  tgv_result_data(run->current, "groups", tgv_groups_json(run->project, &run->package));
  tgv_result_data(run->current, "panel", tgv_panel_json(&run->panel));
  release(&s);
  return TGV_OK;
}

const struct tgv_stage tgv_stage_via_sample = {
    .name = "via_sample",
    .title = "The vias that the report can zoom to",
    .source = "",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_project, TGV_S_package, TGV_S_core, TGV_S_chiplets, TGV_S_keep_outs,
                             TGV_S_build_up, TGV_S_via_groups, TGV_S_output),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_thickness,
                         TGV_C_taper, TGV_C_offset_x, TGV_C_offset_y, TGV_C_tilt_x, TGV_C_tilt_y,
                         TGV_C_position_error),
    .writes = NULL,
    .after = TGV_STAGES("panel_survey"),
    .chosen_by = TGV_P_END,
    .panel = sample,
};
