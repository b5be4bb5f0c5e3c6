/** # Etch bath: temperature and age

## Model
The rates of the recipe (`track_rate`, `bulk_rate`) were measured at `reference_temperature` $T_0$ in a fresh bath. At the temperature
$T$ and the load $m$ of dissolved glass per volume of the bath they are multiplied by

$$ f = \exp\left[-\frac{E_a}{R} \left(\frac{1}{T} - \frac{1}{T_0}\right)\right] \left(1 - \frac{m}{m_0}\right), $$

with an activation energy $E_a$ of each rate (`track_activation`, `bulk_activation`) and the load $m_0$ (`bath_capacity`) that has used
up the bath. `bath_track` and `bath_bulk` are the factors of both rates.

## Valid for
A rate of first order in the etchant, of which each gram of glass takes the same amount. From 99 % of the capacity on the factor is held
and the via gets the flag "model range".

## Neglects
Crusts and sludge; temperature and load that change during the etch; the change of diffusion with temperature.

## Source
Arrhenius' law. Activation energies and capacity are the user's: no numbers for TGV glasses were found, and none is built in. With the
defaults (activation energy 0, capacity 0 for a bath that does not age) both factors are 1.

## Verified by
tests/cases/etch_bath.case (by hand), tests/unit/test_etch_bath.c (against libm, and the dimensions). */
#include <math.h>
#include <string.h>

#include "core/clones.h"
#include "model/flow.h"

struct bath {
  float reference, track, bulk; /* K; activation energies over the gas constant, K */
  float per_capacity;           /* 0: does not age */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  static const double gas_constant = 8.31446261815324; /* J/(mol K), exact since 2019 */
  struct bath        *s = state;
  double              capacity = tgv_real(flow->project, TGV_P_wet_etching_bath_capacity);

  s->reference = (float)tgv_real(flow->project, TGV_P_wet_etching_reference_temperature);
  s->track = (float)(tgv_real(flow->project, TGV_P_wet_etching_track_activation) / gas_constant);
  s->bulk = (float)(tgv_real(flow->project, TGV_P_wet_etching_bulk_activation) / gas_constant);
  s->per_capacity = (float)(capacity > 0 ? 1 / capacity : 0);
  return TGV_OK;
}

/* e^y, relative error below 3e-7, y held in the range of a float */
TGV_INLINE float exponential(float y)
{
  float held = y < -80.0f ? -80.0f : y > 80.0f ? 80.0f : y, scale;
  float rounded = held * 1.44269504f + 0x1.8p23f, n = rounded - 0x1.8p23f;
  float f = held - n * 0.693145752f - n * 1.42860677e-6f;
  float series =
      1.0f + f * (1.0f + f * (0.5f + f * (0.166666667f +
                                          f * (0.0416666667f + f * (0.00833333333f + f * 0.00138888889f)))));
  uint32_t bits;

  memcpy(&bits, &rounded, sizeof bits);
  bits = (bits + 127u) << 23;
  memcpy(&scale, &bits, sizeof scale);
  return series * scale;
}

TGV_CLONES static void factors(const struct bath *bath, const float *temperature, const float *load, size_t n,
                               float *const out[2], uint32_t *flags)
{
  const struct bath s = *bath;
  float            *track = out[0], *bulk = out[1];

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float warmer = (temperature[i] - s.reference) / (temperature[i] * s.reference),
          left = 1.0f - load[i] * s.per_capacity;

    flags[i] |= left < 0.01f ? (uint32_t)TGV_FLAG_MODEL_RANGE : 0u;
    left = left < 0.01f ? 0.01f : left;
    track[i] = left * exponential(s.track * warmer);
    bulk[i] = left * exponential(s.bulk * warmer);
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  float *const out[2] = {tgv_block_write(b, TGV_C_bath_track), tgv_block_write(b, TGV_C_bath_bulk)};

  factors(state, tgv_block_input(b, TGV_P_wet_etching_temperature),
          tgv_block_input(b, TGV_P_wet_etching_bath_load), b->n, out, b->flags);
}

const struct tgv_stage tgv_stage_etch_bath = {
    .name = "etch_bath",
    .title = "Etch bath",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_wet_etching),
    .inputs = TGV_INPUTS(TGV_P_wet_etching_temperature, TGV_P_wet_etching_bath_load),
    .writes = TGV_COLUMNS(TGV_C_bath_track, TGV_C_bath_bulk),
    .chosen_by = TGV_P_END,
    .fitted = true, /* the gas constant; tests/unit/test_etch_bath.c scales it too */
    .state_size = sizeof(struct bath),
    .begin = begin,
    .vias = vias,
};
