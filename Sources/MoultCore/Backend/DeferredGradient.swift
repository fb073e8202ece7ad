/// The gradient that a linear layer hands to its input: the product, and the derivative of the rectifier and the dropout
/// that made that input, applied to each tile on its way out.
final class DeferredGradient: DeferredElements, @unchecked Sendable {
  /// `dx = y > 0 ? dx * scale : 0` for `y = dropout(relu(x))`.
  struct Gate {
    let y: Tensor
    let scale: Float
  }

  private struct Work {
    let gradient: ThinnedMatrix
    let weights: BatchWeights
    /// What a ``StageRecorder`` knows the layer by.
    let layer: UInt64
    /// The rows to compute; not all only where each stretch of them keeps units of its own.
    var rows: Range<Int>
    var gate: Gate?
    /// The inputs to compute, those that the gate lets through; nil for all.
    var kept: KeptUnits?

    /// The columns of the result.
    var units: Int { kept?.count ?? weights.all.inputSize }

    /// The gradient and the gate, by rows whose outputs keep the same units; rows are counted from the result's first.
    var parts: [(gradient: ThinnedMatrix.Part, gate: Gate?)] {
      guard kept != nil else {
        return gradient.parts.map { part in
          (part, gate.map { Gate(y: $0.y.contiguous().rows(part.rows), scale: $0.scale) })
        }
      }
      guard let part = gradient.part(of: rows) else { return [] }
      return [(.init(rows: 0..<rows.count, columns: part.columns, units: part.units), gate)]
    }
  }

  private var work: Work?

  private init(_ work: Work) {
    self.work = work
    super.init(width: work.units)
  }

  /// `gradient weights`, `[N, in]`, for a `gradient: [N, out]`.
  static func result(of gradient: ThinnedMatrix, weights: BatchWeights, layer: UInt64) -> Tensor {
    tensor(of: Work(gradient: gradient, weights: weights, layer: layer, rows: 0..<gradient.whole.shape[0]))
  }

  private static func tensor(of work: Work) -> Tensor {
    let shape = [work.rows.count, work.units]
    return Tensor(
      storage: Storage(count: shape[0] * shape[1], deferred: DeferredGradient(work)), shape: shape)
  }

  /// The gradient `dx` by way of a gate, if `dx` is a layer's and nobody has looked at it. Columns that are zero in all
  /// rows of the gate are not computed.
  static func gated(_ dx: Tensor, _ gate: Gate) -> Tensor? {
    guard let deferred = dx.deferred(as: DeferredGradient.self), dx.shape == gate.y.shape else { return nil }
    let y = ThinnedMatrix(gate.y)
    return deferred.follow {
      guard var work = deferred.work, work.gate == nil else { return nil }
      guard y.isThinned, y.parts.allSatisfy({ work.gradient.part(of: $0.rows) != nil }) else {
        work.gate = gate
        return tensor(of: work)
      }
      let parts = y.parts.map { part in
        work.gate = Gate(y: part.columns, scale: gate.scale)
        (work.rows, work.kept) = (part.rows, part.units)
        return ThinnedMatrix.Part(rows: part.rows, columns: tensor(of: work), units: part.units)
      }
      return DeferredExpansion.result(of: parts, units: dx.shape[1])
    }
  }

  override func compute(into result: UnsafeMutablePointer<Float>) {
    guard let work else { return }
    for (gradient, gate) in work.parts {
      let timer = StageTimer(.inputGradient, layer: work.layer)
      let weights = work.weights.between(work.kept, gradient.units), density = gradient.columns.density()
      let asLists = Rows.areLists(density: density, width: weights.inputSize)
      weights.inputGradient(
        gradient.columns, asLists: asLists, gate: gate, into: result + gradient.rows.lowerBound * work.units)
      guard let timer else { continue }
      timer.stop(
        gradientDensity: timer.density(of: gradient.columns, sampled: density) * gradient.share, usesLists: asLists,
        isThinned: gradient.units != nil || work.kept != nil)
    }
  }

  override func forget() { work = nil }
}
