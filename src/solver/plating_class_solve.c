/* From the inputs of a class of plated vias to a case of the fast solver, and back. */
#include <math.h>
#include <string.h>

#include "solver/plating_class.h"
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
  if (galvanostatic) r->compliance = tgv_real(p, TGV_P_copper_plating_compliance);
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
                                           .compliance = r->compliance,
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
