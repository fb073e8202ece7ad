/* Weights between active columns: gathered from panels into smaller panels, and scattered back. */

/* The number of consecutive columns outputs[from ..< to], from the first on, that are in one panel. */
MK_INLINE size_t MK(run_in_panel)(const mk_columns *outputs, size_t from, size_t to) {
  size_t panel = outputs->index[from] / MK_PANEL, i = from + 1;
  while (i < to && outputs->index[i] / MK_PANEL == panel) i++;
  return i - from;
}

static void MK(panels_gather)(const float *panels, size_t in, size_t out, const mk_columns *inputs,
                            const mk_columns *outputs, float *compact, size_t first_panel, size_t last_panel) {
  for (size_t q = first_panel; q < last_panel; q++) {
    size_t v = MK_VECTORS(outputs->count, q), width = MK_WIDTH(outputs->count, q);
    float *to = compact + q * MK_PANEL * inputs->count;
    if (width < 16 * v) memset(to, 0, inputs->count * 16 * v * sizeof(float));
    for (size_t j = 0, run; j < width; j += run) {
      const uint32_t *o = outputs->index + q * MK_PANEL + j;
      size_t p = *o / MK_PANEL, line = 16 * MK_VECTORS(out, p);
      const float *from = panels + p * MK_PANEL * in;
      uint32_t place[MK_PANEL];
      run = MK(run_in_panel)(outputs, q * MK_PANEL + j, q * MK_PANEL + width);
      for (size_t l = 0; l < run; l++) place[l] = o[l] % MK_PANEL;
      for (size_t i = 0; i < inputs->count; i++)
        for (size_t l = 0; l < run; l++) to[i * 16 * v + j + l] = from[inputs->index[i] * line + place[l]];
    }
  }
}

static size_t MK(panel_scatter)(const float *compact, const mk_columns *inputs, const mk_columns *outputs, float *panel,
                               size_t in, size_t out, size_t p) {
  size_t line = 16 * MK_VECTORS(out, p), j = 0;
  memset(panel, 0, in * line * sizeof(float));
  while (j < outputs->count && outputs->index[j] < p * MK_PANEL) j++;
  for (size_t run; j < outputs->count && outputs->index[j] / MK_PANEL == p; j += run) {
    size_t q = j / MK_PANEL, end = q * MK_PANEL + MK_WIDTH(outputs->count, q), v = MK_VECTORS(outputs->count, q);
    const float *from = compact + q * MK_PANEL * inputs->count + j % MK_PANEL;
    uint32_t place[MK_PANEL];
    run = MK(run_in_panel)(outputs, j, end);
    for (size_t l = 0; l < run; l++) place[l] = outputs->index[j + l] % MK_PANEL;
    for (size_t i = 0; i < inputs->count; i++)
      for (size_t l = 0; l < run; l++) panel[inputs->index[i] * line + place[l]] = from[i * 16 * v + l];
  }
  return in * line;
}
