import CMoultKernels

/// Weights [out, in] in the layout that products are fastest with, panels of 128 outputs, and those products.
///
/// Every product skips the zeros of one operand where that pays (``SparseRows``); the results are the same bits either
/// way, for any thread count.
struct PackedWeights {
  var storage: Storage
  let inputSize: Int
  let outputSize: Int

  static let width = 128
  /// Terms of the sum in one block of sparse rows.
  static let depth = 64

  static func count(_ size: Int) -> Int { (size + width - 1) / width }

  private var pointer: UnsafeMutablePointer<Float> { storage.pointer(as: Float.self) }

  init(storage: Storage, shape: [Int]) {
    self.storage = storage
    (outputSize, inputSize) = (shape[0], shape[1])
  }

  /// Panels of `weights: [out, in]`, contiguous Float32.
  init(packing weights: NDArray) {
    self.init(
      storage: Storage(count: mk_panels_count(weights.shape[1], weights.shape[0]), dtype: .float32),
      shape: weights.shape)
    let from = weights.pointer(as: Float.self), to = pointer
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_pack(from, inputSize, outputSize, to, range.lowerBound, range.upperBound)
    }
  }

  func copied() -> PackedWeights {
    let copy = Storage(count: storage.count, dtype: .float32)
    copy.pointer.copyMemory(from: storage.pointer, byteCount: storage.count * DType.float32.byteCount)
    return PackedWeights(storage: copy, shape: [outputSize, inputSize])
  }

  /// The weights as `[out, in]`.
  func unpacked() -> NDArray {
    let result = Storage(count: outputSize * inputSize, dtype: .float32), to = result.pointer(as: Float.self)
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_unpack(pointer, inputSize, outputSize, to, range.lowerBound, range.upperBound)
    }
    return NDArray(storage: result, shape: [outputSize, inputSize])
  }

  /// `x weightsᵀ` with the steps of an epilogue, for a contiguous `x: [N, in]`.
  func forward(
    _ x: NDArray, useSparse: Bool, epilogue: UnsafePointer<mk_epilogue>, into y: UnsafeMutablePointer<Float>
  ) {
    let rows = x.shape[0]
    SparseRows(of: x, useSparse: useSparse).withKernelForm { x in
      forEachTile(panels: Self.count(outputSize), rows: rows) { panel, range, scratch in
        mk_panels_forward(
          x, inputSize, outputSize, pointer, epilogue, y, outputSize, panel, panel + 1, range.lowerBound,
          range.upperBound, scratch)
      }
    }
  }

  /// `gradient weights` with the steps of an epilogue, for a contiguous `gradient: [N, out]`.
  func inputGradient(
    _ gradient: NDArray, useSparse: Bool, epilogue: UnsafePointer<mk_epilogue>, into dx: UnsafeMutablePointer<Float>
  ) {
    let rows = gradient.shape[0]
    SparseRows(of: gradient, useSparse: useSparse).withKernelForm { gradient in
      forEachTile(panels: Self.count(inputSize), rows: rows) { panel, range, scratch in
        mk_panels_input_gradient(
          gradient, inputSize, outputSize, pointer, epilogue, dx, inputSize, panel, panel + 1, range.lowerBound,
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
    let work = rows * inputSize * outputSize
    let parts = work < leastSharedWork || panels % threadCount == 0 ? 1 : min(threadCount, (rows + 15) / 16)
    forEachUnit(panels * parts, work: work) { unit, scratch in
      let part = unit % parts
      body(unit / parts, rows * part / parts..<rows * (part + 1) / parts, scratch)
    }
  }
}

/// A product of fewer multiply-adds is computed by one thread: waking others costs more than they save.
private let leastSharedWork = 1 << 17

/// Calls `body` for units of a product of `work` multiply-adds, on several threads, with scratch memory of the thread's
/// own.
func forEachUnit(
  _ count: Int, work: Int, _ body: (_ unit: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
) {
  parallelFor(count, grain: work < leastSharedWork ? count : 1) { units in
    let scratch = Storage(count: mk_panels_scratch(), dtype: .float32)
    for unit in units { body(unit, scratch.pointer(as: Float.self)) }
  }
}
