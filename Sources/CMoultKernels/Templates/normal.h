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
