/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC11, 2011).
   A number is a pure function of (seed, lot, panel, stream, index), so results do not depend on tile size,
   thread count or number of MPI ranks, and any via can be looked at again alone. */
#ifndef TGV_CORE_RANDOM_H
#define TGV_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** Vias are handled in blocks of this many: one column of floats is 2 kB and stays in the first-level cache.
 */
enum { TGV_BLOCK = 512 };

/** What makes the numbers of one panel its own. */
struct tgv_random_key {
  uint32_t word[2];
};

/** The key of a panel; different (seed, lot, panel) give independent sequences. */
struct tgv_random_key tgv_random_key_make(uint64_t seed, uint32_t lot, uint32_t panel);

/** The four raw words of (key, stream, index): Philox of the counter {stream, index low, 0, index high}. */
void tgv_random_words(struct tgv_random_key key, uint32_t stream, uint64_t index, uint32_t out[4]);

/** Uniform in the open interval (0, 1), 53 bits, from words 0 and 1 of (key, stream, index). */
double tgv_random_uniform(struct tgv_random_key key, uint32_t stream, uint64_t index);

/** Standard normal in double precision by the inverse distribution, |z| < 9.2, from words 0 and 1. */
double tgv_random_normal(struct tgv_random_key key, uint32_t stream, uint64_t index);

/** Four standard normals for each of the indices first .. first + n - 1, n <= TGV_BLOCK: z[4][TGV_BLOCK],
   floats; entries past n are scratch. Box-Muller on the words; |z| < 6.765. The bits are the same on every
   instruction set (SSE2, AVX2, AVX-512; core/isa.h) and do not depend on which indices are asked for
   together. */
void tgv_random_normals(struct tgv_random_key key, uint32_t stream, uint64_t first, size_t n,
                        float z[4][TGV_BLOCK]);

#endif
