/* Compression of a matrix to its non-zero elements; mk_sparse_group in CMoultKernels.h describes the form. */
/* Writes the non-zero elements of x[0 ..< n] to `values`, and 64 times their positions to `offsets`; returns their
 * number. Up to 16 places after them are overwritten. */
MK_INLINE size_t MK(compress_line)(const float *x, size_t n, float *values, uint16_t *offsets) {
  size_t count = 0, i = 0;
#if MK_LEVEL == 2
  __m512i at = _mm512_setr_epi32(0, 64, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960);
  for (; i < n; i += 16, at = _mm512_add_epi32(at, _mm512_set1_epi32(1024))) {
    __mmask16 live = n - i >= 16 ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
    __m512 v = _mm512_maskz_loadu_ps(live, x + i);
    __mmask16 kept = _mm512_test_epi32_mask(_mm512_castps_si512(v), _mm512_set1_epi32(0x7fffffff));
    _mm512_storeu_ps(values + count, _mm512_maskz_compress_ps(kept, v));
    _mm256_storeu_si256((__m256i *)(offsets + count), _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(kept, at)));
    count += (size_t)__builtin_popcount(kept);
  }
#else
  for (; i < n; i++) {
    values[count] = x[i];
    offsets[count] = (uint16_t)(64 * i);
    count += x[i] != 0; /* true for NaN */
  }
#endif
  return count;
}

/* Compresses one block of up to sixteen rows, one row after the other. */
MK_INLINE void MK(compress_group)(mk_sparse_group *to, size_t lines, size_t depth, const float *x, size_t ldx) {
  size_t at = 0;
  for (size_t r = 0; r < lines; r++) {
    to->starts[r] = (uint16_t)at;
    for (size_t k = MK_DEPTH; k < 2 * MK_DEPTH; k += 16) __builtin_prefetch(x + r * ldx + k, 0, 3);
    at += MK(compress_line)(x + r * ldx, depth, to->values + at, to->offsets + at);
  }
  for (size_t r = lines; r <= MK_GROUP; r++) to->starts[r] = (uint16_t)at;
}

static void MK(compress_rows)(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last) {
  for (size_t r = first; r < last; r += MK_GROUP)
    for (size_t b = 0; b < MK_BLOCKS(l->n); b++) {
      size_t lines = last - r < MK_GROUP ? last - r : MK_GROUP, k = b * MK_DEPTH;
      MK(compress_group)(MK_SPARSE(l, b, r), lines, l->n - k < MK_DEPTH ? l->n - k : MK_DEPTH, x + r * ldx + k, ldx);
    }
}

/* Compresses columns first ..< last of x[l->n, ...]; sixteen columns of a block are transposed at a time. */
static void MK(compress_columns)(const mk_rows *l, const float *x, size_t ldx, size_t first, size_t last) {
  float lines[MK_GROUP * MK_DEPTH];
  for (size_t c = first; c < last; c += MK_GROUP)
    for (size_t b = 0; b < MK_BLOCKS(l->n); b++) {
      size_t width = last - c < MK_GROUP ? last - c : MK_GROUP, k = b * MK_DEPTH;
      size_t depth = l->n - k < MK_DEPTH ? l->n - k : MK_DEPTH;
      MK(transpose)(depth, width, x + k * ldx + c, ldx, lines, MK_DEPTH);
      MK(compress_group)(MK_SPARSE(l, b, c), width, depth, lines, MK_DEPTH);
    }
}

static size_t MK(count_nonzero)(size_t n, const float *x) {
  i32x16 lanes = {0};
  size_t i = 0, count = 0;
  for (; i + MK_LANES <= n; i += MK_LANES) lanes -= MK_LOAD(x + i) != 0.0f;
  for (int l = 0; l < MK_LANES; l++) count += (size_t)(uint32_t)lanes[l];
  for (; i < n; i++) count += x[i] != 0;
  return count;
}
