/** # Electroless seed layer

## Model
An electroless bath plates where it wets, wall and field alike: the film is conformal as long as diffusion brings the scarcest reactant
into the via as fast as the wall uses it up. The rate $v$ = `copper` / `bath_time` uses up $v / \Omega$ per area and time. On a side of the
via (from a mouth of diameter $D$ to the waist at the distance $l$, a cone) what passes a section feeds the wall below it; summed over the
depth the concentration at the waist falls, relative to the bath, by

$$ d = \frac{2 \, v \, l^2}{\Omega \, c_0 \, D_{diff} \, D}, $$

exact for a uniform rate and any taper; for a cylinder it is half the square of the Thiele modulus of the half via. With a rate in
proportion to the concentration the film at the waist is thinner by $1 / (1 + d)$ to this order: that is `seed_min`, on the side with the
larger $d$, and the waist is `seed_depth`.

## Valid for
$d$ up to `bath_depletion`: within it the film counts as conformal. Beyond, the via is flagged "model range" and its `seed_min` is an
estimate only.

## Neglects
Convection in the via (it only helps), hydrogen bubbles (they do not), incubation and catalyst, stress. A via whose waist is at a
face counts as fed from the wide mouth alone.

## Source
Fick's law; E. W. Thiele, Ind. Eng. Chem. 31, 916 (1939), for the modulus. Concentration and diffusivity of the bath are assumed.

## Verified by
tests/cases/seed_electroless.case, tests/unit/test_seed_layer.c (the diffusion equation in a cone), tests/unit/test_dimensions.c. */
#include "core/clones.h"
#include "model/flow.h"

struct state {
  double per_rate; /* 2 / (Omega c0 D_diff time): depletion is this times copper l2 / D [1/m2] */
  double most;
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  const struct tgv_project *p = flow->project;
  struct state             *s = state;

  s->per_rate =
      2 / (tgv_real(p, TGV_P_seed_layer_bath_molar_volume) * tgv_real(p, TGV_P_seed_layer_bath_ion) *
           tgv_real(p, TGV_P_seed_layer_bath_diffusivity) * tgv_real(p, TGV_P_seed_layer_bath_time));
  s->most = tgv_real(p, TGV_P_seed_layer_bath_depletion);
  return TGV_OK;
}

struct hole {
  const float *top, *waist, *bottom, *depth, *thickness, *copper;
};

TGV_CLONES static void plate(const struct hole *from, const struct state *s, size_t n, float *least,
                             uint32_t *flags)
{
  const struct hole h = *from;
  const double      per_rate = s->per_rate, most = s->most;

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const double above = (double)h.depth[i], below = (double)(h.thickness[i] - h.depth[i]);
    const double upper = above * above / (double)h.top[i], lower = below * below / (double)h.bottom[i];
    const bool   open = h.waist[i] > 0.0f;
    const double d = per_rate * (double)h.copper[i] * (open ? (upper > lower ? upper : lower) : 0.0);

    least[i] = open ? (float)((double)h.copper[i] / (1.0 + d)) : 0.0f;
    flags[i] |= d > most ? (uint32_t)TGV_FLAG_MODEL_RANGE : 0u;
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct hole h = {
      .top = tgv_block_read(b, TGV_C_D_top),
      .waist = tgv_block_read(b, TGV_C_D_waist),
      .bottom = tgv_block_read(b, TGV_C_D_bottom),
      .depth = tgv_block_read(b, TGV_C_waist_depth),
      .thickness = tgv_block_read(b, TGV_C_thickness),
      .copper = tgv_block_input(b, TGV_P_seed_layer_copper),
  };
  float *depth = tgv_block_write(b, TGV_C_seed_depth);

  plate(&h, state, b->n, tgv_block_write(b, TGV_C_seed_min), b->flags);
  for (size_t i = 0; i < b->n; i++) depth[i] = h.depth[i];
}

const struct tgv_stage tgv_stage_seed_electroless = {
    .name = "seed_electroless",
    .title = "Electroless seed layer",
    .source = "Thiele 1939, doi 10.1021/ie50355a027",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_seed_layer),
    .inputs = TGV_INPUTS(TGV_P_seed_layer_copper),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_waist_depth, TGV_C_thickness),
    .writes = TGV_COLUMNS(TGV_C_seed_min, TGV_C_seed_depth),
    .chosen_by = TGV_P_seed_layer_model,
    .chosen_word = "electroless",
    .state_size = sizeof(struct state),
    .begin = begin,
    .vias = vias,
};
