#include "Templates/vector.h"

#include "Templates/philox_constants.h"

void mk_philox(const uint32_t counter[4], uint32_t k0, uint32_t k1, uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)MK_PHILOX_M0 * c0, p1 = (uint64_t)MK_PHILOX_M1 * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += MK_PHILOX_W0;
    k1 += MK_PHILOX_W1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

void mk_draws(uint32_t k0, uint32_t k1, uint32_t step, uint32_t sample, uint32_t part, uint64_t first, size_t count,
              uint64_t *out) {
  for (size_t i = 0; i < count;) {
    uint64_t unit = first + i;
    uint32_t counter[4] = {(uint32_t)(unit / 2), sample, step, 64 * part}, words[4];
    mk_philox(counter, k0, k1, words);
    for (uint64_t half = unit % 2; half < 2 && i < count; half++, i++)
      out[i] = (uint64_t)words[2 * half + 1] << 32 | words[2 * half];
  }
}

void mk_uniform_f32(const uint64_t *draws, size_t count, double low, double high, float *out) {
  for (size_t i = 0; i < count; i++) {
    double unit = (double)(float)(draws[i] >> 40) * 0x1p-24;
    out[i] = (float)(low + (high - low) * unit);
  }
}

void mk_uniform_f64(const uint64_t *draws, size_t count, double low, double high, double *out) {
  for (size_t i = 0; i < count; i++) out[i] = low + (high - low) * ((double)(draws[i] >> 11) * 0x1p-53);
}

/* Box-Muller in double from the two words of a draw. */
static double normal(uint64_t draw) {
  double radius = ((double)(draw >> 32) + 0.5) * 0x1p-32, angle = (double)(uint32_t)draw * 0x1p-32;
  return sqrt(-2 * log(radius)) * cos(6.283185307179586 * angle);
}

void mk_normal_f32(const uint64_t *draws, size_t count, double mean, double deviation, float *out) {
  for (size_t i = 0; i < count; i++) out[i] = (float)(mean + deviation * normal(draws[i]));
}

void mk_normal_f64(const uint64_t *draws, size_t count, double mean, double deviation, double *out) {
  for (size_t i = 0; i < count; i++) out[i] = mean + deviation * normal(draws[i]);
}
