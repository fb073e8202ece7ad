import MoultCore

/// Runs any function many times with dropout on, and says what the passes agree on and how much they differ.
///
/// ```swift
/// let answer = predict(x, samples: 100) { decoder(encoder($0)) }
/// ```
///
/// For what is no single model: several of them, or calls of `dropout(_:rate:mode:stream:)` with `mode: .sampling`. Every
/// layer that `function` uses is in sampling mode, unless it is frozen, until the call ends or throws; other tasks see no
/// change. Everything else is as in ``Module/predict(_:samples:as:masks:until:targets:batchSize:firstSample:)``.
///
/// - Shapes: `x: [N, ...]`; `mean` and `variance` like an output, `entropy` and `mutualInformation` `[N]`.
/// - Note: Functional dropout draws the same masks in the next call only if it has a `stream:`. Number the layers of the
///   models with `eval()` or `train()` once before. For what has no rows of `x`, a matrix of weights or a table of words,
///   take ``WeightDrop`` or `embeddingDropout`, whose masks are of a pass: with `dropout` the passes run one by one, and with
///   a `batchSize` of 1 or a single sample its rows are taken for rows of `x`.
///
/// - Parameters:
///   - x: The input.
///   - samples: The number of passes, at least 1.
///   - task: Whether outputs are logits of classes, whose probabilities are averaged, or numbers. Without it, outputs of
///     two or more along the last axis are logits, and a single one is a number.
///   - masks: Whether each row has masks of its own in a pass, or all have the same.
///   - standardError: Rows take no more passes once the standard error of each of their means is at most this.
///   - targets: What quantities really were, for `logLikelihood`.
///   - batchSize: The most rows that the function gets at once, those of all passes counted.
///   - firstSample: The index of the first row of `x` in the whole input.
///   - function: Gets any number of rows and treats each by itself; called once or more for every `batchSize` rows.
/// - Returns: Mean, variance and what else the task allows to say.
public func predict(
  _ x: Tensor, samples: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
  until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0,
  _ function: (Tensor) throws -> Tensor
) rethrows -> Prediction {
  try ModeScope.$innermost.withValue(ModeScope(forEveryLayer: .sampling)) {
    try withGradients(false) {
      try PassRunner(
        x, samples, masks, batchSize, firstSample, width: PassRunner.unknownWidth, isStoppedEarly: standardError != nil
      ).prediction(x, task, targets, standardError, function)
    }
  }
}

extension PassRunner {
  /// What is assumed of the layers of a function that nobody can look into.
  static let unknownWidth = 1_024

  /// Checks what callers gave.
  init(
    _ x: Tensor, _ samples: Int, _ masks: SampledMasks, _ batchSize: Int?, _ firstSample: Int, width: Int,
    isStoppedEarly: Bool = false
  ) {
    require(samples >= 1, "predict: expected at least 1 sample, got \(samples)")
    require(batchSize ?? 1 >= 1, "predict: expected a batchSize of at least 1, got \(batchSize ?? 0)")
    require(x.rank >= 1, "predict: expected x: [N, ...], got []; a scalar has no batch axis")
    self.init(
      passes: samples, masks: masks, firstSample: firstSample,
      rowsAtOnce: batchSize ?? Self.rowsAtOnce(width: max(width, x.shape.dropFirst().reduce(1, *))),
      passesAtOnce: isStoppedEarly ? PassStatistics.passesBetweenChecks : .max)
  }

  func prediction(
    _ x: Tensor, _ task: LearningTask?, _ targets: ObservedTargets?, _ standardError: Double?,
    _ function: (Tensor) throws -> Tensor
  ) rethrows -> Prediction {
    if let standardError {
      require(standardError > 0, "predict: expected until: a standard error above 0, got \(standardError)")
    }
    if let targets {
      require(
        targets.values.rank > 0 && targets.values.shape[0] == x.shape[0],
        "predict: expected targets: [\(x.shape[0]), ...], a row for each of x, got \(targets.values.shape)")
    }
    var statistics = PassStatistics(task: task, samples: passes, targets: targets, wantedError: standardError)
    try run(x, into: &statistics, function)
    return statistics.prediction()
  }

  func outputs(_ x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
    var collection = PassCollection(samples: passes, count: x.shape[0])
    try run(x, into: &collection, function)
    return collection.result()
  }
}
