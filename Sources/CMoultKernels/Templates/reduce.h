#include "lanes.h"

static void MK(sum_rows_f32)(size_t rows, size_t n, const float *x, size_t stride, float *y) {
  for (size_t r = 0; r < rows; r++, x += stride) {
    double total = 0;
    for (size_t start = 0; start < n; start += MK_SUM_BLOCK) {
      size_t end = n - start < MK_SUM_BLOCK ? n : start + MK_SUM_BLOCK, i = start;
      f32x16 lanes = {0};
      for (; i + MK_LANES <= end; i += MK_LANES) lanes += MK_LOAD(x + i);
      if (i < end) {
        float rest[MK_LANES] = {0};
        memcpy(rest, x + i, (end - i) * sizeof(float));
        lanes += MK_LOAD(rest);
      }
      total += MK(lane_sum)(lanes);
    }
    y[r] = (float)total;
  }
}

static void MK(sum_columns_f32)(size_t rows, size_t n, const float *x, size_t stride, float *y) {
  size_t j = 0;
  for (; j + 4 * MK_LANES <= n; j += 4 * MK_LANES) {
    f32x16 s[4] = {{0}, {0}, {0}, {0}};
    for (size_t r = 0; r < rows; r++)
#pragma unroll
      for (int q = 0; q < 4; q++) s[q] += MK_LOAD(x + r * stride + j + (size_t)q * MK_LANES);
#pragma unroll
    for (int q = 0; q < 4; q++) MK_STORE(y + j + (size_t)q * MK_LANES, s[q]);
  }
  for (; j < n; j++) {
    float s = 0;
    for (size_t r = 0; r < rows; r++) s += x[r * stride + j];
    y[j] = s;
  }
}
