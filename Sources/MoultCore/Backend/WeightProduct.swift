import CMoultKernels

/// The gradient of weights that is not computed yet: `gradientᵀ input`.
///
/// Whoever reads it gets a tensor; an optimizer that is the first to ask updates the weights tile by tile while each is in
/// the cache, and no gradient is ever written.
package final class WeightProduct: Sendable {
  /// `[N, in]` and `[N, out]`, all rows of each keeping the same units.
  let input: ThinnedMatrix.Part
  let gradient: ThinnedMatrix.Part
  /// Those of the columns.
  let inputDensity: Double
  let gradientDensity: Double
  /// What a ``StageRecorder`` knows the layer by.
  let layer: UInt64

  /// - Parameters:
  ///   - input: `[N, in]`.
  ///   - gradient: `[N, out]`.
  init(input: ThinnedMatrix, gradient: ThinnedMatrix, layer: UInt64) {
    if let input = input.single, let gradient = gradient.single {
      (self.input, self.gradient) = (input, gradient)
      (inputDensity, gradientDensity) = (input.columns.density(), gradient.columns.density())
    } else {
      // The terms of a weight come from stretches with units of their own: they are added in the order of their rows.
      (self.input, self.gradient) = (.init(all: input.whole), .init(all: gradient.whole))
      (inputDensity, gradientDensity) = (input.density, gradient.density)
    }
    self.layer = layer
  }

  /// The gradient as a tensor `[out, in]`.
  func tensor() -> Tensor {
    let (inputs, outputs) = (input.allUnits, gradient.allUnits)
    let panels = Panels(
      storage: Storage(count: mk_panels_count(inputs, outputs), dtype: .float32), shape: [outputs, inputs])
    apply(Self.store, to: panels.storage, nil, nil)
    return panels.unpacked()
  }

  /// What writes the gradient itself.
  private static var store: mk_update {
    var update = mk_update()
    update.kind = Int32(MK_STORE_GRADIENT)
    return update
  }

  /// Computes the gradient and applies `update` to weights and buffers in panels.
  func apply(_ update: mk_update, to weights: Storage, _ first: Storage?, _ second: Storage?) {
    let timer = StageTimer(.weightGradient, layer: layer)
    let goesByOutput = goesByOutput
    let asLists =
      goesByOutput
      ? Rows.areLists(density: gradientDensity, width: inputSize)
      : Rows.areLists(density: inputDensity, width: outputSize)
    let (w, s, t) = (
      weights.pointer(as: Float.self), first?.pointer(as: Float.self), second?.pointer(as: Float.self)
    )
    if input.units == nil, gradient.units == nil {
      multiply(update, w, s, t, goesByOutput: goesByOutput, asLists: asLists)
    } else {
      let thin = Storage(count: mk_panels_count(inputSize, outputSize), dtype: .float32)
      multiply(Self.store, thin.pointer(as: Float.self), nil, nil, goesByOutput: goesByOutput, asLists: asLists)
      spread(thin, update, w, s, t)
    }
    guard let timer else { return }
    timer.stop(
      inputDensity: timer.density(of: input.columns, sampled: inputDensity) * input.share,
      gradientDensity: timer.density(of: gradient.columns, sampled: gradientDensity) * gradient.share,
      goesByOutput: goesByOutput, usesLists: asLists, isThinned: input.units != nil || gradient.units != nil)
  }

  /// The units whose columns are multiplied.
  private var inputSize: Int { input.columns.shape[1] }
  private var outputSize: Int { gradient.columns.shape[1] }

  /// The product of the columns, each tile handed to the update.
  private func multiply(
    _ update: mk_update, _ w: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>?,
    _ t: UnsafeMutablePointer<Float>?, goesByOutput: Bool, asLists: Bool
  ) {
    var update = update
    if goesByOutput {
      let panels = packed(input.columns), from = panels.pointer(as: Float.self)
      Rows(columnsOf: gradient.columns, asLists: asLists).withKernelForm { lines in
        forEachStretch(panels: Panels.count(inputSize), lines: outputSize) { panel, range, scratch in
          mk_weight_gradient_by_output(
            lines, from, inputSize, outputSize, &update, w, s, t, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
      withExtendedLifetime(panels) {}
    } else {
      let panels = packed(gradient.columns), from = panels.pointer(as: Float.self)
      Rows(columnsOf: input.columns, asLists: asLists).withKernelForm { lines in
        forEachBlock(panels: Panels.count(outputSize), lines: inputSize) { panel, range, scratch in
          mk_weight_gradient_by_input(
            lines, from, inputSize, outputSize, &update, w, s, t, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
      withExtendedLifetime(panels) {}
    }
  }

  /// Applies the update panel by panel, with a gradient of zero for weights of units that are dropped.
  private func spread(
    _ thin: Storage, _ update: mk_update, _ w: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>?,
    _ t: UnsafeMutablePointer<Float>?
  ) {
    var update = update
    let inputs = input.allUnits, outputs = gradient.allUnits, from = thin.pointer(as: Float.self)
    KeptUnits.withKernelForm(input.units, of: inputs) { keptInputs in
      KeptUnits.withKernelForm(gradient.units, of: outputs) { keptOutputs in
        parallelFor(Panels.count(outputs), grain: 1) { panels in
          let whole = Storage(count: inputs * Panels.width, dtype: .float32), g = whole.pointer(as: Float.self)
          for panel in panels {
            let count = mk_panel_spread(from, keptInputs, keptOutputs, g, inputs, outputs, panel)
            let at = panel * Panels.width * inputs
            mk_update_f32(&update, count, g, w + at, s.map { $0 + at }, t.map { $0 + at })
          }
          withExtendedLifetime(whole) {}
        }
      }
    }
  }

  /// Which operand's zeros are skipped: the one that leaves fewer vector operations, counting a narrow panel as four,
  /// the latency of one multiply-add.
  private var goesByOutput: Bool {
    func cost(_ lines: Int, _ density: Double, _ panelSize: Int) -> Double {
      let whole = panelSize / Panels.width, rest = (panelSize % Panels.width + 15) / 16
      let vectors = whole * 8 + (rest > 0 ? max(rest, 4) : 0)
      let asLists = Rows.areLists(density: density, width: panelSize)
      return Double(lines) * (asLists ? density : 0.7) * Double(vectors)
    }
    // Going by output turns each tile around before the update: about a tenth.
    return cost(outputSize, gradientDensity, inputSize) * 1.1 < cost(inputSize, inputDensity, outputSize)
  }

  private func packed(_ x: Tensor) -> Storage {
    let rows = x.shape[0], n = x.shape[1]
    let result = Storage(count: mk_panels_count(rows, n), dtype: .float32)
    let from = x.pointer(as: Float.self), to = result.pointer(as: Float.self)
    parallelFor(rows, elements: n) { range in
      mk_pack_rows(from, n, rows, n, to, range.lowerBound, range.upperBound)
    }
    return result
  }

  /// Calls `body` for every panel of inputs in each thread's stretch of the outputs, the same that ``Panels/forward`` gives it:
  /// what the update has written is still in the core's cache when the next step multiplies by it.
  private func forEachStretch(
    panels: Int, lines: Int, _ body: (_ panel: Int, _ lines: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    let blocks = (lines + Panels.width - 1) / Panels.width
    let stretches = blocks % threadCount == 0 ? threadCount : 1
    forEachUnit(panels * stretches) { unit, scratch in
      let stretch = unit / panels
      let first = stretch * blocks / stretches * Panels.width, end = (stretch + 1) * blocks / stretches * Panels.width
      body(unit % panels, first..<min(end, lines), scratch)
    }
  }

  /// Calls `body` for every tile of the weights: of 128 lines, for which the panel is read once, or of 64 where there
  /// would be too few to share out.
  private func forEachBlock(
    panels: Int, lines: Int, _ body: (_ panel: Int, _ lines: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    let tall = panels * Panels.count(lines) >= 2 * threadCount
    let height = tall ? Panels.width : Panels.depth, blocks = (lines + height - 1) / height
    forEachUnit(panels * blocks) { unit, scratch in
      let first = unit % blocks * height
      body(unit / blocks, first..<min(first + height, lines), scratch)
    }
  }
}
