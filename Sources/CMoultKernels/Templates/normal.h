/* Normal numbers by the Box-Muller transform, in Double, from eight draws: sqrt(-2 ln u1) cos(2 pi u2) with u1 = (w1 +
 * 0.5) 2^-32 and u2 = w0 2^-32.
 *
 * The logarithm and the cosine are those of FDLIBM (Sun Microsystems, e_log.c, k_cos.c, k_sin.c), each within an ulp.
 * They use only additions, multiplications, divisions and square roots, which every platform rounds in the same way,
 * and no fused operation. */

/* ln x for 2^-33 <= x < 1 */
MK_INLINE f64x8 MK(log_f64)(f64x8 x) {
  /* x = 2^k m with sqrt(1/2) <= m < sqrt(2) */
  const i64x8 half_root = (i64x8){0} + 0x3fe6a09e00000000, one = (i64x8){0} + 0x3ff0000000000000;
  i64x8 bits = (i64x8)x + (one - half_root);
  f64x8 m = (f64x8)((bits & 0x000fffffffffffff) + half_root);
  /* the integer k in the low bits of 1.5 * 2^52 */
  f64x8 k = (f64x8)((bits >> 52) + (0x4338000000000000 - 0x3ff)) - 0x1.8p52;
  f64x8 f = m - 1.0, half = 0.5 * f * f, s = f / (2.0 + f), z = s * s, w = z * z;
  f64x8 even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  f64x8 odd = z * (6.666666666666735130e-01 +
                   w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  f64x8 low = s * (half + (even + odd)) + k * 1.90821492927058770002e-10;
  return k * 6.93147180369123816490e-01 - ((half - low) - f);
}

/* cos t for t = fl(2 pi turn) with turn = w0 2^-32 */
MK_INLINE f64x8 MK(cos_of_turn)(u32x8 w0) {
  f64x8 t = 6.283185307179586 * (__builtin_convertvector(w0, f64x8) * 0x1p-32);
  /* t = k pi/2 + x + y. pi/2 is split into three parts, so that subtracting the first one leaves no error. */
  i64x8 quarter = __builtin_convertvector(((w0 >> 29) + 1) >> 1, i64x8);
  f64x8 k = (f64x8)(quarter + 0x4338000000000000) - 0x1.8p52;
  f64x8 r = (t - k * 0x1.921fb544p0) - k * 0x1.0b46p-34 /* the rest of pi/2 in Double */;
  f64x8 lost = k * 6.123233995736766e-17, x = r - lost, y = (r - x) - lost;
  f64x8 z = x * x, w = z * z, v = z * x, half = 0.5 * z, whole = 1.0 - half;
  f64x8 p = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05)) +
            w * w * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
  f64x8 cosine = whole + (((1.0 - whole) - half) + (z * p - x * y));
  f64x8 q = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * 2.75573137070700676789e-06) +
            z * w * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10);
  f64x8 sine = x - ((z * (0.5 * y - v * q) - y) - v * -1.66666666666666324348e-01);
  i64x8 is_odd = -(quarter & 1), sign = ((quarter + 1) & 2) << 62;
  return (f64x8)(((is_odd & (i64x8)sine) | (~is_odd & (i64x8)cosine)) ^ sign);
}

MK_INLINE f64x8 MK(normal)(u32x8 w0, u32x8 w1) {
  f64x8 u = (__builtin_convertvector(w1, f64x8) + 0.5) * 0x1p-32;
  return __builtin_elementwise_sqrt(-2.0 * MK(log_f64)(u)) * MK(cos_of_turn)(w0);
}

/* mean + deviation * normal, computed in Double and rounded to Float: the same bits as the functions above give. */
static __attribute__((noinline)) f32x8 MK(exact_normal_f32)(u32x8 w0, u32x8 w1, double mean, double deviation) {
  return __builtin_convertvector(mean + deviation * MK(normal)(w0, w1), f32x8);
}

#if MK_LEVEL == 0
#define MK_NORMAL_F32 MK(exact_normal_f32)
#else
#define MK_NORMAL_F32 MK(normal_f32)

/* -2 ln((w1 + 0.5) 2^-32), relative error 2^-37.7: atanh s as a polynomial of degree 9 */
MK_INLINE f64x8 MK(near_log)(u32x8 w1) {
  const i64x8 half_root = (i64x8){0} + 0x3fe6a09e00000000, one = (i64x8){0} + 0x3ff0000000000000;
  i64x8 bits = (i64x8)(__builtin_convertvector(w1, f64x8) + 0.5) + (one - half_root);
  f64x8 m = (f64x8)((bits & 0x000fffffffffffff) + half_root);
  f64x8 k = (f64x8)((bits >> 52) + (0x4338000000000000 - 0x3ff - 32)) - 0x1.8p52;
  f64x8 f = m - 1.0, s = f / (2.0 + f), z = s * s, p = MK_SPLAT64(-0.4723666947418415682);
  p = MK_FMA(p, z, MK_SPLAT64(-0.57069871675172014946));
  p = MK_FMA(p, z, MK_SPLAT64(-0.80000773541651713504));
  p = MK_FMA(p, z, MK_SPLAT64(-1.3333333047053070234));
  p = MK_FMA(p, z, MK_SPLAT64(-4.000000000016940295));
  return MK_FMA(k, MK_SPLAT64(-1.3862943611198906), s * p);
}

/* cos(2 pi w0 2^-32), absolute error 2^-44.5: the sine, as a polynomial of degree 13, of the angle's distance from a
 * quarter turn */
MK_INLINE f64x8 MK(near_cos)(u32x8 w0) {
  u32x8 sign = (u32x8)((i32x8)w0 >> 31), turn = (w0 ^ sign) - sign;
  f64x8 x = __builtin_convertvector((i32x8)(0x40000000u - turn), f64x8) * 0x1.921fb54442d18p-30, z = x * x;
  f64x8 p = MK_SPLAT64(1.5365914875555415664e-10);
  p = MK_FMA(p, z, MK_SPLAT64(-2.5026634354083377828e-8));
  p = MK_FMA(p, z, MK_SPLAT64(2.7556840805321299903e-6));
  p = MK_FMA(p, z, MK_SPLAT64(-0.00019841265022861984273));
  p = MK_FMA(p, z, MK_SPLAT64(0.0083333333084044819022));
  p = MK_FMA(p, z, MK_SPLAT64(-0.16666666666097734457));
  p = MK_FMA(p, z, MK_SPLAT64(0.9999999999996241568));
  return x * p;
}

/* The same bits as exact_normal_f32, in half of the time. The approximation n is within root * 2^-38.7 of the normal
 * number (compared for all 2^32 values of w0 and of w1). If n - error and n + error give the same float, so does every
 * number between them; otherwise, in about one of 1,000 lanes, the number is computed exactly. */
MK_INLINE f32x8 MK(normal_f32)(u32x8 w0, u32x8 w1, double mean, double deviation) {
  f64x8 root = __builtin_elementwise_sqrt(MK(near_log)(w1)), n = root * MK(near_cos)(w0), error = root * 0x1p-37;
  f32x8 low = __builtin_convertvector(mean + deviation * (n - error), f32x8);
  f32x8 high = __builtin_convertvector(mean + deviation * (n + error), f32x8);
  return __builtin_reduce_or(low != high) ? MK(exact_normal_f32)(w0, w1, mean, deviation) : low;
}
#endif
