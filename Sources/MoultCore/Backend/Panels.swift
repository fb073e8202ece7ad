import CMoultKernels

/// Weights [out, in] in the layout that products are fastest with, and those products.
///
/// Every product takes zeros out of one operand first where that pays (``Rows``); the results are the same bits either
/// way, for any thread count.
struct Panels {
  var storage: Storage
  let inputSize: Int
  let outputSize: Int

  static let width = 128
  /// Lines of one block of a list.
  static let depth = 64

  static func count(_ size: Int) -> Int { (size + width - 1) / width }

  private var pointer: UnsafeMutablePointer<Float> { storage.pointer(as: Float.self) }

  init(storage: Storage, shape: [Int]) {
    self.storage = storage
    (outputSize, inputSize) = (shape[0], shape[1])
  }

  /// Panels of `weights: [out, in]`, contiguous Float32.
  init(packing weights: Tensor) {
    self.init(
      storage: Storage(count: mk_panels_count(weights.shape[1], weights.shape[0]), dtype: .float32),
      shape: weights.shape)
    let from = weights.pointer(as: Float.self), to = pointer
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_pack(from, inputSize, outputSize, to, range.lowerBound, range.upperBound)
    }
  }

  func copied() -> Panels {
    let copy = Storage(count: storage.count, dtype: .float32)
    copy.pointer.copyMemory(from: storage.pointer, byteCount: storage.count * DType.float32.byteCount)
    return Panels(storage: copy, shape: [outputSize, inputSize])
  }

  /// The weights as `[out, in]`.
  func unpacked() -> Tensor {
    let result = Storage(count: outputSize * inputSize, dtype: .float32), to = result.pointer(as: Float.self)
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_unpack(pointer, inputSize, outputSize, to, range.lowerBound, range.upperBound)
    }
    return Tensor(storage: result, shape: [outputSize, inputSize])
  }

  /// `x weightsᵀ + bias` for a contiguous `x: [N, in]`, rectified and with units dropped if asked for.
  func forward(
    _ x: Tensor, asLists: Bool, bias: Tensor?, rectifies: Bool, drop: DeferredLayer.Drop?,
    into y: UnsafeMutablePointer<Float>
  ) {
    let rows = x.shape[0], bias = bias?.contiguous()
    var law = drop?.mask.law(from: 0) ?? mk_mask()
    withUnsafePointer(to: &law) { law in
      var epilogue = mk_epilogue(
        bias: bias?.pointer(as: Float.self), relu: rectifies, mask: drop == nil ? nil : law, scale: drop?.scale ?? 1)
      Rows(of: x, asLists: asLists).withKernelForm { x in
        forEachTile(panels: Self.count(outputSize), rows: rows) { panel, range, scratch in
          mk_panels_forward(
            x, inputSize, outputSize, pointer, &epilogue, y, outputSize, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
    }
  }

  /// `gradient weights` for a contiguous `gradient: [N, out]`, by way of the gate if there is one.
  func inputGradient(
    _ gradient: Tensor, asLists: Bool, gate: DeferredGradient.Gate?, into dx: UnsafeMutablePointer<Float>
  ) {
    let rows = gradient.shape[0], y = gate?.y.contiguous()
    var kernelGate = mk_gate(y: y?.pointer(as: Float.self), scale: gate?.scale ?? 1)
    Rows(of: gradient, asLists: asLists).withKernelForm { gradient in
      forEachTile(panels: Self.count(inputSize), rows: rows) { panel, range, scratch in
        mk_panels_input_gradient(
          gradient, inputSize, outputSize, pointer, &kernelGate, dx, inputSize, panel, panel + 1, range.lowerBound,
          range.upperBound, scratch)
      }
    }
  }

  /// Scales the weights into an output down to norm `limit` where it is larger.
  func limitNorms(to limit: Float) {
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_max_norm(pointer, inputSize, outputSize, limit, range.lowerBound, range.upperBound)
    }
  }

  /// Calls `body` for every panel, and for parts of the rows where there are too few panels to share out.
  private func forEachTile(
    panels: Int, rows: Int, _ body: (_ panel: Int, _ rows: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    guard rows > 0 else { return }
    let parts = panels % threadCount == 0 ? 1 : min(threadCount, (rows + 15) / 16)
    forEachUnit(panels * parts) { unit, scratch in
      let part = unit % parts
      body(unit / parts, rows * part / parts..<rows * (part + 1) / parts, scratch)
    }
  }
}

/// Calls `body` for units of work of a product, on several threads, with scratch memory of the thread's own.
private func forEachUnit(_ count: Int, _ body: (_ unit: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void) {
  parallelFor(count, grain: 1) { units in
    let scratch = Storage(count: mk_panels_scratch(), dtype: .float32)
    for unit in units { body(unit, scratch.pointer(as: Float.self)) }
  }
}

/// The gradient of weights that is not computed yet: `gradientᵀ input`.
///
/// Whoever reads it gets a tensor; an optimizer that is the first to ask updates the weights tile by tile while each is in
/// the cache, and no gradient is ever written.
package final class WeightProduct: Sendable {
  /// `[N, in]` and `[N, out]`, contiguous Float32.
  let input: Tensor
  let gradient: Tensor
  let inputDensity: Double
  let gradientDensity: Double
  /// What a ``StageRecorder`` knows the layer by.
  let layer: UInt64

  init(input: Tensor, gradient: Tensor, inputDensity: Double, gradientDensity: Double, layer: UInt64) {
    self.input = input
    self.gradient = gradient
    self.inputDensity = inputDensity
    self.gradientDensity = gradientDensity
    self.layer = layer
  }

  private var inputSize: Int { input.shape[1] }
  private var outputSize: Int { gradient.shape[1] }

  /// The gradient as a tensor `[out, in]`.
  func tensor() -> Tensor {
    let panels = Panels(
      storage: Storage(count: mk_panels_count(inputSize, outputSize), dtype: .float32), shape: [outputSize, inputSize])
    var store = mk_update()
    store.kind = Int32(MK_STORE_GRADIENT)
    apply(store, to: panels.storage, nil, nil)
    return panels.unpacked()
  }

  /// Computes the gradient and applies `update` to weights and buffers in panels.
  func apply(_ update: mk_update, to weights: Storage, _ first: Storage?, _ second: Storage?) {
    let timer = StageTimer(.weightGradient, layer: layer)
    var update = update
    let goesByOutput = goesByOutput
    let asLists =
      goesByOutput
      ? Rows.areLists(density: gradientDensity, width: inputSize)
      : Rows.areLists(density: inputDensity, width: outputSize)
    let (w, s, t) = (
      weights.pointer(as: Float.self), first?.pointer(as: Float.self), second?.pointer(as: Float.self)
    )
    if goesByOutput {
      let panels = packed(input), from = panels.pointer(as: Float.self)
      Rows(columnsOf: gradient, asLists: asLists).withKernelForm { lines in
        forEachStretch(panels: Panels.count(inputSize), lines: outputSize) { panel, range, scratch in
          mk_weight_gradient_by_output(
            lines, from, inputSize, outputSize, &update, w, s, t, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
      withExtendedLifetime(panels) {}
    } else {
      let panels = packed(gradient), from = panels.pointer(as: Float.self)
      Rows(columnsOf: input, asLists: asLists).withKernelForm { lines in
        forEachBlock(panels: Panels.count(outputSize), lines: inputSize) { panel, range, scratch in
          mk_weight_gradient_by_input(
            lines, from, inputSize, outputSize, &update, w, s, t, panel, panel + 1, range.lowerBound,
            range.upperBound, scratch)
        }
      }
      withExtendedLifetime(panels) {}
    }
    timer?.stop(
      inputDensity: inputDensity, gradientDensity: gradientDensity, goesByOutput: goesByOutput, usesLists: asLists)
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
