import MoultCore

/// Adds Gaussian noise in training; the identity in evaluation.
///
///     y[i] = x[i] + σ z[i],   z[i] ~ N(0, 1)
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = dy[i]`.
/// - Edge cases: a standard deviation of 0 returns `x` and draws nothing.
/// - Mask law (Documentation/MaskLaw.md): `z` is part 1024 of the mask call, with the sample and unit of ``Dropout``.
/// - Complexity: O(*n*) time.
/// - Source: [Bishop 1995](https://doi.org/10.1162/neco.1995.7.1.108).
public final class GaussianNoise: Module, StochasticLayer {
  /// The standard deviation σ of the noise, 0 or more.
  public let standardDeviation: Double
  /// The batch axis, along which the samples lie; a negative number counts from the last axis.
  public let batchAxis: Int
  /// The state of the layer: its number in the mask law, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - standardDeviation: The standard deviation σ of the noise, 0 or more.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
  public init(_ standardDeviation: Double, stream: Int? = nil, batchAxis: Int = 0) {
    require(
      standardDeviation >= 0 && standardDeviation.isFinite,
      "GaussianNoise: expected a standard deviation of 0 or more, got \(standardDeviation)")
    self.standardDeviation = standardDeviation
    self.batchAxis = batchAxis
    dropoutState = DropoutState(stream: stream)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of a floating-point type.
  /// - Returns: `x` plus the noise, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.requireFloatingPoint("GaussianNoise")
    requireBatchAxis(batchAxis, of: x)
    guard standardDeviation > 0, let draws = dropoutState.nextDraws() else { return x }
    return x + draws.noise(x.shape, batchAxis: batchAxis, dtype: x.dtype, scale: standardDeviation)
  }
}

extension DropoutVariant {
  /// Gaussian noise whose standard deviation is the rate of the variant.
  static let gaussianNoise = DropoutVariant(
    "gaussian-noise", "adds Gaussian noise; the rate is its standard deviation",
    source: "Bishop 1995, https://doi.org/10.1162/neco.1995.7.1.108",
    place: .hidden { GaussianNoise($0) })
}
