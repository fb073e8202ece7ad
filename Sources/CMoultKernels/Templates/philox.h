/* Computes 32 Philox4x32-10 blocks at once, which have the same third and fourth counter words. They form four
 * independent chains: while a round of one chain waits for its products, the others are computed. Words are in 64-bit
 * lanes, even and odd blocks apart, because the hardware multiplies the low 32 bits of 64-bit lanes. The high halves of
 * the lanes are meaningless between rounds. */
MK_INLINE u64x8 MK(product)(u64x8 x, uint32_t multiplier) { return (x & 0xffffffffu) * multiplier; }

MK_INLINE void MK(philox32)(const u32x16 c0[2], const u32x16 c1[2], uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1,
                            u32x16 out[2][4]) {
  u64x8 x[4][4]; /* chain, word */
#pragma unroll
  for (int v = 0; v < 2; v++) {
    u32x16 words[4] = {c0[v], c1[v], (u32x16){0} + c2, (u32x16){0} + c3};
#pragma unroll
    for (int i = 0; i < 4; i++) {
      x[2 * v][i] = (u64x8)words[i];
      x[2 * v + 1][i] = (u64x8)words[i] >> 32;
    }
  }
#pragma unroll
  for (int round = 0; round < 10; round++) {
#pragma unroll
    for (int c = 0; c < 4; c++) {
      u64x8 p = MK(product)(x[c][0], MK_PHILOX_M0), q = MK(product)(x[c][2], MK_PHILOX_M1);
      x[c][0] = (q >> 32) ^ x[c][1] ^ k0;
      x[c][2] = (p >> 32) ^ x[c][3] ^ k1;
      x[c][1] = q;
      x[c][3] = p;
    }
    k0 += MK_PHILOX_W0;
    k1 += MK_PHILOX_W1;
  }
#pragma unroll
  for (int v = 0; v < 2; v++)
#pragma unroll
    for (int i = 0; i < 4; i++)
      out[v][i] = __builtin_shufflevector((u32x16)x[2 * v][i], (u32x16)x[2 * v + 1][i], 0, 16, 2, 18, 4, 20, 6, 22, 8,
                                          24, 10, 26, 12, 28, 14, 30);
}
