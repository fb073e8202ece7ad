import MoultCore

/// The last layer of a heteroscedastic regression: for each quantity what it is, and the logarithm of its noise's variance.
///
/// ```swift
/// let model = Sequential(Linear(1, 50), ReLU(), Dropout(0.05), GaussianHead(50, 1))
/// let loss = gaussianNegativeLogLikelihood(model(x), y)
/// let answer = model.predict(x, samples: 100, as: .heteroscedasticRegression)    // .variance and .noiseVariance
/// ```
///
/// - Shapes: `x: [N, inputSize]` -> `[N, 2 · quantities]`, the quantities first.
/// - Source: [Kendall and Gal 2017](https://arxiv.org/abs/1703.04977), section 2.2.
public struct GaussianHead: Module {
  /// The number of quantities.
  public let quantities: Int
  /// The layer that gives both halves.
  public let linear: Linear

  /// Makes a head with fresh weights.
  ///
  /// - Parameters:
  ///   - inputSize: The number of features that come in, at least 1.
  ///   - quantities: The number of quantities, at least 1.
  ///   - dtype: The type of weights and bias, a floating-point one.
  public init(_ inputSize: Int, _ quantities: Int, dtype: DType = .float32) {
    require(quantities >= 1, "GaussianHead: expected at least 1 quantity, got \(quantities)")
    self.quantities = quantities
    linear = Linear(inputSize, 2 * quantities, dtype: dtype)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The features, `[N, inputSize]`.
  /// - Returns: Quantities and log-variances, `[N, 2 · quantities]`.
  public func callAsFunction(_ x: Tensor) -> Tensor { linear(x) }
}
