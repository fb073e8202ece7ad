import MoultCore

/// Draws uniformly so that the variance of activations stays the same through layers with (leaky) ReLU.
///
///     w ~ U(-bound, bound),   bound = √(2 / (1 + a²)) · √(3 / fanIn)
///
/// - Source: [He et al. 2015](https://arxiv.org/abs/1502.01852), equation 15.
public struct KaimingUniform: Initializer {
  /// The slope with which PyTorch initializes its `Linear`: the bound becomes 1/√fanIn.
  public static let linearSlope = 5.0.squareRoot()

  /// The slope of the ReLU for negative inputs.
  public let a: Double

  /// Makes the initializer.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs, 0 for ReLU.
  public init(a: Double = 0) { self.a = a }

  /// Draws one parameter.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let bound = (2 / (1 + a * a)).squareRoot() * (3 / Double(Fan(shape).input)).squareRoot()
    return source.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}

extension Initializer where Self == KaimingUniform {
  /// Draws uniformly so that the variance of activations stays the same through layers with (leaky) ReLU.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs, 0 for ReLU.
  /// - Returns: The initializer.
  public static func kaimingUniform(a: Double = 0) -> KaimingUniform { KaimingUniform(a: a) }
}
