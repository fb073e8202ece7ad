/* Loads the first n of sixteen elements, or all if n is 16 or more; other lanes get the value `fill`. It does not read
 * beyond the n elements, and store_part does not write beyond them. */
MK_INLINE f32x16 MK(load_part)(const float *x, size_t n, float fill) {
  if (n >= MK_LANES) return MK_LOAD(x);
#if MK_LEVEL == 2
  return _mm512_mask_loadu_ps(MK_SPLAT(fill), (__mmask16)((1u << n) - 1), x);
#else
  float part[MK_LANES];
  for (size_t i = 0; i < MK_LANES; i++) part[i] = i < n ? x[i] : fill;
  return MK_LOAD(part);
#endif
}

MK_INLINE void MK(store_part)(float *y, size_t n, f32x16 v) {
  if (n >= MK_LANES) {
    MK_STORE(y, v);
    return;
  }
#if MK_LEVEL == 2
  _mm512_mask_storeu_ps(y, (__mmask16)((1u << n) - 1), v);
#else
  float part[MK_LANES];
  MK_STORE(part, v);
  for (size_t i = 0; i < n; i++) y[i] = part[i];
#endif
}
