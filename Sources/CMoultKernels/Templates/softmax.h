#include "math.h"
#include "lanes.h"
#include "parts.h"

/* The largest of n elements; NaN if one of them is NaN. */
MK_INLINE float MK(row_maximum)(const float *x, size_t n) {
  f32x16 m = MK_SPLAT(-INFINITY);
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 v = MK(load_part)(x + i, n - i, -INFINITY);
    m = MK_SELECT((v > m) | (v != v), v, m);
  }
  return __builtin_reduce_or(m != m) ? NAN : __builtin_reduce_max(m);
}

/* The sum of exp(x - m) over n elements; the exponentials are written to y unless it is NULL. */
MK_INLINE float MK(row_exponentials)(const float *x, size_t n, float m, float *y) {
  f32x16 lanes = {0};
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 e = MK(vexp)(MK(load_part)(x + i, n - i, -INFINITY) - m);
    lanes += e;
    if (y) MK(store_part)(y + i, n - i, e);
  }
  return MK(lane_sum)(lanes);
}

MK_INLINE float MK(scalar_log)(float x) { return MK(vlog)(MK_SPLAT(x))[0]; }

static void MK(softmax_f32)(size_t rows, size_t n, const float *x, float *y) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    float scale = 1 / MK(row_exponentials)(x, n, MK(row_maximum)(x, n), y);
    for (size_t i = 0; i < n; i++) y[i] *= scale;
  }
}

static void MK(log_softmax_f32)(size_t rows, size_t n, const float *x, float *y) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    float m = MK(row_maximum)(x, n), shift = MK(scalar_log)(MK(row_exponentials)(x, n, m, 0));
    for (size_t i = 0; i < n; i++) y[i] = x[i] - m - shift;
  }
}

/* Sixteen rows at a time share one logarithm and one division. */
static void MK(cross_entropy_f32)(size_t rows, size_t n, const float *x, const int32_t *labels, float smoothing,
                                  float *losses, float *gradient) {
  float spread = smoothing / (float)n;
  for (size_t first = 0; first < rows; first += MK_LANES) {
    size_t height = rows - first < MK_LANES ? rows - first : MK_LANES;
    float maxima[MK_LANES], sums[MK_LANES], shifts[MK_LANES], scales[MK_LANES];
    for (size_t r = 0; r < height; r++) {
      maxima[r] = MK(row_maximum)(x + r * n, n);
      sums[r] = MK(row_exponentials)(x + r * n, n, maxima[r], gradient ? gradient + r * n : 0);
    }
    for (size_t r = height; r < MK_LANES; r++) sums[r] = 1;
    MK_STORE(shifts, MK(vlog)(MK_LOAD(sums)));
    MK_STORE(scales, 1 / MK_LOAD(sums));
    for (size_t r = 0; r < height; r++, x += n) {
      int32_t label = labels[first + r];
      float others = 0;
      if (smoothing != 0)
        for (size_t i = 0; i < n; i++) others += x[i] - maxima[r] - shifts[r];
      losses[first + r] = -(1 - smoothing) * (x[label] - maxima[r] - shifts[r]) - spread * others;
      if (!gradient) continue;
      for (size_t i = 0; i < n; i += MK_LANES)
        MK(store_part)(gradient + i, n - i, MK(load_part)(gradient + i, n - i, 0) * scales[r] - spread);
      gradient[label] -= 1 - smoothing;
      gradient += n;
    }
  }
}
