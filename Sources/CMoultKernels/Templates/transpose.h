/* Transposes sixteen lines of sixteen floats in registers. */
MK_INLINE void MK(transpose16)(f32x16 r[16]) {
  f32x16 t[16];
#pragma unroll
  for (int i = 0; i < 16; i += 2) {
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  }
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#pragma unroll
  for (int i = 0; i < 16; i += 4) {
    r[i] = LOW(t[i], t[i + 2]);
    r[i + 1] = HIGH(t[i], t[i + 2]);
    r[i + 2] = LOW(t[i + 1], t[i + 3]);
    r[i + 3] = HIGH(t[i + 1], t[i + 3]);
  }
#undef LOW
#undef HIGH
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define ODD(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#pragma unroll
  for (int i = 0; i < 4; i++) {
    t[i] = EVEN(r[i], r[i + 4]);
    t[i + 4] = ODD(r[i], r[i + 4]);
    t[i + 8] = EVEN(r[i + 8], r[i + 12]);
    t[i + 12] = ODD(r[i + 8], r[i + 12]);
  }
#pragma unroll
  for (int i = 0; i < 8; i++) {
    r[i] = EVEN(t[i], t[i + 8]);
    r[i + 8] = ODD(t[i], t[i + 8]);
  }
#undef EVEN
#undef ODD
}

/* Transposes a matrix: to[j * ldt + i] = from[i * ldf + j] for i < lines and j < columns. */
MK_INLINE void MK(transpose)(size_t lines, size_t columns, const float *from, size_t ldf, float *to, size_t ldt) {
  for (size_t i = 0; i < lines; i += MK_LANES)
    for (size_t j = 0; j < columns; j += MK_LANES) {
      if (lines - i >= MK_LANES && columns - j >= MK_LANES) {
        f32x16 r[MK_LANES];
#pragma unroll
        for (int q = 0; q < MK_LANES; q++) r[q] = MK_LOAD(from + (i + (size_t)q) * ldf + j);
        MK(transpose16)(r);
#pragma unroll
        for (int q = 0; q < MK_LANES; q++) MK_STORE(to + (j + (size_t)q) * ldt + i, r[q]);
      } else {
        size_t height = lines - i < MK_LANES ? lines - i : MK_LANES;
        size_t width = columns - j < MK_LANES ? columns - j : MK_LANES;
        for (size_t p = 0; p < height; p++)
          for (size_t q = 0; q < width; q++) to[(j + q) * ldt + i + p] = from[(i + p) * ldf + j + q];
      }
    }
}
