#include "activations.h"

/* Defines a kernel that computes a vector expression of `v` for n elements. The last elements are computed in a padded
 * buffer, with the same instructions. */
#define UNARY(name, expression)                                          \
  static void MK(name##_f32)(size_t n, const float *x, float *y) {       \
    size_t i = 0;                                                        \
    for (; i + MK_LANES <= n; i += MK_LANES) {                           \
      f32x16 v = MK_LOAD(x + i);                                         \
      MK_STORE(y + i, (expression));                                     \
    }                                                                    \
    if (i < n) {                                                         \
      float rest[MK_LANES] = {0};                                        \
      memcpy(rest, x + i, (n - i) * sizeof(float));                      \
      f32x16 v = MK_LOAD(rest);                                          \
      MK_STORE(rest, (expression));                                      \
      memcpy(y + i, rest, (n - i) * sizeof(float));                      \
    }                                                                    \
  }

#define BINARY(name, expression)                                                                               \
  static void MK(name##_f32)(size_t n, const float *a, size_t sa, const float *b, size_t sb, float *y) {       \
    f32x16 u = n ? MK_SPLAT(*a) : (f32x16){0}, v = n ? MK_SPLAT(*b) : (f32x16){0};                             \
    size_t i = 0;                                                                                              \
    for (; i + MK_LANES <= n; i += MK_LANES) {                                                                 \
      if (sa) u = MK_LOAD(a + i);                                                                              \
      if (sb) v = MK_LOAD(b + i);                                                                              \
      MK_STORE(y + i, (expression));                                                                           \
    }                                                                                                          \
    if (i < n) {                                                                                               \
      float p[MK_LANES] = {0}, q[MK_LANES] = {0};                                                              \
      if (sa) memcpy(p, a + i, (n - i) * sizeof(float)), u = MK_LOAD(p);                                       \
      if (sb) memcpy(q, b + i, (n - i) * sizeof(float)), v = MK_LOAD(q);                                       \
      MK_STORE(p, (expression));                                                                               \
      memcpy(y + i, p, (n - i) * sizeof(float));                                                               \
    }                                                                                                          \
  }

UNARY(negate, -v)
UNARY(exp, MK(vexp)(v))
UNARY(log, MK(vlog)(v))
UNARY(sqrt, __builtin_elementwise_sqrt(v))
UNARY(abs, __builtin_elementwise_abs(v))
UNARY(sign, MK_SELECT(v != v, v, MK_SELECT(v > 0.0f, MK_SPLAT(1), MK_SELECT(v < 0.0f, MK_SPLAT(-1), v))))
UNARY(relu, MK_SELECT(v <= 0.0f, (f32x16){0}, v))
UNARY(sigmoid, MK(vsigmoid)(v))
UNARY(tanh, MK(vtanh)(v))

#define ACTIVATION(name, f, derivative) UNARY(name, f) UNARY(name##_derivative, derivative)
MK_ACTIVATION_KERNELS(ACTIVATION)
#undef ACTIVATION

BINARY(add, u + v)
BINARY(subtract, u - v)
BINARY(multiply, u *v)
BINARY(divide, u / v)
BINARY(minimum, MK_SELECT((u < v) | (u != u), u, v))
BINARY(maximum, MK_SELECT((u > v) | (u != u), u, v))
BINARY(sigmoid_gradient, u *v *(1.0f - v))
BINARY(tanh_gradient, u *(1.0f - v * v))

static void MK(relu_dropout_backward_f32)(size_t n, const float *g, const float *y, float scale, float *dx) {
  size_t i = 0;
  for (; i + MK_LANES <= n; i += MK_LANES)
    MK_STORE(dx + i, MK_SELECT(MK_LOAD(y + i) > 0.0f, MK_LOAD(g + i) * scale, (f32x16){0}));
  for (; i < n; i++) dx[i] = y[i] > 0 ? g[i] * scale : 0;
}

/* One loop for each case, which the compiler vectorizes. */
#define SELECT(name, T)                                                                                             \
  static void MK(name)(size_t n, const bool *c, const T *a, size_t sa, const T *b, size_t sb, T *y) {               \
    T u = n ? *a : 0, v = n ? *b : 0;                                                                               \
    if (sa && sb)                                                                                                   \
      for (size_t i = 0; i < n; i++) y[i] = c[i] ? a[i] : b[i];                                                     \
    else if (sa)                                                                                                    \
      for (size_t i = 0; i < n; i++) y[i] = c[i] ? a[i] : v;                                                        \
    else if (sb)                                                                                                    \
      for (size_t i = 0; i < n; i++) y[i] = c[i] ? u : b[i];                                                        \
    else                                                                                                            \
      for (size_t i = 0; i < n; i++) y[i] = c[i] ? u : v;                                                           \
  }
SELECT(select_8, uint8_t)
SELECT(select_32, uint32_t)
SELECT(select_64, uint64_t)
#undef SELECT

#undef UNARY
#undef BINARY
