#include "Templates/vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MK_SUM_BLOCK 4096
#define MK_COLUMN_BLOCK 256 /* each lane of MK_SUM_BLOCK elements has as many float additions */

#define MK_TEMPLATE "reduce.h"
#include "Templates/each_isa.h"

void mk_sum_rows_f32(size_t rows, size_t n, const float *x, size_t stride, float *y) {
  MK_CHOOSE(sum_rows_f32, rows, n, x, stride, y);
}

void mk_sum_columns_f32(size_t rows, size_t n, const float *x, size_t stride, float *y) {
  MK_CHOOSE(sum_columns_f32, rows, n, x, stride, y);
}

void mk_sum_rows_f64(size_t rows, size_t n, const double *x, size_t stride, double *y) {
  for (size_t r = 0; r < rows; r++, x += stride) {
    double s = 0;
    for (size_t i = 0; i < n; i++) s += x[i];
    y[r] = s;
  }
}

void mk_sum_columns_f64(size_t rows, size_t n, const double *x, size_t stride, double *y) {
  for (size_t j = 0; j < n; j++) y[j] = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < n; j++) y[j] += x[r * stride + j];
}
