/* One plain loop, compiled for several instruction sets, the best chosen when the program starts. Results are
   the same bits on all of them: -ffp-contract=off, and no function of a vector library. Put TGV_CLONES before
   the definition of a block kernel; what a kernel calls is TGV_INLINE, else its copy is the baseline one. */
#ifndef TGV_CORE_CLONES_H
#define TGV_CORE_CLONES_H

/* clang 14 accepts the names arch=x86-64-v3, v4 and then runs the default; it builds sanitizers and fuzzers
 * only */
#if defined(__SANITIZE_ADDRESS__) &&                                                                         \
    !defined(TGV_ONE_ISA) /* the checks look at one copy; three of them would take minutes to compile */
#define TGV_ONE_ISA
#endif
#if !defined(TGV_ONE_ISA) && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define TGV_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define TGV_CLONES
#endif

/* Before a loop: its passes do not depend on each other. Clauses of `omp simd` may follow. clang would warn where it does not
   vectorise. */
#define TGV_PRAGMA(words) _Pragma(#words)
#if defined(__GNUC__) && !defined(__clang__)
#define TGV_SIMD(...) TGV_PRAGMA(omp simd __VA_ARGS__)
#else
#define TGV_SIMD(...)
#endif

#ifdef __SANITIZE_ADDRESS__
#define TGV_INLINE static inline
#else
#define TGV_INLINE static inline __attribute__((always_inline))
#endif

#endif
