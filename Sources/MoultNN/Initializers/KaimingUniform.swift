import MoultCore

/// An initializer that draws uniformly distributed weights so that the variance of activations stays the same across
/// layers with (leaky) ReLU.
///
///     w ~ U(-bound, bound),   bound = √(2 / (1 + a²)) · √(3 / fanIn)
///
/// `fanIn` is the number of inputs of a unit.
///
/// - Source: [He et al. 2015](https://arxiv.org/abs/1502.01852), equation 15.
public struct KaimingUniform: Initializer {
  /// The slope a = √5, for which the bound is 1/√fanIn: the initial weights of PyTorch's `Linear`.
  public static let linearSlope = 5.0.squareRoot()

  /// The slope a of the ReLU for negative inputs; 0 for a plain ReLU.
  public let a: Double

  /// Makes the initializer.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs; 0 for a plain ReLU.
  public init(a: Double = 0) { self.a = a }

  /// Returns random weights of shape `shape`, `[out, in, ...]`, and type `dtype`, drawn from `source`. A rank below 2
  /// stops the program.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let bound = (2 / (1 + a * a)).squareRoot() * (3 / Double(Fan(shape).input)).squareRoot()
    return source.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}

extension Initializer where Self == KaimingUniform {
  /// An initializer that draws uniformly distributed weights so that the variance of activations stays the same across
  /// layers with (leaky) ReLU.
  ///
  /// - Parameter a: The slope of the ReLU for negative inputs; 0 for a plain ReLU.
  /// - Returns: The initializer.
  public static func kaimingUniform(a: Double = 0) -> KaimingUniform { KaimingUniform(a: a) }
}
