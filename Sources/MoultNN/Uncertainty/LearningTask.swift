import MoultCore

/// The task that a model learns, which says what its outputs mean.
public enum LearningTask: String, Sendable, CaseIterable {
  /// Outputs are the logits of classes along the last axis, two or more.
  case classification
  /// Outputs are the predicted numbers.
  case regression
  /// Outputs are the predicted numbers and the logarithms of the variance of their noise, along the last axis one half
  /// after the other, as ``gaussianNegativeLogLikelihood(_:_:)`` trains them.
  case heteroscedasticRegression = "heteroscedastic-regression"

  /// The task that outputs suggest where the caller names none: one output is a number and never a class.
  ///
  /// - Shapes: `output: [N, ..., K]` is a classification for K > 1; `[N]` and `[N, ..., 1]` are a regression.
  init(output: Tensor) {
    self = output.rank > 1 && output.shape[output.rank - 1] > 1 ? .classification : .regression
  }
}

/// The name of ``LearningTask`` before version 0.2.
@available(*, deprecated, renamed: "LearningTask")
public typealias PredictiveTask = LearningTask
