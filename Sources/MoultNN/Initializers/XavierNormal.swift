import MoultCore

/// Draws normally so that the variances of activations and of gradients stay about the same through the layers.
///
///     w ~ N(0, σ²),   σ = gain · √(2 / (fanIn + fanOut))
///
/// - Source: [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html), equation 12.
public struct XavierNormal: Initializer {
  /// A factor for the activation that follows.
  public let gain: Double

  /// Makes the initializer.
  ///
  /// - Parameter gain: A factor for the activation that follows, 1 for none.
  public init(gain: Double = 1) { self.gain = gain }

  /// Draws one parameter.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let fan = Fan(shape)
    let deviation = gain * (2 / Double(fan.input + fan.output)).squareRoot()
    return source.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}

extension Initializer where Self == XavierNormal {
  /// Draws normally so that the variances of activations and of gradients stay about the same through the layers.
  ///
  /// - Parameter gain: A factor for the activation that follows, 1 for none.
  /// - Returns: The initializer.
  public static func xavierNormal(gain: Double = 1) -> XavierNormal { XavierNormal(gain: gain) }
}
