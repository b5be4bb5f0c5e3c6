/** # Ablated hole and etch-back

## Model
The laser has removed the glass (CO2, UV, ultrashort pulses): a cone with the diameter `entry_diameter` at the top face and
`exit_diameter` at the bottom face of the blank of thickness $h$,

$$ r(z) = r_{in} - z \tan a, \qquad \tan a = (r_{in} - r_{out}) / h . $$

The bath etches wall and faces back by $w = v_b t$ (bottom face: $w_2 = q w$ with `bottom_ratio` $q$, 0 if it is protected). The wall moves
along its normal, so

$$ R(z) = r_{in} - z \tan a + w / \cos a \quad \text{for} \quad w \le z \le h - w_2 ; $$

the taper stays. The mouths are $R(w)$ and $R(h - w_2)$, the waist is the smaller of them. A zone of the depth `heat_affected_depth` from the
wall was heated and cracked by the laser; `heat_affected_left` is what the etch has left of it, 0 if it is gone.

## Valid for
Holes that are open before the etch ($t_b = 0$) or end at the bottom face; glass that is left, else the flag "model range".

## Neglects
A wall that is not straight, a recast rim, faster etching of the heat-affected zone and of cracks, unequal rates along the wall (that of
the top face is taken).

## Source
Geometry of a moved cone. Taper and depth of the zone are inputs, to be measured: 3 to 10 degrees of taper are recalled for
such drilling, unverified.

## Verified by
tests/cases/ablation_etching.case (by hand), tests/unit/test_dimensions.c, tests/unit/test_clones.c. */
#include <math.h>

#include "process/etched_via.h"

#define larger tgv_etch_larger
#define smaller tgv_etch_smaller

struct bath {
  float bottom;    /* 1 if the bottom face is wetted, else 0 */
  float smoothing; /* of the roughness */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct bath *s = state;

  s->bottom = tgv_chosen(flow->project, TGV_P_wet_etching_sides, "both") ? 1.0f : 0.0f;
  s->smoothing = (float)tgv_real(flow->project, TGV_P_wet_etching_roughness_length);
  if (!(tgv_real(flow->project, TGV_P_ablation_entry_diameter) > 0))
    return tgv_fail(
        TGV_INPUT,
        "ablation.entry_diameter is 0; give the diameters of the drilled hole for the model ablation");
  return TGV_OK;
}

struct drilled {
  const float *h, *entry, *exit, *heated, *time, *rate, *bath, *ratio;
};

/* out[0] [n]: radius of the hole before the etch where it is narrowest; out[1] [n]: heat-affected glass that is left */
TGV_CLONES static void etch_back(const struct drilled *from, const struct tgv_etched_via *to,
                                 struct bath bath, struct tgv_block *b, float *const out[2])
{
  const struct drilled        d = *from;
  const struct tgv_etched_via v = *to;
  float                      *narrow = out[0], *left = out[1];
  uint32_t                   *flags = b->flags;

  TGV_SIMD()
  for (size_t i = 0; i < b->n; i++) {
    float h = d.h[i], vb = d.rate[i] * d.bath[i], ratio = bath.bottom * d.ratio[i];
    float gone = h / (vb * (1.0f + ratio)), w = vb * smaller(d.time[i], gone), w2 = ratio * w;
    float r1 = 0.5f * d.entry[i], r2 = 0.5f * d.exit[i], tangent = (r1 - r2) / h;
    float wall = w * sqrtf(1.0f + tangent * tangent), steep = tangent < 0.0f ? -tangent : tangent;
    float top = r1 - w * tangent + wall, bottom = r2 + w2 * tangent + wall, middle = 0.5f * (top + bottom);
    float thickness = larger(h - w - w2, 0.0f);
    bool  down = r1 >= r2;

    v.top[i] = 2.0f * top;
    v.bottom[i] = 2.0f * bottom;
    v.waist[i] = 2.0f * smaller(top, bottom);
    v.upper[i] = 2.0f * (down ? middle : top);
    v.lower[i] = 2.0f * (down ? bottom : middle);
    v.depth[i] = down ? thickness : 0.0f;
    v.thickness[i] = thickness;
    v.lost_top[i] = w;
    v.lost_bottom[i] = w2;
    v.taper[i] = tgv_etch_angle(larger(sqrtf(1.0f + steep * steep) / larger(steep, 1e-6f), 1.0f));
    v.breakthrough[i] = 0.0f;
    narrow[i] = smaller(r1, r2);
    left[i] = larger(d.heated[i] - w, 0.0f);
    flags[i] |= d.time[i] >= gone ? (uint32_t)TGV_FLAG_MODEL_RANGE : 0u;
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct bath          *s = state;
  const struct drilled        drilled = {.h = tgv_block_read(b, TGV_C_thickness_blank),
                                         .entry = tgv_block_input(b, TGV_P_ablation_entry_diameter),
                                         .exit = tgv_block_input(b, TGV_P_ablation_exit_diameter),
                                         .heated = tgv_block_input(b, TGV_P_ablation_heat_affected_depth),
                                         .time = tgv_block_input(b, TGV_P_wet_etching_time),
                                         .rate = tgv_block_input(b, TGV_P_wet_etching_bulk_rate),
                                         .bath = tgv_block_read(b, TGV_C_bath_bulk),
                                         .ratio = tgv_block_input(b, TGV_P_wet_etching_bottom_ratio)};
  const struct tgv_etched_via hole = tgv_etched_via_columns(b);
  float                       narrow[TGV_BLOCK];

  etch_back(&drilled, &hole, *s, b, (float *const[]){narrow, tgv_block_write(b, TGV_C_heat_affected_left)});
  tgv_etched_via_finish(b, &hole, narrow, s->smoothing);
}

const struct tgv_stage tgv_stage_ablation_etching = {
    .name = "ablation_etching",
    .title = "Ablated hole and etch-back",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_wet_etching, TGV_S_ablation),
    .inputs = TGV_INPUTS(TGV_P_ablation_entry_diameter, TGV_P_ablation_exit_diameter,
                         TGV_P_ablation_heat_affected_depth, TGV_P_wet_etching_time,
                         TGV_P_wet_etching_bulk_rate, TGV_P_wet_etching_bottom_ratio, TGV_ETCHED_VIA_INPUTS),
    .reads = TGV_COLUMNS(TGV_C_thickness_blank, TGV_C_bath_bulk, TGV_ETCHED_VIA_READS),
    .writes = TGV_COLUMNS(TGV_ETCHED_VIA_WRITES, TGV_C_heat_affected_left),
    .chosen_by = TGV_P_wet_etching_model,
    .chosen_word = "ablation",
    .state_size = sizeof(struct bath),
    .begin = begin,
    .vias = vias,
};
