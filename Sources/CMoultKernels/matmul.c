#include "Templates/vector.h"

/* Terms of the sum per block, rows of A per block, and columns of B packed at a time. A strip of B of a tile's width,
 * 32 KiB, stays in the first-level cache while the tiles of a block of A, 768 KiB, pass it; four strips are packed at a
 * time, since narrower stretches of a row of B cost a page each. */
#define MK_BLOCK_K 256
#define MK_BLOCK_M 768
#define MK_BLOCK_N 128
/* A is packed for products at least this wide, which use it often enough to pay for it. */
#define MK_PACK_A_WIDTH 1024
/* B is packed unless there are so few rows that this does not pay, and its rows so close that they stay cached. */
#define MK_PACK_B_HEIGHT 256
#define MK_PACK_B_STRIDE 1024
/* Products of at most this many rows transpose B in registers. */
#define MK_NARROW_ROWS 8

#define MK_TEMPLATE "matmul.h"
#include "Templates/each_isa.h"

/* The last column of the last tile of A may be stored as a whole vector. */
size_t mk_matmul_f32_scratch(size_t m, size_t n, size_t k) {
  size_t depth = k < MK_BLOCK_K ? k : MK_BLOCK_K, height = m < MK_BLOCK_M ? m : MK_BLOCK_M;
  return depth * (height + (n < MK_BLOCK_N ? n + MK_LANES : MK_BLOCK_N)) + MK_LANES;
}

void mk_matmul_f32(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                   ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, float *scratch) {
  /* A column is worked out as the row it is in memory. */
  if (n == 1 && ldc == 1 && m > 1) {
    MK_CHOOSE(matmul_f32, 1, m, k, b, csb, rsb, a, csa, rsa, c, m, scratch);
  } else {
    MK_CHOOSE(matmul_f32, m, n, k, a, rsa, csa, b, rsb, csb, c, ldc, scratch);
  }
}

void mk_matmul_f64(size_t m, size_t n, size_t k, const double *a, ptrdiff_t rsa, ptrdiff_t csa, const double *b,
                   ptrdiff_t rsb, ptrdiff_t csb, double *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    double *out = c + i * ldc;
    memset(out, 0, n * sizeof(double));
    for (size_t p = 0; p < k; p++) {
      double x = a[(ptrdiff_t)i * rsa + (ptrdiff_t)p * csa];
      const double *row = b + (ptrdiff_t)p * rsb;
      for (size_t j = 0; j < n; j++) out[j] += x * row[(ptrdiff_t)j * csb];
    }
  }
}
