/** # Resistance of a copper-filled via

## Model
Along the axis, current straight: $R = \frac{1}{\sigma} \int \frac{4 \, dz}{\pi D(z)^2}$ over the real profile, on each side of the waist the
parabola through the diameters at the face, half-way and at the waist. With the straight line $D_0(u)$ between the ends $a, b$ of a side of
length $l$ and $dv = ab \, du / D_0^2$, $v$ from 0 to 1,

$$ \int \frac{dz}{D^2} = \frac{l}{a b} \int_0^1 \left( \frac{D_0}{D} \right)^2 dv, \qquad D_0 = \frac{1}{(1 - v)/a + v/b}, \quad u = v D_0 / b : $$

exact for straight sides of any taper; the bend is integrated with 8 Gauss nodes, relative error below $2 \times 10^{-6}$ for bows up to a tenth
of the difference of the ends and waists above a fifth of their mouth, $4 \times 10^{-5}$ above a tenth.

Copper that is not there: of the volume of the via the plating leaves `void_fraction` $\phi$ as closed voids and, besides, what `fill` says
is open. Open space counts as a hollow core of the same share at every depth, so that the conducting area is less by it. Voids count
as spheres, not touching, spread through the copper (Maxwell): the conductivity falls to $2 (1 - \phi) / (2 + \phi)$ of itself. That is the
upper bound of Hashin and Shtrikman, so the resistance of a via with voids is at least this.

## Valid for
20 degC (conductivity of the metal of the library, or `via_resistance.conductivity`). Below one millionth of the copper, and for a closed
via (taken with a waist of a thousandth of its mouths), the number only says "no connection".

## Neglects
The current that flows across where the diameter changes: more by $1 + (dr/dz)^2/2$, 0.1 % at a half taper angle of 2.9 degrees; one large void
that closes a section, which Maxwell's spheres do not; seed, adhesion layer, grain size and temperature; contact to the pads.

## Source
J. C. Maxwell, A Treatise on Electricity and Magnetism (1873), art. 314; Z. Hashin, S. Shtrikman, J. Appl. Phys. 33, 3125 (1962).

## Verified by
tests/cases/via_resistance.case, tests/unit/test_via_resistance.c (the chain of frusta of model/via_profile), tests/unit/test_dimensions.c. */
#include <math.h>

#include "core/clones.h"
#include "model/flow.h"

enum { NODES = 8 };

struct state {
  float conductivity;
  bool  bent, filled, voids; /* which columns a stage writes */
};

static tgv_status of_library(const struct tgv_project *p, double *conductivity)
{
  const char         *name = tgv_text(p, TGV_P_via_resistance_metal);
  struct tgv_project *metal;

  TGV_TRY(tgv_library_find(TGV_S_metal, name, tgv_project_directory(p), &metal));
  const enum tgv_section *before = tgv_project_allow(NULL);

  *conductivity = tgv_real(metal, TGV_P_metal_conductivity);
  (void)tgv_project_allow(before);
  tgv_project_free(metal);
  if (!(*conductivity > 0))
    return tgv_fail(
        TGV_INPUT,
        "the conductivity of the metal \"%s\" is not known to the library; give via_resistance.conductivity",
        name);
  return TGV_OK;
}

static tgv_status begin(const struct tgv_flow *flow, void *state)
{
  struct state *s = state;
  double        conductivity = tgv_real(flow->project, TGV_P_via_resistance_conductivity);

  if (!(conductivity > 0)) TGV_TRY(of_library(flow->project, &conductivity));
  s->conductivity = (float)conductivity;
  s->bent = tgv_flow_writes(flow, TGV_C_D_upper) && tgv_flow_writes(flow, TGV_C_D_lower);
  s->filled = tgv_flow_writes(flow, TGV_C_fill);
  s->voids = tgv_flow_writes(flow, TGV_C_void_fraction);
  return TGV_OK;
}

/* columns that no stage writes are NULL */
struct via {
  const float *top, *upper, *waist, *lower, *bottom, *depth, *thickness, *fill, *voids;
};

TGV_INLINE float larger(float a, float b)
{
  return a > b ? a : b;
}

/* mean of (D0 / D)2 over v, for ends a and b and the diameter half-way */
TGV_INLINE float bend(float a, float middle, float b)
{
  /* Gauss-Legendre on (0, 1) */
  const float node[NODES] = {0.0198550718f, 0.101666761f, 0.237233795f, 0.408282679f,
                             0.591717321f,  0.762766205f, 0.898333239f, 0.980144928f};
  const float weight[NODES] = {0.0506142681f, 0.111190517f, 0.156853323f, 0.181341892f,
                               0.181341892f,  0.156853323f, 0.111190517f, 0.0506142681f};
  const float bow = 4.0f * (middle - 0.5f * (a + b));
  float       sum = 0.0f;

  for (int k = 0; k < NODES; k++) {
    const float straight = a * b / ((1.0f - node[k]) * b + node[k] * a), u = node[k] * straight / b;
    const float ratio = straight / larger(straight + bow * u * (1.0f - u), 0.001f * straight);

    sum += weight[k] * ratio * ratio;
  }
  return sum;
}

TGV_CLONES static void resist(const struct via *from, float conductivity, size_t n, float *resistance)
{
  const struct via v = *from;
  const float      factor = 1.27323954f / conductivity; /* 4 / pi */

  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const float top = v.top[i], bottom = larger(v.bottom[i], 0.001f * top);
    const float waist = larger(v.waist[i], 0.001f * top), above = v.depth[i],
                below = larger(v.thickness[i] - above, 0.0f);
    const float upper = above * bend(top, v.upper[i], waist) / top,
                lower = below * bend(bottom, v.lower[i], waist) / bottom;

    resistance[i] = factor * (upper + lower) / waist;
  }
}

/* copper that is missing: an open core, and closed voids in the rest */
TGV_CLONES static void weaken(size_t n, const float *fill, const float *voids, float *resistance)
{
  TGV_SIMD()
  for (size_t i = 0; i < n; i++) {
    const float closed = voids[i], open = larger(1.0f - fill[i] - closed, 0.0f);
    const float solid = larger(1.0f - open, 1e-6f), phi = closed / solid < 1.0f ? closed / solid : 1.0f;

    resistance[i] /= larger(solid * 2.0f * (1.0f - phi) / (2.0f + phi), 1e-6f);
  }
}

static void vias(const void *state, struct tgv_block *b)
{
  const struct state *s = state;
  float               straight[2][TGV_BLOCK], none[TGV_BLOCK];
  float              *resistance = tgv_block_write(b, TGV_C_resistance);
  struct via          v = {
               .top = tgv_block_read(b, TGV_C_D_top),
               .waist = tgv_block_read(b, TGV_C_D_waist),
               .bottom = tgv_block_read(b, TGV_C_D_bottom),
               .depth = tgv_block_read(b, TGV_C_waist_depth),
               .thickness = tgv_block_read(b, TGV_C_thickness),
               .upper = straight[0],
               .lower = straight[1],
               .voids = none,
  };

  if (s->bent) v.upper = tgv_block_read(b, TGV_C_D_upper), v.lower = tgv_block_read(b, TGV_C_D_lower);
  for (size_t i = 0; !s->bent && i < b->n; i++)
    straight[0][i] = 0.5f * (v.top[i] + v.waist[i]), straight[1][i] = 0.5f * (v.bottom[i] + v.waist[i]);
  resist(&v, s->conductivity, b->n, resistance);
  if (!s->filled) return;
  v.fill = tgv_block_read(b, TGV_C_fill);
  if (s->voids) v.voids = tgv_block_read(b, TGV_C_void_fraction);
  for (size_t i = 0; !s->voids && i < b->n; i++) none[i] = 0.0f;
  weaken(b->n, v.fill, v.voids, resistance);
}

const struct tgv_stage tgv_stage_via_resistance = {
    .name = "via_resistance",
    .title = "Resistance of the via",
    .source = "Hashin, Shtrikman 1962, doi 10.1063/1.1728579",
    .kind = TGV_STAGE_VIAS,
    .sections = TGV_SECTIONS(TGV_S_via_resistance),
    .reads = TGV_COLUMNS(TGV_C_D_top, TGV_C_D_upper, TGV_C_D_waist, TGV_C_D_lower, TGV_C_D_bottom,
                         TGV_C_waist_depth, TGV_C_thickness, TGV_C_fill, TGV_C_void_fraction),
    .writes = TGV_COLUMNS(TGV_C_resistance),
    .chosen_by = TGV_P_via_resistance_model,
    .chosen_word = "profile",
    .state_size = sizeof(struct state),
    .begin = begin,
    .vias = vias,
};
