/* The products of products.h in OpenBLAS, as a single thread's calls on slices: its own threads would compete with
 * OpenMP's. The names of its functions come from the compiler's command line, since NumPy's copy has its own. */
#include "products.h"
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112, SLICE = 16 };

void OPENBLAS(cblas_sgemm)(int order, int ta, int tb, OPENBLAS_INT m, OPENBLAS_INT n, OPENBLAS_INT k, float alpha,
                           const float *a, OPENBLAS_INT lda, const float *b, OPENBLAS_INT ldb, float beta, float *c,
                           OPENBLAS_INT ldc);
void OPENBLAS(openblas_set_num_threads)(int threads);
char *OPENBLAS(openblas_get_config)(void);

const char *library_name(void) {
  static char name[64];
  snprintf(name, sizeof name, "%.63s", OPENBLAS(openblas_get_config)());
  char *space = strchr(name, ' ');
  if (space && (space = strchr(space + 1, ' '))) *space = 0;
  return name;
}

void library_start(void) {
  OPENBLAS(openblas_set_num_threads)(1);
}

void layer_prepare(struct layer *layer) {
  layer->count = layer->out * layer->in;
  layer->w = numbers(layer->count);
  layer->dw = numbers(layer->count);
}

void layer_load(struct layer *layer, const float *w) { memcpy(layer->w, w, layer->count * sizeof *w); }

/* The part of `extent` that this thread takes, in whole slices. */
static size_t part(size_t extent, int thread) {
  size_t slices = (extent + SLICE - 1) / SLICE, end = slices * (size_t)thread / (size_t)omp_get_num_threads() * SLICE;
  return end < extent ? end : extent;
}

void layer_forward(struct layer *layer, const float *x, float *y) {
  size_t rows = layer->rows, in = layer->in, out = layer->out;
#pragma omp parallel
  {
    int t = omp_get_thread_num();
    size_t first = part(out, t), last = part(out, t + 1);
    if (first < last) {
      for (size_t r = 0; layer->is_fused && r < rows; r++)
        memcpy(y + r * out + first, layer->bias + first, (last - first) * sizeof *y);
      OPENBLAS(cblas_sgemm)(ROW_MAJOR, PLAIN, TRANSPOSED, rows, last - first, in, 1, x, in, layer->w + first * in, in,
                            layer->is_fused ? 1 : 0, y + first, out);
      for (size_t r = 0; layer->has_relu && r < rows; r++)
        for (size_t o = first; o < last; o++) y[r * out + o] = y[r * out + o] > 0 ? y[r * out + o] : 0;
    }
  }
}

void layer_input_gradient(struct layer *layer, const float *dy, float *dx) {
  size_t rows = layer->rows, in = layer->in, out = layer->out;
#pragma omp parallel
  {
    int t = omp_get_thread_num();
    size_t first = part(in, t), last = part(in, t + 1);
    if (first < last)
      OPENBLAS(cblas_sgemm)(ROW_MAJOR, PLAIN, PLAIN, rows, last - first, out, 1, dy, out, layer->w + first, in, 0,
                            dx + first, in);
  }
}

void layer_weight_gradient(struct layer *layer, const float *x, const float *dy) {
  size_t rows = layer->rows, in = layer->in, out = layer->out;
#pragma omp parallel
  {
    int t = omp_get_thread_num(), by_output = out >= in;
    size_t extent = by_output ? out : in, first = part(extent, t), last = part(extent, t + 1), width = last - first;
    if (first < last && by_output)
      OPENBLAS(cblas_sgemm)(ROW_MAJOR, TRANSPOSED, PLAIN, width, in, rows, 1, dy + first, out, x, in, 0,
                            layer->dw + first * in, in);
    else if (first < last)
      OPENBLAS(cblas_sgemm)(ROW_MAJOR, TRANSPOSED, PLAIN, out, width, rows, 1, dy, out, x + first, in, 0,
                            layer->dw + first, in);
    size_t from = part(out, t), to = part(out, t + 1);
    if (layer->is_fused && from < to) {
      memset(layer->dbias + from, 0, (to - from) * sizeof *layer->dbias);
      for (size_t r = 0; r < rows; r++)
        for (size_t o = from; o < to; o++) layer->dbias[o] += dy[r * out + o];
    }
  }
}
