#include "lanes.h"
#include "parts.h"

static void MK(sum_rows_f32)(size_t rows, size_t n, const float *x, size_t stride, float *y) {
  for (size_t r = 0; r < rows; r++, x += stride) {
    double total = 0;
    for (size_t start = 0; start < n; start += MK_SUM_BLOCK) {
      size_t end = n - start < MK_SUM_BLOCK ? n : start + MK_SUM_BLOCK, i = start;
      f32x16 lanes = {0};
      for (; i + MK_LANES <= end; i += MK_LANES) lanes += MK_LOAD(x + i);
      if (i < end) lanes += MK(load_part)(x + i, end - i, 0);
      total += MK(lane_sum)(lanes);
    }
    y[r] = (float)total;
  }
}

/* Sums `width` columns: in float for MK_COLUMN_BLOCK rows at a time, and over these blocks in double. */
MK_INLINE void MK(sum_column_block)(size_t rows, size_t width, const float *x, size_t stride, float *y) {
  double total[4 * MK_LANES] = {0};
  for (size_t start = 0; start < rows; start += MK_COLUMN_BLOCK) {
    size_t end = rows - start < MK_COLUMN_BLOCK ? rows : start + MK_COLUMN_BLOCK;
    f32x16 s[4] = {{0}, {0}, {0}, {0}};
    if (width == 4 * MK_LANES) {
      for (size_t r = start; r < end; r++)
#pragma unroll
        for (int q = 0; q < 4; q++) s[q] += MK_LOAD(x + r * stride + (size_t)q * MK_LANES);
    } else {
      for (size_t j = 0; j < width; j += MK_LANES)
        for (size_t r = start; r < end; r++) s[j / MK_LANES] += MK(load_part)(x + r * stride + j, width - j, 0);
    }
    float block[4 * MK_LANES];
#pragma unroll
    for (int q = 0; q < 4; q++) MK_STORE(block + (size_t)q * MK_LANES, s[q]);
    for (size_t j = 0; j < width; j++) total[j] += block[j];
  }
  for (size_t j = 0; j < width; j++) y[j] = (float)total[j];
}

static void MK(sum_columns_f32)(size_t rows, size_t n, const float *x, size_t stride, float *y) {
  size_t j = 0;
  for (; j + 4 * MK_LANES <= n; j += 4 * MK_LANES) MK(sum_column_block)(rows, 4 * MK_LANES, x + j, stride, y + j);
  if (j < n) MK(sum_column_block)(rows, n - j, x + j, stride, y + j);
}
