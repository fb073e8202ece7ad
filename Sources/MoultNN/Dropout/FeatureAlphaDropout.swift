import MoultCore

/// Alpha dropout of whole channels: `AlphaDropout(rate, sharing: .channels)` under the name that PyTorch gives it.
///
///     y[n, c, ...] = m[n, c] ? a x[n, c, ...] + b : a α' + b,   m[n, c] ~ Bernoulli(1 - rate)
///
/// The constants are those of ``AlphaDropout``. Code that finds layers by path, such as a schedule of rates, uses the
/// path of the property `dropout`.
///
/// - Shapes: `x: [N, C, ...]` -> the same.
/// - Gradient: `dx[n, c, ...] = m[n, c] ? a dy[n, c, ...] : 0`, with the forward pass's mask.
/// - Edge cases: those of ``AlphaDropout``.
/// - Complexity: O(*n*) time; one byte per channel of each sample is stored for the backward pass.
/// - Source: `torch.nn.FeatureAlphaDropout`; [Klambauer et al. 2017](https://arxiv.org/abs/1706.02515).
public struct FeatureAlphaDropout: Module {
  /// The layer that drops the channels.
  public let dropout: AlphaDropout

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a channel (not of keeping it), 0 to 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  ///   - batchAxis: The batch axis, along which the samples lie; a negative number counts from the last axis.
  public init(_ rate: Double, stream: Int? = nil, batchAxis: Int = 0) {
    requireRate(rate, "FeatureAlphaDropout")
    dropout = AlphaDropout(rate, sharing: .channels, stream: stream, batchAxis: batchAxis)
  }

  /// The probability of *dropping* a channel.
  public var rate: Double { dropout.rate }

  /// The current mode of the layer, set by `fixMode(_:)`, the innermost mode scope, or else the last `train()` or
  /// `eval()`.
  public var mode: Mode { dropout.mode }

  /// Applies the layer.
  ///
  /// - Parameter x: The input, `[N, C, ...]`.
  /// - Returns: `x` with channels dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor { dropout(x) }
}

extension DropoutVariant {
  static let featureAlpha = DropoutVariant(
    "feature-alpha-dropout", "alpha dropout of whole channels",
    source: "Klambauer et al. 2017, https://arxiv.org/abs/1706.02515",
    place: .needs("channels, [N, C, H, W]; use alpha-dropout in a fully connected network"))
}
