/* Vias drawn for a process window, and the line that follows them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/nominal_shape.h"
#include "factory/process_window.h"

enum { PANELS = 32 };

/* ---- a line */

tgv_status tgv_window_line_open(struct tgv_project *p, const struct tgv_stage *const *stages,
                                struct tgv_window_line *out)
{
  tgv_status_code s;

  memset(out, 0, sizeof *out);
  out->project = p;
  s = tgv_panel_build(p, &out->panel);
  if (s == TGV_OK) s = tgv_package_build(p, &out->package);
  if (s == TGV_OK) s = tgv_flow_open(p, &out->package, &out->panel, stages, &out->flow);
  if (s) tgv_window_line_close(out);
  return s;
}

void tgv_window_line_close(struct tgv_window_line *l)
{
  tgv_flow_close(l->flow);
  tgv_package_release(&l->package);
  tgv_panel_release(&l->panel);
  tgv_project_free(l->project);
  memset(l, 0, sizeof *l);
}

static void place_block(const struct tgv_window_line *l, size_t group, size_t n, struct tgv_block *b)
{
  b->n = n;
  b->unit = 0;
  b->group = group;
  b->via_group = &l->package.group[group];
  b->local = b->id = b->via_group->first;
}

void tgv_window_nominal(const struct tgv_window_line *l, const struct tgv_project *at, size_t group,
                        struct tgv_block *b)
{
  place_block(l, group, 1, b);
  b->x[0] = b->y[0] = 0;
  tgv_block_nominal(at, b);
  tgv_flow_physics(l->flow, b);
}

bool tgv_window_maps_agree(const struct tgv_window_line *a, const struct tgv_window_line *b, double by)
{
  enum { NET = 9 };

  for (size_t m = 0; m < a->flow->maps.count && m < b->flow->maps.count; m++)
    for (int i = 0; i < NET * NET; i++) {
      double x = ((i % NET) / (double)(NET - 1) - 0.5) * a->panel.width;
      double y = ((i / NET) / (double)(NET - 1) - 0.5) * a->panel.height;

      if (!(fabs(tgv_field_grid_at(&a->flow->maps.map[m].departure, x, y) -
                 tgv_field_grid_at(&b->flow->maps.map[m].departure, x, y)) <= by))
        return false;
    }
  return a->flow->maps.count == b->flow->maps.count;
}

/* ---- the draw */

/* Without the stages that make place maps: a map belongs to the recipe and comes from the line of a point. */
static bool sets_inputs(const struct tgv_stage *s)
{
  return s->kind == TGV_STAGE_INPUTS;
}

static double fraction(double x)
{
  return x - floor(x);
}

/* Via i of the draw: a unit of the panel and a via of the group, spread evenly by the R2 sequence (Roberts 2018). */
static void take_via(const struct tgv_window_line *l, size_t group, size_t i, struct tgv_block *b)
{
  const struct tgv_via_group *g = &l->package.group[group];
  size_t   unit = (size_t)(fraction(0.5 + 0.7548776662466927 * (double)i) * (double)l->panel.unit_count);
  uint64_t local = g->first + (uint64_t)(fraction(0.5 + 0.5698402909980532 * (double)i) * (double)g->count);

  tgv_flow_vias(l->flow, unit, local, 1, b);
}

/* Every via's inputs into `inputs`; the place and the flags of the defects too. */
static tgv_status draw_inputs(const struct tgv_window_plan *plan, struct tgv_project *p,
                              struct tgv_window_draw *d, float *inputs)
{
  const struct tgv_stage **stages = tgv_stages_kept(plan->stages, sets_inputs);
  struct tgv_window_line   line;
  struct tgv_block        *b = tgv_block_new();
  const size_t             count = (size_t)tgv_input_count();
  uint32_t                 lot = (uint32_t)tgv_count(p, TGV_P_project_lot);
  tgv_status_code          s = tgv_window_line_open(p, stages, &line);

  if (s == TGV_OK) {
    for (size_t panel = 0; panel < d->panels && s == TGV_OK; panel++) {
      s = tgv_flow_panel(line.flow, lot + (uint32_t)panel, 1);
      for (size_t i = panel; i < d->n && s == TGV_OK;
           i += d->panels) { /* the first vias come from as many panels */
        take_via(&line, plan->group, i, b);
        d->x[i] = b->x[0];
        d->y[i] = b->y[0];
        d->flags[i] = b->flags[0];
        for (size_t k = 0; k < count; k++) inputs[k * d->n + i] = b->input[k][0];
      }
    }
    tgv_window_line_close(&line);
  }
  tgv_block_free(b);
  free(stages);
  return s;
}

static tgv_status draw_at(const struct tgv_window_plan *plan, const struct tgv_project *p,
                          const double *nominal, struct tgv_window_draw *d, float *inputs)
{
  struct tgv_project *copy;

  TGV_TRY(tgv_project_copy(p, &copy));
  for (int k = 0; k < tgv_input_count(); k++) tgv_project_set_real(copy, tgv_input_param(k), 0, nominal[k]);
  return draw_inputs(plan, copy, d, inputs);
}

tgv_status tgv_window_draw_make(const struct tgv_window_plan *plan, const struct tgv_project *p,
                                const double *low, const double *high, struct tgv_window_draw *out)
{
  const size_t    count = (size_t)tgv_input_count();
  tgv_status_code s;

  *out = (struct tgv_window_draw){.n = plan->vias, .panels = plan->vias < PANELS ? plan->vias : PANELS};
  out->x = tgv_allocate(out->n, sizeof *out->x);
  out->y = tgv_allocate(out->n, sizeof *out->y);
  out->flags = tgv_allocate(out->n, sizeof *out->flags);
  out->low_nominal = tgv_allocate(count, sizeof *out->low_nominal);
  out->high_nominal = tgv_allocate(count, sizeof *out->high_nominal);
  out->low = tgv_allocate(count * out->n, sizeof *out->low);
  out->high = tgv_allocate(count * out->n, sizeof *out->high);
  memcpy(out->low_nominal, low, count * sizeof *low);
  memcpy(out->high_nominal, high, count * sizeof *high);
  s = draw_at(plan, p, low, out, out->low);
  if (s == TGV_OK) s = draw_at(plan, p, high, out, out->high);
  if (s) tgv_window_draw_release(out);
  return s;
}

void tgv_window_draw_release(struct tgv_window_draw *d)
{
  free(d->x);
  free(d->y);
  free(d->flags);
  free(d->low_nominal);
  free(d->high_nominal);
  free(d->low);
  free(d->high);
  memset(d, 0, sizeof *d);
}

static void add_maps(const struct tgv_place_maps *maps, const double *nominal, struct tgv_block *b)
{
  for (size_t m = 0; m < maps->count; m++) {
    float *x = b->input[maps->map[m].input];

    for (size_t i = 0; i < b->n; i++)
      x[i] +=
          (float)(nominal[maps->map[m].input] * tgv_field_grid_at(&maps->map[m].departure, b->x[i], b->y[i]));
  }
}

void tgv_window_draw_fill(const struct tgv_window_draw *d, const struct tgv_place_maps *maps,
                          const double *nominal, size_t first, struct tgv_block *b)
{
  for (int k = 0; k < tgv_input_count(); k++) {
    const float *low = d->low + (size_t)k * d->n + first, *high = d->high + (size_t)k * d->n + first;
    double       width = d->high_nominal[k] - d->low_nominal[k];
    float        s = width > 0 ? (float)((nominal[k] - d->low_nominal[k]) / width) : 0.0f;

    for (size_t i = 0; i < b->n; i++) b->input[k][i] = low[i] + s * (high[i] - low[i]);
  }
  for (size_t i = 0; i < b->n; i++) {
    b->x[i] = d->x[first + i];
    b->y[i] = d->y[first + i];
  }
  add_maps(maps, nominal, b);
}
