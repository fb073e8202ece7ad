import Moult

extension LearningProblem {
  /// Passes that the noise is estimated by, and the share of all scatter that is noise at least.
  private static let passes = 50, leastShare = 0.01

  /// How far the validation rows scatter around what the network says; nil for classes.
  ///
  /// What passes with dropout spread is taken off, so that both together are the scatter that was seen:
  ///
  ///     variance = mean (y - mean of passes)² - mean (variance of passes)
  func noise(of model: MLP) -> SavedModel.Noise? {
    guard case .regression = task else { return nil }
    let targets = validation.labels.scalars(as: Double.self), count = Double(targets.count)
    let answer = model.predict(validation.inputs, passes: Self.passes, as: .regression)
    let squares = zip(answer.mean.scalars(as: Double.self), targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let spread = answer.variance.scalars(as: Double.self).reduce(0, +)
    let scatter = max(squares / count, 1e-12)
    return SavedModel.Noise(
      variance: max((squares - spread) / count, Self.leastShare * scatter),
      residualVariance: max(judgement(of: model, on: validation).loss, 1e-12))
  }
}
