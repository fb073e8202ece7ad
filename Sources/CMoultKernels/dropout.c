#include "Templates/vector.h"

#include "Templates/philox_constants.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MK_TEMPLATE "dropout.h"
#include "Templates/each_isa.h"

void mk_dropout_f32(const mk_mask *mask, size_t rows, size_t units, const float *x, float scale, float *y,
                    bool stream) {
  bool whole_lines = units % MK_LANES == 0 && (uintptr_t)y % sizeof(f32x16) == 0;
  MK_CHOOSE(dropout_f32, mask, rows, units, x, scale, y, stream && whole_lines);
#if defined(__x86_64__)
  if (stream) _mm_sfence(); /* makes the non-temporal stores visible to other threads */
#endif
}

void mk_dropout_f64(const mk_mask *mask, size_t rows, size_t units, const double *x, double scale, double *y) {
  MK_CHOOSE(dropout_f64, mask, rows, units, x, scale, y);
}

void mk_drop_bytes(const mk_mask *mask, size_t rows, size_t units, uint8_t *dropped) {
  MK_CHOOSE(drop_bytes, mask, rows, units, dropped);
}
