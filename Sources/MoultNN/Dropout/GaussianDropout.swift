import MoultCore

/// Multiplies each unit by noise of mean 1 in training: the identity on average, and in evaluation.
///
///     y[i] = x[i] · (1 + σ z[i]),   z[i] ~ N(0, 1),   σ² = rate / (1 - rate)
///
/// The noise has the mean and variance of the factor 0 or 1 / (1 - rate) of ``Dropout``. `z` is the first draw of the
/// layer's use (part 1024 of Documentation/MaskLaw.md), at sample and unit as in `Dropout`.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = dy[i] · (1 + σ z[i])`, with the forward pass's noise.
/// - Edge cases: `rate == 0` returns `x` and draws nothing. A rate of 1 would be noise without bound and is refused.
/// - Complexity: O(*n*) time; the noise is kept for the backward pass.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), section 10.
public final class GaussianDropout: Module, RatedLayer {
  /// The axis that runs over the samples.
  public let batchAxis: Int
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The rate of the dropout that has the same variance, 0 to less than 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it.
  ///   - batchAxis: The axis that runs over the samples.
  public init(_ rate: Double, stream: Int? = nil, batchAxis: Int = 0) {
    self.batchAxis = batchAxis
    dropoutState = DropoutState(rate: rate, stream: stream, checkRate: Self.requireFinite)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
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
