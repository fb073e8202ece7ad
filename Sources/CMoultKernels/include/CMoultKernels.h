#ifndef CMOULT_KERNELS_H
#define CMOULT_KERNELS_H

/* Moult's C kernels. They cannot fail, allocate no memory and keep no state except the chosen instruction set: Swift
 * code checks shapes, allocates buffers and splits work over threads. Each family of Float32 kernels is written once,
 * with vectors of 16 lanes (Templates/), and compiled for the baseline, AVX2 + FMA and AVX-512. The three versions give
 * the same bits, because every operation is correctly rounded, every fused multiply-add is explicit and every reduction
 * has a fixed order. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* dispatch.c */
enum { MK_ISA_PORTABLE = 0, MK_ISA_AVX2 = 1, MK_ISA_AVX512 = 2 };
int mk_isa_supported(void);       /* the best instruction set that this machine supports */
int mk_isa(void);                 /* the instruction set in use */
void mk_set_isa(int isa);         /* sets it; a negative or unsupported value selects the best supported one */
void mk_pause(void);              /* tells the processor that the caller is in a waiting loop */

/* matmul.c: C[m, n] = A[m, k] B[k, n]. rsa, rsb and csa, csb are row and column strides in elements, so that operands
 * can be transposed by their strides; ldc is the row stride of C. Each element of C is one chain of fused multiply-adds
 * over ascending k, so tiles, threads and vector width do not change it. */
size_t mk_matmul_f32_scratch(size_t m, size_t n, size_t k); /* floats of scratch memory, 64-byte aligned */
void mk_matmul_f32(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                   ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, float *scratch);
void mk_matmul_f64(size_t m, size_t n, size_t k, const double *a, ptrdiff_t rsa, ptrdiff_t csa, const double *b,
                   ptrdiff_t rsb, ptrdiff_t csb, double *c, size_t ldc);

/* philox.c: Philox4x32-10, four random words for a counter of four words and a key of two */
void mk_philox(const uint32_t counter[4], uint32_t k0, uint32_t k1, uint32_t out[4]);

/* draws.c: random numbers of Documentation/MaskLaw.md, "Other draws", for rows x units. Row r belongs to sample
 * `sample` + `stride` * r, and the first number of each row is that of unit `first`. Uniform and normal numbers are
 * rounded once, from Double. Noise is z * scale + shift in Float, each operation rounded, for a standard normal z
 * rounded to Float. */
typedef struct {
  uint32_t k0, k1, step, sample, stride, part;
  uint64_t first;
} mk_draw;
void mk_draw_bits(const mk_draw *d, size_t rows, size_t units, uint64_t *out);
void mk_draw_uniform_f32(const mk_draw *d, size_t rows, size_t units, double low, double high, float *out);
void mk_draw_uniform_f64(const mk_draw *d, size_t rows, size_t units, double low, double high, double *out);
void mk_draw_normal_f32(const mk_draw *d, size_t rows, size_t units, double mean, double deviation, float *out);
void mk_draw_normal_f64(const mk_draw *d, size_t rows, size_t units, double mean, double deviation, double *out);
void mk_draw_noise_f32(const mk_draw *d, size_t rows, size_t units, float scale, float shift, float *out);
/* ln u - ln(1 - u) for u uniform on [0, 1), each operation rounded */
void mk_draw_logistic_f32(const mk_draw *d, size_t rows, size_t units, float *out);
void mk_draw_logistic_f64(const mk_draw *d, size_t rows, size_t units, double *out);
/* kept[i] is true if draw i is below floor(p * 2^64) for p = sigmoid(logits[i]) in Double, so with probability p */
void mk_draw_kept_f32(const mk_draw *d, size_t rows, size_t units, const float *logits, bool *kept);
void mk_draw_kept_f64(const mk_draw *d, size_t rows, size_t units, const double *logits, bool *kept);

/* peak.c: computes Float32 fused multiply-adds on registers and nothing else; returns their number */
size_t mk_multiply_adds(size_t rounds, const float x[32], float sum[16]);

/* dropout.c: masks of Documentation/MaskLaw.md for rows x units. `threshold` is floor(rate * 2^64) for a rate below 1.
 * `sample` is the sample of the first row; row r belongs to sample `sample` + `stride` * r. */
typedef struct {
  uint32_t k0, k1, step, sample, stride, part;
  uint64_t threshold;
} mk_mask;
/* Assigns a step, a sample and units of the mask law to each row of a matrix. With r = row + first_row and q = r mod
 * pass_rows, the row has the step mask.step + r / pass_rows and the sample number i = (q / sample_rows) mod samples.
 * Its sample in the mask law is kept_samples[i] or, if kept_samples is NULL, (mask.sample + mask.stride * i) / group.
 * Column c of the row is unit first_unit + ((q / place_rows) mod places) * place_units + c. */
typedef struct {
  mk_mask mask;
  size_t first_row, pass_rows, sample_rows, samples, place_rows, places;
  uint64_t place_units, first_unit;
  uint32_t group;
  const uint32_t *kept_samples;
} mk_row_mask;
/* y = x * scale where a unit is kept, else 0. `stream` writes y directly to memory, for results that would not stay in
 * the caches until they are read. */
void mk_dropout_f32(const mk_mask *mask, size_t rows, size_t units, const float *x, float scale, float *y,
                    bool stream);
void mk_dropout_f64(const mk_mask *mask, size_t rows, size_t units, const double *x, double scale, double *y);
void mk_drop_bytes(const mk_mask *mask, size_t rows, size_t units, uint8_t *dropped); /* 1 = dropped */

/* elementwise.c: y[i] = f(x[i]) */
#define MK_UNARY(name)                                              \
  void mk_##name##_f32(size_t n, const float *x, float *y);         \
  void mk_##name##_f64(size_t n, const double *x, double *y);
MK_UNARY(negate) MK_UNARY(exp) MK_UNARY(log) MK_UNARY(sqrt) MK_UNARY(abs) MK_UNARY(sign) MK_UNARY(relu)
MK_UNARY(sigmoid) MK_UNARY(tanh) MK_UNARY(sin) MK_UNARY(cos) MK_UNARY(selu) MK_UNARY(selu_derivative)
/* Activations whose derivative is a function of their input. Templates/activations.h defines them, one line each. */
#define MK_EACH_ACTIVATION(X) X(gelu) X(gelu_tanh) X(silu) X(mish)
#define MK_ACTIVATION(name) MK_UNARY(name) MK_UNARY(name##_derivative)
MK_EACH_ACTIVATION(MK_ACTIVATION)
#undef MK_ACTIVATION
#undef MK_UNARY
/* y[i] = f(a[i * sa], b[i * sb]); the strides sa and sb are 0 for a scalar and 1 otherwise */
#define MK_BINARY(name)                                                                                       \
  void mk_##name##_f32(size_t n, const float *a, size_t sa, const float *b, size_t sb, float *y);             \
  void mk_##name##_f64(size_t n, const double *a, size_t sa, const double *b, size_t sb, double *y);
MK_BINARY(add) MK_BINARY(subtract) MK_BINARY(multiply) MK_BINARY(divide) MK_BINARY(pow)
/* NaN if one of both is NaN; b if they are equal */
MK_BINARY(minimum) MK_BINARY(maximum)
/* The gradient of the input for the gradient a and the result b: (a b) (1 - b), and a (1 - b b) */
MK_BINARY(sigmoid_gradient) MK_BINARY(tanh_gradient)
#undef MK_BINARY
/* y[i] = c[i] ? a[i * sa] : b[i * sb], for elements of 8, 32 and 64 bits */
void mk_select_8(size_t n, const bool *c, const void *a, size_t sa, const void *b, size_t sb, void *y);
void mk_select_32(size_t n, const bool *c, const void *a, size_t sa, const void *b, size_t sb, void *y);
void mk_select_64(size_t n, const bool *c, const void *a, size_t sa, const void *b, size_t sb, void *y);
/* dx = y > 0 ? g * scale : 0, for y = dropout(relu(x)): a positive y was kept, and x was positive */
void mk_relu_dropout_backward_f32(size_t n, const float *g, const float *y, float scale, float *dx);
void mk_relu_dropout_backward_f64(size_t n, const double *g, const double *y, double scale, double *dx);

/* divergence.c: y is the divergence of variational dropout for each weight w of variance e^v; dw and dv are its
 * gradients for the upstream gradient g */
void mk_divergence_f32(size_t n, const float *w, const float *v, float *y);
void mk_divergence_gradient_f32(size_t n, const float *g, const float *w, const float *v, float *dw, float *dv);

/* concrete.c: keep = sigmoid((logit - noise) slope) and y = x (keep scale); for the upstream gradient g, dx is the
 * gradient of x, and the sums of dlogit and dscale are those of logit and scale */
void mk_concrete_f32(size_t n, const float *x, const float *noise, float logit, float slope, float scale, float *keep,
                     float *y);
void mk_concrete_gradient_f32(size_t n, const float *g, const float *x, const float *keep, float slope, float scale,
                              float *dx, float *dlogit, float *dscale);

/* reduce.c: sums of rows or columns; rows are contiguous and `stride` elements apart. In Float32, a row adds element i
 * to lane i % 16 in float and sums blocks of 4096 elements in double; a column adds 256 rows in float and sums these
 * blocks in double. So the order is fixed and long sums stay accurate. */
void mk_sum_rows_f32(size_t rows, size_t n, const float *x, size_t stride, float *y);
void mk_sum_rows_f64(size_t rows, size_t n, const double *x, size_t stride, double *y);
void mk_sum_columns_f32(size_t rows, size_t n, const float *x, size_t stride, float *y);
void mk_sum_columns_f64(size_t rows, size_t n, const double *x, size_t stride, double *y);

/* softmax.c: softmax and its logarithm along contiguous rows of n elements */
void mk_softmax_f32(size_t rows, size_t n, const float *x, float *y);
void mk_softmax_f64(size_t rows, size_t n, const double *x, double *y);
void mk_log_softmax_f32(size_t rows, size_t n, const float *x, float *y);
void mk_log_softmax_f64(size_t rows, size_t n, const double *x, double *y);
/* losses[r] is the cross-entropy of row r with its label; `smoothing`, in 0...1, is spread evenly over all n classes.
 * gradient[r, j] = d losses[r] / d x[r, j]; it may be NULL. */
void mk_cross_entropy_f32(size_t rows, size_t n, const float *x, const int32_t *labels, float smoothing, float *losses,
                          float *gradient);
void mk_cross_entropy_f64(size_t rows, size_t n, const double *x, const int32_t *labels, double smoothing,
                          double *losses, double *gradient);

/* optimizer.c: updates in place, in one pass: g is the gradient, w the weights, s and t the optimizer's buffers */
enum {
  MK_STORE_GRADIENT, /* w = g */
  MK_SGD,            /* g += decay w; s = momentum s + g; w -= rate (nesterov ? g + momentum s : s); without s: s = g */
  MK_ADAM,           /* like torch.optim.Adam; decay * w is added to g, and w is first multiplied by shrink */
};
typedef struct {
  int kind;
  bool nesterov;
  double rate; /* Adam: learning rate / (1 - beta1^t) */
  double momentum, decay;
  double beta1, beta2, epsilon, shrink, root; /* root = sqrt(1 - beta2^t) */
} mk_update;
void mk_update_f32(const mk_update *u, size_t n, const float *g, float *w, float *s, float *t);
void mk_update_f64(const mk_update *u, size_t n, const double *g, double *w, double *s, double *t);

/* panels.c: the three products of a linear layer, which can skip the zeros of one operand. Weights [out, in] are stored
 * in panels of 128 outputs, [in][128] each; the last panel has only as many vectors of 16 outputs as it needs. */
#define MK_GROUP 16
/* The non-zero elements in one block of 64 positions of sixteen lines: line after line without gaps, so that a pass
 * over the block reads memory in order. Line r of the group has the entries starts[r] ..< starts[r + 1]; an offset is
 * 64 times the position in the block. The last places of the arrays are scratch memory of the kernel that fills the
 * group. */
typedef struct {
  uint16_t starts[32];
  float values[MK_GROUP * 64 + 16];
  uint16_t offsets[MK_GROUP * 64 + 32];
} mk_sparse_group;
/* Rows of n numbers, dense (`sparse` is NULL; ld is the row stride) or sparse, [groups][blocks] */
typedef struct {
  size_t n;
  const float *dense;
  size_t ld;
  mk_sparse_group *sparse;
} mk_rows;
size_t mk_count_nonzero(size_t n, const float *x);
size_t mk_sparse_groups(size_t lines, size_t n);
/* Compresses the rows, or the columns, first ..< last. `first` is a multiple of 16, and so is `last`, unless it is the
 * number of all rows or columns. */
void mk_compress_rows(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last);
void mk_compress_columns(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last);
void mk_transpose_f32(size_t lines, size_t columns, const float *x, size_t ldx, float *y, size_t ldy);

size_t mk_panels_count(size_t lines, size_t n); /* floats of a matrix [lines, n] in panels */
void mk_panels_pack(const float *w, size_t in, size_t out, float *panels, size_t first_panel, size_t last_panel);
void mk_panels_unpack(const float *panels, size_t in, size_t out, float *w, size_t first_panel, size_t last_panel);
void mk_pack_rows(const float *x, size_t ldx, size_t rows, size_t n, float *panels, size_t first, size_t last);
void mk_panels_max_norm(float *panels, size_t in, size_t out, float limit, size_t first_panel, size_t last_panel);

/* Positions of some columns of a matrix, in ascending order */
typedef struct {
  const uint32_t *index;
  size_t count;
} mk_columns;
/* Gathers the weights between some inputs and some outputs into panels of their own; panel numbers count the panels of
 * `compact` */
void mk_panels_gather(const float *panels, size_t in, size_t out, const mk_columns *inputs, const mk_columns *outputs,
                    float *compact, size_t first_panel, size_t last_panel);
/* Scatters them back: writes panel p of the whole weights, with zeros for all other weights. Returns the number of
 * floats of the panel. */
size_t mk_panel_scatter(const float *compact, const mk_columns *inputs, const mk_columns *outputs, float *panel,
                        size_t in, size_t out, size_t p);

size_t mk_panels_scratch(void); /* floats of scratch memory for each product below */
/* The steps of an epilogue, applied in order to each tile of a product before it is written, with the same bits as one
 * operation after the other. `operand` is a row of biases or a matrix of the result's shape. `derivative` is a matrix of
 * that shape that receives the derivative of an activation, or NULL. */
enum {
  MK_STEP_BIAS,          /* v + operand[column] */
  MK_STEP_ADD,           /* v + operand */
  MK_STEP_MULTIPLY,      /* v * operand */
  MK_STEP_SCALE,         /* v * scale */
  MK_STEP_DROPOUT,       /* v * scale where the mask keeps a unit, else 0 */
  MK_STEP_RELU_GRADIENT, /* v * scale where operand, the result of ReLU or of dropout after it, is > 0; else 0 */
  MK_STEP_relu,
  MK_STEP_sigmoid,
  MK_STEP_tanh,
#define MK_STEP(name) MK_STEP_##name, MK_STEP_##name##_derivative, /* name(v), name'(v) */
  MK_EACH_ACTIVATION(MK_STEP)
#undef MK_STEP
};
typedef struct {
  int kind;
  float scale;
  const float *operand;
  float *derivative;
  const mk_row_mask *mask;
} mk_step;
typedef struct {
  const mk_step *steps;
  size_t count;
} mk_epilogue;
/* Draws mask bits for up to 32 rows and 128 columns: bit b of bits[r][j] is 1 if column first_column + 32 j + b of row
 * first + r is kept. Returns the number of rows drawn, at least 1; all of them are rows of one pass. */
size_t mk_row_mask_bits(const mk_row_mask *mask, size_t first_column, size_t width, size_t first, size_t rows,
                        uint32_t bits[32][4]);
/* y[r, :] = epilogue(x[r, :] W^T) for rows first ..< last and output panels first_panel ..< last_panel */
void mk_panels_forward(const mk_rows *x, size_t in, size_t out, const float *panels, const mk_epilogue *e, float *y,
                       size_t ldy, size_t first_panel, size_t last_panel, size_t first, size_t last, float *scratch);
/* dx[r, :] = epilogue(g[r, :] W); panel numbers count panels of inputs, `panels` are the packed weights */
void mk_panels_input_gradient(const mk_rows *g, size_t in, size_t out, const float *panels, const mk_epilogue *e,
                              float *dx, size_t ldx, size_t first_panel, size_t last_panel, size_t first, size_t last,
                              float *scratch);
/* dW = g^T x; each tile updates the weights while it is in the cache. w, s and t are stored in panels.
 * By input: the rows of `x` are the columns of the layer's input, of which first ..< last are computed, `first` being a
 * multiple of 64, and `panels` hold the gradient. By output: the rows of `g` are the columns of the gradient, and
 * `panels` hold the input. Both give the same bits. */
void mk_weight_gradient_by_input(const mk_rows *x, const float *panels, size_t in, size_t out, const mk_update *u,
                                 float *w, float *s, float *t, size_t first_panel, size_t last_panel, size_t first,
                                 size_t last, float *scratch);
void mk_weight_gradient_by_output(const mk_rows *g, const float *panels, size_t in, size_t out, const mk_update *u,
                                  float *w, float *s, float *t, size_t first_panel, size_t last_panel, size_t first,
                                  size_t last, float *scratch);

#endif
