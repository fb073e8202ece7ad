import CMoultKernels

/// The gradient of a linear layer's weights, `gradientᵀ input`, that is not computed yet.
///
/// If it is read, it becomes an array. If the optimizer's step comes first, each tile of the gradient updates the
/// weights while it is in the cache, and the gradient is never written to memory.
package final class WeightGradient: Sendable {
  /// The layer's input, `[N, in]`, as one row block.
  let input: CompactMatrix.RowBlock
  /// The gradient of the layer's output, `[N, out]`, as one row block.
  let gradient: CompactMatrix.RowBlock
  /// The fraction of non-zero elements in the active columns of the input, in 0...1.
  let inputDensity: Double
  /// The fraction of non-zero elements in the active columns of the gradient, in 0...1.
  let gradientDensity: Double
  /// The ID of the node of the layer's weights, by which a ``ProductRecorder`` identifies the layer.
  let layer: UInt64

  /// Makes the gradient of a layer's weights for one batch.
  ///
  /// - Parameters:
  ///   - input: The layer's input, `[N, in]`.
  ///   - gradient: The gradient of the layer's output, `[N, out]`.
  ///   - layer: The ID of the node of the layer's weights.
  init(input: CompactMatrix, gradient: CompactMatrix, layer: UInt64) {
    if let input = input.single, let gradient = gradient.single {
      (self.input, self.gradient) = (input, gradient)
      (inputDensity, gradientDensity) = (input.columns.density(), gradient.columns.density())
    } else {
      // Row blocks have different active columns, but the terms of each weight's sum must be added in the order of the
      // rows.
      (self.input, self.gradient) = (input.uncompacted, gradient.uncompacted)
      (inputDensity, gradientDensity) = (input.density, gradient.density)
    }
    self.layer = layer
  }

  /// Returns the gradient as an array `[out, in]`.
  func values() -> NDArray {
    let (inputs, outputs) = (input.columnCount, gradient.columnCount)
    let panels = PackedWeights(
      storage: Storage(count: mk_panels_count(inputs, outputs), dtype: .float32), shape: [outputs, inputs])
    apply(Self.store, to: panels.storage, nil, nil)
    return panels.unpacked()
  }

  /// The update that stores the gradient in place of the weights.
  private static var store: mk_update {
    var update = mk_update()
    update.kind = Int32(MK_STORE_GRADIENT)
    return update
  }

  /// Computes the gradient and updates packed weights with it, tile by tile.
  ///
  /// - Parameters:
  ///   - first: The optimizer's first buffer, packed like the weights; nil if the rule has none.
  ///   - second: The optimizer's second buffer; nil if the rule has none.
  func apply(_ rule: UpdateRule, to weights: Storage, _ first: Storage?, _ second: Storage?) {
    apply(mk_update(rule), to: weights, first, second)
  }

  private func apply(_ update: mk_update, to weights: Storage, _ first: Storage?, _ second: Storage?) {
    let timer = ProductTimer(.weightGradient, layer: layer)
    let skipsGradientZeros = skipsGradientZeros
    let useSparse =
      skipsGradientZeros
      ? SparseRows.isWorthIt(density: gradientDensity, width: inputSize)
      : SparseRows.isWorthIt(density: inputDensity, width: outputSize)
    let (w, s, t) = (
      weights.pointer(as: Float.self), first?.pointer(as: Float.self), second?.pointer(as: Float.self)
    )
    if input.active == nil, gradient.active == nil {
      multiply(update, w, s, t, skipsGradientZeros: skipsGradientZeros, useSparse: useSparse)
    } else {
      let compact = Storage(count: mk_panels_count(inputSize, outputSize), dtype: .float32)
      multiply(
        Self.store, compact.pointer(as: Float.self), nil, nil, skipsGradientZeros: skipsGradientZeros,
        useSparse: useSparse)
      scatter(compact, update, w, s, t)
    }
    guard let timer else { return }
    timer.stop(
      inputDensity: timer.density(of: input.columns, sampled: inputDensity) * input.activeFraction,
      gradientDensity: timer.density(of: gradient.columns, sampled: gradientDensity) * gradient.activeFraction,
      skipsGradientZeros: skipsGradientZeros, usesSparseRows: useSparse,
      isCompacted: input.active != nil || gradient.active != nil)
  }

  /// The size of the product.
  private var work: ProductWork { ProductWork(rows: input.rows.count, weights: inputSize * outputSize) }

  /// The number of active columns of the input; only these are multiplied.
  private var inputSize: Int { input.columns.shape[1] }
  /// The number of active columns of the gradient; only these are multiplied.
  private var outputSize: Int { gradient.columns.shape[1] }

  /// Computes the product of the active columns and applies the update to each tile.
  private func multiply(
    _ update: mk_update, _ w: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>?,
    _ t: UnsafeMutablePointer<Float>?, skipsGradientZeros: Bool, useSparse: Bool
  ) {
    var update = update
    if skipsGradientZeros {
      let panels = packed(input.columns), from = panels.pointer(as: Float.self)
      SparseRows(columnsOf: gradient.columns, useSparse: useSparse).withKernelForm { rows in
        forEachRowBlock(panels: PackedWeights.count(inputSize), rows: outputSize) { panel, range, scratch in
          mk_weight_gradient_by_output(
            rows, from, inputSize, outputSize, &update, w, s, t, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
      withExtendedLifetime(panels) {}
    } else {
      let panels = packed(gradient.columns), from = panels.pointer(as: Float.self)
      SparseRows(columnsOf: input.columns, useSparse: useSparse).withKernelForm { rows in
        forEachBlock(panels: PackedWeights.count(outputSize), rows: inputSize) { panel, range, scratch in
          mk_weight_gradient_by_input(
            rows, from, inputSize, outputSize, &update, w, s, t, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
      withExtendedLifetime(panels) {}
    }
  }

  /// Applies the update panel by panel. Weights of dropped columns get a gradient of zero.
  ///
  /// - Parameter compact: The packed gradient of the weights between active columns.
  private func scatter(
    _ compact: Storage, _ update: mk_update, _ w: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>?,
    _ t: UnsafeMutablePointer<Float>?
  ) {
    var update = update
    let inputs = input.columnCount, outputs = gradient.columnCount, from = compact.pointer(as: Float.self)
    ActiveColumns.withKernelForm(input.active, of: inputs) { activeInputs in
      ActiveColumns.withKernelForm(gradient.active, of: outputs) { activeOutputs in
        parallelFor(PackedWeights.count(outputs), grain: 1) { panels in
          let whole = Storage(count: inputs * PackedWeights.width, dtype: .float32), g = whole.pointer(as: Float.self)
          for panel in panels {
            let count = mk_panel_scatter(from, activeInputs, activeOutputs, g, inputs, outputs, panel)
            let at = panel * PackedWeights.width * inputs
            mk_update_f32(&update, count, g, w + at, s.map { $0 + at }, t.map { $0 + at })
          }
          withExtendedLifetime(whole) {}
        }
      }
    }
  }

  /// Whether the product skips the zeros of the gradient, rather than those of the input.
  ///
  /// It skips the zeros of the operand that leaves fewer vector operations. A narrow panel counts as four vectors at
  /// least, since a multiply-add has a latency of four cycles.
  private var skipsGradientZeros: Bool {
    func cost(_ rows: Int, _ density: Double, _ panelSize: Int) -> Double {
      let whole = panelSize / PackedWeights.width, rest = (panelSize % PackedWeights.width + 15) / 16
      let vectors = whole * 8 + (rest > 0 ? max(rest, 4) : 0)
      let useSparse = SparseRows.isWorthIt(density: density, width: panelSize)
      return Double(rows) * (useSparse ? density : 0.7) * Double(vectors)
    }
    // Skipping the zeros of the gradient transposes each tile before the update, which costs about a tenth more.
    return cost(outputSize, gradientDensity, inputSize) * 1.1 < cost(inputSize, inputDensity, outputSize)
  }

  private func packed(_ x: NDArray) -> Storage {
    let rows = x.shape[0], n = x.shape[1]
    let result = Storage(count: mk_panels_count(rows, n), dtype: .float32)
    let from = x.pointer(as: Float.self), to = result.pointer(as: Float.self)
    parallelFor(rows, elements: n) { range in
      mk_pack_rows(from, n, rows, n, to, range.lowerBound, range.upperBound)
    }
    return result
  }

  /// Calls `body` for each panel of inputs and each thread's part of the outputs. Each thread gets the same outputs as
  /// in ``PackedWeights/forward``, so that the updated weights are still in the core's cache in the next step.
  private func forEachRowBlock(
    panels: Int, rows: Int, _ body: (_ panel: Int, _ rows: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    let blocks = (rows + PackedWeights.width - 1) / PackedWeights.width
    let parts = blocks % threadCount == 0 ? threadCount : 1
    forEachUnit(panels * parts, work: work) { unit, scratch in
      let part = unit / panels, width = PackedWeights.width
      let first = part * blocks / parts * width, end = (part + 1) * blocks / parts * width
      body(unit % panels, first..<min(end, rows), scratch)
    }
  }

  /// Calls `body` for each tile of the weights. A tile has 128 rows, so that each panel is read less often, or 64 rows
  /// if there would be too few tiles for the threads.
  private func forEachBlock(
    panels: Int, rows: Int, _ body: (_ panel: Int, _ rows: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    let usesHighTiles = panels * PackedWeights.count(rows) >= 2 * threadCount
    let height = usesHighTiles ? PackedWeights.width : PackedWeights.depth, blocks = (rows + height - 1) / height
    forEachUnit(panels * blocks, work: work) { unit, scratch in
      let first = unit % blocks * height
      body(unit / blocks, first..<min(first + height, rows), scratch)
    }
  }
}
