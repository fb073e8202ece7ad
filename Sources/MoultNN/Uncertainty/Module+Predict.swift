import MoultCore

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model many times with dropout on, and says what the passes agree on and how much they differ.
  ///
  /// Runs in the scope of `sampling { }`: gradients are off, training goes on undisturbed, and other tasks see no
  /// change. Pass `t` draws the masks of step `t`, so the same call under the same seed gives the same answer, however
  /// the input is split.
  ///
  /// - Shapes: `x: [N, ...]`; `mean` and `variance` like an output, `entropy` and `mutualInformation` `[N]`.
  /// - Complexity: `samples` forward passes; memory for one pass over `batchSize` rows.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142).
  ///
  /// - Parameters:
  ///   - x: The input.
  ///   - samples: The number of passes, at least 1.
  ///   - task: Whether outputs are logits of classes, whose probabilities are averaged, or plain quantities.
  ///   - batchSize: The number of rows to take at once; nil for all.
  ///   - firstSample: The index of the first row of `x` in the whole input, for callers that split it themselves.
  /// - Returns: Mean, variance and, for classes, entropy and mutual information.
  public func predict(
    _ x: Tensor, samples: Int, as task: PredictiveTask = .classification, batchSize: Int? = nil, firstSample: Int = 0
  ) -> Prediction {
    require(samples >= 1, "predict: expected at least 1 sample, got \(samples)")
    require(batchSize ?? 1 >= 1, "predict: expected a batchSize of at least 1, got \(batchSize ?? 0)")
    require(x.rank >= 1, "predict: expected x: [N, ...], got []; a scalar has no batch axis")
    let count = x.shape[0]
    let size = min(batchSize ?? count, count)
    return sampling {
      if size == count { return predictPart(x, samples: samples, task: task, firstSample: firstSample) }
      let parts = stride(from: 0, to: count, by: size).map { start in
        predictPart(
          x[start..<min(start + size, count)], samples: samples, task: task, firstSample: firstSample + start)
      }
      return Prediction(joining: parts)
    }
  }

  private func predictPart(_ x: Tensor, samples: Int, task: PredictiveTask, firstSample: Int) -> Prediction {
    var accumulator = PredictionAccumulator(task: task)
    for pass in 0..<samples {
      accumulator.add(withStep(pass, firstSample: firstSample) { self(x) })
    }
    guard let prediction = accumulator.prediction else { fatalError("predict: no pass was made") }
    return prediction
  }
}
