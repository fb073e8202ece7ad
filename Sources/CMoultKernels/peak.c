#include "Templates/vector.h"

#define MK_TEMPLATE "peak.h"
#include "Templates/each_isa.h"

size_t mk_multiply_adds(size_t rounds, const float x[32], float sum[16]) {
#if defined(__x86_64__)
  switch (mk_isa()) {
    case MK_ISA_AVX512: return multiply_adds_avx512(rounds, x, sum);
    case MK_ISA_AVX2: return multiply_adds_avx2(rounds, x, sum);
    default: break;
  }
#endif
  return multiply_adds_portable(rounds, x, sum);
}
