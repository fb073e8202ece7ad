import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model many times with dropout on.
  @available(*, deprecated, renamed: "predict(_:passes:as:masks:until:targets:batchSize:firstSample:)")
  public func predict(
    _ x: Tensor, samples: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
    until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Prediction {
    predict(
      x, passes: samples, as: task, masks: masks, until: standardError, targets: targets, batchSize: batchSize,
      firstSample: firstSample)
  }

  /// Runs the model many times with dropout on and returns the outputs of all passes.
  @available(*, deprecated, renamed: "sampledOutputs(_:passes:masks:batchSize:firstSample:)")
  public func sampledOutputs(
    _ x: Tensor, samples: Int, masks: SampledMasks = .perRow, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Tensor {
    sampledOutputs(x, passes: samples, masks: masks, batchSize: batchSize, firstSample: firstSample)
  }
}

/// Runs a function many times with dropout on, one pass after the other.
@available(
  *, deprecated, renamed: "predict(_:passes:as:masks:until:targets:batchSize:firstSample:rowsAreIndependent:_:)"
)
public func predict(
  _ x: Tensor, samples: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
  until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0,
  _ function: (Tensor) throws -> Tensor
) rethrows -> Prediction {
  try predict(
    x, passes: samples, as: task, masks: masks, until: standardError, targets: targets, batchSize: batchSize,
    firstSample: firstSample, function)
}

extension Prediction {
  /// The requested number of passes.
  @available(*, deprecated, renamed: "requestedPasses")
  public var samples: Int { requestedPasses }
}
