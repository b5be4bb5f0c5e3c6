#include "core/isa.h"

#include <stdatomic.h>
#include <string.h>

enum { UNKNOWN = -1 };

static const char *const names[] = {"sse2", "avx2", "avx512"};
static atomic_int        chosen = UNKNOWN;

static enum tgv_isa best(void)
{
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return TGV_ISA_AVX512;
  return __builtin_cpu_supports("avx2") ? TGV_ISA_AVX2 : TGV_ISA_SSE2;
}

enum tgv_isa tgv_isa_current(void)
{
  int isa = atomic_load_explicit(&chosen, memory_order_relaxed);

  if (isa == UNKNOWN) {
    isa = (int)best();
    atomic_store_explicit(&chosen, isa, memory_order_relaxed);
  }
  return (enum tgv_isa)isa;
}

tgv_status tgv_isa_force(const char *name)
{
  int isa = 0;

  if (!name) {
    atomic_store(&chosen, (int)best());
    return TGV_OK;
  }
  while (isa <= TGV_ISA_AVX512 && strcmp(name, names[isa])) isa++;
  if (isa > TGV_ISA_AVX512)
    return tgv_fail(TGV_INPUT, "unknown instruction set '%s', known are sse2, avx2, avx512", name);
  if (isa > (int)best())
    return tgv_fail(TGV_INPUT, "this processor does not have %s, its best is %s", name, names[best()]);
  atomic_store(&chosen, isa);
  return TGV_OK;
}

const char *tgv_isa_name(enum tgv_isa isa)
{
  return names[isa];
}
