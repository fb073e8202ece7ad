/* Sixteen Philox4x32-10 blocks at once. A block's words live in two halves of 64-bit lanes (even and odd blocks),
 * because the hardware multiplies the low 32 bits of 64-bit lanes; the high halves hold rubbish between rounds. */
MK_INLINE u64x8 MK(low)(u64x8 x) { return x & 0xffffffffu; }

MK_INLINE void MK(philox16)(u32x16 c0, u32x16 c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1, u32x16 out[4]) {
  u64x8 e[4], o[4];
  u32x16 words[4] = {c0, c1, (u32x16){0} + c2, (u32x16){0} + c3};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    e[i] = (u64x8)words[i];
    o[i] = (u64x8)words[i] >> 32;
  }
#pragma unroll
  for (int round = 0; round < 10; round++) {
    u64x8 p0 = MK(low)(e[0]) * MK_PHILOX_M0, p1 = MK(low)(e[2]) * MK_PHILOX_M1;
    u64x8 q0 = MK(low)(o[0]) * MK_PHILOX_M0, q1 = MK(low)(o[2]) * MK_PHILOX_M1;
    e[0] = (p1 >> 32) ^ e[1] ^ k0;
    e[2] = (p0 >> 32) ^ e[3] ^ k1;
    e[1] = p1;
    e[3] = p0;
    o[0] = (q1 >> 32) ^ o[1] ^ k0;
    o[2] = (q0 >> 32) ^ o[3] ^ k1;
    o[1] = q1;
    o[3] = q0;
    k0 += MK_PHILOX_W0;
    k1 += MK_PHILOX_W1;
  }
#pragma unroll
  for (int i = 0; i < 4; i++) out[i] = (u32x16)(MK(low)(e[i]) | (o[i] << 32));
}
