#include "drop_words.h"

/* The number of groups of 128 units whose bits are drawn at once. */
#define GROUPS (2 * MK_LANES)

/* The position in a mask: the groups that are drawn next, in the order of memory, with their samples. */
typedef struct {
  const mk_mask *mask;
  size_t groups, left;            /* number of groups in a row; number of groups in all rows that are not drawn yet */
  u32x16 group[2], sample[2];
  uint32_t groups_on, samples_on; /* added to group and sample from one batch to the next */
  uint32_t tail[4];               /* the bits in the last group of a row that belong to units */
} MK(cursor);

MK_INLINE void MK(start)(MK(cursor) *c, const mk_mask *mask, size_t rows, size_t units) {
  c->mask = mask;
  c->groups = (units + 127) / 128;
  c->left = rows * c->groups;
  c->groups_on = c->samples_on = 0;
  for (size_t l = 0; l < GROUPS; l++) {
    c->group[l / MK_LANES][l % MK_LANES] = c->groups_on;
    c->sample[l / MK_LANES][l % MK_LANES] = mask->sample + c->samples_on;
    bool ends = c->groups_on == (uint32_t)(c->groups - 1);
    c->samples_on += ends ? mask->stride : 0;
    c->groups_on = ends ? 0 : c->groups_on + 1;
  }
  for (size_t j = 0; j < 4; j++) {
    size_t n = (units + 127) % 128 + 1;
    c->tail[j] = n >= 32 * j + 32 ? ~0u : n <= 32 * j ? 0 : (1u << (n - 32 * j)) - 1;
  }
}

/* Draws the bits of the next 32 groups: bit i of `bits` is 1 if unit i, counted over the groups of 128, is kept. */
static __attribute__((noinline)) void MK(draw)(MK(cursor) *c, uint32_t bits[4 * GROUPS]) {
  const u32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const mk_mask *mask = c->mask;
  uint32_t last = (uint32_t)(c->groups - 1), live = c->left < GROUPS ? (uint32_t)c->left : GROUPS;
  u32x16 kept[2][4];
#pragma unroll
  for (int v = 0; v < 2; v++) {
    u32x16 used = (u32x16)(lane + (uint32_t)v * MK_LANES < live), ends = (u32x16)(c->group[v] == last);
#pragma unroll
    for (int j = 0; j < 4; j++) kept[v][j] = used & (~ends | c->tail[j]);
  }
  MK(draw_planes)(mask, mask->step, c->group, c->sample, kept);
#pragma unroll
  for (int v = 0; v < 2; v++) {
#define ZIP(a, b, at)                                                                                               \
  (u64x8) __builtin_shufflevector(a, b, at, at + 16, at + 1, at + 17, at + 2, at + 18, at + 3, at + 19, at + 4,     \
                                  at + 20, at + 5, at + 21, at + 6, at + 22, at + 7, at + 23)
#define ZIP_PAIRS(a, b, at) __builtin_shufflevector(a, b, at, at + 8, at + 1, at + 9, at + 2, at + 10, at + 3, at + 11)
    u64x8 a[2] = {ZIP(kept[v][0], kept[v][1], 0), ZIP(kept[v][0], kept[v][1], 8)};
    u64x8 b[2] = {ZIP(kept[v][2], kept[v][3], 0), ZIP(kept[v][2], kept[v][3], 8)};
#pragma unroll
    for (int i = 0; i < 2; i++) {
      u64x8 pairs[2] = {ZIP_PAIRS(a[i], b[i], 0), ZIP_PAIRS(a[i], b[i], 4)};
      memcpy(bits + 64 * v + 32 * i, pairs, sizeof(pairs));
    }
#undef ZIP
#undef ZIP_PAIRS
    u32x16 next = c->group[v] + c->groups_on, over = (u32x16)((next > last) | (next < c->groups_on));
    c->group[v] = next - (over & (uint32_t)c->groups);
    c->sample[v] += c->samples_on + (over & mask->stride);
  }
  c->left -= live;
}

/* The distance, in floats, between the elements that are computed and those that are prefetched from memory. */
#define AHEAD 1024

/* Applies dropout to n units with the mask bits `kept`: units of one row, or of several rows if each row is a whole
 * number of groups. */
MK_INLINE void MK(apply_f32)(const uint32_t *kept, size_t n, const float *x, float scale, float *y, bool stream) {
  size_t i = 0;
#pragma unroll 8
  for (; i + MK_LANES <= n; i += MK_LANES) {
    f32x16 v = MK(where)(kept, i, MK_LOAD(x + i) * MK_SPLAT(scale));
    if (stream) {
      __builtin_prefetch(x + i + AHEAD);
      __builtin_nontemporal_store(v, (f32x16 *)(y + i));
    } else {
      MK_STORE(y + i, v);
    }
  }
  if (i == n) return;
  size_t rest = n - i;
  f32x16 v = {0};
#if MK_LEVEL == 2
  __mmask16 some = (__mmask16)((1u << rest) - 1);
  v = _mm512_maskz_loadu_ps(some, x + i);
#else
  for (size_t k = 0; k < rest; k++) v[k] = x[i + k];
#endif
  v = MK(where)(kept, i, v * MK_SPLAT(scale));
#if MK_LEVEL == 2
  _mm512_mask_storeu_ps(y + i, some, v);
#else
  for (size_t k = 0; k < rest; k++) y[i + k] = v[k];
#endif
}
#undef AHEAD

/* Runs the statement `use` for runs of n units from unit `at` on, with their mask bits `kept`. A run is within a row,
 * or spans several rows if each row is a whole number of groups. The next bits are drawn while the previous ones are
 * used, so that the processor can do both at once. */
#define EACH_RUN(mask, rows, units, use)                                                           \
  do {                                                                                             \
    if ((rows) == 0 || (units) == 0) return;                                                       \
    MK(cursor) cursor;                                                                             \
    MK(start)(&cursor, mask, rows, units);                                                         \
    u32x16 bits[2][4 * GROUPS / MK_LANES];                                                         \
    size_t width = (units) % 128 == 0 ? (rows) * (units) : (units);                                \
    size_t at = 0, left = width, ready = 0;                                                        \
    for (int turn = 0; at < (rows) * (units); turn ^= 1) {                                         \
      size_t before = cursor.left;                                                                 \
      if (before) MK(draw)(&cursor, (uint32_t *)bits[turn]);                                       \
      const uint32_t *kept = (const uint32_t *)bits[turn ^ 1], *end = kept + 4 * ready;            \
      while (kept < end) {                                                                         \
        size_t room = 32 * (size_t)(end - kept), n = left < room ? left : room;                    \
        use;                                                                                       \
        kept += (n + 127) / 128 * 4;                                                               \
        at += n;                                                                                   \
        left = left > n ? left - n : width;                                                        \
      }                                                                                            \
      ready = before - cursor.left;                                                                \
    }                                                                                              \
  } while (0)

static void MK(dropout_f32)(const mk_mask *mask, size_t rows, size_t units, const float *x, float scale, float *y,
                            bool stream) {
  if (stream)
    EACH_RUN(mask, rows, units, MK(apply_f32)(kept, n, x + at, scale, y + at, true));
  else
    EACH_RUN(mask, rows, units, MK(apply_f32)(kept, n, x + at, scale, y + at, false));
}

static void MK(dropout_f64)(const mk_mask *mask, size_t rows, size_t units, const double *x, double scale, double *y) {
  EACH_RUN(mask, rows, units, for (size_t i = 0; i < n; i++) y[at + i] =
                                        kept[i / 32] >> i % 32 & 1 ? x[at + i] * scale : 0);
}

static void MK(drop_bytes)(const mk_mask *mask, size_t rows, size_t units, uint8_t *dropped) {
  EACH_RUN(mask, rows, units,
           for (size_t i = 0; i < n; i++) dropped[at + i] = ~kept[i / 32] >> i % 32 & 1);
}
#undef EACH_RUN
#undef GROUPS
