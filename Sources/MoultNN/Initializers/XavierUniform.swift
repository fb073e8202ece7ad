import MoultCore

/// An initializer that draws uniformly distributed weights so that the variances of activations and of gradients stay
/// about the same across layers.
///
///     w ~ U(-bound, bound),   bound = gain · √(6 / (fanIn + fanOut))
///
/// `fanIn` and `fanOut` are the numbers of inputs and outputs of a unit.
///
/// - Source: [Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html), equation 16.
public struct XavierUniform: Initializer {
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
    let bound = gain * (6 / Double(fan.input + fan.output)).squareRoot()
    return source.uniform(shape, in: -bound..<bound, dtype: dtype)
  }
}

extension Initializer where Self == XavierUniform {
  /// An initializer that draws uniformly distributed weights so that the variances of activations and of gradients stay
  /// about the same across layers.
  ///
  /// - Parameter gain: The factor of the weights, chosen for the activation after the layer: √2 for ReLU, 1 for none.
  /// - Returns: The initializer.
  public static func xavierUniform(gain: Double = 1) -> XavierUniform { XavierUniform(gain: gain) }
}
