/* Which instruction set the hand-vectorised kernels use. One portable binary carries SSE2, AVX2 and AVX-512
   versions of each; they are one source text (core/lanes.h) and give the same bits. */
#ifndef TGV_CORE_ISA_H
#define TGV_CORE_ISA_H

#include "core/error.h"

enum tgv_isa { TGV_ISA_SSE2, TGV_ISA_AVX2, TGV_ISA_AVX512 };

/** The best set that this processor has, or the one that was forced. */
enum tgv_isa tgv_isa_current(void);

/** Uses "sse2", "avx2" or "avx512" from now on in all threads; NULL goes back to the best.
    TGV_INPUT for another name or if this processor does not have it. For tests and benches. */
tgv_status tgv_isa_force(const char *name);

/** "sse2", "avx2" or "avx512". */
const char *tgv_isa_name(enum tgv_isa isa);

#endif
