/**
# Process window

*Model.* A grid over one to three quantities of the recipe or of the geometry. At each point the project is that of the user with these
quantities changed; the stages of the line follow the nominal via of one group, and vias drawn from 32 panels of 32 lots, one of each
lot, at places that fill panel and group evenly (R2 sequence). From these come mean, quantiles (5 %, 50 %, 95 %) of every column, the
share of vias that fail, by cause, the shares of the fill regimes and of vias with a void.

The draw is the same at every point (common random numbers), so that what changes over the grid is the process and not luck: every
random term of the variation is linear in the nominal value of its input (a spread in per cent grows with it, one in micrometres does
not), so two draws, at the lowest and the highest nominal value of the grid, give the inputs at every point between exactly, defects
and heavy tails included. What a step does to its input over the panel (a place map, such as that of the plating current) is taken
from the line of the point. Where a key of the variation, of the defects or of the layout is varied, the draw is made anew.

Preparing the stages (tables, trained models) is dear. Points that differ in process inputs alone, which have a value at every via, share
one prepared line, opened in their middle. It is tested at both ends: where the nominal via of the shared line differs there from that of
a line of its own by more than 0.1 % of a value, in any column, or a place map by more than 0.1 %, nothing is shared; a point whose nominal via leaves the range of a shared
model gets a line of its own too.

**Plating.** The regime models that `tgv run` trains hold for the spread of one recipe. A window is far wider, so its vias are plated by
the fast solver itself (plating_depth): the nominal via of every point, and the first vias of the draw (`--plated`), which come from as
many panels. What plating does to them and the share of vias that fail are those of these vias; everything before plating is that of the
whole draw. A via for which the solver has no answer counts as outside of the model's range. Steps behind the plating follow the plated
vias.

**Geometry.** `via.aspect_ratio` sets core.thickness to the ratio times the diameter of the group, and glass_blank.thickness so that
the nominal core has this thickness after the etch. `via.diameter` sets the diameter of the group, its limits D_top_min, D_top_max
and D_waist_min in proportion, and wet_etching.time so that the nominal D_top is this diameter; the thickness of the core stays
unless the aspect ratio is varied too. The pitch stays.

*Valid for.* One via group; probabilities down to about 3 over the number of vias drawn (the interval says so).

*Neglects.* Units and panels: the yield of a unit needs `tgv run`. The nominal via stands in the middle of the panel.

*Source.* Wilson interval: Wilson 1927. R2 sequence: Roberts 2018, a Kronecker sequence of the plastic number.

*Verified by.* tests/unit/test_process_window.c (closed form of the etch over a grid; drawn inputs against draws at the point itself;
fail probability of a Gaussian limit), tests/cli/sweep.sh.
*/
#include "factory/process_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "core/text.h"
#include "solver/yield_model.h"

static const double alike = 1e-3; /* relative difference between a shared line and one of its own */

struct sweep {
  const struct tgv_window_plan *plan;
  struct tgv_window            *out;
  struct tgv_window_places     *places;
  double                       *nominal; /* [points][inputs] */
  size_t                        inputs;
  struct tgv_window_draw        draw;
  struct tgv_block             *block;
  float                        *sample; /* [columns][vias] */
  struct tgv_progress           progress;
  size_t                        done;
  struct tgv_window_plating     plating;
};

/* ---- the grid */

static void indices_of(const struct sweep *s, size_t point, size_t *k)
{
  for (size_t i = 0; i < TGV_WINDOW_AXES; i++) {
    k[i] = point % s->out->shape[i];
    point /= s->out->shape[i];
  }
}

static tgv_status project_at(const struct sweep *s, size_t point, struct tgv_project **out)
{
  size_t k[TGV_WINDOW_AXES];

  indices_of(s, point, k);
  return tgv_window_project(s->plan, k, s->places, out);
}

/* Two points share a line if they differ along process inputs only: the number of the point with these left out. */
static size_t family_of(const struct sweep *s, size_t point)
{
  size_t k[TGV_WINDOW_AXES], family = 0;

  indices_of(s, point, k);
  for (size_t i = s->plan->axes; i-- > 0;)
    if (!s->plan->axis[i].varies) family = family * s->out->shape[i] + k[i];
  return family;
}

/* Whether the drawn vias depend on a fixed key, so that they are drawn for every family. */
static bool draws_depend(const struct tgv_window_plan *plan)
{
  static const enum tgv_section sections[] = {TGV_S_variation, TGV_S_defects,   TGV_S_project,
                                              TGV_S_panel,     TGV_S_package,   TGV_S_via_groups,
                                              TGV_S_chiplets,  TGV_S_keep_outs, TGV_S_laser_drilling};

  for (size_t i = 0; i < plan->axes; i++)
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++)
      if (plan->axis[i].kind == TGV_WINDOW_KEY && !plan->axis[i].varies &&
          tgv_param_info(plan->axis[i].key)->section == sections[k])
        return true;
  return false;
}

static tgv_status make_nominals(struct sweep *s)
{
  s->nominal = tgv_allocate(s->out->count * s->inputs, sizeof *s->nominal);
  for (size_t point = 0; point < s->out->count; point++) {
    struct tgv_project *p;

    TGV_TRY(project_at(s, point, &p));
    for (size_t k = 0; k < s->inputs; k++) s->nominal[point * s->inputs + k] = tgv_nominal(p, (int)k);
    tgv_project_free(p);
    if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped");
  }
  return TGV_OK;
}

static tgv_status draw(struct sweep *s, const struct tgv_project *p)
{
  double         *low = tgv_allocate(s->inputs, sizeof *low), *high = tgv_allocate(s->inputs, sizeof *high);
  tgv_status_code status;

  memcpy(low, s->nominal, s->inputs * sizeof *low);
  memcpy(high, s->nominal, s->inputs * sizeof *high);
  for (size_t i = 0; i < s->out->count * s->inputs; i++) {
    low[i % s->inputs] = fmin(low[i % s->inputs], s->nominal[i]);
    high[i % s->inputs] = fmax(high[i % s->inputs], s->nominal[i]);
  }
  tgv_window_draw_release(&s->draw);
  status = tgv_window_draw_make(s->plan, p, low, high, &s->draw);
  s->out->panels = s->draw.panels;
  free(low), free(high);
  return status;
}

/* ---- one point */

/* What is counted of the drawn vias of a point. Where vias are plated by the solver, those that are give the shares of what plating does
   to them, and of the vias that fail. */
struct tally {
  size_t cause[TGV_CAUSE_COUNT], regime[TGV_WINDOW_REGIMES], failed, voids, outside, uncertain;
};

static size_t judged(const struct sweep *s)
{
  return s->plating.stage ? s->plating.vias : s->plan->vias;
}

static void count_via(const struct sweep *s, size_t i, uint32_t flags, bool whole, struct tally *t)
{
  float(*column)[TGV_BLOCK] = s->block->column;

  for (int c = 0; c < TGV_CAUSE_COUNT; c++) t->cause[c] += flags >> c & 1u;
  if (!whole) return;
  t->failed += (flags & TGV_FLAG_CAUSES) != 0;
  t->outside += (flags & TGV_FLAG_MODEL_RANGE) != 0;
  t->uncertain += (flags & TGV_FLAG_UNCERTAIN) != 0;
  if (s->out->fills) {
    long regime = isfinite(column[TGV_C_fill_regime][i]) ? lroundf(column[TGV_C_fill_regime][i]) : -1;

    if (regime >= 0 && regime < TGV_WINDOW_REGIMES) t->regime[regime]++;
  }
  if (s->out->voids) t->voids += column[TGV_C_void_margin][i] < 0;
}

/* Vias first .. first + b->n - 1 of the draw: all stages, and the solver for those that it plates. */
static tgv_status follow_block(struct sweep *s, const struct tgv_window_line *line, size_t point,
                               size_t first)
{
  struct tgv_block *b = s->block;

  b->via_group = &line->package.group[s->plan->group];
  b->group = s->plan->group;
  b->local = b->id = b->via_group->first;
  tgv_window_draw_fill(&s->draw, &line->flow->maps, s->nominal + point * s->inputs, first, b);
  tgv_flow_physics(line->flow, b);
  for (size_t i = 0; i < b->n; i++) b->flags[i] |= s->draw.flags[first + i];
  if (!s->plating.stage) return TGV_OK;
  if (first < s->plating.vias) return tgv_window_plate(&s->plating, line, b);
  tgv_window_leave_bare(&s->plating, b);
  return TGV_OK;
}

static tgv_status follow(struct sweep *s, const struct tgv_window_line *line, size_t point, struct tally *t)
{
  struct tgv_block *b = s->block;
  const size_t      n = s->plan->vias;

  for (size_t first = 0; first < n; first += b->n) {
    const size_t end = first < judged(s) ? judged(s) : n;

    b->n = end - first < TGV_BLOCK ? end - first : TGV_BLOCK;
    TGV_TRY(follow_block(s, line, point, first));
    for (size_t i = 0; i < b->n; i++) count_via(s, i, b->flags[i], first < judged(s), t);
    for (size_t c = 0; c < s->out->columns; c++)
      memcpy(s->sample + c * n + first, b->column[s->out->column[c]], b->n * sizeof(float));
  }
  return TGV_OK;
}

static int compare_floats(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;

  return (x > y) - (x < y);
}

static double quantile(const float *sorted, size_t n, double q)
{
  double at = n > 0 ? q * (double)(n - 1) : 0;
  size_t k = (size_t)at;

  if (n == 0) return (double)NAN;
  if (k + 1 >= n) return (double)sorted[n - 1];
  return (double)sorted[k] + (at - (double)k) * ((double)sorted[k + 1] - (double)sorted[k]);
}

static void summarise(float *x, size_t n, double *statistic)
{
  size_t kept = 0;
  double sum = 0;

  for (size_t i = 0; i < n; i++)
    if (isfinite(x[i])) sum += (double)x[i], x[kept++] = x[i];
  qsort(x, kept, sizeof *x, compare_floats);
  statistic[TGV_WINDOW_MEAN] = kept > 0 ? sum / (double)kept : (double)NAN;
  statistic[TGV_WINDOW_Q05] = quantile(x, kept, 0.05);
  statistic[TGV_WINDOW_MEDIAN] = quantile(x, kept, 0.5);
  statistic[TGV_WINDOW_Q95] = quantile(x, kept, 0.95);
}

static struct tgv_window_share share_of(size_t k, size_t n)
{
  struct tgv_window_share s = {.value = (double)k / (double)n};

  tgv_interval_wilson((double)k, (double)n, 0.95, &s.low, &s.high);
  return s;
}

static void keep_nominal(const struct sweep *s, struct tgv_window_point *p)
{
  const struct tgv_block *b = s->block;

  p->nominal_flags = b->flags[0];
  p->nominal_regime = s->out->fills && isfinite(b->column[TGV_C_fill_regime][0])
                          ? (int)lroundf(b->column[TGV_C_fill_regime][0])
                          : -1;
  for (size_t c = 0; c < s->out->columns; c++)
    p->column[c][TGV_WINDOW_NOMINAL] = (double)b->column[s->out->column[c]][0];
}

static void keep_shares(const struct sweep *s, const struct tally *t, struct tgv_window_point *p)
{
  const size_t n = judged(s);

  p->fail = share_of(t->failed, n);
  p->voids = s->out->voids ? share_of(t->voids, n)
                           : (struct tgv_window_share){(double)NAN, (double)NAN, (double)NAN};
  p->outside = (double)t->outside / (double)n;
  p->uncertain = (double)t->uncertain / (double)n;
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    p->cause[c] = (double)t->cause[c] /
                  (double)(tgv_window_plated_cause(&s->plating, (enum tgv_cause)c) ? n : s->plan->vias);
    s->out->checked[c] |= t->cause[c] > 0 || (p->nominal_flags >> c & 1u) != 0;
  }
  for (int r = 0; r < TGV_WINDOW_REGIMES; r++)
    p->regime[r] = s->out->fills ? (double)t->regime[r] / (double)n : (double)NAN;
}

/* The nominal via of the point is in the block. */
static tgv_status evaluate(struct sweep *s, const struct tgv_window_line *line, size_t point)
{
  struct tgv_window_point *p = &s->out->point[point];
  const size_t             n = s->plan->vias;
  struct tally             t = {0};

  if (s->plating.stage) TGV_TRY(tgv_window_plate(&s->plating, line, s->block));
  keep_nominal(s, p);
  TGV_TRY(follow(s, line, point, &t));
  keep_shares(s, &t, p);
  for (size_t c = 0; c < s->out->columns; c++) summarise(s->sample + c * n, n, p->column[c]);
  tgv_progress_report(&s->progress, (double)++s->done);
  return TGV_OK;
}

/* ---- lines for points */

/* Which columns the stages of the project write. */
static void find_columns(struct sweep *s)
{
  struct tgv_window *w = s->out;
  bool               written[TGV_COLUMN_COUNT] = {false};

  for (const struct tgv_stage *const *i = s->plan->stages; *i; i++)
    for (const enum tgv_column *c = (*i)->kind == TGV_STAGE_VIAS ? (*i)->writes : NULL; c && *c != TGV_C_END;
         c++)
      written[*c] |= tgv_stage_chosen(s->plan->project, *i);
  for (int c = 0; c < TGV_COLUMN_COUNT; c++)
    if (written[c] && tgv_column_info((enum tgv_column)c)->level == TGV_LEVEL_VIA)
      w->column[w->columns++] = (enum tgv_column)c;
  w->fills = written[TGV_C_fill_regime];
  w->voids = written[TGV_C_void_margin];
  s->sample = tgv_allocate(w->columns * s->plan->vias + 1, sizeof *s->sample);
  for (size_t i = 0; i < w->count; i++)
    w->point[i].column = tgv_allocate(w->columns + 1, sizeof *w->point[i].column);
}

static tgv_status open_line(struct sweep *s, size_t point, struct tgv_window_line *out)
{
  struct tgv_project *p;

  TGV_TRY(project_at(s, point, &p));
  TGV_TRY(tgv_window_line_open(p, s->plating.before ? s->plating.before : s->plan->stages, out));
  s->out->flows++;
  return TGV_OK;
}

/* The nominal via of a point into the block. */
static void follow_nominal(struct sweep *s, const struct tgv_window_line *line, size_t point)
{
  struct tgv_block *b = s->block;

  b->n = 1;
  b->unit = 0;
  b->group = s->plan->group;
  b->via_group = &line->package.group[s->plan->group];
  b->local = b->id = b->via_group->first;
  b->x[0] = b->y[0] = 0;
  for (size_t k = 0; k < s->inputs; k++) b->input[k][0] = (float)s->nominal[point * s->inputs + k];
  tgv_flow_physics(line->flow, b);
}

static bool close_enough(double a, double b)
{
  if (!isfinite(a) || !isfinite(b)) return isfinite(a) == isfinite(b);
  return fabs(a - b) <= alike * fmax(fabs(a), fabs(b)) + 1e-12 * fmax(1, fabs(a));
}

/* Whether a line gives the nominal via of a point as a line of its own does. */
static tgv_status serves(struct sweep *s, const struct tgv_window_line *shared, size_t point, bool *same)
{
  struct tgv_window_line own;
  double                *values = tgv_allocate(s->out->columns + 1, sizeof *values);
  tgv_status_code        status;

  follow_nominal(s, shared, point);
  for (size_t c = 0; c < s->out->columns; c++) values[c] = (double)s->block->column[s->out->column[c]][0];
  status = open_line(s, point, &own);
  if (status == TGV_OK) {
    follow_nominal(s, &own, point);
    *same = tgv_window_maps_agree(shared, &own, alike);
    for (size_t c = 0; c < s->out->columns; c++)
      *same = *same && close_enough(values[c], (double)s->block->column[s->out->column[c]][0]);
    tgv_window_line_close(&own);
  }
  free(values);
  return status;
}

static tgv_status evaluate_alone(struct sweep *s, size_t point)
{
  struct tgv_window_line own;
  tgv_status_code        status;

  TGV_TRY(open_line(s, point, &own));
  follow_nominal(s, &own, point);
  status = evaluate(s, &own, point);
  tgv_window_line_close(&own);
  return status;
}

static tgv_status evaluate_with(struct sweep *s, const struct tgv_window_line *shared, size_t point)
{
  if (tgv_interrupted()) return tgv_fail(TGV_INTERRUPTED, "stopped");
  if (!shared) return evaluate_alone(s, point);
  follow_nominal(s, shared, point);
  if (s->block->flags[0] & TGV_FLAG_MODEL_RANGE) return evaluate_alone(s, point);
  return evaluate(s, shared, point);
}

/* The points of one family, which differ along process inputs only. */
static tgv_status evaluate_family(struct sweep *s, const size_t *points, size_t n)
{
  struct tgv_window_line shared;
  bool                   first = true, last = true;
  tgv_status_code        status;

  if (n == 1) return evaluate_with(s, NULL, points[0]);
  TGV_TRY(open_line(s, points[n / 2], &shared));
  status = serves(s, &shared, points[0], &first);
  if (status == TGV_OK && first) status = serves(s, &shared, points[n - 1], &last);
  for (size_t i = 0; i < n && status == TGV_OK; i++)
    status = evaluate_with(s, first && last ? &shared : NULL, points[i]);
  tgv_window_line_close(&shared);
  return status;
}

static tgv_status evaluate_families(struct sweep *s)
{
  size_t         *points = tgv_allocate(s->out->count, sizeof *points);
  bool            again = draws_depend(s->plan), drawn = false;
  size_t          families = 1;
  tgv_status_code status = TGV_OK;

  for (size_t i = 0; i < s->plan->axes; i++)
    if (!s->plan->axis[i].varies) families *= s->plan->axis[i].n;
  for (size_t f = 0; f < families && status == TGV_OK; f++) {
    size_t n = 0;

    for (size_t i = 0; i < s->out->count; i++)
      if (family_of(s, i) == f) points[n++] = i;
    if (again || !drawn) {
      struct tgv_project *p;

      status = project_at(s, points[0], &p);
      if (status == TGV_OK) {
        status = draw(s, p);
        tgv_project_free(p);
      }
      drawn = true;
    }
    if (status == TGV_OK) status = evaluate_family(s, points, n);
  }
  free(points);
  return status;
}

/* ---- the whole */

static tgv_status check_plan(const struct tgv_window_plan *plan, size_t *count)
{
  bool shaped = false, sized = false;

  *count = 1;
  for (size_t i = 0; i < plan->axes; i++) {
    *count *= plan->axis[i].n;
    shaped |= plan->axis[i].kind != TGV_WINDOW_KEY;
    sized |= plan->axis[i].kind == TGV_WINDOW_DIAMETER;
    for (size_t k = 0; k < i; k++)
      if (strcmp(plan->axis[i].name, plan->axis[k].name) == 0)
        return tgv_fail(TGV_INPUT, "%s is varied twice", plan->axis[i].name);
  }
  if (*count > TGV_WINDOW_POINTS)
    return tgv_fail(TGV_INPUT, "the grid has %zu points, at most %d are possible", *count, TGV_WINDOW_POINTS);
  for (size_t i = 0; i < plan->axes && shaped; i++) {
    enum tgv_param key = plan->axis[i].key;

    if (key == TGV_P_core_thickness || key == TGV_P_glass_blank_thickness)
      return tgv_fail(TGV_INPUT, "%s cannot be varied beside via.aspect_ratio or via.diameter, which set it",
                      plan->axis[i].name);
    if (sized && (key == TGV_P_wet_etching_time || key == TGV_P_via_groups_diameter))
      return tgv_fail(TGV_INPUT, "%s cannot be varied beside via.diameter, which sets it",
                      plan->axis[i].name);
  }
  return TGV_OK;
}

tgv_status tgv_window_compute(const struct tgv_window_plan *plan, struct tgv_window *out)
{
  struct sweep    s = {.plan = plan, .out = out, .inputs = (size_t)tgv_input_count()};
  double          started = tgv_clock();
  tgv_status_code status;

  memset(out, 0, sizeof *out);
  TGV_TRY(check_plan(plan, &out->count));
  for (size_t i = 0; i < TGV_WINDOW_AXES; i++) out->shape[i] = i < plan->axes ? plan->axis[i].n : 1;
  out->vias = plan->vias;
  out->point = tgv_allocate(out->count, sizeof *out->point);
  s.places = tgv_window_places_new();
  tgv_window_plating_find(plan, &s.plating);
  out->plated = s.plating.stage ? s.plating.vias : 0;
  find_columns(&s);
  s.block = tgv_block_new();
  tgv_progress_begin(&s.progress, "sweep", (double)out->count);
  status = make_nominals(&s);
  if (status == TGV_OK) status = evaluate_families(&s);
  tgv_progress_end(&s.progress);
  tgv_window_draw_release(&s.draw);
  tgv_window_places_free(s.places);
  tgv_block_free(s.block);
  tgv_window_plating_release(&s.plating);
  free(s.nominal), free(s.sample);
  out->seconds = tgv_clock() - started;
  if (status) tgv_window_release(out);
  return status;
}

void tgv_window_release(struct tgv_window *w)
{
  for (size_t i = 0; i < w->count && w->point; i++) free(w->point[i].column);
  free(w->point);
  memset(w, 0, sizeof *w);
}
