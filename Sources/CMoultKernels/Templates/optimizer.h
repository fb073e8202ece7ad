static void MK(sgd_f32)(size_t n, float *w, const float *g, float *velocity, float rate, float momentum, float decay,
                        bool nesterov, bool first) {
  size_t i = 0;
#define STEP(LOAD_W, LOAD_G, LOAD_V, SAVE_W, SAVE_V)                  \
  {                                                                   \
    f32x16 weight = LOAD_W, step = MK_FMA(weight, MK_SPLAT(decay), LOAD_G); \
    if (velocity) {                                                   \
      f32x16 v = first ? step : MK_FMA(LOAD_V, MK_SPLAT(momentum), step);   \
      SAVE_V;                                                         \
      step = nesterov ? MK_FMA(v, MK_SPLAT(momentum), step) : v;      \
    }                                                                 \
    weight = MK_FMA(step, MK_SPLAT(-rate), weight);                   \
    SAVE_W;                                                           \
  }
  for (; i + MK_LANES <= n; i += MK_LANES)
    STEP(MK_LOAD(w + i), MK_LOAD(g + i), MK_LOAD(velocity + i), MK_STORE(w + i, weight), MK_STORE(velocity + i, v))
  if (i < n) {
    size_t bytes = (n - i) * sizeof(float);
    float a[MK_LANES] = {0}, b[MK_LANES] = {0}, c[MK_LANES] = {0};
    memcpy(a, w + i, bytes);
    memcpy(b, g + i, bytes);
    if (velocity && !first) memcpy(c, velocity + i, bytes);
    STEP(MK_LOAD(a), MK_LOAD(b), MK_LOAD(c), MK_STORE(a, weight), MK_STORE(c, v))
    memcpy(w + i, a, bytes);
    if (velocity) memcpy(velocity + i, c, bytes);
  }
#undef STEP
}

static void MK(adam_f32)(size_t n, float *w, const float *g, float *first, float *second, const mk_adam *c) {
  f32x16 beta1 = MK_SPLAT(c->beta1), beta2 = MK_SPLAT(c->beta2), rest1 = MK_SPLAT(1 - c->beta1),
         rest2 = MK_SPLAT(1 - c->beta2), shrink = MK_SPLAT(c->shrink), decay = MK_SPLAT(c->decay);
  f32x16 step = MK_SPLAT(-c->step_size), root = MK_SPLAT(c->root), epsilon = MK_SPLAT(c->epsilon);
  for (size_t i = 0; i < n; i += MK_LANES) {
    size_t live = n - i < MK_LANES ? n - i : MK_LANES, bytes = live * sizeof(float);
    float pad[4][MK_LANES];
    float *pw = w + i, *pm = first + i, *pv = second + i;
    const float *pg = g + i;
    if (live < MK_LANES) {
      memset(pad, 0, sizeof pad);
      memcpy(pad[0], pw, bytes);
      memcpy(pad[1], pg, bytes);
      memcpy(pad[2], pm, bytes);
      memcpy(pad[3], pv, bytes);
      pw = pad[0], pg = pad[1], pm = pad[2], pv = pad[3];
    }
    f32x16 weight = MK_LOAD(pw) * shrink;
    f32x16 slope = MK_FMA(MK_LOAD(pw), decay, MK_LOAD(pg));
    f32x16 m = MK_FMA(MK_LOAD(pm), beta1, slope * rest1);
    f32x16 v = MK_FMA(MK_LOAD(pv), beta2, slope * slope * rest2);
    f32x16 scale = __builtin_elementwise_sqrt(v) / root + epsilon;
    MK_STORE(pm, m);
    MK_STORE(pv, v);
    MK_STORE(pw, MK_FMA(m / scale, step, weight));
    if (live < MK_LANES) {
      memcpy(w + i, pad[0], bytes);
      memcpy(first + i, pad[2], bytes);
      memcpy(second + i, pad[3], bytes);
    }
  }
}
