/** # Classes of plated vias

## Model
Vias are plated alike if recipe, pitch and track radius are the same. The bath and face that belong to a via are those of a circle of the area
pitch$^2$. Within such a class the shape (mean diameter of the faces, waist over it, thickness, place of the waist, difference of the faces) and the
process inputs (current density or potential, time, ion, additive, diffusion layer) vary. Their ranges come from the project: of each process
input the nominal value +- 5 standard deviations, trends and the place map (terminal effect); of each number of the shape the mean +- 5
standard deviations of 1024 vias drawn from the variation and taken through the steps before, and what these vias reach. The drive has at
least +- 5 % and the diameter +- 2 %; any other number that stays within 0.1 % is held at its mean. Ranges are widened to a grid of a
quarter of their half width, so that projects that hardly differ share their training.

A class is then a *regime model* ([regime_model](regime_model.md)) of the fast plating solver ([plating_depth](plating_depth.md)): of the
regimes passive, arrested, filled and butterfly are sound; void and pinched are not. It is trained with 40 runs per varying input, at most
`training_runs`.

Which version of the solver answered is part of the key under which runs are kept: its answer at the middle of the range, to five digits.

## Valid for
Vias of revolution on a regular pattern whose neighbours are plated alike.

## Neglects
Different pitch along and across, vias at the edge of an array, groups that lie between each other (each takes its own pitch). Seed: the wall
is taken as plated everywhere; where the seed is too thin, the cause `seed_thin` says so. Curvature of the wall beyond that of the mean via.
Half-way diameters follow face and waist.

## Source
Our own.

## Verified by
tests/unit/test_copper_plating.c. */
#include "solver/plating_class.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "solver/plating_class_range.h"
#include "solver/plating_depth.h"

/* ---- recipe */

static const double turns_least =
    1e-3; /* net over forward charge of a waveform, below which nothing is plated to speak of */

tgv_status tgv_plating_recipe_read(const struct tgv_project *p, struct tgv_plating_recipe *out)
{
  struct tgv_plating_recipe *r = out;
  const bool                 galvanostatic = tgv_chosen(p, TGV_P_copper_plating_control, "galvanostatic");
  const bool                 pulse = tgv_chosen(p, TGV_P_copper_plating_waveform, "pulse");
  double                     net;

  memset(r, 0, sizeof *r);
  r->bath = (struct tgv_plating_bath){
      .temperature = tgv_real(p, TGV_P_copper_plating_temperature),
      .ion_charge = tgv_real(p, TGV_P_copper_plating_ion_charge),
      .molar_volume = tgv_real(p, TGV_P_copper_plating_molar_volume),
      .ion_diffusivity = tgv_real(p, TGV_P_copper_plating_ion_diffusivity),
      .additive_diffusivity = tgv_real(p, TGV_P_copper_plating_additive_diffusivity),
      .conductivity = tgv_real(p, TGV_P_copper_plating_conductivity),
      .i0_free = tgv_real(p, TGV_P_copper_plating_i0_free),
      .i0_covered = tgv_real(p, TGV_P_copper_plating_i0_covered),
      .alpha_free = tgv_real(p, TGV_P_copper_plating_alpha_free),
      .alpha_covered = tgv_real(p, TGV_P_copper_plating_alpha_covered),
      .adsorption = tgv_real(p, TGV_P_copper_plating_adsorption),
      .consumption = tgv_real(p, TGV_P_copper_plating_consumption),
      .site_density = tgv_real(p, TGV_P_copper_plating_site_density),
      .double_layer = tgv_real(p, TGV_P_copper_plating_double_layer),
  };
  r->sealed = tgv_chosen(p, TGV_P_copper_plating_sides, "top") ? 1 : 0;
  r->galvanostatic = galvanostatic ? 1 : 0;
  r->bottom_layer = tgv_real(p, TGV_P_copper_plating_boundary_layer_bottom);
  r->reference = tgv_real(p, TGV_P_copper_plating_reference);
  r->segments = 1, r->forward = 1, r->scale = 1;
  if (tgv_chosen(p, TGV_P_copper_plating_waveform, "direct")) return TGV_OK;
  r->segments = 2;
  r->forward = tgv_real(p, TGV_P_copper_plating_forward_time);
  r->rest = tgv_real(p, pulse ? TGV_P_copper_plating_pause_time : TGV_P_copper_plating_reverse_time);
  r->rest_value = pulse ? 0 : -tgv_real(p, TGV_P_copper_plating_reverse_ratio);
  net = (r->forward + r->rest_value * r->rest) / r->forward;
  if (galvanostatic && !(net > turns_least))
    return tgv_fail(TGV_INPUT,
                    "copper_plating: the reverse pulses take off %.3g of what the forward pulses plate; it "
                    "must be below 1",
                    1 - net);
  if (galvanostatic) r->scale = (r->forward + r->rest) / (r->forward * net);
  return TGV_OK;
}

/* ---- one via */

void tgv_plating_shape(const double *column, double *x)
{
  const double top = column[0], waist = column[1], bottom = column[2], depth = column[3],
               thickness = column[4];

  x[TGV_PLATING_DIAMETER] = 0.5 * (top + bottom);
  x[TGV_PLATING_WAIST] = waist / x[TGV_PLATING_DIAMETER];
  x[TGV_PLATING_THICKNESS] = thickness;
  x[TGV_PLATING_CENTRE] = depth / thickness;
  x[TGV_PLATING_SKEW] = (top - bottom) / (top + bottom);
}

enum { PROFILE = 17 };

void tgv_plating_class_problem(const struct tgv_plating_class *c, const double *x,
                               struct tgv_plating_problem *out)
{
  const struct tgv_plating_recipe *r = &c->recipe;
  const double D = x[TGV_PLATING_DIAMETER], top = D * (1 + x[TGV_PLATING_SKEW]), bottom = 2 * D - top;
  const double waist = fmin(x[TGV_PLATING_WAIST] * D, fmin(top, bottom)),
               thickness = x[TGV_PLATING_THICKNESS];
  const double centre = fmin(fmax(x[TGV_PLATING_CENTRE], 0), 1), drive = r->scale * x[TGV_PLATING_DRIVE];
  const struct tgv_via_shape shape = {.D_top = top,
                                      .D_upper = c->upper * 0.5 * (top + waist),
                                      .D_waist = waist,
                                      .D_lower = c->lower * 0.5 * (waist + bottom),
                                      .D_bottom = bottom,
                                      .waist_depth = centre * thickness,
                                      .thickness = thickness};

  memset(out, 0, sizeof *out);
  out->segment[0] = (struct tgv_plating_segment){r->forward, drive};
  out->segment[1] = (struct tgv_plating_segment){r->rest, r->rest_value * drive};
  out->plating = (struct tgv_plating_case){.bath = r->bath,
                                           .cell_radius = c->cell_radius,
                                           .ends = r->sealed > 0 ? TGV_PLATING_SEALED : TGV_PLATING_THROUGH,
                                           .boundary_layer = x[TGV_PLATING_LAYER],
                                           .bottom_layer = r->bottom_layer,
                                           .reference = r->reference,
                                           .galvanostatic = r->galvanostatic > 0,
                                           .segments = (size_t)r->segments,
                                           .segment = out->segment,
                                           .time = x[TGV_PLATING_TIME]};
  out->plating.bath.ion_bulk = x[TGV_PLATING_CUPRIC];
  out->plating.bath.additive_bulk = x[TGV_PLATING_ADDITIVE];
  tgv_via_shape_profile(&shape, PROFILE, &out->plating.profile);
}

static double or_zero(double x)
{
  return isfinite(x) ? x : 0;
}

static const double balance_most = 0.01; /* of copper by growth and by charge; beyond it an answer is none */

tgv_status tgv_plating_class_solve(const struct tgv_plating_class *c, const double *x,
                                   struct tgv_regime_answer *out)
{
  const struct tgv_plating_depth_options o = {0};
  struct tgv_plating_problem             p;
  struct tgv_plating_outcome             got;
  tgv_status_code                        status;

  tgv_plating_class_problem(c, x, &p);
  status = tgv_plating_depth_solve(&p.plating, &o, &got);
  if (!status) {
    if (!(fabs(got.balance) < balance_most) || !(got.copper >= 0) || !isfinite(got.fill))
      status = tgv_fail(TGV_SOLVER, "copper of a plated via does not balance: off by %.3g", got.balance);
    out->regime = (size_t)got.regime;
    out->y[TGV_PLATED_FILL] = got.fill;
    out->y[TGV_PLATED_FILL_TIME] = or_zero(got.fill_time);
    out->y[TGV_PLATED_VOID_FRACTION] = or_zero(got.void_fraction);
    out->y[TGV_PLATED_VOID_DEPTH] = or_zero(got.void_depth);
    out->y[TGV_PLATED_DIMPLE] = or_zero(got.dimple);
    out->y[TGV_PLATED_OVERBURDEN] = or_zero(got.overburden);
    out->y[TGV_PLATED_COPPER] = or_zero(got.copper);
    tgv_plating_outcome_release(&got);
  }
  tgv_via_profile_release(&p.plating.profile);
  return status;
}

/* ---- its model */

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

/* The answer in the middle of the range, to five digits: another solver gives another. */
static tgv_status probe(const struct tgv_plating_class *c, struct tgv_text *out)
{
  struct tgv_regime_answer a = {0};
  const tgv_status_code    status = tgv_plating_class_solve(c, c->base, &a);

  if (status == TGV_SOLVER) {
    tgv_error_clear();
    tgv_text_add(out, "no answer");
    return TGV_OK;
  }
  TGV_TRY(status);
  tgv_text_add(out, "%zu", a.regime);
  for (size_t o = 0; o < TGV_PLATED_OUTPUTS; o++) tgv_text_add(out, " %.4e", a.y[o]);
  return TGV_OK;
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

enum { RUNS_PER_AXIS = 40 };

static tgv_status train(struct tgv_plating_class *c, size_t most)
{
  const size_t           wanted = RUNS_PER_AXIS * c->axes;
  struct tgv_text        version = {0};
  struct tgv_regime_plan plan = {.name = "copper plating",
                                 .axes = c->axes,
                                 .outputs = TGV_PLATED_OUTPUTS,
                                 .regimes = TGV_PLATING_REGIMES,
                                 .runs = wanted < most ? wanted : most,
                                 .solve = solve_point,
                                 .context = c};
  struct depends         depends = {c->recipe, c->cell_radius, c->upper, c->lower, {0}};
  tgv_status_code        status;

  memcpy(depends.base, c->base, sizeof depends.base);
  for (size_t a = 0; a < c->axes; a++) {
    plan.axis[a] =
        (struct tgv_regime_axis){input_name[c->axis[a]], c->low[c->axis[a]], c->high[c->axis[a]], false};
    depends.base[c->axis[a]] = 0;
  }
  for (size_t o = 0; o < TGV_PLATED_OUTPUTS; o++) plan.output[o] = output_name[o];
  for (int r = 0; r < TGV_PLATING_REGIMES; r++) {
    plan.regime[r] = tgv_plating_regime_name((enum tgv_plating_regime)r);
    plan.sound[r] = r != TGV_PLATING_VOID && r != TGV_PLATING_PINCHED;
  }
  status = probe(c, &version);
  plan.version = version.data;
  plan.depends = &depends, plan.depends_size = sizeof depends;
  if (!status) status = tgv_regime_model_get(&plan, &c->model);
  tgv_text_release(&version);
  return status;
}

double tgv_plating_cell_radius(const struct tgv_project *p, const struct tgv_via_group *g)
{
  const double pitch = isfinite(g->pitch) ? g->pitch : tgv_real(p, TGV_P_copper_plating_isolated_pitch);

  return pitch / sqrt(M_PI);
}

static bool same_class(const struct tgv_package *k, const struct tgv_plating_class *c, double radius,
                       size_t group)
{
  const struct tgv_via_group *g = &k->group[group], *first = &k->group[c->group];

  return fabs(c->cell_radius - radius) <= 0x1p-20 * radius && g->track_radius == first->track_radius;
}

static tgv_status add_group(const struct tgv_flow *flow, const struct tgv_plating_recipe *recipe,
                            size_t group, struct tgv_plating_classes *out)
{
  const double              radius = tgv_plating_cell_radius(flow->project, &flow->package->group[group]);
  struct tgv_plating_class *c;

  for (size_t k = 0; k < out->count; k++)
    if (same_class(flow->package, &out->class[k], radius, group)) {
      out->of_group[group] = k;
      return TGV_OK;
    }
  out->of_group[group] = out->count;
  c = &out->class[out->count];
  c->recipe = *recipe, c->cell_radius = radius, c->group = group;
  TGV_TRY(tgv_plating_class_range(flow, c));
  if (c->axes == 0) {
    out->count++;
    return TGV_OK;
  }
  TGV_TRY_NOTE(train(c, (size_t)tgv_count(flow->project, TGV_P_copper_plating_training_runs)),
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
