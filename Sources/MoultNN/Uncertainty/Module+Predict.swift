import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model many times with dropout on (Monte Carlo dropout) and returns the mean and the spread of the
  /// outputs.
  ///
  /// ```swift
  /// let prediction = model.predict(x, passes: 100, as: .classification)    // .mean .entropy .mutualInformation
  /// // Stops at a standard error of 0.01.
  /// let sure = model.predict(x, passes: 10_000, as: .classification, until: 0.01)
  /// let curve = model.predict(grid, passes: 50, as: .regression, masks: .perPass)
  /// ```
  ///
  /// A *pass* is one stochastic forward pass. Passes run as in `sampling { }`: gradients are off, and training and
  /// other tasks are not disturbed. Pass `t` uses the masks of step `t`, so a call under the same seed gives the same
  /// prediction, bit for bit, however the input is split and whatever the number of threads.
  ///
  /// If all stochastic layers that draw declare ``DrawPattern/perRow``, several passes run as one batch, in which each
  /// row is a row of `x` under the masks of a pass; the layers before the first dropout run once per batch of passes.
  /// Otherwise the passes run one after the other. To check the declarations, one row of the first batch is also run
  /// alone: if its output or its draws differ, the passes run one after the other, and a warning is written to standard
  /// error.
  ///
  /// - Shapes: `x: [N, ...]`. `mean` and `variance` have the shape of the output (for a heteroscedastic regression, of
  ///   its first half), `entropy` and `mutualInformation` that of the output without the last axis.
  /// - Complexity: `passes` forward passes of the layers from the first dropout on, and one of the layers before it for
  ///   each batch of passes (at most 32 passes with `until`). The memory does not depend on `passes`; only the
  ///   prediction grows with `N`.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142).
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - passes: The number of passes, at least 1; with `until` the maximum.
  ///   - task: Whether outputs are class logits, whose probabilities are averaged, or predicted values; nil for the
  ///     task that the model declares (``TaskDeclaring``) or `targets` imply. If none of them says it, a single output
  ///     is a value, and several are taken as logits, with a warning on standard error.
  ///   - masks: Whether each row has its own masks in a pass, or all rows share the masks of the pass.
  ///   - standardError: The standard error, above 0, at which a row stops: it takes no more passes once the standard
  ///     errors of all its means are at most this. Checked after every 32 passes.
  ///   - targets: The true values, to compute `logLikelihood`.
  ///   - batchSize: The maximum number of rows that the model gets at once, with the rows of all passes counted, at
  ///     least 1. nil for a number that suits the caches.
  ///   - firstSample: The index of the first row of `x` in the whole input. Set it if you split an input yourself.
  /// - Returns: The mean, the variance and the uncertainty metrics of the task.
  public func predict(
    _ x: Tensor, passes: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
    until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Prediction {
    withPassRunner(x, passes, masks, batchSize, firstSample, isStoppedEarly: standardError != nil) { runner in
      runner.prediction(x, task ?? declaredTask, targets, standardError) { self($0) }
    }
  }

  /// Runs the model many times with dropout on, and calls `check` before each batch of passes. If `check` throws an
  /// error, the passes end and the error is thrown.
  package func predict(
    _ x: Tensor, passes: Int, as task: LearningTask, masks: SampledMasks, firstSample: Int,
    beforeEachBatch check: () throws -> Void
  ) rethrows -> Prediction {
    try withPassRunner(x, passes, masks, nil, firstSample) { runner in
      try runner.prediction(x, task, nil, nil) { x in
        try check()
        return self(x)
      }
    }
  }

  /// Runs the model many times with dropout on and returns the outputs of all passes: samples of the predictive
  /// distribution.
  ///
  /// With `masks: .perPass` the output of each pass is one function of `x`, which can be plotted as a curve. The masks
  /// are those of `predict`.
  ///
  /// - Shapes: `x: [N, ...]` -> `[passes, N, ...]`. Logits of classes are returned as logits.
  /// - Complexity: As `predict`, plus the memory of the result.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - passes: The number of passes, at least 1.
  ///   - masks: Whether each row has its own masks in a pass, or all rows share the masks of the pass.
  ///   - batchSize: The maximum number of rows that the model gets at once, with the rows of all passes counted, at
  ///     least 1. nil for a number that suits the caches.
  ///   - firstSample: The index of the first row of `x` in the whole input. Set it if you split an input yourself.
  /// - Returns: The outputs of all passes.
  public func sampledOutputs(
    _ x: Tensor, passes: Int, masks: SampledMasks = .perRow, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Tensor {
    withPassRunner(x, passes, masks, batchSize, firstSample) { $0.outputs(x) { self($0) } }
  }

  /// Calls `body` in sampling mode without gradients, with a pass runner made for the layers of the model.
  private func withPassRunner<R>(
    _ x: Tensor, _ passes: Int, _ masks: SampledMasks, _ batchSize: Int?, _ firstSample: Int,
    isStoppedEarly: Bool = false, _ body: (PassRunner) throws -> R
  ) rethrows -> R {
    let found = Discovery(of: self)
    // An estimate of the width of the widest layer: the largest extent of a parameter.
    let width = found.parameters.flatMap(\.parameter.shape).max() ?? 1
    let runner = PassRunner(
      x, passes, masks, batchSize, firstSample, rowsAreIndependent: found.drawsByRow, width: width,
      isStoppedEarly: isStoppedEarly)
    return try LayerContext.$current.withValue(.with(ModeScope(.sampling, for: found.modes))) {
      try withGradients(false) { try body(runner) }
    }
  }
}

extension Discovery {
  /// Whether every layer that draws in sampling mode draws for each row of the input. A layer that is fixed in
  /// evaluation mode and one of rate 0 do not draw.
  fileprivate var drawsByRow: Bool {
    stochasticLayers.allSatisfy { _, layer in
      layer.dropoutState.draws == .perRow || layer.dropoutState.layerMode.fixed == .evaluation
        || (layer as? any RatedLayer)?.rate == 0
    }
  }
}
