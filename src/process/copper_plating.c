/** # Copper plating of every via

## Model
Whether a via fills, and how, jumps with its inputs: a little more current and the mouth closes over an open via. So no table is laid over
the outcomes. For each class of vias ([plating_class](plating_class.md)) a classifier of regimes and one regressor per regime
([regime_model](regime_model.md)) are trained on runs of the fast plating solver ([plating_depth](plating_depth.md)), and evaluated for
every via:

- `fill_regime`: passive, arrested, filled, void, pinched or butterfly;
- `void_margin`: the decision function between the sound regimes and those with a trapped void (void, pinched); it is smooth, and below 0
  the cause `void` counts the via. Where no run of the class met a boundary it is +1 or -1 throughout;
- `fill`, `fill_time`, `void_fraction`, `void_depth`, `dimple`, `overburden`, `plated_copper` by the regressor of the regime;
- `plated_current`: the net current density over the open faces at the via: the local current density times the share of its group
  ([plating_share](plating_share.md), galvanostatic), or what its copper says (potentiostatic).

A via whose decision lies within the band of held-out mistakes gets the flag *uncertain*; one outside of the trained ranges is held at
their edge and gets the flag *model range*. So is a closed via.

## Valid for
What the plating solver is valid for, within the trained ranges (5 standard deviations of every input). A probability of voids that comes
from beyond is not seen. A current that is imposed goes through the bare sites that a covered face keeps, at a potential that rises until its suppression
breaks down (plating_depth). Runs without an answer are left out, and the step fails if they are more than a fifth.

## Neglects
Where the seed layer is thinner than its limit the wall would not be plated; this step takes it as plated, the cause `seed_thin` counts the via.
Current of a via that is off by its own fault is taken as that of its neighbours.

## Source
Our own; training set and scores after the practice of surrogate models (Sobol points, held-out error, confusion matrix).

## Verified by
tests/unit/test_copper_plating.c (vias of a panel against direct runs of the solver), tests/cases/copper_plating.case. */
#include <math.h>

#include "core/clones.h"
#include "model/flow.h"
#include "solver/plating_class.h"

struct state {
  struct tgv_plating_classes classes;
  float per_area; /* charge per plated copper and time, 1 / growth of the metal per current [A s/m3] */
  bool  galvanostatic;
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct state *s = state;

  s->galvanostatic = tgv_chosen(flow->project, TGV_P_copper_plating_control, "galvanostatic");
  TGV_TRY(tgv_plating_classes_make(flow, &s->classes));
  if (s->classes.count > 0) s->per_area = (float)(1 / tgv_plating_growth(&s->classes.class[0].recipe.bath));
  return TGV_OK;
}

static void end(void *state)
{
  tgv_plating_classes_release(&((struct state *)state)->classes);
}

/* the columns of the shape that the steps before have made */
struct shape {
  const float *top, *waist, *bottom, *depth, *thickness;
};

TGV_CLONES static void diameters(struct shape s, size_t n, float *mean, float *waist, float *skew)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const float sum = s.top[i] + s.bottom[i];

    mean[i] = 0.5f * sum;
    waist[i] = 2.0f * s.waist[i] / sum;
    skew[i] = (s.top[i] - s.bottom[i]) / sum;
  }
}

TGV_CLONES static void centres(struct shape s, size_t n, float *centre)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) centre[i] = s.depth[i] / s.thickness[i];
}

static const enum tgv_param process_input[TGV_PLATING_INPUTS] = {
    [TGV_PLATING_TIME] = TGV_P_copper_plating_time,
    [TGV_PLATING_CUPRIC] = TGV_P_copper_plating_cupric,
    [TGV_PLATING_ADDITIVE] = TGV_P_copper_plating_additive,
    [TGV_PLATING_LAYER] = TGV_P_copper_plating_boundary_layer,
};

/* all inputs of the model, those of the shape worked out */
struct inputs {
  float        mean[TGV_BLOCK], waist[TGV_BLOCK], skew[TGV_BLOCK], centre[TGV_BLOCK], drive[TGV_BLOCK];
  const float *x[TGV_PLATING_INPUTS];
};

TGV_CLONES static void take_share(const float *density, float share, size_t n, float *drive)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) drive[i] = share * density[i];
}

static void gather(const struct state *s, const struct tgv_block *b, const struct tgv_plating_class *c,
                   struct inputs *in)
{
  const struct shape shape = {tgv_block_read(b, TGV_C_D_top), tgv_block_read(b, TGV_C_D_waist),
                              tgv_block_read(b, TGV_C_D_bottom), tgv_block_read(b, TGV_C_waist_depth),
                              tgv_block_read(b, TGV_C_thickness)};

  diameters(shape, b->n, in->mean, in->waist, in->skew);
  centres(shape, b->n, in->centre);
  if (s->galvanostatic)
    take_share(tgv_block_input(b, TGV_P_copper_plating_current_density), (float)c->share, b->n, in->drive);
  in->x[TGV_PLATING_DRIVE] =
      s->galvanostatic ? in->drive : tgv_block_input(b, TGV_P_copper_plating_potential);
  in->x[TGV_PLATING_DIAMETER] = in->mean, in->x[TGV_PLATING_WAIST] = in->waist;
  in->x[TGV_PLATING_THICKNESS] = shape.thickness;
  in->x[TGV_PLATING_CENTRE] = in->centre, in->x[TGV_PLATING_SKEW] = in->skew;
  for (int k = TGV_PLATING_TIME; k < TGV_PLATING_INPUTS; k++) in->x[k] = tgv_block_input(b, process_input[k]);
}

/* the net current density of the copper over the open faces of its cell */
TGV_CLONES static void currents(const float *copper, const float *time, float scale, size_t n, float *current)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) current[i] = scale * copper[i] / time[i];
}

/* A class whose vias are closed: nothing is plated. */
static void plate_nothing(struct tgv_block *b, const struct tgv_regime_values *to)
{
  for (size_t i = 0; i < b->n; i++) {
    for (size_t o = 0; o < TGV_PLATED_OUTPUTS; o++) to->y[o][i] = 0.0f;
    to->regime[i] = (float)TGV_PLATING_PASSIVE;
    to->margin[i] = 1.0f;
    b->flags[i] |= TGV_FLAG_MODEL_RANGE;
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state             *s = state;
  const struct tgv_plating_class *c = &s->classes.class[s->classes.of_group[b->group]];
  const struct tgv_regime_values  to = {
       .y = {[TGV_PLATED_FILL] = tgv_block_write(b, TGV_C_fill),
             [TGV_PLATED_FILL_TIME] = tgv_block_write(b, TGV_C_fill_time),
             [TGV_PLATED_VOID_FRACTION] = tgv_block_write(b, TGV_C_void_fraction),
             [TGV_PLATED_VOID_DEPTH] = tgv_block_write(b, TGV_C_void_depth),
             [TGV_PLATED_DIMPLE] = tgv_block_write(b, TGV_C_dimple),
             [TGV_PLATED_OVERBURDEN] = tgv_block_write(b, TGV_C_overburden),
             [TGV_PLATED_COPPER] = tgv_block_write(b, TGV_C_plated_copper)},
       .regime = tgv_block_write(b, TGV_C_fill_regime),
       .margin = tgv_block_write(b, TGV_C_void_margin)};
  float        *current = tgv_block_write(b, TGV_C_plated_current);
  struct inputs in;
  const float  *x[TGV_PLATING_INPUTS];

  gather(s, b, c, &in);
  if (!c->model) {
    plate_nothing(b, &to);
  } else {
    for (size_t a = 0; a < c->axes; a++) x[a] = in.x[c->axis[a]];
    tgv_regime_model_at(c->model, b->n, x, &to,
                        (struct tgv_regime_flags){b->flags, TGV_FLAG_MODEL_RANGE, TGV_FLAG_UNCERTAIN});
  }
  if (s->galvanostatic)
    for (size_t i = 0; i < b->n; i++) current[i] = in.x[TGV_PLATING_DRIVE][i];
  else
    currents(to.y[TGV_PLATED_COPPER], in.x[TGV_PLATING_TIME],
             (float)((double)s->per_area /
                     (M_PI * c->cell_radius * c->cell_radius * (c->recipe.sealed > 0 ? 1 : 2))),
             b->n, current);
}

const struct tgv_stage tgv_stage_copper_plating = {
    .name = "copper_plating",
    .title = "Copper plating",
    .source = "Wheeler, Moffat, Josell 2013, J. Electrochem. Soc. 160, D3260",
    .kind = TGV_STAGE_VIAS,
    .sections =
        TGV_SECTIONS(TGV_S_copper_plating, TGV_S_variation, TGV_S_project, TGV_S_core, TGV_S_via_groups),
    .inputs = TGV_INPUTS(TGV_P_copper_plating_current_density, TGV_P_copper_plating_potential,
                         TGV_P_copper_plating_time, TGV_P_copper_plating_cupric,
                         TGV_P_copper_plating_additive, TGV_P_copper_plating_boundary_layer),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_thickness),
    .writes = TGV_COLUMNS(TGV_C_plated_current, TGV_C_fill_regime, TGV_C_fill, TGV_C_fill_time,
                          TGV_C_void_margin, TGV_C_void_fraction, TGV_C_void_depth, TGV_C_dimple,
                          TGV_C_overburden, TGV_C_plated_copper),
    .chosen_by = TGV_P_copper_plating_model,
    .chosen_word = "fitted",
    .fitted = true,
    .state_size = sizeof(struct state),
    .begin = begin,
    .end = end,
    .vias = vias,
};
