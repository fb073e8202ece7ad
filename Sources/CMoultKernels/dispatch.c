#include "Templates/vector.h"

#include <stdlib.h>

int mk_isa_supported(void) {
#if defined(__x86_64__)
  static int found = -1; /* racing threads write the same value */
  int isa = __atomic_load_n(&found, __ATOMIC_RELAXED);
  if (isa < 0) {
    __builtin_cpu_init();
    isa = MK_ISA_PORTABLE;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) isa = MK_ISA_AVX2;
    if (isa == MK_ISA_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      isa = MK_ISA_AVX512;
    __atomic_store_n(&found, isa, __ATOMIC_RELAXED);
  }
  return isa;
#else
  return MK_ISA_PORTABLE;
#endif
}

static int chosen = -1; /* racing threads write the same value */

/* The instruction set that the environment variable MOULT_ISA names, else the best. It is read at the first use, so
 * that it applies to all kernels. */
static int wanted(void) {
  const char *name = getenv("MOULT_ISA");
  if (name && strcmp(name, "portable") == 0) return MK_ISA_PORTABLE;
  if (name && strcmp(name, "avx2") == 0) return MK_ISA_AVX2;
  return MK_ISA_AVX512;
}

int mk_isa(void) {
  int isa = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
  if (isa >= 0) return isa;
  mk_set_isa(wanted());
  return __atomic_load_n(&chosen, __ATOMIC_RELAXED);
}

void mk_set_isa(int isa) {
  int best = mk_isa_supported();
  __atomic_store_n(&chosen, isa < 0 || isa > best ? best : isa, __ATOMIC_RELAXED);
}

void mk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
