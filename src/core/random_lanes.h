/* The kernel of tgv_random_normals, once per instruction set; included by random.c only. */
#include "core/lanes.h"

#define vrounds LANES_NAME(vrounds)
#define vlogarithm LANES_NAME(vlogarithm)
#define vboxmuller LANES_NAME(vboxmuller)
#define vnormals LANES_NAME(vnormals)

/* Two vectors of counters go through the rounds together, then their four pairs of words through Box-Muller:
   enough independent work to hide the latencies (measured: 1.3 times faster than one). A half vector has one
   counter in each wide lane: a word in the low half, and rubbish, which multiplications ignore, in the other.
 */
#undef VECTORS
#define VECTORS 2
#define HALVES (2 * VECTORS)
#define PAIRS (2 * VECTORS)
#define EACH(i, n) _Pragma("GCC unroll 16") for (int i = 0; i < (n); i++)

/* Words 0..3 of the counters `index`, index + 1... Only word 1 of the counter differs within a block, so most
   of the first rounds is the same for all and comes precomputed in `block`. */
LANES_INLINE void vrounds(const struct philox_block *block, vwide index, vwide c[4][HALVES])
{
  EACH(h, HALVES)
  {
    vwide p = vproduct((index + (uint64_t)(h % 2 + h / 2 * LANES)) ^ block->c0, M0); /* round 1 */
    vwide q = vproduct((p >> 32) ^ block->c2, M1);                                   /* round 2 */

    c[0][h] = (q >> 32) ^ block->d0;
    c[1][h] = q;
    c[2][h] = p ^ block->d2;
    c[3][h] = (vwide){0} + block->d3;
  }
  EACH(r, 7)
  {
    vwide p[HALVES], q[HALVES];
    EACH(h, HALVES) p[h] = vproduct(c[0][h], M0);
    EACH(h, HALVES) q[h] = vproduct(c[2][h], M1);
    EACH(h, HALVES) c[0][h] = vxor3(q[h] >> 32, c[1][h], block->key[r + 3][0]);
    EACH(h, HALVES) c[2][h] = vxor3(p[h] >> 32, c[3][h], block->key[r + 3][1]);
    EACH(h, HALVES) c[1][h] = q[h];
    EACH(h, HALVES) c[3][h] = p[h];
  }
}

/* s = s x + c for several */
#define STEP(s, x, c) EACH(i, PAIRS) s[i] = s[i] * x[i] + (c)

/* -2 ln u, u = (a + 1/2) / 2^32 */
LANES_INLINE void vlogarithm(const vword a[PAIRS], vfloat s[PAIRS])
{
  vfloat m, k[PAIRS], f[PAIRS];

  EACH(i, PAIRS)
  {
    k[i] = vsplit(vunsigned(a[i]) + 0.5f, -32, &m);
    f[i] = m - 1.0f;
    s[i] = f[i] * LOG7 + LOG6;
  }
  STEP(s, f, LOG5);
  STEP(s, f, LOG4);
  STEP(s, f, LOG3);
  STEP(s, f, LOG2);
  STEP(s, f, LOG1);
  STEP(s, f, LOG0);
  EACH(i, PAIRS) s[i] = f[i] * s[i] - k[i] * TWO_LN2;
}

/* Normals from pairs of words: radius sqrt(-2 ln u) from a, angle pi/2 t with t = b / 2^31 in [-1, 1), and
   the sign of the cosine from the lowest bit of b. */
LANES_INLINE void vboxmuller(const vword a[PAIRS], const vword b[PAIRS], vfloat z0[PAIRS], vfloat z1[PAIRS])
{
  vfloat r[PAIRS], t[PAIRS], u[PAIRS], sine[PAIRS], cosine[PAIRS];

  vlogarithm(a, r);
  EACH(i, PAIRS) r[i] = vroot(r[i]);
  EACH(i, PAIRS)
  {
    t[i] = __builtin_convertvector((vint)b[i], vfloat) * 0x1p-31f;
    u[i] = t[i] * t[i];
    sine[i] = u[i] * SIN4 + SIN3;
    cosine[i] = u[i] * COS4 + COS3;
  }
  STEP(sine, u, SIN2);
  STEP(cosine, u, COS2);
  STEP(sine, u, SIN1);
  STEP(cosine, u, COS1);
  STEP(sine, u, SIN0);
  STEP(cosine, u, COS0);
  EACH(i, PAIRS) z0[i] = (vfloat)((vword)(r[i] * cosine[i]) ^ (b[i] << 31));
  EACH(i, PAIRS) z1[i] = r[i] * t[i] * sine[i];
}

LANES_TARGET static void vnormals(const struct philox_block *block, uint32_t first, size_t n, float *z)
{
  vwide even;

  for (int j = 0; j < LANES / 2; j++) even[j] = (uint32_t)(first + 2 * (uint32_t)j);
  for (size_t i = 0; i < n; i += VECTORS * LANES) {
    vwide  c[4][HALVES];
    vword  a[PAIRS], b[PAIRS];
    vfloat z0[PAIRS], z1[PAIRS];

    vrounds(block, even, c);
    EACH(p, PAIRS)
    {
      a[p] = vinterlace(c[p % 2 * 2][p / 2 * 2], c[p % 2 * 2][p / 2 * 2 + 1]);
      b[p] = vinterlace(c[p % 2 * 2 + 1][p / 2 * 2], c[p % 2 * 2 + 1][p / 2 * 2 + 1]);
    }
    vboxmuller(a, b, z0, z1);
    EACH(p, PAIRS) vstore(z + p % 2 * 2 * TGV_BLOCK + i + (size_t)(p / 2 * LANES), z0[p]);
    EACH(p, PAIRS) vstore(z + (p % 2 * 2 + 1) * TGV_BLOCK + i + (size_t)(p / 2 * LANES), z1[p]);
    even += VECTORS * LANES;
  }
}
