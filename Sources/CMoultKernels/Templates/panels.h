/* Products with panels; see panels.c for the layout and Documentation/Design for why. */
#include "drop_words.h"
#include "parts.h"
#include "transpose.h"
#include "update.h"

#include "lists.h"
#include "panel_rows.h"
#include "thinning.h"

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
      v = v * MK_SPLAT(e->scale);
      if (e->mask) v = MK(where)(kept[r % (2 * MK_LANES)], j, v);
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
                                      const mk_gate *gate, float *dx, size_t ldx, size_t first_panel,
                                      size_t last_panel, size_t first, size_t last, float *tile, float *strip) {
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
