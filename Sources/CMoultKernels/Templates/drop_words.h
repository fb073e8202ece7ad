#include "philox.h"

/* Drop bits of sixteen 128-unit groups: words[j] lane l, bit b = unit 32 j + b of group l. Planes are drawn from the
 * most significant down and only until every unit is decided, which cannot change a bit. */
MK_INLINE void MK(drop_words)(const mk_mask *mask, u32x16 group, u32x16 sample, u32x16 words[4]) {
  u32x16 open[4];
#pragma unroll
  for (int j = 0; j < 4; j++) {
    open[j] = ~(u32x16){0};
    words[j] = (u32x16){0};
  }
  uint64_t rest = mask->threshold;
  for (uint32_t plane = 0; rest != 0; plane++, rest <<= 1) {
    u32x16 r[4];
    MK(philox16)(group, sample, mask->step, plane + 64 * mask->part, mask->k0, mask->k1, r);
    if (rest >> 63) { /* threshold bit 1: r = 0 is below, dropped; r = 1 stays open */
#pragma unroll
      for (int j = 0; j < 4; j++) {
        words[j] |= open[j] & ~r[j];
        open[j] &= r[j];
      }
    } else { /* threshold bit 0: r = 1 is above, kept; r = 0 stays open */
#pragma unroll
      for (int j = 0; j < 4; j++) open[j] &= ~r[j];
    }
    if (__builtin_reduce_or((open[0] | open[1]) | (open[2] | open[3])) == 0) break;
  }
}
