/* Rows of results: the product of sparse or dense rows and a block of a panel. */
/* The number of a panel's vectors of 16 columns that are accumulated in one pass over a row. Eight vectors take 8 of
 * AVX-512's 32 registers, but all 16 of AVX2's, where a vector takes two. */
#if MK_LEVEL == 2
#define PASS 8
#else
#define PASS 4
#endif

/* Memory that is needed soon: `share` bytes of it are prefetched with each row of work. */
typedef struct {
  const char *next, *end;
  size_t share;
} MK(ahead);

MK_INLINE MK(ahead) MK(fetch_ahead)(const float *from, size_t floats, size_t rows) {
  size_t bytes = from ? floats * sizeof(float) : 0;
  MK(ahead) a = {(const char *)from, (const char *)from + bytes, (bytes / 64 / (rows ? rows : 1) + 1) * 64};
  return a;
}

MK_INLINE void MK(fetch)(MK(ahead) *a) {
  for (size_t q = 0; q < a->share && a->next < a->end; q += 64, a->next += 64) __builtin_prefetch(a->next, 0, 2);
}

/* Prefetches the beginning of a sparse group; the hardware prefetcher loads the rest. */
MK_INLINE void MK(fetch_sparse)(const mk_sparse_group *group) {
  __builtin_prefetch(group->starts, 0, 3);
  for (size_t i = 0; i < 64; i += 16) __builtin_prefetch(group->values + i, 0, 3);
  for (size_t i = 0; i < 64; i += 32) __builtin_prefetch(group->offsets + i, 0, 3);
}

#define ENTRY(I)                                                                                \
  {                                                                                             \
    const float *w = (const float *)((const char *)panel + (four >> 16 * I & 0xffff) * stride); \
    f32x16 s = MK_SPLAT(x[I]);                                                                  \
    _Pragma("unroll") for (size_t j = 0; j < v; j++) acc[j] = MK_FMA(s, MK_LOAD(w + 16 * j), acc[j]);    \
  }

/* For each row, adds the product of its non-zero elements in one block and the lines of the panel to y[0 ..< 16 v], or
 * stores it if not `resume`. The lines of the panel are 16 * stride floats apart. */
MK_INLINE void MK(sparse_pass)(const mk_rows *l, size_t block, const float *panel, size_t v, size_t stride, float *y,
                             size_t ldy, size_t first, size_t last, bool resume, MK(ahead) *ahead) {
  for (size_t r = first; r < last; r++, y += ldy) {
    MK(fetch)(ahead);
    const mk_sparse_group *group = MK_SPARSE(l, block, r);
    if (r % MK_GROUP == 0 && r + MK_GROUP < last) MK(fetch_sparse)(group + MK_BLOCKS(l->n));
    size_t start = group->starts[r % MK_GROUP], left = group->starts[r % MK_GROUP + 1] - start;
    const float *x = group->values + start;
    const uint16_t *o = group->offsets + start;
    f32x16 acc[PASS];
#pragma unroll
    for (size_t j = 0; j < v; j++) acc[j] = resume ? MK_LOAD(y + 16 * j) : (f32x16){0};
    if (left > 0)
      [[clang::code_align(64)]] for (;; x += 4, o += 4, left -= 4) {
        uint64_t four; /* four offsets in one load (little-endian): loads limit the speed of this loop */
        memcpy(&four, o, sizeof(four));
        ENTRY(0)
        if (left == 1) break;
        ENTRY(1)
        if (left == 2) break;
        ENTRY(2)
        if (left == 3) break;
        ENTRY(3)
        if (left == 4) break;
      }
#pragma unroll
    for (size_t j = 0; j < v; j++) MK_STORE(y + 16 * j, acc[j]);
  }
}

MK_INLINE void MK(sparse_tile_rows)(const mk_rows *l, size_t block, const float *panel, size_t v, float *y, size_t ldy,
                             size_t first, size_t last, bool resume, MK(ahead) *ahead) {
  switch (v) {
#define CASE(V)                                                                                                      \
  case V:                                                                                                            \
    MK(sparse_pass)(l, block, panel, V < PASS ? V : PASS, V, y, ldy, first, last, resume, ahead);                      \
    if (V > PASS)                                                                                                    \
      MK(sparse_pass)(l, block, panel + 16 * PASS, V > PASS ? V - PASS : 1, V, y + 16 * PASS, ldy, first, last, resume, ahead); \
    break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
  }
}

/* The same product for dense rows: `height` rows share each load of the panel. */
MK_INLINE void MK(dense_tile)(size_t depth, const float *x, size_t ldx, const float *panel, size_t v, size_t stride,
                              size_t height, float *y, size_t ldy, bool resume) {
  f32x16 acc[24];
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < v; j++) acc[i * v + j] = resume ? MK_LOAD(y + i * ldy + 16 * j) : (f32x16){0};
  [[clang::code_align(64)]] for (size_t k = 0; k < depth; k++, panel += 16 * stride) {
    f32x16 s[16];
#pragma unroll
    for (size_t i = 0; i < height; i++) s[i] = MK_SPLAT(x[i * ldx + k]);
#pragma unroll
    for (size_t j = 0; j < v; j++) {
      f32x16 w = MK_LOAD(panel + 16 * j);
#pragma unroll
      for (size_t i = 0; i < height; i++) acc[i * v + j] = MK_FMA(s[i], w, acc[i * v + j]);
    }
  }
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < v; j++) MK_STORE(y + i * ldy + 16 * j, acc[i * v + j]);
}

#if MK_LEVEL == 2
#define DENSE(V, HEIGHT) DENSE_PASS(V, 0, V, HEIGHT)
#elif MK_LEVEL == 0
#define DENSE(V, HEIGHT) DENSE_PASS((V < 4 ? V : 4), 0, V, 1) if (V > 4) DENSE_PASS((V > 4 ? V - 4 : 1), 4, V, 1)
#else
#define DENSE(V, HEIGHT)                            \
  DENSE_PASS((V < 4 ? V : 4), 0, V, (V < 2 ? 6 : V < 4 ? 3 : 1)) \
  if (V > 4) DENSE_PASS((V > 4 ? V - 4 : 1), 4, V, 1)
#endif
#define DENSE_PASS(V, FROM, STRIDE, HEIGHT)                                                                          \
  {                                                                                                                  \
    size_t r = 0;                                                                                                    \
    for (; r + HEIGHT <= rows; r += HEIGHT) {                                                                        \
      for (size_t i = r + HEIGHT; i < r + 2 * HEIGHT && i < rows; i++) {                                             \
        MK(fetch)(ahead);                                                                                            \
        for (size_t k = 0; k < depth; k += 16) __builtin_prefetch(x + i * ldx + k, 0, 3);                            \
      }                                                                                                              \
      MK(dense_tile)(depth, x + r * ldx, ldx, panel + 16 * FROM, V, STRIDE, HEIGHT, y + r * ldy + 16 * FROM, ldy, resume); \
    }                                                                                                                \
    for (; r < rows; r++)                                                                                            \
      MK(dense_tile)(depth, x + r * ldx, ldx, panel + 16 * FROM, V, STRIDE, 1, y + r * ldy + 16 * FROM, ldy, resume); \
  }

MK_INLINE void MK(dense_rows)(size_t rows, size_t depth, const float *x, size_t ldx, const float *panel, size_t v,
                              float *y, size_t ldy, bool resume, MK(ahead) *ahead) {
  switch (v) {
    case 1: DENSE(1, 12) break;
    case 2: DENSE(2, 10) break;
    case 3: DENSE(3, 8) break;
    case 4: DENSE(4, 6) break;
    case 5: DENSE(5, 4) break;
    case 6: DENSE(6, 4) break;
    case 7: DENSE(7, 3) break;
    default: DENSE(8, 3) break;
  }
}

/* The greatest number of result columns for which the lanes of a vector hold rows: with columns in the lanes, most of
 * the vector would be padding. */
#define NARROW 4

/* The same product for dense rows and `width` columns of one vector; the padding of the vector becomes 0. */
static void MK(narrow_rows)(size_t rows, size_t depth, const float *x, size_t ldx, const float *panel, size_t width,
                            float *y, size_t ldy, bool resume) {
  float turned[MK_DEPTH * MK_LANES] = {0};
  for (size_t r = 0; r < rows; r += MK_LANES) {
    size_t n = rows - r < MK_LANES ? rows - r : MK_LANES;
    MK(transpose)(n, depth, x + r * ldx, ldx, turned, MK_LANES);
    f32x16 acc[NARROW];
    for (size_t j = 0; j < width; j++) {
      acc[j] = (f32x16){0};
      for (size_t i = 0; resume && i < n; i++) acc[j][i] = y[(r + i) * ldy + j];
    }
    switch (width) {
#define CASE(WIDTH)                                                                                           \
  case WIDTH:                                                                                                 \
    for (size_t k = 0; k < depth; k++)                                                                        \
      _Pragma("unroll") for (size_t j = 0; j < WIDTH; j++) acc[j] =                                           \
          MK_FMA(MK_LOAD(turned + MK_LANES * k), MK_SPLAT(panel[MK_LANES * k + j]), acc[j]);                  \
    break;
      CASE(1) CASE(2) CASE(3) CASE(4)
#undef CASE
    }
    for (size_t i = 0; i < n; i++) {
      MK_STORE(y + (r + i) * ldy, (f32x16){0});
      for (size_t j = 0; j < width; j++) y[(r + i) * ldy + j] = acc[j][i];
    }
  }
}

/* For rows first ..< last, adds the product of their terms in one block and the lines of the panel to y[0 ..< 16 v];
 * the first block stores it instead. Columns from `width` on are padding. */
static __attribute__((noinline)) void MK(rows)(const mk_rows *l, size_t block, const float *panel, size_t v, size_t width, float *y,
                        size_t ldy, size_t first, size_t last, MK(ahead) ahead) {
  size_t k = block * MK_DEPTH, depth = l->n - k < MK_DEPTH ? l->n - k : MK_DEPTH;
  if (l->sparse)
    MK(sparse_tile_rows)(l, block, panel, v, y, ldy, first, last, block > 0, &ahead);
  else if (width <= NARROW)
    MK(narrow_rows)(last - first, depth, l->dense + first * l->ld + k, l->ld, panel, width, y, ldy, block > 0);
  else
    MK(dense_rows)(last - first, depth, l->dense + first * l->ld + k, l->ld, panel, v, y, ldy, block > 0, &ahead);
}

#undef PASS
#undef ENTRY
#undef DENSE
#undef DENSE_PASS
#undef NARROW
