#include "Templates/vector.h"

#include "Templates/philox_constants.h"

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
