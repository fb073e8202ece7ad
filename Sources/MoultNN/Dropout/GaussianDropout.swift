import MoultCore

/// Multiplies each unit by Gaussian noise of mean 1 in training; the identity in evaluation.
///
///     y[i] = x[i] · (1 + σ z[i]),   z[i] ~ N(0, 1),   σ² = rate / (1 - rate)
///
/// The noise has the same mean and variance as the factor of ``Dropout``, which is 0 or 1 / (1 - rate).
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = dy[i] · (1 + σ z[i])`, with the forward pass's noise.
/// - Edge cases: `rate == 0` returns `x` and draws nothing. `rate == 1` stops the program: its noise has infinite
///   variance.
/// - Mask law (Documentation/MaskLaw.md): `z` is part 1024 of the mask call, with the sample and unit of ``Dropout``.
/// - Complexity: O(*n*) time; the noise is stored for the backward pass.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), section 10.
public final class GaussianDropout: Module, RatedLayer {
  /// The batch axis, along which the samples lie; a negative number counts from the last axis.
  public let batchAxis: Int
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The rate of a ``Dropout`` with noise of the same variance, at least 0 and below 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
  public init(_ rate: Double, stream: Int? = nil, batchAxis: Int = 0) {
    self.batchAxis = batchAxis
    dropoutState = DropoutState(rate: rate, stream: stream, checkRate: Self.requireFinite)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, ...]`, of a floating-point type.
  /// - Returns: `x` times the noise, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.requireFloatingPoint("GaussianDropout")
    requireBatchAxis(batchAxis, of: x)
    guard let draws = dropoutState.nextDraws() else { return x }
    let deviation = (draws.rate / (1 - draws.rate)).squareRoot()
    return x * draws.noise(x.shape, batchAxis: batchAxis, dtype: x.dtype, scale: deviation, shift: 1)
  }

  @Sendable private static func requireFinite(_ rate: Double) {
    require(
      (0..<1).contains(rate),
      "GaussianDropout: expected a rate in 0..<1, got \(rate); the noise has the variance rate / (1 - rate)")
  }
}

extension DropoutVariant {
  static let gaussian = DropoutVariant(
    "gaussian-dropout", "multiplies each unit by Gaussian noise of dropout's mean and variance",
    source: "Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html",
    place: .hidden { GaussianDropout($0) })
}
