/** # Build-up layers

## Model
Each layer is made semi-additively: lines are plated into resist on a seed, which is then etched away between them. The etch and what
else narrows a line take `2 (seed_etch + bias)` from its width and give it to the space. A unit fails by its build-up if a defect of extra
metal bridges two lines, one of missing metal opens a line, or one of the lamination falls anywhere on a layer:

$$ \lambda = \sum_\text{layers} A\,[f\,(D_s \bar\theta_s + D_o \bar\theta_o) + D_l], $$

with the area $A$ of the unit, the part $f$ of it with lines, and the mean critical areas $\bar\theta$ of finished width and space
(solver/critical_area.c). The yield is $e^{-\lambda}$, or $(1 + \lambda/\alpha)^{-\alpha}$ if the defects of a unit are clustered. A line
that the etch takes away altogether is open: the yield is 0.

## Valid for
Layers of long parallel lines; densities as inspected on the line. No density is known here: the defaults are 0.

## Neglects
Microvias and their capture, misalignment, warpage of the panel in lithography, repair. Layers of which line or space is not given have
lamination defects only.

## Source
C. H. Stapper, IBM J. Res. Develop. 27 (1983) 549; 28 (1984) 461.

## Verified by
tests/cases/rdl_buildup.case (by hand), tests/unit/test_rdl_buildup.c. */
#include <math.h>
#include <stdlib.h>

#include "core/text.h"
#include "model/result.h"
#include "model/run.h"
#include "solver/critical_area.h"
#include "solver/yield_model.h"

enum { SHORTS, OPENS, LAMINATION, KINDS };

static const char *const kind_names[KINDS] = {"shorts", "opens", "lamination"};

/* One record of build_up. */
struct layers {
  const char      *name;
  double           count;     /* both sides */
  bool             patterned; /* line and space are known */
  struct tgv_lines lines;     /* finished */
  double           faults[KINDS];
};

static struct layers read_layers(const struct tgv_project *p, size_t record)
{
  const double loss =
      2 * (tgv_real_at(p, TGV_P_build_up_seed_etch, record) + tgv_real_at(p, TGV_P_build_up_bias, record));
  const double line = tgv_real_at(p, TGV_P_build_up_line, record),
               space = tgv_real_at(p, TGV_P_build_up_space, record);
  struct layers l = {
      .name = tgv_text_at(p, TGV_P_build_up_name, record),
      .count = (double)tgv_count_at(p, TGV_P_build_up_layers, record) *
               (tgv_chosen_at(p, TGV_P_build_up_side, record, "both") ? 2 : 1),
      .patterned = line > 0 && space > 0,
      .lines = {line - loss, space + loss},
  };
  const double area = tgv_real(p, TGV_P_package_width) * tgv_real(p, TGV_P_package_height) * l.count;
  const double wired = area * tgv_real_at(p, TGV_P_build_up_wired, record);
  const double x0 = tgv_real(p, TGV_P_rdl_buildup_defect_size);

  l.faults[LAMINATION] = area * tgv_real(p, TGV_P_rdl_buildup_lamination_density);
  if (!l.patterned || !(wired > 0)) return l;
  if (l.lines.width <= 0)
    l.faults[OPENS] = INFINITY;
  else if (l.lines.space <= 0)
    l.faults[SHORTS] = INFINITY;
  else {
    l.faults[SHORTS] =
        wired * tgv_real(p, TGV_P_rdl_buildup_short_density) * tgv_critical_short_mean(&l.lines, x0);
    l.faults[OPENS] =
        wired * tgv_real(p, TGV_P_rdl_buildup_open_density) * tgv_critical_open_mean(&l.lines, x0);
  }
  return l;
}

static double yield_of(const struct tgv_project *p, double faults)
{
  const double alpha = tgv_real(p, TGV_P_rdl_buildup_alpha);

  if (isinf(faults)) return 0;
  return alpha > 0 ? tgv_yield_closed(TGV_YIELD_NEGATIVE_BINOMIAL, alpha, faults) : exp(-faults);
}

static double sum_of(const struct layers *l)
{
  return l->faults[SHORTS] + l->faults[OPENS] + l->faults[LAMINATION];
}

static void add(const struct tgv_run *run, enum tgv_column column, const char *qualifier, double value)
{
  tgv_result_scalar(run->current,
                    &(struct tgv_scalar){
                        .column = column,
                        .qualifier = qualifier,
                        .value = value,
                        .low = (double)NAN,
                        .high = (double)NAN,
                        .method = "mean critical area of lines and spaces for defects of 1/x3, closed form",
                        .valid = "long parallel lines, defect densities as given",
                        .error = "none beside that of the densities, which is not known"});
}

static void add_row(cJSON *table, const struct tgv_run *run, const struct layers *l)
{
  cJSON *row = tgv_table_row(table);

  tgv_row_text(row, l->name);
  tgv_row_number(row, l->count);
  tgv_row_number(row, l->patterned ? tgv_units_to(l->lines.width, TGV_LENGTH, "um") : (double)NAN);
  tgv_row_number(row, l->patterned ? tgv_units_to(l->lines.space, TGV_LENGTH, "um") : (double)NAN);
  for (int k = 0; k < KINDS; k++) tgv_row_number(row, l->faults[k]);
  tgv_row_number(row, 100 * yield_of(run->project, sum_of(l)));
}

static cJSON *add_table(const struct tgv_run *run)
{
  cJSON *t = tgv_result_table(run->current, "layers", "Yield of the build-up, by layer",
                              "Defects per unit, all layers of the entry; blank: a line that is etched away, "
                              "or a line and space that "
                              "are not given.");

  tgv_table_column(t, "layers", "", "text");
  tgv_table_column(t, "number", "", "number");
  tgv_table_column(t, "finished line", "um", "number");
  tgv_table_column(t, "finished space", "um", "number");
  for (int k = 0; k < KINDS; k++) tgv_table_column(t, kind_names[k], "", "number");
  tgv_table_column(t, "yield", "%", "number");
  return t;
}

static tgv_status panel(struct tgv_run *run)
{
  const struct tgv_project *p = run->project;
  double                    faults[KINDS] = {0};
  cJSON                    *table = add_table(run);

  for (size_t i = 0; i < tgv_records(p, TGV_S_build_up); i++) {
    const struct layers l = read_layers(p, i);

    add_row(table, run, &l);
    add(run, TGV_C_layer_yield, l.name, yield_of(p, sum_of(&l)));
    if (l.patterned) add(run, TGV_C_finished_line, l.name, fmax(0, l.lines.width));
    for (int k = 0; k < KINDS; k++) faults[k] += l.faults[k];
  }
  for (int k = 0; k < KINDS; k++)
    if (isfinite(faults[k])) add(run, TGV_C_layer_faults, kind_names[k], faults[k]);
  add(run, TGV_C_build_up_yield, "", yield_of(p, faults[SHORTS] + faults[OPENS] + faults[LAMINATION]));
  return TGV_OK;
}

const struct tgv_stage tgv_stage_rdl_buildup = {
    .name = "rdl_buildup",
    .title = "Build-up layers",
    .source = "Stapper, IBM J. Res. Dev. 27, 549 (1983)",
    .kind = TGV_STAGE_PANEL,
    .sections = TGV_SECTIONS(TGV_S_build_up, TGV_S_rdl_buildup),
    .writes = TGV_COLUMNS(TGV_C_build_up_yield, TGV_C_layer_yield, TGV_C_layer_faults, TGV_C_finished_line),
    .chosen_by = TGV_P_rdl_buildup_model,
    .chosen_word = "critical_area",
    .panel = panel,
};
