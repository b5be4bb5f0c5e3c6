/** # Incoming glass

## Model
The blank has at each via the thickness $h$ of its input, and lies under the laser with the height error

$$ e(x, y) = \text{flatness} + \text{bow}\, \frac{1}{k}\left[\left(\frac{x}{W/2}\right)^2 +
   \left(\frac{y}{H/2}\right)^2\right] $$

over the focal plane, which goes through the glass at the centre of the panel. $k = 2$ for a rectangular
panel, so that `bow` is the height of the corners; $k = 1$ for a round one, so that it is that of the rim.
Thickness variation (TTV), wedge and waviness are the variation of the two inputs.

## Valid for
Blanks whose slope is small: the laser axis is taken as normal to the glass everywhere.

## Neglects
The chuck: how far vacuum flattens the blank is for the user to say (`bow` is the height when the laser
writes). The change of thickness across one via.

## Source
Geometry.

## Verified by
tests/cases/glass_blank.case (hand calculation), tests/unit/test_process.c, tests/unit/test_dimensions.c. */
#include "core/clones.h"
#include "model/flow.h"

struct bowed {
  double to_u, to_v; /* from positions to -1..1 over the panel */
  double bow;        /* height for u^2 + v^2 = 1 */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct bowed *s = state;

  s->to_u = 2.0 / flow->panel->width;
  s->to_v = 2.0 / flow->panel->height;
  s->bow = tgv_real(flow->project, TGV_P_glass_blank_bow) * (flow->panel->round ? 1.0 : 0.5);
  return TGV_OK;
}

TGV_CLONES static void raise(const struct bowed *s, size_t n, const double *x, const double *y,
                             const float *flatness, float *height)
{
  double to_u = s->to_u, to_v = s->to_v;
  float  bow = (float)s->bow;

  for (size_t i = 0; i < n; i++) {
    float u = (float)(x[i] * to_u), v = (float)(y[i] * to_v);
    height[i] = flatness[i] + bow * (u * u + v * v);
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const float *thickness = tgv_block_input(b, TGV_P_glass_blank_thickness);
  float       *blank = tgv_block_write(b, TGV_C_thickness_blank);

  for (size_t i = 0; i < b->n; i++) blank[i] = thickness[i];
  raise(state, b->n, b->x, b->y, tgv_block_input(b, TGV_P_glass_blank_flatness),
        tgv_block_write(b, TGV_C_height_error));
}

const struct tgv_stage tgv_stage_glass_blank = {
    .name = "glass_blank",
    .title = "Incoming glass",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_glass_blank, TGV_S_panel),
    .inputs = TGV_INPUTS(TGV_P_glass_blank_thickness, TGV_P_glass_blank_flatness),
    .writes = TGV_COLUMNS(TGV_C_thickness_blank, TGV_C_height_error),
    .chosen_by = TGV_P_END,
    .state_size = sizeof(struct bowed),
    .begin = begin,
    .vias = vias,
};
