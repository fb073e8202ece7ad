/* exp, log, tanh and sigmoid on 16 lanes. The polynomials are those of expf, logf and tanhf in Cephes (S. Moshier);
 * errors are below 2 ulp. */
MK_INLINE f32x16 MK(vexp)(f32x16 x) {
  const f32x16 highest = MK_SPLAT(88.7228394f), lowest = MK_SPLAT(-104.0f);
  i32x16 over = x > highest, under = x < lowest, nan = x != x;
  f32x16 z = MK_SELECT(over | under | nan, (f32x16){0}, x);
  f32x16 n = __builtin_elementwise_roundeven(z * 1.44269504088896341f);
  f32x16 r = MK_FMA(n, MK_SPLAT(-0.693359375f), z);
  r = MK_FMA(n, MK_SPLAT(2.12194440e-4f), r);
  f32x16 p = MK_SPLAT(1.9875691500e-4f);
  p = MK_FMA(p, r, MK_SPLAT(1.3981999507e-3f));
  p = MK_FMA(p, r, MK_SPLAT(8.3334519073e-3f));
  p = MK_FMA(p, r, MK_SPLAT(4.1665795894e-2f));
  p = MK_FMA(p, r, MK_SPLAT(1.6666665459e-1f));
  p = MK_FMA(p, r, MK_SPLAT(5.0000001201e-1f));
  p = MK_FMA(p, r * r, r) + 1.0f;
  /* 2^n is applied in two factors, so that subnormal results are correct */
  i32x16 k = __builtin_convertvector(n, i32x16), half = k >> 1;
  f32x16 y = p * (f32x16)((half + 127) << 23) * (f32x16)((k - half + 127) << 23);
  y = MK_SELECT(over, MK_SPLAT(INFINITY), y);
  y = MK_SELECT(under, (f32x16){0}, y);
  return MK_SELECT(nan, x, y);
}

MK_INLINE f32x16 MK(vlog)(f32x16 x) {
  i32x16 tiny = x < 1.17549435e-38f;
  f32x16 z = MK_SELECT(tiny, x * 8388608.0f, x);
  i32x16 bits = (i32x16)z;
  i32x16 e = ((bits >> 23) & 0xff) - 126;
  e -= (i32x16)tiny & 23;
  f32x16 m = (f32x16)((bits & 0x007fffff) | 0x3f000000); /* 0.5 ... 1 */
  i32x16 small = m < 0.707106781186547524f;
  e += small; /* a true lane is -1 */
  m = m - 1.0f + MK_SELECT(small, m, (f32x16){0});
  f32x16 n = __builtin_convertvector(e, f32x16), q = m * m;
  f32x16 p = MK_SPLAT(7.0376836292e-2f);
  p = MK_FMA(p, m, MK_SPLAT(-1.1514610310e-1f));
  p = MK_FMA(p, m, MK_SPLAT(1.1676998740e-1f));
  p = MK_FMA(p, m, MK_SPLAT(-1.2420140846e-1f));
  p = MK_FMA(p, m, MK_SPLAT(1.4249322787e-1f));
  p = MK_FMA(p, m, MK_SPLAT(-1.6668057665e-1f));
  p = MK_FMA(p, m, MK_SPLAT(2.0000714765e-1f));
  p = MK_FMA(p, m, MK_SPLAT(-2.4999993993e-1f));
  p = MK_FMA(p, m, MK_SPLAT(3.3333331174e-1f));
  f32x16 y = p * m * q;
  y = MK_FMA(n, MK_SPLAT(-2.12194440e-4f), y);
  y = MK_FMA(q, MK_SPLAT(-0.5f), y);
  y = MK_FMA(n, MK_SPLAT(0.693359375f), m + y);
  y = MK_SELECT(x == INFINITY, x, y);
  y = MK_SELECT(x == 0.0f, MK_SPLAT(-INFINITY), y);
  return MK_SELECT((x < 0.0f) | (x != x), MK_SPLAT(NAN), y);
}

/* e^-|x| cannot overflow, so results for large negative x stay accurate down to subnormal numbers. `lost` is the
 * rounding error of 1 + e; its effect is added back. */
MK_INLINE f32x16 MK(vsigmoid)(f32x16 x) {
  i32x16 negative = x < 0.0f;
  f32x16 e = MK(vexp)(-__builtin_elementwise_abs(x)), d = 1.0f + e, lost = e - (d - 1.0f);
  f32x16 y = MK_SELECT(negative, e, MK_SPLAT(1)) / d;
  y = MK_FMA(-y, lost * MK_SELECT(negative, 1.0f - y, y), y);
  return MK_SELECT(x != x, x, y);
}

MK_INLINE f32x16 MK(vtanh)(f32x16 x) {
  f32x16 a = __builtin_elementwise_abs(x), s = x * x;
  f32x16 p = MK_SPLAT(-5.70498872745e-3f);
  p = MK_FMA(p, s, MK_SPLAT(2.06390887954e-2f));
  p = MK_FMA(p, s, MK_SPLAT(-5.37397155531e-2f));
  p = MK_FMA(p, s, MK_SPLAT(1.33314422036e-1f));
  p = MK_FMA(p, s, MK_SPLAT(-3.33332819422e-1f));
  f32x16 near = MK_FMA(p * s, a, a);
  f32x16 far = 1.0f - 2.0f / (MK(vexp)(a + a) + 1.0f);
  f32x16 y = MK_SELECT(a < 0.625f, near, far);
  return (f32x16)((i32x16)y | ((i32x16)x & (int32_t)0x80000000));
}
