import MoultCore

extension Tensor {
  /// Returns the mean of the elements of a loss. With weights the samples have a weighted mean:
  ///
  ///     loss = Σ w[n] · mean(self[n]) / Σ w[n]
  ///
  /// - Parameters:
  ///   - weights: The weights `[N]` of the samples of these elements `[N, ...]`; nil for the plain mean.
  ///   - loss: The name of the loss in messages.
  func mean(weights: Tensor?, _ loss: StaticString) -> Tensor {
    guard let weights else { return mean() }
    return (self * sampleShares(weights, shape: shape, loss).cast(to: dtype)).sum()
  }
}

/// Returns the share of each element `[N, ...]` in the mean weighted by sample, as `[N, 1, ...]` in Float64.
func sampleShares(_ weights: Tensor, shape: [Int], _ loss: StaticString) -> Tensor {
  let samples = shape.first ?? 0, elements = shape.dropFirst().reduce(1, *)
  let weights = sampleWeights(weights, count: samples, loss)
  let total = weights.reduce(0, +) * Double(elements)
  return Tensor(weights.map { $0 / total }, shape: [samples] + shape.dropFirst().map { _ in 1 })
}

/// Returns the weights of samples as numbers, after checking them.
func sampleWeights(_ weights: Tensor, count: Int, _ loss: StaticString) -> [Double] {
  require(
    weights.shape == [count], "\(loss): expected weights: [\(count)], one for each sample, got \(weights.shape)")
  let values = weights.scalars(as: Double.self)
  require(
    values.allSatisfy { $0 >= 0 && $0.isFinite } && values.contains { $0 > 0 },
    "\(loss): expected weights from 0 on, with one above 0, got \(weights)")
  return values
}

/// Stops the program unless a loss can compare predictions with targets element by element.
func requireComparable(_ predictions: Tensor, _ targets: Tensor, _ loss: StaticString) {
  require(
    predictions.shape == targets.shape,
    "\(loss): expected targets: \(predictions.shape), got \(targets.shape); nothing is broadcast")
  predictions.requireFloatingPoint("\(loss)")
  require(predictions.count > 0, "\(loss): expected at least one element, got \(predictions.shape)")
}
