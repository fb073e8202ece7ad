#include "drop_words.h"

enum { MK(TO_F32), MK(TO_F64), MK(TO_BYTES) };

/* n <= 32 units of one word */
MK_INLINE void MK(apply_f32)(uint32_t dropped, const float *x, float scale, float *y, size_t n) {
  const u32x16 bit = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};
  f32x16 s = MK_SPLAT(scale);
  if (n == 32) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      i32x16 kept = (((u32x16){0} + (dropped >> (16 * half))) & bit) == 0;
      MK_STORE(y + 16 * half, MK_SELECT(kept, MK_LOAD(x + 16 * half) * s, (f32x16){0}));
    }
  } else {
    for (size_t i = 0; i < n; i++) y[i] = dropped >> i & 1 ? 0 : x[i] * scale;
  }
}

MK_INLINE void MK(mask_rows)(const mk_mask *mask, size_t rows, size_t units, const void *x, double scale, void *y,
                             int kind) {
  size_t groups = (units + 127) / 128, total = rows * groups;
  if (total == 0) return;
  size_t row[MK_LANES], group[MK_LANES];
  for (int l = 0; l < MK_LANES; l++) {
    row[l] = (size_t)l / groups;
    group[l] = (size_t)l % groups;
  }
  for (size_t first = 0; first < total; first += MK_LANES) {
    union { uint32_t lane[MK_LANES]; u32x16 vector; } g, s;
    for (int l = 0; l < MK_LANES; l++) {
      g.lane[l] = (uint32_t)group[l];
      s.lane[l] = mask->sample + mask->stride * (uint32_t)row[l];
    }
    union { uint32_t lane[4][MK_LANES]; u32x16 vector[4]; } words;
    MK(drop_words)(mask, g.vector, s.vector, words.vector);
    size_t live = total - first < MK_LANES ? total - first : MK_LANES;
    for (size_t l = 0; l < live; l++) {
      size_t base = group[l] * 128, at = row[l] * units + base, left = units - base;
      for (int j = 0; j < 4 && (size_t)(32 * j) < left; j++) {
        size_t n = left - (size_t)(32 * j) < 32 ? left - (size_t)(32 * j) : 32, i0 = at + (size_t)(32 * j);
        uint32_t dropped = words.lane[j][l];
        if (kind == MK(TO_F32))
          MK(apply_f32)(dropped, (const float *)x + i0, (float)scale, (float *)y + i0, n);
        else if (kind == MK(TO_F64))
          for (size_t i = 0; i < n; i++)
            ((double *)y)[i0 + i] = dropped >> i & 1 ? 0 : ((const double *)x)[i0 + i] * scale;
        else
          for (size_t i = 0; i < n; i++) ((uint8_t *)y)[i0 + i] = dropped >> i & 1;
      }
    }
    for (int l = 0; l < MK_LANES; l++) {
      group[l] += MK_LANES;
      while (group[l] >= groups) {
        group[l] -= groups;
        row[l]++;
      }
    }
  }
}

static void MK(dropout_f32)(const mk_mask *mask, size_t rows, size_t units, const float *x, float scale, float *y) {
  MK(mask_rows)(mask, rows, units, x, scale, y, MK(TO_F32));
}
static void MK(dropout_f64)(const mk_mask *mask, size_t rows, size_t units, const double *x, double scale, double *y) {
  MK(mask_rows)(mask, rows, units, x, scale, y, MK(TO_F64));
}
static void MK(drop_bytes)(const mk_mask *mask, size_t rows, size_t units, uint8_t *dropped) {
  MK(mask_rows)(mask, rows, units, 0, 0, dropped, MK(TO_BYTES));
}
