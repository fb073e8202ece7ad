#include "math.h"
#include "parts.h"

/* The divergence of variational dropout for weights w with variances e^v. Each operation is rounded like an operation
 * on tensors: a = v - ln(w^2 + epsilon), y = (k1 - k1 sigmoid(k3 a + k2)) + softplus(-a) / 2. */
#define K1 0.63576f
#define K2 1.87320f
#define K3 1.48695f
#define EPSILON 1e-8f

typedef struct {
  f32x16 square, sigmoid, negative, root, one_more; /* w^2 + epsilon, sigmoid(..), -a, e^-|a|, 1 + e^-|a| */
} MK(divergence_parts);

MK_INLINE MK(divergence_parts) MK(divergence_of)(f32x16 w, f32x16 v) {
  MK(divergence_parts) p;
  p.square = w * w + EPSILON;
  f32x16 a = v - MK(vlog)(p.square);
  p.sigmoid = MK(vsigmoid)(a * K3 + K2);
  p.negative = -a;
  p.root = MK(vexp)(-__builtin_elementwise_abs(p.negative));
  p.one_more = 1.0f + p.root;
  return p;
}

MK_INLINE f32x16 MK(divergence_value)(MK(divergence_parts) p) {
  f32x16 positive = MK_SELECT(p.negative <= 0.0f, (f32x16){0}, p.negative);
  return (K1 - p.sigmoid * K1) + (positive + MK(vlog)(p.one_more)) * 0.5f;
}

/* The gradient dv with respect to v. The gradient with respect to w is dw = -2 w dv / (w^2 + epsilon). */
MK_INLINE f32x16 MK(divergence_slope)(MK(divergence_parts) p, f32x16 g) {
  f32x16 rising = -g * K1 * p.sigmoid * (1.0f - p.sigmoid) * K3, half = g * 0.5f;
  f32x16 sign = MK_SELECT(p.negative > 0.0f, MK_SPLAT(1), MK_SELECT(p.negative < 0.0f, MK_SPLAT(-1), p.negative));
  f32x16 falling = MK_SELECT(p.negative > 0.0f, half, (f32x16){0}) + -(half / p.one_more * p.root) * sign;
  return rising + -falling;
}

static void MK(divergence_f32)(size_t n, const float *w, const float *v, float *y) {
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 own = MK(load_part)(w + i, n - i, 1), other = MK(load_part)(v + i, n - i, 0);
    MK(store_part)(y + i, n - i, MK(divergence_value)(MK(divergence_of)(own, other)));
  }
}

static void MK(divergence_gradient_f32)(size_t n, const float *g, const float *w, const float *v, float *dw,
                                        float *dv) {
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 own = MK(load_part)(w + i, n - i, 1), other = MK(load_part)(v + i, n - i, 0);
    f32x16 up = MK(load_part)(g + i, n - i, 0);
    MK(divergence_parts) p = MK(divergence_of)(own, other);
    f32x16 slope = MK(divergence_slope)(p, up), half = -slope / p.square * own;
    MK(store_part)(dv + i, n - i, slope);
    MK(store_part)(dw + i, n - i, half + half);
  }
}
#undef K1
#undef K2
#undef K3
#undef EPSILON
