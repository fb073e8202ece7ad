#include "Templates/vector.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MK_TEMPLATE "softmax.h"
#include "Templates/each_isa.h"

void mk_softmax_f32(size_t rows, size_t n, const float *x, float *y) { MK_CHOOSE(softmax_f32, rows, n, x, y); }

void mk_log_softmax_f32(size_t rows, size_t n, const float *x, float *y) {
  MK_CHOOSE(log_softmax_f32, rows, n, x, y);
}

void mk_cross_entropy_f32(size_t rows, size_t n, const float *x, const int32_t *labels, float smoothing, float *losses,
                          float *gradient) {
  MK_CHOOSE(cross_entropy_f32, rows, n, x, labels, smoothing, losses, gradient);
}

static double maximum(const double *x, size_t n) {
  double m = -INFINITY;
  for (size_t i = 0; i < n; i++) m = x[i] > m || x[i] != x[i] ? x[i] : m;
  return m;
}

static double exponentials(const double *x, size_t n, double m) {
  double s = 0;
  for (size_t i = 0; i < n; i++) s += exp(x[i] - m);
  return s;
}

void mk_softmax_f64(size_t rows, size_t n, const double *x, double *y) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    double m = maximum(x, n), s = exponentials(x, n, m);
    for (size_t i = 0; i < n; i++) y[i] = exp(x[i] - m) / s;
  }
}

void mk_log_softmax_f64(size_t rows, size_t n, const double *x, double *y) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    double m = maximum(x, n), shift = log(exponentials(x, n, m));
    for (size_t i = 0; i < n; i++) y[i] = x[i] - m - shift;
  }
}

void mk_cross_entropy_f64(size_t rows, size_t n, const double *x, const int32_t *labels, double smoothing,
                          double *losses, double *gradient) {
  double spread = smoothing / (double)n;
  for (size_t r = 0; r < rows; r++, x += n) {
    double m = maximum(x, n), sum = exponentials(x, n, m), shift = log(sum), others = 0;
    if (smoothing != 0)
      for (size_t i = 0; i < n; i++) others += x[i] - m - shift;
    losses[r] = -(1 - smoothing) * (x[labels[r]] - m - shift) - spread * others;
    if (gradient) {
      for (size_t i = 0; i < n; i++) gradient[i] = exp(x[i] - m) / sum - spread;
      gradient[labels[r]] -= 1 - smoothing;
      gradient += n;
    }
  }
}
