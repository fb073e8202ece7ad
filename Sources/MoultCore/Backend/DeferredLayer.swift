import CMoultKernels

/// What a linear layer will hold once somebody looks: the product, and what is done to it on its way out.
///
/// So `dropout(relu(layer(x)))` computes nothing until it is read, and then bias, rectifier and mask while each tile of the
/// product is in the cache. Whoever does keep and read a result in between gets it, and what follows starts from there.
final class DeferredLayer: DeferredElements, @unchecked Sendable {
  /// The layer's product: everything that decides its numbers, so that it does not matter when they are computed.
  final class Product: Sendable {
    /// `[N, in]`.
    let input: ThinnedMatrix
    let weights: BatchWeights
    let bias: Tensor?
    /// What a ``StageRecorder`` knows the layer by.
    let layer: UInt64

    init(input: ThinnedMatrix, weights: BatchWeights, bias: Tensor?, layer: UInt64) {
      self.input = input
      self.weights = weights
      self.bias = bias
      self.layer = layer
    }

    /// The product itself, `x weightsᵀ + bias`, `[N, out]`.
    var result: Tensor { DeferredLayer.tensor(of: Work(product: self, rows: 0..<input.whole.shape[0])) }
  }

  private struct Work {
    let product: Product
    /// The rows to compute; not all only where each stretch of them keeps units of its own.
    var rows: Range<Int>
    var rectifies = false
    /// Dropout, one row a sample.
    var mask: DropMask?
    /// Dropout of the same units in all rows: the columns to compute; nil for all.
    var kept: KeptUnits?
    /// What units that are kept are multiplied by.
    var scale: Float = 1
    /// The result without the last of these.
    var previous: Storage?

    /// Whether a rectifier was the last operation.
    var isRectified: Bool { rectifies && mask == nil && kept == nil }
    /// The columns of the result.
    var units: Int { kept?.count ?? product.weights.all.outputSize }

    /// The last operation alone, if what it works on is there or half there; else everything in one pass.
    func compute(into result: UnsafeMutablePointer<Float>) {
      if let previous, (previous.deferred as? DeferredLayer)?.hasBegun == true {
        let size = product.weights.all.outputSize
        let x = Tensor(storage: previous, shape: [previous.count / size, size])
        if let mask {
          x.dropElements(mask, scale, into: result)
        } else if let kept {
          kept.columns(of: x.rows(rows), scale: scale, into: result)
        } else {
          x.map(mk_relu_f32, into: result)
        }
      } else {
        for part in parts { multiply(part, into: result + part.rows.lowerBound * units) }
      }
    }

    /// The input, by rows that keep the same units.
    private var parts: [ThinnedMatrix.Part] {
      guard kept != nil else { return product.input.parts }
      return product.input.part(of: rows).map { [.init(rows: 0..<rows.count, columns: $0.columns, units: $0.units)] }
        ?? []
    }

    private func multiply(_ input: ThinnedMatrix.Part, into result: UnsafeMutablePointer<Float>) {
      let timer = StageTimer(.forward, layer: product.layer)
      let weights = product.weights.between(input.units, kept), density = input.columns.density()
      let asLists = Rows.areLists(density: density, width: weights.outputSize)
      weights.forward(
        input.columns, asLists: asLists, bias: bias, rectifies: rectifies, mask: mask?.law(from: input.rows.lowerBound),
        scale: scale, into: result)
      guard let timer else { return }
      timer.stop(
        inputDensity: timer.density(of: input.columns, sampled: density) * input.share, usesLists: asLists,
        isThinned: input.units != nil || kept != nil)
    }

    private var bias: Tensor? {
      guard let bias = product.bias, let kept else { return product.bias }
      let result = Storage(count: kept.count, dtype: .float32)
      kept.columns(of: bias.contiguous(), into: result.pointer(as: Float.self))
      return Tensor(storage: result, shape: [kept.count])
    }
  }

  private var work: Work?

  private init(_ work: Work) {
    self.work = work
    super.init(width: work.units)
  }

  private static func tensor(of work: Work) -> Tensor {
    let shape = [work.rows.count, work.units]
    return Tensor(storage: Storage(count: shape[0] * shape[1], deferred: DeferredLayer(work)), shape: shape)
  }

  /// The rectifier of `x`, if `x` is a layer's product that nobody has looked at.
  static func rectified(_ x: Tensor) -> Tensor? {
    follow(x) { work in
      guard !work.rectifies else { return false }
      work.rectifies = true
      return true
    }
  }

  /// Dropout of `x`, if `x` is a layer's rectified product that nobody has looked at and each row of it a sample.
  static func dropped(_ x: Tensor, _ mask: DropMask, scale: Float) -> Tensor? {
    follow(x) { work in
      guard work.isRectified, mask.units == x.shape[1] else { return false }
      (work.mask, work.scale) = (mask, scale)
      return true
    }
  }

  /// Dropout of the same units in stretches of the rows of `x`, if `x` is a layer's rectified product that nobody has
  /// looked at: what is dropped is not computed.
  ///
  /// - Parameter stretches: which units are kept in which rows, all of them; none if that is not worth it.
  static func thinned(_ x: Tensor, scale: Float, to stretches: () -> [KeptStretch]) -> Tensor? {
    guard x.deferred(as: DeferredLayer.self) != nil else { return nil }
    let stretches = stretches()
    guard !stretches.isEmpty, stretches.allSatisfy({ $0.units.count > 0 }) else { return nil }
    return follow(x) { work in
      guard work.isRectified, stretches.allSatisfy({ work.product.input.part(of: $0.rows) != nil }) else { return nil }
      let parts = stretches.map { stretch in
        var work = work
        (work.rows, work.kept, work.scale) = (stretch.rows, stretch.units, scale)
        return ThinnedMatrix.Part(rows: stretch.rows, columns: tensor(of: work), units: stretch.units)
      }
      return DeferredExpansion.result(of: parts, units: x.shape[1])
    }
  }

  private static func follow(_ x: Tensor, _ change: (inout Work) -> Bool) -> Tensor? {
    follow(x) { work in
      var work = work
      return change(&work) ? tensor(of: work) : nil
    }
  }

  /// What `body` makes of what `x` is to be computed from, that `x` may come to be looked at before included.
  private static func follow(_ x: Tensor, _ body: (Work) -> Tensor?) -> Tensor? {
    guard let deferred = x.deferred(as: DeferredLayer.self) else { return nil }
    return deferred.follow {
      guard var work = deferred.work else { return nil }
      work.previous = x.storage
      return body(work)
    }
  }

  override func compute(into result: UnsafeMutablePointer<Float>) { work?.compute(into: result) }

  override func forget() { work = nil }

  /// Whether a result that this one can start from has been computed.
  fileprivate var hasBegun: Bool {
    whileOpen { (work?.previous?.deferred as? DeferredLayer).map(\.hasBegun) ?? false } ?? true
  }
}
