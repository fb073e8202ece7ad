import Moult
import MoultReport

extension RegressionReport {
  /// Passes with dropout for intervals, samples that get them, and the shares that intervals should hold.
  private static let (passes, sampled) = (100, 2_000)
  private static let shares = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

  /// What a trained network predicts for the test rows.
  init(
    _ model: MLP, _ problem: LearningProblem, name: String, mean: Double, deviation: Double, judgement: Judgement,
    noise: SavedModel.Noise?
  ) {
    let truths = problem.test.labels.scalars(as: Double.self)
    let outputs = model.outputs(on: problem.test).scalars(as: Double.self)
    self.init(
      target: name, truths: truths.map { $0 * deviation + mean }, predictions: outputs.map { $0 * deviation + mean },
      figures: Figures(judgement.figures), baseline: Figures(problem.baseline))
    // Where the noise was estimated on the test part, that part says nothing about it.
    guard let noise, !problem.isValidatedOnTest else { return }
    let part = problem.test.drawn(Self.sampled)
    let answer = model.predict(part.inputs, passes: Self.passes, as: .regression)
    let distances = zip(
      zip(answer.mean.scalars(as: Double.self), answer.variance.scalars(as: Double.self)),
      part.labels.scalars(as: Double.self)
    ).map { abs($0.0 - $1) / ($0.1 + noise.variance).squareRoot() }
    coverage = Self.shares.map { share in
      let reach = AnswerMaker.quantile(share)
      return Coverage(
        nominal: share, observed: Double(distances.count { $0 <= reach }) / Double(max(1, distances.count)))
    }
  }
}

extension RegressionReport.Figures {
  fileprivate init(_ figures: Judgement.Figures) {
    switch figures {
    case .quantity(let rootMeanSquare, let meanAbsolute, let explained):
      self.init(
        rootMeanSquaredError: rootMeanSquare, meanAbsoluteError: meanAbsolute, determination: explained)
    case .classes: self.init(rootMeanSquaredError: .nan, meanAbsoluteError: .nan, determination: .nan)
    }
  }
}
