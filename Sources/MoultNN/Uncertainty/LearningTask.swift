import MoultCore

/// The task of a model, which determines the meaning of its outputs.
public enum LearningTask: String, Sendable, CaseIterable {
  /// The outputs are logits of two or more classes along the last axis.
  case classification
  /// The outputs are predicted values.
  case regression
  /// The outputs are predicted values and the logarithms of their noise variances: the first and second half of the
  /// last axis, as ``gaussianNegativeLogLikelihood(_:_:)`` expects them.
  case heteroscedasticRegression = "heteroscedastic-regression"

  /// The default task for a model output: classification if the last axis has several elements, else regression.
  ///
  /// - Shapes: `output: [N, ..., K]` is a classification for K > 1; `[N]` and `[N, ..., 1]` are a regression.
  init(output: Tensor) {
    self = output.rank > 1 && output.shape[output.rank - 1] > 1 ? .classification : .regression
  }
}

/// The former name of ``LearningTask``, until version 0.2.
@available(*, deprecated, renamed: "LearningTask")
public typealias PredictiveTask = LearningTask
