import Moult
import MoultReport

/// The results of the repeats of one way of training.
struct ArmResult {
  let arm: ComparisonArm
  let settings: RunSettings
  var seeds: [UInt64] = []
  /// One for each seed, as all that follow.
  var histories: [History] = []
  var train: [EvaluationMetrics] = []
  var test: [EvaluationMetrics] = []
  /// The errors of each seed's test samples.
  var errors: [[Double]] = []

  var testMetrics: [Double] { test.map(\.main) }
  var trainMetrics: [Double] { train.map(\.main) }
  /// Of each seed, the test loss less the training loss, both in evaluation mode.
  var lossGaps: [Double] { zip(test, train).map { $0.loss - $1.loss } }
  /// The validation loss of each seed's finished network: what chooses among several ways.
  var validationLosses: [Double] = []
  /// Why the arm has no more seeds, and no result: one of its trainings diverged.
  var divergence: MoultError?
  var seconds: Double { histories.reduce(0) { $0 + $1.seconds } }
}

extension RepeatStatistics {
  /// `1.23 ± 0.04`, each by `text`.
  func text(_ text: (Double) -> String) -> String { text(mean) + (standardDeviation.map { " ± \(text($0))" } ?? "") }
}
