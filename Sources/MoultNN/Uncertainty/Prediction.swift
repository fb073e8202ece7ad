import MoultCore

/// The joint result of many passes with dropout: the predictions and their uncertainty.
///
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142) for the passes;
///   [Houlsby et al. 2011](https://arxiv.org/abs/1112.5745) for the mutual information;
///   [Kendall and Gal 2017](https://arxiv.org/abs/1703.04977) for the two kinds of variance.
public struct Prediction: Sendable {
  /// The task, which says what the outputs mean.
  public let task: LearningTask
  /// The number of passes that were asked for.
  public let requestedPasses: Int
  /// The number of passes that each row took, `[N]`: fewer than `requestedPasses` where the standard error was reached
  /// before.
  public let passes: [Int]
  /// The mean over the passes: of the class probabilities, or of the targets; shaped like them.
  public let mean: Tensor
  /// The variance over the passes (divided by their number), shaped like the mean; exactly 0 if all passes agree.
  public let variance: Tensor
  /// The standard error of `mean` as an estimate over passes, shaped like it; NaN after a single pass.
  ///
  ///     standardError = √(Σ (value - mean)² / (T - 1) / T)
  public let standardError: Tensor
  private let classes: Classes?
  private let noise: Tensor?
  private let likelihood: Tensor?

  /// The entropies of a classification, `[N]` each.
  struct Classes {
    let entropy: Tensor
    let expectedEntropy: Tensor
    let mutualInformation: Tensor
  }

  init(
    task: LearningTask, requestedPasses: Int, passes: [Int], mean: Tensor, variance: Tensor, standardError: Tensor,
    classes: Classes?, noise: Tensor?, likelihood: Tensor?
  ) {
    (self.task, self.requestedPasses, self.passes) = (task, requestedPasses, passes)
    (self.mean, self.variance, self.standardError) = (mean, variance, standardError)
    (self.classes, self.noise, self.likelihood) = (classes, noise, likelihood)
  }

  // MARK: - Classes

  /// The entropy of the mean probabilities in nats, `[N]`: all the uncertainty about the class, 0 to log K.
  ///
  ///     H = -Σ mean[k] · log mean[k]
  ///
  /// - Precondition: The task is classification; a regression has no entropy without a model of its noise. Use
  ///   `variance`.
  public var entropy: Tensor { classes("entropy").entropy }

  /// The mean of the passes' own entropies in nats, `[N]`: the part of `entropy` that they agree on, which more
  /// training data would not remove.
  ///
  /// - Precondition: The task is classification.
  public var expectedEntropy: Tensor { classes("expectedEntropy").expectedEntropy }

  /// The part of `entropy` in nats, `[N]`, that comes from the passes' disagreement: the part that more training
  /// data could remove.
  ///
  ///     I = entropy - expectedEntropy
  ///
  /// - Precondition: The task is classification; a regression has no entropy without a model of its noise. Use
  ///   `variance`.
  public var mutualInformation: Tensor { classes("mutualInformation").mutualInformation }

  private func classes(_ name: String) -> Classes {
    guard let classes else {
      fatalError("Prediction.\(name): expected a classification, got a regression; use variance")
    }
    return classes
  }

  // MARK: - Regression

  /// The variance of the noise that the model predicts, the mean over the passes, shaped like the mean: the part of the
  /// uncertainty that more training data would not remove.
  ///
  /// - Precondition: The task is a heteroscedastic regression.
  public var noiseVariance: Tensor {
    guard let noise else {
      fatalError(
        "Prediction.noiseVariance: expected a heteroscedastic regression, got \(task); a plain one does not say what its "
          + "noise is")
    }
    return noise
  }

  /// The variance of an observation, shaped like the mean: that of the passes and that of the noise together.
  ///
  /// - Precondition: The task is a heteroscedastic regression; of a plain one see
  ///   ``predictiveVariance(noisePrecision:)``.
  public var predictiveVariance: Tensor { variance + noiseVariance }

  /// The variance of an observation whose noise has the precision τ everywhere, shaped like the mean.
  ///
  ///     predictiveVariance = variance + 1 / τ
  ///
  /// - Precondition: The task is regression.
  /// - Parameter noisePrecision: τ, such as that of a ``DropoutPosterior``.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142), equation 9.
  public func predictiveVariance(noisePrecision: Double) -> Tensor {
    guard case .regression = task else {
      fatalError("Prediction.predictiveVariance(noisePrecision:): expected a regression, got \(task)")
    }
    require(
      noisePrecision > 0, "Prediction.predictiveVariance: expected a noisePrecision above 0, got \(noisePrecision)")
    return variance + 1 / noisePrecision
  }

  /// The logarithm of the density of each row's targets under the mixture of all passes, `[N]`.
  ///
  ///     log p(y) = log (1/T · Σ_t N(y; value_t, noise_t))
  ///
  /// The dimensions of a row are independent given the pass.
  ///
  /// - Precondition: `targets` were given to `predict`.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142), equation 8.
  public var logLikelihood: Tensor {
    guard let likelihood else {
      fatalError("Prediction.logLikelihood: expected targets, got none; give predict(_:passes:) its targets:")
    }
    return likelihood
  }
}
