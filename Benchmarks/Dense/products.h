/* The three products of a linear layer in somebody else's library. One of onednn.c and openblas.c is linked. */
#ifndef PRODUCTS_H
#define PRODUCTS_H
#include <stddef.h>

/* y = x wᵀ + bias with x: [rows, in], w: [out, in] in whatever layout the library is fastest with. */
struct layer {
  size_t rows, in, out;
  int has_input_gradient; /* nobody needs that of the first layer */
  int is_fused;           /* bias and its gradient; without, the products alone */
  int has_relu;
  float *w, *dw, *v; /* weights, gradient, momentum: `count` numbers each, in the library's layout */
  size_t count;
  float *bias, *dbias, *bias_v; /* [out] */
  void *library;
};

/* The library and its version. */
const char *library_name(void);
/* The threads are OpenMP's. */
void library_start(void);
/* Chooses the layout of the weights and makes w and dw; the other numbers of the layer are set. */
void layer_prepare(struct layer *layer);
/* Sets w from w: [out, in]. */
void layer_load(struct layer *layer, const float *w);
/* y = x wᵀ, with bias and ReLU in the same pass if the layer has them. */
void layer_forward(struct layer *layer, const float *x, float *y);
/* dx = dy w */
void layer_input_gradient(struct layer *layer, const float *dy, float *dx);
/* dw = dyᵀ x, dbias = the sums of dy */
void layer_weight_gradient(struct layer *layer, const float *x, const float *dy);

/* Zeroed, aligned memory that has been touched; stops the program when there is none. */
float *numbers(size_t count);
double now(void);
#endif
