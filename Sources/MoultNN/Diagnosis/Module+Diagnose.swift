import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Looks for what goes wrong with dropout: layers that drop in evaluation or never in training, rates of 0 and 1 by
  /// mistake, realised rates that differ from the rate, equal masks on two workers, dead units, saturated max-norm.
  ///
  /// ```swift
  /// for finding in model.diagnose(on: data.train.inputs) where finding.severity > .note { print(finding) }
  /// ```
  ///
  /// Runs the model, three times in evaluation mode and once with the layers that draw in training mode, or up to 64
  /// times where those draw little or are skipped at times. Changes nothing: modes, counts of uses, buffers and
  /// parameters stay as they were. Findings that depend on the samples, such as dead units, are made on this batch
  /// alone, so give it a large one.
  ///
  /// Functional forms, such as `dropout(x, rate:mode:)`, are checked for draws in evaluation only: what they draw in
  /// training, their rates and their workers' masks are not known.
  ///
  /// - Parameters:
  ///   - batch: The inputs, `[N, ...]`.
  ///   - workers: The settings that decide the masks of each worker, where several train together.
  /// - Returns: The findings, the worst first. A measurement without fault is a `.note`: see `isHealthy`.
  public func diagnose(on batch: Tensor, workers: [WorkerMasks] = []) -> [Finding] {
    require(
      batch.rank >= 1 && batch.count > 0,
      "diagnose(on:): expected a batch [N, ...] of at least 1 sample, got \(batch.shape)")
    let examination = Examination(of: self, on: batch)
    let findings =
      examination.modeFindings + examination.rateFindings + examination.keepRateFindings
      + examination.workerFindings(workers) + examination.deadUnitFindings + examination.maxNormFindings
    // The sort is stable: within a severity, the order of the checks and of the layers.
    return findings.sorted { $0.severity > $1.severity }
  }
}
