import MoultCore

/// The mean absolute error, the root mean squared error or R² of a regression: `.meanAbsoluteError`,
/// `.rootMeanSquaredError` and `.rSquared`, with the names `mean_absolute_error`, `root_mean_squared_error` and `r2`.
///
///     MAE = mean |y - p|,   RMSE = √ mean (y - p)²,   R² = 1 - Σ (y - p)² / Σ (y - mean y)²
///
/// Each output has its own score; the value is the mean over the outputs.
///
/// - Shapes: `outputs: [N, ...]`, `labels:` the same.
/// - Edge cases: nil if the samples have no weight. R² is nil for less than two samples; for an output whose labels
///   are all equal it is 1 if the predictions are right, else 0. With weights, means and sums are weighted.
/// - Complexity: O(*n*) time; memory for a few numbers for each output.
/// - Source: `mean_absolute_error`, `root_mean_squared_error` and `r2_score` of scikit-learn.
public struct RegressionScore: Metric {
  enum Quantity: String { case mean_absolute_error, root_mean_squared_error, r2 }

  let quantity: Quantity
  private var count = 0
  private var weight = 0.0
  private var outputs: [OutputErrors] = []

  init(_ quantity: Quantity) { self.quantity = quantity }

  /// The name, such as `mean_absolute_error`.
  public var name: String { quantity.rawValue }
  /// Whether lower is better: true for the errors, false for R².
  public var isBetterLower: Bool { quantity != .r2 }

  /// The score over the samples so far, in the unit of the labels for the errors.
  public var value: Double? {
    guard weight > 0, quantity != .r2 || count >= 2 else { return nil }
    return outputs.reduce(0) { $0 + score($1) } / Double(outputs.count)
  }

  private func score(_ output: OutputErrors) -> Double {
    switch quantity {
    case .mean_absolute_error: output.absolute / weight
    case .root_mean_squared_error: (output.squares / weight).squareRoot()
    case .r2:
      if output.deviation > 0 { 1 - output.squares / output.deviation } else { output.squares == 0 ? 1 : 0 }
    }
  }

  /// Adds the predictions of one batch.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    require(
      outputs.rank >= 1 && outputs.shape == labels.shape && outputs.dtype.isFloatingPoint,
      "\(name): expected outputs: [N, ...] and labels of the same shape, got \(outputs.shape) of \(outputs.dtype) and "
        + "\(labels.shape)")
    let rows = outputs.shape[0], width = outputs.shape.dropFirst().reduce(1, *)
    let predictions = outputs.scalars(as: Double.self), targets = labels.scalars(as: Double.self)
    let weights = weights.map { checkedWeights($0, count: rows, name) }
    if self.outputs.isEmpty { self.outputs = [OutputErrors](repeating: OutputErrors(), count: width) }
    require(width == self.outputs.count, "\(name): expected \(self.outputs.count) outputs, got \(width)")
    for row in 0..<rows {
      let weight = weights?[row] ?? 1
      count += 1
      self.weight += weight
      if weight == 0 { continue }
      for column in 0..<width {
        let index = row * width + column
        self.outputs[column].add(targets[index], predictions[index], weight: weight, totalWeight: self.weight)
      }
    }
  }
}

/// The weighted sums of the errors of one output.
private struct OutputErrors {
  private(set) var absolute = 0.0
  private(set) var squares = 0.0
  private var mean = 0.0
  /// The sum of the squared deviations of the labels from their mean, by the method of West 1979
  /// (https://doi.org/10.1145/359146.359153), which does not lose digits.
  private(set) var deviation = 0.0

  /// Adds a label; `totalWeight` is the weight of all samples so far, with this one.
  mutating func add(_ label: Double, _ prediction: Double, weight: Double, totalWeight: Double) {
    let error = label - prediction, step = label - mean
    absolute += weight * error.magnitude
    squares += weight * error * error
    mean += step * (weight / totalWeight)
    deviation += weight * step * (label - mean)
  }
}

extension Metric where Self == RegressionScore {
  /// The mean absolute error (MAE), in the unit of the labels.
  public static var meanAbsoluteError: RegressionScore { RegressionScore(.mean_absolute_error) }
  /// The root of the mean squared error (RMSE), in the unit of the labels.
  public static var rootMeanSquaredError: RegressionScore { RegressionScore(.root_mean_squared_error) }
  /// The coefficient of determination R²: 1 is perfect, 0 is that of the mean.
  public static var rSquared: RegressionScore { RegressionScore(.r2) }
}
