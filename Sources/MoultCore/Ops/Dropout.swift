import CMoultKernels

/// Zeroes each unit with probability `rate` and rescales the survivors, or returns `x` in evaluation.
///
///     y[i] = m[i] ? x[i] / (1 - rate) : 0,   m[i] ~ Bernoulli(1 - rate)
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; a tensor of rank 0 or 1 is one sample.
/// - Parameters:
///   - rate: the probability of *dropping* a unit, in 0...1.
///   - mode: what to do; there is no default, so that nobody drops units by accident.
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
  return sharing.onBatchFirst(x, batchAxis: batchAxis, use: use) { x, use, shared in
    let y: Tensor
    let pullback: Pullback
    if shared.isElementwise {
      let mask = DropMask(use, rate: rate, rows: x.shape[0], units: x.shape.dropFirst().reduce(1, *))
      y =
        DeferredLayer.thinned(x, scale: survivorScale(rate)) { mask.keptUnits }
        ?? DeferredLayer.dropped(x, mask, scale: survivorScale(rate)) ?? masked(x.detached(), mask, rate)
      pullback = { [masked($0, mask, rate)] }
    } else {
      let mask = SharedMask(use, rate: rate, shape: x.shape, shared: shared)
      y =
        DeferredLayer.thinned(x, scale: survivorScale(rate)) { mask.keptUnits }
        ?? mask.applied(to: x, scale: Double(survivorScale(rate)))
      pullback = { [mask.applied(to: $0, scale: Double(survivorScale(rate)))] }
    }
    let result = y.recorded("dropout", from: x, pullback: pullback)
    if x.node?.isRectifier == true { result.node?.shortcut = { [rectifiedAndDropped(gradient: $0, y, rate)] } }
    return result
  }
}

extension Tensor {
  /// Zeros with zero gradients, whatever is here.
  func replacedByZeros(_ operation: StaticString) -> Tensor {
    let (shape, dtype) = (shape, dtype)
    return Tensor.zeros(shape, dtype: dtype).recorded(operation, from: self) { _ in [.zeros(shape, dtype: dtype)] }
  }
}

/// Stops the program unless `x` has the axis, or is a single sample and the axis is the first.
package func requireBatchAxis(_ axis: Int, of x: Tensor) {
  if x.rank > 1 { _ = Shape.axis(axis, rank: x.rank, "dropout") } else { _ = Shape.axis(axis, rank: 1, "dropout") }
}

/// Stops the program unless `rate` is a probability; NaN is none.
package func requireRate(_ rate: Double, _ caller: @autoclosure () -> String) {
  require(
    (0...1).contains(rate),
    "\(caller()): expected a rate in 0...1, got \(rate); rate is the probability of dropping a unit")
}

/// Results of this many bytes and more go past the caches: they would not stay there until they are read, and push out
/// what is of use.
private let streamedBytes = 1 << 24

/// What survivors are multiplied by: `1 / (1 - rate)` as the mask law says it; 1 where there are none.
package func survivorScale(_ rate: Double) -> Float { rate < 1 ? Float(1 / (1 - rate)) : 1 }

/// `x` times `scale` where `kept` holds, and zero elsewhere: selected, so that a NaN in what is dropped does not leak.
///
/// - Shapes: `kept` broadcasts to `x`.
package func keepingOnly(_ kept: Tensor, of x: Tensor, scale: Float = 1) -> Tensor {
  select(kept, scale == 1 ? x : x * Double(scale), .zeros([], dtype: x.dtype))
}

private func masked(_ x: Tensor, _ mask: DropMask, _ rate: Double) -> Tensor {
  let x = x.contiguous()
  let result = Storage(count: x.count, dtype: x.dtype)
  if x.dtype == .float32 {
    x.dropElements(mask, survivorScale(rate), into: result.pointer(as: Float.self))
  } else {
    x.dropElements(mask, Double(survivorScale(rate)), into: result.pointer(as: Double.self), mk_dropout_f64)
  }
  return Tensor(storage: result, shape: x.shape)
}

extension Tensor {
  /// Dropout of contiguous Float32 elements.
  func dropElements(_ mask: DropMask, _ scale: Float, into result: UnsafeMutablePointer<Float>) {
    let isStreamed = count * DType.float32.byteCount >= streamedBytes
    dropElements(mask, scale, into: result) { mk_dropout_f32($0, $1, $2, $3, $4, $5, isStreamed) }
  }

  /// `kernel` on contiguous elements, row by row of the mask.
  fileprivate func dropElements<S: TensorScalar>(
    _ mask: DropMask, _ scale: S, into result: UnsafeMutablePointer<S>,
    _ kernel: (UnsafePointer<mk_mask>?, Int, Int, UnsafePointer<S>?, S, UnsafeMutablePointer<S>?) -> Void
  ) {
    let x = pointer(as: S.self), units = mask.units
    parallelFor(mask.rows, elements: units) { rows in
      var law = mask.law(from: rows.lowerBound)
      let start = rows.lowerBound * units
      kernel(&law, rows.count, units, x + start, scale, result + start)
    }
  }
}

/// The gradient of `dropout(relu(x))` by `x`: what is positive in the result was kept, and was positive before.
private func rectifiedAndDropped(gradient: Tensor, _ y: Tensor, _ rate: Double) -> Tensor {
  if let gated = DeferredGradient.gated(gradient, .init(y: y, scale: survivorScale(rate))) { return gated }
  let gradient = gradient.contiguous(), y = y.contiguous()
  let result = Storage(count: y.count, dtype: y.dtype)
  func run<S: TensorScalar>(
    _ scale: S, _ kernel: (Int, UnsafePointer<S>?, UnsafePointer<S>?, S, UnsafeMutablePointer<S>?) -> Void
  ) {
    let g = gradient.pointer(as: S.self), y = y.pointer(as: S.self), dx = result.pointer(as: S.self)
    parallelFor(result.count, elements: 1) { range in
      let i = range.lowerBound
      kernel(range.count, g + i, y + i, scale, dx + i)
    }
  }
  if y.dtype == .float32 {
    run(survivorScale(rate), mk_relu_dropout_backward_f32)
  } else {
    run(Double(survivorScale(rate)), mk_relu_dropout_backward_f64)
  }
  return Tensor(storage: result, shape: y.shape)
}
