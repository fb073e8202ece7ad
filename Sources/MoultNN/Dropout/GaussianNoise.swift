import MoultCore

/// Adds Gaussian noise in training; the identity in evaluation.
///
///     y[i] = x[i] + σ z[i],   z[i] ~ N(0, 1)
///
/// `z` is the first draw of the layer's use (part 1024 of Documentation/MaskLaw.md), at sample and unit as in
/// ``Dropout``.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = dy[i]`.
/// - Edge cases: a deviation of 0 returns `x` and draws nothing.
/// - Complexity: O(*n*).
/// - Source: [Bishop 1995](https://doi.org/10.1162/neco.1995.7.1.108).
public final class GaussianNoise: Module, StochasticLayer {
  /// The standard deviation of the noise.
  public let standardDeviation: Double
  /// The axis that runs over the samples.
  public let batchAxis: Int
  /// The layer's number, mode and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - standardDeviation: The standard deviation of the noise, 0 or more.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it.
  ///   - batchAxis: The axis that runs over the samples.
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
  /// - Parameter x: The input.
  /// - Returns: `x` with noise, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.requireFloatingPoint("GaussianNoise")
    requireBatchAxis(batchAxis, of: x)
    guard standardDeviation > 0, let draws = dropoutState.nextDraws() else { return x }
    return x + draws.noise(x.shape, batchAxis: batchAxis, dtype: x.dtype, scale: standardDeviation)
  }
}

extension DropoutVariant {
  /// The rate is the standard deviation of the noise.
  static let gaussianNoise = DropoutVariant(
    "gaussian-noise", "adds Gaussian noise; the rate is its standard deviation",
    source: "Bishop 1995, https://doi.org/10.1162/neco.1995.7.1.108",
    place: .hidden { GaussianNoise($0) })
}
