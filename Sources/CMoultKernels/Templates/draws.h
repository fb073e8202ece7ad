#include "philox.h"

#include "math.h"
#include "normal.h"
#include "parts.h"

/* The number of units that get their bits from one batch of 32 Philox calls. */
#define BATCH 64

/* The two random words of each unit of a batch, in the order of the units. */
typedef struct {
  uint32_t low[BATCH], high[BATCH];
} MK(words);

static __attribute__((noinline)) void MK(draw_words)(const mk_draw *d, const u32x16 block[2], const u32x16 sample[2],
                                                     MK(words) *out) {
  u32x16 w[2][4];
  MK(philox32)(block, sample, d->step, 64 * d->part, d->k0, d->k1, w);
#define ZIP(a, b, at)                                                                                           \
  __builtin_shufflevector(a, b, at, at + 16, at + 1, at + 17, at + 2, at + 18, at + 3, at + 19, at + 4, at + 20, \
                          at + 5, at + 21, at + 6, at + 22, at + 7, at + 23)
#pragma unroll
  for (int v = 0; v < 2; v++) {
    u32x16 low[2] = {ZIP(w[v][0], w[v][2], 0), ZIP(w[v][0], w[v][2], 8)};
    u32x16 high[2] = {ZIP(w[v][1], w[v][3], 0), ZIP(w[v][1], w[v][3], 8)};
    memcpy(out->low + 32 * v, low, sizeof(low));
    memcpy(out->high + 32 * v, high, sizeof(high));
  }
#undef ZIP
}

MK_INLINE u32x8 MK(eight)(const uint32_t *words) {
  u32x8 v;
  memcpy(&v, words, sizeof(v));
  return v;
}

/* Defines a kernel that draws `rows` rows of `units` values of type T. EXPRESSION computes eight Doubles (or integers)
 * from the words w0 and w1; they are rounded to T. Several short rows share a batch; a long row needs several
 * batches. */
#define DRAWS(name, T, T8, parameters, EXPRESSION)                                                                    \
  static void MK(name)(const mk_draw *d, size_t rows, size_t units, T *out parameters) {                              \
    size_t skip = d->first % 2, blocks = (skip + units + 1) / 2, at_once = 1;                                         \
    if (units == 0) return;                                                                                           \
    u32x16 row[2] = {{0}, {0}}, place[2];                                                                             \
    for (uint32_t l = 0; l < BATCH / 2; l++) place[l / 16][l % 16] = l;                                               \
    if (blocks < BATCH / 2) {                                                                                         \
      at_once = BATCH / 2 / blocks;                                                                                   \
      for (uint32_t l = 0; l < BATCH / 2; l++) {                                                                      \
        row[l / 16][l % 16] = l / (uint32_t)blocks;                                                                   \
        place[l / 16][l % 16] = l % (uint32_t)blocks;                                                                 \
      }                                                                                                               \
    }                                                                                                                 \
    for (size_t r = 0; r < rows; r += at_once) {                                                                      \
      for (size_t b = 0; b < blocks; b += BATCH / 2) {                                                                \
        uint32_t sample = d->sample + d->stride * (uint32_t)r, block = (uint32_t)(d->first / 2 + b);                  \
        u32x16 counters[2] = {place[0] + block, place[1] + block};                                                    \
        u32x16 samples[2] = {row[0] * d->stride + sample, row[1] * d->stride + sample};                               \
        MK(words) words;                                                                                              \
        T values[BATCH];                                                                                              \
        MK(draw_words)(d, counters, samples, &words);                                                                 \
        for (size_t i = 0; i < BATCH; i += 8) {                                                                       \
          u32x8 w0 = MK(eight)(words.low + i), w1 = MK(eight)(words.high + i);                                        \
          (void)w0;                                                                                                   \
          T8 v = __builtin_convertvector(EXPRESSION, T8);                                                             \
          memcpy(values + i, &v, sizeof(v));                                                                          \
        }                                                                                                             \
        for (size_t i = 0; i < at_once && r + i < rows; i++) {                                                        \
          size_t from = b == 0 ? skip : 0, unit = 2 * b + from - skip, left = units - unit;                           \
          size_t count = left < BATCH - from ? left : BATCH - from;                                                   \
          memcpy(out + (r + i) * units + unit, values + 2 * i * blocks + from, count * sizeof(T));                    \
        }                                                                                                             \
      }                                                                                                               \
    }                                                                                                                 \
  }

#define WIDE(words) __builtin_convertvector(words, u64x8)
#define DOUBLES(words) __builtin_convertvector(words, f64x8)
#define RANGE , double low, double high
#define MOMENTS , double mean, double deviation
#define SCALING , float scale, float shift
DRAWS(draw_bits, uint64_t, u64x8, , WIDE(w1) << 32 | WIDE(w0))
DRAWS(draw_uniform_f32, float, f32x8, RANGE, low + (high - low) * (DOUBLES(w1 >> 8) * 0x1p-24))
DRAWS(draw_uniform_f64, double, f64x8, RANGE,
      low + (high - low) * (DOUBLES(w1) * 0x1p-32 + DOUBLES(w0 >> 11) * 0x1p-53))
DRAWS(draw_normal_f32, float, f32x8, MOMENTS, MK_NORMAL_F32(w0, w1, mean, deviation))
DRAWS(draw_normal_f64, double, f64x8, MOMENTS, mean + deviation * MK(normal)(w0, w1))
DRAWS(draw_noise_f32, float, f32x8, SCALING, MK_NORMAL_F32(w0, w1, 0, 1) * scale + shift)
/* ln u - ln(1 - u), each operation rounded, for u uniform on [0, 1). */
static void MK(draw_logistic_f32)(const mk_draw *d, size_t rows, size_t units, float *out) {
  size_t n = rows * units;
  MK(draw_uniform_f32)(d, rows, units, out, 0, 1);
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 u = MK(load_part)(out + i, n - i, 0.5f);
    MK(store_part)(out + i, n - i, MK(vlog)(u) - MK(vlog)(1.0f - u));
  }
}

/* The high word of each unit's random bits. */
DRAWS(draw_high, uint32_t, u32x8, , w1)

/* v / 2^64 and p are compared in Float first, each within 2^-22; only units for which they are too near for that, about
 * one of 500,000, are compared exactly. NaN is one of these. */
static void MK(draw_kept_f32)(const mk_draw *d, size_t rows, size_t units, const float *logits, bool *kept) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t u = 0; u < units; u += 4 * BATCH) {
      uint32_t high[4 * BATCH + MK_LANES];
      size_t count = units - u < 4 * BATCH ? units - u : 4 * BATCH, at = r * units + u;
      mk_draw part = *d;
      part.sample += part.stride * (uint32_t)r;
      part.first += u;
      MK(draw_high)(&part, 1, count, high);
      for (size_t i = 0; i < count; i += MK_LANES) {
        u32x16 words;
        memcpy(&words, high + i, sizeof(words));
        f32x16 v = __builtin_convertvector(words, f32x16) * 0x1p-32f;
        f32x16 p = MK(vsigmoid)(MK(load_part)(logits + at + i, count - i, 0));
        i32x16 is_kept = v < p - 0x1p-20f, is_near = ~(is_kept | (v > p + 0x1p-20f));
        bool few[MK_LANES];
        i8x16 bytes = __builtin_convertvector(is_kept, i8x16) & 1;
        memcpy(few, &bytes, sizeof(few));
        if (__builtin_reduce_or(is_near))
          for (size_t l = 0; l < MK_LANES && i + l < count; l++)
            if (is_near[l]) few[l] = keeps(&part, i + l, logits[at + i + l]);
        memcpy(kept + at + i, few, count - i < MK_LANES ? count - i : MK_LANES);
      }
    }
  }
}
#undef BATCH
#undef DRAWS
#undef WIDE
#undef DOUBLES
#undef RANGE
#undef MOMENTS
#undef SCALING
#undef MK_NORMAL_F32
