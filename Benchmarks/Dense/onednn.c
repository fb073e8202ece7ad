/* The products of products.h in oneDNN 2: inner products, with the layout of the weights that is fastest in all three. */
#include "products.h"
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static void check(dnnl_status_t status, const char *what) {
  if (status == dnnl_success) return;
  fprintf(stderr, "oneDNN: %s failed with status %d\n", what, status);
  exit(1);
}
#define CHECK(call) check(call, #call)

/* One product: its primitive and the memories that it is called with. */
struct product {
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t arguments[4];
  int count;
};

struct products {
  struct product forward, input_gradient, weight_gradient;
  dnnl_memory_desc_t weights;
};

const char *library_name(void) {
  static char name[32];
  const dnnl_version_t *version = dnnl_version();
  snprintf(name, sizeof name, "oneDNN %d.%d.%d", version->major, version->minor, version->patch);
  return name;
}

void library_start(void) {
  CHECK(dnnl_engine_create(&engine, dnnl_cpu, 0));
  CHECK(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
}

static dnnl_memory_desc_t matrix(size_t rows, size_t columns, dnnl_format_tag_t tag) {
  dnnl_memory_desc_t md;
  dnnl_dims_t dims = {(dnnl_dim_t)rows, (dnnl_dim_t)columns};
  CHECK(dnnl_memory_desc_init_by_tag(&md, 2, dims, dnnl_f32, tag));
  return md;
}

static dnnl_memory_desc_t vector(size_t count) {
  dnnl_memory_desc_t md;
  dnnl_dims_t dims = {(dnnl_dim_t)count};
  CHECK(dnnl_memory_desc_init_by_tag(&md, 1, dims, dnnl_f32, dnnl_a));
  return md;
}

static void give(struct product *product, int argument, const dnnl_memory_desc_t *md) {
  dnnl_exec_arg_t *slot = &product->arguments[product->count++];
  slot->arg = argument;
  CHECK(dnnl_memory_create(&slot->memory, md, engine, DNNL_MEMORY_NONE));
}

static void point(struct product *product, int index, const float *data) {
  CHECK(dnnl_memory_set_data_handle(product->arguments[index].memory, (void *)data));
}

static void run(struct product *product) {
  CHECK(dnnl_primitive_execute(product->primitive, stream, product->count, product->arguments));
  CHECK(dnnl_stream_wait(stream));
}

/* The three descriptions for weights of layout `weights`; false where the library has no such product. */
static int describe(const struct layer *layer, dnnl_memory_desc_t weights, dnnl_primitive_desc_t result[3]) {
  dnnl_memory_desc_t x = matrix(layer->rows, layer->in, dnnl_ab), y = matrix(layer->rows, layer->out, dnnl_ab);
  dnnl_memory_desc_t bias = vector(layer->out), *shift = layer->is_fused ? &bias : NULL;
  dnnl_primitive_attr_t attributes;
  dnnl_post_ops_t after;
  CHECK(dnnl_primitive_attr_create(&attributes));
  CHECK(dnnl_post_ops_create(&after));
  if (layer->has_relu) CHECK(dnnl_post_ops_append_eltwise(after, 1, dnnl_eltwise_relu, 0, 0));
  CHECK(dnnl_primitive_attr_set_post_ops(attributes, after));
  dnnl_inner_product_desc_t product;
  CHECK(dnnl_inner_product_forward_desc_init(&product, dnnl_forward_training, &x, &weights, shift, &y));
  int works = dnnl_primitive_desc_create(&result[0], &product, attributes, engine, NULL) == dnnl_success;
  if (works) {
    CHECK(dnnl_inner_product_backward_weights_desc_init(&product, &x, &weights, shift, &y));
    works = dnnl_primitive_desc_create(&result[1], &product, NULL, engine, result[0]) == dnnl_success;
  }
  if (works) {
    CHECK(dnnl_inner_product_backward_data_desc_init(&product, &x, &weights, &y));
    works = dnnl_primitive_desc_create(&result[2], &product, NULL, engine, result[0]) == dnnl_success;
  }
  CHECK(dnnl_post_ops_destroy(after));
  CHECK(dnnl_primitive_attr_destroy(attributes));
  return works;
}

static void make(const struct layer *layer, dnnl_primitive_desc_t from[3], struct products *products) {
  dnnl_memory_desc_t x = matrix(layer->rows, layer->in, dnnl_ab), y = matrix(layer->rows, layer->out, dnnl_ab);
  dnnl_memory_desc_t bias = vector(layer->out), *weights = &products->weights;
  struct product *forward = &products->forward, *dw = &products->weight_gradient, *dx = &products->input_gradient;
  CHECK(dnnl_primitive_create(&forward->primitive, from[0]));
  give(forward, DNNL_ARG_SRC, &x);
  give(forward, DNNL_ARG_DST, &y);
  give(forward, DNNL_ARG_WEIGHTS, weights);
  CHECK(dnnl_primitive_create(&dw->primitive, from[1]));
  give(dw, DNNL_ARG_SRC, &x);
  give(dw, DNNL_ARG_DIFF_DST, &y);
  give(dw, DNNL_ARG_DIFF_WEIGHTS, weights);
  CHECK(dnnl_primitive_create(&dx->primitive, from[2]));
  give(dx, DNNL_ARG_DIFF_DST, &y);
  give(dx, DNNL_ARG_DIFF_SRC, &x);
  give(dx, DNNL_ARG_WEIGHTS, weights);
  if (layer->is_fused) {
    give(forward, DNNL_ARG_BIAS, &bias);
    give(dw, DNNL_ARG_DIFF_BIAS, &bias);
    point(forward, 3, layer->bias);
    point(dw, 3, layer->dbias);
  }
}

/* Makes the products over weights of that layout, and tells what they take together. */
static double try_layout(struct layer *layer, const dnnl_memory_desc_t *weights, float *x, float *y) {
  dnnl_primitive_desc_t described[3];
  if (!describe(layer, *weights, described)) return 1e9;
  struct products *products = calloc(1, sizeof *products);
  products->weights = *weights;
  make(layer, described, products);
  layer->library = products;
  layer->count = dnnl_memory_desc_get_size(weights) / sizeof(float);
  layer->w = numbers(layer->count);
  layer->dw = numbers(layer->count);
  double best[3] = {1e9, 1e9, 1e9}, end = now() + 0.03;
  for (int run = 0; run < 5 || now() < end; run++) {
    double start = now();
    layer_forward(layer, x, y);
    double forward = now();
    layer_weight_gradient(layer, x, y);
    double weight = now();
    if (layer->has_input_gradient) layer_input_gradient(layer, y, x);
    double times[3] = {forward - start, weight - forward, now() - weight};
    for (int i = 0; i < 3; i++) best[i] = times[i] < best[i] ? times[i] : best[i];
  }
  return best[0] + best[1] + best[2];
}

void layer_prepare(struct layer *layer) {
  dnnl_primitive_desc_t own[3];
  if (!describe(layer, matrix(layer->out, layer->in, dnnl_format_tag_any), own)) {
    fprintf(stderr, "oneDNN: no inner product of this shape\n");
    exit(1);
  }
  dnnl_memory_desc_t layouts[5] = {
    matrix(layer->out, layer->in, dnnl_ab), matrix(layer->out, layer->in, dnnl_ba),
    *dnnl_primitive_desc_query_md(own[0], dnnl_query_weights_md, 0),
    *dnnl_primitive_desc_query_md(own[1], dnnl_query_diff_weights_md, 0),
    *dnnl_primitive_desc_query_md(own[2], dnnl_query_weights_md, 0)};
  float *x = numbers(layer->rows * layer->in), *y = numbers(layer->rows * layer->out);
  struct layer best;
  double fastest = 1e10;
  for (int i = 0; i < 5; i++) {
    double time = try_layout(layer, &layouts[i], x, y);
    if (time < fastest) {
      if (i > 0) free(best.w), free(best.dw);
      fastest = time;
      best = *layer;
    } else if (time < 1e9) {
      free(layer->w);
      free(layer->dw);
    }
  }
  *layer = best;
  free(x);
  free(y);
}

void layer_load(struct layer *layer, const float *w) {
  struct products *products = layer->library;
  dnnl_memory_desc_t plain = matrix(layer->out, layer->in, dnnl_ab);
  dnnl_primitive_desc_t described;
  CHECK(dnnl_reorder_primitive_desc_create(&described, &plain, engine, &products->weights, engine, NULL));
  struct product reorder = {0};
  CHECK(dnnl_primitive_create(&reorder.primitive, described));
  give(&reorder, DNNL_ARG_FROM, &plain);
  give(&reorder, DNNL_ARG_TO, &products->weights);
  point(&reorder, 0, w);
  point(&reorder, 1, layer->w);
  run(&reorder);
}

void layer_forward(struct layer *layer, const float *x, float *y) {
  struct product *product = &((struct products *)layer->library)->forward;
  point(product, 0, x);
  point(product, 1, y);
  point(product, 2, layer->w);
  run(product);
}

void layer_input_gradient(struct layer *layer, const float *dy, float *dx) {
  struct product *product = &((struct products *)layer->library)->input_gradient;
  point(product, 0, dy);
  point(product, 1, dx);
  point(product, 2, layer->w);
  run(product);
}

void layer_weight_gradient(struct layer *layer, const float *x, const float *dy) {
  struct product *product = &((struct products *)layer->library)->weight_gradient;
  point(product, 0, x);
  point(product, 1, dy);
  point(product, 2, layer->dw);
  run(product);
}
