#include "factory/nominal_shape.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "factory/process_window.h"
#include "solver/plating_share.h"

const struct tgv_stage **tgv_stages_kept(const struct tgv_stage *const *all,
                                         bool (*keep)(const struct tgv_stage *))
{
  const struct tgv_stage **kept;
  size_t                   n = 0, count = 0;

  while (all[n]) n++;
  kept = tgv_allocate(n + 1, sizeof(const struct tgv_stage *));
  for (size_t i = 0; i < n; i++)
    if (keep(all[i])) kept[count++] = all[i];
  return kept;
}

static bool writes(const struct tgv_stage *s, enum tgv_column column)
{
  for (const enum tgv_column *c = s->kind == TGV_STAGE_VIAS ? s->writes : NULL; c && *c != TGV_C_END; c++)
    if (*c == column) return true;
  return false;
}

static bool of_vias(const struct tgv_stage *s)
{
  return s->kind == TGV_STAGE_VIAS;
}

static const struct tgv_stage **shape_stages(const struct tgv_stage *const *all)
{
  const struct tgv_stage **kept = tgv_stages_kept(all, of_vias);
  size_t                   end = 0;

  for (size_t i = 0; kept[i]; i++)
    if (writes(kept[i], TGV_C_D_top)) end = i + 1;
  kept[end] = NULL;
  return kept;
}

tgv_status tgv_nominal_shape(const struct tgv_project *p, const struct tgv_stage *const *stages, size_t group,
                             struct tgv_block *b)
{
  const struct tgv_stage **shape = shape_stages(stages);
  struct tgv_project      *copy;
  struct tgv_window_line   line;
  tgv_status_code          s = tgv_project_copy(p, &copy);

  if (s == TGV_OK) s = tgv_window_line_open(copy, shape, &line);
  if (s == TGV_OK) {
    tgv_window_nominal(&line, p, group, b);
    tgv_window_line_close(&line);
  }
  free(shape);
  return s;
}

static double column(const struct tgv_block *b, enum tgv_column c)
{
  return (double)b->column[c][0];
}

static double input(const struct tgv_block *b, enum tgv_param p)
{
  return (double)b->input[tgv_input_of(p)][0];
}

tgv_status tgv_nominal_plating(const struct tgv_project *p, const struct tgv_package *k, size_t group,
                               const struct tgv_block *b, struct tgv_plating_class *c,
                               double x[TGV_PLATING_INPUTS])
{
  const double shape[] = {column(b, TGV_C_D_top), column(b, TGV_C_D_waist), column(b, TGV_C_D_bottom),
                          column(b, TGV_C_waist_depth), column(b, TGV_C_thickness)};
  const bool   galvanostatic = tgv_chosen(p, TGV_P_copper_plating_control, "galvanostatic");

  memset(c, 0, sizeof *c);
  TGV_TRY(tgv_plating_recipe_read(p, &c->recipe));
  c->cell_radius = tgv_plating_cell_radius(p, k, group);
  c->group = group;
  c->share = galvanostatic ? tgv_plating_share(p, k, group) : 1;
  c->upper = 2 * column(b, TGV_C_D_upper) / (shape[0] + shape[1]);
  c->lower = 2 * column(b, TGV_C_D_lower) / (shape[1] + shape[2]);
  tgv_plating_shape(shape, x);
  x[TGV_PLATING_DRIVE] = c->share * input(b, galvanostatic ? TGV_P_copper_plating_current_density
                                                           : TGV_P_copper_plating_potential);
  x[TGV_PLATING_TIME] = input(b, TGV_P_copper_plating_time);
  x[TGV_PLATING_CUPRIC] = input(b, TGV_P_copper_plating_cupric);
  x[TGV_PLATING_ADDITIVE] = input(b, TGV_P_copper_plating_additive);
  x[TGV_PLATING_LAYER] = input(b, TGV_P_copper_plating_boundary_layer);
  memcpy(c->base, x, sizeof c->base);
  return TGV_OK;
}
