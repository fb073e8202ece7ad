#include "Templates/vector.h"

#include "Templates/philox_constants.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

void mk_draw_kept(const mk_draw *d, size_t rows, size_t units, const double *p, bool *kept) {
  MK_CHOOSE(draw_kept, d, rows, units, p, kept);
}
