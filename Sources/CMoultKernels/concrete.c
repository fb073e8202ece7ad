#include "Templates/vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MK_TEMPLATE "concrete.h"
#include "Templates/each_isa.h"

void mk_concrete_f32(size_t n, const float *x, const float *noise, float logit, float slope, float scale, float *keep,
                     float *y) {
  MK_CHOOSE(concrete_f32, n, x, noise, logit, slope, scale, keep, y);
}

void mk_concrete_gradient_f32(size_t n, const float *g, const float *x, const float *keep, float slope, float scale,
                              float *dx, float *dlogit, float *dscale) {
  MK_CHOOSE(concrete_gradient_f32, n, g, x, keep, slope, scale, dx, dlogit, dscale);
}
