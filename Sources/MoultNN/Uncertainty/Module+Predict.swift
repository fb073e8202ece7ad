import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model many times with dropout on, and returns the mean of the passes and how much they differ.
  ///
  /// ```swift
  /// let prediction = model.predict(x, passes: 100)         // .mean .variance .entropy .mutualInformation
  /// let sure = model.predict(x, passes: 10_000, until: 0.01)     // each row until its mean is known to 0.01
  /// let curve = model.predict(grid, passes: 50, as: .regression, masks: .perPass)
  /// ```
  ///
  /// A *pass* is one stochastic forward pass. Runs in the scope of `sampling { }`: gradients are off, training goes on
  /// undisturbed, and other tasks see no change. Pass `t` draws the masks of step `t`, so the same call under the same
  /// seed gives the same prediction to the bit, however the input is split and whatever the number of threads.
  ///
  /// If every stochastic layer that draws says that its draws belong to rows (``DrawPattern/perRow``), the passes go
  /// through the model together, in batches whose rows are a row of `x` under the masks of a pass; what comes before
  /// the first dropout is computed once for all passes of a batch. Else they run one after the other. One row of the
  /// first batch is run alone to check the declarations: where it gives other bits or draws something else, the passes
  /// run one after the other, and a warning on standard error says so.
  ///
  /// - Shapes: `x: [N, ...]`; `mean` and `variance` like an output, `entropy` and `mutualInformation` `[N]`.
  /// - Complexity: `passes` forward passes from the first dropout on, and up to there one for each batch of passes (32
  ///   of them with `until`). Memory does not grow with `passes`, nor with `N` but for the prediction.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142).
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - passes: The number of passes, at least 1.
  ///   - task: Whether outputs are logits of classes, whose probabilities are averaged, or numbers. Without it, outputs
  ///     of two or more along the last axis are logits, and a single one is a number.
  ///   - masks: Whether each row has masks of its own in a pass, or all have the same.
  ///   - standardError: Rows take no more passes once the standard error of each of their means is at most this; looked
  ///     at after every 32 passes.
  ///   - targets: The true values, for `logLikelihood`.
  ///   - batchSize: The most rows that the model gets at once, those of all passes counted; nil for a number that suits
  ///     the caches.
  ///   - firstSample: The index of the first row of `x` in the whole input, for callers that split it themselves.
  /// - Returns: Mean, variance and the further measures of the task.
  public func predict(
    _ x: Tensor, passes: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
    until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Prediction {
    withPassRunner(x, passes, masks, batchSize, firstSample, isStoppedEarly: standardError != nil) { runner in
      runner.prediction(x, task, targets, standardError) { self($0) }
    }
  }

  /// The outputs of many passes with dropout on: draws from the model's predictive distribution.
  ///
  /// With `masks: .perPass` each is one function of `x`, to be drawn as a curve. Masks are those of `predict`.
  ///
  /// - Shapes: `x: [N, ...]` -> `[passes, N, ...]`, the outputs themselves, logits of classes too.
  /// - Complexity: that of `predict`, and the memory of the result.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - passes: The number of passes, at least 1.
  ///   - masks: Whether each row has masks of its own in a pass, or all have the same.
  ///   - batchSize: The most rows that the model gets at once, those of all passes counted.
  ///   - firstSample: The index of the first row of `x` in the whole input.
  /// - Returns: The output of each pass.
  public func sampledOutputs(
    _ x: Tensor, passes: Int, masks: SampledMasks = .perRow, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Tensor {
    withPassRunner(x, passes, masks, batchSize, firstSample) { $0.outputs(x) { self($0) } }
  }

  /// Calls `body` in the scope of `sampling { }`, with a runner that knows the layers of the model.
  private func withPassRunner<R>(
    _ x: Tensor, _ passes: Int, _ masks: SampledMasks, _ batchSize: Int?, _ firstSample: Int,
    isStoppedEarly: Bool = false, _ body: (PassRunner) -> R
  ) -> R {
    let found = Discovery(of: self)
    // The width of the widest layer, as far as parameters tell.
    let width = found.parameters.flatMap(\.parameter.shape).max() ?? 1
    let runner = PassRunner(
      x, passes, masks, batchSize, firstSample, rowsAreIndependent: found.drawsByRow, width: width,
      isStoppedEarly: isStoppedEarly)
    return LayerContext.$current.withValue(.with(ModeScope(.sampling, for: found.modes))) {
      withGradients(false) { body(runner) }
    }
  }
}

extension Discovery {
  /// Whether every layer that draws in sampling mode draws for rows of the input.
  fileprivate var drawsByRow: Bool {
    stochasticLayers.allSatisfy { _, layer in
      layer.dropoutState.draws == .perRow || layer.dropoutState.layerMode.isFrozen
        || (layer as? any RatedLayer)?.rate == 0
    }
  }
}
