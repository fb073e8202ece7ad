import MoultCore

/// The result of many passes with dropout: the mean of the outputs and their uncertainty.
///
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142) for the passes;
///   [Houlsby et al. 2011](https://arxiv.org/abs/1112.5745) for the mutual information;
///   [Kendall and Gal 2017](https://arxiv.org/abs/1703.04977) for the two kinds of variance.
public struct Prediction: Sendable {
  /// The task, which determines the meaning of the outputs.
  public let task: LearningTask
  /// The requested number of passes.
  public let requestedPasses: Int
  /// The number of passes that each row took, N elements. It is below `requestedPasses` if the row reached the
  /// requested standard error earlier.
  public let passes: [Int]
  /// The mean over the passes: of the class probabilities, `[N, ..., K]`, or of the predicted values.
  public let mean: Tensor
  /// The population variance over the passes, in the shape of the mean; exactly 0 if all passes agree.
  public let variance: Tensor
  /// The standard error of `mean` over T passes, in the shape of the mean; NaN after a single pass.
  ///
  ///     standardError = √(Σ (value - mean)² / (T - 1) / T)
  public let standardError: Tensor
  private let classes: Classes?
  private let noise: Tensor?
  private let likelihood: Tensor?

  /// The entropies of a classification, each in the shape of the mean without the last axis.
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

  /// The entropy of the mean probabilities in nats, 0 to log K: the total uncertainty about the class. It has the shape
  /// of the mean without the last axis.
  ///
  ///     H = -Σ mean[k] · log mean[k]
  ///
  /// - Precondition: The task is classification. For a regression use `variance`, since an entropy would need a model
  ///   of the noise.
  public var entropy: Tensor { classes("entropy").entropy }

  /// The mean over the passes of the entropy of each pass, in nats: the part of `entropy` that more training data would
  /// not reduce (aleatoric uncertainty). It has the shape of the mean without the last axis.
  ///
  /// - Precondition: The task is classification.
  public var expectedEntropy: Tensor { classes("expectedEntropy").expectedEntropy }

  /// The part of `entropy` in nats that comes from the differences between the passes, which more training data could
  /// reduce (epistemic uncertainty). It has the shape of the mean without the last axis.
  ///
  ///     I = entropy - expectedEntropy
  ///
  /// - Precondition: The task is classification. For a regression use `variance`.
  public var mutualInformation: Tensor { classes("mutualInformation").mutualInformation }

  private func classes(_ name: String) -> Classes {
    guard let classes else {
      fatalError("Prediction.\(name): expected a classification, got a regression; use variance")
    }
    return classes
  }

  // MARK: - Regression

  /// The noise variance that the model predicts, averaged over the passes, in the shape of the mean: the part of the
  /// uncertainty that more training data would not reduce (aleatoric uncertainty).
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

  /// The total variance of an observation, in the shape of the mean: the variance over the passes plus the noise
  /// variance.
  ///
  /// - Precondition: The task is a heteroscedastic regression. For a plain regression use
  ///   ``predictiveVariance(noisePrecision:)``.
  public var predictiveVariance: Tensor { variance + noiseVariance }

  /// Returns the total variance of an observation whose noise has the same precision τ everywhere, in the shape of the
  /// mean.
  ///
  ///     predictiveVariance = variance + 1 / τ
  ///
  /// - Precondition: The task is regression.
  /// - Parameter noisePrecision: The precision τ of the noise (the inverse of its variance), above 0, such as that of a
  ///   ``DropoutPosterior``.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142), equation 9.
  public func predictiveVariance(noisePrecision: Double) -> Tensor {
    guard case .regression = task else {
      fatalError("Prediction.predictiveVariance(noisePrecision:): expected a regression, got \(task)")
    }
    require(
      noisePrecision > 0, "Prediction.predictiveVariance: expected a noisePrecision above 0, got \(noisePrecision)")
    return variance + 1 / noisePrecision
  }

  /// The log-density of each row's targets under the mixture of the T passes, `[N]`.
  ///
  ///     log p(y) = log (1/T · Σ_t N(y; value_t, noise_t))
  ///
  /// Within a pass the elements of a row are independent.
  ///
  /// - Precondition: `predict` was called with `targets`.
  /// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142), equation 8.
  public var logLikelihood: Tensor {
    guard let likelihood else {
      fatalError("Prediction.logLikelihood: expected targets, got none; give predict(_:passes:) its targets:")
    }
    return likelihood
  }
}
