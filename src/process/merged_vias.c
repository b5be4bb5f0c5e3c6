/** # Merged vias

## Model
The time at which an etch front comes to a point is the shortest over all its sources, so with two tracks it is the smaller of the
times of both: what is dissolved is the **union** of the holes that each track would have made alone, exactly, also after they have met
(a front never runs faster for having met another). So of two equal vias at the pitch $p$, with the radius $R(z)$:

- the **ligament**, the glass between the walls, is $p - 2 R(z)$ where that is positive; its least value is at a face for walls that narrow
  towards a waist. Below 0 it is the overlap;
- the vias have **merged** where $2 R > p$: from the top face down to a depth, and from the bottom face up to one;
- there the **opening** is two circles that cut each other, $p + 2R$ long, with a neck of the width $2 \sqrt{R^2 - p^2/4}$ between them.

The edge at which both holes meet is sharp: a ridge between the vias, its crest at the depth at which $2R = p$.

## Valid for
Isotropic wet etch, equal neighbours with upright axes at their design positions.

## Neglects
With depletion of the etchant: that merged holes share what diffuses in. Cracks of a thin ligament.

## Source
Huygens' principle.

## Verified by
tests/unit/test_etch_profiles.c (fast marching in the plane of two tracks, and by hand). */
#include "process/merged_vias.h"

#include <math.h>

/* depth at which 2 r passes the pitch between two points */
static double between(const struct tgv_via_profile *p, size_t i, size_t j, double pitch)
{
  const double a = 2 * p->r[i] - pitch, b = 2 * p->r[j] - pitch;

  return p->z[i] + (p->z[j] - p->z[i]) * a / (a - b);
}

struct tgv_merged_vias tgv_merged_vias_of(const struct tgv_via_profile *p, double pitch)
{
  struct tgv_merged_vias m = {.ligament = HUGE_VAL, .waist_ligament = -HUGE_VAL};
  const size_t           last = p->n - 1;
  size_t                 i = 0;
  double                 most = 0;

  for (size_t k = 0; k < p->n; k++) {
    const double left = pitch - 2 * p->r[k];

    if (left < m.ligament) m.ligament = left, m.ligament_depth = p->z[k], most = p->r[k];
    m.waist_ligament = fmax(m.waist_ligament, left);
  }
  if (!(m.ligament < 0)) return m;
  m.length = pitch + 2 * most, m.neck = 2 * sqrt((most - 0.5 * pitch) * (most + 0.5 * pitch));
  while (i <= last && 2 * p->r[i] > pitch) i++;
  if (i > last) { /* all the way */
    m.down = m.up = p->z[last];
    return m;
  }
  if (i > 0) m.down = between(p, i - 1, i, pitch);
  i = last;
  while (i > 0 && 2 * p->r[i] > pitch) i--;
  if (i < last) m.up = p->z[last] - between(p, i, i + 1, pitch);
  return m;
}
