import Moult
import MoultReport

extension ComparisonReport {
  /// Creates the report of a comparison.
  init(_ summary: ComparisonSummary, data samples: TrainingData, source: String) {
    let first = summary.arms.first { $0.arm.isBaseline }.map { [$0] } ?? []
    let arms = first + summary.arms.filter { !$0.arm.isBaseline }
    self.init(
      title: "Dropout compared on \(source)", headline: summary.verdict,
      arms: arms.map { result in
        let network = result.settings.network
        var arm = Arm(
          name: result.arm.name,
          difference: result.arm.isBaseline
            ? "nothing is dropped"
            : "\(network.variantName) \(network.dropout)"
              + (network.inputDropout > 0 ? ", inputs \(network.inputDropout)" : "")
              + (result.divergence == nil ? "" : "; diverged"),
          // The mean over only the seeds that did not diverge would be too optimistic.
          repeats: result.divergence != nil
            ? []
            : result.histories.indices.map { index in
              Repeat(
                seed: result.seeds[index], history: result.histories[index],
                train: FinalMetrics("training", samples.train.count, result.train[index]),
                test: FinalMetrics("test", samples.test.count, result.test[index]))
            })
        if let interval = summary.difference(of: result)?.interval {
          // The page shows accuracy for classes, and differences of accuracy have the opposite sign of differences of
          // error.
          arm.interval =
            summary.isClassification ? -interval.upperBound...(-interval.lowerBound) : interval
        }
        return arm
      })
    data = DataDescription(name: source, counts: samples.parts)
    machine = "\(threadCount) thread\(threadCount == 1 ? "" : "s"), \(Kernels.instructionSet)"
    configuration = arms.first?.settings.values.rows ?? []
    network = arms.first.map {
      NetworkDescription(
        summary: $0.settings.network.layers.description, parameterCount: $0.settings.network.parameterCount)
    }
  }
}

extension FinalMetrics {
  fileprivate init(_ name: String, _ count: Int, _ metrics: EvaluationMetrics) {
    self.init(
      name: name, count: count, loss: metrics.loss, accuracy: metrics.accuracy,
      rootMeanSquaredError: metrics.regression?.rootMeanSquaredError)
  }
}
