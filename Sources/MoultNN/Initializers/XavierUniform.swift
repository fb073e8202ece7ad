import MoultCore

/// Draws uniformly so that the variances of activations and of gradients stay about the same through the layers.
///
///     w ~ U(-bound, bound),   bound = gain · √(6 / (fanIn + fanOut))
///
/// - Source: [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html), equation 16.
public struct XavierUniform: Initializer {
  /// A factor for the activation that follows.
  public let gain: Double

  /// Makes the initializer.
  ///
  /// - Parameter gain: A factor for the activation that follows, 1 for none.
  public init(gain: Double = 1) { self.gain = gain }

  /// Draws one parameter.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let fan = Fan(shape)
    let bound = gain * (6 / Double(fan.input + fan.output)).squareRoot()
    return source.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}

extension Initializer where Self == XavierUniform {
  /// Draws uniformly so that the variances of activations and of gradients stay about the same through the layers.
  ///
  /// - Parameter gain: A factor for the activation that follows, 1 for none.
  /// - Returns: The initializer.
  public static func xavierUniform(gain: Double = 1) -> XavierUniform { XavierUniform(gain: gain) }
}
