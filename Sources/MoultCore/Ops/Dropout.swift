/// Returns dropout of `x`: sets each unit to 0 with probability `rate` and multiplies the kept units by
/// `1 / (1 - rate)`. Returns `x` in evaluation mode.
///
///     y[i] = m[i] ? x[i] / (1 - rate) : 0,   m[i] ~ Bernoulli(1 - rate)
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; a tensor of rank 0 or 1 is one sample.
/// - Parameters:
///   - rate: the probability of *dropping* a unit, in 0...1.
///   - mode: training, evaluation or sampling; there is no default, so that no unit is dropped by accident.
///   - sharing: which elements share a mask unit and are dropped together.
///   - stream: the number of the random stream, in 0..<2^31, which takes the place of a layer's number;
///     if nil, the calls of a step are numbered in their order, and outside a step each call has a stream of its own.
///   - batchAxis: the axis of the samples, counted from the end if negative.
/// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros, never NaN. NaN and infinity in a
///   dropped unit do not affect the result.
/// - Complexity: O(*n*) time. For the backward pass an elementwise mask keeps no memory; a shared mask keeps one byte
///   for each mask unit.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html).
public func dropout(
  _ x: Tensor, rate: Double, mode: Mode, sharing: MaskSharing = .elementwise, stream: Int? = nil, batchAxis: Int = 0
) -> Tensor {
  requireRate(rate, "dropout")
  sharing.requireFits(x, batchAxis: batchAxis)
  guard rate > 0, let use = MaskUse.functional(mode, stream: stream) else { return x }
  return dropout(x, rate: rate, use: use, batchAxis: batchAxis, sharing: sharing)
}

/// Returns dropout of `x` for a layer, with `use`, the key of the layer's mask call.
package func dropout(
  _ x: Tensor, rate: Double, use: MaskUse, batchAxis: Int = 0, sharing: MaskSharing = .elementwise
) -> Tensor {
  x.requireFloatingPoint("dropout")
  guard rate < 1 else { return x.replacedByZeros("dropout", sharing) }
  let scale = survivorScale(rate)
  func attributes() -> OperationAttributes { ["rate": .double(rate), "sharing": .text("\(sharing)")] }
  if let y = droppedInPasses(
    x, attributes(), rate: rate, scale: scale, use: use, batchAxis: batchAxis, sharing: sharing)
  {
    return y
  }
  return sharing.onBatchFirst(x, batchAxis: batchAxis, use: use) { x, use, shared in
    let order = x.values.orderOfSamples
    guard shared.isElementwise, order == nil else {
      let mask = SharedMask(use, rate: rate, shape: x.shape, shared: shared, order: order)
      return dropped(x, attributes(), scale: scale, by: { mask.applied(to: $0, scale: Double(scale)) }) { values in
        values.joiningDroppedColumns(scale: scale) { mask.activeBlocks }
      }
    }
    let mask = MaskSpec(use, rate: rate, rows: x.shape[0], units: x.shape.dropFirst().reduce(1, *))
    return dropped(x, attributes(), scale: scale, by: { $0.droppingOrJoining(mask, scale: scale) }) { values in
      values.joiningDroppedColumns(scale: scale) { mask.activeBlocks } ?? values.joiningDropout(mask, scale: scale)
    }
  }
}

/// Returns the dropout of `x`, as a step of its pending product if it can join.
///
/// - Parameters:
///   - scale: the factor of kept units.
///   - drop: applies the dropout to an array; it is also used for the gradient.
///   - join: returns the result as a step of a pending product, or nil if it cannot join.
private func dropped(
  _ x: Tensor, _ attributes: @autoclosure () -> OperationAttributes, scale: Float,
  by drop: @escaping @Sendable (NDArray) -> NDArray,
  joining join: (NDArray) -> NDArray?
) -> Tensor {
  let followsReLU = x.node?.isOperation("relu") == true, y = join(x.values) ?? drop(x.values)
  let result = y.recorded("dropout", attributes(), from: x, pullback: drop)
  // A positive result was kept, and was positive before the dropout: the gradient through both operations needs no
  // mask.
  if followsReLU {
    result.node?.fusedPullback = { [.values($0.backwardThroughReLU(result: y, scale: scale))] }
  }
  return result
}

extension Tensor {
  /// Returns the result of a dropout of rate 1: zeros of the same shape and dtype, with a gradient of zero, even if
  /// elements are NaN or infinite.
  func replacedByZeros(_ operation: StaticString, _ sharing: MaskSharing) -> Tensor {
    let (shape, dtype) = (shape, dtype)
    return NDArray.zeros(shape, dtype: dtype).recorded(
      operation, ["rate": .double(1), "sharing": .text("\(sharing)")], from: self
    ) { _ in .zeros(shape, dtype: dtype) }
  }
}

/// Stops the program unless `rate` is in 0...1, which NaN is not.
package func requireRate(_ rate: Double, _ caller: @autoclosure () -> String) {
  require(
    (0...1).contains(rate),
    "\(caller()): expected a rate in 0...1, got \(rate); rate is the probability of dropping a unit")
}

/// Returns the factor of kept units, `1 / (1 - rate)`, computed in Double and rounded to Float; 1 at rate 1.
package func survivorScale(_ rate: Double) -> Float { rate < 1 ? Float(1 / (1 - rate)) : 1 }

/// Returns `x` times `scale` where `kept` is true, and 0 elsewhere. Elements are selected, not multiplied by 0, so that
/// NaN in a dropped unit does not affect the result.
///
/// - Shapes: `kept`, a Bool tensor, broadcasts to the shape of `x`.
package func keepingOnly(_ kept: Tensor, of x: Tensor, scale: Float = 1) -> Tensor {
  select(kept, scale == 1 ? x : x * Double(scale), .zeros([], dtype: x.dtype))
}

/// Returns the dropout of a pass-major batch for all passes at once, without copies. The result has the same bits as
/// that of ``MaskSharing/onBatchFirst(_:batchAxis:use:_:)``, which handles one pass at a time.
///
/// - Parameter scale: the factor of kept units.
/// - Returns: nil if only that method supports the call.
private func droppedInPasses(
  _ x: Tensor, _ attributes: @autoclosure () -> OperationAttributes, rate: Double, scale: Float, use: MaskUse,
  batchAxis: Int, sharing: MaskSharing
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
  return source.dropping(blocks, scale: scale, shape: x.shape).withoutHistory("dropout", attributes(), from: [x])
}
