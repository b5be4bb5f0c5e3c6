/** # Laser modification

## Model
One track per via: a cylinder of modified glass along the via axis, through the whole thickness. The dose
(pulse energy over its nominal value) falls with the height error $e$ of the glass under the laser,

$$ d = \frac{\text{dose}}{1 + (e / f)^2}, $$

with $f$ = `focus_depth`, the height error at which one half is left. Radius and etch rate of the track
follow the dose by power laws that the user sets,

$$ r = r_0\, d^{\,p}, \qquad \frac{v_t}{v_{t,\text{nominal}}} = d^{\,q}, $$

$p$ = `radius_exponent`, $q$ = `rate_exponent`, $r_0$ = `track_radius`.

A via group may have its own `track_radius` $r_g$ (trepanned vias: the laser writes a circle, the plug
falls out in the etch). If it is larger than the nominal $r_0$, the wall is a spot radius outside the
written circle, whose size does not depend on dose: $r = (r_g - r_{0,\text{nominal}}) + r_0 d^{\,p}$. If
it is smaller, the spot is smaller in proportion: $r = (r_g / r_{0,\text{nominal}})\, r_0 d^{\,p}$.

Offset and tilt of the axis are inputs; stage, scanner field and pointing are components of their
variation, and the seams of the scan fields those of the scan terms.

## Valid for
Small dose changes about the recipe for which track radius and track rate were measured. The power laws
are assumed; the exponents' defaults stand in for a user's own test of dose.

## Neglects
Change of the dose along the depth of the glass; the ellipticity of a trepanned or tilted track; heat of
the neighbours.

## Source
On-axis intensity of a Gaussian beam over its Rayleigh length (the Lorentzian). The power laws are a
fitting form, not a published law.

## Verified by
tests/cases/laser_drilling.case (hand calculation), tests/unit/test_process.c (powers against libm),
tests/unit/test_dimensions.c. */
#include <math.h>
#include <string.h>

#include "core/clones.h"
#include "model/flow.h"

struct beam {
  float  focus_depth;
  double radius, radius_exponent, rate_exponent; /* nominal radius */
};

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct beam *s = state;

  s->focus_depth = (float)tgv_real(flow->project, TGV_P_laser_drilling_focus_depth);
  s->radius = tgv_real(flow->project, TGV_P_laser_drilling_track_radius);
  s->radius_exponent = tgv_real(flow->project, TGV_P_laser_drilling_radius_exponent);
  s->rate_exponent = tgv_real(flow->project, TGV_P_laser_drilling_rate_exponent);
  return TGV_OK;
}

TGV_INLINE uint64_t bits_of(double x)
{
  uint64_t u;

  memcpy(&u, &x, sizeof u);
  return u;
}

TGV_INLINE double from_bits(uint64_t u)
{
  double x;

  memcpy(&x, &u, sizeof x);
  return x;
}

/* ln x for x > 0, absolute error below 1e-10: x = m 2^k with m next to 1, ln m = 2 artanh((m - 1) / (m + 1))
 */
TGV_INLINE double logarithm(double x)
{
  uint64_t up = bits_of(x) - UINT64_C(0x3fe6a09e667f3bcd) + (UINT64_C(1024) << 52), k = up >> 52;
  double   m = from_bits(bits_of(x) - ((k - 1024) << 52));
  double   exponent = from_bits(k | UINT64_C(0x4330000000000000)) - (0x1p52 + 1024.0);
  double   s = (m - 1.0) / (m + 1.0), q = s * s;

  return exponent * M_LN2 +
         2.0 * s * (1.0 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11))))));
}

/* e^y, relative error below 1e-9, y held in the range of a float */
TGV_INLINE double exponential(double y)
{
  double held = y < -87.0 ? -87.0 : y > 88.0 ? 88.0 : y;
  double rounded = held * M_LOG2E + 0x1.8p52, n = rounded - 0x1.8p52, f = held - n * M_LN2;
  double series =
      1.0 +
      f * (1.0 + f * (1.0 / 2 +
                      f * (1.0 / 6 +
                           f * (1.0 / 24 +
                                f * (1.0 / 120 + f * (1.0 / 720 + f * (1.0 / 5040 + f * (1.0 / 40320))))))));

  return series * from_bits((bits_of(rounded) + 1023) << 52);
}

TGV_CLONES static void any_power(size_t n, const float *x, double exponent, float *out)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) out[i] = (float)exponential(exponent * logarithm((double)x[i]));
}

static void power(size_t n, const float *x, double exponent, float *out)
{
  if (exponent == 0.0)
    for (size_t i = 0; i < n; i++) out[i] = 1.0f;
  else if (exponent == 0.5)
    for (size_t i = 0; i < n; i++) out[i] = sqrtf(x[i]);
  else if (exponent == 1.0)
    memcpy(out, x, n * sizeof *x);
  else
    any_power(n, x, exponent, out);
}

TGV_CLONES static void defocus(size_t n, const float *set, const float *height, float focus_depth,
                               float *dose)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    float e = height[i] / focus_depth;

    dose[i] = set[i] / (1.0f + e * e);
  }
}

/* r_track holds the power of the dose and becomes the radius */
static void track(const struct beam *s, const struct tgv_block *b, const float *radius, float *r_track)
{
  double own = b->via_group->track_radius;
  float  shift = own > s->radius ? (float)(own - s->radius) : 0.0f;
  float  scale = own > 0.0 && own < s->radius ? (float)(own / s->radius) : 1.0f;

  for (size_t i = 0; i < b->n; i++) r_track[i] = shift + scale * radius[i] * r_track[i];
}

static void vias(const void *state, struct tgv_block *b)
{
  static const struct {
    enum tgv_param  input;
    enum tgv_column column;
  } copies[] = {{TGV_P_laser_drilling_offset_x, TGV_C_offset_x},
                {TGV_P_laser_drilling_offset_y, TGV_C_offset_y},
                {TGV_P_laser_drilling_tilt_x, TGV_C_tilt_x},
                {TGV_P_laser_drilling_tilt_y, TGV_C_tilt_y}};
  const struct beam *s = state;
  float             *dose = tgv_block_write(b, TGV_C_dose), *r_track = tgv_block_write(b, TGV_C_r_track);

  defocus(b->n, tgv_block_input(b, TGV_P_laser_drilling_dose), tgv_block_read(b, TGV_C_height_error),
          s->focus_depth, dose);
  power(b->n, dose, s->radius_exponent, r_track);
  power(b->n, dose, s->rate_exponent, tgv_block_write(b, TGV_C_rate_factor));
  track(s, b, tgv_block_input(b, TGV_P_laser_drilling_track_radius), r_track);
  for (size_t k = 0; k < sizeof copies / sizeof *copies; k++)
    memcpy(tgv_block_write(b, copies[k].column), tgv_block_input(b, copies[k].input), b->n * sizeof(float));
}

const struct tgv_stage tgv_stage_laser_drilling = {
    .name = "laser_drilling",
    .title = "Laser modification",
    .source = "",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_laser_drilling),
    .inputs = TGV_INPUTS(TGV_P_laser_drilling_track_radius, TGV_P_laser_drilling_dose,
                         TGV_P_laser_drilling_offset_x, TGV_P_laser_drilling_offset_y,
                         TGV_P_laser_drilling_tilt_x, TGV_P_laser_drilling_tilt_y),
    .reads = TGV_COLUMNS(TGV_C_height_error),
    .writes = TGV_COLUMNS(TGV_C_dose, TGV_C_r_track, TGV_C_rate_factor, TGV_C_offset_x, TGV_C_offset_y,
                          TGV_C_tilt_x, TGV_C_tilt_y),
    .chosen_by = TGV_P_END,
    .state_size = sizeof(struct beam),
    .begin = begin,
    .vias = vias,
};
