import MoultCore

/// Runs a function many times with dropout on (Monte Carlo dropout) and returns the mean and the spread of the outputs.
///
/// ```swift
/// let prediction = predict(x, passes: 100, as: .classification) { decoder(encoder($0)) }
/// ```
///
/// Use it for functions of several models, or with calls of `dropout(_:rate:mode:stream:)` with `mode: .sampling`.
/// During the call every layer that `function` uses is in sampling mode, unless its mode is fixed; other tasks are not
/// affected. The passes run one after the other. With `rowsAreIndependent: true` several passes run as one batch, which
/// is much faster for small inputs, and one row of the first batch is checked as in
/// ``Module/predict(_:passes:as:masks:until:targets:batchSize:firstSample:)``.
///
/// - Shapes: `x: [N, ...]`. `mean` and `variance` have the shape of the output (for a heteroscedastic regression, of
///   its first half), `entropy` and `mutualInformation` that of the output without the last axis.
/// - Note: For the same masks in a later call, number the layers of each model once with `eval()` or `train()`. Calls
///   of functional dropout are numbered in their order within a pass. To drop a weight matrix or an embedding table,
///   use ``WeightDrop`` or `embeddingDropout`, which draw once per pass. `dropout` treats the rows of such a matrix as
///   rows of `x` if `batchSize` is 1.
///
/// - Parameters:
///   - x: The input.
///   - passes: The number of passes, at least 1; with `until` the maximum.
///   - task: Whether outputs are class logits, whose probabilities are averaged, or predicted values; nil for the task
///     that `targets` imply. Without targets a single output is a value then, and several are taken as logits, with a
///     warning on standard error.
///   - masks: Whether each row has its own masks in a pass, or all rows share the masks of the pass.
///   - standardError: The standard error, above 0, at which a row stops: it takes no more passes once the standard
///     errors of all its means are at most this. Checked after every 32 passes.
///   - targets: The true values, to compute `logLikelihood`.
///   - batchSize: The maximum number of rows that `function` gets at once, with the rows of all passes counted, at
///     least 1. nil for a number that suits the caches.
///   - firstSample: The index of the first row of `x` in the whole input. Set it if you split an input yourself.
///   - rowsAreIndependent: Whether `function` treats each row independently and accepts any number of rows, so that
///     several passes can run as one batch.
///   - function: Returns the outputs for some rows of `x`, at most `batchSize`. It is also called with one row of the
///     first batch, to find draws for tensors that have no rows of `x`, unless each pass runs alone on all rows from
///     sample 0 on with `masks: .perRow`.
/// - Returns: The mean, the variance and the uncertainty metrics of the task.
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
  /// The width that is assumed for the widest layer of a function.
  static let unknownWidth = 1_024

  /// Checks the arguments of `predict`, stops the program if one is out of range, and chooses the batch sizes.
  ///
  /// - Parameter width: The width of the widest layer, from which the default batch size follows.
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
