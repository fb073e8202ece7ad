import MoultCore

/// An initializer that draws normally distributed weights so that the variances of activations and of gradients stay
/// about the same across layers.
///
///     w ~ N(0, σ²),   σ = gain · √(2 / (fanIn + fanOut))
///
/// `fanIn` and `fanOut` are the numbers of inputs and outputs of a unit.
///
/// - Source: [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html), equation 12.
public struct XavierNormal: Initializer {
  /// The factor of the weights, chosen for the activation after the layer: √2 for ReLU, 1 for none.
  public let gain: Double

  /// Makes the initializer.
  ///
  /// - Parameter gain: The factor of the weights, chosen for the activation after the layer: √2 for ReLU, 1 for none.
  public init(gain: Double = 1) { self.gain = gain }

  /// Returns random weights of shape `shape`, `[out, in, ...]`, and type `dtype`, drawn from `source`. A rank below 2
  /// stops the program.
  public func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor {
    let fan = Fan(shape)
    let deviation = gain * (2 / Double(fan.input + fan.output)).squareRoot()
    return source.normal(shape, standardDeviation: deviation, dtype: dtype)
  }
}

extension Initializer where Self == XavierNormal {
  /// An initializer that draws normally distributed weights so that the variances of activations and of gradients stay
  /// about the same across layers.
  ///
  /// - Parameter gain: The factor of the weights, chosen for the activation after the layer: √2 for ReLU, 1 for none.
  /// - Returns: The initializer.
  public static func xavierNormal(gain: Double = 1) -> XavierNormal { XavierNormal(gain: gain) }
}
