import MoultCore

/// The last layer of a heteroscedastic regression. For each target it outputs a mean and the logarithm of the noise
/// variance.
///
/// ```swift
/// let model = Sequential(Linear(1, 50), ReLU(), Dropout(0.05), GaussianHead(50, 1))
/// let loss = gaussianNegativeLogLikelihood(model(x), y)
/// let prediction = model.predict(x, passes: 100)    // .variance and .noiseVariance
/// ```
///
/// - Shapes: `x: [N, inputSize]` -> `[N, 2 · targets]`, the means first.
/// - Source: [Kendall and Gal 2017](https://arxiv.org/abs/1703.04977), section 2.2.
public struct GaussianHead: Module, TaskDeclaring {
  /// The number of regression targets.
  public let targets: Int
  /// The former name of ``targets``.
  @available(*, deprecated, renamed: "targets")
  public var quantities: Int { targets }
  /// Heteroscedastic regression: what the outputs are.
  public var task: LearningTask { .heteroscedasticRegression }
  /// The linear layer that computes means and log-variances.
  public let linear: Linear

  /// Makes a head with newly initialized weights.
  ///
  /// - Parameters:
  ///   - inputSize: The number of input features, at least 1.
  ///   - targets: The number of regression targets, at least 1.
  ///   - dtype: The element type of weights and bias, a floating-point type.
  public init(_ inputSize: Int, _ targets: Int, dtype: DType = .float32) {
    require(targets >= 1, "GaussianHead: expected at least 1 target, got \(targets)")
    self.targets = targets
    linear = Linear(inputSize, 2 * targets, dtype: dtype)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The features, `[N, inputSize]`.
  /// - Returns: The means followed by the log-variances, `[N, 2 · targets]`.
  public func callAsFunction(_ x: Tensor) -> Tensor { linear(x) }
}
