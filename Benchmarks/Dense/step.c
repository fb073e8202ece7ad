/* The training step of step_pytorch.py without dropout, fused over a dense library: what skipping zeros has to beat.
 *
 *     step MODE BATCHES SIZES THREADS [WEIGHTS STEPS]
 *
 * MODE is `step`; `products`, all products of a step and nothing else; or `forward`, `input-gradient` and
 * `weight-gradient`, that one of the first layer. BATCHES holds int32 batches, rows, then float inputs
 * [batches, rows, in] and int32 labels [batches, rows]; SIZES are like 784,256,10. For each line "SECONDS STEPS" of
 * standard input it times STEPS steps, or that many seconds where STEPS is 0, after some that are not timed, and prints
 * JSON. With WEIGHTS (float w: [out, in] and bias: [out] of each layer in turn) it starts from these, prints the loss of
 * each of STEPS steps, and times nothing. */
#include "products.h"
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const float LEARNING_RATE = 0.05f, MOMENTUM = 0.9f;
enum { MOST_LAYERS = 64, WARM_UP = 10, FEWEST = 5, MOST_TIMES = 1 << 20 };

static struct layer layers[MOST_LAYERS];
static int layer_count;
/* h[l] goes into layer l and h[l + 1] comes out of it; g[l] is the gradient by h[l]. */
static float *h[MOST_LAYERS + 1], *g[MOST_LAYERS + 1];
static size_t rows, input_size, class_count;

static void fail(const char *what) {
  fprintf(stderr, "step: %s\n", what);
  exit(1);
}

double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

float *numbers(size_t count) {
  void *result = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  if (!result) fail("out of memory");
  memset(result, 0, count * sizeof(float));
  return result;
}

static void read_all(FILE *file, void *to, size_t size, size_t count) {
  if (!file || fread(to, size, count, file) != count) fail("cannot read a file, or it is too short");
}

/* The mean cross-entropy, and its gradient by the logits in place. */
static float softmax_cross_entropy(float *logits, const int32_t *labels) {
  float sum = 0;
#pragma omp parallel for reduction(+ : sum) if (rows * class_count > 8192)
  for (size_t r = 0; r < rows; r++) {
    float *z = logits + r * class_count, top = z[0], total = 0;
    for (size_t k = 1; k < class_count; k++) top = z[k] > top ? z[k] : top;
    float right = z[labels[r]] - top;
    for (size_t k = 0; k < class_count; k++) total += z[k] = expf(z[k] - top);
    float scale = 1 / (total * (float)rows);
    for (size_t k = 0; k < class_count; k++) z[k] *= scale;
    z[labels[r]] -= 1 / (float)rows;
    sum += logf(total) - right;
  }
  return sum / (float)rows;
}

static void zero_where_off(float *restrict gradient, const float *restrict activation, size_t count) {
#pragma omp parallel for simd if (count > 16384)
  for (size_t i = 0; i < count; i++) gradient[i] = activation[i] > 0 ? gradient[i] : 0;
}

/* SGD with momentum in one pass. */
static void update(float *restrict w, float *restrict v, const float *restrict dw, size_t count) {
#pragma omp parallel for simd if (count > 16384)
  for (size_t i = 0; i < count; i++) {
    v[i] = MOMENTUM * v[i] + dw[i];
    w[i] -= LEARNING_RATE * v[i];
  }
}

static float step(const float *x, const int32_t *labels) {
  h[0] = (float *)x;
  for (int l = 0; l < layer_count; l++) layer_forward(&layers[l], h[l], h[l + 1]);
  float loss = softmax_cross_entropy(h[layer_count], labels);
  g[layer_count] = h[layer_count];
  for (int l = layer_count - 1; l >= 0; l--) {
    struct layer *layer = &layers[l];
    layer_weight_gradient(layer, h[l], g[l + 1]);
    if (l > 0) {
      layer_input_gradient(layer, g[l + 1], g[l]);
      zero_where_off(g[l], h[l], rows * layer->in);
    }
    update(layer->w, layer->v, layer->dw, layer->count);
    update(layer->bias, layer->bias_v, layer->dbias, layer->out);
  }
  return loss;
}

static void products(const char *mode, const float *x) {
  h[0] = (float *)x;
  if (!strcmp(mode, "forward")) return layer_forward(&layers[0], h[0], h[1]);
  if (!strcmp(mode, "input-gradient")) return layer_input_gradient(&layers[0], g[1], g[0]);
  if (!strcmp(mode, "weight-gradient")) return layer_weight_gradient(&layers[0], h[0], g[1]);
  for (int l = 0; l < layer_count; l++) {
    layer_forward(&layers[l], h[l], h[l + 1]);
    layer_weight_gradient(&layers[l], h[l], g[l + 1]);
    if (l > 0) layer_input_gradient(&layers[l], g[l + 1], g[l]);
  }
}

static void make_layers(char *sizes, const char *mode, FILE *weights) {
  int is_step = !strcmp(mode, "step"), is_one = !is_step && strcmp(mode, "products");
  size_t in = strtoul(sizes, &sizes, 10);
  if (in != input_size) fail("SIZES do not begin with the size of the inputs");
  g[0] = numbers(rows * in);
  uint32_t random = 1;
  while (*sizes == ',' && layer_count < MOST_LAYERS) {
    struct layer *layer = &layers[layer_count];
    size_t out = strtoul(sizes + 1, &sizes, 10);
    *layer = (struct layer){.rows = rows, .in = in, .out = out, .has_input_gradient = layer_count > 0 || is_one,
                            .is_fused = is_step, .has_relu = is_step && *sizes == ',', .bias = numbers(out),
                            .dbias = numbers(out), .bias_v = numbers(out)};
    layer_prepare(layer);
    layer->v = numbers(layer->count);
    float *w = numbers(out * in);
    if (weights) {
      read_all(weights, w, sizeof *w, out * in);
      read_all(weights, layer->bias, sizeof *w, out);
    } else {
      float bound = 1 / sqrtf((float)in);
      for (size_t i = 0; i < out * in; i++) {
        random = random * 1664525u + 1013904223u;
        w[i] = ((float)random * 0x1p-31f - 1) * bound;
      }
    }
    layer_load(layer, w);
    memset(layer->dw, 0, layer->count * sizeof(float));
    free(w);
    layer_count++;
    h[layer_count] = numbers(rows * out);
    g[layer_count] = numbers(rows * out);
    for (size_t i = 0; i < rows * out; i++) g[layer_count][i] = 1e-3f * (float)(i % 17);
    in = class_count = out;
  }
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Times a block and prints what it took. */
static void block(const char *mode, const float *x, const int32_t *labels, size_t batches, double seconds, long steps) {
  static double times[MOST_TIMES];
  size_t timed = 0, size = rows * input_size;
  double end = 0, sum = 0;
  float loss = 0;
  for (size_t i = 0; timed < MOST_TIMES; i++) {
    if (i == WARM_UP) end = now() + seconds;
    size_t batch = i % batches;
    double start = now();
    if (!strcmp(mode, "step")) loss = step(x + batch * size, labels + batch * rows);
    else products(mode, x + batch * size);
    if (i < WARM_UP) continue;
    times[timed++] = 1e6 * (now() - start);
    sum += times[timed - 1];
    if (steps ? timed >= (size_t)steps : timed >= FEWEST && now() >= end) break;
  }
  qsort(times, timed, sizeof *times, by_size);
  printf("{\"event\": \"bench\", \"library\": \"%s\", \"microseconds_median\": %.3f, \"microseconds_mean\": %.3f, "
         "\"microseconds_min\": %.3f, \"repetitions\": %zu, \"loss\": %g}\n",
         library_name(), (times[timed / 2] + times[(timed - 1) / 2]) / 2, sum / (double)timed, times[0], timed, loss);
  fflush(stdout);
}

int main(int count, char **arguments) {
  if (count != 5 && count != 7) fail("expected MODE BATCHES SIZES THREADS [WEIGHTS STEPS]");
  const char *mode = arguments[1];
  int32_t header[2];
  FILE *file = fopen(arguments[2], "rb");
  read_all(file, header, sizeof *header, 2);
  size_t batches = (size_t)header[0];
  rows = (size_t)header[1];
  input_size = strtoul(arguments[3], NULL, 10);
  size_t size = rows * input_size;
  float *x = numbers(batches * size);
  int32_t *labels = (int32_t *)numbers(batches * rows);
  read_all(file, x, sizeof *x, batches * size);
  read_all(file, labels, sizeof *labels, batches * rows);
  fclose(file);
  omp_set_num_threads(atoi(arguments[4]));
  library_start();
  make_layers(arguments[3], mode, count == 7 ? fopen(arguments[5], "rb") : NULL);

  if (count == 7) {
    for (size_t i = 0; i < strtoul(arguments[6], NULL, 10); i++)
      printf("%.9g\n", step(x + i % batches * size, labels + i % batches * rows));
    return 0;
  }
  double seconds;
  long steps;
  while (scanf("%lf %ld", &seconds, &steps) == 2) block(mode, x, labels, batches, seconds, steps);
  return 0;
}
