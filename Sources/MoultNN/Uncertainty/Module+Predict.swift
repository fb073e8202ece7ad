import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model many times with dropout on, and says what the passes agree on and how much they differ.
  ///
  /// ```swift
  /// let answer = model.predict(x, samples: 100)            // .mean .variance .entropy .mutualInformation
  /// let sure = model.predict(x, samples: 10_000, until: 0.01)    // each row until its mean is known to 0.01
  /// let curve = model.predict(grid, samples: 50, as: .regression, masks: .perPass)
  /// ```
  ///
  /// Runs in the scope of `sampling { }`: gradients are off, batch statistics stand still, training goes on undisturbed, and
  /// other tasks see no change. Pass `t` draws the masks of step `t`, so the same call under the same seed gives the same
  /// answer to the bit, however the input is split and whatever the number of threads.
  ///
  /// The passes go through the model together, as tall batches whose rows are a row of `x` under the masks of a pass; what
  /// comes before the first dropout is computed once for all that fit into a batch. So the model must treat each row by itself, as it does
  /// in evaluation.
  ///
  /// - Shapes: `x: [N, ...]`; `mean` and `variance` like an output, `entropy` and `mutualInformation` `[N]`.
  /// - Complexity: `samples` forward passes from the first dropout on, and up to there one for each batch of passes (32 of them
  ///   with `until`). Memory does not grow with
  ///   `samples`, nor with `N` but for the answer.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142).
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - samples: The number of passes, at least 1.
  ///   - task: Whether outputs are logits of classes, whose probabilities are averaged, or numbers. Without it, outputs
  ///     of two or more along the last axis are logits, and a single one is a number.
  ///   - masks: Whether each row has masks of its own in a pass, or all have the same.
  ///   - standardError: Rows take no more passes once the standard error of each of their means is at most this; looked at
  ///     after every 32 passes.
  ///   - targets: What quantities really were, for `logLikelihood`.
  ///   - batchSize: The most rows that the model gets at once, those of all passes counted; nil for a number that suits
  ///     the caches.
  ///   - firstSample: The index of the first row of `x` in the whole input, for callers that split it themselves.
  /// - Returns: Mean, variance and what else the task allows to say.
  public func predict(
    _ x: Tensor, samples: Int, as task: LearningTask? = nil, masks: SampledMasks = .perRow,
    until standardError: Double? = nil, targets: ObservedTargets? = nil, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Prediction {
    sampling {
      PassRunner(
        x, samples, masks, batchSize, firstSample, width: widestTensor, isStoppedEarly: standardError != nil
      ).prediction(x, task, targets, standardError) { self($0) }
    }
  }

  /// The outputs of many passes with dropout on: samples of what the model holds possible.
  ///
  /// With `masks: .perPass` each is one function of `x`, to be drawn as a curve. Masks are those of `predict`.
  ///
  /// - Shapes: `x: [N, ...]` -> `[samples, N, ...]`, the outputs themselves, logits of classes too.
  /// - Complexity: that of `predict`, and the memory of the result.
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - samples: The number of passes, at least 1.
  ///   - masks: Whether each row has masks of its own in a pass, or all have the same.
  ///   - batchSize: The most rows that the model gets at once, those of all passes counted.
  ///   - firstSample: The index of the first row of `x` in the whole input.
  /// - Returns: The output of each pass.
  public func sampledOutputs(
    _ x: Tensor, samples: Int, masks: SampledMasks = .perRow, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Tensor {
    sampling {
      PassRunner(x, samples, masks, batchSize, firstSample, width: widestTensor).outputs(x) { self($0) }
    }
  }

  /// The width of the widest layer, as far as parameters tell.
  private var widestTensor: Int { parameters().flatMap(\.shape).max() ?? 1 }
}
