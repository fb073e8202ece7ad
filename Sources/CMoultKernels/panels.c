#include "Templates/vector.h"

#include "Templates/philox_constants.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The layout of a matrix [lines, n] in panels: panel p holds columns 128 p ..< 128 p + 128, line after line, 512 bytes
 * each. So a block of 64 lines is 32 KiB of contiguous memory and fits a first-level cache without conflicts. The last
 * panel has only as many vectors of 16 columns as it needs; its padding is zero. Weights [out, in] are stored as panels
 * of their transpose. */
#define MK_PANEL 128
/* The number of terms of the sum in a block: the length of a sparse block, and the number of lines in a block of a
 * panel. */
#define MK_DEPTH 64
/* The number of rows of a tile of results: in the forward pass, and in the product for the input gradient. */
#define MK_ROWS 126
#define MK_GRADIENT_ROWS 504
/* The number of lines of a tile of weights. */
#define MK_LINES 128
#define MK_ROUND_UP(x, to) (((x) + (to)-1) / (to) * (to))
#define MK_BLOCKS(n) (((n) + MK_DEPTH - 1) / MK_DEPTH)
#define MK_PANELS(n) (((n) + MK_PANEL - 1) / MK_PANEL)
#define MK_WIDTH(n, p) ((n) - (p) * MK_PANEL < MK_PANEL ? (n) - (p) * MK_PANEL : (size_t)MK_PANEL)
#define MK_VECTORS(n, p) ((MK_WIDTH(n, p) + MK_LANES - 1) / MK_LANES)

#define MK_GROUPS(lines) (((lines) + MK_GROUP - 1) / MK_GROUP)
#define MK_SPARSE(l, block, line) ((l)->sparse + (line) / MK_GROUP * MK_BLOCKS((l)->n) + (block))

#define MK_TEMPLATE "panels.h"
#include "Templates/each_isa.h"

size_t mk_panels_count(size_t lines, size_t n) {
  return n == 0 ? 0 : lines * ((MK_PANELS(n) - 1) * MK_PANEL + 16 * MK_VECTORS(n, MK_PANELS(n) - 1));
}

size_t mk_sparse_groups(size_t lines, size_t n) { return MK_GROUPS(lines) * MK_BLOCKS(n); }
size_t mk_panels_scratch(void) { return (MK_GRADIENT_ROWS + MK_DEPTH) * MK_PANEL; }

size_t mk_count_nonzero(size_t n, const float *x) {
#if defined(__x86_64__)
  switch (mk_isa()) {
    case MK_ISA_AVX512: return count_nonzero_avx512(n, x);
    case MK_ISA_AVX2: return count_nonzero_avx2(n, x);
  }
#endif
  return count_nonzero_portable(n, x);
}

void mk_compress_rows(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last) {
  MK_CHOOSE(compress_rows, l, x, ldx, first, last);
}

void mk_compress_columns(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last) {
  MK_CHOOSE(compress_columns, l, x, ldx, first, last);
}

void mk_transpose_f32(size_t lines, size_t columns, const float *x, size_t ldx, float *y, size_t ldy) {
  MK_CHOOSE(transpose_f32, lines, columns, x, ldx, y, ldy);
}

void mk_panels_forward(const mk_rows *x, size_t in, size_t out, const float *panels, const mk_epilogue *e, float *y,
                       size_t ldy, size_t first_panel, size_t last_panel, size_t first, size_t last, float *scratch) {
  MK_CHOOSE(panels_forward, x, in, out, panels, e, y, ldy, first_panel, last_panel, first, last, scratch);
}

void mk_panels_input_gradient(const mk_rows *g, size_t in, size_t out, const float *panels, const mk_epilogue *e,
                              float *dx, size_t ldx, size_t first_panel, size_t last_panel, size_t first, size_t last,
                              float *scratch) {
  MK_CHOOSE(panels_input_gradient, g, in, out, panels, e, dx, ldx, first_panel, last_panel, first, last, scratch,
            scratch + MK_GRADIENT_ROWS * MK_PANEL);
}

void mk_weight_gradient_by_input(const mk_rows *x, const float *panels, size_t in, size_t out, const mk_update *u,
                                 float *w, float *s, float *t, size_t first_panel, size_t last_panel, size_t first,
                                 size_t last, float *scratch) {
  MK_CHOOSE(weight_gradient_by_input, x, panels, in, out, u, w, s, t, first_panel, last_panel, first, last, scratch);
}

void mk_weight_gradient_by_output(const mk_rows *g, const float *panels, size_t in, size_t out, const mk_update *u,
                                  float *w, float *s, float *t, size_t first_panel, size_t last_panel, size_t first,
                                  size_t last, float *scratch) {
  MK_CHOOSE(weight_gradient_by_output, g, panels, in, out, u, w, s, t, first_panel, last_panel, first, last, scratch,
            scratch + MK_GRADIENT_ROWS * MK_PANEL);
}

void mk_panels_max_norm(float *panels, size_t in, size_t out, float limit, size_t first, size_t last) {
  MK_CHOOSE(panels_max_norm, panels, in, out, limit, first, last);
}

void mk_pack_rows(const float *x, size_t ldx, size_t rows, size_t n, float *panels, size_t first, size_t last) {
  MK_CHOOSE(pack_rows, x, ldx, rows, n, panels, first, last);
}

void mk_panels_pack(const float *w, size_t in, size_t out, float *panels, size_t first, size_t last) {
  MK_CHOOSE(panels_pack, w, in, out, panels, first, last);
}

void mk_panels_unpack(const float *panels, size_t in, size_t out, float *w, size_t first, size_t last) {
  MK_CHOOSE(panels_unpack, panels, in, out, w, first, last);
}

void mk_panels_gather(const float *panels, size_t in, size_t out, const mk_columns *inputs, const mk_columns *outputs,
                    float *compact, size_t first_panel, size_t last_panel) {
  MK_CHOOSE(panels_gather, panels, in, out, inputs, outputs, compact, first_panel, last_panel);
}

size_t mk_panel_scatter(const float *compact, const mk_columns *inputs, const mk_columns *outputs, float *panel,
                        size_t in, size_t out, size_t p) {
#if defined(__x86_64__)
  switch (mk_isa()) {
    case MK_ISA_AVX512: return panel_scatter_avx512(compact, inputs, outputs, panel, in, out, p);
    case MK_ISA_AVX2: return panel_scatter_avx2(compact, inputs, outputs, panel, in, out, p);
  }
#endif
  return panel_scatter_portable(compact, inputs, outputs, panel, in, out, p);
}

size_t mk_row_mask_bits(const mk_row_mask *mask, size_t first_column, size_t width, size_t first, size_t rows,
                        uint32_t bits[32][4]) {
#if defined(__x86_64__)
  switch (mk_isa()) {
    case MK_ISA_AVX512: return row_mask_bits_avx512(mask, first_column, width, first, rows, bits);
    case MK_ISA_AVX2: return row_mask_bits_avx2(mask, first_column, width, first, rows, bits);
  }
#endif
  return row_mask_bits_portable(mask, first_column, width, first, rows, bits);
}
