#include "Templates/vector.h"

#include "Templates/philox_constants.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Whether unit `unit` of a sample is kept with probability p = sigmoid(logit), in Double: if its random 64-bit integer is
 * below floor(p * 2^64), an exact product. 1 keeps every unit; NaN drops it. */
static bool keeps(const mk_draw *d, size_t unit, double logit) {
  uint64_t bits;
  double p = 1 / (1 + exp(-logit));
  mk_draw one = *d;
  one.first += unit;
  mk_draw_bits(&one, 1, 1, &bits);
  return p >= 1 || (p > 0 && bits < (uint64_t)(p * 0x1p64));
}

#define MK_TEMPLATE "draws.h"
#include "Templates/each_isa.h"

void mk_draw_bits(const mk_draw *d, size_t rows, size_t units, uint64_t *out) {
  MK_CHOOSE(draw_bits, d, rows, units, out);
}

void mk_draw_uniform_f32(const mk_draw *d, size_t rows, size_t units, double low, double high, float *out) {
  MK_CHOOSE(draw_uniform_f32, d, rows, units, out, low, high);
}

void mk_draw_uniform_f64(const mk_draw *d, size_t rows, size_t units, double low, double high, double *out) {
  MK_CHOOSE(draw_uniform_f64, d, rows, units, out, low, high);
}

void mk_draw_normal_f32(const mk_draw *d, size_t rows, size_t units, double mean, double deviation, float *out) {
  MK_CHOOSE(draw_normal_f32, d, rows, units, out, mean, deviation);
}

void mk_draw_normal_f64(const mk_draw *d, size_t rows, size_t units, double mean, double deviation, double *out) {
  MK_CHOOSE(draw_normal_f64, d, rows, units, out, mean, deviation);
}

void mk_draw_noise_f32(const mk_draw *d, size_t rows, size_t units, float scale, float shift, float *out) {
  MK_CHOOSE(draw_noise_f32, d, rows, units, out, scale, shift);
}

void mk_draw_logistic_f32(const mk_draw *d, size_t rows, size_t units, float *out) {
  MK_CHOOSE(draw_logistic_f32, d, rows, units, out);
}

void mk_draw_logistic_f64(const mk_draw *d, size_t rows, size_t units, double *out) {
  mk_draw_uniform_f64(d, rows, units, 0, 1, out);
  for (size_t i = 0; i < rows * units; i++) out[i] = log(out[i]) - log(1 - out[i]);
}

void mk_draw_kept_f32(const mk_draw *d, size_t rows, size_t units, const float *logits, bool *kept) {
  MK_CHOOSE(draw_kept_f32, d, rows, units, logits, kept);
}

void mk_draw_kept_f64(const mk_draw *d, size_t rows, size_t units, const double *logits, bool *kept) {
  for (size_t r = 0; r < rows; r++) {
    mk_draw row = *d;
    row.sample += row.stride * (uint32_t)r;
    for (size_t u = 0; u < units; u++) kept[r * units + u] = keeps(&row, u, logits[r * units + u]);
  }
}
