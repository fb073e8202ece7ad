import Moult
import MoultReport

/// The results of all repeats of one arm. The arrays have one element for each seed.
struct ArmResult {
  let arm: ComparisonArm
  let settings: RunSettings
  var seeds: [UInt64] = []
  /// The training history of each seed.
  var histories: [History] = []
  var train: [EvaluationMetrics] = []
  var test: [EvaluationMetrics] = []
  /// The errors of the test samples, for each seed.
  var errors: [[Double]] = []

  var testMetrics: [Double] { test.map(\.main) }
  var trainMetrics: [Double] { train.map(\.main) }
  /// The test loss minus the training loss of each seed, both with dropout off.
  var lossGaps: [Double] { zip(test, train).map { $0.loss - $1.loss } }
  /// The validation loss of each seed's finished network, by which the best of several arms is chosen.
  var validationLosses: [Double] = []
  /// The error of a training that diverged, after which the arm has no further seeds and no result; nil if none
  /// diverged.
  var divergence: MoultError?
  var seconds: Double { histories.reduce(0) { $0 + $1.seconds } }
}

extension RepeatStatistics {
  /// Returns mean and standard deviation as `1.23 ± 0.04`, both formatted by `text`.
  func text(_ text: (Double) -> String) -> String { text(mean) + (standardDeviation.map { " ± \(text($0))" } ?? "") }
}
