#include "philox.h"

/* Clears the bits of dropped units in `kept`. Bit b in lane l of kept[v][j] is unit 32 j + b of group 16 v + l. Planes
 * are drawn from the most significant one down, until every unit is decided; drawing more would not change a bit. */
MK_INLINE void MK(draw_planes)(const mk_mask *mask, uint32_t step, const u32x16 group[2], const u32x16 sample[2],
                               u32x16 kept[2][4]) {
  u32x16 open[2][4];
#pragma unroll
  for (int i = 0; i < 8; i++) open[i / 4][i % 4] = kept[i / 4][i % 4];
  uint64_t rest = mask->threshold;
  for (uint32_t plane = 64 * mask->part; rest != 0; plane++, rest <<= 1) {
    u32x16 r[2][4], some = {0};
    MK(philox32)(group, sample, step, plane, mask->k0, mask->k1, r);
    if (rest >> 63) { /* threshold bit 1: r = 0 is below the threshold, so dropped; r = 1 is undecided */
#pragma unroll
      for (int i = 0; i < 8; i++) {
        kept[i / 4][i % 4] &= ~open[i / 4][i % 4] | r[i / 4][i % 4];
        some |= open[i / 4][i % 4] &= r[i / 4][i % 4];
      }
    } else { /* threshold bit 0: r = 1 is above the threshold, so kept; r = 0 is undecided */
#pragma unroll
      for (int i = 0; i < 8; i++) some |= open[i / 4][i % 4] &= ~r[i / 4][i % 4];
    }
    if (__builtin_reduce_or(some) == 0) break;
  }
}

/* v where units i ..< i + 16 are kept, else 0; i is a multiple of 16. */
MK_INLINE f32x16 MK(where)(const uint32_t *kept, size_t i, f32x16 v) {
#if MK_LEVEL == 2
  uint16_t bits;
  memcpy(&bits, (const char *)kept + i / 8, sizeof(bits));
  return _mm512_maskz_mov_ps(bits, v);
#else
  const u32x16 bit = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  return MK_SELECT((((u32x16){0} + (kept[i / 32] >> i % 32)) & bit) != 0, v, (f32x16){0});
#endif
}
