/* The number of independent sums: each of them waits for its last addition, and the others fill that time. They fit
 * into the registers of AVX-512 and AVX2 together with two operands. */
#if MK_LEVEL == 2
#define SUMS 16
#else
#define SUMS 6
#endif

static size_t MK(multiply_adds)(size_t rounds, const float *x, float *sum) {
  f32x16 a = MK_LOAD(x), b = MK_LOAD(x + MK_LANES), sums[SUMS];
#pragma unroll
  for (int i = 0; i < SUMS; i++) sums[i] = a + (float)i;
  for (size_t round = 0; round < rounds; round++) {
#pragma unroll
    for (int i = 0; i < SUMS; i++) sums[i] = MK_FMA(sums[i], a, b);
  }
  f32x16 all = sums[0];
#pragma unroll
  for (int i = 1; i < SUMS; i++) all += sums[i];
  MK_STORE(sum, all);
  return rounds * SUMS * MK_LANES;
}
#undef SUMS
