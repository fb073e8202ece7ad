/* The epilogue: the steps that are applied to each tile of a product before it is written; see mk_epilogue. */
#include "activations.h"
#include "drop_words.h"

/* Draws mask bits: bits[r] has one bit for each of 128 columns of row first + r, 1 if it is kept; see
 * mk_row_mask_bits. */
static size_t MK(row_mask_bits)(const mk_row_mask *m, size_t first_column, size_t width, size_t first, size_t rows,
                                uint32_t bits[2 * MK_LANES][4]) {
  first += m->first_row;
  size_t pass = first / m->pass_rows, left = (pass + 1) * m->pass_rows - first;
  if (rows > left) rows = left;
  if (rows > 2 * MK_LANES) rows = 2 * MK_LANES;
  u32x16 groups[2] = {{0}}, samples[2] = {{0}}, words[2][4];
  uint32_t shifts[2 * MK_LANES] = {0};
  bool crosses = false, aligned = true;
  size_t q = first - pass * m->pass_rows, i = q / m->sample_rows % m->samples, p = q / m->place_rows % m->places;
  if (m->sample_rows == 1 && m->places == 1 && i + rows <= m->samples && m->group <= 1 && !m->kept_samples &&
      (m->first_unit + first_column) % 128 == 0) { /* each row is one sample */
    const u32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (uint32_t v = 0; v < 2; v++) {
      groups[v] += (uint32_t)((m->first_unit + first_column) / 128);
      samples[v] = m->mask.sample + m->mask.stride * ((uint32_t)i + v * MK_LANES + lane);
    }
  } else {
    /* Sample and place are counted from row to row: a division for each row would take longer than the draw. */
    size_t sample_row = q % m->sample_rows, place_row = q % m->place_rows;
    for (size_t r = 0; r < rows; r++) {
      uint64_t unit = m->first_unit + p * m->place_units + first_column;
      uint64_t sample = m->mask.sample + (uint64_t)m->mask.stride * i;
      if (m->kept_samples) sample = m->kept_samples[i];
      else if (m->group > 1) sample /= m->group;
      groups[r / MK_LANES][r % MK_LANES] = (uint32_t)(unit / 128);
      samples[r / MK_LANES][r % MK_LANES] = (uint32_t)sample;
      shifts[r] = unit % 128;
      crosses |= shifts[r] + width > 128;
      aligned &= shifts[r] == 0;
      if (++sample_row == m->sample_rows) sample_row = 0, i = i + 1 == m->samples ? 0 : i + 1;
      if (++place_row == m->place_rows) place_row = 0, p = p + 1 == m->places ? 0 : p + 1;
    }
  }
  uint32_t step = m->mask.step + (uint32_t)pass;
  for (int next = 0; next <= crosses; next++) {
    for (int v = 0; v < 2; v++)
      for (int j = 0; j < 4; j++) words[v][j] = ~(u32x16){0};
    MK(draw_planes)(&m->mask, step, groups, samples, words);
    if (aligned) {
      for (size_t r = 0; r < rows; r++)
        for (int j = 0; j < 4; j++) bits[r][j] = words[r / MK_LANES][j][r % MK_LANES];
      break;
    }
    for (size_t r = 0; r < rows; r++) {
      unsigned __int128 group = 0, kept;
      for (int j = 0; j < 4; j++) group |= (unsigned __int128)words[r / MK_LANES][j][r % MK_LANES] << (32 * j);
      if (next) {
        if (shifts[r] == 0) continue;
        memcpy(&kept, bits[r], sizeof(kept));
        kept |= group << (128 - shifts[r]);
      } else {
        kept = group >> shifts[r];
      }
      memcpy(bits[r], &kept, sizeof(kept));
    }
    for (int v = 0; v < 2; v++) groups[v] += 1;
  }
  return rows;
}

#define EACH_VECTOR for (size_t j = 0; j < vectors; j++)
/* The number of columns of vector j: 16, or fewer in the last vector. */
#define COLUMNS (j + 1 < vectors ? MK_LANES : width - MK_LANES * (vectors - 1))
#define OPERAND MK(load_part)(step->operand + at + 16 * j, COLUMNS, 0)

/* Applies an activation, or its derivative, to one row. It is a function of its own, so that the other steps have more
 * registers. */
static __attribute__((noinline)) void MK(activate)(const mk_step *step, f32x16 *row, size_t vectors, size_t width,
                                                   size_t at) {
  switch (step->kind) {
    case MK_STEP_sigmoid: EACH_VECTOR row[j] = MK(vsigmoid)(row[j]); break;
    case MK_STEP_tanh: EACH_VECTOR row[j] = MK(vtanh)(row[j]); break;
#define ACTIVATION(name, f, slope)                                                             \
    case MK_STEP_##name:                                                                       \
      if (step->derivative)                                                                    \
        EACH_VECTOR {                                                                          \
          f32x16 v = row[j];                                                                   \
          MK(store_part)(step->derivative + at + 16 * j, COLUMNS, (slope));                    \
          row[j] = (f);                                                                        \
        }                                                                                      \
      else                                                                                     \
        EACH_VECTOR { f32x16 v = row[j]; row[j] = (f); }                                       \
      break;                                                                                   \
    case MK_STEP_##name##_derivative: EACH_VECTOR { f32x16 v = row[j]; row[j] = (slope); } break;
    MK_ACTIVATION_KERNELS(ACTIVATION)
#undef ACTIVATION
  }
}

/* Applies the steps of an epilogue to the vectors of one row; `at` is the position of the row in a matrix of the
 * result's shape. */
MK_INLINE void MK(finish_row)(const mk_epilogue *e, f32x16 *row, size_t vectors, size_t column, size_t width, size_t at,
                              const uint32_t *kept) {
  for (const mk_step *step = e->steps; step < e->steps + e->count; step++) {
    switch (step->kind) {
      case MK_STEP_BIAS:
        EACH_VECTOR row[j] = row[j] + MK(load_part)(step->operand + column + 16 * j, COLUMNS, 0);
        break;
      case MK_STEP_ADD: EACH_VECTOR row[j] = row[j] + OPERAND; break;
      case MK_STEP_MULTIPLY: EACH_VECTOR row[j] = row[j] * OPERAND; break;
      case MK_STEP_SCALE: EACH_VECTOR row[j] = row[j] * MK_SPLAT(step->scale); break;
      case MK_STEP_DROPOUT: EACH_VECTOR row[j] = MK(where)(kept, 16 * j, row[j] * MK_SPLAT(step->scale)); break;
      case MK_STEP_RELU_GRADIENT:
        EACH_VECTOR row[j] = MK_SELECT(OPERAND > 0.0f, row[j] * step->scale, (f32x16){0});
        break;
      case MK_STEP_relu: EACH_VECTOR row[j] = MK_SELECT(row[j] <= 0.0f, (f32x16){0}, row[j]); break;
      default: {
        f32x16 copy[MK_PANEL / MK_LANES]; /* the row itself stays in registers */
        EACH_VECTOR copy[j] = row[j];
        MK(activate)(step, copy, vectors, width, at);
        EACH_VECTOR row[j] = copy[j];
      }
    }
  }
}

/* Applies the epilogue to rows first ..< last of columns column ..< column + width and writes them to y. The number of
 * vectors is a constant; the tile begins with row `first`. */
MK_INLINE void MK(finish_rows)(const float *tile, size_t first, size_t last, size_t vectors, size_t column,
                               size_t width, const mk_epilogue *e, float *y, size_t ldy, uint32_t (*kept)[4]) {
  for (size_t r = first; r < last; r++, tile += 16 * vectors, kept++) {
    size_t at = r * ldy + column;
    f32x16 row[MK_PANEL / MK_LANES];
    EACH_VECTOR row[j] = MK_LOAD(tile + 16 * j);
    MK(finish_row)(e, row, vectors, column, width, at, *kept);
    EACH_VECTOR MK(store_part)(y + at + 16 * j, COLUMNS, row[j]);
  }
}
#undef EACH_VECTOR
#undef COLUMNS
#undef OPERAND

/* Applies the epilogue to `rows` rows, from row `first` on, of columns column ..< column + width, and writes them from
 * the tile to y. Row 0 of the tile is row `first`. */
static __attribute__((noinline)) void MK(finish)(const float *tile, size_t rows, size_t column, size_t width,
                                                 const mk_epilogue *e, float *y, size_t ldy, size_t first) {
  const mk_row_mask *mask = NULL;
  for (size_t s = 0; s < e->count; s++)
    if (e->steps[s].kind == MK_STEP_DROPOUT) mask = e->steps[s].mask;
  uint32_t kept[2 * MK_LANES][4];
  size_t v = (width + MK_LANES - 1) / MK_LANES, last = first + rows;
  for (size_t next; first < last; tile += (next - first) * 16 * v, first = next) {
    next = mask ? first + MK(row_mask_bits)(mask, column, width, first, last - first, kept) : last;
    switch (v) { /* a constant number of vectors keeps a row in registers */
#define CASE(V) case V: MK(finish_rows)(tile, first, next, V, column, width, e, y, ldy, kept); break;
      CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
#undef CASE
    }
  }
}
