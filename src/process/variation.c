/** # Variation of the process inputs over the panel

## Model
Every process input gets its value at every via: nominal value, lot, panel, trends over the panel, scan
fields, random field and nugget. The model is that of src/model/variation.c; this stage draws one panel of
it and fills the blocks.

## Valid for
As there.

## Neglects
As there.

## Source
Our own.

## Verified by
tests/unit/test_variation.c. */
#include "model/variation.h"
#include "model/flow.h"

struct state {
  struct tgv_variation   *variation;
  struct tgv_realisation *panel;
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct state *s = state;
  uint64_t      seed = (uint64_t)tgv_count(flow->project, TGV_P_project_seed);

  TGV_TRY(tgv_variation_new(flow->project, flow->panel, &flow->maps, &s->variation));
  return tgv_realisation_new(s->variation, seed, flow->lot, flow->number, &s->panel);
}

static void end(void *state)
{
  struct state *s = state;

  tgv_realisation_free(s->panel);
  tgv_variation_free(s->variation);
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state *s = state;

  tgv_realisation_fill(s->panel, b);
}

/* every key of params.def that varies */
#define LIST_VARIES(p) p,
#define LIST_FIXED(p)
static const enum tgv_param inputs[] = {
#define SECTION(name, scope, help)
#define PARAM(section, key, kind, dimension, standard, min, max, varies, help)                               \
  LIST_##varies(TGV_P_##section##_##key)
#include "model/params.def"
#undef SECTION
#undef PARAM
    TGV_P_END};

const struct tgv_stage tgv_stage_variation = {
    .name = "variation",
    .title = "Process variation",
    .source = "",
    .kind = TGV_STAGE_INPUTS,
    .sections =
        TGV_SECTIONS(TGV_S_variation, TGV_S_project, TGV_S_panel, TGV_S_glass_blank, TGV_S_laser_drilling,
                     TGV_S_wet_etching, TGV_S_copper_plating, TGV_S_planarization),
    .inputs = inputs,
    .chosen_by = TGV_P_END,
    .state_size = sizeof(struct state),
    .begin = begin,
    .end = end,
    .vias = vias,
};
