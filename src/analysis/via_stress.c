/** # Stress of the filled vias

## Model
Copper, liner and glass are concentric cylinders that expand differently, at every temperature of the thermal history (solver/layered_cylinder):
`relative` plane strain, a via in a large panel; `generalised`, in a free cell of the area of its pitch; `absolute`, without any axial strain. Copper
is elastic, or yields by a bilinear law along the history (solver/plastic_via); its plastic strain then is an eigenstrain of the elastic body.
From the largest of every quantity over the history come

- `stress_glass_hoop`, which drives radial cracks (heating), and `stress_wall`, which pulls copper and glass apart (cooling);
- the energy release rates of solver/via_fracture: `G_interface` (an interface opens, or slides under pressure), `G_around` (a crack around the via
  in the glass at its wall), `G_radial` (a radial crack of the length at which it is largest);
- `crack_margin`, the least of toughness over energy release: that of the interface is `film_adhesion.toughness_wall`, that of the glass
  $(1 - \nu^2) K_{IC}^2 / E$; at most 1000;
- `protrusion`, the elastic rise $2 (1 + \nu) a \epsilon$ of the axis of a solid via at the hottest point (solver/via_surface).

Everything is taken where the via is widest, as the energies grow with the diameter. Without liner and lining the energies are proportional to
it, and only the ratio of via and cell is left: tables over that ratio, and over the diameter where there is a liner or a lining, whose measured
error stands in the results of the stage glass_cracking.

## Valid for
About a diameter away from the faces, long vias, linear elasticity apart from the copper's law. Radii of via over cell up to 0.9; outside the
tables the via is flagged "model range".

## Neglects
The faces, except for the protrusion; taper and waist; voids; neighbours other than by the area of the cell; creep; what a debond does to the
plastic flow that made the stress.

## Source
S.-K. Ryu et al., IEEE TDMR 11, 35 (2011), doi 10.1109/TDMR.2010.2068572.

## Verified by
tests/cases/via_stress.case, tests/unit/test_via_stress.c, tests/unit/test_layered_cylinder.c, tests/unit/test_via_fracture.c,
tests/unit/test_plastic_via.c. */
#include <math.h>
#include <string.h>

#include "analysis/via_stress_table.h"
#include "model/flow.h"

static const float most_margin = 1000;

struct state {
  struct tgv_via_stress_table table;
  double                      glass_nu, mismatch; /* mismatch: the largest over the history */
  float                       toughness[TGV_VIA_CRACKS];
  bool                        rises; /* solid copper */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct state       *s = state;
  struct tgv_via_load l;
  tgv_status_code     status = tgv_via_load_read(flow->project, &l);

  if (status == TGV_OK) status = tgv_via_stress_table_get(&l, flow->package, &s->table);
  if (status == TGV_OK) {
    s->glass_nu = l.glass_nu;
    s->rises = !(l.lining > 0);
    for (size_t i = 0; i < l.history.n; i++) {
      const double T = l.history.point[i].temperature, T0 = l.copper.reference;

      s->mismatch =
          fmax(s->mismatch, tgv_temperature_integral(&l.copper.cte, T0, T) - l.glass_cte * (T - T0));
    }
    for (int k = 0; k < TGV_VIA_CRACKS; k++)
      s->toughness[k] = (float)tgv_via_toughness(&l, (enum tgv_via_crack)k);
  }
  tgv_via_load_release(&l);
  return status;
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state *s = state;
  const float        *top = tgv_block_read(b, TGV_C_D_top), *bottom = tgv_block_read(b, TGV_C_D_bottom);
  float *hoop = tgv_block_write(b, TGV_C_stress_glass_hoop), *wall = tgv_block_write(b, TGV_C_stress_wall);
  float *interface = tgv_block_write(b, TGV_C_G_interface), *radial = tgv_block_write(b, TGV_C_G_radial);
  float *around = tgv_block_write(b, TGV_C_G_around), *margin = tgv_block_write(b, TGV_C_crack_margin);
  float *rise = tgv_block_write(b, TGV_C_protrusion);
  float  wide[TGV_BLOCK], ratio[TGV_BLOCK], more[TGV_INTERFACE_CRACKS - 1][TGV_BLOCK];
  const bool   hexagonal = strcmp(b->via_group->pattern, "hexagonal") == 0;
  const double pitch = b->via_group->pitch,
               cell = hexagonal ? tgv_cell_hexagonal(pitch) : tgv_cell_square(pitch);

  for (size_t i = 0; i < b->n; i++) {
    wide[i] = top[i] > bottom[i] ? top[i] : bottom[i];
    ratio[i] = (float)(0.5 * (double)wide[i] / cell);
  }
  tgv_via_stress_table_at(
      &s->table, b->n, wide, ratio,
      &(struct tgv_via_stress_columns){.hoop = hoop,
                                       .wall = wall,
                                       .G = {interface, more[0], more[1], more[2], around, radial},
                                       .flags = b->flags,
                                       .flag = (uint32_t)TGV_FLAG_MODEL_RANGE});
  for (size_t i = 0; i < b->n; i++) {
    const float weak = s->toughness[TGV_CRACK_OPEN], glass = s->toughness[TGV_CRACK_AROUND];
    const float G_glass = around[i] > radial[i] ? around[i] : radial[i];

    if (!(hoop[i] > 0)) hoop[i] = 0;
    if (!(wall[i] > 0)) wall[i] = 0;
    for (int k = 0; k < TGV_INTERFACE_CRACKS - 1; k++)
      if (more[k][i] > interface[i]) interface[i] = more[k][i];
    margin[i] = most_margin;
    if (interface[i] * most_margin > weak) margin[i] = weak / interface[i];
    if (G_glass * margin[i] > glass) margin[i] = glass / G_glass;
    rise[i] = s->rises ? (float)((1 + s->glass_nu) * s->mismatch) * wide[i] : 0;
  }
}

const struct tgv_stage tgv_stage_via_stress = {
    .name = "via_stress",
    .title = "Stress of the filled vias",
    .source = "Ryu et al. 2011, doi 10.1109/TDMR.2010.2068572",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_VIA_LOAD_SECTIONS),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_bottom),
    .writes = TGV_COLUMNS(TGV_C_stress_glass_hoop, TGV_C_stress_wall, TGV_C_G_interface, TGV_C_G_radial,
                          TGV_C_G_around, TGV_C_crack_margin, TGV_C_protrusion),
    .chosen_by = TGV_P_via_stress_model,
    .chosen_word = "layered_cylinder",
    .fitted =
        true, /* temperatures and constants of the library do not scale; tests/unit/test_via_stress.c scales the vias */
    .state_size = sizeof(struct state),
    .begin = begin,
    .vias = vias,
};
