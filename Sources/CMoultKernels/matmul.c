#include "Templates/vector.h"

/* The block sizes of a product: terms of the sum, rows of A, and columns of B that are packed at a time. A packed strip
 * of B, as wide as a tile, takes 32 KiB at most and stays in the first-level cache while the tiles of a block of A, 768
 * KiB, are multiplied with it. Several strips are packed at a time, since reading shorter pieces of a row of B would
 * touch a memory page for each piece. */
#define MK_BLOCK_K 256
#define MK_BLOCK_M 768
#define MK_BLOCK_N 128
/* The least width of a product for which A is packed: narrower products use A too few times for the packing to save
 * time. A is always packed if neither of its strides is 1. */
#define MK_PACK_A_WIDTH 1024
/* B is packed if the product has more rows than MK_PACK_B_HEIGHT or if the row stride of B exceeds MK_PACK_B_STRIDE;
 * otherwise packing costs more than it saves and the rows of B stay in the cache. B is always packed if its column
 * stride is not 1. */
#define MK_PACK_B_HEIGHT 256
#define MK_PACK_B_STRIDE 1024
/* The greatest number of rows of a product for which B is transposed in registers instead of packed. */
#define MK_NARROW_ROWS 8

#define MK_TEMPLATE "matmul.h"
#include "Templates/each_isa.h"

/* The scratch has MK_LANES extra floats: the last column of the last tile of A may be stored as a whole vector. */
size_t mk_matmul_f32_scratch(size_t m, size_t n, size_t k) {
  size_t depth = k < MK_BLOCK_K ? k : MK_BLOCK_K, height = m < MK_BLOCK_M ? m : MK_BLOCK_M;
  return depth * (height + (n < MK_BLOCK_N ? n + MK_LANES : MK_BLOCK_N)) + MK_LANES;
}

void mk_matmul_f32(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                   ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, float *scratch) {
  /* A result with one column is computed as one row, which has the same layout in memory. */
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
