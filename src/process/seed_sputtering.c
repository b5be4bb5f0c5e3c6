/** # Sputtered seed layer

## Model
Copper is sputtered from both faces onto the adhesion layer. On the wall it is thinner than on the field by the step coverage of the via's
own shape (solver/step_coverage): ballistic transport with view factors, shadows of the waist included, the sticking coefficient of
copper and a source of $\cos^n$. `seed_min` is the thickness `seed_layer.copper` of the field at the via times the coverage where it is least,
`seed_depth` the depth of that place. A closed via has none at its waist.

The coverage comes from a table over the shape; its measured error stands in the results of the stage seed_profile. Where the half-way
diameters are not known the sides count as straight.

## Valid for
That of solver/step_coverage.c; outside, the via is flagged "model range". Titanium under the copper is of the same kind; it is followed at
the nominal via of each group by seed_profile.

## Neglects
That of solver/radiosity.c: a sticking that depends on energy or angle, resputtering by bias, growth of the film, the tilt of the via, shadows of
fixtures. Copper that the acid of the plating bath takes off is not subtracted: it belongs to the limit `seed_min` of the via group.

## Source
P. Clausing, Ann. Phys. 404, 961 (1932); the sticking coefficient of 0.9 to 1 for metals is common knowledge, not a measurement.

## Verified by
tests/cases/seed_sputtering.case, tests/unit/test_seed_layer.c, tests/unit/test_step_coverage.c. */
#include "model/flow.h"
#include "solver/step_coverage.h"

struct state {
  struct tgv_coverage_tables tables;
  bool                       bent; /* the half-way diameters are known */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct state            *s = state;
  const struct tgv_sputter sputter = {tgv_real(flow->project, TGV_P_seed_layer_sticking),
                                      tgv_real(flow->project, TGV_P_seed_layer_source_exponent)};

  s->bent = tgv_flow_writes(flow, TGV_C_D_upper) && tgv_flow_writes(flow, TGV_C_D_lower);
  return tgv_coverage_tables_get(&sputter, &s->tables);
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state              *s = state;
  const struct tgv_coverage_shapes shapes = {
      .top = tgv_block_read(b, TGV_C_D_top),
      .upper = s->bent ? tgv_block_read(b, TGV_C_D_upper) : NULL,
      .waist = tgv_block_read(b, TGV_C_D_waist),
      .lower = s->bent ? tgv_block_read(b, TGV_C_D_lower) : NULL,
      .bottom = tgv_block_read(b, TGV_C_D_bottom),
      .waist_depth = tgv_block_read(b, TGV_C_waist_depth),
      .thickness = tgv_block_read(b, TGV_C_thickness),
  };
  const float              *field = tgv_block_input(b, TGV_P_seed_layer_copper);
  float                    *least = tgv_block_write(b, TGV_C_seed_min);
  const struct tgv_coverage out = {least, tgv_block_write(b, TGV_C_seed_depth), b->flags,
                                   (uint32_t)TGV_FLAG_MODEL_RANGE};

  tgv_coverage_tables_at(&s->tables, b->n, &shapes, &out);
  for (size_t i = 0; i < b->n; i++) least[i] *= field[i];
}

const struct tgv_stage tgv_stage_seed_sputtering = {
    .name = "seed_sputtering",
    .title = "Sputtered seed layer",
    .source = "Clausing 1932, doi 10.1002/andp.19324040804",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_seed_layer),
    .inputs = TGV_INPUTS(TGV_P_seed_layer_copper),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom,
                         TGV_C_waist_depth, TGV_C_thickness),
    .writes = TGV_COLUMNS(TGV_C_seed_min, TGV_C_seed_depth),
    .chosen_by = TGV_P_seed_layer_model,
    .chosen_word = "sputtered",
    .fitted = true,
    .state_size = sizeof(struct state),
    .begin = begin,
    .vias = vias,
};
