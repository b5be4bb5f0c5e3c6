/* The package of a project: reads chiplets, keep-outs and via groups, and lays out the vias of one unit
   (model/package_arrays). Everything is counted and checked before memory is taken for it. */
#include "model/package.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "core/text.h"
#include "model/package_arrays.h"
#include "model/panel.h"

static const double slack = 1e-12; /* m; rounding of positions is below 1e-15 m */

/* One via group while it is laid out. */
struct plan {
  bool                  csv;
  struct tgv_array      array; /* csv: the window is a point, from which positions count */
  struct tgv_hole      *hole;
  size_t                holes;
  struct tgv_array_size size;
  struct tgv_csv_column position[2]; /* csv: x, y */
};

/* ---- names: that they are there, and once, has been checked when the project was read */

/* Whether `name` is one of the words of a list separated by blanks. */
static bool is_listed(const char *list, const char *name)
{
  size_t n = strlen(name);
  for (const char *p = list; *p;) {
    size_t skip = strspn(p, " \t\n"), word = strcspn(p + skip, " \t\n");
    if (word == n && n && memcmp(p + skip, name, n) == 0) return true;
    p += skip + word;
  }
  return false;
}

static tgv_status find_chiplet(const struct tgv_project *p, const char *name, size_t *record)
{
  for (*record = 0; *record < tgv_records(p, TGV_S_chiplets); ++*record)
    if (strcmp(tgv_text_at(p, TGV_P_chiplets_name, *record), name) == 0) return TGV_OK;
  return tgv_fail(TGV_INPUT, "there is no chiplet \"%s\"", name);
}

/* ---- windows, keep-outs, patterns */

static struct tgv_rectangle chiplet_shadow(const struct tgv_project *p, size_t record)
{
  return (struct tgv_rectangle){
      tgv_real_at(p, TGV_P_chiplets_x, record), tgv_real_at(p, TGV_P_chiplets_y, record),
      tgv_real_at(p, TGV_P_chiplets_width, record), tgv_real_at(p, TGV_P_chiplets_height, record)};
}

static tgv_status window_under(const struct tgv_project *p, size_t r, const char *under,
                               struct tgv_rectangle *w)
{
  size_t chiplet;
  TGV_TRY(find_chiplet(p, under, &chiplet));
  *w = chiplet_shadow(p, chiplet);
  static const enum tgv_param unused[] = {TGV_P_via_groups_x, TGV_P_via_groups_y, TGV_P_via_groups_width,
                                          TGV_P_via_groups_height};
  for (size_t i = 0; i < sizeof unused / sizeof *unused; i++)
    if (fabs(tgv_real_at(p, unused[i], r)) > 0)
      return tgv_fail(TGV_INPUT, "%s is given, but the window is the shadow of \"%s\"",
                      tgv_param_info(unused[i])->key, under);
  return TGV_OK;
}

/* The window of the via centres: explicit, the unit, or a shadow, less the margin. csv: the point that
 * positions count from. */
static tgv_status read_window(const struct tgv_project *p, size_t r, bool csv, struct tgv_rectangle *w)
{
  const char *under = tgv_text_at(p, TGV_P_via_groups_under, r);
  double      margin = tgv_real_at(p, TGV_P_via_groups_margin, r);
  w->x = tgv_real_at(p, TGV_P_via_groups_x, r);
  w->y = tgv_real_at(p, TGV_P_via_groups_y, r);
  w->width = tgv_real_at(p, TGV_P_via_groups_width, r);
  w->height = tgv_real_at(p, TGV_P_via_groups_height, r);
  if (csv && (w->width > 0 || w->height > 0 || fabs(margin) > 0))
    return tgv_fail(TGV_INPUT, "width, height and margin do not apply to positions from a file");
  if (under[0]) TGV_TRY(window_under(p, r, under, w));
  if (csv) return TGV_OK;
  if (!under[0]) {
    if (!(w->width > 0)) {
      if (fabs(w->x) > 0) return tgv_fail(TGV_INPUT, "x is given without the width of the window");
      w->width = tgv_real(p, TGV_P_package_width);
    }
    if (!(w->height > 0)) {
      if (fabs(w->y) > 0) return tgv_fail(TGV_INPUT, "y is given without the height of the window");
      w->height = tgv_real(p, TGV_P_package_height);
    }
  }
  w->width -= 2 * margin;
  w->height -= 2 * margin;
  return TGV_OK;
}

static void read_holes(const struct tgv_project *p, size_t r, struct plan *g)
{
  const char *name = tgv_text_at(p, TGV_P_via_groups_name, r),
             *avoid = tgv_text_at(p, TGV_P_via_groups_avoid, r);
  size_t keep_outs = tgv_records(p, TGV_S_keep_outs), chiplets = tgv_records(p, TGV_S_chiplets);
  g->hole = tgv_allocate(keep_outs + chiplets, sizeof *g->hole);
  for (size_t k = 0; k < keep_outs; k++) {
    const char *groups = tgv_text_at(p, TGV_P_keep_outs_groups, k);
    if (groups[strspn(groups, " \t\n")] && !is_listed(groups, name)) continue;
    g->hole[g->holes++] = (struct tgv_hole){
        tgv_chosen_at(p, TGV_P_keep_outs_shape, k, "circle"), tgv_real_at(p, TGV_P_keep_outs_x, k),
        tgv_real_at(p, TGV_P_keep_outs_y, k), tgv_real_at(p, TGV_P_keep_outs_width, k),
        tgv_real_at(p, TGV_P_keep_outs_height, k)};
  }
  for (size_t c = 0; c < chiplets; c++) {
    if (!is_listed(avoid, tgv_text_at(p, TGV_P_chiplets_name, c))) continue;
    struct tgv_rectangle s = chiplet_shadow(p, c);
    g->hole[g->holes++] = (struct tgv_hole){false, s.x, s.y, s.width, s.height};
  }
}

static tgv_status check_keep_outs(const struct tgv_project *p)
{
  for (size_t k = 0; k < tgv_records(p, TGV_S_keep_outs); k++) {
    const char *name = tgv_text_at(p, TGV_P_keep_outs_name, k);
    bool        circle = tgv_chosen_at(p, TGV_P_keep_outs_shape, k, "circle");
    double      width = tgv_real_at(p, TGV_P_keep_outs_width, k),
           height = tgv_real_at(p, TGV_P_keep_outs_height, k);
    if (!(width > 0) || (!circle && !(height > 0)))
      return tgv_fail(TGV_INPUT, "keep-out \"%s\" has no %s", name, width > 0 ? "height" : "width");
    if (circle && height > 0)
      return tgv_fail(TGV_INPUT, "keep-out \"%s\" is a circle; its height is not used, width is the diameter",
                      name);
  }
  return TGV_OK;
}

static tgv_status read_array(const struct tgv_project *p, size_t r, struct tgv_array *a)
{
  static const char *const words[] = {"rectangular", "staggered", "hexagonal", "ring"};
  for (int i = 0; i < 4; i++)
    if (tgv_chosen_at(p, TGV_P_via_groups_pattern, r, words[i])) a->pattern = (enum tgv_pattern)i;
  a->pitch_x = tgv_real_at(p, TGV_P_via_groups_pitch_x, r);
  a->pitch_y = tgv_real_at(p, TGV_P_via_groups_pitch_y, r);
  a->rings = tgv_count_at(p, TGV_P_via_groups_rings, r);
  if (!(a->pitch_x > 0)) return tgv_fail(TGV_INPUT, "pitch_x is 0; a %s pattern needs it", words[a->pattern]);
  if (a->pattern == TGV_HEXAGONAL && a->pitch_y > 0)
    return tgv_fail(TGV_INPUT,
                    "pitch_y is not used by a hexagonal pattern; its rows are 0.866 pitch_x apart");
  if (!(a->pitch_y > 0)) a->pitch_y = a->pitch_x;
  return TGV_OK;
}

/* ---- positions from a file */

static tgv_status read_positions(const struct tgv_project *p, size_t r, struct plan *g)
{
  const char *file = tgv_text_at(p, TGV_P_via_groups_file, r);
  uint64_t    rows, kept = 0;
  if (!file[0]) return tgv_fail(TGV_INPUT, "file is empty; a csv pattern needs the name of a CSV file");
  char *path = tgv_path_join(tgv_project_directory(p), file);
  g->position[0] = (struct tgv_csv_column){"x", TGV_LENGTH, true, NULL};
  g->position[1] = (struct tgv_csv_column){"y", TGV_LENGTH, true, NULL};
  tgv_status_code status = tgv_csv_read(path, TGV_RUNS_MAX, g->position, 2, &rows);
  free(path);
  if (status) return status;
  g->size = (struct tgv_array_size){0, 0, 0, HUGE_VAL, -HUGE_VAL, HUGE_VAL, -HUGE_VAL};
  for (uint64_t k = 0; k < rows; k++) {
    double x = g->position[0].value[k] + g->array.window.x, y = g->position[1].value[k] + g->array.window.y;
    bool   out = false;
    for (size_t h = 0; h < g->holes && !out; h++) out = tgv_hole_contains(&g->hole[h], x, y);
    if (out) continue;
    g->position[0].value[kept] = x;
    g->position[1].value[kept++] = y;
    g->size.x_min = fmin(g->size.x_min, x);
    g->size.x_max = fmax(g->size.x_max, x);
    g->size.y_min = fmin(g->size.y_min, y);
    g->size.y_max = fmax(g->size.y_max, y);
  }
  g->size.vias = kept;
  g->size.pitch = tgv_closest_pair(g->position[0].value, g->position[1].value, kept);
  return TGV_OK;
}

/* ---- one group: planned, checked */

static double limit_or_none(double limit)
{
  return limit > 0 ? limit : (double)NAN;
}

static void read_limits(const struct tgv_project *p, struct tgv_via_group *g)
{
  double thickness = tgv_real(p, TGV_P_core_thickness),
         tolerance = tgv_real(p, TGV_P_core_thickness_tolerance);
  double D_top_min = limit_or_none(tgv_real_at(p, TGV_P_via_groups_D_top_min, g->record));
  double D_top_max = limit_or_none(tgv_real_at(p, TGV_P_via_groups_D_top_max, g->record));
  double D_waist_min = limit_or_none(tgv_real_at(p, TGV_P_via_groups_D_waist_min, g->record));
  double position_max = limit_or_none(tgv_real_at(p, TGV_P_via_groups_position_max, g->record));
  double taper_max = limit_or_none(tgv_real_at(p, TGV_P_via_groups_taper_max, g->record));
  double thickness_min = tolerance > 0 ? thickness - tolerance : (double)NAN;
  double thickness_max = tolerance > 0 ? thickness + tolerance : (double)NAN;
  double closed = 0, cleared = 0, merge = isfinite(g->pitch) ? g->pitch : (double)NAN;
  double ligament_min = limit_or_none(tgv_real_at(p, TGV_P_via_groups_ligament_min, g->record));
  double seed_min = limit_or_none(tgv_real_at(p, TGV_P_via_groups_seed_min, g->record));
  double no_void = tgv_chosen_at(p, TGV_P_via_groups_voids, g->record, "fail") ? 0 : (double)NAN;
  double cracks = tgv_chosen_at(p, TGV_P_via_groups_cracks, g->record, "fail") ? 1 : (double)NAN;
  double fill_min = limit_or_none(tgv_real_at(p, TGV_P_via_groups_fill_min, g->record));
  double dimple_max = limit_or_none(tgv_real_at(p, TGV_P_via_groups_dimple_max, g->record));
  double dishing_max = limit_or_none(tgv_real_at(p, TGV_P_via_groups_dishing_max, g->record));
  double resistance_max = limit_or_none(tgv_real_at(p, TGV_P_via_groups_resistance_max, g->record));

  for (int c = 0; c < TGV_CAUSE_COUNT; c++) g->limit[c] = NAN;
#define CAUSE(name, column, side, limit_key, step, help) g->limit[TGV_CAUSE_##name] = limit_key;
#include "model/causes.def"
#undef CAUSE
}

static tgv_status check_group(const struct tgv_project *p, const struct tgv_via_group *g,
                              const struct plan *plan)
{
  const struct tgv_array_size *s = &plan->size;
  double w = 0.5 * tgv_real(p, TGV_P_package_width), h = 0.5 * tgv_real(p, TGV_P_package_height);
  if (!s->vias) return tgv_fail(TGV_INPUT, "it has no via%s", plan->holes ? " outside its keep-outs" : "");
  double beyond = fmax(fmax(s->x_max - w, -w - s->x_min), fmax(s->y_max - h, -h - s->y_min));
  if (beyond > slack)
    return tgv_fail(TGV_INPUT, "its vias reach %.6g mm beyond the edge of the unit",
                    tgv_units_to(beyond, TGV_LENGTH, "mm"));
  if (g->lanes_needed > g->lanes)
    return tgv_fail(TGV_INPUT, "lanes_needed = %llu is more than lanes = %llu",
                    (unsigned long long)g->lanes_needed, (unsigned long long)g->lanes);
  double least = g->limit[TGV_CAUSE_top_small], most = g->limit[TGV_CAUSE_top_large];
  if (least > most)
    return tgv_fail(TGV_INPUT, "D_top_min = %.6g um is more than D_top_max = %.6g um",
                    tgv_units_to(least, TGV_LENGTH, "um"), tgv_units_to(most, TGV_LENGTH, "um"));
  return TGV_OK;
}

static tgv_status plan_group(const struct tgv_project *p, size_t r, struct plan *plan,
                             struct tgv_via_group *g)
{
  plan->csv = tgv_chosen_at(p, TGV_P_via_groups_pattern, r, "csv");
  TGV_TRY(read_window(p, r, plan->csv, &plan->array.window));
  read_holes(p, r, plan);
  if (plan->csv) {
    TGV_TRY(read_positions(p, r, plan));
  } else {
    TGV_TRY(read_array(p, r, &plan->array));
    TGV_TRY(tgv_array_measure(&plan->array, plan->hole, plan->holes, &plan->size));
  }
  *g = (struct tgv_via_group){
      .name = tgv_text_at(p, TGV_P_via_groups_name, r),
      .function = tgv_text_at(p, TGV_P_via_groups_function, r),
      .pattern = tgv_text_at(p, TGV_P_via_groups_pattern, r),
      .record = r,
      .count = plan->size.vias,
      .diameter = tgv_real_at(p, TGV_P_via_groups_diameter, r),
      .track_radius = tgv_real_at(p, TGV_P_via_groups_track_radius, r),
      .pitch = plan->size.pitch,
      .lane_vias = (uint64_t)tgv_count_at(p, TGV_P_via_groups_lane_vias, r),
      .lanes = (uint64_t)tgv_count_at(p, TGV_P_via_groups_lanes, r),
      .lanes_needed = (uint64_t)tgv_count_at(p, TGV_P_via_groups_lanes_needed, r),
      .fail_fraction_max = tgv_real_at(p, TGV_P_via_groups_fail_fraction_max, r),
  };
  read_limits(p, g);
  return check_group(p, g, plan);
}

/* ---- the unit */

static void fill_group(struct plan *plan, struct tgv_package *k, struct tgv_via_group *g)
{
  uint64_t most = plan->csv ? plan->size.vias : plan->size.runs;
  k->run = tgv_reallocate(k->run, k->run_count + most, sizeof *k->run);
  g->first = k->via_count;
  g->run_first = k->run_count;
  g->run_count = most;
  struct tgv_run_of_vias *run = k->run + k->run_count;
  if (plan->csv)
    g->run_count =
        tgv_positions_to_runs(plan->position[0].value, plan->position[1].value, most, g->first, run);
  else
    tgv_array_fill(&plan->array, plan->hole, plan->holes, g->first, run);
  k->run_count += g->run_count;
  k->via_count += g->count;
}

static tgv_status check_total(const struct tgv_project *p, const struct tgv_package *k,
                              const struct plan *plan)
{
  struct tgv_panel panel;
  double           vias = 0, runs = 0;
  TGV_TRY(tgv_panel_build(p, &panel));
  double units = (double)panel.unit_count;
  tgv_panel_release(&panel);
  for (size_t i = 0; i < k->group_count; i++) {
    vias += (double)plan[i].size.vias;
    runs += (double)(plan[i].csv ? plan[i].size.vias : plan[i].size.runs);
  }
  if (vias * units > (double)TGV_VIAS_MAX)
    return tgv_fail(TGV_INPUT, "%.3g vias a unit times %.0f units are %.3g vias a panel; the limit is %.3g",
                    vias, units, vias * units, (double)TGV_VIAS_MAX);
  if (runs > TGV_RUNS_MAX)
    return tgv_fail(TGV_INPUT, "%.3g rows of vias in a unit are more than the limit of %d", runs,
                    TGV_RUNS_MAX);
  return TGV_OK;
}

static tgv_status build(const struct tgv_project *p, struct plan *plan, struct tgv_package *k)
{
  TGV_TRY(check_keep_outs(p));
  for (size_t i = 0; i < k->group_count; i++) {
    const struct tgv_statement *s = &tgv_value_at(p, TGV_P_via_groups_name, i)->chosen;
    TGV_TRY_NOTE(plan_group(p, i, &plan[i], &k->group[i]), "laying out via group \"%s\" (%s:%d:%d)",
                 tgv_text_at(p, TGV_P_via_groups_name, i), s->file, s->line, s->column);
  }
  TGV_TRY(check_total(p, k, plan));
  for (size_t i = 0; i < k->group_count; i++) {
    fill_group(&plan[i], k, &k->group[i]);
    tgv_csv_release(plan[i].position, 2);
  }
  return TGV_OK;
}

tgv_status tgv_package_build(const struct tgv_project *p, struct tgv_package *out)
{
  *out = (struct tgv_package){.width = tgv_real(p, TGV_P_package_width),
                              .height = tgv_real(p, TGV_P_package_height),
                              .group_count = tgv_records(p, TGV_S_via_groups)};
  out->group = tgv_allocate(out->group_count, sizeof *out->group);
  struct plan    *plan = tgv_allocate(out->group_count, sizeof *plan);
  tgv_status_code status = build(p, plan, out);
  for (size_t i = 0; i < out->group_count; i++) {
    tgv_csv_release(plan[i].position, 2);
    free(plan[i].hole);
  }
  free(plan);
  if (status) tgv_package_release(out);
  return status;
}

void tgv_package_release(struct tgv_package *k)
{
  free(k->group);
  free(k->run);
  *k = (struct tgv_package){0};
}

size_t tgv_package_group_of(const struct tgv_package *k, uint64_t local)
{
  size_t low = 0, high = k->group_count;
  TGV_BUG_IF(local >= k->via_count);
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (k->group[middle].first <= local)
      low = middle;
    else
      high = middle;
  }
  return low;
}

void tgv_package_positions(const struct tgv_package *k, uint64_t first, size_t n, double *x, double *y)
{
  if (!n) return;
  const struct tgv_via_group *g = &k->group[tgv_package_group_of(k, first)];
  TGV_BUG_IF(first + n > g->first + g->count);
  size_t low = g->run_first, high = g->run_first + g->run_count;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (k->run[middle].first <= first)
      low = middle;
    else
      high = middle;
  }
  uint64_t at = first - k->run[low].first;
  for (size_t done = 0; done < n; low++, at = 0) {
    const struct tgv_run_of_vias *r = &k->run[low];
    for (; at < r->n && done < n; at++, done++) {
      x[done] = r->x0 + (double)at * r->dx;
      y[done] = r->y0 + (double)at * r->dy;
    }
  }
}
