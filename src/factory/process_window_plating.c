/* Copper in a process window: the fast solver in place of the trained stage. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/nominal_shape.h"
#include "factory/process_window.h"

static bool is_trained(const struct tgv_stage *s)
{
  for (const enum tgv_column *c = s->kind == TGV_STAGE_VIAS ? s->writes : NULL; c && *c != TGV_C_END; c++)
    if (*c == TGV_C_fill_regime) return true;
  return false;
}

static bool of_vias(const struct tgv_stage *s)
{
  return s->kind == TGV_STAGE_VIAS;
}

static bool any(const struct tgv_stage *s)
{
  (void)s;
  return true;
}

void tgv_window_plating_find(const struct tgv_window_plan *plan, struct tgv_window_plating *out)
{
  size_t before = 0, behind = 0, next;

  *out = (struct tgv_window_plating){.vias = plan->plated, .group = plan->group};
  for (size_t i = 0; plan->stages[i]; i++)
    if (is_trained(plan->stages[i]) && tgv_stage_chosen(plan->project, plan->stages[i]))
      out->stage = plan->stages[i];
  if (!out->stage) return;
  out->before = tgv_stages_kept(plan->stages, any);
  out->behind = tgv_stages_kept(plan->stages, of_vias);
  while (plan->stages[before] != out->stage) before++; /* the list begins with them already */
  next = before + 1;
  for (const struct tgv_stage *const *s = plan->stages + next; *s; s++) {
    if (of_vias(*s)) {
      out->behind[behind++] = *s;
      out->follows |= tgv_stage_chosen(plan->project, *s);
    } else if ((*s)->map) {
      out->before[before++] = *s;
    }
  }
  out->before[before] = out->behind[behind] = NULL;
}

void tgv_window_plating_release(struct tgv_window_plating *p)
{
  free(p->before);
  free(p->behind);
  memset(p, 0, sizeof *p);
}

/* ---- what is written behind */

static bool writes(const struct tgv_stage *s, enum tgv_column column)
{
  for (const enum tgv_column *c = s->writes; c && *c != TGV_C_END; c++)
    if (*c == column) return true;
  return false;
}

static bool written_behind(const struct tgv_window_plating *p, enum tgv_column column)
{
  if (writes(p->stage, column)) return true;
  for (const struct tgv_stage *const *s = p->behind; *s; s++)
    if (writes(*s, column)) return true;
  return false;
}

void tgv_window_leave_bare(const struct tgv_window_plating *p, struct tgv_block *b)
{
  for (int c = 0; c < TGV_COLUMN_COUNT; c++)
    if (tgv_column_info((enum tgv_column)c)->level == TGV_LEVEL_VIA && written_behind(p, (enum tgv_column)c))
      for (size_t i = 0; i < b->n; i++) b->column[c][i] = NAN;
}

bool tgv_window_plated_cause(const struct tgv_window_plating *p, enum tgv_cause c)
{
  return p->stage && c != TGV_CAUSE_defect && written_behind(p, tgv_cause_info(c)->column);
}

/* ---- plating */

/* One via of a block as a block of its own, for the nominal inputs of its case. */
static void take_via(const struct tgv_block *b, size_t i, struct tgv_block *one)
{
  one->n = 1;
  one->group = b->group;
  one->via_group = b->via_group;
  for (int k = 0; k < tgv_input_count(); k++) one->input[k][0] = b->input[k][i];
  for (int c = 0; c < TGV_COLUMN_COUNT; c++) one->column[c][0] = b->column[c][i];
}

/* The margin is that of the trained model far from its boundaries: on which side of the boundary of voids the via is. */
static void keep_answer(const struct tgv_regime_answer *a, const struct tgv_plating_class *c, const double *x,
                        struct tgv_block *b, size_t i)
{
  const bool sound = a->regime != TGV_PLATING_VOID && a->regime != TGV_PLATING_PINCHED;

  for (int k = 0; k < TGV_PLATED_OUTPUTS; k++) b->column[tgv_plated_column[k]][i] = (float)a->y[k];
  b->column[TGV_C_fill_regime][i] = (float)a->regime;
  b->column[TGV_C_void_margin][i] = sound ? 1.0f : -1.0f;
  b->column[TGV_C_plated_current][i] = c->recipe.galvanostatic > 0 ? (float)x[TGV_PLATING_DRIVE] : NAN;
}

static void keep_closed(struct tgv_block *b, size_t i)
{
  for (int k = 0; k < TGV_PLATED_OUTPUTS; k++) b->column[tgv_plated_column[k]][i] = 0;
  b->column[TGV_C_fill_regime][i] = (float)TGV_PLATING_PASSIVE;
  b->column[TGV_C_void_margin][i] = 1;
}

static tgv_status plate_via(const struct tgv_window_line *l, struct tgv_block *b, size_t i)
{
  struct tgv_block        *one;
  struct tgv_plating_class c;
  struct tgv_regime_answer a = {0};
  double                   x[TGV_PLATING_INPUTS];
  tgv_status_code          status;

  if (!(b->column[TGV_C_D_waist][i] > 0) || !(b->column[TGV_C_thickness][i] > 0)) {
    keep_closed(b, i);
    return TGV_OK;
  }
  one = tgv_block_new();
  take_via(b, i, one);
  status =
      tgv_nominal_plating(l->project, &l->package, (size_t)(b->via_group - l->package.group), one, &c, x);
  tgv_block_free(one);
  TGV_TRY(status);
  status = tgv_plating_class_solve(&c, x, &a);
  if (status == TGV_OK) {
    keep_answer(&a, &c, x, b, i);
  } else if (status == TGV_SOLVER || status == TGV_INPUT) {
    tgv_error_clear();
    b->flags[i] |= TGV_FLAG_MODEL_RANGE;
    status = TGV_OK;
  }
  return status;
}

static void flag_plated(const struct tgv_window_plating *p, struct tgv_block *b)
{
  for (int c = 0; c < TGV_CAUSE_defect; c++) {
    const struct tgv_cause_info *info = tgv_cause_info((enum tgv_cause)c);
    const double                 limit = b->via_group->limit[c];

    if (isnan(limit) || !writes(p->stage, info->column)) continue;
    for (size_t i = 0; i < b->n; i++) {
      const double x = (double)b->column[info->column][i];

      if (info->side == TGV_BELOW ? x < limit : x > limit) b->flags[i] |= 1u << c;
    }
  }
}

/* The stages behind, on vias that are plated already. */
static tgv_status run_behind(const struct tgv_window_plating *p, const struct tgv_window_line *l,
                             struct tgv_block *b)
{
  struct tgv_flow *f;
  uint32_t         flags[TGV_BLOCK];

  if (!p->follows) return TGV_OK;
  TGV_TRY(tgv_flow_open(l->project, &l->package, &l->panel, p->behind, &f));
  memcpy(flags, b->flags, b->n * sizeof *flags);
  tgv_flow_physics(f, b);
  for (size_t i = 0; i < b->n; i++) b->flags[i] |= flags[i];
  tgv_flow_close(f);
  return TGV_OK;
}

tgv_status tgv_window_plate(const struct tgv_window_plating *p, const struct tgv_window_line *l,
                            struct tgv_block *b)
{
  int worst = TGV_OK;

  tgv_window_leave_bare(p, b);
#pragma omp parallel for schedule(dynamic) reduction(max : worst)
  for (size_t i = 0; i < b->n; i++) {
    tgv_status_code s = plate_via(l, b, i);

    worst = (int)s > worst ? (int)s : worst;
  }
  if (worst)
    return tgv_fail((tgv_status_code)worst, worst == TGV_INTERRUPTED
                                                ? "stopped while plating the vias of the window"
                                                : "a via of the window cannot be plated");
  flag_plated(p, b);
  return run_behind(p, l, b);
}
