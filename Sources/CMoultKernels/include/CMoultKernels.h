#ifndef CMOULT_KERNELS_H
#define CMOULT_KERNELS_H

/* Moult's kernels. They cannot fail, do not allocate and keep no state: shapes are checked, buffers are found and
 * work is split over threads in Swift. Each Float32 family is written once over 16-lane vectors (Templates/) and
 * compiled for the baseline, AVX2 + FMA and AVX-512; the three give the same bits, because every operation is
 * correctly rounded, every fused multiply-add is explicit and every reduction has a fixed order. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* dispatch.c */
enum { MK_ISA_PORTABLE = 0, MK_ISA_AVX2 = 1, MK_ISA_AVX512 = 2 };
int mk_isa_supported(void);       /* the best this machine runs */
int mk_isa(void);                 /* the one in use */
void mk_set_isa(int isa);         /* lowers or restores it; clamped to what is supported */
void mk_pause(void);              /* tells the processor that this is a waiting loop */

/* matmul.c: C[m, n] (+)= A[m, k] B[k, n]; rs/cs are row and column strides in elements, so any transpose is a stride.
 * Each output is one chain of fused multiply-adds over ascending k: tiles, threads and vector width do not
 * change it. */
size_t mk_matmul_f32_scratch(size_t m, size_t n, size_t k); /* floats of scratch, 64-byte aligned */
void mk_matmul_f32(size_t m, size_t n, size_t k, const float *a, ptrdiff_t rsa, ptrdiff_t csa, const float *b,
                   ptrdiff_t rsb, ptrdiff_t csb, float *c, size_t ldc, float *scratch);
void mk_matmul_f64(size_t m, size_t n, size_t k, const double *a, ptrdiff_t rsa, ptrdiff_t csa, const double *b,
                   ptrdiff_t rsb, ptrdiff_t csb, double *c, size_t ldc);

/* philox.c */
void mk_philox(const uint32_t counter[4], uint32_t k0, uint32_t k1, uint32_t out[4]);

/* draws.c: Documentation/MaskLaw.md, "other draws", over rows x units; row r has sample + stride * r, and unit 0 of a
 * row is number `first`. Uniform and normal draws are rounded once, from Double; noise is the Float z * scale + shift,
 * each operation rounded, for z a standard normal draw rounded to Float. */
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
/* ln u - ln(1 - u), each operation rounded, for u uniform on [0, 1) */
void mk_draw_logistic_f32(const mk_draw *d, size_t rows, size_t units, float *out);
void mk_draw_logistic_f64(const mk_draw *d, size_t rows, size_t units, double *out);
/* kept[i]: whether draw i is below floor(p[i] * 2^64), that is with the probability p[i] */
void mk_draw_kept(const mk_draw *d, size_t rows, size_t units, const double *p, bool *kept);

/* peak.c: fused multiply-adds of Float32 and nothing else, from registers; returns how many. */
size_t mk_multiply_adds(size_t rounds, const float x[32], float sum[16]);

/* dropout.c: the mask law over rows x units; `threshold` is floor(rate * 2^64), `sample` the first row's, and
 * row r has sample + stride * r. rate 1 never comes here. */
typedef struct {
  uint32_t k0, k1, step, sample, stride, part;
  uint64_t threshold;
} mk_mask;
/* Which step, sample and unit of the mask law each row of a matrix has. With r = row + first_row and q = r mod
 * pass_rows, a row has the step mask.step + r / pass_rows and the sample number i = (q / sample_rows) mod samples,
 * which is kept_samples[i], or (mask.sample + mask.stride * i) / group where kept_samples is NULL. Column c of it is
 * unit first_unit + ((q / place_rows) mod places) * place_units + c. */
typedef struct {
  mk_mask mask;
  size_t first_row, pass_rows, sample_rows, samples, place_rows, places;
  uint64_t place_units, first_unit;
  uint32_t group;
  const uint32_t *kept_samples;
} mk_row_mask;
/* `stream`: y goes past the caches, for what would not stay in them until it is read */
void mk_dropout_f32(const mk_mask *mask, size_t rows, size_t units, const float *x, float scale, float *y,
                    bool stream);
void mk_dropout_f64(const mk_mask *mask, size_t rows, size_t units, const double *x, double scale, double *y);
void mk_drop_bytes(const mk_mask *mask, size_t rows, size_t units, uint8_t *dropped); /* 1 = dropped */

/* elementwise.c: y[i] = f(x[i]) */
#define MK_UNARY(name)                                              \
  void mk_##name##_f32(size_t n, const float *x, float *y);         \
  void mk_##name##_f64(size_t n, const double *x, double *y);
MK_UNARY(negate) MK_UNARY(exp) MK_UNARY(log) MK_UNARY(sqrt) MK_UNARY(abs) MK_UNARY(sign) MK_UNARY(relu)
MK_UNARY(sigmoid) MK_UNARY(tanh) MK_UNARY(selu) MK_UNARY(selu_derivative)
/* Activations whose derivative is a function of their input; the lines are in Templates/activations.h. */
#define MK_EACH_ACTIVATION(X) X(gelu) X(gelu_tanh) X(silu) X(mish)
#define MK_ACTIVATION(name) MK_UNARY(name) MK_UNARY(name##_derivative)
MK_EACH_ACTIVATION(MK_ACTIVATION)
#undef MK_ACTIVATION
#undef MK_UNARY
/* y[i] = f(a[i * sa], b[i * sb]), sa and sb 0 (a scalar) or 1 */
#define MK_BINARY(name)                                                                                       \
  void mk_##name##_f32(size_t n, const float *a, size_t sa, const float *b, size_t sb, float *y);             \
  void mk_##name##_f64(size_t n, const double *a, size_t sa, const double *b, size_t sb, double *y);
MK_BINARY(add) MK_BINARY(subtract) MK_BINARY(multiply) MK_BINARY(divide) MK_BINARY(pow)
#undef MK_BINARY
/* dx = y > 0 ? g * scale : 0, for y = dropout(relu(x)): what is positive was kept and was positive before */
void mk_relu_dropout_backward_f32(size_t n, const float *g, const float *y, float scale, float *dx);
void mk_relu_dropout_backward_f64(size_t n, const double *g, const double *y, double scale, double *dx);

/* divergence.c: y = the divergence of variational dropout for each weight w of variance e^v; its gradients for the
 * upstream gradient g */
void mk_divergence_f32(size_t n, const float *w, const float *v, float *y);
void mk_divergence_gradient_f32(size_t n, const float *g, const float *w, const float *v, float *dw, float *dv);

/* reduce.c: rows are contiguous and `stride` elements apart. Lanes: element i of a row adds to lane i % 16 in float,
 * blocks of 4096 are added up in double; a column adds 256 rows in float and these sums in double. So the order is
 * fixed and long sums stay accurate. */
void mk_sum_rows_f32(size_t rows, size_t n, const float *x, size_t stride, float *y);
void mk_sum_rows_f64(size_t rows, size_t n, const double *x, size_t stride, double *y);
void mk_sum_columns_f32(size_t rows, size_t n, const float *x, size_t stride, float *y);
void mk_sum_columns_f64(size_t rows, size_t n, const double *x, size_t stride, double *y);

/* softmax.c: along contiguous rows of n */
void mk_softmax_f32(size_t rows, size_t n, const float *x, float *y);
void mk_softmax_f64(size_t rows, size_t n, const double *x, double *y);
void mk_log_softmax_f32(size_t rows, size_t n, const float *x, float *y);
void mk_log_softmax_f64(size_t rows, size_t n, const double *x, double *y);
/* losses[r] = cross-entropy of row r with its label, smoothing spread evenly over all n classes;
 * gradient[r, j] = d losses[r] / d x[r, j], or NULL */
void mk_cross_entropy_f32(size_t rows, size_t n, const float *x, const int32_t *labels, float smoothing, float *losses,
                          float *gradient);
void mk_cross_entropy_f64(size_t rows, size_t n, const double *x, const int32_t *labels, double smoothing,
                          double *losses, double *gradient);

/* optimizer.c: one pass, in place: g gradient, w weights, s and t the optimizer's buffers. */
enum {
  MK_STORE_GRADIENT, /* w = g */
  MK_SGD,            /* g += decay w; s = momentum s + g; w -= rate (nesterov ? g + momentum s : s); s NULL: plain */
  MK_ADAM,           /* as torch.optim.Adam; decay is added to g, w is first multiplied by shrink */
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

/* panels.c: the three products of a linear layer, skipping zeros where there are many. Weights [out, in] live in panels
 * of 128 outputs, [in][128] each, the last as many vectors of 16 wide as it needs. */
#define MK_GROUP 16
/* What is not zero in one block, 64 positions, of sixteen lines: line after line without gaps, so that a pass over a
 * block reads memory in order. Line r of the group is places starts[r] ..< starts[r + 1]; an offset is 64 times the
 * position in the block. The last places are scratch memory of the kernel that fills the group. */
typedef struct {
  uint16_t starts[32];
  float values[MK_GROUP * 64 + 16];
  uint16_t offsets[MK_GROUP * 64 + 32];
} mk_sparse_group;
/* Rows of n numbers: dense (`sparse` is NULL) or sparse, [groups][blocks]. */
typedef struct {
  size_t n;
  const float *dense;
  size_t ld;
  mk_sparse_group *sparse;
} mk_rows;
size_t mk_count_nonzero(size_t n, const float *x);
size_t mk_sparse_groups(size_t lines, size_t n);
/* Compresses rows first ..< last, first being a multiple of 16, and last too or the number of lines. */
void mk_compress_rows(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last);
void mk_compress_columns(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last);
void mk_transpose_f32(size_t lines, size_t columns, const float *x, size_t ldx, float *y, size_t ldy);

size_t mk_panels_count(size_t lines, size_t n); /* floats of [lines, n] in panels of columns */
void mk_panels_pack(const float *w, size_t in, size_t out, float *panels, size_t first_panel, size_t last_panel);
void mk_panels_unpack(const float *panels, size_t in, size_t out, float *w, size_t first_panel, size_t last_panel);
void mk_pack_rows(const float *x, size_t ldx, size_t rows, size_t n, float *panels, size_t first, size_t last);
void mk_panels_max_norm(float *panels, size_t in, size_t out, float limit, size_t first_panel, size_t last_panel);

/* Some columns of a matrix, in ascending order. */
typedef struct {
  const uint32_t *index;
  size_t count;
} mk_columns;
/* The weights between some inputs and some outputs as panels of their own; panel numbers are those of `compact`. */
void mk_panels_gather(const float *panels, size_t in, size_t out, const mk_columns *inputs, const mk_columns *outputs,
                    float *compact, size_t first_panel, size_t last_panel);
/* And back: panel `p` of the whole, with zeros everywhere else; returns its floats. */
size_t mk_panel_scatter(const float *compact, const mk_columns *inputs, const mk_columns *outputs, float *panel,
                        size_t in, size_t out, size_t p);

size_t mk_panels_scratch(void); /* floats, for each of the three */
/* What is done to each tile of a product before it is written: steps in order, with the same bits as one operation
 * after the other. `operand` is a row of biases, or a matrix of the result's shape; `stored`, a matrix of that shape,
 * receives what comes into the step, or is NULL. */
enum {
  MK_STEP_BIAS,          /* v + operand[column] */
  MK_STEP_SCALE,         /* v * scale */
  MK_STEP_DROPOUT,       /* v * scale where the mask keeps a unit, else 0 */
  MK_STEP_RELU_GRADIENT, /* v * scale where operand > 0, else 0: by the result of ReLU, or of dropout after ReLU */
  MK_STEP_relu,
  MK_STEP_sigmoid,
  MK_STEP_tanh,
#define MK_STEP(name) MK_STEP_##name, MK_STEP_##name##_gradient, /* v = name(v), v = v * name'(operand) */
  MK_EACH_ACTIVATION(MK_STEP)
#undef MK_STEP
};
typedef struct {
  int kind;
  float scale;
  const float *operand;
  float *stored;
  const mk_row_mask *mask;
} mk_step;
typedef struct {
  const mk_step *steps;
  size_t count;
} mk_epilogue;
/* bits[r][j]: which of the columns first_column + 32 j + b of row first + r are kept, for up to 32 rows and 128
 * columns. Returns how many rows it has drawn, at least one: all of one pass. */
size_t mk_row_mask_bits(const mk_row_mask *mask, size_t first_column, size_t width, size_t first, size_t rows,
                        uint32_t bits[32][4]);
/* y[r, :] = epilogue(x[r, :] W^T) for rows first ..< last and output panels first_panel ..< last_panel */
void mk_panels_forward(const mk_rows *x, size_t in, size_t out, const float *panels, const mk_epilogue *e, float *y,
                       size_t ldy, size_t first_panel, size_t last_panel, size_t first, size_t last, float *scratch);
/* dx[r, :] = epilogue(g[r, :] W), panels being those of the inputs */
void mk_panels_input_gradient(const mk_rows *g, size_t in, size_t out, const float *panels, const mk_epilogue *e,
                              float *dx, size_t ldx, size_t first_panel, size_t last_panel, size_t first, size_t last,
                              float *scratch);
/* dW = g^T x, each tile handed to the update while it is in the cache; w, s and t in panels.
 * By input: lines are the columns of x (first ..< last of them, first a multiple of 64), `panels` are g's of outputs.
 * By output: lines are the columns of g, `panels` are x's of inputs. Both give the same bits. */
void mk_weight_gradient_by_input(const mk_rows *x, const float *panels, size_t in, size_t out, const mk_update *u,
                                 float *w, float *s, float *t, size_t first_panel, size_t last_panel, size_t first,
                                 size_t last, float *scratch);
void mk_weight_gradient_by_output(const mk_rows *g, const float *panels, size_t in, size_t out, const mk_update *u,
                                  float *w, float *s, float *t, size_t first_panel, size_t last_panel, size_t first,
                                  size_t last, float *scratch);

#endif
