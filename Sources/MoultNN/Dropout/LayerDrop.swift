import MoultCore

/// Skips a whole layer with probability `rate` in training, for all samples and without computing it.
///
///     y = m ? layer(x) : x,   m ~ Bernoulli(1 - rate)
///
/// Nothing is rescaled. A network that is trained like this can be made shallower afterwards by leaving layers out.
///
/// - Shapes: `x: [...]` -> the same; `layer` must keep the shape of its input.
/// - Gradient: that of `layer`, or `dy` itself if the layer is skipped; its parameters then get no gradient.
/// - Edge cases: `rate == 0` always computes the layer and draws nothing; `rate == 1` always skips it in training.
/// - Mask law (Documentation/MaskLaw.md): unit 0 of sample 0: one decision per call, the same for all micro-batches of
///   a step.
/// - Complexity: that of `layer`, or O(1) if it is skipped.
/// - Source: [Fan, Grave and Joulin 2020](https://arxiv.org/abs/1909.11556).
public final class LayerDrop<Layer: Module>: Module, RatedLayer
where Layer.Input == Tensor, Layer.Output == Tensor {
  /// The layer that is skipped with probability `rate`.
  public let layer: Layer
  /// The state of the layer: its number in the mask law, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Makes a layer in training mode that skips `layer` with probability `rate`.
  ///
  /// - Parameters:
  ///   - rate: The probability of *skipping* the layer, 0 to 1.
  ///   - layer: The layer to skip or compute; it must keep the shape of its input.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number the layer.
  public init(_ rate: Double, _ layer: Layer, stream: Int? = nil) {
    self.layer = layer
    dropoutState = DropoutState(rate: rate, of: "LayerDrop", draws: .perCall, stream: stream)
  }

  /// Applies the layer, or skips it.
  ///
  /// - Parameter x: The input of `layer`.
  /// - Returns: `layer(x)`, or `x` if the layer is skipped. A result of another shape stops the program.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if let draws = dropoutState.nextDraws(), !draws.kept(rows: 1, units: 1).item(as: Bool.self) { return x }
    let y = layer(x)
    require(
      y.shape == x.shape, "LayerDrop: expected a layer that keeps the shape \(x.shape), got \(y.shape)")
    return y
  }
}

extension DropoutVariant {
  static let layerDrop = DropoutVariant(
    "layer-drop", "skips whole layers, a bit a step",
    source: "Fan, Grave and Joulin 2020, https://arxiv.org/abs/1909.11556",
    place: .needs("blocks that keep the shape of their input"))
}
