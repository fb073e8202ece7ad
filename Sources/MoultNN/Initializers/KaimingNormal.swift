import MoultCore

/// An initializer that draws normally distributed weights so that the variance of activations stays the same across
/// layers with (leaky) ReLU.
///
///     w ~ N(0, σ²),   σ = √(2 / (1 + a²)) / √fanIn
///
/// `fanIn` is the number of inputs of a unit.
///
/// - Source: [He et al. 2015](https://arxiv.org/abs/1502.01852), equation 15.
public struct KaimingNormal: Initializer {
  /// The slope a of the ReLU for negative inputs; 0 for a plain ReLU.
  public let a: Double

  /// Makes the initializer.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs; 0 for a plain ReLU.
  public init(a: Double = 0) { self.a = a }

  /// Returns random weights of shape `shape`, `[out, in, ...]`, and type `dtype`, drawn from `source`. A rank below 2
  /// stops the program.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let deviation = (2 / (1 + a * a) / Double(Fan(shape).input)).squareRoot()
    return source.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}

extension Initializer where Self == KaimingNormal {
  /// An initializer that draws normally distributed weights so that the variance of activations stays the same across
  /// layers with (leaky) ReLU.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs; 0 for a plain ReLU.
  /// - Returns: The initializer.
  public static func kaimingNormal(a: Double = 0) -> KaimingNormal { KaimingNormal(a: a) }
}
