/* Products with so few rows that B is read once, in order, and not packed. */

/* c[0 ..< n] = a b for one row a and a matrix b with contiguous rows; eight rows of b are used at a time. */
static void MK(row_product)(size_t n, size_t k, const float *a, ptrdiff_t csa, const float *b, ptrdiff_t rsb,
                            float *c) {
  bool resume = false;
  for (size_t p = 0; p < k; resume = true) {
    size_t terms = k - p < 8 ? 1 : 8, j = 0;
    const float *from = b + (ptrdiff_t)p * rsb;
    f32x16 x[8];
    for (size_t q = 0; q < terms; q++) x[q] = MK_SPLAT(a[(ptrdiff_t)(p + q) * csa]);
#define LINE(TERMS)                                                                                           \
  for (; j + MK_LANES <= n; j += MK_LANES) {                                                                  \
    f32x16 sum = resume ? MK_LOAD(c + j) : (f32x16){0};                                                       \
    _Pragma("unroll") for (size_t q = 0; q < TERMS; q++) {                                                    \
      sum = MK_FMA(x[q], MK_LOAD(from + (ptrdiff_t)q * rsb + j), sum);                                        \
    }                                                                                                         \
    MK_STORE(c + j, sum);                                                                                     \
  }
    if (terms == 8) {
      LINE(8)
    } else {
      LINE(1)
    }
#undef LINE
    for (; j < n; j++) {
      float sum = resume ? c[j] : 0;
      for (size_t q = 0; q < terms; q++) sum = MK_FMA(x[q][0], from[(ptrdiff_t)q * rsb + j], sum);
      c[j] = sum;
    }
    p += terms;
  }
}

#if MK_LEVEL == 0
/* Without wide registers nothing is gained: no columns are computed here. */
static size_t MK(narrow_product)(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa,
                               const float *b, ptrdiff_t csb, float *c, size_t ldc) {
  (void)m, (void)n, (void)k, (void)a, (void)rsa, (void)csa, (void)b, (void)csb, (void)c, (void)ldc;
  return 0;
}
#else
/* c[height, 16 blocks] = a b for columns of b that are csb apart and contiguous along k: sixteen terms of sixteen
 * columns are transposed in registers. Several blocks side by side keep the arithmetic units busy, since a single chain
 * of additions would wait for its own results. The fences stop the compiler from interleaving blocks, for which there
 * are not enough registers. */
MK_INLINE void MK(narrow_tile)(size_t height, size_t blocks, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa,
                             const float *b, ptrdiff_t csb, float *c, size_t ldc) {
  f32x16 acc[MK_NARROW_ROWS][2];
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < blocks; j++) acc[i][j] = (f32x16){0};
  size_t p = 0;
  for (; p + MK_LANES <= k; p += MK_LANES) {
#pragma unroll
    for (size_t j = 0; j < blocks; j++) {
      f32x16 r[MK_LANES];
#pragma unroll
      for (size_t q = 0; q < MK_LANES; q++) r[q] = MK_LOAD(b + (ptrdiff_t)(j * MK_LANES + q) * csb + p);
      MK(transpose16)(r);
      __atomic_signal_fence(__ATOMIC_SEQ_CST);
#pragma unroll
      for (size_t q = 0; q < MK_LANES; q++)
#pragma unroll
        for (size_t i = 0; i < height; i++)
          acc[i][j] = MK_FMA(MK_SPLAT(a[(ptrdiff_t)i * rsa + (ptrdiff_t)(p + q) * csa]), r[q], acc[i][j]);
      __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
  }
  for (; p < k; p++)
#pragma unroll
    for (size_t j = 0; j < blocks; j++) {
      f32x16 column;
      for (size_t q = 0; q < MK_LANES; q++) column[q] = b[(ptrdiff_t)(j * MK_LANES + q) * csb + (ptrdiff_t)p];
#pragma unroll
      for (size_t i = 0; i < height; i++)
        acc[i][j] = MK_FMA(MK_SPLAT(a[(ptrdiff_t)i * rsa + (ptrdiff_t)p * csa]), column, acc[i][j]);
    }
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < blocks; j++) MK_STORE(c + i * ldc + j * MK_LANES, acc[i][j]);
}

/* Computes the first columns of the product, as far as they fill whole vectors; returns their number. */
static size_t MK(narrow_product)(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa,
                               const float *b, ptrdiff_t csb, float *c, size_t ldc) {
  size_t j = 0;
#define PASS(H, BLOCKS)                                                                            \
  for (; j + BLOCKS * MK_LANES <= n; j += BLOCKS * MK_LANES)                                       \
    MK(narrow_tile)(H, BLOCKS, k, a, rsa, csa, b + (ptrdiff_t)j * csb, csb, c + j, ldc);
  switch (m) {
    case 1: PASS(1, 2) PASS(1, 1) break;
    case 2: PASS(2, 2) PASS(2, 1) break;
    case 3: PASS(3, 2) PASS(3, 1) break;
    case 4: PASS(4, 1) break;
    case 5: PASS(5, 1) break;
    case 6: PASS(6, 1) break;
    case 7: PASS(7, 1) break;
    default: PASS(8, 1)
  }
#undef PASS
  return j;
}
#endif
