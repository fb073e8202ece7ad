/* Activations that can join the epilogue of a product, and their derivatives, on 16 lanes. MK_ACTIVATION_KERNELS has
 * one line for each: X(name, f(v), f'(v)). MK_EACH_ACTIVATION in CMoultKernels.h lists the names too. */
#include "math.h"

/* GELU, x Phi(x), loses digits in Float32 where Phi is small. So it is computed in double, with polynomials that are
 * accurate enough for a float: results are within an ulp. */

/* exp(-x^2 / 2) for |x| <= 14.5, relative error 3e-9. */
MK_INLINE f64x8 MK(vbell)(f64x8 x) {
  f64x8 z = x * x * -0.5, n = __builtin_elementwise_roundeven(z * 1.4426950408889634);
  f64x8 r = MK_FMA(n, MK_SPLAT64(-0.6931471805599453), z), p = MK_SPLAT64(0.0013941108433972675);
  p = MK_FMA(p, r, MK_SPLAT64(0.0083751263981533357));
  p = MK_FMA(p, r, MK_SPLAT64(0.041666352896775157));
  p = MK_FMA(p, r, MK_SPLAT64(0.16666415514653275));
  p = MK_FMA(p, r, MK_SPLAT64(0.50000000471177577));
  p = MK_FMA(p, r, MK_SPLAT64(1.0000000377162138));
  p = MK_FMA(p, r, MK_SPLAT64(1.0));
  return p * (f64x8)((__builtin_convertvector(n, i64x8) + 1023) << 52);
}

/* The cumulative normal distribution function, computed from bell = exp(-x^2 / 2). For negative x it is bell * R(|x|)
 * with R(t) = erfcx(t / sqrt 2) / 2, a polynomial in (t - 3) / (t + 3) with a relative error of 4e-9. */
MK_INLINE f64x8 MK(vnormal_cdf)(f64x8 x, f64x8 bell) {
  f64x8 t = __builtin_elementwise_abs(x), s = (t - 3.0) / (t + 3.0), p = MK_SPLAT64(-7.6386777607486502e-6);
  p = MK_FMA(p, s, MK_SPLAT64(-1.0422233036643012e-5));
  p = MK_FMA(p, s, MK_SPLAT64(6.1760050593867447e-5));
  p = MK_FMA(p, s, MK_SPLAT64(0.0001285119474767964));
  p = MK_FMA(p, s, MK_SPLAT64(-0.00034293033356221689));
  p = MK_FMA(p, s, MK_SPLAT64(-0.00098957342180399774));
  p = MK_FMA(p, s, MK_SPLAT64(0.0029054121371088909));
  p = MK_FMA(p, s, MK_SPLAT64(0.0061331488620271009));
  p = MK_FMA(p, s, MK_SPLAT64(-0.046213414305352147));
  p = MK_FMA(p, s, MK_SPLAT64(0.12322496244217605));
  p = MK_FMA(p, s, MK_SPLAT64(-0.20640261317205766));
  p = MK_FMA(p, s, MK_SPLAT64(0.12151394824712513));
  f64x8 tail = bell * p;
  return MK_SELECT64(x > 0.0, 1.0 - tail, tail);
}

MK_INLINE f64x8 MK(vgelu_half)(f64x8 x) { return x * MK(vnormal_cdf)(x, MK(vbell)(x)); }

MK_INLINE f64x8 MK(vgelu_derivative_half)(f64x8 x) {
  f64x8 bell = MK(vbell)(x);
  return MK_FMA(x * bell, MK_SPLAT64(0.3989422804014327), MK(vnormal_cdf)(x, bell));
}

/* Computes f in double on both halves of 16 floats, clamped to the range outside which the result is a constant or the
 * identity in Float32. */
#define IN_DOUBLE(f, x)                                                                                   \
  f32x16 inside = __builtin_elementwise_max(__builtin_elementwise_min(x, MK_SPLAT(14.5f)), MK_SPLAT(-14.5f)); \
  f64x8 low = f(__builtin_convertvector(__builtin_shufflevector(inside, inside, 0, 1, 2, 3, 4, 5, 6, 7), f64x8)), \
        high = f(__builtin_convertvector(                                                                 \
            __builtin_shufflevector(inside, inside, 8, 9, 10, 11, 12, 13, 14, 15), f64x8));               \
  f32x16 y = __builtin_shufflevector(__builtin_convertvector(low, f32x8), __builtin_convertvector(high, f32x8), 0, 1, \
                                     2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

MK_INLINE f32x16 MK(vgelu)(f32x16 x) {
  IN_DOUBLE(MK(vgelu_half), x)
  y = MK_SELECT(x < -14.5f, -(f32x16){0}, MK_SELECT(x > 14.5f, x, y));
  return MK_SELECT(x != x, x, y);
}

MK_INLINE f32x16 MK(vgelu_derivative)(f32x16 x) {
  IN_DOUBLE(MK(vgelu_derivative_half), x)
  return MK_SELECT(x != x, x, y);
}
#undef IN_DOUBLE

/* tanh-GELU is x sigmoid(2 k (x + 0.044715 x^3)), k = sqrt(2 / pi). */
MK_INLINE f32x16 MK(vgelu_tanh)(f32x16 x) {
  f32x16 inner = MK_FMA(x * x, MK_SPLAT(0.071354816f), MK_SPLAT(1.5957691f)) * x;
  return x * MK(vsigmoid)(inner);
}

MK_INLINE f32x16 MK(vgelu_tanh_derivative)(f32x16 x) {
  f32x16 square = x * x, inner = MK_FMA(square, MK_SPLAT(0.071354816f), MK_SPLAT(1.5957691f)) * x;
  f32x16 s = MK(vsigmoid)(inner), slope = MK_FMA(square, MK_SPLAT(0.21406445f), MK_SPLAT(1.5957691f)) * x;
  return MK_FMA(slope * (1.0f - s), s, s);
}


MK_INLINE f32x16 MK(vsilu)(f32x16 x) { return x * MK(vsigmoid)(x); }

MK_INLINE f32x16 MK(vsilu_derivative)(f32x16 x) {
  f32x16 s = MK(vsigmoid)(x);
  return MK_FMA(x * s, 1.0f - s, s);
}


/* tanh(softplus(x)) = n / (n + 2) with n = e^x (e^x + 2). x is limited to 20, where the quotient is 1 in Float32, so
 * that e^2x stays small. */
MK_INLINE f32x16 MK(vmish)(f32x16 x) {
  f32x16 e = MK(vexp)(__builtin_elementwise_min(x, MK_SPLAT(20))), n = MK_FMA(e, e, e + e);
  return MK_SELECT(x != x, x, x * (n / (n + 2.0f)));
}

MK_INLINE f32x16 MK(vmish_derivative)(f32x16 x) {
  f32x16 e = MK(vexp)(__builtin_elementwise_min(x, MK_SPLAT(20))), n = MK_FMA(e, e, e + e), d = 1.0f / (n + 2.0f);
  /* 1 - tanh^2 = 4 (n + 1) / (n + 2)^2 */
  f32x16 slope = MK_SELECT(x > 20.0f, (f32x16){0}, x * (n + 1.0f) * d * d * 4.0f * MK(vsigmoid)(x));
  return MK_SELECT(x != x, x, MK_FMA(n, d, slope));
}

#define MK_ACTIVATION_KERNELS(X)               \
  X(gelu, MK(vgelu)(v), MK(vgelu_derivative)(v)) \
  X(gelu_tanh, MK(vgelu_tanh)(v), MK(vgelu_tanh_derivative)(v)) \
  X(silu, MK(vsilu)(v), MK(vsilu_derivative)(v)) \
  X(mish, MK(vmish)(v), MK(vmish_derivative)(v))
