#include "Templates/vector.h"

/* A panel of B (MK_BLOCK_K x 32 floats, 32 KiB) stays in the first-level cache, a block of A (MK_BLOCK_M x MK_BLOCK_K,
 * 240 KiB) in the second. MK_BLOCK_M is a multiple of every version's tile height. */
#define MK_BLOCK_K 256
#define MK_BLOCK_M 240
#define MK_WIDEST 32
#define MK_ROUND_UP(x, to) (((x) + (to)-1) / (to) * (to))

#define MK_TEMPLATE "matmul.h"
#include "Templates/each_isa.h"

size_t mk_matmul_f32_scratch(size_t m, size_t n, size_t k) {
  size_t height = MK_ROUND_UP(m < MK_BLOCK_M ? m : MK_BLOCK_M, 24);
  return (k < MK_BLOCK_K ? k : MK_BLOCK_K) * (MK_ROUND_UP(n, MK_WIDEST) + height);
}

void mk_matmul_f32(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                   ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, bool accumulate, float *scratch) {
  MK_CHOOSE(matmul_f32, m, n, k, a, rsa, csa, b, rsb, csb, c, ldc, accumulate, scratch);
}

void mk_matmul_f64(size_t m, size_t n, size_t k, const double *a, ptrdiff_t rsa, ptrdiff_t csa, const double *b,
                   ptrdiff_t rsb, ptrdiff_t csb, double *c, size_t ldc, bool accumulate) {
  for (size_t i = 0; i < m; i++) {
    double *out = c + i * ldc;
    if (!accumulate) memset(out, 0, n * sizeof(double));
    for (size_t p = 0; p < k; p++) {
      double x = a[(ptrdiff_t)i * rsa + (ptrdiff_t)p * csa];
      const double *row = b + (ptrdiff_t)p * rsb;
      for (size_t j = 0; j < n; j++) out[j] += x * row[(ptrdiff_t)j * csb];
    }
  }
}
