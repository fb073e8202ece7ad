#include "Templates/vector.h"

#define MK_TEMPLATE "optimizer.h"
#include "Templates/each_isa.h"

void mk_update_f32(const mk_update *u, size_t n, const float *g, float *w, float *s, float *t) {
  MK_CHOOSE(update_f32, u, n, g, w, s, t);
}

void mk_update_f64(const mk_update *u, size_t n, const double *g, double *w, double *s, double *t) {
  for (size_t i = 0; i < n; i++) {
    double slope = g[i] + u->decay * w[i];
    if (u->kind == MK_STORE_GRADIENT) {
      w[i] = g[i];
    } else if (u->kind == MK_SGD) {
      if (s) {
        s[i] = u->momentum * s[i] + slope;
        slope = u->nesterov ? slope + u->momentum * s[i] : s[i];
      }
      w[i] -= u->rate * slope;
    } else {
      s[i] = u->beta1 * s[i] + (1 - u->beta1) * slope;
      t[i] = u->beta2 * t[i] + (1 - u->beta2) * slope * slope;
      w[i] = w[i] * u->shrink - u->rate * s[i] / (sqrt(t[i]) / u->root + u->epsilon);
    }
  }
}
