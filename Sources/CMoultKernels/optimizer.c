#include "Templates/vector.h"

#define MK_TEMPLATE "optimizer.h"
#include "Templates/each_isa.h"

void mk_sgd_f32(size_t n, float *w, const float *g, float *velocity, float rate, float momentum, float decay,
                bool nesterov, bool first) {
  MK_CHOOSE(sgd_f32, n, w, g, velocity, rate, momentum, decay, nesterov, first);
}

void mk_sgd_f64(size_t n, double *w, const double *g, double *velocity, double rate, double momentum, double decay,
                bool nesterov, bool first) {
  for (size_t i = 0; i < n; i++) {
    double step = g[i] + decay * w[i];
    if (velocity) {
      velocity[i] = first ? step : momentum * velocity[i] + step;
      step = nesterov ? step + momentum * velocity[i] : velocity[i];
    }
    w[i] -= rate * step;
  }
}

void mk_adam_f32(size_t n, float *w, const float *g, float *first, float *second, const mk_adam *c) {
  MK_CHOOSE(adam_f32, n, w, g, first, second, c);
}

void mk_adam_f64(size_t n, double *w, const double *g, double *first, double *second, const mk_adam *c) {
  for (size_t i = 0; i < n; i++) {
    double slope = g[i] + c->decay * w[i];
    first[i] = c->beta1 * first[i] + (1 - c->beta1) * slope;
    second[i] = c->beta2 * second[i] + (1 - c->beta2) * slope * slope;
    w[i] = w[i] * c->shrink - c->step_size * first[i] / (sqrt(second[i]) / c->root + c->epsilon);
  }
}
