/* Products with panels; see panels.c for the layout and Documentation/Design for why. */
#include "drop_words.h"
#include "parts.h"
#include "transpose.h"
#include "update.h"

/* How many of a panel's vectors one pass accumulates: all eight need 16 of AVX-512's 32 registers, but every one of
 * AVX2's 16. */
#if MK_LEVEL == 2
#define PASS 8
#else
#define PASS 4
#endif

/* The non-zero elements of x[0 ..< n] and 64 times their positions; returns how many. 15 places beyond are scratch. */
MK_INLINE size_t MK(compress_line)(const float *x, size_t n, float *values, uint16_t *offsets) {
  size_t count = 0, i = 0;
#if MK_LEVEL == 2
  __m512i at = _mm512_setr_epi32(0, 64, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960);
  for (; i < n; i += 16, at = _mm512_add_epi32(at, _mm512_set1_epi32(1024))) {
    __mmask16 live = n - i >= 16 ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
    __m512 v = _mm512_maskz_loadu_ps(live, x + i);
    __mmask16 kept = _mm512_test_epi32_mask(_mm512_castps_si512(v), _mm512_set1_epi32(0x7fffffff));
    _mm512_storeu_ps(values + count, _mm512_maskz_compress_ps(kept, v));
    _mm256_storeu_si256((__m256i *)(offsets + count), _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(kept, at)));
    count += (size_t)__builtin_popcount(kept);
  }
#else
  for (; i < n; i++) {
    values[count] = x[i];
    offsets[count] = (uint16_t)(64 * i);
    count += x[i] != 0; /* true for NaN */
  }
#endif
  return count;
}

/* The lists of up to sixteen lines for one block, one after the other. */
MK_INLINE void MK(compress_group)(mk_lists *to, size_t lines, size_t depth, const float *x, size_t ldx) {
  size_t at = 0;
  for (size_t r = 0; r < lines; r++) {
    to->starts[r] = (uint16_t)at;
    for (size_t k = MK_DEPTH; k < 2 * MK_DEPTH; k += 16) __builtin_prefetch(x + r * ldx + k, 0, 3);
    at += MK(compress_line)(x + r * ldx, depth, to->values + at, to->offsets + at);
  }
  for (size_t r = lines; r <= MK_GROUP; r++) to->starts[r] = (uint16_t)at;
}

static void MK(compress_rows)(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last) {
  for (size_t r = first; r < last; r += MK_GROUP)
    for (size_t b = 0; b < MK_BLOCKS(l->n); b++) {
      size_t lines = last - r < MK_GROUP ? last - r : MK_GROUP, k = b * MK_DEPTH;
      MK(compress_group)(MK_LISTS(l, b, r), lines, l->n - k < MK_DEPTH ? l->n - k : MK_DEPTH, x + r * ldx + k, ldx);
    }
}

/* Lists of columns first ..< last of x[l->n, ...]: sixteen columns of a block are transposed at a time. */
static void MK(compress_columns)(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last) {
  float lines[MK_GROUP * MK_DEPTH];
  for (size_t c = first; c < last; c += MK_GROUP)
    for (size_t b = 0; b < MK_BLOCKS(l->n); b++) {
      size_t width = last - c < MK_GROUP ? last - c : MK_GROUP, k = b * MK_DEPTH;
      size_t depth = l->n - k < MK_DEPTH ? l->n - k : MK_DEPTH;
      MK(transpose)(depth, width, x + k * ldx + c, ldx, lines, MK_DEPTH);
      MK(compress_group)(MK_LISTS(l, b, c), width, depth, lines, MK_DEPTH);
    }
}

/* Memory that is needed next, fetched a little with each row of work. */
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

/* The beginning of a group's lists; the processor itself sees what follows. */
MK_INLINE void MK(fetch_lists)(const mk_lists *lists) {
  __builtin_prefetch(lists->starts, 0, 3);
  for (size_t i = 0; i < 64; i += 16) __builtin_prefetch(lists->values + i, 0, 3);
  for (size_t i = 0; i < 64; i += 32) __builtin_prefetch(lists->offsets + i, 0, 3);
}

#define ENTRY(I)                                                                                \
  {                                                                                             \
    const float *w = (const float *)((const char *)panel + (four >> 16 * I & 0xffff) * stride); \
    f32x16 s = MK_SPLAT(x[I]);                                                                  \
    _Pragma("unroll") for (size_t j = 0; j < v; j++) acc[j] = MK_FMA(s, MK_LOAD(w + 16 * j), acc[j]);    \
  }

/* y[0 ..< 16 v] of each row (+)= the row's list of one block times the panel's rows, 16 * stride floats apart. */
MK_INLINE void MK(list_pass)(const mk_rows *l, size_t block, const float *panel, size_t v, size_t stride, float *y,
                             size_t ldy, size_t first, size_t last, bool resume, MK(ahead) *ahead) {
  for (size_t r = first; r < last; r++, y += ldy) {
    MK(fetch)(ahead);
    const mk_lists *lists = MK_LISTS(l, block, r);
    if (r % MK_GROUP == 0 && r + MK_GROUP < last) MK(fetch_lists)(lists + MK_BLOCKS(l->n));
    size_t start = lists->starts[r % MK_GROUP], left = lists->starts[r % MK_GROUP + 1] - start;
    const float *x = lists->values + start;
    const uint16_t *o = lists->offsets + start;
    f32x16 acc[PASS];
#pragma unroll
    for (size_t j = 0; j < v; j++) acc[j] = resume ? MK_LOAD(y + 16 * j) : (f32x16){0};
    if (left > 0)
      for (;; x += 4, o += 4, left -= 4) {
        uint64_t four; /* offsets with one load, on little-endian machines: loads are what bounds this loop */
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

MK_INLINE void MK(list_rows)(const mk_rows *l, size_t block, const float *panel, size_t v, float *y, size_t ldy,
                             size_t first, size_t last, bool resume, MK(ahead) *ahead) {
  switch (v) {
#define CASE(V)                                                                                                      \
  case V:                                                                                                            \
    MK(list_pass)(l, block, panel, V < PASS ? V : PASS, V, y, ldy, first, last, resume, ahead);                      \
    if (V > PASS)                                                                                                    \
      MK(list_pass)(l, block, panel + 16 * PASS, V > PASS ? V - PASS : 1, V, y + 16 * PASS, ldy, first, last, resume, ahead); \
    break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
  }
}

/* The same for rows that are not compressed: `height` of them share each load of the panel. */
MK_INLINE void MK(dense_tile)(size_t depth, const float *x, size_t ldx, const float *panel, size_t v, size_t stride,
                              size_t height, float *y, size_t ldy, bool resume) {
  f32x16 acc[24];
#pragma unroll
  for (size_t i = 0; i < height; i++)
#pragma unroll
    for (size_t j = 0; j < v; j++) acc[i * v + j] = resume ? MK_LOAD(y + i * ldy + 16 * j) : (f32x16){0};
  for (size_t k = 0; k < depth; k++, panel += 16 * stride) {
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

/* y[0 ..< 16 v] of rows first ..< last (+)= their terms of one block times the panel's rows. */
MK_INLINE void MK(rows)(const mk_rows *l, size_t block, const float *panel, size_t v, float *y, size_t ldy,
                        size_t first, size_t last, MK(ahead) ahead) {
  size_t k = block * MK_DEPTH;
  if (l->lists)
    MK(list_rows)(l, block, panel, v, y, ldy, first, last, block > 0, &ahead);
  else
    MK(dense_rows)(last - first, l->n - k < MK_DEPTH ? l->n - k : MK_DEPTH, l->dense + first * l->ld + k, l->ld, panel,
                   v, y, ldy, block > 0, &ahead);
}

/* Rows of a panel's width from the tile to dx by way of the gate; columns beyond `width` are padding and stay behind. */
MK_INLINE void MK(finish_gradient)(const float *tile, size_t ldt, size_t rows, size_t width, const float *y, float scale,
                                   float *dx, size_t ldx) {
  for (size_t r = 0; r < rows; r++, tile += ldt, dx += ldx, y += y ? ldx : 0)
    for (size_t j = 0; j < width; j += MK_LANES) {
      f32x16 v = MK_LOAD(tile + j);
      if (y) v = MK_SELECT(MK(load_part)(y + j, width - j, 0) > 0.0f, v * scale, (f32x16){0});
      MK(store_part)(dx + j, width - j, v);
    }
}

/* Which of the 128 units of a group are kept in 32 rows from `first` on, a word for 32 units. */
MK_INLINE void MK(draw_rows)(const mk_mask *mask, uint32_t group, uint32_t first, uint32_t kept[2 * MK_LANES][4]) {
  const u32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  u32x16 groups[2], samples[2], words[2][4];
#pragma unroll
  for (int v = 0; v < 2; v++) {
    groups[v] = (u32x16){0} + group;
    samples[v] = mask->sample + mask->stride * (first + (uint32_t)v * MK_LANES + lane);
#pragma unroll
    for (int j = 0; j < 4; j++) words[v][j] = ~(u32x16){0};
  }
  MK(draw_planes)(mask, groups, samples, words);
  for (int v = 0; v < 2; v++)
    for (int j = 0; j < 4; j++)
      for (int l = 0; l < MK_LANES; l++) kept[v * MK_LANES + l][j] = words[v][j][l];
}

/* Rows of a panel's width from the tile to y by way of a layer's epilogue: row 0 of the tile is row `first` of the result. */
MK_INLINE void MK(finish_layer)(const float *tile, size_t ldt, size_t rows, size_t panel, size_t width,
                                const mk_epilogue *e, float *y, size_t ldy, size_t first) {
  float bias[MK_PANEL] = {0};
  if (e->bias) memcpy(bias, e->bias + panel * MK_PANEL, width * sizeof(float));
  uint32_t kept[2 * MK_LANES][4]; /* of 32 rows */
  for (size_t r = 0; r < rows; r++, tile += ldt, y += ldy) {
    if (e->mask && r % (2 * MK_LANES) == 0) MK(draw_rows)(e->mask, (uint32_t)panel, (uint32_t)(first + r), kept);
    for (size_t j = 0; j < width; j += MK_LANES) {
      f32x16 v = MK_LOAD(tile + j);
      if (e->bias) v = v + MK_LOAD(bias + j);
      if (e->relu) v = MK_SELECT(v <= 0.0f, (f32x16){0}, v);
      if (e->mask) v = MK(where)(kept[r % (2 * MK_LANES)], j, v * MK_SPLAT(e->scale));
      MK(store_part)(y + j, width - j, v);
    }
  }
}

static void MK(panels_forward)(const mk_rows *x, size_t in, size_t out, const float *panels, const mk_epilogue *e,
                               float *y, size_t ldy, size_t first_panel, size_t last_panel, size_t first, size_t last,
                               float *tile) {
  for (size_t p = first_panel; p < last_panel; p++) {
    size_t v = MK_VECTORS(out, p), width = MK_WIDTH(out, p);
    const float *panel = panels + p * MK_PANEL * in;
    for (size_t r = first; r < last; r += MK_ROWS) {
      size_t rows = last - r < MK_ROWS ? last - r : MK_ROWS;
      for (size_t b = 0; b < MK_BLOCKS(in); b++)
        MK(rows)(x, b, panel + b * MK_DEPTH * 16 * v, v, tile, MK_PANEL, r, r + rows,
                 MK(fetch_ahead)(r == first && (b + 1) * MK_DEPTH < in ? panel + (b + 1) * MK_DEPTH * 16 * v : 0,
                                 MK_DEPTH * 16 * v, rows));
      MK(finish_layer)(tile, MK_PANEL, rows, p, width, e, y + r * ldy + p * MK_PANEL, ldy, r);
    }
  }
}

/* Input columns are taken in panels too: `strip` holds a block of MK_DEPTH outputs by one such panel, transposed from
 * the weights in the first-level cache. */
static void MK(panels_input_gradient)(const mk_rows *g, size_t in, size_t out, const float *panels,
                                      const mk_gate *gate, float *dx, size_t ldx, size_t first_panel, size_t last_panel, size_t first, size_t last,
                                      float *tile, float *strip) {
  for (size_t q = first_panel; q < last_panel; q++) {
    size_t v = MK_VECTORS(in, q), width = MK_WIDTH(in, q);
    for (size_t r = first; r < last; r += MK_TALL_ROWS) {
      size_t rows = last - r < MK_TALL_ROWS ? last - r : MK_TALL_ROWS;
      for (size_t o = 0; o < out; o += MK_DEPTH) {
        size_t p = o / MK_PANEL, depth = out - o < MK_DEPTH ? out - o : MK_DEPTH, ld = 16 * MK_VECTORS(out, p);
        const float *from = panels + p * MK_PANEL * in + q * MK_PANEL * ld + o % MK_PANEL;
        MK(transpose)(width, depth, from, ld, strip, 16 * v);
        if (width < 16 * v)
          for (size_t j = 0; j < depth; j++) memset(strip + j * 16 * v + width, 0, (16 * v - width) * sizeof(float));
        size_t next = o + MK_DEPTH;
        const float *ahead = panels + next / MK_PANEL * MK_PANEL * in + q * MK_PANEL * 16 * MK_VECTORS(out, next / MK_PANEL);
        bool turn = next < out && next % MK_PANEL == 0; /* two strips come from one stretch of the panel */
        MK(rows)(g, o / MK_DEPTH, strip, v, tile, MK_PANEL, r, r + rows,
                 MK(fetch_ahead)(turn ? ahead : 0, width * ld, rows));
      }
      size_t at = r * ldx + q * MK_PANEL;
      MK(finish_gradient)(tile, MK_PANEL, rows, width, gate->y ? gate->y + at : 0, gate->scale, dx + at, ldx);
    }
  }
}

/* Rows are the columns of x; `panels` holds the upstream gradient of the outputs, one row a sample. */
static void MK(weight_gradient_by_input)(const mk_rows *x, const float *panels, size_t in, size_t out,
                                         const mk_update *u, float *w, float *s, float *t, size_t first_panel,
                                         size_t last_panel, size_t first, size_t last, float *tile) {
  for (size_t p = first_panel; p < last_panel; p++) {
    size_t v = MK_VECTORS(out, p);
    for (size_t k = first; k < last; k += MK_LINES) {
      size_t rows = last - k < MK_LINES ? last - k : MK_LINES, at = p * MK_PANEL * in + k * 16 * v;
      for (size_t b = 0; b < MK_BLOCKS(x->n); b++)
        MK(rows)(x, b, panels + p * MK_PANEL * x->n + b * MK_DEPTH * 16 * v, v, tile, 16 * v, k, k + rows,
                 MK(fetch_ahead)(b == 0 ? w + at : b == 1 ? s + at : 0, s || b == 0 ? rows * 16 * v : 0, rows));
      MK(update_line)(u, tile, w + at, s ? s + at : 0, t ? t + at : 0, rows * 16 * v);
    }
  }
}

/* Rows are the columns of the upstream gradient; `panels` holds x, one row a sample. */
static void MK(weight_gradient_by_output)(const mk_rows *g, const float *panels, size_t in, size_t out,
                                          const mk_update *u, float *w, float *s, float *t, size_t first_panel,
                                          size_t last_panel, size_t first, size_t last, float *tile, float *strip) {
  for (size_t q = first_panel; q < last_panel; q++) {
    size_t v = MK_VECTORS(in, q), width = MK_WIDTH(in, q);
    for (size_t o = first, rows; o < last; o += rows) {
      size_t p = o / MK_PANEL, ld = 16 * MK_VECTORS(out, p), room = MK_PANEL - o % MK_PANEL;
      rows = last - o < room ? last - o : room;
      size_t padded = MK_ROUND_UP(rows, MK_LANES), at = p * MK_PANEL * in + q * MK_PANEL * ld + o % MK_PANEL;
      for (size_t b = 0; b < MK_BLOCKS(g->n); b++)
        MK(rows)(g, b, panels + q * MK_PANEL * g->n + b * MK_DEPTH * 16 * v, v, tile, 16 * v, o, o + rows,
                 MK(fetch_ahead)(b == 0 ? w + at : b == 1 ? s + at : 0, s || b == 0 ? width * ld : 0, rows));
      if (rows < padded) memset(tile + rows * 16 * v, 0, (padded - rows) * 16 * v * sizeof(float));
      for (size_t i = 0; i < width; i++, at += ld) {
        if (i % MK_LANES == 0) MK(transpose)(padded, MK_LANES, tile + i, 16 * v, strip, padded);
        MK(update_line)(u, strip + i % MK_LANES * padded, w + at, s ? s + at : 0, t ? t + at : 0, padded);
      }
    }
  }
}

/* Rows of x[rows, n] in panels: row r of panel p lies at p * 128 * rows + r * (16 * vectors). */
static void MK(pack_rows)(const float *x, size_t ldx, size_t rows, size_t n, float *panels, size_t first, size_t last) {
  for (size_t p = 0; p < MK_PANELS(n); p++) {
    size_t v = MK_VECTORS(n, p), width = MK_WIDTH(n, p);
    for (size_t r = first; r < last; r++) {
      float *to = panels + p * MK_PANEL * rows + r * 16 * v;
      const float *from = x + r * ldx + p * MK_PANEL;
      for (size_t j = 0; j < width; j += MK_LANES) MK_STORE(to + j, MK(load_part)(from + j, width - j, 0));
    }
  }
}

static void MK(transpose_f32)(size_t lines, size_t columns, const float *x, size_t ldx, float *y, size_t ldy) {
  MK(transpose)(lines, columns, x, ldx, y, ldy);
}

/* Weights w[out, in] to panels and back, panel by panel. */
static void MK(panels_pack)(const float *w, size_t in, size_t out, float *panels, size_t first, size_t last) {
  for (size_t p = first; p < last; p++) {
    size_t v = MK_VECTORS(out, p), width = MK_WIDTH(out, p);
    float *panel = panels + p * MK_PANEL * in;
    if (width < 16 * v) memset(panel, 0, in * 16 * v * sizeof(float));
    MK(transpose)(width, in, w + p * MK_PANEL * in, in, panel, 16 * v);
  }
}

static void MK(panels_unpack)(const float *panels, size_t in, size_t out, float *w, size_t first, size_t last) {
  for (size_t p = first; p < last; p++)
    MK(transpose)(in, MK_WIDTH(out, p), panels + p * MK_PANEL * in, 16 * MK_VECTORS(out, p), w + p * MK_PANEL * in, in);
}

/* Scales down the weights of each output whose norm is above the limit. */
static void MK(panels_max_norm)(float *panels, size_t in, size_t out, float limit, size_t first, size_t last) {
  for (size_t p = first; p < last; p++) {
    size_t v = MK_VECTORS(out, p);
    for (size_t j = 0; j < v; j++) {
      float *column = panels + p * MK_PANEL * in + 16 * j;
      f32x16 squares = {0};
      for (size_t k = 0; k < in; k++) {
        f32x16 w = MK_LOAD(column + k * 16 * v);
        squares = MK_FMA(w, w, squares);
      }
      f32x16 norm = __builtin_elementwise_sqrt(squares);
      i32x16 above = (norm > limit) & (norm < INFINITY);
      if (__builtin_reduce_or(above) == 0) continue;
      f32x16 factor = MK_SELECT(above, limit / norm, MK_SPLAT(1));
      for (size_t k = 0; k < in; k++) MK_STORE(column + k * 16 * v, MK_LOAD(column + k * 16 * v) * factor);
    }
  }
}

static size_t MK(count_nonzero)(size_t n, const float *x) {
  i32x16 lanes = {0};
  size_t i = 0, count = 0;
  for (; i + MK_LANES <= n; i += MK_LANES) lanes -= MK_LOAD(x + i) != 0.0f;
  for (int l = 0; l < MK_LANES; l++) count += (size_t)(uint32_t)lanes[l];
  for (; i < n; i++) count += x[i] != 0;
  return count;
}

#undef PASS
#undef ENTRY
#undef DENSE
#undef DENSE_PASS
