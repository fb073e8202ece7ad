/* Updates n weights, a multiple of 16, with their gradient g; s and t are the optimizer's buffers, NULL where it has
 * none. */
MK_INLINE void MK(update_line)(const mk_update *u, const float *g, float *w, float *s, float *t, size_t n) {
  for (size_t i = 0; i < n; i += MK_LANES) {
    f32x16 slope = MK_LOAD(g + i);
    if (u->kind == MK_STORE_GRADIENT) {
      MK_STORE(w + i, slope);
      continue;
    }
    f32x16 weight = MK_LOAD(w + i);
    if (u->kind == MK_SGD) {
      f32x16 step = MK_FMA(weight, MK_SPLAT(u->decay), slope);
      if (s) {
        f32x16 velocity = MK_FMA(MK_LOAD(s + i), MK_SPLAT(u->momentum), step);
        MK_STORE(s + i, velocity);
        step = u->nesterov ? MK_FMA(velocity, MK_SPLAT(u->momentum), step) : velocity;
      }
      MK_STORE(w + i, MK_FMA(step, MK_SPLAT(-u->rate), weight));
    } else {
      slope = MK_FMA(weight, MK_SPLAT(u->decay), slope);
      f32x16 m = MK_FMA(MK_LOAD(s + i), MK_SPLAT(u->beta1), slope * MK_SPLAT(1 - u->beta1));
      f32x16 r = MK_FMA(MK_LOAD(t + i), MK_SPLAT(u->beta2), slope * slope * MK_SPLAT(1 - u->beta2));
      f32x16 scale = __builtin_elementwise_sqrt(r) / MK_SPLAT(u->root) + MK_SPLAT(u->epsilon);
      MK_STORE(s + i, m);
      MK_STORE(t + i, r);
      MK_STORE(w + i, MK_FMA(m / scale, MK_SPLAT(-u->rate), weight * MK_SPLAT(u->shrink)));
    }
  }
}
