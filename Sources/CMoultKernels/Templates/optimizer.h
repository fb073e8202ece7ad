#include "update.h"

static void MK(update_f32)(const mk_update *u, size_t n, const float *g, float *w, float *s, float *t) {
  size_t whole = n / MK_LANES * MK_LANES, rest = (n - whole) * sizeof(float);
  MK(update_line)(u, g, w, s, t, whole);
  if (rest == 0) return;
  float a[MK_LANES] = {0}, b[MK_LANES] = {0}, c[MK_LANES] = {0}, d[MK_LANES] = {0};
  memcpy(a, g + whole, rest);
  memcpy(b, w + whole, rest);
  if (s) memcpy(c, s + whole, rest);
  if (t) memcpy(d, t + whole, rest);
  MK(update_line)(u, a, b, s ? c : 0, t ? d : 0, MK_LANES);
  memcpy(w + whole, b, rest);
  if (s) memcpy(s + whole, c, rest);
  if (t) memcpy(t + whole, d, rest);
}
