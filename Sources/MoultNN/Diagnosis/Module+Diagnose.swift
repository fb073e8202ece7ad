import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Looks for mistakes with dropout in the model: layers that drop in evaluation or never in training, rates of 0 and
  /// 1 by mistake, measured keep rates that differ from the rate, equal masks on two workers, dead units, and weights
  /// at the limit of their max-norm.
  ///
  /// ```swift
  /// for finding in model.diagnose(on: data.train.inputs) where finding.severity > .note { print(finding) }
  /// ```
  ///
  /// Runs the model two or three times in evaluation mode, and once with its stochastic layers in training mode; up to
  /// 64 times if a layer draws only a few mask units in one pass, or none. Modes, counts of calls, buffers and
  /// parameters stay as they were. Stochastic layers without a number in the mask law get one, as `train()` gives them.
  ///
  /// Findings that depend on the samples, such as dead units, hold for this batch only, so pass a large one.
  ///
  /// Functional forms, such as `dropout(x, rate:mode:)`, are checked for draws in evaluation mode only; their draws in
  /// training, their rates and their masks on workers are not checked.
  ///
  /// - Parameters:
  ///   - batch: The inputs, `[N, ...]`, at least 1 sample.
  ///   - workers: The mask settings of each worker, if several train the model together; empty for one worker.
  /// - Returns: The findings, errors first, then warnings, then notes. A measurement without a problem is a `.note`;
  ///   see `isHealthy`.
  public func diagnose(on batch: Tensor, workers: [WorkerMasks] = []) -> [Finding] {
    require(
      batch.rank >= 1 && batch.count > 0,
      "diagnose(on:): expected a batch [N, ...] of at least 1 sample, got \(batch.shape)")
    let examination = Examination(of: self, on: batch)
    let findings =
      examination.modeFindings + examination.rateFindings + examination.keepRateFindings
      + examination.workerFindings(workers) + examination.deadUnitFindings + examination.maxNormFindings
    // The sort is stable: findings of one severity stay in the order of the checks, and of the layers in each.
    return findings.sorted { $0.severity > $1.severity }
  }
}
