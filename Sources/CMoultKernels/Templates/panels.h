/* Products with panels. panels.c describes their layout, Documentation/Design/0003 the reasons for it. */
#include "parts.h"
#include "transpose.h"
#include "update.h"

#include "epilogue.h"
#include "sparse_rows.h"
#include "panel_rows.h"
#include "compaction.h"

static void MK(panels_forward)(const mk_rows *x, size_t in, size_t out, const float *panels, const mk_epilogue *e,
                               float *y, size_t ldy, size_t first_panel, size_t last_panel, size_t first, size_t last,
                               float *tile) {
  for (size_t p = first_panel; p < last_panel; p++) {
    size_t v = MK_VECTORS(out, p), width = MK_WIDTH(out, p);
    const float *panel = panels + p * MK_PANEL * in;
    for (size_t r = first; r < last; r += MK_ROWS) {
      size_t rows = last - r < MK_ROWS ? last - r : MK_ROWS;
      for (size_t b = 0; b < MK_BLOCKS(in); b++)
        MK(rows)(x, b, panel + b * MK_DEPTH * 16 * v, v, width, tile, 16 * v, r, r + rows,
                 MK(fetch_ahead)(r == first && (b + 1) * MK_DEPTH < in ? panel + (b + 1) * MK_DEPTH * 16 * v : 0,
                                 MK_DEPTH * 16 * v, rows));
      MK(finish)(tile, rows, p * MK_PANEL, width, e, y, ldy, r);
    }
  }
}

/* The gradient of the input. Its columns are computed in panels too: `strip` holds the weights of MK_DEPTH outputs and
 * of the inputs of one such panel, transposed from the packed weights in the first-level cache. */
static void MK(panels_input_gradient)(const mk_rows *g, size_t in, size_t out, const float *panels,
                                      const mk_epilogue *e, float *dx, size_t ldx, size_t first_panel,
                                      size_t last_panel, size_t first, size_t last, float *tile, float *strip) {
  for (size_t q = first_panel; q < last_panel; q++) {
    size_t v = MK_VECTORS(in, q), width = MK_WIDTH(in, q);
    for (size_t r = first; r < last; r += MK_GRADIENT_ROWS) {
      size_t rows = last - r < MK_GRADIENT_ROWS ? last - r : MK_GRADIENT_ROWS;
      for (size_t o = 0; o < out; o += MK_DEPTH) {
        size_t p = o / MK_PANEL, depth = out - o < MK_DEPTH ? out - o : MK_DEPTH, ld = 16 * MK_VECTORS(out, p);
        const float *from = panels + p * MK_PANEL * in + q * MK_PANEL * ld + o % MK_PANEL;
        MK(transpose)(width, depth, from, ld, strip, 16 * v);
        if (width < 16 * v)
          for (size_t j = 0; j < depth; j++) memset(strip + j * 16 * v + width, 0, (16 * v - width) * sizeof(float));
        size_t next = o + MK_DEPTH;
        const float *ahead =
            panels + next / MK_PANEL * MK_PANEL * in + q * MK_PANEL * 16 * MK_VECTORS(out, next / MK_PANEL);
        bool turn = next < out && next % MK_PANEL == 0; /* two strips come from the same part of a panel */
        MK(rows)(g, o / MK_DEPTH, strip, v, width, tile, 16 * v, r, r + rows,
                 MK(fetch_ahead)(turn ? ahead : 0, width * ld, rows));
      }
      MK(finish)(tile, rows, q * MK_PANEL, width, e, dx, ldx, r);
    }
  }
}

/* The gradient of the weights, with the columns of x as rows; `panels` hold the gradient of the outputs, one line for
 * each sample. */
static void MK(weight_gradient_by_input)(const mk_rows *x, const float *panels, size_t in, size_t out,
                                         const mk_update *u, float *w, float *s, float *t, size_t first_panel,
                                         size_t last_panel, size_t first, size_t last, float *tile) {
  for (size_t p = first_panel; p < last_panel; p++) {
    size_t v = MK_VECTORS(out, p);
    for (size_t k = first; k < last; k += MK_LINES) {
      size_t rows = last - k < MK_LINES ? last - k : MK_LINES, at = p * MK_PANEL * in + k * 16 * v;
      for (size_t b = 0; b < MK_BLOCKS(x->n); b++)
        MK(rows)(x, b, panels + p * MK_PANEL * x->n + b * MK_DEPTH * 16 * v, v, MK_WIDTH(out, p), tile, 16 * v, k,
                 k + rows,
                 MK(fetch_ahead)(b == 0 ? w + at : b == 1 ? s + at : 0, s || b == 0 ? rows * 16 * v : 0, rows));
      MK(update_line)(u, tile, w + at, s ? s + at : 0, t ? t + at : 0, rows * 16 * v);
    }
  }
}

/* The gradient of the weights, with the columns of the gradient of the outputs as rows; `panels` hold x, one line for
 * each sample. */
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
        MK(rows)(g, b, panels + q * MK_PANEL * g->n + b * MK_DEPTH * 16 * v, v, width, tile, 16 * v, o, o + rows,
                 MK(fetch_ahead)(b == 0 ? w + at : b == 1 ? s + at : 0, s || b == 0 ? width * ld : 0, rows));
      if (rows < padded) memset(tile + rows * 16 * v, 0, (padded - rows) * 16 * v * sizeof(float));
      for (size_t i = 0; i < width; i++, at += ld) {
        if (i % MK_LANES == 0) MK(transpose)(padded, MK_LANES, tile + i, 16 * v, strip, padded);
        MK(update_line)(u, strip + i % MK_LANES * padded, w + at, s ? s + at : 0, t ? t + at : 0, padded);
      }
    }
  }
}

/* Packs the rows of x[rows, n] into panels: row r of panel p begins at p * 128 * rows + r * (16 * vectors). */
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

/* Packs weights w[out, in] into panels first ..< last. */
static void MK(panels_pack)(const float *w, size_t in, size_t out, float *panels, size_t first, size_t last) {
  for (size_t p = first; p < last; p++) {
    size_t v = MK_VECTORS(out, p), width = MK_WIDTH(out, p);
    float *panel = panels + p * MK_PANEL * in;
    if (width < 16 * v) memset(panel, 0, in * 16 * v * sizeof(float));
    MK(transpose)(width, in, w + p * MK_PANEL * in, in, panel, 16 * v);
  }
}

/* Unpacks panels first ..< last into weights w[out, in]. */
static void MK(panels_unpack)(const float *panels, size_t in, size_t out, float *w, size_t first, size_t last) {
  for (size_t p = first; p < last; p++)
    MK(transpose)(in, MK_WIDTH(out, p), panels + p * MK_PANEL * in, 16 * MK_VECTORS(out, p), w + p * MK_PANEL * in, in);
}

/* Scales down the weights of each output whose norm is above the limit to a norm equal to the limit. */
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
