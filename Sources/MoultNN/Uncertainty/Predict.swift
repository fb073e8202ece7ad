import MoultCore

/// Runs any function many times with dropout on, and returns the mean of the passes and how much they differ.
///
/// ```swift
/// let prediction = predict(x, passes: 100) { decoder(encoder($0)) }
/// ```
///
/// It is for functions of several models, or with calls of `dropout(_:rate:mode:stream:)` with `mode: .sampling`.
/// Every layer that `function` uses is in sampling mode, unless it is frozen, until the call ends or throws; other
/// tasks see no change. One pass runs after the other, unless the caller says that rows are independent; then passes
/// run together, which is much faster for small inputs, and one row of the first batch is checked as in
/// ``Module/predict(_:passes:as:masks:until:targets:batchSize:firstSample:)``.
///
/// - Shapes: `x: [N, ...]`; `mean` and `variance` like an output, `entropy` and `mutualInformation` `[N]`.
/// - Note: Functional dropout draws the same masks in the next call only if it has a `stream:`. Number the layers of
///   the models with `eval()` or `train()` once before. For a matrix of weights or a table of words take ``WeightDrop``
///   or `embeddingDropout`, whose masks belong to a pass: with `dropout` and a `batchSize` of 1 their rows count as
///   rows of `x`.
///
/// - Parameters:
///   - x: The input.
///   - passes: The number of passes, at least 1.
///   - task: Whether outputs are logits of classes, whose probabilities are averaged, or numbers. Without it, outputs
///     of two or more along the last axis are logits, and a single one is a number.
///   - masks: Whether each row has masks of its own in a pass, or all have the same.
///   - standardError: Rows take no more passes once the standard error of each of their means is at most this.
///   - targets: The true values, for `logLikelihood`.
///   - batchSize: The most rows that the function gets at once, those of all passes counted.
///   - firstSample: The index of the first row of `x` in the whole input.
///   - rowsAreIndependent: Whether `function` treats each row by itself and takes any number of them, so that passes
///     can run together.
///   - function: Gets up to `batchSize` rows; where a batch does not hold all rows from sample 0 on, or with
///     `masks: .perPass`, it is called once more with one row, to find draws that have no rows of `x`.
/// - Returns: Mean, variance and the further measures of the task.
public func predict(
  _ x: Tensor, passes: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
  until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0,
  rowsAreIndependent: Bool = false, _ function: (Tensor) throws -> Tensor
) rethrows -> Prediction {
  try LayerContext.$current.withValue(.with(ModeScope(forEveryLayer: .sampling))) {
    try withGradients(false) {
      try PassRunner(
        x, passes, masks, batchSize, firstSample, rowsAreIndependent: rowsAreIndependent,
        width: PassRunner.unknownWidth, isStoppedEarly: standardError != nil
      ).prediction(x, task, targets, standardError, function)
    }
  }
}

extension PassRunner {
  /// The assumed width of the widest layer of a function.
  static let unknownWidth = 1_024

  /// Checks the arguments of `predict`.
  init(
    _ x: Tensor, _ passes: Int, _ masks: SampledMasks, _ batchSize: Int?, _ firstSample: Int, rowsAreIndependent: Bool,
    width: Int, isStoppedEarly: Bool = false
  ) {
    require(passes >= 1, "predict: expected at least 1 pass, got \(passes)")
    require(batchSize ?? 1 >= 1, "predict: expected a batchSize of at least 1, got \(batchSize ?? 0)")
    require(x.rank >= 1, "predict: expected x: [N, ...], got []; a scalar has no batch axis")
    self.init(
      passes: passes, masks: masks, firstSample: firstSample, rowsAreIndependent: rowsAreIndependent,
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
    var statistics = PassStatistics(task: task, passes: passes, targets: targets, wantedError: standardError)
    try run(x, into: &statistics, function)
    return statistics.prediction()
  }

  func outputs(_ x: Tensor, _ function: (Tensor) throws -> Tensor) rethrows -> Tensor {
    var collection = PassCollection(passes: passes, count: x.shape[0])
    try run(x, into: &collection, function)
    return collection.result()
  }
}
