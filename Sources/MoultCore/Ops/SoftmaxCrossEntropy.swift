import CMoultKernels

/// The mean cross-entropy of logits with class labels, and its gradient in the same pass.
///
///     loss = mean_n Σ_c -q[n, c] logSoftmax(x)[n, c],   q = (1 - s) · one-hot + s / C,   dx = dy (softmax(x) - q) / N
///
/// - Shapes: `logits: [N, C]`, `labels: [N]` -> `[]`. Labels are checked: an integer type, each in 0..<C.
/// - Complexity: O(*n*).
package func softmaxCrossEntropy(_ logits: Tensor, _ labels: Tensor, smoothing: Double) -> Tensor {
  logits.requireFloatingPoint("crossEntropy")
  require(logits.rank == 2, "crossEntropy: expected logits: [N, C], got \(logits.shape)")
  let rows = logits.shape[0], classes = logits.shape[1]
  require(
    rows > 0 && classes > 0, "crossEntropy: expected at least one sample and one class, got logits \(logits.shape)")
  require(
    labels.shape == [rows], "crossEntropy: expected labels: [\(rows)] for logits \(logits.shape), got \(labels.shape)")
  require(
    [.int32, .int64, .uint8].contains(labels.dtype),
    "crossEntropy: expected integer labels, got \(labels.dtype); make them with Tensor(labels:) or cast(to: .int32)")
  require((0...1).contains(smoothing), "crossEntropy: expected labelSmoothing in 0...1, got \(smoothing)")
  let classOf = labels.scalars(as: Int32.self)
  for (row, label) in classOf.enumerated() where !(0..<Int32(clamping: classes)).contains(label) {
    fatalError(
      "crossEntropy: label \(label) of sample \(row) is outside 0..<\(classes), the classes of logits \(logits.shape)")
  }
  let x = logits.contiguous().detached(), dtype = logits.dtype
  let wantsGradient = logits.node != nil && gradientsEnabled
  let losses = Storage(count: rows, dtype: dtype)
  let slopes = wantsGradient ? Storage(count: x.count, dtype: dtype) : nil
  if dtype == .float32 {
    mk_cross_entropy_f32(
      rows, classes, x.pointer(as: Float.self), classOf, Float(smoothing), losses.pointer(as: Float.self),
      slopes?.pointer(as: Float.self))
  } else {
    mk_cross_entropy_f64(
      rows, classes, x.pointer(as: Double.self), classOf, smoothing, losses.pointer(as: Double.self),
      slopes?.pointer(as: Double.self))
  }
  let loss = Tensor(storage: losses, shape: [rows]).mean()
  guard let slopes else { return loss }
  let slope = Tensor(storage: slopes, shape: logits.shape)
  return loss.recorded("crossEntropy", from: logits) { gradient in [slope * (gradient / Double(rows))] }
}
