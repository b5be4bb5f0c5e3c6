/** # Chemical-mechanical planarization

## Model
The copper around a via stands over the glass by the overburden, and lower by the dimple over the via. The pad feels the density of the
vias averaged over the planarization length (solver/pattern_density.c); high areas are the rest, $\rho = 1 - \rho_m$. Height and step
follow the closed form of density and step height (solver/step_height.c) until the glass is reached; what is left of the dimple is the
dishing from which over-polish goes on, with $d_{max} = d_1 (w/w_1)^p$ for a via of diameter $w$, the larger of its mouths.

The time is that of the recipe: $(1 + \text{over\_polish})$ times nominal overburden over nominal rate, the same for all vias. The rate
varies as any input: that is the within-panel non-uniformity. Where the time does not do, `copper_left` is above 0 and the via is shorted
to its neighbours; below 0 it continues what flat copper would have gone, so that it is a margin. Erosion is the upper bound
$K_o t/(1 - \rho_m)$, with the glass rate $K_o$ over the area between the vias.

Overburden and dimple are those that the plating left; if it is not simulated, the inputs of this section.

## Valid for
Both faces polished alike. All rates and lengths are calibrated on the line.

## Neglects
The seed and adhesion films on the glass; removal that depends on the height of the panel (pressure fields are variation of the rate);
end-point detection, which would move the time with the panel.

## Source
That of solver/step_height.c and solver/pattern_density.c.

## Verified by
tests/cases/planarization.case (by hand), tests/unit/test_planarization.c, tests/unit/test_dimensions.c. */
#include <math.h>

#include "model/flow.h"
#include "solver/pattern_density.h"
#include "solver/step_height.h"

struct state {
  struct tgv_field_grid density; /* of the vias */
  double                time, contact_height, selectivity;
  double                deepest, diameter, exponent;
  bool                  plated; /* overburden and dimple come from a stage */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  const struct tgv_project *p = flow->project;
  struct state             *s = state;
  const struct tgv_pad      pad = {tgv_chosen(p, TGV_P_planarization_kernel, "elliptic") ? TGV_PAD_ELLIPTIC
                                                                                         : TGV_PAD_GAUSSIAN,
                              tgv_real(p, TGV_P_planarization_length)};

  s->time = (1 + tgv_real(p, TGV_P_planarization_over_polish)) * tgv_real(p, TGV_P_planarization_overburden) /
            tgv_real(p, TGV_P_planarization_removal_rate);
  s->contact_height = tgv_real(p, TGV_P_planarization_contact_height);
  s->selectivity = tgv_real(p, TGV_P_planarization_selectivity);
  s->deepest = tgv_real(p, TGV_P_planarization_dishing_deepest);
  s->diameter = tgv_real(p, TGV_P_planarization_dishing_diameter);
  s->exponent = tgv_real(p, TGV_P_planarization_dishing_exponent);
  s->plated = tgv_flow_writes(flow, TGV_C_overburden) && tgv_flow_writes(flow, TGV_C_dimple);
  return tgv_pattern_density(&pad, flow->package, flow->panel, &s->density);
}

static void end(void *state)
{
  struct state *s = state;

  if (s->density.value) tgv_field_grid_release(&s->density);
}

/* One via: what it comes with, and what it becomes. */
struct polished {
  double overburden, dimple, diameter, rate, density; /* density of the vias around */
  double left, dishing, erosion;
};

static void polish(const struct state *s, struct polished *v)
{
  const struct tgv_polish         pad = {v->rate, s->contact_height};
  const struct tgv_polished_place start = {1 - fmin(v->density, 0.99), fmax(0, v->overburden),
                                           fmax(0, v->dimple)};
  const double                    clears = tgv_polish_clears(&pad, start), over = s->time - clears;
  const struct tgv_polished_place now = tgv_polish_at(&pad, start, fmin(s->time, clears));
  const struct tgv_dishing        dishing = {v->rate, v->rate / s->selectivity,
                                             s->deepest * pow(v->diameter / s->diameter, s->exponent)};

  v->left = over > 0 ? -v->rate * over : now.height;
  v->dishing = over > 0 ? tgv_dishing_at(&dishing, now.step, over) : now.step - now.height;
  v->erosion = over > 0 ? dishing.glass_rate * over / start.density : 0;
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state *s = state;
  const float        *top = tgv_block_read(b, TGV_C_D_top), *bottom = tgv_block_read(b, TGV_C_D_bottom);
  const float        *overburden =
      s->plated ? tgv_block_read(b, TGV_C_overburden) : tgv_block_input(b, TGV_P_planarization_overburden);
  const float *dimple =
      s->plated ? tgv_block_read(b, TGV_C_dimple) : tgv_block_input(b, TGV_P_planarization_dimple);
  const float *rate = tgv_block_input(b, TGV_P_planarization_removal_rate);
  float       *left = tgv_block_write(b, TGV_C_copper_left), *dishing = tgv_block_write(b, TGV_C_dishing);
  float       *erosion = tgv_block_write(b, TGV_C_erosion), density[TGV_BLOCK] = {0};
  struct tgv_field_points at;

  tgv_field_grid_locate(&s->density, b->n, b->x, b->y, &at);
  tgv_field_grid_add(&s->density, &at, 1, density);
  for (size_t i = 0; i < b->n; i++) {
    struct polished v = {.overburden = (double)overburden[i],
                         .dimple = (double)dimple[i],
                         .diameter = (double)fmaxf(top[i], bottom[i]),
                         .rate = (double)rate[i],
                         .density = (double)density[i]};

    polish(s, &v);
    left[i] = (float)v.left, dishing[i] = (float)v.dishing, erosion[i] = (float)v.erosion;
  }
}

const struct tgv_stage tgv_stage_planarization = {
    .name = "planarization",
    .title = "Chemical-mechanical planarization",
    .source = "Ouma et al. 2002, IEEE Trans. Semicond. Manuf. 15, 232",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_planarization),
    .inputs = TGV_INPUTS(TGV_P_planarization_overburden, TGV_P_planarization_dimple,
                         TGV_P_planarization_removal_rate),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_bottom, TGV_C_overburden, TGV_C_dimple),
    .writes = TGV_COLUMNS(TGV_C_copper_left, TGV_C_dishing, TGV_C_erosion),
    .chosen_by = TGV_P_planarization_model,
    .chosen_word = "density_step_height",
    .state_size = sizeof(struct state),
    .begin = begin,
    .end = end,
    .vias = vias,
};
