/* Vectors of one instruction set, for kernels that are written once and compiled for each. A template: a
   kernel's header begins with it and is included once per set, by a .c that says before each inclusion

     #define LANES     16                       // floats in a vector: 4, 8 or 16
     #define LANES_ISA avx512                   // ends the names of this copy

   The operators + - * & ^ >> << work lane by lane (gcc and clang vector extensions). Nothing here rounds
   differently on different sets, so a kernel built from it gives the same bits on all. */
#ifndef TGV_CORE_LANES_H
#define TGV_CORE_LANES_H

#include <immintrin.h>
#include <stdint.h>

#define LANES_PASTE_2(name, isa) name##_##isa
#define LANES_PASTE(name, isa) LANES_PASTE_2(name, isa)
#define LANES_NAME(name) LANES_PASTE(name, LANES_ISA)

/* in a kernel's text these words mean the types and functions of the current copy */
#define vfloat LANES_NAME(vfloat)
#define vint LANES_NAME(vint)
#define vword LANES_NAME(vword)
#define vwide LANES_NAME(vwide)
#define vfloat_any LANES_NAME(vfloat_any)
#define vint_any LANES_NAME(vint_any)
#define vproduct LANES_NAME(vproduct)
#define vxor3 LANES_NAME(vxor3)
#define vinterlace LANES_NAME(vinterlace)
#define vunsigned LANES_NAME(vunsigned)
#define vsplit LANES_NAME(vsplit)
#define vroot LANES_NAME(vroot)
#define vload LANES_NAME(vload)
#define vstore LANES_NAME(vstore)

#endif

#undef LANES_TARGET
#undef LANES_INLINE
#if LANES == 16
#define LANES_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#elif LANES == 8
#define LANES_TARGET __attribute__((target("avx2")))
#else
#define LANES_TARGET
#endif
#define LANES_INLINE static inline __attribute__((always_inline, unused)) LANES_TARGET

typedef float    vfloat __attribute__((vector_size(4 * LANES)));
typedef int32_t  vint __attribute__((vector_size(4 * LANES)));
typedef uint32_t vword __attribute__((vector_size(4 * LANES)));
typedef uint64_t vwide __attribute__((vector_size(4 * LANES))); /* half as many lanes, twice as wide */
typedef float    vfloat_any __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t  vint_any __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

LANES_INLINE vfloat vload(const float *p)
{
  return *(const vfloat_any *)p;
}

LANES_INLINE void vstore(float *p, vfloat v)
{
  *(vfloat_any *)p = v;
}

/* the low words of the lanes times m, all 64 bits of the product */
LANES_INLINE vwide vproduct(vwide a, uint32_t m)
{
#if LANES == 16
  return (vwide)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(m));
#elif LANES == 8
  return (vwide)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(m));
#else
  return (vwide)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(m));
#endif
}

LANES_INLINE vwide vxor3(vwide a, vwide b, uint64_t c)
{
#if LANES == 16
  return (vwide)_mm512_ternarylogic_epi64((__m512i)a, (__m512i)b, _mm512_set1_epi64((long long)c), 0x96);
#else
  return a ^ b ^ c;
#endif
}

/* the low words: lane 2 j from even[j], lane 2 j + 1 from odd[j] */
LANES_INLINE vword vinterlace(vwide even, vwide odd)
{
#if LANES == 16
  return (vword)_mm512_mask_shuffle_epi32((__m512i)even, 0xaaaa, (__m512i)odd, _MM_PERM_CCAA);
#elif LANES == 8
  return (vword)_mm256_blend_epi32((__m256i)even, (__m256i)(odd << 32), 0xaa);
#else
  return (vword)((even & 0xffffffffu) | (odd << 32));
#endif
}

/* words to floats, rounded once to nearest */
LANES_INLINE vfloat vunsigned(vword w)
{
#if LANES == 16
  return (vfloat)_mm512_cvtepu32_ps((__m512i)w);
#else
  vfloat high = __builtin_convertvector((vint)(w >> 16), vfloat) * 65536.0f; /* exact, as is the low half */
  return high + __builtin_convertvector((vint)(w & 0xffffu), vfloat);
#endif
}

/* x = m 2^k for finite normal x > 0, 0.75 <= m < 1.5; gives m and k + bias */
LANES_INLINE vfloat vsplit(vfloat x, int32_t bias, vfloat *m)
{
#if LANES == 16
  __m512i up = _mm512_add_epi32((__m512i)x, _mm512_set1_epi32(0x00400000 + bias * 0x00800000));
  *m = (vfloat)_mm512_getmant_ps((__m512)x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_zero);
  return (vfloat)_mm512_getexp_ps((__m512)up);
#else
  vint up = (vint)x - (0x3f400000 - bias * 0x00800000);
  *m = (vfloat)((up & 0x007fffff) + 0x3f400000);
  return __builtin_convertvector(up >> 23, vfloat);
#endif
}

LANES_INLINE vfloat vroot(vfloat x)
{
#if LANES == 16
  return (vfloat)_mm512_sqrt_ps((__m512)x);
#elif LANES == 8
  return (vfloat)_mm256_sqrt_ps((__m256)x);
#else
  return (vfloat)_mm_sqrt_ps((__m128)x);
#endif
}
