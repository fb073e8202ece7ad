import CMoultKernels

/// The gradient of weights that is not computed yet: `gradientᵀ input`.
///
/// A reader gets an array; an optimizer that reads it first updates the weights tile by tile while each is in the
/// cache, and no gradient is ever written.
package final class WeightGradient: Sendable {
  /// `[N, in]` and `[N, out]`, each with the same active columns in all rows.
  let input: CompactMatrix.RowBlock
  let gradient: CompactMatrix.RowBlock
  /// Densities of the active columns.
  let inputDensity: Double
  let gradientDensity: Double
  /// The number that a ``ProductRecorder`` knows the layer by.
  let layer: UInt64

  /// - Parameters:
  ///   - input: `[N, in]`.
  ///   - gradient: `[N, out]`.
  init(input: CompactMatrix, gradient: CompactMatrix, layer: UInt64) {
    if let input = input.single, let gradient = gradient.single {
      (self.input, self.gradient) = (input, gradient)
      (inputDensity, gradientDensity) = (input.columns.density(), gradient.columns.density())
    } else {
      // The terms of a weight come from blocks with other active columns: they are added in the order of their rows.
      (self.input, self.gradient) = (input.uncompacted, gradient.uncompacted)
      (inputDensity, gradientDensity) = (input.density, gradient.density)
    }
    self.layer = layer
  }

  /// The gradient as an array `[out, in]`.
  func values() -> NDArray {
    let (inputs, outputs) = (input.columnCount, gradient.columnCount)
    let panels = PackedWeights(
      storage: Storage(count: mk_panels_count(inputs, outputs), dtype: .float32), shape: [outputs, inputs])
    apply(Self.store, to: panels.storage, nil, nil)
    return panels.unpacked()
  }

  /// The rule that writes the gradient itself.
  private static var store: mk_update {
    var update = mk_update()
    update.kind = Int32(MK_STORE_GRADIENT)
    return update
  }

  /// Computes the gradient and updates packed weights and buffers by it, tile by tile.
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

  /// The multiply-adds of the dense product.
  private var work: Int { input.rows.count * inputSize * outputSize }

  /// The numbers of active columns: only these are multiplied.
  private var inputSize: Int { input.columns.shape[1] }
  private var outputSize: Int { gradient.columns.shape[1] }

  /// The product of the columns, each tile handed to the update.
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

  /// Applies the update panel by panel, with a gradient of zero for weights of units that are dropped.
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

  /// Which operand's zeros are skipped: the one that leaves fewer vector operations, counting a narrow panel as four,
  /// the latency of one multiply-add.
  private var skipsGradientZeros: Bool {
    func cost(_ rows: Int, _ density: Double, _ panelSize: Int) -> Double {
      let whole = panelSize / PackedWeights.width, rest = (panelSize % PackedWeights.width + 15) / 16
      let vectors = whole * 8 + (rest > 0 ? max(rest, 4) : 0)
      let useSparse = SparseRows.isWorthIt(density: density, width: panelSize)
      return Double(rows) * (useSparse ? density : 0.7) * Double(vectors)
    }
    // Going by output turns each tile around before the update: about a tenth.
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

  /// Calls `body` for every panel of inputs in each thread's part of the outputs, the same part that
  /// ``PackedWeights/forward`` gives it: the updated weights are still in the core's cache in the next step.
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

  /// Calls `body` for every tile of the weights: of 128 rows, for which the panel is read once, or of 64 where there
  /// would be too few to share out.
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
