/** # Classes of plated vias

## Model
Vias are plated alike if recipe, cell, share of the current and track radius are the same. The bath and face that belong to a via are those of a
circle of the area of its cell; cell and share of a group are those of [plating_share](plating_share.md). Within such a class the shape (mean diameter of the faces, waist over it, thickness, place of the waist, difference of the faces) and the
process inputs (current density or potential, time, ion, additive, diffusion layer) vary. Their ranges come from the project: of each process
input the nominal value +- 5 standard deviations, trends and the place map (terminal effect); of each number of the shape the mean +- 5
standard deviations of 1024 vias drawn from the variation and taken through the steps before, and what these vias reach. The drive has at
least +- 5 % and the diameter +- 2 %; any other number that stays within 0.1 % is held at its mean. Ranges are widened to a grid of a
quarter of their half width, so that projects that hardly differ share their training.

A class is then a *regime model* ([regime_model](regime_model.md)) of the fast plating solver ([plating_depth](plating_depth.md)): of the
regimes passive, arrested, filled and butterfly are sound; void and pinched are not. Filled, void and butterfly are told apart further by
whether the mouths have closed, since the dimple jumps there. Training begins with 25 runs per varying input and ends when 97 % of the
held-out runs are in the right regime, at most 5 % are uncertain, and no output is off by more than 1 % of its largest value (rms), when half as many
runs again have not helped, or at `training_runs`.

Runs are kept under the hash of recipe, cell, shape and whatever does not vary, and carry the hash of the source text of the solver. Where that
is another one, the run in the middle of the ranges and the cheapest one of each regime are solved again; if they come out the same, to
0.1 % of the largest value of each output, the runs are believed, else they are made anew.

## Valid for
Vias of revolution on a regular pattern whose neighbours are plated alike.

A through-hole that the additive lets fill from the middle fills symmetrically only if it is exactly symmetric: then the solver mirrors
half of it. With 0.3 % of the depth or 0.5 % of the diameter between its sides one of them wins. (90 um in 600 um glass at 0.028 A/dm2 with 20 umol/L:
bridged after 116 min and no void if symmetric; after 322 to 354 min and 0.5 % of void otherwise, on 300 and 600 cells; on 150 cells
no void.) The vias of a panel are of the second kind, the nominal via is of the first. How much of a void is left then hangs on so little that no
model of the inputs explains it (held-out Q2 of the void fraction 0.1 to 0.6); voids of less than 1 % of the opening therefore do not count as
such (`tgv_plating_outcome_regime`), their share is given all the same.

## Neglects
Different pitch along and across beyond the area of the cell, vias at the edge of an array. Seed: the wall
is taken as plated everywhere; where the seed is too thin, the cause `seed_thin` says so. Curvature of the wall beyond that of the mean via.
Half-way diameters follow face and waist.

## Source
Our own.

## Verified by
tests/unit/test_copper_plating.c; tests/cli/train.sh (stopping, ranks, shipped runs); tests/docs/tables.sh (shipped runs are still right). Held-out,
evenly spread runs in the right regime, 23 November 2026: 41 um x 280 um without additive on the boundary of arrested and pinched, six inputs:
97.8 % of 90 with 150 runs (15.6 % uncertain), 99.6 % of 238 with 400 (6.7 %). The 90 um vias of examples/stats-74 with additive, between
void and butterfly: power 92.2 % of 90 with 150 runs, 89.9 % of 149 with 250, 90.4 % of 156 with 261 (81 % uncertain); signal 92.0 % with 400
(26 %). Of the classes of the examples docs/plating_models.md has all tables. */
#include "solver/plating_class.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/plating_class_range.h"
#include "solver/plating_share.h"

const enum tgv_column tgv_plated_column[TGV_PLATED_OUTPUTS] = {
    [TGV_PLATED_FILL] = TGV_C_fill,
    [TGV_PLATED_FILL_TIME] = TGV_C_fill_time,
    [TGV_PLATED_VOID_FRACTION] = TGV_C_void_fraction,
    [TGV_PLATED_VOID_DEPTH] = TGV_C_void_depth,
    [TGV_PLATED_DIMPLE] = TGV_C_dimple,
    [TGV_PLATED_OVERBURDEN] = TGV_C_overburden,
    [TGV_PLATED_COPPER] = TGV_C_plated_copper,
};

/* ---- its model */

/* A mouth that is still open when plating ends leaves a dimple deeper than the copper on the face; over a mouth that has closed copper
   grows as on the face. Between the two the dimple jumps. */
static const struct {
  enum tgv_plating_regime regime;
  const char             *name;
} mouth_open[] = {{TGV_PLATING_FILLED, "filled, mouth open"},
                  {TGV_PLATING_VOID, "void, mouth open"},
                  {TGV_PLATING_BUTTERFLY, "butterfly, mouth open"}};
enum { MOUTH_OPEN = sizeof mouth_open / sizeof *mouth_open };

size_t tgv_plating_kind(const struct tgv_regime_answer *a)
{
  for (size_t k = 0; k < MOUTH_OPEN; k++)
    if (a->regime == (size_t)mouth_open[k].regime && a->y[TGV_PLATED_DIMPLE] >= a->y[TGV_PLATED_OVERBURDEN])
      return TGV_PLATING_REGIMES + k;
  return a->regime;
}

static void name_kinds(struct tgv_regime_plan *p)
{
  p->regimes = TGV_PLATING_REGIMES + MOUTH_OPEN;
  p->merged = true, p->kind = tgv_plating_kind;
  for (size_t r = 0; r < p->regimes; r++) {
    const size_t k = r < TGV_PLATING_REGIMES ? r : (size_t)mouth_open[r - TGV_PLATING_REGIMES].regime;

    p->regime[r] = r == k ? tgv_plating_regime_name((enum tgv_plating_regime)r)
                          : mouth_open[r - TGV_PLATING_REGIMES].name;
    p->sound[r] = k != TGV_PLATING_VOID && k != TGV_PLATING_PINCHED;
    p->shown[r] = k;
  }
}

/* a point of the model is one of the inputs that vary; a via that makes no sense has no answer */
static tgv_status solve_point(const void *context, const double *x, struct tgv_regime_answer *out)
{
  const struct tgv_plating_class *c = context;
  double                          all[TGV_PLATING_INPUTS];
  tgv_status_code                 status;

  memcpy(all, c->base, sizeof all);
  for (size_t a = 0; a < c->axes; a++) all[c->axis[a]] = x[a];
  status = tgv_plating_class_solve(c, all, out);
  return status == TGV_INPUT ? TGV_SOLVER : status;
}

/* bytes of all that is no axis */
struct depends {
  struct tgv_plating_recipe recipe;
  double                    cell_radius, upper, lower;
  double                    base[TGV_PLATING_INPUTS]; /* 0 for an axis */
};

static const char *const input_name[TGV_PLATING_INPUTS] = {
    "drive", "diameter", "waist", "thickness", "centre", "skew", "time", "cupric", "additive", "layer"};
static const char *const output_name[TGV_PLATED_OUTPUTS] = {
    "fill", "fill_time", "void_fraction", "void_depth", "dimple", "overburden", "copper"};

/* of the training: it begins with so many runs and ends when it is so good, or at training_runs */
enum { RUNS_PER_AXIS = 25 };
static const double accurate = 0.97, certain = 0.95, close_enough = 0.01;

static tgv_status train(struct tgv_plating_class *c, size_t most, const char *group)
{
  char                   title[100];
  struct tgv_regime_plan plan = {.name = "copper plating",
                                 .title = title,
                                 .axes = c->axes,
                                 .outputs = TGV_PLATED_OUTPUTS,
                                 .runs = most,
                                 .least = RUNS_PER_AXIS * c->axes,
                                 .accurate = accurate,
                                 .certain = certain,
                                 .close = close_enough,
                                 .version = tgv_plating_solver,
                                 .solve = solve_point,
                                 .context = c};
  struct depends         depends = {c->recipe, c->cell_radius, c->upper, c->lower, {0}};

  snprintf(title, sizeof title, "copper plating of %s", group);
  memcpy(depends.base, c->base, sizeof depends.base);
  for (size_t a = 0; a < c->axes; a++) {
    plan.axis[a] =
        (struct tgv_regime_axis){input_name[c->axis[a]], c->low[c->axis[a]], c->high[c->axis[a]], false};
    depends.base[c->axis[a]] = 0;
  }
  for (size_t o = 0; o < TGV_PLATED_OUTPUTS; o++) plan.output[o] = output_name[o];
  name_kinds(&plan);
  plan.depends = &depends, plan.depends_size = sizeof depends;
  return tgv_regime_model_get(&plan, &c->model);
}

double tgv_plating_cell_radius(const struct tgv_project *p, const struct tgv_package *k, size_t group)
{
  return sqrt(tgv_via_cell_area(p, k, group) / M_PI);
}

static bool near(double a, double b)
{
  return fabs(a - b) <= 0x1p-20 * b;
}

static bool same_class(const struct tgv_package *k, const struct tgv_plating_class *c,
                       const struct tgv_plating_class *other)
{
  return near(c->cell_radius, other->cell_radius) && near(c->share, other->share) &&
         k->group[c->group].track_radius == k->group[other->group].track_radius;
}

static tgv_status add_group(const struct tgv_flow *flow, const struct tgv_plating_recipe *recipe,
                            size_t group, struct tgv_plating_classes *out)
{
  struct tgv_plating_class *c = &out->class[out->count];

  c->recipe = *recipe, c->group = group;
  c->cell_radius = tgv_plating_cell_radius(flow->project, flow->package, group);
  c->share = recipe->galvanostatic > 0 ? tgv_plating_share(flow->project, flow->package, group) : 1;
  for (size_t k = 0; k < out->count; k++)
    if (same_class(flow->package, &out->class[k], c)) {
      out->of_group[group] = k;
      return TGV_OK;
    }
  out->of_group[group] = out->count;
  TGV_TRY(tgv_plating_class_range(flow, c));
  if (c->axes == 0) {
    out->count++;
    return TGV_OK;
  }
  TGV_TRY_NOTE(train(c, (size_t)tgv_count(flow->project, TGV_P_copper_plating_training_runs),
                     flow->package->group[group].name),
               "training the plating of the via group %s", flow->package->group[group].name);
  out->count++;
  return TGV_OK;
}

tgv_status tgv_plating_classes_make(const struct tgv_flow *flow, struct tgv_plating_classes *out)
{
  struct tgv_plating_recipe recipe;

  memset(out, 0, sizeof *out);
  TGV_TRY(tgv_plating_recipe_read(flow->project, &recipe));
  out->class = tgv_allocate(flow->package->group_count + 1, sizeof *out->class);
  out->of_group = tgv_allocate(flow->package->group_count + 1, sizeof *out->of_group);
  for (size_t g = 0; g < flow->package->group_count; g++) TGV_TRY(add_group(flow, &recipe, g, out));
  return TGV_OK;
}

void tgv_plating_classes_release(struct tgv_plating_classes *c)
{
  free(c->class), free(c->of_group);
  memset(c, 0, sizeof *c);
}
