/** # Counter-based random numbers

### Model
Philox4x32-10 is a keyed bijection of 128-bit counters: ten rounds

$$ (c_0,c_1,c_2,c_3) \to (\mathrm{hi}(M_1 c_2)\oplus c_1\oplus k_0,\ \mathrm{lo}(M_1 c_2),\
   \mathrm{hi}(M_0 c_0)\oplus c_3\oplus k_1,\ \mathrm{lo}(M_0 c_0)), $$

with $M_0$ = 0xD2511F53, $M_1$ = 0xCD9E8D57 and the key increased by (0x9E3779B9, 0xBB67AE85) after each
round. The counter is (stream, index low, 0, index high): the index stands where the first rounds do not yet
multiply it, so in a block of neighbouring indices the first two and a half rounds are the same for all and
are done once. The key of a panel is half of one Philox call whose counter is (seed, lot, panel).

Normals for the panel engine are Box-Muller pairs $z_0 = \pm r\cos\theta,\ z_1 = r\sin\theta$ with
$r=\sqrt{-2\ln u}$, $u = (a+\tfrac12)/2^{32}$ rounded to float,
$\theta=\tfrac{\pi}{2}\,b/2^{31}\in[-\tfrac\pi2,\tfrac\pi2)$ and the sign from the lowest bit of $b$; $a, b$
are words 0, 1 for the first pair and 2, 3 for the second. The logarithm is $k\ln 2 + \ln m$,
$m\in[\tfrac34,\tfrac32)$. The minimax polynomials (Lawson's iteration, in double) have absolute errors 9e-8
($-2\ln m$), 3e-9 (sine), 5e-8 (cosine); evaluated in float, sine and cosine stay within 3e-7 and $-2\ln u$
within 5e-7 relative where it is small (u near 1) and 1e-6 where it is about 12. Multiplications and additions
are rounded one by one (no fused multiply-add), so the bits do not depend on the processor.

Normals in double precision invert the distribution: 64 bits give a sign and a probability below 1/2.

### Valid for
2^64 indices, 2^32 streams, 2^64 keys. Float normals: $|z|\le 6.764$, because $u \ge 2^{-33}$; double:
$|z|\le 9.2$.

### Neglects
Two different (seed, lot, panel) get the same key with probability 2^-64. Float normals beyond 6.764
(probability 1.4e-11 each) do not occur: rare events need their own methods, not this generator.

### Source
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
(2011). G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958) 610. M. J. Wichura, AS 241, Appl. Stat. 37
(1988) 477 (in GSL).

### Verified by
tests/unit/test_random.c: equality with Random123, its published vectors; bit-identity of the instruction
sets; moments, Kolmogorov-Smirnov distance, tail counts and correlations of the normals; error against the C
library. */
#include "core/random.h"

#include <gsl/gsl_cdf.h>
#include <string.h>

#include "core/isa.h"

static const uint32_t M0 = 0xD2511F53u, M1 = 0xCD9E8D57u;
static const uint32_t W0 = 0x9E3779B9u, W1 = 0xBB67AE85u;

/* -2 ln(1 + f) = f (LOG0 + LOG1 f + ...), -1/4 <= f < 1/2 */
#define LOG0 -2.0f
#define LOG1 1.0000046955f
#define LOG2 -0.66659149508f
#define LOG3 0.49953005749f
#define LOG4 -0.40243273634f
#define LOG5 0.34771719329f
#define LOG6 -0.28040868244f
#define LOG7 0.12944395969f
#define TWO_LN2 1.3862943611f
/* sin(pi/2 t) = t (SIN0 + SIN1 t^2 + ...), cos(pi/2 t) = COS0 + COS1 t^2 + ..., -1 <= t <= 1 */
#define SIN0 1.5707962902f
#define SIN1 -0.64596336120f
#define SIN2 0.079688484656f
#define SIN3 -0.0046722329005f
#define SIN4 0.00015082262950f
#define COS0 0.99999995347f
#define COS1 -1.2336982147f
#define COS2 0.25365074467f
#define COS3 -0.020810627551f
#define COS4 0.00085819061905f

static uint32_t high(uint32_t a, uint32_t b)
{
  return (uint32_t)(((uint64_t)a * b) >> 32);
}

static void philox(const uint32_t counter[4], struct tgv_random_key key, uint32_t out[4])
{
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key.word[0], k1 = key.word[1];

  for (int r = 0; r < 10; r++) {
    uint32_t h0 = high(M0, c0), l0 = M0 * c0, h1 = high(M1, c2), l1 = M1 * c2;

    c0 = h1 ^ c1 ^ k0;
    c1 = l1;
    c2 = h0 ^ c3 ^ k1;
    c3 = l0;
    k0 += W0;
    k1 += W1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

struct tgv_random_key tgv_random_key_make(uint64_t seed, uint32_t lot, uint32_t panel)
{
  static const struct tgv_random_key of_keys = {{0x4f70656eu, 0x54475621u}}; /* "OpenTGV!" */
  uint32_t counter[4] = {(uint32_t)seed, (uint32_t)(seed >> 32), lot, panel}, word[4];

  philox(counter, of_keys, word);
  return (struct tgv_random_key){{word[0], word[1]}};
}

void tgv_random_words(struct tgv_random_key key, uint32_t stream, uint64_t index, uint32_t out[4])
{
  uint32_t counter[4] = {stream, (uint32_t)index, 0, (uint32_t)(index >> 32)};

  philox(counter, key, out);
}

static uint64_t bits(struct tgv_random_key key, uint32_t stream, uint64_t index)
{
  uint32_t word[4];

  tgv_random_words(key, stream, index, word);
  return (uint64_t)word[1] << 32 | word[0];
}

double tgv_random_uniform(struct tgv_random_key key, uint32_t stream, uint64_t index)
{
  return (double)(bits(key, stream, index) >> 11 | 1) * 0x1p-53;
}

double tgv_random_normal(struct tgv_random_key key, uint32_t stream, uint64_t index)
{
  uint64_t b = bits(key, stream, index);
  double   z = gsl_cdf_ugaussian_Pinv(((double)(b >> 1) + 0.5) * 0x1p-64);

  return b & 1 ? -z : z;
}

/* What the counters of a block have in common: the round keys, and the words that rounds 0 to 2 combine with
   the only varying word, the low half of the index. */
struct philox_block {
  uint64_t key[10][2]; /* wide, as the lanes are: broadcast from memory */
  uint64_t c0, c2, d0, d2, d3;
};

static struct philox_block block_begin(struct tgv_random_key key, uint32_t stream, uint32_t index_high)
{
  struct philox_block b;
  uint32_t            a1, a2, a3, b0, b1;

  for (uint32_t r = 0; r < 10; r++) {
    b.key[r][0] = (uint32_t)(key.word[0] + r * W0);
    b.key[r][1] = (uint32_t)(key.word[1] + r * W1);
  }
  b.c0 = b.key[0][0]; /* round 0; word 2 of the counter is 0, so M1 times it too */
  a1 = 0;
  a2 = high(M0, stream) ^ index_high ^ (uint32_t)b.key[0][1];
  a3 = M0 * stream;
  b0 = high(M1, a2) ^ a1 ^ (uint32_t)b.key[1][0]; /* round 1 */
  b1 = M1 * a2;
  b.c2 = a3 ^ b.key[1][1];
  b.d0 = b1 ^ b.key[2][0]; /* round 2 */
  b.d2 = high(M0, b0) ^ b.key[2][1];
  b.d3 = M0 * b0;
  return b;
}

#define LANES 4
#define LANES_ISA sse2
#include "core/random_lanes.h"
#undef LANES
#undef LANES_ISA
#define LANES 8
#define LANES_ISA avx2
#include "core/random_lanes.h"
#undef LANES
#undef LANES_ISA
#define LANES 16
#define LANES_ISA avx512
#include "core/random_lanes.h"

static void normals(struct tgv_random_key key, uint32_t stream, uint64_t first, size_t n, float *z)
{
  struct philox_block block = block_begin(key, stream, (uint32_t)(first >> 32));

  switch (tgv_isa_current()) {
  case TGV_ISA_AVX512:
    vnormals_avx512(&block, (uint32_t)first, n, z);
    break;
  case TGV_ISA_AVX2:
    vnormals_avx2(&block, (uint32_t)first, n, z);
    break;
  case TGV_ISA_SSE2:
    vnormals_sse2(&block, (uint32_t)first, n, z);
    break;
  }
}

void tgv_random_normals(struct tgv_random_key key, uint32_t stream, uint64_t first, size_t n,
                        float z[4][TGV_BLOCK])
{
  uint64_t left = 0x100000000u - (first & 0xffffffffu); /* indices with the same high half */

  TGV_BUG_IF(n > TGV_BLOCK);
  normals(key, stream, first, n < left ? n : (size_t)left, &z[0][0]);
  if (n > left) {
    float rest[4][TGV_BLOCK];

    normals(key, stream, first + left, n - (size_t)left, &rest[0][0]);
    for (int c = 0; c < 4; c++) memcpy(z[c] + left, rest[c], (n - (size_t)left) * sizeof(float));
  }
}
