import MoultCore

/// Draws normally so that the variance of activations stays the same through layers with (leaky) ReLU.
///
///     w ~ N(0, σ²),   σ = √(2 / (1 + a²)) / √fanIn
///
/// - Source: [He et al. 2015](https://arxiv.org/abs/1502.01852), equation 15.
public struct KaimingNormal: Initializer {
  /// The slope of the ReLU for negative inputs.
  public let a: Double

  /// Makes the initializer.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs, 0 for ReLU.
  public init(a: Double = 0) { self.a = a }

  /// Draws one parameter.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let deviation = (2 / (1 + a * a) / Double(Fan(shape).input)).squareRoot()
    return source.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}

extension Initializer where Self == KaimingNormal {
  /// Draws normally so that the variance of activations stays the same through layers with (leaky) ReLU.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs, 0 for ReLU.
  /// - Returns: The initializer.
  public static func kaimingNormal(a: Double = 0) -> KaimingNormal { KaimingNormal(a: a) }
}
