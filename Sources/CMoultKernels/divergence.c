#include "Templates/vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MK_TEMPLATE "divergence.h"
#include "Templates/each_isa.h"

void mk_divergence_f32(size_t n, const float *w, const float *v, float *y) { MK_CHOOSE(divergence_f32, n, w, v, y); }

void mk_divergence_gradient_f32(size_t n, const float *g, const float *w, const float *v, float *dw, float *dv) {
  MK_CHOOSE(divergence_gradient_f32, n, g, w, v, dw, dv);
}
