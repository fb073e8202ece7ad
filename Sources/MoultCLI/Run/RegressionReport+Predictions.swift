import Moult
import MoultReport

extension RegressionReport {
  /// The number of passes for the intervals, the largest number of samples that are predicted with them, and the levels
  /// of the intervals (below).
  private static let (passes, sampled) = (100, 2_000)
  private static let levels = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

  /// Evaluates the predictions of a trained network on the test samples.
  init(_ model: MLP, _ data: TrainingData, metrics: EvaluationMetrics, noise: NoiseEstimate?) {
    let target = data.target, none = Metrics(rootMeanSquaredError: .nan, meanAbsoluteError: .nan, determination: .nan)
    let truths = data.test.labels.scalars(as: Double.self)
    let outputs = model.outputs(on: data.test).scalars(as: Double.self)
    self.init(
      target: target.name, truths: truths.map(target.inUnits), predictions: outputs.map(target.inUnits),
      metrics: metrics.regression ?? none, baseline: data.baseline.regression ?? none)
    // Noise that was estimated on the test part cannot be evaluated on it.
    guard let noise, !data.isValidatedOnTest else { return }
    let part = data.test.drawn(Self.sampled)
    let prediction = model.predict(part.inputs, passes: Self.passes, as: .regression)
    let distances = zip(
      zip(prediction.mean.scalars(as: Double.self), prediction.variance.scalars(as: Double.self)),
      part.labels.scalars(as: Double.self)
    ).map { abs($0.0 - $1) / ($0.1 + noise.variance).squareRoot() }
    coverage = Self.levels.map { level in
      let width = standardDeviations(holding: level)
      return Coverage(
        nominal: level, observed: Double(distances.count { $0 <= width }) / Double(max(1, distances.count)))
    }
  }
}
