import MoultCore
import Synchronization

/// The task of a model, which determines the meaning of its outputs.
public enum LearningTask: String, Sendable, CaseIterable {
  /// The outputs are logits of two or more classes along the last axis.
  case classification
  /// The outputs are predicted values.
  case regression
  /// The outputs are predicted values and the logarithms of their noise variances: the first and second half of the
  /// last axis, as ``gaussianNegativeLogLikelihood(_:_:)`` expects them.
  case heteroscedasticRegression = "heteroscedastic-regression"

  /// The task that is assumed for a model output if neither the call nor the model says it: classification if the last
  /// axis has several elements, else regression.
  ///
  /// An output of several values can also be a regression of several targets, so the first such assumption of the
  /// process is written to standard error.
  ///
  /// - Shapes: `output: [N, ..., K]` is a classification for K > 1; `[N]` and `[N, ..., 1]` are a regression.
  init(assumedFor output: Tensor) {
    let width = output.rank > 1 ? output.shape[output.rank - 1] : 1
    self = width > 1 ? .classification : .regression
    guard width > 1, !Self.hasWarned.exchange(true, ordering: .relaxed) else { return }
    writeWarning(
      "predict: \(width) outputs are taken as logits of classes, as neither the call nor the model says otherwise; "
        + "say predict(..., as: .classification) or as: .regression, or declare it in the model (TaskDeclaring)")
  }

  private static let hasWarned = Atomic(false)

  /// The task of a regression whose targets have this noise.
  init(noise: ObservedTargets.Noise) {
    self =
      switch noise {
      case .precision: .regression
      case .predicted: .heteroscedasticRegression
      }
  }
}

/// The former name of ``LearningTask``, until version 0.2.
@available(*, deprecated, renamed: "LearningTask")
public typealias PredictiveTask = LearningTask
