/* Matrix products: a tile of results, ROWS x COLUMNS, stays in registers over a block of terms. */
#include "transpose.h"
#include "matmul_narrow.h"

#if MK_LEVEL == 2
#define ROWS 12
#define VECTORS 2
#define EACH_HEIGHT CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#elif MK_LEVEL == 1
#define ROWS 6
#define VECTORS 1
#define EACH_HEIGHT CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#else
#define ROWS 4
#define VECTORS 1
#define EACH_HEIGHT CASE(1) CASE(2) CASE(3) CASE(4)
#endif
#define COLUMNS (VECTORS * MK_LANES)

/* c[height, 16 v] = a b, or c += a b if `resume`. Term p of row i is a[i * line + p * step]; one of these two strides
 * is 1. */
MK_INLINE void MK(tile)(size_t height, size_t v, size_t k, const float *a, size_t line, size_t step, const float *b,
                        size_t ldb, float *c, size_t ldc, bool resume) {
  f32x16 acc[ROWS][VECTORS];
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < v; j++) acc[i][j] = resume ? MK_LOAD(c + i * ldc + j * MK_LANES) : (f32x16){0};
  for (size_t p = 0; p < k; p++, a += step, b += ldb) {
    f32x16 row[VECTORS];
#pragma unroll
    for (size_t j = 0; j < v; j++) row[j] = MK_LOAD(b + j * MK_LANES);
#pragma unroll
    for (size_t i = 0; i < height; i++) {
      f32x16 x = MK_SPLAT(a[i * line]);
#pragma unroll
      for (size_t j = 0; j < v; j++) acc[i][j] = MK_FMA(x, row[j], acc[i][j]);
    }
  }
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < v; j++) MK_STORE(c + i * ldc + j * MK_LANES, acc[i][j]);
}

static void MK(any_tile)(size_t height, size_t v, size_t k, const float *a, size_t line, size_t step, const float *b,
                         size_t ldb, float *c, size_t ldc, bool resume) {
  switch (height) {
#define CASE(H)                                                             \
  case H:                                                                   \
    if (line == 1 && v == 1)                                                \
      MK(tile)(H, 1, k, a, 1, step, b, ldb, c, ldc, resume);                \
    else if (line == 1)                                                     \
      MK(tile)(H, VECTORS, k, a, 1, step, b, ldb, c, ldc, resume);          \
    else if (v == 1)                                                        \
      MK(tile)(H, 1, k, a, line, 1, b, ldb, c, ldc, resume);                \
    else                                                                    \
      MK(tile)(H, VECTORS, k, a, line, 1, b, ldb, c, ldc, resume);          \
    break;
    EACH_HEIGHT
#undef CASE
  }
}

/* A tile of which only the first `width` columns are columns of c. */
static void MK(edge_tile)(size_t height, size_t width, size_t k, const float *a, size_t line, size_t step,
                          const float *b, size_t ldb, float *c, size_t ldc, bool resume) {
  float whole[ROWS * COLUMNS] __attribute__((aligned(64)));
  if (resume)
    for (size_t i = 0; i < height; i++) memcpy(whole + i * COLUMNS, c + i * ldc, width * sizeof(float));
  MK(any_tile)(height, ldb / MK_LANES, k, a, line, step, b, ldb, whole, COLUMNS, resume);
  for (size_t i = 0; i < height; i++) memcpy(c + i * ldc, whole + i * COLUMNS, width * sizeof(float));
}

/* The first row of tile t of rows 0 ..< m. The last two tiles share the remaining rows evenly, so that none of them has
 * few rows. */
MK_INLINE size_t MK(tile_start)(size_t m, size_t t) {
  size_t tiles = (m + ROWS - 1) / ROWS;
  if (t == tiles) return m;
  return t > 0 && t == tiles - 1 ? ((t - 1) * ROWS + m + 1) / 2 : t * ROWS;
}

/* Packs the rows of a into tiles, [k][rows of the tile] each. */
static void MK(pack_a)(size_t m, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, float *to) {
  for (size_t t = 0; t * ROWS < m; t++) {
    size_t first = MK(tile_start)(m, t), rows = MK(tile_start)(m, t + 1) - first, p = 0;
    const float *from = a + (ptrdiff_t)first * rsa;
    if (csa == 1) {
      /* Whole vectors are stored; the excess is overwritten by the vectors that follow. */
      for (; p + MK_LANES <= k; p += MK_LANES) {
        f32x16 r[MK_LANES];
#pragma unroll
        for (size_t i = 0; i < MK_LANES; i++) r[i] = MK_LOAD(from + (ptrdiff_t)(i < rows ? i : 0) * rsa + p);
        MK(transpose16)(r);
#pragma unroll
        for (size_t i = 0; i < MK_LANES; i++) MK_STORE(to + (p + i) * rows, r[i]);
      }
    } else if (rsa == 1 && rows == ROWS) {
      for (; p < k; p++) memcpy(to + p * ROWS, from + (ptrdiff_t)p * csa, ROWS * sizeof(float));
    }
    for (; p < k; p++)
      for (size_t i = 0; i < rows; i++) to[p * rows + i] = from[(ptrdiff_t)i * rsa + (ptrdiff_t)p * csa];
    to += rows * k;
  }
}

MK_INLINE size_t MK(padded)(size_t width) { return width > MK_LANES ? COLUMNS : MK_LANES; }

/* Packs the columns of b into strips, [k][COLUMNS] each; the last strip may be [k][16]. Padding is zero. */
static void MK(pack_b)(size_t n, size_t k, const float *b, ptrdiff_t rsb, ptrdiff_t csb, float *to) {
  size_t whole = csb == 1 ? n / COLUMNS * COLUMNS : 0;
  for (size_t p = 0; p < k && whole > 0; p++)
    for (size_t j = 0; j < whole; j += COLUMNS)
#pragma unroll
      for (size_t q = 0; q < COLUMNS; q += MK_LANES)
        MK_STORE(to + j * k + p * COLUMNS + q, MK_LOAD(b + (ptrdiff_t)p * rsb + j + q));
  for (size_t j = whole; j < n; j += COLUMNS) {
    size_t width = n - j < COLUMNS ? n - j : COLUMNS, ld = MK(padded)(width);
    const float *from = b + (ptrdiff_t)j * csb;
    float *strip = to + j * k;
    if (rsb == 1) {
      MK(transpose)(width, k, from, (size_t)csb, strip, ld);
    } else {
      for (size_t p = 0; p < k; p++)
        for (size_t q = 0; q < width; q++) strip[p * ld + q] = from[(ptrdiff_t)p * rsb + (ptrdiff_t)q * csb];
    }
    for (size_t p = 0; p < k && width < ld; p++) memset(strip + p * ld + width, 0, (ld - width) * sizeof(float));
  }
}

static void MK(tiled_product)(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa,
                              const float *b, ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, bool resume,
                              bool pack_a, bool pack_b, float *strips, float *rows) {
  if (pack_a) MK(pack_a)(m, k, a, rsa, csa, rows);
  for (size_t j = 0; j < n; j += COLUMNS) {
    size_t width = n - j < COLUMNS ? n - j : COLUMNS;
    bool packed = pack_b || width < COLUMNS;
    if (packed && (j % MK_BLOCK_N == 0 || !pack_b))
      MK(pack_b)(pack_b && n - j > MK_BLOCK_N ? MK_BLOCK_N : n - j, k, b + (ptrdiff_t)j * csb, rsb, csb,
                 strips + j % MK_BLOCK_N * k);
    const float *strip = packed ? strips + j % MK_BLOCK_N * k : b + j;
    size_t ldb = packed ? MK(padded)(width) : (size_t)rsb;
    for (size_t t = 0; t * ROWS < m; t++) {
      size_t i = MK(tile_start)(m, t), height = MK(tile_start)(m, t + 1) - i;
      const float *from = pack_a ? rows + i * k : a + (ptrdiff_t)i * rsa;
      size_t line = pack_a ? 1 : (size_t)rsa, step = pack_a ? height : (size_t)csa;
      if (width == COLUMNS || width == MK_LANES)
        MK(any_tile)(height, width / MK_LANES, k, from, line, step, strip, ldb, c + i * ldc + j, ldc, resume);
      else
        MK(edge_tile)(height, width, k, from, line, step, strip, ldb, c + i * ldc + j, ldc, resume);
    }
  }
}

static void MK(matmul_f32)(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                           ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, float *scratch) {
  if (k == 0)
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(float));
  if (csb == 1 && (m == 1 || k <= 2)) {
    for (size_t i = 0; i < m; i++)
      MK(row_product)(n, k, a + (ptrdiff_t)i * rsa, csa, b, rsb, c + i * ldc);
    return;
  }
  if (rsb == 1 && m <= MK_NARROW_ROWS) {
    size_t done = MK(narrow_product)(m, n, k, a, rsa, csa, b, csb, c, ldc);
    b += (ptrdiff_t)done * csb, c += done, n -= done;
  }
  bool pack_a = (rsa != 1 && csa != 1) || n >= MK_PACK_A_WIDTH;
  bool pack_b = csb != 1 || m > MK_PACK_B_HEIGHT || rsb > MK_PACK_B_STRIDE;
  float *rows = scratch + (k < MK_BLOCK_K ? k : MK_BLOCK_K) * (n < MK_BLOCK_N ? n + MK_LANES : MK_BLOCK_N);
  for (size_t m0 = 0; m0 < m && n > 0; m0 += MK_BLOCK_M) {
    size_t height = m - m0 < MK_BLOCK_M ? m - m0 : MK_BLOCK_M;
    for (size_t k0 = 0; k0 < k; k0 += MK_BLOCK_K)
      MK(tiled_product)(height, n, k - k0 < MK_BLOCK_K ? k - k0 : MK_BLOCK_K,
                        a + (ptrdiff_t)m0 * rsa + (ptrdiff_t)k0 * csa, rsa, csa, b + (ptrdiff_t)k0 * rsb, rsb, csb,
                        c + m0 * ldc, ldc, k0 > 0, pack_a, pack_b, scratch, rows);
  }
}

#undef ROWS
#undef VECTORS
#undef EACH_HEIGHT
#undef COLUMNS
