/// Zeroes each unit with probability `rate` and rescales the survivors, or returns `x` in evaluation.
///
///     y[i] = m[i] ? x[i] / (1 - rate) : 0,   m[i] ~ Bernoulli(1 - rate)
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; a tensor of rank 0 or 1 is one sample.
/// - Parameters:
///   - rate: the probability of *dropping* a unit, in 0...1.
///   - mode: what to do; there is no default, so that no unit is dropped by accident.
///   - stream: the stream's number, the same masks for the same number; without it every call is a stream of its own.
///   - batchAxis: the axis that samples run along.
///   - sharing: which elements are dropped together.
/// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros, never NaN. NaN and infinity in a
///   dropped unit do not leak.
/// - Complexity: O(*n*) time; no memory is kept for the backward pass, or a byte for each unit that elements share.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html).
public func dropout(
  _ x: Tensor, rate: Double, mode: Mode, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0
) -> Tensor {
  requireRate(rate, "dropout")
  sharing.requireFits(x, batchAxis: batchAxis)
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return dropout(x, rate: rate, use: use, batchAxis: batchAxis, sharing: sharing)
}

/// The same for a layer that has counted the use itself.
package func dropout(
  _ x: Tensor, rate: Double, use: MaskUse, batchAxis: Int = 0, sharing: MaskSharing = .elementwise
) -> Tensor {
  x.requireFloatingPoint("dropout")
  guard rate < 1 else { return x.replacedByZeros("dropout") }
  if let y = droppedInPasses(
    x, rate: rate, scale: survivorScale(rate), use: use, batchAxis: batchAxis, sharing: sharing)
  {
    return y
  }
  let scale = survivorScale(rate)
  return sharing.onBatchFirst(x, batchAxis: batchAxis, use: use) { x, use, shared in
    guard shared.isElementwise else {
      let mask = SharedMask(use, rate: rate, shape: x.shape, shared: shared)
      return dropped(x, scale: scale, by: { mask.applied(to: $0, scale: Double(scale)) }) { values in
        values.joiningDroppedColumns(scale: scale) { mask.activeBlocks }
      }
    }
    let mask = MaskSpec(use, rate: rate, rows: x.shape[0], units: x.shape.dropFirst().reduce(1, *))
    return dropped(x, scale: scale, by: { $0.droppingOrJoining(mask, scale: scale) }) { values in
      values.joiningDroppedColumns(scale: scale) { mask.activeBlocks } ?? values.joiningDropout(mask, scale: scale)
    }
  }
}

/// Dropout of `x`, as a part of a pending product if it can join.
///
/// - Parameters:
///   - drop: the operation on an array, which is that on a gradient too.
///   - join: the result as a part of a pending product, or nil.
private func dropped(
  _ x: Tensor, scale: Float, by drop: @escaping @Sendable (NDArray) -> NDArray, joining join: (NDArray) -> NDArray?
) -> Tensor {
  let followsReLU = x.node?.isOperation("relu") == true, y = join(x.values) ?? drop(x.values)
  let result = y.recorded("dropout", from: x, pullback: drop)
  // A positive result was kept, and was positive before: the gradient through both operations needs no mask.
  if followsReLU {
    result.node?.fusedPullback = { [.values($0.backwardThroughReLU(result: y, scale: scale))] }
  }
  return result
}

extension Tensor {
  /// Zeros with zero gradients, whatever the elements are.
  func replacedByZeros(_ operation: StaticString) -> Tensor {
    let (shape, dtype) = (shape, dtype)
    return NDArray.zeros(shape, dtype: dtype).recorded(operation, from: self) { _ in .zeros(shape, dtype: dtype) }
  }
}

/// Stops the program unless `rate` is a probability; NaN is none.
package func requireRate(_ rate: Double, _ caller: @autoclosure () -> String) {
  require(
    (0...1).contains(rate),
    "\(caller()): expected a rate in 0...1, got \(rate); rate is the probability of dropping a unit")
}

/// The scale of kept units: `1 / (1 - rate)`, as the mask law defines it; 1 at rate 1.
package func survivorScale(_ rate: Double) -> Float { rate < 1 ? Float(1 / (1 - rate)) : 1 }

/// `x` times `scale` where `kept` holds, and zero elsewhere: selected, so that a NaN in what is dropped does not leak.
///
/// - Shapes: `kept` broadcasts to `x`.
package func keepingOnly(_ kept: Tensor, of x: Tensor, scale: Float = 1) -> Tensor {
  select(kept, scale == 1 ? x : x * Double(scale), .zeros([], dtype: x.dtype))
}

/// Dropout of a pass-major batch, several passes at once: what ``MaskSharing/onBatchFirst(_:batchAxis:use:_:)`` does part by
/// part, in one piece of work and without copies. The same bits.
///
/// - Parameter scale: What kept values are multiplied by.
/// - Returns: nil where that way is the only one.
private func droppedInPasses(
  _ x: Tensor, rate: Double, scale: Float, use: MaskUse, batchAxis: Int, sharing: MaskSharing
) -> Tensor? {
  guard let passes = use.passes, sharing == .elementwise, batchAxis == 0, x.rank > 1, x.dtype == .float32,
    !x.requiresGradient
  else { return nil }
  guard let parts = use.parts(ofRows: x.shape[0]) else { return dropout(x, rate: rate, use: use.alone) }
  let repetition = x.values.repetition.flatMap { $0.times == passes.count ? $0 : nil }
  let source = (repetition?.base ?? x.values).contiguous()
  let units = x.shape.dropFirst().reduce(1, *), height = x.shape[0] / max(parts.count, 1)
  let blocks = parts.map { part in
    (
      mask: MaskSpec(part.use, rate: rate, rows: height, units: units),
      firstRow: repetition == nil ? part.rows.lowerBound : part.rowsInPass.lowerBound
    )
  }
  return Tensor(source.dropping(blocks, scale: scale, shape: x.shape))
}
