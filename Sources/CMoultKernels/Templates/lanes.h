/* Adds sixteen lanes pairwise in a fixed tree. */
MK_INLINE float MK(lane_sum)(f32x16 v) {
  float s[MK_LANES];
  MK_STORE(s, v);
  for (int width = MK_LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) s[i] += s[i + width];
  return s[0];
}
