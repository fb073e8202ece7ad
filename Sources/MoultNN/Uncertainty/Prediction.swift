import MoultCore

/// What the outputs of a model mean.
public enum PredictiveTask: Sendable {
  /// Outputs are the logits of classes along the last axis.
  case classification
  /// Outputs are the quantities themselves.
  case regression
}

/// What many passes with dropout say together: the answer, and how far to trust it.
///
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142) for the passes;
///   [Houlsby et al. 2011](https://arxiv.org/abs/1112.5745) for the mutual information.
public struct Prediction: Sendable {
  /// What the outputs mean.
  public let task: PredictiveTask
  /// The number of passes.
  public let samples: Int
  /// The mean over the passes: of the class probabilities, or of the outputs; shaped like an output.
  public let mean: Tensor
  /// The variance over the passes (divided by their number), shaped like an output; exactly 0 if all passes agree.
  public let variance: Tensor
  private let classEntropy: Tensor?
  private let classInformation: Tensor?

  /// The entropy of the mean probabilities in nats, `[N]`: all the uncertainty about the class, 0 to log K.
  ///
  ///     H = -Σ mean[k] · log mean[k]
  ///
  /// - Precondition: The task is classification; a regression has no entropy without a model of its noise. Use
  ///   `variance`.
  public var entropy: Tensor { classes(classEntropy, "entropy") }

  /// The part of `entropy` in nats, `[N]`, that comes from the passes' disagreement: what more training data could
  /// remove.
  ///
  ///     I = H(mean probabilities) - mean over the passes of H(probabilities)
  ///
  /// - Precondition: The task is classification; a regression has no entropy without a model of its noise. Use
  ///   `variance`.
  public var mutualInformation: Tensor { classes(classInformation, "mutualInformation") }

  private func classes(_ value: Tensor?, _ name: String) -> Tensor {
    guard let value else {
      fatalError("Prediction.\(name): expected a classification, got a regression; use variance")
    }
    return value
  }

  init(
    task: PredictiveTask, samples: Int, mean: Tensor, variance: Tensor, entropy: Tensor?, mutualInformation: Tensor?
  ) {
    self.task = task
    self.samples = samples
    self.mean = mean
    self.variance = variance
    classEntropy = entropy
    classInformation = mutualInformation
  }

  /// The predictions of consecutive parts of one input as one.
  init(joining parts: [Prediction]) {
    let first = parts[0]
    let isClassification = first.task == .classification
    self.init(
      task: first.task, samples: first.samples, mean: concatenate(parts.map(\.mean), axis: 0),
      variance: concatenate(parts.map(\.variance), axis: 0),
      entropy: isClassification ? concatenate(parts.map(\.entropy), axis: 0) : nil,
      mutualInformation: isClassification ? concatenate(parts.map(\.mutualInformation), axis: 0) : nil)
  }
}
