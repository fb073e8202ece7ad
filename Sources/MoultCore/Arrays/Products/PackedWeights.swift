import CMoultKernels

/// The packed weights of a linear layer, `[out, in]`: stored in the layout that is fastest for products, in panels of
/// 128 outputs.
///
/// Each product skips the zeros of its other operand if that is faster (``SparseRows``). The results have the same bits
/// in both cases, for any number of threads.
struct PackedWeights {
  var storage: Storage
  let inputSize: Int
  let outputSize: Int

  /// The number of outputs of a panel.
  static let width = 128
  /// The number of terms of the sum in one block of sparse rows.
  static let depth = 64

  /// Returns the number of panels for `size` columns.
  static func count(_ size: Int) -> Int { (size + width - 1) / width }

  private var pointer: UnsafeMutablePointer<Float> { storage.pointer(as: Float.self) }

  init(storage: Storage, shape: [Int]) {
    self.storage = storage
    (outputSize, inputSize) = (shape[0], shape[1])
  }

  /// Packs `weights: [out, in]`, a contiguous Float32 array.
  init(packing weights: NDArray) {
    self.init(
      storage: Storage(count: mk_panels_count(weights.shape[1], weights.shape[0]), dtype: .float32),
      shape: weights.shape)
    let from = weights.pointer(as: Float.self), to = pointer
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_pack(from, inputSize, outputSize, to, range.lowerBound, range.upperBound)
    }
  }

  /// Returns a copy of the packed weights in new memory.
  func copied() -> PackedWeights {
    let copy = Storage(count: storage.count, dtype: .float32)
    copy.pointer.copyMemory(from: storage.pointer, byteCount: storage.count * DType.float32.byteCount)
    return PackedWeights(storage: copy, shape: [outputSize, inputSize])
  }

  /// Returns the weights as a row-major array `[out, in]`.
  func unpacked() -> NDArray {
    let result = Storage(count: outputSize * inputSize, dtype: .float32), to = result.pointer(as: Float.self)
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_unpack(pointer, inputSize, outputSize, to, range.lowerBound, range.upperBound)
    }
    return NDArray(storage: result, shape: [outputSize, inputSize])
  }

  /// Computes `x weightsᵀ`, applies an epilogue and writes the result, `[N, out]`, to `y`.
  ///
  /// - Parameters:
  ///   - x: A contiguous Float32 matrix `[N, in]`.
  ///   - useSparse: Whether the zeros of `x` are skipped. It changes the speed only.
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

  /// Computes `gradient weights`, applies an epilogue and writes the result, `[N, in]`, to `dx`.
  ///
  /// - Parameters:
  ///   - gradient: A contiguous Float32 matrix `[N, out]`.
  ///   - useSparse: Whether the zeros of `gradient` are skipped. It changes the speed only.
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

  /// Limits the Euclidean norm of the weights of each output: if it exceeds `limit`, these weights are scaled down to
  /// that norm.
  func limitNorms(to limit: Float) {
    parallelFor(Self.count(outputSize), grain: 1) { range in
      mk_panels_max_norm(pointer, inputSize, outputSize, limit, range.lowerBound, range.upperBound)
    }
  }

  /// Calls `body` for each tile of a product: for each panel, and for parts of the rows if the threads cannot split the
  /// panels evenly.
  private func forEachTile(
    panels: Int, rows: Int, _ body: (_ panel: Int, _ rows: Range<Int>, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    guard rows > 0 else { return }
    let work = ProductWork(rows: rows, weights: inputSize * outputSize)
    let parts = !work.isShared || panels % threadCount == 0 ? 1 : min(threadCount, (rows + 15) / 16)
    forEachUnit(panels * parts, work: work) { unit, scratch in
      let part = unit % parts
      body(unit / parts, rows * part / parts..<rows * (part + 1) / parts, scratch)
    }
  }
}

/// The size of a product, which decides whether several threads compute it.
struct ProductWork {
  /// The rows of the operand.
  let rows: Int
  /// The number of weights.
  let weights: Int

  /// Whether several threads save more time than it costs to wake them. The bounds are measured: a few rows with few
  /// weights, as in a small table's step, are faster on one thread, whose cache keeps the weights that it updates.
  var isShared: Bool {
    let multiplyAdds = rows * weights
    guard multiplyAdds >= 1 << 17 else { return false }
    return multiplyAdds > 1 << 19 || weights >= 1 << 16 || rows >= 64
  }
}

/// Calls `body` for each of `count` parts of a product, on several threads if the product is large enough.
/// `scratch` is memory that only one thread uses.
func forEachUnit(
  _ count: Int, work: ProductWork, _ body: (_ unit: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
) {
  parallelFor(count, grain: work.isShared ? 1 : count) { units in
    let scratch = Storage(count: mk_panels_scratch(), dtype: .float32)
    for unit in units { body(unit, scratch.pointer(as: Float.self)) }
  }
}
