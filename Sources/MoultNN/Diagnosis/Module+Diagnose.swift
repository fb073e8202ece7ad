import MoultCore

/// What decides the masks of one of several workers that train a model together.
public struct WorkerMasks: Sendable, Equatable {
  /// The worker's seed.
  public var seed: UInt64
  /// The sample that row 0 of its batch stands for.
  public var firstSample: Int
  /// By how much samples of neighboring rows differ.
  public var sampleStride: Int

  /// What the worker passes to `withSeed` and `withStep`.
  public init(seed: UInt64 = 0, firstSample: Int, sampleStride: Int = 1) {
    self.seed = seed
    self.firstSample = firstSample
    self.sampleStride = sampleStride
  }
}

extension Module where Input == Tensor, Output == Tensor {
  /// Looks for what goes wrong with dropout: layers that drop in evaluation or never in training, rates of 0 and 1 or
  /// not kept, dropout before batch normalization or in a single recurrent layer, equal masks on two workers, dead
  /// units, saturated max-norm.
  ///
  /// ```swift
  /// for finding in model.diagnose(on: data.train.inputs) where finding.severity > .note { print(finding) }
  /// ```
  ///
  /// Runs the model, twice in evaluation mode and once in training mode plus once per worker, and changes nothing:
  /// modes, counts of uses, batch statistics and parameters stay what they were. What only shows in the samples, such
  /// as dead units, is judged by the batch alone, so give it a large one.
  ///
  /// - Parameters:
  ///   - batch: The inputs, `[N, ...]`.
  ///   - workers: What decides the masks of each worker, where several train together.
  /// - Returns: The findings, the worst first. A measurement without fault is a `.note`: see `isHealthy`.
  public func diagnose(on batch: Tensor, workers: [WorkerMasks] = []) -> [Finding] {
    require(
      batch.rank >= 1 && batch.count > 0,
      "diagnose(on:): expected a batch [N, ...] of at least 1 sample, got \(batch.shape)")
    let examination = Examination(of: self, on: batch)
    let findings =
      examination.modeFindings + examination.rateFindings + examination.keepRateFindings + examination.orderFindings
      + examination.recurrentFindings + examination.workerFindings(workers) + examination.deadUnitFindings
      + examination.maxNormFindings
    // The sort is stable: within a severity, the order of the checks and of the layers.
    return findings.sorted { $0.severity > $1.severity }
  }
}
