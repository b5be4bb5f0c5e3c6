/* The logarithm of a float in a loop over vias: no call, no branch, the same bits on all instruction sets. */
#ifndef TGV_CORE_LOGARITHM_H
#define TGV_CORE_LOGARITHM_H

#include <stdint.h>
#include <string.h>

#include "core/clones.h"

/** ln x for normal x > 0 near 1, relative error below 3e-7: x = m 2^k with m next to 1, ln m =
    2 artanh((m - 1) / (m + 1)) */
TGV_INLINE float tgv_logarithm(float x)
{
  uint32_t bits, k;
  float    m, s, q;

  memcpy(&bits, &x, sizeof bits);
  k = (bits - 0x3f3504f3u + (128u << 23)) >> 23;
  bits -= (k - 128u) << 23;
  memcpy(&m, &bits, sizeof m);
  s = (m - 1.0f) / (m + 1.0f), q = s * s;
  return (float)((int32_t)k - 128) * 0.693147181f +
         2.0f * s * (1.0f + q * (0.333333333f + q * (0.2f + q * (0.142857143f + q * 0.111111111f))));
}

#endif
