#include "math.h"
#include "parts.h"

/* Concrete dropout. Each operation is rounded like an operation on tensors: keep = sigmoid((logit - noise) slope),
 * y = x (keep scale). */
static void MK(concrete_f32)(size_t n, const float *x, const float *noise, float logit, float slope, float scale,
                             float *keep, float *y) {
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 k = MK(vsigmoid)((logit - MK(load_part)(noise + i, n - i, 0)) * slope);
    MK(store_part)(keep + i, n - i, k);
    MK(store_part)(y + i, n - i, MK(load_part)(x + i, n - i, 0) * (k * scale));
  }
}

static void MK(concrete_gradient_f32)(size_t n, const float *g, const float *x, const float *keep, float slope,
                                      float scale, float *dx, float *dlogit, float *dscale) {
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 up = MK(load_part)(g + i, n - i, 0), k = MK(load_part)(keep + i, n - i, 0);
    f32x16 factor = up * MK(load_part)(x + i, n - i, 0);
    MK(store_part)(dx + i, n - i, up * (k * scale));
    MK(store_part)(dlogit + i, n - i, factor * scale * k * (1.0f - k) * slope);
    MK(store_part)(dscale + i, n - i, factor * k);
  }
}
