/// Returns the mean cross-entropy of logits with class labels. The gradient is computed in the same pass over the
/// logits.
///
///     loss = mean_n Σ_c -q[n, c] logSoftmax(x)[n, c],   q = (1 - s) · one-hot + s / C,   dx = dy (softmax(x) - q) / N
///
/// - Shapes: `logits: [N, C]`, `labels: [N]` -> `[]`. Stops the program unless labels are integers in 0..<C.
/// - Parameter smoothing: the label smoothing s, in 0...1.
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
  let wantsGradient = logits.node != nil && gradientsEnabled
  let (losses, slopes) = logits.values.crossEntropy(classOf, smoothing: smoothing, withGradient: wantsGradient)
  let mean = losses.total() / Double(rows)
  return mean.recorded("crossEntropy", ["smoothing": .double(smoothing)], from: logits, labels) { gradient in
    [slopes.map { .values($0 * (gradient / Double(rows))) }]
  }
}
