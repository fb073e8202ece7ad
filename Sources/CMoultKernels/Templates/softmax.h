#include "math.h"
#include "lanes.h"

/* Lanes beyond n read `fill`. */
MK_INLINE f32x16 MK(load_part)(const float *x, size_t n, float fill) {
  if (n >= MK_LANES) return MK_LOAD(x);
  float part[MK_LANES];
  for (size_t i = 0; i < MK_LANES; i++) part[i] = i < n ? x[i] : fill;
  return MK_LOAD(part);
}

MK_INLINE void MK(store_part)(float *y, size_t n, f32x16 v) {
  if (n >= MK_LANES) {
    MK_STORE(y, v);
    return;
  }
  float part[MK_LANES];
  MK_STORE(part, v);
  memcpy(y, part, n * sizeof(float));
}

MK_INLINE float MK(row_maximum)(const float *x, size_t n) {
  float m = -INFINITY;
  for (size_t i = 0; i < n; i++) m = x[i] > m || x[i] != x[i] ? x[i] : m;
  return m;
}

/* sum of exp(x - m); the exponentials go to y unless it is NULL */
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

static void MK(cross_entropy_f32)(size_t rows, size_t n, const float *x, const int32_t *labels, float smoothing,
                                  float *losses, float *gradient) {
  float spread = smoothing / (float)n;
  for (size_t r = 0; r < rows; r++, x += n) {
    float m = MK(row_maximum)(x, n), sum = MK(row_exponentials)(x, n, m, gradient), shift = MK(scalar_log)(sum);
    float others = 0;
    if (smoothing != 0)
      for (size_t i = 0; i < n; i++) others += x[i] - m - shift;
    losses[r] = -(1 - smoothing) * (x[labels[r]] - m - shift) - spread * others;
    if (gradient) {
      float scale = 1 / sum;
      for (size_t i = 0; i < n; i++) gradient[i] = gradient[i] * scale - spread;
      gradient[labels[r]] -= 1 - smoothing;
      gradient += n;
    }
  }
}
