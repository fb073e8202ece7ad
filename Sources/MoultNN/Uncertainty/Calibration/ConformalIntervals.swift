import MoultCore

/// Prediction intervals of a regression whose coverage is measured on held-out data (split conformal prediction).
///
/// ```swift
/// let calibration = model.predict(validation.inputs, passes: 100, as: .heteroscedasticRegression)
/// let intervals = ConformalIntervals(fitting: calibration, validation.labels)
/// let (lower, upper) = intervals.interval(model.predict(x, passes: 100, as: .heteroscedasticRegression), level: 0.9)
/// ```
///
/// The score of a held-out target is `|y - mean| / deviation`, where the deviation is the square root of the predictive
/// variance in a heteroscedastic regression, and 1 in a plain one. An interval is `mean ± q · deviation`, where q is
/// the `⌈(n + 1) · level⌉`-th smallest of the n scores. If held-out and new rows are exchangeable, a new target
/// lies in its interval with a probability of at least `level`, whatever the model, and of at most
/// `level + 1 / (n + 1)` if no two scores are equal.
///
/// - Complexity: O(*n* log *n*) to fit.
/// - Source: [Lei et al. 2018](https://arxiv.org/abs/1604.04173), sections 2.2 and 5.2.
public struct ConformalIntervals: Sendable, Equatable {
  /// The scores of the held-out targets, the smallest first.
  public let scores: [Double]

  /// Computes the scores of held-out targets.
  ///
  /// - Parameters:
  ///   - prediction: The prediction for inputs that were not used in training, of a regression.
  ///   - targets: The true values, in the shape of `prediction.mean`, at least one. NaN stops the program.
  public init(fitting prediction: Prediction, _ targets: Tensor) {
    require(
      targets.shape == prediction.mean.shape && targets.count > 0,
      "ConformalIntervals: expected targets of the shape \(prediction.mean.shape) of the means, got \(targets.shape)")
    let errors = abs(targets.cast(to: .float64) - prediction.mean.cast(to: .float64))
    scores = (errors / Self.deviations(of: prediction)).scalars(as: Double.self).sorted()
    require(
      !scores.contains(where: \.isNaN), "ConformalIntervals: expected targets and means that are numbers, got NaN")
  }

  /// Returns the interval of each mean of a prediction.
  ///
  /// - Parameters:
  ///   - prediction: A prediction of the same model and task.
  ///   - level: The fraction of targets that the intervals shall hold, above 0 and below 1.
  /// - Returns: The bounds, `float64` in the shape of the means; infinite if there are too few scores for the level,
  ///   which is fewer than `level / (1 - level)`.
  public func interval(_ prediction: Prediction, level: Double) -> (lower: Tensor, upper: Tensor) {
    let mean = prediction.mean.cast(to: .float64)
    let halfWidth = Self.deviations(of: prediction) * quantile(level)
    return (mean - halfWidth, mean + halfWidth)
  }

  /// Returns the score q of the intervals of a level: the `⌈(n + 1) · level⌉`-th smallest one, infinity if n is
  /// too small.
  public func quantile(_ level: Double) -> Double {
    require(level > 0 && level < 1, "ConformalIntervals: expected a level above 0 and below 1, got \(level)")
    // A product such as 10 · 0.9 may round to just above the whole number that it is.
    let rank = Int((Double(scores.count + 1) * level * (1 - 0x1p-50)).rounded(.up))
    return rank <= scores.count ? scores[rank - 1] : .infinity
  }

  /// Returns the deviations by which errors are divided, `float64` in the shape of the means.
  private static func deviations(of prediction: Prediction) -> Tensor {
    switch prediction.task {
    case .heteroscedasticRegression: sqrt(prediction.predictiveVariance.cast(to: .float64))
    case .regression: .ones(prediction.mean.shape, dtype: .float64)
    case .classification: fatalError("ConformalIntervals: expected a regression, got a classification")
    }
  }
}
