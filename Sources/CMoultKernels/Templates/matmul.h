/* Register-blocked product of packed panels. A panel: [k][ROWS], B panel: [k][COLUMNS]. */
#if MK_LEVEL == 2
#define ROWS 8
#define VECTORS 2
#elif MK_LEVEL == 1
#define ROWS 6
#define VECTORS 1
#else
#define ROWS 4
#define VECTORS 1
#endif
#define COLUMNS (VECTORS * MK_LANES)

MK_INLINE void MK(tile)(size_t k, const float *a, const float *b, float *c, size_t ldc, size_t rows, size_t columns,
                        bool resume) {
  f32x16 acc[ROWS][VECTORS];
  float edge[ROWS * COLUMNS] __attribute__((aligned(64)));
  bool whole = rows == ROWS && columns == COLUMNS;
  float *out = whole ? c : edge;
  size_t ld = whole ? ldc : COLUMNS;
  if (resume) {
    if (!whole)
      for (size_t i = 0; i < rows; i++) memcpy(edge + i * COLUMNS, c + i * ldc, columns * sizeof(float));
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
      for (int j = 0; j < VECTORS; j++) acc[i][j] = MK_LOAD(out + (size_t)i * ld + j * MK_LANES);
  } else {
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
      for (int j = 0; j < VECTORS; j++) acc[i][j] = (f32x16){0};
  }
  for (size_t p = 0; p < k; p++, a += ROWS, b += COLUMNS) {
    f32x16 row[VECTORS];
#pragma unroll
    for (int j = 0; j < VECTORS; j++) row[j] = *(const f32x16 *)(b + j * MK_LANES);
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      f32x16 x = MK_SPLAT(a[i]);
#pragma unroll
      for (int j = 0; j < VECTORS; j++) acc[i][j] = MK_FMA(x, row[j], acc[i][j]);
    }
  }
#pragma unroll
  for (int i = 0; i < ROWS; i++)
#pragma unroll
    for (int j = 0; j < VECTORS; j++) MK_STORE(out + (size_t)i * ld + j * MK_LANES, acc[i][j]);
  if (!whole)
    for (size_t i = 0; i < rows; i++) memcpy(c + i * ldc, edge + i * COLUMNS, columns * sizeof(float));
}

/* Panels of `width` lines (rows of A or columns of B), k deep; lines beyond `lines` are zero. */
MK_INLINE void MK(pack)(size_t lines, size_t k, const float *x, ptrdiff_t line, ptrdiff_t step, size_t width,
                        float *out) {
  for (size_t first = 0; first < lines; first += width, out += width * k) {
    size_t n = lines - first < width ? lines - first : width;
    const float *base = x + (ptrdiff_t)first * line;
    if (line == 1 && n == width) {
      for (size_t p = 0; p < k; p++) memcpy(out + p * width, base + (ptrdiff_t)p * step, width * sizeof(float));
      continue;
    }
    for (size_t p = 0; p < k; p++) {
      const float *from = base + (ptrdiff_t)p * step;
      float *to = out + p * width;
      for (size_t i = 0; i < n; i++) to[i] = from[(ptrdiff_t)i * line];
      for (size_t i = n; i < width; i++) to[i] = 0;
    }
  }
}

static void MK(matmul_f32)(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                           ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, bool accumulate, float *scratch) {
  float *packed_b = scratch;
  float *packed_a = scratch + (k < MK_BLOCK_K ? k : MK_BLOCK_K) * MK_ROUND_UP(n, MK_WIDEST);
  if (k == 0 && !accumulate)
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(float));
  for (size_t k0 = 0; k0 < k; k0 += MK_BLOCK_K) {
    size_t depth = k - k0 < MK_BLOCK_K ? k - k0 : MK_BLOCK_K;
    bool resume = accumulate || k0 > 0;
    MK(pack)(n, depth, b + (ptrdiff_t)k0 * rsb, csb, rsb, COLUMNS, packed_b);
    for (size_t m0 = 0; m0 < m; m0 += MK_BLOCK_M) {
      size_t height = m - m0 < MK_BLOCK_M ? m - m0 : MK_BLOCK_M;
      MK(pack)(height, depth, a + (ptrdiff_t)m0 * rsa + (ptrdiff_t)k0 * csa, rsa, csa, ROWS, packed_a);
      for (size_t j = 0; j < n; j += COLUMNS)
        for (size_t i = 0; i < height; i += ROWS)
          MK(tile)(depth, packed_a + i * depth, packed_b + j * depth, c + (m0 + i) * ldc + j, ldc,
                   height - i < ROWS ? height - i : ROWS, n - j < COLUMNS ? n - j : COLUMNS, resume);
    }
  }
}

#undef ROWS
#undef VECTORS
#undef COLUMNS
