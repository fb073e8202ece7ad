#include "Templates/vector.h"

#define MK_TEMPLATE "elementwise.h"
#include "Templates/each_isa.h"

#define VECTOR_UNARY(name, scalar)                                                             \
  void mk_##name##_f32(size_t n, const float *x, float *y) { MK_CHOOSE(name##_f32, n, x, y); } \
  void mk_##name##_f64(size_t n, const double *x, double *y) {                                 \
    for (size_t i = 0; i < n; i++) {                                                           \
      double v = x[i];                                                                         \
      y[i] = (scalar);                                                                         \
    }                                                                                          \
  }

#define VECTOR_BINARY(name, scalar)                                                                           \
  void mk_##name##_f32(size_t n, const float *a, size_t sa, const float *b, size_t sb, float *y) {            \
    MK_CHOOSE(name##_f32, n, a, sa, b, sb, y);                                                                \
  }                                                                                                           \
  void mk_##name##_f64(size_t n, const double *a, size_t sa, const double *b, size_t sb, double *y) {         \
    for (size_t i = 0; i < n; i++) {                                                                          \
      double u = a[i * sa], v = b[i * sb];                                                                    \
      y[i] = (scalar);                                                                                        \
    }                                                                                                         \
  }

VECTOR_UNARY(negate, -v)
VECTOR_UNARY(exp, exp(v))
VECTOR_UNARY(log, log(v))
VECTOR_UNARY(sqrt, sqrt(v))
VECTOR_UNARY(abs, fabs(v))
VECTOR_UNARY(sign, v != v ? v : (double)((v > 0) - (v < 0)))
VECTOR_UNARY(relu, v <= 0 ? 0 : v)
VECTOR_UNARY(sigmoid, 1 / (1 + exp(-v)))
VECTOR_UNARY(tanh, tanh(v))

VECTOR_BINARY(add, u + v)
VECTOR_BINARY(subtract, u - v)
VECTOR_BINARY(multiply, u *v)
VECTOR_BINARY(divide, u / v)
VECTOR_BINARY(minimum, u < v || u != u ? u : v)
VECTOR_BINARY(maximum, u > v || u != u ? u : v)
VECTOR_BINARY(sigmoid_gradient, u *v *(1 - v))
VECTOR_BINARY(tanh_gradient, u *(1 - v * v))

#define CHOOSE_SELECT(name, T)                                                                                  \
  void mk_##name(size_t n, const bool *c, const void *a, size_t sa, const void *b, size_t sb, void *y) {        \
    MK_CHOOSE(name, n, c, (const T *)a, sa, (const T *)b, sb, (T *)y);                                          \
  }
CHOOSE_SELECT(select_8, uint8_t)
CHOOSE_SELECT(select_32, uint32_t)
CHOOSE_SELECT(select_64, uint64_t)

void mk_relu_dropout_backward_f32(size_t n, const float *g, const float *y, float scale, float *dx) {
  MK_CHOOSE(relu_dropout_backward_f32, n, g, y, scale, dx);
}

void mk_relu_dropout_backward_f64(size_t n, const double *g, const double *y, double scale, double *dx) {
  for (size_t i = 0; i < n; i++) dx[i] = y[i] > 0 ? g[i] * scale : 0;
}

#define VECTOR_ACTIVATION(name)                                                                                      \
  void mk_##name##_f32(size_t n, const float *x, float *y) { MK_CHOOSE(name##_f32, n, x, y); }                       \
  void mk_##name##_derivative_f32(size_t n, const float *x, float *y) { MK_CHOOSE(name##_derivative_f32, n, x, y); } \
  void mk_##name##_f64(size_t n, const double *x, double *y) {                                                       \
    for (size_t i = 0; i < n; i++) y[i] = name(x[i]);                                                                \
  }                                                                                                                  \
  void mk_##name##_derivative_f64(size_t n, const double *x, double *y) {                                            \
    for (size_t i = 0; i < n; i++) y[i] = name##_derivative(x[i]);                                                   \
  }

static double gelu(double v) { return 0.5 * v * (1 + erf(v * 0.7071067811865476)); }

static double gelu_derivative(double v) {
  return 0.5 * (1 + erf(v * 0.7071067811865476)) + v * exp(-0.5 * v * v) * 0.3989422804014327;
}

static double gelu_tanh(double v) {
  return 0.5 * v * (1 + tanh(0.7978845608028654 * (v + 0.044715 * v * v * v)));
}

static double gelu_tanh_derivative(double v) {
  double t = tanh(0.7978845608028654 * (v + 0.044715 * v * v * v));
  return 0.5 * (1 + t) + 0.5 * v * (1 - t * t) * 0.7978845608028654 * (1 + 3 * 0.044715 * v * v);
}

static double silu(double v) { return v / (1 + exp(-v)); }

static double silu_derivative(double v) {
  double s = 1 / (1 + exp(-v));
  return s + v * s * (1 - s);
}

static double mish(double v) { return v * tanh(log1p(exp(v < 40 ? v : 40))); }

static double mish_derivative(double v) {
  double e = exp(v < 40 ? v : 40), t = tanh(log1p(e));
  return t + v * (1 - t * t) * e / (1 + e);
}

MK_EACH_ACTIVATION(VECTOR_ACTIVATION)

/* These functions rarely matter for speed. The C library computes them in double, so their last bit may differ between
 * systems. */

/* The constants are those of Klambauer et al. 2017, as in SELU.swift. */
static double selu(double v) { return v > 0 ? 1.0507009873554805 * v : 1.7580993408473766 * expm1(v); }

static double selu_derivative(double v) { return v > 0 ? 1.0507009873554805 : 1.7580993408473766 * exp(v); }

#define LIBRARY_UNARY(name)                                    \
  void mk_##name##_f32(size_t n, const float *x, float *y) {   \
    for (size_t i = 0; i < n; i++) y[i] = (float)name(x[i]);   \
  }                                                            \
  void mk_##name##_f64(size_t n, const double *x, double *y) { \
    for (size_t i = 0; i < n; i++) y[i] = name(x[i]);          \
  }

LIBRARY_UNARY(sin)
LIBRARY_UNARY(cos)
LIBRARY_UNARY(selu)
LIBRARY_UNARY(selu_derivative)

void mk_pow_f32(size_t n, const float *a, size_t sa, const float *b, size_t sb, float *y) {
  for (size_t i = 0; i < n; i++) y[i] = (float)pow(a[i * sa], b[i * sb]);
}

void mk_pow_f64(size_t n, const double *a, size_t sa, const double *b, size_t sb, double *y) {
  for (size_t i = 0; i < n; i++) y[i] = pow(a[i * sa], b[i * sb]);
}
